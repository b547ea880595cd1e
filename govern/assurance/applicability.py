"""Whether a control applies to a system: a trait asks for it, and no approved scoping leaves it out."""

from __future__ import annotations

from dataclasses import dataclass

from govern.assurance.outcomes import Reason
from govern.assurance.setting import Setting, latest
from govern.catalogue.objects import Control
from govern.facts.moments import Instant, iso_date
from govern.facts.systems import Scoping, ScopingState


@dataclass(frozen=True)
class Applicable:
    """Whether a control applies; when not, why, and the instant at which time alone ends that."""

    applies: bool
    reasons: tuple[Reason, ...] = ()
    until: Instant | None = None


_APPLIES = Applicable(True)


def applicability(control: Control, setting: Setting) -> Applicable:
    """The condition over traits first, then approved scopings in force; proposals change nothing."""
    if control.applies is not None and not setting.asked_for(control.applies):
        text = f"Asked only where this holds: {control.applies.because}"
        return Applicable(False, (Reason("condition", text),))
    scopings = [one for one in setting.snapshot.scopings
                if one.control == control.id and _in_force(one, setting.now)]
    if not scopings:
        return _APPLIES
    reasons = tuple(_reason(one) for one in sorted(scopings, key=lambda one: one.key))
    return Applicable(False, reasons, latest(*(one.until for one in scopings)))


def _in_force(scoping: Scoping, now: Instant) -> bool:
    return scoping.state is ScopingState.APPROVED and (scoping.until is None or now < scoping.until)


def _reason(scoping: Scoping) -> Reason:
    until = "" if scoping.until is None else f" until {iso_date(scoping.until)}"
    return Reason("scoping", f"Left out by an approved decision{until}: {scoping.reason}", at=scoping.until)
