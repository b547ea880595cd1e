"""`/evidence`: the library, one piece of evidence, and the controls that it speaks for."""

from __future__ import annotations

from flask import Response

from govern.access.policy import Act
from govern.actions.evidence import link_evidence
from govern.api.area import IF_MATCH, IF_NONE_MATCH, Area
from govern.api.named import named_evidence, subject_of, tag_of
from govern.api.reading import (
    answer,
    body,
    named_system,
    next_cursor,
    page_reader,
    query,
    reader,
    seen_state,
    tagged,
)
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.records.evidence import COUNT_LIMIT, Filter, library
from govern.schemas.evidence import LinkEvidenceInput
from govern.schemas.outputs_evidence import EvidenceAnswer, EvidenceListOut, EvidenceOut
from govern.schemas.queries import EvidenceQuery, MomentQuery

area = Area("evidence", "/evidence", "Evidence, its versions, reviews and links")


@area.route("GET", "", gives=EvidenceListOut, query=EvidenceQuery)
@allow(Act.READ)
def list_evidence() -> Response:
    """Evidence that fits the filters, each with its newest version."""
    wanted = query(EvidenceQuery)
    at, offset = page_reader(wanted)
    system = named_system(at, wanted.system).key if wanted.system else ""
    page = library(visit().connection, at, Filter(wanted.q, wanted.kind, system, wanted.control, wanted.state,
                                                  wanted.sort), offset=offset, size=wanted.size)
    shown = len(page.lines)
    more = shown == wanted.size and (offset + shown < page.total or page.total > COUNT_LIMIT)
    return answer(EvidenceListOut, {"evidence": page.lines, "next": next_cursor(at, offset, shown, more)})


@area.route("GET", "/<key>", gives=EvidenceOut, query=MomentQuery, headers=(IF_NONE_MATCH,), also=(304,))
@allow(Act.READ)
def get_evidence(key: str) -> Response:
    """One piece of evidence with all its versions."""
    at = reader()
    found = named_evidence(at, key)
    about = subject_of(at, found.about, found.about_key)
    return tagged(answer(EvidenceOut, EvidenceAnswer(found, about)), tag_of(at, found))


@area.route("PATCH", "/<key>/links", gives=EvidenceOut, takes=LinkEvidenceInput, headers=(IF_MATCH,), also=(412, 428))
@allow(Act.SUBMIT)
def patch_links(key: str) -> Response:
    """Set the controls that a piece of evidence speaks for, all of them."""
    at = visit().reader()
    found = named_evidence(at, key)
    command = body(LinkEvidenceInput, evidence=found.key)
    seen_state(tag_of(at, found))
    done = link_evidence(house().office, visit().known, command, visit().now)
    visit().refresh()
    at = visit().reader()
    changed = named_evidence(at, key)
    about = subject_of(at, changed.about, changed.about_key)
    return tagged(answer(EvidenceOut, EvidenceAnswer(changed, about, done.entry)), tag_of(at, changed))
