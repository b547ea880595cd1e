"""What another catalogue, or another decision of a unit, would change for the systems that a reader sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.assurance.switching import Consequence, with_catalogue
from govern.catalogue.objects import Catalogue
from govern.facts.snapshot import Snapshot
from govern.facts.systems import System
from govern.records.snapshot import snapshot
from govern.records.systems import SystemLine, systems

MOST = 100
"""How many systems are derived for one look; each takes about ten milliseconds."""


@dataclass(frozen=True)
class Touched:
    """The systems for which something changes, with what; `looked_at` of `all_` systems were derived."""

    systems: tuple[tuple[System, Consequence], ...]
    looked_at: int
    all_: int

    @property
    def whole(self) -> bool:
        """Whether every system was looked at."""
        return self.looked_at == self.all_


def touched_by(connection: Connection, reader: Reader, before: Catalogue, after: Catalogue) -> Touched:
    """The systems that another catalogue touches, at most MOST looked at, by name."""
    return consequences(connection, reader, systems(connection, reader),
                        lambda known: with_catalogue(known, before, after))


def consequences(connection: Connection, reader: Reader, lines: Iterable[SystemLine],
                 derived: Callable[[Snapshot], Consequence]) -> Touched:
    """What `derived` finds changed in each of some systems, at most MOST of them."""
    listed = sorted((line.system for line in lines), key=lambda one: (one.name, one.key))
    found = []
    for system in listed[:MOST]:
        consequence = derived(snapshot(connection, reader, system))
        if consequence.switched:
            found.append((system, consequence))
    return Touched(tuple(found), min(len(listed), MOST), len(listed))
