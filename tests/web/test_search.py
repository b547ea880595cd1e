"""Search: answers while one types, the page, every sort of thing, the past, and that nothing out of scope is found."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from govern.actions.office import OPERATOR
from govern.actions.systems import register_system
from govern.records.evidence import COUNT_LIMIT
from govern.records.moments import head_position
from govern.web.search import SORTS
from tests.web.conftest import Browser, World, clean_garak, described
from tests.web.test_evidence import statements
from tests.web.test_submit import send_one


def groups(browser: Browser, text: str, **query: Any) -> list[dict[str, Any]]:
    """What the box in the top bar is given."""
    response = browser.get("/search.json", query_string={"q": text, **query})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    told = json.loads(response.text)
    assert set(told) == {"q", "groups"}
    found: list[dict[str, Any]] = told["groups"]
    for group in found:
        assert set(group) == {"sort", "title", "count", "counted", "all", "answers", "count_text", "icon"}
        assert 1 <= len(group["answers"]) <= 8
        assert all(set(one) == {"label", "code", "kind", "detail", "href"} and one["href"].startswith("/")
                   for one in group["answers"])
    return found


def labels(browser: Browser, text: str, **query: Any) -> list[str]:
    """What is offered, as id and title."""
    return [f"{one['code']} {one['label']}".strip() for group in groups(browser, text, **query) for one in group["answers"]]


# -- what is found ---------------------------------------------------------------------------------------------------


def test_every_sort_of_thing(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Claims <red> team run")
    auditor = world.browser("auditor")
    wanted = {"systems": "claims", "evidence": "red team", "people": "reviewer", "controls": "eva04", "requirements": "MS-2.7",
              "frameworks": "rmf", "kinds": "model card", "threats": "poison", "traits": "high-risk"}
    assert set(wanted) == set(SORTS)
    for sort, text in wanted.items():
        assert sort in [group["sort"] for group in groups(auditor, text)], (sort, text)
    assert "Claims assistant" in labels(auditor, "claims")
    assert "Claims <red> team run" in labels(auditor, "claims")
    assert labels(auditor, "art 15(4)")[0].startswith("15(4) ")


def test_the_best_sort_stands_first(world: World) -> None:
    auditor = world.browser("auditor")
    assert groups(auditor, "eva-04")[0]["sort"] == "controls"
    assert groups(auditor, "measure 2.7")[0]["sort"] == "requirements"
    assert groups(auditor, "claims assistant")[0]["sort"] == "systems"
    assert groups(auditor, "support")[0]["sort"] == "systems", "equally good sorts stand in one order"


def test_at_most_eight_of_a_sort_with_their_count(world: World) -> None:
    found = {group["sort"]: group for group in groups(world.browser("auditor"), "data")}
    many = found["requirements"]
    assert (len(many["answers"]), many["counted"]) == (8, True)
    assert many["count"] > 50
    assert many["count_text"] == f"{many['count']:,}"
    assert many["all"] == "/search?q=data&in=requirements"


def test_results_lead_somewhere(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Claims run")
    for who in ("auditor", "administrator"):
        browser = world.browser(who)
        for text in ("claims", "eva-04", "measure 2.7", "15(1)", "rmf", "model card", "poison", "agentic", "reviewer person"):
            for group in groups(browser, text):
                for one in group["answers"]:
                    assert browser.get(one["href"]).status_code == 200, one["href"]
                assert browser.get(group["all"]).status_code == 200, group["all"]


def test_people_lead_to_their_account_only_for_those_who_keep_accounts(world: World) -> None:
    key = world.people["reviewer"]
    for who, href in (("administrator", f"/settings/people/{key}"), ("auditor", f"/activity?actor={key}")):
        assert href in [one["href"] for group in groups(world.browser(who), "reviewer person") for one in group["answers"]]


# -- who finds what --------------------------------------------------------------------------------------------------


def test_out_of_scope_is_not_found(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Claims run")
    outsider, signed_out = world.browser("outsider"), world.app.test_client()
    for text in ("claims", "laims", "assistant", world.slug, "claims run", "run"):
        assert not {"systems", "evidence"} & {group["sort"] for group in groups(outsider, text)}, text
        for sort in ("", "systems", "evidence"):
            page = outsider.get("/search", query_string={"q": text, "in": sort}).text
            assert not re.search(r'href="/(systems|evidence)/[^"]', page), (text, sort)
    assert "Support bot" in labels(outsider, "support")
    assert not any("System Owner" in label for label in labels(outsider, "person")), "their role holds elsewhere"
    assert any("Auditor" in label for label in labels(outsider, "person"))
    assert signed_out.get("/search.json?q=claims").status_code in (302, 401)


# -- odd words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "a", "%", "__", "no such name anywhere", "'; DROP TABLE", "\x00\x00", "x" * 5000,
                                  "\u202e\u202e"])
def test_odd_words_find_nothing_and_break_nothing(world: World, text: str) -> None:
    auditor = world.browser("auditor")
    assert labels(auditor, text) == []
    assert auditor.get("/search", query_string={"q": text}).status_code == 200


@pytest.mark.parametrize("query", ["in=nothing", "in=", "page=x", "page=0", "page=99999", "in=requirements&page=77"])
def test_an_odd_address_breaks_nothing(world: World, query: str) -> None:
    assert world.browser("auditor").get(f"/search?q=data&{query}").status_code == 200


def test_one_typo_is_forgiven(world: World) -> None:
    assert any("Prompt Injection" in label for label in labels(world.browser("auditor"), "promt injecton"))


# -- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_the_same_without_script(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Claims <red> team run")
    auditor = world.browser("auditor")
    page = auditor.text("/search?q=claims")
    assert "Claims &lt;red&gt; team run" in page
    for group in groups(auditor, "claims"):
        assert html.escape(group["title"]) in page
        assert all(html.escape(one["href"]) in page for one in group["answers"])
    assert "Nothing fits" in auditor.text("/search?q=zzzz")
    assert "at least two" in auditor.text("/search?q=z")
    assert "Write what you look for" in auditor.text("/search")
    assert '<form class="search-form" role="search" method="get" action="/search"' in page


def test_all_of_one_sort_by_pages(world: World) -> None:
    auditor = world.browser("auditor")
    first = auditor.text("/search?q=data&in=requirements")
    assert "See all" not in first
    count = next(group["count"] for group in groups(auditor, "data") if group["sort"] == "requirements")
    seen: list[str] = []
    for number in range(1, 2 + count // 40):
        found = re.findall(r'<ul class="found">(.*?)</ul>', auditor.text(f"/search?q=data&in=requirements&page={number}"), re.S)
        seen += [href for part in found for href in re.findall(r'<a href="([^"]+)"', part)]
    assert len(seen) == count
    assert len(set(seen)) == count
    assert f"1–40 of {count}" in first


def test_more_systems_than_stand_together(world: World) -> None:
    for number in range(9):
        register_system(world.house.office, OPERATOR, described(f"Claims helper {number}"), world.clock.now)
    (group,) = [one for one in groups(world.browser("auditor"), "claims") if one["sort"] == "systems"]
    assert (group["count"], len(group["answers"])) == (10, 8)
    assert world.browser("auditor").text(group["all"]).count("Claims helper") == 9
    assert COUNT_LIMIT >= 10


# -- the past --------------------------------------------------------------------------------------------------------


def test_the_past_is_searched_as_it_was(world: World) -> None:
    with world.store.reading() as connection:
        before = head_position(connection)
    world.clock.pass_days(1)
    register_system(world.house.office, OPERATOR, described("Later helper"), world.clock.now)
    auditor = world.browser("auditor")
    assert labels(auditor, "later helper") == ["Later helper"]
    assert labels(auditor, "later helper", at=before) == []
    found = groups(auditor, "eva04", at=before)[0]
    assert found["answers"][0]["href"] == f"/controls/EVA-04?at={before}"
    assert groups(auditor, "data", at=before)[0]["all"].endswith(f"&at={before}")
    page = auditor.text(f"/search?q=claims&at={before}")
    assert "You are looking at the past" in page
    assert f'name="at" value="{before}"' in page, "the box stays in the past"
    assert auditor.get("/search?q=claims&at=yesterday").status_code == 422
    assert auditor.get("/search.json?q=claims&at=yesterday").status_code == 422


# -- what it costs ---------------------------------------------------------------------------------------------------


def test_it_asks_the_same_number_of_questions_whatever_there_is(world: World) -> None:
    auditor = world.browser("auditor")
    auditor.text("/search.json?q=claims")
    paths = ("/search.json?q=claims", "/search?q=claims", "/search.json?q=zzzz")
    before = {path: statements(world, auditor, path) for path in paths}
    for number in range(6):
        send_one(world.browser("system-owner"), world, f"policy {number}".encode(), name="p.txt", kind="policy",
                 title=f"Claims policy {number}")
        register_system(world.house.office, OPERATOR, described(f"Claims helper {number}"), world.clock.now)
    after = {path: statements(world, auditor, path) for path in before}
    assert after == before
    assert before["/search.json?q=claims"] <= 10
    assert statements(world, auditor, "/search.json?q=c") < before["/search.json?q=claims"], "one letter asks nothing"
