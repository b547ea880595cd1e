"""What another catalogue changes for the systems that a reader sees: derived, bounded, in few queries."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.actions.systems import register_system
from govern.assurance.outcomes import Status
from govern.assurance.switching import Switch
from govern.catalogue.objects import Catalogue
from govern.records import consequences
from govern.records.consequences import Touched, touched_by
from govern.records.readers import reader_for
from tests.bank import CATALOGUE, Bank, description, make_catalogue

WITHOUT = make_catalogue(controls={name: one for name, one in CATALOGUE.controls.items() if name != "EVA-03"})
"""Without the control that is asked of agents only."""
FRESHER = make_catalogue(controls={name: replace(one, asks=tuple(replace(ask, fresh_days=1) for ask in one.asks))
                                   for name, one in CATALOGUE.controls.items()})


def touched(bank: Bank, after: Catalogue, who: str = "officer") -> Touched:
    """The systems that another catalogue touches, as somebody sees them."""
    with bank.reading(bank.actors[who]) as (connection, reader):
        return touched_by(connection, reader, CATALOGUE, after)


def test_only_systems_for_which_something_changes_are_told(bank: Bank) -> None:
    found = touched(bank, WITHOUT)
    assert (found.looked_at, found.all_, found.whole) == (2, 2, True)
    [chat] = found.systems
    assert chat.system.slug == "chat"
    [line] = chat.consequence.switched
    assert (line.control, line.switch, line.before, line.after) == ("EVA-03", Switch.OFF, Status.MISSING, None)
    assert chat.consequence.before.summary[Status.MISSING] == chat.consequence.after.summary[Status.MISSING] + 1
    assert touched(bank, CATALOGUE).systems == ()


def test_a_status_that_would_change_is_told_with_why(bank: Bank) -> None:
    done = bank.submit("owner", bank.scan())
    bank.review("reviewer", done.value.version)
    bank.tick(days=5)
    assert bank.status("EVA-01") == "satisfied"
    [scoring] = [one for one in touched(bank, FRESHER).systems if one.system.slug == "scoring"]
    [line] = [one for one in scoring.consequence.switched if one.control == "EVA-01"]
    assert (line.switch, line.before, line.after) == (Switch.STATUS, Status.SATISFIED, Status.STALE)
    assert "1 day" in line.reasons[0].text


def test_a_reader_sees_only_what_is_in_reach(bank: Bank) -> None:
    found = touched(bank, WITHOUT, who="narrow")
    assert (found.systems, found.looked_at, found.all_) == ((), 1, 1)


def test_many_systems_are_bounded_and_it_is_said(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consequences, "MOST", 3)
    for number in range(4):
        register_system(bank.office, OPERATOR, description(f"Agent {number}", traits=["agentic"]), bank.tick())
    found = touched(bank, WITHOUT)
    assert (found.looked_at, found.all_, found.whole) == (3, 6, False)
    assert [one.system.name for one in found.systems] == ["Agent 0", "Agent 1", "Agent 2"], "the first by name"


def test_queries_do_not_grow_with_each_system(bank: Bank) -> None:
    def sent() -> int:
        statements: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        with bank.reading() as (connection, reader):
            event.listen(bank.office.store.engine, "before_cursor_execute", note)
            touched_by(connection, reader, CATALOGUE, WITHOUT)
            event.remove(bank.office.store.engine, "before_cursor_execute", note)
        return len(statements)

    few = sent()
    for number in range(15):
        register_system(bank.office, OPERATOR, description(f"Agent {number}", traits=["agentic"]), bank.tick())
    assert sent() == few
    with bank.reading() as (connection, _):
        reader: Reader = reader_for(connection, OPERATOR, None, bank.at)
        assert len(touched_by(connection, reader, CATALOGUE, WITHOUT).systems) == 16
