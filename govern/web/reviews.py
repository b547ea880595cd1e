"""Reviews: the queue with one verdict for many, and the form that puts the questions one by one."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act, may_review
from govern.actions.office import require
from govern.actions.review import review_versions
from govern.assurance.questions import asked_in_review, touched
from govern.assurance.setting import Circumstances, circumstances, holds, vocables
from govern.catalogue.objects import Ask, Catalogue
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import Conflict, GovernError, InputRefused
from govern.facts.evidence import About, Evidence, Verdict, Version
from govern.facts.moments import Instant
from govern.records import evidence as query
from govern.records.people import names
from govern.records.systems import system_by_key
from govern.records.tailoring import circumstances_of
from govern.schemas.evidence import ReviewInput
from govern.schemas.forms import load_form
from govern.web import frame
from govern.web.evidence import (
    findings_of,
    found_evidence,
    kind_title,
    page_number,
    subject_of,
    version_numbered,
)
from govern.web.evidence_use import CheckLine, check_lines
from govern.web.evidence_view import drawn
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.when import day, moment_text, size_text

blueprint = Blueprint("reviews", __name__)

_SIZE = 50


@dataclass(frozen=True)
class Waiting:
    """A row of the queue. `key` is the version's, so that selecting a row names the version."""

    key: str
    title: str
    href: str
    number: int
    kind: str
    about: str
    submitted_by: str
    submitted: Instant
    filename: str


@dataclass(frozen=True)
class AskForm:
    """One ask with its computed checks (read-only) and the questions that the reviewer answers."""

    id: str
    title: str
    control: str
    control_title: str
    computed: tuple[CheckLine, ...]
    questions: tuple[CheckLine, ...]


def waiting_lines(page: query.Page, catalogue: Catalogue) -> list[Waiting]:
    """The rows of one page of the queue."""
    known = names(visit().connection, {line.version.submitted_by for line in page.lines})
    return [Waiting(line.version.key, line.title, f"/evidence/{line.key}/versions/{line.version.number}/review",
                    line.version.number, kind_title(catalogue, line.kind), line.about_name,
                    known.get(line.version.submitted_by, ""), line.version.submitted, line.version.filename)
            for line in page.lines]


@blueprint.get("/reviews")
@allow(Act.REVIEW)
def queue() -> str:
    """What waits for the visitor's review, oldest first."""
    return _queue(Errors())


def _queue(errors: Errors) -> str:
    number = page_number()
    page = query.review_queue(visit().connection, visit().reader(), offset=(number - 1) * _SIZE, size=_SIZE)
    return render_template("pages/reviews.html", lines=waiting_lines(page, visit().catalogue()), total=page.total,
                           page=number, offset=page.offset, size=_SIZE, errors=errors, day=day,
                           chosen=request.form.getlist("selected"), comment=request.form.get("comment", ""))


@blueprint.post("/reviews")
@allow(Act.REVIEW)
def decide() -> Response | tuple[str, int]:
    """One verdict for all that are selected; questions stay unanswered."""
    try:
        command = load_form(ReviewInput, request.form)
        done = review_versions(house().office, visit().known, command, visit().now)
    except GovernError as error:
        return _queue(errors_of(for_the_form(error))), 422
    many = len(done.value)
    frame.flash(f"{many} {'version was' if many == 1 else 'versions were'} {command.verdict.value}.")
    return redirect("/reviews", 303)


# -- one version -------------------------------------------------------------------------------------------------


def _asks(found: Evidence, version: Version, catalogue: Catalogue, given: Circumstances | None) -> list[AskForm]:
    """The asks that are asked where the evidence speaks, each with computed checks and questions."""
    questions = {(ask.id, check.id) for ask, check in asked_in_review(found, catalogue, given)}
    limits = (given or circumstances(catalogue, frozenset())).limits
    made = []
    for control, ask in touched(found, catalogue):
        lines = check_lines(ask, catalogue, found, version, limits)
        asked = tuple(line for line in lines if (line.ask, line.check) in questions)
        computed = tuple(line for line in lines if line.computed)
        if asked or (computed and _asked_here(ask, catalogue, given)):
            made.append(AskForm(ask.id, ask.title, control.id, control.title, computed, asked))
    return made


def _asked_here(ask: Ask, catalogue: Catalogue, given: Circumstances | None) -> bool:
    if given is None:
        return True
    known, applies = vocables(catalogue), catalogue.controls[ask.control].applies
    return holds(applies, known, given) and holds(ask.when, known, given)


def _open_version(key: str, number: int) -> tuple[Evidence, Version]:
    """The version, if the visitor may review it now; raises NotFound, NotAllowed or Conflict."""
    found = found_evidence(visit().reader(), key)
    version = version_numbered(found, number)
    place = query.place_of_evidence(visit().connection, found.about, found.about_key)
    require(may_review(visit().known, place, version.submitted_by))
    if version.withdrawal is not None or version.review is not None:
        state = "withdrawn" if version.withdrawal is not None else "reviewed"
        raise Conflict(f"This version was {state} already.", mend="Look at the evidence's page to see by whom and why.")
    return found, version


def _render(found: Evidence, version: Version, errors: Errors) -> str:
    reader, catalogue, connection = visit().reader(), visit().catalogue(), visit().connection
    given = None
    if found.about is About.SYSTEM and found.about_key:
        system = system_by_key(connection, reader, found.about_key)
        given = circumstances_of(connection, catalogue, system) if system else None
    findings = findings_of(version)
    before = next((one for one in reversed(found.versions) if one.number < version.number and one.review
                   and one.review.verdict is Verdict.ACCEPTED), None)
    return render_template(
        "pages/review.html", evidence=found, version=version, before=before, errors=errors, values=request.form,
        kind=kind_title(catalogue, found.kind), subject=subject_of(reader, found),
        submitted_by=names(connection, {version.submitted_by}).get(version.submitted_by, ""),
        asks=_asks(found, version, catalogue, given),
        view=drawn(findings, catalogue.kinds.get(found.kind)) if findings else None,
        day=day, moment_text=moment_text, size_text=size_text)


@blueprint.get("/evidence/<key>/versions/<int:number>/review")
@allow(Act.REVIEW)
def form(key: str, number: int) -> str:
    """The review of one version, with the evidence beside it."""
    return _render(*_open_version(key, number), Errors())


@blueprint.post("/evidence/<key>/versions/<int:number>/review")
@allow(Act.REVIEW)
def give(key: str, number: int) -> Response | tuple[str, int]:
    """Record the verdict with the answers."""
    found, version = _open_version(key, number)
    try:
        command = load_form(ReviewInput, request.form, versions=[version.key])
        review_versions(house().office, visit().known, command, visit().now)
    except InputRefused as error:
        return _render(found, version, errors_of(error)), 422
    frame.flash(f"Version {number} of “{found.title}” was {command.verdict.value}.", href=f"/evidence/{key}")
    return redirect("/reviews", 303)
