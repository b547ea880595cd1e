"""Signing in and out: cookies, where one goes on, what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import PASSWORD, World

GIVEN = {"email": "auditor@example.org", "password": PASSWORD}


def test_who_is_not_signed_in_is_asked_to(world: World) -> None:
    client = world.app.test_client()
    response = client.get("/systems?q=a&stage=design")
    assert response.status_code == 302
    assert response.location.startswith("/sign-in?then=")
    form = client.get(response.location)
    assert form.status_code == 200
    assert 'value="/systems?q=a&amp;stage=design"' in form.text
    done = client.post("/sign-in", data={**GIVEN, "then": "/systems?q=a&stage=design"})
    assert (done.status_code, done.location) == (303, "/systems?q=a&stage=design")
    assert client.get("/systems").status_code == 200


def test_the_cookie_is_kept_from_scripts_and_other_sites(world: World) -> None:
    cookie = world.app.test_client().post("/sign-in", data=GIVEN).headers["Set-Cookie"]
    assert cookie.startswith("govern=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_behind_tls_the_cookie_is_tied_to_the_host(make_world: Callable[..., World]) -> None:
    cookie = make_world(behind_tls=True).app.test_client().post("/sign-in", data=GIVEN).headers["Set-Cookie"]
    assert cookie.startswith("__Host-govern=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("given", [{"password": "wrong but long enough"}, {"email": "nobody@example.org"}, {"password": ""},
                                   {"email": ""}])
def test_wrong_entries(world: World, given: dict[str, str]) -> None:
    client = world.app.test_client()
    response = client.post("/sign-in", data={**GIVEN, **given})
    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert PASSWORD not in response.text, "a password never comes back"
    assert "Set-Cookie" not in response.headers
    if given.get("email") != "":
        assert f'value="{given.get("email", GIVEN["email"])}"' in response.text


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "\\/evil",
                                  "http:/evil", "/%0d%0aSet-Cookie:x"])
def test_nobody_is_sent_elsewhere(world: World, then: str) -> None:
    response = world.app.test_client().post("/sign-in", data={**GIVEN, "then": then})
    assert response.status_code == 303, response.text
    location = response.location
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\", "/\t"))
    assert "evil.example" not in location or location.startswith("/%")


def test_an_address_with_hidden_characters_is_not_kept(world: World) -> None:
    form = world.app.test_client().get("/sign-in", query_string={"then": "/\t/evil.example"})
    assert 'name="then" value="/"' in form.text
    sent = world.app.test_client().post("/sign-in", data={**GIVEN, "then": "/\t/evil.example"})
    assert "evil" not in sent.headers.get("Location", "")


def test_another_site_cannot_sign_somebody_in(world: World) -> None:
    response = world.app.test_client().post("/sign-in", data=GIVEN, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403


def test_signing_out_ends_the_session(world: World) -> None:
    auditor = world.browser("auditor")
    assert auditor.client.post("/sign-out").status_code == 403, "only by our own form"
    assert auditor.get("/sign-out").status_code == 405
    response = auditor.post("/sign-out")
    assert (response.status_code, response.location) == (303, "/sign-in")
    assert auditor.get("/systems").status_code == 302


def test_who_is_signed_in_goes_on(world: World) -> None:
    response = world.browser("auditor").get("/sign-in?then=/evidence")
    assert (response.status_code, response.location) == (302, "/evidence")


def test_signing_in_again_closes_the_session_before(world: World) -> None:
    auditor = world.browser("auditor")
    before = auditor.client.get_cookie("govern")
    assert before is not None
    assert auditor.post("/sign-in", GIVEN).status_code == 303
    other = world.app.test_client()
    other.set_cookie("govern", before.value)
    assert other.get("/systems").status_code == 302
