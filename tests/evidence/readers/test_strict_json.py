"""JSON that two programs could understand differently is refused, and faults are said with their place."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, Limits
from govern.evidence.readers.strict_json import NotJson, Place, parse

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


def fault(data: bytes, limits: Limits | None = None, place: Place | None = None) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        parse(data, Budget(limits or Limits()), place)
    return caught.value


@given(VALUES, st.booleans())
def test_takes_all_plain_json(value: object, ascii_only: bool) -> None:
    assert parse(json.dumps(value, ensure_ascii=ascii_only).encode("utf-8"), Budget()) == value


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'{"a": NaN}', "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "-Infinity"),
        (b"[1e999]", "too large"),
        (b'{"a": 1, "a": 2}', '"a" stands twice'),
        (b'{"x": {"k": 1, "j": 2, "k": 1}}', '"k" stands twice'),
        (b"[9223372036854775808]", "64 bits"),
        (b"[-9223372036854775809]", "64 bits"),
        (b"[" + b"9" * 5000 + b"]", "64 bits"),
        (rb'["\ud800"]', "surrogate"),
        (rb'{"\udfff": 1}', "surrogate"),
        (rb'["\ud83d x \ude00"]', "surrogate"),
        (b"[" * 101 + b"]" * 101, "deeper than 100"),
        (b"[" * 100_000, "deeper than 100"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "deeper than 100"),
        (b"\xff", "not UTF-8"),
        (b'["\xed\xa0\x80"]', "not UTF-8"),
    ],
)
def test_refuses(data: bytes, word: str) -> None:
    error = fault(data)
    assert word in error.text
    assert error.mend


@pytest.mark.parametrize(
    "data",
    [
        b"[9223372036854775807]",
        b"[-9223372036854775808]",
        rb'["\ud83d\ude00"]',
        rb'["\\ud800"]',
        b"[" * 100 + b"]" * 100,
        b"[" + b"[" * 99 + b"1" + b"]" * 99 + b"]",
        b'["' + b"[" * 500 + b'"]',
    ],
)
def test_takes_what_only_looks_odd(data: bytes) -> None:
    assert parse(data, Budget()) == json.loads(data)


def test_bounds_values_before_it_takes_memory() -> None:
    many = b"[" + b"0," * 2_000_001 + b"0]"
    assert "more than 2,000,000 values" in fault(many).text
    assert "more than 10 values" in fault(b"[" * 6 + b"]" * 6 + b"," * 5, Limits(values=10)).text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"  ",
        b"{",
        b'{"a"',
        b'{"a":',
        b'{"a": tr',
        b'{"a": 1,',
        b'["abc',
        rb'["ab\u12',
        b'["ab\\',
        b"[1, -",
        b'["\xc3',
    ],
)
def test_knows_a_file_that_was_cut(data: bytes) -> None:
    error = fault(data)
    assert isinstance(error, NotJson)
    assert error.cut
    assert "ends in the middle" in error.text


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{"a": 1}\n{"b": 2}', "Line 2, column 1, byte 9"),
        (b'{\n "a": x\n}', "Line 2, column 7, byte 8"),
        ('{"é": x}'.encode(), "Line 1, column 7, byte 7"),
        (b"[1,]", "byte"),
        (b'["a\tb"]', "Line 1"),
    ],
)
def test_says_where_it_is_wrong(data: bytes, where: str) -> None:
    error = fault(data)
    assert isinstance(error, NotJson)
    assert not error.cut
    assert where in error.text


def test_counts_places_in_the_file() -> None:
    assert "Line 7, column 2, byte 101" in fault(b"[x]", place=Place(7, 100)).text
    assert "line 7, byte 104" in fault(b'["ab', place=Place(7, 100)).text
    assert fault(b'{"a":1,"a":1}', place=Place(7, 100)).text.startswith("Line 7: the name")


def test_names_in_messages_are_inert() -> None:
    text = fault(b'{"\\u202e\\u0000": 1, "\\u202e\\u0000": 2}').text
    assert text.isascii()
    assert len(fault(b'{"%s": 1, "%s": 2}' % (b"a" * 999, b"a" * 999)).text) < 200
