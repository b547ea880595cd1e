"""Verification finds every single alteration, names it, and finds nothing where nothing was altered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.ledger.audit import (
    Columns,
    FactsAudit,
    Head,
    LedgerAudit,
    StoredEntry,
    StoredFact,
    check_blobs,
    check_facts,
    check_ledger,
)
from govern.ledger.canonical import text_digest
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.entry import Closed, Entry, Redacted, Wrote
from govern.ledger.note import SigningKey
from govern.ledger.tree import EMPTY_ROOT, Node, grow, leaf_hash, root_of_frontier

KEY = SigningKey("ledger.example/one", bytes(range(32)))
STRANGER = SigningKey("ledger.example/one", bytes(range(1, 33)))
FIRST, SECOND = text_digest("first blob"), text_digest("second blob")
SIZE = 13


@dataclass
class Ledger:
    """All that is kept of a small ledger, open to alteration."""

    entries: list[StoredEntry] = field(default_factory=list)
    nodes: dict[tuple[int, int], bytes] = field(default_factory=dict)
    checkpoints: dict[int, str] = field(default_factory=dict)
    rows: dict[str, StoredFact] = field(default_factory=dict)
    frontier: tuple[bytes, ...] = ()
    head: Head = field(default_factory=lambda: Head(0, EMPTY_ROOT))

    def record(self, entry: Entry) -> None:
        """Append as a writer would: entry, nodes, head, checkpoint, rows."""
        size, content = entry.position, entry.canonical()
        columns = Columns(entry.instant, entry.actor, entry.action, entry.batch)
        self.entries.append(StoredEntry(size, content, columns))
        self.frontier, made = grow(size - 1, self.frontier, leaf_hash(content))
        self.nodes.update({(level, index): one for level, index, one in made})
        self.head = Head(size, root_of_frontier(size, self.frontier))
        self.checkpoints[size] = Checkpoint(KEY.name, size, self.head.root).signed(KEY)
        for table, row, digest in entry.wrote:
            self.rows[row] = StoredFact(table, row, digest, digest, size)
        for _, row in entry.closed:
            self.rows[row] = self.rows[row]._replace(until=size)
        for _, row in entry.redacted:
            self.rows[row] = self.rows[row]._replace(redacted=size, recomputed=None)

    def verify(self) -> LedgerAudit:
        nodes = [Node(*address, one) for address, one in self.nodes.items()]
        return check_ledger(self.entries, nodes, self.head, self.checkpoints.values(), [KEY.verifier])

    def verify_rows(self, *, complete: bool = True) -> FactsAudit:
        return check_facts(self.verify().claims, self.rows.values(), complete=complete)


def ledger() -> Ledger:
    """Thirteen entries: each writes a row and closes the last; entry 12 redacts row 2, 13 writes three."""
    made = Ledger()
    for position in range(1, SIZE + 1):
        rows = [f"row-{position}"] if position < SIZE else [f"row-{position}{part}" for part in "abc"]
        made.record(Entry(
            position=position, instant=1_767_225_600_000 + position, actor="person-1",
            action="system:record:change",
            wrote=tuple(Wrote("system", row, text_digest(row)) for row in rows),
            closed=(Closed("system", f"row-{position - 1}"),) if position > 1 else (),
            blobs={3: (FIRST,), 5: (FIRST, SECOND)}.get(position, ()), batch=None,
            redacted=(Redacted("system", "row-2"),) if position == 12 else (),
        ))
    return made


def codes(audit: LedgerAudit | FactsAudit) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in audit.faults]


def altered(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


# -- nothing altered -----------------------------------------------------------------------------------------


def test_an_untouched_ledger_has_no_faults_and_says_what_was_looked_at() -> None:
    made = ledger()
    audit = made.verify()
    assert audit.faults == ()
    assert (audit.size, audit.root) == made.head
    assert (audit.entries, audit.nodes, audit.checkpoints) == (13, 13 + 6 + 3 + 1, 13)
    facts = made.verify_rows()
    assert facts.faults == ()
    assert (facts.rows, facts.closings) == (15, 12)
    assert facts.redacted == (("system", "row-2", 12),)


def test_an_empty_ledger() -> None:
    audit = Ledger().verify()
    assert (audit.faults, audit.size, audit.entries) == ((), 0, 0)
    assert check_facts(audit.claims, []).faults == ()


def test_a_pack_has_neither_nodes_nor_head_nor_columns_nor_all_rows() -> None:
    made = ledger()
    entries = [StoredEntry(stored.position, stored.content) for stored in made.entries]
    audit = check_ledger(iter(entries), None, None, [made.checkpoints[13]], iter([KEY.verifier]))
    assert (audit.faults, audit.nodes, audit.checkpoints) == ((), 0, 1)
    some = [made.rows["row-3"], made.rows["row-13b"]]
    assert check_facts(audit.claims, some, complete=False).faults == ()
    assert len(check_facts(audit.claims, some).faults) == 13


# -- one thing altered in the ledger -------------------------------------------------------------------------


@given(st.integers(1, SIZE), st.data())
def test_an_altered_entry_is_named(position: int, data: st.DataObject) -> None:
    made = ledger()
    stored = made.entries[position - 1]
    content = bytearray(stored.content)
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    made.entries[position - 1] = stored._replace(content=bytes(content))
    found = made.verify().faults
    assert found[0].code == "leaf-mismatch"
    assert {fault.where for fault in found} <= {f"entry {position}"} | {f"entry {position + 1}"}


@pytest.mark.parametrize("position", range(1, SIZE))
def test_an_altered_entry_is_told_from_an_altered_leaf(position: int) -> None:
    made = ledger()
    made.nodes[0, position - 1] = altered(made.nodes[0, position - 1])
    [fault] = made.verify().faults
    assert (fault.code, fault.where) == ("leaf-mismatch", f"entry {position}")
    assert fault.text == f"the kept hash was altered, entry {position} was not"
    made = ledger()
    entry = Entry.from_canonical(made.entries[position - 1].content)
    made.entries[position - 1] = made.entries[position - 1]._replace(
        content=replace(entry, actor="person-2").canonical(),
        columns=Columns(entry.instant, "person-2", entry.action, None),
    )
    [fault] = made.verify().faults
    assert fault.text == f"entry {position} was altered: the tree was made over another"


@pytest.mark.parametrize("address", [address for address in ledger().nodes if address[0] > 0])
def test_an_altered_node_is_named_and_nothing_else(address: tuple[int, int]) -> None:
    made = ledger()
    made.nodes[address] = altered(made.nodes[address])
    assert codes(made.verify()) == [("node-mismatch", f"node {address[0]}/{address[1]}")]


@pytest.mark.parametrize("address", list(ledger().nodes))
def test_a_missing_node_is_named_and_nothing_else(address: tuple[int, int]) -> None:
    made = ledger()
    del made.nodes[address]
    [fault] = made.verify().faults
    assert fault.code == "node-missing"


@pytest.mark.parametrize("address", [(0, 13), (1, 6), (4, 0), (-1, 0), (0, -1), (10**9, 0)])
def test_nodes_beyond_the_tree_are_counted(address: tuple[int, int]) -> None:
    made = ledger()
    made.nodes[address] = bytes(32)
    assert codes(made.verify()) == [("node-extra", "tree")]


def test_entry_and_nodes_altered_together_are_named_by_the_node_above() -> None:
    """Somebody altered entry 6 and made its leaf and the node over 5 and 6 again, but not the one above."""
    made = ledger()
    entry = replace(Entry.from_canonical(made.entries[5].content), instant=0)
    made.entries[5] = StoredEntry(6, entry.canonical(), Columns(0, entry.actor, entry.action, None))
    frontier: tuple[bytes, ...] = ()
    for stored in made.entries[:6]:
        frontier, nodes = grow(stored.position - 1, frontier, leaf_hash(stored.content))
        made.nodes.update({(level, index): one for level, index, one in nodes})
    assert codes(made.verify()) == [
        ("checkpoint-mismatch", "checkpoint 6"), ("checkpoint-mismatch", "checkpoint 7"),
        ("node-mismatch", "node 2/1"),
    ]
    made.checkpoints = {13: made.checkpoints[13]}
    [fault] = made.verify().faults
    assert fault.text == "something among entries 5 to 8 was altered: the tree was made over another"


@pytest.mark.parametrize("position", range(1, SIZE))
def test_a_missing_entry_is_named_and_nothing_else(position: int) -> None:
    made = ledger()
    del made.entries[position - 1]
    audit = made.verify()
    assert codes(audit) == [("position-missing", f"entry {position}")]
    assert audit.entries == SIZE - 1


def test_a_missing_entry_without_its_leaf_leaves_later_roots_to_the_nodes_above() -> None:
    made = ledger()
    del made.entries[4:6]
    del made.nodes[0, 4], made.nodes[0, 5]
    audit = made.verify()
    assert codes(audit) == [("position-missing", "entries 5 to 6"), ("checkpoint-open", "checkpoint 5")]


@pytest.mark.parametrize("position", [1, 7, 12])
def test_a_repeated_entry_is_named(position: int) -> None:
    made = ledger()
    made.entries.insert(position, made.entries[position - 1])
    assert codes(made.verify()) == [("position-wrong", f"entry {position}")]


def test_an_absurd_position_does_not_hang() -> None:
    made = ledger()
    made.entries.append(made.entries[-1]._replace(position=2**60))
    assert codes(made.verify()) == [("position-wrong", f"entry {2**60}")]


def test_two_entries_that_changed_places() -> None:
    made = ledger()
    third, fourth = made.entries[2], made.entries[3]
    made.entries[2:4] = [third._replace(content=fourth.content), fourth._replace(content=third.content)]
    found = codes(made.verify())
    assert {("entry-moved", "entry 3"), ("entry-moved", "entry 4")} < set(found)
    assert {("leaf-mismatch", "entry 3"), ("leaf-mismatch", "entry 4")} < set(found)


@pytest.mark.parametrize(("change", "name"), [
    ({"instant": 5}, "instant"), ({"actor": "person-2"}, "actor"), ({"action": "a:b:c"}, "action"),
    ({"batch": "batch-1"}, "batch"),
])
def test_an_altered_column_is_named(change: dict[str, str | int], name: str) -> None:
    made = ledger()
    columns = made.entries[6].columns
    assert columns is not None
    made.entries[6] = made.entries[6]._replace(columns=columns._replace(**change))  # type: ignore[arg-type]
    [fault] = made.verify().faults
    assert (fault.code, fault.where, fault.text) == (
        "entry-column", "entry 7", f"columns differ from its content: {name}"
    )


@pytest.mark.parametrize("head", [
    Head(12, ledger().head.root), Head(14, ledger().head.root), Head(13, bytes(32)),
])
def test_an_altered_head_is_named(head: Head) -> None:
    made = ledger()
    made.head = head
    assert codes(made.verify()) == [("head-mismatch", "head")]


# -- what only a checkpoint kept elsewhere shows -------------------------------------------------------------


def truncated(made: Ledger, size: int) -> Ledger:
    """The ledger as if it had ended at `size`, consistent in itself, with checkpoints kept elsewhere."""
    short = Ledger()
    for stored in made.entries[:size]:
        short.record(Entry.from_canonical(stored.content))
    short.checkpoints = made.checkpoints
    return short


def test_a_cut_tail_is_named_by_the_checkpoints_beyond_it() -> None:
    assert codes(truncated(ledger(), 10).verify()) == [
        ("checkpoint-beyond", f"checkpoint {size}") for size in (11, 12, 13)
    ]


def test_a_tree_made_anew_is_named_by_the_checkpoints_after_the_change() -> None:
    made, other = ledger(), Ledger()
    for stored in made.entries:
        entry = Entry.from_canonical(stored.content)
        other.record(replace(entry, actor="person-2") if entry.position == 9 else entry)
    assert other.verify().faults == ()
    other.checkpoints = made.checkpoints
    assert codes(other.verify()) == [("checkpoint-mismatch", f"checkpoint {size}") for size in range(9, 14)]


def test_checkpoints_that_nobody_trusted_signed_count_for_nothing() -> None:
    made = ledger()
    made.checkpoints = {13: Checkpoint(KEY.name, 13, made.head.root).signed(STRANGER), 14: "no note"}
    audit = made.verify()
    assert [fault.code for fault in audit.faults] == ["checkpoint-refused"] * 2
    assert audit.checkpoints == 0


def test_two_signed_roots_of_one_size_cannot_both_hold() -> None:
    made = ledger()
    made.checkpoints[99] = Checkpoint(KEY.name, 7, bytes(32)).signed(KEY)
    assert codes(made.verify()) == [("checkpoint-mismatch", "checkpoint 7")]


# -- one thing altered in a row ------------------------------------------------------------------------------

Alter = Callable[[StoredFact], StoredFact]
ROW_CASES: list[tuple[str, Alter, str]] = [
    ("row-3", lambda row: row._replace(recomputed=text_digest("other")), "row-altered"),
    ("row-3", lambda row: row._replace(recomputed=None), "row-altered"),
    ("row-3", lambda row: row._replace(digest=text_digest("other")), "digest-altered"),
    ("row-3", lambda row: row._replace(recomputed=text_digest("o"), digest=text_digest("o")), "row-altered"),
    ("row-3", lambda row: row._replace(since=2), "row-moved"),
    ("row-3", lambda row: row._replace(since=14), "row-beyond-head"),
    ("row-3", lambda row: row._replace(until=None), "closing-without-until"),
    ("row-3", lambda row: row._replace(until=5), "until-altered"),
    ("row-13b", lambda row: row._replace(until=13), "until-without-closing"),
    ("row-3", lambda row: row._replace(redacted=12), "redacted-without-entry"),
    ("row-2", lambda row: row._replace(redacted=None), "redaction-undone"),
    ("row-2", lambda row: row._replace(redacted=11), "redaction-altered"),
    ("row-2", lambda row: row._replace(recomputed=row.digest), "redaction-incomplete"),
    ("row-2", lambda row: row._replace(digest=text_digest("other")), "digest-altered"),
    ("row-2", lambda row: row._replace(until=None), "closing-without-until"),
    ("row-2", lambda row: row._replace(since=1), "row-moved"),
]


@pytest.mark.parametrize(("row", "alter", "code"), ROW_CASES)
def test_an_altered_row_is_named(row: str, alter: Alter, code: str) -> None:
    made = ledger()
    made.rows[row] = alter(made.rows[row])
    found = codes(made.verify_rows())
    assert (code, f"system {row}") in found
    assert {where for _, where in found} == {f"system {row}"}
    assert len(found) == (2 if code == "redaction-undone" else 1)


def test_a_missing_row_is_named() -> None:
    made = ledger()
    del made.rows["row-3"]
    assert codes(made.verify_rows()) == [("row-missing", "system row-3")]
    assert made.verify_rows(complete=False).faults == ()


@pytest.mark.parametrize(("row", "expected"), [
    (StoredFact("system", "slipped-in", FIRST, FIRST, 5), ["row-unclaimed"]),
    (StoredFact("system", "slipped-in", FIRST, FIRST, 99), ["row-unclaimed", "row-beyond-head"]),
    (StoredFact("review", "row-3", text_digest("row-3"), text_digest("row-3"), 3), ["row-unclaimed"]),
])
def test_a_row_that_was_slipped_in_is_named(row: StoredFact, expected: list[str]) -> None:
    made = ledger()
    made.rows["slipped-in"] = row
    assert codes(made.verify_rows()) == [(code, f"{row.table} {row.id}") for code in expected]


def test_a_row_in_the_wrong_table_is_unclaimed_there_and_missing_here() -> None:
    made = ledger()
    made.rows["row-13b"] = made.rows["row-13b"]._replace(table="review")
    assert codes(made.verify_rows()) == [
        ("row-unclaimed", "review row-13b"), ("row-missing", "system row-13b"),
    ]


def test_a_row_that_is_there_twice_is_named() -> None:
    made = ledger()
    made.rows["again"] = made.rows["row-3"]
    assert codes(made.verify_rows()) == [("row-twice", "system row-3")]


def test_rows_of_a_cut_tail_lie_beyond_the_head() -> None:
    made = ledger()
    short = truncated(made, 12)
    found = codes(check_facts(short.verify().claims, made.rows.values()))
    assert {code for code, _ in found} == {"row-unclaimed", "row-beyond-head", "until-without-closing"}
    assert ("until-without-closing", "system row-12") in found


def test_each_fault_reads_as_a_sentence_about_its_place() -> None:
    made = ledger()
    made.rows["row-3"] = made.rows["row-3"]._replace(until=None)
    assert [str(fault) for fault in made.verify_rows().faults] == [
        "system row-3: entry 4 closed it, yet it shows as current"
    ]


# -- blobs ---------------------------------------------------------------------------------------------------


def test_blobs_are_held_against_their_names_and_the_entries() -> None:
    claims = ledger().verify().claims
    unnamed = text_digest("on its way in")
    good = check_blobs(claims, [(FIRST, FIRST), (SECOND, SECOND), (unnamed, unnamed)])
    assert (good.faults, good.blobs, good.erased) == ((), 3, ())
    bad = check_blobs(claims, [(SECOND, FIRST)])
    assert [(fault.code, fault.where) for fault in bad.faults] == [
        ("blob-altered", f"blob {SECOND}"), ("blob-missing", f"blob {FIRST}"),
    ]
    assert len(check_blobs(claims, [(SECOND, FIRST)], complete=False).faults) == 1


def test_an_erased_blob_may_and_must_be_gone() -> None:
    made = ledger()
    made.record(Entry(14, 0, "person-1", "person:record:redact", (), (), (), None, erased=(FIRST,)))
    claims = made.verify().claims
    gone = check_blobs(claims, [(SECOND, SECOND)])
    assert (gone.faults, gone.erased) == ((), ((FIRST, 14),))
    kept = check_blobs(claims, [(FIRST, FIRST), (SECOND, SECOND)])
    assert [fault.code for fault in kept.faults] == ["blob-kept"]
    assert kept.erased == ()
