"""The status of a control from the states of its asks, row by row, and what scoping, waivers and open
matters do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from govern.assurance.outcomes import State, Status
from govern.catalogue.objects import Ask, Check, Due
from govern.facts.evidence import Evidence
from govern.facts.systems import ScopingState, Stage
from tests.assurance.builders import (
    ACCEPTED,
    CONTROL,
    HIGH_RISK,
    NOW,
    ask,
    catalogue,
    codes,
    control,
    control_of,
    day,
    event,
    evidence,
    matter,
    scoping,
    snapshot,
    version,
    waiver,
)

KINDS = {"a": "scan", "b": "paper", "c": "photo"}


def _sent(state: str, which: str) -> list[Evidence]:
    """Evidence that puts the ask of its kind into a state; the scan's check is asked of every kind."""
    kind = KINDS[which]
    made: dict[str, Callable[[], Evidence]] = {
        "met": lambda: evidence(version(review=ACCEPTED, key=which), key=which, kind=kind),
        "stale": lambda: evidence(version(review=ACCEPTED, worked=1), key=which, kind=kind),
        "submitted": lambda: evidence(version(), key=which, kind=kind),
        "failing": lambda: evidence(version(critical=1), key=which, kind=kind),
        "undecided": lambda: evidence(version(critical=None, review=ACCEPTED), key=which, kind=kind),
    }
    return [made[state]()] if state in made else []


def _ask(which: str, state: str) -> Ask:
    """An ask for one kind, computed for it; not due or conditional where the state says so."""
    kind = KINDS[which]
    computed = Check("clean", "Clean?", "critical == 0", frozenset({kind}))
    return ask(f"{CONTROL}.{which}", kinds=frozenset({kind}), checks=(computed,),
               due=Due(stage="retired" if state == "not due" else "design"),
               when=HIGH_RISK if state == "left out" else None)


# Each row: the states of a control's asks and the status that follows.
TABLE: list[tuple[str, Status]] = [
    ("not due", Status.NOT_DUE),
    ("not due, left out", Status.NOT_DUE),
    ("left out", Status.NOT_APPLICABLE),
    ("left out, left out", Status.NOT_APPLICABLE),
    ("met", Status.SATISFIED),
    ("met, met, met", Status.SATISFIED),
    ("met, not due", Status.SATISFIED),
    ("met, left out", Status.SATISFIED),
    ("failing", Status.FAILING),
    ("met, failing", Status.FAILING),
    ("submitted, stale, failing", Status.FAILING),
    ("absent, failing", Status.FAILING),
    ("submitted", Status.IN_REVIEW),
    ("met, submitted", Status.IN_REVIEW),
    ("submitted, not due", Status.IN_REVIEW),
    ("stale", Status.STALE),
    ("stale, submitted", Status.STALE),
    ("met, stale, submitted", Status.STALE),
    ("met, absent", Status.PARTIAL),
    ("stale, absent", Status.PARTIAL),
    ("submitted, absent", Status.PARTIAL),
    ("met, undecided", Status.PARTIAL),
    ("stale, undecided", Status.PARTIAL),
    ("submitted, undecided", Status.PARTIAL),
    ("absent", Status.MISSING),
    ("undecided", Status.MISSING),
    ("absent, undecided", Status.MISSING),
    ("absent, not due", Status.MISSING),
    ("undecided, left out", Status.MISSING),
]


@pytest.mark.parametrize(("states", "status"), TABLE)
def test_status_of_a_control(states: str, status: Status) -> None:
    named = list(zip("abc", states.split(", "), strict=False))
    held = snapshot(*(one for which, state in named for one in _sent(state, which)))
    judged = catalogue(control(CONTROL, *(_ask(which, state) for which, state in named)))
    fields = judged.kinds["scan"].fields
    kinds = {id_: replace(kind, fields=fields) for id_, kind in judged.kinds.items()}
    found = control_of(held, replace(judged, kinds=kinds))
    shown = [one.state.value if one.applicable else "left out" for one in found.asks]
    assert shown == states.split(", ")
    assert (found.status, found.underneath) == (status, status)
    assert all(one.ask is not None for one in found.reasons)


# -- applicability ---------------------------------------------------------------------------------


