"""Forms of one system: its description, adoption, events, and what is done to many controls at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act
from govern.actions.control import ask_for_evidence, assign_controls, propose_scoping
from govern.actions.systems import adopt_system, edit_system, record_event
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import GovernError, InputRefused, NotFound, StaleForm, answer_of
from govern.facts.systems import System
from govern.records.snapshot import snapshot
from govern.schemas.control import AskForEvidenceInput, AssignControlsInput, ProposeScopingInput
from govern.schemas.drafts import WORDS
from govern.schemas.forms import load_form
from govern.schemas.systems import AdoptSystemInput, DescribeSystemInput, RecordEventInput
from govern.web import frame
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.system import Sent, control_of_system, found_system, system_page
from govern.web.systems import description_form

blueprint = Blueprint("system_forms", __name__, url_prefix="/systems/<slug>")


def _system(slug: str) -> System:
    return found_system(visit().reader(), slug)


@blueprint.get("/edit")
@allow(Act.EDIT_SYSTEM)
def edit_form(slug: str) -> str:
    """The description as it is now."""
    system = _system(slug)
    return _edit(system, {word: getattr(system, word) or "" for word in WORDS}, Errors())


def _edit(system: System, form: Any, errors: Errors, seen: str | None = None) -> str:
    return description_form("pages/system_edit.html", form, errors, system=system, seen=seen or system.row)


@blueprint.post("/edit")
@allow(Act.EDIT_SYSTEM)
def edit(slug: str) -> Any:
    """Change the description, unless somebody else did since the form was opened.

    The answers of the questionnaire stay: they change on a page of their own, which first says what that switches.
    """
    system = _system(slug)
    try:
        command = load_form(DescribeSystemInput, request.form, traits=system.traits)
        edit_system(house().office, visit().known, system.key, command, request.form.get("seen") or system.row, visit().now)
    except StaleForm as late:
        visit().refresh()
        text = f"{late.text} What you typed is still here: look at the system's page, then save again if it still holds."
        return _edit(_system(slug), request.form, Errors({"form": [text]})), 412
    except GovernError as refused:
        return _edit(system, request.form, errors_of(for_the_form(refused)), request.form.get("seen")), 422
    frame.flash(f"The description of {command.name} was changed.")
    return redirect(f"/systems/{slug}", 303)


def _adopt(slug: str, system: System, form: Any, errors: Any) -> str:
    here = visit()
    seen = snapshot(here.connection, here.reader(), system)
    return render_template("pages/system_adopt.html", system=system, form=form, errors=errors, adoption=seen.adoption,
                           stages=[(one.id, one.title) for one in here.catalogue().stages], slug=slug)


@blueprint.get("/adopt")
@allow(Act.ADOPT)
def adopt_form(slug: str) -> str:
    """The form for an adoption decision."""
    return _adopt(slug, _system(slug), {}, errors_of(None))


@blueprint.post("/adopt")
@allow(Act.ADOPT)
def adopt(slug: str) -> Any:
    """Decide the adoption."""
    system = _system(slug)
    try:
        command = load_form(AdoptSystemInput, request.form, system=system.key)
        adopt_system(house().office, visit().known, command, visit().now)
    except GovernError as refused:
        return _adopt(slug, system, request.form, errors_of(for_the_form(refused))), 422
    frame.flash(f"{system.name} was adopted; what is asked of it follows its stage now.")
    return redirect(f"/systems/{slug}", 303)


@blueprint.post("/events")
@allow(Act.RECORD_EVENT)
def event(slug: str) -> Response | tuple[str, int]:
    """Record that something happened to the system."""
    system = _system(slug)
    try:
        command = load_form(RecordEventInput, request.form, system=system.key)
        record_event(house().office, visit().known, command, visit().now)
    except GovernError as refused:
        return system_page(slug, _sent(refused, "event")), 422
    frame.flash("The event was recorded; what falls due after it is asked for now.")
    return redirect(f"/systems/{slug}", 303)


def _sent(refused: GovernError, doing: str) -> Sent:
    """The form as it was sent, with what is wrong; raises the error again where no form can show it."""
    errors = errors_of(for_the_form(refused))
    visit().refresh()
    return Sent(errors, request.form, doing, frozenset(request.form.getlist("selected")))


@blueprint.post("/controls")
@allow(Act.ASSIGN, Act.PROPOSE_SCOPING, Act.REQUEST)
def bulk(slug: str) -> Response | tuple[str, int]:
    """Assign, scope or ask for evidence, for every control that was selected; `back` names the control whose form it is."""
    system, wanted, only = _system(slug), request.form.get("do", ""), request.form.get("back", "")
    only = only if only in visit().catalogue().controls else ""
    try:
        text, href = _carry_out(system, wanted)
    except GovernError as refused:
        sent = _sent(refused, wanted)
        status = 422 if isinstance(refused, NotFound) else answer_of(refused).status
        return (control_of_system(slug, only, sent) if only else system_page(slug, sent)), status
    frame.flash(text, href=href)
    return redirect(f"/systems/{slug}/controls/{only}" if only else f"/systems/{slug}", 303)


def _carry_out(system: System, wanted: str) -> tuple[str, str | None]:
    """Do what the form asks; what is said of it, and where its result stands."""
    here, office = visit(), house().office
    if wanted == "assign":
        count = assign_controls(office, here.known, load_form(
            AssignControlsInput, request.form, system=system.key), here.now).value
        text = f"{count} {'control was' if count == 1 else 'controls were'} assigned."
        return text if count else "Nothing had to be changed.", None
    if wanted == "scope":
        count = propose_scoping(office, here.known, load_form(
            ProposeScopingInput, request.form, system=system.key), here.now).value
        return f"{count} {'proposal waits' if count == 1 else 'proposals wait'} for somebody else's decision.", "/scoping"
    if wanted == "request":
        count = ask_for_evidence(office, here.known, load_form(
            AskForEvidenceInput, request.form, system=system.key), here.now).value
        return f"{count} {'request was' if count == 1 else 'requests were'} sent.", "/requests"
    raise InputRefused("Choose what to do with the controls.", field="controls", mend="Assign, scope, or ask for evidence.")
