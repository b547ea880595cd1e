"""The auditors' workbook: cover, control matrix, requirements asked, evidence register, requests, coverage.

The same pictures give the same bytes: every time in the file is one that the stamp states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.writer.excel import ExcelWriter

from govern.facts.moments import datetime_of, iso_instant
from govern.reports.asked import ASK_COLUMNS, REQUEST_COLUMNS, ask_rows, request_rows
from govern.reports.cells import cut, visible
from govern.reports.columns import Column, Row
from govern.reports.cover import system_line, write_cover
from govern.reports.coverage_rows import COVERAGE_COLUMNS, coverage_rows
from govern.reports.matrix import control_columns, control_rows
from govern.reports.naming import person
from govern.reports.picture import Picture
from govern.reports.register import EVIDENCE_COLUMNS, evidence_rows
from govern.reports.selection import of_one_moment
from govern.reports.sheet import A3, A4, TableSheet
from govern.reports.stamped_zip import StampedZip


@dataclass(frozen=True)
class _Part:
    title: str
    row_is: str
    columns: tuple[Column, ...]
    rows: Callable[[Picture], Iterator[Row]]
    frozen: int
    paper: int = A4


def write_workbook(pictures: Iterable[Picture], target: BinaryIO) -> None:
    """Write the workbook of these systems, all at one moment, to `target`.

    Pictures are fetched one at a time and rows are not kept. Raises InputRefused when there is no picture,
    and ValueError when their stamps or catalogues differ.
    """
    first, every = of_one_moment(pictures)
    book = Workbook(write_only=True)
    book.properties = _properties(first)
    footer = f"Ledger position {first.stamp.position}, root {first.stamp.root[:16]}…"
    cover = book.create_sheet("Cover")
    parts = _parts(first)
    sheets = [TableSheet(book, part.title, part.columns, frozen=part.frozen, footer=footer, paper=part.paper)
              for part in parts]
    systems = []
    try:
        for picture in every:
            systems.append(system_line(picture))
            for part, sheet in zip(parts, sheets, strict=True):
                for row in part.rows(picture):
                    sheet.add(row)
    except BaseException:
        for sheet in sheets:
            sheet.discard()
        raise
    for sheet in sheets:
        sheet.finish()
    described = [(part.title, sheet.rows, part.row_is) for part, sheet in zip(parts, sheets, strict=True)]
    write_cover(cover, first, systems, described, footer)
    # Not `book.save`, which would enter the time of day as the time of the last change.
    ExcelWriter(book, StampedZip(target, first.stamp.generated)).save()


def _parts(first: Picture) -> tuple[_Part, ...]:
    seen: set[str] = set()
    return (
        _Part("Control matrix", "a control of a system, its status and why", control_columns(first.catalogue),
              control_rows, 5, A3),
        _Part("Requirements asked", "a piece of evidence that a control asks for", ASK_COLUMNS, ask_rows, 3),
        _Part("Evidence register", "a version of a piece of evidence; what many systems share stands once",
              EVIDENCE_COLUMNS, lambda picture: evidence_rows(picture, seen), 2, A3),
        _Part("Requests", "a request for evidence", REQUEST_COLUMNS, request_rows, 1),
        _Part("Coverage", "a requirement of a framework", COVERAGE_COLUMNS, coverage_rows, 4),
    )


def _properties(first: Picture) -> DocumentProperties:
    stamp = first.stamp
    at = datetime_of(stamp.generated).replace(tzinfo=None, microsecond=0)
    organisation, by = (cut(visible(text), 255) for text in (stamp.organisation,
                                                              person(first.names, stamp.generated_by)))
    return DocumentProperties(
        title=f"Control matrix and evidence register: {organisation}",
        subject=f"As of {iso_instant(stamp.instant)}, ledger position {stamp.position}",
        description=f"Ledger root {stamp.root}. Catalogue {stamp.catalogue}. Rules {stamp.rules}.",
        creator=by, lastModifiedBy=by, language="en-GB", created=at, modified=at,
    )
