"""Systems over the API: lists in pages, the past, lost updates, posture."""

from __future__ import annotations

import hashlib

import pytest

from govern.assurance.outcomes import Status
from govern.facts.moments import DAY, iso_date
from tests.api.conftest import NOW, POLICY, World

NEW = {"name": "Chat Helper", "purpose": "Answers customers.", "unit": "lending", "traits": ["generative"],
       "who_can_stop": "Whoever is on call."}


def test_registering_and_reading(world: World) -> None:
    made = world.officer.post("/systems", NEW)
    assert made.status_code == 201, made.text
    body = made.get_json()
    assert (body["slug"], body["unit"], body["stage"], body["traits"]) == ("chat-helper", "lending", "design",
                                                                          ["generative"])
    assert body["entry"] == world.count_of_entries()
    got = world.officer.get("/systems/chat-helper")
    assert got.get_json()["who_can_stop"] == "Whoever is on call."
    assert got.headers["ETag"] == made.headers["ETag"]
    same = world.officer.get("/systems/chat-helper", headers={"If-None-Match": got.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert world.owner.get("/systems/chat-helper").status_code == 404
    assert world.officer.get("/systems/chat-helper?at=3").status_code == 404


def test_registering_twice_with_one_key(world: World) -> None:
    first = world.officer.post("/systems", NEW, headers={"Idempotency-Key": "a"})
    again = world.officer.post("/systems", NEW, headers={"Idempotency-Key": "a"})
    assert again.status_code == 201
    assert again.get_json()["slug"] == first.get_json()["slug"]
    assert again.get_json()["entry"] == first.get_json()["entry"]
    other = world.officer.post("/systems", {**NEW, "name": "Other"}, headers={"Idempotency-Key": "a"})
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": ""}, "name"), ({"name": "x" * 300}, "name"), ({"name": "a\u0000b"}, "name"), ({"name": 7}, "name"),
     ({"purpose": "x" * 100_000}, "purpose"), ({"purpose": None}, "purpose"), ({"traits": "Big Risk"}, "traits"),
     ({"traits": ["no-such-trait"]}, "traits"), ({"unit": "no-such-unit"}, "unit"), ({"status": "ok"}, "status"),
     ({"name": "\ud800"}, "name"), ({"traits": [["a"]]}, "traits"), ({"traits": {"a": 1}}, "traits")])
def test_descriptions_that_do_not_fit(world: World, change: dict[str, object], field: str) -> None:
    refused = world.officer.post("/systems", {**NEW, **change})
    assert refused.status_code in (404, 422), refused.text
    assert refused.mimetype == "application/problem+json"
    if refused.status_code == 422:
        assert field in refused.get_json()["errors"]


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [(b"{", "application/json", 400), (b"[" * 100_000, "application/json", 400), (b"{}", "text/plain", 415),
     (b"\xff\xfe{", "application/json", 400), (b'{"name": NaN}', "application/json", 400),
     (b"[1]", "application/json", 422), (b"null", "application/json", 422)])
def test_bodies_that_are_no_objects(world: World, data: bytes, kind: str, status: int) -> None:
    refused = world.officer.call("POST", "/systems", data=data, content_type=kind)
    assert (refused.status_code, refused.mimetype) == (status, "application/problem+json")


def test_a_name_like_a_path_makes_a_plain_slug(world: World) -> None:
    assert world.officer.post("/systems", {**NEW, "name": "../../etc"}).get_json()["slug"] == "etc"


def test_lost_updates(world: World) -> None:
    tag = world.owner.get(f"/systems/{world.slug}").headers["ETag"]
    change = {**NEW, "name": "Credit Desk"}
    assert world.owner.call("PUT", f"/systems/{world.slug}", json=change).status_code == 428
    first = world.owner.call("PUT", f"/systems/{world.slug}", json=change, headers={"If-Match": tag})
    assert first.status_code == 200, first.text
    assert first.get_json()["purpose"] == "Answers customers."
    assert first.headers["ETag"] != tag
    stale = world.owner.call("PUT", f"/systems/{world.slug}", json=NEW, headers={"If-Match": tag})
    assert (stale.status_code, stale.get_json()["type"]) == (412, "urn:govern:problem:stale-form")
    assert world.owner.get(f"/systems/{world.slug}").get_json()["name"] == "Credit Desk"
    anyway = world.owner.call("PUT", f"/systems/{world.slug}", json=NEW, headers={"If-Match": "*"})
    assert anyway.status_code == 200
    assert world.contributor.call("PUT", f"/systems/{world.slug}", json=NEW,
                                  headers={"If-Match": "*"}).status_code == 403


def test_pages_of_a_list_show_one_state(world: World) -> None:
    for name in ("A", "B", "C", "D"):
        assert world.officer.post("/systems", {**NEW, "name": name}).status_code == 201
    first = world.officer.get("/systems?size=2").get_json()
    assert [one["name"] for one in first["systems"]] == ["A", "B"]
    world.officer.post("/systems", {**NEW, "name": "AA comes between"})
    second = world.officer.get(f"/systems?size=2&cursor={first['next']}").get_json()
    assert [one["name"] for one in second["systems"]] == ["C", "Credit Desk"]
    third = world.officer.get(f"/systems?size=2&cursor={second['next']}").get_json()
    assert ([one["name"] for one in third["systems"]], third["next"]) == (["D"], None)


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "WzEsMl0x", "W1tbW1tbW1s", "\u00e9", "WyJhIiwxXQ", "Wy0xLDFd"])
def test_cursors_of_somebody_s_own(world: World, cursor: str) -> None:
    refused = world.officer.get("/systems", query_string={"cursor": cursor})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["cursor"])


