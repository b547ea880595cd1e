"""Queries about evidence: one piece with all its versions, the library as a list, the review queue, blobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from govern.access.actor import Place, Reader
from govern.facts.evidence import About, Basis, Evidence, StandingAcceptance, Version
from govern.records.moments import holds
from govern.records.people import chain, units
from govern.records.snapshot import version_of, versions_select
from govern.records.systems import place_of
from govern.records.tables.evidence import EvidenceRow, LinkRow, ReviewRow, StandingRow, VersionRow, WithdrawalRow
from govern.records.tables.ledger import ThingRow
from govern.records.tables.plain import WaitingRow
from govern.records.tables.system import SystemRow


@dataclass(frozen=True)
class EvidenceLine:
    """A piece of evidence as a list shows it: with its newest version, and the name of what it speaks of."""

    key: str
    title: str
    kind: str
    about: About
    about_name: str
    system_slug: str | None
    version: Version


@dataclass(frozen=True)
class Filter:
    """What a list of evidence is narrowed to; empty values do not narrow."""

    text: str = ""
    kind: str = ""
    system: str = ""
    control: str = ""
    state: str = ""
    sort: str = "-submitted"


@dataclass(frozen=True)
class Page:
    """One page of a list: its lines, how many there are in all (at most `counted_to`), and where it starts."""

    lines: list[EvidenceLine]
    total: int
    offset: int
    size: int


COUNT_LIMIT = 1_000
"""Lists count no further than this: what follows is «more than 1,000», so that no page counts through history."""


def visible(reader: Reader) -> ColumnElement[bool]:
    """The evidence that a reader may see: of their systems, of these systems' units, and of the organisation."""
    if reader.everything:
        return EvidenceRow.key.is_not(None)
    return or_(EvidenceRow.about_key.in_(sorted(reader.systems | reader.units)),
               and_(EvidenceRow.about_key.is_(None), EvidenceRow.about == About.ORGANISATION.value))


def place_of_evidence(connection: Connection, about: About, about_key: str | None) -> Place:
    """Where evidence lies, for access: its system, its unit, or the organisation."""
    if about is About.ORGANISATION or about_key is None:
        return Place()
    if about is About.UNIT:
        return Place(None, tuple(unit.key for unit in chain(units(connection), about_key)))
    return place_of(connection, about_key)


def evidence(connection: Connection, reader: Reader, key: str) -> Evidence | None:
    """One piece of evidence with all its versions, oldest first."""
    position = reader.position
    row = connection.execute(
        select(EvidenceRow.key, EvidenceRow.id, EvidenceRow.title, EvidenceRow.kind, EvidenceRow.about,
               EvidenceRow.about_key, EvidenceRow.layer, EvidenceRow.basis, EvidenceRow.note)
        .where(EvidenceRow.key == key, holds(EvidenceRow, position), visible(reader))).one_or_none()
    if row is None:
        return None
    controls = connection.execute(select(LinkRow.control).where(
        LinkRow.evidence == key, holds(LinkRow, position))).scalars()
    versions = connection.execute(versions_select(position).where(VersionRow.evidence == key)
                                  .order_by(VersionRow.number))
    return Evidence(row.key, row.id, row.title, row.kind, About(row.about), row.about_key, row.layer,
                    Basis(row.basis), row.note, frozenset(controls), tuple(version_of(one) for one in versions))


def evidence_of_version(connection: Connection, reader: Reader, version: str) -> Evidence | None:
    """The evidence that a version belongs to, if the reader may see it."""
    key = connection.execute(select(VersionRow.evidence).where(
        VersionRow.key == version, holds(VersionRow, reader.position))).scalar_one_or_none()
    return evidence(connection, reader, key) if key else None


def last_touched(connection: Connection, key: str) -> int:
    """The position of the last entry that touched a thing: its row, versions, links or reviews; 0 when unknown."""
    return connection.execute(select(ThingRow.last).where(ThingRow.key == key)).scalar_one_or_none() or 0


