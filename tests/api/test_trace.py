"""The trace over the API: from any start, in pages, in scope, as of any moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from govern.actions.office import OPERATOR
from govern.actions.people import add_person, grant_role
from govern.actions.systems import register_system
from govern.catalogue.objects import Catalogue
from govern.facts.commands import AddPerson, GrantRole
from govern.facts.people import Role, ScopeKind
from tests.api.conftest import NOW, POLICY, Caller, Signed, World, described

Sign = Callable[[str], Signed]
CONTROL = "GOV-01"


@pytest.fixture
def sent(world: World, signed_in: Sign) -> tuple[str, str]:
    """The keys of an accepted policy about the system and of its review."""
    made = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, "policy.md", kind="policy", title="Who stops it",
                            controls=CONTROL, worked="2026-05-20")
    key = str(made.get_json()["evidence"])
    done = signed_in("reviewer")("POST", f"/evidence/{key}/versions/1/reviews", json={"verdict": "accepted"})
    assert done.status_code == 201, done.text
    return key, str(done.get_json()["review"])


def traced(world: World, who: str = "owner", **query: str | int) -> dict[str, Any]:
    found = world.people[who].get("/trace", query_string=query)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.get_json()
    return body


def every_row(world: World, **query: str) -> list[dict[str, Any]]:
    """The rows of all pages."""
    rows, cursor = [], ""
    while cursor is not None:
        part = traced(world, size=500, cursor=cursor, **query)
        rows += part["rows"]
        cursor = part["next"]
    return rows


def requirement_of(catalogue: Catalogue) -> tuple[str, str]:
    link = catalogue.controls[CONTROL].mappings[0]
    return link.framework, link.requirement


def through(rows: list[dict[str, Any]], evidence: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["evidence"] == evidence]


def test_the_same_chain_from_every_start(world: World, catalogue: Catalogue, sent: tuple[str, str]) -> None:
    key, review = sent
    framework, requirement = requirement_of(catalogue)
    [row] = [one for one in through(traced(world, framework=framework, requirement=requirement, size=500)["rows"], key)
             if one["requirement"] == requirement]
    assert (row["framework"], row["control"], row["system"], row["system_name"]) == (framework, CONTROL, world.slug, "Credit Desk")
    assert (row["evidence_title"], row["kind"], row["version"], row["verdict"]) == ("Who stops it", "policy", 1, "accepted")
    assert (row["submitted_by"], row["submitted_by_name"]) == (world.owner.key, "owner")
    assert (row["decision"], row["decided_by"], row["reviewer"], row["standing"]) == (
        review, "person", world.people["reviewer"].key, None)
    assert (row["withdrawn"], row["inherited"]) == (None, None)
    assert len(row["sha256"]) == 64
    for start in ({"framework": framework, "system": world.slug}, {"control": CONTROL}, {"evidence": key}, {"decision": review},
                  {"control": CONTROL, "evidence": key, "framework": framework}):
        assert row in every_row(world, **start), start


def test_in_pages(world: World, sent: tuple[str, str]) -> None:
    whole = traced(world, control=CONTROL, size=500)
    assert (whole["next"], len(whole["rows"]) > 20) == (None, True)
    rows, cursor = [], ""
    while cursor is not None:
        part = traced(world, control=CONTROL, size=7, cursor=cursor)
        assert len(part["rows"]) <= 7
        rows += part["rows"]
        cursor = part["next"]
    assert rows == whole["rows"]


def test_later_pages_show_what_the_first_one_saw(world: World, sent: tuple[str, str]) -> None:
    before = traced(world, evidence=sent[0], history="all", size=500)
    first = traced(world, evidence=sent[0], history="all", size=1)
    world.owner.send(f"/evidence/{sent[0]}/versions", POLICY + b"!")
    assert traced(world, evidence=sent[0], history="all", size=500)["rows"][0]["version"] == 2
    second = traced(world, evidence=sent[0], history="all", size=1, cursor=first["next"])
    assert first["rows"] + second["rows"] == before["rows"][:2]
    assert second["moment"]["position"] == before["moment"]["position"]


def test_as_of_an_earlier_moment(world: World, sent: tuple[str, str]) -> None:
    now = traced(world, control=CONTROL, size=500)
    past = traced(world, control=CONTROL, size=500, at=now["moment"]["position"] - 2)
    assert through(now["rows"], sent[0])
    assert through(past["rows"], sent[0]) == []
    assert {end["code"] for row in past["rows"] for end in row["ends"]} >= {"absent"}
    assert world.owner.get("/trace", query_string={"evidence": sent[0], "at": past["moment"]["position"]}).status_code == 404


def test_ends_are_told(world: World, catalogue: Catalogue) -> None:
    found = traced(world, framework="mitre-atlas-5.6.0", size=500)
    assert found["start"] == {"framework": "mitre-atlas-5.6.0", "requirement": None, "control": None, "system": None,
                              "evidence": None, "decision": None, "history": "speaking"}
    assert found["catalogue"] == catalogue.digest
    assert all(row["control"] or row["ends"][0]["at"] == "requirement" for row in found["rows"])
    absent = traced(world, control=CONTROL)["rows"][0]
    assert (absent["evidence"], absent["version"], absent["submitted"], absent["verdict"]) == (None, None, None, None)
    assert absent["ends"][0]["at"] == "system"


def test_what_cannot_be_traced(world: World, sent: tuple[str, str]) -> None:
    for query, status in (
            ({}, 422), ({"requirement": "1"}, 422), ({"control": "x"}, 422), ({"cursor": "x", "control": CONTROL}, 422),
            ({"framework": "none"}, 404), ({"framework": "nist-ai-rmf-1.0", "requirement": "none"}, 404),
            ({"control": "ZZZ-99"}, 404), ({"system": "none"}, 404), ({"evidence": "none"}, 404), ({"decision": "none"}, 404),
            ({"decision": sent[0]}, 404), ({"control": CONTROL, "at": "once"}, 422)):
        got = world.owner.get("/trace", query_string=query)
        assert got.status_code == status, query
        assert got.mimetype == "application/problem+json"


def test_a_reader_of_another_system_sees_none_of_it(world: World, sent: tuple[str, str], signed_in: Sign) -> None:
    office = world.house.office
    other = register_system(office, OPERATOR, described("Other Desk"), NOW).value[0]
    person = add_person(office, OPERATOR, AddPerson("far", "far@example.org", "-"), NOW).value
    grant_role(office, OPERATOR, GrantRole(person, Role.SYSTEM_OWNER, ScopeKind.SYSTEM, other), NOW)
    world.people["far"] = Caller(world.app.test_client(), person, "")
    far = signed_in("far")
    found = far("GET", "/trace", query_string={"control": CONTROL, "size": 500}).get_json()
    assert {row["system"] for row in found["rows"]} == {"other-desk"}
    for start in ({"system": world.slug}, {"evidence": sent[0]}, {"decision": sent[1]}):
        assert far("GET", "/trace", query_string=start).status_code == 404
