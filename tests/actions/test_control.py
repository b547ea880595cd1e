"""Work on controls: assigning many at once, scoping decided by somebody else, asking for evidence."""

from __future__ import annotations

from typing import Any

from govern.actions.control import (
    ask_for_evidence,
    assign_controls,
    cancel_request,
    decide_scoping,
    propose_scoping,
)
from govern.actions.people import deactivate_person
from govern.errors import Conflict, InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.commands import AskForEvidence, AssignControls, DecideScoping, ProposeScoping
from govern.facts.evidence import About
from govern.facts.moments import DAY
from govern.facts.systems import Assignment, EvidenceRequest, RequestState, ScopingState
from govern.records.control import assignments_of, open_requests_of, request, requests, scoping, scopings_waiting
from govern.records.work import Done
from tests.bank import Bank, nothing_recorded, recorded, refused

# -- assigning -----------------------------------------------------------------------------------------------------


def assign(bank: Bank, who: str, *controls: str, system: str = "scoring", **given: Any) -> Done[int]:
    fields: dict[str, Any] = {"owner": None, "due": None, "statement": None, **given}
    return assign_controls(bank.office, bank.actors[who], AssignControls(bank[system], controls, **fields), bank.tick())


def assignments(bank: Bank, at: str | None = None) -> dict[str, Assignment]:
    return {one.control: one for one in bank.snapshot(at=at).assignments}


def test_many_controls_are_assigned_by_one_entry(bank: Bank) -> None:
    owner, due = bank.actors["owner"], bank.at + 30 * DAY
    done = assign(bank, "owner", "EVA-01", "GOV-01", "EVA-01", owner=bank["contributor"], due=due, statement="By the team.")
    recorded(bank, done, Action.CONTROL_ASSIGN, by=owner, touched=[bank["scoring"]], wrote={"assignment": 2})
    assert done.value == 2
    assert {(one.control, one.owner, one.due, one.statement) for one in assignments(bank).values()} == {
        ("EVA-01", bank["contributor"], due, "By the team."), ("GOV-01", bank["contributor"], due, "By the team.")}
    with bank.reading(bank.actors["contributor"]) as (connection, reader):
        mine = assignments_of(connection, reader, bank["contributor"])
    assert sorted((line.control, line.system_name, line.due) for line in mine) == [
        ("EVA-01", "Scoring", due), ("GOV-01", "Scoring", due)]


def test_what_is_left_out_stays_and_empty_text_clears(bank: Bank) -> None:
    assign(bank, "owner", "EVA-01", owner=bank["contributor"], due=bank.at + DAY, statement="By the team.")
    before = assignments(bank)["EVA-01"]
    done = assign(bank, "owner", "EVA-01", owner="", statement="By nobody.")
    recorded(bank, done, Action.CONTROL_ASSIGN, by=bank.actors["owner"], touched=[bank["scoring"]], wrote={"assignment": 1},
             closed={"assignment": 1})
    after = assignments(bank)["EVA-01"]
    assert (after.key, after.owner, after.due, after.statement) == (before.key, None, before.due, "By nobody.")
    assert assignments(bank, at=str(bank.head() - 1))["EVA-01"] == before


def test_unchanged_writes_nothing(bank: Bank) -> None:
    assign(bank, "owner", "EVA-01", "EVA-02", owner=bank["owner"], statement="By us.")
    with nothing_recorded(bank):
        same = assign(bank, "owner", "EVA-01", "EVA-02", owner=bank["owner"], statement="By us.")
        none = assign(bank, "owner", "EVA-01")
        empty = assign(bank, "owner", "GOV-01", owner="", statement="")
    assert [(done.value, done.entry) for done in (same, none, empty)] == [(0, None)] * 3
    done = assign(bank, "owner", "EVA-01", "EVA-02", "GOV-01", owner=bank["owner"], statement="By us.")
    recorded(bank, done, Action.CONTROL_ASSIGN, by=bank.actors["owner"], touched=[bank["scoring"]], wrote={"assignment": 1})


def test_assigning_refused(bank: Bank) -> None:
    with refused(bank, InputRefused, "no control XYZ-09", "controls"):
        assign(bank, "owner", "EVA-01", "XYZ-09", statement="x")
    with refused(bank, NotFound, "no such person", "owner"):
        assign(bank, "owner", "EVA-01", owner="somebody")
    deactivate_person(bank.office, bank.actors["administrator"], bank["contributor"], bank.tick())
    with refused(bank, NotFound, "open account", "owner"):
        assign(bank, "owner", "EVA-01", owner=bank["contributor"])
    for who in ("reviewer", "auditor", "administrator"):
        with refused(bank, NotAllowed, "assign controls"):
            assign(bank, who, "EVA-01", statement="x")
    with refused(bank, NotFound, "no such system"):
        assign(bank, "seller", "EVA-01", statement="x")


