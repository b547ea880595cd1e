"""Offline verification: does everything that is kept say what was recorded? If not, what was altered?

`check_ledger` holds entries, nodes, head and signed checkpoints against each other; `check_facts` holds the
rows against what the entries claim of them; `check_blobs` does so for stored bytes. All report faults and
what they looked at; none stops at the first fault. A checkpoint kept elsewhere is what shows a cut tail, a
rolled-back database or a tree that was made anew: without one, a ledger can only be shown to fit itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from govern.errors import LedgerError, ProofRefused
from govern.ledger.checkpoint import Checkpoint, open_checkpoint
from govern.ledger.claims import Claims
from govern.ledger.entry import Entry
from govern.ledger.faults import Fault
from govern.ledger.note import VerifierKey
from govern.ledger.rebuild import Rebuilt
from govern.ledger.tree import Node, leaf_hash

_LARGEST_GAP = 1_000_000
"""Gaps are walked leaf by leaf; an altered position must not make that endless."""


class Columns(NamedTuple):
    """The columns kept beside an entry's bytes for searching: derived, and checked to be so."""

    instant: int
    actor: str
    action: str
    batch: str | None


class StoredEntry(NamedTuple):
    """An entry as it is kept: position, canonical bytes, and the derived columns where there are some."""

    position: int
    content: bytes
    columns: Columns | None = None


class Head(NamedTuple):
    """The head as it is kept: the ledger's size and root."""

    size: int
    root: bytes


class StoredFact(NamedTuple):
    """A row as it is kept, and the digest of what it says now.

    `recomputed` is the SHA-256 (hex) of the row's canonical content, None where the content cannot be put
    into its form (as with a redacted row, whose salt is gone); `digest` is the column; the rest are ledger
    positions.
    """

    table: str
    id: str
    recomputed: str | None
    digest: str
    since: int
    until: int | None = None
    redacted: int | None = None


@dataclass(frozen=True)
class LedgerAudit:
    """What `check_ledger` found, and how many entries, nodes and checkpoints it looked at.

    `root` is the root of `size`, None where faults leave it open; `claims` is what `check_facts` goes by.
    """

    faults: tuple[Fault, ...]
    size: int
    root: bytes | None
    entries: int
    nodes: int
    checkpoints: int
    claims: Claims


@dataclass(frozen=True)
class FactsAudit:
    """What `check_facts` found, and how many rows, closings and redactions it looked at.

    `redacted` names (table, id, entry) of rows whose content was removed as recorded: neither intact nor
    tampered with.
    """

    faults: tuple[Fault, ...]
    rows: int
    closings: int
    redacted: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class BlobsAudit:
    """What `check_blobs` found, how many it looked at, and (name, entry) of those erased as recorded."""

    faults: tuple[Fault, ...]
    blobs: int
    erased: tuple[tuple[str, int], ...]


# -- the ledger ----------------------------------------------------------------------------------------------


def check_ledger(entries: Iterable[StoredEntry], nodes: Iterable[Node] | None, head: Head | None,
                 checkpoints: Iterable[str | bytes], known: Iterable[VerifierKey]) -> LedgerAudit:
    """Hold entries (ascending by position), kept nodes, head and signed checkpoints against each other.

    `nodes` and `head` are None where none were kept. `known` are the keys that the reader trusts.
    """
    faults: list[Fault] = []
    rebuilt, claims, counted = Rebuilt(nodes, faults), Claims(), 0
    signed = _opened(checkpoints, tuple(known), faults)
    checked = sum(map(len, signed.values()))
    for stored in entries:
        counted += 1
        if not _reach(stored.position, rebuilt, signed, faults):
            continue
        rebuilt.append(leaf_hash(stored.content))
        entry = _read(stored, faults)
        if entry is not None:
            claims.take(entry)
        _compare_signed(rebuilt, signed, faults)
    claims.head = rebuilt.size
    rebuilt.finish()
    roots = rebuilt.roots()
    faults += _head_faults(head, rebuilt.size, roots)
    faults += [
        Fault("checkpoint-beyond", f"checkpoint {size}",
              f"{size} entries were signed for, {rebuilt.size} are left: the end was cut off or rolled back")
        for size in sorted(signed) if size
    ]
    root = roots[0] if len(roots) == 1 else None
    return LedgerAudit(tuple(faults), rebuilt.size, root, counted, rebuilt.compared, checked, claims)


