"""The page of a system and of one control of it: statuses by their reasons, filters, past moments, who sees what."""

from __future__ import annotations

from html import unescape

import pytest

from govern.facts.moments import iso_date
from tests.web.conftest import World, clean_garak
from tests.web.test_evidence import statements
from tests.web.test_requests import ask
from tests.web.test_scoping import propose
from tests.web.test_submit import send_one

CONTROL = "/systems/claims-assistant/controls/EVA-04"


def test_the_page_tells_what_is_asked_and_why(world: World) -> None:
    page = unescape(world.browser("system-owner").text("/systems/claims-assistant"))
    assert "Claims assistant helps people decide." in page
    assert "Head of Claims" in page
    assert "Adopted at this stage on" in page
    assert "It runs." in page
    assert 'aria-current="step"' in page
    assert "Nothing has been sent for" in page
    assert "What is asked next" in page
    assert page.count('data-drawer') >= len(world.catalogue.controls)
    assert "registered the system" in page


def test_a_status_follows_from_what_was_sent_and_reviewed(world: World) -> None:
    owner, reviewer = world.browser("system-owner"), world.browser("reviewer")
    send_one(owner, world, clean_garak(0, 40), controls="EVA-04")
    page = unescape(owner.text(CONTROL))
    assert "Failing" in page
    assert "Did no attempt succeed" in page or "fails" in page
    assert "garak.report" in page
    assert "Awaiting review" in page
    assert "Failing" in unescape(reviewer.text("/systems/claims-assistant?status=failing"))


@pytest.mark.parametrize(("query", "there", "absent"), [
    ("?q=eva-04", "EVA-04", "GOV-01"),
    ("?domain=GOV", "GOV-01", "/controls/EVA-04"),
    ("?status=short&owner=nobody", "GOV-01", "No control fits"),
    ("?owner=Nobody+of+that+name", "No control fits these filters", "/controls/GOV-02\""),
    ("?status=waived", "No control fits these filters", "/controls/GOV-02\""),
])
def test_filters_in_the_address(world: World, query: str, there: str, absent: str) -> None:
    page = world.browser("auditor").text(f"/systems/claims-assistant{query}")
    table = page[page.index('id="controls"'):page.index('id="history"')]
    assert there in table
    assert absent not in table


def test_the_past_is_read_only(world: World) -> None:
    before = iso_date(world.clock.now)
    world.clock.pass_days(3)
    owner = world.browser("system-owner")
    send_one(owner, world, clean_garak(), controls="EVA-04")
    for path in ("/systems/claims-assistant", CONTROL):
        page = owner.text(f"{path}?at={before}")
        main = page[page.index("<main"):page.index("</main>")]
        assert "Nothing can be changed here" in main
        assert 'method="post"' not in main
        assert "garak.report" not in main
        assert "/evidence/new" not in main
    assert "garak.report" in owner.text(CONTROL)


def test_links_of_a_past_page_stay_in_the_past(world: World) -> None:
    before = iso_date(world.clock.now)
    world.clock.pass_days(3)
    page = world.browser("auditor").text(f"{CONTROL}?at={before}")
    assert f"/systems/claims-assistant?at={before}" in page
    requirements = page[page.index('id="requirements"'):]
    assert f"at={before}" in requirements, "a requirement is looked at as of the same moment"


@pytest.mark.parametrize("path", ["/systems/claims-assistant", CONTROL, "/systems/claims-assistant/edit",
                                  "/systems/claims-assistant/adopt"])
def test_out_of_scope_is_not_found(world: World, path: str) -> None:
    assert world.browser("outsider").get(path).status_code in (403, 404)
    assert world.browser("auditor").get("/systems/no-such-system").status_code == 404
    assert world.browser("outsider").get("/systems/claims-assistant").status_code == 404


def test_unknown_controls_are_not_found(world: World) -> None:
    assert world.browser("auditor").get("/systems/claims-assistant/controls/XXX-99").status_code == 404


def test_each_sees_the_forms_of_their_role(world: World) -> None:
    owner, auditor, contributor = (unescape(world.browser(who).text(CONTROL))
                                   for who in ("system-owner", "auditor", "contributor"))
    assert "Ask somebody for evidence" in owner
    assert "Propose that it does not apply" in owner
    for page in (auditor, contributor):
        assert "Ask somebody for evidence" not in page
    assert 'enctype="multipart/form-data"' in contributor
    assert 'enctype="multipart/form-data"' not in auditor


def test_the_upload_form_offers_the_kinds_that_are_asked(world: World) -> None:
    page = world.browser("contributor").text(CONTROL)
    form = page[page.index("data-upload"):page.index("data-upload-send")]
    asked = {kind for ask in world.catalogue.controls["EVA-04"].asks for kind in ask.kinds}
    assert {kind for kind in world.catalogue.kinds if f'value="{kind}"' in form} == asked
    assert f'name="system" value="{world.system}"' in form
    assert 'name="controls" value="EVA-04"' in form


def test_work_on_a_control_is_shown(world: World) -> None:
    ask(world)
    propose(world, "system-owner", "EVA-04")
    page = unescape(world.browser("compliance-officer").text(CONTROL))
    assert "System Owner Person is asked for evidence by" in page
    assert "For <the> audit" in page
    assert "It has <no> users." in page


def test_the_history_of_a_control_is_its_own(world: World) -> None:
    ask(world, controls=("GOV-01",))
    owner = world.browser("system-owner")
    send_one(owner, world, clean_garak(), controls="EVA-04", title="The May run")
    page = unescape(owner.text(CONTROL))
    history = page[page.index('id="control-history"'):]
    assert "submitted “The May run”" in history
    assert "asked for evidence" not in history
    assert "asked for evidence" in unescape(owner.text("/systems/claims-assistant/controls/GOV-01"))


def test_a_control_opens_in_the_drawer(world: World) -> None:
    response = world.browser("auditor").get(CONTROL, headers={"X-Fragment": "drawer"})
    assert response.status_code == 200
    assert "<html" not in response.text
    assert 'id="drawer-title"' in response.text
    assert "X-Fragment" in response.headers["Vary"]


def test_the_same_questions_whatever_the_number_of_evidence(world: World) -> None:
    owner = world.browser("system-owner")
    for number in range(3):
        send_one(owner, world, f"{number}".encode(), name=f"p{number}.txt", kind="policy", title=f"P{number}", controls="GOV-01")
    paths = ("/systems/claims-assistant", "/systems/claims-assistant/controls/GOV-01", "/systems", "/")
    for path in paths:
        owner.text(path)  # summaries are renewed here
    before = {path: statements(world, owner, path) for path in paths}
    for number in range(3, 30):
        send_one(owner, world, f"{number}".encode(), name=f"p{number}.txt", kind="policy", title=f"P{number}", controls="GOV-01")
    for path in paths:
        owner.text(path)
    assert {path: statements(world, owner, path) for path in paths} == before
