"""What answers of the API share: instants, moments, reasons, pages, problems."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_dump

from govern.facts.moments import iso_instant
from govern.schemas.fields import described


class At(fields.Field[int]):
    """An instant as RFC 3339 text, UTC with milliseconds; null where there is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return None if value is None else iso_instant(value)


class Ids(fields.Field[Any]):
    """A set of ids as a sorted list."""

    def __init__(self, **options: Any) -> None:
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> list[str]:
        return sorted(value or ())


class Counts(fields.Dict):
    """Words with how often they occur."""

    def __init__(self, **options: Any) -> None:
        super().__init__(keys=fields.String(), values=fields.Integer(), **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> dict[str, int]:
        return {str(getattr(key, "value", key)): count for key, count in value.items()}


class MomentOut(Schema):
    """What was recorded by a ledger position, judged at an instant."""

    position = fields.Integer(required=True, metadata=described("Ledger position"))
    instant = At(required=True, metadata=described("Instant"))


class ReasonOut(Schema):
    """Why something is as it is."""

    code = fields.String(required=True, metadata=described("Stable code"))
    text = fields.String(required=True, metadata=described("A sentence for people"))
    ask = fields.String(allow_none=True, metadata=described("The ask it is about"))
    evidence = fields.String(allow_none=True, metadata=described("The evidence it points at"))
    version = fields.Integer(allow_none=True, metadata=described("The number of the version it points at"))
    check = fields.String(allow_none=True, metadata=described("The check it is about"))
    at = At(allow_none=True, metadata=described("The date it speaks of"))

    @post_dump
    def leave_out_nothing_said(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A reason says only what it points at."""
        return {name: value for name, value in data.items() if value is not None}


class Listed(Schema):
    """A part of a list; `next` is the cursor of the part that follows, null at the end."""

    next = fields.String(required=True, allow_none=True, metadata=described(
        "Cursor of the next page", "Send it as `cursor` with the same filters; null at the end."))


class ProblemOut(Schema):
    """A problem (RFC 9457): what went wrong, and what would mend it."""

    type = fields.String(required=True, metadata=described("Stable name of the kind of problem"))
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata=described("What happened, for people"))
    instance = fields.String(required=True, metadata=described("The path that was asked"))
    mend = fields.String(metadata=described("What to do about it"))
    errors = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), metadata=described(
        "Messages by field"))
    existing = fields.String(metadata=described("The key of the same thing that exists already"))


class RecordedOut(Schema):
    """What an action recorded."""

    key = fields.String(required=True, metadata=described("Key of what was recorded"))
    entry = fields.Integer(required=True, allow_none=True, metadata=described("Position of the ledger entry"))