def test_no_trait_asks_for_it() -> None:
    judged = catalogue(control(applies=HIGH_RISK))
    found = control_of(snapshot(evidence(version(critical=1)), scopings=(scoping(until=day(101)),)), judged)
    assert (found.status, found.underneath, found.until, found.asks) == (
        Status.NOT_APPLICABLE, Status.NOT_APPLICABLE, None, ())
    assert [(one.code, one.text) for one in found.reasons] == [
        ("condition", "Asked only where this holds: The system is high-risk.")]
    assert control_of(snapshot(traits=["high_risk"]), judged).status is Status.MISSING


@pytest.mark.parametrize(("scopings", "status", "until"), [
    ([scoping()], Status.NOT_APPLICABLE, None),
    ([scoping(until=NOW + 1)], Status.NOT_APPLICABLE, NOW + 1),
    ([scoping(until=NOW)], Status.MISSING, None),
    ([scoping(ScopingState.PROPOSED)], Status.MISSING, None),
    ([scoping(ScopingState.REFUSED)], Status.MISSING, None),
    ([scoping(control="C-02")], Status.MISSING, None),
    ([scoping(until=day(101)), scoping(until=day(120), key="longer")], Status.NOT_APPLICABLE, day(120)),
    ([scoping(until=day(101)), scoping(key="for ever")], Status.NOT_APPLICABLE, None),
    ([scoping(until=day(101)), scoping(until=day(90), key="over")], Status.NOT_APPLICABLE, day(101)),
])
def test_scoping(scopings: list[Any], status: Status, until: int | None) -> None:
    found = control_of(snapshot(scopings=tuple(scopings)), catalogue())
    assert (found.status, found.until) == (status, until)


def test_scoping_reasons() -> None:
    found = control_of(snapshot(scopings=(scoping(until=day(120), key="b"), scoping(key="a"))), catalogue())
    assert [(one.code, one.text, one.at) for one in found.reasons] == [
        ("scoping", "Left out by an approved decision: It has no users.", None),
        ("scoping", "Left out by an approved decision until 1970-05-01: It has no users.", day(120))]


# -- open matters ----------------------------------------------------------------------------------


def test_an_open_matter_makes_a_proved_control_fail() -> None:
    held = snapshot(evidence(version(review=ACCEPTED)),
                    open_matters=(matter(since=day(99), key="b"), matter(since=1)))
    found = control_of(held, catalogue())
    assert found.status is Status.FAILING
    assert [(one.code, one.at) for one in found.reasons] == [("open-matter", 1), ("open-matter", day(99))]
    assert found.reasons[1].text == "Open against this control since 1970-04-10: incident “Leak”."


def test_an_open_matter_makes_a_missing_control_fail_and_names_both() -> None:
    found = control_of(snapshot(open_matters=(matter(),)), catalogue())
    assert (found.status, codes(found)) == (Status.FAILING, {"open-matter", "nothing-sent"})


def test_matters_of_other_controls_do_not_count() -> None:
    held = snapshot(evidence(version(review=ACCEPTED)), open_matters=(matter("C-02"),))
    assert control_of(held, catalogue()).status is Status.SATISFIED


def test_nothing_due_comes_before_an_open_matter() -> None:
    judged = catalogue(control(CONTROL, ask(due=Due(stage="retired"))))
    assert control_of(snapshot(open_matters=(matter(),)), judged).status is Status.NOT_DUE


# -- waivers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("waivers", "status", "until"), [
    ([waiver(day(120))], Status.WAIVED, day(120)),
    ([waiver(NOW + 1)], Status.WAIVED, NOW + 1),
    ([waiver(NOW)], Status.MISSING, None),
    ([waiver(day(120), "C-02")], Status.MISSING, None),
    ([waiver(day(120)), waiver(day(140), key="longer"), waiver(day(130), key="z")], Status.WAIVED, day(140)),
])
def test_waivers(waivers: list[Any], status: Status, until: int | None) -> None:
    found = control_of(snapshot(waivers=tuple(waivers)), catalogue())
    assert (found.status, found.underneath, found.until) == (status, Status.MISSING, until)


