"""What the entries say of rows, and the faults of entries that contradict each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.ledger.audit import check_facts
from govern.ledger.canonical import text_digest
from govern.ledger.claims import Claims
from govern.ledger.entry import Closed, Entry, Redacted, Wrote

FIRST, SECOND = text_digest("first"), text_digest("second")


def entry(position: int, **changes: tuple[object, ...]) -> Entry:
    plain = Entry(position, 0, "person-1", "system:record:change", (), (), (), None)
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("later", "code"), [
    ({"wrote": (Wrote("system", "a", SECOND),)}, "written-twice"),
    ({"closed": (Closed("system", "a"),)}, "closing-twice"),
    ({"redacted": (Redacted("system", "a"),)}, "redaction-twice"),
    ({"closed": (Closed("system", "b"),)}, "closing-of-nothing"),
    ({"redacted": (Redacted("system", "b"),)}, "redaction-of-nothing"),
    ({"closed": (Closed("review", "a"),)}, "closing-of-nothing"),
    (
        {"wrote": (Wrote("system", "c", FIRST),), "redacted": (Redacted("system", "c"),)},
        "redaction-of-nothing",
    ),
])
def test_contradictions_among_entries_are_faults(later: dict[str, tuple[object, ...]], code: str) -> None:
    before = [
        entry(1, wrote=(Wrote("system", "a", FIRST),)),
        entry(2, closed=(Closed("system", "a"),), redacted=(Redacted("system", "a"),)),
    ]
    assert Claims.of(before).faults == []
    claims = Claims.of([*before, entry(3, **later)])
    assert [(fault.code, fault.where) for fault in claims.faults] == [(code, "entry 3")]
    assert code in {fault.code for fault in check_facts(claims, []).faults}


def test_claims_sum_up_the_entries() -> None:
    claims = Claims.of([
        entry(1, wrote=(Wrote("system", "a", FIRST),), blobs=(FIRST,)),
        entry(2, wrote=(Wrote("system", "b", SECOND),), closed=(Closed("system", "a"),),
              blobs=(FIRST, SECOND)),
        entry(3, redacted=(Redacted("system", "a"),), erased=(FIRST,)),
    ])
    assert claims.head == 3
    assert claims.written == {"system": {"a": (1, FIRST), "b": (2, SECOND)}}
    assert (claims.closed, claims.redacted) == ({"system": {"a": 2}}, {"system": {"a": 3}})
    assert (claims.blobs, claims.erased) == ({FIRST: 1, SECOND: 2}, {FIRST: 3})
