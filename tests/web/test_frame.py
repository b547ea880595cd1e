"""What surrounds every page: navigation with counts, messages after a form, headers, icons and the font."""

from __future__ import annotations

from html import unescape

import pytest

from govern.facts.moments import DAY
from tests.web.conftest import World, clean_garak
from tests.web.test_requests import ask
from tests.web.test_submit import send_one


def nav_of(page: str) -> str:
    """The side navigation."""
    return unescape(page[page.index('<nav id="nav"'):].split("</nav>", maxsplit=1)[0])


def test_navigation_fits_the_role(world: World) -> None:
    assert "/reviews" in nav_of(world.browser("reviewer").text("/systems"))
    assert "/reviews" not in nav_of(world.browser("auditor").text("/systems"))
    nav = nav_of(world.browser("auditor").text("/systems/claims-assistant"))
    assert nav.count('aria-current="page"') == 1
    assert 'href="/systems" aria-current="page"' in nav


def test_every_address_of_the_navigation_opens(world: World) -> None:
    for who in ("compliance-officer", "system-owner", "contributor", "reviewer", "auditor", "administrator"):
        browser = world.browser(who)
        for href in [part.split('"')[0] for part in nav_of(browser.text("/settings")).split('href="')[1:]]:
            assert browser.get(href).status_code == 200, (who, href)


def test_counts_of_what_waits(world: World) -> None:
    ask(world)
    send_one(world.browser("contributor"), world, clean_garak())
    assert '<span class="count">1</span>' in nav_of(world.browser("reviewer").text("/systems"))
    assert '<span class="count">1</span>' in nav_of(world.browser("system-owner").text("/systems"))
    assert '<span class="count">' not in nav_of(world.browser("auditor").text("/systems"))


def test_a_message_shows_once(world: World) -> None:
    owner = world.browser("system-owner")
    owner.post("/systems/claims-assistant/controls", {"selected": "EVA-05", "do": "scope", "reason": "No such users"})
    assert "1 proposal waits" in owner.text("/systems/claims-assistant")
    assert "1 proposal waits" not in owner.text("/systems/claims-assistant")


@pytest.mark.parametrize("value", ["nonsense", "W10.x.y", ""])
def test_forged_messages_are_ignored(world: World, value: str) -> None:
    auditor = world.browser("auditor")
    auditor.client.set_cookie("govern-flash", value)
    assert auditor.get("/systems").status_code == 200


@pytest.mark.parametrize(("cookie", "shown"), [
    ("dark", 'data-theme="dark"'), ("light", 'data-theme="light"'), ("auto", "<html lang"), ('"><script>', "<html lang")])
def test_the_theme_is_remembered(world: World, cookie: str, shown: str) -> None:
    auditor = world.browser("auditor")
    auditor.client.set_cookie("govern-theme", cookie)
    page = auditor.text("/systems")
    assert shown in page
    assert "<script>" not in page


def test_headers_of_pages(world: World) -> None:
    response = world.browser("auditor").get("/systems")
    policy = response.headers["Content-Security-Policy"]
    assert "'unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert {"Cookie", "X-Fragment"} <= set(response.vary)
    for word in ("style=", "onclick=", "<style", "javascript:"):
        assert word not in response.text


def test_an_expired_session_asks_again(world: World) -> None:
    auditor = world.browser("auditor")
    world.clock.now += DAY
    assert auditor.get("/systems").status_code == 302


@pytest.mark.parametrize(("path", "mimetype"), [("/assets/icons.svg", "image/svg+xml"), ("/assets/inter.woff2", "font/woff2")])
def test_assets_are_kept_by_browsers(world: World, path: str, mimetype: str) -> None:
    client = world.app.test_client()
    first = client.get(path)
    assert (first.status_code, first.mimetype) == (200, mimetype)
    etag = first.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert "max-age" in first.headers["Cache-Control"]
    assert "Set-Cookie" not in first.headers


def test_health_and_gallery(world: World) -> None:
    client = world.app.test_client()
    health = client.get("/healthz")
    assert (health.status_code, health.text.strip()) == (200, "ok")
    assert client.get("/gallery").status_code == 302
    assert world.browser("auditor").get("/gallery").status_code == 200


def test_pages_that_do_not_exist(world: World) -> None:
    response = world.browser("auditor").get("/no-such-page")
    assert response.status_code == 404
    assert "Not found" in response.text
