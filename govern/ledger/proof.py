"""The proof of one entry as a file (c2sp.org/tlog-proof@v1): checked against a key, with no server."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass

from govern.errors import ProofRefused
from govern.ledger.checkpoint import Checkpoint, open_checkpoint, whole_number
from govern.ledger.note import VerifierKey, text_of, unb64
from govern.ledger.tree import HASH_SIZE, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
_HIGHEST = 64


@dataclass(frozen=True)
class Proof:
    """That the leaf at `position` (from 1) is in the tree of `checkpoint` (a signed note, word for word).

    `hashes` is the inclusion proof, the leaf's sibling first. `extra` is carried along and proved by nothing.
    """

    position: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def to_text(self) -> str:
        """The proof as a file. It counts entries from 0 (`index`), as the format asks."""
        head = [HEADER]
        if self.extra is not None:
            head.append("extra " + base64.b64encode(self.extra).decode())
        head.append(f"index {self.position - 1}")
        head += (base64.b64encode(one).decode() for one in self.hashes)
        return "\n".join(head) + "\n\n" + self.checkpoint

    @classmethod
    def from_text(cls, text: str | bytes) -> Proof:
        """Read a proof; raises ProofRefused when it is malformed. Nothing is verified yet."""
        try:
            whole = text.decode() if isinstance(text, bytes) else text
        except UnicodeDecodeError as error:
            raise ProofRefused("the proof is not UTF-8") from error
        head, found, checkpoint = whole.partition("\n\n")
        lines = head.split("\n")
        if not found or lines.pop(0) != HEADER:
            raise ProofRefused(f"this is no proof: its first line is not {HEADER}, or it holds no checkpoint")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = unb64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise ProofRefused("the proof does not state the entry's index")
        position = whole_number(lines.pop(0).removeprefix("index ")) + 1
        if len(lines) > _HIGHEST:
            raise ProofRefused("the proof is longer than any tree is high")
        hashes = tuple(unb64(line) for line in lines)
        if any(len(one) != HASH_SIZE for one in hashes):
            raise ProofRefused(f"a hash in the proof is not {HASH_SIZE} bytes long")
        text_of(checkpoint)  # refuses what is no note
        return cls(position, hashes, checkpoint, extra)


def verify(proof: Proof, leaf: bytes, known: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint that includes the leaf hash at the proof's position; raises ProofRefused if it does not.

    `leaf` comes from the entry in the reader's hands, `known` from whom the reader trusts: neither from the
    proof.
    """
    checkpoint = open_checkpoint(proof.checkpoint, known)
    verify_inclusion(proof.position, checkpoint.size, leaf, proof.hashes, checkpoint.root)
    return checkpoint
