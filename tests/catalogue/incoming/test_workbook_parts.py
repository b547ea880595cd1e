"""Archives that are no sound workbook: bombs, macros, entities, a million rows. Each is refused before it is built."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from govern.catalogue.incoming import workbook_parts
from govern.catalogue.objects import Catalogue
from tests.catalogue.incoming.brought import brought, refused, told
from tests.catalogue.incoming.house import filled, saved, template

NAME = "house.xlsx"
TEXTS = "xl/worksheets/sheet8.xml"
STYLES = "xl/styles.xml"
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def sound(tiny: Catalogue) -> bytes:
    """A workbook that is taken."""
    return saved(filled(tiny))


def rebuilt(data: bytes, changes: dict[str, Change], more: dict[str, bytes] | None = None) -> bytes:
    """The archive with some parts changed and others added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, lambda text: text)(old.read(name)))
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return target.getvalue()


def with_rows(rows: str) -> Change:
    """A sheet with other rows after its headings."""
    return lambda text: re.sub(rb"</sheetData>", rows.encode() + b"</sheetData>", text)


def test_the_texts_are_in_the_eighth_part(sound: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        assert b"Everybody" in archive.read(TEXTS)


def test_texts_may_be_shared_as_spreadsheet_programs_write_them(tiny: Catalogue, controls: Path, sound: bytes) -> None:
    """Excel keeps each text once, in a part of its own."""
    inline = rb'<c r="C3" t="inlineStr"[^>]*><is><t>Everybody shall take care.</t></is></c>'
    shared = b'<c r="C3" t="s"><v>0</v></c>'
    kept = b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.' \
           b'spreadsheetml.sharedStrings+xml"/></Types>'
    texts = (b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><t>Everybody </t></r>'
             b"<r><rPr><b/></rPr><t>takes care.</t></r></si></sst>")
    data = rebuilt(sound, {TEXTS: lambda text: re.sub(inline, shared, text),
                           "[Content_Types].xml": lambda text: text.replace(b"</Types>", kept)}, {"xl/sharedStrings.xml": texts})
    assert brought(data, controls, tiny, NAME)[1].frameworks["law-1"].by_id["A.1"].text == "Everybody takes care."


# -- refused, each with its sentence ---------------------------------------------------------------------------------

DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "ha"><!ENTITY f "&e;&e;&e;&e;">]>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def after_prolog(prolog: bytes) -> Change:
    return lambda text: prolog + re.sub(rb"^<\?xml[^>]*\?>", b"", text)


