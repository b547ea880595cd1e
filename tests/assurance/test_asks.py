"""The state of one ask, row by row of the table, each with the codes of its reasons and when time changes
it.
"""

from __future__ import annotations

from typing import Any

import pytest

from govern.assurance.outcomes import State
from govern.catalogue.objects import Ask, Check, Due
from govern.facts.evidence import About, Basis, Evidence, Reply, Verdict
from govern.facts.systems import Stage
from tests.assurance.builders import (
    ACCEPTED,
    CLEAN,
    HIGH_RISK,
    NOW,
    QUESTION,
    REJECTED,
    WITHDRAWN,
    answered,
    ask,
    ask_of,
    codes,
    day,
    event,
    evidence,
    review,
    snapshot,
    version,
)

ASKED = ask(checks=(CLEAN, QUESTION))
READ = review(Verdict.ACCEPTED, answered())


def paper(reply: Reply | None = Reply.YES, *, key: str = "e1", reason: str = "", **given: Any) -> Evidence:
    """A paper, for which every check is a question; both are answered unless `reply` is None."""
    answers = () if reply is None else (answered(reply, reason=reason), answered(Reply.YES, "clean"))
    return evidence(version(critical=None, review=review(Verdict.ACCEPTED, *answers), **given), key=key,
                    kind="paper")


