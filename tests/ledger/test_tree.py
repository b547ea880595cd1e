"""The tree against published values, against the recursive definition of the RFC, and against alteration."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.errors import LedgerError, ProofRefused
from govern.ledger.tree import (
    EMPTY_ROOT,
    consistency_proof,
    frontier_addresses,
    grow,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of_frontier,
    root_of_leaves,
    verify_consistency,
    verify_inclusion,
)

# The leaves and roots that implementations of certificate transparency publish for their tests.
LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LARGEST = 64


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word: the judge of everything below."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + recursive_root(leaves[:split]) + recursive_root(leaves[split:])).digest()


class Kept:
    """All complete subtrees of a tree, made by growing it; remembers what was asked for."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.frontiers: list[tuple[bytes, ...]] = [()]
        for size, leaf in enumerate(leaves):
            frontier, made = grow(size, self.frontiers[-1], leaf_hash(leaf))
            self.frontiers.append(frontier)
            for level, index, one in made:
                assert (level, index) not in self.nodes
                self.nodes[level, index] = one

    def node(self, level: int, index: int) -> bytes:
        return self.nodes[level, index]

    def root(self, size: int) -> bytes:
        return root_of_frontier(size, self.frontiers[size])


DATA = [f"leaf {number}".encode() for number in range(LARGEST)]
KEPT = Kept(DATA)


