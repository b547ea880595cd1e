"""The list of systems, and registering one."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.actor import ORGANISATION
from govern.access.policy import Act, may
from govern.actions.systems import register_system
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import GovernError
from govern.records.people import units
from govern.records.systems import systems
from govern.records.work import Once
from govern.schemas.forms import load_form
from govern.schemas.systems import DescribeSystemInput
from govern.web import frame
from govern.web.evidence import page_number
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.overview import system_row
from govern.web.standing_of import summaries_for

blueprint = Blueprint("systems", __name__, url_prefix="/systems")
_SIZE = 50
_SORTS = {"name": "name", "stage": "stage", "short": "short", "satisfied": "satisfied", "failing": "failing"}


@blueprint.get("")
@allow(Act.READ)
def listing() -> str:
    """Systems in scope, narrowed, sorted and paged by the address."""
    here = visit()
    reader = here.reader(at_of_request())
    given = request.args
    all_units = units(here.connection, reader.position)
    unit = next((one.key for one in all_units.values() if one.slug == given.get("unit")), "-" if given.get("unit") else "")
    text = given.get("q", "").strip().casefold()
    lines = [line for line in systems(here.connection, reader)
             if (not text or text in line.system.name.casefold())
             and (not unit or line.system.unit == unit)
             and (not given.get("stage") or line.stage.value == given["stage"])
             and (not given.get("trait") or given["trait"] in line.system.traits)]
    reader, kept = summaries_for(reader, lines)
    catalogue = here.catalogue(reader)
    rows = [{**system_row(line, kept.get(line.system.key), catalogue),
             "unit": all_units[line.system.unit].name if line.system.unit in all_units else ""} for line in lines]
    sort = given.get("sort", "name") if given.get("sort", "name") in _SORTS else "name"
    descending = given.get("direction") == "desc"
    rows.sort(key=lambda row: row[_SORTS[sort]], reverse=descending)
    page = page_number()
    start = (page - 1) * _SIZE
    return render_template(
        "pages/systems.html", rows=rows[start:start + _SIZE], total=len(rows), start=start, page=page, size=_SIZE,
        sort=sort, descending=descending, given=given, moment=frame.moment_shown(), past=reader.position is not None,
        units=[("", "All units"), *((one.slug, one.name) for one in all_units.values())],
        stages=[("", "All stages"), *((one.id, one.title) for one in catalogue.stages)],
        traits=[("", "All traits"), *((one.id, one.title) for one in catalogue.traits)],
        narrowed=any(given.get(name) for name in ("q", "unit", "stage", "trait")), at=given.get("at", ""),
        may_register=may(here.known, Act.REGISTER_SYSTEM, ORGANISATION).allowed)


def description_form(template: str, form: Any, errors: Errors, **more: Any) -> str:
    """The form that describes a system; `form` is what was typed or what is there."""
    here = visit()
    catalogue = here.catalogue()
    return render_template(
        template, form=form, errors=errors, idempotency_key=request.form.get("idempotency_key") or uuid.uuid4().hex,
        units=[(one.key, one.name) for one in units(here.connection).values()],
        traits=[(one.id, one.title, one.question) for one in catalogue.traits],
        chosen=form.getlist("traits") if hasattr(form, "getlist") else form.get("traits", []), **more)


@blueprint.get("/new")
@allow(Act.REGISTER_SYSTEM)
def new() -> str:
    """The form for a new system."""
    return description_form("pages/system_new.html", request.args, Errors())


def _once() -> Once[tuple[str, str]] | None:
    """The key by which sending the form again registers nothing more."""
    key = request.form.get("idempotency_key", "")[:100]
    said = sorted((name, values) for name, values in request.form.lists() if name != "csrf_token")
    return Once(key, str(said), lambda done: {"_location": f"/systems/{done.value[1]}", "_status": 201}) if key else None


@blueprint.post("/new")
@allow(Act.REGISTER_SYSTEM)
def register() -> Response | tuple[str, int]:
    """Register a system."""
    here = visit()
    try:
        command = load_form(DescribeSystemInput, request.form)
        done = register_system(house().office, here.known, command, here.now, once=_once())
    except GovernError as refused:
        return description_form("pages/system_new.html", request.form, errors_of(for_the_form(refused))), 422
    frame.flash(f"{command.name} is registered. Its controls say what to prove; adopt it at its stage if it runs already.")
    return redirect(f"/systems/{done.value[1]}", 303)
