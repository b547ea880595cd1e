"""A tiny sound catalogue in a folder, for tests to plant mistakes in."""

from __future__ import annotations

from pathlib import Path

TRAITS = """\
# traits
groups:
  - {id: law, title: Law, meaning: Its class., choice: one}
  - {id: powers, title: Powers, meaning: What it may do., choice: any}
traits:
  - id: high-risk
    group: law
    title: High-risk
    question: Is it high-risk?
    meaning: The legal class.
  - id: agentic
    group: powers
    implies: [high-risk]
    title: Agentic
    question: Does it act?
    meaning: It acts through tools.
"""

LIFECYCLE = """\
# life cycle
stages:
  - {id: design, title: Design, meaning: It is planned.}
  - {id: operation, title: Operation, meaning: It runs.}
events:
  - {id: release, title: Release, meaning: A release goes live.}
layers:
  - {id: prompt, title: Prompt}
bases:
  - {id: tested, title: Tested, meaning: Somebody tried it.}
"""

POLICY = """\
# a kind
id: policy
title: Policy
meaning: A rule.
form: document
fresh_days: 365
reviewer: governance lead
fields: []
"""

SCAN = """\
# a kind with fields
id: scan-report
title: Scan report
meaning: What a scanner found.
form: structured
fresh_days: null
reviewer: security engineer
fields:
  - {name: findings.critical, type: int, meaning: Critical findings}
  - {name: rate.pass, type: double, meaning: Share passed}
"""

FRAMEWORK = """\
# a framework
id: law-1
title: The law
publisher: The state
version: '1'
date: 2024-07
status: in force
source:
  document: The law
  reference: L 1
  url: https://example.org/law
wording: All ours.
strength_passes_down: false
dates:
  - {id: all, title: All of it, applies_from: '2027-12-02', before: '2026-08-02', amended_by: The other law, source: L 2}
requirements:
  - id: A
    parent: null
    level: article
    title: Article A
    title_is: official
    gist: Be good.
    assessable: false
  - id: A.1
    parent: A
    level: paragraph
    title: First
    title_is: ours
    gist: Be careful.
    assessable: true
    priority: High
    tags: [new]
    note: Changed once.
    dates: [all]
  - id: A.2
    parent: A
    level: note
    title: Second
    title_is: ours
    gist: Know this.
    assessable: false
  - id: B
    parent: null
    level: article
    title: Article B
    title_is: official
    gist: null
    assessable: true
    through: [{framework: law-1, requirement: A}]
"""

MAPPINGS = """\
# how our controls relate to the law
framework: law-1
mappings:
  - requirement: A.1
    controls:
      - {control: GOV-01, relation: intersects-with, why: The policy is one half of care.}
      - {control: GOV-02, relation: intersects-with, why: Scans are the other half of care.}
joint:
  - requirement: A.1
    controls: [GOV-01, GOV-02]
gaps:
  - {requirement: A, why: Nobody can prove to be good.}
"""

LIBRARY = """\
# a domain
domain:
  id: GOV
  title: Governance
  meaning: Who decides.
controls:
  - id: GOV-01
    title: Policy in force
    objective: There is a policy.
    stages: [design, operation]
    applies: null
    asks:
      - id: GOV-01.1
        title: Approved policy
        kinds: [policy]
        about: organisation
        basis: null
        fresh_days: 365
        due: {stage: design}
        when: null
        checks:
          - id: approved
            question: Has leadership approved it?
  - id: GOV-02
    title: Scans
    objective: Agents are scanned.
    guidance: Scan before each release.
    lead: engineering
    with: []
    threats: [drift]
    goals: [integrity]
    defence: model
    stages: [operation]
    applies:
      when: trait.agentic
      because: The system acts.
    asks:
      - id: GOV-02.1
        title: Clean scan
        kinds: [scan-report, policy]
        about: release
        basis: tested
        fresh_days: null
        due: {after: release, within_days: 30}
        when: {condition: '!trait.high_risk', because: The law asks more otherwise.}
        checks:
          - id: clean
            question: Are there no critical findings?
            expression: findings.critical <= limit.open_findings && rate.pass > 0.5
            for: [scan-report]
"""

PURPOSES = """\
functions:
  - {id: engineering, title: Engineering, meaning: Builds it.}
threats:
  - {id: drift, title: Drift, meaning: It changes.}
goals:
  - {id: integrity, title: Integrity, meaning: It is whole.}
defences:
  - {id: model, title: Model, meaning: The model.}
"""

TOLERANCES = """\
limits:
  - {id: open-findings, title: Open findings, meaning: How many, type: int}
tolerances:
  - {id: balanced, title: Balanced, meaning: As written., limits: {open-findings: 0}}
  - {id: open, title: Open, meaning: For trials., limits: {open-findings: 3}}
"""

BASELINES = """\
baselines:
  - id: starter
    title: Starter
    meaning: The least.
    least: {when: trait.high_risk, because: The law asks.}
    controls: [GOV-01]
  - id: whole
    title: Whole
    meaning: Everything.
    least: null
    controls: all
"""

CROSSWALK = """\
id: editions
title: Editions of the law
publisher: The state
source: {document: The law, reference: L 1, url: 'https://example.org/law'}
wording: As printed.
from: law-1
to: law-1
relation: continues
pairs:
  - {from: A.2, to: [A.1]}
"""

FILES = {
    "traits.yaml": TRAITS,
    "lifecycle.yaml": LIFECYCLE,
    "kinds/policy.yaml": POLICY,
    "kinds/scan-report.yaml": SCAN,
    "frameworks/law-1.yaml": FRAMEWORK,
    "library/gov.yaml": LIBRARY,
    "mappings/law-1.yaml": MAPPINGS,
    "purposes.yaml": PURPOSES,
    "tolerances.yaml": TOLERANCES,
    "baselines.yaml": BASELINES,
    "crosswalks/editions.yaml": CROSSWALK,
}


def lay_out(place: Path, files: dict[str, str] | None = None) -> Path:
    """Write the tiny catalogue, with other texts for some files, below `place`; gives the folder."""
    folder = place / "controls"
    for name, text in {**FILES, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def line_of(text: str, words: str) -> int:
    """The number (from 1) of the first line that holds `words`."""
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)
