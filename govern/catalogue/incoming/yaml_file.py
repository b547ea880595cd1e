"""YAML as it comes from outside: looked over before anything is built of it.

An anchor that is used ten times ten times ten times is a small file and a large catalogue, so anchors are refused
here; the catalogue's own files do without them too.
"""

from __future__ import annotations

from typing import Any

import yaml

from govern.catalogue.incoming.notes import Notes
from govern.catalogue.source import Block, block_of_node, compose, refuse_yaml

DEEPEST = 64
MOST_VALUES = 500_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose_bounded(data: bytes, notes: Notes) -> yaml.MappingNode | None:
    """The mapping at the top of the file as YAML's own node, or None (noted)."""
    return compose(data, notes.file, notes.mistakes) if _looked_over(data, notes) else None


def block_in(node: yaml.MappingNode, notes: Notes) -> Block | None:
    """A node as a block with lines."""
    return block_of_node(node, notes.file, notes.mistakes)


def keys_of(node: yaml.MappingNode) -> tuple[str, ...]:
    """The keys at the top."""
    return tuple(str(key.value) for key, _ in node.value if isinstance(key, yaml.ScalarNode))


def plain(node: yaml.Node, notes: Notes) -> Any:
    """A node as dicts, lists and text: OSCAL as YAML says `yes` and 2024-02-04 and means these words."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                notes.refuse_line(_line(key), f"'{name}' stands here twice.", "Keep one of them.")
            found[name] = plain(value, notes)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [plain(item, notes) for item in node.value]
    return str(node.value)


def _looked_over(data: bytes, notes: Notes) -> bool:
    """Whether the file keeps to the bounds: depth, number of values, no anchors, time."""
    depth = values = 0
    try:
        for event in yaml.parse(data.decode("utf-8"), Loader=_Loader):
            if getattr(event, "anchor", None) is not None:
                notes.refuse_line(_line(event), "An anchor (& or *) stands here; anchors are not read.",
                                  "Write out what it stands for.")
                return False
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            values += 1
            if depth > DEEPEST:
                notes.refuse_line(_line(event), f"This is nested deeper than {DEEPEST} levels.", "Flatten it.")
                return False
            if values > MOST_VALUES:
                notes.refuse_line(_line(event), f"The file holds more than {MOST_VALUES:,} values.",
                                  "Bring it in smaller parts.")
                return False
            if not values % 1000:
                notes.tick()
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        notes.refuse_line(line, f"The file cannot be read: {problem.reason} at byte {problem.start}.", "Save it as UTF-8 text.")
        return False
    except yaml.YAMLError as problem:
        refuse_yaml(problem, notes.file, notes.mistakes)
        return False
    return True


def _line(there: yaml.Event | yaml.Node) -> int:
    return there.start_mark.line + 1 if there.start_mark is not None else 1
