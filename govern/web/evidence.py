"""The evidence library, and the page of one piece of evidence."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.actor import Reader
from govern.access.policy import Act, may, may_anywhere, may_review, may_withdraw
from govern.actions.evidence import link_evidence
from govern.actions.review import withdraw_version
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import GovernError, NotFound
from govern.evidence.findings_text import from_text
from govern.facts.evidence import About, Evidence, Verdict, Version
from govern.facts.findings import Findings
from govern.facts.moments import Instant
from govern.records import evidence as query
from govern.records.people import names, units
from govern.records.systems import system_by_key, system_by_slug, systems
from govern.schemas.evidence import LinkEvidenceInput, WithdrawInput
from govern.schemas.forms import load_form
from govern.web import frame
from govern.web.evidence_files import blueprint as files
from govern.web.evidence_use import use_of
from govern.web.evidence_view import drawn
from govern.web.mistakes import errors_of
from govern.web.when import day, moment_text, size_text

blueprint = Blueprint("evidence", __name__, url_prefix="/evidence")
blueprint.register_blueprint(files)

STATES = (("", "Every state"), ("in-review", "Awaiting review"), ("accepted", "Accepted"), ("rejected", "Rejected"),
          ("withdrawn", "Withdrawn"))
_SORTS = frozenset({"title", "kind", "submitted", "worked"})
_SIZE = 50


def state_of(version: Version) -> str:
    """Where a version stands, in the word that the status badge shows."""
    if version.withdrawal is not None:
        return "withdrawn"
    if version.review is None:
        return "awaiting review"
    return "accepted" if version.review.verdict is Verdict.ACCEPTED else "rejected"


@dataclass(frozen=True)
class Line:
    """A row of the library."""

    key: str
    title: str
    kind: str
    about: str
    about_href: str
    state: str
    number: int
    filename: str
    worked: Instant
    submitted: Instant


def lines_of(page: query.Page, catalogue: Catalogue) -> list[Line]:
    """The rows of one page of the library."""
    return [Line(line.key, line.title, kind_title(catalogue, line.kind), line.about_name[:1].upper() + line.about_name[1:],
                 f"/systems/{line.system_slug}" if line.system_slug else "", state_of(line.version),
                 line.version.number, line.version.filename, line.version.worked, line.version.submitted)
            for line in page.lines]


def kind_title(catalogue: Catalogue, kind: str) -> str:
    """A kind's name for people; a kind that this catalogue no longer has stands for itself."""
    return catalogue.kinds[kind].title if kind in catalogue.kinds else kind


def _wanted(reader: Reader) -> tuple[query.Filter, str, bool]:
    given = request.args
    sort = given.get("sort", "submitted")
    sort = sort if sort in _SORTS else "submitted"
    descending = given.get("direction", "desc" if "sort" not in given else "") == "desc"
    slug, system = given.get("system", ""), ""
    if slug:
        found = system_by_slug(visit().connection, reader, slug)
        system = found.key if found else "-"  # an unknown system has no evidence
    return query.Filter(given.get("q", "").strip()[:200], given.get("kind", ""), system, given.get("control", ""),
                        given.get("state", ""), f"{'-' if descending else ''}{sort}"), sort, descending


