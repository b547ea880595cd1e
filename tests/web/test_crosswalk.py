"""The crosswalk's page: choosing two frameworks, their pairs and parts, narrowing, files, the past."""

from __future__ import annotations

import csv
import html
import io
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from openpyxl import load_workbook

from govern.actions.office import OPERATOR
from govern.actions.systems import register_system
from govern.catalogue.crosswalking import Claim, Crossing, Pair, View, chosen, crossing
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue
from govern.catalogue.ties import shared_controls
from govern.facts.moments import DAY
from govern.records.moments import moment_now
from govern.schemas.queries import CrosswalkWanted
from govern.web.crosswalk_view import ACROSS, DOWN, FEW, axis, map_of, narrowed, under
from tests.web.conftest import World, described
from tests.web.test_evidence import statements

RMF, SSDF, PROFILE, ACT, LLM = ("nist-ai-rmf-1.0", "nist-sp-800-218a", "nist-ai-600-1", "eu-ai-act-high-risk", "owasp-llm-2026")


def path_of(first: str, second: str, **more: str) -> str:
    """The address of a crosswalk."""
    return f"/crosswalk?{urlencode({'from': first, 'to': second, **more})}"


def hrefs(page: str) -> set[str]:
    """Everything that a page links to."""
    return {html.unescape(found) for found in re.findall(r'href="([^"]+)"', page)}


def pairs_on(page: str) -> list[tuple[str, str]]:
    """(requirement, requirement) of the rows of a page, in order."""
    cells = re.findall(r'class="main"><div class="cell"><a href="[^"]+">([^<]+)</a>', page)
    plain = [html.unescape(one) for one in cells]
    return list(zip(plain[::2], plain[1::2], strict=True))


def ends(pairs: list[Pair] | tuple[Pair, ...]) -> list[tuple[str, str]]:
    """The ends of pairs."""
    return [(pair.first, pair.second) for pair in pairs]


# -- choosing two ----------------------------------------------------------------------------------------------------


def test_without_a_choice_every_two_stand_against_each_other(world: World) -> None:
    links = hrefs(world.browser("auditor").text("/crosswalk"))
    shared = shared_controls(world.catalogue)
    for first, by_other in shared.items():
        assert f"/crosswalk?from={first}" in links
        for second, many in by_other.items():
            assert (f"/crosswalk?from={first}&to={second}" in links) == (many > 0)
    assert "/crosswalk" in hrefs(world.browser("auditor").text("/frameworks")), "the navigation leads here"


def test_with_one_chosen_the_others_stand_beside_it(world: World) -> None:
    page = world.browser("auditor").text(f"/crosswalk?from={RMF}")
    for other, many in shared_controls(world.catalogue)[RMF].items():
        assert f"/crosswalk?from={RMF}&to={other}" in hrefs(page), other
        assert f">{many}</div>" in page
    assert f"/crosswalk?from={RMF}&to={RMF}" not in hrefs(page)


@pytest.mark.parametrize(("query", "said"), [
    (f"from={RMF}&to={RMF}", "has no crosswalk with itself. Choose two different frameworks."),
    (f"from=nothing&to={RMF}", "There is no framework “nothing”"),
    (f"from={RMF}&to=%3Cb%3E", "There is no framework “&lt;b&gt;”"),
    (f"from={RMF}&to={SSDF}&a=XX", "has no part “XX”"),
    (f"from={RMF}&to={SSDF}&b=GOVERN", "has no part “GOVERN”"),
    (f"from={RMF}&to={SSDF}&relation=friends", "There is no such relation."),
    (f"from={RMF}&to={SSDF}&view=mine", "There is no such choice."),
])
def test_what_cannot_be_compared_is_said_at_its_field(world: World, query: str, said: str) -> None:
    answer = world.browser("auditor").get(f"/crosswalk?{query}")
    assert answer.status_code == 422
    assert said in answer.text
    assert "<select" in answer.text, "the choice can be mended on the spot"
    for path in ("/crosswalk.csv", "/crosswalk.xlsx"):
        assert world.browser("auditor").get(f"{path}?{query}").status_code == 422


