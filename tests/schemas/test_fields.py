"""Single values: what each kind takes and refuses."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from govern.facts.moments import DAY, day_start, iso_date
from govern.schemas.fields import (
    ControlId,
    ControlIds,
    Day,
    Email,
    Key,
    Line,
    LongText,
    Several,
    Slug,
    Text,
    Title,
    YesNo,
)


@given(st.dates(date(1970, 1, 1), date(2199, 12, 31)))
def test_a_day_is_its_first_or_last_millisecond(day: date) -> None:
    text = day.isoformat()
    assert Day().deserialize(text) == day_start(day)
    assert Day(ends=True).deserialize(text) == day_start(day) + DAY - 1
    assert iso_date(Day(ends=True).deserialize(text)) == text


@pytest.mark.parametrize("value", ["", "2026-1-1", "2026-02-30", "2026-01-01T00:00:00Z", "20260101", "1969-12-31",
                                   "2200-01-01", "２０２６-01-01", "0000-00-00", " 2026-01-01", 20260101, None, "2026-W01-1"])
def test_what_is_no_day(value: object) -> None:
    with pytest.raises(ValidationError):
        Day().deserialize(value)


@pytest.mark.parametrize(("field", "longest"), [(Title, 200), (Line, 300), (LongText, 20_000)])
def test_lengths(field: type[Text], longest: int) -> None:
    assert len(field().deserialize("ä" * longest)) == longest
    with pytest.raises(ValidationError, match="at most"):
        field().deserialize("ä" * (longest + 1))


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"],
                                      exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"),
               max_size=60))
def test_any_text_that_can_be_shown_is_taken(text: str) -> None:
    import unicodedata

    normal = unicodedata.normalize("NFC", text)
    if len(normal) <= 200:
        assert Title().deserialize(text) == normal


@pytest.mark.parametrize("char", ["\x00", "\x01", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\u2028", "\u202e"])
def test_characters_that_are_refused_everywhere(char: str) -> None:
    for field in (Title(), Line(), LongText()):
        with pytest.raises(ValidationError):
            field.deserialize(f"a{char}b")


def test_lines() -> None:
    assert LongText().deserialize("a\r\nb\rc\n\td") == "a\nb\nc\n\td"
    for field in (Title(), Line()):
        with pytest.raises(ValidationError):
            field.deserialize("a\nb")


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [(Slug(), ["a", "credit-desk", "x1-2"], ["", "A", "a--b", "-a", "a-", "a_b", "../a", "a b", "a\n", "x" * 61]),
     (Key(), ["a", "019e7044-8800-711d", "evidence:1"], ["", "-a", "a b", "a/b", "a\n", "é", "x" * 129]),
     (ControlId(), ["EVA-01", "GOV-1"], ["EVA", "eva-01", "EVA-01\n", "EVA-00001", "../EVA-01", "ÉVA-01"]),
     (Email(), ["a@b", "a.b+c@example.org"], ["", "a", "@b", "a@", "a b@c", "a@b@c"])])
def test_forms_of_names(field: Text, good: list[str], bad: list[str]) -> None:
    assert [field.deserialize(one) for one in good] == good
    for one in bad:
        with pytest.raises(ValidationError):
            field.deserialize(one)


def test_yes_and_no() -> None:
    assert [YesNo().deserialize(one) for one in ("yes", "on", "1", "true", True)] == [True] * 5
    assert [YesNo().deserialize(one) for one in ("no", "off", "0", "false", False)] == [False] * 5
    with pytest.raises(ValidationError, match="yes or no"):
        YesNo().deserialize("perhaps")


def test_several() -> None:
    assert ControlIds().deserialize(["EVA-02", "EVA-01,EVA-02"]) == ["EVA-02", "EVA-01"]
    with pytest.raises(ValidationError, match="'nope'"):
        ControlIds().deserialize("EVA-01 nope")
    with pytest.raises(ValidationError, match="at least one"):
        Several(least=1).deserialize([])
    with pytest.raises(ValidationError, match="at most 500"):
        ControlIds().deserialize([f"EVA-{number}" for number in range(501)])
    for value in (3, {"a": 1}, [["a"]], [None]):
        with pytest.raises(ValidationError):
            Several().deserialize(value)
