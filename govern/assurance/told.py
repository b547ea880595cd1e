"""What reasons say of the versions that an ask was judged by, for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from govern.assurance.outcomes import Reason
from govern.assurance.sentences import quoted
from govern.assurance.voices import Heard, Voice
from govern.catalogue.objects import Ask
from govern.facts.evidence import Evidence
from govern.facts.moments import Instant, iso_date


def _say(code: str, text: str, ask: Ask, voice: Voice, *, check: str | None = None,
         at: Instant | None = None) -> Reason:
    """A reason that points at the version of a voice; `text` follows the title of the evidence."""
    return Reason(code, f"{quoted(voice.evidence.title)} {text}", ask=ask.id, evidence=voice.evidence.key,
                  version=voice.version.number, check=check, at=at)


def say_failed(ask: Ask, heard: Heard) -> tuple[Reason, ...]:
    """One reason for each check that fails."""
    where = "" if heard.voice.accepted else "(in review) "
    return tuple(_say("check-failed", f"{where}fails “{one.check.question}”: {one.why}.", ask, heard.voice,
                      check=one.check.id) for one in heard.failed)


def say_undecided(ask: Ask, heard: Heard) -> tuple[Reason, ...]:
    """One reason for each check that cannot be decided."""
    where = "" if heard.voice.accepted else "(in review) "
    return tuple(_say("check-undecided", f"{where}leaves “{one.check.question}” undecided: {one.why}.", ask,
                      heard.voice, check=one.check.id) for one in heard.undecided)


def say_met(ask: Ask, heard: Heard) -> Reason:
    """Accepted, and until when it is in date."""
    until = heard.good.until
    end = "does not run out" if until is None else f"is in date until {iso_date(until)}"
    return _say("accepted", f"was accepted and {end}.", ask, heard.voice, at=until)


def say_run_out(ask: Ask, heard: Heard) -> Reason:
    """What ended the time of a version, and when."""
    day, worked = iso_date(heard.good.until or 0), iso_date(heard.voice.version.worked)
    text = {
        "ran-out": f"ran out on {day}: the work is of {worked} and counts for {ask.fresh_days} days.",
        "expired": f"ran out on {day}, the date that stands on it.",
        "event-moved": f"is of {worked}, before an event that asked for it again by {day}.",
    }[heard.good.ends]
    return _say(heard.good.ends, text, ask, heard.voice, at=heard.good.until)


def say_waiting(ask: Ask, heard: Heard) -> Reason:
    """In review, and nothing that can be computed speaks against it."""
    day = iso_date(heard.voice.version.submitted)
    return _say("in-review", f"waits for review since {day}.", ask, heard.voice)


def with_subjects(heard: Iterable[Heard], say: Callable[[Ask, Heard], Reason],
                  ask: Ask) -> tuple[Reason, ...]:
    """What `say` says of each, followed by the words on its subject where there are any."""
    found: list[Reason] = []
    for one in heard:
        found += (say(ask, one), *one.about)
    return tuple(found)


def say_unheard(ask: Ask, evidence: Evidence) -> Reason:
    """Why evidence without a version that speaks is silent, told by its newest version."""
    newest = max(evidence.versions, key=lambda one: one.number, default=None)
    if newest is None:
        text = f"{quoted(evidence.title)} has no version yet."
        return Reason("nothing-sent", text, ask=ask.id, evidence=evidence.key)
    voice = Voice(evidence, newest, accepted=False)
    if newest.withdrawal is not None:
        taken = newest.withdrawal
        return _say("withdrawn", f"was withdrawn: {taken.reason}", ask, voice, at=taken.at)
    comment, at = (newest.review.comment, newest.review.at) if newest.review is not None else ("", None)
    return _say("rejected", f"was rejected: {comment}" if comment else "was rejected.", ask, voice, at=at)


def say_absent(ask: Ask, heard: Iterable[Heard], silent: Iterable[Reason]) -> tuple[Reason, ...]:
    """Why nothing counts: too weak, out of time, undecided before a review, silent, or nothing sent."""
    found: list[Reason] = []
    for one in heard:
        if not one.sound:
            text = f"is {one.voice.evidence.basis.value}; this asks for something {ask.basis}."
            found.append(_say("weak-basis", text, ask, one.voice))
        elif not one.in_date:
            found.append(say_run_out(ask, one))
        elif not one.voice.replaced:
            found += say_undecided(ask, one)
    found += silent
    nothing = Reason("nothing-sent", f"Nothing has been sent for {quoted(ask.title)}.", ask=ask.id)
    return tuple(found) or (nothing,)
