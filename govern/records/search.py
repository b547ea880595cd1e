"""Search over systems, evidence and people that a reader may see, fast enough to answer while one types.

A name fits where it holds every word, wherever in it. Systems and evidence are those of the reader's moment; people are
shown as they are now, as everywhere: they are those whose role reaches what the reader sees.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, literal, or_, select

from govern.access.actor import Reader
from govern.facts.people import ScopeKind
from govern.records.evidence import COUNT_LIMIT, visible
from govern.records.moments import holds
from govern.records.systems import in_scope
from govern.records.tables.evidence import EvidenceRow
from govern.records.tables.ledger import ThingRow
from govern.records.tables.people import GrantRow, PersonRow
from govern.records.tables.system import SystemRow

Wanted = Select[Any, Any, Any]
"""What finds one sort: name, key and kind."""


class Sort(StrEnum):
    """What sort of thing is found."""

    SYSTEM = "systems"
    EVIDENCE = "evidence"
    PERSON = "people"


@dataclass(frozen=True)
class Hit:
    """Something found: its name, the slug or key by which it is reached, and what it is (a kind of evidence, or empty)."""

    sort: Sort
    name: str
    key: str
    kind: str = ""


@dataclass(frozen=True)
class Found:
    """One page of what was found, by name, and how many there are (at most one more than COUNT_LIMIT)."""

    hits: tuple[Hit, ...]
    total: int


def search(connection: Connection, reader: Reader, text: str, size: int = 8, *, offset: int = 0,
           sorts: Collection[Sort] = tuple(Sort)) -> dict[Sort, Found]:
    """What holds every word of the text, by sort; sorts of which nothing fits are left out."""
    words = text.split()
    made = {sort: _found(connection, sort, _SELECTS[sort](reader, words), size, offset) for sort in Sort if sort in sorts}
    return {sort: found for sort, found in made.items() if found.total}


def _found(connection: Connection, sort: Sort, wanted: Wanted, size: int, offset: int) -> Found:
    """One page, and the count: a second query only where the page does not show the end."""
    rows = connection.execute(wanted.limit(size).offset(offset)).all()
    total = offset + len(rows)
    if len(rows) == size or (offset and not rows):
        counted = wanted.order_by(None).limit(COUNT_LIMIT + 1).subquery()
        total = connection.execute(select(func.count()).select_from(counted)).scalar_one()
    return Found(tuple(Hit(sort, row.name, row.key, row.kind) for row in rows), total)


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _hold(column: Any, words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [column.ilike(_like(word), escape="\\") for word in words]


def _systems(reader: Reader, words: Sequence[str]) -> Wanted:
    return (select(SystemRow.name, ThingRow.name.label("key"), literal("").label("kind"))
            .join(ThingRow, ThingRow.key == SystemRow.key)
            .where(holds(SystemRow, reader.position), in_scope(reader), *_hold(SystemRow.name, words))
            .order_by(SystemRow.name, SystemRow.key))


def _evidence(reader: Reader, words: Sequence[str]) -> Wanted:
    return (select(EvidenceRow.title.label("name"), EvidenceRow.key, EvidenceRow.kind)
            .where(holds(EvidenceRow, reader.position), visible(reader), *_hold(EvidenceRow.title, words))
            .order_by(EvidenceRow.title, EvidenceRow.key))


def _people(reader: Reader, words: Sequence[str]) -> Wanted:
    return (select(PersonRow.name, PersonRow.key, literal("").label("kind"))
            .where(holds(PersonRow, None), PersonRow.name != "", _known_to(reader), *_hold(PersonRow.name, words))
            .order_by(PersonRow.name, PersonRow.key))


def _known_to(reader: Reader) -> ColumnElement[bool]:
    """Oneself, and everybody whose role reaches what the reader sees."""
    if reader.everything:
        return PersonRow.key.is_not(None)
    oneself = PersonRow.key == reader.actor.key
    seen = reader.systems | reader.units
    if not seen:
        return oneself
    reaches = or_(GrantRow.scope_kind == ScopeKind.EVERYTHING.value, GrantRow.scope.in_(sorted(seen)))
    return or_(oneself, exists().where(GrantRow.person == PersonRow.key, holds(GrantRow, None), reaches))


_SELECTS = {Sort.SYSTEM: _systems, Sort.EVIDENCE: _evidence, Sort.PERSON: _people}
