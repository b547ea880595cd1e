"""What a change of answers, of a unit's decision or of the catalogue would switch on and off for one system. Pure.

The posture is derived as it is and as it would be, over the same facts; nothing is recorded. Each control that differs
gets one line: asked for newly, no longer asked for, asked for other evidence, or another status with the same asks.

`switched_on` says, for the questionnaire, what one trait alone decides: the controls and asks whose condition names it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from govern.assurance.outcomes import ControlOutcome, Posture, Reason, Status
from govern.assurance.posture import derive
from govern.catalogue.objects import Catalogue, Condition
from govern.facts.snapshot import Snapshot
from govern.facts.tailoring import Tailoring


class Switch(StrEnum):
    """How a control differs."""

    ON = "asked for"
    OFF = "no longer asked for"
    ASKS = "asked for other evidence"
    STATUS = "another status"


@dataclass(frozen=True)
class Switched:
    """One control that differs: how, its status before and after (None: not in that catalogue), and why."""

    control: str
    title: str
    switch: Switch
    before: Status | None
    after: Status | None
    reasons: tuple[Reason, ...]
    asks_on: tuple[str, ...] = ()
    asks_off: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consequence:
    """What would change for a system, and how its statuses would be counted."""

    switched: tuple[Switched, ...]
    before: Posture
    after: Posture

    def of(self, switch: Switch) -> tuple[Switched, ...]:
        """The controls that differ in one way."""
        return tuple(one for one in self.switched if one.switch is switch)


def with_traits(snapshot: Snapshot, traits: frozenset[str], catalogue: Catalogue) -> Consequence:
    """What other answers to the questionnaire would change."""
    changed = replace(snapshot, system=replace(snapshot.system, traits=traits))
    return compared(derive(snapshot, catalogue), derive(changed, catalogue), catalogue, catalogue)


def with_tailorings(snapshot: Snapshot, tailorings: tuple[Tailoring, ...], catalogue: Catalogue) -> Consequence:
    """What other decisions of the units above it would change."""
    changed = replace(snapshot, tailorings=tailorings)
    return compared(derive(snapshot, catalogue), derive(changed, catalogue), catalogue, catalogue)


def with_catalogue(snapshot: Snapshot, before: Catalogue, after: Catalogue) -> Consequence:
    """What another catalogue would change."""
    return compared(derive(snapshot, before), derive(snapshot, after), before, after)


def compared(before: Posture, after: Posture, old: Catalogue, new: Catalogue) -> Consequence:
    """The lines for all controls that differ, in the order of the new catalogue, controls that are gone last."""
    names = list(dict.fromkeys((*after.controls, *before.controls)))
    found = []
    for name in names:
        title = (new.controls.get(name) or old.controls[name]).title
        line = _line(name, title, before.controls.get(name), after.controls.get(name))
        if line is not None:
            found.append(line)
    return Consequence(tuple(found), before, after)


def _line(name: str, title: str, was: ControlOutcome | None, will: ControlOutcome | None) -> Switched | None:
    asked, will_be = _applies(was), _applies(will)
    before, after = was.status if was else None, will.status if will else None
    if asked != will_be:
        switch = Switch.ON if will_be else Switch.OFF
        reasons = () if will is None else will.reasons[:2]
        return Switched(name, title, switch, before, after, reasons)
    if was is None or will is None or not will_be:
        return None
    old, new = _asks(was), _asks(will)
    if old != new:
        return Switched(name, title, Switch.ASKS, before, after, will.reasons[:2],
                        tuple(sorted(new - old)), tuple(sorted(old - new)))
    if before is not after:
        return Switched(name, title, Switch.STATUS, before, after, will.reasons[:2])
    return None


def _applies(outcome: ControlOutcome | None) -> bool:
    return outcome is not None and outcome.status is not Status.NOT_APPLICABLE


def _asks(outcome: ControlOutcome) -> set[str]:
    return {one.ask for one in outcome.asks if one.applicable}


@dataclass(frozen=True)
class SwitchedOn:
    """What conditions that name one trait decide: controls, asks and least baselines, by id in catalogue order."""

    controls: tuple[str, ...]
    asks: tuple[str, ...]
    baselines: tuple[str, ...]


def switched_on(catalogue: Catalogue) -> dict[str, SwitchedOn]:
    """trait id → what the conditions that name it, or a trait that it implies, decide."""
    found = {}
    for trait in catalogue.traits:
        names = catalogue.with_implied(frozenset({trait.id}))
        controls = [one.id for one in catalogue.controls.values() if _names(one.applies, names)]
        asks = [one.id for one in catalogue.asks.values() if _names(one.when, names) and one.control not in controls]
        baselines = [one.id for one in catalogue.baselines if _names(one.least, names)]
        found[trait.id] = SwitchedOn(tuple(controls), tuple(asks), tuple(baselines))
    return found


def _names(condition: Condition | None, traits: frozenset[str]) -> bool:
    if condition is None:
        return False
    return any(re.search(rf"\btrait\.{re.escape(one.replace('-', '_'))}\b", condition.expression) for one in traits)
