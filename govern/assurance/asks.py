"""The state of one ask of a control. The first row that fits decides:

1. not due    its condition does not hold (then it is left out of its control), its stage has not come, its
              event has not happened, or the event's deadline has not passed and the ask would be absent;
2. failing    a version that speaks, accepted or in review, fails a check. Bad news needs no review, no
              strength and no date: it counts until it is withdrawn, rejected or superseded by a newer
              accepted version;
3. undecided  an accepted, in-date, strong enough version leaves a check undecided, and nothing else meets
              the ask;
4. met        an accepted, in-date, strong enough version passes all checks; one piece of evidence is enough;
5. stale      an accepted version would meet it but for its date, or an event since its work;
6. submitted  the newest version in review is in date, strong enough, and no computed check fails or is
              undecided;
7. absent     none of these: nothing sent, rejected, withdrawn, about something else, too weak, out of time
              unreviewed.

Only evidence linked to the control, of a kind that the ask takes, is looked at.

Not done here: it weighs no evidence against other evidence, takes no average, and knows nothing of scoping,
waivers or open matters, which belong to the control (see `controls`).
"""

from __future__ import annotations

from collections.abc import Iterable

from govern.assurance.due import DueAt, asked_by, due_at
from govern.assurance.outcomes import AskOutcome, Reason, State
from govern.assurance.setting import Setting, earliest, latest
from govern.assurance.told import (
    say_absent,
    say_failed,
    say_met,
    say_run_out,
    say_undecided,
    say_unheard,
    say_waiting,
    with_subjects,
)
from govern.assurance.voices import Heard, hear, subject_of, voices_of
from govern.catalogue.objects import Ask
from govern.facts.evidence import Evidence
from govern.facts.moments import Instant

Decision = tuple[State, tuple[Reason, ...], Instant | None]


def assess(ask: Ask, linked: Iterable[Evidence], setting: Setting) -> AskOutcome:
    """The state of an ask; `linked` is the evidence linked to its control, in the order that reasons take."""
    if ask.when is not None and not setting.asked_for(ask.when):
        reason = Reason("condition", f"Asked only where this holds: {ask.when.because}", ask=ask.id)
        return AskOutcome(ask.id, State.NOT_DUE, (reason,), applicable=False)
    due = due_at(ask, setting)
    if due.not_yet is not None:
        return AskOutcome(ask.id, State.NOT_DUE, (due.not_yet,), due.until)
    relevant = [one for one in linked if one.kind in ask.kinds]
    state, reasons, until = _decide(ask, relevant, due, setting)
    if state is State.ABSENT and due.event is not None:
        reasons = (asked_by(ask, due.event, setting), *reasons)
        if setting.now < due.event.deadline:
            state, until = State.NOT_DUE, due.event.deadline
    return AskOutcome(ask.id, state, reasons, earliest(until, due.until), tuple(one.key for one in relevant))


def _decide(ask: Ask, relevant: list[Evidence], due: DueAt, setting: Setting) -> Decision:
    """Rows 2 to 7 of the table."""
    heard: list[Heard] = []
    silent: list[Reason] = []
    for evidence in relevant:
        subject = subject_of(ask, evidence, setting)
        voices = voices_of(evidence) if subject.fits else ()
        heard += [hear(ask, voice, subject.reasons, due, setting) for voice in voices]
        if not subject.fits:
            silent += subject.reasons
        elif not voices:
            silent.append(say_unheard(ask, evidence))
    return _by_table(ask, heard) or (State.ABSENT, say_absent(ask, heard, silent), None)


def _by_table(ask: Ask, heard: list[Heard]) -> Decision | None:
    """The first of rows 2 to 6 that fits, None for row 7."""
    failing = [one for one in heard if one.failed]
    if failing:
        return State.FAILING, tuple(reason for one in failing for reason in say_failed(ask, one)), None
    accepted = [one for one in heard if one.voice.accepted and one.sound]
    current = [one for one in accepted if one.in_date]
    meeting = [one for one in current if not one.undecided]
    if current and not meeting:
        return (State.UNDECIDED, tuple(reason for one in current for reason in say_undecided(ask, one)),
                latest(*(one.good.until for one in current)))
    if meeting:
        return State.MET, with_subjects(meeting, say_met, ask), latest(*(one.good.until for one in meeting))
    over = [one for one in accepted if not one.undecided]
    if over:
        return State.STALE, with_subjects(over, say_run_out, ask), None
    # An accepted one that fits here has met the ask above.
    waiting = [one for one in heard
               if one.sound and one.in_date and not one.undecided and not one.voice.replaced]
    if waiting:
        return (State.SUBMITTED, with_subjects(waiting, say_waiting, ask),
                latest(*(one.good.until for one in waiting)))
    return None