# Each row: what is sent, the ask, the state, the codes of its reasons, when time alone changes it.
ROWS: dict[str, tuple[list[Evidence], Ask, State, set[str], int | None]] = {
    # absent
    "nothing sent": ([], ask(), State.ABSENT, {"nothing-sent"}, None),
    "no version": ([evidence()], ask(), State.ABSENT, {"nothing-sent"}, None),
    "other control": ([evidence(version(review=ACCEPTED), controls=["C-02"])], ask(), State.ABSENT,
                      {"nothing-sent"}, None),
    "other kind": ([evidence(version(review=ACCEPTED), kind="photo")], ask(), State.ABSENT, {"nothing-sent"},
                   None),
    "rejected": ([evidence(version(review=REJECTED))], ask(), State.ABSENT, {"rejected"}, None),
    "withdrawn": ([evidence(version(review=ACCEPTED, withdrawal=WITHDRAWN))], ask(), State.ABSENT,
                  {"withdrawn"}, None),
    "other system": ([evidence(version(review=ACCEPTED), about_key="b")], ask(), State.ABSENT,
                     {"wrong-subject"}, None),
    "bad about another system": ([evidence(version(critical=1, review=ACCEPTED), about_key="b")], ask(),
                                 State.ABSENT, {"wrong-subject"}, None),
    "weak": ([evidence(version(review=ACCEPTED), basis=Basis.CLAIMED)], ask(basis="attested"), State.ABSENT,
             {"weak-basis"}, None),
    "weak in review": ([evidence(version(), basis=Basis.ATTESTED)], ask(basis="tested"), State.ABSENT,
                       {"weak-basis"}, None),
    "weak, undecided": ([evidence(version(critical=None, review=ACCEPTED), basis=Basis.CLAIMED)],
                        ask(basis="tested"), State.ABSENT, {"weak-basis"}, None),
    "weak, over": ([evidence(version(worked=day(1), review=ACCEPTED), basis=Basis.CLAIMED)],
                   ask(basis="tested"),
                   State.ABSENT, {"weak-basis"}, None),
    "in review, over": ([evidence(version(worked=day(70)))], ask(), State.ABSENT, {"ran-out"}, None),
    "in review, states nothing": ([evidence(version(critical=None))], ask(), State.ABSENT,
                                  {"check-undecided"}, None),
    "over, states nothing": ([evidence(version(critical=None, worked=day(1), review=ACCEPTED))], ask(),
                             State.ABSENT, {"ran-out"}, None),
    "two silent": ([evidence(version(review=REJECTED)),
                    evidence(version(review=ACCEPTED), key="e2", about_key="b")],
                   ask(), State.ABSENT, {"rejected", "wrong-subject"}, None),
    # submitted
    "in review": ([evidence(version())], ask(), State.SUBMITTED, {"in-review"}, day(130)),
    "in review, question open": ([evidence(version())], ASKED, State.SUBMITTED, {"in-review"}, day(130)),
    "two in review": ([evidence(version()), evidence(version(worked=day(90)), key="e2")], ask(),
                      State.SUBMITTED, {"in-review"}, day(130)),
    "replaced in review does not wait": ([evidence(version(), version(2, worked=day(1)))], ask(),
                                         State.ABSENT,
                                         {"ran-out"}, None),
    # stale
    "over": ([evidence(version(worked=day(70), review=ACCEPTED))], ask(), State.STALE, {"ran-out"}, None),
    "over, another in review": ([evidence(version(worked=day(1), review=ACCEPTED), version(2))], ask(),
                                State.STALE, {"ran-out"}, None),
    "past its own date": ([evidence(version(review=ACCEPTED, expires=NOW))], ask(), State.STALE, {"expired"},
                          None),
    # met
    "accepted": ([evidence(version(review=ACCEPTED))], ask(), State.MET, {"accepted"}, day(130)),
    "last millisecond": ([evidence(version(worked=day(70) + 1, review=ACCEPTED))], ask(), State.MET,
                         {"accepted"}, NOW + 1),
    "own date first": ([evidence(version(review=ACCEPTED, expires=day(101)))], ask(), State.MET,
                       {"accepted"}, day(101)),
    "never ages": ([evidence(version(worked=day(1), review=ACCEPTED))], ask(fresh_days=None), State.MET,
                   {"accepted"}, None),
    "one of two is enough": ([evidence(version(review=ACCEPTED)),
                              evidence(version(worked=1, review=ACCEPTED), key="e2")],
                             ask(), State.MET, {"accepted"}, day(130)),
    "the longest counts": ([evidence(version(review=ACCEPTED)),
                            evidence(version(worked=day(90), review=ACCEPTED), key="e2")],
                           ask(), State.MET, {"accepted"}, day(130)),
    "strong enough": ([evidence(version(review=ACCEPTED), basis=Basis.ATTESTED)], ask(basis="attested"),
                      State.MET,
                      {"accepted"}, day(130)),
    "stronger": ([evidence(version(review=ACCEPTED))], ask(basis="attested"), State.MET, {"accepted"},
                 day(130)),
    "any basis": ([evidence(version(review=ACCEPTED), basis=Basis.CLAIMED)], ask(), State.MET, {"accepted"},
                  day(130)),
    "good news in review": ([evidence(version(review=ACCEPTED), version(2))], ask(), State.MET, {"accepted"},
                            day(130)),
    "weak news in review": ([evidence(version(review=ACCEPTED), version(2, critical=None))], ask(), State.MET,
                            {"accepted"}, day(130)),
    "undecided beside met": ([evidence(version(review=ACCEPTED)),
                              evidence(version(critical=None, review=ACCEPTED), key="e2")],
                             ask(), State.MET, {"accepted"}, day(130)),
    "answered yes": ([paper()], ASKED, State.MET, {"accepted"}, day(130)),
    "not applicable": ([paper(Reply.NOT_APPLICABLE, reason="No users.")], ASKED, State.MET, {"accepted"},
                       day(130)),
    # undecided
    "states nothing": ([evidence(version(critical=None, review=ACCEPTED))], ask(), State.UNDECIDED,
                       {"check-undecided"}, day(130)),
    "no findings": ([evidence(version(review=ACCEPTED, findings=None, findings_digest=""))], ask(),
                    State.UNDECIDED, {"check-undecided"}, day(130)),
    "not answered": ([paper(None)], ASKED, State.UNDECIDED, {"check-undecided"}, day(130)),
    "not applicable, no reason": ([paper(Reply.NOT_APPLICABLE)], ASKED, State.UNDECIDED, {"check-undecided"},
                                  day(130)),
    "undecided beside stale": ([evidence(version(worked=day(1), review=ACCEPTED)),
                                evidence(version(critical=None, review=ACCEPTED), key="e2")],
                               ask(), State.UNDECIDED, {"check-undecided"}, day(130)),
    "undecided, longest counts": ([evidence(version(critical=None, review=ACCEPTED)),
                                   evidence(version(critical=None, worked=day(90), review=ACCEPTED),
                                            key="e2")],
                                  ask(), State.UNDECIDED, {"check-undecided"}, day(130)),
    "undecided beside in review": ([evidence(version(critical=None, review=ACCEPTED)),
                                    evidence(version(), key="e2")],
                                   ask(), State.UNDECIDED, {"check-undecided"}, day(130)),
    # failing
    "fails": ([evidence(version(critical=1, review=ACCEPTED))], ask(), State.FAILING, {"check-failed"}, None),
    "fails in review": ([evidence(version(critical=1))], ask(), State.FAILING, {"check-failed"}, None),
    "bad news over met": ([evidence(version(review=ACCEPTED), version(2, critical=1))], ask(), State.FAILING,
                          {"check-failed"}, None),
    "bad beside met": ([evidence(version(review=ACCEPTED)),
                        evidence(version(critical=1, review=ACCEPTED), key="e2")],
                       ask(), State.FAILING, {"check-failed"}, None),
    "bad beside undecided": ([evidence(version(critical=None, review=ACCEPTED)),
                              evidence(version(critical=1, review=ACCEPTED), key="e2")],
                             ask(), State.FAILING, {"check-failed"}, None),
    "bad and old": ([evidence(version(critical=1, worked=1, review=ACCEPTED))], ask(), State.FAILING,
                    {"check-failed"}, None),
    "bad and weak": ([evidence(version(critical=1), basis=Basis.CLAIMED)], ask(basis="tested"), State.FAILING,
                     {"check-failed"}, None),
    "answered no": ([paper(Reply.NO)], ASKED, State.FAILING, {"check-failed"}, None),
    "bad, then good in review": ([evidence(version(critical=1), version(2))], ask(), State.FAILING,
                                 {"check-failed"}, None),
    "bad accepted, good in review": ([evidence(version(critical=1, review=ACCEPTED), version(2))], ask(),
                                     State.FAILING, {"check-failed"}, None),
    # bad news ends
    "bad, then good accepted": ([evidence(version(critical=1), version(2, review=ACCEPTED))], ask(),
                                State.MET,
                                {"accepted"}, day(130)),
    "bad rejected": ([evidence(version(review=ACCEPTED), version(2, critical=1, review=REJECTED))], ask(),
                     State.MET, {"accepted"}, day(130)),
    "bad withdrawn": ([evidence(version(review=ACCEPTED), version(2, critical=1, withdrawal=WITHDRAWN))],
                      ask(),
                      State.MET, {"accepted"}, day(130)),
}


