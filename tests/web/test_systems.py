"""The list of systems: narrowed, sorted and paged by its address."""

from __future__ import annotations

import pytest

from govern.actions.office import OPERATOR
from govern.actions.systems import register_system
from tests.web.conftest import World, clean_garak, described
from tests.web.test_submit import send_one


def main_of(page: str) -> str:
    """The page without its frame."""
    return page[page.index("<main"):page.index("</main>")]


@pytest.mark.parametrize(("query", "there", "absent"), [
    ("q=CLAIMS", "claims-assistant", "support-bot"), ("unit=insurance", "claims-assistant", "support-bot"),
    ("stage=operation", "claims-assistant", "support-bot"), ("stage=design", "support-bot", "claims-assistant"),
    ("trait=generative", "claims-assistant", "support-bot"), ("q=%25", "No system fits", "/systems/support-bot"),
    ("unit=no-such-unit", "No system fits", "/systems/support-bot"),
])
def test_filters(world: World, query: str, there: str, absent: str) -> None:
    page = main_of(world.browser("auditor").text(f"/systems?{query}"))
    assert there in page
    assert absent not in page


def test_sorting(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(0, 40), controls="EVA-04")
    auditor = world.browser("auditor")

    def first(query: str) -> bool:
        page = main_of(auditor.text(f"/systems?{query}"))
        return page.index("/systems/claims-assistant\"") < page.index("/systems/support-bot\"")

    assert first("sort=name")
    assert not first("sort=name&direction=desc")
    assert first("sort=failing&direction=desc")
    assert not first("sort=failing")
    assert first("sort=nonsense&direction=nonsense")


def test_paging(world: World) -> None:
    for number in range(60):
        register_system(world.house.office, OPERATOR, described(f"System {number:02}"), world.clock.now)
    auditor = world.browser("auditor")
    first, second = main_of(auditor.text("/systems")), main_of(auditor.text("/systems?page=2"))
    assert "1–50 of 62" in first
    assert "51–62 of 62" in second
    assert "System 05" in first
    assert "System 59" in second
    for page in ("0", "-1", "x", "9999999", "²"):
        assert auditor.get(f"/systems?page={page}").status_code == 200


def test_scope_and_buttons(world: World) -> None:
    assert "claims-assistant" not in main_of(world.browser("outsider").text("/systems"))
    assert "/systems/new" in main_of(world.browser("compliance-officer").text("/systems"))
    assert "/systems/new" not in main_of(world.browser("system-owner").text("/systems"))
    past = main_of(world.browser("compliance-officer").text("/systems?at=5"))
    assert "/systems/new" not in past
    assert "Nothing can be changed here" in past