def page_number() -> int:
    """The page that the address names, from 1; anything that is no number is the first."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@blueprint.get("")
@allow(Act.READ)
def library() -> str:
    """All evidence that the visitor may see, narrowed, sorted and paged by the address."""
    reader, connection = visit().reader(at_of_request()), visit().connection
    catalogue = visit().catalogue(reader)
    wanted, sort, descending = _wanted(reader)
    number = page_number()
    page = query.library(connection, reader, wanted, offset=(number - 1) * _SIZE, size=_SIZE)
    kinds = sorted(((one.id, one.title) for one in catalogue.kinds.values()), key=lambda pair: pair[1])
    return render_template(
        "pages/evidence.html", lines=lines_of(page, catalogue), total=page.total, more_than=query.COUNT_LIMIT,
        offset=page.offset, page=number, size=_SIZE, sort=sort, descending=descending, given=request.args,
        at=request.args.get("at", "") if reader.position is not None else "",
        filtered=any(request.args.get(name) for name in ("q", "kind", "system", "control", "state")),
        kinds=[("", "Every kind"), *kinds], states=STATES, day=day, moment=frame.moment_shown(),
        systems=[("", "Everything"), *((one.system.slug, one.system.name) for one in systems(connection, reader))],
        controls=[("", "Every control"), *((one.id, f"{one.id} {one.title}") for one in catalogue.controls.values())],
        may_submit=reader.position is None and may_anywhere(visit().known, Act.SUBMIT))


# -- one piece of evidence ---------------------------------------------------------------------------------------


def found_evidence(reader: Reader, key: str) -> Evidence:
    """Evidence that the visitor may see; raises NotFound."""
    found = query.evidence(visit().connection, reader, key)
    if found is None:
        raise NotFound("There is no such evidence at that moment.", mend="Check the address, or ask for access.")
    return found


def version_numbered(found: Evidence, number: int) -> Version:
    """One of its versions; raises NotFound."""
    for version in found.versions:
        if version.number == number:
            return version
    raise NotFound(f"There is no version {number} of this evidence.", mend="Choose one from its page.")


@dataclass(frozen=True)
class Subject:
    """What evidence speaks of: its name, and the address of its page where it has one."""

    name: str
    href: str
    slug: str


def subject_of(reader: Reader, found: Evidence) -> Subject:
    """The name and address of what evidence speaks of."""
    if found.about is About.SYSTEM and found.about_key:
        system = system_by_key(visit().connection, reader, found.about_key)
        if system is not None:
            return Subject(system.name, f"/systems/{system.slug}", system.slug)
    if found.about is About.UNIT and found.about_key:
        unit = units(visit().connection, reader.position).get(found.about_key)
        return Subject(unit.name if unit else "a unit", "", "")
    return Subject(house().settings.organisation, "", "")


def findings_of(version: Version) -> Findings | None:
    """The whole reading of a version, with its tables."""
    text = query.findings_text_of(visit().connection, version.key)
    return from_text(text) if text else None


def _shown_version(found: Evidence) -> Version:
    text = request.args.get("version", "")
    if text.isascii() and text.isdigit() and len(text) < 6:
        return version_numbered(found, int(text))
    return found.versions[-1]


@blueprint.get("/<key>")
@allow(Act.READ)
def page(key: str) -> str:
    """One piece of evidence: a version's findings, its review, where it counts, and its other versions."""
    reader = visit().reader(at_of_request())
    found = found_evidence(reader, key)
    return _render(reader, found, _shown_version(found))


def _render(reader: Reader, found: Evidence, version: Version, error: GovernError | None = None) -> str:
    connection, actor = visit().connection, visit().known
    catalogue = visit().catalogue(reader)
    place = query.place_of_evidence(connection, found.about, found.about_key)
    present = reader.position is None
    open_ = version.withdrawal is None
    findings = findings_of(version)
    people = {one.submitted_by for one in found.versions}
    people |= {one.review.reviewer for one in found.versions if one.review}
    people |= {one.withdrawal.by for one in found.versions if one.withdrawal}
    subject = subject_of(reader, found)
    return render_template(
        "pages/evidence_page.html", evidence=found, version=version, state=state_of(version), state_of=state_of,
        kind=kind_title(catalogue, found.kind), subject=subject, names=names(connection, people),
        layer=next((one.title for one in catalogue.layers if one.id == found.layer), found.layer or ""),
        view=drawn(findings, catalogue.kinds.get(found.kind)) if findings else None,
        uses=use_of(connection, reader, catalogue, found, subject.slug, version),
        questions={(ask.id, check.id): check.question for ask in catalogue.asks.values() for check in ask.checks},
        controls=[(one.id, f"{one.id} {one.title}") for one in catalogue.controls.values()
                  if one.id in found.controls or one.id in catalogue.controls_by_kind.get(found.kind, ())],
        may_submit=present and may(actor, Act.SUBMIT, place).allowed,
        review=may_review(actor, place, version.submitted_by) if present else None,
        may_withdraw=present and open_ and may_withdraw(actor, place, version.submitted_by).allowed,
        moment=frame.moment_shown(f"/evidence/{found.key}"),
        day=day, moment_text=moment_text, size_text=size_text, errors=errors_of(error))


@blueprint.post("/<key>/links")
@allow(Act.SUBMIT)
def links(key: str) -> Response | tuple[str, int]:
    """Set the controls that it speaks for."""
    reader = visit().reader()
    found = found_evidence(reader, key)
    try:
        command = load_form(LinkEvidenceInput, request.form, evidence=key)
        done = link_evidence(house().office, visit().known, command, visit().now)
    except GovernError as error:
        if error.field is None:
            raise
        return _render(reader, found, found.versions[-1], error), 422
    frame.flash(f"It speaks for {len(done.value)} {'control' if len(done.value) == 1 else 'controls'} now.")
    return redirect(f"/evidence/{key}", 303)


@blueprint.post("/<key>/versions/<int:number>/withdraw")
@allow(Act.WITHDRAW, Act.WITHDRAW_ANY)
def withdraw(key: str, number: int) -> Response | tuple[str, int]:
    """Take a version back, with a reason."""
    reader = visit().reader()
    found = found_evidence(reader, key)
    version = version_numbered(found, number)
    try:
        command = load_form(WithdrawInput, request.form, version=version.key)
        withdraw_version(house().office, visit().known, command, visit().now)
    except GovernError as error:
        if error.field is None:
            raise
        return _render(reader, found, version, error), 422
    frame.flash(f"Version {number} was withdrawn; it no longer counts and stays on record.")
    return redirect(f"/evidence/{key}", 303)
