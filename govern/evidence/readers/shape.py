"""Careful looks at parsed JSON: a value of the expected type, or nothing. No look ever raises."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from govern.facts.findings import Value
from govern.facts.moments import Instant, instant_of

_NO_VALUE = frozenset({"", "noassertion", "none", "unknown", "n/a", "null", "undefined"})
_FRACTION = re.compile(r"(\.\d{6})\d+")


def object_at(where: Any, *path: str) -> Mapping[str, Any]:
    """The object reached through the names of `path`, empty when there is none."""
    for name in path:
        where = where.get(name) if isinstance(where, dict) else None
    return where if isinstance(where, dict) else {}


def list_at(where: Any, name: str) -> list[Any]:
    """The list under a name, empty when there is none."""
    found = where.get(name) if isinstance(where, dict) else None
    return found if isinstance(found, list) else []


def text_at(where: Any, name: str, most: int = 300) -> str:
    """The text under a name, tidied and cut to `most` characters; empty when there is none."""
    found = where.get(name) if isinstance(where, dict) else None
    return tidy(found, most) if isinstance(found, str) else ""


def stated_at(where: Any, name: str, most: int = 300) -> str:
    """As `text_at`, but words that stand for no value (NOASSERTION, unknown) give the empty text."""
    text = text_at(where, name, most)
    return "" if text.casefold() in _NO_VALUE else text


def whole_at(where: Any, name: str) -> int | None:
    """The whole number under a name; a true or false is none, and so is a text."""
    found = where.get(name) if isinstance(where, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def number_at(where: Any, name: str) -> float | None:
    """The number under a name as a float, also when it is written as a text; None when there is none."""
    found = where.get(name) if isinstance(where, dict) else None
    if isinstance(found, bool):
        return None
    if isinstance(found, int | float):
        return float(found)
    if isinstance(found, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", found):
        return float(found)
    return None


def tidy(text: str, most: int) -> str:
    """One line of visible text: controls and bidirectional overrides go, white space becomes one blank."""
    window = text[: most * 4]
    kept = "".join(" " if char.isspace() else char for char in window
                   if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"})
    short = " ".join(kept.split())
    cut = len(short) > most or len(text) > len(window)
    return short[: most - 1].rstrip() + "…" if cut else short


def instant_at(where: Any, name: str) -> Instant | None:
    """The instant of an RFC 3339 text under a name; one without a zone is taken as UTC. None when unclear."""
    text = text_at(where, name, 64)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
        instant = instant_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
    return instant if instant > 0 else None


def has_zone(text: str) -> bool:
    """True when a time text ends in a zone."""
    return bool(re.search(r"(Z|[+-]\d\d:?\d\d)$", text))


def row(**values: Value | None) -> dict[str, Value]:
    """A row of a detail table: what is None or an empty text is left out."""
    return {name: value for name, value in values.items() if value is not None and value != ""}
