"""Sending evidence: one file or many, something new or a new version, each file recorded by itself.

A file that is refused does not hold up the others. With script every file is its own request and gets a JSON answer
(`Accept: application/json`); without, one form sends all of them and one page tells what became of each.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from flask import Blueprint, jsonify, redirect, render_template, request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from govern.access.actor import Place
from govern.access.policy import Act, may
from govern.actions.evidence import Submitted, submit_evidence
from govern.door.errors import wants_json
from govern.door.policy import allow
from govern.door.uploads import command_for, sent_files, takes_files
from govern.door.visit import house, visit
from govern.errors import Duplicate, GovernError, InputRefused, NotFound
from govern.facts.evidence import Evidence
from govern.facts.moments import iso_date
from govern.facts.people import Unit
from govern.facts.systems import EvidenceRequest, System
from govern.records import control as work
from govern.records import evidence as query
from govern.records.people import chain, units
from govern.records.systems import places, system_by_slug, systems
from govern.records.work import Done, Once
from govern.web import frame
from govern.web.mistakes import Errors, errors_of
from govern.web.when import size_text

blueprint = Blueprint("submit", __name__)

_BASES = [("", "As the file shows"), ("tested", "Tested: a tool's own result"), ("attested", "Attested: somebody stands by it"),
          ("claimed", "Claimed: somebody says so")]


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    filename: str
    recorded: bool
    text: str
    href: str = ""
    mend: str = ""


@dataclass(frozen=True)
class _Wanted:
    """What the address or the form says the files are for; parts that do not exist or are out of sight are None."""

    system: System | None
    evidence: Evidence | None
    request: EvidenceRequest | None
    control: str


def _wanted() -> _Wanted:
    """Reads `system` (a slug in an address, a key in the form), `evidence`, `request` and `control`."""
    reader, connection = visit().reader(), visit().connection
    given = request.values
    asked = work.request(connection, reader, given["request"]) if given.get("request") else None
    found = query.evidence(connection, reader, given["evidence"]) if given.get("evidence") else None
    if given.get("evidence") and found is None:
        raise NotFound("There is no such evidence to add a version to.", mend="Start from its page.")
    slug = request.args.get("system", "")
    system = system_by_slug(connection, reader, slug) if slug else None
    if asked is not None and system is None:
        system = next((line.system for line in systems(connection, reader) if line.system.key == asked.system), None)
    return _Wanted(system, found, asked, asked.control if asked else request.args.get("control", ""))


@blueprint.get("/evidence/new")
@allow(Act.SUBMIT)
def form() -> str:
    """The form for new files."""
    return _render(_wanted(), Errors(), [])


def _render(wanted: _Wanted, errors: Errors, outcomes: list[Outcome]) -> str:
    connection, actor, reader = visit().connection, visit().known, visit().reader()
    catalogue = visit().catalogue()
    where, every = places(connection), units(connection)
    control = catalogue.controls.get(wanted.control)
    asked = frozenset(kind for ask in control.asks for kind in ask.kinds) if control else frozenset()
    kinds = sorted((one.title, one.id) for one in catalogue.kinds.values())
    groups: list[tuple[str, object]] = [("", "What the file is recognised as")]
    if asked and control:
        groups.append((f"Asked for by {control.id}", [(id_, title) for title, id_ in kinds if id_ in asked]))
    groups.append(("Other kinds" if asked else "All kinds", [(id_, title) for title, id_ in kinds if id_ not in asked]))
    subjects = _subjects([line.system for line in systems(connection, reader)
                          if may(actor, Act.SUBMIT, where.get(line.system.key, Place(line.system.key))).allowed],
                         [one for one in every.values() if _may_for(every, one)])
    return render_template(
        "pages/submit.html", wanted=wanted, control=control, kinds=groups, bases=_BASES, errors=errors,
        outcomes=outcomes, values=request.form, key=uuid.uuid4().hex, action=request.full_path.rstrip("?"),
        today=iso_date(visit().now),
        subjects=subjects, subject=_chosen(wanted, subjects),
        controls=[(domain.title, [(one.id, f"{one.id} {one.title}") for one in catalogue.controls.values()
                                  if one.domain == domain.id]) for domain in catalogue.domains],
        layers=[(one.id, one.title) for one in catalogue.layers],
        stateable=[(one.title, ", ".join(field.name for field in one.fields))
                   for one in sorted(catalogue.kinds.values(), key=lambda one: one.title) if one.fields],
        limit=size_text(house().settings.upload_limit))


def _subjects(may_send: list[System], its_units: list[Unit]) -> list[tuple[str, object]]:
    """What files can be about, as one choice: systems, units, the organisation. Values are `system:` and a key, …"""
    found: list[tuple[str, object]] = []
    if may_send:
        found.append(("Systems", [(f"system:{one.key}", one.name) for one in may_send]))
    if its_units:
        found.append(("Units, for all their systems", [(f"unit:{one.key}", one.name) for one in its_units]))
    if may(visit().known, Act.SUBMIT, Place()).allowed:
        found.append(("organisation", f"{house().settings.organisation}, for all systems"))
    return found


def _chosen(wanted: _Wanted, subjects: list[tuple[str, object]]) -> str:
    """The subject that the form shows as chosen: what was sent, what the address names, or the only one there is."""
    given = request.form
    if given.get("subject"):
        return given["subject"]
    if given.get("system") or wanted.system:
        return f"system:{given.get('system') or (wanted.system.key if wanted.system else '')}"
    only = [choice for _, inner in subjects for choice in (inner if isinstance(inner, list) else [])]
    return str(only[0][0]) if len(only) == len(subjects) == 1 else ""


def _described() -> MultiDict[str, str]:
    """The form with its one choice of a subject as the schema knows it; raises InputRefused when none was made."""
    form = MultiDict(request.form)
    chosen = form.pop("subject", None)
    if chosen is None:
        return form
    about, _, key = chosen.partition(":")
    if not about:
        raise InputRefused("Choose what it is about.", field="subject", mend="A system, a unit or the organisation.")
    form["about"] = about
    if about in ("system", "unit"):
        form[about] = key
    return form


def _may_for(every: dict[str, Unit], unit: Unit) -> bool:
    place = Place(None, tuple(one.key for one in chain(every, unit.key)))
    return may(visit().known, Act.SUBMIT, place).allowed


@blueprint.post("/evidence/new")
@takes_files
@allow(Act.SUBMIT)
def send() -> Response | tuple[str, int]:
    """Record every file that was sent."""
    wanted = _wanted()
    if wants_json():
        done = _record(sent_files()[0], _key(0))
        return _told(done)
    try:
        parts = sent_files()
    except GovernError as error:
        return _render(wanted, errors_of(error), []), 422
    outcomes, errors = [], Errors()
    for place, part in enumerate(parts):
        try:
            outcomes.append(_outcome(part, _record(part, _key(place))))
        except GovernError as error:
            errors = errors or _on_the_form(error)
            outcomes.append(_refused(part, error))
    visit().refresh()
    if all(one.recorded for one in outcomes):
        if len(outcomes) == 1:
            frame.flash(outcomes[0].text)
        else:
            frame.flash(f"{len(outcomes)} files were recorded; each waits for review unless its page says otherwise.")
        return redirect(_back(wanted, outcomes), 303)
    return _render(_wanted(), errors, outcomes), 422


def _on_the_form(error: GovernError) -> Errors:
    """Messages by the form's own fields: what is wrong with the subject stands beside its one choice."""
    found = errors_of(error)
    return Errors({"subject" if name in ("about", "system", "unit") else name: texts for name, texts in found.items()})


