"""The answers of a system: read by everybody who sees it, looked at before they change, recorded as they were looked at."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.systems import edit_system, register_system
from govern.actions.tailoring import tailor_unit
from govern.assurance.applicability import why_asked
from govern.assurance.setting import Setting
from govern.assurance.switching import Switch, with_traits
from govern.catalogue.text import digest_of, to_text
from govern.facts.commands import TailorUnit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import System
from govern.records.moments import head_position, moment_now
from govern.records.snapshot import snapshot
from govern.records.systems import system_by_slug
from govern.web.questionnaire_view import consequence_shown, with_answers
from tests.records.test_snapshot import counted
from tests.web.conftest import World, clean_garak, described
from tests.web.test_submit import send_one
from tests.web.test_system_forms import flashed, seen_in
from tests.web.test_systems import main_of

BASE = "/systems/claims-assistant"
ACTS: dict[str, Any] = {"traits-powers": ["agentic", "browses"], "traits-build": "generative", "traits-eu-class": "high-risk"}
CHOSEN = frozenset({"agentic", "browses", "generative", "high-risk"})


def system(world: World) -> System:
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        found = system_by_slug(connection, reader, world.slug)
    assert found is not None
    return found


def looked_at(world: World) -> Snapshot:
    with world.store.reading() as connection:
        return snapshot(connection, Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True), world.system)


def head(world: World) -> int:
    with world.store.reading() as connection:
        return head_position(connection)


# -- reading ---------------------------------------------------------------------------------------------------------


def test_the_owner_answers_and_others_read(world: World) -> None:
    page = world.browser("system-owner").text(f"{BASE}/traits")
    assert re.search(r'name="traits-build" value="generative" checked', page)
    open_choices = sum(group.single for group in world.catalogue.groups)
    assert main_of(page).count(" checked>") == 1 + open_choices, "each of them is not decided yet"
    assert seen_in(page) == system(world).row
    for who in ("auditor", "contributor", "reviewer"):
        read = unescape(world.browser(who).text(f"{BASE}/traits"))
        assert "traits-build" not in read
        assert "See what changes" not in read
        assert read.count(">Yes</span>") == 1
        assert "Not decided yet." in read
    for path in ("/traits", "/traits/preview?seen=x"):
        assert world.browser("outsider").get(BASE + path).status_code in (403, 404)
    past = world.browser("system-owner").text(f"{BASE}/traits?at={head(world)}")
    assert "See what changes" not in past
    assert "Nothing can be changed here" in past


def test_the_past_shows_the_answers_of_then(world: World) -> None:
    before, owner = head(world), world.browser("system-owner")
    assert owner.post(f"{BASE}/traits", {**ACTS, "seen": system(world).row}).status_code == 303
    assert unescape(owner.text(f"{BASE}/traits?at={before}")).count(">Yes</span>") == 1
    assert unescape(owner.text(f"{BASE}/traits?at={head(world)}")).count(">Yes</span>") == 4


# -- looking ahead ---------------------------------------------------------------------------------------------------


def test_what_changes_is_shown_and_nothing_recorded(world: World) -> None:
    owner, before = world.browser("system-owner"), head(world)
    page = unescape(owner.text(f"{BASE}/traits/preview", query_string={**ACTS, "seen": system(world).row}))
    assert head(world) == before
    seen = looked_at(world)
    consequence = with_traits(seen, CHOSEN, world.catalogue)
    setting = Setting(with_answers(seen, CHOSEN), world.catalogue)
    assert consequence.of(Switch.ON)
    assert consequence.of(Switch.ASKS)
    for one in consequence.switched:
        assert f'{BASE}/controls/{one.control}"' in page
    for one in consequence.of(Switch.ON):
        assert why_asked(world.catalogue.controls[one.control], setting)[0].text in page, "why it is asked, not what is missing"
    shown = consequence_shown(consequence, with_answers(seen, CHOSEN), world.catalogue)
    assert f"now {shown['asked_before']}<" in page
    assert f'stat-value">{shown["asked_after"]}<' in page
    assert shown["asked_after"] - shown["asked_before"] == shown["on"] - shown["off"]
    assert [row for row in shown["statuses"] if row[1] == row[2] == 0] == []
    assert sum(row[1] for row in shown["statuses"]) == sum(row[2] for row in shown["statuses"]) == len(world.catalogue.controls)
    assert "High-risk system: now <strong>yes</strong>" in page
    assert 'id="before-after-title"' in page
    for name, values in ACTS.items():
        for value in [values] if isinstance(values, str) else values:
            assert f'<input type="hidden" name="{name}" value="{value}">' in page


def test_what_was_proved_and_is_asked_no_longer(world: World) -> None:
    """Evidence stays; only what is asked changes."""
    control = next(one for one in world.catalogue.controls.values() if one.applies and one.applies.expression == "trait.generative")
    send_one(world.browser("system-owner"), world, clean_garak(), controls=control.id)
    page = unescape(world.browser("system-owner").text(f"{BASE}/traits/preview", query_string={"seen": system(world).row}))
    assert "No longer asked for" in page
    assert f"Asked only where this holds: {control.applies.because}" in page if control.applies else False
    assert "Generative: now <strong>no</strong>" in page


def test_answers_as_they_were_change_nothing(world: World) -> None:
    page = world.browser("system-owner").text(f"{BASE}/traits/preview", query_string={
        "traits-build": "generative", "seen": system(world).row})
    assert "They are as they were" in page
    assert "No control is asked otherwise" in page
    assert "Record this" not in page
    more = world.browser("system-owner").text(f"{BASE}/traits/preview", query_string={
        "traits-build": "generative", "traits-sector": "sector-health", "seen": system(world).row})
    assert "No control is asked otherwise" in more
    assert "Record this" in more, "an answer that switches nothing can be recorded all the same"


def test_going_back_keeps_what_was_answered(world: World) -> None:
    owner = world.browser("system-owner")
    page = owner.text(f"{BASE}/traits/preview", query_string={**ACTS, "seen": system(world).row})
    back = unescape(next(found for found in re.findall(r'href="([^"]+)"', page) if "again=1" in found))
    form = owner.text(back)
    for value in CHOSEN:
        assert re.search(rf'value="{value}" checked', form)
    assert seen_in(form) == system(world).row
    assert owner.get(f"{BASE}/traits/preview").location == f"{BASE}/traits", "without a form there is nothing to look at"


# -- recording -------------------------------------------------------------------------------------------------------


def test_recording_what_was_looked_at(world: World) -> None:
    owner, before = world.browser("system-owner"), head(world)
    page = owner.text(f"{BASE}/traits/preview", query_string={**ACTS, "seen": system(world).row})
    done = owner.post(f"{BASE}/traits", {**ACTS, "seen": seen_in(page)})
    assert (done.status_code, done.location, head(world)) == (303, BASE, before + 1)
    assert "are recorded" in flashed(owner, BASE)
    found = system(world)
    assert found.traits == CHOSEN
    assert (found.name, found.who_can_stop) == ("Claims assistant", "The duty officer"), "the description stays"


def test_somebody_else_was_faster(world: World) -> None:
    owner = world.browser("system-owner")
    shown = system(world)
    edit_system(world.house.office, OPERATOR, world.system, described("Claims helper", world.unit, frozenset({"generative"})),
                None, world.clock.now)
    late = owner.post(f"{BASE}/traits", {**ACTS, "seen": shown.row})
    assert late.status_code == 412
    assert "Claims helper was changed by somebody else" in unescape(late.text)
    assert seen_in(late.text) == system(world).row, "looked at again, it can be recorded"
    assert system(world).traits == frozenset({"generative"})
    preview = owner.text(f"{BASE}/traits/preview", query_string={**ACTS, "seen": shown.row})
    assert "was changed by somebody else after you opened the form" in preview
    assert owner.post(f"{BASE}/traits", {**ACTS, "seen": seen_in(late.text)}).status_code == 303
    assert (system(world).traits, system(world).name) == (CHOSEN, "Claims helper")


def test_what_is_refused(world: World) -> None:
    owner, row = world.browser("system-owner"), system(world).row
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"traits-eu-class": ["high-risk", "minimal-risk"]}, "takes one answer"),
        ({"traits-eu-class": "magic"}, "has no answer magic")]
    for data, text in wrong:
        for response in (owner.get(f"{BASE}/traits/preview", query_string={**data, "seen": row}),
                         owner.post(f"{BASE}/traits", {**data, "seen": row})):
            assert (response.status_code, text in unescape(response.text)) == (422, True)
            assert 'href="#f-traits"' in response.text
    assert owner.post(f"{BASE}/traits", ACTS).status_code == 412, "nothing is recorded that was not looked at"
    assert system(world).row == row
    for who in ("auditor", "reviewer", "contributor", "administrator"):
        assert world.browser(who).post(f"{BASE}/traits", {**ACTS, "seen": row}).status_code == 403


def test_an_answer_that_the_catalogue_dropped(world: World) -> None:
    bare = replace(world.catalogue, traits=tuple(one for one in world.catalogue.traits if one.id != "generative"), controls={
        id_: one for id_, one in world.catalogue.controls.items()
        if not any(where and "generative" in where.expression for where in (one.applies, *(ask.when for ask in one.asks)))})
    put_in_force(world.house.office, replace(bare, digest=digest_of(to_text(bare))), world.clock.now)
    owner = world.browser("system-owner")
    assert "generative is recorded, but the catalogue in force does not ask for it any more" in owner.text(f"{BASE}/traits")
    assert "No longer asked by the catalogue" in owner.text(BASE)
    assert owner.post(f"{BASE}/traits", {"traits-role": "deployer", "seen": system(world).row}).status_code == 303
    assert system(world).traits == frozenset({"deployer"})


# -- where else it shows ---------------------------------------------------------------------------------------------


def test_the_systems_page_says_what_decides(world: World) -> None:
    owner = world.browser("system-owner")
    before = unescape(owner.text(BASE))
    assert "None: every control that applies is asked" in before
    assert f'href="{BASE}/traits"' in before
    own = (("attack-success", 0.02),)
    decision = TailorUnit(world.unit, "starter", "cautious", frozenset(), (), own, "Few people, little harm.")
    tailor_unit(world.house.office, OPERATOR, decision, None, world.clock.now)
    page = unescape(owner.text(BASE))
    for text in ("Starter", "adopted by Insurance", "Few people, little harm.", "Cautious", "0.02", "own figure of Insurance",
                 "Every system is asked for the starter baseline."):
        assert text in page
    assert "Change the answers" in page
    assert "Change the answers" not in world.browser("auditor").text(BASE)


def test_a_control_says_why_it_is_asked(world: World) -> None:
    auditor = world.browser("auditor")
    asked = unescape(auditor.text(f"{BASE}/controls/EVA-04"))
    assert "Asked because:</strong> It is asked of every system." in asked
    left = next(one.id for one in world.catalogue.controls.values() if one.applies and one.applies.expression == "trait.agentic")
    assert "Asked because" not in auditor.text(f"{BASE}/controls/{left}")
    tailor_unit(world.house.office, OPERATOR, TailorUnit(
        world.unit, "agentic", None, frozenset(), (), (), "It may act soon."), None, world.clock.now)
    tailored = unescape(auditor.text(f"{BASE}/controls/EVA-04"))
    assert "In the baseline “Agentic”, which Insurance adopted." in tailored


@pytest.mark.parametrize("path", ["/traits", "/traits/preview"])
def test_the_number_of_statements_does_not_grow(world: World, path: str) -> None:
    owner = world.browser("system-owner")

    def sent() -> int:
        with counted(world.store.engine) as statements:
            owner.text(BASE + path, query_string={**ACTS, "seen": system(world).row} if path == "/traits/preview" else None)
        return len(statements)

    before = sent()
    for number in range(6):
        register_system(world.house.office, OPERATOR, described(f"System {number}", world.unit), world.clock.now)
        send_one(owner, world, clean_garak(number + 1), controls="EVA-04")
    assert sent() == before <= 32
