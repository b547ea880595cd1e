"""A document that somebody brings, as an addition to the catalogue: its content tells what it is.

Nothing is taken in part: a mistake anywhere refuses the document, with all mistakes that were found. What a format
says and the catalogue has no place for is left out, and each such thing is a warning with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from govern.catalogue.additions import Addition, block_of, listed, placed, read_addition
from govern.catalogue.frameworks import read_framework
from govern.catalogue.incoming.notes import Notes
from govern.catalogue.incoming.oscal_catalog import read_catalog
from govern.catalogue.incoming.oscal_frameworks import Frameworks
from govern.catalogue.incoming.oscal_json import IMPORTED, OTHER_MODELS, Node, load_json, plain_words, slug_of
from govern.catalogue.incoming.oscal_mapping import read_mappings_of
from govern.catalogue.incoming.oscal_profile import profile_id, read_profile
from govern.catalogue.incoming.workbook import read_workbook
from govern.catalogue.incoming.yaml_file import block_in, compose_bounded, keys_of, plain
from govern.catalogue.objects import Catalogue
from govern.catalogue.source import Block, Items, Mistakes
from govern.errors import Mistake

MOST_BYTES = 20 * 1024 * 1024
LONGEST_TEXT = 100_000
LONGEST_ID = 200
LONGEST_LIST = 20_000
_IDS = ("id", "requirement", "control", "framework", "parent", "addition")
# Control characters, halves of characters and what turns the reading order: no database or page is handed these.
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_FORMATS = "Bring our YAML, a workbook (.xlsx) or OSCAL as JSON."
_OURS = {"requirements": "frameworks", "controls": "domains", "pairs": "crosswalks", "mappings": "mappings",
         "texts": "texts"}


@dataclass(frozen=True)
class Incoming:
    """An addition as it came: `warnings` say what was left out or not understood; `format` is yaml, json, workbook,
    oscal-catalog, oscal-profile or oscal-mapping.
    """

    addition: Addition
    warnings: tuple[Mistake, ...]
    format: str


def read_document(name: str, data: bytes, catalogue: Catalogue, *, source: str | None = None,
                  target: str | None = None) -> Incoming:
    """The addition that the bytes of a file declare; `name` is what mistakes call the file.

    `source` and `target` say which framework of the catalogue an OSCAL profile (source) or mapping means, by id, title
    or uuid, or 'controls' for ours. Raises CatalogueError with all mistakes found, each with its line, cell or path.
    What only the catalogue as a whole can tell (a mapping to nowhere, a wrong expression) is checked by `load`.
    """
    notes = Notes(_shown(name))
    block, form = _Reading(notes, catalogue, source, target).read(data)
    notes.stop_if_wrong()
    addition = read_addition(block, notes.mistakes) if block is not None else None
    if block is not None:
        _check_texts(block, notes)
    notes.stop_if_wrong()
    if addition is None:
        notes.refuse("", "This is no addition to the catalogue.", _FORMATS)
        notes.stop_if_wrong()
    assert addition is not None  # noqa: S101 - refused above
    return Incoming(addition, notes.warnings, form)


@dataclass(frozen=True)
class _Reading:
    """One document on its way: gives its block and its format, or None with mistakes noted."""

    notes: Notes
    catalogue: Catalogue
    source: str | None
    target: str | None

    def read(self, data: bytes) -> tuple[Block | None, str]:
        """Tell the format by the first bytes and read it."""
        if len(data) > MOST_BYTES:
            self.notes.refuse("", f"The file has {len(data):,} bytes; {MOST_BYTES:,} are read at most.", "Bring it in parts.")
            return None, ""
        start = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start and not data.strip():
            self.notes.refuse("", "The file is empty.", _FORMATS)
        elif start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return read_workbook(data, self.notes), "workbook"
        elif start.startswith(b"\xd0\xcf\x11\xe0"):
            self.notes.refuse("", "This is an old Excel workbook (.xls) or one with a password.",
                              "Save it as .xlsx, without a password.")
        elif start.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.notes.refuse("", "This is UTF-16 text.", "Save it as UTF-8.")
        elif start.startswith(b"<"):
            what = "OSCAL as XML" if b"csrc.nist.gov/ns/oscal" in data[:4096] else "XML or HTML"
            self.notes.refuse("", f"This is {what}, which is not read.",
                              "OSCAL comes as JSON too: bring that, or convert it with oscal-cli. " + _FORMATS)
        elif start.startswith((b"{", b"[")):
            return self._json(data)
        elif b"\0" in data[:4096] or start.startswith(b"%PDF"):
            self.notes.refuse("", "This is no text.", _FORMATS)
        else:
            return self._yaml(data.removeprefix(b"\xef\xbb\xbf"))
        return None, ""

    def _json(self, data: bytes) -> tuple[Block | None, str]:
        tree = load_json(data, self.notes)
        if tree is None:
            return None, ""
        if not isinstance(tree, dict):
            self.notes.refuse("", "The document is no JSON object.", _FORMATS)
            return None, ""
        if _is_oscal(tree):
            return self._oscal(tree)
        if not self._is_ours(tuple(tree), 0):
            return None, ""
        return block_of(tree, self.notes.file), "json"

    def _yaml(self, data: bytes) -> tuple[Block | None, str]:
        node = compose_bounded(data, self.notes)
        if node is None:
            return None, ""
        if _is_oscal(keys_of(node)):
            return self._oscal(plain(node, self.notes))
        return (block_in(node, self.notes) if self._is_ours(keys_of(node), 1) else None), "yaml"

    def _is_ours(self, keys: tuple[str, ...], line: int) -> bool:
        """Whether the keys at the top are those of an addition; noted otherwise, with what else it could be."""
        if "addition" in keys:
            return True
        section = next((section for key, section in _OURS.items() if key in keys), None)
        mend = _FORMATS if section is None else f"Begin with 'addition:' and 'title:', and put all this below '{section}:'."
        self.notes.refuse_line(line, "'addition' is missing: this is no addition to the catalogue.", mend)
        return False

    # -- OSCAL -------------------------------------------------------------------------------------------------------

    def _oscal(self, tree: dict[str, Any]) -> tuple[Block | None, str]:
        """The models of an OSCAL document, catalogs first: the others may speak of them."""
        models = [model for model in IMPORTED if model in tree]
        for key in tree:
            if key in OTHER_MODELS:
                self.notes.refuse(key, f"This is an OSCAL {key}, which declares no requirements.",
                                  "Bring a catalog, a profile or a mapping-collection.")
            elif key not in (*models, "$schema"):
                self.notes.warn(key, f"'{key}' is no model of OSCAL; it is left out.")
        nodes = {model: Node(tree, "", self.notes).node(model) for model in models}
        self.notes.stop_if_wrong()
        first = next((node for node in nodes.values() if node is not None), None)
        if first is None:
            self.notes.refuse("", "The document holds no OSCAL model.", _FORMATS)
            return None, ""
        title = plain_words((first.node("metadata") or first).text("title")) or "Untitled"
        name = profile_id(title) if models[0] == "profile" else slug_of(title)
        sections = self._sections(nodes, name)
        values = {"addition": name, "title": title, **{key: listed(blocks) for key, blocks in sections.items()}}
        return placed(self.notes.file, values), f"oscal-{models[0].removesuffix('-collection')}"

    def _sections(self, nodes: dict[str, Node | None], name: str) -> dict[str, list[Block]]:
        known = {one.id: one for one in self.catalogue.frameworks.values() if one.origin != name}
        sections: dict[str, list[Block]] = {}
        for model, node in nodes.items():
            if node is None:
                continue
            if model == "catalog":
                found = read_catalog(node)
            elif model == "profile":
                found = read_profile(node, Frameworks(known, self.notes), self.source)
            else:
                found = read_mappings_of(node, Frameworks(known, self.notes), self.catalogue.controls, self.source, self.target)
            for key, blocks in found.items():
                sections.setdefault(key, []).extend(blocks)
            for block in found.get("frameworks", ()):
                framework = read_framework(block, str(block.values["id"]), Mistakes()).framework
                known[framework.id] = framework
        return sections


def _is_oscal(keys: object) -> bool:
    return isinstance(keys, dict | tuple) and any(model in keys for model in (*IMPORTED, *OTHER_MODELS))


def _shown(name: str) -> str:
    """A file's name for messages: its last part, without what cannot be shown."""
    last = re.split(r"[\\/]", name)[-1]
    return _UNKEEPABLE.sub("", re.sub(r"[\r\n\t]", " ", last)).strip()[:120] or "document"