@pytest.mark.parametrize("row", ROWS)
def test_state_of_an_ask(row: str) -> None:
    sent, asked, state, reasons, until = ROWS[row]
    found = ask_of(snapshot(*sent), asked)
    assert (found.state, codes(found), found.until, found.applicable) == (state, reasons, until, True)


def test_what_was_looked_at_is_named() -> None:
    linked = [evidence(key="e2"), evidence(key="e1"), evidence(key="e3", kind="photo"),
              evidence(key="e4", about_key="b")]
    assert ask_of(snapshot(*linked), ask()).evidence == ("e1", "e2", "e4")


def test_reasons_point_at_what_they_speak_of() -> None:
    reason = ask_of(snapshot(evidence(version(4, critical=2))), ask()).reasons[0]
    assert (reason.ask, reason.evidence, reason.version, reason.check) == ("C-01.1", "e1", 4, "clean")
    assert reason.text == (
        "“Scan, April” (in review) fails “Is nothing critical open?”: what it states fails this check.")


@pytest.mark.parametrize(("sent", "text"), [
    ([], "Nothing has been sent for “Ask C-01.1”."),
    ([evidence()], "“Scan, April” has no version yet."),
    ([evidence(version(review=REJECTED))], "“Scan, April” was rejected: It is the wrong file."),
    ([evidence(version(review=review(Verdict.REJECTED)))], "“Scan, April” was rejected."),
    ([evidence(version(), version(2, withdrawal=WITHDRAWN), version(3, review=REJECTED)), ],
     "“Scan, April” waits for review since 1970-04-11."),
    ([evidence(version(review=REJECTED), version(2, review=REJECTED, withdrawal=WITHDRAWN))],
     "“Scan, April” was withdrawn: Sent by mistake."),
    ([evidence(version(review=ACCEPTED))], "“Scan, April” was accepted and is in date until 1970-05-11."),
    ([evidence(version(worked=day(1), review=ACCEPTED))],
     "“Scan, April” ran out on 1970-02-01: the work is of 1970-01-02 and counts for 30 days."),
    ([evidence(version(expires=day(1), review=ACCEPTED))],
     "“Scan, April” ran out on 1970-01-02, the date that stands on it."),
    ([evidence(version(critical=None, review=ACCEPTED))],
     "“Scan, April” leaves “Is nothing critical open?” undecided: it does not state critical."),
    ([evidence(version(critical=None))],
     "“Scan, April” (in review) leaves “Is nothing critical open?” undecided: it does not state critical."),
    ([evidence(version(critical=1, review=ACCEPTED))],
     "“Scan, April” fails “Is nothing critical open?”: what it states fails this check."),
    ([paper(Reply.NO)], "“Scan, April” fails “Was it read?”: the reviewer answered no."),
    ([evidence(version(), about_key="b")], "“Scan, April” is about another system."),
    ([evidence(version(), about=About.ORGANISATION, about_key=None)],
     "“Scan, April” is about the organisation; this asks about the system."),
])
def test_sentences(sent: list[Evidence], text: str) -> None:
    asked = ASKED if sent and sent[0].kind == "paper" else ask()
    assert ask_of(snapshot(*sent), asked).reasons[0].text == text


