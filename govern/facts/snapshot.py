"""Everything that the rules need to know about one system at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from govern.facts.evidence import Evidence
from govern.facts.moments import Moment
from govern.facts.people import Unit
from govern.facts.systems import (
    Adoption,
    Assignment,
    Event,
    EvidenceRequest,
    OpenMatter,
    Scoping,
    Stage,
    System,
    Waiver,
)
from govern.facts.tailoring import Tailoring


@dataclass(frozen=True)
class Snapshot:
    """One system at one moment.

    `units` runs from the system's own unit to the top of the organisation. `evidence` holds what is linked to a control
    and speaks of the organisation, of one of these units or of the system. `catalogue` is the digest of the catalogue
    in force at the moment; `tailorings` are those of the units, nearest first, the organisation's last.
    """

    moment: Moment
    system: System
    stage: Stage
    units: tuple[Unit, ...]
    catalogue: str
    evidence: tuple[Evidence, ...] = ()
    events: tuple[Event, ...] = ()
    adoption: Adoption | None = None
    assignments: tuple[Assignment, ...] = ()
    scopings: tuple[Scoping, ...] = ()
    requests: tuple[EvidenceRequest, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    open_matters: tuple[OpenMatter, ...] = ()
    tailorings: tuple[Tailoring, ...] = ()
