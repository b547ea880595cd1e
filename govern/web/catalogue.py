"""The catalogue in force: what it holds and reaches, every one that ever was, what was brought beside it, exports of all."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO

from flask import Blueprint, Response, render_template, request

from govern.access.policy import Act, may_anywhere
from govern.actions.catalogue import propose_upgrade
from govern.actions.office import INSTANCE
from govern.catalogue.difference import difference
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import CatalogueError, InputRefused, NotFound
from govern.facts.tailoring import Brought
from govern.records.catalogues import count_versions, version_in_force, versions
from govern.records.people import names
from govern.records.tailoring import brought
from govern.reports.catalogue_part import Part, fits_sheets, part_of
from govern.reports.oscal_parts import MEDIA_TYPE, Edition, file_name
from govern.web import frame
from govern.web.catalogue_view import (
    FORMATS,
    VersionLine,
    changes_shown,
    counts_of,
    held_by,
    held_in_short,
    reach_rows,
    version_lines,
)
from govern.web.when import moment_text

blueprint = Blueprint("catalogue", __name__, url_prefix="/catalogue")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAGE = 15


# -- looking ---------------------------------------------------------------------------------------------------------


@blueprint.get("")
@allow(Act.READ)
def overview() -> str:
    """The catalogue in force, its additions, its versions and how far it reaches."""
    here = visit()
    reader, at = here.reader(at_of_request()), request.args.get("at", "")
    catalogue, now = here.catalogue(reader), version_in_force(here.connection, reader.position)
    found = versions(here.connection, reader.position, before=_cursor(), most=_PAGE + 1)
    there = brought(here.connection, reader.position)
    known = _names({now.actor, *(one.actor for one in found), *(one.brought_by for one in there)})
    return render_template(
        "pages/catalogue.html", catalogue=catalogue, counts=counts_of(catalogue), at=at, now=now,
        since=moment_text(now.instant), by=known.get(now.actor, "Somebody"), waiting=waiting(there, now.digest),
        versions=version_lines(found[:_PAGE], known, now.digest, now.entry), total=count_versions(here.connection, reader.position),
        older=found[_PAGE - 1].entry if len(found) > _PAGE else 0, cursor=request.args.get("before", ""),
        additions=[{"one": one, "format": FORMATS.get(one.format, one.format), "who": known.get(one.brought_by, "Somebody"),
                    "when": moment_text(one.brought), "holds": held_in_short(json.loads(one.body))} for one in there],
        reach=reach_rows(catalogue, at), moment=frame.moment_shown(), **_may())


def _cursor() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InputRefused(f"“{text[:40]}” is no position of the ledger.", field="before", mend="Follow the links of the list.")
    return int(text) if text else None


def _names(keys: set[str]) -> dict[str, str]:
    return {INSTANCE: "Govern", **names(visit().connection, keys)}


def _may() -> dict[str, bool]:
    actor = visit().known
    return {"may_keep": may_anywhere(actor, Act.KEEP_CATALOGUE), "may_export": may_anywhere(actor, Act.EXPORT)}


def waiting(there: tuple[Brought, ...], digest: str) -> str:
    """`waits` where this version ships another catalogue, `clashes` where that does not go with the additions."""
    here = visit()
    if here.reader(at_of_request()).position is not None:
        return ""
    try:
        shipped = house().office.catalogues.worked_out(
            ("shipped", *(one.row for one in there)), lambda: propose_upgrade(here.connection).catalogue)
    except CatalogueError:
        return "clashes"
    return "waits" if shipped.digest != digest else ""


@blueprint.get("/versions/<int:position>")
@allow(Act.READ)
def version(position: int) -> str:
    """One catalogue that was in force: what it changed against the one before."""
    here = visit()
    found = versions(here.connection, here.reader().position, before=position + 1, most=2)
    if not found or found[0].entry != position:
        raise NotFound(f"Entry {position} put no catalogue in force.", mend="The catalogue's page lists those that did.")
    catalogues = house().office.catalogues
    this, newest = catalogues.of(here.connection, found[0].digest), version_in_force(here.connection, None)
    before = catalogues.of(here.connection, found[1].digest) if len(found) > 1 else None
    lines = version_lines(found, _names({one.actor for one in found}), newest.digest, newest.entry)
    changes = changes_shown(difference(before, this), here.catalogue()) if before else []
    return render_template("pages/catalogue_version.html", line=lines[0], earlier=_earlier(lines), counts=counts_of(this),
                           before=counts_of(before) if before else {}, changes=changes, **_may())


def _earlier(lines: list[VersionLine]) -> VersionLine | None:
    return lines[1] if len(lines) > 1 else None


# -- one addition ----------------------------------------------------------------------------------------------------


@blueprint.get("/additions/<name>")
@allow(Act.READ)
def addition(name: str) -> str:
    """What was brought by one addition."""
    one = _addition(name)
    tree = json.loads(one.body)
    return render_template(
        "pages/catalogue_addition.html", one=one, format=FORMATS.get(one.format, one.format), held=held_by(tree),
        who=_names({one.brought_by}).get(one.brought_by, "Somebody"), when=moment_text(one.brought), fits=fits_sheets(tree),
        at=request.args.get("at", ""), past=visit().reader(at_of_request()).position is not None,
        moment=frame.moment_shown(), **_may())


def _addition(name: str) -> Brought:
    """An addition in force at the moment of the request; raises NotFound."""
    here = visit()
    there = brought(here.connection, here.reader(at_of_request()).position)
    found = next((one for one in there if one.name == name), None)
    if found is None:
        raise NotFound(f"There is no addition “{name[:80]}”.", mend="The catalogue's page lists those in force.")
    return found


@blueprint.get("/additions/<name>/document.json")
@allow(Act.EXPORT)
def addition_document(name: str) -> Response:
    """An addition as the document that brings it again, whole."""
    one = _addition(name)
    text = json.dumps(json.loads(one.body), indent=2, ensure_ascii=False) + "\n"
    return attached(text, "application/json", f"{one.name}.json")


@blueprint.get("/additions/<name>/export.xlsx")
@allow(Act.EXPORT)
def addition_workbook(name: str) -> Response:
    """An addition as a workbook to edit and bring again; raises NotFound for one that has more than a workbook holds."""
    tree = json.loads(_addition(name).body)
    if not fits_sheets(tree):
        raise NotFound("This addition holds what a workbook has no sheet for.", mend="Take its JSON document.")
    catalogue, edition = _edition()
    return _workbook(catalogue, edition, f"{tree['addition']}.xlsx", part_of(tree, catalogue))


# -- exports ---------------------------------------------------------------------------------------------------------


def _edition() -> tuple[Catalogue, Edition]:
    """The catalogue at the moment of the request, and since when it was in force then."""
    here = visit()
    reader = here.reader(at_of_request())
    since = version_in_force(here.connection, reader.position).instant
    return here.catalogue(reader), Edition(house().settings.organisation, since)


def attached(content: str | bytes, media_type: str, name: str) -> Response:
    """A file to download."""
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _oscal(write: Callable[[Catalogue, Edition], str], *names_: str) -> Response:
    catalogue, edition = _edition()
    return attached(write(catalogue, edition), MEDIA_TYPE, file_name(catalogue, *names_))


@blueprint.get("/oscal/catalog.json")
@allow(Act.EXPORT)
def oscal_catalog() -> Response:
    """Our controls as an OSCAL catalog."""
    from govern.reports.oscal_catalog import catalog_text

    return _oscal(catalog_text, "catalog")


@blueprint.get("/oscal/profiles/<baseline>.json")
@allow(Act.EXPORT)
def oscal_profile(baseline: str) -> Response:
    """A baseline as an OSCAL profile."""
    from govern.reports.oscal_profile import profile_text

    return _oscal(lambda catalogue, edition: profile_text(catalogue, baseline, edition), "profile", baseline)


@blueprint.get("/oscal/mappings/<framework>.json")
@allow(Act.EXPORT)
def oscal_mapping(framework: str) -> Response:
    """The mappings to a framework as an OSCAL mapping-collection."""
    from govern.reports.oscal_mapping import mapping_text

    return _oscal(lambda catalogue, edition: mapping_text(catalogue, framework, edition), "mapping", framework)


@blueprint.get("/export.xlsx")
@allow(Act.EXPORT)
def workbook() -> Response:
    """The whole catalogue as a workbook in the form that can be brought back."""
    catalogue, edition = _edition()
    return _workbook(catalogue, edition, f"govern-catalogue-{catalogue.digest[:12]}.xlsx")


def _workbook(catalogue: Catalogue, edition: Edition, name: str, part: Part | None = None) -> Response:
    from govern.reports.catalogue_workbook import write_catalogue

    target = BytesIO()
    write_catalogue(catalogue, edition, target, part)
    return attached(target.getvalue(), XLSX, name)


@blueprint.get("/mappings/<framework>.csv")
@allow(Act.EXPORT)
def mappings_csv(framework: str) -> Response:
    """The mappings to a framework as CSV."""
    from govern.reports.catalogue_csv import mappings_csv as lines_of

    catalogue, _ = _edition()
    text = "".join(lines_of(catalogue, framework))
    return attached(text, "text/csv", f"mappings-{framework}-{catalogue.digest[:12]}.csv")

