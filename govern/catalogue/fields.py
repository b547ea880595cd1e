"""One block of a catalogue file, read key by key; each misfit is noted with its line.

In its place stands a neutral value (an empty text, an empty list), so that reading goes on; the mistake alone
stops the catalogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from govern.catalogue.source import Block, Items, Mistakes, near

_SAID = {str: "text", int: "a whole number", float: "a number with a point", bool: "true or false",
         type(None): "nothing (null)", Block: "keys", Items: "a list"}


@dataclass(frozen=True)
class Word:
    """A text, with its place: the file (or what stands for it) and the line, 0 for none."""

    text: str
    file: str
    line: int


class Fields:
    """The keys of one block.

    `what` names the block in messages ("a check"). Keys that are neither required nor optional, and required
    ones that are missing, are noted at once.
    """

    def __init__(self, block: Block, mistakes: Mistakes, what: str, required: Collection[str],
                 optional: Collection[str] = ()) -> None:
        self.block = block
        self.mistakes = mistakes
        self.what = what
        known = [*required, *optional]
        for key, line in block.lines.items():
            if key not in known:
                mistakes.add(block.place(key), line, f"'{key}' is no key of {what}.", near(key, known))
        for key in required:
            if key not in block.values:
                mistakes.add(block.file, block.line, f"'{key}' is missing in {what}.", f"Add '{key}:'.")

    def line(self, key: str) -> int:
        """The line of a key; the block's where the key is missing."""
        return self.block.lines.get(key, self.block.line)

    def word(self, key: str) -> Word:
        """What `text` gives, with its place."""
        return Word(self.text(key), self.block.place(key), self.line(key))

    def refuse(self, key: str, text: str, mend: str = "") -> None:
        """Note a mistake at a key."""
        self.mistakes.add(self.block.place(key), self.line(key), text, mend)

    def refuse_at(self, word: Word, text: str, mend: str = "") -> None:
        """Note a mistake at a word."""
        self.mistakes.add(word.file, word.line, text, mend)

    # -- single values ---------------------------------------------------------------------------------------

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.block.values.get(key)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, str):
            self.refuse(key, f"'{key}' is empty.", "Write it out.")
        elif key in self.block.values:
            self._misfit(key, value, "text")
        return ""

    def maybe_text(self, key: str) -> str | None:
        """A text that is not empty, or None for null or a missing key."""
        return None if self.block.values.get(key) is None else self.text(key)

    def question(self, key: str) -> str:
        """A text that ends with a question mark."""
        text = self.text(key)
        if text and not text.endswith("?"):
            self.refuse(key, f"'{key}' does not end with '?'.", "Ask what can be answered yes or no.")
        return text

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.block.values.get(key)
        if not isinstance(value, bool) and key in self.block.values:
            self._misfit(key, value, "true or false")
        return value is True

    def maybe_days(self, key: str) -> int | None:
        """A whole number of days, 1 or more, or None for null or a missing key."""
        value = self.block.values.get(key)
        if value is None:
            return None
        return self.days(key, at_least=1)

    def days(self, key: str, *, at_least: int) -> int:
        """A whole number of days."""
        value = self.block.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            if key in self.block.values:
                self._misfit(key, value, "a whole number of days")
            return at_least
        if value < at_least:
            self.refuse(key, f"'{key}' is {value}; it is {at_least} or more.")
        return value

    def number(self, key: str) -> float:
        """A number, 0 or more."""
        value = self.block.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
            if key in self.block.values:
                self._misfit(key, value, "a number, 0 or more")
            return 0.0
        return float(value)

    def matching(self, key: str, pattern: str, shape: str) -> str:
        """A text of a given form; `shape` says which form, for the message."""
        text = self.text(key)
        if text and not re.fullmatch(pattern, text):
            self.refuse(key, f"'{text}' is no {key} here.", f"Write {shape}.")
        return text

    def day(self, key: str) -> str:
        """A day of the calendar, year-month-day."""
        text = self.matching(key, r"\d{4}-\d\d-\d\d", "year-month-day")
        try:
            date.fromisoformat(text or "2000-01-01")
        except ValueError:
            self.refuse(key, f"'{text}' is no day of the calendar.", "Write year-month-day.")
        return text

    def one_of(self, key: str, known: Collection[str], noun: str) -> str:
        """One of some known words."""
        word = self.word(key)
        if word.text:
            self.must_know(word, known, noun)
        return word.text

    def maybe_one_of(self, key: str, known: Collection[str], noun: str) -> str | None:
        """One of some known words, or None for null or a missing key."""
        return None if self.block.values.get(key) is None else self.one_of(key, known, noun)

    def must_know(self, word: Word, known: Collection[str], noun: str) -> bool:
        """Note a mistake when a word is not known; whether it is."""
        if word.text not in known:
            self.refuse_at(word, f"There is no {noun} '{word.text}'.", near(word.text, known))
        return word.text in known

    # -- lists and blocks ------------------------------------------------------------------------------------

    def words(self, key: str, *, some: bool = True) -> tuple[Word, ...]:
        """A list of different texts; `some` refuses an empty one."""
        found: dict[str, Word] = {}
        for value, file, line in self._items(key, some):
            if not isinstance(value, str) or not value.strip():
                self.mistakes.add(file, line, f"'{key}' holds {_said(value)}, not a text.", "Put it in single quotes.")
            elif value in found:
                self.mistakes.add(file, line, f"'{value}' stands twice in '{key}'.", "Keep one of them.")
            else:
                found[value] = Word(value, file, line)
        return tuple(found.values())

    def known_words(self, key: str, known: Collection[str], noun: str, *, some: bool = True) -> tuple[str, ...]:
        """A list of some of the known words; unknown ones are noted and left out; `some` refuses an empty list."""
        return tuple(word.text for word in self.words(key, some=some) if self.must_know(word, known, noun))

    def blocks(self, key: str, *, some: bool = True) -> tuple[Block, ...]:
        """A list of blocks; `some` refuses an empty one."""
        found = []
        for value, file, line in self._items(key, some):
            if isinstance(value, Block):
                found.append(value)
            else:
                self.mistakes.add(file, line, f"'{key}' holds {_said(value)} where keys belong.",
                                  "Begin it with a key, such as '- id: …'.")
        return tuple(found)

    def inner(self, key: str) -> Block | None:
        """A block under a key, or None for null, a missing key or (noted) anything else."""
        value = self.block.values.get(key)
        if value is None or isinstance(value, Block):
            return value
        self._misfit(key, value, "keys of its own")
        return None

    def _items(self, key: str, some: bool) -> list[tuple[Any, str, int]]:
        """The values of a list, each with the file and the line."""
        value = self.block.values.get(key)
        if key not in self.block.values:
            return []
        if not isinstance(value, Items):
            self._misfit(key, value, "a list")
            return []
        if some and not value.values:
            self.refuse(key, f"'{key}' is empty; {self.what} needs at least one.")
        files = value.places or (self.block.place(key),) * len(value.values)
        return list(zip(value.values, files, value.lines, strict=True))

    def _misfit(self, key: str, value: object, wanted: str) -> None:
        mend = "Put it in single quotes." if wanted == "text" and isinstance(value, int | float) else ""
        self.refuse(key, f"'{key}' is {_said(value)}; it has to be {wanted}.", mend)


class Seen:
    """Ids of one sort that were met so far, to find those given twice, in whatever file."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._places: dict[str, str] = {}

    def first(self, fields: Fields, key: str, name: str) -> bool:
        """Whether an id is new; a second one is noted. An empty one (noted before) is not new."""
        if not name:
            return False
        line = fields.line(key)
        place = f"{fields.block.place(key)}:{line}" if line else fields.block.place(key)
        if name in self._places:
            fields.refuse(key, f"The {self._noun} '{name}' is there already, at {self._places[name]}.",
                          "Give one of them another id.")
            return False
        self._places[name] = place
        return True


def _said(value: object) -> str:
    return _SAID.get(type(value), "something else")