# -- scoping -------------------------------------------------------------------------------------------------------


def propose(bank: Bank, who: str, *controls: str, until: int | None = None) -> Done[int]:
    ends = None if until is None else bank.at + until * DAY
    command = ProposeScoping(bank["scoring"], controls, "It has no users.", ends)
    return propose_scoping(bank.office, bank.actors[who], command, bank.tick())


def waiting(bank: Bank, who: str = "officer") -> list[str]:
    with bank.reading(bank.actors[who]) as (connection, reader):
        return [line.scoping.key for line in scopings_waiting(connection, reader)]


def decide(bank: Bank, who: str, *keys: str, approve: bool = True) -> Done[int]:
    command = DecideScoping(keys, approve, "Agreed." if approve else "It has users.")
    return decide_scoping(bank.office, bank.actors[who], command, bank.tick())


def test_a_proposal_changes_no_status_until_somebody_else_approves(bank: Bank) -> None:
    done = propose(bank, "owner", "EVA-01", "EVA-02")
    recorded(bank, done, Action.SCOPING_PROPOSE, by=bank.actors["owner"], touched=[bank["scoring"]], wrote={"scoping": 2})
    assert done.value == 2
    assert bank.status("EVA-01") == "missing"
    keys = waiting(bank)
    done = decide(bank, "officer", *keys)
    recorded(bank, done, Action.SCOPING_DECIDE, by=bank.actors["officer"], touched=[bank["scoring"]],
             wrote={"scoping": 2}, closed={"scoping": 2})
    assert [bank.status(control) for control in ("EVA-01", "EVA-02", "GOV-01")] == [
        "not applicable", "not applicable", "missing"]
    assert bank.status("EVA-01", "chat") == "missing"
    assert bank.status("EVA-01", at=str(bank.head() - 1)) == "missing"
    assert waiting(bank) == []
    with bank.reading() as (connection, reader):
        found = scoping(connection, reader, keys[0])
    assert found is not None
    assert (found.state, found.proposed_by, found.decided_by, found.comment) == (
        ScopingState.APPROVED, bank["owner"], bank["officer"], "Agreed.")


def test_a_refused_proposal_changes_nothing_but_itself(bank: Bank) -> None:
    propose(bank, "owner", "EVA-01")
    decide(bank, "officer", *waiting(bank), approve=False)
    assert bank.status("EVA-01") == "missing"
    assert [one.state for one in bank.snapshot().scopings] == [ScopingState.REFUSED]


def test_a_decision_with_an_end_runs_out(bank: Bank) -> None:
    propose(bank, "owner", "EVA-01", until=10)
    decide(bank, "officer", *waiting(bank))
    assert bank.status("EVA-01") == "not applicable"
    bank.tick(days=10)
    assert bank.status("EVA-01") == "missing"


def test_nobody_decides_their_own_proposal(bank: Bank) -> None:
    propose(bank, "officer", "EVA-01")
    (own,) = waiting(bank)
    propose(bank, "owner", "EVA-02")
    with refused(bank, NotAllowed, "You proposed this yourself"):
        decide(bank, "officer", *waiting(bank)[::-1])  # the other one first: neither is decided
    with refused(bank, NotAllowed, "decide on scoping"):
        decide(bank, "owner", own)
    assert decide(bank, "deputy", own).value == 1


def test_scoping_refused(bank: Bank) -> None:
    with refused(bank, InputRefused, "lies in the past", "until"):
        propose(bank, "owner", "EVA-01", until=-1)
    with refused(bank, InputRefused, "no control", "controls"):
        propose(bank, "owner", "EVA-99")
    with refused(bank, NotFound):
        propose(bank, "seller", "EVA-01")
    with refused(bank, NotAllowed):
        propose(bank, "contributor", "EVA-01")
    propose(bank, "owner", "EVA-01")
    (key,) = waiting(bank)
    assert waiting(bank, "seller") == []
    with refused(bank, NotFound, "no such proposal"):
        decide(bank, "seller", key)
    with refused(bank, NotFound, "no such proposal"):
        decide(bank, "officer", key, "another")
    decide(bank, "officer", key)
    with refused(bank, Conflict, "approved already"):
        decide(bank, "deputy", key, approve=False)


# -- asking for evidence -------------------------------------------------------------------------------------------


def open_requests(bank: Bank, who: str, *, mine: bool = True) -> list[EvidenceRequest]:
    with bank.reading(bank.actors[who]) as (connection, reader):
        lines, total = requests(connection, reader, mine=mine)
        if mine:
            assert total == len(lines) == open_requests_of(connection, bank[who])
    return sorted((line.request for line in lines), key=lambda one: (one.due, one.control))


