"""How the server and its reading process talk: frames of JSON, each after its length in four bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from govern.errors import Unreadable
from govern.evidence.findings_text import from_text, to_text
from govern.evidence.readers.base import Reading, Recognised

LONGEST = 32 * 1024 * 1024


def frame(content: dict[str, Any]) -> bytes:
    """The bytes of one frame."""
    data = json.dumps(content, ensure_ascii=True, allow_nan=False).encode("ascii")
    return len(data).to_bytes(4, "big") + data


def unframe(read_exactly: Callable[[int], bytes]) -> dict[str, Any]:
    """One frame from a function that gives exactly as many bytes as asked.

    Raises Unreadable for a frame that is too long or is no JSON object.
    """
    length = int.from_bytes(read_exactly(4), "big")
    if length > LONGEST:
        raise Unreadable("What the reading found is too long to be kept.", mend="Send the file in parts.")
    try:
        content = json.loads(read_exactly(length))
    except ValueError as error:
        raise Unreadable("The reading process gave an answer that makes no sense.") from error
    if not isinstance(content, dict):
        raise Unreadable("The reading process gave an answer that makes no sense.")
    return content


def to_wire(reading: Reading) -> dict[str, Any]:
    """A reading as plain JSON values. Raises ValueError when its findings hold what findings may not hold."""
    return {"recognised": asdict(reading.recognised), "problem": reading.problem, "reader": reading.reader,
            "worked": reading.worked, "findings": to_text(reading.findings) if reading.findings else None}


def from_wire(content: dict[str, Any]) -> Reading:
    """The reading again. Raises Unreadable for anything that `to_wire` did not write."""
    try:
        text = content["findings"]
        return Reading(Recognised(**content["recognised"]), from_text(text) if text is not None else None,
                       content["problem"], content["reader"], content["worked"])
    except (KeyError, TypeError) as error:
        raise Unreadable("The reading process gave an answer that makes no sense.") from error
