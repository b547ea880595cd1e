"""Signed notes with Ed25519 (c2sp.org/signed-note): text, an empty line, signature lines.

Keys travel as text: a verifier key is `name+id+base64(0x01 || public key)`, a signing key has `PRIVATE+KEY+`
before it and the 32-byte seed in place of the public key. The id is the first four bytes of SHA-256(name ||
0x0A || 0x01 || public key), as eight hexadecimal digits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from govern.errors import LedgerError, ProofRefused

LARGEST_NOTE = 1_000_000
MOST_SIGNATURES = 100
"""The specification asks for a limit of at least 16; other implementations refuse more than 100."""

_ED25519 = b"\x01"
_KEY_SIZE = 32
_ID_SIZE = 4
_PRIVATE = "PRIVATE+KEY+"
_DASH = "\N{EM DASH} "
_is_id = re.compile(r"[0-9a-f]{8}").fullmatch
_control = re.compile(r"[\x00-\x09\x0b-\x1f]").search


@dataclass(frozen=True)
class VerifierKey:
    """Whom to trust: a key name and an Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != _KEY_SIZE:
            raise ProofRefused(f"an Ed25519 public key has {_KEY_SIZE} bytes, not {len(self.public)}")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell apart keys of the same name; an address, not a proof."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_SIZE]

    def encode(self) -> str:
        """The key as text (`vkey`): safe to publish."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(_ED25519 + self.public)}"

    @classmethod
    def decode(cls, text: str) -> VerifierKey:
        """Read a `vkey`; raises ProofRefused if it is malformed, no Ed25519 key, or states a wrong id."""
        name, stated, public = _key_parts(text)
        key = cls(name, public)
        if stated != key.key_id.hex():
            raise ProofRefused(f"the verifier key of {name} states an id that is not its own")
        return key


@dataclass(frozen=True)
class SigningKey:
    """A key name and an Ed25519 seed of 32 bytes. The seed is secret and never shown by repr."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != _KEY_SIZE:
            raise ProofRefused(f"an Ed25519 seed has {_KEY_SIZE} bytes, not {len(self.seed)}")

    @property
    def verifier(self) -> VerifierKey:
        """The key that others verify with."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return VerifierKey(self.name, private.public_key().public_bytes_raw())

    def encode(self) -> str:
        """The key as text (`skey`): a secret."""
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{_b64(_ED25519 + self.seed)}"

    @classmethod
    def decode(cls, text: str) -> SigningKey:
        """Read an `skey`; raises ProofRefused, without showing the key, if malformed or its id wrong."""
        if not text.startswith(_PRIVATE):
            raise ProofRefused("this is no signing key: it does not begin with " + _PRIVATE)
        name, stated, seed = _key_parts(text.removeprefix(_PRIVATE))
        key = cls(name, seed)
        if stated != key.verifier.key_id.hex():
            raise ProofRefused(f"the signing key of {name} states an id that is not its own")
        return key

    def signature(self, text: str) -> bytes:
        """The Ed25519 signature (RFC 8032), 64 bytes, over text as UTF-8."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())


def generate_key(name: str) -> SigningKey:
    """A new signing key, of the operating system's randomness; raises ProofRefused for an unusable name."""
    return SigningKey(name, Ed25519PrivateKey.generate().private_bytes_raw())


@dataclass(frozen=True)
class Signature:
    """One signature line: who is said to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """An opened note: text, signatures that verified, and those of keys that the reader does not know."""

    text: str
    verified: tuple[Signature, ...]
    unknown: tuple[Signature, ...] = ()


def sign(text: str, *keys: SigningKey) -> str:
    """The signed note over `text`, one signature line for each key, in order.

    Raises LedgerError when the text cannot be that of a note (no last newline, control characters) or no key
    is given.
    """
    if not keys:
        raise LedgerError("a note needs at least one key to sign it")
    if not text.endswith("\n") or _malformed(text):
        raise LedgerError("a note's text ends in a newline and holds no control characters")
    lines = [f"{_DASH}{key.name} {_b64(key.verifier.key_id + key.signature(text))}\n" for key in keys]
    return text + "\n" + "".join(lines)


def open_note(note: str | bytes, known: Iterable[VerifierKey]) -> Note:
    """The note's text, if a known key signed it.

    Signatures of unknown keys are ignored; a signature of a known key that does not verify refuses the whole
    note, as do a malformed note and one that no known key signed. All raise ProofRefused.
    """
    text, lines = _divide(note)
    keys = {(key.name, key.key_id): key for key in known}
    verified: dict[tuple[str, bytes], Signature] = {}
    unknown: dict[tuple[str, bytes, bytes], Signature] = {}
    for line in lines:
        one = _signature(line)
        key = keys.get((one.name, one.key_id))
        if key is None:
            unknown[one.name, one.key_id, one.signature] = one
            continue
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(one.signature, text.encode())
        except InvalidSignature as error:
            raise ProofRefused(f"the signature of {one.name} does not fit the note's text") from error
        verified.setdefault((one.name, one.key_id), one)
    if not verified:
        raise ProofRefused("no known key signed this note", mend="Name a key that you trust: name+id+key.")
    return Note(text, tuple(verified.values()), tuple(unknown.values()))


def text_of(note: str | bytes) -> str:
    """The text of a note whose signatures nobody has looked at: for showing, never for trusting."""
    return _divide(note)[0]


def _divide(note: str | bytes) -> tuple[str, list[str]]:
    """Text and signature lines, both unverified; raises ProofRefused when the note is malformed."""
    if len(note) > LARGEST_NOTE:
        raise ProofRefused(f"a note of more than {LARGEST_NOTE} bytes is not read")
    try:
        whole = note.decode() if isinstance(note, bytes) else note
    except UnicodeDecodeError as error:
        raise ProofRefused("the note is not UTF-8") from error
    if _malformed(whole):
        raise ProofRefused("the note holds control characters or invalid Unicode")
    # The last empty line divides: the text may hold empty lines too.
    text, found, signatures = whole.rpartition("\n\n")
    if not found or not signatures.endswith("\n"):
        raise ProofRefused("the note has no signatures, or its last line is cut short")
    lines = signatures[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise ProofRefused(f"a note with more than {MOST_SIGNATURES} signatures is not read")
    return text + "\n", lines


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _good_name(name):
        raise ProofRefused("a line after the note's text is no signature")
    raw = unb64(encoded)
    if len(raw) <= _ID_SIZE:
        raise ProofRefused(f"the signature of {name} is cut short")
    return Signature(name, raw[:_ID_SIZE], raw[_ID_SIZE:])


def _key_parts(text: str) -> tuple[str, str, bytes]:
    """Name, stated id and key bytes of a key as text. Messages never repeat the key: it may be secret."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not _is_id(parts[1]):
        raise ProofRefused("a key has the form name+id+key, its id eight hexadecimal digits")
    raw = unb64(parts[2])
    if raw[:1] != _ED25519:
        raise ProofRefused(f"the key of {parts[0]} is of another algorithm than Ed25519")
    return parts[0], parts[1], raw[1:]


def _check_name(name: str) -> None:
    if not _good_name(name):
        raise ProofRefused(f"a key cannot be named {name!r}", mend="Use a name without spaces and pluses.")


def _good_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(map(str.isspace, name)) and not _malformed(name)


def _malformed(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return _control(text) is not None


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Standard base64 (RFC 4648, section 4), in its one exact form; raises ProofRefused for any other."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofRefused("this is no base64") from error
    if _b64(data) != text:
        raise ProofRefused("base64 with stray bits at its end")
    return data