def test_sentence_of_what_never_ages_and_of_what_is_weak() -> None:
    lasting = ask_of(snapshot(evidence(version(review=ACCEPTED))), ask(fresh_days=None)).reasons[0]
    assert (lasting.text, lasting.at) == ("“Scan, April” was accepted and does not run out.", None)
    weak = ask_of(snapshot(evidence(version(), basis=Basis.CLAIMED)), ask(basis="tested")).reasons[0]
    assert weak.text == "“Scan, April” is claimed; this asks for something tested."


def test_a_check_that_cannot_be_worked_out_is_undecided() -> None:
    divided = Check("ratio", "Is the share small?", "10 / critical < 3", frozenset({"scan"}))
    found = ask_of(snapshot(evidence(version(critical=0, review=ACCEPTED))), ask(checks=(divided,)))
    assert (found.state, found.reasons[0].text) == (
        State.UNDECIDED,
        "“Scan, April” leaves “Is the share small?” undecided: it cannot be worked out from what it states.")


def test_a_replaced_version_in_review_gives_no_reason_but_its_bad_news() -> None:
    found = ask_of(snapshot(evidence(version(critical=None), version(2, critical=None))), ask())
    assert [(one.code, one.version) for one in found.reasons] == [("check-undecided", 2)]


def test_same_findings_with_other_digest_are_decided_anew() -> None:
    first, second = (evidence(version(critical=one, review=ACCEPTED, findings_digest="")) for one in (0, 1))
    assert ask_of(snapshot(first), ask()).state is State.MET
    assert ask_of(snapshot(second), ask()).state is State.FAILING


# -- who it is about -------------------------------------------------------------------------------


