"""The library's filters and pages, the review queue, and canaries: no query shows a title from out of scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.actions.control import assign_controls, propose_scoping
from govern.actions.systems import edit_system, record_event
from govern.facts.commands import AssignControls, ProposeScoping, RecordEvent
from govern.facts.evidence import About, Verdict
from govern.facts.moments import DAY
from govern.records import control, ledger, search
from govern.records import evidence as query
from govern.records.evidence import Filter, Page
from govern.records.systems import systems
from tests.bank import Bank, description


def titles(page: Page) -> list[str]:
    return [line.title for line in page.lines]


def library(bank: Bank, who: str = "officer", at: str | None = None, offset: int = 0, size: int = 50, **wanted: str) -> Page:
    with bank.reading(bank.actors[who], at) as (connection, reader):
        return query.library(connection, reader, Filter(**wanted), offset=offset, size=size)


def queue(bank: Bank, who: str, offset: int = 0, size: int = 50) -> Page:
    with bank.reading(bank.actors[who]) as (connection, reader):
        page = query.review_queue(connection, reader, offset=offset, size=size)
        assert query.waiting_count(connection, reader) == page.total
    return page


@pytest.fixture
def shelf(bank: Bank) -> dict[str, str]:
    """Evidence of every state about both systems, the unit and the organisation; title → version's key."""
    made: dict[str, str] = {}

    def put(title: str, who: str, content: str, **given: Any) -> None:
        made[title] = bank.submit(who, bank.scan(content), title=title, **given).value.version

    chat = bank["chat"]
    put("alpha waits", "owner", "1", worked=bank.at - 3 * DAY)
    put("beta accepted", "contributor", "2", worked=bank.at - 2 * DAY)
    put("gamma rejected", "owner", "3", worked=bank.at - 5 * DAY)
    put("delta withdrawn", "owner", "4")
    put("epsilon 100% of_it", "seller", "5", about_key=chat)
    put("zeta policy", "officer", "6", kind="policy", about=About.ORGANISATION)
    put("eta of the unit", "owner", "7", kind="policy", about=About.UNIT, about_key=bank["lending"])
    bank.review("reviewer", made["beta accepted"])
    bank.review("reviewer", made["gamma rejected"], verdict=Verdict.REJECTED, comment="No.")
    bank.withdraw("owner", made["delta withdrawn"])
    return made


FILTERS: list[tuple[dict[str, str], set[str]]] = [
    ({}, {"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"}),
    ({"text": "ETA"}, {"beta", "zeta", "eta"}),
    ({"text": "100%"}, {"epsilon"}),
    ({"text": "%"}, {"epsilon"}),
    ({"text": "f_i"}, {"epsilon"}),
    ({"text": "\\"}, set()),
    ({"text": "' OR 1=1 --"}, set()),
    ({"kind": "policy"}, {"zeta", "eta"}),
    ({"kind": "wish"}, set()),
    ({"control": "GOV-01"}, {"zeta", "eta"}),
    ({"control": "EVA-03"}, {"epsilon"}),
    ({"state": "in-review"}, {"alpha", "epsilon", "zeta", "eta"}),
    ({"state": "accepted"}, {"beta"}),
    ({"state": "rejected"}, {"gamma"}),
    ({"state": "withdrawn"}, {"delta"}),
    ({"state": "in-review", "kind": "policy", "text": "unit"}, {"eta"}),
]


@pytest.mark.parametrize(("wanted", "found"), FILTERS)
def test_filters(bank: Bank, shelf: dict[str, str], wanted: dict[str, str], found: set[str]) -> None:
    """Now, and the same of a past position: the queries differ, the answers do not."""
    now = library(bank, **wanted)
    assert {title.split()[0] for title in titles(now)} == found
    assert now.total == len(found)
    at = str(bank.head())
    bank.submit("owner", bank.scan("later"), title="alpha beta epsilon later 100% of_it unit")
    bank.review("reviewer", shelf["alpha waits"])
    past = library(bank, at=at, **wanted)
    assert ({title.split()[0] for title in titles(past)}, past.total) == (found, len(found))


def test_a_system_filters_and_lines_name_their_subject(bank: Bank, shelf: dict[str, str]) -> None:
    assert titles(library(bank, system=bank["chat"])) == ["epsilon 100% of_it"]
    subjects = {line.title.split()[0]: (line.about, line.about_name, line.system_slug) for line in library(bank).lines}
    assert (subjects["alpha"], subjects["zeta"], subjects["eta"]) == (
        (About.SYSTEM, "Scoring", "scoring"), (About.ORGANISATION, "the organisation", None),
        (About.UNIT, "Lending", None))


