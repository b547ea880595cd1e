"""A table that can be written as a sheet or as CSV: its columns, and rows as plain tuples in their order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

Value = str | int | None
Row = tuple[Value, ...]


class Form(StrEnum):
    """How a column's values are written. An instant is in milliseconds, UTC; a word comes with a colour."""

    TEXT = "text"
    NUMBER = "number"
    INSTANT = "instant"
    WORD = "word"


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters on a sheet and the form of its values."""

    title: str
    width: int
    form: Form = Form.TEXT


def lines(*parts: str) -> str:
    """The parts that say something, one a line."""
    return "\n".join(part for part in parts if part)
