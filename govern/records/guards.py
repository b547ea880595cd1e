"""Guards in the database: facts are only closed or redacted, the ledger only grows, nothing is deleted.

The guards are generated from the tables' metadata after every migration, because SQLite's batch migrations drop
triggers silently and a later column would be free to change. `missing` compares what is there with what should be; it
runs at start-up and in verification.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from govern.records.base import Base, Fact, fact_tables, table_of
from govern.records.tables.ledger import CheckpointRow, EntryRow, NodeRow, ThingRow

_APPEND_ONLY: tuple[type[Base], ...] = (EntryRow, NodeRow, CheckpointRow)


def _same(columns: list[str]) -> str:
    return " AND ".join(f'NEW."{column}" IS OLD."{column}"' for column in columns) or "1"


def _sqlite_fact(row: type[Fact]) -> Iterator[tuple[str, str]]:
    table, name = table_of(row), row.__tablename__
    columns = [column.name for column in table.columns]
    closing = _same([column for column in columns if column != "until"])
    emptied = row.PERSONAL | {"salt", "redacted"}
    personal = " AND ".join([f'NEW."{column}" = \'\'' for column in sorted(row.PERSONAL | {"salt"})])
    redacting = _same([column for column in columns if column not in emptied])
    yield f"guard_{name}_update", (
        f'CREATE TRIGGER "guard_{name}_update" BEFORE UPDATE ON "{name}" WHEN NOT ('
        f"(OLD.until IS NULL AND NEW.until IS NOT NULL AND {closing}) OR "
        f"(OLD.redacted IS NULL AND NEW.redacted IS NOT NULL AND {redacting} AND {personal})"
        f") BEGIN SELECT RAISE(ABORT, 'facts are never changed: {name}'); END"
    )
    yield from _sqlite_append_only(name, [column.name for column in table.primary_key.columns], update=False)


def _sqlite_append_only(name: str, key: list[str], *, update: bool = True) -> Iterator[tuple[str, str]]:
    if update:
        yield f"guard_{name}_update", (
            f'CREATE TRIGGER "guard_{name}_update" BEFORE UPDATE ON "{name}" '
            f"BEGIN SELECT RAISE(ABORT, 'the ledger only grows: {name}'); END"
        )
    yield f"guard_{name}_delete", (
        f'CREATE TRIGGER "guard_{name}_delete" BEFORE DELETE ON "{name}" '
        f"BEGIN SELECT RAISE(ABORT, 'nothing is deleted: {name}'); END"
    )
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
    yield f"guard_{name}_replace", (
        f'CREATE TRIGGER "guard_{name}_replace" BEFORE INSERT ON "{name}" '  # noqa: S608 - our own names
        f'WHEN EXISTS (SELECT 1 FROM "{name}" WHERE {same}) '
        f"BEGIN SELECT RAISE(ABORT, 'nothing is replaced: {name}'); END"
    )


def _sqlite() -> Iterator[tuple[str, str]]:
    for row in fact_tables():
        yield from _sqlite_fact(row)
    for ledger_row in _APPEND_ONLY:
        table = table_of(ledger_row)
        yield from _sqlite_append_only(table.name, [column.name for column in table.primary_key.columns])
    yield "guard_thing_update", (
        'CREATE TRIGGER "guard_thing_update" BEFORE UPDATE ON "thing" WHEN NOT ('
        "NEW.key IS OLD.key AND NEW.kind IS OLD.kind AND NEW.name IS OLD.name AND NEW.last >= OLD.last) "
        "BEGIN SELECT RAISE(ABORT, 'things keep their key and name'); END"
    )
    yield from _sqlite_append_only(ThingRow.__tablename__, ["key"], update=False)


_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION govern_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
DECLARE n jsonb; o jsonb; free text[];
BEGIN
  IF tg_op IN ('DELETE', 'TRUNCATE') THEN RAISE EXCEPTION 'nothing is deleted: %', tg_table_name; END IF;
  n := to_jsonb(new); o := to_jsonb(old);
  IF tg_argv[0] = 'thing' THEN
    IF n - 'last' = o - 'last' AND (n->>'last')::bigint >= (o->>'last')::bigint THEN RETURN new; END IF;
    RAISE EXCEPTION 'things keep their key and name';
  END IF;
  IF tg_argv[0] = 'fact' THEN
    free := tg_argv[1:];
    IF o->>'until' IS NULL AND n->>'until' IS NOT NULL AND n - 'until' = o - 'until' THEN RETURN new; END IF;
    IF o->>'redacted' IS NULL AND n->>'redacted' IS NOT NULL AND n - free - 'redacted' = o - free - 'redacted'
       AND (SELECT bool_and(n->>name = '') FROM unnest(free) AS name) THEN RETURN new; END IF;
  END IF;
  RAISE EXCEPTION 'facts are never changed: %', tg_table_name;
END $guard$
"""


def _postgresql() -> Iterator[tuple[str, str]]:
    guarded: list[tuple[str, str]] = [
        (row.__tablename__, ", ".join(f"'{word}'" for word in ("fact", *sorted(row.PERSONAL | {"salt"}))))
        for row in fact_tables()
    ]
    guarded += [(row.__tablename__, "'append'") for row in _APPEND_ONLY] + [("thing", "'thing'")]
    for name, arguments in guarded:
        yield f"guard_{name}_rows", (
            f'CREATE TRIGGER "guard_{name}_rows" BEFORE UPDATE OR DELETE ON "{name}" '
            f"FOR EACH ROW EXECUTE FUNCTION govern_guard({arguments})"
        )
        yield f"guard_{name}_truncate", (
            f'CREATE TRIGGER "guard_{name}_truncate" BEFORE TRUNCATE ON "{name}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION govern_guard('append')"
        )


def _on_table(trigger: str) -> str:
    return trigger.removeprefix("guard_").rsplit("_", 1)[0]


def install(connection: Connection) -> None:
    """Drop and make all guards anew, so that they fit the tables as they are now."""
    if connection.dialect.name == "sqlite":
        for name, statement in _sqlite():
            connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}"'))
            connection.exec_driver_sql(statement)
        return
    connection.execute(text(_POSTGRESQL_FUNCTION))
    for name, statement in _postgresql():
        connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}" ON "{_on_table(name)}"'))
        connection.exec_driver_sql(statement)


def missing(connection: Connection) -> list[str]:
    """Names of guards that are not there, or not as generated; empty when all is well."""
    if connection.dialect.name == "sqlite":
        present = {row.name: row.sql for row in connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))}
        return [name for name, statement in _sqlite() if present.get(name) != statement]
    source = connection.execute(text("SELECT prosrc FROM pg_proc WHERE proname = 'govern_guard'")).scalar()
    if source != _POSTGRESQL_FUNCTION.split("$guard$")[1]:
        return ["govern_guard"]
    enabled = {row.tgname: row.made for row in connection.execute(text(
        "SELECT tgname, pg_get_triggerdef(oid) AS made FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"))}
    # The server writes a definition in its own way; what it calls, with which words, on what and when is ours.
    return [name for name, statement in _postgresql()
            if not enabled.get(name, "").endswith(statement.split(" EXECUTE ")[1])
            or any(word in statement and word not in enabled[name] for word in ("UPDATE", "DELETE", "TRUNCATE", "BEFORE"))]