@pytest.mark.parametrize(("changes", "more", "said"), [
    ({TEXTS: after_prolog(DOCTYPE)}, {}, f"Its part {TEXTS} declares a document type or entities, which no workbook does."),
    ({STYLES: after_prolog(EXTERNAL)}, {}, f"Its part {STYLES} declares a document type or entities"),
    ({STYLES: lambda text: (EXTERNAL + b"<x/>").decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")},
     {}, f"Its part {STYLES} declares a document type or entities"),
    ({"[Content_Types].xml": after_prolog(DOCTYPE)}, {}, "Its part [Content_Types].xml declares a document type or entities"),
    ({TEXTS: lambda text: text[:-20]}, {}, f"Its part {TEXTS} is no sound XML: "),
    ({}, {"xl/vbaProject.bin": b"macro"}, "The workbook holds macros. Save it as a workbook without macros (.xlsx)."),
    ({"[Content_Types].xml": lambda text: text.replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")}, {}, "The workbook holds macros."),
    ({"[Content_Types].xml": lambda text: re.sub(rb"application/vnd[^\"]*", b"application/vnd.ms-excel.sheet.binary.main", text)},
     {}, "This is a binary workbook (.xlsb). Save it as .xlsx."),
    ({}, {f"x/{number}.xml": b"<x/>" for number in range(500)}, "The archive holds more than 500 parts, or two of one name."),
    ({"xl/workbook.xml": lambda text: b"<workbook/>"}, {}, "None of the sheets Frameworks, Requirements"),
    ({TEXTS: with_rows('<row r="5"><c r="A5"><f>1+1</f><v>2</v></c></row>')}, {},
     "sheet Texts, cell A5: The cell holds a formula."),
    ({TEXTS: with_rows('<row r="2"/>')}, {}, "sheet Texts, row 2: The rows of the sheet are out of order."),
    ({TEXTS: with_rows(f'<row r="9">{"<c/>" * 300}</row>')}, {}, "There are more than 200 cells in a row"),
    ({TEXTS: with_rows('<row r="5"><c r="A5" t="s"><v>99999</v></c></row>')}, {}, "The workbook cannot be read: IndexError"),
    ({TEXTS: with_rows('<row r="5"><c r="A5" t="n"><v>nope</v></c></row>')}, {}, "The workbook cannot be read: ValueError"),
])
def test_an_unsound_archive_is_refused(tiny: Catalogue, sound: bytes, changes: dict[str, Change], more: dict[str, bytes],
                                       said: str) -> None:
    mistakes = told(refused(rebuilt(sound, changes, more), tiny, NAME))
    assert any(said in one for one in mistakes), mistakes
    assert all(one.startswith(NAME) for one in mistakes)


def test_files_that_only_look_like_workbooks(tiny: Catalogue, sound: bytes) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("notes.txt", "hello")
    for data, said in (
        (archive.getvalue(), "house.xlsx: This is a ZIP archive, but no workbook. Bring a workbook (.xlsx), or one of its files."),
        (b"PK\x05\x06" + bytes(18), "house.xlsx: This is a ZIP archive, but no workbook."),
        (sound[: len(sound) // 2], "house.xlsx: The workbook cannot be opened: File is not a zip file."),
        (b"PK\x03\x04" + b"x" * 100, "house.xlsx: The workbook cannot be opened: "),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "house.xlsx: This is an old Excel workbook (.xls) or one with a password."),
    ):
        assert told(refused(data, tiny, NAME))[0].startswith(said)


def test_a_part_that_is_not_what_its_sum_says(tiny: Catalogue, sound: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entry = archive.getinfo(TEXTS)
    spoilt = bytearray(sound)
    start = entry.header_offset + 30 + len(TEXTS)
    spoilt[start + 40:start + 60] = bytes(20)
    assert told(refused(bytes(spoilt), tiny, NAME))[0].startswith("house.xlsx: ")


def test_a_workbook_with_a_password_is_refused(tiny: Catalogue, sound: bytes) -> None:
    locked = bytearray(sound)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + place] |= 1
            at = locked.find(signature, at + 4)
    assert told(refused(bytes(locked), tiny, NAME)) == ["house.xlsx: The workbook has a password. Save it without one."]


# -- bounds ----------------------------------------------------------------------------------------------------------


def test_a_bomb_is_refused_after_its_bound_and_before_it_is_built(tiny: Catalogue, sound: bytes,
                                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    """200 MB of blanks in a file of 200 KB."""
    def nothing_is_built(*_: object, **__: object) -> None:
        raise AssertionError("openpyxl was asked")

    monkeypatch.setattr("govern.catalogue.incoming.rows.load_workbook", nothing_is_built)
    bomb = rebuilt(sound, {STYLES: lambda text: text.replace(b"</styleSheet>", b" " * 200_000_000 + b"</styleSheet>")})
    assert len(bomb) < 300_000
    began = time.perf_counter()
    assert told(refused(bomb, tiny, NAME)) == ["house.xlsx: The workbook unpacks to more than 100 MB. Bring it in parts."]
    assert time.perf_counter() - began < 5


def test_a_million_rows_stop_at_twenty_thousand(tiny: Catalogue, sound: bytes) -> None:
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>' for number in range(4, 1_000_001))
    began = time.perf_counter()
    assert told(refused(rebuilt(sound, {TEXTS: with_rows(rows)}), tiny, NAME)) == [
        "house.xlsx, sheet Texts: The sheet has rows beyond the 20,000 that are read; reading stopped there. "
        "Bring it in parts."]
    assert time.perf_counter() - began < 5


def test_a_single_row_at_the_end_of_the_sheet_counts_too(tiny: Catalogue, sound: bytes) -> None:
    data = rebuilt(sound, {TEXTS: with_rows('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')})
    assert "rows beyond the 20,000" in refused(data, tiny, NAME)[0].text


def test_rows_without_content_at_the_end_do_not_count(tiny: Catalogue, controls: Path, sound: bytes) -> None:
    data = rebuilt(sound, {TEXTS: with_rows('<row r="20001"><c r="A20001" s="1"/></row><row r="1048576" customFormat="1"/>')})
    assert brought(data, controls, tiny, NAME)[1].frameworks["law-1"].by_id["A.1"].text == "Everybody shall take care."


def test_a_size_that_the_sheet_only_claims_costs_nothing(tiny: Catalogue, sound: bytes, controls: Path) -> None:
    data = rebuilt(sound, {TEXTS: lambda text: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', text)})
    began = time.perf_counter()
    brought(data, controls, tiny, NAME)
    assert time.perf_counter() - began < 2


def test_more_cells_than_are_read_are_refused(tiny: Catalogue, sound: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_parts, "MOST_CELLS", 100)
    assert "or 100 in all" in refused(sound, tiny, NAME)[0].text


def test_nothing_beside_the_sheets_is_opened(tiny: Catalogue, controls: Path, sound: bytes) -> None:
    """Pictures, comments and links to other files may be there; they are not looked into."""
    more = {"xl/media/image1.png": b"\x89PNG" + bytes(100), "xl/externalLinks/externalLink1.xml": b"<externalLink/>"}
    incoming, _ = brought(rebuilt(sound, {}, more), controls, tiny, NAME)
    assert incoming.warnings == ()


def test_a_rule_for_input_is_no_formula(tiny: Catalogue, controls: Path, sound: bytes) -> None:
    """Spreadsheet programs write rules that point to another sheet with an element called f."""
    rule = (b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
            b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations '
            b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation><x14:formula1>'
            b"<xm:f>Lists!$A$1</xm:f></x14:formula1></x14:dataValidation></x14:dataValidations></ext></extLst></worksheet>")
    brought(rebuilt(sound, {TEXTS: lambda text: text.replace(b"</worksheet>", rule)}), controls, tiny, NAME)


def test_time_is_bounded(tiny: Catalogue, monkeypatch: pytest.MonkeyPatch, sound: bytes) -> None:
    ticking = iter(range(0, 10_000, 7))
    monkeypatch.setattr("govern.catalogue.incoming.notes.Notes.__init__.__defaults__", (20.0, lambda: float(next(ticking))))
    assert told(refused(sound, tiny, NAME)) == ["house.xlsx: Reading it took longer than 20 seconds. Bring it in smaller parts."]


def test_the_template_itself_is_sound(tiny: Catalogue) -> None:
    assert told(refused(template(tiny), tiny, NAME)) == [
        "house.xlsx: It adds nothing. Bring one of: frameworks, domains, mappings, crosswalks, baselines, texts."]
