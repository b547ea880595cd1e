"""Search over what is on record: words, pages, moments, and who may find whom."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from sqlalchemy import event

from govern.actions.people import deactivate_person
from govern.actions.systems import edit_system
from govern.facts.evidence import About
from govern.records import search as module
from govern.records.search import Found, Sort, search
from tests.bank import Bank, description


def found(bank: Bank, text: str, who: str = "officer", at: str | None = None, size: int = 8, offset: int = 0,
          sorts: Collection[Sort] = tuple(Sort)) -> dict[Sort, Found]:
    """What somebody finds."""
    with bank.reading(bank.actors[who], at) as (connection, reader):
        return search(connection, reader, text, size, offset=offset, sorts=sorts)


def names(bank: Bank, text: str, who: str = "officer", at: str | None = None) -> dict[str, list[str]]:
    """Names by sort."""
    return {sort.value: [hit.name for hit in one.hits] for sort, one in found(bank, text, who, at).items()}


@pytest.fixture
def shelf(bank: Bank) -> Bank:
    """Evidence about both systems, a unit and the organisation."""
    for title, who, given in (
            ("Scoring run 1", "owner", {}), ("Scoring run 2", "owner", {}), ("Chat run", "seller", {"about_key": bank["chat"]}),
            ("Run 100% of_it", "owner", {}),
            ("Policy of cards", "seller", {"kind": "policy", "about": About.UNIT, "about_key": bank["cards"]}),
            ("Policy of lending", "owner", {"kind": "policy", "about": About.UNIT, "about_key": bank["lending"]}),
            ("Policy of all", "officer", {"kind": "policy", "about": About.ORGANISATION})):
        bank.submit(who, bank.scan(title), title=title, **given)
    return bank


def test_every_word_has_to_be_there_wherever(shelf: Bank) -> None:
    assert names(shelf, "run") == {"evidence": ["Chat run", "Run 100% of_it", "Scoring run 1", "Scoring run 2"]}
    assert names(shelf, "RUN scor") == {"evidence": ["Scoring run 1", "Scoring run 2"]}
    assert names(shelf, "scoring") == {"systems": ["Scoring"], "evidence": ["Scoring run 1", "Scoring run 2"]}
    assert names(shelf, "100% f_i") == {"evidence": ["Run 100% of_it"]}
    assert names(shelf, "%") == {"evidence": ["Run 100% of_it"]}
    for text in ("run nothing", "\\", "' OR 1=1 --"):
        assert names(shelf, text) == {}


def test_hits_say_what_they_are_and_where_they_stand(shelf: Bank) -> None:
    hits = {sort: one.hits[0] for sort, one in found(shelf, "scoring").items()}
    assert (hits[Sort.SYSTEM].key, hits[Sort.SYSTEM].kind) == ("scoring", "")
    assert hits[Sort.EVIDENCE].kind == "scan-report"
    person = found(shelf, "seller")[Sort.PERSON].hits[0]
    assert (person.name, person.key) == ("Seller", shelf["seller"])


@pytest.mark.parametrize(("who", "expected"), [
    ("officer", ["Policy of all", "Policy of cards", "Policy of lending"]),
    ("narrow", ["Policy of all", "Policy of lending"]),
    ("seller", ["Policy of all", "Policy of cards"]),
    ("nobody", ["Policy of all"]),
])
def test_evidence_is_found_as_far_as_one_may_see(shelf: Bank, who: str, expected: list[str]) -> None:
    assert names(shelf, "policy", who)["evidence"] == expected
    assert ("chat" in str(names(shelf, "chat", who)).lower()) == (who in ("officer", "seller"))


@pytest.mark.parametrize(("who", "hidden"), [
    ("officer", set()), ("auditor", set()), ("narrow", {"Seller", "Nobody"}),
    ("seller", {"Owner", "Contributor", "Narrow", "Nobody"}),
    ("nobody", {"Administrator", "Officer", "Deputy", "Owner", "Seller", "Contributor", "Reviewer", "Narrow", "Auditor"}),
])
def test_people_are_those_whose_role_reaches_what_one_sees(shelf: Bank, who: str, hidden: set[str]) -> None:
    everybody = {"Administrator", "Officer", "Deputy", "Owner", "Seller", "Contributor", "Reviewer", "Narrow", "Auditor", "Nobody"}
    with shelf.reading(shelf.actors[who]) as (connection, reader):
        seen = search(connection, reader, "", 50)[Sort.PERSON]
    assert {hit.name for hit in seen.hits} == everybody - hidden


def test_a_closed_account_is_still_found(shelf: Bank) -> None:
    deactivate_person(shelf.office, shelf.actors["administrator"], shelf["seller"], shelf.tick())
    assert names(shelf, "seller") == {"people": ["Seller"]}


def test_the_past_is_searched_as_it_was(shelf: Bank) -> None:
    then = str(shelf.head())
    edit_system(shelf.office, shelf.actors["officer"], shelf["chat"], description("Talk", shelf["cards"], ["agentic"]), None,
                shelf.tick())
    shelf.submit("owner", shelf.scan("later"), title="Later run")
    assert names(shelf, "talk") == {"systems": ["Talk"]}
    assert names(shelf, "talk", at=then) == {}
    assert names(shelf, "chat", at=then)["systems"] == ["Chat"]
    assert names(shelf, "later") == {"evidence": ["Later run"]}
    assert names(shelf, "later", at=then) == {}


def test_pages_and_counts(shelf: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [found(shelf, "run", size=2, offset=offset).get(Sort.EVIDENCE) for offset in (0, 2, 4)]
    assert [[hit.name for hit in page.hits] for page in pages if page] == [
        ["Chat run", "Run 100% of_it"], ["Scoring run 1", "Scoring run 2"], []]
    assert [page.total for page in pages if page] == [4, 4, 4]
    monkeypatch.setattr(module, "COUNT_LIMIT", 2)
    limited = found(shelf, "run", size=2)[Sort.EVIDENCE]
    assert (len(limited.hits), limited.total) == (2, 3), "it counts no further than one more than the limit"


def test_only_the_sorts_that_are_asked_for(shelf: Bank) -> None:
    assert set(found(shelf, "scoring", sorts=[Sort.SYSTEM])) == {Sort.SYSTEM}
    assert found(shelf, "scoring", sorts=[]) == {}


def test_a_search_asks_at_most_two_questions_a_sort(shelf: Bank) -> None:
    with shelf.reading(shelf.actors["officer"]) as (connection, reader):
        asked: list[str] = []
        event.listen(connection.engine, "before_cursor_execute", lambda *all_: asked.append(all_[2]))
        search(connection, reader, "zzz")
        assert len(asked) == 3
        search(connection, reader, "run", 2)
        assert len(asked) == 3 + 4
