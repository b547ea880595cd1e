"""What any exported cell may hold: text that no spreadsheet takes for a formula or cuts in silence.

Three rules, the same for CSV and XLSX:

- A control character, a lone surrogate or a character that reverses the reading order becomes a stand-in that
  can be seen.
- Text longer than a cell holds (32,767 UTF-16 units, Excel's specifications and limits) is cut and says how
  much of it is missing.
- Text that a spreadsheet could take for a formula is kept as text: in CSV by an apostrophe in front, in XLSX
  by a string cell with quotePrefix (ECMA-376 part 1, 18.8.45).
"""

from __future__ import annotations

import re
from collections.abc import Callable

LIMIT = 32_767

# What opens a formula, with the full-width and small forms that some editions of Excel fold into them.
_OPENERS = "=+\\-@＝＋－＠﹦﹢﹣﹫"
# What a spreadsheet may drop before it looks at the first character.
_SKIPPED = "\u0020\u00a0\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\""

_FORMULA = re.compile(f"[\t\r\n]|[{_SKIPPED}]*[{_OPENERS}]")
# A reader that splits at semicolons or tabs instead of commas would begin a cell here.
_INNER_FORMULA = re.compile(f"(?<=[;\t\n])(?=[{_SKIPPED}]*[{_OPENERS}])")
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MARK = " […] {missing:,} of {total:,} characters are missing here: a cell holds no more."


def visible(text: str) -> str:
    """`text` with every character that cannot be seen or kept in XML replaced by one that can.

    Line ends become LF, which stays, as does the tab. C0 characters become their pictures (U+2400 and up),
    others their number, as ⟨U+202E⟩.
    """
    return _UNSEEN.sub(_stand_in, text.replace("\r\n", "\n"))


def _stand_in(found: re.Match[str]) -> str:
    code = ord(found.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"


def units(text: str) -> int:
    """The length of `text` as spreadsheets count it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text) if not text.isascii() else len(text)


def cut(text: str, limit: int = LIMIT) -> str:
    """`text`, or as much of it as fits into `limit` UTF-16 units with a mark that counts what is missing."""
    if len(text) * 2 <= limit or units(text) <= limit:
        return text
    total = len(text)
    room = limit - len(_MARK.format(missing=total, total=total))
    kept = text[:room].encode("utf-16-le")[:room * 2].decode("utf-16-le", errors="ignore")
    return kept + _MARK.format(missing=total - len(kept), total=total)


def inert(text: str) -> str:
    """What a cell shows for `text`: visible, and cut where it is too long."""
    return cut(visible(text))


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet could take `text`, alone in a cell, for a formula."""
    return _FORMULA.match(text) is not None


def for_csv(text: str) -> str:
    """`text` as a CSV field (before quoting): an apostrophe goes before whatever could begin a formula.

    That includes places inside the text after a semicolon, a tab or a line end, where a spreadsheet set to
    another separator begins a new cell. The apostrophes count towards the limit.
    """
    return _cut_with(visible(text), _guarded)


def for_workbook(text: str) -> tuple[str, bool]:
    """`text` as the value of an XLSX string cell, and whether the cell needs quotePrefix.

    What looks like an escape (`_x0041_`, read as "A") is escaped itself (ECMA-376 part 1, 22.9.2.19).
    """
    shown = _cut_with(visible(text), _escaped)
    return shown, starts_formula(shown)


def _cut_with(text: str, change: Callable[[str], str]) -> str:
    """`change(text)` within the limit; the mark counts characters of `text` wherever both can be had."""
    changed = change(text)
    growth = len(changed) - len(text)
    return change(cut(text, LIMIT - growth)) if growth < LIMIT // 2 else cut(changed)


def _guarded(text: str) -> str:
    inner = _INNER_FORMULA.sub("'", text)
    return "'" + inner if starts_formula(text) else inner


def _escaped(text: str) -> str:
    return _ESCAPE.sub("_x005F_", text)
