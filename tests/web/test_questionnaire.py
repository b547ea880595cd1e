"""Registering a system step by step: questions, what they switch on, drafts, the summary, and what is recorded at the end."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from sqlalchemy import func, select

from govern.actions.drafts import MOST
from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.tailoring import tailor_unit
from govern.assurance.outcomes import Status
from govern.assurance.posture import derive
from govern.assurance.switching import switched_on
from govern.catalogue.objects import Catalogue, Trait
from govern.catalogue.text import digest_of, to_text
from govern.facts.commands import TailorUnit
from govern.facts.systems import Stage
from govern.records.tables.ledger import HeadRow
from govern.records.tables.plain import DraftRow
from govern.records.tables.system import SystemRow
from govern.web.questionnaire_view import Effect, Question, parts_of, steps_of
from tests.assurance.builders import snapshot
from tests.records.test_snapshot import counted
from tests.web.conftest import Browser, World
from tests.web.test_system_forms import flashed, seen_in

WORDS = {"name": "Voice bot", "purpose": "Takes calls about claims."}


def begin(browser: Browser, **words: str) -> str:
    """Begin a draft; gives its address."""
    response = browser.post("/systems/new", {**WORDS, "do": "next", **words})
    assert response.status_code == 303, response.text[:2000]
    place, _, step = response.location.rpartition("/")
    assert step == "answers-1"
    return place


def answer(browser: Browser, place: str, step: str, do: str = "next", **chosen: str | list[str]) -> str:
    """Answer the questions of a step; gives where it leads."""
    response = browser.post(f"{place}/{step}", {**{name.replace("_", "-"): one for name, one in chosen.items()}, "do": do})
    assert response.status_code == 303, response.text[:2000]
    return response.location


def count(world: World, table: type[DraftRow | SystemRow]) -> int:
    with world.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def head(world: World) -> int:
    with world.store.reading() as connection:
        return connection.execute(select(HeadRow.position)).scalar_one()


# -- the questions ---------------------------------------------------------------------------------------------------


def test_every_trait_is_asked_once_by_its_group_in_order(shipped: Catalogue) -> None:
    parts = parts_of(shipped)
    assert [part.group for part in parts] == list(shipped.groups)
    assert [one.trait for part in parts for one in part.questions] == [
        trait for group in shipped.groups for trait in shipped.traits if trait.group == group.id]
    assert sum(len(part.questions) for part in parts) == len(shipped.traits)


def test_traits_without_a_group_come_last(shipped: Catalogue) -> None:
    odd = replace(shipped, traits=(Trait("odd", "Odd", "Is it odd?", ""), *shipped.traits))
    assert [one.trait.id for one in parts_of(odd)[-1].questions] == ["odd"]
    bare = replace(shipped, groups=())
    [only] = parts_of(bare)
    assert (len(only.questions), only.group.single) == (len(shipped.traits), False)


@pytest.mark.parametrize(("many", "sizes"), [
    (1, [1]), (2, [2]), (3, [3]), (4, [2, 2]), (7, [3, 2, 2]), (10, [3, 3, 2, 2]), (12, [3] * 4)])
def test_a_step_has_two_or_three_groups(shipped: Catalogue, many: int, sizes: list[int]) -> None:
    parts = tuple(parts_of(shipped) * 2)[:many]
    steps = steps_of(parts)
    assert [len(step.parts) for step in steps[1:-1]] == sizes
    assert tuple(part for step in steps for part in step.parts) == parts
    assert (steps[0].id, steps[-1].id) == ("describe", "summary")


def test_each_question_says_what_it_switches_on(shipped: Catalogue) -> None:
    on = switched_on(shipped)
    for question in (one for part in parts_of(shipped) for one in part.questions):
        told = on[question.trait.id]
        shown = [one.id for one in (*question.controls, *question.asks, *question.ends)]
        assert sorted(shown) == sorted((*told.controls, *told.asks))
    by_id = {one.trait.id: one for part in parts_of(shipped) for one in part.questions}
    assert [one.id for one in by_id["high-risk"].ends] == ["DOC-06.3"], "asked of systems held not to be high-risk"
    assert by_id["spends-money"].implies == ("Agentic",)


def test_what_a_question_switches_on_in_words() -> None:
    one, two = Effect("A-01", "A", "A-01", ""), Effect("A-02.1", "A", "A-02", "")
    empty = Question(Trait("odd", "Odd", "Is it odd?", ""), (), (), (), (), ())
    for changes, says, takes in (
            ({}, "", ""), ({"controls": (one,)}, "Switches on 1 control", ""), ({"ends": (one,)}, "", "1 ask"),
            ({"controls": (one, one), "asks": (two,)}, "Switches on 2 controls and 1 further piece of evidence", ""),
            ({"asks": (two, two), "baselines": ("X",)}, "Switches on 2 further pieces of evidence and the baseline X", ""),
            ({"controls": (one,), "asks": (two,), "baselines": ("X", "Y"), "ends": (two, two)},
             "Switches on 1 control, 1 further piece of evidence and the baseline X and Y", "2 asks")):
        question = replace(empty, **changes)
        assert (question.says, question.takes) == (says, takes)


def test_a_page_asks_by_radio_or_box_and_tells_what_follows(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer)
    page = unescape(officer.text(f"{place}/answers-1"))
    assert "Step 2 of 6" in page
    assert page.count('type="radio" name="traits-eu-class"') == 1 + sum(one.group == "eu-class" for one in world.catalogue.traits)
    assert re.search(r'name="traits-eu-class" value="" checked', page), "not decided yet is where it begins"
    assert page.count('type="checkbox" name="traits-role"') == sum(one.group == "role" for one in world.catalogue.traits)
    high = switched_on(world.catalogue)["high-risk"]
    assert f"Switches on {len(high.controls)} controls" in page
    for control in high.controls:
        assert f'href="/controls/{control}"' in page
    powers = unescape(officer.text(f"{place}/answers-2"))
    assert "Implies: agentic." in powers
    assert "<script>" not in page


# -- step by step ----------------------------------------------------------------------------------------------------


def test_from_the_description_to_a_registered_system(world: World) -> None:
    officer, before = world.browser("compliance-officer"), head(world)
    form = officer.text("/systems/new")
    assert 'name="traits' not in form, "the description asks no questions"
    place = begin(officer, unit=world.unit)
    first = answer(officer, place, "answers-1", traits_eu_class="high-risk", traits_role=["provider", "deployer"])
    assert first == f"{place}/answers-2"
    assert answer(officer, place, "answers-2", traits_powers=["spends-money"]) == f"{place}/answers-3"
    assert answer(officer, place, "answers-3") == f"{place}/answers-4"
    assert answer(officer, place, "answers-4", traits_tier="tier-high") == f"{place}/summary"
    assert (head(world), count(world, DraftRow)) == (before, 1), "nothing is recorded on the way"
    summary = unescape(officer.text(f"{place}/summary"))
    assert "We are the provider, We are the deployer" in summary
    done = officer.post(f"{place}/register", {"seen": seen_in(summary)})
    assert (done.status_code, done.location) == (303, "/systems/voice-bot")
    assert "is registered" in flashed(officer, "/systems/voice-bot")
    assert (head(world), count(world, DraftRow)) == (before + 1, 0)
    page = unescape(officer.text("/systems/voice-bot"))
    for text in ("Takes calls about claims.", "High-risk system", "Implied by these", "Agentic", "Risk tier"):
        assert text in page
    again = officer.post(f"{place}/register", {"seen": seen_in(summary)})
    assert (again.status_code, again.location) == (303, "/systems/voice-bot"), "sent twice, registered once"
    assert head(world) == before + 1
    assert officer.get(f"{place}/summary").status_code == 404


def test_the_summary_says_what_will_be_asked_and_why(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer, unit=world.unit)
    free = unescape(officer.text(f"{place}/summary"))
    some = next(id_ for id_, one in world.catalogue.controls.items() if one.applies is None)
    assert "It is asked of every system." in free
    assert "every control that applies is asked" in free
    conditions = [one.applies for one in world.catalogue.controls.values() if one.applies is not None]
    acts = next(one for one in conditions if one.expression == "trait.agentic")
    assert f"Asked only where this holds: {acts.because}" in free
    answer(officer, place, "answers-2", traits_powers="agentic")
    after = unescape(officer.text(f"{place}/summary"))
    stat = re.compile(r'Controls asked</span>\s*<span class="stat-value">(\d+)')
    for page, traits in ((free, []), (after, ["agentic"])):
        found = stat.search(page)
        posture = derive(snapshot(stage=Stage.DESIGN, traits=traits), world.catalogue)
        assert found is not None
        assert int(found.group(1)) == sum(one.status is not Status.NOT_APPLICABLE for one in posture.controls.values())
    tailor_unit(world.house.office, OPERATOR, TailorUnit(
        world.unit, "starter", "cautious", frozenset(), (), (), "Small things only."), None, world.clock.now)
    tailored = unescape(officer.text(f"{place}/summary"))
    assert "which Insurance adopted." in tailored
    assert "Small things only." in tailored
    assert "Cautious" in tailored
    assert f"/controls/{some}" in tailored


def test_what_is_missing_is_named_before_it_can_be_registered(world: World) -> None:
    officer = world.browser("compliance-officer")
    kept = officer.post("/systems/new", {"name": "Half a system", "do": "later"})
    assert (kept.status_code, kept.location) == (303, "/systems/new")
    place = re.findall(r'href="(/systems/new/[0-9a-f]+)"', officer.text("/systems/new"))[0]
    page = officer.text(f"{place}/summary")
    assert "Something is still needed" in page
    assert f"{place}/describe#f-purpose" in page
    assert ">Register</button>" not in page
    refused = officer.post(f"{place}/register", {"seen": seen_in(page)})
    assert (refused.status_code, count(world, SystemRow)) == (422, 2)
    assert answer(officer, place, "describe", **WORDS) == f"{place}/answers-1"
    assert ">Register</button>" in officer.text(f"{place}/summary").replace("</svg>", ">")


@pytest.mark.parametrize(("data", "text"), [
    ({"do": "next"}, "Name"), ({"do": "later"}, "nothing to keep"), ({"do": "next", "name": "A"}, "Purpose"),
    ({"do": "next", **WORDS, "name": "x" * 300}, "at most 200"), ({"do": "go:summary", "name": "A"}, "Purpose"),
    ({"do": "next", **WORDS, "unit": "no-such-unit"}, "There is no such unit"),
])
def test_a_wrong_description_is_not_kept(world: World, data: dict[str, str], text: str) -> None:
    officer = world.browser("compliance-officer")
    refused = officer.post("/systems/new", data)
    assert refused.status_code == 422
    assert text in refused.text
    assert 'role="alert"' in refused.text
    assert count(world, DraftRow) == 0


def test_two_answers_of_a_group_of_one_are_refused(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer)
    answer(officer, place, "answers-1", traits_eu_class="high-risk")
    for chosen, text in ((["high-risk", "minimal-risk"], "“Class in EU law” takes one answer"),
                         (["agentic"], "“Class in EU law” has no answer agentic"), (["no-such"], "no answer no-such")):
        refused = officer.post(f"{place}/answers-1", {"traits-eu-class": chosen, "do": "next"})
        assert refused.status_code == 422
        assert text in unescape(refused.text)
        assert 'href="#f-traits"' in refused.text
    assert re.search(r'value="high-risk" checked', officer.text(f"{place}/answers-1")), "what was kept stays"


# -- drafts ----------------------------------------------------------------------------------------------------------


def test_keeping_going_on_and_discarding(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer, business_owner="Head of <Claims>")
    assert answer(officer, place, "answers-1", do="later", traits_role="deployer") == "/systems/new"
    page = officer.text("/systems/new")
    assert "Voice bot" in page
    assert "2 of 5" in page
    assert officer.get(place).location == f"{place}/answers-2", "go on where it was left"
    assert re.search(r'value="deployer" checked', officer.text(f"{place}/answers-1"))
    described = officer.text(f"{place}/describe")
    assert 'value="Head of &lt;Claims&gt;"' in described
    assert answer(officer, place, "answers-2", do="back", traits_powers="browses") == f"{place}/answers-1"
    assert answer(officer, place, "answers-1", do="go:answers-4", traits_role=[]) == f"{place}/answers-4"
    assert not re.search(r'value="deployer" checked', officer.text(f"{place}/answers-1")), "an answer taken back is gone"
    assert re.search(r'value="browses" checked', officer.text(f"{place}/answers-2")), "the others stay"
    assert answer(officer, place, "answers-4", do="go:https://evil.example/") == f"{place}/answers-4"
    assert officer.post(f"{place}/discard").location == "/systems/new"
    assert (officer.get(place).status_code, count(world, DraftRow)) == (404, 0)
    assert officer.post(f"{place}/discard").status_code == 303


def test_drafts_are_ones_own_and_bounded(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer)
    with world.store.writing() as connection:
        connection.execute(DraftRow.__table__.update().values(person=world.people["administrator"]))
    for path in ("", "/describe", "/answers-1", "/summary"):
        assert officer.get(place + path).status_code == 404
    assert officer.post(f"{place}/register").status_code == 404
    assert officer.post(f"{place}/discard").status_code == 303
    assert count(world, DraftRow) == 1, "another's draft stays"
    for number in range(MOST):
        begin(officer, name=f"Bot {number}")
    full = officer.post("/systems/new", {**WORDS, "do": "next"})
    assert (full.status_code, "20 drafts already" in full.text) == (422, True)
    assert officer.text("/systems/new").count(">Go on</a>") == MOST
    large = officer.post(f"{begin_of(officer)}/describe", {**WORDS, "abuse_cases": "x" * 70_000, "do": "later"})
    assert (large.status_code, "64 KB" in large.text) == (422, True)
    for who in ("system-owner", "auditor", "reviewer"):
        assert world.browser(who).get("/systems/new").status_code == 403


def begin_of(browser: Browser) -> str:
    """The first draft in the list."""
    return str(re.findall(r'href="(/systems/new/[0-9a-f]+)"', browser.text("/systems/new"))[0])


def test_a_summary_that_another_tab_overtook(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer)
    seen = seen_in(officer.text(f"{place}/summary"))
    answer(officer, place, "answers-1", traits_eu_class="high-risk")
    late = officer.post(f"{place}/register", {"seen": seen})
    assert (late.status_code, "changed after this summary" in late.text) == (412, True)
    assert officer.post(f"{place}/register").status_code == 412
    assert officer.post(f"{place}/register", {"seen": seen_in(late.text)}).status_code == 303


def test_a_catalogue_that_asks_no_more(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer)
    answer(officer, place, "answers-1", traits_eu_class="high-risk", traits_role="importer")
    changed = replace(world.catalogue, traits=tuple(one for one in world.catalogue.traits if one.id != "importer"), digest="")
    put_in_force(world.house.office, replace(changed, digest=digest_of(to_text(changed))), world.clock.now)
    page = officer.text(f"{place}/summary")
    assert "importer: the catalogue in force does not ask for it any more" in page
    done = officer.post(f"{place}/register", {"seen": seen_in(page)})
    assert done.status_code == 303
    assert "High-risk system" in officer.text(done.location)


# -- how much work it is ---------------------------------------------------------------------------------------------


def test_the_number_of_statements_does_not_grow(world: World) -> None:
    officer = world.browser("compliance-officer")
    place = begin(officer, unit=world.unit)
    paths = ["/systems/new", f"{place}/describe", f"{place}/answers-2", f"{place}/summary"]

    def sent() -> list[int]:
        found = []
        for path in paths:
            with counted(world.store.engine) as statements:
                officer.text(path)
            found.append(len(statements))
        return found

    before = sent()
    for number in range(8):
        other = begin(officer, name=f"Bot {number}")
        officer.post(f"{other}/register", {"seen": seen_in(officer.text(f"{other}/summary"))})
        begin(officer, name=f"Draft {number}")
    assert sent() == before
    assert max(before) <= 22, before
