"""What the rules answer: frozen states and statuses, each with its reasons and the instant at which time changes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from govern.facts.moments import Instant, Moment

RULES = "rules/1"
"""The version of the rules; raised whenever a rule changes what follows from the same facts."""


class State(StrEnum):
    """The state of one requirement (ask) of a control; the first that fits, in this order."""

    NOT_DUE = "not due"
    FAILING = "failing"
    UNDECIDED = "undecided"
    MET = "met"
    STALE = "stale"
    SUBMITTED = "submitted"
    ABSENT = "absent"


class Status(StrEnum):
    """The status of a control of a system; the first that fits, in this order."""

    NOT_APPLICABLE = "not applicable"
    NOT_DUE = "not due"
    SATISFIED = "satisfied"
    WAIVED = "waived"
    FAILING = "failing"
    IN_REVIEW = "in review"
    STALE = "stale"
    PARTIAL = "partial"
    MISSING = "missing"


class Covered(StrEnum):
    """How far a requirement of a framework is met by a system."""

    MET = "met"
    PARTLY = "partly met"
    NOT_MET = "not met"
    NOT_DUE = "not due"
    NOT_APPLICABLE = "not applicable"
    UNMAPPED = "unmapped"


class How(StrEnum):
    """By which road a requirement is met: one control that covers it, a complete set together, its children, or none."""

    DIRECT = "direct"
    JOINT = "joint"
    CHILDREN = "children"
    THROUGH = "through"
    PARTIAL = "partial"
    NONE = "none"


@dataclass(frozen=True)
class Reason:
    """Why something is as it is: a stable code, a sentence, and what it points at."""

    code: str
    text: str
    ask: str | None = None
    evidence: str | None = None
    version: int | None = None
    check: str | None = None
    at: Instant | None = None


@dataclass(frozen=True)
class AskOutcome:
    """The state of one ask, its reasons, when time alone would change it, and the evidence that was looked at."""

    ask: str
    state: State
    reasons: tuple[Reason, ...]
    until: Instant | None = None
    evidence: tuple[str, ...] = ()
    applicable: bool = True


@dataclass(frozen=True)
class ControlOutcome:
    """The status of one control of a system. `underneath` is the status a waiver covers, else the status itself."""

    control: str
    status: Status
    underneath: Status
    reasons: tuple[Reason, ...]
    until: Instant | None
    asks: tuple[AskOutcome, ...] = ()


@dataclass(frozen=True)
class Posture:
    """The status of every control of one system at one moment."""

    system: str
    moment: Moment
    catalogue: str
    controls: Mapping[str, ControlOutcome]

    @cached_property
    def summary(self) -> Mapping[Status, int]:
        """How many controls have each status; statuses that do not occur are 0."""
        counted = Counter(outcome.status for outcome in self.controls.values())
        return {status: counted.get(status, 0) for status in Status}

    @cached_property
    def until(self) -> Instant | None:
        """The first instant at which time alone changes any status, None when it never does."""
        return min((one.until for one in self.controls.values() if one.until is not None), default=None)


@dataclass(frozen=True)
class RequirementOutcome:
    """How far one requirement is met, by which road, through which controls, and why."""

    requirement: str
    covered: Covered
    how: How
    controls: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Coverage:
    """Coverage of one framework by one system at one moment."""

    framework: str
    system: str
    moment: Moment
    requirements: Mapping[str, RequirementOutcome]

    def share(self, assessable: frozenset[str]) -> tuple[int, int]:
        """(met, counted) over the assessable requirements, leaving out those not applicable."""
        counted = [one for id_, one in self.requirements.items()
                   if id_ in assessable and one.covered is not Covered.NOT_APPLICABLE]
        return sum(one.covered is Covered.MET for one in counted), len(counted)
