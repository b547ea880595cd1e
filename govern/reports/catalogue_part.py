"""Which part of a catalogue a workbook holds: all of it, or just what one addition brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govern.catalogue.objects import Catalogue

IN_SHEETS = frozenset({"addition", "title", "frameworks", "domains", "mappings", "texts"})
"""The sections of an addition that the form of workbooks has sheets for."""


@dataclass(frozen=True)
class Part:
    """What to write, by id; the pairs and triples begin with the framework. `name` and `title` are those of an addition."""

    frameworks: frozenset[str]
    controls: frozenset[str]
    links: frozenset[tuple[str, str, str]]
    joint: frozenset[tuple[str, str]]
    gaps: frozenset[tuple[str, str]]
    texts: frozenset[tuple[str, str]] = frozenset()
    name: str = ""
    title: str = ""


def whole(catalogue: Catalogue) -> Part:
    """All of a catalogue; official texts stay where they were brought."""
    frameworks = catalogue.frameworks
    return Part(
        frozenset(frameworks), frozenset(catalogue.controls),
        frozenset((link.framework, link.requirement, one.id) for one in catalogue.controls.values() for link in one.mappings),
        frozenset((one.id, requirement) for one in frameworks.values() for requirement in one.joint),
        frozenset((one.id, requirement) for one in frameworks.values() for requirement in one.gaps))


def part_of(tree: Mapping[str, Any], catalogue: Catalogue) -> Part:
    """What one addition brought, told by its document as plain data (see catalogue.additions.body_of)."""
    name = str(tree["addition"])
    mappings = [(one["framework"], one) for one in tree.get("mappings", ())]
    return Part(
        frozenset(one.id for one in catalogue.frameworks.values() if one.origin == name),
        frozenset(one.id for one in catalogue.controls.values() if one.origin == name),
        frozenset((framework, item["requirement"], link["control"]) for framework, one in mappings
                  for item in one.get("mappings", ()) for link in item["controls"]),
        frozenset((framework, item["requirement"]) for framework, one in mappings for item in one.get("joint") or ()),
        frozenset((framework, item["requirement"]) for framework, one in mappings for item in one.get("gaps") or ()),
        frozenset((one["framework"], item["requirement"]) for one in tree.get("texts", ()) for item in one["texts"]),
        name, str(tree["title"]))


def fits_sheets(tree: Mapping[str, Any]) -> bool:
    """Whether the form of workbooks has a place for all that an addition holds."""
    dated = any(one.get("dates") or any(item.get("dates") for item in one["requirements"]) for one in tree.get("frameworks", ()))
    return not dated and tree.keys() <= IN_SHEETS
