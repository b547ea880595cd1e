"""The kinds of values that people and programs send, each with what it refuses and the words it refuses it with.

Labels and hints of a field live in its metadata (`label`, `hint`), where pages and the OpenAPI document find them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from govern.facts.moments import DAY, Instant, day_start, iso_date

TITLE, LINE, LONG = 200, 300, 20_000
MOST_IDS = 500

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch
_EARLIEST, _LATEST = date(1970, 1, 1), date(2199, 12, 31)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*").fullmatch
_CONTROL = re.compile(r"[A-Z]{2,6}-[0-9]{1,4}").fullmatch
_KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,126}[A-Za-z0-9])?").fullmatch
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}").fullmatch
_APART = re.compile(r"[\s,;]+")

# Letters that show nothing and turn what stands around them, so that a text reads otherwise than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def described(label: str, hint: str = "", *, also: str = "", verbatim: bool = False) -> dict[str, Any]:
    """Metadata of a field. `also` is another name under which forms send it, `verbatim` keeps its outer blanks."""
    found: dict[str, Any] = {"label": label, "also": also, "verbatim": verbatim}
    if hint:
        found |= {"hint": hint, "description": f"{label}. {hint}"}
    else:
        found["description"] = label
    return found


def refuse_unprintable(text: str, *, lines: bool) -> None:
    """Raise ValidationError for characters that no database, page or terminal should be handed."""
    for char in text:
        if char in "\n\t" and lines:
            continue
        kind = unicodedata.category(char)
        if kind == "Cs":
            raise ValidationError("It holds half a character (an unpaired surrogate).")
        if kind in ("Cc", "Zl", "Zp") or char in _TURNING:
            raise ValidationError(f"It holds a character that cannot be shown (U+{ord(char):04X}).")


class Text(fields.String):
    """Text of at most `longest` characters, without control characters; `lines` lets it run over several lines."""

    longest = LINE
    lines = False

    def __init__(self, *, longest: int = 0, **options: Any) -> None:
        self.longest = longest or self.longest
        super().__init__(**options)
        self.validators.append(validate.Length(max=self.longest))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        if len(text) > self.longest:
            raise ValidationError(f"It has {len(text):,} characters; at most {self.longest:,} are taken.")
        if self.required and not text.strip():
            raise ValidationError("This is needed.")
        refuse_unprintable(text, lines=self.lines)
        return text


class Title(Text):
    """A name or title: one line of at most 200 characters."""

    longest = TITLE


class Line(Text):
    """One line of at most 300 characters."""


class LongText(Text):
    """Plain text over several lines, at most 20,000 characters."""

    longest = LONG
    lines = True


class Pattern(Text):
    """One line that must have a form; `form` says it in words."""

    form = ""

    def _fits(self, text: str) -> bool:
        raise NotImplementedError

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not self._fits(text):
            raise ValidationError(f"This must be {self.form}.")
        return text


class Slug(Pattern):
    """A short name for addresses."""

    longest = 60
    form = "a short name of small letters, digits and single hyphens, such as credit-desk"

    def _fits(self, text: str) -> bool:
        return bool(_SLUG(text))


class Key(Pattern):
    """The opaque key of a thing."""

    longest = 128
    form = "the key of something that is on record"

    def _fits(self, text: str) -> bool:
        return bool(_KEY(text))


class Email(Pattern):
    """An address for signing in; kept in small letters."""

    longest = 254
    form = "an address such as name@example.org"

    def _fits(self, text: str) -> bool:
        return bool(_EMAIL(text))


class Secret(fields.String):
    """A password: kept as it is typed, and never written back by anything."""

    def __init__(self, **options: Any) -> None:
        super().__init__(load_only=True, **options)
        self.validators.append(validate.Length(max=1000, error="At most 1,000 characters are taken."))


class Day(fields.Field[Instant]):
    """A calendar day, 2026-01-31, as the instant at which it begins (UTC). `ends` takes its last millisecond."""

    def __init__(self, *, ends: bool = False, **options: Any) -> None:
        self.ends = ends
        super().__init__(**options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return None if value is None else iso_date(value)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> Instant:
        problem = ValidationError("Write the day as 2026-01-31.")
        if not isinstance(value, str) or not value.isascii() or not _DAY(value):
            raise problem
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise problem from error
        if not _EARLIEST <= day <= _LATEST:
            raise ValidationError("The day must lie between 1970 and 2199.")
        return day_start(day) + (DAY - 1 if self.ends else 0)


class YesNo(fields.Boolean):
    """A box that is ticked or not; anything but a clear yes or no is refused."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages = {**self.error_messages, "invalid": "Answer yes or no."}


class Several(fields.List[str]):
    """Several short values: a list, a field that is sent several times, or one text with commas between them.

    Repetitions are left out; the order stays.
    """

    def __init__(self, inner: fields.Field[str] | type[fields.Field[str]] = Key, *, least: int = 0,
                 most: int = MOST_IDS, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(inner, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> list[Any]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list):
            raise ValidationError("This must be a list.")
        parts: list[Any] = []
        for one in given:
            parts += [part for part in _APART.split(one) if part] if isinstance(one, str) else [one]
        parts = list(dict.fromkeys(parts)) if all(isinstance(one, str) for one in parts) else parts
        if len(parts) < self.least:
            raise ValidationError("Choose at least one.")
        if len(parts) > self.most:
            raise ValidationError(f"These are {len(parts):,}; at most {self.most:,} are taken at once.")
        try:
            return super()._deserialize(parts, attr, data, **options)
        except ValidationError as error:
            raise ValidationError(_first(error, parts)) from error


class ControlId(Pattern):
    """The id of a control."""

    longest = 20
    form = "the id of a control, such as EVA-04"

    def _fits(self, text: str) -> bool:
        return bool(_CONTROL(text))


class ControlIds(Several):
    """Ids of controls. Whether the catalogue has them is the action's business."""

    def __init__(self, **options: Any) -> None:
        super().__init__(ControlId, **options)


def _first(error: ValidationError, parts: list[Any]) -> str:
    """The first fault in a list, with the part that it is about."""
    messages = error.messages
    if isinstance(messages, dict) and messages:
        place, texts = next(iter(messages.items()))
        shown = ascii(parts[place])[:60] if isinstance(place, int) and place < len(parts) else ""
        return f"{shown}: {texts[0] if isinstance(texts, list) else texts}"
    return str(error)
