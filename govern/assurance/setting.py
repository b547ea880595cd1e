"""What all rules of one derivation share: the snapshot, its instant, and the vocabulary of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from govern.catalogue.expressions import traits_hold
from govern.catalogue.objects import Catalogue, Condition
from govern.facts.moments import Instant
from govern.facts.snapshot import Snapshot

Declared = tuple[tuple[str, str], ...]


def declared_by(catalogue: Catalogue) -> Mapping[str, Declared]:
    """kind id → the (name, type) pairs that evidence of the kind can state."""
    return {id_: tuple((one.name, one.type) for one in kind.fields) for id_, kind in catalogue.kinds.items()}


def known_traits(catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of all traits that conditions may name."""
    return tuple(trait.id for trait in catalogue.traits)


def holds(condition: Condition | None, known: tuple[str, ...], traits: frozenset[str]) -> bool:
    """Whether a condition over traits holds; no condition always does."""
    return condition is None or traits_hold(condition.expression, known, traits)


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
        return holds(condition, self._known, self.snapshot.system.traits)

    @cached_property
    def _known(self) -> tuple[str, ...]:
        return known_traits(self.catalogue)
