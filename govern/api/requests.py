"""`/requests` and `/me`: who is asked for what, and who asks."""

from __future__ import annotations

from flask import Response

from govern.access.policy import Act
from govern.actions.control import ask_for_evidence
from govern.api.area import Area
from govern.api.reading import answer, body, named_system, next_cursor, query
from govern.api.reading import page_reader as start_of
from govern.api.systems import area as systems_area
from govern.door.policy import SIGNED_IN, allow
from govern.door.visit import house, visit
from govern.records.control import requests
from govern.schemas.control import AskForEvidenceInput
from govern.schemas.outputs_ledger import AskedForOut, MeOut, RequestsOut
from govern.schemas.queries import RequestsQuery

area = Area("requests", "/requests", "Requests for evidence")
me_area = Area("me", "/me", "Who asks")


@area.route("GET", "", gives=RequestsOut, query=RequestsQuery)
@allow(Act.READ)
def list_requests() -> Response:
    """Requests for evidence as they are now, soonest due first."""
    wanted = query(RequestsQuery)
    _, offset = start_of(wanted)
    at = visit().reader()
    found, total = requests(visit().connection, at, mine=wanted.mine, state=wanted.state, offset=offset,
                            size=wanted.size)
    more = offset + len(found) < total and bool(found)
    return answer(RequestsOut, {"requests": found, "next": next_cursor(at, offset, len(found), more)})


@systems_area.route("POST", "/<slug>/requests", gives=AskedForOut, status=201, takes=AskForEvidenceInput)
@allow(Act.REQUEST)
def create_requests(slug: str) -> Response:
    """Ask somebody for evidence on controls of a system by a day; one request for each control."""
    system = named_system(visit().reader(), slug)
    command = body(AskForEvidenceInput, system=system.key)
    done = ask_for_evidence(house().office, visit().known, command, visit().now)
    return answer(AskedForOut, {"requests": done.value, "entry": done.entry}, 201)


@me_area.route("GET", "", gives=MeOut)
@allow(SIGNED_IN)
def get_me() -> Response:
    """Who you are here, your roles, and the token that you use."""
    return answer(MeOut, visit().known)
