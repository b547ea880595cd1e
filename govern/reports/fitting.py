"""Text that stays inside its place on paper: shrunk first, then cut, and a cut says how much is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from govern.reports.cells import visible
from govern.reports.typeface import Typeface

# More than any line on A4 holds; what lies beyond is counted but never measured.
_LONGEST = 2_000


@dataclass(frozen=True)
class Fitted:
    """A line as it is drawn, and at which size in points."""

    text: str
    size: float


def flat(text: str) -> str:
    """`text` on one line: control characters made visible, runs of white space made one space."""
    return " ".join(visible(text).split())


def one_line(face: Typeface, text: str, room: float, size: float, *, smallest: float | None = None,
             bold: bool = False) -> Fitted:
    """`text` on one line `room` points wide: at `size`, or shrunk down to `smallest`, or cut."""
    whole = flat(text)
    least = size if smallest is None else smallest
    if len(whole) <= _LONGEST:
        wide = face.width(whole, size, bold=bold)
        if wide <= room:
            return Fitted(whole, size)
        if wide * least <= room * size:
            return Fitted(whole, size * room / wide * 0.999)
    return Fitted(_cut(whole, lambda shown: face.width(shown, least, bold=bold) <= room), least)


def block(face: Typeface, text: str, room: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """`text` in at most `most` lines `room` points wide; the last one is cut where there is more."""
    rest = flat(text)
    written: list[str] = []
    while rest and len(written) < most - 1:
        line = _first_line(rest, lambda shown: face.width(shown, size, bold=bold) <= room)
        written.append(line.rstrip())
        rest = rest[len(line):].lstrip()
    if rest:
        written.append(one_line(face, rest, room, size, bold=bold).text)
    return written


def _first_line(rest: str, fits: Callable[[str], bool]) -> str:
    if len(rest) <= _LONGEST and fits(rest):
        return rest
    kept = rest[:max(1, _longest(rest, fits))]
    broken = kept.rfind(" ")
    return kept if broken <= 0 or rest[len(kept):len(kept) + 1] == " " else kept[:broken]


def _cut(whole: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning that fits together with a count of the characters that are missing."""
    mark = f"… (+{len(whole):,})"
    kept = whole[:_longest(whole, lambda shown: fits(shown + mark))].rstrip()
    return f"{kept}… (+{len(whole) - len(kept):,})"


def _longest(text: str, fits: Callable[[str], bool]) -> int:
    """How many characters from the start fit."""
    low, high = 0, min(len(text), _LONGEST)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[:middle]):
            low = middle
        else:
            high = middle - 1
    return low
