"""Parameters of an OSCAL catalog, told in the statements that insert them: [Assignment: …], [Selection: …]."""

from __future__ import annotations

import re
from collections.abc import Iterable

from govern.catalogue.incoming.oscal_json import Node, plain_words

PARAM = ("id", "class", "depends-on", "props", "links", "label", "usage", "constraints", "guidelines", "values", "select",
         "remarks")
SELECT = ("how-many", "choice")
# `{{ insert: param, ac-1_prm_1 }}`, and `{{ ac-1_prm_1 }}` as OSCAL 1.0 drafts wrote it; with a space that real
# documents leave before a comma or stop.
_INSERT = re.compile(r"\{\{\s{0,9}(?:insert:\s{0,9}param,\s{0,9})?([^\s{},]{1,200})\s{0,9}\}\}(?:\s(?=[;,.]))?")
_LONGEST = 2_000  # characters that one parameter may take in a statement: they can insert each other
_MANY = {"one": "one", "one-or-more": "one or more"}


class Params:
    """The parameters of a catalog by id, each put into words once."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes: dict[str, Node] = {}
        for node in nodes:
            node.knows("a parameter", PARAM)
            self._nodes.setdefault(node.text("id"), node)
        self._told: dict[str, str] = {}

    def inserted(self, prose: str, at: Node) -> str:
        """Prose with its parameters in words; `at` is where it stands."""

        def told(match: re.Match[str]) -> str:
            return self._words(match[1], at)

        return _INSERT.sub(told, prose)

    def _words(self, name: str, at: Node) -> str:
        if name not in self._told:
            node = self._nodes.get(name)
            self._told[name] = f"[Assignment: {name}]"  # also what a parameter inside itself shows
            if node is None:
                at.notes.warn(at.path, f"There is no parameter '{name}' to insert.")
            else:
                self._told[name] = self._of(node, name)
        return self._told[name]

    def _of(self, node: Node, name: str) -> str:
        values = [one for one in node.texts("values") if one]
        select = node.node("select")
        if values:
            words = ", ".join(values)
        elif select is not None:
            select.knows("a selection", SELECT)
            many = _MANY.get(select.text("how-many"))
            choices = "; ".join(self.inserted(one, node) for one in select.texts("choice"))
            words = f"[Selection{f' ({many})' if many else ''}: {choices}]"
        else:
            words = f"[Assignment: {node.text('label') or name}]"
        words = plain_words(words) if values else words
        return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
