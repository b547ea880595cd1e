"""What all rules of one derivation share: the snapshot, its instant, the circumstances, the words of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from govern.catalogue.expressions import Vocables, limit_declarations, limit_name, traits_hold
from govern.catalogue.objects import Catalogue, Condition
from govern.facts.moments import Instant
from govern.facts.snapshot import Snapshot
from govern.facts.tailoring import Tailoring

Declared = tuple[tuple[str, str], ...]
Figures = tuple[tuple[str, int | float], ...]


@dataclass(frozen=True)
class Circumstances:
    """What conditions and checks of one system rest on besides its evidence.

    `traits` with all that they imply; `tolerance` is the degree of risk accepted ("" where the catalogue has none);
    `limits` are the figures that checks compare with, by their name in expressions.
    """

    traits: frozenset[str]
    tolerance: str = ""
    limits: Figures = ()


def circumstances(catalogue: Catalogue, traits: frozenset[str], tailorings: tuple[Tailoring, ...] = ()) -> Circumstances:
    """The circumstances of a system with `traits` under the decisions of its units, nearest first.

    The nearest unit that chose a tolerance decides it, the first tolerance of the catalogue where none did; a figure
    that a unit set itself goes before the tolerance's, the nearest unit's before one further up.
    """
    known = {one.id: one for one in catalogue.tolerances}
    chosen = next((one.tolerance for one in tailorings if one.tolerance in known), None)
    tolerance = known.get(chosen or "") or next(iter(catalogue.tolerances), None)
    figures = dict(tolerance.limits) if tolerance is not None else {}
    for one in reversed(tailorings):
        figures |= {name: value for name, value in one.limits if name in figures}
    whole = {limit.id for limit in catalogue.limits if limit.type == "int"}
    limits = tuple((limit_name(name), int(value) if name in whole else value) for name, value in figures.items())
    return Circumstances(catalogue.with_implied(traits), tolerance.id if tolerance is not None else "", limits)


def declared_by(catalogue: Catalogue) -> Mapping[str, Declared]:
    """kind id → the (name, type) pairs that evidence of the kind can state."""
    limits = tuple(limit_declarations({one.id: one.type for one in catalogue.limits}).items())
    return {id_: (*((one.name, one.type) for one in kind.fields), *limits) for id_, kind in catalogue.kinds.items()}


def vocables(catalogue: Catalogue) -> Vocables:
    """All that conditions may name."""
    return Vocables(tuple(trait.id for trait in catalogue.traits), tuple(one.id for one in catalogue.tolerances))


def holds(condition: Condition | None, known: Vocables, given: Circumstances) -> bool:
    """Whether a condition holds in the circumstances; no condition always does."""
    return condition is None or traits_hold(condition.expression, known, given.traits, given.tolerance)


def earliest(*instants: Instant | None) -> Instant | None:
    """The first of several ends, where None never ends."""
    return min((one for one in instants if one is not None), default=None)


def latest(*instants: Instant | None) -> Instant | None:
    """The last of several ends, where None never ends (and so is the last); at least one is needed."""
    return None if None in instants else max(one for one in instants if one is not None)


@dataclass(frozen=True)
class Setting:
    """One snapshot judged by one catalogue."""

    snapshot: Snapshot
    catalogue: Catalogue

    @cached_property
    def now(self) -> Instant:
        """The instant that the rules take for now."""
        return self.snapshot.moment.instant

    @cached_property
    def declared(self) -> Mapping[str, Declared]:
        """kind id → declared fields."""
        return declared_by(self.catalogue)

    def asked_for(self, condition: Condition) -> bool:
        """Whether a condition holds for the traits of this system."""
        return holds(condition, self._known, self.given)

    @cached_property
    def given(self) -> Circumstances:
        """The circumstances of this system."""
        return circumstances(self.catalogue, self.snapshot.system.traits, self.snapshot.tailorings)

    @cached_property
    def _known(self) -> Vocables:
        return vocables(self.catalogue)
