"""Requests for evidence as lists show them."""

from __future__ import annotations

from govern.actions.control import ask_for_evidence
from govern.actions.office import OPERATOR
from govern.facts.commands import AskForEvidence
from govern.facts.moments import DAY
from tests.web.conftest import World


def ask(world: World, who: str = "system-owner", days: int = 5, controls: tuple[str, ...] = ("EVA-04",)) -> None:
    """Somebody is asked for evidence on the first system."""
    command = AskForEvidence(world.system, controls, world.people[who], world.clock.now + days * DAY, "For <the> audit")
    ask_for_evidence(world.house.office, OPERATOR, command, world.clock.now)


def cancel_address(page: str) -> str:
    """The address of the first cancel button."""
    return next(part.split('"')[0] for part in page.split('action="')[1:] if part.startswith("/requests/"))


def test_lists_and_states(world: World) -> None:
    ask(world)
    ask(world, "contributor", 20, ("EVA-05", "GOV-01"))
    owner = world.browser("system-owner")
    page = owner.text("/requests")
    assert "3 in all" in page
    assert "in 5 days" in page
    assert "For &lt;the&gt; audit" in page
    assert "1 in all" in owner.text("/requests?mine=1")
    world.clock.pass_days(8)
    late = world.browser("system-owner").text("/requests?mine=1")
    assert "Overdue" in late
    assert "3 days late" in late
    assert "No requests here" in world.browser("outsider").text("/requests")
    assert owner.get("/requests?state=nonsense&page=999").status_code in (200, 302)


def test_cancelling(world: World) -> None:
    ask(world)
    owner, auditor = world.browser("system-owner"), world.browser("auditor")
    assert "/cancel" not in auditor.text("/requests")
    officer = world.browser("compliance-officer")
    path = cancel_address(officer.text("/requests"))
    assert auditor.post(path).status_code == 403
    assert world.browser("contributor").post(path).status_code == 403
    assert officer.post(path).status_code == 303
    assert "Cancelled" in owner.text("/requests?state=cancelled")
    assert officer.post(path).status_code == 409
    assert officer.post("/requests/no-such-key/cancel").status_code == 404


def test_the_queue_of_whoever_is_asked(world: World) -> None:
    assert "You are done" in world.browser("system-owner").text("/queue")
    ask(world)
    page = world.browser("system-owner").text("/queue")
    assert "EVA-04" in page
    assert "/evidence/new?request=" in page
    assert "You are done" in world.browser("contributor").text("/queue")
