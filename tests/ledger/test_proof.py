"""Proof files: the format to the letter, and nothing altered verifies."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.errors import ProofRefused
from govern.ledger.checkpoint import Checkpoint
from govern.ledger.note import SigningKey
from govern.ledger.proof import HEADER, Proof, verify
from govern.ledger.tree import Node, grow, inclusion_proof, leaf_hash, root_of_frontier

KEY = SigningKey("ledger.example/one", bytes(range(32)))
OTHER = SigningKey("ledger.example/one", bytes(range(1, 33)))
SIZE = 21
LEAVES = [leaf_hash(f"entry {number}".encode()) for number in range(1, SIZE + 1)]


def made() -> tuple[dict[tuple[int, int], bytes], list[str]]:
    """All nodes of the tree, and the signed checkpoint of each size."""
    nodes: dict[tuple[int, int], bytes] = {}
    notes = []
    frontier: tuple[bytes, ...] = ()
    grown: tuple[Node, ...]
    for size, leaf in enumerate(LEAVES, 1):
        frontier, grown = grow(size - 1, frontier, leaf)
        nodes.update({(level, index): one for level, index, one in grown})
        notes.append(Checkpoint(KEY.name, size, root_of_frontier(size, frontier)).signed(KEY))
    return nodes, notes


NODES, NOTES = made()


def proof_of(position: int, size: int = SIZE) -> Proof:
    hashes = inclusion_proof(position, size, lambda level, index: NODES[level, index])
    return Proof(position, hashes, NOTES[size - 1])


@st.composite
def proofs(draw: st.DrawFn) -> Proof:
    size = draw(st.integers(1, SIZE))
    return replace(proof_of(draw(st.integers(1, size)), size), extra=draw(st.none() | st.binary(max_size=20)))


def test_the_format_to_the_letter() -> None:
    proof = replace(proof_of(3, 5), extra=b"more")
    first, second, third = (b64encode(one).decode() for one in proof.hashes)
    assert proof.to_text() == (
        f"c2sp.org/tlog-proof@v1\nextra bW9yZQ==\nindex 2\n{first}\n{second}\n{third}\n\n{NOTES[4]}"
    )
    assert proof_of(1, 1).to_text() == f"c2sp.org/tlog-proof@v1\nindex 0\n\n{NOTES[0]}"


@given(proofs())
def test_every_proof_goes_to_text_and_back_and_verifies(proof: Proof) -> None:
    read = Proof.from_text(proof.to_text())
    assert read == proof
    assert Proof.from_text(proof.to_text().encode()) == proof
    checkpoint = verify(read, LEAVES[proof.position - 1], [KEY.verifier])
    assert checkpoint.signed(KEY) == proof.checkpoint


@settings(max_examples=300)
@given(proofs(), st.data())
def test_no_altered_bit_verifies(proof: Proof, data: st.DataObject) -> None:
    proof = replace(proof, extra=None)  # what is extra proves nothing and is not proved
    altered = bytearray(proof.to_text().encode())
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ProofRefused):
        verify(Proof.from_text(bytes(altered)), LEAVES[proof.position - 1], [KEY.verifier])


@given(proofs(), st.integers(1, SIZE), st.integers(1, SIZE))
def test_another_position_size_leaf_or_key_is_refused(proof: Proof, position: int, size: int) -> None:
    leaf = LEAVES[proof.position - 1]
    if position != proof.position:
        with pytest.raises(ProofRefused):
            verify(replace(proof, position=position), leaf, [KEY.verifier])
        with pytest.raises(ProofRefused):
            verify(proof, LEAVES[position - 1], [KEY.verifier])
    if NOTES[size - 1] != proof.checkpoint:
        with pytest.raises(ProofRefused):
            verify(replace(proof, checkpoint=NOTES[size - 1]), leaf, [KEY.verifier])
    for known in ([], [OTHER.verifier]):
        with pytest.raises(ProofRefused):
            verify(proof, leaf, known)


TEXT = proof_of(3).to_text()
HASH = TEXT.split("\n")[2]


@pytest.mark.parametrize("text", [
    "", HEADER, HEADER + "\n", f"{HEADER}\nindex 0\n", f"{HEADER}\nindex 0\n\n", f"{HEADER}\n\n{NOTES[0]}",
    TEXT.replace("@v1", "@v2"), "\n" + TEXT, " " + TEXT, TEXT.replace("\n", "\r\n"),
    TEXT.replace("index 2", "index 02"), TEXT.replace("index 2", "index -1"),
    TEXT.replace("index 2", "index"), TEXT.replace("index 2", "Index 2"),
    TEXT.replace("index 2", "index 2\nindex 2"), TEXT.replace("index 2", "index 2\nextra AAAA"),
    TEXT.replace("index 2", "extra !\nindex 2"), TEXT.replace("index 2", "extra AAAA\nextra AAAA\nindex 2"),
    TEXT.replace(HASH, HASH[:-4]), TEXT.replace(HASH, HASH + " "), TEXT.replace(HASH, "AAAA"),
    TEXT.replace(HASH, "\n".join([HASH] * 65)), TEXT.replace(NOTES[-1], NOTES[-1][:-1]),
    TEXT.encode() + b"\xff",
], ids=lambda text: ascii(text)[20:60])
def test_malformed_proofs_are_refused(text: str | bytes) -> None:
    with pytest.raises(ProofRefused):
        Proof.from_text(text)
