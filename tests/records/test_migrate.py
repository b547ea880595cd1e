"""Migrations: the tables are what the code says, steps go up and down, nothing recorded changes, guards come back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from govern.errors import SettingsError
from govern.folders import folder
from govern.records import guards, migrate
from govern.records.base import Base
from govern.records.ledger import root_at
from govern.records.moments import head_position
from govern.records.store import Store, engine_at
from govern.records.verify import verify
from tests.bank import Bank, contents, reviewed


def tables(store: Store) -> set[str]:
    with store.reading() as connection:
        return set(inspect(connection).get_table_names())


def root(store: Store) -> str:
    with store.reading() as connection:
        return root_at(connection, head_position(connection))


# -- the steps -----------------------------------------------------------------------------------------------------


def test_the_migrated_tables_are_those_of_the_code(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    assert tables(store) == set(Base.metadata.tables) | {"alembic_version"}


def test_every_table_is_strict_on_sqlite(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        return  # PostgreSQL is always strict
    with store.reading() as connection:
        loose = connection.execute(text(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict")).scalars().all()
    assert set(loose) <= {"alembic_version", "sqlite_schema", "sqlite_stat1", "sqlite_stat4"}


def test_the_file_head_names_the_newest_revision() -> None:
    """Two steps made at the same time collide in this file, where git shows it."""
    script = ScriptDirectory(str(folder("migrations")))
    assert script.get_heads() == [(folder("migrations") / "HEAD").read_text().strip()] == [migrate.newest()]
    numbers = [path.name[:4] for path in sorted((folder("migrations") / "versions").glob("*.py"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert [step.revision for step in script.walk_revisions()][::-1] == numbers


def test_down_to_nothing_and_up_again(store: Store) -> None:
    migrate.downgrade(store, "base")
    assert tables(store) <= {"alembic_version", "sqlite_stat1"}
    migrate.upgrade(store)
    migrate.check(store)
    with store.reading() as connection:
        assert verify(connection, []).intact
        assert head_position(connection) == 0


def test_upgrading_what_is_new_already_changes_nothing(bank: Bank) -> None:
    before = contents(bank.office.store)
    migrate.upgrade(bank.office.store)
    assert contents(bank.office.store) == before


# -- a step to come, on populated data -------------------------------------------------------------------------------

NEXT = '''
"""A step to come: a nullable column, which on SQLite makes the table anew"""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade():
    with op.batch_alter_table("unit", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch:
        batch.add_column(sa.Column("colour", sa.Text()))


def downgrade():
    with op.batch_alter_table("unit", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as batch:
        batch.drop_column("colour")
'''


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The migrations with one more step; gives the revision before it."""
    head = migrate.newest()
    place = tmp_path / "migrations"
    shutil.copytree(folder("migrations"), place, ignore=shutil.ignore_patterns("__pycache__"))
    (place / "versions" / "9999_next.py").write_text(NEXT.format(head=head))
    monkeypatch.setattr(migrate, "folder", lambda name: tmp_path / name)
    return head


def test_a_step_on_populated_data_keeps_the_root_and_the_guards(bank: Bank, next_step: str) -> None:
    store = bank.office.store
    reviewed(bank, bank.submit("owner", bank.scan()))
    before, rows = root(store), contents(store)
    for step in (lambda: migrate.upgrade(store), lambda: migrate.downgrade(store, next_step)):
        step()
        assert (root(store), contents(store)) == (before, rows)
        with store.reading() as connection:
            assert guards.missing(connection) == []
            assert verify(connection, []).intact
        with pytest.raises(DBAPIError), store.engine.connect() as connection, connection.begin():
            connection.execute(text("UPDATE unit SET name = 'x'"))
    assert contents(store) == rows


def test_an_old_database_is_refused_with_its_mend(store: Store, next_step: str) -> None:
    with pytest.raises(SettingsError, match=f"has the form {next_step}, this version needs 9999") as caught:
        migrate.check(store)
    assert caught.value.mend == "Run “govern init”."
    migrate.upgrade(store)
    migrate.check(store)


# -- start-up ------------------------------------------------------------------------------------------------------


def test_an_empty_database_is_refused_with_its_mend(tmp_path: Path) -> None:
    store = Store(engine_at(f"sqlite:///{tmp_path / 'new.db'}"))
    with pytest.raises(SettingsError, match="the form of an empty one") as caught:
        migrate.check(store)
    assert caught.value.mend == "Run “govern init”."
    store.engine.dispose()


def lift(store: Store, guard: str, table: str) -> None:
    on = f' ON "{table}"' if store.engine.dialect.name == "postgresql" else ""
    with store.writing() as connection:
        connection.execute(text(f'DROP TRIGGER "{guard}"{on}'))


def test_a_missing_guard_is_refused_named_and_made_anew(store: Store) -> None:
    guard = "guard_review_update" if store.engine.dialect.name == "sqlite" else "guard_review_rows"
    migrate.check(store)
    lift(store, guard, "review")
    with pytest.raises(SettingsError, match=f"Guards are missing in the database: {guard}") as caught:
        migrate.check(store)
    assert "govern verify" in caught.value.mend
    assert "govern init" in caught.value.mend
    migrate.upgrade(store)
    migrate.check(store)


def test_a_guard_that_does_nothing_is_no_guard(store: Store) -> None:
    with store.writing() as connection:
        if store.engine.dialect.name == "sqlite":
            connection.execute(text('DROP TRIGGER "guard_review_update"'))
            connection.exec_driver_sql('CREATE TRIGGER "guard_review_update" BEFORE UPDATE ON "review" BEGIN SELECT 1; END')
        else:
            connection.exec_driver_sql("CREATE OR REPLACE FUNCTION govern_guard() RETURNS trigger LANGUAGE plpgsql "
                                       "AS $guard$ BEGIN RETURN new; END $guard$")
    with pytest.raises(SettingsError, match="Guards are missing"):
        migrate.check(store)


def test_a_disabled_guard_is_no_guard(store: Store) -> None:
    if store.engine.dialect.name == "sqlite":
        return  # SQLite cannot disable a trigger
    with store.writing() as connection:
        connection.execute(text('ALTER TABLE review DISABLE TRIGGER "guard_review_rows"'))
    with pytest.raises(SettingsError, match="guard_review_rows"):
        migrate.check(store)


def test_every_fact_and_ledger_table_has_its_guards(store: Store) -> None:
    """Counted from the database, not from the generator."""
    with store.reading() as connection:
        if store.engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            expected = 3
        else:
            rows = connection.execute(text("SELECT tgrelid::regclass::text FROM pg_trigger "
                                           "WHERE NOT tgisinternal")).scalars().all()
            expected = 2
    facts = {name for name, table in Base.metadata.tables.items() if {"since", "until", "digest"} <= set(table.columns.keys())}
    guarded = facts | {"thing", "entry", "node", "checkpoint"}
    assert len(facts) == 19
    assert {name: list(rows).count(name) for name in set(rows)} == dict.fromkeys(guarded, expected)