def _key(place: int) -> str:
    """The key by which sending again changes nothing: the header's, or the form's with the file's place in it."""
    sent = request.headers.get("Idempotency-Key") or request.form.get("idempotency_key", "")
    return f"{sent[:100]}.{place}" if sent else ""


def _record(part: FileStorage, key: str) -> Done[Submitted]:
    command = command_for(part.stream, part.filename, _described())
    said = {name: values for name, values in request.form.lists() if name not in ("csrf_token", "idempotency_key")}
    once = Once[Submitted](key, f"{command.file.sha256} {sorted(said.items())}", _kept) if key else None
    return submit_evidence(house().office, visit().known, command, visit().now, once=once)


def _text(value: Submitted) -> str:
    """What was recorded, in one sentence or two."""
    what = "Recorded" if value.number == 1 else f"Recorded as version {value.number}"
    told = f"{what} and accepted by a standing acceptance." if value.accepted else f"{what}; it waits for review."
    if not value.controls:
        told += " It is not linked to any control yet."
    if value.problem:
        told += f" It could not be read: {value.problem}"
    return told


def _kept(done: Done[Submitted]) -> dict[str, object]:
    href = f"/evidence/{done.value.evidence}"
    return {"_location": href, "_status": 201, "text": _text(done.value), "href": href}


def _told(done: Done[Submitted]) -> Response:
    href = f"/evidence/{done.value.evidence}"
    response = jsonify({"text": _text(done.value), "href": href, "evidence": done.value.evidence,
                        "version": done.value.number, "controls": list(done.value.controls), "entry": done.entry})
    response.status_code = 201
    return response


def _outcome(part: FileStorage, done: Done[Submitted]) -> Outcome:
    return Outcome(part.filename or "the file", True, _text(done.value), f"/evidence/{done.value.evidence}")


def _refused(part: FileStorage, error: GovernError) -> Outcome:
    href = f"/evidence/{error.existing}" if isinstance(error, Duplicate) and error.existing else ""
    return Outcome(part.filename or "the file", False, error.text, href, error.mend)


def _back(wanted: _Wanted, outcomes: list[Outcome]) -> str:
    """Where one goes on: the evidence, or the control or system that several files were sent for."""
    if len(outcomes) == 1 or wanted.evidence is not None:
        return outcomes[0].href
    if wanted.system is None:
        return "/evidence"
    return f"/systems/{wanted.system.slug}" + (f"/controls/{wanted.control}" if wanted.control else "")
