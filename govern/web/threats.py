"""Threats and security goals: what the controls do about each, in which layer of defence, and what rests on one alone."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from govern.access.policy import Act
from govern.assurance.posture import derive
from govern.assurance.selected import standing_of
from govern.catalogue.threats import against_threats, for_goals
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.errors import NotFound
from govern.records.snapshot import snapshot
from govern.records.systems import systems
from govern.web import frame
from govern.web.frameworks_view import Ways
from govern.web.threats_view import lines_of

blueprint = Blueprint("threats", __name__)


@blueprint.get("/threats")
@allow(Act.READ)
def overview() -> str:
    """Every threat and goal by layer of defence, of the catalogue or of one system. Raises NotFound for an unknown system."""
    reader = visit().reader(at_of_request())
    catalogue, slug, at = visit().catalogue(reader), request.args.get("system", ""), request.args.get("at", "")
    lines = systems(visit().connection, reader)
    chosen = next((line.system for line in lines if line.system.slug == slug), None) if slug else None
    if slug and chosen is None:
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    posture = derive(snapshot(visit().connection, reader, chosen), catalogue) if chosen else None
    among, satisfied = standing_of(posture) if posture else (None, None)
    ways = Ways(slug, at)
    return render_template(
        "pages/threats.html", chosen=chosen, at=at, ways=ways, moment=frame.moment_shown(), defences=catalogue.defences,
        systems=[(line.system.slug, line.system.name) for line in lines],
        parts=[("threat", "Threats", lines_of(against_threats(catalogue, among, satisfied), "threat", catalogue, ways, posture)),
               ("goal", "Security goals", lines_of(for_goals(catalogue, among, satisfied), "goal", catalogue, ways, posture))])
