"""Exports for auditors: workbook, one-page summary, CSV; each made from the same pictures, as of any moment."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, cast

from flask import Blueprint, Response, send_file, stream_with_context

from govern.access.actor import Reader
from govern.access.policy import Act, may
from govern.actions.office import require
from govern.door.pictures import picture_of, pictures_of
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import NotFound
from govern.facts.moments import iso_date
from govern.facts.systems import System
from govern.records.systems import place_of, places, system_by_slug, systems
from govern.reports.picture import Picture

blueprint = Blueprint("exports", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 8 * 1024 * 1024


def _one(slug: str) -> tuple[Reader, System]:
    """The system of the address, which the visitor may export; raises NotFound or NotAllowed."""
    reader = visit().reader(at_of_request())
    system = system_by_slug(visit().connection, reader, slug)
    if system is None:
        raise NotFound("There is no such system at that moment.", mend="Check the address, or ask for access.")
    require(may(visit().known, Act.EXPORT, place_of(visit().connection, system.key)))
    return reader, system


def whole_file(write: Callable[[BinaryIO], None], media_type: str, name: str) -> Response:
    """A file that is written whole before the first byte goes out, so that no half file is ever sent."""
    # Closed by the server once it is sent.
    target = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed with the response that streams it
    write(target)
    size = target.tell()
    target.seek(0)
    response = send_file(target, mimetype=media_type, as_attachment=True, download_name=name)
    response.content_length = size
    return response


def _name(what: str, reader: Reader, ending: str) -> str:
    return f"{what}-{iso_date(reader.moment.instant)}-entry-{reader.moment.position}.{ending}"


@blueprint.get("/systems/<slug>/export.xlsx")
@allow(Act.EXPORT)
def system_workbook(slug: str) -> Response:
    """The auditors' workbook of one system."""
    from govern.reports.workbook import write_workbook

    reader, system = _one(slug)
    pictures = pictures_of(house(), visit().connection, reader, [system], visit().now)
    return whole_file(lambda target: write_workbook(pictures, target), XLSX, _name(slug, reader, "xlsx"))


@blueprint.get("/export.xlsx")
@allow(Act.EXPORT)
def workbook() -> Response:
    """The workbook of every system that the visitor may export."""
    from govern.reports.workbook import write_workbook

    reader = visit().reader(at_of_request())
    connection, actor = visit().connection, visit().known
    where = places(connection)
    chosen = [line.system for line in systems(connection, reader)
              if line.system.key in where and may(actor, Act.EXPORT, where[line.system.key]).allowed]
    pictures = pictures_of(house(), connection, reader, chosen, visit().now)
    return whole_file(lambda target: write_workbook(pictures, target), XLSX, _name("govern", reader, "xlsx"))


@blueprint.get("/systems/<slug>/summary.pdf")
@allow(Act.EXPORT)
def summary(slug: str) -> Response:
    """The one-page assurance summary."""
    from govern.reports.summary_pdf import write_summary
    from govern.reports.typeface import fonts

    reader, system = _one(slug)
    picture = picture_of(house(), visit().connection, reader, system)
    face = fonts(house().settings.data / "cache")
    return whole_file(lambda target: write_summary(picture, target, face), "application/pdf", _name(slug, reader, "pdf"))


@blueprint.get("/systems/<slug>/controls.csv")
@allow(Act.EXPORT)
def controls_csv(slug: str) -> Response:
    """The control matrix as CSV."""
    from govern.reports.tables_csv import control_matrix_csv

    return _csv(slug, "controls", control_matrix_csv)


@blueprint.get("/systems/<slug>/evidence.csv")
@allow(Act.EXPORT)
def evidence_csv(slug: str) -> Response:
    """The evidence register as CSV."""
    from govern.reports.tables_csv import evidence_register_csv

    return _csv(slug, "evidence", evidence_register_csv)


def _csv(slug: str, what: str, write: Callable[[Iterable[Picture]], Iterator[str]]) -> Response:
    reader, system = _one(slug)
    lines = write(pictures_of(house(), visit().connection, reader, [system], visit().now))
    response = Response(stream_with_context(line.encode() for line in lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=_name(f"{slug}-{what}", reader, "csv"))
    return response
