"""Queries about the ledger: entries as people read them, checkpoints, proofs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select

from govern.access.actor import Reader
from govern.errors import InputRefused, NotFound
from govern.facts.audit import Action
from govern.facts.evidence import About
from govern.facts.moments import Instant
from govern.ledger import tree
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.note import SigningKey
from govern.ledger.proof import Proof
from govern.records.moments import head_position
from govern.records.tables.evidence import EvidenceRow
from govern.records.tables.ledger import CheckpointRow, EntryRow, HeadRow, MentionRow, NodeRow, ThingRow
from govern.records.tables.people import PersonRow
from govern.records.tables.system import SystemRow


@dataclass(frozen=True)
class EntryLine:
    """An entry as a list shows it. `mentions` are (thing's key, its kind, its name for people, slug)."""

    position: int
    instant: Instant
    actor: str
    action: Action
    leaf: str
    content: str
    mentions: tuple[tuple[str, str, str, str], ...] = ()


def root_at(connection: Connection, position: int) -> str:
    """The tree's root over the first `position` entries, hex."""
    head = connection.execute(select(HeadRow.position, HeadRow.root)).one_or_none()
    if position == 0 or head is None:
        return tree.EMPTY_ROOT.hex()
    if head.position == position:
        return str(head.root)
    frontier = [_node(connection, level, place) for level, place in tree.frontier_addresses(position)]
    return tree.root_of_frontier(position, frontier).hex()


def _node(connection: Connection, level: int, place: int) -> bytes:
    return bytes.fromhex(connection.execute(
        select(NodeRow.hash).where(NodeRow.level == level, NodeRow.place == place)).scalar_one())


def _scope(reader: Reader) -> ColumnElement[bool]:
    """Entries that the reader may see: all, or those that touch a system or unit of theirs."""
    limit = EntryRow.position <= reader.moment.position
    if reader.everything:
        return limit
    seen = select(MentionRow.position).where(MentionRow.thing.in_(sorted(reader.systems | reader.units)))
    return limit & EntryRow.position.in_(seen)


def entries(connection: Connection, reader: Reader, *, before: int | None = None, after: int | None = None,
            thing: str | None = None, things: Collection[str] | None = None, actor: str | None = None,
            action: str | None = None, size: int = 50) -> list[EntryLine]:
    """Entries, newest first (or oldest first when `after` is given), with what they touched.

    `thing` narrows to what touched one thing, `things` to what touched any of several.
    """
    wanted = [_scope(reader)]
    if before is not None:
        wanted.append(EntryRow.position < before)
    if after is not None:
        wanted.append(EntryRow.position > after)
    if thing:
        wanted.append(EntryRow.position.in_(select(MentionRow.position).where(MentionRow.thing == thing)))
    if things is not None:
        wanted.append(EntryRow.position.in_(select(MentionRow.position).where(MentionRow.thing.in_(sorted(things)))))
    if actor:
        wanted.append(EntryRow.actor == actor)
    if action:
        wanted.append(EntryRow.action == action)
    order = EntryRow.position.asc() if after is not None else EntryRow.position.desc()
    rows = connection.execute(
        select(EntryRow.position, EntryRow.instant, EntryRow.actor, EntryRow.action, EntryRow.leaf, EntryRow.content)
        .where(*wanted).order_by(order).limit(size)).all()
    mentions = _mentions(connection, reader, [row.position for row in rows])
    return [EntryLine(row.position, row.instant, row.actor, Action(row.action), row.leaf, row.content,
                      tuple(mentions.get(row.position, ()))) for row in rows]


def _mentions(connection: Connection, reader: Reader,
              positions: list[int]) -> dict[int, list[tuple[str, str, str, str]]]:
    """What entries touched, with names: systems, evidence, people and units only. Out of scope stays out."""
    if not positions:
        return {}
    rows = connection.execute(
        select(MentionRow.position, ThingRow.key, ThingRow.kind, ThingRow.name,
               SystemRow.name.label("system_name"), EvidenceRow.title, EvidenceRow.about, EvidenceRow.about_key,
               PersonRow.name.label("person_name"))
        .join(ThingRow, ThingRow.key == MentionRow.thing)
        .outerjoin(SystemRow, (SystemRow.key == ThingRow.key) & SystemRow.until.is_(None))
        .outerjoin(EvidenceRow, (EvidenceRow.key == ThingRow.key) & EvidenceRow.until.is_(None))
        .outerjoin(PersonRow, (PersonRow.key == ThingRow.key) & PersonRow.until.is_(None))
        .where(MentionRow.position.in_(positions), ThingRow.kind.in_(["system", "evidence", "person", "unit"]))
        .order_by(ThingRow.kind, ThingRow.key))
    found: dict[int, list[tuple[str, str, str, str]]] = {}
    for row in rows:
        if not _may_name(reader, row):
            continue
        name = row.system_name or row.title or row.person_name or row.name or ""
        found.setdefault(row.position, []).append((row.key, row.kind, name, row.name or ""))
    return found


def _may_name(reader: Reader, row: Any) -> bool:
    """Whether a reader may see the name of what an entry touched: one entry can touch things in and out of scope."""
    if reader.everything:
        return True
    if row.kind == "system":
        return reader.sees(row.key)
    if row.kind == "unit":
        return row.key in reader.units
    if row.kind == "evidence":
        return row.about == About.ORGANISATION.value or row.about_key in reader.systems | reader.units
    return True


def checkpoint_now(connection: Connection, origin: str) -> Checkpoint:
    """The present head as a checkpoint, not signed yet."""
    position = head_position(connection)
    return Checkpoint(origin, position, bytes.fromhex(root_at(connection, position)))


def newest_checkpoint(connection: Connection) -> tuple[int, Instant, str] | None:
    """(position, the instant of its last entry, the note) of the newest signed checkpoint."""
    row = connection.execute(
        select(CheckpointRow.position, EntryRow.instant, CheckpointRow.note)
        .join(EntryRow, EntryRow.position == CheckpointRow.position)
        .order_by(CheckpointRow.position.desc()).limit(1)).one_or_none()
    return (row.position, row.instant, row.note) if row else None


def sign_checkpoint(connection: Connection, key: SigningKey) -> str:
    """Sign the present head, keep the note and return it; the same head gives the note that was kept."""
    checkpoint = checkpoint_now(connection, key.name)
    kept = connection.execute(select(CheckpointRow.note).where(
        CheckpointRow.position == checkpoint.size)).scalar_one_or_none()
    if kept is not None:
        return kept
    note = checkpoint.signed(key)
    if checkpoint.size:
        connection.execute(insert(CheckpointRow).values(position=checkpoint.size, note=note))
    return note


def proof_of(connection: Connection, position: int, note: str, size: int) -> Proof:
    """That an entry is in the tree of a signed checkpoint; raises NotFound when it is later than that."""
    if not 1 <= position <= size:
        raise NotFound(f"The checkpoint of {size} entries holds no entry {position}.",
                       mend="Take a newer checkpoint, or an earlier entry.")
    hashes = tree.inclusion_proof(position, size, lambda level, place: _node(connection, level, place))
    return Proof(position, hashes, note)


def consistency(connection: Connection, first: int, second: int) -> tuple[bytes, ...]:
    """The proof that the tree of `first` entries is the beginning of the tree of `second` (RFC 9162, 2.1.4)."""
    if not 0 < first <= second <= head_position(connection):
        raise InputRefused(f"There is no consistency proof from {first} to {second}.", field="from",
                           mend="Name two positions of the ledger, the smaller first.")
    return tree.consistency_proof(first, second, lambda level, place: _node(connection, level, place))
