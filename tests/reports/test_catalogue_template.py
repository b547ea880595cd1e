"""The workbook to fill in: its sheets are those that reading knows, its lists the words of the catalogue."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from govern.catalogue.incoming.sheets import FRONT, FRONT_ID, FRONT_TITLE, LISTS, SHEETS, Form
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.reports.catalogue_template import HEADINGS_IN, words_of, write_template
from tests.catalogue.tiny import lay_out

NOW = 1_800_000_000_000


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return load(lay_out(tmp_path_factory.mktemp("template")))


def written(catalogue: Catalogue, now: int = NOW) -> bytes:
    target = io.BytesIO()
    write_template(catalogue, target, now)
    return target.getvalue()


@pytest.fixture(scope="module")
def book(tiny: Catalogue) -> Any:
    return load_workbook(io.BytesIO(written(tiny)))


def rule_of(book: Any, sheet: str, heading: str) -> Any:
    """What is said and checked in the cells below a heading."""
    column = next(cell.column for cell in book[sheet][HEADINGS_IN] if cell.value == heading)
    return next(rule for rule in book[sheet].data_validations.dataValidation
                if range_boundaries(str(rule.sqref))[0] == column)


def test_the_sheets_are_those_that_are_read(book: Any) -> None:
    assert book.sheetnames == [FRONT, "Frameworks", "Requirements", "Controls", "Asks", "Checks", "Mappings", "Texts", LISTS]
    for form in SHEETS:
        sheet = book[form.title]
        assert sheet["A1"].value == form.meaning
        assert [cell.value for cell in sheet[HEADINGS_IN]] == [column.title for column in form.columns]
        assert sheet.freeze_panes == "A3"
        assert sheet.max_row == HEADINGS_IN, "nothing stands where people fill in"


def test_every_column_says_what_belongs_there(book: Any) -> None:
    for form in SHEETS:
        for column in form.columns:
            rule = rule_of(book, form.title, column.title)
            assert rule.promptTitle == column.title
            assert rule.prompt.startswith(column.meaning)
            assert rule.prompt.endswith("May be empty.") is not column.must
            assert len(rule.prompt) <= 255, "a spreadsheet shows no more"
            assert rule.showInputMessage


def test_lists_hold_the_words_of_the_catalogue(book: Any, tiny: Catalogue) -> None:
    for name, words in words_of(tiny).items():
        heading = name.replace("_", " ").capitalize()
        column = next(cell.column_letter for cell in book[LISTS][1] if cell.value == heading)
        assert tuple(cell.value for cell in book[LISTS][column][1:] if cell.value is not None) == words
    assert words_of(tiny)["kinds"] == ("policy", "scan-report")
    assert words_of(tiny)["relations"] == ("equal", "subset-of", "superset-of", "intersects-with", "gap")
    assert words_of(tiny)["traits"] == ("trait.high_risk", "trait.agentic")


@pytest.mark.parametrize(("sheet", "heading", "words", "strict"), [
    ("Asks", "About", ["organisation", "system", "release", "asset"], True),
    ("Asks", "Kinds", ["policy", "scan-report"], False),  # several may stand in a cell
    ("Mappings", "Framework", ["law-1"], False),  # or one that the same workbook brings
    ("Requirements", "Assessable", ["yes", "no"], True),
    ("Controls", "Lead", ["engineering"], True),
])
def test_a_column_offers_its_words(book: Any, sheet: str, heading: str, words: list[str], strict: bool) -> None:
    rule = rule_of(book, sheet, heading)
    assert (rule.type, rule.showErrorMessage) == ("list", strict)
    place, _, cells = rule.formula1.rpartition("!")
    assert place.strip("'") == LISTS
    assert [row[0].value for row in book[LISTS][cells.replace("$", "")]] == words


def test_columns_keep_text_as_text(book: Any) -> None:
    """1.10 typed into a column of numbers would be 1.1."""
    for form in SHEETS:
        for index, column in enumerate(form.columns):
            letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[index]
            assert book[form.title].column_dimensions[letter].number_format == ("0" if column.form is Form.DAYS else "@")


def test_the_first_sheet_asks_for_id_and_title(book: Any) -> None:
    labels = [row[0].value for row in book[FRONT].iter_rows(max_col=2) if row[1].value is None and row[0].value]
    assert labels[1:3] == [FRONT_ID, FRONT_TITLE]
    assert [row[0].value for row in book[FRONT].iter_rows() if row[0].hyperlink] == [form.title for form in SHEETS]


def test_no_cell_is_merged_or_a_formula(book: Any) -> None:
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_same_catalogue_gives_the_same_bytes(tiny: Catalogue) -> None:
    assert written(tiny) == written(tiny)
    assert written(tiny) != written(tiny, NOW + 86_400_000)


def test_the_shipped_catalogue_fits(tmp_path: Path) -> None:
    shipped = load(Path(__file__).parents[2] / "controls")
    made = load_workbook(io.BytesIO(written(shipped)))
    rule = rule_of(made, "Asks", "Kinds")
    assert len(made[LISTS][rule.formula1.rpartition("!")[2].replace("$", "")]) == len(shipped.kinds)
