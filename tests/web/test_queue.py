"""My queue: what waits for one, by role, and nothing of anybody else's."""

from __future__ import annotations

from govern.actions.control import assign_controls
from govern.actions.office import OPERATOR
from govern.facts.commands import AssignControls
from govern.facts.moments import DAY
from tests.web.conftest import World, clean_garak
from tests.web.test_submit import send_one


def test_controls_one_works_on(world: World) -> None:
    owner = world.people["system-owner"]
    assign_controls(world.house.office, OPERATOR, AssignControls(
        world.system, ("EVA-04", "EVA-05"), owner, world.clock.now + 3 * DAY, None), world.clock.now)
    assign_controls(world.house.office, OPERATOR, AssignControls(world.other, ("GOV-01",), owner, world.clock.now, None),
                    world.clock.now)
    page = world.browser("system-owner").text("/queue")
    assert "Controls that you work on" in page
    assert page.count("in 3 days") == 2
    assert "GOV-01" not in page, "what lies out of one's scope is not shown, even when assigned"
    assert "You are done" in world.browser("contributor").text("/queue")


def test_what_waits_for_a_review_is_only_for_reviewers(world: World) -> None:
    send_one(world.browser("contributor"), world, clean_garak(), title="Fresh run")
    assert "Fresh run" in world.browser("reviewer").text("/queue")
    assert "Fresh run" in world.browser("compliance-officer").text("/queue")
    for who in ("system-owner", "auditor", "outsider", "administrator"):
        assert "Fresh run" not in world.browser(who).text("/queue")
