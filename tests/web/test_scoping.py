"""Scoping proposals: decided by somebody else, many at once."""

from __future__ import annotations

from govern.access.actor import Actor
from govern.actions.control import propose_scoping
from govern.actions.office import OPERATOR
from govern.facts.commands import ProposeScoping
from govern.facts.people import Grant, Role, ScopeKind
from tests.web.conftest import World


def propose(world: World, by: str, *controls: str) -> None:
    """A person proposes to leave controls of the first system out."""
    actor = Actor(world.people[by], by, (Grant("g", world.people[by], Role.SYSTEM_OWNER, ScopeKind.EVERYTHING, None),))
    propose_scoping(world.house.office, actor, ProposeScoping(world.system, controls, "It has <no> users.", None), world.clock.now)


def keys_on(page: str) -> list[str]:
    """The keys of the rows that can be selected."""
    return [part.split('value="')[1].split('"')[0] for part in page.split('name="selected"')[1:]]


def test_deciding(world: World) -> None:
    propose(world, "system-owner", "EVA-04", "EVA-05", "GOV-01")
    officer, owner = world.browser("compliance-officer"), world.browser("system-owner")
    page = officer.text("/scoping")
    assert "It has &lt;no&gt; users." in page
    keys = keys_on(page)
    assert len(keys) == 3
    assert keys_on(owner.text("/scoping")) == [], "the proposer sees them and cannot choose"
    assert "EVA-04" in owner.text("/scoping")
    assert owner.post("/scoping", {"selected": keys, "decision": "approve"}).status_code == 403
    silent = officer.post("/scoping", {"selected": keys, "decision": "refuse"})
    assert (silent.status_code, "A refusal says why" in silent.text) == (422, True)
    assert officer.post("/scoping", {"decision": "approve"}).status_code == 422
    assert officer.post("/scoping", {"selected": keys[:2], "decision": "approve"}).status_code == 303
    assert officer.post("/scoping", {"selected": keys[2:], "decision": "refuse", "comment": "It has."}).status_code == 303
    assert "No proposal waits" in officer.text("/scoping")
    assert officer.post("/scoping", {"selected": keys[:1], "decision": "approve"}).status_code == 409


def test_nobody_decides_their_own(world: World) -> None:
    propose(world, "compliance-officer", "EVA-04")
    officer = world.browser("compliance-officer")
    assert keys_on(officer.text("/scoping")) == []
    assert "EVA-04" in officer.text("/scoping")
    assert "You are done" in officer.text("/queue")


def test_out_of_scope_stays_out(world: World) -> None:
    propose(world, "system-owner", "EVA-04")
    assert "EVA-04" not in world.browser("outsider").text("/scoping")
    assert OPERATOR.key not in world.browser("auditor").text("/scoping")
