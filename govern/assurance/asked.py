"""What is asked next of the people who answer for a system, most urgent first.

Order: failing, stale, absent, undecided, asked by a date that has not come, submitted; asks of waived
controls after all others; within these by date, then as the catalogue has them. What is met, or not due
without a date, is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from govern.assurance.outcomes import AskOutcome, ControlOutcome, Posture, Reason, State, Status
from govern.assurance.sentences import listed, quoted
from govern.assurance.setting import earliest
from govern.catalogue.objects import Ask, Catalogue
from govern.facts.evidence import About
from govern.facts.moments import Instant, iso_date
from govern.facts.snapshot import Snapshot
from govern.facts.systems import RequestState

_URGENCY = [State.FAILING, State.STALE, State.ABSENT, State.UNDECIDED, State.NOT_DUE, State.SUBMITTED]
_ABOUT = {About.ORGANISATION.value: "the organisation", About.SYSTEM.value: "this system",
          About.RELEASE.value: "the release in use", About.ASSET.value: "the asset"}


@dataclass(frozen=True)
class Asked:
    """One ask that waits for somebody; `text` says what to do, `due` is the first date set for it."""

    control: str
    ask: str
    state: State
    title: str
    text: str
    kinds: tuple[str, ...]
    due: Instant | None


def next_asked(posture: Posture, catalogue: Catalogue, snapshot: Snapshot) -> tuple[Asked, ...]:
    """All that waits, most urgent first. `posture` was derived from `snapshot` by `catalogue`.

    `due` is the earliest of: the control's open requests, its assignment, the deadline of the ask's event,
    the end of the control's waiver.
    """
    found: list[tuple[tuple[bool, int, float], Asked]] = []
    dates = _dates(snapshot)
    for outcome in posture.controls.values():
        waived = outcome.status is Status.WAIVED
        for one in outcome.asks:
            if not _waits(one):
                continue
            due = earliest(dates.get(outcome.control), *(reason.at for reason in _dated(outcome, one)))
            asked = _asked(outcome.control, one, catalogue, due)
            rank = (waived, _URGENCY.index(one.state), float("inf") if due is None else due)
            found.append((rank, asked))
    return tuple(asked for _, asked in sorted(found, key=lambda pair: pair[0]))


def _waits(ask: AskOutcome) -> bool:
    """Whether anybody has to do something about an ask."""
    if ask.state is State.NOT_DUE:
        return any(reason.code == "asked-by" for reason in ask.reasons)
    return ask.state is not State.MET


def _dates(snapshot: Snapshot) -> dict[str, Instant]:
    """control id → the earliest date that somebody set for it."""
    found: dict[str, Instant] = {}
    dated = [(one.control, one.due) for one in snapshot.assignments]
    dated += [(one.control, one.due) for one in snapshot.requests if one.state is RequestState.OPEN]
    for control, due in dated:
        if due is not None:
            found[control] = min(due, found.get(control, due))
    return found


def _dated(outcome: ControlOutcome, ask: AskOutcome) -> Iterable[Reason]:
    """The reasons that set a date: a deadline, the end of a waiver."""
    yield from (one for one in ask.reasons if one.code == "asked-by")
    yield from (one for one in outcome.reasons if one.code == "waiver")


def _asked(control: str, outcome: AskOutcome, catalogue: Catalogue, due: Instant | None) -> Asked:
    ask = catalogue.asks[outcome.ask]
    text = _sentence(ask, outcome, catalogue)
    by = "" if due is None else f" By {iso_date(due)}."
    return Asked(control, ask.id, outcome.state, ask.title, text + by, tuple(sorted(ask.kinds)), due)


def _sentence(ask: Ask, outcome: AskOutcome, catalogue: Catalogue) -> str:
    """What to do, by state."""
    kinds = listed(catalogue.kinds[one].title.lower() for one in sorted(ask.kinds))
    what = f"{quoted(ask.title)} ({kinds}) about {_ABOUT.get(ask.about, ask.about)}"
    match outcome.state:
        case State.FAILING:
            return f"Mend what fails, then send a new version of {what}."
        case State.STALE:
            return f"Send {what} again: what was accepted no longer counts."
        case State.UNDECIDED:
            return f"Complete {what}: what was accepted leaves a check undecided."
        case State.SUBMITTED:
            return f"Nothing to send: {what} waits for a reviewer."
    return f"Send {what}."
