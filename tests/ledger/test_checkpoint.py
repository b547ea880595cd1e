"""Checkpoints: three lines, one form, signed by the key that is named as the origin."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.errors import LedgerError, ProofRefused
from govern.ledger.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, whole_number
from govern.ledger.note import SigningKey, sign
from govern.ledger.tree import EMPTY_ROOT

KEY = SigningKey("ledger.example/one", bytes(range(32)))
NEXT = SigningKey("ledger.example/one", bytes(range(1, 33)))
WITNESS = SigningKey("witness.example", bytes(range(32, 64)))
ROOT = sha256(b"root").digest()
CHECKPOINT = Checkpoint("ledger.example/one", 20_852_163, ROOT)


def test_three_lines() -> None:
    assert CHECKPOINT.to_body() == f"ledger.example/one\n20852163\n{b64encode(ROOT).decode()}\n"
    assert Checkpoint.from_body(CHECKPOINT.to_body()) == CHECKPOINT


@given(st.integers(1, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_signed_and_opened(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(KEY.name, size, root)
    assert open_checkpoint(checkpoint.signed(KEY, WITNESS), [KEY.verifier]) == checkpoint


def test_the_empty_ledger_has_its_own_root_and_no_other() -> None:
    empty = Checkpoint(KEY.name, 0, EMPTY_ROOT)
    assert read_checkpoint(empty.signed(KEY)) == empty
    for size, root in ((0, ROOT), (1, EMPTY_ROOT)):
        with pytest.raises(ProofRefused, match="does not fit its size"):
            Checkpoint(KEY.name, size, root)


def test_a_new_key_of_the_same_name_takes_over() -> None:
    assert open_checkpoint(CHECKPOINT.signed(NEXT), [KEY.verifier, NEXT.verifier]) == CHECKPOINT
    with pytest.raises(ProofRefused):
        open_checkpoint(CHECKPOINT.signed(NEXT), [KEY.verifier])


def test_a_witness_alone_does_not_speak_for_the_ledger() -> None:
    with pytest.raises(ProofRefused, match="not signed by a known key of that name"):
        open_checkpoint(sign(CHECKPOINT.to_body(), WITNESS), [KEY.verifier, WITNESS.verifier])
    with pytest.raises(LedgerError):
        CHECKPOINT.signed(WITNESS)
    with pytest.raises(LedgerError):
        CHECKPOINT.signed()


@given(st.data())
def test_no_altered_bit_opens(data: st.DataObject) -> None:
    altered = bytearray(CHECKPOINT.signed(KEY).encode())
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ProofRefused):
        open_checkpoint(bytes(altered), [KEY.verifier])


BODY = CHECKPOINT.to_body()


@pytest.mark.parametrize("body", [
    "", "\n", BODY[:-1], BODY + "\n", BODY + "an extension line\n", "\n" + BODY,
    BODY.replace("20852163", "020852163"), BODY.replace("20852163", "-1"), BODY.replace("20852163", "+1"),
    BODY.replace("20852163", " 1"), BODY.replace("20852163", "2_0"), BODY.replace("20852163", "٣"),
    BODY.replace("20852163", "1" * 400), BODY.replace("20852163", "0"), BODY.replace("20852163", ""),
    BODY.replace("=", ""), BODY.replace("=", "=="),
    "ledger.example/one\n5\nAAAA\n", "ledger.example/one\n5\n!\n", "\n5\n" + b64encode(ROOT).decode() + "\n",
])
def test_what_is_no_checkpoint(body: str) -> None:
    with pytest.raises(ProofRefused):
        Checkpoint.from_body(body)


@pytest.mark.parametrize(("origin", "size", "root"), [
    ("", 1, ROOT), ("two\nlines", 1, ROOT), ("a", -1, ROOT), ("a", 2**53, ROOT), ("a", 1, ROOT[:-1]),
])
def test_parts_that_do_not_fit(origin: str, size: int, root: bytes) -> None:
    with pytest.raises(ProofRefused):
        Checkpoint(origin, size, root)


def test_whole_numbers_have_one_form() -> None:
    assert [whole_number(text) for text in ("0", "7", str(2**53 - 1))] == [0, 7, 2**53 - 1]
    for text in ("", "00", "07", "7\n", str(2**53), "0x7", "7.0"):
        with pytest.raises(ProofRefused):
            whole_number(text)
