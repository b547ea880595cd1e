"""Entries: one exact form, read back strictly, nothing in them that is not an identifier."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from govern.errors import LedgerError
from govern.ledger.entry import ROWS_LIMIT, Closed, Entry, Redacted, Wrote

DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
ENTRY = Entry(
    position=7, instant=1_767_225_600_000, actor="0190f2d4-person", action="evidence:version:submit",
    wrote=(Wrote("version", "0190f2d4-v2", DIGEST),), closed=(Closed("version", "0190f2d4-v1"),),
    blobs=(DIGEST,), batch="0190f2d4-batch",
)

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,10}[A-Za-z0-9]", fullmatch=True)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
ROWS = st.lists(IDS, unique=True, max_size=6)


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    rows = draw(ROWS)
    cut = draw(st.integers(0, len(rows)))
    return Entry(
        position=draw(st.integers(1, 2**40)), instant=draw(st.integers(0, 2**45)), actor=draw(IDS),
        action="system:record:change",
        wrote=tuple(Wrote("system", row, draw(DIGESTS)) for row in rows[:cut]),
        closed=tuple(Closed("system", row) for row in rows[cut:]),
        blobs=tuple(draw(st.lists(DIGESTS, unique=True, max_size=3))), batch=draw(st.none() | IDS),
        redacted=tuple(Redacted("person", row) for row in draw(ROWS)),
        erased=tuple(draw(st.lists(DIGESTS, unique=True, max_size=2))), touched=tuple(draw(ROWS)),
    )


def test_the_form_is_pinned() -> None:
    """Changing this changes every ledger: it needs a new shape beside the old one."""
    assert ENTRY.canonical() == (
        '{"action":"evidence:version:submit","actor":"0190f2d4-person","batch":"0190f2d4-batch",'
        f'"blobs":["{DIGEST}"],"closed":[["version","0190f2d4-v1"]],"instant":1767225600000,"position":7,'
        f'"shape":"entry/1","wrote":[["version","0190f2d4-v2","{DIGEST}"]]}}'
    ).encode()
    assert ENTRY.leaf() == sha256(b"\0" + ENTRY.canonical()).digest()


@given(entries())
def test_it_reads_back_what_it_wrote_and_the_form_is_canonical(entry: Entry) -> None:
    data = entry.canonical()
    assert Entry.from_canonical(data) == entry
    assert rfc8785.dumps(json.loads(data)) == data


@given(entries(), st.data())
def test_no_single_altered_byte_reads_as_the_same_entry(entry: Entry, data: st.DataObject) -> None:
    altered = bytearray(entry.canonical())
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read = Entry.from_canonical(bytes(altered))
    except LedgerError:
        return
    assert read != entry
    assert read.leaf() != entry.leaf()


def altered_document(**changes: Any) -> bytes:
    document = json.loads(ENTRY.canonical())
    for name, value in changes.items():
        if value is ...:
            del document[name]
        else:
            document[name] = value
    return rfc8785.dumps(document)


@pytest.mark.parametrize("data", [
    b"", b"null", b"[]", b"7", b"{}", b'"entry"', b"\xff", b"[" * 100_000,
    ENTRY.canonical() + b"\n",
    ENTRY.canonical().replace(b":7,", b": 7,"),
    ENTRY.canonical().replace(b":7,", b":7.0,"),
    ENTRY.canonical().replace(b'"batch"', b'"\\u0062atch"'),
    ENTRY.canonical().replace(b'{"action"', b'{"position":8,"action"'),
    altered_document(shape="entry/2"), altered_document(shape=...), altered_document(unknown=1),
    altered_document(actor=...), altered_document(wrote=...), altered_document(batch=None),
    altered_document(position=0), altered_document(position=True), altered_document(position="7"),
    altered_document(instant=-1), altered_document(redacted=[]), altered_document(erased=[]),
    altered_document(touched=[]), altered_document(touched=[1]), altered_document(touched="key"),
    altered_document(wrote=[["version", "a"]]), altered_document(wrote=[["version", "a", DIGEST, "more"]]),
    altered_document(wrote=[["version", 1, DIGEST]]), altered_document(wrote={}), altered_document(blobs=""),
    altered_document(blobs=[1]), altered_document(closed=[[["a"], "b"]]), altered_document(closed=7),
], ids=lambda data: ascii(data)[:60])
def test_only_exact_bytes_are_read(data: bytes) -> None:
    with pytest.raises(LedgerError):
        Entry.from_canonical(data)


@pytest.mark.parametrize("change", [
    {"actor": ""}, {"actor": "Somebody Free Text"}, {"actor": "a\n"}, {"actor": "someone@example.org"},
    {"action": "submit"}, {"action": "Evidence:version:submit"}, {"action": "a:b:c:d"}, {"action": "a:b:c\n"},
    {"batch": ""}, {"batch": "first part"}, {"blobs": ("not a digest",)}, {"blobs": (DIGEST.upper(),)},
    {"blobs": (DIGEST, DIGEST)}, {"erased": ("no",)}, {"touched": ("a b",)}, {"touched": ("a", "a")},
    {"position": 0}, {"instant": -1}, {"position": True},
    {"wrote": (Wrote("Version", "a", DIGEST),)}, {"wrote": (Wrote("version", "a b", DIGEST),)},
    {"wrote": (Wrote("version", "a", DIGEST[1:]),)},
    {"wrote": (Wrote("version", "a", DIGEST), Wrote("version", "a", DIGEST))},
    {"closed": (Closed("version", "0190f2d4-v2"),)},
    {"redacted": (Redacted("person", "a"), Redacted("person", "a"))},
])
def test_what_no_entry_can_say(change: dict[str, Any]) -> None:
    with pytest.raises(LedgerError):
        replace(ENTRY, **change)


def test_the_same_id_may_stand_in_two_tables() -> None:
    entry = replace(ENTRY, wrote=(Wrote("version", "a", DIGEST), Wrote("review", "a", DIGEST)))
    assert entry.rows == 3


def test_a_thousand_rows_and_no_more() -> None:
    rows = tuple(Wrote("version", f"row-{number}", DIGEST) for number in range(ROWS_LIMIT))
    assert replace(ENTRY, wrote=rows, closed=()).rows == 1_000
    with pytest.raises(LedgerError, match="at most 1000 rows"):
        replace(ENTRY, wrote=rows)
