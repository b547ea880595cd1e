"""A file opened for reading: its encoding, its first bytes, its lines.

Real evidence comes as UTF-8 with and without a byte order mark, as UTF-16 (PowerShell's redirection writes
it), with either line ending, and sometimes as a Git LFS pointer that stands in for the file.
"""

from __future__ import annotations

import codecs
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, Line
from govern.evidence.readers.strict_json import NotJson, Place, parse

HEAD = 64 * 1024
_LFS = re.compile(rb"\Aversion https://git-lfs\.github\.com/spec/v1\r?\n"
                  rb"(?:.*\r?\n)*?oid sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Source:
    """A seekable file, its size in bytes, the encoding that its first bytes name and its head as UTF-8."""

    file: BinaryIO
    size: int
    encoding: str
    head: bytes

    def document(self, budget: Budget) -> Any:
        """The whole file as one JSON value; raises Unreadable beyond the limit or when it is no strict JSON.
        """
        limit = budget.limits.document
        if self.size > limit:
            raise Unreadable(f"The file is larger ({self.size:,} bytes) than the {limit:,} bytes that are "
                             "read in one piece.", mend="Send it in parts.")
        self.file.seek(0)
        data = self.file.read(limit + 1)
        value = parse(_as_utf8(data, self.encoding), budget, Place(1, self._start))
        budget.check()
        return value

    def lines(self, budget: Budget) -> Iterator[Line]:
        """Each line that is not blank, parsed as it comes; nothing is kept. Raises Unreadable as `parse`
        does.
        """
        limit = budget.limits.lines_file
        if self.size > limit:
            raise Unreadable(
                f"The file is larger ({self.size:,} bytes) than the {limit:,} bytes that are read.",
                mend="Send it in parts.",
            )
        byte = self._start
        for number, raw in enumerate(self._raw_lines(budget), start=1):
            if raw.strip():
                try:
                    value = parse(raw, budget, Place(number, byte))
                except NotJson as error:
                    # A line break after the fault means that the file goes on: only the line is broken.
                    if error.cut and raw.endswith(b"\n"):
                        raise NotJson(
                            f"Line {number}, byte {byte + len(raw)}: the line ends in the middle of "
                            "its JSON.",
                            mend=error.mend,
                        ) from error
                    raise
                yield Line(number, value)
            byte += len(raw)
            budget.check()

    @property
    def _start(self) -> int:
        return len(codecs.BOM_UTF8) if self.encoding == "utf-8-sig" else 0

    def _raw_lines(self, budget: Budget) -> Iterator[bytes]:
        limit = budget.limits.line
        self.file.seek(0)
        if self.encoding == "utf-16":
            text = io.TextIOWrapper(_Kept(self.file), encoding="utf-16", newline="\n")
            try:
                while piece := text.readline(limit + 1):
                    yield _within(piece.encode("utf-8"), limit)
            except UnicodeError as error:
                raise NotJson("This is not complete UTF-16 text.", mend="Save it as UTF-8 and send it again.",
                              cut="truncated" in str(error)) from error
            return
        self.file.seek(self._start)
        while raw := self.file.readline(limit + 1):
            yield _within(raw, limit)


class _Kept(io.BufferedReader):
    """Reads a file that belongs to somebody else, and leaves it open."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(_Raw(file))


class _Raw(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def open_source(file: BinaryIO) -> Source:
    """Look at a seekable file's beginning. Raises Unreadable for an empty file and for a Git LFS pointer."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    if not head:
        raise Unreadable("The file is empty.", mend="Send the file that the tool wrote.")
    pointer = _LFS.match(head)
    if pointer:
        raise Unreadable("This is a Git LFS pointer, not the file itself "
                         f"(it stands for SHA-256 {pointer.group(1).decode('ascii')}).",
                         mend="Fetch the file with `git lfs pull` and send that.")
    encoding = _encoding(head)
    return Source(file, size, encoding, _as_utf8(head, encoding, whole=False))


def _encoding(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8"


def _as_utf8(data: bytes, encoding: str, *, whole: bool = True) -> bytes:
    if encoding == "utf-8-sig":
        return data[len(codecs.BOM_UTF8):]
    if encoding == "utf-8":
        return data
    try:
        return data.decode("utf-16", errors="strict" if whole else "ignore").encode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJson(f"Byte {error.start}: this is not complete UTF-16 text.",
                      mend="Save it as UTF-8 and send it again.", cut=error.end >= len(data)) from error


def _within(raw: bytes, limit: int) -> bytes:
    if len(raw) > limit:
        raise Unreadable(f"A line is longer than the {limit:,} bytes that are read at once.",
                         mend="Export it again with one record a line.")
    return raw
