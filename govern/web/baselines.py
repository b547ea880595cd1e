"""Baselines: the ready ones side by side, what each unit decided, and deciding with a look at what it switches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Place
from govern.access.policy import Act, may
from govern.actions.office import require
from govern.actions.tailoring import check_tailoring, tailor_unit
from govern.assurance.switching import with_tailorings
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import GovernError, NotFound, StaleForm
from govern.facts.commands import TailorUnit
from govern.facts.people import Unit
from govern.facts.tailoring import Tailoring
from govern.records.ledger import entries
from govern.records.people import chain, names, units
from govern.records.snapshots import AT_ONCE, snapshots
from govern.records.systems import count_by_unit, systems_under
from govern.records.tailoring import above, tailorings
from govern.schemas.forms import load_form
from govern.schemas.tailoring import TailorUnitInput
from govern.web import frame
from govern.web.baselines_view import (
    ORGANISATION,
    Decisions,
    Typed,
    baseline_cards,
    compared,
    controls_to_choose,
    differences,
    domain_heat,
    figure_text,
    name_of,
    typed_from,
    typed_in,
    unit_path,
    whose,
)
from govern.web.entries import told
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.questionnaire_view import consequence_shown
from govern.web.when import day

blueprint = Blueprint("baselines", __name__, url_prefix="/baselines")
_TOLD = 6


def _decisions(at: str | None) -> Decisions:
    here = visit()
    reader = here.reader(at)
    all_units = units(here.connection, reader.position)
    return Decisions(reader, here.catalogue(reader), all_units, tailorings(here.connection, all_units, reader.position))


def _may_tailor(found: Decisions, unit: Unit | None) -> bool:
    place = EVERYWHERE if unit is None else Place(None, tuple(up.key for up in chain(found.all_units, unit.key)))
    return found.reader.position is None and may(visit().known, Act.TAILOR, place).allowed


@blueprint.get("")
@allow(Act.READ)
def listing() -> str:
    """The baselines side by side, and the decision of the organisation and of each unit."""
    here, found = visit(), _decisions(at_of_request())
    deciders = names(here.connection, {one.decided_by for one in found.decided.values()})
    return render_template(
        "pages/baselines.html", cards=baseline_cards(found.catalogue), heat=domain_heat(found.catalogue),
        differences=differences(found.catalogue), tolerances=_tolerances(found),
        compared=compared(found.catalogue, request.args.get("adds", ""), request.args.get("over", "")),
        lines=found.lines(deciders, count_by_unit(here.connection, found.reader)), whose=whose, at=request.args.get("at", ""),
        moment=frame.moment_shown())


def _tolerances(found: Decisions) -> list[dict[str, Any]]:
    """Each tolerance with its figures, in the order of the limits."""
    return [{"tolerance": one, "figures": [(limit.title, figure_text(one.limits[limit.id])) for limit in found.catalogue.limits
                                           if limit.id in one.limits]} for one in found.catalogue.tolerances]


# -- one unit --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """One unit's decision: all decisions, the unit (None: the organisation), its own decision, whether one may decide."""

    found: Decisions
    unit: Unit | None
    own: Tailoring | None
    may: bool


def _desk(word: str, at: str | None) -> Desk:
    """The unit that the address names by slug, or by key; raises NotFound, also for one out of reach."""
    found = _decisions(at)
    unit = None
    if word != ORGANISATION:
        unit = next((one for one in found.seen if word in (one.slug, one.key)), None)
        if unit is None:
            raise NotFound("There is no such unit.", mend="Choose one from the list of baselines, or ask for access.")
    return Desk(found, unit, found.decided.get(unit.key if unit else None), _may_tailor(found, unit))


@blueprint.get("/<unit>")
@allow(Act.READ)
def one(unit: str) -> str:
    """What one unit decided and what holds for it; for those who may decide, the form."""
    desk = _desk(unit, at_of_request())
    return _render(desk, typed_from(desk.own), Errors(), desk.own.row if desk.own else "")