def test_files_need_two(world: World) -> None:
    for query in ("", f"?from={RMF}", f"?to={RMF}"):
        for path in ("/crosswalk.csv", "/crosswalk.xlsx"):
            assert world.browser("auditor").get(path + query).status_code == 422


# -- pairs -----------------------------------------------------------------------------------------------------------


def test_a_page_shows_pairs_with_their_grounds(world: World) -> None:
    found = crossing(world.catalogue, SSDF, RMF)
    page = world.browser("auditor").text(path_of(SSDF, RMF))
    assert pairs_on(page) == ends(found.pairs[:25])
    plain = html.unescape(page)
    for pair in found.pairs[:25]:
        for control, _ in pair.controls:
            assert found.ties_first[pair.first][control].why in plain
            assert found.ties_second[pair.second][control].why in plain
            assert f"/controls/{control}" in hrefs(page)
    assert f"1–25 of {len(found.pairs)}" in page
    for view in View:
        assert f"({found.views[view]:,})" in page


def test_pages_follow_each_other(world: World) -> None:
    found = crossing(world.catalogue, SSDF, RMF)
    browser, seen, path = world.browser("auditor"), [], path_of(SSDF, RMF)
    while path:
        page = browser.text(path)
        seen += pairs_on(page)
        path = next((html.unescape(one) for one in re.findall(r'rel="next" href="([^"]+page=[^"]+)"', page)), "")
    assert seen == ends(found.pairs)
    assert "No such page" in browser.text(path_of(SSDF, RMF, page="999"))


NARROWED = [{"relation": "known"}, {"relation": "equal"}, {"relation": "related"}, {"view": "publisher only"}, {"view": "agreed"},
            {"q": "policy"}, {"q": "GOV-02"}, {"a": "PO"}, {"b": "MAP 1"}, {"a": "PO.1", "b": "GOVERN", "relation": "known"}]


@pytest.mark.parametrize("given", NARROWED)
def test_pairs_are_narrowed(world: World, given: dict[str, str]) -> None:
    found = crossing(world.catalogue, SSDF, RMF)
    expected = [pair for pair in found.pairs if fits(pair, found, given)]
    assert 0 < len(expected) < len(found.pairs)
    page = world.browser("auditor").text(path_of(SSDF, RMF, **given))
    assert pairs_on(page) == ends(expected[:25])
    assert f"of {len(expected)}</span>" in page


def fits(pair: Pair, found: Crossing, given: dict[str, str]) -> bool:
    """Whether a pair is asked for, written anew."""
    text = given.get("q", "").lower()
    words = [pair.first, found.first.by_id[pair.first].title, pair.second, found.second.by_id[pair.second].title,
             *(control for control, _ in pair.controls)]
    above = [[id_, *(up.id for up in framework.above(id_))] for framework, id_ in (
        (found.first, pair.first), (found.second, pair.second))]
    relation = given.get("relation", "")
    known = pair.claim in (Claim.EQUAL, Claim.SUBSET, Claim.SUPERSET, Claim.INTERSECTS)
    return ((not relation or pair.claim == relation or (relation == "known" and known))
            and pair.view == given.get("view", pair.view) and any(text in word.lower() for word in words)
            and given.get("a", pair.first) in above[0] and given.get("b", pair.second) in above[1])


def test_nothing_found_says_so(world: World) -> None:
    page = world.browser("auditor").text(path_of(SSDF, RMF, q="zzzz"))
    assert "No pair fits" in page
    assert path_of(SSDF, RMF) in hrefs(page)
    assert "&lt;b&gt;" in world.browser("auditor").text(path_of(SSDF, RMF, q="<b>"))


def test_what_goes_through_says_so(world: World) -> None:
    page = world.browser("auditor").text(path_of(PROFILE, RMF, a="GV-1.1-001", b="GOVERN 1.1"))
    assert pairs_on(page) == [("GV-1.1-001", "GOVERN 1.1")]
    assert "The catalogue meets GV-1.1-001 through GOVERN 1.1." in page
    back = world.browser("auditor").text(path_of(RMF, PROFILE, a="GOVERN 1.1", b="GV-1.1-001"))
    assert "The catalogue meets GV-1.1-001 through GOVERN 1.1." in back


