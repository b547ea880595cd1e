"""The answers of a registered system: reading them, and changing them with a look at what that switches first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act, may
from govern.actions.office import require
from govern.actions.systems import check_traits, edit_system
from govern.assurance.switching import with_traits
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import GovernError, StaleForm
from govern.facts.commands import DescribeSystem
from govern.facts.systems import System
from govern.records.people import chain, units
from govern.records.snapshot import snapshot
from govern.records.systems import place_of
from govern.records.tailoring import tailorings_over
from govern.schemas.drafts import WORDS
from govern.web import frame
from govern.web.baselines_view import holding
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.questionnaire_view import (
    before_and_after,
    chosen_in,
    consequence_shown,
    not_registered,
    parts_of,
    with_answers,
)
from govern.web.system import found_system

blueprint = Blueprint("system_traits", __name__, url_prefix="/systems/<slug>/traits")
_NOW = "This is what your answers come to now."


@blueprint.get("")
@allow(Act.READ)
def answers(slug: str) -> str:
    """The questionnaire with the answers as they are; only those who may change the system can answer anew."""
    here = visit()
    reader = here.reader(at_of_request())
    system = found_system(reader, slug)
    allowed = reader.position is None and may(here.known, Act.EDIT_SYSTEM, place_of(here.connection, system.key)).allowed
    again = allowed and request.args.get("again")
    chosen = chosen_in(request.args, parts_of(here.catalogue(reader))) if again else system.traits
    return _form(system, chosen, Errors(), may_answer=allowed, seen=request.args.get("seen", system.row) if again else system.row)


def _form(system: System, chosen: frozenset[str], errors: Errors, *, may_answer: bool, seen: str) -> str:
    here = visit()
    reader = here.reader(at_of_request())
    catalogue = here.catalogue(reader)
    known = {trait.id for trait in catalogue.traits}
    unit_chain = chain(units(here.connection, reader.position), system.unit)
    over = tailorings_over(here.connection, unit_chain, reader.position)
    return render_template(
        "pages/questionnaire.html", system=system, base=f"/systems/{system.slug}", parts=parts_of(catalogue), chosen=chosen,
        errors=errors, may_answer=may_answer, place=None, seen=seen, gone=sorted(chosen - known), at=request.args.get("at", ""),
        holding=holding(not_registered(reader, catalogue, system.traits, unit_chain, over), catalogue),
        moment=frame.moment_shown(f"/systems/{system.slug}/traits"))


def _allowed(slug: str) -> System:
    """The system, for somebody who may change it; raises NotFound or NotAllowed."""
    here = visit()
    system = found_system(here.reader(), slug)
    require(may(here.known, Act.EDIT_SYSTEM, place_of(here.connection, system.key)))
    return system


@blueprint.get("/preview")
@allow(Act.EDIT_SYSTEM)
def preview(slug: str) -> str | tuple[str, int] | Response:
    """What other answers would switch on and off; nothing is recorded."""
    system = _allowed(slug)
    if not request.args.get("seen"):
        return redirect(f"/systems/{slug}/traits", 303)
    errors = Errors()
    if request.args["seen"] != system.row:
        errors["form"] = [f"{system.name} was changed by somebody else after you opened the form. {_NOW}"]
    return _look_ahead(system, request.args, errors)


def _look_ahead(system: System, form: Any, errors: Errors) -> str | tuple[str, int]:
    """By the system as it is now: its present row is what the button below will name."""
    here = visit()
    catalogue = here.catalogue()
    parts = parts_of(catalogue)
    try:
        chosen = chosen_in(form, parts)
        check_traits(catalogue, chosen)
    except GovernError as refused:
        return _form(system, system.traits, errors_of(for_the_form(refused)), may_answer=True, seen=system.row), 422
    now = snapshot(here.connection, here.reader(), system)
    consequence, after = with_traits(now, chosen, catalogue), with_answers(now, chosen)
    wide, narrow = before_and_after(consequence)
    titles = {trait.id: trait.title for trait in catalogue.traits}
    sent = [(part.field, one.trait.id) for part in parts for one in part.questions if one.trait.id in chosen]
    return render_template(
        "pages/questionnaire_preview.html", system=system, base=f"/systems/{system.slug}", sent=sent, seen=system.row,
        errors=errors,
        back=f"/systems/{system.slug}/traits?{urlencode([('again', '1'), ('seen', system.row), *sent])}",
        yes=[titles[one] for one in titles if one in chosen - system.traits],
        no=[titles.get(one, one) for one in sorted(system.traits - chosen)], same=chosen == system.traits,
        chart=wide, chart_narrow=narrow, **consequence_shown(consequence, after, catalogue))


@blueprint.post("")
@allow(Act.EDIT_SYSTEM)
def record(slug: str) -> Response | str | tuple[str, int]:
    """Record the answers that were looked at, unless the system was changed since."""
    here, system = visit(), _allowed(slug)
    seen = request.form.get("seen", "")
    try:
        chosen = chosen_in(request.form, parts_of(here.catalogue()))
        if not seen:
            raise StaleForm("These answers were not looked at first.", mend="See what changes, then record it.")
        words = {word: getattr(system, word) for word in WORDS}
        edit_system(house().office, here.known, system.key, DescribeSystem(**words, traits=chosen), seen, here.now)
    except StaleForm as late:
        here.refresh()
        shown = _look_ahead(_allowed(slug), request.form, Errors({"form": [f"{late.text} {_NOW}"]}))
        return (shown, 412) if isinstance(shown, str) else shown
    except GovernError as refused:
        return _form(system, system.traits, errors_of(for_the_form(refused)), may_answer=True, seen=seen), 422
    frame.flash(f"The answers of {system.name} are recorded; its controls are asked by them from now on.")
    return redirect(f"/systems/{slug}", 303)
