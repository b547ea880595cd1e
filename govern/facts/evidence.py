"""Evidence, its versions and what people said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from govern.facts.findings import Findings
from govern.facts.moments import Instant


class About(StrEnum):
    """What a piece of evidence speaks of, or what a requirement asks evidence about."""

    ORGANISATION = "organisation"
    UNIT = "unit"
    SYSTEM = "system"
    RELEASE = "release"
    ASSET = "asset"


class Basis(StrEnum):
    """What stands behind a claim, weakest last: a test, somebody's signed word, somebody's word."""

    TESTED = "tested"
    ATTESTED = "attested"
    CLAIMED = "claimed"

    @property
    def strength(self) -> int:
        """3 for tested, 2 for attested, 1 for claimed."""
        return {"tested": 3, "attested": 2, "claimed": 1}[self.value]


class Verdict(StrEnum):
    """What a reviewer said of a version."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Reply(StrEnum):
    """A reviewer's answer to one question of a requirement."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class Answered:
    """One question answered: the ask and check it belongs to, the reply, and the reason where not applicable."""

    ask: str
    check: str
    reply: Reply
    reason: str = ""


@dataclass(frozen=True)
class Review:
    """Somebody else's verdict on a version; `standing` names the standing acceptance that gave it, if one did."""

    key: str
    version: str
    verdict: Verdict
    comment: str
    answers: tuple[Answered, ...]
    reviewer: str
    standing: str | None
    at: Instant

    @cached_property
    def by_question(self) -> Mapping[tuple[str, str], tuple[Answered, ...]]:
        """The answers by (ask, check): every derivation looks them up, many times."""
        found: dict[tuple[str, str], tuple[Answered, ...]] = {}
        for one in self.answers:
            found[one.ask, one.check] = (*found.get((one.ask, one.check), ()), one)
        return found


@dataclass(frozen=True)
class Withdrawal:
    """The submitter or an officer took a version back, with the reason."""

    key: str
    version: str
    reason: str
    by: str
    at: Instant


@dataclass(frozen=True)
class Version:
    """One set of immutable bytes of a piece of evidence and what they say.

    `worked` is the instant of the work that it proves (freshness counts from there, not from the upload), `period_from`
    and `period_until` the period it covers, `expires` a date printed on it after which it no longer holds.
    `submitted_by` is a person's key also when a token sent it (`via_token`).
    """

    key: str
    evidence: str
    number: int
    sha256: str
    size: int
    media_type: str
    filename: str
    format: str
    sure: int
    why: str
    reader: str
    findings: Findings | None
    findings_digest: str
    worked: Instant
    period_from: Instant | None
    period_until: Instant | None
    expires: Instant | None
    submitted_by: str
    via_token: str | None
    submitted: Instant
    review: Review | None = None
    withdrawal: Withdrawal | None = None


@dataclass(frozen=True)
class Evidence:
    """A titled thing of one kind about one subject. `about_key` is None for the organisation.

    `controls` are the controls it is linked to; `versions` are in order of their number, oldest first.
    """

    key: str
    row: str
    title: str
    kind: str
    about: About
    about_key: str | None
    layer: str | None
    basis: Basis
    note: str
    controls: frozenset[str]
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version | None:
        """The newest version, whatever was said of it."""
        return self.versions[-1] if self.versions else None


@dataclass(frozen=True)
class StandingAcceptance:
    """A reviewer's dated decision that evidence of a kind from a named tool and token is accepted when its checks pass."""

    key: str
    system: str
    kind: str
    tool: str
    token: str
    reviewer: str
    until: Instant
