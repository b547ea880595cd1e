"""One requirement: what it says, what bears on it and why, what publishers say, and where it is met by which evidence."""

from __future__ import annotations

import html
import re

import pytest

from govern.catalogue.objects import AppliesFrom, Catalogue, Relation
from govern.web.frameworks_view import View, Ways
from govern.web.requirement_view import crosswalks_of, dates_shown, related, relations_in, through_of
from tests.web.conftest import START, World, clean_garak
from tests.web.test_frameworks import (
    ACT,
    DUTIES,
    GENAI,
    RMF,
    SSDF,
    changed,
    covered,
    links_of,
    mapped_to,
    moment_at,
    more_systems,
    path_of,
    statements,
)
from tests.web.test_submit import send_one


def accept(world: World, key: str, control: str) -> None:
    """A reviewer accepts the first version of a piece of evidence, yes to all that is asked."""
    reviewer = world.browser("reviewer")
    form = reviewer.text(f"/evidence/{key}/versions/1/review")
    questions = {name for name in re.findall(r'name="(answer\.[^"]+)"', form) if name.startswith(f"answer.{control}")}
    answer = reviewer.post(f"/evidence/{key}/versions/1/review", {"verdict": "accepted", **dict.fromkeys(questions, "yes")})
    assert answer.status_code == 303, answer.text


def where_met(page: str, name: str) -> str:
    """The row of a system in the table of where a requirement is met."""
    table = page.partition('id="systems"')[2]
    return next(row for row in table.split('<tr role="row">') if f">{name}</a>" in row)


# -- what bears on it ------------------------------------------------------------------------------------------------


def test_the_reason_of_a_mapping_comes_from_where_it_was_made(shipped: Catalogue) -> None:
    for framework in shipped.frameworks.values():
        view = View(framework, shipped, Ways())
        for one in framework.requirements:
            for row in related(view, one.id):
                link = next(link for link in shipped.controls[row["control"].id].mappings
                            if (link.framework, link.requirement) == (framework.id, row["via"] or one.id))
                assert row["why"] == link.why
                assert row["alone"] == link.relation.covers
                assert not row["via"] or framework.strength_passes_down


@pytest.mark.parametrize(("relation", "words"), [
    (Relation.EQUAL, "Equal"), (Relation.SUPERSET, "Covers it and more"), (Relation.SUBSET, "A part of it"),
    (Relation.INTERSECTS, "Overlaps with it")])
def test_relations_are_said_in_words_with_what_they_mean(world: World, relation: Relation, words: str) -> None:
    link = next(link for one in world.catalogue.controls.values() for link in one.mappings
                if link.framework == SSDF and link.relation is relation)
    page = html.unescape(world.browser("auditor").text(path_of(SSDF, link.requirement)))
    view = View(world.catalogue.frameworks[SSDF], world.catalogue, Ways())
    [(_, meaning, alone)] = [one for one in relations_in(related(view, link.requirement)) if one[0] == words]
    assert alone == relation.covers
    assert words in page
    assert meaning in page
    assert link.why in page


def test_a_requirement_says_why_and_where_it_stands(world: World) -> None:
    requirement = mapped_to(world.catalogue, "EVA-04", RMF)
    link = next(one for one in world.catalogue.controls["EVA-04"].mappings if one.requirement == requirement)
    framework = world.catalogue.frameworks[RMF]
    page = html.unescape(world.browser("auditor").text(path_of(RMF, requirement)))
    assert link.why in page
    assert framework.by_id[requirement].gist in page
    for known in framework.source.values():
        assert known in page
    assert f'rel="noreferrer" href="{framework.source["url"]}"' in page
    assert "/trace?framework=nist-ai-rmf-1.0&requirement=" in page
    assert "/trace?control=EVA-04" in page
    assert f"/crosswalk?from={RMF}" in page


def test_what_it_goes_through_is_named_with_what_the_mappings_offer(world: World) -> None:
    view = View(world.catalogue.frameworks[GENAI], world.catalogue, Ways())
    one = next(one for one in view.framework.requirements if one.through)
    page = html.unescape(world.browser("auditor").text(path_of(GENAI, one.id)))
    section = page.partition('id="through"')[2].partition("</section>")[0]
    assert links_of(section) == {path_of(target.framework, target.requirement) for target in one.through}
    assert {named.status for named in through_of(view, one)} <= {"one", "joint", "parts"}
    assert 'id="through"' not in world.browser("auditor").text(path_of(RMF, "GOVERN 1.1"))


