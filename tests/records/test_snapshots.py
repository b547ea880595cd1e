"""Snapshots of several systems at once: each equals the one read alone, and their number costs no query."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.actions.systems import register_system
from govern.errors import NotFound
from govern.records.snapshot import snapshot
from govern.records.snapshots import snapshots
from govern.records.systems import systems
from tests.bank import Bank, description, reviewed
from tests.records.test_snapshot import History, counted


def assert_each_as_if_alone(bank: Bank, at: str | None) -> None:
    with bank.reading(bank.actors["auditor"], at) as (connection, reader):
        listed = [line.system for line in systems(connection, reader)]
        together = snapshots(connection, reader, listed)
        assert list(together) == [one.key for one in listed]
        for one in listed:
            alone = replace(snapshot(connection, reader, one), assignments=(), requests=())
            assert together[one.key] == alone


@pytest.mark.parametrize("seed", [3, 7])
def test_each_is_what_is_read_alone_now_and_in_the_past(bank: Bank, seed: int) -> None:
    history = History(bank, seed)
    for _ in range(25):
        history.step()
    assert_each_as_if_alone(bank, None)
    for position in range(bank.head() // 2, bank.head(), 5):
        assert_each_as_if_alone(bank, str(position))


def queries(bank: Bank, at: str | None) -> int:
    with bank.reading(bank.actors["auditor"], at) as (connection, reader):
        listed = [line.system for line in systems(connection, reader)]
        with counted(bank.office.store.engine) as sent:
            snapshots(connection, reader, listed)
    return len(sent)


def test_the_number_of_statements_grows_neither_with_systems_nor_with_evidence(bank: Bank) -> None:
    small = queries(bank, None)
    assert 0 < small <= 12
    for number in range(12):
        register_system(bank.office, bank.actors["officer"], description(f"System {number}"), bank.tick())
        reviewed(bank, bank.submit("owner", bank.scan(f"v{number}")))
    assert queries(bank, None) == small
    assert queries(bank, str(bank.head())) == small


def test_no_system_asks_nothing_and_none_out_of_scope_is_read(bank: Bank) -> None:
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        every = [line.system for line in systems(connection, reader)]
        with counted(bank.office.store.engine) as sent:
            assert snapshots(connection, reader, []) == {}
        assert sent == []
    with bank.reading(bank.actors["narrow"]) as (connection, reader), pytest.raises(NotFound):
        snapshots(connection, reader, every)
