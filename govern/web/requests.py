"""Requests for evidence: the list, and taking one back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.actor import Place
from govern.access.policy import Act, may
from govern.actions.control import cancel_request
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.facts.systems import RequestState
from govern.records import control as query
from govern.records.people import names
from govern.records.systems import places
from govern.web import frame
from govern.web.evidence import page_number
from govern.web.when import When, day, due_day

blueprint = Blueprint("requests", __name__)

_SIZE = 50
_STATES = (("open", "Open"), ("answered", "Answered"), ("cancelled", "Cancelled"), ("all", "All"))


@dataclass(frozen=True)
class Line:
    """A row of a list of requests."""

    key: str
    control: str
    control_title: str
    control_href: str
    system: str
    asked_of: str
    asked_by: str
    due: When
    asked: When
    state: str
    note: str
    send_href: str
    answer_href: str
    may_cancel: bool


def request_lines(found: Iterable[query.RequestLine], catalogue: Catalogue, where: Mapping[str, Place]) -> list[Line]:
    """Requests as rows, with names, addresses and what the visitor may do."""
    lines = list(found)
    actor, now = visit().known, visit().now
    people = {key for line in lines for key in (line.request.asked_of, line.request.asked_by)}
    known = names(visit().connection, people)
    return [_line(line, catalogue, known, now=now,
                  may_cancel=may(actor, Act.REQUEST, where.get(line.request.system, Place())).allowed) for line in lines]


def _line(line: query.RequestLine, catalogue: Catalogue, known: Mapping[str, str], *, now: int,
          may_cancel: bool) -> Line:
    one = line.request
    waits = one.state is RequestState.OPEN
    control = catalogue.controls.get(one.control)
    state = "overdue" if waits and one.due < now else one.state.value
    return Line(
        one.key, one.control, control.title if control else "", f"/systems/{line.system_slug}/controls/{one.control}",
        line.system_name, known.get(one.asked_of, ""), known.get(one.asked_by, ""), due_day(one.due, now, waits=waits),
        day(one.asked), state, one.note,
        f"/evidence/new?request={one.key}" if waits and one.asked_of == visit().known.key else "",
        f"/evidence/{one.answer}" if one.answer else "", waits and may_cancel)


@blueprint.get("/requests")
@allow(Act.READ)
def listing() -> str:
    """Requests in the visitor's scope, soonest due first."""
    mine = request.args.get("mine") == "1"
    state = request.args.get("state", "open")
    state = state if state in dict(_STATES) else "open"
    number = page_number()
    found, total = query.requests(visit().connection, visit().reader(), mine=mine, state="" if state == "all" else state,
                                  offset=(number - 1) * _SIZE, size=_SIZE)
    lines = request_lines(found, visit().catalogue(), places(visit().connection))
    return render_template("pages/requests.html", lines=lines, total=total, page=number, size=_SIZE,
                           offset=(number - 1) * _SIZE, mine=mine, state=state, states=_STATES)


@blueprint.post("/requests/<key>/cancel")
@allow(Act.REQUEST)
def cancel(key: str) -> Response:
    """Take a request back."""
    cancel_request(house().office, visit().known, key, visit().now)
    frame.flash("The request was cancelled.")
    return redirect("/requests", 303)
