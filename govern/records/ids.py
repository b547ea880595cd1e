"""Keys and row ids: UUIDv7 as text (RFC 9562), so that they sort by the instant they were made."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from uuid import UUID

NewId = Callable[[], str]


def uuid7(instant: int) -> str:
    """A UUIDv7 for an instant in milliseconds."""
    value = (instant & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(UUID(int=value))


def new_salt() -> str:
    """128 random bits, hex: keeps a redacted value from being guessed by its digest."""
    return secrets.token_hex(16)
