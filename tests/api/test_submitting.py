"""Sending evidence: what is answered, what is refused, and that nothing is left behind."""

from __future__ import annotations

import hashlib
import json
from io import BytesIO

import pytest

from govern.records.people import tokens_of
from tests.api.conftest import BILL, LIMIT, POLICY, World, token_for


def test_a_multipart_file_becomes_evidence(world: World) -> None:
    sent = world.owner.send(f"/systems/{world.slug}/evidence", BILL, "bill.json", title="Bill of the scorer")
    assert sent.status_code == 201, sent.text
    body = sent.get_json()
    version = body["version"]
    assert version["number"] == 1
    assert version["sha256"] == hashlib.sha256(BILL).hexdigest()
    assert version["size"] == len(BILL)
    assert version["media_type"] == "application/json"
    assert (version["kind"], version["format"]) == ("aibom", "cyclonedx")
    assert version["recognised"]["sure"] > 50
    assert version["findings"]["stated"]["format"] == "CycloneDX 1.6"
    assert version["about"] == {"kind": "system", "key": world.system, "slug": world.slug}
    assert version["problem"] is None
    assert body["controls"]
    assert body["entry"] == world.count_of_entries()
    assert sent.headers["Location"] == f"/api/v1/evidence/{body['evidence']}/versions/1"
    assert world.leftovers() == []


def test_a_raw_body_becomes_evidence(world: World) -> None:
    sent = world.owner.call("POST", f"/systems/{world.slug}/evidence?kind=policy&filename=p.md&controls=GOV-01,GOV-04",
                            data=POLICY, content_type="text/markdown")
    assert sent.status_code == 201, sent.text
    assert sent.get_json()["controls"] == ["GOV-01", "GOV-04"]
    assert sent.get_json()["version"]["kind"] == "policy"
    assert sent.get_json()["version"]["findings"] is None


def test_the_body_of_a_plain_curl_is_taken_as_it_is(world: World) -> None:
    sent = world.owner.call("POST", f"/systems/{world.slug}/evidence?kind=policy&title=P", data=POLICY,
                            content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 201, sent.text
    assert sent.get_json()["version"]["sha256"] == hashlib.sha256(POLICY).hexdigest()


@pytest.mark.parametrize("about", ["organisation", "unit"])
def test_a_system_may_send_what_speaks_of_more(world: World, about: str) -> None:
    sent = world.officer.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy", about=about)
    assert sent.status_code == 201, sent.text
    assert sent.get_json()["version"]["about"]["kind"] == about
    assert sent.get_json()["version"]["about"]["slug"] == (None if about == "organisation" else "lending")


def test_evidence_of_the_organisation(world: World) -> None:
    sent = world.officer.send("/evidence", POLICY, kind="policy")
    assert sent.status_code == 201, sent.text
    assert sent.get_json()["version"]["about"] == {"kind": "organisation", "key": None, "slug": None}
    of_unit = world.officer.send("/evidence", POLICY + b"!", kind="policy", unit="lending")
    assert of_unit.get_json()["version"]["about"]["slug"] == "lending"
    assert world.owner.send("/evidence", POLICY + b"?", kind="policy").status_code == 403


def test_a_new_version(world: World) -> None:
    first = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy").get_json()
    again = world.owner.send(f"/evidence/{first['evidence']}/versions", POLICY + b"\nMore.\n")
    assert again.status_code == 201, again.text
    assert again.get_json()["version"]["number"] == 2
    assert again.get_json()["version"]["kind"] == "policy"
    assert again.get_json()["version"]["about"]["slug"] == world.slug
    same = world.owner.send(f"/evidence/{first['evidence']}/versions", POLICY)
    assert (same.status_code, same.get_json()["existing"]) == (409, first["evidence"])


def test_the_same_bytes_are_a_duplicate(world: World) -> None:
    first = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy").get_json()
    entries = world.count_of_entries()
    again = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy", title="Other")
    assert again.status_code == 409
    assert again.mimetype == "application/problem+json"
    assert again.get_json()["existing"] == first["evidence"]
    assert world.count_of_entries() == entries


def test_an_idempotency_key_is_carried_out_once(world: World) -> None:
    path = f"/systems/{world.slug}/evidence"
    first = world.owner.send(path, POLICY, kind="policy", headers={"Idempotency-Key": "build-7"})
    entries = world.count_of_entries()
    again = world.owner.send(path, POLICY, kind="policy", headers={"Idempotency-Key": "build-7"})
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert world.count_of_entries() == entries
    other = world.owner.send(path, POLICY + b"!", kind="policy", headers={"Idempotency-Key": "build-7"})
    assert other.status_code == 409
    assert world.owner.send(path, POLICY, headers={"Idempotency-Key": "x" * 129}).status_code == 422


@pytest.mark.parametrize("raw", [True, False])
def test_an_empty_file(world: World, raw: bool) -> None:
    path, entries = f"/systems/{world.slug}/evidence", world.count_of_entries()
    sent = (world.owner.call("POST", path + "?kind=policy", data=b"", content_type="text/plain") if raw
            else world.owner.send(path, b"", kind="policy"))
    assert sent.status_code == 422
    assert sent.get_json()["errors"] == {"file": ["The file is empty."]}
    assert world.count_of_entries() == entries
    assert world.leftovers() == []


@pytest.mark.parametrize("raw", [True, False])
@pytest.mark.parametrize("over", [1, 2 * 1024 * 1024])
def test_a_file_over_the_limit(world: World, raw: bool, over: int) -> None:
    path, big = f"/systems/{world.slug}/evidence?kind=policy", b"x" * (LIMIT + over)
    sent = (world.owner.call("POST", path, data=big, content_type="text/plain") if raw
            else world.owner.send(path, big))
    assert sent.status_code == 413
    assert sent.mimetype == "application/problem+json"
    assert world.leftovers() == []


def test_a_file_of_exactly_the_limit(world: World) -> None:
    assert world.owner.send(f"/systems/{world.slug}/evidence", b"x" * LIMIT, kind="policy").status_code == 201


def test_json_that_is_cut_is_kept_with_its_problem(world: World) -> None:
    sent = world.owner.send(f"/systems/{world.slug}/evidence", BILL[:-10], "bill.json", kind="aibom")
    assert sent.status_code == 201, sent.text
    version = sent.get_json()["version"]
    assert version["findings"] is None
    assert version["problem"]
    assert version["format"] == "cyclonedx"
    assert world.owner.get(f"/evidence/{sent.get_json()['evidence']}/versions/1/content").data == BILL[:-10]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"kind": "no-such-kind"}, "kind"),
        ({}, "kind"),  # nothing recognised and nothing said
        ({"kind": "policy", "controls": "XXX-99"}, "controls"),
        ({"kind": "policy", "controls": "../etc"}, "controls"),
        ({"kind": "policy", "title": "a\0b"}, "title"),
        ({"kind": "policy", "title": "x" * 300}, "title"),
        ({"kind": "policy", "note": "x" * 100_000}, "note"),
        ({"kind": "policy", "title": "safe\u202etxt.exe"}, "title"),
        ({"kind": "policy", "basis": "sworn"}, "basis"),
        ({"kind": "policy", "layer": "soul"}, "layer"),
        ({"kind": "policy", "worked": "31.01.2026"}, "worked"),
        ({"kind": "policy", "worked": "2199-01-01"}, "worked"),
        ({"kind": "policy", "period_from": "2026-02-01", "period_until": "2026-01-01"}, "period_until"),
        ({"kind": "policy", "about": "asset"}, "about"),
    ])
