"""What the pages of baselines show: baselines side by side, what holds for a unit or a system and why, a decision's form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from govern.access.actor import Reader
from govern.assurance.applicability import adopted
from govern.assurance.setting import Setting
from govern.catalogue.expressions import limit_name
from govern.catalogue.objects import Baseline, Catalogue, Control, Tolerance
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.tailoring import Tailoring
from govern.records.people import chain
from govern.records.tailoring import above
from govern.schemas.tailoring import removed_rows
from govern.web.questionnaire_view import not_registered
from govern.web.when import day

ORGANISATION = "organisation"
"""The word for the whole organisation in addresses."""
_ROWS = 3


# -- what holds ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    """A limit that checks are held to, and whose own figure it is (empty: the tolerance's)."""

    title: str
    meaning: str
    text: str
    by: str


@dataclass(frozen=True)
class Holding:
    """The baseline and tolerance that hold somewhere, and the decisions they come from (None: nobody decided)."""

    baseline: Baseline | None
    adopted: Tailoring | None
    tolerance: Tolerance | None
    accepted: Tailoring | None
    figures: tuple[Figure, ...]
    least: tuple[tuple[str, str], ...]


def figure_text(value: float) -> str:
    """A figure without needless decimals."""
    return str(int(value)) if value == int(value) else f"{value:g}"


def whose(tailoring: Tailoring | None) -> str:
    """Who decided, as people say it."""
    return "" if tailoring is None else tailoring.unit_name or "the organisation"


def unit_path(unit: Unit | None) -> str:
    """The address of a unit's decision. A unit whose slug is the organisation's word is named by its key."""
    if unit is None:
        return f"/baselines/{ORGANISATION}"
    return f"/baselines/{unit.key if unit.slug == ORGANISATION else unit.slug}"


def name_of(unit: Unit | None) -> str:
    """A unit's name; None is the organisation."""
    return unit.name if unit else "The whole organisation"


def holding(snapshot: Snapshot, catalogue: Catalogue) -> Holding:
    """What holds for a system, and from which decisions."""
    setting = Setting(snapshot, catalogue)
    chosen, given = adopted(setting), setting.given
    tolerance = next((one for one in catalogue.tolerances if one.id == given.tolerance), None)
    values = dict(given.limits)
    figures = []
    for limit in catalogue.limits:
        own = next((one for one in snapshot.tailorings if limit.id in dict(one.limits)), None)
        if limit_name(limit.id) in values:
            figures.append(Figure(limit.title, limit.meaning, figure_text(values[limit_name(limit.id)]), whose(own)))
    return Holding(
        next((one for one in catalogue.baselines if chosen is not None and one.id == chosen.baseline), None), chosen, tolerance,
        next((one for one in snapshot.tailorings if one.tolerance == given.tolerance), None), tuple(figures),
        tuple((one.title, one.least.because) for one in catalogue.baselines
              if one.least is not None and setting.asked_for(one.least)))


# -- the baselines side by side --------------------------------------------------------------------------------------


def baseline_cards(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Each baseline with how much it asks for, and for which systems it is the least."""
    return [{"baseline": one, "controls": len(_held(one, catalogue)),
             "asks": sum(len(control.asks) for control in _held(one, catalogue)),
             "least": one.least.because if one.least else ""} for one in catalogue.baselines]


def _held(baseline: Baseline, catalogue: Catalogue) -> list[Control]:
    return [control for id_, control in catalogue.controls.items() if id_ in baseline.controls]


def domain_heat(catalogue: Catalogue) -> dict[str, Any]:
    """Which share of each domain's controls a baseline holds."""
    rows = []
    for domain in catalogue.domains:
        ids = frozenset(id_ for id_, control in catalogue.controls.items() if control.domain == domain.id)
        cells = []
        for one in catalogue.baselines:
            many = len(ids & one.controls)
            cells.append({"value": round(100 * many / len(ids)) if ids else None, "href": f"/controls?domain={domain.id}",
                          "label": f"{one.title}, {domain.title}: {many} of {len(ids)} controls"})
        rows.append({"label": domain.title, "href": f"/controls?domain={domain.id}", "cells": cells})
    return {"columns": [{"label": one.title} for one in catalogue.baselines], "rows": rows}


def differences(catalogue: Catalogue) -> list[dict[str, Any]]:
    """For each baseline how many controls it holds beyond each other one."""
    return [{"baseline": one, "cells": [{"over": other, "many": len(one.controls - other.controls), "same": one is other}
                                        for other in catalogue.baselines]} for one in catalogue.baselines]


def compared(catalogue: Catalogue, one: str, other: str) -> dict[str, Any] | None:
    """The controls that one baseline holds beyond another, by domain; None unless both are known."""
    known = {baseline.id: baseline for baseline in catalogue.baselines}
    if one not in known or other not in known or one == other:
        return None
    more = known[one].controls - known[other].controls
    domains = [{"domain": domain, "controls": [control for id_, control in catalogue.controls.items()
                                               if id_ in more and control.domain == domain.id]} for domain in catalogue.domains]
    return {"one": known[one], "over": known[other], "many": len(more), "domains": [row for row in domains if row["controls"]]}


# -- units and what they decided -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitLine:
    """A unit (None: the organisation) with what it decided itself and what holds for it."""

    unit: Unit | None
    name: str
    depth: int
    href: str
    own: Tailoring | None
    holding: Holding
    systems: int
    decided_by: str
    decided: Any


@dataclass(frozen=True)
class Decisions:
    """All units that the reader may see, and every decision in force."""

    reader: Reader
    catalogue: Catalogue
    all_units: dict[str, Unit]
    decided: Mapping[str | None, Tailoring]

    @property
    def seen(self) -> list[Unit]:
        """The units that the reader may see, each under the one above it."""
        shown = [one for one in self.all_units.values() if self.reader.everything or one.key in self.reader.units]
        return sorted(shown, key=lambda one: [up.name for up in reversed(chain(self.all_units, one.key))])

    def over(self, unit: Unit | None) -> tuple[Tailoring, ...]:
        """The decisions that hold for a unit, its own first."""
        return above(self.decided, chain(self.all_units, unit.key if unit else None))

    def holding(self, unit: Unit | None, tailorings: tuple[Tailoring, ...] | None = None) -> Holding:
        """What holds for a unit of which nothing else is known; by other decisions where they are given."""
        over = self.over(unit) if tailorings is None else tailorings
        ahead = not_registered(self.reader, self.catalogue, frozenset(), chain(self.all_units, unit.key if unit else None), over)
        return holding(ahead, self.catalogue)

    def below(self, unit: Unit | None) -> frozenset[str] | None:
        """A unit with all below it; None for the whole organisation."""
        if unit is None:
            return None
        return frozenset(key for key in self.all_units if unit.key in {up.key for up in chain(self.all_units, key)})

    def lines(self, names: Mapping[str, str], counts: Mapping[str | None, int]) -> list[UnitLine]:
        """The organisation and its units as a list shows them; `counts` are systems by the unit that they belong to."""
        totals: Counter[str | None] = Counter({None: sum(counts.values())})
        for key, many in counts.items():
            totals.update({up.key: many for up in chain(self.all_units, key)})
        return [self._line(unit, names, totals[unit.key if unit else None]) for unit in (None, *self.seen)]

    def _line(self, unit: Unit | None, names: Mapping[str, str], systems: int) -> UnitLine:
        own = self.decided.get(unit.key if unit else None)
        depth = len(chain(self.all_units, unit.key)) if unit else 0
        return UnitLine(unit, name_of(unit), depth, unit_path(unit), own, self.holding(unit), systems,
                        names.get(own.decided_by, "Somebody") if own else "", day(own.decided) if own else None)


# -- the form of a decision ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """What the form of a decision holds, as it was typed or as it stands."""

    baseline: str = ""
    tolerance: str = ""
    added: frozenset[str] = frozenset()
    removed: tuple[tuple[str, str], ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    rows: int = _ROWS

    @property
    def rows_shown(self) -> list[tuple[str, str]]:
        """The rows of what is taken out, with empty ones to fill in."""
        return [*self.removed, *[("", "")] * self.rows]


def typed_from(tailoring: Tailoring | None) -> Typed:
    """The form of a decision as it stands; its reason is written anew."""
    if tailoring is None:
        return Typed()
    return Typed(tailoring.baseline or "", tailoring.tolerance or "", tailoring.added, tailoring.removed,
                 {name: figure_text(value) for name, value in tailoring.limits})


def typed_in(form: Any) -> Typed:
    """What somebody typed."""
    more = form.get("do") == "rows"
    return Typed(
        form.get("baseline", ""), form.get("tolerance", ""), frozenset(form.getlist("added")),
        tuple(row for row in removed_rows(form) if any(row)),
        {name.removeprefix("limit-"): form[name] for name in form if name.startswith("limit-") and form[name].strip()},
        form.get("reason", ""), _ROWS * 2 if more else _ROWS)


def controls_to_choose(catalogue: Catalogue) -> list[dict[str, Any]]:
    """All controls by domain, each with the baselines that hold it."""
    return [{"domain": domain, "controls": [
        {"id": id_, "title": control.title, "held": ", ".join(one.title for one in catalogue.baselines if id_ in one.controls)}
        for id_, control in catalogue.controls.items() if control.domain == domain.id]} for domain in catalogue.domains]
