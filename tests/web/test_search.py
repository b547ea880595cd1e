"""Search over names: the page, the palette's answers, and that nothing out of scope is found."""

from __future__ import annotations

import json

import pytest

from tests.web.conftest import Browser, World, clean_garak
from tests.web.test_submit import send_one


def results(browser: Browser, text: str) -> list[dict[str, str]]:
    """What the palette is given."""
    response = browser.get("/search.json", query_string={"q": text})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    found: list[dict[str, str]] = json.loads(response.text)["results"]
    return found


def labels(world: World, who: str, text: str) -> list[str]:
    """What the palette offers."""
    found = results(world.browser(who), text)
    for one in found:
        assert set(one) >= {"label", "kind", "href"}
        assert one["href"].startswith("/")
    return [one["label"] for one in found]


def test_systems_evidence_controls_and_requirements(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Claims <red> team run")
    found = labels(world, "auditor", "claims")
    assert "Claims assistant" in found
    assert "Claims <red> team run" in found
    assert any(label.startswith("EVA-04 ") for label in labels(world, "auditor", "eva-04"))
    assert any(label.startswith("MEASURE 2.7") for label in labels(world, "auditor", "measure 2.7"))
    page = world.browser("auditor").text("/search?q=claims")
    assert "Claims &lt;red&gt; team run" in page


def test_results_lead_somewhere(world: World) -> None:
    auditor = world.browser("auditor")
    for text in ("claims", "eva-04", "measure 2.7", "15(1)"):
        for one in results(auditor, text):
            assert auditor.get(one["href"]).status_code == 200, one["href"]


def test_out_of_scope_is_not_found(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Claims run")
    assert not any("laims" in label for label in labels(world, "outsider", "laims"))


@pytest.mark.parametrize("text", ["", "a", "%", "__", "no such name anywhere", "'; DROP TABLE", "\x00\x00"])
def test_odd_words_find_nothing_and_break_nothing(world: World, text: str) -> None:
    assert labels(world, "auditor", text) == []
    assert world.browser("auditor").get("/search", query_string={"q": text}).status_code == 200
