"""`/crosswalk`: how the requirements of two frameworks relate, through the controls that are mapped to both."""

from __future__ import annotations

from flask import Response

from govern.access.policy import Act
from govern.api.area import Area
from govern.api.reading import answer, catalogue, next_cursor, page_reader, part, query
from govern.catalogue.crosswalking import chosen, crossing
from govern.door.policy import allow
from govern.schemas.outputs_crosswalk import CrosswalkAnswer, CrosswalkOut
from govern.schemas.queries import CrosswalkPageQuery

area = Area("crosswalk", "/crosswalk", "How the requirements of two frameworks relate")


@area.route("GET", "", gives=CrosswalkOut, query=CrosswalkPageQuery)
@allow(Act.READ)
def get_crosswalk() -> Response:
    """Pairs of requirements in the order of the first framework: what follows from our mappings, and who states it.

    No more is claimed than follows. `related` says only that a control touches both.
    """
    wanted = query(CrosswalkPageQuery)
    at, offset = page_reader(wanted)
    known = catalogue(at)
    found = crossing(known, wanted.source, wanted.target)
    fitting = chosen(found, wanted.claim, wanted.view)
    shown, more = part(fitting, offset, wanted.size)
    return answer(CrosswalkOut, CrosswalkAnswer(
        found, known.digest, at.moment, len(fitting), shown, next_cursor(at, offset, len(shown), more)))
