"""Values that a person types when no reader knows the file: one on a line, `findings.critical = 0`.

They use the vocabulary of the kind of evidence (controls/kinds/), so that the same checks decide them; the version says
that they were typed by hand.
"""

from __future__ import annotations

import difflib

from govern.catalogue.objects import FieldOfKind, Kind
from govern.errors import InputRefused
from govern.facts.findings import Findings, Value

READER = "by-hand/1"
_MOST = 100
_YES, _NO = frozenset({"yes", "true"}), frozenset({"no", "false"})


def stated_by_hand(text: str, kind: Kind) -> Findings | None:
    """The findings that the lines state; None when there is no line. Raises InputRefused, naming the line."""
    known = {field.name: field for field in kind.fields}
    stated: dict[str, Value] = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST:
        raise InputRefused(f"More than {_MOST} values were typed.", field="stated", mend="State those that checks need.")
    for number, line in enumerate(lines, 1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            raise _refused(number, f"“{line[:80]}” is not of the form name = value.", "Write for example findings.critical = 0.")
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It can state: {', '.join(known) or 'nothing'}."
            raise _refused(number, f"{kind.title} states no “{name[:80]}”.", hint)
        stated[name] = _value(number, known[name], value)
    return Findings(kind.id, stated) if stated else None


def _value(number: int, field: FieldOfKind, text: str) -> Value:
    if field.type == "string" and text:
        return text[:300]
    if field.type == "bool" and text.lower() in _YES | _NO:
        return text.lower() in _YES
    if field.type == "int" and text.isascii() and text.isdigit() and len(text) < 16:
        return int(text)
    if field.type == "double":
        try:
            found = float(text)
        except ValueError:
            found = -1.0
        if 0 <= found < 1e15:
            return found
    words = {"int": "a whole number", "double": "a number such as 0.05", "bool": "yes or no", "string": "text"}
    raise _refused(number, f"{field.name} is “{text[:40]}”.", f"It must be {words[field.type]}.")


def _refused(number: int, text: str, mend: str) -> InputRefused:
    return InputRefused(f"Line {number}: {text} {mend}", field="stated")
