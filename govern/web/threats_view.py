"""What the page of threats shows: a matrix of threats or goals and layers of defence, and what rests on one control."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govern.assurance.outcomes import Posture
from govern.catalogue.objects import Catalogue, Named
from govern.catalogue.threats import Purposes
from govern.web.frameworks_view import Ways


@dataclass(frozen=True)
class Beside:
    """A control beside a threat or goal; `status` is empty without a system."""

    id: str
    title: str
    href: str
    status: str


@dataclass(frozen=True)
class Cell:
    """How many controls stand in one layer; of a system `text` says how many of them are satisfied.

    `bin` is the colour, from 0; `alone` says that one control stands there by itself; `text` is empty where none is.
    """

    count: int
    text: str
    bin: int
    alone: bool
    href: str
    label: str


@dataclass(frozen=True)
class Layer:
    """The controls of a threat or goal in one layer of defence; `alone` as a cell has it."""

    title: str
    anchor: str
    controls: tuple[Beside, ...]
    alone: bool


@dataclass(frozen=True)
class Line:
    """A threat or goal with its cells by layer of defence, and its controls by layer.

    `warning` is what to worry about, in a sentence, empty for nothing; `thin` names the layers that rest on one control.
    """

    named: Named
    anchor: str
    cells: tuple[Cell, ...]
    total: Cell
    href: str
    layers: tuple[Layer, ...]
    warning: str
    tone: str
    thin: tuple[tuple[str, Beside], ...]

    @property
    def thin_layers(self) -> int:
        """In how many layers it rests on one control alone."""
        return len(self.thin)


def lines_of(found: Iterable[Purposes], what: str, catalogue: Catalogue, ways: Ways, posture: Posture | None) -> list[Line]:
    """Threats or goals (`what`, as the address of the list of controls names it) as the page shows them."""
    layers = {one.id: one.title for one in catalogue.defences}
    listed = list(found)
    most = max((len(controls) for one in listed for controls in one.by_defence.values()), default=0)
    return [_line(one, what, layers, most, catalogue, ways, posture) for one in listed]


def _line(one: Purposes, what: str, layers: Mapping[str, str], most: int, catalogue: Catalogue, ways: Ways,
          posture: Posture | None) -> Line:
    def beside(control: str) -> Beside:
        status = posture.controls[control].status.value if posture else ""
        return Beside(control, catalogue.controls[control].title, ways.control(control), status)

    cells = tuple(_cell(one, what, layer, title, most) for layer, title in layers.items())
    total = Cell(len(one.counted), _counted(one.controls, one.counted, one.satisfied is not None), 0, one.alone is not None,
                 f"#{_anchor(what, one)}", f"{one.named.title}: {len(one.controls)} controls")
    inside = tuple(Layer(title, _anchor(what, one, layer), tuple(map(beside, one.by_defence[layer])), layer in one.alone_in)
                   for layer, title in layers.items() if one.by_defence[layer])
    warning, tone = _warning(one)
    return Line(one.named, _anchor(what, one), cells, total, ways.controls(**{what: one.named.id}), inside, warning, tone,
                tuple((layers[layer], beside(control)) for layer, control in one.alone_in.items()))


def _anchor(what: str, one: Purposes, *more: str) -> str:
    return "-".join((what, one.named.id, *more))


def _counted(controls: tuple[str, ...], standing: tuple[str, ...], judged: bool) -> str:
    return f"{len(standing)} of {len(controls)}" if judged else str(len(controls))


def _cell(one: Purposes, what: str, layer: str, title: str, most: int) -> Cell:
    controls, standing = one.by_defence[layer], one.counted_in(layer)
    judged = one.satisfied is not None
    many = "1 control" if len(controls) == 1 else f"{len(controls)} controls"
    said = f"{len(standing)} of {many} satisfied" if judged else many
    return Cell(len(standing) if judged else len(controls), _counted(controls, standing, judged) if controls else "",
                bin_of(len(standing), most), len(standing) == 1, f"#{_anchor(what, one, layer)}",
                f"{one.named.title}, {title}: {said}{', one alone' if len(standing) == 1 else ''}")


def bin_of(count: int, most: int) -> int:
    """The colour of a count in the matrix: five bins up to the most that any cell holds."""
    return min(4, 5 * count // (most + 1)) if most else 0


def _warning(one: Purposes) -> tuple[str, str]:
    """What to worry about, and how much."""
    if one.satisfied is None:
        if one.bare:
            return "No control of the catalogue is for it.", "bad"
        return (f"It rests on {one.alone} alone.", "warn") if one.alone else ("", "")
    if not one.controls:
        return "No control that applies to this system is for it.", "warn"
    if one.bare:
        return "No satisfied control stands for it.", "bad"
    return (f"It rests on one satisfied control, {one.alone}.", "warn") if one.alone else ("", "")