def test_filters(world: World) -> None:
    world.officer.post("/systems", NEW)
    for ask, names in (("q=DESK", ["Credit Desk"]), ("stage=design", ["Chat Helper"]), ("trait=deployer", ["Credit Desk"]),
                       ("unit=lending", ["Chat Helper", "Credit Desk"]), ("unit=cards", []), ("q=%25", [])):
        found = world.officer.get(f"/systems?{ask}").get_json()
        assert [one["name"] for one in found["systems"]] == names, ask
    assert [one["slug"] for one in world.owner.get("/systems").get_json()["systems"]] == [world.slug]
    for ask in ("stage=gone", "size=0", "size=1000", "size=x", "at=yesterday", "at=99999", "unit=%00"):
        assert world.officer.get(f"/systems?{ask}").status_code == 422, ask


def test_posture_is_derived_and_follows_the_evidence(world: World) -> None:
    before = world.owner.get(f"/systems/{world.slug}/posture").get_json()
    assert before["system"] == world.slug
    assert before["moment"] == {"position": world.count_of_entries(), "instant": "2026-05-28T20:26:40.000Z"}
    assert set(before["summary"]) == {status.value for status in Status}
    assert sum(before["summary"].values()) == len(before["controls"]) > 100
    assert before["catalogue"] == world.house.office.catalogues._known.popitem()[0]
    assert all(one["reasons"] and one["reasons"][0]["text"] for one in before["controls"])
    control = next(one for one in before["controls"] if one["control"] == "GOV-01")
    sent = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy", controls="GOV-01",
                            about="system").get_json()
    after = world.owner.get(f"/systems/{world.slug}/posture").get_json()
    assert after["moment"]["position"] == sent["entry"]
    changed = next(one for one in after["controls"] if one["control"] == "GOV-01")
    assert changed["asks"] != control["asks"]
    then = world.owner.get(f"/systems/{world.slug}/posture?at={before['moment']['position']}").get_json()
    assert next(one for one in then["controls"] if one["control"] == "GOV-01")["asks"] == control["asks"]


def test_posture_of_a_day_before_the_system_was_there(world: World) -> None:
    day = iso_date(NOW - 10 * DAY)
    assert world.owner.get(f"/systems/{world.slug}/posture?at={day}").status_code == 404
    assert world.owner.get(f"/systems/{world.slug}/posture?at={iso_date(NOW - 8 * DAY)}").status_code == 200
    assert world.owner.get(f"/systems/{world.slug}/posture?at=2026-02-30").status_code == 422


def test_what_is_asked_next(world: World) -> None:
    found = world.owner.get(f"/systems/{world.slug}/asked").get_json()
    assert found["system"] == world.slug
    assert found["asked"]
    assert {"control", "ask", "state", "title", "text", "kinds", "due"} == set(found["asked"][0])


@pytest.mark.parametrize("slug", ["no-such", "%00", "..%2f..", "a%20b", "%F0%9F%98%80", "x" * 500])
def test_systems_that_are_not_there(world: World, slug: str) -> None:
    for path in ("", "/posture", "/asked"):
        assert world.officer.get(f"/systems/{slug}{path}").status_code == 404


def test_nothing_sets_a_status(world: World) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        for path in (f"/systems/{world.slug}/posture", "/controls/GOV-01", f"/systems/{world.slug}/controls/GOV-01"):
            assert world.officer.call(method, path, json={"status": "satisfied"}).status_code in (404, 405)


def test_requests_for_evidence(world: World) -> None:
    ask = {"controls": ["GOV-01", "GOV-04"], "asked_of": world.contributor.key, "due": iso_date(NOW + 5 * DAY),
           "note": "The policy, please."}
    made = world.owner.post(f"/systems/{world.slug}/requests", ask)
    assert (made.status_code, made.get_json()["requests"]) == (201, 2), made.text
    first = world.contributor.get("/requests?mine=yes&size=1").get_json()
    rest = world.contributor.get(f"/requests?mine=yes&size=1&cursor={first['next']}").get_json()
    assert rest["next"] is None
    waiting = {one["control"]: one for one in first["requests"] + rest["requests"]}
    assert waiting.keys() == {"GOV-01", "GOV-04"}
    assert {(one["system"], one["state"]) for one in waiting.values()} == {(world.slug, "open")}
    assert world.owner.get("/requests?mine=yes").get_json()["requests"] == []
    answered = world.contributor.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy", controls="GOV-01")
    assert answered.get_json()["requests"] == [waiting["GOV-01"]["key"]]
    done = world.owner.get("/requests?state=answered").get_json()["requests"]
    assert done[0]["answer"] == answered.get_json()["evidence"]
    assert world.contributor.post(f"/systems/{world.slug}/requests", ask).status_code == 403
    late = world.owner.post(f"/systems/{world.slug}/requests", {**ask, "due": "2020-01-01"})
    assert (late.status_code, list(late.get_json()["errors"])) == (422, ["due"])
    none = world.owner.post(f"/systems/{world.slug}/requests", {**ask, "controls": []})
    assert (none.status_code, list(none.get_json()["errors"])) == (422, ["controls"])


def test_me(world: World) -> None:
    me = world.owner.get("/me").get_json()
    assert me["grants"] == [{"role": "system-owner", "scope_kind": "system", "scope": world.system}]
    assert (me["token"]["name"], me["token"]["submit_only"]) == ("owner's", False)
    assert hashlib.sha256(world.owner.secret.encode()).hexdigest() not in world.owner.get("/me").text