def flipped(data: bytes, bit: int) -> bytes:
    altered = bytearray(data)
    altered[bit // 8] ^= 1 << bit % 8
    return bytes(altered)


# -- published values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert root_of_leaves(map(leaf_hash, LEAVES[:size])).hex() == ROOTS[size]


def test_the_proofs_that_the_rfc_draws() -> None:
    """RFC 6962, section 2.1.3: the tree of seven leaves, its nodes named as in the drawing."""
    kept = Kept(LEAVES[:7])
    a, b, c, d, e, f, j = (leaf_hash(leaf) for leaf in LEAVES[:7])
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, last = node_hash(g, h), node_hash(i, j)
    assert inclusion_proof(1, 7, kept.node) == (b, h, last)
    assert inclusion_proof(4, 7, kept.node) == (c, g, last)
    assert inclusion_proof(5, 7, kept.node) == (f, j, k)
    assert inclusion_proof(7, 7, kept.node) == (i, k)
    assert consistency_proof(3, 7, kept.node) == (c, d, g, last)
    assert consistency_proof(4, 7, kept.node) == (last,)
    assert consistency_proof(6, 7, kept.node) == (i, j, k)


@pytest.mark.shared
def test_all_published_nodes_and_roots(shared: Path) -> None:
    published = json.loads((shared / "reference/merkle/rfc6962-known-answers.json").read_text())
    leaves = [bytes.fromhex(one) for one in published["leaf_inputs_hex"]]
    kept = Kept(leaves)
    nodes = {
        (level, index): one
        for level, row in enumerate(published["node_hashes_hex"]) for index, one in enumerate(row)
    }
    assert {address: one.hex() for address, one in kept.nodes.items()} == nodes
    assert [kept.root(size).hex() for size in range(9)] == published["root_hashes_hex_by_size"]


# -- every size up to 64 -------------------------------------------------------------------------------------


def test_growing_agrees_with_the_recursive_definition_at_every_size() -> None:
    for size in range(LARGEST + 1):
        assert KEPT.root(size) == recursive_root(DATA[:size])
        assert KEPT.frontiers[size] == tuple(KEPT.node(*one) for one in frontier_addresses(size))


def test_every_inclusion_proof_verifies() -> None:
    for size in range(1, LARGEST + 1):
        for position in range(1, size + 1):
            proof = inclusion_proof(position, size, KEPT.node)
            verify_inclusion(position, size, leaf_hash(DATA[position - 1]), proof, KEPT.root(size))


def test_every_consistency_proof_verifies() -> None:
    for second in range(LARGEST + 1):
        for first in range(second + 1):
            proof = consistency_proof(first, second, KEPT.node)
            verify_consistency(first, second, proof, KEPT.root(first), KEPT.root(second))


# -- alteration ----------------------------------------------------------------------------------------------


@st.composite
def inside(draw: st.DrawFn) -> tuple[int, int]:
    size = draw(st.integers(1, LARGEST))
    return draw(st.integers(1, size)), size


@given(inside(), st.data())
def test_an_inclusion_proof_holds_no_altered_bit(at: tuple[int, int], data: st.DataObject) -> None:
    position, size = at
    parts = [leaf_hash(DATA[position - 1]), KEPT.root(size), *inclusion_proof(position, size, KEPT.node)]
    which = data.draw(st.integers(0, len(parts) - 1))
    parts[which] = flipped(parts[which], data.draw(st.integers(0, 255)))
    with pytest.raises(ProofRefused):
        verify_inclusion(position, size, parts[0], parts[2:], parts[1])


@given(inside(), inside())
def test_an_inclusion_proof_holds_for_no_other_position_or_size(at: tuple[int, int],
                                                                other: tuple[int, int]) -> None:
    position, size = at
    proof, leaf = inclusion_proof(position, size, KEPT.node), leaf_hash(DATA[position - 1])
    if other != at:
        with pytest.raises(ProofRefused):
            verify_inclusion(*other, leaf, proof, KEPT.root(other[1]))
    for wrong in {other[0], 0, -1, size + 1, position - 1, position + 1} - {position}:
        with pytest.raises(ProofRefused):
            verify_inclusion(wrong, size, leaf, proof, KEPT.root(size))


@given(inside(), st.data())
def test_a_consistency_proof_holds_no_altered_bit(at: tuple[int, int], data: st.DataObject) -> None:
    first, second = at
    parts = [KEPT.root(first), KEPT.root(second), *consistency_proof(first, second, KEPT.node)]
    which = data.draw(st.integers(0, len(parts) - 1))
    parts[which] = flipped(parts[which], data.draw(st.integers(0, 255)))
    with pytest.raises(ProofRefused):
        verify_consistency(first, second, parts[2:], parts[0], parts[1])


@given(inside(), inside())
def test_a_consistency_proof_joins_no_other_sizes(at: tuple[int, int], other: tuple[int, int]) -> None:
    if at == other or (at[0] == at[1] and other[0] == other[1]):
        return  # equal sizes share the empty proof, and rightly so
    proof = consistency_proof(*at, KEPT.node)
    with pytest.raises(ProofRefused):
        verify_consistency(*other, proof, KEPT.root(other[0]), KEPT.root(other[1]))


def resized(proof: tuple[bytes, ...], data: st.DataObject) -> tuple[bytes, ...]:
    """The proof with one hash dropped, or one too many."""
    place = data.draw(st.integers(0, len(proof)))
    if place < len(proof) and data.draw(st.booleans()):
        return proof[:place] + proof[place + 1:]
    return (*proof[:place], EMPTY_ROOT, *proof[place:])


@given(inside(), st.data())
def test_proofs_with_a_hash_too_few_or_too_many_are_refused(at: tuple[int, int], data: st.DataObject) -> None:
    first, second = at
    proof = resized(inclusion_proof(first, second, KEPT.node), data)
    with pytest.raises(ProofRefused):
        verify_inclusion(first, second, leaf_hash(DATA[first - 1]), proof, KEPT.root(second))
    proof = resized(consistency_proof(first, second, KEPT.node), data)
    with pytest.raises(ProofRefused):
        verify_consistency(first, second, proof, KEPT.root(first), KEPT.root(second))


def test_a_path_too_short_for_the_claimed_size_is_refused() -> None:
    """The root of 4 passed off as that of 8: every hash fits, only the height does not."""
    with pytest.raises(ProofRefused, match="shorter"):
        verify_consistency(2, 8, consistency_proof(2, 4, KEPT.node), KEPT.root(2), KEPT.root(4))
    with pytest.raises(ProofRefused, match="shorter"):
        verify_inclusion(2, 8, leaf_hash(DATA[1]), inclusion_proof(2, 4, KEPT.node), KEPT.root(4))


def test_a_hash_cut_short_is_refused() -> None:
    proof = inclusion_proof(3, 8, KEPT.node)
    with pytest.raises(ProofRefused, match="32 bytes"):
        verify_inclusion(3, 8, leaf_hash(DATA[2]), (proof[0][:31], *proof[1:]), KEPT.root(8))


# -- what cannot be asked ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("position", "size"), [(0, 5), (6, 5), (-1, 5), (1, 0)])
def test_no_inclusion_proof_outside_the_tree(position: int, size: int) -> None:
    with pytest.raises(LedgerError, match="not within"):
        inclusion_proof(position, size, KEPT.node)


@pytest.mark.parametrize(("first", "second"), [(6, 5), (-1, 5)])
def test_no_consistency_backwards(first: int, second: int) -> None:
    with pytest.raises(LedgerError, match="no beginning"):
        consistency_proof(first, second, KEPT.node)
    with pytest.raises(ProofRefused, match="no beginning"):
        verify_consistency(first, second, (), EMPTY_ROOT, KEPT.root(5))


def test_the_empty_tree_begins_every_tree_but_only_with_its_own_root() -> None:
    verify_consistency(0, 5, (), EMPTY_ROOT, KEPT.root(5))
    with pytest.raises(ProofRefused):
        verify_consistency(0, 5, (), KEPT.root(1), KEPT.root(5))
    with pytest.raises(ProofRefused):
        verify_consistency(0, 5, (KEPT.root(1),), EMPTY_ROOT, KEPT.root(5))


def test_two_roots_of_one_size_are_refused() -> None:
    with pytest.raises(ProofRefused, match="two different roots"):
        verify_consistency(4, 4, (), KEPT.root(4), KEPT.root(5))


@pytest.mark.parametrize("size", [-1, 2, 4])
def test_a_frontier_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(LedgerError):
        grow(size, KEPT.frontiers[3], leaf_hash(b""))
    with pytest.raises(LedgerError):
        root_of_frontier(size, KEPT.frontiers[3])


def test_a_leaf_is_no_inner_node() -> None:
    """The two prefixes keep somebody from passing two hashes off as a leaf's data."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
