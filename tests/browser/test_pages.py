"""Every page: no axe violation (WCAG 2.2 AA) in light and dark, wide and phone; no other host; nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@harbour.example"
SYSTEM = "/systems/customer-support-agent"
PAGES = [
    "/", "/queue", "/systems", "/systems/new", SYSTEM, f"{SYSTEM}/controls/EVA-04", f"{SYSTEM}/edit", f"{SYSTEM}?at=2026-06-30",
    f"{SYSTEM}/traits", "/baselines", "/baselines/people",
    "/evidence", "/evidence/new?system=customer-support-agent&control=EVA-04", "/reviews", "/requests", "/scoping",
    "/frameworks", "/frameworks/nist-ai-rmf-1.0?system=customer-support-agent", "/controls", "/controls/EVA-04", "/activity",
    "/crosswalk", "/crosswalk?from=nist-sp-800-218a&to=nist-ai-rmf-1.0",
    "/crosswalk?from=nist-ai-600-1&to=eu-ai-act-high-risk&show=alone",
    "/settings", "/search?q=agent", "/gallery", "/api/v1/docs",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def violations(page: Page) -> list[str]:
    """What axe finds, one line each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_page(visit: Callable[..., Page], site: str, path: str, width: int, scheme: str) -> None:
    page = visit(OFFICER, path, width=width, scheme=scheme)
    elsewhere: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(site) else elsewhere.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    answer = page.reload(wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200
    assert violations(page) == []
    assert elsewhere == []
    assert faults == []
    if width == 390:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the page is wider than the phone"


def test_sign_in_page(chromium: object, visit: Callable[..., Page], site: str) -> None:
    page = visit(OFFICER, "/settings")
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in")
    assert violations(page) == []
