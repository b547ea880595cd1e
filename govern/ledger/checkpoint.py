"""Signed checkpoints (c2sp.org/tlog-checkpoint): a ledger's origin, size and root as a signed note."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass

from govern.errors import LedgerError, ProofRefused
from govern.ledger.canonical import LARGEST
from govern.ledger.note import SigningKey, VerifierKey, open_note, sign, text_of, unb64
from govern.ledger.tree import EMPTY_ROOT, HASH_SIZE

_is_whole = re.compile(r"0|[1-9][0-9]{0,15}").fullmatch


def whole_number(text: str) -> int:
    """A decimal without sign or leading zeroes, ASCII digits only; raises ProofRefused for anything else."""
    if not _is_whole(text) or (number := int(text)) > LARGEST:
        raise ProofRefused(f"{text[:40]!r} is no whole number")
    return number


@dataclass(frozen=True)
class Checkpoint:
    """The ledger at one size: `origin` names the ledger (and the key that signs), `root` is 32 bytes.

    Raises ProofRefused when the parts do not fit: an origin of no or several lines, a wrong length, a root of
    nothing that is not the empty tree's.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin:
            raise ProofRefused("a checkpoint's origin is one line that is not empty")
        if not 0 <= self.size <= LARGEST:
            raise ProofRefused(f"a checkpoint cannot have the size {self.size}")
        if len(self.root) != HASH_SIZE or (self.size == 0) != (self.root == EMPTY_ROOT):
            raise ProofRefused("a checkpoint's root does not fit its size")

    def to_body(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def from_body(cls, body: str) -> Checkpoint:
        """Read the three lines; raises ProofRefused for anything else.

        The format allows more lines, which no reader can audit: this ledger writes none and takes none.
        """
        lines = body.split("\n")
        if len(lines) != 4 or lines[3]:
            raise ProofRefused("a checkpoint has three lines: origin, size, root")
        return cls(lines[0], whole_number(lines[1]), unb64(lines[2]))

    def signed(self, *keys: SigningKey) -> str:
        """The checkpoint as a signed note; raises LedgerError unless the first key is named as the origin."""
        if not keys or keys[0].name != self.origin:
            raise LedgerError(f"the key that signs a checkpoint of {self.origin} first must have its name")
        return sign(self.to_body(), *keys)


def open_checkpoint(note: str | bytes, known: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint in a signed note.

    Raises ProofRefused unless a known key that is named as the checkpoint's origin signed it.
    """
    opened = open_note(note, known)
    checkpoint = Checkpoint.from_body(opened.text)
    if all(one.name != checkpoint.origin for one in opened.verified):
        raise ProofRefused(f"the checkpoint of {checkpoint.origin} is not signed by a known key of that name")
    return checkpoint


def read_checkpoint(note: str | bytes) -> Checkpoint:
    """The checkpoint in a note whose signature nobody has looked at: for showing, never for trusting."""
    return Checkpoint.from_body(text_of(note))
