"""Brings a database to the newest form, and makes the guards anew, in one transaction."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from govern.errors import SettingsError
from govern.folders import folder
from govern.ledger.tree import EMPTY_ROOT
from govern.records import guards
from govern.records.store import Store
from govern.records.tables.ledger import HeadRow


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(store: Store, revision: str = "head") -> None:
    """Take every step up to a revision."""
    with store.writing() as connection:
        command.upgrade(_config(connection), revision)
        guards.install(connection)
        # The one row that writers lock must be there before the first of them.
        if connection.execute(select(HeadRow.id)).first() is None:
            connection.execute(insert(HeadRow).values(id=1, position=0, instant=0, root=EMPTY_ROOT.hex()))
    _analyze(store)


def downgrade(store: Store, revision: str) -> None:
    """Take steps back; only for trying migrations."""
    with store.writing() as connection:
        command.downgrade(_config(connection), revision)
        if revision != "base":
            guards.install(connection)


def _analyze(store: Store) -> None:
    """Statistics, without which SQLite picks full indexes where the partial ones serve."""
    with store.writing() as connection:
        connection.execute(text("ANALYZE"))


def newest() -> str:
    """The revision that the code expects."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def present(connection: Connection) -> str | None:
    """The revision that a database has; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def check(store: Store) -> None:
    """Raise SettingsError unless the database has the newest form and its guards."""
    with store.reading() as connection:
        found = present(connection)
        if found != newest():
            raise SettingsError(f"The database has the form {found or 'of an empty one'}, this version needs {newest()}.",
                                mend="Run “govern init”.")
        missing = guards.missing(connection)
    if missing:
        raise SettingsError(f"Guards are missing in the database: {', '.join(missing[:5])}.",
                            mend="Run “govern verify”, then “govern init” to make them anew.")
