"""What a piece of evidence says, typed.

Findings have two halves. `stated` is a flat map of dotted names to values, the vocabulary that controls/kinds/ declares
for a kind and that checks are written in. `detail` is what a page draws: rows of a named table, each a flat map. A
reader never puts a guess into `stated`: what a file does not say is left out, and a check that needs it is undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = int | float | bool | str


@dataclass(frozen=True)
class Table:
    """Rows that explain the stated values, e.g. one row a probe and detector."""

    name: str
    rows: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True)
class Findings:
    """What one version of a piece of evidence states.

    `kind` is the kind of evidence whose vocabulary `stated` uses; `notes` are plain sentences about what was not
    understood or left out, for people.
    """

    kind: str
    stated: Mapping[str, Value]
    detail: tuple[Table, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def table(self, name: str) -> tuple[Mapping[str, Value], ...]:
        """The rows of one table, empty when there is none."""
        return next((table.rows for table in self.detail if table.name == name), ())
