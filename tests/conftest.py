"""What every test may ask for: an empty migrated store, on SQLite or (with GOVERN_TEST_POSTGRESQL) on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, text

from govern.records.migrate import upgrade
from govern.records.store import Store, engine_at

POSTGRESQL = os.environ.get("GOVERN_TEST_POSTGRESQL", "")
REQUIRED = os.environ.get("CI") == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is meant to be skipped, so a skip is a failure, whoever asked for it."""
    report = yield
    if REQUIRED and report.skipped:
        report.outcome, report.longrepr = "failed", f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the checkout; tests that need it are skipped without, and fail where CI runs."""
    found = Path(os.environ.get("GOVERN_SHARED") or Path(__file__).parents[2] / "shared")
    if not (found / "reference").is_dir():
        pytest.skip("no reference data beside the checkout")
    return found


@pytest.fixture(scope="session")
def _empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    store = Store(engine_at(f"sqlite:///{path}"))
    upgrade(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    store.engine.dispose()
    return path


@pytest.fixture(scope="session")
def _postgresql_template() -> Iterator[str]:
    """The name of a migrated database that each test gets a copy of."""
    name = f"govern_template_{uuid4().hex[:12]}"
    with _admin() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    store = Store(engine_at(f"{POSTGRESQL.rsplit('/', 1)[0]}/{name}"))
    try:
        upgrade(store)
        store.engine.dispose()
        yield name
    finally:
        store.engine.dispose()
        with _admin() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _admin() -> Iterator[Connection]:
    engine = create_engine(POSTGRESQL.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _postgresql(template: str) -> Iterator[Store]:
    name = f"govern_test_{uuid4().hex[:12]}"
    with _admin() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    store = Store(engine_at(f"{POSTGRESQL.rsplit('/', 1)[0]}/{name}"))
    try:
        yield store
    finally:
        store.engine.dispose()
        with _admin() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


ENGINES = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path, _empty_sqlite: Path) -> Iterator[Store]:
    """An empty, migrated store of each engine."""
    if request.param == "postgresql":
        if not POSTGRESQL:
            pytest.skip("GOVERN_TEST_POSTGRESQL names no server")
        yield from _postgresql(request.getfixturevalue("_postgresql_template"))
        return
    target = tmp_path / "govern.db"
    shutil.copyfile(_empty_sqlite, target)
    made = Store(engine_at(f"sqlite:///{target}"))
    yield made
    made.engine.dispose()