def test_a_description_that_does_not_fit(world: World, form: dict[str, str], field: str) -> None:
    entries = world.count_of_entries()
    sent = world.owner.send(f"/systems/{world.slug}/evidence", POLICY, **form)
    assert sent.status_code == 422, sent.text
    assert field in sent.get_json()["errors"]
    assert world.count_of_entries() == entries
    assert world.leftovers() == []


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd", "passwd"), ("a\x00b.md", "ab.md"), ("C:\\temp\\x.md", "x.md"), ("<b>.md", "_b_.md"),
     ("x" * 300 + ".md", "x" * 197 + ".md"), ("отчёт.md", "отчёт.md")])
def test_odd_names_of_files_become_inert(world: World, name: str, kept: str) -> None:
    sent = world.owner.call("POST", f"/systems/{world.slug}/evidence", data=POLICY, content_type="text/plain",
                            query_string={"kind": "policy", "filename": name})
    assert sent.status_code == 201, sent.text
    assert sent.get_json()["version"]["filename"] == kept
    key = sent.get_json()["evidence"]
    given = world.owner.get(f"/evidence/{key}/versions/1/content").headers["Content-Disposition"]
    assert given.startswith("attachment; ")
    assert given.isascii()


def test_a_name_of_nothing(world: World) -> None:
    sent = world.owner.call("POST", f"/systems/{world.slug}/evidence", data=POLICY, content_type="text/plain",
                            query_string={"kind": "policy", "filename": "/\u202e/"})
    assert sent.status_code == 422
    assert "file" in sent.get_json()["errors"]


def test_no_file_and_too_many(world: World) -> None:
    path = f"/systems/{world.slug}/evidence"
    none = world.owner.call("POST", path, data={"kind": "policy"}, content_type="multipart/form-data")
    assert (none.status_code, list(none.get_json()["errors"])) == (422, ["file"])
    two = world.owner.call("POST", path, content_type="multipart/form-data", data={
        "kind": "policy", "file": [(BytesIO(b"one"), "1"), (BytesIO(b"two"), "2")]})
    assert (two.status_code, list(two.get_json()["errors"])) == (422, ["file"])
    assert world.leftovers() == []


def test_who_may_send(world: World) -> None:
    path = f"/systems/{world.slug}/evidence"
    assert world.administrator.send(path, POLICY, kind="policy").status_code == 403
    assert world.officer.send("/systems/no-such-system/evidence", POLICY, kind="policy").status_code == 404
    world.contributor.secret = "govern_unknown"
    refused = world.contributor.send(path, POLICY, kind="policy")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert world.leftovers() == []


def test_a_revoked_token(world: World) -> None:
    from govern.actions.people import revoke_token
    from govern.door.sessions import actor_of

    office = world.house.office
    assert world.owner.get("/me").status_code == 200
    with office.store.reading() as connection:
        actor = actor_of(connection, world.owner.key)
        held = tokens_of(connection, world.owner.key)
    assert actor is not None
    revoke_token(office, actor, held[0].key, world.house.clock())
    assert world.owner.get("/me").status_code == 401


def test_a_token_for_one_system_that_may_only_submit(world: World) -> None:
    world.officer.secret = token_for(world, "officer", system=world.system, submit_only=True)
    path = f"/systems/{world.slug}/evidence"
    assert world.officer.send(path, POLICY, kind="policy").status_code == 201
    assert world.officer.send("/evidence", POLICY, kind="policy").status_code == 403
    assert world.officer.send(path, POLICY + b"!", kind="policy", about="organisation").status_code == 403
    made = world.officer.post("/systems", {"name": "Another", "purpose": "None"})
    assert made.status_code == 403


def test_bodies_stop_early_where_no_files_are_taken(world: World) -> None:
    body = json.dumps({"name": "x" * (5 * 1024 * 1024)})
    sent = world.officer.call("POST", "/systems", data=body, content_type="application/json")
    assert sent.status_code == 413
