"""What the address of a trace may say, and that a cursor comes back as it was given out."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.assurance.trace import MOST, Mark
from govern.errors import InputRefused
from govern.schemas.forms import load_form
from govern.schemas.trace import TracePlace, TraceQuery, cursor_of

NUMBERS = st.integers(0, 10**9)
KEYS = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@given(NUMBERS, KEYS, NUMBERS, NUMBERS, NUMBERS, st.integers(0, 10**12))
def test_a_cursor_comes_back(cell: int, evidence: str, number: int, answered: int, ended: int, position: int) -> None:
    place = TracePlace(Mark(cell, evidence, number, answered, ended), position)
    assert load_form(TraceQuery, {"cursor": cursor_of(place)}).place == place


def _made(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize("cursor", [
    "x", "é", _made(1, 2), _made(1, "", 1, 1, 1, 1, 1), _made("1", "", 1, 1, 1, 1), _made(-1, "", 1, 1, 1, 1),
    _made(1, "", 1, 1, 1, -1),
    _made(True, "", 1, 1, 1, 1), _made(1, None, 1, 1, 1, 1), _made(1, "x" * 200, 1, 1, 1, 1), _made(10**10, "", 1, 1, 1, 1),
    _made(1, "", 1, 2**200, 1, 1), base64.urlsafe_b64encode(b"[" * 4000).decode()])
def test_what_is_no_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InputRefused, match="This is no cursor of this list") as error:
        load_form(TraceQuery, {"cursor": cursor})
    assert error.value.field == "cursor"


def test_what_is_left_out_is_blank() -> None:
    wanted = load_form(TraceQuery, {"system": " ", "unknown": "x"})
    assert not wanted.started
    assert (wanted.whole, wanted.place, wanted.size, wanted.at) == (False, None, 100, "")
    assert load_form(TraceQuery, {"history": "all"}).whole


@pytest.mark.parametrize("name", ["framework", "system", "evidence", "decision"])
def test_any_start_starts(name: str) -> None:
    assert load_form(TraceQuery, {name: "one"}).started
    assert load_form(TraceQuery, {"control": "EVA-01"}).started


@pytest.mark.parametrize(("sent", "field"), [
    ({"requirement": "1"}, "framework"), ({"control": "nonsense"}, "control"), ({"system": "a b"}, "system"),
    ({"evidence": "../x"}, "evidence"), ({"decision": "x" * 300}, "decision"), ({"history": "some"}, "history"),
    ({"size": "0"}, "size"), ({"size": str(MOST + 1)}, "size"), ({"framework": "\x00"}, "framework")])
def test_what_does_not_fit_is_refused_at_its_field(sent: dict[str, str], field: str) -> None:
    with pytest.raises(InputRefused) as error:
        load_form(TraceQuery, sent)
    assert list(error.value.fields) == [field]
