"""The Merkle tree of RFC 9162 (section 2.1; the same tree as RFC 6962), kept as its complete subtrees.

A **node** is the hash of a complete subtree: level L, place P covers the 2**L leaves from P * 2**L. Nodes,
once made, never change. The **frontier** of a size is the shortest row of complete subtrees that covers the
tree, largest first: one for each bit of the size. A position counts from 1, so the position of the newest
leaf is the size of the tree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from govern.errors import LedgerError, ProofRefused

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
NodeAt = Callable[[int, int], bytes]
"""Looks a stored node up by (level, place)."""


class Node(NamedTuple):
    """A complete subtree's hash and its address: leaves are level 0, `place` counts from 0 within it."""

    level: int
    place: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 || data): the hash of a leaf (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right): the hash of an inner node (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


# -- growing -------------------------------------------------------------------------------------------------


def grow(size: int, frontier: Sequence[bytes], leaf: bytes) -> tuple[tuple[bytes, ...], tuple[Node, ...]]:
    """Append one leaf hash to a tree of `size`: the new frontier, and the nodes that this completed.

    The first node made is always the leaf, (0, size, leaf). Raises LedgerError for another size's frontier.
    """
    _fits(size, frontier)
    kept = list(frontier)
    level, place, top = 0, size, leaf
    made = [Node(0, size, leaf)]
    while place & 1:
        top = node_hash(kept.pop(), top)
        level, place = level + 1, place >> 1
        made.append(Node(level, place, top))
    kept.append(top)
    return tuple(kept), tuple(made)


def frontier_addresses(size: int) -> tuple[tuple[int, int], ...]:
    """(level, place) of the nodes that make up the frontier of a size, largest first; () for size 0."""
    _counts(size)
    return _cover(0, size)


def root_of_frontier(size: int, frontier: Sequence[bytes]) -> bytes:
    """The root of a tree of `size` leaves from its frontier; raises LedgerError when the two do not fit."""
    _fits(size, frontier)
    return fold(frontier) if frontier else EMPTY_ROOT


def root_of_leaves(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in order."""
    size = 0
    frontier: tuple[bytes, ...] = ()
    for leaf in leaves:
        frontier, _ = grow(size, frontier, leaf)
        size += 1
    return root_of_frontier(size, frontier)


# -- proofs --------------------------------------------------------------------------------------------------


def inclusion_proof(position: int, size: int, node: NodeAt) -> tuple[bytes, ...]:
    """The hashes that join the leaf at `position` to the root of `size`, the leaf's sibling first.

    RFC 9162, section 2.1.3.1; reads complete subtrees only. Raises LedgerError for a position outside.
    """
    if not 1 <= position <= size:
        raise LedgerError(f"position {position} is not within a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if position <= middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start = middle
    return tuple(reversed(path))


def verify_inclusion(position: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise ProofRefused unless `proof` joins the leaf hash at `position` to `root` (RFC 9162, 2.1.3.2).

    A path alone does not fix the size: take size and root together, from one signed checkpoint.
    """
    if not 1 <= position <= size:
        raise ProofRefused(f"position {position} is not within a tree of {size}")
    _whole(leaf, root, *proof)
    index, last, joined = position - 1, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofRefused("the inclusion proof is longer than the tree is high")
        if index & 1 or index == last:
            joined = node_hash(sibling, joined)
            # At the ragged right edge a node may have no sibling for some levels: climb to where it has one.
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            joined = node_hash(joined, sibling)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofRefused("the inclusion proof is shorter than the tree is high")
    if joined != root:
        raise ProofRefused(f"the inclusion proof of {position} does not lead to the root of size {size}")


def consistency_proof(first: int, second: int, node: NodeAt) -> tuple[bytes, ...]:
    """The hashes that show the tree of size `first` to be the beginning of that of size `second`.

    RFC 9162, section 2.1.4.1. Empty when the sizes are equal or `first` is 0; raises LedgerError unless
    0 <= first <= second.
    """
    if not 0 <= first <= second:
        raise LedgerError(f"a tree of {first} is no beginning of a tree of {second}")
    if first in (0, second):
        return ()
    start, end, path, known = 0, second, [], True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start, known = middle, False
    if not known:  # otherwise the verifier holds this hash already: it is the first root
        path.append(_hash_of(start, end, node))
    return tuple(reversed(path))


def verify_consistency(first: int, second: int, proof: Sequence[bytes],
                       first_root: bytes, second_root: bytes) -> None:
    """Raise ProofRefused unless the tree of `first_root` begins that of `second_root` (RFC 9162, 2.1.4.2).

    Each size comes with its root from a signed checkpoint. The empty tree begins every tree: it takes an
    empty proof and the root of nothing.
    """
    if not 0 <= first <= second:
        raise ProofRefused(f"a tree of {first} is no beginning of a tree of {second}")
    _whole(first_root, second_root, *proof)
    if first == second and first_root != second_root:
        raise ProofRefused(f"two different roots are claimed for size {first}")
    if first == 0 and first_root != EMPTY_ROOT:
        raise ProofRefused("the root of the empty tree is wrong")
    if first in (0, second):
        if proof:
            raise ProofRefused("the consistency proof should be empty")
        return
    early, late = _climb(first, second, proof, first_root)
    if early != first_root:
        raise ProofRefused(f"the consistency proof does not lead to the root of size {first}")
    if late != second_root:
        raise ProofRefused(f"the consistency proof does not lead to the root of size {second}")


def _climb(first: int, second: int, proof: Sequence[bytes], first_root: bytes) -> tuple[bytes, bytes]:
    """The two roots that a consistency proof leads to."""
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    index, last = first - 1, second - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    if not path:
        raise ProofRefused("the consistency proof is empty")
    early = late = path[0]
    for other in path[1:]:
        if last == 0:
            raise ProofRefused("the consistency proof is longer than the tree is high")
        if index & 1 or index == last:
            early, late = node_hash(other, early), node_hash(other, late)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            late = node_hash(late, other)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofRefused("the consistency proof is shorter than the tree is high")
    return early, late


# -- ranges --------------------------------------------------------------------------------------------------


def _split(width: int) -> int:
    """The largest power of two below `width`, which is at least 2: where the RFC splits a range."""
    return 1 << (width - 1).bit_length() - 1


def _cover(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The complete subtrees that cover leaves `start` to `end`, largest first.

    `start` is a multiple of the largest: so it is with every range that the RFC's split makes.
    """
    addresses = []
    while start < end:
        level = (end - start).bit_length() - 1
        addresses.append((level, start >> level))
        start += 1 << level
    return tuple(addresses)


def _hash_of(start: int, end: int, node: NodeAt) -> bytes:
    return fold([node(level, place) for level, place in _cover(start, end)])


def fold(row: Sequence[bytes]) -> bytes:
    """The root over a row, not empty, of complete subtrees, largest first: the smallest are joined first."""
    joined = row[-1]
    for left in reversed(row[:-1]):
        joined = node_hash(left, joined)
    return joined


def _counts(size: int) -> None:
    if size < 0:
        raise LedgerError(f"a tree has no size {size}")


def _fits(size: int, frontier: Sequence[bytes]) -> None:
    _counts(size)
    if len(frontier) != size.bit_count():
        raise LedgerError(f"a frontier of {len(frontier)} hashes is not that of a tree of {size}")


def _whole(*hashes: bytes) -> None:
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofRefused(f"a hash in the proof is not {HASH_SIZE} bytes long")
