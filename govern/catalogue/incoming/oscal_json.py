"""What all OSCAL models share: JSON read within bounds, nodes that know their path, metadata, markup.

Real documents break the schema (unknown methods, empty titles, empty lists), so a node gives what is there and
notes what is odd as a warning; only what leaves no meaning is a mistake. Exporting is strict, importing is not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from govern.catalogue.incoming.notes import Notes
from govern.catalogue.source import near

DEEPEST = 64
MOST_VALUES = 1_500_000
IMPORTED = ("catalog", "profile", "mapping-collection")
OTHER_MODELS = ("component-definition", "system-security-plan", "assessment-plan", "assessment-results",
                "plan-of-action-and-milestones")
METADATA = ("title", "published", "last-modified", "version", "oscal-version", "revisions", "document-ids", "props", "links",
            "roles", "locations", "parties", "responsible-parties", "actions", "remarks")
RESOURCE = ("uuid", "title", "description", "props", "document-ids", "citation", "rlinks", "base64", "remarks")
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_WEB = re.compile(r"https?://[^\s<>\"']+")


# -- JSON ------------------------------------------------------------------------------------------------------------


class _NoNumber(ValueError):
    """NaN or Infinity, which are no JSON."""


def load_json(data: bytes, notes: Notes) -> Any:
    """The value of one JSON text, or None with the mistake noted.

    A name that stands twice in one object is a mistake: two programs could each take another of them.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        notes.refuse_line(data.count(b"\n", 0, problem.start) + 1, f"Byte {problem.start} is not UTF-8 text.",
                          "Save it as UTF-8 text.")
        return None
    if text.count(",") + text.count("{") + text.count("[") > MOST_VALUES:
        notes.refuse("", f"The document holds more than {MOST_VALUES:,} values.", "Bring it in smaller parts.")
        return None
    twice: list[tuple[dict[str, Any], str]] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(found)
        if len(made) != len(found):
            twice.append((made, Counter(name for name, _ in found).most_common(1)[0][0]))
        return made

    try:
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=_no_number)
    except json.JSONDecodeError as problem:
        notes.refuse_line(problem.lineno, f"This is not JSON: {problem.msg} (column {problem.colno}).",
                          "Export it again, or look for a missing comma or bracket.")
        return None
    except RecursionError:
        notes.refuse("", f"Objects and lists are nested deeper than {DEEPEST} levels.", "Flatten it.")
        return None
    except ValueError as problem:
        notes.refuse("", f"This cannot be read as JSON: {problem}.", "Export it again.")
        return None
    return value if _sound(value, twice, notes) else None


def _no_number(name: str) -> NoReturn:
    raise _NoNumber(f"{name} is no number in JSON")


def _sound(value: Any, twice: list[tuple[dict[str, Any], str]], notes: Notes) -> bool:
    """Whether nothing is nested too deeply and no name stands twice; noted otherwise, with its path."""
    if not _nested_within(value, DEEPEST):
        notes.refuse("", f"Objects and lists are nested deeper than {DEEPEST} levels.", "Flatten it.")
        return False
    names = {id(made): name for made, name in twice}
    for path, inner in _walk(value, "") if twice else ():
        if id(inner) in names:
            notes.refuse(path, f"The name '{names[id(inner)]}' stands twice in one object.", "Keep one of them.")
    return not twice


def _nested_within(value: Any, levels: int) -> bool:
    level = [value]
    for _ in range(levels):
        level = [inner for outer in level if isinstance(outer, dict | list)
                 for inner in (outer.values() if isinstance(outer, dict) else outer)]
        if not level:
            return True
    return not any(isinstance(inner, dict | list) for inner in level)


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{number}]")


