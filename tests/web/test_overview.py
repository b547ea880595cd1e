"""The overview: what falls short and why, coverage, what runs out, and the same as of an earlier day."""

from __future__ import annotations

from html import unescape

from govern.facts.moments import iso_date
from tests.web.conftest import World, clean_garak
from tests.web.test_requests import ask
from tests.web.test_submit import send_one


def main_of(page: str) -> str:
    """The page without its frame."""
    return unescape(page[page.index("<main"):page.index("</main>")])


def test_systems_and_what_they_lack(world: World) -> None:
    page = main_of(world.browser("auditor").text("/"))
    assert "2 systems of" in page
    assert "/systems/claims-assistant" in page
    assert "/systems/support-bot" in page
    assert "Nothing has been sent for" in page
    for framework, one in world.catalogue.frameworks.items():
        assert (f'"/frameworks/{framework}"' in page) == (one.status != "superseded")
        if one.status == "superseded":
            continue
        assert f"/frameworks/{framework}?system=claims-assistant" in page


def test_bad_news_counts_at_once(world: World) -> None:
    auditor = world.browser("auditor")
    assert "1 failing" not in main_of(auditor.text("/"))
    send_one(world.browser("system-owner"), world, clean_garak(0, 40), controls="EVA-04")
    page = main_of(auditor.text("/"))
    assert "1 failing" in page
    assert "/systems/claims-assistant/controls/EVA-04" in page


def test_only_what_is_in_scope(world: World) -> None:
    page = main_of(world.browser("outsider").text("/"))
    assert "1 system of" in page
    assert "Claims assistant" not in page
    assert "Support bot" in page


def test_of_one_unit(world: World) -> None:
    page = main_of(world.browser("auditor").text("/?unit=insurance"))
    assert "1 system of" in page
    assert "/systems/claims-assistant" in page
    assert "/systems/support-bot" not in page


def test_as_of_an_earlier_day(world: World) -> None:
    before = iso_date(world.clock.now)
    world.clock.pass_days(2)
    send_one(world.browser("system-owner"), world, clean_garak(0, 40), controls="EVA-04")
    auditor = world.browser("auditor")
    page = main_of(auditor.text(f"/?at={before}"))
    assert "Nothing can be changed here" in page
    assert "1 failing" not in page
    assert f"/systems/claims-assistant?at={before}" in page
    assert "1 failing" in main_of(auditor.text("/"))
    assert auditor.get("/?at=2001-01-01").status_code in (200, 404)
    assert auditor.get("/?at=nonsense").status_code == 422


def test_what_waits_for_somebody(world: World) -> None:
    ask(world)
    send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-05")
    page = main_of(world.browser("reviewer").text("/"))
    assert "Await your review" in page
    assert "in 5 days" in page
    assert "Await your review" not in main_of(world.browser("auditor").text("/"))


def test_an_empty_house_says_how_to_begin(world: World) -> None:
    with_none = main_of(world.browser("outsider").text("/?unit=insurance"))
    assert "0 systems" in with_none
    assert "Claims assistant" not in with_none
