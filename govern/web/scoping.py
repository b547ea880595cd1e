"""Scoping proposals: what somebody wants left out, and the decision on it by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.actor import Place
from govern.access.policy import Act, may_anywhere, may_decide_scoping
from govern.actions.control import decide_scoping
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import InputRefused
from govern.records import control as query
from govern.records.people import names
from govern.records.systems import places
from govern.schemas.control import DecideScopingInput
from govern.schemas.forms import load_form
from govern.web import frame
from govern.web.mistakes import Errors, errors_of
from govern.web.when import When, day

blueprint = Blueprint("scoping", __name__)


@dataclass(frozen=True)
class Line:
    """A row of the list of proposals. `blocked` says why the visitor may not decide it; empty: they may."""

    key: str
    control: str
    control_title: str
    control_href: str
    system: str
    reason: str
    proposed_by: str
    until: When | None
    blocked: str


def scoping_lines(found: Iterable[query.ScopingLine], catalogue: Catalogue) -> list[Line]:
    """Proposals as rows, with names and what stands in the way of deciding."""
    lines = list(found)
    where = places(visit().connection)
    known = names(visit().connection, {line.scoping.proposed_by for line in lines})
    made = []
    for line in lines:
        one = line.scoping
        control = catalogue.controls.get(one.control)
        permission = may_decide_scoping(visit().known, where.get(one.system, Place()), one.proposed_by)
        made.append(Line(
            one.key, one.control, control.title if control else "",
            f"/systems/{line.system_slug}/controls/{one.control}", line.system_name, one.reason,
            known.get(one.proposed_by, ""), day(one.until) if one.until else None,
            "" if permission.allowed else permission.reason))
    return made


@blueprint.get("/scoping")
@allow(Act.READ)
def listing() -> str:
    """Proposals that wait for a decision."""
    return _render(Errors())


def _render(errors: Errors) -> str:
    found = query.scopings_waiting(visit().connection, visit().reader())
    lines = scoping_lines(found, visit().catalogue())
    return render_template("pages/scoping.html", lines=[line for line in lines if not line.blocked],
                           others=[line for line in lines if line.blocked], errors=errors,
                           comment=request.form.get("comment", ""),
                           decides=may_anywhere(visit().known, Act.DECIDE_SCOPING))


@blueprint.post("/scoping")
@allow(Act.DECIDE_SCOPING)
def decide() -> Response | tuple[str, int]:
    """Approve or refuse what is selected."""
    try:
        command = load_form(DecideScopingInput, request.form)
        done = decide_scoping(house().office, visit().known, command, visit().now)
    except InputRefused as error:
        return _render(errors_of(error)), 422
    what = "approved" if command.approve else "refused"
    frame.flash(f"{done.value} {'proposal was' if done.value == 1 else 'proposals were'} {what}.")
    return redirect("/scoping", 303)