# -- nodes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """One object of an OSCAL document, with its path."""

    value: Mapping[str, Any]
    path: str
    notes: Notes

    def at(self, key: str) -> str:
        """The path of a field."""
        return f"{self.path}.{key}" if self.path else key

    def place(self, key: str) -> str:
        """What mistakes call the place of a field; that of the object where the field is missing."""
        return self.notes.place(self.at(key) if key in self.value else self.path)

    def knows(self, what: str, fields: tuple[str, ...]) -> None:
        """Warn of fields that OSCAL does not have here."""
        for key in self.value:
            if key not in fields:
                close = near(key, fields)
                self.notes.warn(self.at(key), f"'{key}' is no field of {what} in OSCAL; it is left out.",
                                close if close.startswith("Did") else "")

    def text(self, key: str) -> str:
        """A text without white space around it, or an empty one for a missing field or (warned) anything else."""
        value = self.value.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if value is None or isinstance(value, str):
            return (value or "").strip()
        self.notes.warn(self.at(key), f"'{key}' is not text, as OSCAL has it; it is left out.")
        return ""

    def node(self, key: str) -> Node | None:
        """An object, or None for a missing field or (warned) anything else."""
        value = self.value.get(key)
        if isinstance(value, dict):
            return Node(value, self.at(key), self.notes)
        if value is not None:
            self.notes.warn(self.at(key), f"'{key}' is no object, as OSCAL has it; it is left out.")
        return None

    def nodes(self, key: str) -> list[Node]:
        """The objects of a list; what is none is warned of and left out."""
        self.notes.tick()
        found = []
        for number, item in enumerate(self._items(key)):
            path = f"{self.at(key)}[{number}]"
            if isinstance(item, dict):
                found.append(Node(item, path, self.notes))
            else:
                self.notes.warn(path, "This is no object, as OSCAL has it; it is left out.")
        return found

    def texts(self, key: str) -> list[str]:
        """The texts of a list; what is none is warned of and left out."""
        found = []
        for number, item in enumerate(self._items(key)):
            if isinstance(item, str):
                found.append(item.strip())
            else:
                self.notes.warn(f"{self.at(key)}[{number}]", "This is not text, as OSCAL has it; it is left out.")
        return found

    def prop(self, name: str) -> str:
        """The value of a property; of several, the one without a class."""
        named = [one for one in self._props if one.get("name") == name and isinstance(one.get("value"), str)]
        named.sort(key=lambda one: "class" in one)
        return str(named[0]["value"]).strip() if named else ""

    @property
    def _props(self) -> list[Mapping[str, Any]]:
        value = self.value.get("props")
        return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

    def props(self, prefix: str) -> dict[str, str]:
        """The values of the properties whose names begin with `prefix`, by name; the first of a name counts."""
        found: dict[str, str] = {}
        for one in self._props:
            name, value = one.get("name"), one.get("value")
            if isinstance(name, str) and isinstance(value, str) and name.startswith(prefix):
                found.setdefault(name, value.strip())
        return found

    def _items(self, key: str) -> list[Any]:
        value = self.value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.notes.warn(self.at(key), f"'{key}' is no list, as OSCAL has it; it is left out.")
            return []
        if not value:
            self.notes.warn(self.at(key), f"'{key}' is an empty list, which OSCAL does not have.")
        return value


# -- metadata and resources ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Head:
    """What a document says of itself; `url` may be empty."""

    title: str
    version: str
    date: str
    publisher: str
    uuid: str
    url: str


def head_of(document: Node) -> Head:
    """The metadata of a document, each gap filled by a sentence and warned of; only a date cannot be filled."""
    found = document.node("metadata")
    meta = found or Node({}, document.at("metadata"), document.notes)
    meta.knows("metadata", METADATA)
    title = plain_words(meta.text("title"))
    if not title:
        document.notes.refuse(meta.path, "The document has no title.", "Give 'metadata' a 'title'.")
    days = [match[0] for match in (_DAY.match(meta.text(key)) for key in ("published", "last-modified")) if match]
    if not days:
        document.notes.refuse(meta.path, "Neither 'published' nor 'last-modified' gives a date.",
                              "Give 'metadata' a 'last-modified', such as 2026-01-31T00:00:00Z.")
    version = meta.text("version")
    if not version:
        document.notes.warn(meta.path, "The document states no version.")
    return Head(title or "Untitled", version or "not stated", days[0] if days else "", _publisher(meta),
                document.text("uuid"), _address(meta, resources_of(document)))


def _publisher(meta: Node) -> str:
    """The first party that is responsible for the document, else the first party."""
    parties = {one.text("uuid"): one for one in meta.nodes("parties")}
    named = [uuid for one in meta.nodes("responsible-parties") for uuid in one.texts("party-uuids")]
    for party in (*(parties[uuid] for uuid in named if uuid in parties), *parties.values()):
        if party.text("name"):
            return party.text("name")
    meta.notes.warn(meta.path, "The document names no party; its publisher is shown as “not stated”.")
    return "not stated"


def _address(meta: Node, resources: Mapping[str, Node]) -> str:
    """An address of the publication: a link of the metadata that leads to the web, the canonical one first."""
    links = sorted(meta.nodes("links"), key=lambda one: one.text("rel") != "canonical")
    for href in (one.text("href") for one in links):
        resource = resources.get(href.removeprefix("#")) if href.startswith("#") else None
        for address in ([href] if resource is None else [one.text("href") for one in resource.nodes("rlinks")]):
            if _WEB.fullmatch(address):
                return address
    return ""


def resources_of(document: Node) -> dict[str, Node]:
    """The resources of the back matter by uuid."""
    back = document.node("back-matter")
    found = [] if back is None else back.nodes("resources")
    for one in found:
        one.knows("a resource", RESOURCE)
    return {one.text("uuid"): one for one in found}


# -- words -----------------------------------------------------------------------------------------------------------

_LINK = re.compile(r"!?\[([^\]\[]{0,500})\]\([^()\s]{0,2000}\)")
_MARKED = re.compile(r"(?<!\w)(\*\*|\*|`)(?=\S)([^*`\n]{1,500}?)(?<=\S)\1(?!\w)")


def plain_words(markup: str) -> str:
    """OSCAL's markup as plain text: links and emphasis become their words, lists and paragraphs stay."""
    return _MARKED.sub(r"\2", _LINK.sub(r"\1", markup)).strip()


def slug_of(text: str, most: int = 96) -> str:
    """An id made of a title: small letters and digits with hyphens between, at most `most` characters.

    A title that is cut, or written in other letters, gets the start of its digest, so that two stay two.
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")
    if words and len(words) <= most:
        return words
    mark = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    kept = words[:most - 9].strip("-")
    return f"{kept}-{mark}" if kept else mark
