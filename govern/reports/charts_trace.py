"""The picture of a trace: columns of boxes with curves between them, as SVG whose boxes are links.

Colours are classes of tones; a box and a curve carry the rows that run through them (`data-rows`), by which a script can
tell a chain from the rest. The description says in words what the picture shows; the table beside it says all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from govern.reports.scene import fitted, listed

_GAP, _PITCH, _BETWEEN = 6.0, 42.0, 64.0
_HEAD = 30.0
_INSIDE = 10.0
_STUB = 22.0
_LABEL, _DETAIL = 12.4, 11.2
"""Sizes to fit texts by, a little above those that they are written in: labels are bolder than what is reckoned with."""


@dataclass(frozen=True)
class Box:
    """One thing: what is written in it, what a reader of screens is told, where it leads, the rows through it.

    `ends`: why chains end here, in words; empty where none does. `ends_tone` is the tone of the worst of these.
    """

    label: str
    detail: str
    says: str
    href: str
    tone: str
    rows: tuple[int, ...]
    ends: str = ""
    ends_tone: str = "neutral"


@dataclass(frozen=True)
class Strand:
    """A curve from a box of a column to one of the next, by their places."""

    column: int
    left: int
    right: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class TracePicture:
    """All that is drawn: headings with their columns, how many boxes of each are left out, the curves between."""

    headings: tuple[str, ...]
    columns: tuple[tuple[Box, ...], ...]
    left_out: tuple[int, ...]
    strands: tuple[Strand, ...]


@dataclass(frozen=True)
class _Spot:
    """Where a box stands."""

    x: float
    y: float
    width: float
    height: float


def trace_svg(picture: TracePicture, ident: str, title: str, width: float = 1180) -> str:
    """The picture as an `<svg>` element. `ident` names its title and description: unique on the page."""
    name, many = escape(ident, quote=True), len(picture.headings)
    room = (width - _BETWEEN * (many - 1) - _STUB) / many
    rows = max(map(len, picture.columns), default=0)
    inner = max(rows, 1) * _PITCH
    more = 24.0 if any(picture.left_out) else 0.0
    spots = [[_Spot(column * (room + _BETWEEN), _HEAD + place * (inner / len(boxes)), room, inner / len(boxes) - _GAP)
              for place in range(len(boxes))] for column, boxes in enumerate(picture.columns)]
    height = _HEAD + inner + more
    parts = [
        f'<svg class="chart trace-picture" viewBox="0 0 {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}" '
        f'role="group" aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(_words(picture))}</desc>']
    parts += _strands(picture, spots)
    for column, boxes in enumerate(picture.columns):
        x = column * (room + _BETWEEN)
        parts.append(_heading(picture, column, x, _HEAD + inner + 16))
        parts += [_box(box, spot) for box, spot in zip(boxes, spots[column], strict=True)]
    return "".join(parts) + "</svg>"


def _words(picture: TracePicture) -> str:
    counts = [(heading, len(boxes) + out) for heading, boxes, out in
              zip(picture.headings, picture.columns, picture.left_out, strict=True)]
    ends = [(heading.lower(), sum(bool(box.ends) for box in boxes))
            for heading, boxes in zip(picture.headings, picture.columns, strict=True)]
    told = listed([(heading, many) for heading, many in ends if many])
    return f"Chains from left to right. {listed(counts)}. Chains end early at: {told or 'none'}. The table has every chain."


def _heading(picture: TracePicture, column: int, x: float, below: float) -> str:
    shown, out = len(picture.columns[column]), picture.left_out[column]
    count = f"{shown} of {shown + out}" if out else f"{shown}"
    made = (f'<text class="trace-heading" x="{_n(x)}" y="16" font-size="12" font-weight="600">'
            f'{escape(picture.headings[column])} <tspan class="trace-count" font-weight="400">{count}</tspan></text>')
    if not out:
        return made
    return f'{made}<text class="trace-count" x="{_n(x)}" y="{_n(below)}" font-size="12">and {out} more in the table</text>'


# -- boxes -----------------------------------------------------------------------------------------------------------


def _box(box: Box, spot: _Spot) -> str:
    tone = escape(box.tone, quote=True)
    width = spot.width - 2 * _INSIDE
    detail = (f'<text class="trace-detail" x="{_n(spot.x + _INSIDE)}" y="{_n(spot.y + 30)}" font-size="11">'
              f"{escape(fitted(box.detail, width, _DETAIL))}</text>") if box.detail else ""
    return (
        f'<a class="trace-box tone-{tone}" href="{escape(box.href, quote=True)}" {_rows(box.rows)} '
        f'aria-label="{escape(box.says, quote=True)}"><title>{escape(box.says)}</title>'
        f'<rect class="trace-ground" x="{_n(spot.x)}" y="{_n(spot.y)}" width="{_n(spot.width)}" height="{_n(spot.height)}" rx="5"/>'
        f'<rect class="trace-edge" x="{_n(spot.x)}" y="{_n(spot.y)}" width="3.5" height="{_n(spot.height)}" rx="1.7"/>'
        f'<text class="trace-label" x="{_n(spot.x + _INSIDE)}" y="{_n(spot.y + 16)}" font-size="12" '
        f'font-weight="550">{escape(fitted(box.label, width, _LABEL))}</text>{detail}</a>{_stub(box, spot)}')


def _stub(box: Box, spot: _Spot) -> str:
    """What sticks out where chains end: a short broken line with a ring."""
    if not box.ends:
        return ""
    x, y = spot.x + spot.width, spot.y + spot.height - 9
    tone = escape(box.ends_tone, quote=True)
    return (f'<g class="trace-stub tone-{tone}" {_rows(box.rows)}><title>{escape(box.ends)}</title>'
            f'<path d="M{_n(x)} {_n(y)}h{_n(_STUB - 9)}"/><circle cx="{_n(x + _STUB - 6)}" cy="{_n(y)}" r="3.5"/></g>')


def _rows(rows: Sequence[int]) -> str:
    return f'data-rows="{" ".join(map(str, rows))}"'


# -- curves ----------------------------------------------------------------------------------------------------------


def _strands(picture: TracePicture, spots: Sequence[Sequence[_Spot]]) -> list[str]:
    """The curves, each at its own height at both ends, in the order of what they lead to."""
    leaving = _heights([(one.column, one.left, one.right, one) for one in picture.strands], spots)
    coming = _heights([(one.column + 1, one.right, one.left, one) for one in picture.strands], spots)
    made = []
    for one in picture.strands:
        left, right = spots[one.column][one.left], spots[one.column + 1][one.right]
        x, end = left.x + left.width, right.x
        y, down = leaving[one], coming[one]
        bend = (end - x) / 2
        made.append(f'<path class="trace-strand" {_rows(one.rows)} d="M{_n(x)} {_n(y)}C{_n(x + bend)} {_n(y)} '
                    f'{_n(end - bend)} {_n(down)} {_n(end)} {_n(down)}"/>')
    return made


def _heights(ends: Sequence[tuple[int, int, int, Strand]], spots: Sequence[Sequence[_Spot]]) -> Mapping[Strand, float]:
    """Where each curve meets its box: spread over its height. `ends` are (column, place, place of the other end, curve)."""
    at: dict[tuple[int, int], list[tuple[int, Strand]]] = {}
    for column, place, other, strand in ends:
        at.setdefault((column, place), []).append((other, strand))
    found: dict[Strand, float] = {}
    for (column, place), meeting in at.items():
        spot = spots[column][place]
        meeting.sort(key=lambda pair: pair[0])
        for number, (_, strand) in enumerate(meeting):
            found[strand] = spot.y + spot.height * (number + 0.5) / len(meeting)
    return found


def _n(number: float) -> str:
    """A number with one decimal at most."""
    return f"{number:.1f}".removesuffix(".0")
