"""The posture as a whole: every control, in order, from the evidence that is linked to it."""

from __future__ import annotations

from govern.assurance.outcomes import Status
from govern.assurance.posture import derive
from govern.facts.moments import Moment
from tests.assurance.builders import (
    ACCEPTED,
    SYSTEM,
    catalogue,
    control,
    day,
    evidence,
    good,
    snapshot,
    statuses,
    version,
)

THREE = catalogue(control("C-02"), control("C-01"), control("C-03"))


def test_every_control_in_the_order_of_the_catalogue() -> None:
    found = derive(snapshot(good()), THREE)
    assert list(found.controls) == ["C-02", "C-01", "C-03"]
    assert (found.system, found.moment, found.catalogue) == (SYSTEM, Moment(7, day(100)), THREE.digest)
    assert statuses(found) == {"C-02": "missing", "C-01": "satisfied", "C-03": "missing"}


def test_evidence_speaks_for_all_controls_that_it_is_linked_to() -> None:
    shared = evidence(version(review=ACCEPTED), controls=["C-01", "C-03"])
    more = evidence(version(critical=1), key="e2", controls=["C-03"])
    assert statuses(derive(snapshot(shared, more), THREE)) == {
        "C-02": "missing", "C-01": "satisfied", "C-03": "failing"}


def test_evidence_linked_to_an_unknown_control_is_no_harm() -> None:
    assert derive(snapshot(evidence(controls=["X-99"])), THREE).summary[Status.MISSING] == 3


def test_summary_and_until() -> None:
    found = derive(snapshot(good(), good("e2", "C-02", worked=day(90))), THREE)
    assert (found.summary[Status.SATISFIED], found.summary[Status.MISSING]) == (2, 1)
    assert sum(found.summary.values()) == 3
    assert found.until == day(120)
    assert derive(snapshot(), THREE).until is None