def _render(desk: Desk, typed: Typed, errors: Errors, seen: str) -> str:
    here, found, own = visit(), desk.found, desk.own
    history = entries(here.connection, found.reader, thing=own.key, size=_TOLD) if own else []
    above_it = found.over(desk.unit)[1:] if own else found.over(desk.unit)
    return render_template(
        "pages/baseline_unit.html", unit=desk.unit, name=name_of(desk.unit), path=unit_path(desk.unit), own=own,
        decided_by=names(here.connection, {own.decided_by}).get(own.decided_by, "Somebody") if own else "",
        decided=day(own.decided) if own else None, holding=found.holding(desk.unit), inherited=found.holding(desk.unit, above_it),
        whose=whose, catalogue=found.catalogue, tolerances=_tolerances(found), limits=found.catalogue.limits,
        figure_text=figure_text, choices=controls_to_choose(found.catalogue) if desk.may else [], typed=typed, errors=errors,
        may_tailor=desk.may, seen=seen, history=told(here.connection, history), at=request.args.get("at", ""),
        moment=frame.moment_shown(unit_path(desk.unit)))


@blueprint.post("/<unit>")
@allow(Act.TAILOR)
def decide(unit: str) -> Response | str | tuple[str, int]:
    """More rows, a look at what the decision switches, back to the form, or the decision itself."""
    here, desk = visit(), _desk(unit, None)
    do, seen, typed = request.form.get("do", "preview"), request.form.get("seen", ""), typed_in(request.form)
    if not desk.may:
        place = EVERYWHERE if desk.unit is None else Place(None, (desk.unit.key,))
        require(may(here.known, Act.TAILOR, place))
    if do in ("rows", "back"):
        return _render(desk, typed, Errors(), seen)
    try:
        command = load_form(TailorUnitInput, request.form, unit=desk.unit.key if desk.unit else None)
        check_tailoring(desk.found.catalogue, command)
        if do != "record":
            return _preview(desk, command, typed, seen)
        tailor_unit(house().office, here.known, command, seen or None, here.now)
    except StaleForm as late:
        here.refresh()
        desk = _desk(unit, None)
        return _render(desk, typed, Errors({"form": [f"{late.text} What they decided stands on this page; what you typed is "
                                                     "still in the form."]}), desk.own.row if desk.own else ""), 412
    except GovernError as refused:
        return _render(desk, typed, errors_of(for_the_form(refused)), seen), 422
    frame.flash(f"The decision for {name_of(desk.unit)} is recorded; its systems are asked by it from now on.")
    return redirect(unit_path(desk.unit), 303)


def _preview(desk: Desk, command: TailorUnit, typed: Typed, seen: str) -> str:
    """What the decision would switch on and off for the systems under the unit, as many as one page derives."""
    here, found = visit(), desk.found
    wanted = Tailoring("", "", command.unit, desk.unit.name if desk.unit else "", command.baseline, command.tolerance,
                       command.added, command.removed, command.limits, command.reason, here.known.key, here.now)
    decided = {**found.decided, command.unit: wanted}
    chosen, total = systems_under(here.connection, found.reader, found.below(desk.unit), AT_ONCE)
    shown = []
    for key, before in snapshots(here.connection, found.reader, chosen).items():
        after = replace(before, tailorings=above(decided, before.units))
        consequence = with_tailorings(before, after.tailorings, found.catalogue)
        shown.append({"system": before.system, "key": key, **consequence_shown(consequence, after, found.catalogue)})
    unit_over = above(decided, chain(found.all_units, command.unit))
    return render_template(
        "pages/baseline_preview.html", unit=desk.unit, name=name_of(desk.unit), path=unit_path(desk.unit), own=desk.own,
        holding=found.holding(desk.unit, unit_over), before=found.holding(desk.unit), typed=typed, seen=seen, whose=whose,
        systems=shown, total=total, catalogue=found.catalogue, limits=found.catalogue.limits)
