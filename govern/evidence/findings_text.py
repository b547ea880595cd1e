"""Findings as one canonical text, and back without loss.

The text is what records keep and what a version's findings digest is taken over. Names are sorted and nothing
is written that could be left out, so equal findings give equal texts. RFC 8785 is not used here because it
writes 1.0 as 1: a rate of exactly one would come back as a count.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any, NoReturn

from govern.errors import Unreadable
from govern.facts.findings import Findings, Table, Value

_LARGEST, _SMALLEST = 2**63 - 1, -(2**63)


def to_text(findings: Findings) -> str:
    """The canonical JSON text. Raises ValueError for values that findings may not hold (NaN, lists, huge
    numbers).
    """
    for value in _values(findings):
        if not isinstance(value, bool | int | float | str):
            raise ValueError(f"findings hold no {type(value).__name__}")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("findings hold no NaN and no infinity")
        if isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
            raise ValueError("findings hold no whole number beyond 64 bits")
    content: dict[str, Any] = {"kind": findings.kind, "stated": dict(findings.stated)}
    if findings.detail:
        content["detail"] = [{"name": table.name, "rows": [dict(row) for row in table.rows]}
                             for table in findings.detail]
    if findings.notes:
        content["notes"] = list(findings.notes)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    text.encode("utf-8")  # half a surrogate pair raises here (a ValueError too), not in the database
    return text


def from_text(text: str) -> Findings:
    """The findings that `to_text` wrote. Raises Unreadable for any other text."""
    try:
        content = json.loads(text, parse_constant=_refuse)
        findings = Findings(
            content["kind"], content["stated"],
            tuple(Table(one["name"], tuple(one["rows"])) for one in content.get("detail", ())),
            tuple(content.get("notes", ())))
        if to_text(findings) == text:
            return findings
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable("This is not the text of findings.") from error
    raise Unreadable("This is not the canonical text of findings.")


def digest_of(text: str) -> str:
    """SHA-256 of a findings text, as lower-case hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _values(findings: Findings) -> list[Value]:
    found = list(findings.stated.values())
    for table in findings.detail:
        for row in table.rows:
            found.extend(row.values())
    return found


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON number")
