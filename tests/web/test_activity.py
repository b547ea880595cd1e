"""The ledger on pages: sentences, cursors, proofs that verify offline, verification that finds what was altered."""

from __future__ import annotations

import pytest

from govern.facts.moments import iso_date
from govern.ledger.checkpoint import open_checkpoint
from govern.ledger.proof import Proof, verify
from govern.records.ledger import checkpoint_now
from tests.web.conftest import World, clean_garak
from tests.web.test_submit import send_one


def test_entries_are_sentences(world: World) -> None:
    key = send_one(world.browser("system-owner"), world, clean_garak(), title="Braces {who} and <b>")
    page = world.browser("auditor").text("/activity")
    assert "<b>System Owner Person</b>" in page
    assert "submitted “Braces {who} and &lt;b&gt;”" in page
    assert "gave “Outsider Person” an account" in page
    assert "{what}" not in page
    newest = next(part.split('"')[0] for part in page.split('href="/activity/')[1:] if part[0].isdigit())
    assert f'href="/evidence/{key}"' in world.browser("auditor").text(f"/activity/{newest}")


def test_filters_and_cursors(world: World) -> None:
    owner, auditor = world.browser("system-owner"), world.browser("auditor")
    for number in range(60):
        send_one(owner, world, f"{number}".encode(), name="a.txt", kind="policy", title=f"Number {number:02}")
    first = auditor.text("/activity?action=evidence:version:submit")
    assert "Number 59" in first
    assert "Number 09" not in first
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = auditor.text(following)
    assert "Number 09" in second
    assert "Number 10" not in second
    assert "No entry fits" in auditor.text(f"/activity?actor={world.people['auditor']}")
    assert "Number 59" in auditor.text(f"/activity?actor={world.people['system-owner']}&system={world.slug}")
    assert "No entry fits" in auditor.text(f"/activity?system={world.other_slug}&action=evidence:version:submit")


@pytest.mark.parametrize("query", ["before=x", "before=-1", "before=99999999999999999999", "action=drop", "system=none"])
def test_addresses_that_do_not_fit(world: World, query: str) -> None:
    assert world.browser("auditor").get(f"/activity?{query}").status_code in (404, 422)


def test_as_of_a_past_day(world: World) -> None:
    day = iso_date(world.clock.now)
    world.clock.pass_days(3)
    send_one(world.browser("system-owner"), world, clean_garak(), title="Later")
    auditor = world.browser("auditor")
    assert "Later" in auditor.text("/activity")
    assert "Later" not in auditor.text(f"/activity?at={day}")


def test_a_proof_verifies_offline(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak())
    auditor = world.browser("auditor")
    key = world.house.key.verifier
    note = auditor.get("/activity/checkpoint")
    assert note.headers["Content-Disposition"].startswith("attachment")
    signed = open_checkpoint(note.text, [key])
    with world.store.reading() as connection:
        assert signed == checkpoint_now(connection, world.house.key.name)
    response = auditor.get(f"/activity/{signed.size}/proof")
    page = auditor.text(f"/activity/{signed.size}")
    leaf = bytes.fromhex(page.split("Leaf hash ")[1][:64])
    assert verify(Proof.from_text(response.text), leaf, [key]) == signed
    send_one(world.browser("system-owner"), world, clean_garak(50))
    assert auditor.get(f"/activity/{signed.size + 1}/proof").status_code == 200, "a newer checkpoint is signed for it"
    assert auditor.get("/activity/99999").status_code == 404
    assert auditor.get("/activity/99999/proof").status_code == 404


def test_what_is_out_of_scope_stays_out(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Secret")
    with world.store.reading() as connection:
        last = checkpoint_now(connection, "x").size
    outsider = world.browser("outsider")
    assert "Secret" not in outsider.text("/activity")
    assert outsider.get(f"/activity/{last}").status_code == 404
    assert outsider.get(f"/activity/{last}/proof").status_code == 404


def test_verify_finds_what_was_altered(world: World) -> None:
    auditor = world.browser("auditor")
    send_one(world.browser("system-owner"), world, clean_garak())
    assert "Verify now" in auditor.text("/activity/verify")
    assert "Everything is as it was recorded" in auditor.post("/activity/verify").text
    blob = next(path for path in (world.house.settings.data / "vault" / "sha256").rglob("*") if path.is_file())
    blob.chmod(0o644)
    blob.write_bytes(b"something else")
    answer = auditor.post("/activity/verify").text
    assert "1 fault was found" in answer
    assert blob.name in answer
    assert world.browser("system-owner").post("/activity/verify").status_code == 403
    assert "/activity/verify" not in world.browser("system-owner").text("/activity")
