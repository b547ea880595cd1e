"""YAML files of the catalogue, read with the line on which everything stands.

Only the core of YAML is taken: mappings, lists, text, whole numbers, true and false, null. What a file cannot
mean is collected as a mistake and reading goes on, so that one run names all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from govern.errors import CatalogueError, Mistake

# libyaml reads the shipped catalogue in a tenth of the time; PyYAML without it says the same.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAG = "tag:yaml.org,2002:"
_DEEPEST = 16  # the catalogue nests seven deep; an anchor inside itself nests for ever
_MOST = 500  # mistakes that one run tells
_COMPARED = 500  # names that a misspelt one is held against: looking for the nearest of 20,000 takes a second


@dataclass(frozen=True)
class Block:
    """A mapping: its values by key, and the line of each key (from 1).

    What came as a workbook or as JSON has no lines (0): there `file` is the place of the whole block, such as
    `plan.xlsx, sheet Asks, row 7`, and `places` names that of single keys, such as `plan.xlsx, sheet Asks, cell C7`.
    """

    file: str
    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int]
    places: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> str:
        """What mistakes call the place of a key."""
        return self.places.get(key, self.file)


@dataclass(frozen=True)
class Items:
    """A list: its values and the line of each, or (`places`) the place of each where there are no lines."""

    values: tuple[Any, ...]
    lines: tuple[int, ...]
    places: tuple[str, ...] = ()


class Mistakes:
    """What was found wrong so far, over all files."""

    def __init__(self) -> None:
        self._found: set[Mistake] = set()

    def add(self, file: str, line: int, text: str, mend: str = "") -> None:
        """Note one mistake: `text` says what is wrong, `mend` what to do.

        Raises CatalogueError beyond 500 of them: a file that is wrong in every row is mended in one go.
        """
        self._found.add(Mistake(file, line, text, mend))
        if len(self._found) >= _MOST:
            more = Mistake(file, line, f"There are {_MOST} mistakes up to here; reading stopped.", "Mend these first.")
            raise CatalogueError([*self.sorted(), more])

    def sorted(self) -> list[Mistake]:
        """All mistakes by file and line; numbers in a place count as numbers, so that cell C9 comes before C10."""
        return sorted(self._found, key=lambda one: (_counted(one.file), one.line, one.text))


def _counted(place: str) -> list[tuple[str, int]]:
    """A place as texts and the numbers after them."""
    return [(text, int(number or 0)) for text, number in re.findall(r"([^0-9]*)([0-9]{0,18})", place)]


def near(name: str, known: Iterable[str]) -> str:
    """What mends an unknown name: the nearest known one, or the known ones where they are few."""
    choices = list(known)
    folded = name.casefold()
    close = [one for one in choices if one.casefold() == folded]
    close = close or get_close_matches(name, _likely(folded, choices), n=1, cutoff=0.7)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join(choices)}." if 0 < len(choices) <= 20 else ""


def _likely(folded: str, choices: list[str]) -> list[str]:
    """The names worth comparing: all where they are few, else those that begin alike and are about as long."""
    if len(choices) <= _COMPARED:
        return choices
    alike = (one for one in choices if one[:1].casefold() == folded[:1] and abs(len(one) - len(folded)) <= 2)
    return list(islice(alike, _COMPARED))


def read_file(path: Path, name: str, mistakes: Mistakes) -> Block | None:
    """The mapping that a file holds, or None (with the mistake noted) when it cannot be read as one.

    `name` is what mistakes call the file.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        mistakes.add(name, 1, "The file is missing.", "Create it.")
        return None
    except OSError as problem:
        mistakes.add(name, 1, f"The file cannot be read: {problem}.", "Save it as UTF-8 text.")
        return None
    return read_bytes(data, name, mistakes)


def read_bytes(data: bytes, name: str, mistakes: Mistakes) -> Block | None:
    """The mapping that the bytes of a file hold, or None (noted), as `read_file` gives it."""
    node = compose(data, name, mistakes)
    return None if node is None else block_of_node(node, name, mistakes)


def compose(data: bytes, name: str, mistakes: Mistakes) -> yaml.MappingNode | None:
    """The mapping that the bytes hold as YAML's own node, or None (noted)."""
    try:
        node = _Loader(data.decode("utf-8")).get_single_node()
    except UnicodeDecodeError as problem:
        mistakes.add(name, 1, f"The file cannot be read: {problem}.", "Save it as UTF-8 text.")
        return None
    except yaml.YAMLError as problem:
        refuse_yaml(problem, name, mistakes)
        return None
    if not isinstance(node, yaml.MappingNode):
        mistakes.add(name, 1, "The file holds no keys.", "Begin with its keys, such as 'id: …'.")
        return None
    return node


def refuse_yaml(problem: yaml.YAMLError, name: str, mistakes: Mistakes) -> None:
    """Note that a text is not YAML, with the line."""
    mistakes.add(name, _line_of(problem), f"This is not YAML: {_told(problem)}.",
                 "Look at the indentation, and put text with ': ' or ' #' in it in single quotes.")


def block_of_node(node: yaml.MappingNode, name: str, mistakes: Mistakes) -> Block | None:
    """A node as a block; what it cannot mean is noted."""
    value = _value(node, name, mistakes, 0)
    return value if isinstance(value, Block) else None


def _line_of(problem: yaml.YAMLError) -> int:
    mark = getattr(problem, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _told(problem: yaml.YAMLError) -> str:
    return str(getattr(problem, "problem", None) or problem)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _value(node: yaml.Node, file: str, mistakes: Mistakes, depth: int) -> Any:
    """A node as a Block, Items or plain value."""
    if depth > _DEEPEST:
        mistakes.add(file, _line(node), "This is nested too deeply.", "Take out the anchor (& and *).")
        return None
    if isinstance(node, yaml.MappingNode):
        return _block(node, file, mistakes, depth)
    if isinstance(node, yaml.SequenceNode):
        values = tuple(_value(item, file, mistakes, depth + 1) for item in node.value)
        return Items(values, tuple(_line(item) for item in node.value))
    return _scalar(node, file, mistakes)


def _block(node: yaml.MappingNode, file: str, mistakes: Mistakes, depth: int) -> Block:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in values:
            text = f"'{key}' stands here twice; the first is on line {lines[key]}."
            mistakes.add(file, _line(key_node), text, "Keep one of them.")
            continue
        lines[key] = _line(key_node)
        values[key] = _value(value_node, file, mistakes, depth + 1)
    return Block(file, _line(node), values, lines)


def _scalar(node: yaml.Node, file: str, mistakes: Mistakes) -> str | int | float | bool | None:
    """A single value; a date stays the text that it is, YAML's yes, no, on and off are refused."""
    tag, written = node.tag.removeprefix(_TAG), str(node.value)
    if tag == "null":
        return None
    if tag == "bool" and written.lower() in ("true", "false"):
        return written.lower() == "true"
    if tag == "bool":
        mistakes.add(file, _line(node), f"YAML reads '{written}' as true or false.",
                     f"Write true or false, or put the word in quotes: '{written}'.")
    elif tag == "int" and written.removeprefix("-").isdecimal():
        return int(written)
    elif tag == "int" or tag not in ("str", "float", "timestamp"):
        mistakes.add(file, _line(node), f"YAML reads '{written}' as {tag}.", "Put it in single quotes.")
    elif tag == "float":
        return _float(written)
    return written


def _float(written: str) -> float | str:
    try:
        return float(written)
    except ValueError:  # YAML 1.1 knows more ways to write a number than Python does
        return written
