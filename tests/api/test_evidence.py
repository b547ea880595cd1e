"""Evidence over the API: the library, one piece, its bytes, reviews, withdrawals, links."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govern.evidence.vault import FileVault
from tests.api.conftest import BILL, NOW, POLICY, Signed, World

Sign = Callable[[str], Signed]


@pytest.fixture
def sent(world: World) -> str:
    made = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, "policy.md", kind="policy", title="Who stops it",
                            controls="GOV-01", worked="2026-05-20")
    assert made.status_code == 201, made.text
    return str(made.get_json()["evidence"])


def test_one_piece(world: World, sent: str) -> None:
    got = world.owner.get(f"/evidence/{sent}")
    body = got.get_json()
    assert (body["title"], body["kind"], body["basis"], body["controls"]) == ("Who stops it", "policy", "attested",
                                                                             ["GOV-01"])
    assert body["about"] == {"kind": "system", "key": world.system, "slug": world.slug}
    version = body["versions"][0]
    assert (version["number"], version["worked"], version["filename"]) == (1, "2026-05-20T00:00:00.000Z", "policy.md")
    assert (version["submitted_by"], version["review"]) == (world.owner.key, None)
    same = world.owner.get(f"/evidence/{sent}", headers={"If-None-Match": got.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize("key", ["no-such", "%00", "..%2f..%2fetc", "x" * 300, "%F0%9F%98%80"])
def test_what_is_not_there(world: World, key: str) -> None:
    for path in ("", "/versions", "/versions/1", "/versions/1/content"):
        assert world.officer.get(f"/evidence/{key}{path}").status_code == 404


def test_numbers_that_are_not_there(world: World, sent: str) -> None:
    for number in ("0", "2", "999999999999999999999", "-1", "x"):
        assert world.owner.get(f"/evidence/{sent}/versions/{number}").status_code == 404


def test_the_etag_follows_what_is_shown(world: World, sent: str, signed_in: Sign) -> None:
    """Links, versions and reviews are rows of their own: the tag has to change with each of them."""
    tags = [world.owner.get(f"/evidence/{sent}").headers["ETag"]]
    world.owner.send(f"/evidence/{sent}/versions", POLICY + b"!")
    tags.append(world.owner.get(f"/evidence/{sent}").headers["ETag"])
    signed_in("reviewer")("POST", f"/evidence/{sent}/versions/2/reviews", json={"verdict": "accepted"})
    tags.append(world.owner.get(f"/evidence/{sent}").headers["ETag"])
    world.owner.call("PATCH", f"/evidence/{sent}/links", json={"controls": []}, headers={"If-Match": tags[-1]})
    tags.append(world.owner.get(f"/evidence/{sent}").headers["ETag"])
    assert len(set(tags)) == 4


def test_links(world: World, sent: str) -> None:
    tag = world.owner.get(f"/evidence/{sent}").headers["ETag"]
    change = {"controls": ["GOV-04", "GOV-05"]}
    path = f"/evidence/{sent}/links"
    assert world.owner.call("PATCH", path, json=change).status_code == 428
    done = world.owner.call("PATCH", path, json=change, headers={"If-Match": tag})
    assert (done.status_code, done.get_json()["controls"]) == (200, ["GOV-04", "GOV-05"])
    assert world.owner.call("PATCH", path, json=change, headers={"If-Match": tag}).status_code == 412
    fresh = {"If-Match": done.headers["ETag"]}
    assert world.owner.call("PATCH", path, json={"controls": ["ZZZ-99"]}, headers=fresh).status_code == 422
    assert world.administrator.call("PATCH", path, json=change, headers=fresh).status_code == 403
    before = world.owner.get(f"/evidence/{sent}?at={done.get_json()['entry'] - 1}").get_json()
    assert before["controls"] == ["GOV-01"]


def test_the_bytes_come_back(world: World, sent: str) -> None:
    got = world.owner.get(f"/evidence/{sent}/versions/1/content")
    assert (got.status_code, got.data, got.content_length) == (200, POLICY, len(POLICY))
    assert got.headers["Content-Disposition"] == 'attachment; filename="policy.md"'
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got.headers["Content-Security-Policy"]
    part = world.owner.get(f"/evidence/{sent}/versions/1/content", headers={"Range": "bytes=2-7"})
    assert (part.status_code, part.data) == (206, POLICY[2:8])
    assert part.headers["Content-Range"] == f"bytes 2-7/{len(POLICY)}"
    beyond = world.owner.get(f"/evidence/{sent}/versions/1/content", headers={"Range": f"bytes={len(POLICY) + 5}-"})
    assert beyond.status_code == 416
    same = world.owner.get(f"/evidence/{sent}/versions/1/content", headers={"If-None-Match": got.headers["ETag"]})
    assert same.status_code == 304


def test_markup_is_never_shown(world: World) -> None:
    page = b"<!doctype html><script>alert(1)</script>"
    made = world.owner.send(f"/systems/{world.slug}/evidence", page, 'x";\r\nSet-Cookie: a=b.html', kind="policy")
    got = world.owner.get(f"/evidence/{made.get_json()['evidence']}/versions/1/content")
    assert got.mimetype == "text/plain"
    assert "Set-Cookie" not in got.headers


def test_bytes_that_are_gone_are_told(world: World, sent: str) -> None:
    vault = world.house.office.vault
    assert isinstance(vault, FileVault)
    vault.forget(next(iter(vault.names())))
    got = world.owner.get(f"/evidence/{sent}/versions/1/content")
    assert (got.status_code, got.get_json()["type"]) == (500, "urn:govern:problem:blob-missing")


def test_the_whole_findings_of_a_version(world: World) -> None:
    made = world.owner.send(f"/systems/{world.slug}/evidence", BILL, "bill.json").get_json()
    whole = world.owner.get(f"/evidence/{made['evidence']}/versions/1").get_json()
    assert whole["findings"]["stated"] == made["version"]["findings"]["stated"]
    assert whole["findings"]["detail"]
    assert (whole["recognised"]["sure"], whole["reader"][:9]) == (made["version"]["recognised"]["sure"], "cyclonedx")
    listed = world.owner.get(f"/evidence/{made['evidence']}/versions").get_json()
    assert [one["number"] for one in listed["versions"]] == [1]


def test_a_review_by_somebody_else(world: World, sent: str, signed_in: Sign) -> None:
    reviewer, path = signed_in("reviewer"), f"/evidence/{sent}/versions/1/reviews"
    answers = [{"ask": "GOV-01.1", "check": "no-such-question", "reply": "yes"}]
    done = reviewer("POST", path, json={"verdict": "accepted", "comment": "Read it.", "answers": answers})
    assert done.status_code == 201, done.text
    assert done.get_json()["verdict"] == "accepted"
    shown = world.owner.get(f"/evidence/{sent}/versions/1").get_json()["review"]
    assert (shown["key"], shown["reviewer"], shown["answers"]) == (done.get_json()["review"], world.reviewer.key, [])
    again = reviewer("POST", path, json={"verdict": "rejected", "comment": "No."})
    assert again.status_code == 409


def test_reviews_that_are_refused(world: World, sent: str, signed_in: Sign) -> None:
    path, entries = f"/evidence/{sent}/versions/1/reviews", world.count_of_entries()
    reviewer, officer = signed_in("reviewer"), signed_in("officer")
    of_officer = officer("POST", f"/systems/{world.slug}/evidence?kind=policy", data=b"mine", content_type="text/plain")
    assert of_officer.status_code == 201, of_officer.text
    own = officer("POST", f"/evidence/{of_officer.get_json()['evidence']}/versions/1/reviews",
                  json={"verdict": "accepted"})
    assert own.status_code == 403
    assert "somebody else" in own.get_json()["detail"]
    assert world.owner.post(path, {"verdict": "accepted"}).status_code == 403
    assert world.officer.post(path, {"verdict": "accepted"}).status_code == 403  # a token never reviews
    for body, field in (({"verdict": "maybe"}, "verdict"), ({}, "verdict"), ({"verdict": "rejected"}, "comment"),
                        ({"verdict": "accepted", "answers": [{"ask": "A", "check": "b", "reply": "not-applicable"}]},
                         "why.A.b"), ({"verdict": "accepted", "answers": [3]}, "answers"),
                        ({"verdict": "accepted", "comment": "x" * 100_000}, "comment")):
        refused = reviewer("POST", path, json=body)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
    assert reviewer("POST", f"/evidence/{sent}/versions/2/reviews", json={"verdict": "accepted"}).status_code == 404
    assert world.count_of_entries() == entries + 1


def test_a_session_without_its_csrf_token(world: World, sent: str, signed_in: Sign) -> None:
    reviewer, path = signed_in("reviewer"), f"/evidence/{sent}/versions/1/reviews"
    refused = reviewer("POST", path, json={"verdict": "accepted"}, headers={"X-CSRF-Token": "guess"})
    assert refused.status_code == 403
    foreign = reviewer("POST", path, json={"verdict": "accepted"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    assert reviewer("GET", f"/evidence/{sent}").status_code == 200


def test_withdrawals(world: World, sent: str) -> None:
    path = f"/evidence/{sent}/versions/1/withdrawals"
    assert world.contributor.post(path, {"reason": "Not mine."}).status_code == 403
    assert world.owner.post(path, {"reason": " "}).status_code == 422
    done = world.owner.post(path, {"reason": "It was a draft."})
    assert done.status_code == 201, done.text
    shown = world.owner.get(f"/evidence/{sent}/versions/1").get_json()["withdrawal"]
    assert (shown["key"], shown["reason"], shown["by"]) == (done.get_json()["key"], "It was a draft.", world.owner.key)
    assert world.owner.post(path, {"reason": "Again."}).status_code == 409
    assert world.owner.get("/evidence?state=withdrawn").get_json()["evidence"][0]["key"] == sent


def test_the_library(world: World, sent: str) -> None:
    for number in range(4):
        made = world.owner.send(f"/systems/{world.slug}/evidence", b"%d" % number, kind="test-plan", title=f"Plan {number}")
        assert made.status_code == 201
    first = world.owner.get("/evidence?kind=test-plan&sort=title&size=3").get_json()
    assert [one["title"] for one in first["evidence"]] == ["Plan 0", "Plan 1", "Plan 2"]
    world.owner.send(f"/systems/{world.slug}/evidence", b"x", kind="test-plan", title="A plan before")
    second = world.owner.get(f"/evidence?kind=test-plan&sort=title&size=3&cursor={first['next']}").get_json()
    assert ([one["title"] for one in second["evidence"]], second["next"]) == (["Plan 3"], None)
    for ask, count in (("q=STOPS", 1), ("q=%25", 0), ("control=GOV-01&kind=policy", 1), (f"system={world.slug}", 6),
                       ("state=in-review", 6), ("state=accepted", 0), ("kind=no-such", 0), ("at=1", 0)):
        assert len(world.owner.get(f"/evidence?{ask}").get_json()["evidence"]) == count, ask
    for ask in ("state=gone", "sort=size", "control=x", "size=-1", "kind=%00"):
        assert world.owner.get(f"/evidence?{ask}").status_code == 422, ask
    assert world.owner.get("/evidence?system=no-such").status_code == 404
    line = world.owner.get("/evidence?q=stops").get_json()["evidence"][0]
    assert line["about"] == {"kind": "system", "name": "Credit Desk", "slug": world.slug}
    assert line["version"]["submitted"] == "2026-05-28T20:26:40.000Z"
    assert NOW == 1_780_000_000_000
