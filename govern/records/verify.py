"""Verification of everything kept: facts, ledger rows, guards, what follows from them, and blobs.

Reads with the driver's own rows, because 100,000 facts should take well under two seconds. The rules of what must hold
are ledger.audit's; this module only fetches what is kept and adds what lies outside the ledger proper: things, mentions
and guards.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from govern.errors import LedgerError, ProofRefused
from govern.ledger.audit import (
    Columns,
    Head,
    StoredEntry,
    StoredFact,
    check_blobs,
    check_facts,
    check_ledger,
)
from govern.ledger.checkpoint import read_checkpoint
from govern.ledger.claims import Claims
from govern.ledger.faults import Fault
from govern.ledger.note import VerifierKey
from govern.ledger.tree import Node
from govern.records import guards
from govern.records.base import SHAPES, Fact, digest_of, fact_tables
from govern.records.tables.ledger import CheckpointRow, EntryRow, HeadRow, MentionRow, NodeRow, ThingRow


@dataclass(frozen=True)
class Verification:
    """What verification looked at and found. `faults` empty: everything is as it was recorded.

    `redacted` are (table, row id, entry) of rows that were emptied by an entry: neither intact nor tampered with.
    """

    faults: tuple[Fault, ...]
    entries: int
    facts: int
    blobs: int
    checkpoints: int
    root: str | None
    redacted: tuple[tuple[str, str, int], ...]

    @property
    def intact(self) -> bool:
        """Whether nothing was found altered."""
        return not self.faults


def _entries(connection: Connection) -> Iterator[StoredEntry]:
    rows = connection.execute(
        select(EntryRow.position, EntryRow.instant, EntryRow.actor, EntryRow.action, EntryRow.content)
        .order_by(EntryRow.position))
    for position, instant, actor, action, content in rows:
        batch = json.loads(content).get("batch") if '"batch"' in content else None
        yield StoredEntry(position, content.encode(), Columns(instant, actor, action, batch))


def _leaf_faults(connection: Connection) -> Iterator[Fault]:
    """The leaf column repeats the lowest level of the tree."""
    rows = connection.execute(
        select(EntryRow.position, EntryRow.leaf, NodeRow.hash)
        .join(NodeRow, (NodeRow.level == 0) & (NodeRow.place == EntryRow.position - 1))
        .where(EntryRow.leaf != NodeRow.hash))
    for position, _, _ in rows:
        yield Fault("entry-column", f"entry {position}", "columns differ from its content: leaf")


def _beside(connection: Connection) -> Iterator[Fault]:
    """What the head and the checkpoints' rows repeat."""
    newest = connection.execute(select(EntryRow.instant).order_by(EntryRow.position.desc()).limit(1)).scalar()
    head = connection.execute(select(HeadRow.instant)).scalar_one_or_none()
    if head is not None and head != (newest or 0):
        yield Fault("head-mismatch", "head", "its instant is not that of the last entry")
    for position, note in connection.execute(select(CheckpointRow.position, CheckpointRow.note)):
        try:
            size = read_checkpoint(note).size
        except ProofRefused:
            continue  # reported with the other checkpoints
        if size != position:
            yield Fault("checkpoint-altered", f"checkpoint {position}", f"its note speaks of {size} entries")


def _facts(connection: Connection) -> Iterator[StoredFact]:
    for row in fact_tables():
        yield from _facts_of(connection, row)


def _facts_of(connection: Connection, row: type[Fact]) -> Iterator[StoredFact]:
    table = row.__tablename__
    columns = [column.name for column in row.__table__.columns]
    quoted = ", ".join(f'"{name}"' for name in columns)
    for values in connection.exec_driver_sql(f'SELECT {quoted} FROM "{table}"'):  # noqa: S608 - our own names
        read: dict[str, Any] = dict(zip(columns, values, strict=True))
        yield StoredFact(table, read["id"], _recomputed(table, read), read["digest"], read["since"], read["until"],
                         read["redacted"])


def _recomputed(table: str, values: dict[str, Any]) -> str | None:
    known = SHAPES.get(values["shape"])
    if known is None or known[0].__tablename__ != table:
        return None
    try:
        return digest_of(table, values["shape"], values)
    except (LedgerError, TypeError, AttributeError):
        return None


