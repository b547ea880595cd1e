"""What an organisation brings beside the shipped catalogue: frameworks, controls, mappings, crosswalks, texts.

An addition is one document in the form of our own files (docs/catalogue.md); workbooks and OSCAL documents are turned
into one. It keeps its place beside the shipped files over every upgrade, and is checked together with them, by the
same rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from govern.catalogue.fields import Fields, Seen
from govern.catalogue.frameworks import ReadFramework
from govern.catalogue.source import Block, Items, Mistakes, near
from govern.catalogue.vocabulary import SLUG, SLUG_SHAPE

SECTIONS = ("frameworks", "domains", "mappings", "crosswalks", "baselines", "texts")


@dataclass(frozen=True)
class Addition:
    """One addition: its id, a title for people, and its sections as blocks that know where they stood."""

    id: str
    title: str
    block: Block

    def blocks(self, section: str) -> tuple[Block, ...]:
        """The blocks of one section."""
        value = self.block.values.get(section)
        return tuple(one for one in value.values if isinstance(one, Block)) if isinstance(value, Items) else ()


def read_addition(block: Block, mistakes: Mistakes) -> Addition | None:
    """The addition that a document declares, or None (noted) when it is none."""
    top = Fields(block, mistakes, "an addition", ["addition", "title"], SECTIONS)
    name, title = top.matching("addition", SLUG, SLUG_SHAPE), top.text("title")
    if not any(section in block.values for section in SECTIONS):
        top.refuse("addition", "It adds nothing.", f"Bring one of: {', '.join(SECTIONS)}.")
    for section in SECTIONS:
        top.blocks(section, some=False)
    return Addition(name, title, block) if name else None


def addition_of(tree: Mapping[str, Any], file: str, mistakes: Mistakes) -> Addition | None:
    """The addition that plain data (as of JSON) declares; mistakes name `file` and the path within."""
    return read_addition(block_of(tree, file), mistakes)


def block_of(tree: Mapping[str, Any], file: str) -> Block:
    """Plain data as a block. It has no lines: its places are paths, such as `frameworks[0].requirements[3].title`."""
    return _block(tree, file, "")


def place_in(file: str, path: str) -> str:
    """What mistakes call a path within a file without lines."""
    return f"{file} at {path}" if path else file


def placed(place: str, values: Mapping[str, Any], places: Mapping[str, str] | None = None) -> Block:
    """A block of values that stand at `place`, single keys where `places` says."""
    return Block(place, 0, values, dict.fromkeys(values, 0), places or {})


def listed(values: Iterable[Any], places: Iterable[str] = ()) -> Items:
    """A list of values, each at its place where `places` names them."""
    found = tuple(values)
    return Items(found, (0,) * len(found), tuple(places))


def _block(tree: Mapping[str, Any], file: str, path: str) -> Block:
    before = f"{path}." if path else ""
    values = {str(key): _value(value, file, f"{before}{key}") for key, value in tree.items()}
    return placed(place_in(file, path), values, {key: place_in(file, f"{before}{key}") for key in values})


def _value(value: Any, file: str, path: str) -> Any:
    if isinstance(value, Mapping):
        return _block(value, file, path)
    if isinstance(value, list | tuple):
        paths = [f"{path}[{number}]" for number in range(len(value))]
        return listed((_value(item, file, at) for item, at in zip(value, paths, strict=True)),
                      (place_in(file, at) for at in paths))
    return value


def body_of(addition: Addition) -> str:
    """The text that is kept of an addition: JSON with sorted keys, without the places."""
    return json.dumps(_plain(addition.block), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_body(body: str, mistakes: Mistakes) -> Addition | None:
    """The addition that `body_of` wrote."""
    tree = json.loads(body)
    return addition_of(tree, f"addition {tree.get('addition', '')}", mistakes)


def _plain(value: Any) -> Any:
    if isinstance(value, Block):
        return {key: _plain(inner) for key, inner in value.values.items()}
    if isinstance(value, Items):
        return [_plain(inner) for inner in value.values]
    return value


def read_texts(block: Block, frameworks: Mapping[str, ReadFramework], names: tuple[str, ...],
               mistakes: Mistakes) -> tuple[str, dict[str, str]]:
    """Official texts of one framework: its id, and texts by requirement."""
    top = Fields(block, mistakes, "the texts of a framework", ["framework", "texts"])
    name = top.one_of("framework", names, "framework")
    read = frameworks.get(name)
    found: dict[str, str] = {}
    seen = Seen("text of")
    for item in top.blocks("texts"):
        one = Fields(item, mistakes, "a text", ["requirement", "text"])
        requirement, text = one.text("requirement"), one.text("text")
        if read is not None and requirement and requirement not in read.framework.by_id:
            one.refuse("requirement", f"{name} has no requirement '{requirement}'.",
                       near(requirement, read.framework.by_id))
        elif seen.first(one, "requirement", requirement):
            found[requirement] = text
    return name, found