def findings_text_of(connection: Connection, version: str) -> str | None:
    """The whole reading of a version, as canonical text."""
    return connection.execute(select(VersionRow.findings).where(
        VersionRow.key == version, holds(VersionRow, None))).scalar_one_or_none()


def link_keys(connection: Connection, evidence_key: str) -> dict[str, str]:
    """The links of a piece of evidence now: control → the link's key."""
    rows = connection.execute(select(LinkRow.control, LinkRow.key).where(
        LinkRow.evidence == evidence_key, holds(LinkRow, None)))
    return {row.control: row.key for row in rows}


def same_bytes(connection: Connection, reader: Reader, sha256: str) -> list[tuple[str, str, int]]:
    """(evidence key, title, version number) of evidence that the reader may see with exactly these bytes."""
    rows = connection.execute(
        select(VersionRow.evidence, EvidenceRow.title, VersionRow.number)
        .join(EvidenceRow, and_(EvidenceRow.key == VersionRow.evidence, holds(EvidenceRow, None)))
        .where(VersionRow.sha256 == sha256, holds(VersionRow, None), visible(reader)).limit(10))
    return [(row.evidence, row.title, row.number) for row in rows]


def blob_named(connection: Connection, sha256: str) -> bool:
    """Whether any version, current or past, names this blob."""
    return connection.execute(select(exists().where(VersionRow.sha256 == sha256))).scalar_one()


def _state(state: str, position: int | None) -> ColumnElement[bool] | None:
    reviewed = exists().where(ReviewRow.version == VersionRow.key, holds(ReviewRow, position))
    withdrawn = exists().where(WithdrawalRow.version == VersionRow.key, holds(WithdrawalRow, position))
    if state == "in-review":
        if position is None:
            return VersionRow.key.in_(select(WaitingRow.version))
        return and_(~reviewed, ~withdrawn)
    if state in ("accepted", "rejected"):
        given = exists().where(ReviewRow.version == VersionRow.key, ReviewRow.verdict == state,
                               holds(ReviewRow, position))
        return and_(given, ~withdrawn)
    if state == "withdrawn":
        return withdrawn
    return None


def _narrowed(reader: Reader, wanted: Filter) -> list[ColumnElement[bool]]:
    position = reader.position
    newer = aliased(VersionRow)
    found: list[ColumnElement[bool]] = [
        visible(reader), holds(EvidenceRow, position), holds(VersionRow, position),
        ~exists().where(newer.evidence == VersionRow.evidence, newer.number > VersionRow.number,
                        _held(newer, position)),
    ]
    if wanted.text:
        escaped = wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found.append(EvidenceRow.title.ilike(f"%{escaped}%", escape="\\"))
    if wanted.kind:
        found.append(EvidenceRow.kind == wanted.kind)
    if wanted.system:
        found.append(EvidenceRow.about_key == wanted.system)
    if wanted.control:
        found.append(exists().where(LinkRow.evidence == EvidenceRow.key, LinkRow.control == wanted.control,
                                    holds(LinkRow, position)))
    state = _state(wanted.state, position)
    if state is not None:
        found.append(state)
    return found


def _held(row: Any, position: int | None) -> ColumnElement[bool]:
    return holds(row, position)


_SORTS: dict[str, Any] = {
    "submitted": VersionRow.submitted.asc(), "-submitted": VersionRow.submitted.desc(),
    "title": EvidenceRow.title.asc(), "-title": EvidenceRow.title.desc(),
    "kind": EvidenceRow.kind.asc(), "-kind": EvidenceRow.kind.desc(),
    "worked": VersionRow.worked.asc(), "-worked": VersionRow.worked.desc(),
}