def _opened(checkpoints: Iterable[str | bytes], known: tuple[VerifierKey, ...],
            faults: list[Fault]) -> dict[int, list[Checkpoint]]:
    """The checkpoints whose signatures verify, by size."""
    signed: dict[int, list[Checkpoint]] = {}
    for number, note in enumerate(checkpoints, 1):
        try:
            checkpoint = open_checkpoint(note, known)
        except ProofRefused as error:
            faults.append(Fault("checkpoint-refused", f"checkpoint {number} of those given", error.text))
        else:
            signed.setdefault(checkpoint.size, []).append(checkpoint)
    return signed


def _reach(position: int, rebuilt: Rebuilt, signed: dict[int, list[Checkpoint]], faults: list[Fault]) -> bool:
    """Come to where the entry at `position` is next, reporting what is missing; False if that cannot be."""
    first = rebuilt.size + 1
    if position < first or position - first > _LARGEST_GAP:
        faults.append(Fault("position-wrong", f"entry {position}", f"here entry {first} was to come"))
        return False
    if position > first:
        lost = f"entry {first}" if position == first + 1 else f"entries {first} to {position - 1}"
        faults.append(Fault("position-missing", lost, "missing from the ledger"))
        while rebuilt.size < position - 1:
            rebuilt.append(None)
            _compare_signed(rebuilt, signed, faults)
    return True


def _read(stored: StoredEntry, faults: list[Fault]) -> Entry | None:
    where = f"entry {stored.position}"
    try:
        entry = Entry.from_canonical(stored.content)
    except LedgerError as error:
        faults.append(Fault("entry-malformed", where, error.text))
        return None
    if entry.position != stored.position:
        faults.append(Fault("entry-moved", where, f"by its own content this is entry {entry.position}"))
        return None
    derived = Columns(entry.instant, entry.actor, entry.action, entry.batch)
    if stored.columns is not None and stored.columns != derived:
        altered = [name for name, column, value in zip(Columns._fields, stored.columns, derived, strict=True)
                   if column != value]
        faults.append(Fault("entry-column", where, f"columns differ from its content: {', '.join(altered)}"))
    return entry


def _compare_signed(rebuilt: Rebuilt, signed: dict[int, list[Checkpoint]], faults: list[Fault]) -> None:
    if rebuilt.size not in signed:
        return
    roots = rebuilt.roots()
    for checkpoint in signed.pop(rebuilt.size):
        where = f"checkpoint {checkpoint.size}"
        if not roots:
            faults.append(Fault("checkpoint-open", where,
                                "its root cannot be made again: entries and nodes are missing"))
        elif checkpoint.root not in roots:
            faults.append(Fault("checkpoint-mismatch", where,
                                "the ledger up to here is not what was signed: the root is another"))


def _head_faults(head: Head | None, size: int, roots: tuple[bytes, ...]) -> list[Fault]:
    if head is None:
        return []
    if head.size != size:
        return [Fault("head-mismatch", "head", f"the head counts {head.size} entries, the ledger {size}")]
    if roots and head.root not in roots:
        return [Fault("head-mismatch", "head", f"the head's root is not that of the {size} entries")]
    return []


# -- the facts -----------------------------------------------------------------------------------------------


def check_facts(claims: Claims, rows: Iterable[StoredFact], *, complete: bool = True) -> FactsAudit:
    """Hold the rows against what the entries claim of them, both ways.

    `complete` says that `rows` are all there are, so that one that is not among them is missing; a pack that
    holds some of the rows passes False.
    """
    faults = list(claims.faults)
    seen: dict[str, set[str]] = {}
    redacted: list[tuple[str, str, int]] = []
    count = closings = 0
    for row in rows:
        count += 1
        closings += row.until is not None
        among = seen.setdefault(row.table, set())
        if row.id in among:
            faults.append(_of(row, "row-twice", "the row is there twice"))
        among.add(row.id)
        claim = claims.written.get(row.table, {}).get(row.id)
        closed = claims.closed.get(row.table, {}).get(row.id)
        emptied = claims.redacted.get(row.table, {}).get(row.id)
        if emptied is not None and emptied == row.redacted:
            redacted.append((row.table, row.id, emptied))
        if (claim == (row.since, row.digest) and row.recomputed == row.digest and row.until == closed
                and row.redacted is None and emptied is None):
            continue
        faults += _row_faults(row, claim, claims.head)
        faults += _closing_faults(row, closed)
        faults += _redaction_faults(row, emptied, claim)
    if complete:
        faults += _missing(claims, seen)
    return FactsAudit(tuple(faults), count, closings, tuple(redacted))