def test_a_waiver_shows_what_it_covers() -> None:
    held = snapshot(evidence(version(critical=1)), waivers=(waiver(day(120)),))
    found = control_of(held, catalogue())
    assert (found.status, found.underneath) == (Status.WAIVED, Status.FAILING)
    assert [one.code for one in found.reasons] == ["waiver", "check-failed"]
    assert (found.reasons[0].text,
            found.reasons[0].at) == ("Waived until 1970-05-01: The tool comes in June.", day(120))
    assert [one.state for one in found.asks] == [State.FAILING]


def test_a_waiver_covers_an_open_matter() -> None:
    held = snapshot(evidence(version(review=ACCEPTED)), open_matters=(matter(),), waivers=(waiver(day(200)),))
    found = control_of(held, catalogue())
    assert (found.status, found.underneath, found.until) == (Status.WAIVED, Status.FAILING, day(130))


@pytest.mark.parametrize(("held", "due", "status"), [
    (snapshot(evidence(version(review=ACCEPTED)), waivers=(waiver(day(120)),)), "design", Status.SATISFIED),
    (snapshot(waivers=(waiver(day(120)),)), "retired", Status.NOT_DUE),
    (snapshot(waivers=(waiver(day(120)),), scopings=(scoping(),)), "design", Status.NOT_APPLICABLE),
])
def test_a_waiver_that_is_not_needed_is_not_used(held: Any, due: str, status: Status) -> None:
    found = control_of(held, catalogue(control(CONTROL, ask(due=Due(stage=due)))))
    assert (found.status, found.underneath) == (status, status)


# -- until and reasons -----------------------------------------------------------------------------


def test_until_is_the_earliest_of_the_asks() -> None:
    judged = catalogue(control(CONTROL, ask("C-01.1", kinds=frozenset({"scan"})),
                               ask("C-01.2", kinds=frozenset({"scan"}), fresh_days=20),
                               ask("C-01.3", kinds=frozenset({"scan"}), fresh_days=10, when=HIGH_RISK)))
    found = control_of(snapshot(evidence(version(review=ACCEPTED))), judged)
    assert (found.status, found.until) == (Status.SATISFIED, day(120))


def test_until_counts_asks_that_are_not_due_yet() -> None:
    after = ask("C-01.2", kinds=frozenset({"photo"}), due=Due(after="release", within_days=7))
    judged = catalogue(control(CONTROL, ask(), after))
    held = snapshot(evidence(version(review=ACCEPTED)), events=(event(day(98)),))
    found = control_of(held, judged)
    assert (found.status, found.until) == (Status.SATISFIED, day(105))
    alone = control_of(held, catalogue(control(CONTROL, after)))
    assert (alone.status, alone.until, codes(alone)) == (Status.NOT_DUE, day(105),
                                                         {"asked-by", "nothing-sent"})


def test_reasons_are_of_what_is_unmet() -> None:
    judged = catalogue(control(CONTROL, ask("C-01.1", kinds=frozenset({"scan"})),
                               ask("C-01.2", kinds=frozenset({"paper"})),
                               ask("C-01.3", due=Due(stage="retired"))))
    found = control_of(snapshot(evidence(version(review=ACCEPTED))), judged)
    assert [(one.code, one.ask) for one in found.reasons] == [("nothing-sent", "C-01.2")]
    assert found.status is Status.PARTIAL


def test_reasons_of_a_satisfied_control_are_of_what_is_due() -> None:
    judged = catalogue(control(CONTROL, ask(), ask("C-01.2", due=Due(stage="retired"))))
    found = control_of(snapshot(evidence(version(review=ACCEPTED))), judged)
    assert [(one.code, one.ask) for one in found.reasons] == [("accepted", "C-01.1")]


def test_reasons_of_what_is_left_out_whole_and_of_what_is_not_due() -> None:
    judged = catalogue(control(CONTROL, ask(when=HIGH_RISK), ask("C-01.2", due=Due(stage="retired"))))
    assert codes(control_of(snapshot(), judged)) == {"stage"}
    judged = catalogue(control(CONTROL, ask(when=HIGH_RISK)))
    assert codes(control_of(snapshot(stage=Stage.DESIGN), judged)) == {"condition"}


def test_a_control_that_asks_for_nothing_proves_nothing() -> None:
    found = control_of(snapshot(), catalogue(replace(control(), asks=())))
    assert (found.status, found.reasons) == (Status.NOT_APPLICABLE, ())
