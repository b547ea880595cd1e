"""Systems, where they stand in their life, what happened to them, and the work that is set on their controls."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from govern.facts.moments import Instant


class Stage(StrEnum):
    """The stages of a system's life, in order."""

    DESIGN = "design"
    DEVELOPMENT = "development"
    EVALUATION = "evaluation"
    DEPLOYMENT = "deployment"
    OPERATION = "operation"
    DECOMMISSIONING = "decommissioning"
    RETIRED = "retired"

    @property
    def order(self) -> int:
        """0 for design, counting up."""
        return list(Stage).index(self)


@dataclass(frozen=True)
class System:
    """A deployed AI system, the unit of everything. `row` is the id of its current row (its ETag)."""

    key: str
    row: str
    slug: str
    name: str
    purpose: str
    unit: str | None
    business_owner: str
    who_can_change: str
    who_can_stop: str
    affected_users: str
    data_sensitivity: str
    access_boundaries: str
    legal_constraints: str
    abuse_cases: str
    traits: frozenset[str]


@dataclass(frozen=True)
class Adoption:
    """The decision that lets a system that already runs enter at a stage, with its dated gaps."""

    key: str
    system: str
    stage: Stage
    reason: str
    gaps: str
    gaps_due: Instant | None
    decided_by: str
    decided: Instant


@dataclass(frozen=True)
class Event:
    """Something happened that makes evidence due (`event` is an id of controls/lifecycle.yaml).

    `system` None: to the whole organisation.
    """

    key: str
    system: str | None
    event: str
    happened: Instant
    note: str


@dataclass(frozen=True)
class Assignment:
    """Who works on a control of a system, by when, and how it is implemented in their words."""

    key: str
    row: str
    system: str
    control: str
    owner: str | None
    due: Instant | None
    statement: str


class ScopingState(StrEnum):
    """How far a scoping proposal has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class Scoping:
    """A proposal, and somebody else's decision, that a control does not apply to a system. `until` ends it."""

    key: str
    system: str
    control: str
    reason: str
    proposed_by: str
    state: ScopingState
    decided_by: str | None
    comment: str
    until: Instant | None


class RequestState(StrEnum):
    """Whether a request still waits."""

    OPEN = "open"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class EvidenceRequest:
    """Somebody is asked for evidence on a control of a system by a date; `answer` is the evidence that answered."""

    key: str
    system: str
    control: str
    asked_of: str
    asked_by: str
    due: Instant
    note: str
    state: RequestState
    answer: str | None
    asked: Instant


@dataclass(frozen=True)
class Waiver:
    """An approved, dated exception for a control of a system."""

    key: str
    system: str
    control: str
    reason: str
    expires: Instant
    approved_by: str


@dataclass(frozen=True)
class OpenMatter:
    """Something open against a control: an audit finding, an incident or a breached monitor."""

    key: str
    kind: str
    control: str
    title: str
    since: Instant
