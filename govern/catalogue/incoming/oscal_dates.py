"""Dates of application that a catalog states as properties of its controls.

`application-date` and `application-date-<part>` are read, with `…-original` as the date that stood before and
`amended-by` as what changed it. OSCAL itself has no field for them; catalogs of laws use these names.
"""

from __future__ import annotations

import re

from govern.catalogue.additions import placed
from govern.catalogue.incoming.oscal_json import Node, slug_of
from govern.catalogue.source import Block

_NAME = "application-date"
_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_NO_DATE = ("-original", "-status")


class Dates:
    """The dates met so far; equal ones are one."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], Block] = {}

    def of(self, node: Node) -> list[str]:
        """The ids of the dates from which a control applies."""
        props = node.props(_NAME)
        return [self._id(node, name, props) for name, value in props.items()
                if not name.endswith(_NO_DATE) and self._is_day(node, name, value)]

    def blocks(self) -> list[Block]:
        """All dates in the order met, as our frameworks have them."""
        return list(self._found.values())

    def _id(self, node: Node, name: str, props: dict[str, str]) -> str:
        part, day = name.removeprefix(_NAME).strip("-"), props[name]
        before = props.get(f"{name}-original", "")
        before = before if _DAY.fullmatch(before) and before != day else ""
        amended = node.prop("amended-by") if before else ""
        key = (part, day, before, amended)
        if key not in self._found:
            words = ["from", day, *([slug_of(part)] if part else []), *(["before", before] if before else [])]
            values = {"id": "-".join(words), "title": f"Applies from {day}{f' ({part})' if part else ''}",
                      "applies_from": day, "source": f"Property {name} of the catalog"}
            if before:
                values["before"] = before
            if amended:
                values["amended_by"] = amended
            if any(one.values["id"] == values["id"] for one in self._found.values()):
                values["id"] = f"{values['id']}-{len(self._found) + 1}"
            self._found[key] = placed(node.place("props"), values)
        return str(self._found[key].values["id"])

    @staticmethod
    def _is_day(node: Node, name: str, value: str) -> bool:
        if _DAY.fullmatch(value):
            return True
        node.notes.warn(node.at("props"), f"The property {name} holds no date but “{value[:40]}”; it is left out.")
        return False
