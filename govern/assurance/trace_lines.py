"""The rows of a trace with the names of what they run through: what a page, a file and an answer of the API all show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govern.assurance.trace import Row
from govern.assurance.trace_heads import End
from govern.catalogue.objects import Catalogue, Target
from govern.facts.moments import Instant
from govern.facts.systems import System

PERSON, STANDING = "person", "standing acceptance"
"""Who decided: somebody who looked, or a decision that holds for all evidence of a kind from one tool."""


@dataclass(frozen=True)
class Names:
    """Systems and people by key."""

    systems: Mapping[str, System]
    people: Mapping[str, str]


@dataclass(frozen=True)
class Line:
    """One row. What a chain does not reach is empty or None.

    `via` is the requirement that was mapped where it is another one; `system` is a slug; `submitted_by` and `reviewer` are
    keys of people, with their names beside them; `decided_by` is PERSON or STANDING.
    """

    framework: str
    requirement: str
    requirement_title: str
    relation: str
    via: str
    why: str
    control: str
    control_title: str
    asks: tuple[str, ...]
    ask_titles: tuple[str, ...]
    system: str
    system_name: str
    inherited: str
    evidence: str
    evidence_title: str
    kind: str
    version: int | None
    sha256: str
    submitted: Instant | None
    submitted_by: str
    submitted_by_name: str
    via_token: str
    decision: str
    verdict: str
    decided_by: str
    standing: str
    reviewer: str
    reviewer_name: str
    decided: Instant | None
    withdrawn: Instant | None
    withdrawn_because: str
    ends: tuple[End, ...]


def people_of(rows: Iterable[Row]) -> set[str]:
    """The keys of everybody whom rows name."""
    return {key for row in rows if row.proof is not None for key in (row.proof.submitted_by, row.proof.reviewer) if key}


def line_of(row: Row, catalogue: Catalogue, names: Names) -> Line:
    """A row with names; what this catalogue does not know stands for itself."""
    head, proof, system = row.head, row.proof, names.systems.get(row.system)
    control, asks = catalogue.controls.get(head.control), catalogue.asks
    submitted_by, reviewer = (proof.submitted_by, proof.reviewer) if proof else ("", "")
    return Line(
        framework=head.framework, requirement=head.requirement,
        requirement_title=title_of(Target(head.framework, head.requirement), catalogue), relation=head.relation,
        via=via_text(head.framework, head.via), why=head.why,
        control=head.control, control_title=control.title if control else "",
        asks=row.asks, ask_titles=tuple(asks[ask].title if ask in asks else ask for ask in row.asks),
        system=system.slug if system else "", system_name=system.name if system else "", inherited=row.inherited,
        evidence=proof.evidence if proof else "", evidence_title=proof.title if proof else "", kind=proof.kind if proof else "",
        version=proof.number if proof else None, sha256=proof.sha256 if proof else "",
        submitted=proof.submitted if proof else None, submitted_by=submitted_by,
        submitted_by_name=names.people.get(submitted_by, submitted_by), via_token=(proof.via_token if proof else None) or "",
        decision=(proof.decision if proof else None) or "", verdict=proof.verdict.value if proof and proof.verdict else "",
        decided_by="" if proof is None or proof.decision is None else STANDING if proof.standing else PERSON,
        standing=(proof.standing if proof else None) or "", reviewer=reviewer,
        reviewer_name=names.people.get(reviewer, reviewer), decided=proof.decided if proof else None,
        withdrawn=proof.withdrawn if proof else None, withdrawn_because=proof.reason if proof else "", ends=row.ends)


def title_of(target: Target, catalogue: Catalogue) -> str:
    """The title of a requirement, empty where there is none."""
    framework = catalogue.frameworks.get(target.framework)
    found = framework.by_id.get(target.requirement) if framework else None
    return found.title if found else ""


def via_text(framework: str, via: Target | None) -> str:
    """The requirement that was mapped in place of one of a framework, with its framework where that is another."""
    if via is None:
        return ""
    return via.requirement if via.framework == framework else f"{via.framework} {via.requirement}"
