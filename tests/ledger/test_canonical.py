"""The canonical form against the general encoder, and what it refuses."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.errors import LedgerError
from govern.ledger.canonical import LARGEST, canonical, canonical_text, digest_hex, text_digest

NAMES = st.text("".join(map(chr, range(128))), max_size=12)
VALUES = st.none() | st.text() | st.integers(-LARGEST, LARGEST)


class Colour(StrEnum):
    RED = "red"


# Without a cache, the first text drawn waits a second for the table of all characters.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, VALUES, max_size=12))
def test_it_is_what_the_general_encoder_gives(content: dict[str, str | int | None]) -> None:
    said = {name: value for name, value in content.items() if value is not None}
    assert canonical(content) == rfc8785.dumps(said)
    assert json.loads(canonical(content)) == said


def test_a_form_pinned_byte_for_byte() -> None:
    content: dict[str, str | int | None] = {
        "b": 'a "quoted"\\\n\t\x07\x7f', "a": -5, "Z": "Łódź €\U0001f600\u2028", "left out": None, "c": "",
    }
    assert canonical(content) == (
        b'{"Z":"\xc5\x81\xc3\xb3d\xc5\xba \xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8","a":-5,'
        b'"b":"a \\"quoted\\"\\\\\\n\\t\\u0007\x7f","c":""}'
    )
    assert canonical({}) == b"{}"


def test_the_order_of_fields_does_not_matter_but_their_values_do() -> None:
    assert canonical({"a": 1, "b": "x"}) == canonical({"b": "x", "a": 1})
    assert canonical({"a": 1}) != canonical({"a": "1"})
    assert canonical({"a": None}) == canonical({})


def test_a_named_value_counts_as_its_text() -> None:
    assert canonical({"colour": Colour.RED}) == b'{"colour":"red"}'


@pytest.mark.parametrize("value", [
    True, False, 1.0, float("nan"), b"bytes", ["list"], {"a": 1}, LARGEST + 1, -LARGEST - 1,
    pytest.param(10**5000, id="huge"), pytest.param("\ud800", id="half a pair"),
])
def test_what_is_refused(value: Any) -> None:
    with pytest.raises(LedgerError):
        canonical({"field": value})


@pytest.mark.parametrize("name", ["é", "\ud800", "\U0001f600"])
def test_names_beyond_ascii_are_refused(name: str) -> None:
    with pytest.raises(LedgerError, match="ASCII"):
        canonical({name: 1})


def test_the_error_names_the_field() -> None:
    with pytest.raises(LedgerError) as refused:
        canonical({"good": 1, "share": 0.5})  # type: ignore[dict-item]
    assert refused.value.field == "share"


def test_digests() -> None:
    assert digest_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    # FIPS 180-2, appendix B.1
    assert text_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert text_digest("é") == digest_hex(b"\xc3\xa9")
    with pytest.raises(LedgerError):
        text_digest("\udfff")


def test_general_text_takes_fractions_and_nesting() -> None:
    # RFC 8785, section 3.2.2: the example's numbers and literals
    assert canonical_text({
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "literals": [None, True, False],
    }) == '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}'


@pytest.mark.parametrize("value", [
    float("nan"), float("inf"), {1: 2}, 2**60, "\ud800", {"\ud800": 1}, pytest.param(object(), id="an object"),
], ids=repr)
def test_general_text_refuses_what_json_cannot_say(value: object) -> None:
    with pytest.raises(LedgerError):
        canonical_text(value)
