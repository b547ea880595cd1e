"""Who acts, where things lie, and what a reader may see."""

from __future__ import annotations

from dataclasses import dataclass

from govern.facts.moments import Moment
from govern.facts.people import Grant, Role, ScopeKind, Token


@dataclass(frozen=True)
class Actor:
    """A signed-in person, or a token that acts for its owner. Grants are the owner's."""

    key: str
    name: str
    grants: tuple[Grant, ...]
    token: Token | None = None

    @property
    def roles(self) -> frozenset[Role]:
        """All roles the actor holds anywhere."""
        return frozenset(grant.role for grant in self.grants)


@dataclass(frozen=True)
class Place:
    """Where something lies: a system with its unit and the units above, a unit, or (both empty) the organisation.

    `units` runs from the nearest unit to the top.
    """

    system: str | None = None
    units: tuple[str, ...] = ()


ORGANISATION = Place()


@dataclass(frozen=True)
class Reader:
    """What one actor may see, at one moment: everything, or these systems (their units' evidence comes with them).

    `position` None means now. Every query takes a reader, so that reading is authorised in one place.
    """

    actor: Actor
    moment: Moment
    position: int | None
    everything: bool
    systems: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()

    def sees(self, system: str) -> bool:
        """Whether a system is in the reader's scope."""
        return self.everything or system in self.systems


def holds_at(grant: Grant, place: Place) -> bool:
    """Whether a grant reaches a place: everything; a unit and all below it; one system."""
    if grant.scope_kind is ScopeKind.EVERYTHING:
        return True
    if grant.scope_kind is ScopeKind.UNIT:
        return grant.scope in place.units
    return place.system is not None and grant.scope == place.system
