"""The parts of a workbook's archive, looked through before anything is built of them.

A workbook is a ZIP of XML files, and both can be made to explode. Every XML part is streamed once through expat, which
keeps nothing: document types and entities are refused, and so are more rows, cells or bytes than are read. What a
sheet may not hold (formulas, merged cells) is found on the way, with its cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from govern.catalogue.incoming.notes import Notes
from govern.catalogue.incoming.sheets import MOST_ROWS

MOST_EXPANDED = 100 * 1024 * 1024
MOST_PARTS = 500
MOST_CELLS = 1_000_000
MOST_IN_A_ROW = 200
_TOLD = 20  # formulas and merged ranges named a sheet
_CHUNK = 64 * 1024
_TYPES = "[Content_Types].xml"
_XML = (".xml", ".rels", ".vml")


_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError, RuntimeError)


class _Stop(Exception):
    """Enough was seen of a part: it is refused, or a bound is reached."""


@dataclass
class _Sheet:
    """What was seen of one sheet."""

    title: str
    hidden: bool
    rows: int = 0
    in_row: int = 0
    cell: str = ""
    in_cell: bool = False
    formulas: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class Parts:
    """The archive of a workbook, and what its parts say; `sound` tells whether it may be opened."""

    def __init__(self, data: bytes, notes: Notes) -> None:
        self._data = data
        self._notes = notes
        self._expanded = 0
        self._cells = 0
        self._sheets: dict[str, _Sheet] = {}

    def sound(self) -> bool:
        """Look through all parts; whether nothing was refused."""
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                self._look(archive)
        except _Stop:
            return False
        except _BROKEN as problem:
            self._notes.refuse("", f"The workbook cannot be opened: {problem}.", "Save it again as .xlsx.")
            return False
        return not self._notes.mistakes.sorted()

    def _look(self, archive: zipfile.ZipFile) -> None:
        names = archive.namelist()
        if len(names) > MOST_PARTS or len(set(names)) < len(names):
            self._refuse(f"The archive holds more than {MOST_PARTS} parts, or two of one name.")
        if any(one.flag_bits & 1 for one in archive.infolist()):
            self._refuse("The workbook has a password.", "Save it without one.")
        if _TYPES not in names:
            self._refuse("This is a ZIP archive, but no workbook.", "Bring a workbook (.xlsx), or one of its files.")
        self._kind(archive, names)
        self._titles(archive, names)
        for name in names:
            if name.lower().endswith(_XML) and name not in self._sheets and name != _TYPES:
                self._parse(archive, name, None)
        for name, sheet in self._sheets.items():
            if name in names:
                self._sheet(archive, name, sheet)

    # -- what kind of workbook, and its sheets -----------------------------------------------------------------------

    def _kind(self, archive: zipfile.ZipFile, names: list[str]) -> None:
        types: list[str] = []

        def start(_: str, attributes: dict[str, str]) -> None:
            types.append(attributes.get("ContentType", ""))

        self._parse(archive, _TYPES, start)
        joined = " ".join(types).casefold()
        if "macroenabled" in joined or any(one.casefold().endswith("vbaproject.bin") for one in names):
            self._refuse("The workbook holds macros.", "Save it as a workbook without macros (.xlsx).")
        if "spreadsheetml" not in joined:
            what = "a binary workbook (.xlsb)" if "sheet.binary" in joined else "no workbook"
            self._refuse(f"This is {what}.", "Save it as .xlsx.")

    def _titles(self, archive: zipfile.ZipFile, names: list[str]) -> None:
        """The titles of the sheets, by the name of the part that each is in."""
        sheets: list[tuple[str, str, bool]] = []
        targets: dict[str, str] = {}

        def sheet(name: str, attributes: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "sheet":
                relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id" and ":" in key), "")
                sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible"))

        def relation(name: str, attributes: dict[str, str]) -> None:
            if name.rpartition(":")[2] == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        for book in (one for one in names if re.fullmatch(r"(.*/)?workbook\.xml", one)):
            folder = posixpath.dirname(book)
            related = posixpath.join(folder, "_rels", "workbook.xml.rels")
            self._parse(archive, book, sheet)
            if related in names:
                self._parse(archive, related, relation)
            for title, key, hidden in sheets:
                part = posixpath.normpath(posixpath.join("/", folder, targets.get(key, ""))).lstrip("/")
                self._sheets[part] = _Sheet(title, hidden)

    # -- one sheet ---------------------------------------------------------------------------------------------------

    def _sheet(self, archive: zipfile.ZipFile, name: str, sheet: _Sheet) -> None:
        place = f"{self._notes.file}, sheet {sheet.title}"
        if sheet.hidden:
            self._notes.warn_at(place, "The sheet is hidden; it is read all the same.")

        def start(tag: str, attributes: dict[str, str]) -> None:
            self._seen(sheet, place, tag.rpartition(":")[2], attributes)

        def end(tag: str) -> None:
            if tag.rpartition(":")[2] == "c":
                sheet.in_cell = False

        self._parse(archive, name, start, end)
        for cell in sheet.formulas[:_TOLD]:
            self._notes.mistakes.add(f"{place}, cell {cell}", 0, "The cell holds a formula.", "Write the value in its place.")
        for cells in sheet.merged[:_TOLD]:
            self._notes.mistakes.add(f"{place}, cells {cells}", 0, "The cells are merged.", "Unmerge them and fill each one.")

    def _seen(self, sheet: _Sheet, place: str, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            number = _number(attributes.get("r"), sheet.rows + 1)
            if number <= sheet.rows:
                self._notes.mistakes.add(f"{place}, row {number}", 0, "The rows of the sheet are out of order.",
                                         "Save the workbook again with a spreadsheet program.")
                raise _Stop
            sheet.rows, sheet.in_row = number, 0
        elif tag == "c":
            sheet.cell = attributes.get("r", "")
            sheet.in_row, sheet.in_cell = sheet.in_row + 1, True
            self._cells += 1
        elif tag == "f" and sheet.in_cell:  # elsewhere, in rules for input, it is none
            sheet.formulas.append(sheet.cell)
        elif tag == "mergeCell":
            sheet.merged.append(attributes.get("ref", ""))
        # Programs leave rows without content at the end of a sheet; those do not count.
        if sheet.rows > MOST_ROWS and sheet.in_cell and tag in ("v", "is", "f"):
            self._notes.mistakes.add(place, 0, f"The sheet has rows beyond the {MOST_ROWS:,} that are read; reading stopped there.",
                                     "Bring it in parts.")
            raise _Stop
        if sheet.in_row > MOST_IN_A_ROW or self._cells > MOST_CELLS:
            self._notes.mistakes.add(place, 0, f"There are more than {MOST_IN_A_ROW} cells in a row, or {MOST_CELLS:,} in all.",
                                     "Bring less, or bring it in parts.")
            raise _Stop

    # -- any part ----------------------------------------------------------------------------------------------------

    def _parse(self, archive: zipfile.ZipFile, name: str, start: Callable[[str, dict[str, str]], None] | None,
               end: Callable[[str], None] | None = None) -> None:
        """Stream one part through expat; `start` and `end` see each element. A part that is refused ends here."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._no_doctype(name)
        if start is not None:
            parser.StartElementHandler = start
        if end is not None:
            parser.EndElementHandler = end
        try:
            with archive.open(name) as part:
                while chunk := part.read(_CHUNK):
                    self._expanded += len(chunk)
                    if self._expanded > MOST_EXPANDED:
                        self._refuse(f"The workbook unpacks to more than {MOST_EXPANDED // 2**20} MB.", "Bring it in parts.")
                    self._notes.tick()
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as problem:
            self._notes.refuse("", f"Its part {name[:80]} is no sound XML: {problem}.", "Save it again as .xlsx.")
        except _Stop:
            return  # noted; other parts may have more to tell

    def _no_doctype(self, name: str) -> Callable[..., None]:
        def refuse(*_: object) -> None:
            self._refuse(f"Its part {name[:80]} declares a document type or entities, which no workbook does.",
                         "Save it again as .xlsx.")

        return refuse

    def _refuse(self, text: str, mend: str = "") -> None:
        self._notes.refuse("", text, mend)
        raise _Stop


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,7}", text) else otherwise
