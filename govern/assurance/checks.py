"""What a version says to one check of an ask: passed, failed, undecided or still open.

A computed check is an expression over what the version states. Every other check is a question to the
reviewer: the accepting review answers it; before a review it is open, which is neither a failure nor a
doubt.

Not done here: whether the evidence is about the right thing, strong enough or in date (see `voices`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from govern.catalogue.expressions import Decided, decide
from govern.catalogue.objects import Check
from govern.facts.evidence import Answered, Reply, Version
from govern.facts.findings import Value


class Ruling(StrEnum):
    """How one check went."""

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    OPEN = "open"


@dataclass(frozen=True)
class Checked:
    """One check of one version: how it went and, where it did not pass, why (the end of a sentence)."""

    check: Check
    ruling: Ruling
    why: str = ""


@dataclass(frozen=True)
class _Stated:
    """Stated values with the limits they are held to, known by the digest of the findings and the limits."""

    digest: str
    limits: tuple[tuple[str, int | float], ...]
    values: Mapping[str, Value] = field(compare=False)


@lru_cache(maxsize=8192)
def _decided(expression: str, declared: tuple[tuple[str, str], ...], stated: _Stated) -> Decided:
    """A decision, kept by expression and findings digest: the same findings are asked again at every page."""
    return decide(expression, declared, stated.values)


def compute(check: Check, declared: tuple[tuple[str, str], ...], version: Version,
            limits: tuple[tuple[str, int | float], ...] = ()) -> Checked:
    """Decide a computed check over what the version states and the limits; nothing stated, nothing decided.

    `check.expression` must be set: callers ask `check.computed_for(kind)` first.
    """
    values: Mapping[str, Value] = {**(version.findings.stated if version.findings is not None else {}), **dict(limits)}
    if version.findings_digest:
        found = _decided(check.expression or "", declared, _Stated(version.findings_digest, limits, values))
    else:
        found = decide(check.expression or "", declared, values)
    if found.outcome is None:
        return Checked(check, Ruling.UNDECIDED, _doubt(found))
    if not found.outcome:
        return Checked(check, Ruling.FAILED, "what it states fails this check")
    return Checked(check, Ruling.PASSED)


def _doubt(found: Decided) -> str:
    """Why an expression could not be decided."""
    if found.missing:
        return f"it does not state {', '.join(found.missing)}"
    return "it cannot be worked out from what it states"


def answer(ask: str, check: Check, version: Version) -> Checked:
    """Look up what the review answered; a `no` outweighs any other answer to the same question."""
    if version.review is None:
        return Checked(check, Ruling.OPEN)
    answers = version.review.by_question.get((ask, check.id), ())
    if any(one.reply is Reply.NO for one in answers):
        return Checked(check, Ruling.FAILED, "the reviewer answered no")
    if any(passes(one) for one in answers):
        return Checked(check, Ruling.PASSED)
    return Checked(check, Ruling.UNDECIDED, "the review does not answer it")


def passes(answered: Answered) -> bool:
    """Whether an answer passes its question: yes, or not applicable with a reason."""
    return answered.reply is Reply.YES or (answered.reply is Reply.NOT_APPLICABLE and bool(answered.reason))
