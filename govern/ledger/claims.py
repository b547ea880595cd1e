"""What the entries claim of the rows: which they wrote, closed and redacted, and on which blobs they rely."""

from __future__ import annotations

from collections.abc import Iterable

from govern.ledger.entry import Entry
from govern.ledger.faults import Fault


class Claims:
    """The sum of all entries taken so far, by table and row id; positions count from 1.

    `written` gives (position, digest), `closed` and `redacted` the position, `blobs` the first position that
    relies on a blob, `erased` the position that removed it. `faults` are contradictions among the entries
    themselves.
    """

    def __init__(self) -> None:
        self.head = 0
        self.written: dict[str, dict[str, tuple[int, str]]] = {}
        self.closed: dict[str, dict[str, int]] = {}
        self.redacted: dict[str, dict[str, int]] = {}
        self.blobs: dict[str, int] = {}
        self.erased: dict[str, int] = {}
        self.faults: list[Fault] = []

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Claims:
        """The claims of entries in the order of their positions."""
        claims = cls()
        for entry in entries:
            claims.take(entry)
        return claims

    def take(self, entry: Entry) -> None:
        """Add the next entry. Rows are closed and redacted at most once, and only rows that an earlier entry
        wrote.
        """
        position = self.head = entry.position
        # Closings first: what this entry writes cannot be what it closes.
        self._end("closing", self.closed, entry.closed, position)
        self._end("redaction", self.redacted, entry.redacted, position)
        for table, row, digest in entry.wrote:
            earlier = self.written.setdefault(table, {}).setdefault(row, (position, digest))
            if earlier[0] != position:
                self._fault("written-twice", position, f"writes {table} {row}, as entry {earlier[0]} did")
        for blob in entry.blobs:
            self.blobs.setdefault(blob, position)
        for blob in entry.erased:
            self.erased.setdefault(blob, position)

    def _end(self, what: str, taken: dict[str, dict[str, int]], rows: Iterable[tuple[str, str]],
             position: int) -> None:
        for table, row in rows:
            if row not in self.written.get(table, ()):
                self._fault(f"{what}-of-nothing", position,
                            f"{what} of {table} {row}, which no earlier entry wrote")
            earlier = taken.setdefault(table, {}).setdefault(row, position)
            if earlier != position:
                self._fault(f"{what}-twice", position, f"{what} of {table} {row}, as in entry {earlier}")

    def _fault(self, code: str, position: int, text: str) -> None:
        self.faults.append(Fault(code, f"entry {position}", text))
