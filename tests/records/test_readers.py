"""Readers: what each role sees, and the moment that `at` names or why it names none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from govern.access.actor import Actor
from govern.actions.office import OPERATOR
from govern.errors import InputRefused
from govern.facts.moments import DAY, Instant, Moment, day_end, instant_of
from govern.facts.people import Grant, Role, ScopeKind
from govern.records.readers import moment_at, reader_for
from tests.bank import Bank

# -- scope ---------------------------------------------------------------------------------------------------------

SEES = [
    # who, everything, systems, units
    ("administrator", True, set(), set()),
    ("officer", True, set(), set()),
    ("reviewer", True, set(), set()),
    ("auditor", True, set(), set()),
    ("owner", False, {"scoring"}, {"lending", "bank"}),
    ("seller", False, {"chat"}, {"cards", "bank"}),
    ("contributor", False, {"scoring"}, {"lending", "bank"}),
    ("narrow", False, {"scoring"}, {"lending", "bank"}),
    ("nobody", False, set(), set()),
]


@pytest.mark.parametrize(("who", "everything", "systems", "units"), SEES)
def test_what_each_role_sees(bank: Bank, who: str, everything: bool, systems: set[str], units: set[str]) -> None:
    with bank.reading(bank.actors[who]) as (_, reader):
        assert (reader.everything, reader.systems, reader.units) == (
            everything, {bank[name] for name in systems}, {bank[name] for name in units})
        for name in ("scoring", "chat"):
            assert reader.sees(bank[name]) is (everything or name in systems)


def acting(bank: Bank, *where: tuple[ScopeKind, str]) -> Actor:
    return Actor("x", "X", tuple(Grant(f"g{n}", "x", Role.AUDITOR, kind, bank[scope]) for n, (kind, scope) in enumerate(where)))


def test_a_unit_brings_all_below_it_and_the_names_above_it(bank: Bank) -> None:
    for scope, systems, units in (("bank", {"scoring", "chat"}, {"bank", "lending", "cards"}),
                                  ("lending", {"scoring"}, {"bank", "lending"})):
        with bank.reading(acting(bank, (ScopeKind.UNIT, scope))) as (_, reader):
            assert reader.systems == {bank[name] for name in systems}
            assert reader.units == {bank[name] for name in units}


def test_several_roles_add_up(bank: Bank) -> None:
    with bank.reading(acting(bank, (ScopeKind.SYSTEM, "scoring"), (ScopeKind.UNIT, "cards"))) as (_, reader):
        assert reader.systems == {bank["scoring"], bank["chat"]}


def test_a_bound_token_sees_its_system_and_no_more_than_its_owner(bank: Bank) -> None:
    for who, system, sees in (("officer", "chat", {"chat"}), ("owner", "scoring", {"scoring"})):
        with bank.reading(bank.token(who, system)) as (_, reader):
            assert (reader.everything, reader.systems) == (False, {bank[name] for name in sees})
    free = bank.token("officer", None)
    with bank.reading(free) as (_, reader):
        assert reader.everything
    assert free.token is not None
    stray = replace(bank.actors["owner"], token=replace(free.token, system=bank["chat"]))
    with bank.reading(stray) as (_, reader):
        assert (reader.everything, reader.systems) == (False, frozenset())


# -- moments -------------------------------------------------------------------------------------------------------

NOW = instant_of(datetime(2026, 6, 15, 12, tzinfo=UTC))


@pytest.fixture
def days(bank: Bank) -> dict[str, int]:
    """The last position of each of two days: 10 June and, at noon, 12 June 2026."""
    found: dict[str, int] = {}
    for day, hour in (("2026-06-10", 9), ("2026-06-12", 12)):
        bank.at = instant_of(datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00"))
        bank.submit("owner", bank.scan(day))
        found[day] = bank.head()
    bank.at = NOW
    return found


def moment(bank: Bank, at: str | None, now: Instant = NOW) -> tuple[Moment, int | None]:
    with bank.office.store.reading() as connection:
        return moment_at(connection, at, now)


def test_now(bank: Bank, days: dict[str, int]) -> None:
    assert moment(bank, None) == moment(bank, "") == (Moment(bank.head(), NOW), None)


def test_a_position_takes_its_entrys_instant(bank: Bank, days: dict[str, int]) -> None:
    position = days["2026-06-10"]
    instant = instant_of(datetime(2026, 6, 10, 9, 0, 1, tzinfo=UTC))
    assert moment(bank, str(position)) == (Moment(position, instant), position)
    assert moment(bank, "0") == (Moment(0, 0), 0)


def test_a_day_is_its_last_millisecond(bank: Bank, days: dict[str, int]) -> None:
    for day, position in (("2026-06-09", days["2026-06-10"] - 1), ("2026-06-10", days["2026-06-10"]),
                          ("2026-06-11", days["2026-06-10"]), ("2026-06-12", days["2026-06-12"]),
                          ("2026-06-14", days["2026-06-12"])):
        assert moment(bank, day) == (Moment(position, day_end(datetime.fromisoformat(day).date())), position)


def test_before_the_first_entry_is_the_empty_ledger(bank: Bank, days: dict[str, int]) -> None:
    found, position = moment(bank, "1999-12-31")
    assert (found.position, position) == (0, 0)
    assert bank.snapshot  # the system did not exist then, which other tests look at


def test_today_and_days_to_come_are_now(bank: Bank, days: dict[str, int]) -> None:
    for day in ("2026-06-15", "2026-06-16", "2099-01-01"):
        assert moment(bank, day) == (Moment(bank.head(), NOW), None)
    assert moment(bank, "2026-06-15", NOW + DAY)[1] == bank.head()


@pytest.mark.parametrize("at", [
    "yesterday", "-1", "1.5", "2026-13-01", "2026-02-30", "2026-6-1", "20260601x", "2026-06-01T00:00:00Z", " 5", "٢٠٢٦-٠٦-٠١",
    "1" * 16, "1; DROP TABLE entry", "0x10",
])
def test_what_is_neither_position_nor_day_is_refused(bank: Bank, at: str) -> None:
    with pytest.raises(InputRefused, match="neither a ledger position nor a date") as caught:
        moment(bank, at)
    assert caught.value.field == "at"


def test_a_position_beyond_the_ledger_is_refused(bank: Bank) -> None:
    with pytest.raises(InputRefused, match="no position 99999") as caught:
        moment(bank, "99999")
    assert caught.value.mend == f"The last position is {bank.head()}."


def test_a_reader_of_the_past_sees_by_the_roles_of_now(bank: Bank, days: dict[str, int]) -> None:
    position = days["2026-06-10"]
    with bank.office.store.reading() as connection:
        reader = reader_for(connection, bank.actors["owner"], str(position), NOW)
        assert (reader.position, reader.moment.position, reader.systems) == (position, position, {bank["scoring"]})
        assert reader_for(connection, OPERATOR, "2026-06-10", NOW).everything
