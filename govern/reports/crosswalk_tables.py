"""A crosswalk as CSV and as a workbook: every pair with its grounds, and every requirement without a partner.

Rows are functions of the crosswalk and its catalogue alone; the same ones at the same moment give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from govern.catalogue.crosswalking import Claim, Crossing, Pair
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue, Framework
from govern.catalogue.ties import Tie
from govern.facts.moments import Moment, datetime_of, iso_instant
from govern.reports.cells import cut, visible
from govern.reports.columns import Column, Form, Row, lines
from govern.reports.sheet import A3, A4, INK, TableSheet, prepare, text_cell
from govern.reports.stamped_zip import StampedZip
from govern.reports.tables_csv import written_csv

NO_PARTNER = "no partner"
READING = {
    Claim.EQUAL: "Both ask the same.",
    Claim.SUBSET: "All that the first asks is asked by the second.",
    Claim.SUPERSET: "All that the second asks is asked by the first.",
    Claim.INTERSECTS: "Something is asked by both; neither proves the other.",
    Claim.RELATED: "A control touches both, which proves nothing about how they relate.",
}
"""What each relation says, read from the first framework to the second."""


def crosswalk_columns(crossing: Crossing) -> tuple[Column, ...]:
    """The columns of a crosswalk; the frameworks stand in the headings."""
    first, second = short_name(crossing.first), short_name(crossing.second)
    return (
        Column(first, 20), Column(f"{first}: title", 40), Column("Relation", 16, Form.WORD), Column(second, 20),
        Column(f"{second}: title", 40), Column("Controls", 14), Column(f"Control to {first}, and why", 60),
        Column(f"Control to {second}, and why", 60), Column("Without a control", 30), Column("Stated by", 18),
        Column("Publisher's word", 34),
    )


def crosswalk_rows(crossing: Crossing, catalogue: Catalogue) -> Iterator[Row]:
    """Every pair in order, then what has no partner in the first framework and in the second."""
    for pair in crossing.pairs:
        yield _row(pair, crossing, catalogue)
    for id_ in crossing.alone_first:
        yield (id_, crossing.first.by_id[id_].title, NO_PARTNER, "", "", "\n".join(crossing.ties_first.get(id_, ())),
               *[""] * 5)
    for id_ in crossing.alone_second:
        yield ("", "", NO_PARTNER, id_, crossing.second.by_id[id_].title, "\n".join(crossing.ties_second.get(id_, ())),
               *[""] * 5)


def _row(pair: Pair, crossing: Crossing, catalogue: Catalogue) -> Row:
    first, second = crossing.first, crossing.second
    grounds = [(_ground(crossing.ties_first[pair.first][control], first, catalogue),
                _ground(crossing.ties_second[pair.second][control], second, catalogue)) for control, _ in pair.controls]
    through = f"{pair.direct}: one is met through the other" if pair.direct else ""
    return (
        pair.first, first.by_id[pair.first].title, str(pair.claim or "not stated by ours"), pair.second,
        second.by_id[pair.second].title, "\n".join(f"{control} ({claim})" for control, claim in pair.controls),
        "\n".join(one for one, _ in grounds), "\n".join(other for _, other in grounds), through, str(pair.view),
        lines(*(_stated(one.crosswalk.publisher, one.crosswalk.relation, turned=one.turned) for one in pair.stated)),
    )


def _ground(tie: Tie, framework: Framework, catalogue: Catalogue) -> str:
    via = ""
    if tie.via is not None:
        named = "" if tie.via.framework == framework.id else f"{short_name(catalogue.frameworks[tie.via.framework])} "
        via = f", through {named}{tie.via.requirement}"
    return f"{tie.control} ({tie.relation or 'bears on'}{via}): {tie.why}"


def _stated(publisher: str, relation: str, *, turned: bool) -> str:
    return f"{publisher}: {relation}{' (from the second to the first)' if turned else ''}"


def crosswalk_csv(crossing: Crossing, catalogue: Catalogue) -> Iterator[str]:
    """The crosswalk as CSV, a line at a time; encode with UTF-8."""
    return written_csv(crosswalk_columns(crossing), crosswalk_rows(crossing, catalogue))


def write_crosswalk(crossing: Crossing, catalogue: Catalogue, moment: Moment, organisation: str, target: BinaryIO) -> None:
    """Write the crosswalk as a workbook to `target`: how to read it, then the pairs."""
    title = f"Crosswalk of {short_name(crossing.first)} and {short_name(crossing.second)}"
    footer = f"Catalogue {catalogue.digest[:16]}…, ledger position {moment.position}"
    book = Workbook(write_only=True)
    book.properties = _properties(title, organisation, catalogue, moment)
    _about(book, title, crossing, catalogue, moment, organisation, footer)
    sheet = TableSheet(book, "Crosswalk", crosswalk_columns(crossing), frozen=4, footer=footer, paper=A3)
    try:
        for row in crosswalk_rows(crossing, catalogue):
            sheet.add(row)
    except BaseException:
        sheet.discard()
        raise
    sheet.finish()
    # Not `book.save`, which would enter the time of day as the time of the last change.
    ExcelWriter(book, StampedZip(target, moment.instant)).save()


def _properties(title: str, organisation: str, catalogue: Catalogue, moment: Moment) -> DocumentProperties:
    at = datetime_of(moment.instant).replace(tzinfo=None, microsecond=0)
    by = cut(visible(organisation), 255)
    return DocumentProperties(title=cut(visible(title), 255), subject=f"As of {iso_instant(moment.instant)}",
                              description=f"Catalogue {catalogue.digest}.", creator=by, lastModifiedBy=by, language="en-GB",
                              created=at, modified=at)


def _about(book: Workbook, title: str, crossing: Crossing, catalogue: Catalogue, moment: Moment, organisation: str,
           footer: str) -> None:
    """The first sheet: what this is, from what it was made, and how each relation reads."""
    sheet = book.create_sheet("About")
    prepare(sheet, [34, 110], footer=footer, paper=A4)
    plain, strong = Font(name="Calibri", size=10, color=INK), Font(name="Calibri", size=10, bold=True, color=INK)
    sheet.append([text_cell(sheet, title, Font(name="Calibri", size=18, bold=True, color=INK))])
    said = [
        ("Organisation", organisation), ("Moment", iso_instant(moment.instant)), ("Ledger position", f"{moment.position:,}"),
        ("Catalogue (SHA-256)", catalogue.digest), ("First", f"{crossing.first.title}, {crossing.first.version}"),
        ("Second", f"{crossing.second.title}, {crossing.second.version}"),
        ("How it is made", "A requirement of each stands in a pair where a control is mapped to both. Their relation follows "
                           "from the two mappings; no more is claimed than follows."),
        *((claim.value, f"{READING[claim]} Pairs: {crossing.counts[claim]:,}.") for claim in Claim),
        (NO_PARTNER, "No control is mapped to it and to anything in the other, and no publisher states a pair. "
                     f"Requirements: {len(crossing.alone_first):,} and {len(crossing.alone_second):,}."),
        *((walk.publisher, f"{walk.title}. {walk.wording}") for walk in crossing.publishers),
    ]
    for label, text in said:
        sheet.append([text_cell(sheet, label, strong), text_cell(sheet, text, plain)])
