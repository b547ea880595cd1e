"""What is no fact: secrets, and conveniences that can be rebuilt. Nothing here is in the ledger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import STRICT, Base


class CredentialRow(Base):
    """A person's password hash (argon2id) and the count of failed log-ins since the last good one."""

    __tablename__ = "credential"
    person: Mapped[str] = mapped_column(ForeignKey("thing.key"), primary_key=True)
    password: Mapped[str]
    failures: Mapped[int]
    blocked_until: Mapped[int | None]
    __table_args__: Any = (STRICT,)


class TokenSecretRow(Base):
    """SHA-256 of a token's random secret, by which it is found."""

    __tablename__ = "token_secret"
    hash: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    __table_args__: Any = (STRICT,)


class SessionRow(Base):
    """A signed-in browser: SHA-256 of its cookie, whose it is, and when it was last seen and ends."""

    __tablename__ = "session"
    hash: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    csrf: Mapped[str]
    started: Mapped[int]
    seen: Mapped[int]
    ends: Mapped[int]
    __table_args__: Any = (Index("ix_session_person", "person"), STRICT)


class IdempotencyRow(Base):
    """The answer already given to a request with this key, so that sending it again changes nothing."""

    __tablename__ = "idempotency"
    actor: Mapped[str] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    body: Mapped[str]
    created: Mapped[int]
    __table_args__: Any = (Index("ix_idempotency_created", "created"), STRICT)


class DraftRow(Base):
    """A form that somebody has begun and not sent: `name` says which, `body` is JSON of its fields."""

    __tablename__ = "draft"
    person: Mapped[str] = mapped_column(ForeignKey("thing.key"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]
    saved: Mapped[int]
    __table_args__: Any = (STRICT,)


class SpanRow(Base):
    """A system's derived summary for a stretch of time; valid while nothing it rests on moved (see records.spans)."""

    __tablename__ = "span"
    system: Mapped[str] = mapped_column(ForeignKey("thing.key"), primary_key=True)
    position: Mapped[int]
    catalogue: Mapped[str]
    rules: Mapped[str]
    body: Mapped[str]
    __table_args__: Any = (STRICT,)


class WaitingRow(Base):
    """A version that waits for a review: the review queue, kept so that no page counts through history for it."""

    __tablename__ = "waiting"
    version: Mapped[str] = mapped_column(ForeignKey("thing.key"), primary_key=True)
    evidence: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    system: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    submitted_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    submitted: Mapped[int]
    __table_args__: Any = (Index("ix_waiting_submitted", "submitted"), Index("ix_waiting_system", "system"), STRICT)
