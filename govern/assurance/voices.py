"""Which versions of a piece of evidence speak, and what each of them says to one ask.

Of each evidence speak
- the newest version that is accepted and not withdrawn, and
- every version in review that is newer than it: the newest of these for good and bad, the ones it replaced
  only for bad, so that nobody silences bad news by sending something else before a reviewer has seen either.

A version is heard only when its evidence is about what the ask asks about. It is *sound* when its basis is
strong enough, and in date until the first of: its work plus the days the ask allows, the date printed on it,
and, where the ask knows no days but follows an event, the deadline of the newest event after its work.

Not done here: the state that follows for the ask (see `asks`).
"""

from __future__ import annotations

from dataclasses import dataclass

from govern.assurance.checks import Checked, Ruling, answer, compute
from govern.assurance.due import DueAt
from govern.assurance.outcomes import Reason
from govern.assurance.sentences import quoted
from govern.assurance.setting import Setting
from govern.catalogue.objects import Ask
from govern.facts.evidence import About, Basis, Evidence, Verdict, Version
from govern.facts.moments import DAY, Instant


@dataclass(frozen=True)
class Voice:
    """A version that speaks, accepted or in review; of a replaced one only bad news counts."""

    evidence: Evidence
    version: Version
    accepted: bool
    replaced: bool = False


@dataclass(frozen=True)
class Subject:
    """Whether evidence is about what an ask asks about, and what is worth saying on that."""

    fits: bool
    reasons: tuple[Reason, ...] = ()


_FITS = Subject(True)


@dataclass(frozen=True)
class Good:
    """How long a version is good (`until` None: for ever) and the code of what ends it."""

    until: Instant | None = None
    ends: str = ""


@dataclass(frozen=True)
class Heard:
    """What one voice says to one ask; `good` is how long it stays in date, `about` words on its subject."""

    voice: Voice
    about: tuple[Reason, ...]
    sound: bool
    in_date: bool
    good: Good
    failed: tuple[Checked, ...]
    undecided: tuple[Checked, ...]


def voices_of(evidence: Evidence) -> tuple[Voice, ...]:
    """The versions that speak, newest first; whatever was withdrawn or rejected does not."""
    found: list[Voice] = []
    for version in sorted(evidence.versions, key=lambda one: one.number, reverse=True):
        if version.withdrawal is not None:
            continue
        if version.review is None:
            found.append(Voice(evidence, version, accepted=False, replaced=bool(found)))
        elif version.review.verdict is Verdict.ACCEPTED:
            return (*found, Voice(evidence, version, accepted=True))
    return tuple(found)


def subject_of(ask: Ask, evidence: Evidence, setting: Setting) -> Subject:
    """Organisation asks take evidence of the organisation and the system's units; all others, of this system.

    Releases and assets are not registered: the system stands for them, and a reason says so.
    """
    title = quoted(evidence.title)
    if ask.about == About.ORGANISATION:
        if evidence.about is About.ORGANISATION:
            text = f"{title} speaks for the whole organisation."
            return Subject(True, _word("inherited", text, ask, evidence))
        unit = next((one for one in setting.snapshot.units if one.key == evidence.about_key), None)
        if evidence.about is About.UNIT and unit is not None:
            text = f"{title} speaks for the unit {unit.name}, which this system is under."
            return Subject(True, _word("inherited", text, ask, evidence))
    elif evidence.about is About.SYSTEM and evidence.about_key == setting.snapshot.system.key:
        if ask.about == About.SYSTEM:
            return _FITS
        text = f"{title} is about the system, which stands here for its {ask.about}."
        return Subject(True, _word("about-system", text, ask, evidence))
    text = f"{title} is about the {evidence.about.value}; this asks about the {ask.about}."
    if evidence.about == ask.about:
        text = f"{title} is about another {ask.about}."
    return Subject(False, _word("wrong-subject", text, ask, evidence))


def strong_enough(ask: Ask, evidence: Evidence) -> bool:
    """Whether the evidence's basis is at least the one that the ask asks for."""
    return ask.basis is None or evidence.basis.strength >= Basis(ask.basis).strength


def good_until(ask: Ask, version: Version, due: DueAt) -> Good:
    """The first end of a version's time and what brings it."""
    ends: list[tuple[Instant, str]] = []
    if ask.fresh_days is not None:
        ends.append((version.worked + ask.fresh_days * DAY, "ran-out"))
    elif due.event is not None and version.worked < due.event.happened:
        ends.append((due.event.deadline, "event-moved"))
    if version.expires is not None:
        ends.append((version.expires, "expired"))
    return Good(*min(ends)) if ends else Good()


def hear(ask: Ask, voice: Voice, about: tuple[Reason, ...], due: DueAt, setting: Setting) -> Heard:
    """What a voice of the right subject says to an ask."""
    evidence, version = voice.evidence, voice.version
    declared = setting.declared.get(evidence.kind, ())
    checked = [compute(check, declared, version, setting.given.limits) if check.computed_for(evidence.kind)
               else answer(ask.id, check, version) for check in ask.checks]
    good = good_until(ask, version, due)
    return Heard(
        voice, about, strong_enough(ask, evidence), good.until is None or setting.now < good.until, good,
        tuple(one for one in checked if one.ruling is Ruling.FAILED),
        tuple(one for one in checked if one.ruling is Ruling.UNDECIDED),
    )


def _word(code: str, text: str, ask: Ask, evidence: Evidence) -> tuple[Reason, ...]:
    return (Reason(code, text, ask=ask.id, evidence=evidence.key),)
