"""The list of systems, and the form that describes one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from govern.access.actor import ORGANISATION
from govern.access.policy import Act, may
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.records.people import units
from govern.records.systems import systems
from govern.web import frame
from govern.web.evidence import page_number
from govern.web.mistakes import Errors
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
    return render_template(
        template, form=form, errors=errors, units=[(one.key, one.name) for one in units(visit().connection).values()], **more)
