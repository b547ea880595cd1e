"""Small parts that the sentences of reasons share."""

from __future__ import annotations

from collections.abc import Iterable

from govern.catalogue.objects import Named


def quoted(title: str) -> str:
    """A title in quotation marks."""
    return f"“{title}”"


def titled(named: Iterable[Named], id_: str) -> str:
    """The title of a stage or an event, its id when the catalogue does not name it."""
    return next((one.title for one in named if one.id == id_), id_)


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a list for people: "a, b or c"."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