# -- texts -----------------------------------------------------------------------------------------------------------


def _check_texts(block: Block, notes: Notes) -> None:
    """Note texts that cannot be kept, and texts, ids and lists that are too long."""
    for key, text, place, line in _texts(block):
        if isinstance(text, int):
            notes.mistakes.add(place, line, f"'{key}' holds {text:,} entries; {LONGEST_LIST:,} are kept at most.",
                               "Bring it in parts.")
            continue
        bad = _UNKEEPABLE.search(text)
        most = LONGEST_ID if key in _IDS else LONGEST_TEXT
        if bad:
            notes.mistakes.add(place, line, f"'{key}' holds a character that cannot be shown (U+{ord(bad[0]):04X}).",
                               "Take it out.")
        elif len(text) > most:
            notes.mistakes.add(place, line, f"'{key}' has {len(text):,} characters; {most:,} are kept at most.", "Shorten it.")
        elif key in _IDS and text != text.strip():
            notes.mistakes.add(place, line, f"'{key}' begins or ends with white space.", "Take it out.")


def _texts(block: Block) -> Iterator[tuple[str, str | int, str, int]]:
    """Every text of a block and those within, with its key, place and line; of a list that is too long its length."""
    for key, value in block.values.items():
        place, line = block.place(key), block.lines.get(key, 0)
        if isinstance(value, str):
            yield key, value, place, line
        elif isinstance(value, Block):
            yield from _texts(value)
        elif isinstance(value, Items) and len(value.values) > LONGEST_LIST:
            yield key, len(value.values), place, line
        elif isinstance(value, Items):
            for item, at in zip(value.values, value.lines, strict=True):
                if isinstance(item, Block):
                    yield from _texts(item)
                elif isinstance(item, str):
                    yield key, item, place, at or line
