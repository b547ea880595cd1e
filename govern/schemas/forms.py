"""How a form or a JSON body becomes a command: one schema for both, one way to say what is wrong.

An input schema is a subclass of `Input`. Its fields are what people send; `build` makes the command from the values
that were loaded. What the address gives and not the person (the system of the page, the file in the vault, the hash
of a secret) is handed over by name and reaches `build` among the values, above anything that was sent:

    command = load_form(AssignControlsInput, request.form, system=system.key)
    command = load_json(AskForEvidenceInput, request.get_json(), system=system.key)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError

from govern.errors import InputRefused
from govern.schemas.fields import Several

C = TypeVar("C")

_WORDS = {
    "Missing data for required field.": "This is needed.",
    "Field may not be null.": "This is needed.",
    "Unknown field.": "There is no such field.",
    "Not a valid string.": "This must be text.",
    "Not a valid integer.": "This must be a whole number.",
    "Invalid input type.": "This must be an object with fields.",
}


class Input(Schema, Generic[C]):
    """What somebody sends. `titles` names a field for the error summary where its label would not do."""

    titles: ClassVar[Mapping[str, str]] = {}

    def build(self, values: dict[str, Any]) -> C:
        """The command; raises ValidationError where fields do not fit each other."""
        raise NotImplementedError

    def label(self, name: str) -> str:
        """The label of a field for people."""
        found = next((field for key, field in self.fields.items() if name in (key, field.data_key)), None)
        return str(found.metadata.get("label", name)) if found else name


def load_form(schema: type[Input[C]], form: Mapping[str, Any], /, **given: Any) -> C:
    """The command that a form asks for.

    Texts are stripped, blank ones count as not sent, unknown names are ignored, names may end in `[]`. `form` is a
    mapping or a MultiDict (its `getlist` is used). Raises InputRefused with messages by field.
    """
    made = schema(unknown=EXCLUDE)
    values: dict[str, Any] = {}
    for name, field in made.fields.items():
        key = field.data_key or name
        sent = _sent(form, key) or _sent(form, str(field.metadata.get("also") or key))
        verbatim = bool(field.metadata.get("verbatim"))
        kept = [one if verbatim or not isinstance(one, str) else one.strip() for one in sent]
        kept = [one for one in kept if one not in ("", None)]
        if kept:
            values[key] = kept if isinstance(field, Several) else kept[-1]
    extra = getattr(made, "from_form", None)
    if callable(extra):
        values |= extra(form)
    return _build(made, values, given)


def load_json(schema: type[Input[C]], body: Any, /, **given: Any) -> C:
    """The command that a JSON object asks for; an unknown field is refused. Raises InputRefused."""
    return _build(schema(unknown=RAISE), body, given)


def _sent(form: Mapping[str, Any], name: str) -> list[Any]:
    getlist: Callable[[str], list[Any]] | None = getattr(form, "getlist", None)
    for key in (name, f"{name}[]"):
        if key in form:
            if getlist is not None:
                return list(getlist(key))
            value = form[key]
            return list(value) if isinstance(value, list | tuple) else [value]
    return []


def _build(schema: Input[C], values: Any, given: Mapping[str, Any]) -> C:
    try:
        loaded: dict[str, Any] = schema.load(values)
        return schema.build({**loaded, **given})
    except ValidationError as error:
        fields = messages_of(error)
        first_name, first = next(iter(fields.items()))
        label = schema.label(first_name)
        raise InputRefused(first[0] if first_name == "form" else f"{label}: {first[0]}",
                           field=first_name, fields=fields,
                           mend="Mend what is named and send it again; nothing was changed.") from error


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """Messages by field in plain English; what is about the whole comes under `form`."""
    found: dict[str, list[str]] = {}
    messages = error.messages if isinstance(error.messages, dict) else {error.field_name: error.messages}
    for name, said in messages.items():
        key = "form" if name == "_schema" else _printable(str(name))
        found[key] = [_WORDS.get(text, text) for text in _texts(said)] or ["This cannot be taken."]
    return found or {"form": ["This cannot be taken."]}


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:80]


def _texts(said: Any) -> list[str]:
    if isinstance(said, dict):
        return [text for one in said.values() for text in _texts(one)]
    if isinstance(said, list):
        return [text for one in said for text in _texts(one)]
    return [str(said)]