def test_a_stated_gap_and_a_set_stand_on_the_page(world: World) -> None:
    reader = world.browser("auditor")
    id_, why = next(iter(world.catalogue.frameworks["owasp-llm-2026"].gaps.items()))
    assert why in html.unescape(reader.text(path_of("owasp-llm-2026", id_)))
    requirement, controls = next(iter(world.catalogue.frameworks[RMF].joint.items()))
    page = reader.text(path_of(RMF, requirement)).partition("Together complete")[2].partition("</p>")[0]
    assert links_of(page) == {f"/controls/{one}" for one in controls}


# -- what publishers state -------------------------------------------------------------------------------------------


def test_pairs_of_publishers_stand_at_both_ends(shipped: Catalogue) -> None:
    counted = {"to": 0, "by": 0}
    for framework in shipped.frameworks.values():
        view = View(framework, shipped, Ways())
        for one in framework.requirements:
            for found in crosswalks_of(view, one.id):
                walk = found["walk"]
                for named in found["to"]:
                    assert framework.id == walk.source_framework
                    assert named.id in walk.pairs[one.id]
                for named in found["by"]:
                    assert framework.id == walk.target_framework
                    assert one.id in walk.pairs[named.id]
                counted["to"] += len(found["to"])
                counted["by"] += len(found["by"])
    pairs = sum(len(targets) for walk in shipped.crosswalks for targets in walk.pairs.values())
    assert counted == {"to": pairs, "by": pairs}


def test_a_pair_leads_from_each_end_to_the_other(world: World) -> None:
    reader = world.browser("auditor")
    there, here = path_of("owasp-llm-2025", "LLM06:2025"), path_of("owasp-llm-2026", "LLM03:2026")
    page = reader.text(here)
    section = page.partition('id="crosswalks"')[2].partition("</section>")[0]
    assert there in links_of(section)
    assert "LLM03:2026 continues:" in section
    assert "The pairs are our reading" in section
    back = reader.text(there).partition('id="crosswalks"')[2].partition("</section>")[0]
    assert here in links_of(back)
    assert "Each of these continues LLM06:2025:" in back


# -- from when, and the official text --------------------------------------------------------------------------------


def test_days_to_go_are_counted_from_the_day_and_what_is_no_date_stays_text() -> None:
    def date(id_: str, from_: str) -> AppliesFrom:
        return AppliesFrom(id_, id_, from_, "L 1")

    now = START + 3 * 3_600_000  # 23:26 on 28 May 2026
    shown = dates_shown([date("later", "2026-06-27"), date("today", "2026-05-28"), date("gone", "2026-05-27"),
                         date("far", "2027-05-28"), date("none", "2027-02-30")], now)
    assert [(one.date.id, one.days, one.tone, one.note) for one in shown] == [
        ("gone", -1, "ok", "has applied for 1 day"), ("today", 0, "ok", "applies from today"), ("later", 30, "warn", "in 30 days"),
        ("none", None, "neutral", ""), ("far", 365, "info", "in 365 days")]
    assert [one.text for one in shown] == ["27 May 2026", "28 May 2026", "27 June 2026", "2027-02-30", "28 May 2027"]


def test_a_requirement_shows_the_dates_of_the_nearest_above(world: World) -> None:
    page = world.browser("auditor").text(path_of(ACT, "15(4).3"))
    section = page.partition('id="dates"')[2].partition("</section>")[0]
    assert re.findall(r'<time class="tnum" datetime="([^"]+)"', section) == ["2027-12-02", "2028-08-02"]
    assert "Regulation (EU) 2026/1744 changed it" in section


def test_an_official_text_stands_beside_our_words_and_is_inert(world: World) -> None:
    reader = world.browser("auditor")
    path = path_of("iso-42001-2023-annex-a", "A.2.2")
    assert 'id="text"' not in reader.text(path)
    changed(world, "iso-42001-2023-annex-a", "A.2.2", text="First line.\nSecond <b>line</b>.", gist="Ours.")
    section = reader.text(path).partition('id="text"')[2].partition("</section>")[0]
    assert "First line.\nSecond &lt;b&gt;line&lt;/b&gt;." in section
    assert "Ours." in section


# -- where it is met -------------------------------------------------------------------------------------------------


def test_where_it_is_met_names_systems_controls_and_accepted_evidence(world: World) -> None:
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04")
    requirement = mapped_to(world.catalogue, "EVA-04", RMF)
    reader = world.browser("auditor")
    assert f"/evidence/{key}" not in links_of(reader.text(path_of(RMF, requirement))), "nothing is accepted yet"
    accept(world, key, "EVA-04")
    page = reader.text(path_of(RMF, requirement))
    row = where_met(page, "Claims assistant")
    assert f"/evidence/{key}" in links_of(row)
    assert f"/systems/{world.slug}/controls/EVA-04" in links_of(row)
    assert f"{path_of(RMF, requirement)}?system={world.slug}" in html.unescape(row)
    assert f">{covered(world, RMF).requirements[requirement].covered.value.capitalize()}</span>" in row
    other = where_met(page, "Support bot")
    assert f"/evidence/{key}" not in links_of(other)
    assert "Nothing accepted counts for it" in other


