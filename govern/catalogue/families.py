"""Which family a framework belongs to, and a short name for it, told from what it says of itself.

No file states a family: an addition of an organisation falls into one in the same way as what is shipped. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from govern.catalogue.objects import Framework


@dataclass(frozen=True)
class Family:
    """A family of frameworks, with what its requirements are to a reader."""

    id: str
    title: str
    meaning: str


LAW = Family("law", "Law", "Duties that somebody can enforce.")
STANDARDS = Family("standards", "Standards and frameworks", "What an organisation takes on, and can be assessed against.")
GUIDANCE = Family("guidance", "Guidance", "What authorities advise.")
ATTACKS = Family("attacks", "Lists of attacks and risks", "What a system has to be protected against.")
FAMILIES = (LAW, STANDARDS, GUIDANCE, ATTACKS)

_OF_LAW = {"article", "annex", "recital", "paragraph"}
_OF_ATTACKS = {"risk", "attack", "technique", "sub-technique", "tactic", "threat", "mitigation"}
_OF_STANDARDS = {"function", "subcategory", "task", "clause"}
_TITLED_ATTACKS = re.compile(r"\b(attacks|threats|risks|top 10)\b", re.IGNORECASE)
_STANDARDS_BODY = re.compile(r"\b(ISO|IEC|IEEE|CEN|CENELEC|ETSI|ITU|NIST)\b")


def family_of(framework: Framework) -> Family:
    """The first that fits: levels of law; a list of attacks or risks; a standards body or its levels; else guidance."""
    levels = {one.level for one in framework.requirements}
    assessed = {one.level for one in framework.requirements if one.assessable}
    if levels & _OF_LAW:
        return LAW
    if _TITLED_ATTACKS.search(framework.title) or (assessed and assessed <= _OF_ATTACKS):
        return ATTACKS
    if levels & _OF_STANDARDS or _STANDARDS_BODY.search(framework.publisher):
        return STANDARDS
    return GUIDANCE


def by_family(frameworks: Iterable[Framework]) -> dict[Family, tuple[Framework, ...]]:
    """Families that have a framework, in their order; in each the order that is given, superseded editions last."""
    found: dict[Family, list[Framework]] = {family: [] for family in FAMILIES}
    for one in sorted(frameworks, key=lambda one: one.status == "superseded"):
        found[family_of(one)].append(one)
    return {family: tuple(ones) for family, ones in found.items() if ones}


_ACRONYMS = {"ai", "eu", "nist", "sp", "iso", "enisa", "ml", "owasp", "llm", "mcp", "mitre", "atlas", "g7", "sbom", "rmf", "us",
             "uk", "bsi", "ncsc", "cisa", "nsa", "gpai"}
_NAMES = {**{word: word.upper() for word in _ACRONYMS}, "act": "Act"}


def short_name(framework: Framework) -> str:
    """A name of a few words for where there is little room: `nist-sp-800-218a` is NIST SP 800-218A."""
    words: list[str] = []
    for word in framework.id.split("-"):
        said = word.upper() if len(word) == 1 or re.fullmatch(r"\d+[a-z]", word) else _NAMES.get(word, word)
        if words and words[-1][:1].isdigit() and word[:1].isdigit():
            words[-1] += f"-{said}"
        else:
            words.append(said)
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])
