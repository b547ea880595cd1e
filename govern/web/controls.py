"""The controls of the catalogue: a list by domain, and one control with what it asks, why, and who it is asked of."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act
from govern.assurance.posture import derive
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.errors import NotFound
from govern.records.snapshot import snapshot
from govern.records.systems import SystemLine, systems
from govern.web import frame
from govern.web.controls_view import SystemRow, ask_block, by_domain, fits, mappings_of, system_row, title_of
from govern.web.evidence import page_number
from govern.web.frameworks_view import Ways
from govern.web.overview import framework_label

blueprint = Blueprint("controls", __name__)
_SYSTEMS = 20
"""Systems on one page of a control: each is derived anew, because summaries keep no status of single controls."""


@blueprint.get("/controls")
@allow(Act.READ)
def listing() -> str:
    """Every control, by domain, narrowed by the address."""
    reader = visit().reader(at_of_request())
    catalogue, given, at = visit().catalogue(reader), request.args, request.args.get("at", "")
    domain, framework = given.get("domain", ""), given.get("framework", "")
    text = given.get("q", "").strip()[:100]
    found = [one for one in catalogue.controls.values() if fits(one, domain, framework, text.casefold())]
    return render_template(
        "pages/controls.html", shelves=by_domain(found, framework, catalogue, Ways("", at)), found=len(found),
        total=len(catalogue.controls), q=text, domain=domain, framework=framework, at=at,
        domains=[("", "All domains"), *((one.id, f"{one.id} {one.title}") for one in catalogue.domains)],
        frameworks=[("", "All frameworks"), *((id_, framework_label(id_, catalogue)) for id_ in catalogue.frameworks)],
        narrowed=bool(domain or framework or text), moment=frame.moment_shown())


def _rows(reader: Reader, catalogue: Catalogue, lines: list[SystemLine], control: str, at: str) -> list[SystemRow]:
    found = []
    for line in lines:
        posture = derive(snapshot(visit().connection, reader, line.system), catalogue)
        found.append(system_row(line.system, posture.controls[control], at))
    return found


@blueprint.get("/controls/<id_>")
@allow(Act.READ)
def one(id_: str) -> str:
    """One control of the catalogue, and how each system in scope stands with it."""
    reader = visit().reader(at_of_request())
    catalogue, at = visit().catalogue(reader), request.args.get("at", "")
    control = catalogue.controls.get(id_)
    if control is None:
        raise NotFound("There is no such control.", mend="Choose one from the list of controls.")
    lines, number, ways = systems(visit().connection, reader), page_number(), Ways("", at)
    start = (number - 1) * _SYSTEMS
    return render_template(
        "pages/control.html", control=control, at=at, moment=frame.moment_shown(),
        domain=next(one for one in catalogue.domains if one.id == control.domain),
        stages=[title_of(catalogue.stages, stage) for stage in control.stages],
        asks=[ask_block(ask, catalogue) for ask in control.asks], mappings=mappings_of(control, catalogue, ways),
        rows=_rows(reader, catalogue, lines[start:start + _SYSTEMS], id_, at), total=len(lines), start=start,
        page=number, size=_SYSTEMS)
