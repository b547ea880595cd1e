"""What every export is made from: one system's snapshot with what follows from it, and the stamp it carries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from govern.assurance.outcomes import Coverage, Posture
from govern.catalogue.objects import Catalogue
from govern.facts.moments import Instant
from govern.facts.snapshot import Snapshot


@dataclass(frozen=True)
class Stamp:
    """What an export says of itself: the ledger position and root it was made from, the moment it speaks of, by whom.

    `root` is the tree's root at `position`, hex. `past` is true when the moment is not the present one: posture then
    follows from what was recorded by then, with that moment's catalogue and today's rules.
    """

    organisation: str
    position: int
    root: str
    instant: Instant
    generated: Instant
    generated_by: str
    catalogue: str
    rules: str
    past: bool


@dataclass(frozen=True)
class Picture:
    """One system at one moment with everything that follows. `names` gives people's names by key."""

    stamp: Stamp
    snapshot: Snapshot
    posture: Posture
    coverages: Mapping[str, Coverage]
    catalogue: Catalogue
    names: Mapping[str, str]