def test_sorts_and_pages(bank: Bank, shelf: dict[str, str]) -> None:
    by_title = titles(library(bank, sort="title"))
    assert by_title == sorted(shelf)
    assert titles(library(bank, sort="-title")) == by_title[::-1]
    newest_first = list(shelf)[::-1]
    assert titles(library(bank)) == newest_first
    assert titles(library(bank, sort="submitted")) == newest_first[::-1]
    assert titles(library(bank, sort="no such sort")) == newest_first
    assert titles(library(bank, sort="worked"))[:3] == ["gamma rejected", "alpha waits", "beta accepted"]
    pages = [library(bank, offset=offset, size=3) for offset in (0, 3, 6, 9)]
    assert [title for page in pages for title in titles(page)] == newest_first
    assert {page.total for page in pages} == {7}


def test_a_line_is_the_newest_version(bank: Bank, shelf: dict[str, str]) -> None:
    with bank.reading() as (connection, reader):
        found = query.evidence_of_version(connection, reader, shelf["beta accepted"])
    assert found is not None
    bank.submit("owner", bank.scan("again"), evidence=found.key)
    (line,) = library(bank, text="beta").lines
    assert (line.version.number, line.version.review) == (2, None)
    assert titles(library(bank, state="accepted")) == []
    assert titles(library(bank, state="accepted", at=str(bank.head() - 1))) == ["beta accepted"]


def test_more_than_the_limit_is_not_counted(bank: Bank, shelf: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "COUNT_LIMIT", 4)
    assert library(bank).total == 5


# -- the review queue ----------------------------------------------------------------------------------------------


def test_the_queue_holds_what_others_submitted_oldest_first(bank: Bank, shelf: dict[str, str]) -> None:
    assert titles(queue(bank, "reviewer")) == ["alpha waits", "epsilon 100% of_it", "zeta policy", "eta of the unit"]
    assert titles(queue(bank, "officer")) == ["alpha waits", "epsilon 100% of_it", "eta of the unit"]
    assert titles(queue(bank, "narrow")) == ["alpha waits"]
    assert titles(queue(bank, "nobody")) == []
    assert titles(queue(bank, "reviewer", offset=1, size=2)) == ["epsilon 100% of_it", "zeta policy"]
    bank.review("reviewer", shelf["alpha waits"])
    bank.withdraw("seller", shelf["epsilon 100% of_it"])
    assert titles(queue(bank, "reviewer")) == ["zeta policy", "eta of the unit"]


# -- canaries ------------------------------------------------------------------------------------------------------

CANARY = "canary"


@pytest.fixture
def cage(bank: Bank) -> dict[str, str]:
    """Everything about «chat» and its unit carries the word; what «scoring» has does not. One entry touches both."""
    edit_system(bank.office, bank.actors["officer"], bank["chat"], description(f"Chat {CANARY}", bank["cards"], ["agentic"],
                                                                              purpose=CANARY), None, bank.tick())
    mine = bank.submit("owner", bank.scan("mine"), title="Mine")
    other = bank.submit("seller", bank.scan("other"), title=f"The {CANARY} of chat", about_key=bank["chat"], note=CANARY)
    unit = bank.submit("seller", bank.scan("unit"), title=f"The {CANARY} of cards", about=About.UNIT, about_key=bank["cards"],
                       kind="policy")
    same = bank.submit("officer", bank.scan("same"), title=f"Same {CANARY}", about_key=bank["chat"])
    bank.ask("seller", "EVA-02", system="chat")
    assign_controls(bank.office, bank.actors["officer"], AssignControls(
        bank["chat"], ("EVA-01",), bank["owner"], bank.at + DAY, CANARY), bank.tick())
    propose_scoping(bank.office, bank.actors["seller"], ProposeScoping(bank["chat"], ("EVA-02",), CANARY, None), bank.tick())
    record_event(bank.office, bank.actors["seller"], RecordEvent(bank["chat"], "release", bank.at, CANARY), bank.tick())
    bank.review("reviewer", mine.value.version, other.value.version, unit.value.version)
    bank.submit("owner", bank.scan("mine 2"), evidence=mine.value.evidence)
    bank.submit("seller", bank.scan("other 2"), evidence=other.value.evidence)
    return {"other": other.value.evidence, "version": other.value.version, "unit": unit.value.evidence,
            "same": same.value.version, "sha256": bank.scan("same").sha256, "mine": mine.value.evidence,
            "worker": bank["owner"]}


