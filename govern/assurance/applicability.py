"""Whether a control applies to a system. The first row that fits decides:

1. its condition does not hold                      does not apply: the condition says why
2. an approved scoping in force leaves it out       does not apply, until the scoping ends
3. a baseline that the system is asked for in any
   case holds it (`least`)                          applies
4. its unit took it out, with a reason              does not apply
5. its unit adopted a baseline that is without it,
   and did not add it                               does not apply
6. none of these                                    applies

The decision of the nearest unit that adopted a baseline holds. Controls that the organisation brought itself are in
no shipped baseline and are asked unless taken out.

Not done here: whether anything of it is due (see `due`), and proposals, which change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from govern.assurance.outcomes import Reason
from govern.assurance.setting import Setting, latest
from govern.catalogue.objects import Catalogue, Control
from govern.facts.moments import Instant, iso_date
from govern.facts.systems import Scoping, ScopingState
from govern.facts.tailoring import Tailoring


@dataclass(frozen=True)
class Applicable:
    """Whether a control applies and why; why is empty where it applies without more.

    `until` is the instant at which time alone ends that.
    """

    applies: bool
    reasons: tuple[Reason, ...] = ()
    until: Instant | None = None


_APPLIES = Applicable(True)


def applicability(control: Control, setting: Setting) -> Applicable:
    """By the table."""
    if control.applies is not None and not setting.asked_for(control.applies):
        text = f"Asked only where this holds: {control.applies.because}"
        return Applicable(False, (Reason("condition", text),))
    scopings = [one for one in setting.snapshot.scopings
                if one.control == control.id and _in_force(one, setting.now)]
    if scopings:
        reasons = tuple(_reason(one) for one in sorted(scopings, key=lambda one: one.key))
        return Applicable(False, reasons, latest(*(one.until for one in scopings)))
    return _by_baseline(control, setting)


def why_asked(control: Control, setting: Setting) -> tuple[Reason, ...]:
    """Why a control that applies is asked of this system: its condition, and the baselines that hold it."""
    found = [] if control.applies is None else [Reason("condition", control.applies.because)]
    tailoring = adopted(setting)
    if tailoring is not None:
        found += [Reason("least", because) for because in _least(control, setting)[:1]]
        found += [Reason("baseline", text) for text in _chosen(control, tailoring, setting)]
    return tuple(found) or (Reason("always", "It is asked of every system."),)


def adopted(setting: Setting) -> Tailoring | None:
    """The decision of the nearest unit that adopted a baseline which the catalogue has."""
    return adopted_among(setting.snapshot.tailorings, setting.catalogue)


def adopted_among(tailorings: Iterable[Tailoring], catalogue: Catalogue) -> Tailoring | None:
    """The same among decisions over a system or unit, nearest first."""
    known = {one.id for one in catalogue.baselines}
    return next((one for one in tailorings if one.baseline in known), None)


def _by_baseline(control: Control, setting: Setting) -> Applicable:
    """Rows 3 to 6."""
    tailoring = adopted(setting)
    if tailoring is None or _least(control, setting):
        return _APPLIES
    removed = dict(tailoring.removed).get(control.id)
    if removed is not None:
        text = f"Taken out of the baseline by {_who(tailoring)}: {removed}"
        return Applicable(False, (Reason("tailored", text),))
    if control.origin or _chosen(control, tailoring, setting):
        return _APPLIES
    title = next(one.title for one in setting.catalogue.baselines if one.id == tailoring.baseline)
    return Applicable(False, (Reason("baseline", f"Not in the baseline “{title}”, which {_who(tailoring)} adopted."),))


def _chosen(control: Control, tailoring: Tailoring, setting: Setting) -> list[str]:
    """How the unit's decision asks for a control."""
    if control.id in tailoring.added:
        return [f"Added to the baseline by {_who(tailoring)}."]
    return [f"In the baseline “{one.title}”, which {_who(tailoring)} adopted." for one in setting.catalogue.baselines
            if one.id == tailoring.baseline and control.id in one.controls]


def _least(control: Control, setting: Setting) -> list[str]:
    """Why the system is asked for the control in any case, by the baselines that are least for it."""
    return [one.least.because for one in setting.catalogue.baselines
            if one.least is not None and control.id in one.controls and setting.asked_for(one.least)]


def _who(tailoring: Tailoring) -> str:
    return tailoring.unit_name or "the organisation"


def _in_force(scoping: Scoping, now: Instant) -> bool:
    return scoping.state is ScopingState.APPROVED and (scoping.until is None or now < scoping.until)


def _reason(scoping: Scoping) -> Reason:
    until = "" if scoping.until is None else f" until {iso_date(scoping.until)}"
    return Reason("scoping", f"Left out by an approved decision{until}: {scoping.reason}", at=scoping.until)
