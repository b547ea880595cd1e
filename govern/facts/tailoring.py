"""What a unit decided about the catalogue: the baseline it adopted, what it added or took out, the risk it accepts."""

from __future__ import annotations

from dataclasses import dataclass

from govern.facts.moments import Instant


@dataclass(frozen=True)
class Tailoring:
    """A unit's decision (`unit` None: the whole organisation's); the nearest one above a system holds.

    `baseline` None: every control that applies is asked. `added` and `removed` change the baseline (a removal with its
    reason); `tolerance` None: that of the unit above; `limits` are own figures in place of the tolerance's.
    """

    key: str
    row: str
    unit: str | None
    unit_name: str
    baseline: str | None
    tolerance: str | None
    added: frozenset[str]
    removed: tuple[tuple[str, str], ...]
    limits: tuple[tuple[str, float], ...]
    reason: str
    decided_by: str
    decided: Instant


@dataclass(frozen=True)
class Brought:
    """An addition to the catalogue that is in force: its id and title, where it came from and what it holds.

    `body` is its text (see catalogue.additions); `format` is how it came, `filename` from which file.
    """

    key: str
    row: str
    name: str
    title: str
    format: str
    filename: str
    body: str
    brought_by: str
    brought: Instant
