"""The box in the top bar: results while typing, by keyboard alone, on a phone, and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_pages import OFFICER, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def box_of(page: Page) -> Locator:
    """The search box."""
    return page.locator("form[data-search] input[type=search]")


def chosen(page: Page) -> str:
    """The text of the option that the box points at, empty for none."""
    id_ = box_of(page).get_attribute("aria-activedescendant")
    return page.locator(f"#{id_}").inner_text() if id_ else ""


def test_results_show_while_typing_and_open_by_keyboard(visit: Callable[..., Page], site: str) -> None:
    page = visit(OFFICER, "/")
    page.keyboard.press("Control+k")
    box, results = box_of(page), page.locator("#search-results")
    expect(box).to_be_focused()
    expect(results).to_be_hidden()
    box.press_sequentially("ms-2.7", delay=15)
    expect(results.get_by_role("option").first).to_contain_text("MEASURE 2.7")
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-controls") == "search-results"
    assert violations(page) == []
    assert chosen(page) == "", "nothing is chosen until somebody chooses"
    page.keyboard.press("ArrowDown")
    first = chosen(page)
    assert "MEASURE 2.7" in first
    expect(results.locator('[aria-selected="true"]')).to_have_count(1)
    page.keyboard.press("ArrowUp")
    assert chosen(page) == "", "back in the box"
    page.keyboard.press("ArrowUp")
    assert "See all" in chosen(page), "round to the last one"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert chosen(page) == first
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/frameworks/nist-ai-rmf-1.0/MEASURE%202.7")


def test_escape_closes_then_clears_and_enter_opens_the_page(visit: Callable[..., Page], site: str) -> None:
    page = visit(OFFICER, "/systems")
    box, results = box_of(page), page.locator("#search-results")
    box.press_sequentially("agent", delay=15)
    expect(results).to_be_visible()
    page.keyboard.press("Escape")
    expect(results).to_be_hidden()
    expect(box).to_have_value("agent")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    box.press_sequentially("agent", delay=15)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/search?q=agent")
    expect(page.get_by_role("heading", name="Systems", exact=True)).to_be_visible()


def test_what_is_asked_last_is_what_shows(visit: Callable[..., Page]) -> None:
    """A slow answer to older words never replaces the answer to newer ones."""
    page = visit(OFFICER, "/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "search.json" in request.url else None)
    page.route("**/search.json?q=eva*", lambda route: (page.wait_for_timeout(300), route.continue_()))
    box = box_of(page)
    box.press_sequentially("eva", delay=5)
    page.wait_for_timeout(200)
    box.fill("")
    box.press_sequentially("15(4)", delay=5)
    expect(page.locator("#search-results").get_by_role("option").first).to_contain_text("15(4)")
    page.wait_for_timeout(500)
    expect(page.locator("#search-results").get_by_role("option").first).to_contain_text("15(4)")
    assert len(asked) <= 3, "it waits for a pause instead of asking at each letter"


def test_pages_of_the_navigation_and_a_click(visit: Callable[..., Page], site: str) -> None:
    page = visit(OFFICER, "/")
    box_of(page).press_sequentially("crossw", delay=15)
    page.locator("#search-results").get_by_role("option", name="Crosswalk Assurance").click()
    page.wait_for_url(f"{site}/crosswalk")


def test_leaving_the_box_closes_it(visit: Callable[..., Page]) -> None:
    page = visit(OFFICER, "/")
    box_of(page).press_sequentially("agent", delay=15)
    expect(page.locator("#search-results")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#search-results")).to_be_hidden()


def test_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit(OFFICER, "/", width=390, scheme="dark")
    box_of(page).click()
    box_of(page).press_sequentially("agent", delay=15)
    expect(page.locator("#search-results")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_without_script(visit: Callable[..., Page], site: str) -> None:
    page = visit(OFFICER, "/", scripts=False)
    box_of(page).fill("ms-2.7")
    box_of(page).press("Enter")
    page.wait_for_url(f"{site}/search?q=ms-2.7")
    expect(page.get_by_role("link", name="MEASURE 2.7 Security and resilience")).to_be_visible()


def test_the_past_is_searched_from_the_past(visit: Callable[..., Page], site: str) -> None:
    page = visit(OFFICER, "/systems?at=20")
    box_of(page).press_sequentially("eva-04", delay=15)
    page.locator("#search-results").get_by_role("option").first.click()
    page.wait_for_url(f"{site}/controls/EVA-04?at=20")
