"""Chance that is the same on every run: numbers drawn from names."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def share(*names: object) -> float:
    """A number from 0 to below 1 that follows from the names."""
    digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / (1 << 48)


def between(low: int, high: int, *names: object) -> int:
    """A whole number from low to high, both included."""
    return low + int(share(*names) * (high - low + 1))


def pick(choices: Sequence[T], *names: object) -> T:
    """One of the choices."""
    return choices[int(share(*names) * len(choices))]