def test_each_system_stands_as_its_own_coverage_says(world: World) -> None:
    reader = world.browser("auditor")
    for framework, step in ((DUTIES, 25), (GENAI, 40), (SSDF, 30)):
        for one in world.catalogue.frameworks[framework].requirements[::step]:
            page = html.unescape(reader.text(path_of(framework, one.id)))
            for name, system in (("Claims assistant", world.system), ("Support bot", world.other)):
                outcome = covered(world, framework, system).requirements[one.id]
                assert f">{outcome.covered.value.capitalize()}</span>" in where_met(page, name)


def test_from_a_framework_to_the_evidence(world: World) -> None:
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04")
    requirement = mapped_to(world.catalogue, "EVA-04", RMF)
    reader = world.browser("auditor")
    assert path_of(RMF, requirement) in links_of(reader.text(f"/frameworks/{RMF}?system={world.slug}"))
    page = reader.text(f"{path_of(RMF, requirement)}?system={world.slug}")
    assert f"/evidence/{key}" in links_of(page)
    assert f"/systems/{world.slug}/controls/EVA-04" in links_of(page)
    outcome = covered(world, RMF).requirements[requirement]
    assert outcome.covered.value.capitalize() in page
    assert all(html.escape(reason.text, quote=False) in html.unescape(page) for reason in outcome.reasons)
    assert reader.get(f"/systems/{world.slug}/controls/EVA-04").status_code == 200
    assert reader.get(f"/evidence/{key}").status_code == 200
    assert 'id="systems"' not in page, "one system is chosen"


def test_many_systems_come_in_pages(world: World) -> None:
    more_systems(world, 23)
    reader = world.browser("auditor")
    path = path_of(RMF, "GOVERN 1.1")
    pages = [reader.text(f"{path}?page={number}").partition('id="systems"')[2] for number in (1, 2, 3)]
    shown = [set(re.findall(r"GOVERN%201\.1\?system=([^\"&]+)", page)) for page in pages]
    assert [len(one) for one in shown] == [20, 3, 0]
    assert not shown[0] & shown[1]
    assert "Systems 21–23 of 23, by name" in pages[1]


def test_the_number_of_queries_does_not_grow_with_evidence(world: World) -> None:
    reader, owner = world.browser("auditor"), world.browser("system-owner")
    paths = [path_of(RMF, mapped_to(world.catalogue, "EVA-04", RMF)), f"/frameworks/{RMF}", "/controls/EVA-04"]
    paths += [f"{path}?system={world.slug}" for path in paths[:2]] + [f"/threats?system={world.slug}"]

    def sent(upto: int, since: int) -> None:
        for number in range(since, upto):
            accept(world, send_one(owner, world, clean_garak(40 + number), controls="EVA-04"), "EVA-04")

    sent(3, 0)
    few = [statements(world, reader, path) for path in paths]
    sent(30, 3)
    assert [statements(world, reader, path) for path in paths] == few


def test_every_requirement_has_a_page(world: World) -> None:
    reader = world.browser("auditor")
    for framework in world.catalogue.frameworks.values():
        for one in framework.requirements[::max(1, len(framework.requirements) // 6)]:
            page = reader.text(f"{path_of(framework.id, one.id)}?system={world.slug}")
            assert html.escape(one.title) in page


def test_a_past_moment_knows_nothing_of_what_came_later(world: World) -> None:
    before = moment_at(world)
    world.clock.pass_days(1)
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04")
    accept(world, key, "EVA-04")
    path = path_of(RMF, mapped_to(world.catalogue, "EVA-04", RMF))
    reader = world.browser("auditor")
    for query in ("", f"system={world.slug}"):
        assert f"/evidence/{key}" in reader.text(f"{path}?{query}")
        past = reader.text(f"{path}?{query}&at={before}")
        assert f"/evidence/{key}" not in past
        assert "You are looking at the past" in past


def test_as_a_drawer(world: World) -> None:
    drawer = world.browser("auditor").get(path_of(RMF, "GOVERN 1.1"), headers={"X-Fragment": "drawer"})
    assert drawer.status_code == 200
    assert "<html" not in drawer.text


def test_dates_are_counted_from_the_moment_looked_at(world: World) -> None:
    world.clock.pass_days(10)
    page = world.browser("auditor").text(path_of(ACT, "15(1)"))
    assert "in 543 days" in page
