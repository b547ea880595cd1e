"""No exported cell is a formula, hides a character or loses text in silence."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.reports.cells import LIMIT, cut, for_csv, for_workbook, inert, starts_formula, units, visible

OPENERS = "=+-@＝＋－＠﹦﹢﹣﹫"
# Texts in which what matters is frequent.
TRICKY = st.text(st.one_of(
    st.sampled_from(OPENERS + "\t\r\n;,\"' \u00a0\u200b\ufeff\u202e\x00\x0b\x7f\x85\ud800\ufffe_x0041_"),
    st.characters(),
), max_size=60)


def opens_formula(field: str) -> bool:
    """A reading of its own: drop what a spreadsheet may drop, then look at what comes first."""
    dropped = {char for char in field if char.isspace() or char == '"' or unicodedata.category(char) == "Cf"}
    seen = "".join(char for char in field if char not in dropped)
    return seen[:1] in tuple(OPENERS) and not field.startswith("'")


@pytest.mark.parametrize("text", [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", " =1",
    "\u00a0=1", "\ufeff=1", "\u200b@x", '"=1', "plain\n=1", "a;=cmd|' /C calc'!A0", 'a;"=1', "a\t-1",
])
def test_what_could_begin_a_formula_never_does_in_csv(text: str) -> None:
    assert fields_in_all_dialects([text, text]) == []


@given(TRICKY, TRICKY)
def test_no_csv_cell_begins_a_formula_whatever_separator_the_reader_expects(one: str, other: str) -> None:
    assert fields_in_all_dialects([one, other]) == []


def fields_in_all_dialects(row: list[str]) -> list[str]:
    """The dangerous fields that a reader finds, be it set to commas, semicolons or tabs."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([for_csv(text) for text in row])
    return [
        field
        for separator in ",;\t"
        for line in csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=separator)
        for field in line
        if opens_formula(field)
    ]


@pytest.mark.parametrize("text", ["plain", "a=b", "1-2", "x@example.org", "'=1", "", "…", "a, b; c"])
def test_harmless_text_is_left_as_it_is(text: str) -> None:
    assert for_csv(text) == text
    assert for_workbook(text) == (text, False)


@given(TRICKY)
def test_every_workbook_text_that_opens_a_formula_is_quoted(text: str) -> None:
    shown, quoted = for_workbook(text)
    assert quoted or not opens_formula(shown)
    assert quoted == starts_formula(shown)


@given(TRICKY)
def test_what_cannot_be_seen_or_kept_is_replaced(text: str) -> None:
    for shown in (inert(text), for_csv(text), for_workbook(text)[0]):
        assert not [char for char in shown.replace("\n", "").replace("\t", "")
                    if unicodedata.category(char) in ("Cc", "Cs")]
        assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2069\ufeff\ufffe\uffff\u2028")
        shown.encode("utf-8")


def test_stand_ins_say_what_they_stand_for() -> None:
    assert visible("a\x00b\x1bc\x7fd\x85e\u202ef\ud800g\r\nh\ti\rj") == (
        "a␀b␛c␡d⟨U+0085⟩e⟨U+202E⟩f⟨U+D800⟩g\nh\ti␍j"
    )


def test_an_escape_in_a_workbook_is_text() -> None:
    assert for_workbook("_x003D_1") == ("_x005F_x003D_1", False)


def test_long_text_is_cut_and_counts_what_is_missing() -> None:
    shown = inert("x" * 40_000)
    kept, mark = shown.split(" […] ")
    assert set(kept) == {"x"}
    assert mark == f"{40_000 - len(kept):,} of 40,000 characters are missing here: a cell holds no more."
    assert LIMIT - 4 <= len(shown) <= LIMIT


def test_text_that_just_fits_is_whole() -> None:
    assert inert("x" * LIMIT) == "x" * LIMIT
    assert inert("x" * (LIMIT + 1)) != "x" * (LIMIT + 1)


def test_length_is_counted_as_spreadsheets_count_it_and_no_letter_is_halved() -> None:
    text = "🙂" * 20_000
    shown = cut(text)
    kept = shown.split(" […] ")[0]
    assert units(text) == 40_000
    assert set(kept) == {"🙂"}
    assert f"{20_000 - len(kept):,} of 20,000" in shown
    assert LIMIT - 6 <= units(shown) <= LIMIT


@pytest.mark.parametrize("piece", ["=", "\n-", "_x0041_", "🙂;=", "\x00"])
def test_guards_count_towards_the_limit(piece: str) -> None:
    text = piece * 40_000
    assert units(for_csv(text)) <= LIMIT
    assert units(for_workbook(text)[0]) <= LIMIT
    assert "characters are missing here" in for_csv(text)
    assert "characters are missing here" in for_workbook(text)[0]
