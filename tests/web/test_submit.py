"""Sending evidence: what is recorded, what is refused and how it is said, and the whole way to a control's status."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from govern.access.actor import Reader
from govern.actions.control import ask_for_evidence
from govern.actions.office import OPERATOR
from govern.assurance.outcomes import AskOutcome
from govern.assurance.posture import derive
from govern.facts.commands import AskForEvidence
from govern.facts.evidence import Evidence
from govern.facts.moments import DAY
from govern.records.evidence import evidence
from govern.records.moments import moment_now
from govern.records.snapshot import snapshot
from tests.web.conftest import Browser, World, clean_garak


def ask_of(world: World, ask: str) -> AskOutcome:
    """How one ask of the first system stands now."""
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        posture = derive(snapshot(connection, reader, world.system), world.catalogue)
    control = posture.controls[ask.rpartition(".")[0]]
    return next(one for one in control.asks if one.ask == ask)


def kept(world: World, key: str) -> Evidence:
    """A piece of evidence as it is on record."""
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        found = evidence(connection, reader, key)
    assert found is not None
    return found


def send_one(browser: Browser, world: World, content: bytes, name: str = "garak.report.jsonl", **form: str) -> str:
    """Send a file about the first system; the key of the evidence."""
    response = browser.send({name: content}, {"about": "system", "system": world.system, **form})
    assert response.status_code == 303, response.text
    return response.location.rpartition("/")[2]


def test_from_a_file_to_the_state_of_what_was_asked(world: World, garak: bytes) -> None:
    owner, reviewer = world.browser("system-owner"), world.browser("reviewer")
    assert ask_of(world, "EVA-04.1").state.value == "absent"

    key = send_one(owner, world, garak, controls="EVA-04")
    assert ask_of(world, "EVA-04.1").state.value == "submitted", ask_of(world, "EVA-04.1")
    version = kept(world, key).versions[0]
    assert (version.format, version.submitted_by) == ("garak", world.people["system-owner"])
    assert version.worked < world.clock.now - 7 * DAY, "freshness counts from the run, which the file states"

    refused = owner.get(f"/evidence/{key}/versions/1/review")
    assert refused.status_code == 403

    form = reviewer.text(f"/evidence/{key}/versions/1/review")
    names = {part.split('"')[0] for part in form.split('name="')[1:]}
    questions = sorted(name for name in names if name.startswith("answer."))
    assert "answer.EVA-04.1.digest" in questions
    assert "answer.EVA-04.1.attack-rate" not in questions, "what is computed is not asked"
    given = reviewer.post(f"/evidence/{key}/versions/1/review", {"verdict": "accepted", **dict.fromkeys(questions, "yes")})
    assert given.status_code == 303
    assert ask_of(world, "EVA-04.1").state.value == "met"


def test_a_successful_attack_fails_the_ask_at_once(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(30, failed=10), controls="EVA-04")
    outcome = ask_of(world, "EVA-04.1")
    assert outcome.state.value == "failing"
    assert any(reason.check == "attack-rate" for reason in outcome.reasons)


def test_a_known_format_needs_nothing_but_the_system(world: World, garak: bytes) -> None:
    key = send_one(world.browser("contributor"), world, garak, name="nightly run.jsonl")
    found = kept(world, key)
    assert (found.kind, found.title, found.basis.value) == ("adversarial-test-report", "nightly run", "tested")
    assert "EVA-04" in found.controls, "it is linked to every control that asks for the kind"


def test_a_new_version_keeps_the_one_before(world: World, garak: bytes) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, garak)
    form = owner.text(f"/evidence/new?evidence={key}")
    assert "New version of" in form
    assert send_one(owner, world, clean_garak(50), evidence=key) == key
    assert [one.number for one in kept(world, key).versions] == [1, 2]


def test_an_answer_closes_the_request(world: World, garak: bytes) -> None:
    owner = world.people["system-owner"]
    ask_for_evidence(world.house.office, OPERATOR, AskForEvidence(
        world.system, ("EVA-04",), owner, world.clock.now + 5 * DAY, "The run of this week, please."), world.clock.now)
    browser = world.browser("system-owner")
    listing = browser.text("/requests?mine=1")
    address = "/evidence/new?request=" + listing.split("/evidence/new?request=")[1].split('"')[0]
    form = browser.text(address)
    assert "The run of this week, please." in form
    assert f'value="system:{world.system}" selected' in form
    send_one(browser, world, garak, request=address.rpartition("=")[2], controls="EVA-04")
    assert "No requests here" in browser.text("/requests?mine=1")
    assert "See the answer" in browser.text("/requests?mine=1&state=answered")


def test_each_file_is_recorded_by_itself(world: World) -> None:
    owner = world.browser("system-owner")
    response = owner.send({"a.jsonl": clean_garak(10), "empty.json": b"", "b.jsonl": clean_garak(20)},
                          {"about": "system", "system": world.system})
    assert response.status_code == 422
    assert response.text.count("waits for review") == 2
    assert "The file is empty" in response.text
    assert "2 in all" in owner.text("/evidence")


def test_json_answers_for_each_file(world: World, garak: bytes) -> None:
    owner = world.browser("system-owner")
    headers = {"Accept": "application/json", "Idempotency-Key": "one-file"}
    form = {"about": "system", "system": world.system}
    first = owner.send({"run.jsonl": garak}, form, headers=headers)
    assert (first.status_code, owner.told(first)["text"]) == (201, "Recorded; it waits for review.")
    again = owner.send({"run.jsonl": garak}, form, headers=headers)
    assert owner.told(again)["href"] == owner.told(first)["href"], "the same request changes nothing and gets the same answer"
    other = owner.send({"run.jsonl": garak}, form, headers={**headers, "Idempotency-Key": "another"})
    assert other.status_code == 409
    assert owner.told(other)["existing"] == owner.told(first)["evidence"]
    assert "1 in all" in owner.text("/evidence")


BAD: dict[str, tuple[dict[str, bytes], dict[str, str], str]] = {
    "empty": ({"empty.json": b""}, {}, "empty"),
    "no usable name": ({"../..": b"x"}, {}, "no usable name"),
    "no kind": ({"notes.bin": bytes(range(256))}, {}, "kind of evidence is missing"),
    "unknown kind": ({"a.txt": b"words"}, {"kind": "no-such-kind"}, "There is no kind"),
    "unknown control": ({"a.txt": b"words"}, {"kind": "policy", "controls": "ZZZ-99"}, "There is no control ZZZ-99"),
    "unknown layer": ({"a.txt": b"words"}, {"kind": "policy", "layer": "attic"}, "There is no layer"),
    "long title": ({"a.txt": b"words"}, {"kind": "policy", "title": "t" * 100_000}, "100,000 characters"),
    "title with a bell": ({"a.txt": b"words"}, {"kind": "policy", "title": "a\x07b"}, "cannot be shown"),
    "tomorrow's work": ({"a.txt": b"words"}, {"kind": "policy", "worked": "2031-01-01"}, "has not come yet"),
    "no day": ({"a.txt": b"words"}, {"kind": "policy", "expires": "soon"}, "2026-01-31"),
    "period backwards": ({"a.txt": b"words"}, {"kind": "policy", "period_from": "2026-05-02", "period_until": "2026-05-01"},
                         "ends before it begins"),
    "no system": ({"a.txt": b"words"}, {"kind": "policy", "system": ""}, "Choose the system"),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("json", [False, True], ids=["form", "json"])
def test_bad_input_is_refused_and_says_why(world: World, case: str, json: bool) -> None:
    files, form, said = BAD[case]
    owner = world.browser("system-owner")
    headers = {"Accept": "application/json"} if json else {}
    response = owner.send(files, {"about": "system", "system": world.system, **form}, headers=headers)
    assert response.status_code == 422
    body = "{detail} {errors}".format_map({"errors": "", **owner.told(response)}) if json else response.text
    assert said in body
    assert "No evidence yet" in owner.text("/evidence"), "nothing was recorded"


def test_what_was_typed_stays_in_the_form(world: World) -> None:
    response = world.browser("system-owner").send(
        {"a.txt": b"words"}, {"about": "system", "system": world.system, "title": "My <b>title</b>", "kind": "no-such"})
    assert 'value="My &lt;b&gt;title&lt;/b&gt;"' in response.text
    assert f'value="system:{world.system}" selected' in response.text
    assert 'href="#f-kind"' in response.text, "the summary leads to the field"


def test_the_forms_own_choice_of_a_subject(world: World, garak: bytes) -> None:
    officer = world.browser("compliance-officer")
    form = officer.text("/evidence/new")
    assert f'value="unit:{world.unit}"' in form
    assert 'value="organisation"' in form
    unsaid = officer.send({"a.jsonl": garak}, {"subject": ""})
    assert (unsaid.status_code, "Choose what it is about" in unsaid.text) == (422, True), "nothing is taken for the default"
    unit = officer.send({"a.jsonl": garak}, {"subject": f"unit:{world.unit}"})
    assert kept(world, unit.location.rpartition("/")[2]).about_key == world.unit
    everywhere = officer.send({"a.jsonl": clean_garak(9)}, {"subject": "organisation"})
    assert kept(world, everywhere.location.rpartition("/")[2]).about.value == "organisation"
    forged = officer.send({"a.jsonl": clean_garak(8)}, {"subject": "unit:no-such"})
    assert (forged.status_code, 'href="#f-subject"' in forged.text) == (422, True)
    assert 'selected' in world.browser("system-owner").text("/evidence/new").split('name="subject"')[1].split("</select>")[0]


def test_no_file_at_all(world: World) -> None:
    response = world.browser("system-owner").post("/evidence/new", {"about": "system", "system": world.system})
    assert response.status_code == 422
    assert "No file was sent" in response.text


@pytest.mark.parametrize(("sent", "kept_as"), [
    ("../../etc/passwd.txt", "passwd.txt"), ("..\\..\\boot.ini", "boot.ini"), ("a\u202egpj.exe", "agpj.exe"),
    ("con.txt", "_con.txt"), ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
])
def test_names_are_made_inert(world: World, sent: str, kept_as: str) -> None:
    key = send_one(world.browser("system-owner"), world, b"words", name=sent, kind="policy")
    assert kept(world, key).versions[0].filename == kept_as


def test_json_that_was_cut_is_kept_and_said(world: World, garak: bytes) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "compo', name="bill.json")
    version = kept(world, key).versions[0]
    assert version.findings is None
    assert "Nothing was read from this file" in owner.text(f"/evidence/{key}")


def test_the_same_bytes_are_not_taken_twice(world: World, garak: bytes) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, garak)
    again = owner.send({"other name.jsonl": garak}, {"about": "system", "system": world.system})
    assert again.status_code == 422
    assert "These bytes are here already" in again.text
    assert f'href="/evidence/{key}"' in again.text


def test_a_file_beyond_the_limit(make_world: Callable[..., Any]) -> None:
    small = make_world(upload_limit=2_000)
    owner = small.browser("system-owner")
    response = owner.send({"big.txt": b"x" * 5_000}, {"about": "system", "system": small.system, "kind": "policy"})
    assert response.status_code == 413
    assert not list((small.house.settings.data / "vault" / "incoming").iterdir()), "nothing is left behind"
    told = owner.send({"big.txt": b"x" * 5_000}, {"about": "system", "system": small.system, "kind": "policy"},
                      headers={"Accept": "application/json"})
    assert owner.told(told)["status"] == 413


@pytest.mark.parametrize("who", ["auditor", "reviewer", "administrator"])
def test_who_may_not_submit_is_refused_and_sees_no_button(world: World, garak: bytes, who: str) -> None:
    browser = world.browser(who)
    assert browser.get("/evidence/new").status_code == 403
    assert browser.send({"a.jsonl": garak}, {"about": "system", "system": world.system}).status_code == 403
    assert "/evidence/new" not in browser.text("/evidence")


def test_a_system_out_of_reach_is_not_found(world: World, garak: bytes) -> None:
    owner = world.browser("system-owner")
    response = owner.send({"a.jsonl": garak}, {"about": "system", "system": world.other})
    assert response.status_code == 422
    assert "There is no such system" in response.text
    assert f'value="system:{world.other}"' not in owner.text("/evidence/new")


def test_a_forged_form_changes_nothing(world: World, garak: bytes) -> None:
    owner = world.browser("system-owner")
    owner.csrf = "guessed"
    assert owner.send({"a.jsonl": garak}, {"about": "system", "system": world.system}).status_code == 403
