"""Appending: one entry with its facts or nothing, conflicts by what was read, the clock, idempotency."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from govern.errors import Conflict, LedgerUnavailable, MovedMeanwhile
from govern.facts.audit import Action
from govern.ledger.note import generate_key
from govern.records.base import fact_tables
from govern.records.ledger import entries, proof_of, root_at, sign_checkpoint
from govern.records.moments import head_position, holds, moment_of_instant
from govern.records.store import Store
from govern.records.tables.ledger import EntryRow, ThingRow
from govern.records.tables.people import PersonRow, UnitRow
from govern.records.verify import verify
from govern.records.work import Done, Once, Replayed, Work, perform

NOW = 1_780_000_000_000


def add_unit(store: Store, slug: str, now: int = NOW, once: Once[str] | None = None) -> Done[str]:
    def act(work: Work) -> str:
        key = work.thing("unit", slug)
        work.put(UnitRow, key, {"slug": slug, "name": slug.title(), "parent": None})
        return key

    return perform(store, actor="somebody", action=Action.UNIT_ADD, now=now, act=act, once=once)


def rename(store: Store, key: str, name: str, now: int = NOW) -> Done[None]:
    def act(work: Work) -> None:
        slug = work.connection.execute(select(UnitRow.slug).where(UnitRow.key == key, holds(UnitRow, None))).scalar_one()
        work.put(UnitRow, key, {"slug": slug, "name": name, "parent": None}, replaces=True)

    return perform(store, actor="somebody", action=Action.UNIT_ADD, now=now, act=act)


def test_a_change_closes_the_old_row_and_the_past_stays(store: Store) -> None:
    key = add_unit(store, "lending").value
    rename(store, key, "Lending and cards", NOW + 1000)
    with store.reading() as connection:
        def name(position: int | None) -> str:
            return connection.execute(
                select(UnitRow.name).where(UnitRow.key == key, holds(UnitRow, position))).scalar_one()

        assert (name(1), name(2), name(None)) == ("Lending", "Lending and cards", "Lending and cards")
        assert moment_of_instant(connection, NOW + 999).position == 1
        assert moment_of_instant(connection, NOW - 1).position == 0


def test_an_error_in_the_action_leaves_nothing(store: Store) -> None:
    def act(work: Work) -> None:
        work.put(UnitRow, work.thing("unit", "lost"), {"slug": "lost", "name": "Lost", "parent": None})
        raise Conflict("no")

    with pytest.raises(Conflict):
        perform(store, actor="somebody", action=Action.UNIT_ADD, now=NOW, act=act)
    with store.reading() as connection:
        assert head_position(connection) == 0
        assert connection.execute(select(ThingRow.key)).all() == []


def test_what_moved_meanwhile_makes_the_action_start_again(store: Store) -> None:
    """The race that a nested approval loses: another entry touches what was read, before the head is locked."""
    key = add_unit(store, "lending").value
    seen: list[int] = []

    def act(work: Work) -> None:
        work.watch(key)
        seen.append(work.moment.position)
        if store.engine.dialect.name == "postgresql" and len(seen) == 1:
            rename(store, key, "Moved")
        work.put(UnitRow, work.thing("unit", f"cards-{len(seen)}"), {"slug": f"cards-{len(seen)}", "name": "C", "parent": key})

    perform(store, actor="somebody", action=Action.UNIT_ADD, now=NOW, act=act)
    assert len(seen) == (2 if store.engine.dialect.name == "postgresql" else 1)


@pytest.mark.postgresql
def test_three_conflicts_in_a_row_are_told(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        return  # BEGIN IMMEDIATE lets one writer in at a time: there is nothing to conflict with
    key = add_unit(store, "lending").value

    def act(work: Work) -> None:
        work.watch(key)
        rename(store, key, "Moved")
        work.put(UnitRow, work.thing("unit", "cards"), {"slug": "cards", "name": "C", "parent": key})

    with pytest.raises(MovedMeanwhile):
        perform(store, actor="somebody", action=Action.UNIT_ADD, now=NOW, act=act)


def test_a_clock_set_back_refuses_and_changes_nothing(store: Store) -> None:
    add_unit(store, "lending")
    with pytest.raises(LedgerUnavailable, match="clock"):
        add_unit(store, "cards", NOW - 6_000)
    add_unit(store, "cards", NOW - 4_000)
    with store.reading() as connection:
        instants = connection.execute(select(EntryRow.instant).order_by(EntryRow.position)).scalars().all()
    assert instants == [NOW, NOW]


def test_the_same_request_is_carried_out_once(store: Store) -> None:
    once: Once[str] = Once("k1", "unit lending", lambda done: {"key": done.value, "entry": done.entry})
    first = add_unit(store, "lending", once=once)
    with pytest.raises(Replayed) as again:
        add_unit(store, "lending", once=once)
    assert again.value.body == {"key": first.value, "entry": first.entry}
    with pytest.raises(Conflict):
        add_unit(store, "cards", once=Once("k1", "unit cards", lambda done: {}))


def test_writers_in_parallel_leave_no_gap_and_no_fork(store: Store) -> None:
    faults: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(5):
                add_unit(store, f"unit-{writer}-{number}")
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with store.reading() as connection:
        assert connection.execute(select(EntryRow.position).order_by(EntryRow.position)).scalars().all() == list(
            range(1, 41))
        assert verify(connection, []).intact


def test_a_proof_of_an_entry_verifies_against_the_signed_checkpoint(store: Store) -> None:
    from govern.ledger.proof import Proof
    from govern.ledger.proof import verify as verify_proof

    for slug in ("a", "b", "c", "d", "e"):
        add_unit(store, slug)
    key = generate_key("govern.test")
    with store.writing() as connection:
        note = sign_checkpoint(connection, key)
        assert sign_checkpoint(connection, key) == note
    with store.reading() as connection:
        for position in range(1, 6):
            leaf = bytes.fromhex(connection.execute(
                select(EntryRow.leaf).where(EntryRow.position == position)).scalar_one())
            proof = Proof.from_text(proof_of(connection, position, note, 5).to_text())
            assert verify_proof(proof, leaf, [key.verifier]).size == 5
        assert root_at(connection, 3) != root_at(connection, 5)


GUARDED = [
    "UPDATE unit SET name = 'x'", "UPDATE unit SET digest = 'x'", "DELETE FROM unit", "DELETE FROM entry",
    "UPDATE entry SET actor = 'x'", "UPDATE node SET hash = 'x'", "DELETE FROM node", "UPDATE thing SET kind = 'x'",
    "UPDATE thing SET last = 0", "DELETE FROM thing", "UPDATE unit SET redacted = 1",
]


@pytest.mark.parametrize("statement", GUARDED)
def test_the_database_itself_refuses_to_change_facts(store: Store, statement: str) -> None:
    add_unit(store, "lending")
    with pytest.raises(DBAPIError), store.engine.connect() as connection, connection.begin():
        connection.execute(text(statement))


def test_replace_does_not_walk_past_the_guards(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        return  # REPLACE is SQLite's; PostgreSQL's upsert is an UPDATE, which is guarded above
    add_unit(store, "lending")
    with pytest.raises(DBAPIError), store.engine.connect() as connection, connection.begin():
        connection.execute(text("INSERT OR REPLACE INTO unit SELECT * FROM unit"))


def test_closing_twice_is_refused(store: Store) -> None:
    key = add_unit(store, "lending").value
    rename(store, key, "Other")
    with pytest.raises(DBAPIError), store.engine.connect() as connection, connection.begin():
        connection.execute(update(UnitRow).where(UnitRow.until.is_not(None)).values(until=9))


def test_every_fact_table_is_guarded_and_shaped() -> None:
    assert {row.__tablename__ for row in fact_tables()} >= {"unit", "person", "evidence", "version", "review", "system"}
    for row in fact_tables():
        own = {column.name for column in row.__table__.columns} - {
            "id", "key", "since", "until", "shape", "salt", "digest", "redacted"}
        assert own == set(row.FIELDS), f"{row.__tablename__}: every column is in the shape, and nothing else"
        assert own >= row.LONG
        assert own >= row.PERSONAL
    assert {"name", "email"} == PersonRow.PERSONAL


def test_activity_names_what_an_entry_touched(store: Store) -> None:
    from govern.access.actor import Actor, Reader
    from govern.records.moments import moment_now

    add_unit(store, "lending")
    with store.reading() as connection:
        reader = Reader(Actor("a", "A", ()), moment_now(connection, NOW), None, everything=True)
        line = entries(connection, reader)[0]
    assert line.action is Action.UNIT_ADD
    assert [(kind, name) for _, kind, name, _ in line.mentions] == [("unit", "lending")]
