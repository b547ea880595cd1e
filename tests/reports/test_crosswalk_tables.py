"""A crosswalk as CSV and workbook: every pair with its grounds, inert cells, the same bytes each time."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from govern.catalogue.crosswalking import Crossing, crossing
from govern.catalogue.objects import Catalogue, Target
from govern.facts.moments import Moment
from govern.reports.crosswalk_tables import NO_PARTNER, crosswalk_columns, crosswalk_csv, crosswalk_rows, write_crosswalk
from tests.catalogue.crossed import SUB, SUP, E, X, catalogue, control, framework, publisher, requirement

AT = Moment(7, 1_780_000_000_000)


@pytest.fixture
def made() -> Catalogue:
    """Two frameworks with a pair of each view, a way through a third, and something alone on both sides."""
    hostile = replace(requirement("A 3"), title="=cmd|'/c calc'!A1")
    return catalogue((
        framework("a", requirement("A 1"), requirement("A 2", through=(Target("c", "C 1"),)), hostile),
        framework("b", requirement("B 1"), requirement("B 2"), requirement("B 3")),
        framework("c", requirement("C 1"))),
        (control("GOV-01", ("a", "A 1", E), ("b", "B 1", SUB)), control("GOV-02", ("a", "A 1", X), ("b", "B 1", SUP)),
         control("GOV-03", ("c", "C 1", X), ("b", "B 2", E))),
        publisher("b", "a", {"B 1": ("A 1",), "B 2": ("A 1",)}))


@pytest.fixture
def found(made: Catalogue) -> Crossing:
    """The crosswalk of the two."""
    return crossing(made, "a", "b")


def test_rows(made: Catalogue, found: Crossing) -> None:
    by_publisher = "An institute: refers-to (from the second to the first)"
    assert list(crosswalk_rows(found, made)) == [
        ("A 1", "Title of A 1", "subset-of", "B 1", "Title of B 1", "GOV-01 (subset-of)\nGOV-02 (related)",
         "GOV-01 (equal): GOV-01 to A 1.\nGOV-02 (intersects-with): GOV-02 to A 1.",
         "GOV-01 (subset-of): GOV-01 to B 1.\nGOV-02 (superset-of): GOV-02 to B 1.", "", "agreed", by_publisher),
        ("A 1", "Title of A 1", "not stated by ours", "B 2", "Title of B 2", "", "", "", "", "publisher only", by_publisher),
        ("A 2", "Title of A 2", "related", "B 2", "Title of B 2", "GOV-03 (related)",
         "GOV-03 (bears on, through C C 1): GOV-03 to C 1.", "GOV-03 (equal): GOV-03 to B 2.", "", "ours only", ""),
        ("A 3", "=cmd|'/c calc'!A1", NO_PARTNER, "", "", "", "", "", "", "", ""),
        ("", "", NO_PARTNER, "B 3", "Title of B 3", "", "", "", "", "", ""),
    ]


def test_what_holds_without_a_control_says_so(made: Catalogue) -> None:
    (row, *_) = crosswalk_rows(crossing(made, "a", "c"), made)
    assert (row[0], row[2], row[3], row[8]) == ("A 2", "subset-of", "C 1", "subset-of: one is met through the other")


def test_csv_is_inert_and_has_the_names_in_its_heading(made: Catalogue, found: Crossing) -> None:
    text = "".join(crosswalk_csv(found, made))
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    assert rows[0] == [column.title for column in crosswalk_columns(found)]
    assert rows[0][:4] == ["A", "A: title", "Relation", "B"]
    assert len(rows) == 6
    assert rows[4][1] == "'=cmd|'/c calc'!A1"


def written(made: Catalogue, found: Crossing, organisation: str = "Harbour") -> bytes:
    target = io.BytesIO()
    write_crosswalk(found, made, AT, organisation, target)
    return target.getvalue()


def test_the_workbook_says_how_to_read_it_and_is_the_same_each_time(made: Catalogue, found: Crossing) -> None:
    raw = written(made, found, "=Harbour")
    assert raw == written(made, found, "=Harbour")
    book = load_workbook(io.BytesIO(raw))
    about = {row[0]: row[1] for row in book["About"].iter_rows(min_row=2, values_only=True)}
    assert (about["Catalogue (SHA-256)"], about["Ledger position"]) == (made.digest, "7")
    assert about["subset-of"] == "All that the first asks is asked by the second. Pairs: 1."
    assert about["no partner"].endswith("Requirements: 1 and 1.")
    assert about["An institute"] == "The walk. As printed."
    assert book["About"]["B2"].data_type == "s"
    assert book["About"]["B2"].value == "=Harbour"
    sheet = book["Crosswalk"]
    assert sheet.max_row == 6
    assert sheet["B5"].data_type == "s"
    assert sheet["B5"].value == "=cmd|'/c calc'!A1"
    assert sheet.freeze_panes == "E2"
    assert sheet.auto_filter.ref == "A1:K6"
    book.close()