def test_what_has_no_partner(world: World) -> None:
    found = crossing(world.catalogue, PROFILE, ACT)
    page = world.browser("auditor").text(path_of(PROFILE, ACT, show="alone"))
    listed = re.findall(r'<div class="criteria-head"><a href="[^"]+">([^ <]+)', page)
    assert listed == [html.escape(one).split()[0] for one in (*found.alone_first, *found.alone_second)]
    assert found.alone_first
    assert found.alone_second
    assert pairs_on(page) == []


def test_every_two_open(world: World) -> None:
    auditor, ids = world.browser("auditor"), list(world.catalogue.frameworks)
    for first, second in zip(ids, [*ids[1:], ids[0]], strict=True):
        page = auditor.text(path_of(first, second))
        assert pairs_on(page) == ends(crossing(world.catalogue, first, second).pairs[:25])
        assert short_name(world.catalogue.frameworks[first]) in page
        auditor.text(path_of(first, second, show="alone"))


# -- the map ---------------------------------------------------------------------------------------------------------


def wanted(**given: str) -> CrosswalkWanted:
    """What the page is asked for."""
    return CrosswalkWanted(**{**dict.fromkeys(("source", "target", "claim", "view", "text", "first", "second"), ""), **given})


@pytest.mark.parametrize(("first", "second"), [(SSDF, RMF), (PROFILE, ACT), (RMF, LLM), (ACT, PROFILE)])
def test_the_map_counts_every_pair_once(shipped: Catalogue, first: str, second: str) -> None:
    found = crossing(shipped, first, second)
    total, page = 0, 1
    while True:
        rows = []
        for column in range(1, 9):
            drawn = map_of(found, found.pairs, wanted(), (page, column))
            if column > 1 and drawn.across.page == 1:
                break
            rows.append(drawn)
        if page > 1 and rows[0].down.page == 1:
            break
        total += sum(spot.count for drawn in rows for _, spots in drawn.rows for spot in spots if spot)
        assert all(len(drawn.rows) <= DOWN and len(drawn.across.shown) <= ACROSS for drawn in rows)
        page += 1
    assert total == len(found.pairs)


def test_the_way_down_the_map_ends_at_a_pair(shipped: Catalogue) -> None:
    found = crossing(shipped, PROFILE, ACT)
    pair = found.pairs[1000]
    at = wanted()
    for _ in range(12):
        inside = narrowed(found, at)
        drawn = map_of(found, inside, at, (1, 1))
        if len(inside) == 1:
            break
        first, second = drawn.down.group_of[pair.first], drawn.across.group_of[pair.second]
        assert pair.first in under(found.first, first)
        assert pair.second in under(found.second, second)
        at = wanted(first=first, second=second)
    assert inside == [pair]
    assert drawn.whole


def test_few_requirements_stand_by_themselves_with_the_sign_of_their_relation(shipped: Catalogue) -> None:
    found = crossing(shipped, "owasp-llm-2025", LLM)
    drawn = map_of(found, found.pairs, wanted(), (1, 1))
    assert drawn.whole
    assert {spot.sign for _, spots in drawn.rows for spot in spots if spot} <= {"=", "⊆", "⊇", "∩", "~", "P"}
    many = axis(shipped.frameworks[ACT], {one.id for one in shipped.frameworks[ACT].requirements[:FEW + 1]}, "", DOWN, 1)
    assert len(many.shown) < FEW