Ask = Callable[[Connection, Reader, dict[str, str]], object]
QUERIES: dict[str, Ask] = {
    "systems": lambda connection, reader, cage: systems(connection, reader),
    "library": lambda connection, reader, cage: query.library(connection, reader, Filter()),
    "library by text": lambda connection, reader, cage: query.library(connection, reader, Filter(text=CANARY)),
    "search": lambda connection, reader, cage: search.search(connection, reader, CANARY),
    "search all": lambda connection, reader, cage: search.search(connection, reader, ""),
    "queue": lambda connection, reader, cage: query.review_queue(connection, reader),
    "evidence": lambda connection, reader, cage: [query.evidence(connection, reader, cage[key]) for key in ("other", "unit")],
    "version": lambda connection, reader, cage: query.evidence_of_version(connection, reader, cage["version"]),
    "newest": lambda connection, reader, cage: query.newest_of(connection, reader, [cage["other"], cage["unit"]]),
    "same bytes": lambda connection, reader, cage: query.same_bytes(connection, reader, cage["sha256"]),
    "requests": lambda connection, reader, cage: control.requests(connection, reader),
    "scopings": lambda connection, reader, cage: control.scopings_waiting(connection, reader),
    "assignments": lambda connection, reader, cage: control.assignments_of(connection, reader, cage["worker"]),
    "entries": lambda connection, reader, cage: ledger.entries(connection, reader, size=500),
    "entries of a thing": lambda connection, reader, cage: ledger.entries(connection, reader, thing=cage["other"]),
    "entries after": lambda connection, reader, cage: ledger.entries(connection, reader, after=0, size=500),
}

@pytest.mark.parametrize("name", QUERIES)
def test_no_query_shows_what_is_out_of_scope(bank: Bank, cage: dict[str, str], name: str) -> None:
    ask = QUERIES[name]
    for who in ("narrow", "owner", "contributor", "nobody"):
        with bank.reading(bank.actors[who]) as (connection, reader):
            assert CANARY not in repr(ask(connection, reader, cage)).lower(), who
    with bank.reading(bank.token("officer", "scoring")) as (connection, reader):
        assert CANARY not in repr(ask(connection, reader, cage)).lower(), "a token bound to another system"
    with bank.reading(bank.actors["officer"]) as (connection, reader):
        shown = repr(ask(connection, reader, cage)).lower()
        assert CANARY in shown or bank["chat"] in shown, "the officer sees it, or this proves nothing"


def test_an_entry_over_two_systems_shows_each_reader_their_half(bank: Bank, cage: dict[str, str]) -> None:
    review = bank.head() - 2

    def mentioned(who: str) -> set[str]:
        with bank.reading(bank.actors[who]) as (connection, reader):
            (line,) = [one for one in ledger.entries(connection, reader, size=500) if one.position == review]
        return {name for _, _, name, _ in line.mentions}

    assert mentioned("officer") == {
        "Scoring", f"Chat {CANARY}", "Mine", f"The {CANARY} of chat", f"The {CANARY} of cards", "cards"}
    assert mentioned("narrow") == mentioned("owner") == {"Scoring", "Mine"}
    assert mentioned("seller") == {f"Chat {CANARY}", f"The {CANARY} of chat", f"The {CANARY} of cards", "cards"}


def test_entries_of_the_past_end_there(bank: Bank, cage: dict[str, str]) -> None:
    for who in ("officer", "narrow"):
        with bank.reading(bank.actors[who], str(bank.head() - 2)) as (connection, reader):
            positions = [line.position for line in ledger.entries(connection, reader, size=500)]
        assert positions == sorted(positions, reverse=True)
        assert positions
        assert max(positions) <= bank.head() - 2


def test_reviewed_is_gone_from_the_queue_of_everybody(bank: Bank, cage: dict[str, str]) -> None:
    with bank.reading() as (connection, reader):
        found = query.evidence(connection, reader, cage["mine"])
    assert found is not None
    assert titles(queue(bank, "narrow")) == ["Mine"]
    assert found.newest is not None
    bank.review("narrow", found.newest.key)
    assert titles(queue(bank, "narrow")) == []
