"""Standing acceptance: every condition, one at a time, and which answers are carried forward."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from govern.assurance.standing import StandingDecision, would_stand
from govern.facts.evidence import About, Reply, StandingAcceptance, Verdict, Version
from tests.assurance.builders import (
    CLEAN,
    HIGH_RISK,
    NOW,
    QUESTION,
    SYSTEM,
    WITHDRAWN,
    answered,
    ask,
    catalogue,
    control,
    day,
    evidence,
    findings,
    review,
    version,
)

STANDING = StandingAcceptance("standing", SYSTEM, "scan", "Scanner", "token", "reviewer", day(200))
BOTH = catalogue(control("C-01", ask(checks=(CLEAN, QUESTION))))
COMPUTED = catalogue(control("C-01", ask()))


def new(number: int = 9, *, stated: dict[str, Any] | None = None, **given: Any) -> Version:
    """A version as the pipeline sends it."""
    said = {"critical": 0, "tool": "scanner", **(stated or {})}
    said = {name: value for name, value in said.items() if value is not None}
    return version(number,
                   **{"findings": findings(**said), "findings_digest": str(said), "via_token": "token",
                      **given})


def reviewed(number: int, verdict: Verdict = Verdict.ACCEPTED, reply: Reply = Reply.YES, *, at: int = NOW,
             standing: str | None = None, reason: str = "", withdrawn: bool = False) -> Version:
    """An earlier version with its review."""
    held = review(verdict, answered(reply, reason=reason), at=at, standing=standing, key=f"review-{number}")
    return version(number, review=held, withdrawal=WITHDRAWN if withdrawn else None)


def decide(*before: Version, sent: Version | None = None, judged_by: Any = BOTH, instant: int = NOW,
           standing: StandingAcceptance = STANDING, **about: Any) -> StandingDecision:
    """What a standing acceptance says to a version after these."""
    last = sent or new()
    return would_stand(evidence(*before, last, **about), last, standing, judged_by, instant)


def codes(found: StandingDecision) -> list[str]:
    """The codes of its reasons."""
    return [reason.code for reason in found.reasons]


def test_accepted_with_the_answers_carried_forward() -> None:
    found = decide(reviewed(1))
    assert (found.accepted, found.answers, codes(found)) == (True, (answered(),), ["standing"])
    assert found.reasons[0].text == "A standing acceptance for Scanner holds until 1970-07-20."
    assert found.reasons[0].at == day(200)


def test_nothing_but_computed_checks_needs_no_review() -> None:
    found = decide(judged_by=COMPUTED)
    assert (found.accepted, found.answers) == (True, ())


@pytest.mark.parametrize(("given", "code"), [
    ({"kind": "paper", "standing": replace(STANDING, kind="scan")}, "other-kind"),
    ({"about_key": "system-b"}, "other-subject"),
    ({"about": About.ORGANISATION, "about_key": None}, "other-subject"),
    ({"about": About.UNIT}, "other-subject"),
    ({"sent": new(stated={"tool": "probe"})}, "other-tool"),
    ({"sent": new(stated={"tool": None})}, "other-tool"),
    ({"sent": new(stated={"tool": 3})}, "other-tool"),
    ({"sent": new(via_token="other")}, "other-token"),
    ({"sent": new(via_token=None)}, "other-token"),
    ({"sent": new(submitted_by="reviewer")}, "own-evidence"),
    ({"instant": day(200)}, "ended"),
    ({"sent": new(stated={"critical": 1})}, "check-failed"),
    ({"sent": new(stated={"critical": None})}, "check-undecided"),
])
def test_one_thing_that_does_not_fit_is_enough(given: dict[str, Any], code: str) -> None:
    kinds = catalogue(control("C-01", ask(kinds=frozenset({"scan"}))))
    found = decide(judged_by=kinds, **given)
    assert (found.accepted, codes(found), found.answers) == (False, [code], ())


def test_no_findings_at_all() -> None:
    found = decide(sent=new(findings=None, findings_digest=""), judged_by=COMPUTED)
    assert codes(found) == ["other-tool", "check-undecided"]
    assert found.reasons[0].text == "The acceptance is for Scanner; this names no tool."


def test_reasons_name_the_tool_and_the_check() -> None:
    found = decide(sent=new(stated={"tool": "probe", "critical": 1}), judged_by=COMPUTED)
    assert found.reasons[0].text == "The acceptance is for Scanner; this names probe."
    assert (found.reasons[1].ask, found.reasons[1].check) == ("C-01.1", "clean")
    assert found.reasons[1].text == "“Is nothing critical open?”: what it states fails this check."


def test_last_millisecond() -> None:
    assert decide(judged_by=COMPUTED, instant=day(200)).reasons[0].at == day(200)
    assert decide(judged_by=COMPUTED, instant=day(200) - 1).accepted


@pytest.mark.parametrize("before", [
    [],
    [reviewed(1, Verdict.REJECTED)],
    [reviewed(1, standing="standing")],
    [reviewed(1, withdrawn=True)],
    [version(1)],
    [reviewed(1, reply=Reply.NO)],
    [reviewed(1, reply=Reply.NO, reason="Not yet.")],
    [reviewed(1, reply=Reply.NOT_APPLICABLE)],
    [version(1, review=review(Verdict.ACCEPTED))],
    [version(1, review=review(Verdict.ACCEPTED, answered(check="other")))],
    [version(1, review=review(Verdict.ACCEPTED, answered(ask="C-02.1")))],
    [version(1, review=review(Verdict.ACCEPTED, answered(), answered(Reply.NO)))],
    [reviewed(1, at=day(1)), reviewed(2, reply=Reply.NO, at=day(2))],
    [reviewed(1, reply=Reply.NO, at=day(2)), reviewed(2, at=day(1))],
], ids=range(14))
def test_a_question_without_a_passing_answer_by_a_person(before: list[Version]) -> None:
    found = decide(*before)
    assert (found.accepted, codes(found), found.answers) == (False, ["not-answered"], ())
    assert (found.reasons[0].ask, found.reasons[0].check) == ("C-01.1", "read")


@pytest.mark.parametrize("before", [
    [reviewed(1, reply=Reply.NOT_APPLICABLE, reason="No users.")],
    [reviewed(1), reviewed(2, Verdict.REJECTED)],
    [reviewed(1), reviewed(2, reply=Reply.NO, standing="standing", at=day(150))],
    [reviewed(1, reply=Reply.NO, at=day(1)), reviewed(2, at=day(2))],
    [reviewed(2, at=day(2)), reviewed(1, reply=Reply.NO, at=day(1))],
    [reviewed(1), reviewed(2, reply=Reply.NO, at=day(150), withdrawn=True)],
], ids=range(6))
def test_the_newest_accepting_review_by_a_person_answers(before: list[Version]) -> None:
    assert decide(*before).accepted


def test_its_own_review_does_not_count() -> None:
    assert codes(decide(sent=new(review=review(Verdict.ACCEPTED, answered())))) == ["not-answered"]


def test_all_asks_of_linked_controls_count_and_no_others() -> None:
    failing = replace(CLEAN, expression="critical > 0")
    judged = catalogue(
        control("C-01", ask()), control("C-02", ask("C-02.1", checks=(failing,))),
        control("C-03", ask("C-03.1", checks=(failing,), kinds=frozenset({"paper"}))),
        control("C-04", ask("C-04.1", checks=(failing,), when=HIGH_RISK), applies=HIGH_RISK))
    assert decide(judged_by=judged).accepted
    assert decide(judged_by=judged, controls=("C-01", "C-03")).accepted
    assert codes(decide(judged_by=judged, controls=("C-01", "C-02"))) == ["check-failed"]
    assert codes(decide(judged_by=judged, controls=("C-01", "C-04"))) == ["check-failed"]