def _things(connection: Connection) -> Iterator[Fault]:
    """Things, and which entries touched them, follow from the entries and the facts."""
    kept = {row.key: row for row in connection.execute(
        select(ThingRow.key, ThingRow.kind, ThingRow.name, ThingRow.last))}
    touched: dict[str, int] = {}
    mentioned = {(row.thing, row.position) for row in connection.execute(
        select(MentionRow.thing, MentionRow.position))}
    expected: set[tuple[str, int]] = set()
    for position, content in connection.execute(
            select(EntryRow.position, EntryRow.content).order_by(EntryRow.position)):
        try:
            things = json.loads(content).get("touched", ())
        except ValueError:
            continue  # reported as a malformed entry
        for thing in things:
            touched[thing] = position
            expected.add((thing, position))
    for thing, position in sorted(mentioned ^ expected):
        yield Fault("mention-altered", f"mention of thing {thing}",
                    f"entry {position} {'does not touch it' if (thing, position) in mentioned else 'is left out'}")
    for key, row in kept.items():
        if touched.get(key) != row.last:
            yield Fault("thing-altered", f"thing {key}", f"says that entry {row.last} touched it last, "
                                                         f"it was entry {touched.get(key)}")
    for key in touched.keys() - kept.keys():
        yield Fault("thing-missing", f"thing {key}", "entries touch it, but it is not there")
    yield from _thing_names(connection, {key: (row.kind, row.name) for key, row in kept.items()})


def _thing_names(connection: Connection, kept: dict[str, tuple[str, str | None]]) -> Iterator[Fault]:
    for row in fact_tables():
        table = row.__tablename__
        slugged = "slug" in row.FIELDS
        chosen = f'SELECT DISTINCT key{", slug" if slugged else ""} FROM "{table}"'  # noqa: S608 - our own names
        for values in connection.exec_driver_sql(chosen):
            kind, name = kept.get(values[0], (None, None))
            if kind is not None and (kind != table or name != (values[1] if slugged else None)):
                yield Fault("thing-altered", f"thing {values[0]}", f"its kind or name is not that of its {table}")


def _nodes(connection: Connection) -> Iterator[Node]:
    for level, place, hash_ in connection.execute(select(NodeRow.level, NodeRow.place, NodeRow.hash)):
        yield Node(level, place, _hex(hash_))


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _head(connection: Connection) -> Head | None:
    row = connection.execute(select(HeadRow.position, HeadRow.root)).one_or_none()
    return Head(row.position, _hex(row.root)) if row else None


def verify(connection: Connection, keys: Iterable[VerifierKey], *,
           rehash: Callable[[str], str | None] | None = None,
           checkpoints: Iterable[str] = ()) -> Verification:
    """Re-derive everything and name what was altered.

    `rehash` gives the SHA-256 of a blob's bytes as they are now (None when it is missing); without it blobs are not
    looked at. `checkpoints` are signed notes kept elsewhere, which alone can show that the whole ledger was exchanged.
    """
    kept_notes = list(connection.execute(select(CheckpointRow.note).order_by(CheckpointRow.position)).scalars())
    ledger = check_ledger(_entries(connection), _nodes(connection), _head(connection), [*kept_notes, *checkpoints],
                          list(keys))
    facts = check_facts(ledger.claims, _facts(connection))
    faults = [*ledger.faults, *facts.faults, *_leaf_faults(connection), *_beside(connection),
              *_things(connection)]
    faults += [Fault("guard-missing", f"guard {name}", "is not in the database as it was made; run “govern init”")
               for name in guards.missing(connection)]
    blobs = 0
    if rehash is not None:
        audit = check_blobs(ledger.claims, _rehashed(ledger.claims, rehash))
        faults += audit.faults
        blobs = audit.blobs
    return Verification(tuple(faults), ledger.entries, facts.rows, blobs, ledger.checkpoints,
                        ledger.root.hex() if ledger.root is not None else None, facts.redacted)


def _rehashed(claims: Claims, rehash: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
    for name in claims.blobs:
        found = rehash(name)
        if found is not None:
            yield name, found
