"""What docs/catalogue.md shows is true."""

from __future__ import annotations

import re
from pathlib import Path

from govern.catalogue.additions import SECTIONS
from govern.catalogue.incoming import documents, notes, oscal_json, sheets, workbook_parts
from govern.catalogue.incoming.oscal_mapping import RULES
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from tests.catalogue.incoming.brought import read

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8")
PLAIN = re.sub(r"\s+", " ", TEXT)


def test_the_worked_example_can_be_brought(shipped: Catalogue) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    incoming = read(example, shipped, "own.yaml")
    assert (incoming.addition.id, incoming.warnings) == ("house-policy", ())
    loaded = load(ROOT / "controls", [incoming.addition])
    assert [one.id for one in loaded.controls.values() if one.origin] == ["HSE-01"]
    assert loaded.frameworks["house-policy-2.1"].gaps == {"1.2": "Scanners do not know every flaw."}
    assert loaded.frameworks["iso-42001-2023-annex-a"].by_id["A.2.2"].text.startswith("The words of the clause")
    assert len(loaded.controls["HSE-01"].mappings) == 2


def test_every_section_and_sheet_is_described() -> None:
    assert re.findall(r"^\| `([a-z]+)` \| ", TEXT, re.MULTILINE) == list(SECTIONS)
    assert f"sheets {', '.join(one.title for one in sheets.SHEETS)}," in PLAIN


def test_the_bounds_are_those_of_the_code() -> None:
    said = (f"Bounds: {documents.MOST_BYTES // 2**20} MB, {sheets.MOST_ROWS:,} rows a sheet and entries a list, "
            f"{workbook_parts.MOST_EXPANDED // 2**20} MB unpacked, {oscal_json.DEEPEST} levels, "
            f"{documents.LONGEST_TEXT:,} characters a text, {notes.SECONDS:g} seconds.")
    assert said in PLAIN
    assert sheets.MOST_ROWS == documents.LONGEST_LIST


def test_the_table_of_sets_is_that_of_the_code() -> None:
    for relation in ("equal", "superset-of", "subset-of", "intersects-with"):
        (line,) = re.findall(rf"^\| {relation} \| (.*) \|$", TEXT, re.MULTILINE)
        cells = [cell.strip() for cell in line.split("|")]
        for cell, (controls, requirements) in zip(cells, ((True, True), (True, False), (False, True), (False, False)), strict=True):
            each, together = RULES[relation, controls, requirements]
            assert cell.split()[0].rstrip(",") == each
            assert ("jointly" in cell) is together
