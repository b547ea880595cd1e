"""The status of one control of a system, from its asks that are due. The first row that fits decides:

1. not applicable  no trait asks for it or an approved scoping leaves it out (see `applicability`), or the
                   condition of every one of its asks fails;
2. not due         none of its asks is due;
3. satisfied       all due asks are met and nothing open is against it;
4. waived          a waiver that has not expired covers what is not met; `underneath` is what rows 5 to 9
                   say;
5. failing         an ask is failing, or something open (audit finding, incident, breached monitor) is
                   against it;
6. in review       all that is unmet is submitted;
7. stale           all that is unmet is stale or submitted;
8. partial         some ask is met, submitted or stale, another is absent or undecided;
9. missing         all are absent or undecided.

Not done here: a waiver never makes anything satisfied, and nothing here reads evidence (see `asks`).
"""

from __future__ import annotations

from collections.abc import Sequence

from govern.assurance.applicability import applicability
from govern.assurance.asks import assess
from govern.assurance.outcomes import AskOutcome, ControlOutcome, Reason, State, Status
from govern.assurance.sentences import quoted
from govern.assurance.setting import Setting, earliest
from govern.catalogue.objects import Control
from govern.facts.evidence import Evidence
from govern.facts.moments import iso_date
from govern.facts.systems import OpenMatter, Waiver


def control_outcome(control: Control, linked: Sequence[Evidence], setting: Setting) -> ControlOutcome:
    """The status of a control; `linked` is the evidence linked to it, in the order that reasons take."""
    scope = applicability(control, setting)
    if not scope.applies:
        return _plain(control, Status.NOT_APPLICABLE, scope.reasons, (), scope.until)
    asks = tuple(assess(ask, linked, setting) for ask in control.asks)
    asked = [one for one in asks if one.applicable]
    if not asked:
        return _plain(control, Status.NOT_APPLICABLE, _reasons(asks), asks, None)
    until = earliest(*(one.until for one in asked))
    due = [one for one in asked if one.state is not State.NOT_DUE]
    if not due:
        return _plain(control, Status.NOT_DUE, _reasons(asked), asks, until)
    matters = sorted((one for one in setting.snapshot.open_matters if one.control == control.id),
                     key=lambda one: (one.since, one.key))
    unmet = [one for one in due if one.state is not State.MET]
    if not unmet and not matters:
        return _plain(control, Status.SATISFIED, _reasons(due), asks, until)
    underneath = _unsatisfied({one.state for one in due}, matters)
    reasons = (*(_open(one) for one in matters), *_reasons(unmet))
    waiver = _waiver(control, setting)
    if waiver is None:
        return _plain(control, underneath, reasons, asks, until)
    return ControlOutcome(control.id, Status.WAIVED, underneath, (_waived(waiver), *reasons),
                          earliest(waiver.expires, until), asks)


def _unsatisfied(states: set[State], matters: Sequence[OpenMatter]) -> Status:
    """Rows 5 to 9, from the states of the asks that are due."""
    if State.FAILING in states or matters:
        return Status.FAILING
    unmet = states - {State.MET}
    if unmet <= {State.SUBMITTED}:
        return Status.IN_REVIEW
    if unmet <= {State.STALE, State.SUBMITTED}:
        return Status.STALE
    if states & {State.MET, State.SUBMITTED, State.STALE}:
        return Status.PARTIAL
    return Status.MISSING


def _waiver(control: Control, setting: Setting) -> Waiver | None:
    """The waiver of a control that has not expired and holds longest."""
    held = [one for one in setting.snapshot.waivers
            if one.control == control.id and setting.now < one.expires]
    return max(held, key=lambda one: (one.expires, one.key), default=None)


def _plain(control: Control, status: Status, reasons: tuple[Reason, ...], asks: tuple[AskOutcome, ...],
           until: int | None) -> ControlOutcome:
    return ControlOutcome(control.id, status, status, reasons, until, asks)


def _reasons(asks: Sequence[AskOutcome]) -> tuple[Reason, ...]:
    return tuple(reason for one in asks for reason in one.reasons)


def _open(matter: OpenMatter) -> Reason:
    text = f"Open against this control since {iso_date(matter.since)}: {matter.kind} {quoted(matter.title)}."
    return Reason("open-matter", text, at=matter.since)


def _waived(waiver: Waiver) -> Reason:
    return Reason("waiver", f"Waived until {iso_date(waiver.expires)}: {waiver.reason}", at=waiver.expires)
