"""The one way to append: facts and their ledger entry in one transaction, under the lock of the head.

Rules: the head is locked last; what the action had read must not have moved since its position (`thing.last`); the
clock may be at most 5 s behind the last entry and not absurdly ahead; at most 1,000 rows an entry; if the entry cannot
be written, nothing was changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, tuple_, update

from govern.errors import LedgerUnavailable
from govern.facts.audit import Action
from govern.facts.moments import DAY, Instant, iso_instant
from govern.ledger import tree
from govern.ledger.entry import Closed, Entry, Wrote
from govern.records.base import Fact, digest_of
from govern.records.ids import NewId, new_salt
from govern.records.tables.ledger import EntryRow, HeadRow, MentionRow, NodeRow, ThingRow

BEHIND: Instant = 5_000
AHEAD: Instant = 5 * 365 * DAY


class Moved(Exception):
    """Something that the action read was touched by a later entry."""


@dataclass
class Draft:
    """What one action wants recorded. `watched` are the things it read, `touched` those whose state it changes."""

    writes: list[tuple[type[Fact], str, dict[str, Any]]] = field(default_factory=list)
    closes: list[tuple[type[Fact], str]] = field(default_factory=list)
    things: list[tuple[str, str, str | None]] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    blobs: set[str] = field(default_factory=set)
    batch: str | None = None

    def __bool__(self) -> bool:
        return bool(self.writes or self.closes)


def _lock_head(connection: Connection) -> tuple[int, Instant]:
    statement = select(HeadRow.position, HeadRow.instant)
    if connection.dialect.name == "postgresql":
        statement = statement.with_for_update()
    row = connection.execute(statement).one()
    return row.position, row.instant


def _check_clock(now: Instant, last: Instant) -> None:
    if now < last - BEHIND:
        raise LedgerUnavailable(
            f"This machine's clock says {iso_instant(now)}, but the last entry is of {iso_instant(last)}.",
            mend="Set the clock right; until then nothing can be recorded.")
    if last and now > last + AHEAD:
        raise LedgerUnavailable(
            f"This machine's clock says {iso_instant(now)}, years after the last entry ({iso_instant(last)}).",
            mend="Set the clock right; until then nothing can be recorded.")


def _check_unmoved(connection: Connection, draft: Draft, read_at: int, head: int) -> None:
    if head == read_at:
        return
    watched = sorted(draft.watched | draft.touched)
    moved = connection.execute(
        select(ThingRow.key).where(ThingRow.key.in_(watched), ThingRow.last > read_at).limit(1)).first()
    if moved is not None:
        raise Moved


def _write_things(connection: Connection, draft: Draft, position: int) -> None:
    made = {key for key, _, _ in draft.things}
    if draft.things:
        connection.execute(insert(ThingRow), [
            {"key": key, "kind": kind, "name": name, "last": position} for key, kind, name in draft.things])
    touched = sorted(draft.touched - made)
    if touched:
        connection.execute(update(ThingRow).where(ThingRow.key.in_(touched)).values(last=position))


def _write_facts(connection: Connection, draft: Draft, position: int, new_id: NewId) -> list[Wrote]:
    wrote: list[Wrote] = []
    rows_of: dict[type[Fact], list[dict[str, Any]]] = {}
    for row, key, values in draft.writes:
        full = {**values, "id": new_id(), "key": key, "since": position, "until": None, "shape": row.SHAPE,
                "salt": new_salt(), "redacted": None}
        full["digest"] = digest_of(row.__tablename__, row.SHAPE, full)
        rows_of.setdefault(row, []).append(full)
        wrote.append(Wrote(row.__tablename__, full["id"], full["digest"]))
    for row, rows in rows_of.items():
        connection.execute(insert(row), rows)
    return wrote


def _close_facts(connection: Connection, draft: Draft, position: int) -> list[Closed]:
    closed: list[Closed] = []
    for row, key in draft.closes:
        found = connection.execute(
            update(row).where(row.key == key, row.until.is_(None)).values(until=position).returning(row.id)).scalars()
        closed += [Closed(row.__tablename__, id_) for id_ in found]
    return closed


def _frontier(connection: Connection, size: int) -> list[bytes]:
    addresses = tree.frontier_addresses(size)
    if not addresses:
        return []
    found = {(row.level, row.place): row.hash for row in connection.execute(
        select(NodeRow.level, NodeRow.place, NodeRow.hash)
        .where(tuple_(NodeRow.level, NodeRow.place).in_(addresses)))}
    return [bytes.fromhex(found[address]) for address in addresses]


def _grow(connection: Connection, size: int, leaf: bytes) -> str:
    frontier, made = tree.grow(size, _frontier(connection, size), leaf)
    connection.execute(insert(NodeRow), [
        {"level": level, "place": place, "hash": hash_.hex()} for level, place, hash_ in made])
    return tree.root_of_frontier(size + 1, frontier).hex()


def append(connection: Connection, draft: Draft, *, actor: str, action: Action, now: Instant, read_at: int,
           new_id: NewId) -> Entry:
    """Record a draft as one entry and return it.

    Raises Moved when something read at `read_at` has moved, LedgerUnavailable when the clock is wrong.
    """
    head, last = _lock_head(connection)
    _check_unmoved(connection, draft, read_at, head)
    _check_clock(now, last)
    position, instant = head + 1, max(now, last)
    _write_things(connection, draft, position)
    closed = _close_facts(connection, draft, position)
    wrote = _write_facts(connection, draft, position, new_id)
    touched = sorted(draft.touched | {key for key, _, _ in draft.things})
    entry = Entry(position=position, instant=instant, actor=actor, action=action.value, wrote=tuple(wrote),
                  closed=tuple(closed), touched=tuple(touched), blobs=tuple(sorted(draft.blobs)), batch=draft.batch)
    leaf = entry.leaf()
    connection.execute(insert(EntryRow).values(
        position=position, instant=instant, actor=actor, action=action.value,
        content=entry.canonical().decode(), leaf=leaf.hex()))
    _mention(connection, touched, position)
    connection.execute(update(HeadRow).values(position=position, instant=instant, root=_grow(connection, head, leaf)))
    return entry


def _mention(connection: Connection, things: Sequence[str], position: int) -> None:
    if things:
        connection.execute(insert(MentionRow), [{"thing": thing, "position": position} for thing in things])
