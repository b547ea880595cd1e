"""What is noted while a document is read: mistakes, which stop it, and warnings, which come with it; and how long it may take."""

from __future__ import annotations

import time
from collections.abc import Callable

from govern.catalogue.additions import place_in
from govern.catalogue.source import Mistakes
from govern.errors import CatalogueError, Mistake

SECONDS = 20.0
_MOST = 300  # warnings that one document gives


class Notes:
    """The notes on one document; `file` is what they call it."""

    def __init__(self, file: str, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self.file = file
        self.mistakes = Mistakes()
        self._warnings: dict[Mistake, None] = {}
        self._unsaid: set[int] = set()  # the rest by their hashes: there can be a million
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    def place(self, path: str) -> str:
        """What notes call a path within the document."""
        return place_in(self.file, path)

    def refuse(self, path: str, text: str, mend: str = "") -> None:
        """Note a mistake at a path within the document."""
        self.mistakes.add(self.place(path), 0, text, mend)

    def refuse_line(self, line: int, text: str, mend: str = "") -> None:
        """Note a mistake at a line of the document."""
        self.mistakes.add(self.file, line, text, mend)

    def warn(self, path: str, text: str, mend: str = "") -> None:
        """Note something that was left out or not understood, at a path within the document."""
        self.warn_at(self.place(path), text, mend)

    def warn_at(self, place: str, text: str, mend: str = "") -> None:
        """As `warn`, at a place told in full."""
        warning = Mistake(place, 0, text, mend)
        if len(self._warnings) < _MOST:
            self._warnings[warning] = None
        elif warning not in self._warnings:
            self._unsaid.add(hash(warning))

    @property
    def warnings(self) -> tuple[Mistake, ...]:
        """The warnings in the order of the document."""
        more = f"{len(self._unsaid):,} more things were left out or not understood."
        return (*self._warnings, *([Mistake(self.file, 0, more)] if self._unsaid else ()))

    def stop_if_wrong(self) -> None:
        """Raise CatalogueError with all mistakes so far, where there are any."""
        mistakes = self.mistakes.sorted()
        if mistakes:
            raise CatalogueError(mistakes)

    def tick(self) -> None:
        """Raise CatalogueError where reading has taken too long; asked wherever work grows with the document."""
        if self._clock() > self._end:
            raise CatalogueError([Mistake(self.file, 0, f"Reading it took longer than {self._seconds:g} seconds.",
                                          "Bring it in smaller parts.")])
