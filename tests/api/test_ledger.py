"""The ledger over the API: what anybody gets is enough to verify an entry with no server."""

from __future__ import annotations

import pytest

from govern.ledger import tree
from govern.ledger.checkpoint import open_checkpoint
from govern.ledger.note import SigningKey
from govern.ledger.proof import Proof
from govern.ledger.proof import verify as verify_proof
from tests.api.conftest import POLICY, World


def test_a_checkpoint_and_proofs_that_verify(world: World, signing_key: SigningKey) -> None:
    got = world.officer.get("/ledger/checkpoint")
    assert (got.status_code, got.mimetype) == (200, "text/plain")
    checkpoint = open_checkpoint(got.text, [signing_key.verifier])
    assert checkpoint.size == world.count_of_entries()
    entries = world.officer.get("/ledger/entries?size=200").get_json()["entries"]
    assert [one["position"] for one in entries] == list(range(1, checkpoint.size + 1))
    for one in entries:
        leaf = tree.leaf_hash(one["content"].encode())
        assert leaf.hex() == one["leaf"]
        proof = world.officer.get(f"/ledger/proofs/{one['position']}")
        assert proof.mimetype == "text/plain"
        assert verify_proof(Proof.from_text(proof.text), leaf, [signing_key.verifier]).size == checkpoint.size


def test_consistency_between_two_checkpoints(world: World, signing_key: SigningKey) -> None:
    first = open_checkpoint(world.officer.get("/ledger/checkpoint").text, [signing_key.verifier])
    world.owner.send(f"/systems/{world.slug}/evidence", POLICY, kind="policy")
    second = open_checkpoint(world.officer.get("/ledger/checkpoint").text, [signing_key.verifier])
    got = world.officer.get(f"/ledger/consistency?from={first.size}&to={second.size}").get_json()
    assert (got["root_from"], got["root_to"]) == (first.root.hex(), second.root.hex())
    hashes = [bytes.fromhex(one) for one in got["hashes"]]
    tree.verify_consistency(first.size, second.size, hashes, first.root, second.root)


@pytest.mark.parametrize("ask", ["", "from=2&to=1", "from=0&to=1", "from=1&to=99999", "from=x&to=1", "from=1"])
def test_consistency_that_cannot_be(world: World, ask: str) -> None:
    assert world.officer.get(f"/ledger/consistency?{ask}").status_code == 422


def test_entries_go_on_after_a_position(world: World) -> None:
    first = world.officer.get("/ledger/entries?size=3").get_json()
    assert first["next"] == 3
    more = world.officer.get("/ledger/entries?size=200&after=3").get_json()
    assert (more["entries"][0]["position"], more["next"]) == (4, None)
    grants = world.officer.get("/ledger/entries?action=people:role:grant&size=200").get_json()["entries"]
    assert {one["action"] for one in grants} == {"people:role:grant"}
    assert world.officer.get("/ledger/entries?action=people:role:dance").status_code == 422
    assert world.officer.get("/ledger/entries?after=-1").status_code == 422
    of_system = world.officer.get(f"/ledger/entries?system={world.slug}").get_json()["entries"]
    assert [one["action"] for one in of_system][:2] == ["system:system:register", "system:adoption:decide"]


def test_entries_out_of_scope_are_not_there(world: World) -> None:
    made = world.officer.post("/systems", {"name": "Another", "purpose": "It is not yours."}).get_json()
    seen = {one["position"] for one in world.owner.get("/ledger/entries?size=200").get_json()["entries"]}
    assert made["entry"] not in seen
    for path in (f"/ledger/entries/{made['entry']}", f"/ledger/proofs/{made['entry']}"):
        assert world.owner.get(path).status_code == 404
        assert world.officer.get(path).status_code == 200
    assert world.officer.get("/ledger/proofs/99999999999999999999999").status_code == 404
    assert world.officer.get("/ledger/entries/0").status_code == 404


def test_who_may_only_submit_gets_the_newest_note_there_is(world: World) -> None:
    from tests.api.conftest import token_for

    secret, world.officer.secret = world.officer.secret, token_for(world, "officer", submit_only=True)
    assert world.officer.get("/ledger/checkpoint").status_code == 404
    world.officer.secret, limited = secret, world.officer.secret
    note = world.officer.get("/ledger/checkpoint").text
    world.officer.secret = limited
    assert world.officer.get("/ledger/checkpoint").text == note
