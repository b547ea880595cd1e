"""What another catalogue, or another decision of a unit, would change for the systems that a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.assurance.switching import Consequence, with_catalogue
from govern.catalogue.objects import Catalogue
from govern.facts.snapshot import Snapshot
from govern.facts.systems import System
from govern.records.snapshots import AT_ONCE, snapshots
from govern.records.systems import systems_under

MOST = 100
"""How many systems are derived for one look; each takes about ten milliseconds."""


@dataclass(frozen=True)
class TouchedSystem:
    """A system for which something changes: what is known of it, and what would be other."""

    snapshot: Snapshot
    consequence: Consequence

    @property
    def system(self) -> System:
        """The system."""
        return self.snapshot.system


@dataclass(frozen=True)
class Touched:
    """The systems for which something changes, with what; `looked_at` of `all_` systems were derived."""

    systems: tuple[TouchedSystem, ...]
    looked_at: int
    all_: int

    @property
    def whole(self) -> bool:
        """Whether every system was looked at."""
        return self.looked_at == self.all_


def touched_by(connection: Connection, reader: Reader, before: Catalogue, after: Catalogue) -> Touched:
    """The systems that another catalogue touches, at most MOST looked at, by name."""
    chosen, total = systems_under(connection, reader, None, MOST)
    return consequences(connection, reader, chosen, total, lambda known: with_catalogue(known, before, after))


def consequences(connection: Connection, reader: Reader, chosen: Sequence[System], total: int,
                 derived: Callable[[Snapshot], Consequence]) -> Touched:
    """What `derived` finds changed in each of the systems chosen of `total`; they are loaded some at a time."""
    found = []
    for first in range(0, len(chosen), AT_ONCE):
        for snapshot in snapshots(connection, reader, chosen[first:first + AT_ONCE]).values():
            consequence = derived(snapshot)
            if consequence.switched:
                found.append(TouchedSystem(snapshot, consequence))
    return Touched(tuple(found), len(chosen), total)
