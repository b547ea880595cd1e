"""What people ask for, one frozen command for each action. Schemas build them; actions carry them out.

Keys name things; slugs and addresses are resolved by the doors. Who acts and when are not part of a command.
"""

from __future__ import annotations

from dataclasses import dataclass

from govern.facts.evidence import About, Answered, Basis, Verdict
from govern.facts.findings import Findings
from govern.facts.moments import Instant
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import Stage


@dataclass(frozen=True)
class AddUnit:
    """A new unit of the organisation."""

    slug: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class TailorUnit:
    """The baseline and risk tolerance of a unit (None: the organisation's); `removed` are (control, reason)."""

    unit: str | None
    baseline: str | None
    tolerance: str | None
    added: frozenset[str]
    removed: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, float], ...]
    reason: str


@dataclass(frozen=True)
class AddPerson:
    """A new account. The password is hashed by the caller; the hash is no fact."""

    name: str
    email: str
    password_hash: str


@dataclass(frozen=True)
class GrantRole:
    """A role for a person, on everything, a unit or a system."""

    person: str
    role: Role
    scope_kind: ScopeKind
    scope: str | None


@dataclass(frozen=True)
class CreateToken:
    """A token of one's own; `secret_hash` is the SHA-256 of its secret."""

    name: str
    system: str | None
    submit_only: bool
    expires: Instant
    secret_hash: str


@dataclass(frozen=True)
class DescribeSystem:
    """A system's description, for registering and for changing it."""

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
class AdoptSystem:
    """The decision that a running system enters at a stage; `started` is when it entered operation, where it did."""

    system: str
    stage: Stage
    reason: str
    gaps: str
    gaps_due: Instant | None
    started: Instant | None


@dataclass(frozen=True)
class RecordEvent:
    """Something happened, to a system or (None) to the organisation."""

    system: str | None
    event: str
    happened: Instant
    note: str


@dataclass(frozen=True)
class AssignControls:
    """Owner, due date and statement for controls of a system. `None` leaves a value as it is, empty text clears it."""

    system: str
    controls: tuple[str, ...]
    owner: str | None
    due: Instant | None
    statement: str | None


@dataclass(frozen=True)
class ProposeScoping:
    """A proposal that controls do not apply to a system."""

    system: str
    controls: tuple[str, ...]
    reason: str
    until: Instant | None


@dataclass(frozen=True)
class DecideScoping:
    """A decision on scoping proposals."""

    scopings: tuple[str, ...]
    approve: bool
    comment: str


@dataclass(frozen=True)
class AskForEvidence:
    """Somebody is asked for evidence on controls of a system by a date."""

    system: str
    controls: tuple[str, ...]
    asked_of: str
    due: Instant
    note: str


@dataclass(frozen=True)
class ReadFile:
    """A file that lies in the vault already, with what was read from it."""

    sha256: str
    size: int
    filename: str
    media_type: str
    format: str
    sure: int
    why: str
    reader: str
    findings: Findings | None
    problem: str | None


@dataclass(frozen=True)
class SubmitEvidence:
    """A file as new evidence, or (with `evidence`) as a new version of what is there.

    `controls` None links it to every control of the catalogue that asks for its kind and applies.
    """

    file: ReadFile
    evidence: str | None
    title: str
    kind: str
    about: About
    about_key: str | None
    layer: str | None
    basis: Basis
    note: str
    controls: frozenset[str] | None
    worked: Instant | None
    period_from: Instant | None
    period_until: Instant | None
    expires: Instant | None
    request: str | None = None


@dataclass(frozen=True)
class LinkEvidence:
    """The controls that a piece of evidence speaks for, all of them."""

    evidence: str
    controls: frozenset[str]


@dataclass(frozen=True)
class ReviewVersions:
    """One verdict on versions; answers count for each version that is asked the question."""

    versions: tuple[str, ...]
    verdict: Verdict
    comment: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True)
class WithdrawVersion:
    """A version is taken back."""

    version: str
    reason: str


@dataclass(frozen=True)
class GiveStanding:
    """Evidence of a kind, from a tool and a token, for a system, is accepted by itself until a day."""

    system: str
    kind: str
    tool: str
    token: str
    until: Instant
