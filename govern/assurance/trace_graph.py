"""The rows of a trace as a graph: five columns of things, links between neighbours, and which rows run through each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from govern.assurance.trace import Row
from govern.assurance.trace_heads import End, Step
from govern.catalogue.objects import Target

Key = str | Target
"""What a node stands for: a requirement, a control's id, a system's key, evidence's key, or evidence/number."""

MOST = 60
"""The most nodes that a column of the picture has."""


@dataclass(frozen=True)
class Node:
    """One thing that rows run through. `rows` are their places; `ends` tells why rows end at it, each reason once.

    `row` is the first of them, where names and verdicts are found.
    """

    step: Step
    key: Key
    row: Row
    rows: tuple[int, ...]
    ends: tuple[End, ...]


@dataclass(frozen=True)
class Joint:
    """A link between nodes of two columns, by their places in them; `rows` run along it."""

    step: Step
    left: int
    right: int
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """The columns in order, the links that start in each, and how many nodes of a column are left out."""

    columns: Mapping[Step, tuple[Node, ...]]
    joints: tuple[Joint, ...]
    left_out: Mapping[Step, int]


def graph_of(rows: Sequence[Row], most: int = MOST) -> Graph:
    """The graph of some rows with at most so many nodes a column, those that come first.

    Each column stands in the order of what it is linked to on its left, so that few links cross.
    """
    through: dict[Step, dict[Key, list[int]]] = {step: {} for step in Step}
    for place, row in enumerate(rows):
        for step, key in steps_of(row):
            through[step].setdefault(key, []).append(place)
    columns: dict[Step, tuple[Node, ...]] = {}
    before: Mapping[int, float] = {}
    for step, found in through.items():
        ordered = sorted(list(found)[:most], key=lambda key: _middle(found[key], before))
        columns[step] = tuple(Node(step, key, rows[found[key][0]], tuple(found[key]), _ends(step, found[key], rows))
                              for key in ordered)
        before = {row: place for place, key in enumerate(ordered) for row in found[key]}
    return Graph(columns, tuple(_joints(rows, columns)),
                 {step: max(0, len(found) - most) for step, found in through.items()})


def steps_of(row: Row) -> Iterator[tuple[Step, Key]]:
    """The steps that a chain reaches, each with what stands there."""
    if row.head.requirement:
        yield Step.REQUIREMENT, Target(row.head.framework, row.head.requirement)
    if row.head.control:
        yield Step.CONTROL, row.head.control
    if row.system:
        yield Step.SYSTEM, row.system
    if row.proof is not None:
        yield Step.EVIDENCE, row.proof.evidence
        if row.proof.decision is not None:
            yield Step.DECISION, f"{row.proof.evidence}/{row.proof.number}"


def _middle(rows: Iterable[int], before: Mapping[int, float]) -> float:
    """Where a node's links come from on average; nodes without any keep to the front."""
    places = [before[row] for row in rows if row in before]
    return sum(places) / len(places) if places else 0.0


def _ends(step: Step, places: Iterable[int], rows: Sequence[Row]) -> tuple[End, ...]:
    return tuple(dict.fromkeys(end for place in places for end in rows[place].ends if end.at is step))


def _joints(rows: Sequence[Row], columns: Mapping[Step, tuple[Node, ...]]) -> Iterator[Joint]:
    places = {step: {node.key: place for place, node in enumerate(nodes)} for step, nodes in columns.items()}
    along: dict[tuple[Step, int, int], list[int]] = {}
    for number, row in enumerate(rows):
        reached = dict(steps_of(row))
        for left, right in pairwise(Step):
            if left in reached and right in reached:
                one, other = places[left].get(reached[left]), places[right].get(reached[right])
                if one is not None and other is not None:
                    along.setdefault((left, one, other), []).append(number)
    for (step, one, other), numbers in along.items():
        yield Joint(step, one, other, tuple(numbers))
