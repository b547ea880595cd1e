"""Loads one system's snapshot with a fixed number of queries, whatever the history.

Of each piece of evidence only the versions that can still speak are loaded: from the newest accepted one on. What came
before cannot change any status (see assurance.voices).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Text, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from govern.access.actor import Reader
from govern.errors import NotFound
from govern.facts.evidence import About, Basis, Evidence, Review, Verdict, Version, Withdrawal
from govern.facts.snapshot import Snapshot
from govern.facts.systems import (
    Assignment,
    EvidenceRequest,
    RequestState,
    Scoping,
    ScopingState,
    Stage,
    System,
)
from govern.records.base import WholeNumber
from govern.records.catalogues import digest_in_force
from govern.records.decode import answers_from, stated_from
from govern.records.moments import holds
from govern.records.people import chain, units
from govern.records.systems import adoption_of, events_for, system_by_key
from govern.records.tables.control import AssignmentRow, RequestRow, ScopingRow
from govern.records.tables.evidence import EvidenceRow, LinkRow, ReviewRow, VersionRow, WithdrawalRow
from govern.records.tailoring import tailorings_over

VERSION_COLUMNS = (
    VersionRow.key, VersionRow.evidence, VersionRow.number, VersionRow.sha256, VersionRow.size, VersionRow.media_type,
    VersionRow.filename, VersionRow.format, VersionRow.sure, VersionRow.why, VersionRow.reader, VersionRow.stated,
    VersionRow.worked, VersionRow.period_from, VersionRow.period_until, VersionRow.expires, VersionRow.submitted_by,
    VersionRow.via_token, VersionRow.submitted,
    ReviewRow.key.label("review_key"), ReviewRow.verdict, ReviewRow.comment, ReviewRow.answers, ReviewRow.reviewer,
    ReviewRow.standing, ReviewRow.given.label("review_given"),
    WithdrawalRow.key.label("withdrawal_key"), WithdrawalRow.reason, WithdrawalRow.withdrawn_by,
    WithdrawalRow.given.label("withdrawal_given"),
)


def version_of(row: Any) -> Version:
    """A version with its review and withdrawal from a row of VERSION_COLUMNS; findings hold the stated half only."""
    findings, digest = stated_from(row.stated) if row.stated else (None, "")
    review = withdrawal = None
    if row.review_key is not None:
        review = Review(row.review_key, row.key, Verdict(row.verdict), row.comment, answers_from(row.answers),
                        row.reviewer, row.standing, row.review_given)
    if row.withdrawal_key is not None:
        withdrawal = Withdrawal(row.withdrawal_key, row.key, row.reason, row.withdrawn_by, row.withdrawal_given)
    return Version(
        key=row.key, evidence=row.evidence, number=row.number, sha256=row.sha256, size=row.size,
        media_type=row.media_type, filename=row.filename, format=row.format, sure=row.sure, why=row.why,
        reader=row.reader, findings=findings, findings_digest=digest, worked=row.worked, period_from=row.period_from,
        period_until=row.period_until, expires=row.expires, submitted_by=row.submitted_by, via_token=row.via_token,
        submitted=row.submitted, review=review, withdrawal=withdrawal)


Position = int | BindParameter[int] | None


def versions_select(position: Position) -> Any:
    """SELECT of versions with their review and withdrawal, as of a position."""
    return (
        select(*VERSION_COLUMNS)
        .outerjoin(ReviewRow, and_(ReviewRow.version == VersionRow.key, holds(ReviewRow, position)))
        .outerjoin(WithdrawalRow, and_(WithdrawalRow.version == VersionRow.key, holds(WithdrawalRow, position)))
        .where(holds(VersionRow, position))
    )


def still_speaking(position: Position) -> ColumnElement[bool]:
    """Versions from the newest accepted, not withdrawn one on."""
    older, verdict, taken = aliased(VersionRow), aliased(ReviewRow), aliased(WithdrawalRow)
    accepted = (
        select(older.number)
        .join(verdict, and_(verdict.version == older.key, verdict.verdict == Verdict.ACCEPTED.value,
                            _held(verdict, position)))
        .outerjoin(taken, and_(taken.version == older.key, _held(taken, position)))
        .where(older.evidence == VersionRow.evidence, _held(older, position), taken.key.is_(None))
        .order_by(older.number.desc()).limit(1).correlate(VersionRow).scalar_subquery()
    )
    return VersionRow.number >= func.coalesce(accepted, 0)


def _held(row: Any, position: Position) -> ColumnElement[bool]:
    return holds(row, position)


@dataclass(frozen=True)
class _Statements:
    """The statements of a snapshot, built once for now and once for the past: building them costs more than running."""

    evidence: Any
    links: Any
    versions: Any
    all_versions: Any
    assignments: Any
    scopings: Any
    requests: Any


@lru_cache(maxsize=2)
def _statements(past: bool) -> _Statements:
    position: BindParameter[int] | None = bindparam("position", type_=WholeNumber) if past else None
    system = bindparam("system", type_=Text())
    chosen = or_(EvidenceRow.about_key.in_(bindparam("subjects", expanding=True, type_=Text())),
                 and_(EvidenceRow.about_key.is_(None), EvidenceRow.about == About.ORGANISATION.value))
    which = select(EvidenceRow.key).where(chosen, holds(EvidenceRow, position))
    return _Statements(
        evidence=select(EvidenceRow.key, EvidenceRow.id, EvidenceRow.title, EvidenceRow.kind, EvidenceRow.about,
                        EvidenceRow.about_key, EvidenceRow.layer, EvidenceRow.basis, EvidenceRow.note)
        .where(chosen, holds(EvidenceRow, position)).order_by(EvidenceRow.key),
        links=select(LinkRow.evidence, LinkRow.control)
        .where(LinkRow.evidence.in_(which), holds(LinkRow, position)),
        versions=versions_select(position).where(VersionRow.evidence.in_(which), still_speaking(position))
        .order_by(VersionRow.evidence, VersionRow.number),
        all_versions=versions_select(position).where(VersionRow.evidence.in_(which))
        .order_by(VersionRow.evidence, VersionRow.number),
        assignments=select(AssignmentRow.key, AssignmentRow.id, AssignmentRow.control, AssignmentRow.owner,
                           AssignmentRow.due, AssignmentRow.statement)
        .where(AssignmentRow.system == system, holds(AssignmentRow, position)).order_by(AssignmentRow.control),
        scopings=select(ScopingRow.key, ScopingRow.control, ScopingRow.reason, ScopingRow.proposed_by, ScopingRow.state,
                        ScopingRow.decided_by, ScopingRow.comment, ScopingRow.ends)
        .where(ScopingRow.system == system, holds(ScopingRow, position)).order_by(ScopingRow.since, ScopingRow.key),
        requests=select(RequestRow.key, RequestRow.control, RequestRow.asked_of, RequestRow.asked_by, RequestRow.due,
                        RequestRow.note, RequestRow.state, RequestRow.answer, RequestRow.asked)
        .where(RequestRow.system == system, RequestRow.state == RequestState.OPEN.value, holds(RequestRow, position))
        .order_by(RequestRow.due, RequestRow.key),
    )


def _evidence(connection: Connection, run: _Statements, given: dict[str, Any], whole: bool) -> tuple[Evidence, ...]:
    controls: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(run.links, given):
        controls[row.evidence].add(row.control)
    versions: dict[str, list[Version]] = defaultdict(list)
    for row in connection.execute(run.all_versions if whole else run.versions, given):
        versions[row.evidence].append(version_of(row))
    return tuple(
        Evidence(row.key, row.id, row.title, row.kind, About(row.about), row.about_key, row.layer, Basis(row.basis),
                 row.note, frozenset(controls[row.key]), tuple(versions[row.key]))
        for row in connection.execute(run.evidence, given))


def _work(connection: Connection, run: _Statements, system: str, given: dict[str, Any]) -> dict[str, Any]:
    """Assignments, scopings and open requests of a system."""
    return {
        "assignments": tuple(Assignment(row.key, row.id, system, row.control, row.owner, row.due, row.statement)
                             for row in connection.execute(run.assignments, given)),
        "scopings": tuple(Scoping(row.key, system, row.control, row.reason, row.proposed_by, ScopingState(row.state),
                                  row.decided_by, row.comment, row.ends)
                          for row in connection.execute(run.scopings, given)),
        "requests": tuple(EvidenceRequest(row.key, system, row.control, row.asked_of, row.asked_by, row.due, row.note,
                                          RequestState(row.state), row.answer, row.asked)
                          for row in connection.execute(run.requests, given)),
    }


def snapshot(connection: Connection, reader: Reader, system: System | str, *, whole: bool = False) -> Snapshot:
    """Everything the rules need about one system at the reader's moment.

    With `whole` every version of the evidence is there, for registers; no status depends on it. Raises NotFound when the
    system is out of the reader's scope or did not exist then.
    """
    found = system_by_key(connection, reader, system) if isinstance(system, str) else system
    if found is None or not reader.sees(found.key):
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    position = reader.position
    unit_chain = chain(units(connection, position), found.unit)
    adoption = adoption_of(connection, found.key, position)
    run = _statements(position is not None)
    given: dict[str, Any] = {"system": found.key, "subjects": [found.key, *(unit.key for unit in unit_chain)]}
    if position is not None:
        given["position"] = position
    return Snapshot(
        tailorings=tailorings_over(connection, unit_chain, position),
        moment=reader.moment, system=found, stage=adoption.stage if adoption else Stage.DESIGN, units=unit_chain,
        catalogue=digest_in_force(connection, position), evidence=_evidence(connection, run, given, whole),
        events=events_for(connection, found.key, position), adoption=adoption,
        **_work(connection, run, found.key, given))
