"""Registering a system and changing its answers as people do it, with the keyboard's Enter key, and also without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_pages import RULES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OFFICER = "officer@harbour.example"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_from_a_draft_to_other_answers(visit: Callable[..., Page], scripts: bool) -> None:
    name = f"Letter sorter {'with' if scripts else 'without'} scripts"
    page = visit(OFFICER, "/systems/new", scripts=scripts)
    page.get_by_label("Purpose").fill("Sorts letters.")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Name").press("Enter")
    expect(page.locator(".steps-now")).to_contain_text("Step 2 of")
    page.get_by_label(re.compile("under our own authority")).check()
    page.get_by_role("button", name="Keep for later").click()
    page.get_by_role("link", name=name).first.click()
    expect(page.locator(".steps-now")).to_contain_text("Step 3 of")
    page.get_by_label(re.compile("make text, images")).check()
    page.get_by_role("button", name=re.compile("What will be asked")).click()
    expect(page.locator("body")).to_contain_text("We are the deployer")
    expect(page.locator("body")).to_contain_text("Generative")
    if scripts:
        assert _violations(page) == []
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.get_by_role("link", name="Change the answers").click()
    page.get_by_label(re.compile("act through tools")).check()
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", name="Asked for newly")).to_be_visible()
    if scripts:
        assert _violations(page) == []
    page.get_by_role("button", name="Record this").click()
    expect(page.locator("body")).to_contain_text("are recorded")
    expect(page.locator("section", has=page.get_by_role("heading", name="What is true of it"))).to_contain_text("Agentic")


def _violations(page: Page) -> list[str]:
    """What axe finds with everything opened."""
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_unit_looks_at_its_decision(visit: Callable[..., Page], scripts: bool) -> None:
    page = visit(OFFICER, "/baselines/digital", scripts=scripts)
    page.locator("input[name=baseline][value=agentic]").check()
    page.get_by_label("Reason of the decision").fill("Agents are what the unit runs.")
    page.get_by_role("button", name="See what changes").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What changes for Digital services")
    expect(page.get_by_role("heading", name="Policy search for staff")).to_be_visible()
    if scripts:
        assert _violations(page) == []
    page.get_by_role("button", name="Back to the form").click()
    expect(page.locator("input[name=baseline][value=agentic]")).to_be_checked()
    expect(page.get_by_label("Reason of the decision")).to_have_value("Agents are what the unit runs.")