def test_cells_open_their_part(world: World) -> None:
    auditor = world.browser("auditor")
    page = auditor.text(path_of(SSDF, RMF, relation="known"))
    cells = {html.unescape(one) for one in re.findall(r'class="heat-cell bin-\d" href="([^"]+)"', page)}
    assert len(cells) >= 8
    for cell in sorted(cells)[:4]:
        given = {name: values[0] for name, values in parse_qs(urlsplit(cell).query).items()}
        assert (given["from"], given["to"], given["relation"]) == (SSDF, RMF, "known")
        inside = narrowed(crossing(world.catalogue, SSDF, RMF), wanted(claim="known", first=given["a"], second=given["b"]))
        opened = auditor.text(cell)
        assert pairs_on(opened) == ends(inside[:25])
        assert inside
        assert "Open part of NIST SP 800-218A" in opened
    assert auditor.get(path_of(SSDF, RMF, down="99", across="x")).status_code == 200


# -- files -----------------------------------------------------------------------------------------------------------


def test_the_csv_holds_every_pair_and_what_has_none(world: World) -> None:
    found = crossing(world.catalogue, SSDF, RMF)
    answer = world.browser("auditor").get("/crosswalk.csv", query_string={"from": SSDF, "to": RMF, "relation": "equal"})
    assert answer.mimetype == "text/csv"
    assert f"crosswalk-{SSDF}-{RMF}-2026-05-28-entry-" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(found.pairs) + len(found.alone_first) + len(found.alone_second)
    assert [(row[0], row[3]) for row in rows[1:len(found.pairs) + 1]] == ends(found.pairs)


def test_the_workbook_holds_the_same(world: World) -> None:
    found = crossing(world.catalogue, SSDF, RMF)
    answer = world.browser("auditor").get("/crosswalk.xlsx", query_string={"from": SSDF, "to": RMF})
    assert answer.status_code == 200
    book = load_workbook(io.BytesIO(answer.data), read_only=True)
    assert book.sheetnames == ["About", "Crosswalk"]
    assert sum(1 for _ in book["Crosswalk"].rows) == 1 + len(found.pairs) + len(found.alone_first) + len(found.alone_second)
    book.close()


# -- who, when, and what it costs ------------------------------------------------------------------------------------


def test_it_shows_no_system_and_needs_a_sign_in(world: World) -> None:
    outsider = world.browser("outsider")
    for path in ("/crosswalk", f"/crosswalk?from={RMF}", path_of(SSDF, RMF), path_of(SSDF, RMF, show="alone")):
        assert world.slug not in outsider.text(path)
        assert world.app.test_client().get(path).status_code == 302
    assert outsider.get("/crosswalk.csv", query_string={"from": SSDF, "to": RMF}).status_code == 200


def test_the_past(world: World) -> None:
    with world.store.reading() as connection:
        before = moment_now(connection, world.clock.now + DAY).position
    world.clock.pass_days(1)
    page = world.browser("auditor").text(path_of(SSDF, RMF, at=str(before)))
    assert "You are looking at the past" in page
    links = hrefs(page)
    for start in ("/frameworks/", "/controls/", "/crosswalk?", "/crosswalk.csv?", "/crosswalk.xlsx?"):
        inside = [one for one in links if one.startswith(start) and one not in ("/crosswalk",)]
        assert inside
        assert all(f"at={before}" in one for one in inside if "now" not in one and one != path_of(SSDF, RMF)), start
    assert world.browser("auditor").get(path_of(SSDF, RMF, at="yesterday")).status_code == 422
    assert world.browser("auditor").get(path_of(SSDF, RMF, at="1")).status_code in (200, 404)


def test_it_asks_few_questions_and_as_many_whatever_there_is(world: World) -> None:
    auditor = world.browser("auditor")
    paths = ("/crosswalk", f"/crosswalk?from={RMF}", path_of(PROFILE, ACT), path_of(PROFILE, ACT, show="alone", q="data"))
    before = {path: statements(world, auditor, path) for path in paths}
    for number in range(5):
        register_system(world.house.office, OPERATOR, described(f"Another {number}"), world.clock.now)
    assert {path: statements(world, auditor, path) for path in paths} == before
    assert max(before.values()) <= 9
    assert len(set(before.values())) == 1, "the crosswalk itself asks nothing"
    assert len(chosen(crossing(world.catalogue, PROFILE, ACT))) > 1000
