"""A blob: bytes known by their SHA-256."""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD = 64 * 1024
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Blob:
    """Received bytes: the SHA-256 as lower-case hex, the size in bytes, and the first 64 KiB of them."""

    sha256: str
    size: int
    head: bytes
