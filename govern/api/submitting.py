"""Sending evidence: a multipart part named `file` with its description in the form, or a raw body with the
description in the address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request
from werkzeug.datastructures import CombinedMultiDict, MultiDict

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.policy import Act
from govern.actions.evidence import Submitted, submit_evidence
from govern.actions.office import authorise
from govern.api.area import ONCE, Area
from govern.api.evidence import area as evidence_area
from govern.api.named import named_evidence, subject_of
from govern.api.reading import answered_again, as_json, dump, named_system, once
from govern.api.systems import area as systems_area
from govern.door.policy import allow
from govern.door.uploads import command_for, receive_body, sent_files, takes_files
from govern.door.visit import house, visit
from govern.errors import InputRefused
from govern.facts.commands import SubmitEvidence
from govern.facts.evidence import Evidence
from govern.facts.systems import System
from govern.records.evidence import place_of_evidence
from govern.records.people import units
from govern.records.systems import place_of
from govern.records.work import Done, Replayed
from govern.schemas.evidence import SubmitEvidenceInput
from govern.schemas.outputs_evidence import SubmittedAnswer, SubmittedOut, SubmittedVersion

F = TypeVar("F", bound=Callable[..., Any])
_QUERY = {"in": "query", "schema": SubmitEvidenceInput}
_FILENAME = {"in": "query", "name": "filename", "schema": {"type": "string", "maxLength": 300},
             "description": "With a raw body: the name of the file"}
_BODY: dict[str, Any] = {
    "multipart/form-data": {"schema": {
        "type": "object", "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"},
                       "title": {"type": "string", "maxLength": 200}, "kind": {"type": "string", "maxLength": 60},
                       "controls": {"type": "string"}, "note": {"type": "string", "maxLength": 20_000}}}},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
}


def _route(area: Area, rule: str) -> Callable[[F], F]:
    return area.route("POST", rule, gives=SubmittedOut, status=201, takes=_BODY, headers=(ONCE, _FILENAME, _QUERY))


@_route(systems_area, "/<slug>/evidence")
@takes_files
@allow(Act.SUBMIT)
def submit_for_system(slug: str) -> Response:
    """Send evidence about a system.

    A multipart part named `file` with the description as further parts, or a raw body of any media type with the
    description in the address. `about` organisation or unit makes it speak of these; `evidence` makes it a new version
    of what is there. A file that cannot be read is kept all the same, and `problem` says why.
    """
    system = named_system(visit().reader(), slug)
    authorise(visit().known, Act.SUBMIT, place_of(visit().connection, system.key))
    return _submit({"system": system.key}, system=system)


@_route(evidence_area, "")
@takes_files
@allow(Act.SUBMIT)
def submit_for_organisation() -> Response:
    """Send evidence about the organisation, or with `unit` about a unit; systems inherit it.

    The file is sent as for a system.
    """
    actor = visit().known
    if actor.token is not None and actor.token.system is not None:
        authorise(actor, Act.SUBMIT, EVERYWHERE)  # refused before the bytes arrive
    return _submit({})


@_route(evidence_area, "/<key>/versions")
@takes_files
@allow(Act.SUBMIT)
def submit_version(key: str) -> Response:
    """Send a new version of a piece of evidence. The file is sent as for a system."""
    found = named_evidence(visit().reader(), key)
    authorise(visit().known, Act.SUBMIT, place_of_evidence(visit().connection, found.about, found.about_key))
    return _submit({"evidence": found.key})


def _submit(given: dict[str, Any], system: System | None = None) -> Response:
    """Receive, read and record; the reading connection is let go of while bytes arrive."""
    visit().refresh()
    if request.mimetype == "multipart/form-data":
        parts = sent_files()
        if len(parts) > 1:
            raise InputRefused(f"{len(parts)} files were sent at once.", field="file",
                               mend="Send each file in a request of its own.")
        stream: Any = parts[0].stream
        filename = parts[0].filename
        form: Any = CombinedMultiDict([request.form, request.args])
    else:
        stream, filename, form = receive_body(), request.args.get("filename"), request.args
    command = command_for(stream, filename, form, **given, **_unit(form, system))
    return _recorded(command, form)


def _unit(form: Any, system: System | None) -> dict[str, str]:
    """The unit that is meant: named by its short name, or left out and the system's own."""
    name = str(form.get("unit", "")).strip()
    if not name:
        own = system.unit if system else None
        return {"unit": own} if own else {}
    slugs = {unit.slug: key for key, unit in units(visit().connection).items()}
    return {"unit": slugs[name]} if name in slugs else {}


def _recorded(command: SubmitEvidence, form: Any) -> Response:
    at = visit().reader()
    before = named_evidence(at, command.evidence) if command.evidence else None
    about, about_key = (before.about, before.about_key) if before else (command.about, command.about_key)
    subject = subject_of(at, about, about_key)

    def shown(done: Done[Submitted]) -> dict[str, Any]:
        value = done.value
        version = SubmittedVersion(value.number, _kind(command, before), subject, command.file)
        return dump(SubmittedOut, SubmittedAnswer(value.evidence, version, value.controls, done.entry, value.accepted,
                                                  value.answered))

    sent = sorted((name, list(form.getlist(name))) for name in form) if isinstance(form, MultiDict) else []
    what = json.dumps([command.file.sha256, command.file.filename, sent])
    try:
        done = submit_evidence(house().office, visit().known, command, visit().now, once=once(what, shown))
    except Replayed as replayed:
        return answered_again(replayed)
    where = f"/api/v1/evidence/{done.value.evidence}/versions/{done.value.number}"
    return as_json(shown(done), 201, Location=where)


def _kind(command: SubmitEvidence, before: Evidence | None) -> str:
    return before.kind if before else command.kind
