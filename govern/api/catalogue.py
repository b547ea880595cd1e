"""`/controls`, `/frameworks`, `/threats`: the catalogue in force, how far a system meets it, and what it is for."""

from __future__ import annotations

from flask import Response

from govern.access.policy import Act
from govern.api.area import Area
from govern.api.reading import answer, catalogue, named_system, next_cursor, page_reader, part, query, reader
from govern.assurance.coverage import cover
from govern.assurance.posture import derive
from govern.assurance.selected import standing_of
from govern.catalogue.threats import against_threats, for_goals
from govern.door.policy import allow
from govern.door.visit import visit
from govern.errors import NotFound
from govern.records.snapshot import snapshot
from govern.schemas.outputs_catalogue import (
    ControlOut,
    ControlsOut,
    CoverageAnswer,
    CoverageOut,
    FrameworksOut,
    ThreatsOut,
)
from govern.schemas.queries import ControlsQuery, CoverageQuery, MomentQuery

controls_area = Area("controls", "/controls", "The controls of the catalogue")
frameworks_area = Area("frameworks", "/frameworks", "Frameworks, and how far a system meets them")
threats_area = Area("threats", "/threats", "What the controls do about threats and for security goals")


@controls_area.route("GET", "", gives=ControlsOut, query=ControlsQuery)
@allow(Act.READ)
def list_controls() -> Response:
    """The controls, in the order of the catalogue."""
    wanted = query(ControlsQuery)
    at, offset = page_reader(wanted)
    known, text = catalogue(at), wanted.q.lower()
    fitting = [one for one in known.controls.values()
               if (not wanted.domain or one.domain == wanted.domain)
               and text in f"{one.id} {one.title} {one.objective}".lower()]
    shown, more = part(fitting, offset, wanted.size)
    return answer(ControlsOut, {"catalogue": known.digest, "controls": shown,
                                "next": next_cursor(at, offset, len(shown), more)})


@controls_area.route("GET", "/<control>", gives=ControlOut, query=MomentQuery)
@allow(Act.READ)
def get_control(control: str) -> Response:
    """One control: what it asks for and is for, how to do it, and the requirements it is mapped to, each with the reason."""
    found = catalogue(reader()).controls.get(control)
    if found is None:
        raise NotFound("There is no such control in the catalogue in force.", mend="Control ids look like EVA-04.")
    return answer(ControlOut, found)


@frameworks_area.route("GET", "", gives=FrameworksOut, query=MomentQuery)
@allow(Act.READ)
def list_frameworks() -> Response:
    """The frameworks of the catalogue."""
    known = catalogue(reader())
    return answer(FrameworksOut, {"catalogue": known.digest, "frameworks": list(known.frameworks.values())})


@frameworks_area.route("GET", "/<framework>", gives=CoverageOut, query=CoverageQuery)
@allow(Act.READ)
def get_framework(framework: str) -> Response:
    """A framework's requirements in document order; with `system` how far it meets each, by which road, and why."""
    wanted = query(CoverageQuery)
    at = reader()
    known = catalogue(at)
    found = known.frameworks.get(framework)
    if found is None:
        raise NotFound("There is no such framework in the catalogue in force.", mend="The list of frameworks has the ids.")
    mapped = {requirement: tuple(dict.fromkeys(control for control, _ in links))
              for requirement, links in known.mapped.get(framework, {}).items()}
    coverage = slug = None
    if wanted.system:
        system = named_system(at, wanted.system)
        slug = system.slug
        coverage = cover(derive(snapshot(visit().connection, at, system), known), found, known)
    return answer(CoverageOut, CoverageAnswer(found, known.digest, at.moment, slug, coverage, mapped))


@threats_area.route("GET", "", gives=ThreatsOut, query=CoverageQuery)
@allow(Act.READ)
def list_threats() -> Response:
    """Threat patterns and security goals with the controls for each, by layer of defence, and what rests on one alone.

    With `system` only the controls that apply to it, and which of them are satisfied.
    """
    wanted = query(CoverageQuery)
    at = reader()
    known = catalogue(at)
    among = satisfied = slug = None
    if wanted.system:
        system = named_system(at, wanted.system)
        slug = system.slug
        among, satisfied = standing_of(derive(snapshot(visit().connection, at, system), known))
    return answer(ThreatsOut, {
        "catalogue": known.digest, "moment": at.moment, "system": slug, "defences": known.defences,
        "threats": against_threats(known, among, satisfied), "goals": for_goals(known, among, satisfied)})
