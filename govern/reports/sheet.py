"""One table as a sheet: styled, frozen, filtered, ready to print, and written row by row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from govern.facts.moments import Instant, datetime_of, iso_instant
from govern.reports.cells import for_workbook
from govern.reports.columns import Column, Form, Row, Value

Sheet = Any  # openpyxl's published types leave out most of what a write-only sheet and its cells have
Cell = Any

A3, A4 = 8, 9  # paper sizes as ECMA-376 numbers them
WHEN = "yyyy-mm-dd hh:mm"
_LINE_HEIGHT, _MOST_LINES = 13.0, 24  # points; Excel shows no row higher than 409
_EXCEL_BEGINS = datetime(1900, 3, 1)  # noqa: DTZ001 - a sheet's dates carry no zone; before it Excel counts a day too many

INK, MUTED, HEAD, RULE = "FF1D2433", "FF5A6375", "FF26304A", "FFD5DAE3"
# Background and foreground for words, at least 4.5 to 1 against each other (WCAG 2.2, 1.4.3).
_GOOD, _WAIT, _WARN = ("FFDDF3E6", "FF14532D"), ("FFDDE7FA", "FF1E3A8A"), ("FFFCEBCB", "FF6B3F00")
_BAD, _HELD, NEUTRAL = ("FFFBDAD7", "FF7F1D1D"), ("FFE9E0F8", "FF4C1D95"), ("FFEDEFF3", "FF3F4758")
COLOURS = {
    "satisfied": _GOOD, "met": _GOOD, "accepted": _GOOD, "answered": _GOOD,
    "in review": _WAIT, "submitted": _WAIT, "open": _WAIT,
    "stale": _WARN, "partial": _WARN, "partly met": _WARN, "undecided": _WARN,
    "failing": _BAD, "missing": _BAD, "absent": _BAD, "not met": _BAD, "rejected": _BAD, "withdrawn": _BAD,
    "waived": _HELD,
}

_THIN = Border(bottom=Side(style="thin", color=RULE))
_TOP = Alignment(vertical="top", wrap_text=True)


class TableSheet:
    """A sheet that takes one row at a time and keeps none.

    Cells are made once for each column and way of looking, and used again for every row.
    """

    def __init__(self, book: Workbook, title: str, columns: Sequence[Column], *, frozen: int, footer: str,
                 paper: int = A4) -> None:
        self.title, self.rows = title, 0
        self._columns = columns
        self._cells: dict[tuple[int, str, bool], Cell] = {}
        self._sheet: Sheet = book.create_sheet(title)
        prepare(self._sheet, [column.width for column in columns], footer=footer, paper=paper)
        self._sheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
        self._sheet.print_title_rows = "1:1"
        self._sheet.row_dimensions[1].height = 2.4 * _LINE_HEIGHT
        self._sheet.append([heading(self._sheet, column.title) for column in columns])

    def add(self, row: Row) -> None:
        """Write one row, its values in the order of the columns."""
        self.rows += 1
        number = self.rows + 1
        self._sheet.row_dimensions[number].height = _height(self._columns, row)
        self._sheet.append([
            None if value is None or value == "" else self._cell(index, column, value)
            for index, (column, value) in enumerate(zip(self._columns, row, strict=True))
        ])
        del self._sheet.row_dimensions[number]

    def finish(self) -> None:
        """Set the filter over all rows; nothing can be added afterwards."""
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{self.rows + 1}"

    def discard(self) -> None:
        """Close the sheet and remove the file that its rows are kept in until the workbook is written."""
        self._sheet.close()
        self._sheet._writer.cleanup()

    def _cell(self, index: int, column: Column, value: Value) -> Cell:
        if column.form is Form.INSTANT and isinstance(value, int):
            when = sheet_time(value)
            cell = self._reused(index, column, "", quoted=False)
            put(cell, when if when is not None else iso_instant(value))
            return cell
        if isinstance(value, str):
            text, quoted = for_workbook(value)
            cell = self._reused(index, column, value if column.form is Form.WORD else "", quoted=quoted)
            put(cell, text)
            return cell
        cell = self._reused(index, column, "", quoted=False)
        cell.value = value
        return cell

    def _reused(self, index: int, column: Column, word: str, *, quoted: bool) -> Cell:
        look = word if word in COLOURS else ""
        if (index, look, quoted) not in self._cells:
            self._cells[index, look, quoted] = _styled(self._sheet, column, look, quoted=quoted)
        return self._cells[index, look, quoted]


def prepare(sheet: Sheet, widths: Sequence[int], *, footer: str, paper: int) -> None:
    """Set column widths and print set-up: landscape, as wide as the page, numbered, with a footer."""
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.left.text, sheet.oddFooter.center.text = "&A", footer
    sheet.oddFooter.right.text = "&P / &N"


def heading(sheet: Sheet, text: str) -> Cell:
    """A cell of a table's first row."""
    cell = text_cell(sheet, text, Font(name="Calibri", size=10, bold=True, color="FFFFFFFF"))
    cell.fill = PatternFill("solid", fgColor=HEAD)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def text_cell(sheet: Sheet, text: str, font: Font) -> Cell:
    """A cell of text that no spreadsheet runs."""
    shown, quoted = for_workbook(text)
    cell = WriteOnlyCell(sheet)
    put(cell, shown)
    cell.font, cell.alignment = font, _TOP
    if quoted:
        cell.quotePrefix = True
    return cell


def put(cell: Cell, value: str | datetime) -> None:
    """Give a cell a value; text stays text whatever it begins with."""
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
    else:
        cell.value = value
        cell.number_format = WHEN


def sheet_time(instant: Instant) -> datetime | None:
    """The UTC time of an instant without its zone, as sheets keep it; None beyond their calendar."""
    try:
        when = datetime_of(instant).replace(tzinfo=None)
    except OverflowError:
        return None
    return when if when >= _EXCEL_BEGINS else None


def _styled(sheet: Sheet, column: Column, word: str, *, quoted: bool) -> Cell:
    cell = WriteOnlyCell(sheet)
    cell.border, cell.alignment = _THIN, _TOP
    back, front = COLOURS.get(word, NEUTRAL if column.form is Form.WORD else ("", INK))
    cell.font = Font(name="Calibri", size=10, color=front, bold=column.form is Form.WORD)
    if back:
        cell.fill = PatternFill("solid", fgColor=back)
    if column.form is Form.NUMBER:
        cell.number_format = "#,##0"
        cell.alignment = Alignment(vertical="top", horizontal="right")
    if quoted:
        cell.quotePrefix = True
    return cell


def _height(columns: Sequence[Column], row: Row) -> float:
    """Points for the row's longest text, within reason: the whole text is in the cell whatever its height."""
    needed = 1
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, str) and (len(value) > column.width or "\n" in value):
            shown = value[:column.width * _MOST_LINES]
            needed = max(needed, sum(1 + len(line) // column.width for line in shown.split("\n")))
    return _LINE_HEIGHT * min(needed, _MOST_LINES) + 3
