"""When an ask is due: from a stage on, or some days after an event."""

from __future__ import annotations

from dataclasses import dataclass

from govern.assurance.outcomes import Reason
from govern.assurance.sentences import titled
from govern.assurance.setting import Setting
from govern.catalogue.objects import Ask
from govern.facts.moments import DAY, Instant, iso_date
from govern.facts.systems import Stage

_ORDER = {stage.value: stage.order for stage in Stage}


@dataclass(frozen=True)
class Governing:
    """The newest event that has happened of those an ask follows, and the deadline that it sets."""

    happened: Instant
    deadline: Instant


@dataclass(frozen=True)
class DueAt:
    """Whether an ask is due. `not_yet` says why not; `until` is when time alone changes the answer; `event`
    is what governs an ask that follows an event.
    """

    not_yet: Reason | None = None
    until: Instant | None = None
    event: Governing | None = None


_DUE = DueAt()


def due_at(ask: Ask, setting: Setting) -> DueAt:
    """Not due: a stage that has not come, an event that has not happened. The newest event governs; one dated
    ahead has not happened until its instant comes.
    """
    stage = setting.snapshot.stage
    if ask.due.stage is not None and _ORDER[stage.value] < _ORDER[ask.due.stage]:
        named = titled(setting.catalogue.stages, ask.due.stage)
        here = titled(setting.catalogue.stages, stage.value)
        text = f"Asked from the stage {named} on; the system is in {here}."
        return DueAt(Reason("stage", text, ask=ask.id))
    if ask.due.after is None:
        return _DUE
    instants = [one.happened for one in setting.snapshot.events if one.event == ask.due.after]
    coming = min((one for one in instants if one > setting.now), default=None)
    happened = max((one for one in instants if one <= setting.now), default=None)
    if happened is None:
        named = titled(setting.catalogue.events, ask.due.after)
        text = f"Asked after an event that has not happened: {named}."
        return DueAt(Reason("event", text, ask=ask.id), coming)
    return DueAt(None, coming, Governing(happened, happened + ask.due.within_days * DAY))


def asked_by(ask: Ask, event: Governing, setting: Setting) -> Reason:
    """Why and by when an ask is asked whose event has happened."""
    named = titled(setting.catalogue.events, ask.due.after or "")
    text = f"Asked by {iso_date(event.deadline)}, after an event of {iso_date(event.happened)}: {named}."
    return Reason("asked-by", text, ask=ask.id, at=event.deadline)
