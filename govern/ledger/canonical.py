"""The one byte form of what is hashed (RFC 8785, JSON Canonicalization Scheme).

Contents of facts and ledger entries are kept so plain (ASCII names, text and whole numbers) that the standard
library's encoder gives exactly the RFC's form, at a quarter of the cost of a general one; a test holds the
two side by side. Anything that may hold fractions (findings) goes through the general encoder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import rfc8785

from govern.errors import LedgerError

LARGEST = 2**53 - 1
"""The largest whole number that every JSON reader keeps exact (RFC 8785, section 3.2.2.3; RFC 7493)."""

_encoder = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, check_circular=False, sort_keys=True, separators=(",", ":")
)


def canonical(content: Mapping[str, str | int | None]) -> bytes:
    """The RFC 8785 bytes of a flat map; names whose value is None are left out.

    Raises LedgerError for a name that is not ASCII, a value that is neither text nor a whole number within
    ±(2**53 - 1) (so also for true and false), and text that is not valid Unicode.
    """
    for name, value in content.items():
        if not name.isascii():
            raise LedgerError(f"the field name {name!r} is not ASCII", field=name)
        if value is None or isinstance(value, str):
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            kind = type(value).__name__
            raise LedgerError(f"{name} is of type {kind}, neither text nor a whole number", field=name)
        if not -LARGEST <= value <= LARGEST:
            raise LedgerError(f"{name} is beyond the whole numbers that JSON keeps exact", field=name)
    return encode_plain({name: value for name, value in content.items() if value is not None})


def encode_plain(document: Mapping[str, Any]) -> bytes:
    """The RFC 8785 bytes of a document whose names are ASCII and whose numbers are whole and within
    `LARGEST`.

    The caller has made sure of both: with them, sorting by code point equals the RFC's sorting by UTF-16
    unit, and numbers need no shortest form. Raises LedgerError for text that is not valid Unicode.
    """
    try:
        return _encoder.encode(document).encode()
    except UnicodeEncodeError as error:
        raise LedgerError("text holds half of a surrogate pair, which is no valid Unicode") from error


def canonical_text(value: object) -> str:
    """The RFC 8785 form, as text, of any JSON value: for what is kept whole and enters a row by its digest.

    Raises LedgerError for what JSON cannot say exactly: NaN, infinities, large whole numbers, other types,
    names that are not text.
    """
    try:
        # rfc8785 states its recursive type privately; it checks the value itself and raises ValueError.
        return rfc8785.dumps(value).decode()  # type: ignore[arg-type]
    except (ValueError, RecursionError) as error:
        raise LedgerError(f"this cannot be written as canonical JSON: {error}") from error


def digest_hex(data: bytes) -> str:
    """SHA-256 of bytes: 64 lowercase hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def text_digest(text: str) -> str:
    """SHA-256, 64 lowercase hexadecimal digits, of text as UTF-8; raises LedgerError for invalid Unicode."""
    try:
        return digest_hex(text.encode())
    except UnicodeEncodeError as error:
        raise LedgerError("text holds half of a surrogate pair, which is no valid Unicode") from error
