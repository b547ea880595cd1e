"""What every reader takes and gives.

A reader knows one file format. It recognises a file by its content and turns it into findings. What it cannot
make sense of it says with `Unreadable`; what the file does not state it leaves out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from govern.errors import Unreadable
from govern.facts.findings import Findings
from govern.facts.moments import Instant

MIB = 1024 * 1024


@dataclass(frozen=True)
class Recognised:
    """What a file seems to be: the format's id, the kind of evidence, how sure (0 to 100) and why.

    An empty `format` means that no reader knows the content.
    """

    format: str
    kind: str
    sure: int
    why: str


UNKNOWN = Recognised("", "", 0, "No reader knows this content; the file is kept as it is.")


@dataclass(frozen=True)
class Reading:
    """What came of reading one file.

    `findings` is None when the format is unknown or the file could not be read; in the second case `problem`
    says where the reading stopped and what to do. `reader` is the reader's name with its version ('garak/1'),
    empty when none was chosen. `worked` is the instant of the work as the file states it, None when it does
    not.
    """

    recognised: Recognised
    findings: Findings | None
    problem: str | None
    reader: str
    worked: Instant | None = None


@dataclass(frozen=True)
class Said:
    """What one reader got out of one file."""

    findings: Findings
    worked: Instant | None = None


@dataclass(frozen=True)
class Limits:
    """Bounds of one reading. Sizes are bytes, times are seconds.

    `values` bounds the objects, lists and their members in one document or line: memory grows with them, not
    with the size of the file.
    """

    document: int = 64 * MIB
    line: int = 16 * MIB
    lines_file: int = 4096 * MIB
    values: int = 2_000_000
    depth: int = 100
    seconds: float = 120.0


@dataclass
class Budget:
    """The limits of one reading and when its time is up. `clock` counts seconds and never goes back."""

    limits: Limits = field(default_factory=Limits)
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    def check(self) -> None:
        """Raise Unreadable when the time allowed for this reading is used up."""
        if self.clock() - self.started > self.limits.seconds:
            raise Unreadable(f"Reading took longer than the {self.limits.seconds:g} seconds allowed.",
                             mend="Send a smaller file, for instance one for each part of the run.")


@dataclass(frozen=True)
class Line:
    """One parsed line: its number from 1, and the JSON value on it."""

    number: int
    value: Any


@dataclass(frozen=True)
class Marker:
    """Bytes that betray a format even where the file cannot be parsed; all patterns must occur in the head.
    """

    patterns: tuple[re.Pattern[bytes], ...]
    recognised: Recognised
    refusal: str = ""

    def fits(self, head: bytes) -> bool:
        """True when every pattern occurs in the head."""
        return all(pattern.search(head) for pattern in self.patterns)


@dataclass(frozen=True)
class DocumentReader:
    """Reads a file that is one JSON value. `name` carries the version: raise it when findings would change.
    """

    name: str
    recognise: Callable[[Any], Recognised | None]
    read: Callable[[Any, Budget], Said]
    markers: tuple[Marker, ...] = ()


@dataclass(frozen=True)
class LinesReader:
    """Reads a file of JSON lines as a stream; `recognise` is shown the first few parsed lines."""

    name: str
    recognise: Callable[[Sequence[Any]], Recognised | None]
    read: Callable[[Iterator[Line], Budget], Said]
    markers: tuple[Marker, ...] = ()
