"""The readers, in a fixed order, and the one way to read a file with them.

A new format is one module with a `READER` and one line here. When two readers recognise a file, the surer
wins, then the one whose kind the sender expected, then the earlier in the list.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from govern.errors import Unreadable
from govern.evidence.readers import cyclonedx, garak, garak_hitlog, threat_dragon
from govern.evidence.readers.base import (
    UNKNOWN,
    Budget,
    DocumentReader,
    Limits,
    LinesReader,
    Reading,
    Recognised,
    Said,
)
from govern.evidence.readers.source import Source, open_source
from govern.evidence.readers.strict_json import NotJson

LINES: tuple[LinesReader, ...] = (garak.READER, garak_hitlog.READER)
DOCUMENTS: tuple[DocumentReader, ...] = (cyclonedx.READER, threat_dragon.READER)
_LOOK = 20  # lines shown to a lines reader: merged reports begin anywhere, but soon show what they are
_LONGEST_LOOK = 256 * 1024
_NO_MEMORY = "Reading it needs more memory than is allowed. Send a smaller file, such as one for each part."
_Reader = TypeVar("_Reader", LinesReader, DocumentReader)


def read_file(file: Path | BinaryIO, filename: str, kind_hint: str | None = None,
              limits: Limits | None = None) -> Reading:
    """Recognise a file by its content and read it, in this process and within the limits.

    `file` is a path or a seekable binary file, `filename` the sender's name for it, which never decides what
    a file is, `kind_hint` the kind of evidence that the sender expects. What is wrong with the content is
    told in the reading's `problem`; only a file that cannot be opened or read from the disk raises (OSError).
    """
    budget = Budget(limits or Limits())
    with (file.open("rb") if isinstance(file, Path) else nullcontext(file)) as opened:
        try:
            source = open_source(opened)
        except Unreadable as error:
            return Reading(UNKNOWN, None, problem_text(error), "")
        return _read(source, filename, kind_hint, budget)


def guess(head: bytes) -> Recognised:
    """What the first bytes alone betray, without parsing them: for files that nobody could read to the end.
    """
    found = _marked(head)
    return found[0] if found else UNKNOWN


def problem_text(error: Unreadable) -> str:
    """What was wrong and what to do about it, as one text."""
    return f"{error.text} {error.mend}".strip()


def _read(source: Source, filename: str, hint: str | None, budget: Budget) -> Reading:
    if source.head.lstrip()[:1] not in (b"{", b"["):
        return _not_json(source)
    first = _first_lines(source, budget)
    by_lines = _surest([(found, one) for one in LINES if (found := one.recognise(first))], hint)
    if by_lines:
        recognised, lines_reader = by_lines
        return _guarded(recognised, lines_reader.name,
                        lambda: lines_reader.read(source.lines(budget), budget))
    try:
        document = source.document(budget)
    except (Unreadable, MemoryError) as error:
        return _unread(source, filename, error, in_lines=bool(first))
    by_document = _surest([(found, one) for one in DOCUMENTS if (found := one.recognise(document))], hint)
    if by_document is None:
        return Reading(UNKNOWN, None, None, "")
    recognised, reader = by_document
    return _guarded(recognised, reader.name, lambda: reader.read(document, budget))


def _first_lines(source: Source, budget: Budget) -> list[Any]:
    """The values of the first lines as far as they parse; none when the file is one value over many lines."""
    look = Budget(replace(budget.limits, line=_LONGEST_LOOK, lines_file=source.size), budget.clock)
    values: list[Any] = []
    # The reader that knows these lines meets a faulty one again and says where it stands.
    with suppress(Unreadable):
        for line in itertools.islice(source.lines(look), _LOOK):
            values.append(line.value)
    return values


def _surest(found: Sequence[tuple[Recognised, _Reader]], hint: str | None,
            ) -> tuple[Recognised, _Reader] | None:
    return max(found, key=lambda one: (one[0].sure, one[0].kind == hint), default=None)


def _guarded(recognised: Recognised, reader: str, work: Callable[[], Said]) -> Reading:
    try:
        said = work()
    except Unreadable as error:
        return Reading(recognised, None, problem_text(error), reader)
    except MemoryError:
        return Reading(recognised, None, _NO_MEMORY, reader)
    except Exception as error:  # a reader's own mistake must not cost the sender the upload
        return Reading(recognised, None, f"The reader {reader} stopped on this file by its own mistake "
                       f"({type(error).__name__}). The file is kept and can be read again later.", reader)
    return Reading(recognised, said.findings, None, reader, said.worked)


def _unread(source: Source, filename: str, error: Unreadable | MemoryError, *, in_lines: bool) -> Reading:
    """A file that begins like JSON and is none that may be read: a problem where somebody can do something
    about it.
    """
    text = problem_text(error) if isinstance(error, Unreadable) else _NO_MEMORY
    marked = _marked(source.head)
    if marked:
        return Reading(marked[0], None, text, marked[1])
    if in_lines:
        return Reading(UNKNOWN, None, None, "")  # whole JSON lines, of a kind that nobody here knows
    if (isinstance(error, NotJson) and error.cut) or filename.casefold().endswith((".json", ".jsonl")):
        return Reading(UNKNOWN, None, text, "")
    return Reading(UNKNOWN, None, None, "")


def _not_json(source: Source) -> Reading:
    marked = _marked(source.head)
    if marked and marked[2]:
        return Reading(marked[0], None, marked[2], marked[1])
    return Reading(UNKNOWN, None, None, "")


def _marked(head: bytes) -> tuple[Recognised, str, str] | None:
    """The recognition, the reader's name and the refusal of the first marker that fits."""
    readers: tuple[LinesReader | DocumentReader, ...] = (*LINES, *DOCUMENTS)
    for reader in readers:
        for marker in reader.markers:
            if marker.fits(head):
                return marker.recognised, reader.name, marker.refusal
    return None
