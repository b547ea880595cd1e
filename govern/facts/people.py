"""People, what they may do, units of the organisation, and tokens of pipelines."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from govern.facts.moments import Instant


class Role(StrEnum):
    """What somebody may do, on everything, on a unit with all below it, or on one system."""

    ADMINISTRATOR = "administrator"
    COMPLIANCE_OFFICER = "compliance-officer"
    SYSTEM_OWNER = "system-owner"
    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"


class ScopeKind(StrEnum):
    """Where a role holds."""

    EVERYTHING = "everything"
    UNIT = "unit"
    SYSTEM = "system"


@dataclass(frozen=True)
class Unit:
    """A part of the organisation; `parent` is the key of the unit above, None at the top."""

    key: str
    slug: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class Person:
    """Somebody with an account. Facts and entries name people by `key` only."""

    key: str
    name: str
    email: str
    active: bool


@dataclass(frozen=True)
class Grant:
    """One role of one person. `scope` is the key of the unit or system, None for everything."""

    key: str
    person: str
    role: Role
    scope_kind: ScopeKind
    scope: str | None


@dataclass(frozen=True)
class Token:
    """A pipeline's right to act for its owner: on one system or (`system` None) wherever the owner may; never more."""

    key: str
    name: str
    owner: str
    system: str | None
    submit_only: bool
    expires: Instant
