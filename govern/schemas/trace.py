"""What the address of a trace may say: where it starts, which versions, which page."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate

from govern.assurance.trace import MOST, Mark
from govern.schemas.fields import ControlId, Key, Line, Text, described
from govern.schemas.forms import Input
from govern.schemas.queries import AT, SystemRef

_LARGEST = 10**9


@dataclass(frozen=True)
class TracePlace:
    """Where a page begins, and the ledger position at which the first page was read."""

    mark: Mark
    position: int


@dataclass(frozen=True)
class TraceWanted:
    """Where a trace starts (all that is named holds together), and which part of it is asked for.

    `system` is a slug, `decision` the key of a review; `whole`: every version, not only what still speaks.
    """

    framework: str
    requirement: str
    control: str
    system: str
    evidence: str
    decision: str
    whole: bool
    place: TracePlace | None
    size: int
    at: str

    @property
    def started(self) -> bool:
        """Whether any start is named."""
        return any((self.framework, self.control, self.system, self.evidence, self.decision))


class TraceCursor(fields.Field[TracePlace]):
    """The cursor of a trace: opaque to whoever sends it back."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return None if value is None else cursor_of(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> TracePlace:
        try:
            cell, evidence, number, answered, ended, position = json.loads(
                base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)))
            numbers = (cell, number, answered, ended, position)
            if isinstance(evidence, str) and len(evidence) <= 128 and all(type(one) is int and one >= 0 for one in numbers) \
                    and max(cell, number, ended, answered >> 64) <= _LARGEST and position <= 10**15:
                return TracePlace(Mark(cell, evidence, number, answered, ended), position)
        except (ValueError, TypeError, binascii.Error, RecursionError):
            pass
        raise ValidationError("This is no cursor of this list. Send `next` of the answer before, or nothing for the first page.")


def cursor_of(place: TracePlace) -> str:
    """A cursor as it is sent."""
    mark = place.mark
    text = json.dumps([mark.cell, mark.evidence, mark.number, mark.answered, mark.ended, place.position], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class TraceQuery(Input[TraceWanted]):
    """`?framework=&requirement=&control=&system=&evidence=&decision=&history=&cursor=&size=&at=`."""

    framework = Line(load_default="", metadata=described("Framework", "Its id; alone or with a requirement of it."))
    requirement = Text(longest=200, load_default="", metadata=described(
        "Requirement", "Its id in the framework; what stands below it is traced too."))
    control = ControlId(load_default="", metadata=described("Control"))
    system = SystemRef(load_default="", metadata=described("System", "Its slug."))
    evidence = Key(load_default="", metadata=described("Evidence", "Its key."))
    decision = Key(load_default="", metadata=described("Decision", "The key of a review."))
    history = fields.String(load_default="", validate=validate.OneOf(["", "all"]), metadata=described(
        "History", "`all`: every version; blank: the newest that was accepted and what came after it."))
    cursor = TraceCursor(load_default=None, metadata=described("Cursor", "`next` of the answer before.")
                         | {"type": "string"})
    size = fields.Integer(load_default=100, validate=validate.Range(1, MOST), metadata=described("Size", f"At most {MOST}."))
    at = Line(load_default="", longest=40, metadata=AT)

    def build(self, values: dict[str, Any]) -> TraceWanted:
        if values["requirement"] and not values["framework"]:
            raise ValidationError({"framework": ["A requirement is named with its framework."]})
        given = {name: value for name, value in values.items() if name not in ("history", "cursor")}
        return TraceWanted(**given, whole=values["history"] == "all", place=values["cursor"])
