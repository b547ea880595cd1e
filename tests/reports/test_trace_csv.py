"""A trace as CSV: a line a chain, inert cells, and the ledger position on every line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from govern.assurance.trace import Row
from govern.assurance.trace_heads import End, Head, Step
from govern.assurance.trace_lines import Line, Names, line_of
from govern.catalogue.objects import Target
from govern.reports.trace_csv import TRACE_COLUMNS, trace_csv
from tests.assurance.builders import NOW, catalogue, control, framework, link, requirement
from tests.assurance.traces import Traced, proof
from tests.reports.pictures import ROOT, STAMP

KNOWN = catalogue(control("C-01", links=[link("1")]), frameworks=[framework(requirement("1"))])
NAMES = Names({"s1": Traced(KNOWN).setting("s1").snapshot.system}, {"owner": "Ada Example", "reviewer": "Ben Example"})


def line(row: Row) -> Line:
    return line_of(row, KNOWN, NAMES)


def read(*rows: Row) -> list[dict[str, str]]:
    text = "".join(trace_csv(map(line, rows), KNOWN, STAMP)).encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_chain_from_end_to_end() -> None:
    head = Head("f", "1", "C-01", "subset-of", Target("g", "2"), "Because.")
    [row] = read(Row(head, "s1", ("C-01.1",), proof(withdrawn=NOW, reason="Wrong."), "Inherited.",
                     (End(Step.DECISION, "withdrawn", "Taken back."),)))
    assert row == {
        "Framework": "f", "Requirement": "1", "Requirement title": "Requirement 1", "Relation": "subset-of",
        "Mapped through": "g 2", "Control": "C-01", "Control title": "Control C-01", "Asks": "C-01.1",
        "Asked for": "Ask C-01.1", "System": "s1",
        "System name": "S1", "Inherited": "Inherited.", "Evidence": "e1", "Title": "Evidence e1", "Kind": "Scan report",
        "Version": "1", "SHA-256": f"{1:064x}", "Submitted (UTC)": "1970-04-01T00:00:00.000Z", "Submitted by": "Ada Example",
        "Via token": "",
        "Verdict": "accepted", "Decided by": "person", "Reviewer": "Ben Example", "Decided (UTC)": "1970-04-02T00:00:00.000Z",
        "Decision": "review-e1-1", "Standing acceptance": "", "Withdrawn (UTC)": "1970-04-11T00:00:00.000Z", "Ends at": "decision",
        "Ends because": "Taken back.", "Ledger entry": "1234", "Ledger root": ROOT, "As of (UTC)": "2026-11-20T17:30:00.000Z"}


def test_several_ends_stand_under_each_other() -> None:
    [row] = read(Row(Head("", "", "C-01", end=None), "s1", ends=(
        End(Step.CONTROL, "no-requirement", "One."), End(Step.SYSTEM, "absent", "Two."), End(Step.SYSTEM, "absent", "Three."))))
    assert (row["Ends at"], row["Ends because"]) == ("control\nsystem", "One.\nTwo.\nThree.")


def test_no_cell_is_a_formula() -> None:
    [row] = read(Row(Head("f", "1", "C-01"), "s1", (), proof(title="=HYPERLINK(1)", submitted_by="@x")))
    assert (row["Title"], row["Submitted by"]) == ("'=HYPERLINK(1)", "'@x")


def test_it_comes_a_line_at_a_time() -> None:
    asked: list[int] = []

    def rows() -> Iterator[Line]:
        for number in range(3):
            asked.append(number)
            yield line(Row(Head("f", str(number), "C-01")))

    made = trace_csv(rows(), KNOWN, STAMP)
    assert next(made).count("\r\n") == 1
    assert asked == []
    next(made)
    assert asked == [0]
    assert len(TRACE_COLUMNS) == len({column.title for column in TRACE_COLUMNS})
