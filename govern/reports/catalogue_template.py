"""The workbook to fill in with frameworks, controls and mappings of one's own, to be brought as an addition.

Made from the description that reading goes by (catalogue.incoming.sheets) and from the words of the catalogue in force,
so that its lists name what a check would accept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.writer.excel import ExcelWriter

from govern.catalogue.asks import ABOUT
from govern.catalogue.frameworks import STATUSES
from govern.catalogue.incoming.sheets import FRONT, FRONT_ID, FRONT_TITLE, GAP, LISTS, SHEETS, Form, SheetColumn, SheetForm
from govern.catalogue.objects import Catalogue, Relation
from govern.facts.moments import Instant, datetime_of
from govern.reports.cells import inert
from govern.reports.sheet import A3, HEAD, INK, MUTED, RULE, prepare
from govern.reports.stamped_zip import StampedZip

HEADINGS_IN = 2
"""The row of the headings; above it stands a line of explanation, below it what is filled in."""
_FILLED = 5_000  # rows that are given lists
_PAPER, _MUST = "FFF4F6FA", "FFFFF7DB"
_FONT = "Calibri"
_FILL_IN = 10
_STEPS = (
    "Fill in the two yellow cells below, and the sheets that you need; leave the others as they are.",
    "A yellow heading marks a column that every row needs. Select a cell to read what belongs there.",
    "Cells with several words separate them with commas. The sheet Lists holds the words that the catalogue knows.",
    "Write values, not formulas. Do not merge cells. Your own sheets beside these are not read.",
    "Bring the workbook on the catalogue's page, or with `govern catalogue import`. It is checked as a whole: nothing is taken in "
    "part, and each mistake is named with its sheet and cell.",
    "The id below stands for this addition: a workbook with the same id replaces the one before.",
)

Sheet = Any  # openpyxl's published types leave out most of what a sheet has


def write_template(catalogue: Catalogue, target: BinaryIO, now: Instant) -> None:
    """Write the template to `target`, with the words of `catalogue`; `now` is the time that the file bears."""
    book = Workbook()
    at = datetime_of(now).replace(tzinfo=None, microsecond=0)
    book.properties = DocumentProperties(title="Addition to the catalogue", creator="Govern", lastModifiedBy="Govern",
                                         language="en-GB", created=at, modified=at)
    footer = f"Catalogue {catalogue.digest[:16]}…"
    front = book.active
    _front(front, footer)
    lists = words_of(catalogue)
    for form in SHEETS:
        _sheet(book.create_sheet(form.title), form, lists, footer)
    _lists(book.create_sheet(LISTS), lists, footer)
    # Not `book.save`, which would enter the time of day as the time of the last change.
    ExcelWriter(book, StampedZip(target, now)).save()


def words_of(catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """The words that columns choose from, by the name of the list."""
    return {
        "yes": ("yes", "no"),
        "statuses": STATUSES,
        "title_is": ("official", "ours"),
        "relations": (*(one.value for one in Relation), GAP),
        "frameworks": tuple(catalogue.frameworks),
        "controls": tuple(catalogue.controls),
        "stages": tuple(one.id for one in catalogue.stages),
        "events": tuple(one.id for one in catalogue.events),
        "kinds": tuple(catalogue.kinds),
        "about": ABOUT,
        "bases": tuple(one.id for one in catalogue.bases),
        "functions": tuple(one.id for one in catalogue.functions),
        "threats": tuple(one.id for one in catalogue.threats),
        "goals": tuple(one.id for one in catalogue.goals),
        "defences": tuple(one.id for one in catalogue.defences),
        "traits": tuple(f"trait.{one.id.replace('-', '_')}" for one in catalogue.traits),
    }


def _front(sheet: Sheet, footer: str) -> None:
    sheet.title = FRONT
    prepare(sheet, (26, 90), footer=footer, paper=A3)
    sheet["A1"], sheet["A1"].font = "An addition to the catalogue", Font(name=_FONT, size=16, bold=True, color=INK)
    for number, step in enumerate(_STEPS, 1):
        sheet.cell(number + 2, 1, number).alignment = Alignment(vertical="top", horizontal="right")
        cell = sheet.cell(number + 2, 2, step)
        cell.font, cell.alignment = Font(name=_FONT, size=11, color=INK), Alignment(vertical="top", wrap_text=True)
    for number, (label, meaning) in enumerate((
        (FRONT_ID, "Small letters and digits with hyphens between, such as house-policy."),
        (FRONT_TITLE, "What people see, such as Security policy of the house."),
    )):
        row = _FILL_IN + number
        sheet.cell(row, 1, label).font = Font(name=_FONT, size=11, bold=True, color=INK)
        cell = sheet.cell(row, 2)
        cell.fill, cell.number_format, cell.border = PatternFill("solid", fgColor=_MUST), "@", _line()
        _rule(sheet, f"B{row}", label, meaning, "")
    sheet.cell(_FILL_IN + 3, 1, "Sheet").font = Font(name=_FONT, size=11, bold=True, color=INK)
    for number, form in enumerate(SHEETS, _FILL_IN + 4):
        link = sheet.cell(number, 1, form.title)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"{quote_sheetname(form.title)}!A1")
        link.font = Font(name=_FONT, size=11, underline="single", color=INK)
        sheet.cell(number, 2, form.meaning).font = Font(name=_FONT, size=11, color=INK)
    sheet.sheet_view.showGridLines = False


def _sheet(sheet: Sheet, form: SheetForm, lists: dict[str, tuple[str, ...]], footer: str) -> None:
    """One sheet to fill in: a line of explanation, headings, and rows that know what belongs in them."""
    prepare(sheet, [column.width for column in form.columns], footer=footer, paper=A3)
    sheet["A1"], sheet["A1"].font = form.meaning, Font(name=_FONT, size=11, italic=True, color=MUTED)
    sheet.freeze_panes = f"A{HEADINGS_IN + 1}"
    sheet.print_title_rows = f"{HEADINGS_IN}:{HEADINGS_IN}"
    sheet.row_dimensions[HEADINGS_IN].height = 32
    for index, column in enumerate(form.columns, 1):
        letter = get_column_letter(index)
        heading = sheet.cell(HEADINGS_IN, index, column.title)
        heading.font = Font(name=_FONT, size=10, bold=True, color=INK if column.must else "FFFFFFFF")
        heading.fill = PatternFill("solid", fgColor=_MUST if column.must else HEAD)
        heading.alignment, heading.border = Alignment(vertical="center", wrap_text=True), _line()
        below = f"{letter}{HEADINGS_IN + 1}:{letter}{HEADINGS_IN + _FILLED}"
        _rule(sheet, below, column.title, _meaning(column), _range(column, lists), strict=column.form is not Form.WORDS
              and column.choices not in ("frameworks", "controls"))
        # The look of the whole column: a text such as 1.10 stays one wherever it is typed.
        sheet.column_dimensions[letter].number_format = "0" if column.form is Form.DAYS else "@"
        sheet.column_dimensions[letter].alignment = Alignment(vertical="top", wrap_text=True)


def _rule(sheet: Sheet, cells: str, title: str, meaning: str, words: str, *, strict: bool = True) -> None:
    """What is said and checked when cells are filled in; `strict` refuses words that are not of the list."""
    rule = DataValidation(type="list" if words else None, formula1=words or None, allow_blank=True, showInputMessage=True,
                          showErrorMessage=bool(words) and strict, promptTitle=title[:32], prompt=meaning[:255],
                          errorTitle=title[:32], error="This word is not in the list." if words else None)
    sheet.add_data_validation(rule)
    rule.add(cells)


def _meaning(column: SheetColumn) -> str:
    form = "" if column.form is Form.TEXT else f" ({column.form.value})"
    return f"{column.meaning}{form}{'' if column.must else ' May be empty.'}"


def _range(column: SheetColumn, lists: dict[str, tuple[str, ...]]) -> str:
    """The cells of the sheet Lists that hold a column's words; empty for none."""
    words = lists.get(column.choices, ())
    if not words:
        return ""
    letter = get_column_letter(list(lists).index(column.choices) + 1)
    return f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(words) + 1}"


def _lists(sheet: Sheet, lists: dict[str, tuple[str, ...]], footer: str) -> None:
    prepare(sheet, [28] * len(lists), footer=footer, paper=A3)
    sheet.freeze_panes = "A2"
    for index, (name, words) in enumerate(lists.items(), 1):
        _list(sheet, index, name.replace("_", " ").capitalize(), words)


def _list(sheet: Sheet, index: int, title: str, words: Sequence[str]) -> None:
    heading = sheet.cell(1, index, title)
    heading.font, heading.fill = Font(name=_FONT, size=10, bold=True, color=INK), PatternFill("solid", fgColor=_PAPER)
    for number, word in enumerate(words, 2):
        cell = sheet.cell(number, index)
        cell.value, cell.data_type, cell.number_format = inert(word), "s", "@"


def _line() -> Border:
    side = Side(style="thin", color=RULE)
    return Border(left=side, right=side, top=side, bottom=side)