def library(connection: Connection, reader: Reader, wanted: Filter, *, offset: int = 0, size: int = 50) -> Page:
    """Evidence that fits a filter, each with its newest version."""
    narrowed = _narrowed(reader, wanted)
    counted = (select(EvidenceRow.key).join(VersionRow, VersionRow.evidence == EvidenceRow.key).where(*narrowed)
               .limit(COUNT_LIMIT + 1).subquery())
    total = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    chosen = (select(VersionRow.key).join(EvidenceRow, VersionRow.evidence == EvidenceRow.key).where(*narrowed)
              .order_by(_SORTS.get(wanted.sort, _SORTS["-submitted"]), EvidenceRow.key).limit(size).offset(offset))
    keys = list(connection.execute(chosen).scalars())
    lines = {line.version.key: line for line in _lines(connection, reader.position, keys)}
    return Page([lines[key] for key in keys if key in lines], total, offset, size)


def newest_of(connection: Connection, reader: Reader, keys: list[str]) -> list[EvidenceLine]:
    """Named pieces of evidence that the reader may see, each with its newest version, by title."""
    chosen = (select(VersionRow.key).join(EvidenceRow, VersionRow.evidence == EvidenceRow.key)
              .where(*_narrowed(reader, Filter()), EvidenceRow.key.in_(keys)))
    lines = _lines(connection, reader.position, list(connection.execute(chosen).scalars()))
    return sorted(lines, key=lambda line: (line.title, line.key))


def _lines(connection: Connection, position: int | None, versions: list[str]) -> list[EvidenceLine]:
    if not versions:
        return []
    statement = (
        versions_select(position).where(VersionRow.key.in_(versions))
        .join(EvidenceRow, and_(EvidenceRow.key == VersionRow.evidence, holds(EvidenceRow, position)))
        .outerjoin(SystemRow, and_(SystemRow.key == EvidenceRow.about_key, holds(SystemRow, position)))
        .outerjoin(ThingRow, and_(ThingRow.key == EvidenceRow.about_key, ThingRow.kind == "system"))
        .add_columns(EvidenceRow.title, EvidenceRow.kind, EvidenceRow.about, EvidenceRow.about_key,
                     SystemRow.name.label("system_name"), ThingRow.name.label("slug")))
    unit_names = {key: unit.name for key, unit in units(connection, position).items()}
    return [
        EvidenceLine(row.evidence, row.title, row.kind, About(row.about),
                     row.system_name or unit_names.get(row.about_key or "", "the organisation"), row.slug,
                     version_of(row))
        for row in connection.execute(statement)]


def _queue_of(reader: Reader) -> list[ColumnElement[bool]]:
    narrowed: list[ColumnElement[bool]] = [WaitingRow.submitted_by != reader.actor.key]
    if not reader.everything:
        narrowed.append(WaitingRow.system.in_(sorted(reader.systems)))
    return narrowed


def waiting_count(connection: Connection, reader: Reader) -> int:
    """How many versions wait for this reader's review."""
    return connection.execute(select(func.count()).select_from(WaitingRow).where(*_queue_of(reader))).scalar_one()


def review_queue(connection: Connection, reader: Reader, *, offset: int = 0, size: int = 50) -> Page:
    """Versions that wait for a review by somebody else than their submitter, oldest first."""
    keys = list(connection.execute(
        select(WaitingRow.version).where(*_queue_of(reader)).order_by(WaitingRow.submitted, WaitingRow.version)
        .limit(size).offset(offset)).scalars())
    lines = {line.version.key: line for line in _lines(connection, None, keys)}
    return Page([lines[key] for key in keys if key in lines], waiting_count(connection, reader), offset, size)


def standings_for(connection: Connection, system: str) -> tuple[StandingAcceptance, ...]:
    """Standing acceptances of a system that were not revoked (they may have run out)."""
    rows = connection.execute(
        select(StandingRow.key, StandingRow.system, StandingRow.kind, StandingRow.tool, StandingRow.token,
               StandingRow.reviewer, StandingRow.ends)
        .where(StandingRow.system == system, holds(StandingRow, None)).order_by(StandingRow.key))
    return tuple(StandingAcceptance(row.key, row.system, row.kind, row.tool, row.token, row.reviewer, row.ends)
                 for row in rows)
