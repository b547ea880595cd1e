"""What units decided about the catalogue, and what other answers would switch, over the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from govern.actions.office import OPERATOR
from govern.actions.organisation import add_unit
from govern.actions.tailoring import tailor_unit
from govern.assurance.posture import derive
from govern.assurance.switching import with_traits
from govern.catalogue.objects import Catalogue
from govern.facts.commands import AddUnit, TailorUnit
from govern.records.readers import reader_for
from govern.records.snapshot import snapshot
from tests.api.conftest import NOW, World

Signed = Callable[..., TestResponse]
PATH = "/units/lending/tailoring"
WANTED: dict[str, Any] = {
    "baseline": "starter", "tolerance": "cautious", "added": ["DOC-07"], "limits": {"attack-success": 0.02},
    "removed": [{"control": "GOV-06", "reason": "The group has one."}], "reason": "Small things only."}


def switch(response: TestResponse) -> list[tuple[str, str]]:
    return [(one["control"], one["switch"]) for one in response.get_json()["switched"]]


# -- the decision of a unit ------------------------------------------------------------------------------------------


def test_nothing_is_decided_at_first(world: World) -> None:
    got = world.officer.get(PATH)
    assert got.status_code == 200, got.text
    assert got.get_json()["decision"] is None
    assert got.get_json()["unit"] == "lending"
    assert got.get_json()["holds"]["baseline"] is None
    assert got.get_json()["holds"]["tolerance"] == "balanced"
    assert got.headers["ETag"] == '"undecided"'
    assert world.officer.get("/units/organisation/tailoring").get_json()["unit"] is None


def test_a_person_decides_and_everybody_in_reach_reads(world: World, signed_in: Callable[[str], Signed]) -> None:
    officer, before = signed_in("officer"), world.count_of_entries()
    done = officer("PUT", PATH, json=WANTED, headers={"If-Match": '"undecided"'})
    assert done.status_code == 200, done.text
    body = done.get_json()
    assert body["entry"] == world.count_of_entries() == before + 1
    decision = body["decision"]
    assert {name: decision[name] for name in WANTED} == WANTED
    assert decision["decided_by"] == world.officer.key
    assert body["holds"]["limits"]["limit.attack_success"] == 0.02
    got = world.owner.get(PATH)
    assert (got.get_json()["decision"], got.headers["ETag"]) == (decision, done.headers["ETag"])
    assert world.owner.get(PATH, headers={"If-None-Match": got.headers["ETag"]}).status_code == 304
    assert world.owner.get(f"{PATH}?at={before}").get_json()["decision"] is None
    above = world.officer.get("/units/organisation/tailoring").get_json()
    assert (above["decision"], above["holds"]["baseline"]) == (None, None)


def test_a_unit_inherits(world: World) -> None:
    office = world.house.office
    add_unit(office, OPERATOR, AddUnit("cards", "Cards", world.unit), NOW)
    tailor_unit(office, OPERATOR, TailorUnit(None, "agentic", "open", frozenset(), (), (), "For all."), None, NOW)
    tailor_unit(office, OPERATOR, TailorUnit(world.unit, "starter", None, frozenset(), (), (), "For some."), None, NOW)
    holds = world.officer.get("/units/cards/tailoring").get_json()["holds"]
    assert (holds["baseline"], holds["tolerance"], holds["limits"]["limit.high_findings"]) == ("starter", "open", 3)
    assert world.owner.get("/units/cards/tailoring").status_code == 404, "out of the owner's reach"


def test_lost_updates_are_refused(world: World, signed_in: Callable[[str], Signed]) -> None:
    officer = signed_in("officer")
    assert officer("PUT", PATH, json=WANTED).status_code == 428
    first = officer("PUT", PATH, json=WANTED, headers={"If-Match": '"undecided"'})
    for tag in ('"undecided"', '"something-else"'):
        assert officer("PUT", PATH, json=WANTED, headers={"If-Match": tag}).status_code == 412
    again = officer("PUT", f"{PATH}?at=5", json={**WANTED, "baseline": "agentic"}, headers={"If-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_json()["decision"]["baseline"]) == (200, "agentic"), "a change is always of now"
    assert officer("PUT", PATH, json=WANTED, headers={"If-Match": "*"}).status_code == 200


@pytest.mark.parametrize(("change", "field"), [
    ({"reason": None}, "reason"), ({"reason": ""}, "reason"), ({"baseline": "huge"}, "baseline"), ({"baseline": 7}, "baseline"),
    ({"tolerance": "wild"}, "tolerance"), ({"added": ["XXX-01"]}, "controls"), ({"added": "a b"}, "added"),
    ({"removed": [{"control": "GOV-01"}]}, "removed"), ({"removed": ["GOV-01"]}, "removed"), ({"removed": {"a": 1}}, "removed"),
    ({"removed": [WANTED["removed"][0]] * 2}, "removed"), ({"limits": {"speed": 1}}, "limits"), ({"limits": [1]}, "limits"),
    ({"limits": {"attack-success": "much"}}, "limits"), ({"status": "done"}, "status")])
def test_decisions_that_do_not_fit(world: World, signed_in: Callable[[str], Signed], change: dict[str, Any], field: str) -> None:
    before = world.count_of_entries()
    refused = signed_in("officer")("PUT", PATH, json={**WANTED, **change}, headers={"If-Match": "*"})
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json"), refused.text
    assert field in refused.get_json()["errors"]
    assert world.count_of_entries() == before


def test_who_may_decide(world: World, signed_in: Callable[[str], Signed]) -> None:
    token = world.officer.call("PUT", PATH, json=WANTED, headers={"If-Match": "*"})
    assert token.status_code == 403
    assert "token may not" in token.get_json()["detail"]
    for who in ("owner", "auditor", "reviewer", "administrator", "contributor"):
        assert signed_in(who)("PUT", PATH, json=WANTED, headers={"If-Match": "*"}).status_code == 403
    for slug in ("no-such", "a%00b", "x" * 200):
        assert world.officer.get(f"/units/{slug}/tailoring").status_code == 404


# -- looking ahead ---------------------------------------------------------------------------------------------------


def test_what_other_answers_would_switch(world: World, catalogue: Catalogue) -> None:
    before = world.count_of_entries()
    got = world.owner.get(f"/systems/{world.slug}/consequence?traits=deployer,agentic,browses")
    assert got.status_code == 200, got.text
    with world.house.office.store.reading() as connection:
        seen = snapshot(connection, reader_for(connection, OPERATOR, None, NOW), world.system)
    expected = with_traits(seen, frozenset({"deployer", "agentic", "browses"}), catalogue)
    body = got.get_json()
    assert switch(got) == [(one.control, one.switch.value) for one in expected.switched]
    assert body["traits"] == ["agentic", "browses", "deployer"]
    assert body["before"] == {status.value: count for status, count in derive(seen, catalogue).summary.items()}
    assert body["after"]["not applicable"] == body["before"]["not applicable"] - sum(word == "asked for" for _, word in switch(got))
    first = body["switched"][0]
    assert (first["before"], first["title"]) == ("not applicable", catalogue.controls[first["control"]].title)
    assert first["reasons"]
    assert world.count_of_entries() == before, "nothing is recorded"


def test_the_same_answers_switch_nothing_and_none_at_all_may_be_asked(world: World) -> None:
    assert switch(world.owner.get(f"/systems/{world.slug}/consequence?traits=deployer")) == []
    none = world.owner.get(f"/systems/{world.slug}/consequence")
    assert none.get_json()["traits"] == []
    assert ("DOC-07", "no longer asked for") in switch(none)
    assert world.owner.get(f"/systems/{world.slug}/consequence?traits=&at=3").status_code in (200, 404)


@pytest.mark.parametrize("traits", ["magic", "high-risk,minimal-risk", "Big Risk!", "deployer,high-risk,limited-risk"])
def test_answers_that_nobody_can_give(world: World, traits: str) -> None:
    refused = world.owner.get(f"/systems/{world.slug}/consequence?traits={traits}")
    assert refused.status_code == 422
    assert "traits" in refused.get_json()["errors"]


def test_only_of_systems_in_reach(world: World) -> None:
    assert world.owner.get("/systems/no-such/consequence?traits=agentic").status_code == 404
    refused = world.officer.post("/systems", {"name": "Two classes", "purpose": "None.", "traits": ["high-risk", "minimal-risk"]})
    assert (refused.status_code, "Class in EU law" in refused.text) == (422, True)
