"""The workbook, read back: complete, safe, ready to print, and the same bytes for the same facts."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from govern.errors import InputRefused
from govern.facts.moments import DAY
from govern.reports.picture import Picture
from govern.reports.sheet import COLOURS, NEUTRAL
from govern.reports.workbook import write_workbook
from tests.reports.pictures import (
    CATALOGUE,
    NOW,
    ROOT,
    STAMP,
    catalogue,
    evidence,
    four_pieces,
    picture,
    version,
)

TABLES = ["Control matrix", "Requirements asked", "Evidence register", "Requests", "Coverage"]


def written(pictures: Iterable[Picture]) -> bytes:
    target = io.BytesIO()
    write_workbook(pictures, target)
    return target.getvalue()


def read(*pictures: Picture) -> Workbook:
    return load_workbook(io.BytesIO(written(pictures)))


def table(sheet: Worksheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip((str(title) for title in head), row, strict=True)) for row in rows]


def at(text: str) -> datetime:
    """A time as sheets keep it, without a zone."""
    return datetime.fromisoformat(text)


def cell_at(sheet: Worksheet, title: str, row: int):  # type: ignore[no-untyped-def]  # openpyxl's own cell
    titles = [cell.value for cell in sheet[1]]
    return sheet.cell(row, titles.index(title) + 1)


def cover_text(book: Workbook) -> str:
    rows = book["Cover"].iter_rows(values_only=True)
    return "\n".join(" ".join(str(value) for value in row if value is not None) for row in rows)


def test_every_table_has_all_its_rows() -> None:
    book = read(picture(), picture(slug="other"))
    assert book.sheetnames == ["Cover", *TABLES]
    assert {name: book[name].max_row - 1 for name in TABLES} == {
        "Control matrix": 2 * 9,
        "Requirements asked": 2 * 9 * 2,
        "Evidence register": 5,  # what both systems share stands once
        "Requests": 2 * 2,
        "Coverage": 2 * 2 * 10,
    }


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_frozen_filtered_wide_enough_and_set_up_to_print(name: str) -> None:
    sheet = read(picture())[name]
    assert sheet.freeze_panes is not None
    assert sheet.freeze_panes.endswith("2")
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    columns = sheet.column_dimensions
    widths = [columns[get_column_letter(one)].width for one in range(1, sheet.max_column + 1)]
    assert all(9 <= width <= 66 for width in widths)
    assert all(cell.alignment.wrap_text and cell.font.b for cell in sheet[1])


def test_the_cover_says_what_it_was_made_from() -> None:
    text = cover_text(read(picture(), picture(name="Other", slug="other")))
    for said in ("Northwind Clinics", "1,234", ROOT, CATALOGUE, "Ada Example", "2026-11-20 17:30:00",
                 "Patient triage", "Other", "18 rows: a control of a system", "1 of 8", "How to read"):
        assert said in text
    assert "past moment" not in text


def test_the_cover_counts_every_status_of_every_system() -> None:
    rows = list(read(picture())["Cover"].iter_rows(values_only=True))
    head = next(index for index, row in enumerate(rows) if row[0] == "System")
    assert dict(zip(rows[head], rows[head + 1], strict=True))["Controls"] == 9
    assert rows[head + 1][3:12] == (1,) * 9


def test_a_past_moment_says_so_on_the_cover() -> None:
    text = cover_text(read(picture(stamp=replace(STAMP, past=True))))
    assert "judged with that moment's catalogue and today's rules" in text


def test_what_people_typed_is_text_and_never_a_formula() -> None:
    pieces = four_pieces("=cmd|' /C calc'!A0", "+a.pdf")
    bad = picture(name="=1+1", statement="@x", reason="-2", pieces=pieces)
    book = read(bad)
    for sheet in book:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    title = cell_at(book["Evidence register"], "Title", 3)
    assert (title.value, title.data_type, title.quotePrefix) == ("=cmd|' /C calc'!A0", "s", True)
    assert cell_at(book["Evidence register"], "File name", 3).quotePrefix
    assert cell_at(book["Control matrix"], "Implementation", 2).quotePrefix
    assert cell_at(book["Control matrix"], "Reasons", 2).quotePrefix
    assert not cell_at(book["Control matrix"], "Title", 2).quotePrefix
    archive = zipfile.ZipFile(io.BytesIO(written([bad])))
    assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def test_control_characters_are_seen_in_the_cell() -> None:
    book = read(picture(name="a\x00b\x1b\ud800\ufffe", statement="c\x0bd"))
    assert cell_at(book["Control matrix"], "System", 2).value == "a␀b␛⟨U+D800⟩⟨U+FFFE⟩"
    assert cell_at(book["Control matrix"], "Implementation", 2).value == "c␋d"


def test_a_statement_of_40_000_characters_is_cut_and_says_so() -> None:
    shown = cell_at(read(picture(statement="x" * 40_000))["Control matrix"], "Implementation", 2).value
    assert len(shown) <= 32_767
    kept = shown.count("x", 0, shown.index(" […]"))
    assert shown.endswith(f"{40_000 - kept:,} of 40,000 characters are missing here: a cell holds no more.")


def test_dates_are_dates_in_utc() -> None:
    book = read(picture())
    until = cell_at(book["Control matrix"], "Holds until (UTC)", 4)
    assert (until.value, until.is_date) == (at("2026-11-30 17:30"), True)
    worked = cell_at(book["Evidence register"], "Work done (UTC)", 3)
    assert (worked.value, worked.number_format) == (at("2026-10-31 17:30"), "yyyy-mm-dd hh:mm")
    due = cell_at(book["Requests"], "Due (UTC)", 2)
    assert due.value == at("2026-11-27 17:30")


def test_a_date_outside_the_calendar_of_sheets_is_written_out() -> None:
    ancient = evidence("e-1", version("e-1", 1, worked=NOW - 130 * 365 * DAY))
    worked = cell_at(read(picture(pieces=(ancient,)))["Evidence register"], "Work done (UTC)", 2)
    assert str(worked.value).startswith("1896-12-")


def test_a_status_has_its_word_and_its_colour() -> None:
    sheet = read(picture())["Control matrix"]
    for row in range(2, 11):
        cell = cell_at(sheet, "Status", row)
        assert cell.fill.fgColor.rgb == COLOURS.get(cell.value, NEUTRAL)[0]
    assert len({cell_at(sheet, "Status", row).value for row in range(2, 11)}) == 9
    assert cell_at(sheet, "Title", 2).fill.fgColor.rgb != cell_at(sheet, "Status", 4).fill.fgColor.rgb


@pytest.mark.parametrize(("back", "front"), sorted({*COLOURS.values(), NEUTRAL}))
def test_words_can_be_read_on_their_colour(back: str, front: str) -> None:
    lighter, darker = sorted((luminance(back), luminance(front)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance of an ARGB colour (WCAG 2.2)."""
    shares = [int(colour[at:at + 2], 16) / 255 for at in (2, 4, 6)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_register_reads_as_a_list_for_auditors() -> None:
    rows = table(read(picture())["Evidence register"])
    accepted = rows[1]
    assert accepted["SHA-256"] == f"{2:064x}"
    assert (accepted["Size (bytes)"], accepted["Version"]) == (2048, 2)
    assert (accepted["Verdict"], accepted["Reviewer"]) == ("accepted", "Пример Рецензент")
    assert (rows[0]["Newest"], rows[1]["Newest"]) == ("no", "yes")
    assert rows[0]["Accepted (UTC)"] is None
    assert rows[3]["Withdrawn (UTC)"] == at("2026-11-20 17:30")


def test_the_other_tables_say_what_they_should() -> None:
    book = read(picture())
    asked = table(book["Requirements asked"])
    assert (asked[0]["State"], asked[4]["State"]) == ("not applicable", "met")
    assert (asked[4]["Due"], asked[5]["Due"]) == ("From stage: Design", "15 days after: A serious incident")
    assert asked[4]["Evidence"] == "AI policy (e-policy)"
    requests = table(book["Requests"])
    assert (requests[0]["State"], requests[1]["Evidence"], requests[1]["Asked of"]) == (
        "open", "e-policy", "(redacted)")
    coverage = table(book["Coverage"])
    assert (coverage[1]["Requirement"], coverage[1]["Status"], coverage[1]["Controls"]) == (
        "R0", "partly met", "CTL-00 (superset-of)")
    assert [row["Counted"] for row in coverage[:2]] == ["no", "yes"]


def test_the_same_facts_give_the_same_bytes_and_every_time_is_the_stamps() -> None:
    once, again = written([picture()]), written([picture()])
    assert once == again
    archive = zipfile.ZipFile(io.BytesIO(once))
    assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 20, 17, 31, 0)}
    properties = load_workbook(io.BytesIO(once)).properties
    assert properties.created == properties.modified == at("2026-11-20 17:31")
    assert properties.creator == "Ada Example"
    assert ROOT in str(properties.description)


def test_nothing_to_export_is_refused() -> None:
    with pytest.raises(InputRefused):
        written([])


def test_pictures_of_two_moments_do_not_mix_and_leave_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ValueError, match="one moment"):
        written([picture(), picture(stamp=replace(STAMP, position=9))])
    assert list(tmp_path.iterdir()) == []
    assert written([picture()])
    assert list(tmp_path.iterdir()) == []


def test_a_catalogue_of_other_frameworks_brings_its_own_columns() -> None:
    titles = [cell.value for cell in read(picture(frozen=catalogue(frameworks=3)))["Control matrix"][1]]
    assert titles[-3:] == ["Framework 0", "Framework 1", "Framework 2"]
