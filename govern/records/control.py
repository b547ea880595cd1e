"""Queries about the work on controls: queues of requests, scoping proposals, assignments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, select

from govern.access.actor import Reader
from govern.facts.moments import Instant
from govern.facts.systems import EvidenceRequest, RequestState, Scoping, ScopingState
from govern.records.moments import holds
from govern.records.systems import in_scope
from govern.records.tables.control import AssignmentRow, RequestRow, ScopingRow
from govern.records.tables.ledger import ThingRow
from govern.records.tables.system import SystemRow


@dataclass(frozen=True)
class RequestLine:
    """A request with the name and slug of its system."""

    request: EvidenceRequest
    system_name: str
    system_slug: str


@dataclass(frozen=True)
class ScopingLine:
    """A scoping proposal with the name and slug of its system."""

    scoping: Scoping
    system_name: str
    system_slug: str


@dataclass(frozen=True)
class AssignmentLine:
    """A control that somebody works on, with its due day and the name and slug of its system."""

    key: str
    control: str
    due: Instant | None
    system_name: str
    system_slug: str


def _requests() -> Any:
    return (
        select(RequestRow.key, RequestRow.system, RequestRow.control, RequestRow.asked_of, RequestRow.asked_by,
               RequestRow.due, RequestRow.note, RequestRow.state, RequestRow.answer, RequestRow.asked,
               SystemRow.name.label("system_name"), ThingRow.name.label("slug"))
        .join(SystemRow, and_(SystemRow.key == RequestRow.system, holds(SystemRow, None)))
        .join(ThingRow, ThingRow.key == SystemRow.key))


def _request(row: Any) -> EvidenceRequest:
    return EvidenceRequest(row.key, row.system, row.control, row.asked_of, row.asked_by, row.due, row.note,
                           RequestState(row.state), row.answer, row.asked)


def _wanted(reader: Reader, mine: bool, state: str) -> list[ColumnElement[bool]]:
    found = [holds(RequestRow, None), in_scope(reader)]
    if mine:
        found.append(RequestRow.asked_of == reader.actor.key)
    if state:
        found.append(RequestRow.state == state)
    return found


def requests(connection: Connection, reader: Reader, *, mine: bool = False, state: str = "open", offset: int = 0,
             size: int = 50) -> tuple[list[RequestLine], int]:
    """Requests in the reader's scope, soonest due first, and how many there are."""
    wanted = _wanted(reader, mine, state)
    total = connection.execute(
        select(func.count()).select_from(RequestRow).join(SystemRow, SystemRow.key == RequestRow.system)
        .where(holds(SystemRow, None), *wanted)).scalar_one()
    rows = connection.execute(_requests().where(*wanted).order_by(RequestRow.due, RequestRow.key)
                              .limit(size).offset(offset))
    return [RequestLine(_request(row), row.system_name, row.slug) for row in rows], total


def assignments_of(connection: Connection, reader: Reader, person: str, size: int = 50) -> list[AssignmentLine]:
    """Controls with a due day that somebody works on, soonest due first."""
    rows = connection.execute(
        select(AssignmentRow.key, AssignmentRow.control, AssignmentRow.due, SystemRow.name, ThingRow.name.label("slug"))
        .join(SystemRow, and_(SystemRow.key == AssignmentRow.system, holds(SystemRow, None)))
        .join(ThingRow, ThingRow.key == SystemRow.key)
        .where(AssignmentRow.owner == person, AssignmentRow.due.is_not(None), holds(AssignmentRow, None),
               in_scope(reader))
        .order_by(AssignmentRow.due, AssignmentRow.key).limit(size))
    return [AssignmentLine(row.key, row.control, row.due, row.name, row.slug or "") for row in rows]


def open_requests_of(connection: Connection, person: str) -> int:
    """How many requests wait for somebody."""
    return connection.execute(select(func.count()).select_from(RequestRow).where(
        RequestRow.asked_of == person, RequestRow.state == RequestState.OPEN.value,
        holds(RequestRow, None))).scalar_one()


def request(connection: Connection, reader: Reader, key: str) -> EvidenceRequest | None:
    """One request in the reader's scope."""
    row = connection.execute(_requests().where(
        RequestRow.key == key, holds(RequestRow, None), in_scope(reader))).one_or_none()
    return _request(row) if row else None


def _scoping(row: Any) -> Scoping:
    return Scoping(row.key, row.system, row.control, row.reason, row.proposed_by, ScopingState(row.state),
                   row.decided_by, row.comment, row.ends)


def _scopings() -> Any:
    return (
        select(ScopingRow.key, ScopingRow.system, ScopingRow.control, ScopingRow.reason, ScopingRow.proposed_by,
               ScopingRow.state, ScopingRow.decided_by, ScopingRow.comment, ScopingRow.ends,
               SystemRow.name.label("system_name"), ThingRow.name.label("slug"))
        .join(SystemRow, and_(SystemRow.key == ScopingRow.system, holds(SystemRow, None)))
        .join(ThingRow, ThingRow.key == SystemRow.key))


def scopings_waiting(connection: Connection, reader: Reader, limit: int = 200) -> list[ScopingLine]:
    """Proposals that wait for a decision, oldest first."""
    rows = connection.execute(_scopings().where(
        ScopingRow.state == ScopingState.PROPOSED.value, holds(ScopingRow, None), in_scope(reader))
        .order_by(ScopingRow.since, ScopingRow.key).limit(limit))
    return [ScopingLine(_scoping(row), row.system_name, row.slug) for row in rows]


def scoping(connection: Connection, reader: Reader, key: str) -> Scoping | None:
    """One scoping in the reader's scope."""
    row = connection.execute(_scopings().where(
        ScopingRow.key == key, holds(ScopingRow, None), in_scope(reader))).one_or_none()
    return _scoping(row) if row else None


def assignment_keys(connection: Connection, system: str) -> dict[str, tuple[str, str | None, int | None, str]]:
    """Current assignments of a system: control → (key, owner, due, statement)."""
    rows = connection.execute(
        select(AssignmentRow.control, AssignmentRow.key, AssignmentRow.owner, AssignmentRow.due, AssignmentRow.statement)
        .where(AssignmentRow.system == system, holds(AssignmentRow, None)))
    return {row.control: (row.key, row.owner, row.due, row.statement) for row in rows}


def open_requests_on(connection: Connection, system: str, controls: frozenset[str]) -> list[EvidenceRequest]:
    """Open requests of a system on some controls."""
    rows = connection.execute(_requests().where(
        RequestRow.system == system, RequestRow.control.in_(sorted(controls)),
        RequestRow.state == RequestState.OPEN.value, holds(RequestRow, None)))
    return [_request(row) for row in rows]
