"""Signed notes against published vectors, and every way in which a note or a key can be malformed."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.errors import LedgerError, ProofRefused
from govern.ledger.note import SigningKey, VerifierKey, generate_key, open_note, sign, text_of

# RFC 8032, section 7.1, tests 1 and 2: seed, public key, message, signature.
ED25519 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "r",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
]
# The key of the Go checksum database, as its clients carry it.
PUBLISHED_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

KEY = SigningKey("ledger.example/one", bytes(range(32)))
OTHER = SigningKey("witness.example", bytes(range(32, 64)))
TEXT = "first line\n\nafter an empty line\n"
NOTE = sign(TEXT, KEY)


def published(shared: Path) -> dict[str, Any]:
    vectors: dict[str, Any] = json.loads((shared / "reference/merkle/signed-note.json").read_text())
    return vectors


# -- published values ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "public", "message", "signature"), ED25519)
def test_the_published_signatures(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey("example", bytes.fromhex(seed))
    assert key.verifier.public.hex() == public
    assert key.signature(message).hex() == signature


def test_a_published_key_has_its_published_id() -> None:
    key = VerifierKey.decode(PUBLISHED_KEY)
    assert (key.name, key.key_id.hex(), key.encode()) == ("sum.golang.org", "033de0ae", PUBLISHED_KEY)


@pytest.mark.shared
def test_the_published_note_is_signed_byte_for_byte(shared: Path) -> None:
    vector = published(shared)["signing"]
    key = SigningKey.decode(vector["private_key"])
    assert key.encode() == vector["private_key"]
    assert sign(vector["text"], key) == vector["want_note"]


@pytest.mark.shared
def test_the_published_notes_are_opened_or_refused(shared: Path) -> None:
    cases = published(shared)["open"]
    assert {case["want"] for case in cases} == {"ok", "reject"}
    for case in cases:
        known = [VerifierKey.decode(key) for key in case["verifier_keys"]]
        if case["want"] == "ok":
            opened = open_note(case["note"], known)
            assert len(opened.verified) == len(known), case["name"]
            assert open_note(case["note"].encode(), known) == opened
        else:
            with pytest.raises(ProofRefused):
                open_note(case["note"], known)


@pytest.mark.shared
def test_the_published_bad_keys_are_refused(shared: Path) -> None:
    for case in published(shared)["bad_verifier_keys"]:
        with pytest.raises(ProofRefused):
            VerifierKey.decode(case["key"])


# -- signing and opening -------------------------------------------------------------------------------------


def test_a_note_opens_with_the_key_that_signed_it() -> None:
    opened = open_note(NOTE, [KEY.verifier])
    assert opened.text == TEXT
    assert [one.name for one in opened.verified] == [KEY.name]
    assert opened.unknown == ()
    assert text_of(NOTE) == TEXT


def test_unknown_signatures_are_ignored_and_told_apart() -> None:
    opened = open_note(sign(TEXT, KEY, OTHER), [OTHER.verifier])
    assert [one.name for one in opened.verified] == [OTHER.name]
    assert [one.name for one in opened.unknown] == [KEY.name]


@pytest.mark.parametrize("known", [
    [], [OTHER.verifier],
    [VerifierKey(KEY.name, OTHER.verifier.public)], [VerifierKey(OTHER.name, KEY.verifier.public)],
])
def test_without_a_known_key_nothing_opens(known: list[VerifierKey]) -> None:
    with pytest.raises(ProofRefused, match="no known key"):
        open_note(NOTE, known)


def test_one_bad_signature_of_a_known_key_refuses_the_whole_note() -> None:
    bad = sign("another text\n", OTHER).splitlines(keepends=True)[-1]
    with pytest.raises(ProofRefused, match="does not fit"):
        open_note(NOTE + bad, [KEY.verifier, OTHER.verifier])
    assert open_note(NOTE + bad, [KEY.verifier]).text == TEXT


def test_a_repeated_signature_counts_once() -> None:
    line = NOTE.splitlines(keepends=True)[-1]
    assert len(open_note(NOTE + line, [KEY.verifier]).verified) == 1


@given(st.data())
def test_no_altered_bit_opens(data: st.DataObject) -> None:
    altered = bytearray(NOTE.encode())
    altered[data.draw(st.integers(0, len(altered) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(ProofRefused):
        open_note(bytes(altered), [KEY.verifier])


# Without a cache, the first text drawn waits a second for the table of all characters.
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n"), max_size=60))
def test_any_text_goes_there_and_back(text: str) -> None:
    assert open_note(sign(text + "\n", KEY), [KEY.verifier]).text == text + "\n"


LINE = NOTE.splitlines()[-1]


@pytest.mark.parametrize("note", [
    "", "\n", "\n\n", TEXT, TEXT + "\n", NOTE[:-1], NOTE + "\n", NOTE + "more\n", NOTE.replace("\n", "\r\n"),
    NOTE.replace("first", "fir\tst"), NOTE.replace("—", "-"), NOTE.replace("— ", "—"),
    NOTE.replace("— ", "—  "), NOTE.replace(KEY.name, ""), NOTE.replace(KEY.name, "ledger example"),
    NOTE.replace(KEY.name, "a+b"), NOTE.replace(KEY.name, "ledger\u00a0example"),
    NOTE.replace(LINE, LINE + " "), NOTE.replace(LINE, LINE[:-1]), NOTE.replace(LINE, f"— {KEY.name} "),
    NOTE.replace(LINE, f"— {KEY.name} AAAAAA=="), NOTE.replace(LINE, f"— {KEY.name} not base64!"),
    "\ud800" + NOTE, NOTE.encode() + b"\xff", NOTE + (LINE + "\n") * 100,
    TEXT + "x" * 1_000_000 + "\n\n" + LINE + "\n",
], ids=lambda note: ascii(note)[-40:])
def test_malformed_notes_are_refused(note: str | bytes) -> None:
    with pytest.raises(ProofRefused):
        open_note(note, [KEY.verifier])


def test_base64_has_one_form() -> None:
    """A signature with other stray bits would give one note two forms."""
    head, end = NOTE[:-3], NOTE[-3:]
    assert end == "==\n" or end[1:] == "=\n"
    place = -1 if end == "==\n" else 0
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
        stray = head[:-1] + letter + end if place else head + letter + end[1:]
        if stray != NOTE:
            with pytest.raises(ProofRefused):
                open_note(stray, [KEY.verifier])


def test_a_hundred_signatures_are_read() -> None:
    line = NOTE.splitlines(keepends=True)[-1]
    assert open_note(NOTE + line * 99, [KEY.verifier]).text == TEXT


@pytest.mark.parametrize("text", ["", "no newline", "tab\there\n", "nul\0\n", "\ud800\n", "cr\r\n"])
def test_what_cannot_be_signed(text: str) -> None:
    with pytest.raises(LedgerError):
        sign(text, KEY)
    with pytest.raises(LedgerError, match="at least one key"):
        sign(TEXT)


# -- keys ----------------------------------------------------------------------------------------------------


def test_keys_go_to_text_and_back() -> None:
    assert SigningKey.decode(KEY.encode()) == KEY
    assert VerifierKey.decode(KEY.verifier.encode()) == KEY.verifier
    made, again = generate_key("ledger.example"), generate_key("ledger.example")
    assert made.seed != again.seed
    assert SigningKey.decode(made.encode()) == made


def test_a_signing_key_never_shows_its_seed() -> None:
    secret = b64encode(b"\x01" + KEY.seed).decode()
    assert KEY.seed.hex() not in repr(KEY)
    assert str(KEY.seed) not in repr(KEY)
    for text in (KEY.encode()[:-4], KEY.encode().replace("+ledger", "+other"), secret):
        with pytest.raises(ProofRefused) as refused:
            SigningKey.decode(text)
        assert secret[:20] not in refused.value.text + refused.value.mend


VKEY = KEY.verifier.encode()


@pytest.mark.parametrize("text", [
    "", "name", "name+00000000", VKEY[:-1], VKEY + "=", VKEY.replace("+", "-", 1), VKEY.upper(),
    "+" + VKEY, VKEY.replace("ledger", "other"), VKEY.replace("ledger", "led ger"), " " + VKEY, VKEY + "\n",
    KEY.encode(),
    VKEY.replace(KEY.verifier.key_id.hex(), "00000000"), VKEY.replace(KEY.verifier.key_id.hex(), "0000000g"),
    f"{KEY.name}+{KEY.verifier.key_id.hex()}+" + b64encode(b"\x02" + KEY.verifier.public).decode(),
    f"{KEY.name}+{KEY.verifier.key_id.hex()}+" + b64encode(b"\x01" + KEY.verifier.public[:-1]).decode(),
    f"{KEY.name}+{KEY.verifier.key_id.hex()}+",
])
def test_malformed_keys_are_refused(text: str) -> None:
    with pytest.raises(ProofRefused):
        VerifierKey.decode(text)


@pytest.mark.parametrize("name", [
    "", "two words", "a+b", "line\nbreak", "no\u2003space", "\ud800", "bell\x07",
])
def test_names_that_notes_cannot_hold(name: str) -> None:
    with pytest.raises(ProofRefused):
        generate_key(name)
    with pytest.raises(ProofRefused):
        VerifierKey(name, KEY.verifier.public)
