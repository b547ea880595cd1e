"""The rows of a workbook's sheets, each cell with its place; what a cell may not hold is noted there."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from govern.catalogue.additions import listed
from govern.catalogue.incoming.notes import Notes
from govern.catalogue.incoming.sheets import FRONT, FRONT_ID, FRONT_TITLE, LISTS, MOST_ROWS, SHEETS, Form, SheetColumn, SheetForm
from govern.catalogue.source import Items, near

_WIDEST = 60  # columns that are looked at
_HEADINGS_BY = 10  # the row by which the headings have to come
_YES = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True)
class Row:
    """One row: what its cells hold by the key of their column, empty ones as None, and how to name their places."""

    values: dict[str, Any]
    cells: dict[str, str]
    place: str

    def text(self, key: str) -> str:
        """A text; empty where the cell is."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def at(self, key: str) -> str:
        """The place of a cell."""
        return self.cells.get(key, self.place)


@dataclass(frozen=True)
class Book:
    """A workbook's rows by sheet, and what its first sheet says of the addition."""

    rows: dict[str, list[Row]]
    front: dict[str, tuple[str, str]]


def read_book(data: bytes, notes: Notes) -> Book | None:
    """All rows of the sheets of the form, or None (noted) where the workbook cannot be read.

    The parts of the archive have been looked through before: see `workbook_parts`.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of looks and rules for input, which do not matter here
            book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            try:
                return _book(book, notes)
            finally:
                book.close()
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, SyntaxError) as problem:
        notes.refuse("", f"The workbook cannot be read: {type(problem).__name__}: {str(problem)[:200]}.", "Save it again as .xlsx.")
        return None


def _book(book: Any, notes: Notes) -> Book:
    known = {form.title.casefold(): form for form in SHEETS}
    rows: dict[str, list[Row]] = {}
    front: dict[str, tuple[str, str]] = {}
    for sheet in book.worksheets:
        title = str(sheet.title)
        place = f"{notes.file}, sheet {title}"
        form = known.get(title.strip().casefold())
        if form is not None:
            rows[form.title] = list(_rows(sheet, form, place, notes))
        elif title == FRONT:
            front = _front(sheet, place)
        elif title != LISTS:
            notes.warn_at(place, "The sheet is not read.", near(title, [one.title for one in SHEETS]))
    if not rows:
        notes.refuse("", f"None of the sheets {', '.join(one.title for one in SHEETS)} is there.",
                     "Begin with the template.")
    return Book(rows, front)


def _front(sheet: Any, place: str) -> dict[str, tuple[str, str]]:
    """What stands beside the two labels of the first sheet, with its place."""
    found = {}
    for number, row in enumerate(sheet.iter_rows(max_row=40, max_col=2, values_only=True), 1):
        if len(row) == 2 and row[0] in (FRONT_ID, FRONT_TITLE) and isinstance(row[1], str) and row[1].strip():
            found[str(row[0])] = (row[1].strip(), f"{place}, cell B{number}")
    return found


# -- one sheet -------------------------------------------------------------------------------------------------------


def _rows(sheet: Any, form: SheetForm, place: str, notes: Notes) -> Iterator[Row]:
    sheet.reset_dimensions()
    headings: dict[int, SheetColumn] | None = None
    for number, cells in enumerate(sheet.iter_rows(max_col=_WIDEST), 1):
        if number > MOST_ROWS:
            return  # the parts were looked through: nothing stands beyond
        if not number % 200:
            notes.tick()
        if headings is None:
            headings = _headings(cells, number, form, place, notes)
            if headings is None and number >= _HEADINGS_BY:
                break
        elif any(cell.value is not None and str(cell.value).strip() for cell in cells):
            yield _row(cells, number, headings, place, notes)
    if headings is None:
        notes.mistakes.add(place, 0, "The row of headings is missing.",
                           f"Begin the sheet with: {', '.join(one.title for one in form.columns)}.")


def _headings(cells: tuple[Any, ...], number: int, form: SheetForm, place: str, notes: Notes) -> dict[int, SheetColumn] | None:
    """The columns by their place in the row, or None where this is not the row of headings."""
    known = {one.title.casefold(): one for one in form.columns}
    words = {index: " ".join(str(cell.value).split()) for index, cell in enumerate(cells) if cell.value is not None}
    if sum(word.casefold() in known for word in words.values()) < 2:
        return None
    found: dict[int, SheetColumn] = {}
    for index, word in words.items():
        column, at = known.get(word.casefold()), f"{place}, cell {get_column_letter(index + 1)}{number}"
        if column is None:
            notes.warn_at(at, f"The column '{word[:80]}' is not read.", near(word, [one.title for one in form.columns]))
        elif column in found.values():
            notes.mistakes.add(at, 0, f"The heading '{column.title}' stands here twice.", "Keep one of them.")
        else:
            found[index] = column
    for column in form.columns:
        if column.must and column not in found.values():
            notes.mistakes.add(f"{place}, row {number}", 0, f"The column '{column.title}' is missing.", "Add it.")
    return found


def _row(cells: tuple[Any, ...], number: int, headings: dict[int, SheetColumn], place: str, notes: Notes) -> Row:
    values: dict[str, Any] = {}
    places: dict[str, str] = {}
    for index, column in headings.items():
        at = f"{place}, cell {get_column_letter(index + 1)}{number}"
        cell = cells[index] if index < len(cells) else None
        places[column.key] = at
        values[column.key] = None if cell is None else _value(cell, column, at, notes)
        if column.must and column.form is Form.YES and (cell is None or cell.value is None):
            notes.mistakes.add(at, 0, f"'{column.title}' is empty.", "Write yes or no.")
    return Row(values, places, f"{place}, row {number}")


# -- one cell --------------------------------------------------------------------------------------------------------


def _value(cell: Any, column: SheetColumn, at: str, notes: Notes) -> Any:
    """What a cell holds in the form of its column; None where it is empty or (noted) holds something else."""
    value = cell.value
    if isinstance(value, str):
        value = value.replace("_x000D_", "").replace("\r\n", "\n").strip()
    if value is None or value == "":
        return None
    if cell.data_type in ("f", "e"):
        held = "a formula" if cell.data_type == "f" else f"the error {str(value)[:20]}"
        notes.mistakes.add(at, 0, f"The cell holds {held}.", "Write the value in its place.")
        return None
    if column.form is Form.YES:
        return _yes(value, at, notes)
    if column.form is Form.DAYS:
        return _days(value, at, notes)
    if column.form is Form.DATE and isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    text = _text(value, at, notes)
    if text is None:
        return None
    return _words(text, column, at, notes)


def _yes(value: Any, at: str, notes: Notes) -> bool | None:
    said = value if isinstance(value, bool) else _YES.get(str(value).casefold())
    if said is None:
        notes.mistakes.add(at, 0, f"The cell holds '{str(value)[:40]}'.", "Write yes or no.")
    return said


def _days(value: Any, at: str, notes: Notes) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        return int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1 and abs(value) < 10**9:
        return int(value)
    notes.mistakes.add(at, 0, f"The cell holds '{str(value)[:40]}'.", "Write a whole number.")
    return None


def _text(value: Any, at: str, notes: Notes) -> str | None:
    """A text. A whole number is one too; of 1.10 a sheet keeps 1.1, so that has to be written as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    what = "a date or time" if isinstance(value, date) else "true or false" if isinstance(value, bool) else f"the number {value}"
    notes.mistakes.add(at, 0, f"The cell holds {what}, not text.", "Format the cell as text and write it again.")
    return None


def _words(text: str, column: SheetColumn, at: str, notes: Notes) -> str | Items | list[tuple[str, str]] | None:
    if column.form is Form.WORDS:
        words = [word.strip() for word in text.replace(";", ",").replace("\n", ",").split(",")]
        return listed(word for word in words if word)
    if column.form is Form.TARGETS:
        pairs = [line.partition("|") for line in text.split("\n") if line.strip()]
        if any(not middle or not last.strip() for _, middle, last in pairs):
            notes.mistakes.add(at, 0, "The cell does not name requirements.", "Write framework | requirement, one a line.")
            return None
        return [(first.strip(), last.strip()) for first, _, last in pairs]
    return text
