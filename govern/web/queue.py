"""My queue: what waits for the visitor, whatever their role."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from govern.access.policy import Act, may_anywhere
from govern.catalogue.objects import Catalogue
from govern.door.policy import SIGNED_IN, allow
from govern.door.visit import visit
from govern.records import control as work
from govern.records import evidence as query
from govern.records.systems import places
from govern.web.requests import request_lines
from govern.web.reviews import waiting_lines
from govern.web.scoping import scoping_lines
from govern.web.when import When, day, due_day

blueprint = Blueprint("queue", __name__)

_SHOWN = 10


@dataclass(frozen=True)
class Assigned:
    """A control that the visitor works on by a day."""

    key: str
    control: str
    title: str
    href: str
    system: str
    due: When


def _assigned(lines: list[work.AssignmentLine], catalogue: Catalogue) -> list[Assigned]:
    return [Assigned(line.key, line.control, catalogue.controls[line.control].title
                     if line.control in catalogue.controls else "",
                     f"/systems/{line.system_slug}/controls/{line.control}", line.system_name,
                     due_day(line.due or 0, visit().now)) for line in lines]


@blueprint.get("/queue")
@allow(SIGNED_IN)
def mine() -> str:
    """Requests asked of me, evidence that waits for my review, controls I work on, proposals to decide."""
    connection, reader, actor = visit().connection, visit().reader(), visit().known
    catalogue = visit().catalogue()
    asked, asked_total = work.requests(connection, reader, mine=True, size=_SHOWN)
    reviews = may_anywhere(actor, Act.REVIEW)
    decides = may_anywhere(actor, Act.DECIDE_SCOPING)
    waiting = query.review_queue(connection, reader, size=_SHOWN) if reviews else query.Page([], 0, 0, _SHOWN)
    proposals = scoping_lines(work.scopings_waiting(connection, reader), catalogue) if decides else []
    open_to_me = [line for line in proposals if not line.blocked]
    return render_template(
        "pages/queue.html", asked=request_lines(asked, catalogue, places(connection)), asked_total=asked_total,
        waiting=waiting_lines(waiting, catalogue), waiting_total=waiting.total, reviews=reviews,
        assigned=_assigned(work.assignments_of(connection, reader, actor.key), catalogue),
        proposals=open_to_me[:_SHOWN], proposals_total=len(open_to_me), decides=decides, day=day)
