"""Families of frameworks and their short names, told from what each says of itself."""

from __future__ import annotations

import pytest

from govern.catalogue.families import ATTACKS, FAMILIES, GUIDANCE, LAW, STANDARDS, by_family, family_of, short_name
from govern.catalogue.objects import Catalogue, Framework, Requirement


def framework(id_: str = "x-1", title: str = "A thing", publisher: str = "Somebody", level: str = "element",
              status: str = "in force") -> Framework:
    one = Requirement("1", None, level, "Care", False, "Be careful.", True)
    return Framework(id_, title, publisher, "1", "2026", status, {}, "", False, (one,))


@pytest.mark.parametrize(("given", "family"), [
    (framework(level="article"), LAW), (framework(level="article", title="Top 10 risks"), LAW),
    (framework(level="risk"), ATTACKS), (framework(title="The Top 10 of everything"), ATTACKS),
    (framework(title="A taxonomy of attacks", publisher="NIST"), ATTACKS),
    (framework(title="A risk management framework", level="subcategory"), STANDARDS),
    (framework(publisher="ISO/IEC JTC 1/SC 42"), STANDARDS), (framework(publisher="Isolde and sons"), GUIDANCE),
    (framework(), GUIDANCE),
])
def test_the_first_sign_decides(given: Framework, family: object) -> None:
    assert family_of(given) is family


def test_the_shipped_ones(shipped: Catalogue) -> None:
    found = {family: {one.id for one in ones} for family, ones in by_family(shipped.frameworks.values()).items()}
    assert list(found) == list(FAMILIES)
    assert found[LAW] == {"eu-ai-act-article-15", "eu-ai-act-high-risk"}
    assert found[STANDARDS] == {"iso-42001-2023-annex-a", "nist-ai-600-1", "nist-ai-rmf-1.0", "nist-sp-800-218a"}
    assert found[ATTACKS] == {"nist-ai-100-2e2025", "owasp-agentic-2026", "owasp-llm-2025", "owasp-llm-2026", "owasp-mcp-2025",
                              "mitre-atlas-5.6.0"}
    assert sum(map(len, found.values())) == len(shipped.frameworks)


def test_superseded_editions_come_last_in_their_family() -> None:
    old, new = framework("a-1", status="superseded"), framework("b-1")
    assert by_family([old, new]) == {GUIDANCE: (new, old)}
    assert by_family([]) == {}


@pytest.mark.parametrize(("id_", "name"), [
    ("nist-sp-800-218a", "NIST SP 800-218A"), ("eu-ai-act-article-15", "EU AI Act article 15"),
    ("mitre-atlas-5.6.0", "MITRE ATLAS 5.6.0"),
    ("iso-42001-2023-annex-a", "ISO 42001-2023 annex A"), ("our-own-rules", "Our own rules"), ("nist-ai-600-1", "NIST AI 600-1"),
])
def test_short_names(id_: str, name: str) -> None:
    assert short_name(framework(id_)) == name


def test_short_names_are_short_and_differ(shipped: Catalogue) -> None:
    names = [short_name(one) for one in shipped.frameworks.values()]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 26
