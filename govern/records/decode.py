"""Small canonical texts of rows, read back; remembered, because the same text is read with every snapshot."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from govern.facts.evidence import Answered, Reply
from govern.facts.findings import Findings
from govern.ledger.canonical import canonical_text, text_digest


def traits_text(traits: frozenset[str]) -> str:
    """A set of traits as canonical text."""
    return canonical_text(sorted(traits))


@lru_cache(maxsize=4096)
def traits_from(text: str) -> frozenset[str]:
    """The set that `traits_text` wrote."""
    return frozenset(json.loads(text))


def stated_text(findings: Findings) -> str:
    """The stated half of findings as canonical text."""
    return canonical_text({"kind": findings.kind, "stated": dict(findings.stated)})


@lru_cache(maxsize=65536)
def stated_from(text: str) -> tuple[Findings, str]:
    """What `stated_text` wrote, with its digest (the memo key of checks)."""
    read: dict[str, Any] = json.loads(text)
    return Findings(kind=read["kind"], stated=read["stated"]), text_digest(text)


def answers_text(answers: tuple[Answered, ...]) -> str:
    """A review's answers as canonical text."""
    return canonical_text([[one.ask, one.check, one.reply.value, one.reason] for one in answers])


@lru_cache(maxsize=65536)
def answers_from(text: str) -> tuple[Answered, ...]:
    """What `answers_text` wrote."""
    return tuple(Answered(ask, check, Reply(reply), reason) for ask, check, reply, reason in json.loads(text))
