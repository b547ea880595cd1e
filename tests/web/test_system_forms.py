"""Forms of a system: what they change, what they refuse and that nothing typed is lost."""

from __future__ import annotations

from html import unescape

import pytest

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.facts.moments import DAY, iso_date
from govern.records.moments import moment_now
from govern.records.systems import system_by_slug
from tests.web.conftest import Browser, World

BASE = "/systems/claims-assistant"
DESCRIPTION = {"name": "Claims assistant", "purpose": "It helps."}


def seen_in(page: str) -> str:
    """The row that the form was opened on."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def flashed(browser: Browser, path: str) -> str:
    """What the next page says of what was done."""
    page = unescape(browser.text(path))
    return page[page.index('class="flashes"'):][:600] if 'class="flashes"' in page else ""


def test_the_description_changes(world: World) -> None:
    owner = world.browser("system-owner")
    form = owner.text(f"{BASE}/edit")
    assert 'value="Head of Claims"' in form
    assert "The duty officer" in form
    response = owner.post(f"{BASE}/edit", {**DESCRIPTION, "seen": seen_in(form), "who_can_stop": "Anybody on duty"})
    assert (response.status_code, response.location) == (303, BASE)
    assert "was changed" in flashed(owner, BASE)
    page = owner.text(BASE)
    assert "Anybody on duty" in page
    assert "Generative" in page, "the answers stay"


def test_the_description_does_not_change_the_answers(world: World) -> None:
    owner = world.browser("system-owner")
    form = owner.text(f"{BASE}/edit")
    assert 'name="traits' not in form
    assert f'href="{BASE}/traits"' in form
    for seen in ({"seen": seen_in(form)}, {}):
        assert owner.post(f"{BASE}/edit", {**DESCRIPTION, **seen, "traits": ["agentic"]}).status_code == 303
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        found = system_by_slug(connection, reader, world.slug)
    assert found is not None
    assert found.traits == frozenset({"generative"})


def test_a_form_opened_before_somebody_else_changed_it(world: World) -> None:
    owner, officer = world.browser("system-owner"), world.browser("compliance-officer")
    seen = seen_in(owner.text(f"{BASE}/edit"))
    assert officer.post(f"{BASE}/edit", {**DESCRIPTION, "seen": seen}).status_code == 303
    late = owner.post(f"{BASE}/edit", {**DESCRIPTION, "name": "My own name for it", "seen": seen})
    assert late.status_code == 412
    assert "somebody else" in late.text
    assert "My own name for it" in late.text, "what was typed is still there"
    assert owner.post(f"{BASE}/edit", {**DESCRIPTION, "name": "Mine", "seen": seen_in(late.text)}).status_code == 303


@pytest.mark.parametrize("path", ["/systems/new", f"{BASE}/edit"])
def test_wrong_descriptions_come_back_as_typed(world: World, path: str) -> None:
    officer = world.browser("compliance-officer")
    given = {"purpose": "A purpose <with> brackets", "unit": world.unit}
    response = officer.post(path, given)
    assert response.status_code == 422
    page = response.text
    assert 'role="alert"' in page
    assert 'href="#f-name"' in page
    assert "A purpose &lt;with&gt; brackets" in page
    assert f'value="{world.unit}" selected' in page
    unknown = officer.post(path, {**DESCRIPTION, "unit": "no-such-unit"})
    assert (unknown.status_code, "There is no such unit" in unknown.text) == (422, True)


def test_adopting(world: World) -> None:
    officer = world.browser("compliance-officer")
    path = f"/systems/{world.other_slug}"
    refused = officer.post(f"{path}/adopt", {"stage": "operation", "gaps": "No drill yet"})
    assert (refused.status_code, "No drill yet" in refused.text, 'href="#f-reason"' in refused.text) == (422, True, True)
    late = officer.post(f"{path}/adopt", {"stage": "operation", "reason": "Runs", "started": iso_date(world.clock.now + 9 * DAY)})
    assert (late.status_code, "has not come yet" in late.text) == (422, True)
    response = officer.post(f"{path}/adopt", {"stage": "evaluation", "reason": "It is being tested", "gaps": "No drill yet"})
    assert response.status_code == 303
    assert "It is being tested" in officer.text(path)
    assert "Adopted already" in officer.text(f"{path}/adopt")
    assert world.browser("system-owner").get(f"{BASE}/adopt").status_code == 403


def test_events(world: World) -> None:
    owner = world.browser("system-owner")
    event = world.catalogue.events[0].id
    day = iso_date(world.clock.now)
    response = owner.post(f"{BASE}/events", {"event": event, "happened": day, "note": "A drill"})
    assert response.status_code == 303
    assert "was recorded" in flashed(owner, BASE)
    wrong = owner.post(f"{BASE}/events", {"event": event, "happened": "yesterday", "note": "The note stays"})
    assert (wrong.status_code, "The note stays" in wrong.text) == (422, True)
    assert 'href="#f-happened"' in wrong.text
    assert world.browser("auditor").post(f"{BASE}/events", {"event": event, "happened": day}).status_code == 403


def test_assigning_many_at_once(world: World) -> None:
    owner = world.browser("system-owner")
    person = world.people["contributor"]
    response = owner.post(f"{BASE}/controls", {"selected": ["EVA-04", "GOV-01"], "do": "assign", "owner": person})
    assert (response.status_code, response.location) == (303, BASE)
    assert "2 controls were assigned" in flashed(owner, BASE)
    page = owner.text(f"{BASE}?owner=Contributor+Person")
    assert "/controls/EVA-04" in page
    assert f"2 of {len(world.catalogue.controls)}" in page


def test_one_control_is_cleared_where_its_form_is_blank(world: World) -> None:
    owner, path = world.browser("system-owner"), f"{BASE}/controls/EVA-04"
    one = {"selected": "EVA-04", "back": "EVA-04", "do": "assign", "whole": "yes"}
    due = iso_date(world.clock.now + 20 * DAY)
    done = owner.post(f"{BASE}/controls", {**one, "owner": world.people["contributor"], "due": due, "statement": "By hand"})
    assert (done.status_code, done.location) == (303, path)
    page = owner.text(path)
    assert f'value="{due}"' in page
    assert "By hand" in page
    assert 'name="whole"' in page
    assert owner.post(f"{BASE}/controls", {**one, "statement": "By hand"}).status_code == 303
    assert "Contributor Person</strong>" not in owner.text(path)


@pytest.mark.parametrize(("given", "field"), [
    ({"do": "assign"}, "owner"), ({"do": "request", "note": "typed & kept", "due": "2026-09-01"}, "asked_of"),
    ({"do": "scope", "until": "2020-01-01", "reason": "typed & kept"}, "until"), ({"do": "scope"}, "reason"),
])
@pytest.mark.parametrize("back", ["", "EVA-04"])
def test_wrong_work_comes_back_as_typed(world: World, given: dict[str, str], field: str, back: str) -> None:
    owner = world.browser("system-owner")
    response = owner.post(f"{BASE}/controls", {"selected": "EVA-04", "back": back, **given})
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert ("In the catalogue" in response.text) == bool(back), "the page that the form stands on"
    if "note" in given or "reason" in given:
        assert "typed &amp; kept" in response.text
    if not back:
        assert 'value="EVA-04" form="bulk"' in response.text
        assert response.text.split('value="EVA-04" form="bulk"')[1].startswith(" checked"), "the selection is kept"


def test_work_that_makes_no_sense(world: World) -> None:
    owner = world.browser("system-owner")
    assert owner.post(f"{BASE}/controls", {"selected": "EVA-04"}).status_code == 422
    assert owner.post(f"{BASE}/controls", {"do": "assign", "owner": world.people["contributor"]}).status_code == 422
    assert owner.post(f"{BASE}/controls", {"do": "scope", "selected": "XXX-99", "reason": "No"}).status_code in (404, 422)
    assert owner.post(f"{BASE}/controls", {"do": "scope", "selected": "EVA-04", "reason": "No", "back": "//evil"}).location == BASE
    assert world.browser("auditor").post(f"{BASE}/controls", {"do": "assign", "selected": "EVA-04"}).status_code == 403
    assert world.browser("outsider").post(f"{BASE}/controls", {"do": "assign", "selected": "EVA-04"}).status_code in (403, 404)


def test_requests_and_proposals_from_the_page(world: World) -> None:
    owner = world.browser("system-owner")
    due = iso_date(world.clock.now + 9 * DAY)
    asked = owner.post(f"{BASE}/controls", {"selected": ["EVA-04", "GOV-01"], "do": "request", "due": due,
                                            "asked_of": world.people["contributor"]})
    assert asked.status_code == 303
    assert "2 requests were sent" in flashed(owner, BASE)
    proposed = owner.post(f"{BASE}/controls", {"selected": "EVA-05", "do": "scope", "reason": "No such users"})
    assert proposed.status_code == 303
    assert "1 proposal waits" in flashed(owner, BASE)
    assert "No such users" in world.browser("compliance-officer").text("/scoping")
    again = owner.post(f"{BASE}/controls", {"selected": "GOV-01", "do": "request", "due": due,
                                            "asked_of": world.people["contributor"]})
    assert (again.status_code, "asked for evidence on GOV-01 already" in again.text) == (409, True)


def test_forms_are_ours(world: World) -> None:
    owner = world.browser("system-owner")
    owner.csrf = "another"
    assert owner.post(f"{BASE}/controls", {"selected": "EVA-04", "do": "scope", "reason": "No"}).status_code == 403
    assert owner.post(f"{BASE}/edit", DESCRIPTION).status_code == 403
