"""`/trace`: from a requirement to controls, systems, evidence and decisions, and back, from any start."""

from __future__ import annotations

from flask import Response

from govern.access.policy import Act
from govern.api.area import Area
from govern.api.reading import answer, catalogue, query
from govern.assurance.trace import Mark
from govern.door.policy import allow
from govern.door.traces import named, page, traced
from govern.door.visit import visit
from govern.errors import InputRefused
from govern.records.moments import head_position
from govern.schemas.outputs_trace import TraceAnswer, TraceOut
from govern.schemas.trace import TracePlace, TraceQuery, TraceWanted, cursor_of

area = Area("trace", "/trace", "From requirements to the decisions that prove them, and back")


@area.route("GET", "", gives=TraceOut, query=TraceQuery)
@allow(Act.READ)
def get_trace() -> Response:
    """Every chain through what is named: requirement, control, system, evidence, decision.

    Name at least one start: a framework, a requirement of it, a control, a system, evidence or a decision; several hold
    together. A chain that ends early is a row too, and says where it ends and why.
    """
    wanted = query(TraceQuery)
    if not wanted.started:
        raise InputRefused("Say where the trace starts.", field="framework",
                           mend="Name a framework, a requirement of it, a control, a system, evidence or a decision.")
    at = visit().reader(_at(wanted) or None)
    trace = traced(visit().connection, at, catalogue(at), wanted)
    found = page(visit().connection, trace, wanted.place.mark if wanted.place else Mark(), wanted.size)
    follows = cursor_of(TracePlace(found.next, at.moment.position)) if found.next else None
    return answer(TraceOut, TraceAnswer(wanted, at.moment, trace.catalogue.digest,
                                        named(visit().connection, trace, found.rows), follows))


def _at(wanted: TraceWanted) -> str:
    """The moment to read: later pages show what the first one saw."""
    if wanted.at or wanted.place is None or wanted.place.position == head_position(visit().connection):
        return wanted.at
    return str(wanted.place.position)
