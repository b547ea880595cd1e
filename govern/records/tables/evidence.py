"""Facts about evidence: what it is, its versions, links to controls, reviews, withdrawals, standing acceptance."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import Fact, fact


class EvidenceRow(Fact):
    """A titled thing of one kind about one subject (`about_key` null for the organisation)."""

    __tablename__ = "evidence"
    SHAPE = "evidence/1"
    FIELDS = ("title", "kind", "about", "about_key", "layer", "basis", "note")
    LONG = frozenset({"note"})
    title: Mapped[str]
    kind: Mapped[str]
    about: Mapped[str]
    about_key: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    layer: Mapped[str | None]
    basis: Mapped[str]
    note: Mapped[str]
    SORTS = (("about_key",), ("title",), ("kind", "title"))


class VersionRow(Fact):
    """Immutable bytes, by digest, and what they say.

    `stated` is the canonical text of the stated values that checks are written in, small enough to be loaded with every
    posture; `findings` is the canonical text of the whole reading, for the page that draws it.
    """

    __tablename__ = "version"
    SHAPE = "version/1"
    FIELDS = ("evidence", "number", "sha256", "size", "media_type", "filename", "format", "sure", "why", "reader",
              "stated", "findings", "worked", "period_from", "period_until", "expires", "submitted_by", "via_token",
              "submitted")
    LONG = frozenset({"stated", "findings", "why"})
    evidence: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    number: Mapped[int]
    sha256: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str]
    filename: Mapped[str]
    format: Mapped[str]
    sure: Mapped[int]
    why: Mapped[str]
    reader: Mapped[str]
    stated: Mapped[str | None]
    findings: Mapped[str | None]
    worked: Mapped[int]
    period_from: Mapped[int | None]
    period_until: Mapped[int | None]
    expires: Mapped[int | None]
    submitted_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    via_token: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    submitted: Mapped[int]
    SORTS = (("evidence", "number"), ("sha256",), ("submitted",), ("submitted_by",))


class LinkRow(Fact):
    """Evidence speaks for a control."""

    __tablename__ = "link"
    SHAPE = "link/1"
    FIELDS = ("evidence", "control")
    evidence: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    control: Mapped[str]
    SORTS = (("evidence",), ("control",))


class ReviewRow(Fact):
    """Somebody else's verdict on a version. `answers` is a canonical JSON list."""

    __tablename__ = "review"
    SHAPE = "review/1"
    FIELDS = ("version", "verdict", "comment", "answers", "reviewer", "standing", "given")
    LONG = frozenset({"comment", "answers"})
    version: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    verdict: Mapped[str]
    comment: Mapped[str]
    answers: Mapped[str]
    reviewer: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    standing: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    given: Mapped[int]
    SORTS = (("version",),)


class WithdrawalRow(Fact):
    """A version was taken back, with the reason."""

    __tablename__ = "withdrawal"
    SHAPE = "withdrawal/1"
    FIELDS = ("version", "reason", "withdrawn_by", "given")
    LONG = frozenset({"reason"})
    version: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    reason: Mapped[str]
    withdrawn_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    given: Mapped[int]
    SORTS = (("version",),)


class StandingRow(Fact):
    """Evidence of a kind from a named tool and token is accepted by itself when its checks pass."""

    __tablename__ = "standing"
    SHAPE = "standing/1"
    FIELDS = ("system", "kind", "tool", "token", "reviewer", "ends")
    system: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    kind: Mapped[str]
    tool: Mapped[str]
    token: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    reviewer: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    ends: Mapped[int]
    SORTS = (("system",),)


for _row in (EvidenceRow, VersionRow, LinkRow, ReviewRow, WithdrawalRow, StandingRow):
    fact(_row)