def _row_faults(row: StoredFact, claim: tuple[int, str] | None, head: int) -> list[Fault]:
    if claim is None:
        found = [_of(row, "row-unclaimed", f"says that entry {row.since} wrote it, but no entry did")]
        if row.since > head:
            found.append(_of(row, "row-beyond-head", f"claims entry {row.since}, the ledger ends at {head}"))
        return found
    position, digest = claim
    found = []
    if row.since > head:
        found.append(_of(row, "row-beyond-head", f"claims entry {row.since}, the ledger ends at {head}"))
    elif row.since != position:
        found.append(_of(row, "row-moved", f"says that entry {row.since} wrote it, entry {position} did"))
    if row.redacted is not None:
        if row.digest != digest:
            found.append(_of(row, "digest-altered", f"its digest is not what entry {position} recorded"))
    elif digest not in (row.recomputed, row.digest):
        found.append(_of(row, "row-altered", f"content and digest are not what entry {position} recorded"))
    elif row.recomputed != digest:
        found.append(_of(row, "row-altered", f"its content is not what entry {position} recorded"))
    elif row.digest != digest:
        found.append(_of(row, "digest-altered",
                         f"its digest is not what entry {position} recorded, its content is"))
    return found


def _closing_faults(row: StoredFact, closed: int | None) -> list[Fault]:
    if row.until == closed:
        return []
    if closed is None:
        return [_of(row, "until-without-closing", f"ends at entry {row.until}, but no entry closed it")]
    if row.until is None:
        return [_of(row, "closing-without-until", f"entry {closed} closed it, yet it shows as current")]
    return [_of(row, "until-altered", f"ends at entry {row.until}, but entry {closed} closed it")]


def _redaction_faults(row: StoredFact, emptied: int | None, claim: tuple[int, str] | None) -> list[Fault]:
    if row.redacted != emptied:
        if emptied is None:
            return [_of(row, "redacted-without-entry", f"redacted at {row.redacted}, but by no entry")]
        if row.redacted is None:
            return [_of(row, "redaction-undone", f"entry {emptied} redacted it, yet it does not say so")]
        return [_of(row, "redaction-altered", f"says entry {row.redacted} redacted it, entry {emptied} did")]
    if emptied is not None and claim is not None and row.recomputed == claim[1]:
        return [_of(row, "redaction-incomplete", f"entry {emptied} redacted it, yet its content is there")]
    return []


def _missing(claims: Claims, seen: dict[str, set[str]]) -> list[Fault]:
    return [
        Fault("row-missing", f"{table} {row}", f"entry {position} wrote it, but it is not there")
        for table, rows in claims.written.items()
        for row, (position, _) in rows.items() if row not in seen.get(table, ())
    ]


def _of(row: StoredFact, code: str, text: str) -> Fault:
    return Fault(code, f"{row.table} {row.id}", text)


# -- the blobs -----------------------------------------------------------------------------------------------


def check_blobs(claims: Claims, blobs: Iterable[tuple[str, str]], *, complete: bool = True) -> BlobsAudit:
    """Hold stored bytes, as (name, SHA-256 of the bytes now), against their names and the entries that rely
    on them.

    Blobs that no entry names are no fault: they may be on their way in, or waiting for the sweeper.
    """
    faults: list[Fault] = []
    present: set[str] = set()
    for name, digest in blobs:
        present.add(name)
        if digest != name:
            faults.append(Fault("blob-altered", f"blob {name}", "its bytes are not what its name stands for"))
        elif name in claims.erased:
            entry = claims.erased[name]
            faults.append(Fault("blob-kept", f"blob {name}", f"entry {entry} erased it, yet it is there"))
    if complete:
        faults += [
            Fault("blob-missing", f"blob {name}", f"entry {position} relies on it, but it is not there")
            for name, position in claims.blobs.items()
            if name not in present and name not in claims.erased
        ]
    erased = tuple((name, entry) for name, entry in claims.erased.items() if name not in present)
    return BlobsAudit(tuple(faults), len(present), erased)
