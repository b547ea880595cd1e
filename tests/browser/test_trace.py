"""The picture of a trace in a browser: a chain stands out under the keyboard and the pointer, and boxes walk on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import OFFICER, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

START = "/trace?framework=nist-ai-rmf-1.0&requirement=MEASURE+2.7&system=customer-support-agent"


@pytest.mark.parametrize("path", ["/trace", START])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_page(visit: Callable[..., Page], path: str, width: int, scheme: str) -> None:
    page = visit(OFFICER, path, width=width, scheme=scheme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator(".trace-picture")).to_have_count(0 if path == "/trace" else 1)
    if path != "/trace":
        expect(page.locator(".trace-picture")).to_be_visible(visible=width > 390)


def test_a_chain_stands_out_and_leads_on(visit: Callable[..., Page]) -> None:
    page = visit(OFFICER, START, width=1440)
    picture, control = page.locator(".trace-picture"), page.locator('.trace-box[href*="control="]').first
    expect(picture).not_to_have_class(re.compile("tracing"))
    control.focus()
    expect(picture).to_have_class(re.compile("tracing"))
    lit = page.locator(".trace-box.on")
    assert 2 < lit.count() < page.locator(".trace-box").count()
    rows = set((control.get_attribute("data-rows") or "").split())
    for place in range(lit.count()):
        assert rows & set((lit.nth(place).get_attribute("data-rows") or "").split())
    page.locator("h1").hover()
    control.evaluate("box => box.blur()")
    expect(picture).not_to_have_class(re.compile("tracing"))
    control.hover()
    expect(picture).to_have_class(re.compile("tracing"))
    control.click()
    page.wait_for_url(re.compile(r"/trace\?control="))
