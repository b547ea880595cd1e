"""The tree made again from the entries, beside the nodes that were kept.

Where the two part, either may be what was altered. Both are carried upwards as candidates, so that one
alteration gives one fault; the node above and its other child tell which of the two is right.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product

from govern.ledger.faults import Fault
from govern.ledger.tree import EMPTY_ROOT, Node, fold, node_hash

_MOST_ROOTS = 256


class Rebuilt:
    """A tree that grows leaf by leaf and is compared with the kept nodes as it grows.

    `nodes` is None where none were kept, as in a small pack. Faults go to the list given.
    """

    def __init__(self, nodes: Iterable[Node] | None, faults: list[Fault]) -> None:
        self.size = 0
        self.compared = 0
        self._kept = None if nodes is None else {(level, place): made for level, place, made in nodes}
        self._faults = faults
        self._frontier: list[tuple[bytes, ...]] = []

    def append(self, leaf: bytes | None) -> None:
        """Add the next entry's leaf hash; None where the entry is missing: the kept leaf stands in for it."""
        level, place = 0, self.size
        top = self._settle(0, place, () if leaf is None else (leaf,))
        while place & 1:
            left = self._frontier.pop()
            level, place = level + 1, place >> 1
            top = self._settle(level, place, tuple(node_hash(one, other) for one in left for other in top))
        self._frontier.append(top)
        self.size += 1

    def roots(self) -> tuple[bytes, ...]:
        """The root; several while two parting hashes may each be right; none if a leaf is unknown."""
        if not self._frontier:
            return (EMPTY_ROOT,)
        return tuple(fold(row) for row in islice(product(*self._frontier), _MOST_ROOTS))

    def finish(self) -> None:
        """Report kept nodes that no entry accounts for."""
        stray = sum(
            1 for level, place in self._kept or ()
            if level < 0 or place < 0 or level > self.size or place + 1 << level > self.size
        )
        if stray:
            self._faults.append(Fault(
                "node-extra", "tree", f"{stray} kept node(s) belong to no tree of {self.size} entries"
            ))

    def _settle(self, level: int, place: int, made: tuple[bytes, ...]) -> tuple[bytes, ...]:
        """The candidates for one node: what was made from below and what was kept, one if they agree."""
        if self._kept is None:
            return made
        kept = self._kept.get((level, place))
        if kept is None:
            if made:  # where nothing was made, an entry is missing and has been reported
                self._faults.append(Fault("node-missing", _named(level, place), "the kept hash is missing"))
            return made[:2]
        self.compared += 1
        if not made or kept in made:
            return (kept,)
        self._faults.append(self._blame(level, place, made[0], kept))
        return (made[0], kept)

    def _blame(self, level: int, place: int, made: bytes, kept: bytes) -> Fault:
        """Which of the two was altered, as far as the node above can tell."""
        assert self._kept is not None  # noqa: S101 - only called where nodes are compared
        above, beside = self._kept.get((level + 1, place >> 1)), self._kept.get((level, place ^ 1))
        first, last = (place << level) + 1, place + 1 << level
        below = f"entry {first}" if level == 0 else f"something among entries {first} to {last}"
        code = "leaf-mismatch" if level == 0 else "node-mismatch"
        if above and beside and _joined(place, kept, beside) == above:
            return Fault(code, _named(level, place), f"{below} was altered: the tree was made over another")
        if above and beside and _joined(place, made, beside) == above:
            return Fault(code, _named(level, place), f"the kept hash was altered, {below} was not")
        return Fault(code, _named(level, place), f"{below} or the kept hash was altered: they do not fit")


def _joined(place: int, one: bytes, beside: bytes) -> bytes:
    return node_hash(beside, one) if place & 1 else node_hash(one, beside)


def _named(level: int, place: int) -> str:
    return f"entry {place + 1}" if level == 0 else f"node {level}/{place}"
