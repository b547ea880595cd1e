"""The reading process: reads files that nobody trusts, one after the other, within limits of the operating
system.

Run as `python -m govern.evidence.reading_child MEMORY`; `reading.py` starts it and talks to it. It can open
files and answer, and nothing else: it may not write files, knows no settings and no secrets, and ends with
its parent's pipe.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any, BinaryIO

from govern.evidence.readers import read_file
from govern.evidence.readers.base import UNKNOWN, Limits, Reading
from govern.evidence.reading_wire import frame, to_wire, unframe

_NOTHING_MORE = EOFError("the parent closed the pipe")


def main(memory: int) -> None:
    """Answer requests from standard input until it ends; `memory` is the address space allowed, in bytes."""
    requests = sys.stdin.buffer
    # Answers go through a descriptor of their own, so that nothing printed by a library can break into them.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _confine(memory)
    while True:
        try:
            ask = unframe(lambda count: _exactly(requests, count))
        except EOFError:
            return
        answers.write(_answer(ask))
        answers.flush()


def _answer(ask: dict[str, Any]) -> bytes:
    _allow_processor(int(ask["cpu"]))
    try:
        reading = read_file(Path(ask["path"]), ask["filename"], ask["hint"], Limits(seconds=ask["seconds"]))
        return frame(to_wire(reading))
    except OSError as error:
        reading = Reading(UNKNOWN, None, f"The kept bytes could not be read ({error.strerror}).", "")
    except (ValueError, MemoryError, RecursionError) as error:
        reading = Reading(UNKNOWN, None, f"The reading stopped by its own mistake ({type(error).__name__}). "
                          "The file is kept and can be read again later.", "")
    return frame(to_wire(reading))


def _confine(memory: int) -> None:
    for limit, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
                        (resource.RLIMIT_NOFILE, 64)):
        # Some systems know a limit and refuse to set it; the wall clock in the parent holds everywhere.
        try:
            resource.setrlimit(limit, (most, most))
        except (OSError, ValueError):
            continue


def _allow_processor(seconds: int) -> None:
    """The limit counts over the life of the process, so it is set anew from what was used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise _NOTHING_MORE
    return data


if __name__ == "__main__":
    main(int(sys.argv[1]))
