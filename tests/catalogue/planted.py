"""Mistakes to plant in the tiny catalogue, each with what has to be said of it."""

from __future__ import annotations

from typing import NamedTuple

GOV = "library/gov.yaml"
LAW = "frameworks/law-1.yaml"
SCAN = "kinds/scan-report.yaml"


class Planted(NamedTuple):
    """One mistake: in the file `name`, `there` is replaced by `planted` once.

    The message has to hold `said` and its mend `mend`, at the line of the replaced text or, where `at` is
    given, at the first line that holds it.
    """

    name: str
    there: str
    planted: str
    said: str
    mend: str = ""
    at: str | None = None


PLANTED = [
    # keys
    Planted(GOV, "    objective: There is a policy.\n", "    objektive: There is a policy.\n",
            "'objektive' is no key of a control.", "Did you mean 'objective'?", at="objektive"),
    Planted(GOV, "    objective: There is a policy.\n", "", "'objective' is missing in a control.",
            "Add 'objective:'.", at="id: GOV-01"),
    Planted(GOV, "        basis: null\n        fresh_days: 365\n", "        fresh_days: 365\n",
            "'basis' is missing in an ask of GOV-01.", "Add 'basis:'.", at="id: GOV-01.1"),
    Planted(GOV, "objective: There is a policy.", "objective: There is a policy.\n    objective: Again.",
            "'objective' stands here twice", "Keep one", at="Again"),
    Planted(LAW, "wording: All ours.\n", "wording: All ours.\nlicence: free\n",
            "'licence' is no key of a framework.", "", at="licence"),
    Planted(LAW, "  reference: L 1\n", "", "'reference' is missing in a source.", "Add",
            at="document: The law"),
    Planted("traits.yaml", "    meaning: The legal class.\n", "", "'meaning' is missing in a trait.", "",
            at="id: high-risk"),
    # types
    Planted(GOV, "fresh_days: 365", "fresh_days: a year",
            "'fresh_days' is text; it has to be a whole number"),
    Planted(GOV, "fresh_days: 365", "fresh_days: 0", "'fresh_days' is 0; it is 1 or more."),
    Planted(GOV, "fresh_days: 365", "fresh_days: true", "'fresh_days' is true or false;"),
    Planted(GOV, "title: Policy in force", "title: 42", "'title' is a whole number; it has to be text.",
            "Put it in single quotes."),
    Planted(GOV, "title: Policy in force", "title: Yes", "YAML reads 'Yes' as true or false.",
            "put the word in quotes: 'Yes'"),
    Planted(GOV, "title: Policy in force", "title: ''", "'title' is empty.", "Write it out."),
    Planted(GOV, "title: Policy in force", "title: {a: b}", "'title' is keys; it has to be text."),
    Planted(GOV, "title: Policy in force", "title: !!binary aGk=", "YAML reads 'aGk=' as binary.",
            "quotes"),
    Planted(GOV, "stages: [design, operation]", "stages: design",
            "'stages' is text; it has to be a list."),
    Planted(GOV, "stages: [design, operation]", "stages: []", "'stages' is empty; a control needs"),
    Planted(GOV, "stages: [design, operation]", "stages: [design, 3]", "'stages' holds a whole number",
            "quotes"),
    Planted(GOV, "stages: [design, operation]", "stages: [design, design]", "'design' stands twice",
            "Keep one"),
    Planted(GOV, "applies: null", "applies: trait.agentic",
            "'applies' is text; it has to be keys of its own."),
    Planted(LAW, "version: '1'", "version: 1.0",
            "'version' is a number with a point; it has to be text.", "quotes"),
    Planted(LAW, "strength_passes_down: false", "strength_passes_down: 'no'",
            "'strength_passes_down' is text; it has to be true or false."),
    Planted(LAW, "strength_passes_down: false", "strength_passes_down: no",
            "YAML reads 'no' as true or false"),
    Planted(LAW, "joint:\n", "joint:\n  - A.1\n", "'joint' holds text where keys belong.",
            "Begin it with a key", at="- A.1"),
    # ids
    Planted(GOV, "id: GOV-02\n", "id: GOV-01\n",
            "The control 'GOV-01' is there already, at controls/library/gov.yaml:7", "another id"),
    Planted(GOV, "id: GOV-02\n", "id: GV-2\n", "'GV-2' is no id of a control of GOV.",
            "Write GOV- and two digits."),
    Planted(GOV, "id: GOV-02.1", "id: GOV-01.2", "'GOV-01.2' is no id of an ask of GOV-02.",
            "GOV-02. and a number"),
    Planted(GOV, "id: GOV\n", "id: GVO\n", "The domain 'GVO' stands in the file gov.yaml.", "gvo.yaml"),
    Planted(GOV, "- id: approved", "- id: Is Approved", "'Is Approved' is no id here.", "hyphens"),
    Planted(SCAN, "id: scan-report", "id: scan", "The kind 'scan' stands in the file scan-report.yaml.",
            "scan.yaml"),
    Planted(LAW, "id: law-1", "id: law-2", "'law-2' stands in the file law-1.yaml.", "law-2.yaml"),
    Planted(LAW, "id: A.2", "id: A.1", "The requirement 'A.1' is there already", "another id"),
    Planted("lifecycle.yaml", "id: operation,", "id: design,", "The stage 'design' is there already",
            "another id"),
    Planted("traits.yaml", "id: agentic", "id: high-risk", "The trait 'high-risk' is there already",
            "another id"),
    Planted("traits.yaml", "id: agentic", "id: is_agentic", "'is_agentic' is no id here.", "hyphens"),
    # words
    Planted(GOV, "kinds: [policy]", "kinds: [polcy]", "There is no kind of evidence 'polcy'.",
            "'policy'"),
    Planted(GOV, "about: organisation", "about: organization",
            "There is no such subject 'organization'.", "Did you mean 'organisation'?"),
    Planted(GOV, "basis: tested", "basis: guessed", "There is no basis 'guessed'.", "Known: tested."),
    Planted(GOV, "stages: [design, operation]", "stages: [desing]", "There is no stage 'desing'.",
            "'design'"),
    Planted(GOV, "due: {stage: design}", "due: {stage: desing}", "There is no stage 'desing'.",
            "'design'"),
    Planted(GOV, "after: release,", "after: releese,", "There is no event 'releese'.", "'release'"),
    Planted(GOV, ", within_days: 30}", "}", "'within_days' is missing in 'due' after an event.", "Add"),
    Planted(GOV, "due: {stage: design}", "due: {stage: design, within_days: 3}",
            "'within_days' is no key of 'due' from a stage."),
    Planted(GOV, "due: {stage: design}", "due: null", "'due' is empty.", "Write {stage: …}"),
    Planted(SCAN, "form: structured", "form: structurd", "There is no form 'structurd'.", "'structured'"),
    Planted(SCAN, "type: int", "type: integer", "There is no type 'integer'.",
            "Known: int, double, bool, string."),
    Planted(SCAN, "name: rate.pass", "name: rate.Pass", "'rate.Pass' is no name here.", "small letters"),
    Planted(SCAN, "name: rate.pass", "name: rate.in", "'in' is a word of the expression language.",
            "another name"),
    Planted(LAW, "status: in force", "status: in_force", "There is no status 'in_force'.", "'in force'"),
    Planted(LAW, "date: 2024-07", "date: July 2024", "'July 2024' is no date here.", "year"),
    Planted(LAW, "title_is: ours", "title_is: own", "'own'", "Known: official, ours."),
    Planted(LAW, "level: paragraph", "level: Paragraph!", "'Paragraph!' is no level here.", "one word"),
    Planted(LAW, "parent: A\n    level: paragraph", "parent: B\n    level: paragraph",
            "No requirement 'B' stands above 'A.1'.", "Known: A.", at="parent: B"),
    Planted(LAW, "    assessable: true", "    assessable: false", "No requirement is assessable.", "",
            at="requirements:"),
    # checks and expressions
    Planted(GOV, "question: Has leadership approved it?", "question: Leadership approved it.",
            "'question' does not end with '?'.", "yes or no"),
    Planted(GOV, "findings.critical == 0", "findings.critcal == 0",
            "For scan-report: 'findings.critcal' in", "fields stand in kinds/scan-report.yaml"),
    Planted(GOV, "rate.pass > 0.5", "rate.pass > 1", "overload"),
    Planted(GOV, "expression: findings.critical == 0 && rate.pass > 0.5",
            "expression: findings.critical + 1", "gives int; it must give true or false"),
    Planted(GOV, "for: [scan-report]", "for: [policy]", "For policy: 'findings.critical'", "",
            at="expression:"),
    Planted(GOV, "for: [scan-report]", "for: [scan-reprt]", "There is no kind among those asked for",
            "scan-report"),
    Planted(GOV, "            for: [scan-report]\n", "", "does not say for which kinds",
            "Add 'for: […]'.", at="expression:"),
    Planted(GOV, "            expression: findings.critical == 0 && rate.pass > 0.5\n", "",
            "'for' stands here without 'expression'.", "", at="for: [scan-report]"),
    Planted(GOV, "when: trait.agentic", "when: trait.agentc", "'trait.agentc' in", "over traits"),
    Planted(GOV, "condition: '!trait.high_risk'", "condition: trait.high-risk", "trait", "over traits"),
    Planted(GOV, "because: The system acts.", "because: ''", "'because' is empty."),
    # mappings and joint sets
    Planted(GOV, "      law-1:\n        - {to: A.1, relation: intersects-with, why: The",
            "      law-2:\n        - {to: A.1, relation: intersects-with, why: The",
            "There is no framework 'law-2'.", "Did you mean 'law-1'?", at="law-2:"),
    Planted(GOV, "to: A.1, relation: intersects-with, why: The",
            "to: A.3, relation: intersects-with, why: The", "law-1 has no requirement 'A.3'.",
            "Known: A, A.1, A.2."),
    Planted(GOV, "to: A.1, relation: intersects-with, why: The",
            "to: A.2, relation: intersects-with, why: The",
            "'A.2' is not assessed, nor is anything below it.", "Take it out."),
    Planted(GOV, "relation: intersects-with, why: The", "relation: intersects, why: The",
            "There is no relation 'intersects'.", "'intersects-with'"),
    Planted(GOV, "why: The policy is one half of care.", "why: ''", "'why' is empty.", "Write it out."),
    Planted(GOV, "why: The policy is one half of care.}",
            "why: One.}\n        - {to: A.1, relation: equal, why: Two.}",
            "The mapping to 'A.1' is there already", "", at="Two."),
    Planted(LAW, "controls: [GOV-01, GOV-02]", "controls: [GOV-01, GOV-03]",
            "There is no control 'GOV-03'.", "GOV-0"),
    Planted(LAW, "controls: [GOV-01, GOV-02]", "controls: [GOV-01]",
            "A joint set of one control is none."),
    Planted(LAW, "requirement: A.1", "requirement: A.7", "There is no requirement 'A.7' to cover.",
            "Known: A, A.1."),
    Planted(LAW, "requirement: A.1", "requirement: A", "The control GOV-01 is not mapped to 'A'.",
            "Map it", at="    controls: ["),
    Planted(LAW, "    controls: [GOV-01, GOV-02]\n",
            "    controls: [GOV-01, GOV-02]\n  - {requirement: A.1, controls: [GOV-02, GOV-01]}\n",
            "The joint set of 'A.1' is there already", "", at="{requirement: A.1"),
]
