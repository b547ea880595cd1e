"""Findings go into a text and come back the same, types and all."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.errors import Unreadable
from govern.evidence.findings_text import digest_of, from_text, to_text
from govern.facts.findings import Findings, Table, Value

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
VALUES: st.SearchStrategy[Value] = (
    st.integers(-(2**63), 2**63 - 1) | st.booleans() | TEXT | st.floats(allow_nan=False, allow_infinity=False)
)
MAPS = st.dictionaries(TEXT, VALUES, max_size=4)
FINDINGS = st.builds(
    Findings,
    TEXT,
    MAPS,
    st.lists(st.builds(Table, TEXT, st.lists(MAPS, max_size=3).map(tuple)), max_size=3).map(tuple),
    st.lists(TEXT, max_size=3).map(tuple),
)


@given(FINDINGS)
def test_comes_back_the_same(findings: Findings) -> None:
    text = to_text(findings)
    back = from_text(text)
    assert back == findings
    assert to_text(back) == text
    assert [type(back.stated[name]) for name in findings.stated] == [
        type(one) for one in findings.stated.values()
    ]


@given(MAPS)
def test_order_does_not_matter(stated: dict[str, Value]) -> None:
    turned = dict(reversed(stated.items()))
    assert to_text(Findings("k", stated)) == to_text(Findings("k", turned))


def test_the_text_is_pinned() -> None:
    findings = Findings(
        "k", {"b": 1.0, "a": 1, "c": True, "é": "x\u2028\n"}, (Table("t", ({"z": 0.1, "y": -0.0},)),), ("n",)
    )
    text = to_text(findings)
    assert text == (
        '{"detail":[{"name":"t","rows":[{"y":-0.0,"z":0.1}]}],"kind":"k","notes":["n"],'
        '"stated":{"a":1,"b":1.0,"c":true,"é":"x\u2028\\n"}}'
    )
    assert digest_of(text) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    assert to_text(Findings("k", {})) == '{"kind":"k","stated":{}}'


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**63, -(2**63) - 1, None, [1], {"a": 1}, "\ud800", b"x"]
)
def test_refuses_what_findings_may_not_hold(value: Value) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them: the wording is not the point
        to_text(Findings("k", {"a": value}))
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        to_text(Findings("k", {}, (Table("t", ({"a": value},)),)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"kind":"k"}',
        '{"kind":"k","stated":[]}',
        '{"kind":"k","stated":{"a":null}}',
        '{"kind":"k","stated":{"a":NaN}}',
        '{"stated":{},"kind":"k"}',
        '{"kind": "k","stated":{}}',
        '{"kind":"k","stated":{},"notes":[]}',
        '{"kind":"k","stated":{},"more":1}',
        '{"kind":"k","kind":"k","stated":{}}',
        '{"detail":[{"name":"t","rows":[1]}],"kind":"k","stated":{}}',
        "[" * 100_000,
    ],
)
def test_refuses_other_texts(text: str) -> None:
    with pytest.raises(Unreadable):
        from_text(text)
