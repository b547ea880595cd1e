"""The CSV tables hold the same rows as the workbook, safely, and arrive one line at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from govern.errors import InputRefused
from govern.reports.picture import Picture
from govern.reports.tables_csv import control_matrix_csv, evidence_register_csv
from tests.reports.pictures import STAMP, catalogue, four_pieces, picture


def read(lines: Iterable[str]) -> list[dict[str, str]]:
    text = "".join(lines).encode("utf-8").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_matrix_has_a_row_for_each_system_and_control() -> None:
    rows = read(control_matrix_csv([picture(), picture(slug="other", name="Other")]))
    assert [(row["System"], row["Control"]) for row in rows] == [
        (name, f"CTL-{number:02d}") for name in ("Patient triage", "Other") for number in range(9)
    ]


def test_a_matrix_row_says_why_who_and_until_when() -> None:
    rows = {row["Control"]: row for row in read(control_matrix_csv([picture()]))}
    scoped, satisfied, waived, failing = (rows[f"CTL-0{number}"] for number in (0, 2, 3, 4))
    assert (scoped["Applicable"], scoped["Owner"], scoped["Due (UTC)"]) == (
        "no", "Łucja Παράδειγμα", "2026-11-25T17:30:00.000Z")
    assert "Scoped out by Пример Рецензент: No generative part." in scoped["Applicable because"]
    assert rows["CTL-01"]["Applicable because"] == "The system is high-risk."
    assert (satisfied["Status"], satisfied["Holds until (UTC)"]) == ("satisfied", "2026-11-30T17:30:00.000Z")
    assert satisfied["Evidence"] == "AI policy (e-policy)"
    assert (satisfied["Result"], satisfied["Tester"]) == ("accepted", "Пример Рецензент")
    assert (waived["Status"], waived["Status underneath"]) == ("waived", "missing")
    assert waived["Waiver"] == "Vendor change. (approved by Пример Рецензент)"
    assert failing["Open against it"] == "incident: Wrong urgency"
    assert failing["Gaps"] == "CTL-04.1 Approved policy: failing\nCTL-04.2 Scan: failing"
    assert failing["Framework 1"] == "R4 (superset-of)"
    assert failing["Frequency"] == "Approved policy: Note: does not age; Policy: 365 days\nScan: 14 days"


def test_the_register_has_a_row_for_each_version_and_each_version_once() -> None:
    rows = read(evidence_register_csv([picture(), picture(slug="other")]))
    assert [(row["Evidence"], row["Version"], row["State"]) for row in rows] == [
        ("e-policy", "1", "rejected"), ("e-policy", "2", "accepted"), ("e-new", "1", "in review"),
        ("e-back", "1", "withdrawn"), ("e-old", "1", "accepted"),
    ]
    accepted, withdrawn = rows[1], rows[3]
    assert accepted["SHA-256"] == f"{2:064x}"
    assert accepted["Accepted (UTC)"] == "2026-11-02T17:30:00.000Z"
    assert accepted["Valid until (UTC)"] == "2027-10-31T17:30:00.000Z"
    assert accepted["Requests answered"] == "q-2"
    assert accepted["Subject"] == "Northwind Clinics"
    assert withdrawn["Withdrawn because"] == "Sent by mistake."
    assert rows[2]["Subject"] == "Patient triage"


def test_what_people_typed_cannot_become_a_formula() -> None:
    bad = picture(name="=HYPERLINK(\"x\")", statement="+1\n=2", pieces=four_pieces("@a", "-b.pdf"))
    matrix, register = read(control_matrix_csv([bad])), read(evidence_register_csv([bad]))
    assert matrix[0]["System"] == "'=HYPERLINK(\"x\")"
    assert matrix[0]["Implementation"] == "'+1\n'=2"
    assert (register[1]["Title"], register[1]["File name"]) == ("'@a", "'-b.pdf")


def test_it_is_rfc_4180_with_a_byte_order_mark() -> None:
    lines = list(control_matrix_csv([picture(statement='He said "no",\nand left.')]))
    assert lines[0].startswith('\ufeff"System","System id"')
    assert all(line.endswith('"\r\n') for line in lines)
    assert '"He said ""no"",\nand left."' in lines[1]
    assert len(lines) == 1 + 9


def test_lines_come_as_they_are_asked_for() -> None:
    fetched = []

    def pictures() -> Iterator[Picture]:
        for slug in ("a", "b", "c"):
            fetched.append(slug)
            yield picture(slug=slug)

    lines = control_matrix_csv(pictures())
    for _ in range(1 + 9):
        next(lines)
    assert fetched == ["a"]


@pytest.mark.parametrize("table", [control_matrix_csv, evidence_register_csv])
def test_no_system_is_refused_before_anything_is_sent(table: object) -> None:
    with pytest.raises(InputRefused, match="no system"):
        table([])  # type: ignore[operator]  # both are called alike


def test_pictures_of_two_moments_or_catalogues_do_not_mix() -> None:
    later, other = replace(STAMP, position=1235), replace(catalogue(), digest="cd" * 32)
    for second in (picture(stamp=later), picture(frozen=other)):
        with pytest.raises(ValueError, match="one moment"):
            list(control_matrix_csv([picture(), second]))
