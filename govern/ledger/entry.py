"""One entry of the ledger: who did what, when, and which rows that wrote, closed or redacted.

The entry's canonical form is the leaf's data. It names people by an opaque key and holds no free text, so
that nothing in it ever needs erasing. Wire form: a JSON object in RFC 8785 form; `shape` says which fields it
has, rows are lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from govern.errors import LedgerError
from govern.ledger.canonical import LARGEST, encode_plain
from govern.ledger.tree import leaf_hash

SHAPE = "entry/1"
ROWS_LIMIT = 1_000
"""The most rows, written, closed and redacted together, that one entry names: imports are cut in parts."""

_is_key = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,126}[A-Za-z0-9])?").fullmatch
_is_action = re.compile(r"[a-z][a-z0-9-]*:[a-z][a-z0-9-]*:[a-z][a-z0-9-]*").fullmatch
_is_table = re.compile(r"[a-z][a-z0-9_]{0,62}").fullmatch
_is_digest = re.compile(r"[0-9a-f]{64}").fullmatch


class Wrote(NamedTuple):
    """A row that the entry wrote: its table, its id, and the SHA-256 (hex) of its canonical content."""

    table: str
    id: str
    digest: str


class Closed(NamedTuple):
    """A row whose `until` the entry set: it was current until then."""

    table: str
    id: str


class Redacted(NamedTuple):
    """A row whose salt and content the entry emptied; its digest stays."""

    table: str
    id: str


@dataclass(frozen=True)
class Entry:
    """What one action did, at one position of the ledger.

    `position` counts from 1; `instant` is in milliseconds since the epoch, UTC; `actor` is an opaque key;
    `action` has the form area:subject:verb; `blobs` are the SHA-256 names of stored bytes that the entry
    relies on; `batch` joins the parts of one import; `erased` are the names of blobs that a redaction
    removed; `touched` are the keys of the things whose state it changed. Raises LedgerError, naming its
    field, for anything that does not fit, for a row named twice, and for more than `ROWS_LIMIT` rows.
    """

    position: int
    instant: int
    actor: str
    action: str
    wrote: tuple[Wrote, ...]
    closed: tuple[Closed, ...]
    blobs: tuple[str, ...]
    batch: str | None
    redacted: tuple[Redacted, ...] = ()
    erased: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _number("position", self.position, 1)
        _number("instant", self.instant, 0)
        _text("actor", self.actor, bool(_is_key(self.actor)))
        _text("action", self.action, bool(_is_action(self.action)))
        if self.batch is not None:
            _text("batch", self.batch, bool(_is_key(self.batch)))
        for blob in (*self.blobs, *self.erased):
            _text("blobs", blob, bool(_is_digest(blob)))
        for thing in self.touched:
            _text("touched", thing, bool(_is_key(thing)))
        _once("touched", self.touched)
        _once("blobs", self.blobs)
        _once("erased", self.erased)
        self._check_rows()

    def _check_rows(self) -> None:
        if self.rows > ROWS_LIMIT:
            raise LedgerError(
                f"an entry names at most {ROWS_LIMIT} rows, this one names {self.rows}",
                mend="Record the change in parts that share a batch key.", field="wrote",
            )
        for _, _, digest in self.wrote:
            _text("a row's digest", digest, bool(_is_digest(digest)))
        named = [(table, row) for table, row, _ in self.wrote]
        for table, row in (*named, *self.closed, *self.redacted):
            _text("a row's table", table, bool(_is_table(table)))
            _text("a row's id", row, bool(_is_key(row)))
        # A row cannot be closed by the entry that writes it: it would never have been current.
        _once("wrote and closed", [*named, *self.closed])
        _once("redacted", self.redacted)

    @property
    def rows(self) -> int:
        """How many rows the entry names."""
        return len(self.wrote) + len(self.closed) + len(self.redacted)

    def canonical(self) -> bytes:
        """The entry's RFC 8785 bytes: what is hashed and kept.

        `batch`, `redacted`, `erased` and `touched` are left out when empty.
        """
        document: dict[str, Any] = {
            "shape": SHAPE, "position": self.position, "instant": self.instant, "actor": self.actor,
            "action": self.action, "wrote": self.wrote, "closed": self.closed, "blobs": self.blobs,
        }
        if self.batch is not None:
            document["batch"] = self.batch
        if self.redacted:
            document["redacted"] = self.redacted
        if self.erased:
            document["erased"] = self.erased
        if self.touched:
            document["touched"] = self.touched
        return encode_plain(document)

    def leaf(self) -> bytes:
        """The entry's leaf hash (RFC 9162, section 2.1.1): 32 bytes."""
        return leaf_hash(self.canonical())

    @classmethod
    def from_canonical(cls, data: bytes) -> Entry:
        """Read an entry back; raises LedgerError unless the bytes are exactly its canonical form."""
        try:
            document = json.loads(data.decode())
            if not isinstance(document, dict) or document.pop("shape") != SHAPE:
                raise LedgerError(f"this is no ledger entry of shape {SHAPE}")
            entry = cls(
                wrote=tuple(Wrote(*row) for row in document.pop("wrote")),
                closed=tuple(Closed(*row) for row in document.pop("closed")),
                redacted=tuple(Redacted(*row) for row in document.pop("redacted", ())),
                blobs=tuple(document.pop("blobs")), erased=tuple(document.pop("erased", ())),
                touched=tuple(document.pop("touched", ())),
                batch=document.pop("batch", None), **document,
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise LedgerError("these bytes are no ledger entry") from error
        # Whatever the parse forgave (spaces, doubled names, other escapes, unknown order) shows here.
        if entry.canonical() != data:
            raise LedgerError("the entry is not in its canonical form")
        return entry


def _number(field: str, value: object, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
        raise LedgerError(f"{field} of a ledger entry is no whole number from {least}", field=field)


def _text(field: str, value: str, fits: bool) -> None:
    if not fits:
        raise LedgerError(f"{field} of a ledger entry cannot be {value!r}", field=field)


def _once(field: str, named: Sequence[object]) -> None:
    if len(named) > 1 and len(set(named)) != len(named):
        raise LedgerError(f"a ledger entry names something twice in {field}", field=field)
