"""Verification finds a single changed character in any column of any fact or ledger row, and names it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, text

from govern.facts.audit import Action
from govern.ledger.note import generate_key
from govern.records.ledger import root_at, sign_checkpoint
from govern.records.store import Store
from govern.records.tables.people import PersonRow, UnitRow
from govern.records.verify import verify
from govern.records.work import Work, perform

NOW = 1_780_000_000_000
KEY = generate_key("govern.test")


@pytest.fixture
def ledger(store: Store) -> Store:
    """Some units and people, one change, and a signed checkpoint; the guards are taken away, as an intruder would."""
    def act(work: Work) -> None:
        unit = work.thing("unit", "lending")
        work.put(UnitRow, unit, {"slug": "lending", "name": "Lending", "parent": None})
        person = work.thing("person")
        work.put(PersonRow, person, {"name": "Ada", "email": "ada@example.org", "active": 1}, touches=[unit])

    def change(work: Work) -> None:
        key = work.connection.execute(text("SELECT key FROM unit")).scalar_one()
        work.put(UnitRow, key, {"slug": "lending", "name": "Lending 2", "parent": None}, replaces=True)

    perform(store, actor="somebody", action=Action.UNIT_ADD, now=NOW, act=act)
    perform(store, actor="somebody", action=Action.UNIT_ADD, now=NOW + 1, act=change)
    perform(store, actor="somebody", action=Action.UNIT_ADD, now=NOW + 2, act=add)
    with store.writing() as connection:
        sign_checkpoint(connection, KEY)
        _drop_guards(connection)
    return store


def add(work: Work) -> None:
    work.put(UnitRow, work.thing("unit", "cards"), {"slug": "cards", "name": "Cards", "parent": None})


def _drop_guards(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in names:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        connection.execute(text("DROP FUNCTION govern_guard() CASCADE"))


def faults(store: Store) -> list[str]:
    with store.reading() as connection:
        found = verify(connection, [KEY.verifier])
    return [str(fault) for fault in found.faults if fault.code != "guard-missing"]


def test_an_untouched_ledger_is_intact(ledger: Store) -> None:
    assert faults(ledger) == []


def test_missing_guards_are_told(ledger: Store) -> None:
    with ledger.reading() as connection:
        assert any(fault.code == "guard-missing" for fault in verify(connection, [KEY.verifier]).faults)


def _altered(value: Any) -> Any:
    if value is None:
        return 1
    if isinstance(value, int):
        return value + 1
    return ("0" if value[:1] != "0" else "1") + value[1:]


TABLES = ["unit", "person", "thing", "entry", "node", "head", "checkpoint", "mention"]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_of_every_row(ledger: Store, table: str) -> None:
    """Each value of each row is altered in turn, in a transaction that is rolled back."""
    with ledger.engine.connect() as connection:
        rows = connection.execute(text(f'SELECT * FROM "{table}"')).mappings().all()
    assert rows
    missed: list[str] = []
    for row in rows:
        for column, value in row.items():
            text_column = column in ("parent", "name") and value is None
            changed = "x" if text_column else _altered(value)
            if not _found(ledger, table, dict(row), column, changed):
                missed.append(f"{table}.{column}: {value!r} to {changed!r}")
    assert missed == []


def _found(ledger: Store, table: str, row: dict[str, Any], column: str, changed: Any) -> bool:
    where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM :w_{name}' for name in row)
    with ledger.engine.connect() as connection:
        transaction = connection.begin()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        try:
            done = connection.execute(text(f'UPDATE "{table}" SET "{column}" = :new WHERE {where}'),
                                      {"new": changed, **{f"w_{name}": value for name, value in row.items()}})
            assert done.rowcount == 1
            named = verify(connection, [KEY.verifier])
            return any(fault.code != "guard-missing" for fault in named.faults)
        except Exception as refused:
            # The head's own check or a key may refuse the change outright, which is as good.
            return "constraint" in str(refused).lower()
        finally:
            transaction.rollback()
            if connection.dialect.name != "sqlite":
                connection.execute(text("SET session_replication_role = DEFAULT"))


@pytest.mark.parametrize("table", ["unit", "person", "thing", "entry", "node", "mention"])
def test_every_lost_row(ledger: Store, table: str) -> None:
    with ledger.engine.connect() as connection:
        transaction = connection.begin()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        first = connection.execute(text(f'SELECT * FROM "{table}"')).mappings().first()
        assert first is not None
        where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM :{name}' for name in first)
        connection.execute(text(f'DELETE FROM "{table}" WHERE {where}'), dict(first))
        found = verify(connection, [KEY.verifier])
        transaction.rollback()
        if connection.dialect.name != "sqlite":
            connection.execute(text("SET session_replication_role = DEFAULT"))
    assert any(fault.code != "guard-missing" for fault in found.faults)


def test_a_ledger_rolled_back_shows_against_a_checkpoint_kept_elsewhere(ledger: Store) -> None:
    """Everything after entry 2 is taken out so well that the ledger fits itself; the auditor's checkpoint does not."""
    with ledger.writing() as connection:
        note = connection.execute(text("SELECT note FROM checkpoint")).scalar_one()
        root = root_at(connection, 2)
        instant = connection.execute(text("SELECT instant FROM entry WHERE position = 2")).scalar_one()
        connection.execute(text("DELETE FROM checkpoint"))
        connection.execute(text("DELETE FROM unit WHERE since = 3"))
        connection.execute(text("DELETE FROM mention WHERE position = 3"))
        connection.execute(text("DELETE FROM thing WHERE last = 3"))
        connection.execute(text("DELETE FROM node WHERE level = 0 AND place = 2"))
        connection.execute(text("DELETE FROM entry WHERE position = 3"))
        connection.execute(text("UPDATE head SET position = 2, root = :root, instant = :instant"),
                           {"root": root, "instant": instant})
    assert faults(ledger) == []
    with ledger.reading() as connection:
        kept = verify(connection, [KEY.verifier], checkpoints=[note])
    assert [fault.code for fault in kept.faults if fault.code != "guard-missing"] == ["checkpoint-beyond"]