def test_somebody_is_asked_and_evidence_answers(bank: Bank) -> None:
    done = bank.ask("owner", "EVA-01", "EVA-02")
    recorded(bank, done, Action.REQUEST_ASK, by=bank.actors["officer"], touched=[bank["scoring"]], wrote={"request": 2})
    assert [(one.control, one.asked_by, one.state) for one in open_requests(bank, "owner")] == [
        ("EVA-01", bank["officer"], RequestState.OPEN), ("EVA-02", bank["officer"], RequestState.OPEN)]
    assert bank.status("EVA-01") == "missing", "asking proves nothing"

    (first, second) = open_requests(bank, "owner")
    sent = bank.submit("owner", bank.scan())
    assert sent.value.answered == (first.key,)
    assert open_requests(bank, "owner") == [second]
    with bank.reading() as (connection, reader):
        answered = request(connection, reader, first.key)
    assert answered is not None
    assert (answered.state, answered.answer, answered.due) == (RequestState.ANSWERED, sent.value.evidence, first.due)


def test_somebody_elses_evidence_answers_only_a_request_that_it_names(bank: Bank) -> None:
    bank.ask("owner", "EVA-01")
    (asked,) = open_requests(bank, "owner")
    assert bank.submit("contributor", bank.scan("one")).value.answered == ()
    assert open_requests(bank, "owner") == [asked]
    assert bank.submit("contributor", bank.scan("two"), request=asked.key).value.answered == (asked.key,)
    assert open_requests(bank, "owner") == []


def test_a_request_for_another_system_or_control_stays_open(bank: Bank) -> None:
    bank.ask("officer", "EVA-01", by="deputy", system="chat")
    bank.ask("officer", "EVA-02", by="deputy")
    bank.submit("officer", bank.scan())
    assert [one.control for one in open_requests(bank, "officer")] == ["EVA-01", "EVA-02"]


def test_a_later_version_answers_too(bank: Bank) -> None:
    first = bank.submit("owner", bank.scan("one"))
    bank.ask("owner", "EVA-01")
    (asked,) = open_requests(bank, "owner")
    done = bank.submit("owner", bank.scan("two"), evidence=first.value.evidence)
    assert done.value.answered == (asked.key,)


def test_asking_refused(bank: Bank) -> None:
    with refused(bank, InputRefused, "may not submit evidence for this system", "asked_of"):
        bank.ask("reviewer", "EVA-01")
    with refused(bank, InputRefused, "may not submit", "asked_of"):
        bank.ask("seller", "EVA-01")
    with refused(bank, InputRefused, "lies in the past", "due"):
        bank.ask("owner", "EVA-01", due=-2)
    with refused(bank, InputRefused, "no control", "controls"):
        bank.ask("owner", "EVA-77")
    with refused(bank, NotFound, "open account", "asked_of"):
        ask_for_evidence(bank.office, bank.actors["officer"],
                         AskForEvidence(bank["scoring"], ("EVA-01",), "somebody", bank.at, ""), bank.tick())
    with refused(bank, NotAllowed, "ask for evidence"):
        bank.ask("owner", "EVA-01", by="contributor")
    with refused(bank, NotFound, "no such system"):
        bank.ask("owner", "EVA-01", by="seller")


def test_the_same_request_twice_is_refused_even_beside_a_new_one(bank: Bank) -> None:
    bank.ask("owner", "EVA-01")
    with refused(bank, Conflict, "asked for evidence on EVA-01 already", "controls"):
        bank.ask("owner", "EVA-02", "EVA-01")
    assert bank.ask("contributor", "EVA-01").value == 1, "another person may be asked for the same"
    bank.submit("owner", bank.scan())
    assert bank.ask("owner", "EVA-01").value == 1, "once answered, it may be asked again"


def test_a_request_is_cancelled(bank: Bank) -> None:
    bank.ask("owner", "EVA-01")
    (asked,) = open_requests(bank, "owner")
    with refused(bank, NotAllowed):
        cancel_request(bank.office, bank.actors["contributor"], asked.key, bank.tick())
    with refused(bank, NotFound, "no such request"):
        cancel_request(bank.office, bank.actors["seller"], asked.key, bank.tick())
    done = cancel_request(bank.office, bank.actors["officer"], asked.key, bank.tick())
    recorded(bank, done, Action.REQUEST_CANCEL, by=bank.actors["officer"], touched=[bank["scoring"]],
             wrote={"request": 1}, closed={"request": 1})
    assert open_requests(bank, "owner") == []
    with refused(bank, Conflict, "cancelled already"):
        cancel_request(bank.office, bank.actors["officer"], asked.key, bank.tick())
    assert bank.submit("owner", bank.scan()).value.answered == ()


def test_evidence_of_the_organisation_answers_nobodys_request(bank: Bank) -> None:
    bank.ask("officer", "GOV-01", by="deputy")
    done = bank.submit("officer", bank.file("policy", {}, "policy"), kind="policy", about=About.ORGANISATION)
    assert done.value.answered == ()
    assert len(open_requests(bank, "officer")) == 1