@pytest.mark.parametrize(("asks", "about", "key", "state", "reasons"), [
    ("organisation", About.ORGANISATION, None, State.MET, {"accepted", "inherited"}),
    ("organisation", About.UNIT, "unit-a", State.MET, {"accepted", "inherited"}),
    ("organisation", About.UNIT, "unit-top", State.MET, {"accepted", "inherited"}),
    ("organisation", About.UNIT, "unit-b", State.ABSENT, {"wrong-subject"}),
    ("organisation", About.SYSTEM, "unit-a", State.ABSENT, {"wrong-subject"}),
    ("organisation", About.SYSTEM, "system-a", State.ABSENT, {"wrong-subject"}),
    ("system", About.SYSTEM, "system-a", State.MET, {"accepted"}),
    ("system", About.SYSTEM, "system-b", State.ABSENT, {"wrong-subject"}),
    ("system", About.ORGANISATION, None, State.ABSENT, {"wrong-subject"}),
    ("system", About.UNIT, "unit-a", State.ABSENT, {"wrong-subject"}),
    ("system", About.RELEASE, "system-a", State.ABSENT, {"wrong-subject"}),
    ("release", About.SYSTEM, "system-a", State.MET, {"accepted", "about-system"}),
    ("release", About.SYSTEM, "system-b", State.ABSENT, {"wrong-subject"}),
    ("release", About.RELEASE, "release-1", State.ABSENT, {"wrong-subject"}),
    ("asset", About.SYSTEM, "system-a", State.MET, {"accepted", "about-system"}),
    ("asset", About.ORGANISATION, None, State.ABSENT, {"wrong-subject"}),
])
def test_subject(asks: str, about: About, key: str | None, state: State, reasons: set[str]) -> None:
    sent = evidence(version(review=ACCEPTED), about=about, about_key=key)
    found = ask_of(snapshot(sent), ask(about=asks))
    assert (found.state, codes(found)) == (state, reasons)


@pytest.mark.parametrize(("asks", "about", "key", "text"), [
    ("organisation", About.ORGANISATION, None, "“Scan, April” speaks for the whole organisation."),
    ("organisation", About.UNIT, "unit-a",
     "“Scan, April” speaks for the unit Lending, which this system is under."),
    ("asset", About.SYSTEM, "system-a",
     "“Scan, April” is about the system, which stands here for its asset."),
])
def test_words_on_the_subject(asks: str, about: About, key: str | None, text: str) -> None:
    sent = evidence(version(review=ACCEPTED), about=about, about_key=key)
    reason = ask_of(snapshot(sent), ask(about=asks)).reasons[1]
    assert (reason.text, reason.ask, reason.evidence) == (text, "C-01.1", "e1")


# -- when it is due --------------------------------------------------------------------------------

RELEASE = ask(due=Due(after="release", within_days=10))
LASTING = ask(due=Due(after="release", within_days=10), fresh_days=None)


@pytest.mark.parametrize(("stage", "due", "state"), [
    (Stage.DESIGN, "design", State.ABSENT),
    (Stage.DESIGN, "development", State.NOT_DUE),
    (Stage.OPERATION, "deployment", State.ABSENT),
    (Stage.OPERATION, "retired", State.NOT_DUE),
    (Stage.RETIRED, "design", State.ABSENT),
])
def test_due_from_a_stage(stage: Stage, due: str, state: State) -> None:
    found = ask_of(snapshot(stage=stage), ask(due=Due(stage=due)))
    assert (found.state, found.until) == (state, None)


def test_nothing_is_judged_before_its_stage() -> None:
    found = ask_of(snapshot(evidence(version(critical=1)), stage=Stage.DESIGN),
                   ask(due=Due(stage="evaluation")))
    assert (found.state, found.evidence) == (State.NOT_DUE, ())
    assert [one.code for one in found.reasons] == ["stage"]
    assert found.reasons[0].text == "Asked from the stage Evaluation on; the system is in Design."


