"""The database: an engine, and connections that begin the way durability needs.

SQLite runs in WAL with `synchronous=FULL` and foreign keys on; the driver's implicit BEGIN is switched off and ours is
emitted: DEFERRED to read, IMMEDIATE to write. PostgreSQL writes at READ COMMITTED, and reads at REPEATABLE READ so that
one page sees one state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from govern.errors import LedgerUnavailable, SettingsError

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000",
            "recursive_triggers=ON", "cache_size=-32000", "temp_store=MEMORY")


def _tune_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(driver: Any, _record: object) -> None:
        driver.isolation_level = None
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("govern_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


_REFUSED = frozenset({"25006", "P0001"})
"""PostgreSQL's codes of a read-only database and of what a guard refused."""


def _not_taken(fault: DBAPIError) -> bool:
    """Whether the database would not take a change: away, locked, full, read-only, or a guard stood in the way."""
    return (isinstance(fault, OperationalError) or getattr(fault.orig, "sqlstate", None) in _REFUSED
            or getattr(fault.orig, "sqlite_errorname", None) == "SQLITE_CONSTRAINT_TRIGGER")


def engine_at(url: str) -> Engine:
    """An engine for a `sqlite:///path` or `postgresql://…` URL; raises SettingsError for anything else."""
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": 30})
        _tune_sqlite(engine)
        return engine
    if kind == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    raise SettingsError(f"GOVERN_DATABASE_URL names {kind}; Govern speaks sqlite and postgresql.",
                        mend="Use sqlite:////absolute/path.db or postgresql://user@host/name.")


class Store:
    """Where facts are kept. Everything that reads or writes takes a connection from here."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state and writes nothing."""
        options: dict[str, Any] = {"govern_begin": "DEFERRED"}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        with self.engine.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are committed at the end, or not at all.

        Raises LedgerUnavailable when the database cannot take them (away, locked too long, full, read-only).
        """
        try:
            with self.engine.connect().execution_options(govern_begin="IMMEDIATE") as connection, connection.begin():
                yield connection
        except DBAPIError as fault:
            if not _not_taken(fault):
                raise
            raise LedgerUnavailable(f"The database did not take the change: {fault.orig}",
                                    mend="Nothing was changed. Try again in a moment.") from fault
