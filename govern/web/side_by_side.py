"""Several systems side by side, a page of them at a time: their postures, and how far they meet frameworks.

Everything is read with a fixed number of queries, so that a page with thirty systems asks no more than one with three.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from govern.access.actor import Reader
from govern.assurance.coverage import shares
from govern.assurance.outcomes import Posture
from govern.assurance.posture import derive
from govern.assurance.selected import derive_some
from govern.catalogue.objects import Catalogue
from govern.door.visit import visit
from govern.facts.snapshot import Snapshot
from govern.records.snapshots import snapshots
from govern.records.systems import SystemLine
from govern.web.evidence import page_number
from govern.web.frame import link
from govern.web.standing_of import summaries_for

Shares = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Part:
    """One page of the systems in scope."""

    lines: tuple[SystemLine, ...]
    start: int
    total: int
    page: int

    @property
    def bounded(self) -> bool:
        """Whether there are more systems than stand here."""
        return len(self.lines) < self.total

    @property
    def text(self) -> str:
        """Which systems stand here, in words."""
        if not self.lines:
            return f"None of {self.total} systems"
        return f"Systems {self.start + 1}–{self.start + len(self.lines)} of {self.total}, by name"

    @property
    def previous(self) -> str:
        """The address of the page before, empty for none."""
        return link(page=self.page - 1 if self.page > 2 else None) if self.page > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, empty for none."""
        return link(page=self.page + 1) if self.start + len(self.lines) < self.total else ""


def part_of(lines: Sequence[SystemLine], size: int) -> Part:
    """The page that the address asks for."""
    number = page_number()
    start = (number - 1) * size
    return Part(tuple(lines[start:start + size]), start, len(lines), number)


def seen_of(reader: Reader, lines: Sequence[SystemLine]) -> dict[str, Snapshot]:
    """What the rules need about each system, by key."""
    return snapshots(visit().connection, reader, [line.system for line in lines])


def judged(seen: Mapping[str, Snapshot], catalogue: Catalogue, controls: Collection[str] | None = None) -> dict[str, Posture]:
    """The posture of each system, of some controls only where they are named."""
    if controls is None:
        return {key: derive(one, catalogue) for key, one in seen.items()}
    return {key: derive_some(one, catalogue, controls) for key, one in seen.items()}


@dataclass(frozen=True)
class Standing:
    """How far systems meet each framework: (met, counted) by framework id, by system key. `fresh` are up to date.

    The reader is given anew, because renewing kept summaries moves on to a later state.
    """

    reader: Reader
    shares: Mapping[str, Shares]
    fresh: frozenset[str]


def standing(reader: Reader, lines: Sequence[SystemLine]) -> Standing:
    """From kept summaries for now; derived for a past moment, so callers pass one page of systems then."""
    if reader.position is None:
        reader, kept = summaries_for(reader, lines)
        return Standing(reader, {key: one.coverage for key, one in kept.items()},
                        frozenset(key for key, one in kept.items() if one.fresh))
    catalogue = visit().catalogue(reader)
    postures = judged(seen_of(reader, lines), catalogue)
    found = {key: shares(posture, catalogue.frameworks.values(), catalogue) for key, posture in postures.items()}
    return Standing(reader, found, frozenset(found))