EVENTS: dict[str, tuple[Ask, list[int], list[Evidence], State, set[str], int | None]] = {
    "has not happened": (RELEASE, [], [], State.NOT_DUE, {"event"}, None),
    "is dated ahead": (RELEASE, [day(105)], [], State.NOT_DUE, {"event"}, day(105)),
    "first of those ahead": (RELEASE, [day(107), day(105)], [], State.NOT_DUE, {"event"}, day(105)),
    "happens now": (RELEASE, [NOW], [], State.NOT_DUE, {"asked-by", "nothing-sent"}, day(110)),
    "before the deadline": (RELEASE, [day(95)], [], State.NOT_DUE, {"asked-by", "nothing-sent"}, day(105)),
    "at the deadline": (RELEASE, [day(90)], [], State.ABSENT, {"asked-by", "nothing-sent"}, None),
    "the newest governs": (RELEASE, [day(50), day(95), day(60)], [], State.NOT_DUE,
                           {"asked-by", "nothing-sent"},
                           day(105)),
    "next one ahead": (RELEASE, [day(80), day(103)], [], State.ABSENT, {"asked-by", "nothing-sent"},
                       day(103)),
    "next one ahead, met": (RELEASE, [day(80), day(103)], [evidence(version(review=ACCEPTED))], State.MET,
                            {"accepted"}, day(103)),
    "rejected before the deadline": (RELEASE, [day(95)], [evidence(version(review=REJECTED))], State.NOT_DUE,
                                     {"asked-by", "rejected"}, day(105)),
    "submitted before the deadline": (RELEASE, [day(95)], [evidence(version())], State.SUBMITTED,
                                      {"in-review"},
                                      day(130)),
    "failing before the deadline": (RELEASE, [day(95)], [evidence(version(critical=1))], State.FAILING,
                                    {"check-failed"}, None),
    "days count, not the event": (RELEASE, [day(85)], [evidence(version(worked=day(80), review=ACCEPTED))],
                                  State.MET, {"accepted"}, day(110)),
    "older than the event, in time": (LASTING, [day(95)],
                                      [evidence(version(worked=day(80), review=ACCEPTED))],
                                      State.MET, {"accepted"}, day(105)),
    "older than the event, over": (LASTING, [day(90)], [evidence(version(worked=day(80), review=ACCEPTED))],
                                   State.STALE, {"event-moved"}, None),
    "of the event's instant": (LASTING, [day(90)], [evidence(version(worked=day(90), review=ACCEPTED))],
                               State.MET, {"accepted"}, None),
    "older, in review, over": (LASTING, [day(90)], [evidence(version(worked=day(80)))], State.ABSENT,
                               {"asked-by", "event-moved"}, None),
    "own date before the deadline": (LASTING, [day(95)],
                                     [evidence(version(worked=day(80), review=ACCEPTED, expires=day(102)))],
                                     State.MET, {"accepted"}, day(102)),
}


@pytest.mark.parametrize("row", EVENTS)
def test_due_after_an_event(row: str) -> None:
    asked, happened, sent, state, reasons, until = EVENTS[row]
    events = (*(event(one) for one in happened), event(NOW, "other"))
    found = ask_of(snapshot(*sent, events=events), asked)
    assert (found.state, codes(found), found.until) == (state, reasons, until)


def test_sentences_of_events() -> None:
    waiting = ask_of(snapshot(), RELEASE)
    assert waiting.reasons[0].text == "Asked after an event that has not happened: A release goes live."
    assert waiting.reasons[0].ask == "C-01.1"
    reason = ask_of(snapshot(events=(event(day(95)),)), RELEASE).reasons[0]
    assert (reason.text, reason.at, reason.ask) == (
        "Asked by 1970-04-16, after an event of 1970-04-06: A release goes live.", day(105), "C-01.1")
    moved = ask_of(snapshot(evidence(version(worked=day(80), review=ACCEPTED)), events=(event(day(90)),)),
                   LASTING)
    assert moved.reasons[0].text == (
        "“Scan, April” is of 1970-03-22, before an event that asked for it again by 1970-04-11.")


def test_a_stage_and_an_event_both_have_to_come() -> None:
    both = ask(due=Due(stage="operation", after="release"))
    assert codes(ask_of(snapshot(stage=Stage.DESIGN, events=(event(day(1)),)), both)) == {"stage"}
    assert codes(ask_of(snapshot(), both)) == {"event"}


def test_an_ask_whose_condition_fails_is_left_out() -> None:
    conditional = ask(when=HIGH_RISK)
    found = ask_of(snapshot(evidence(version(critical=1))), conditional)
    assert (found.state, found.applicable, found.until) == (State.NOT_DUE, False, None)
    assert [(one.code, one.text, one.ask) for one in found.reasons] == [
        ("condition", "Asked only where this holds: The system is high-risk.", "C-01.1")]
    assert ask_of(snapshot(traits=["high_risk"]), conditional).applicable
