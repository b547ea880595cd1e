"""Settings: passwords, tokens, people, roles, units and standing acceptances."""

from __future__ import annotations

import io

import pytest

from govern.door.passwords import sign_in
from govern.errors import NotSignedIn
from tests.web.conftest import PASSWORD, Browser, World, clean_garak
from tests.web.test_submit import kept, send_one


def new_token(browser: Browser, **form: str) -> str:
    """Create a token; its secret."""
    response = browser.post("/settings/tokens", {"name": "nightly", "expires": "2026-08-01", **form})
    assert response.status_code == 201, response.text
    assert response.headers["Cache-Control"] == "no-store"
    return response.text.split('id="secret">')[1].split("<")[0]


def test_a_token_is_shown_once_and_ends_when_revoked(world: World) -> None:
    owner = world.browser("system-owner")
    secret = new_token(owner)
    page = owner.text("/settings")
    assert "nightly" in page
    assert secret not in page
    assert secret not in world.browser("auditor").text("/activity")
    bare, header = world.app.test_client(), {"Authorization": f"Bearer {secret}", "Accept": "application/json"}
    assert bare.get("/evidence", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    path = next(part.split('"')[0] for part in page.split('action="')[1:] if "/revoke" in part.split('"')[0])
    assert world.browser("contributor").post(path).status_code == 403
    assert owner.post(path).status_code == 303
    assert bare.get("/evidence", headers=header).status_code == 401
    assert "You have no tokens" in owner.text("/settings")


@pytest.mark.parametrize("form", [
    {"name": "", "expires": "2026-08-01"}, {"name": "a", "expires": ""}, {"name": "a", "expires": "2026-01-01"},
    {"name": "a", "expires": "2099-01-01"}, {"name": "x" * 300, "expires": "2026-08-01"},
    {"name": "a", "expires": "2026-08-01", "system": "no-such-key"},
])
def test_tokens_that_cannot_be(world: World, form: dict[str, str]) -> None:
    response = world.browser("system-owner").post("/settings/tokens", form)
    assert response.status_code in (404, 422)
    assert "error-summary" in response.text
    assert 'id="secret"' not in response.text


def test_who_may_not_create_tokens_sees_no_form(world: World) -> None:
    auditor = world.browser("auditor")
    assert "/settings/tokens" not in auditor.text("/settings")
    assert auditor.post("/settings/tokens", {"name": "a", "expires": "2026-08-01"}).status_code == 403


def test_a_new_password_ends_the_session(world: World) -> None:
    owner = world.browser("system-owner")
    wrong = owner.post("/settings/password", {"current": "not it at all", "password": "another long sentence",
                                              "again": "another long sentence"})
    assert (wrong.status_code, "not your password now" in wrong.text) == (422, True)
    differs = owner.post("/settings/password", {"current": PASSWORD, "password": "another long sentence", "again": "other"})
    assert (differs.status_code, "not the same" in differs.text) == (422, True)
    short = owner.post("/settings/password", {"current": PASSWORD, "password": "short", "again": "short"})
    assert (short.status_code, "12 characters" in short.text) == (422, True)
    for page in (wrong.text, differs.text, short.text):
        assert PASSWORD not in page
    good = owner.post("/settings/password", {"current": PASSWORD, "password": "another long sentence",
                                             "again": "another long sentence"})
    assert good.location == "/sign-in"
    assert owner.get("/settings").status_code == 302
    assert sign_in(world.store, "system-owner@example.org", "another long sentence", world.clock.now)
    with pytest.raises(NotSignedIn):
        sign_in(world.store, "system-owner@example.org", PASSWORD, world.clock.now)


def test_people_and_roles(world: World) -> None:
    admin = world.browser("administrator")
    assert "Outsider Person" in admin.text("/settings/people")
    assert "Outsider Person" not in admin.text("/settings/people?q=auditor")
    taken = admin.post("/settings/people", {"name": "Twin", "email": "Auditor@example.org", "password": PASSWORD})
    assert (taken.status_code, "has an account already" in taken.text, PASSWORD in taken.text) == (422, True, False)
    added = admin.post("/settings/people", {"name": "New Person", "email": "new@example.org", "password": PASSWORD})
    page = added.location
    key = page.rpartition("/")[2]
    world.people["new"] = key
    assert world.browser("new").get("/evidence").status_code == 403, "without a role nothing is seen"
    nowhere = admin.post(f"{page}/roles", {"role": "reviewer", "scope_kind": "unit"})
    assert (nowhere.status_code, "Choose the unit" in nowhere.text) == (422, True)
    assert admin.post(f"{page}/roles", {"role": "reviewer", "scope_kind": "unit", "unit": world.unit}).status_code == 303
    again = admin.post(f"{page}/roles", {"role": "reviewer", "scope_kind": "unit", "unit": world.unit})
    assert (again.status_code, "holds that role" in again.text) == (422, True)
    assert "Insurance" in admin.text(page)
    assert world.browser("new").get("/evidence").status_code == 200
    revoke = next(part.split('"')[0] for part in admin.text(page).split('action="')[1:] if part.split('"')[0].endswith("/revoke"))
    assert admin.post(revoke).status_code == 303
    assert world.browser("new").get("/evidence").status_code == 403
    browser = world.browser("new")
    assert admin.post(f"{page}/deactivate").status_code == 303
    assert browser.get("/settings").status_code == 302, "sessions end with the account"
    assert "Closed" in admin.text(page)


def test_an_administrator_resets_a_password(world: World) -> None:
    admin = world.browser("administrator")
    page = f"/settings/people/{world.people['auditor']}"
    assert admin.post(f"{page}/password", {"password": "short"}).status_code == 422
    assert admin.post(f"{page}/password", {"password": "fresh and long enough"}).status_code == 303
    assert sign_in(world.store, "auditor@example.org", "fresh and long enough", world.clock.now)


def test_an_administrator_does_not_lock_themselves_out(world: World) -> None:
    admin = world.browser("administrator")
    page = f"/settings/people/{world.people['administrator']}"
    assert "Close the account" not in admin.text(page)
    assert admin.post(f"{page}/deactivate").status_code == 403


def test_units(world: World) -> None:
    admin = world.browser("administrator")
    added = admin.post("/settings/units", {"name": "Motor", "slug": "motor", "parent": world.unit})
    assert added.status_code == 303
    page = admin.text("/settings/units")
    assert "Motor" in page
    taken = admin.post("/settings/units", {"name": "Again", "slug": "motor"})
    assert (taken.status_code, "is a unit motor already" in taken.text) == (422, True)
    odd = admin.post("/settings/units", {"name": "Odd", "slug": "../Odd"})
    assert (odd.status_code, 'value="../Odd"' in odd.text) == (422, True)


@pytest.mark.parametrize("who", ["compliance-officer", "system-owner", "contributor", "reviewer", "auditor"])
def test_only_administrators_manage_people(world: World, who: str) -> None:
    browser = world.browser(who)
    for path in ("/settings/people", "/settings/units", f"/settings/people/{world.people['auditor']}"):
        assert browser.get(path).status_code == 403
    assert "/settings/people" not in browser.text("/settings")
    assert browser.post("/settings/people", {"name": "X", "email": "x@y", "password": PASSWORD}).status_code == 403


def test_standing_acceptance_takes_what_a_token_sends(world: World) -> None:
    owner, officer = world.browser("system-owner"), world.browser("compliance-officer")
    secret = new_token(owner, system=world.system, submit_only="yes")
    path = f"/settings/standing?system={world.slug}"
    page = officer.text(path)
    token = page.split('name="token"')[1].split('<option value="')[1].split('"')[0]
    assert "/settings/standing?system" not in owner.text(path).split("<form method=\"post\"")[-1]
    form = {"kind": "adversarial-test-report", "tool": "garak", "token": token, "until": "2026-10-01"}
    assert owner.post(path, form).status_code == 403
    late = officer.post(path, {**form, "until": "2030-01-01"})
    assert (late.status_code, "lasts at most" in late.text) == (422, True)
    assert officer.post(path, form).status_code == 303
    assert "garak" in officer.text(path)

    bare = world.app.test_client()
    sent = bare.post("/evidence/new", data={"about": "system", "system": world.system, "controls": "INV-01",
                                            "file": [(io.BytesIO(clean_garak()), "run.jsonl")]},
                     headers={"Authorization": f"Bearer {secret}", "Accept": "application/json"})
    assert sent.status_code == 201, sent.text
    assert kept(world, owner.told(sent)["evidence"]).versions[0].via_token == token

    revoke = next(part.split('"')[0] for part in officer.text(path).split('action="')[1:] if "/revoke" in part.split('"')[0])
    assert owner.post(revoke).status_code == 403
    assert officer.post(revoke).status_code == 303
    assert "None: everything that is sent waits" in officer.text(path)
    assert officer.get("/settings/standing?system=none").status_code == 404
    assert "Choose a system" in officer.text("/settings/standing")


def test_own_tokens_are_not_offered(world: World) -> None:
    officer = world.browser("compliance-officer")
    new_token(officer)
    assert "Nobody else has a token" in officer.text(f"/settings/standing?system={world.slug}")


def test_evidence_of_one_who_left_still_names_them(world: World) -> None:
    key = send_one(world.browser("contributor"), world, clean_garak())
    admin = world.browser("administrator")
    assert admin.post(f"/settings/people/{world.people['contributor']}/deactivate").status_code == 303
    assert "Contributor Person" in world.browser("auditor").text(f"/evidence/{key}")
