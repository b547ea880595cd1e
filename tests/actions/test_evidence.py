"""Submitting evidence: new, a new version, duplicates, what it speaks for; and linking it to other controls."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import select

from govern.actions.evidence import Submitted, link_evidence, submit_evidence
from govern.errors import BlobMissing, Duplicate, InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.commands import LinkEvidence
from govern.facts.evidence import About, Basis, Evidence
from govern.facts.moments import DAY
from govern.records.evidence import evidence as find
from govern.records.tables.plain import WaitingRow
from govern.records.work import Done, Once, Replayed
from tests.bank import Bank, nothing_recorded, recorded, refused, reviewed


def evidence(bank: Bank, key: str, at: str | None = None) -> Evidence | None:
    with bank.reading(at=at) as (connection, reader):
        return find(connection, reader, key)


def waiting(bank: Bank) -> set[str]:
    with bank.office.store.reading() as connection:
        return set(connection.execute(select(WaitingRow.version)).scalars())


# -- something new -------------------------------------------------------------------------------------------------


def test_new_evidence_waits_for_review_and_names_its_bytes(bank: Bank) -> None:
    file, owner = bank.scan(), bank.actors["owner"]
    done = bank.submit("owner", file, worked=bank.at - DAY, note="From the nightly run.", layer="prompt")
    recorded(bank, done, Action.EVIDENCE_SUBMIT, by=owner, blobs=[file.sha256],
             touched=[bank["scoring"], done.value.evidence, done.value.version],
             wrote={"evidence": 1, "link": 1, "version": 1})
    assert (done.value.number, done.value.controls, done.value.accepted) == (1, ("EVA-01",), False)
    found = evidence(bank, done.value.evidence)
    assert found is not None
    assert (found.title, found.kind, found.about, found.about_key, found.layer, found.basis, found.note) == (
        "Scan", "scan-report", About.SYSTEM, bank["scoring"], "prompt", Basis.TESTED, "From the nightly run.")
    version, = found.versions
    assert (version.sha256, version.submitted_by, version.via_token, version.submitted, version.worked) == (
        file.sha256, owner.key, None, bank.at, bank.at - 1000 - DAY)
    assert version.findings is not None
    assert dict(version.findings.stated) == {"findings.critical": 0, "tool": "garak"}
    assert waiting(bank) == {version.key}
    assert bank.status("EVA-01") == "in review"
    assert evidence(bank, found.key, at=str(bank.head() - 1)) is None


def test_bad_news_counts_before_any_review(bank: Bank) -> None:
    bank.submit("owner", bank.scan(critical=2))
    assert bank.status("EVA-01") == "failing"


def test_the_catalogue_suggests_controls_that_ask_for_the_kind_and_apply(bank: Bank) -> None:
    assert bank.submit("owner", bank.scan()).value.controls == ("EVA-01",)
    assert bank.submit("seller", bank.scan(), about_key=bank["chat"]).value.controls == ("EVA-01", "EVA-03")
    assert bank.submit("owner", bank.file("x"), kind="paper").value.controls == ("EVA-02", "OPS-01")
    organisation = bank.submit("officer", bank.scan("o"), about=About.ORGANISATION)
    assert organisation.value.controls == ("EVA-01", "EVA-03"), "of no system: all that ask for it"
    assert bank.submit("owner", bank.scan("2"), controls=frozenset({"GOV-01"})).value.controls == ("GOV-01",)
    assert bank.submit("owner", bank.scan("3"), controls=frozenset()).value.controls == ()


def test_evidence_of_the_organisation_and_of_a_unit_touches_every_system(bank: Bank) -> None:
    done = bank.submit("officer", bank.file("p", {}, "policy"), kind="policy", about=About.ORGANISATION)
    recorded(bank, done, Action.EVIDENCE_SUBMIT, by=bank.actors["officer"], blobs=[sha256(b"p").hexdigest()],
             touched=["organisation", done.value.evidence, done.value.version],
             wrote={"evidence": 1, "link": 1, "version": 1})
    assert [bank.status("GOV-01", system) for system in ("scoring", "chat")] == ["in review", "in review"]

    done = bank.submit("owner", bank.file("u", {}, "policy"), kind="policy", about=About.UNIT, about_key=bank["lending"])
    recorded(bank, done, Action.EVIDENCE_SUBMIT, by=bank.actors["owner"], blobs=[sha256(b"u").hexdigest()],
             touched=["organisation", bank["lending"], done.value.evidence, done.value.version],
             wrote={"evidence": 1, "link": 1, "version": 1})
    assert len(bank.snapshot("scoring").evidence) == 2
    assert len(bank.snapshot("chat").evidence) == 1, "another unit's evidence is not inherited"


def test_what_a_token_sends_is_its_owners(bank: Bank) -> None:
    pipeline = bank.token("owner")
    done = bank.submit(pipeline, bank.scan())
    recorded(bank, done, Action.EVIDENCE_SUBMIT, by=bank.actors["owner"], blobs=[bank.scan().sha256],
             touched=[bank["scoring"], done.value.evidence, done.value.version],
             wrote={"evidence": 1, "link": 1, "version": 1})
    found = evidence(bank, done.value.evidence)
    assert found is not None
    assert pipeline.token is not None
    assert (found.versions[0].submitted_by, found.versions[0].via_token) == (bank["owner"], pipeline.token.key)


def test_a_reading_that_failed_is_kept_with_its_problem(bank: Bank) -> None:
    file = replace(bank.file("junk"), problem="It ends in the middle.")
    done = bank.submit("owner", file)
    assert done.value.problem == "It ends in the middle."
    found = evidence(bank, done.value.evidence)
    assert found is not None
    assert found.versions[0].findings is None


# -- a new version -------------------------------------------------------------------------------------------------


def test_a_new_version_speaks_beside_the_accepted_one(bank: Bank) -> None:
    first = bank.submit("owner", bank.scan("one"))
    reviewed(bank, first)
    assert bank.status("EVA-01") == "satisfied"
    done = bank.submit("contributor", bank.scan("two", critical=1), evidence=first.value.evidence, title="Ignored",
                       kind="paper", about=About.ORGANISATION)
    recorded(bank, done, Action.EVIDENCE_SUBMIT, by=bank.actors["contributor"], blobs=[bank.scan("two").sha256],
             touched=[bank["scoring"], first.value.evidence, done.value.version], wrote={"version": 1})
    assert (done.value.evidence, done.value.number, done.value.controls) == (first.value.evidence, 2, ("EVA-01",))
    found = evidence(bank, first.value.evidence)
    assert found is not None
    assert (found.title, found.kind, [one.number for one in found.versions]) == ("Scan", "scan-report", [1, 2])
    assert bank.status("EVA-01") == "failing"
    assert bank.status("EVA-01", at=str(bank.head() - 1)) == "satisfied"


def test_a_new_version_may_speak_for_more_controls(bank: Bank) -> None:
    first = bank.submit("owner", bank.scan("one"))
    done = bank.submit("owner", bank.scan("two"), evidence=first.value.evidence, controls=frozenset({"EVA-02"}))
    assert done.value.controls == ("EVA-01", "EVA-02")
    recorded(bank, done, Action.EVIDENCE_SUBMIT, by=bank.actors["owner"], blobs=[bank.scan("two").sha256],
             touched=[bank["scoring"], first.value.evidence, done.value.version], wrote={"version": 1, "link": 1})


# -- the same bytes ------------------------------------------------------------------------------------------------


def test_the_same_bytes_are_not_taken_twice(bank: Bank) -> None:
    first = bank.submit("owner", bank.scan())
    with refused(bank, Duplicate, "here already: “Scan”, version 1", "file") as caught:
        bank.submit("contributor", bank.scan(), title="Again")
    assert isinstance(caught.value, Duplicate)
    assert caught.value.existing == first.value.evidence
    with refused(bank, Duplicate, "version 1 of this evidence already", "file"):
        bank.submit("owner", bank.scan(), evidence=first.value.evidence)
    bank.submit("owner", bank.scan("two"), evidence=first.value.evidence)
    with refused(bank, Duplicate, "version 1 of this evidence already"):
        bank.submit("owner", bank.scan(), evidence=first.value.evidence)


def test_the_same_bytes_about_another_system_are_other_evidence(bank: Bank) -> None:
    bank.submit("owner", bank.scan())
    assert bank.submit("seller", bank.scan(), about_key=bank["chat"]).value.number == 1


# -- refused -------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "wish"}, "no kind of evidence “wish”", "kind"),
    ({"kind": ""}, "kind of evidence is missing", "kind"),
    ({"layer": "cake"}, "no layer “cake”", "layer"),
    ({"controls": frozenset({"EVA-01", "XXX-1"})}, "no control XXX-1", "controls"),
    ({"about": About.ASSET}, "not registered here yet", "about"),
    ({"about": About.RELEASE}, "not registered here yet", "about"),
    ({"about": About.SYSTEM, "about_key": None}, "names it", "about"),
]


@pytest.mark.parametrize(("given", "match", "field"), REFUSED)
def test_input_refused(bank: Bank, given: dict[str, Any], match: str, field: str) -> None:
    file = bank.scan()
    with refused(bank, InputRefused, match, field):
        bank.submit("owner", file, **given)


def test_days_must_make_sense(bank: Bank) -> None:
    file, at = bank.scan(), bank.at
    with refused(bank, InputRefused, "not come yet", "worked"):
        bank.submit("owner", file, worked=at + 2 * DAY)
    with refused(bank, InputRefused, "not come yet", "period_until"):
        bank.submit("owner", file, period_until=at + 2 * DAY)
    with refused(bank, InputRefused, "ends before it begins", "period_until"):
        bank.submit("owner", file, period_from=at, period_until=at - DAY)
    assert bank.submit("owner", file, worked=at + DAY // 2, period_from=at - DAY, period_until=at - DAY).entry


def test_bytes_must_be_in_the_vault(bank: Bank) -> None:
    file = replace(bank.scan(), sha256="0" * 64)
    with refused(bank, BlobMissing, "not in the vault"):
        bank.submit("owner", file)


def test_who_may_submit(bank: Bank) -> None:
    file = bank.scan()
    for who in ("seller", "nobody"):
        with refused(bank, NotFound, "no such system"):
            bank.submit(who, file)
    for who in ("reviewer", "auditor", "administrator", "narrow"):
        with refused(bank, NotAllowed, "submit evidence"):
            bank.submit(who, file)
    with refused(bank, NotAllowed, "whole organisation"):
        bank.submit("owner", file, about=About.ORGANISATION)
    with refused(bank, NotAllowed, "this unit"):
        bank.submit("owner", file, about=About.UNIT, about_key=bank["bank"])
    with refused(bank, NotFound, "no such unit"):
        bank.submit("officer", file, about=About.UNIT, about_key=bank["scoring"])


def test_a_version_of_what_one_cannot_see_is_not_found(bank: Bank) -> None:
    done = bank.submit("owner", bank.scan("one"))
    with refused(bank, NotFound, "no such evidence", "evidence"):
        bank.submit("seller", bank.scan("two"), evidence=done.value.evidence, about_key=bank["chat"])


def test_a_token_bound_to_a_system_submits_only_there(bank: Bank) -> None:
    bound = bank.token("officer", "scoring")
    with refused(bank, NotFound, "no such system"):
        bank.submit(bound, bank.scan(), about_key=bank["chat"])
    with refused(bank, NotAllowed, "for another system"):
        bank.submit(bound, bank.scan(), about=About.ORGANISATION)
    assert bank.submit(bound, bank.scan()).entry


def test_the_same_request_is_carried_out_once(bank: Bank) -> None:
    def render(done: Done[Submitted]) -> dict[str, Any]:
        return {"evidence": done.value.evidence, "entry": done.entry}

    command, owner = bank.command(bank.scan()), bank.actors["owner"]
    first = submit_evidence(bank.office, owner, command, bank.tick(), once=Once("k1", "one", render))
    with nothing_recorded(bank), pytest.raises(Replayed) as again:
        submit_evidence(bank.office, owner, command, bank.tick(), once=Once("k1", "one", render))
    assert again.value.body == {"evidence": first.value.evidence, "entry": first.entry}


# -- linking -------------------------------------------------------------------------------------------------------


def link(bank: Bank, who: str, evidence_key: str, *controls: str) -> Done[frozenset[str]]:
    return link_evidence(bank.office, bank.actors[who], LinkEvidence(evidence_key, frozenset(controls)), bank.tick())


def test_links_are_set_as_a_whole(bank: Bank) -> None:
    key = bank.submit("owner", bank.scan(critical=1)).value.evidence
    assert (bank.status("EVA-01"), bank.status("EVA-02")) == ("failing", "missing")
    done = link(bank, "contributor", key, "EVA-02", "GOV-01")
    recorded(bank, done, Action.EVIDENCE_LINK, by=bank.actors["contributor"], touched=[bank["scoring"], key],
             wrote={"link": 2}, closed={"link": 1})
    assert bank.status("EVA-01") == "missing"
    found = evidence(bank, key)
    assert found is not None
    assert found.controls == {"EVA-02", "GOV-01"}
    assert bank.status("EVA-01", at=str(bank.head() - 1)) == "failing"
    with nothing_recorded(bank):
        assert link(bank, "owner", key, "GOV-01", "EVA-02").entry is None


def test_linking_a_units_evidence_touches_every_system(bank: Bank) -> None:
    """What is inherited moves the posture of systems that the unit's own key does not name."""
    key = bank.submit("owner", bank.file("u", {}, "policy"), kind="policy", about=About.UNIT, about_key=bank["lending"],
                      controls=frozenset()).value.evidence
    done = link(bank, "owner", key, "GOV-01")
    recorded(bank, done, Action.EVIDENCE_LINK, by=bank.actors["owner"], wrote={"link": 1},
             touched=["organisation", bank["lending"], key])
    assert bank.status("GOV-01") == "in review"


def test_linking_refused(bank: Bank) -> None:
    key = bank.submit("owner", bank.scan()).value.evidence
    with refused(bank, InputRefused, "no control", "controls"):
        link(bank, "owner", key, "EVA-99")
    with refused(bank, NotFound, "no such evidence"):
        link(bank, "seller", key, "EVA-02")
    with refused(bank, NotAllowed, "submit evidence"):
        link(bank, "reviewer", key, "EVA-02")
    policy = bank.submit("officer", bank.file("p"), kind="policy", about=About.ORGANISATION).value.evidence
    with refused(bank, NotAllowed, "whole organisation"):
        link(bank, "owner", policy, "EVA-02")
