"""The control matrix and the evidence register as CSV (RFC 4180, UTF-8 with byte order mark), row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from govern.facts.moments import iso_instant
from govern.reports.cells import for_csv
from govern.reports.columns import Column, Form, Row, Value
from govern.reports.matrix import control_columns, control_rows
from govern.reports.picture import Picture
from govern.reports.register import EVIDENCE_COLUMNS, evidence_rows
from govern.reports.selection import of_one_moment

# Without it Excel takes UTF-8 for the local code page.
_BYTE_ORDER_MARK = "\ufeff"


def control_matrix_csv(pictures: Iterable[Picture]) -> Iterator[str]:
    """The control matrix of these systems, a line at a time; encode with UTF-8.

    Every line has the first picture's frameworks. Raises InputRefused at once when there is no picture.
    """
    first, every = of_one_moment(pictures)
    columns = control_columns(first.catalogue)
    return written_csv(columns, (row for picture in every for row in control_rows(picture)))


def evidence_register_csv(pictures: Iterable[Picture]) -> Iterator[str]:
    """The evidence register of these systems, a line at a time, every version once; encode with UTF-8.

    Raises InputRefused at once when there is no picture.
    """
    _, every = of_one_moment(pictures)
    seen: set[str] = set()
    return written_csv(EVIDENCE_COLUMNS, (row for picture in every for row in evidence_rows(picture, seen)))


class _Line:
    """A file of one line: what the csv writer last wrote."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def written_csv(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    """Rows with their headings as CSV, a line at a time."""
    line = _Line()
    writer = csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([for_csv(column.title) for column in columns])
    yield _BYTE_ORDER_MARK + line.text
    for row in rows:
        writer.writerow([_field(column, value) for column, value in zip(columns, row, strict=True)])
        yield line.text


def _field(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, int):
        return iso_instant(value) if column.form is Form.INSTANT else str(value)
    return for_csv(value)
