"""The shipped catalogue: complete, in distinct words, and figure by figure what was judged beforehand."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from govern.catalogue.objects import Catalogue
from govern.catalogue.reach import reaches

RMF, SSDF = "nist-ai-rmf-1.0", "nist-sp-800-218a"
GUIDE, EU = "secure-ai-guidelines-2023", "eu-ai-act-article-15"

LEVELS = {
    RMF: {"function": 4, "category": 19, "subcategory": 72},
    SSDF: {"function": 4, "practice": 20, "task": 48, "recommendation": 59, "consideration": 16, "note": 11},
    GUIDE: {"section": 4, "guideline": 17, "element": 63},
    EU: {"article": 1, "paragraph": 5, "subparagraph": 6, "named-attack": 5, "quality": 4, "measure": 5},
}

DOMAINS = {"GOV": 11, "INV": 5, "RSK": 10, "DAT": 15, "MOD": 11, "SUP": 8, "DEV": 12, "EVA": 14, "DEP": 11,
           "ACC": 10, "IOC": 10, "MON": 9, "INC": 11, "HUM": 6, "TRN": 4, "DOC": 10, "CHG": 5, "DEC": 4}

# Group of the questionnaire → its traits; in a group marked 1 at most one holds.
TRAITS = {
    "eu-class 1": "prohibited-practice high-risk limited-risk minimal-risk",
    "role": "provider deployer importer distributor",
    "production": "model-producer system-producer acquirer",
    "build": "generative retrieval fine-tuned trained-here vendor-model feedback-learning multimodal",
    "powers": "agentic writes-files spends-money sends-messages calls-production reaches-internal browses keeps-memory",
    "autonomy 1": "suggests-only acts-on-approval acts-under-watch acts-alone",
    "data": "personal-data special-category-data",
    "setting": "public-facing safety-component essential-service",
    "sector 1": "sector-finance sector-health sector-public sector-justice sector-employment sector-education "
    "sector-infrastructure sector-industry sector-other",
    "tier 1": "tier-low tier-medium tier-high tier-critical",
}

TECHNIQUES = [
    "encryption at rest", "encryption in transit", "key rotation", "pseudonymisation", "differential privacy",
    "secure multi-party computation", "secure enclave", "watermarking", "attestation", "network segmentation",
    "sandboxing", "infrastructure as code", "tamper-evident logging", "retention", "reproducible training",
    "signed artifacts", "short-lived credentials", "provenance marks", "separation of instructions and data",
]
"""What practitioners look for by name: each stands in the guidance of some control."""

# What readers fill and checks are written over: these names are kept.
FIELDS = {
    "adversarial-test-report": "cases:int passed:int failed:int not_judged:int rate.attack_success:double "
    "rate.attack_success_worst:double probes:int complete:bool tool:string tool_version:string target:string",
    "evaluation-report": "cases:int passed:int failed:int not_judged:int rate.pass:double complete:bool "
    "tool:string tool_version:string target:string",
    "aibom": "components.total:int components.models:int components.datasets:int components.software:int "
    "components.services:int components.with_version:int components.with_identity:int "
    "share.identified:double components.licensed:int components.unknown_origin:int vulnerabilities.total:int "
    "has_subject:bool format:string tool:string",
    "threat-model": "threats.total:int threats.open:int threats.mitigated:int threats.not_applicable:int "
    "threats.untriaged:int threats.high_open:int threats.without_treatment:int elements.total:int "
    "elements.out_of_scope:int flows.total:int diagrams:int tool:string",
    "scan-report": "findings.critical:int findings.high:int findings.medium:int findings.low:int "
    "suppressed:int complete:bool tool:string tool_version:string",
    "vulnerability-status": "open.critical:int open.high:int total:int",
    "test-execution": "tests:int passed:int failed:int errors:int skipped:int",
    "risk-register": "risks.total:int risks.without_owner:int risks.high_untreated:int",
    "ai-inventory": "entries.total:int entries.without_owner:int",
    "training-record": "people:int completed:int rate.completed:double",
    "access-review": "accounts:int excessive:int removed:int",
    "monitoring-report": "metrics:int breaches:int",
    "drill-record": "passed:bool",
    "disposal-record": "items.total:int items.left:int",
    "dataset-manifest": "files:int files.without_digest:int",
    "attestation": "verified:bool",
}


@pytest.mark.parametrize("framework", LEVELS)
def test_each_framework_is_complete(shipped: Catalogue, framework: str) -> None:
    counted = Counter(item.level for item in shipped.frameworks[framework].requirements)
    assert counted == LEVELS[framework]


def test_article_15_has_its_paragraphs_and_named_attacks(shipped: Catalogue) -> None:
    framework = shipped.frameworks[EU]
    assert [item.id for item in framework.children["15"]] == [f"15({number})" for number in range(1, 6)]
    attacks = [item.id for item in framework.requirements if item.level == "named-attack"]
    assert attacks == ["15(5).3-data-poisoning", "15(5).3-model-poisoning", "15(5).3-adversarial-examples",
                       "15(5).3-confidentiality-attacks", "15(5).3-model-flaws"]
    assert all(framework.by_id[name].assessable for name in attacks)
    assert not framework.by_id["15(2)"].assessable, "it binds the Commission, not providers"


def test_strength_passes_down_only_where_a_clause_is_broken_into_its_points(shipped: Catalogue) -> None:
    assert [name for name, one in shipped.frameworks.items() if one.strength_passes_down] == [
        "agentic-ai-adoption-2026", EU, "eu-ai-act-high-risk"]


def test_tasks_of_800_218a_carry_their_priority_and_what_is_new(shipped: Catalogue) -> None:
    tasks = [item for item in shipped.frameworks[SSDF].requirements if item.level == "task"]
    assert Counter(item.priority for item in tasks) == {"High": 21, "Medium": 22, "Low": 5}
    assert [item.id for item in tasks if "new" in item.tags] == [
        "PO.5.3", "PS.1.2", "PS.1.3", "PW.3.1", "PW.3.2", "PW.3.3"]
    assert [item.id for item in tasks if "modified" in item.tags] == ["PO.1.3", "PS.3.2", "PW.2.1"]


def test_166_controls_in_18_domains_in_order(shipped: Catalogue) -> None:
    assert [domain.id for domain in shipped.domains] == list(DOMAINS)
    assert Counter(control.domain for control in shipped.controls.values()) == DOMAINS
    assert len(shipped.controls) == 166
    assert list(shipped.controls) == [
        f"{domain}-{number:02}" for domain, count in DOMAINS.items() for number in range(1, count + 1)]


def test_words(shipped: Catalogue) -> None:
    asked = {f"{group.id} 1" if group.single else group.id: " ".join(
        trait.id for trait in shipped.traits if trait.group == group.id) for group in shipped.groups}
    assert asked == TRAITS
    assert [stage.id for stage in shipped.stages] == [
        "design", "development", "evaluation", "deployment", "operation", "decommissioning", "retired"]
    assert [basis.id for basis in shipped.bases] == ["tested", "attested", "claimed"]
    assert len(shipped.layers) == 14
    assert len(shipped.events) == 20


def test_47_kinds_with_the_fields_that_readers_fill(shipped: Catalogue) -> None:
    assert len(shipped.kinds) == 47
    declared = {kind.id: " ".join(f"{one.name}:{one.type}" for one in kind.fields)
                for kind in shipped.kinds.values() if kind.fields}
    assert declared == FIELDS


def test_every_kind_is_asked_for_and_every_event_and_trait_used(shipped: Catalogue) -> None:
    assert set(shipped.controls_by_kind) == set(shipped.kinds)
    assert {ask.due.after for ask in shipped.asks.values() if ask.due.after} == {
        event.id for event in shipped.events}


# Assessable, mapped, met by one control, met jointly, open.
FIGURES = {RMF: (72, 72, 45, 27, 0), SSDF: (123, 123, 99, 24, 0), GUIDE: (17, 17, 4, 13, 0),
           EU: (15, 15, 3, 12, 0)}


@pytest.mark.parametrize("framework", FIGURES)
def test_every_assessable_requirement_is_reached(shipped: Catalogue, framework: str) -> None:
    found = reaches(shipped, shipped.frameworks[framework])
    assert [one.requirement for one in found if not one.reached] == []
    assert (len(found), sum(one.direct for one in found), sum(one.by_one for one in found),
            sum(one.jointly for one in found), sum(one.open for one in found)) == FIGURES[framework]


@pytest.mark.parametrize("framework", sorted(LEVELS))
def test_nothing_of_these_is_reached_only_from_above(shipped: Catalogue, framework: str) -> None:
    assert [one.requirement for one in reaches(shipped, shipped.frameworks[framework]) if not one.direct] == []


def test_a_requirement_that_cannot_be_met_says_what_is_left_open(shipped: Catalogue) -> None:
    """A gap of the catalogue is never hidden. Of ISO/IEC 42001 only headings are known, so none of it can be judged met."""
    silent = [f"{framework.id} {one.requirement}" for framework in shipped.frameworks.values()
              for one in reaches(shipped, framework) if one.open and not one.gap
              and framework.id != "iso-42001-2023-annex-a" and not framework.by_id[one.requirement].through]
    assert silent == []


def test_what_can_be_met_is_no_gap(shipped: Catalogue) -> None:
    assert [f"{framework.id} {one.requirement}" for framework in shipped.frameworks.values()
            for one in reaches(shipped, framework) if one.gap and not one.open] == []


def test_no_two_reasons_are_alike_and_each_is_one_full_line(shipped: Catalogue) -> None:
    whys = Counter(link.why.casefold() for control in shipped.controls.values() for link in control.mappings)
    assert [why for why, count in whys.items() if count > 1] == []
    assert [why for why in whys if not 12 <= len(why.split()) <= 28] == []


def test_no_reason_only_repeats_titles(shipped: Catalogue) -> None:
    """At least half of the words of a reason are in neither title."""
    thin = []
    for control in shipped.controls.values():
        for link in control.mappings:
            titles = f"{control.title} {shipped.frameworks[link.framework].by_id[link.requirement].title}"
            said, known = words_of(link.why), words_of(titles)
            if len(said - known) < len(said) / 2:
                thin.append(f"{control.id} {link.framework} {link.requirement}")
    assert thin == []


def words_of(text: str) -> set[str]:
    """The words of a text that carry meaning, in small letters."""
    return {word for word in re.findall(r"[a-z]+", text.casefold()) if len(word) > 3}


def test_every_control_says_how_who_and_what_for(shipped: Catalogue) -> None:
    for control in shipped.controls.values():
        assert 45 <= len(control.guidance.split()) <= 115, control.id
        assert control.purpose is not None, control.id
        assert control.purpose.lead not in control.purpose.others, control.id
    purposes = [control.purpose for control in shipped.controls.values() if control.purpose]
    assert {one.lead for one in purposes} <= {one.id for one in shipped.functions}
    assert {threat for one in purposes for threat in one.threats} == {one.id for one in shipped.threats}
    assert {goal for one in purposes for goal in one.goals} == {one.id for one in shipped.goals}
    assert {one.defence for one in purposes} == {one.id for one in shipped.defences}


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_each_technique_is_named_in_some_guidance(shipped: Catalogue, technique: str) -> None:
    assert [one.id for one in shipped.controls.values() if technique in one.guidance.casefold()]


def test_baselines_grow(shipped: Catalogue) -> None:
    held = {one.id: one.controls for one in shipped.baselines}
    assert list(held) == ["starter", "agentic", "consequential", "high-risk"]
    assert held["starter"] < held["agentic"] < held["high-risk"] == set(shipped.controls)
    assert held["starter"] < held["consequential"] < held["high-risk"]


def test_each_tolerance_has_its_figures_and_checks_use_every_limit(shipped: Catalogue) -> None:
    assert [one.id for one in shipped.tolerances] == ["balanced", "cautious", "open"]
    used = " ".join(check.expression or "" for ask in shipped.asks.values() for check in ask.checks)
    for limit in shipped.limits:
        assert f"limit.{limit.id.replace('-', '_')}" in used, limit.id
        balanced, cautious, loose = (one.limits[limit.id] for one in shipped.tolerances)
        assert cautious <= balanced <= loose


def test_checks_are_few_different_and_questions(shipped: Catalogue) -> None:
    for ask in shipped.asks.values():
        questions = [check.question for check in ask.checks]
        assert 1 <= len(questions) <= 7, ask.id
        assert len(set(questions)) == len(questions), ask.id


def test_an_expression_always_decides_something(shipped: Catalogue) -> None:
    checks = [check for ask in shipped.asks.values() for check in ask.checks]
    computed = [check for check in checks if check.expression is not None]
    assert len(computed) >= 60
    assert all(check.kinds_decided for check in computed)
