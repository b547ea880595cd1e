"""What is asked next: what waits, in which order, with which date and which words."""

from __future__ import annotations

from typing import Any

import pytest

from govern.assurance.asked import Asked, next_asked
from govern.assurance.outcomes import State
from govern.assurance.posture import derive
from govern.catalogue.objects import Catalogue, Due
from govern.facts.moments import iso_date
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Assignment, EvidenceRequest, RequestState
from tests.assurance.builders import (
    ACCEPTED,
    HIGH_RISK,
    SYSTEM,
    ask,
    catalogue,
    control,
    day,
    event,
    evidence,
    matter,
    scoping,
    snapshot,
    version,
    waiver,
)

AFTER = Due(after="release", within_days=10)


def asked(held: Snapshot, judged_by: Catalogue) -> tuple[Asked, ...]:
    """What is asked next."""
    return next_asked(derive(held, judged_by), judged_by, held)


def assigned(control: str, due: int | None) -> Assignment:
    """A control with a date."""
    return Assignment(f"a-{control}-{due}", "row", SYSTEM, control, None, due, "")


def requested(control: str, due: int, state: RequestState = RequestState.OPEN) -> EvidenceRequest:
    """Somebody asked for evidence."""
    return EvidenceRequest(f"r-{due}", SYSTEM, control, "owner", "officer", due, "", state, None, 1)


SENT = {
    "failing": evidence(version(critical=1), key="f", controls=["failing"]),
    "stale": evidence(version(worked=1, review=ACCEPTED), key="s", controls=["stale"]),
    "undecided": evidence(version(critical=None, review=ACCEPTED), key="u", controls=["undecided"]),
    "submitted": evidence(version(), key="w", controls=["submitted"]),
    "met": evidence(version(review=ACCEPTED), key="m", controls=["met"]),
}


def test_the_most_urgent_first() -> None:
    ids = ["met", "submitted", "coming", "undecided", "absent", "stale", "failing", "later"]
    dues = {"coming": AFTER, "later": Due(stage="retired")}
    judged = catalogue(*(control(id_, ask(f"{id_}.1", due=dues.get(id_, Due(stage="design"))))
                         for id_ in ids))
    found = asked(snapshot(*SENT.values(), events=(event(day(95)),)), judged)
    assert [one.control for one in found] == ["failing", "stale", "absent", "undecided", "coming",
                                              "submitted"]
    assert [one.state for one in found] == [State.FAILING, State.STALE, State.ABSENT, State.UNDECIDED,
                                            State.NOT_DUE,
                                            State.SUBMITTED]
    assert [one.ask for one in found][:2] == ["failing.1", "stale.1"]


def test_within_a_state_by_date_then_by_catalogue() -> None:
    judged = catalogue(*(control(id_) for id_ in ("C-04", "C-03", "C-02", "C-01")))
    held = snapshot(assignments=(assigned("C-02", day(150)), assigned("C-01", day(140)),
                                 assigned("C-04", None)))
    found = asked(held, judged)
    assert [(one.control, one.due) for one in found] == [
        ("C-01", day(140)), ("C-02", day(150)), ("C-04", None), ("C-03", None)]


def test_waived_controls_come_last_with_the_end_of_the_waiver() -> None:
    judged = catalogue(control("failing"), control("C-01"))
    held = snapshot(SENT["failing"], waivers=(waiver(day(150), "failing"),))
    assert [(one.control, one.due) for one in asked(held, judged)] == [("C-01", None), ("failing", day(150))]


@pytest.mark.parametrize(("given", "due"), [
    ({}, None),
    ({"assignments": (assigned("C-01", day(150)),)}, day(150)),
    ({"assignments": (assigned("C-02", day(150)),)}, None),
    ({"requests": (requested("C-01", day(140)),)}, day(140)),
    ({"requests": (requested("C-01", day(140)), requested("C-01", day(130)), requested("C-01", day(160)))},
     day(130)),
    ({"requests": (requested("C-01", day(140), RequestState.ANSWERED),)}, None),
    ({"requests": (requested("C-01", day(140), RequestState.CANCELLED),)}, None),
    ({"assignments": (assigned("C-01", day(130)),), "requests": (requested("C-01", day(140)),)}, day(130)),
    ({"assignments": (assigned("C-01", day(150)),), "waivers": (waiver(day(120)),)}, day(120)),
])
def test_the_first_date_that_was_set(given: dict[str, Any], due: int | None) -> None:
    found = asked(snapshot(**given), catalogue())
    assert [one.due for one in found] == [due]
    assert found[0].text.endswith("." if due is None else f" By {iso_date(due)}.")


@pytest.mark.parametrize(("happened", "state", "due"), [
    (day(95), State.NOT_DUE, day(105)),
    (day(80), State.ABSENT, day(90)),
])
def test_the_deadline_of_an_event_counts_for_its_own_ask(happened: int, state: State, due: int) -> None:
    judged = catalogue(control("C-01", ask("C-01.1", due=AFTER), ask("C-01.2")))
    found = asked(snapshot(events=(event(happened),)), judged)
    assert {one.ask: (one.state, one.due) for one in found} == {
        "C-01.1": (state, due), "C-01.2": (State.ABSENT, None)}


@pytest.mark.parametrize("held", [
    snapshot(scopings=(scoping(),)),
    snapshot(evidence(version(review=ACCEPTED))),
    snapshot(evidence(version(review=ACCEPTED)), open_matters=(matter(),)),
])
def test_nothing_waits(held: Snapshot) -> None:
    assert asked(held, catalogue()) == ()


def test_what_is_left_out_or_not_due_does_not_wait() -> None:
    judged = catalogue(control("C-01", ask(), ask("C-01.2", when=HIGH_RISK),
                               ask("C-01.3", due=Due(stage="retired")),
                               ask("C-01.4", due=AFTER)), control("C-02", applies=HIGH_RISK))
    assert [one.ask for one in asked(snapshot(), judged)] == ["C-01.1"]


@pytest.mark.parametrize(("id_", "text"), [
    ("failing",
     "Mend what fails, then send a new version of “Ask failing.1” (paper or scan report) about this system."),
    ("stale",
     "Send “Ask stale.1” (paper or scan report) about this system again: what was accepted no longer "
     "counts."),
    ("undecided",
     "Complete “Ask undecided.1” (paper or scan report) about this system: what was accepted leaves a check "
                  "undecided."),
    ("submitted",
     "Nothing to send: “Ask submitted.1” (paper or scan report) about this system waits for a reviewer."),
    ("absent", "Send “Ask absent.1” (paper or scan report) about this system."),
])
def test_words(id_: str, text: str) -> None:
    found = asked(snapshot(*SENT.values()), catalogue(control(id_)))
    assert [(one.text, one.title, one.kinds) for one in found] == [(text, f"Ask {id_}.1", ("paper", "scan"))]


@pytest.mark.parametrize(("about", "kinds", "text"), [
    ("organisation", {"scan"}, "Send “Ask C-01.1” (scan report) about the organisation."),
    ("release", {"scan"}, "Send “Ask C-01.1” (scan report) about the release in use."),
    ("asset", {"scan", "paper", "photo"}, "Send “Ask C-01.1” (paper, photo or scan report) about the asset."),
])
def test_words_for_what_it_is_about(about: str, kinds: set[str], text: str) -> None:
    found = asked(snapshot(), catalogue(control("C-01", ask(about=about, kinds=frozenset(kinds)))))
    assert found[0].text == text
