"""JSON read strictly: what two programs could understand differently is refused.

RFC 8259 leaves duplicate names, lone surrogates and very large numbers to the implementation, and Python also
takes NaN and Infinity, which are no JSON. Evidence must mean one thing, so all of these are refused, together
with nesting and sizes that would exhaust the reader.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, NoReturn

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, Limits

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")
_LARGEST, _SMALLEST = 2**63 - 1, -(2**63)
_SEND_AGAIN = "It was probably cut off while it was written or sent: export it again and send the whole file."
_EXPORT_AGAIN = "Export it again with the tool that made it; do not edit it by hand."


@dataclass(frozen=True)
class Place:
    """Where a text begins in its file: the line from 1 and the offset in bytes from 0."""

    line: int = 1
    byte: int = 0


class NotJson(Unreadable):
    """The text is not JSON; `cut` when it ends in the middle, `extra` when more follows a complete value."""

    code = "not-json"

    def __init__(self, text: str, *, mend: str, cut: bool = False, extra: bool = False) -> None:
        super().__init__(text, mend=mend)
        self.cut = cut
        self.extra = extra


class _Refused(ValueError):
    """Raised inside the decoder, where the place is not known yet."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise _Refused(f"the name {shown(twice)} stands twice in one object")
    return found


def _whole(text: str) -> int:
    if len(text) > 20:
        raise _Refused("a whole number is larger than 64 bits hold")
    number = int(text)
    if not _SMALLEST <= number <= _LARGEST:
        raise _Refused("a whole number is larger than 64 bits hold")
    return number


def _real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _Refused("a number is too large to be held")
    return number


def _constant(text: str) -> NoReturn:
    raise _Refused(f"{text} is not a JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_whole, parse_float=_real,
                            parse_constant=_constant)


def shown(text: str, most: int = 60) -> str:
    """A name from a file, quoted and cut short for a message; odd characters are escaped."""
    short = text if len(text) <= most else text[: most - 1] + "…"
    return '"' + short.encode("unicode_escape").decode("ascii").replace("\\u2026", "…") + '"'


def parse(data: bytes, budget: Budget, place: Place | None = None) -> Any:
    """The value of one JSON text in UTF-8.

    Raises NotJson where the text is no JSON, and Unreadable where it is JSON that has no single meaning or
    goes beyond the limits. Both say the line and the byte, counted in the file through `place`.
    """
    place = place or Place()
    text = _decoded(data, place)
    _check_counts(text, budget.limits, place)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error, place) from error
    except _Refused as error:
        raise Unreadable(f"{_from(place)}{error}.", mend=_EXPORT_AGAIN) from error
    except RecursionError as error:
        raise _too_deep(budget.limits, place) from error
    _check_depth(value, text, budget.limits, place)
    if _SURROGATE.search(text):
        _check_surrogates(value, place)
    return value


def _from(place: Place) -> str:
    return f"Line {place.line}: " if place.line > 1 or place.byte else "In this file "


def _decoded(data: bytes, place: Place) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, byte = place.line + data.count(b"\n", 0, error.start), place.byte + error.start
        if error.end >= len(data) and "unexpected end" in error.reason:
            raise NotJson(f"The file ends in the middle of a character: line {line}, byte {byte}.",
                          mend=_SEND_AGAIN, cut=True) from error
        raise NotJson(f"Line {line}, byte {byte}: this is not UTF-8 text.",
                      mend="Save it as UTF-8 and send it again.") from error


def _check_counts(text: str, limits: Limits, place: Place) -> None:
    # Each value after the first costs a comma or a bracket, so this bounds the memory before any is taken.
    if text.count(",") + text.count("{") + text.count("[") > limits.values:
        raise Unreadable(f"{_from(place)}more than {limits.values:,} values are held.",
                         mend="Send a smaller file, for instance one for each part.")


def _check_depth(value: Any, text: str, limits: Limits, place: Place) -> None:
    if text.count("{") + text.count("[") <= limits.depth:
        return
    level = [value]
    for _ in range(limits.depth):
        level = [inner for outer in level if isinstance(outer, (dict, list))
                 for inner in (outer.values() if isinstance(outer, dict) else outer)]
        if not level:
            return
    if any(isinstance(inner, (dict, list)) for inner in level):
        raise _too_deep(limits, place)


def _too_deep(limits: Limits, place: Place) -> Unreadable:
    return Unreadable(f"{_from(place)}objects and lists are nested deeper than {limits.depth} levels.",
                      mend=_EXPORT_AGAIN)


def _check_surrogates(value: Any, place: Place) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable(f"{_from(place)}half of a character (a lone surrogate) stands in a text.",
                         mend=_EXPORT_AGAIN) from error


def _not_json(error: json.JSONDecodeError, place: Place) -> NotJson:
    text, at = error.doc, error.pos
    line, byte = place.line + text.count("\n", 0, at), place.byte + len(text[:at].encode("utf-8"))
    rest = text[at:].strip()
    cut = (not rest or error.msg.startswith("Unterminated string")
           or any(literal.startswith(rest) for literal in _LITERALS)
           or ("escape" in error.msg and len(rest) <= 6))
    if cut:
        end = place.byte + len(text.encode("utf-8"))
        last = place.line + text.rstrip("\r\n").count("\n")
        return NotJson(f"The file ends in the middle of its JSON: line {last}, byte {end}.",
                       mend=_SEND_AGAIN, cut=True)
    return NotJson(f"Line {line}, column {error.colno}, byte {byte}: this is not JSON ({error.msg}).",
                   mend=_EXPORT_AGAIN, extra=error.msg == "Extra data")
