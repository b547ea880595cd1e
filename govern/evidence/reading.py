"""Reading a file that nobody trusts: in a process of its own, with bounds on memory, processor and time.

One process is kept warm for each server process, because starting Python costs a few tenths of a second. It
is replaced when it was stopped, when it died and after a number of files. A file that brings it down costs
its sender a clear problem and nobody else anything.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import govern
from govern.errors import Unreadable
from govern.evidence.readers import guess, problem_text
from govern.evidence.readers.base import MIB, Reading
from govern.evidence.readers.source import HEAD
from govern.evidence.reading_wire import frame, from_wire, unframe


@dataclass(frozen=True)
class Bounds:
    """Memory in bytes, times in seconds; `files` is how many one process reads before it is replaced."""

    memory: int = 1024 * MIB
    processor: int = 100
    wall: float = 120.0
    files: int = 200


class _Died(Exception):
    """The process ended, or was ended, before it answered; the text says why, for people."""


class BoundedReader:
    """Reads files in the reading process, one at a time; safe to share between threads and to carry over a
    fork.
    """

    def __init__(self, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._owner = os.getpid()

    def warm(self) -> None:
        """Start the process now, without waiting for it, so that the first file need not."""
        self._mine()
        with self._lock:
            self._ready()

    def read(self, path: Path, filename: str, kind_hint: str | None = None) -> Reading:
        """As `read_file`, within the bounds. What goes wrong is told in the reading's `problem`."""
        self._mine()
        if not self._lock.acquire(timeout=self.bounds.wall):
            return _problem(path, "Too many files are waiting to be read. Read this one again in a moment.")
        try:
            return self._read(path, filename, kind_hint)
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process."""
        self._mine()
        with self._lock:
            self._drop()

    def _read(self, path: Path, filename: str, kind_hint: str | None) -> Reading:
        ask = frame({"path": str(path.absolute()), "filename": filename, "hint": kind_hint,
                     "cpu": self.bounds.processor, "seconds": self.bounds.wall * 0.9})
        try:
            try:
                reading = self._ready().ask(ask, self.bounds.wall)
            except BrokenPipeError:
                # It died while it had nothing to do: no fault of this file, so one more try.
                self._drop()
                reading = self._ready().ask(ask, self.bounds.wall)
        except _Died as error:
            self._drop()
            reading = _problem(path, f"Reading was stopped: {error}. The file is kept; send a smaller one, "
                               "or have it reviewed without being read.")
        except Unreadable as error:
            self._drop()
            reading = _problem(path, problem_text(error))
        except OSError as error:
            self._drop()
            reading = _problem(path, f"The reading process cannot be started ({error.strerror}). The file is "
                               "kept and can be read again later.")
        self._renew()
        return reading

    def _renew(self) -> None:
        """Have a fresh process warming up for the next file, where there is none or the old one read enough.
        """
        if self._child and self._child.read >= self.bounds.files:
            self._drop()
        with suppress(OSError):
            self._ready()

    def _ready(self) -> _Child:
        if self._child is None:
            self._child = _Child(self.bounds)
        return self._child

    def _drop(self) -> None:
        if self._child:
            self._child.end()
            self._child = None

    def _mine(self) -> None:
        # After a fork the process still belongs to the parent: its pipes must not be used from two sides.
        if self._owner != os.getpid():
            self._owner, self._child, self._lock = os.getpid(), None, threading.Lock()


class _Child:
    """The process and its pipes."""

    def __init__(self, bounds: Bounds) -> None:
        root = Path(govern.__file__).resolve().parent.parent
        self.read = 0
        # Its own small environment: the server's holds secrets, and a reader needs none.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no part comes from outside
            [sys.executable, "-P", "-s", "-B", "-m", "govern.evidence.reading_child", str(bounds.memory)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root,
            env={"PYTHONPATH": str(root), "PYTHONUTF8": "1"})

    def ask(self, request: bytes, seconds: float) -> Reading:
        """Send one request and wait for the answer. Raises BrokenPipeError when it had died before."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise BrokenPipeError
        if self._process.poll() is not None:
            raise BrokenPipeError
        stdin.write(request)
        stdin.flush()
        self.read += 1
        deadline = time.monotonic() + seconds
        return from_wire(unframe(lambda count: self._receive(stdout.fileno(), count, deadline)))

    def _receive(self, descriptor: int, count: int, deadline: float) -> bytes:
        waiting, data = select.poll(), bytearray()
        waiting.register(descriptor, select.POLLIN)
        while len(data) < count:
            if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise _Died("it took longer than is allowed")
            piece = os.read(descriptor, min(count - len(data), MIB))
            if not piece:
                raise _Died(self._cause())
            data += piece
        return bytes(data)

    def _cause(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return "it used more processor time than is allowed"
        return f"the reading process ended early (code {code}), often for want of memory"

    def end(self) -> None:
        """Kill it and take it away."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(5)


@cache
def shared_reader() -> BoundedReader:
    """One reader for this process, for callers that were given none."""
    return BoundedReader()


def read_bounded(path: Path, filename: str, kind_hint: str | None = None,
                 reader: BoundedReader | None = None) -> Reading:
    """Read one file within bounds; see `BoundedReader.read`."""
    return (reader or shared_reader()).read(path, filename, kind_hint)


def _problem(path: Path, text: str) -> Reading:
    head = b""
    with suppress(OSError), path.open("rb") as file:
        head = file.read(HEAD)
    return Reading(guess(head), None, text, "")
