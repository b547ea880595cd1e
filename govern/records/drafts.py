"""Queries about drafts: forms that somebody has begun and not sent. No facts; only their own person sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.sql.dml import Delete

from govern.facts.moments import Instant
from govern.records.tables.plain import DraftRow, IdempotencyRow


@dataclass(frozen=True)
class Draft:
    """A form begun: its name (which form, which draft of it), its body and when it was last kept."""

    name: str
    body: str
    saved: Instant


def _drafts(person: str) -> Any:
    return select(DraftRow.name, DraftRow.body, DraftRow.saved).where(DraftRow.person == person)


def draft(connection: Connection, person: str, name: str) -> Draft | None:
    """A draft of somebody by its whole name."""
    row = connection.execute(_drafts(person).where(DraftRow.name == name)).one_or_none()
    return Draft(row.name, row.body, row.saved) if row else None


def drafts(connection: Connection, person: str, form: str) -> list[Draft]:
    """Somebody's drafts of one form (`form` begins their names), the last one kept first."""
    rows = connection.execute(_drafts(person).where(DraftRow.name.startswith(form, autoescape=True))
                              .order_by(DraftRow.saved.desc(), DraftRow.name))
    return [Draft(row.name, row.body, row.saved) for row in rows]


def count_drafts(connection: Connection, person: str) -> int:
    """How many drafts somebody keeps, of all forms."""
    return connection.execute(
        select(func.count()).select_from(DraftRow).where(DraftRow.person == person)).scalar_one()


def without_draft(person: str, name: str) -> Delete:
    """The statement that lets a draft go; for running beside the action that its form became."""
    return delete(DraftRow).where(DraftRow.person == person, DraftRow.name == name)


def answer_given(connection: Connection, actor: str, key: str) -> str | None:
    """The answer that was kept when a request with this key was carried out before."""
    return connection.execute(select(IdempotencyRow.body).where(
        IdempotencyRow.actor == actor, IdempotencyRow.idempotency_key == key)).scalar_one_or_none()
