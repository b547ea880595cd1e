"""Every route of the application, walked as everybody: nobody, each role, an outsider, tokens.

The table is the application's own URL map, so a new route is walked without anybody thinking of it. What a route
declares must match what it answers; writing routes must refuse a form that is not ours; nothing answers 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from govern.access.policy import MAY, Act
from govern.actions.people import create_token
from govern.door.policy import policy_of, undeclared
from govern.door.sessions import actor_of, new_token
from govern.facts.commands import CreateToken
from govern.facts.moments import DAY
from govern.facts.people import Role
from tests.web.conftest import World

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PEOPLE = [*(role.value for role in Role), "outsider"]
EXAMPLES: dict[str, Any] = {
    "slug": None, "control": "EVA-04", "id_": "nist-ai-rmf-1.0", "requirement": "MEASURE 2.7", "key": "no-such-key",
    "number": 1, "n": 1, "position": 1, "filename": "css/base.css", "framework": "nist-ai-rmf-1.0", "stage": "operation",
    "baseline": "starter",
    "unit": "insurance",
}
ROLES_OF = {role.value: {role} for role in Role} | {"outsider": {Role.REVIEWER}}


def routes(world: World) -> Iterator[tuple[Rule, str, str]]:
    """(rule, method, path) of every route with example values."""
    adapter = world.app.url_map.bind("localhost")
    for rule in sorted(world.app.url_map.iter_rules(), key=lambda one: one.rule):
        values = {name: EXAMPLES.get(name, "no-such-thing") or world.slug for name in rule.arguments}
        try:
            path = adapter.build(rule.endpoint, values)
        except Exception:
            path = adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1))
        for method in METHODS:
            if method in (rule.methods or ()):
                yield rule, method, path


def asked(client: FlaskClient, path: str, **options: Any) -> tuple[int, bytes, str]:
    """(status, body, Location) of a request; the response is closed, and with it what it streams from."""
    answer = client.open(path, **options)
    try:
        return answer.status_code, answer.get_data(), answer.headers.get("Location", "")
    finally:
        answer.close()


def lacks(who: str, acts: frozenset[Act]) -> bool:
    """Whether somebody holds none of a route's acts anywhere."""
    return bool(acts) and not any(acts & MAY[role] for role in ROLES_OF[who])


def test_every_route_declares_who_may_use_it(world: World) -> None:
    assert undeclared(world.app) == []
    assert len(list(routes(world))) > 90, "the map of routes shrank: is an area missing?"


def test_nobody_gets_past_a_route_that_is_not_public(world: World) -> None:
    client = world.app.test_client()
    wrong: list[str] = []
    for rule, method, path in routes(world):
        policy = policy_of(world.app, rule.endpoint)
        assert policy is not None
        status, _, location = asked(client, path, method=method)
        refused = status == 401 or (status == 302 and "/sign-in" in location)
        if policy.public == refused or status >= 500:
            wrong.append(f"{method} {path}: {status}")
    assert wrong == []


@pytest.mark.parametrize("who", PEOPLE)
def test_each_role_meets_the_fence_that_its_route_declares(world: World, who: str) -> None:
    browser = world.browser(who)
    wrong: list[str] = []
    for rule, method, path in routes(world):
        policy = policy_of(world.app, rule.endpoint)
        if rule.endpoint == "sign_in.sign_out" or policy is None:
            continue  # would end the walk
        form = {"csrf_token": browser.csrf} if method != "GET" else None
        status, body, _ = asked(browser.client, path, method=method, data=form)
        stopped = status == 403 and b"Your roles do not let you" in body
        if status >= 500 or (not policy.public and lacks(who, policy.acts) != stopped):
            wrong.append(f"{method} {path}: {status} for {who}, who {'lacks' if lacks(who, policy.acts) else 'holds'} it")
    assert wrong == []


def test_no_write_without_the_forms_own_token(world: World) -> None:
    browser = world.browser(Role.COMPLIANCE_OFFICER.value)
    admin = world.browser(Role.ADMINISTRATOR.value)
    wrong: list[str] = []
    for rule, method, path in routes(world):
        policy = policy_of(world.app, rule.endpoint)
        if method == "GET" or policy is None or policy.public:
            continue
        who = admin if lacks(Role.COMPLIANCE_OFFICER.value, policy.acts) else browser
        for case, options in (("no token", {}), ("other site", {"headers": {"Sec-Fetch-Site": "cross-site"},
                                                               "data": {"csrf_token": who.csrf}})):
            status, _, _ = asked(who.client, path, method=method, **options)
            if status != 403:
                wrong.append(f"{method} {path} with {case}: {status}")
    assert wrong == []


def test_a_token_that_may_only_submit_writes_nothing_else(world: World) -> None:
    secret, hashed = new_token()
    with world.store.reading() as connection:
        owner = actor_of(connection, world.people[Role.COMPLIANCE_OFFICER.value])
    assert owner is not None
    wanted = CreateToken("ci", world.system, True, world.clock.now + 30 * DAY, hashed)
    create_token(world.house.office, owner, wanted, world.clock.now)
    client = world.app.test_client()
    wrong: list[str] = []
    for rule, method, path in routes(world):
        policy = policy_of(world.app, rule.endpoint)
        if method == "GET" or policy is None or policy.public:
            continue
        bearer = {"Authorization": f"Bearer {secret}"}
        status, _, _ = asked(client, path, method=method, headers=bearer, data={"do": "approve"})
        if status >= 500 or (status < 400 and rule.endpoint != "sign_in.sign_out"):
            wrong.append(f"{method} {path}: {status}")
    assert wrong == []
