"""A sound addition as YAML, and the same as rows of a workbook."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook

from govern.catalogue.incoming.sheets import FRONT_ID, FRONT_TITLE
from govern.catalogue.objects import Catalogue
from govern.reports.catalogue_template import write_template

YAML = """\
addition: house
title: Policy of the house
frameworks:
  - id: house-policy-1.0
    title: Policy of the house
    publisher: The house
    version: '1.0'
    date: 2026-01-31
    status: in force
    source: {document: Policy, reference: P 1, url: https://example.org/policy}
    wording: All ours.
    strength_passes_down: false
    requirements:
      - {id: '1', parent: null, level: section, title: Care, title_is: official, gist: null, assessable: false, priority: null,
         note: null}
      - {id: '1.1', parent: '1', level: clause, title: Care well, title_is: ours, gist: Take care., assessable: true,
         priority: High, note: New., tags: [first, new], through: [{framework: law-1, requirement: A.1}]}
      - {id: '1.2', parent: '1', level: clause, title: Look, title_is: ours, gist: Look twice., assessable: true, priority: null,
         note: null}
domains:
  - domain: {id: HSE, title: House, meaning: What we add.}
    controls:
      - id: HSE-01
        title: Care is taken
        objective: Everybody takes care.
        stages: [design, operation]
        applies: {when: trait.agentic, because: It acts.}
        guidance: Take it slowly.
        lead: engineering
        with: []
        threats: [drift]
        goals: [integrity]
        defence: model
        asks:
          - id: HSE-01.1
            title: Clean scan
            kinds: [scan-report, policy]
            about: release
            basis: tested
            fresh_days: 30
            due: {after: release, within_days: 10}
            when: {condition: '!trait.high_risk', because: The law asks more.}
            checks:
              - {id: clean, question: 'Is it clean?', expression: findings.critical == 0, for: [scan-report]}
              - {id: told, question: 'Was it told?'}
      - id: HSE-02
        title: Policy
        objective: There is one.
        stages: [design]
        applies: null
        asks:
          - id: HSE-02.1
            title: The policy
            kinds: [policy]
            about: organisation
            basis: null
            fresh_days: null
            due: {stage: design}
            when: null
            checks:
              - {id: there, question: 'Is it there?'}
mappings:
  - framework: house-policy-1.0
    mappings:
      - requirement: '1.1'
        controls:
          - {control: HSE-01, relation: intersects-with, why: Half of it.}
          - {control: GOV-01, relation: intersects-with, why: The other half.}
    joint:
      - {requirement: '1.1', controls: [HSE-01, GOV-01]}
    gaps:
      - {requirement: '1.2', why: Nobody can prove to have looked twice.}
  - framework: law-1
    mappings:
      - requirement: B
        controls: [{control: HSE-02, relation: equal, why: The same.}]
texts:
  - framework: law-1
    texts: [{requirement: A.1, text: 'Everybody shall take care.'}]
"""

ROWS: dict[str, list[dict[str, Any]]] = {
    "Frameworks": [{
        "Id": "house-policy-1.0", "Title": "Policy of the house", "Publisher": "The house", "Version": "1.0", "Date": "2026-01-31",
        "Status": "in force", "Document": "Policy", "Reference": "P 1", "Address": "https://example.org/policy",
        "Wording": "All ours.", "Strength passes down": "no"}],
    "Requirements": [
        {"Framework": "house-policy-1.0", "Id": "1", "Level": "section", "Title": "Care", "Title is": "official",
         "Assessable": "no"},
        {"Framework": "house-policy-1.0", "Id": "1.1", "Parent": "1", "Level": "clause", "Title": "Care well", "Title is": "ours",
         "Gist": "Take care.", "Assessable": "yes", "Priority": "High", "Note": "New.", "Tags": "first, new",
         "Through": "law-1 | A.1"},
        {"Framework": "house-policy-1.0", "Id": "1.2", "Parent": "1", "Level": "clause", "Title": "Look", "Title is": "ours",
         "Gist": "Look twice.", "Assessable": "yes"}],
    "Controls": [
        {"Domain": "HSE", "Domain title": "House", "Domain meaning": "What we add.", "Id": "HSE-01", "Title": "Care is taken",
         "Objective": "Everybody takes care.", "Stages": "design; operation", "Applies when": "trait.agentic",
         "Because": "It acts.",
         "Guidance": "Take it slowly.", "Lead": "engineering", "Threats": "drift", "Goals": "integrity", "Defence": "model"},
        {"Domain": "HSE", "Id": "HSE-02", "Title": "Policy", "Objective": "There is one.", "Stages": "design"}],
    "Asks": [
        {"Control": "HSE-01", "Id": "HSE-01.1", "Title": "Clean scan", "Kinds": "scan-report,\npolicy", "About": "release",
         "Basis": "tested", "Fresh days": 30, "Due after": "release", "Within days": 10, "When": "!trait.high_risk",
         "Because": "The law asks more."},
        {"Control": "HSE-02", "Id": "HSE-02.1", "Title": "The policy", "Kinds": "policy", "About": "organisation",
         "Due stage": "design"}],
    "Checks": [
        {"Ask": "HSE-01.1", "Id": "clean", "Question": "Is it clean?", "Expression": "findings.critical == 0",
         "For": "scan-report"},
        {"Ask": "HSE-01.1", "Id": "told", "Question": "Was it told?"},
        {"Ask": "HSE-02.1", "Id": "there", "Question": "Is it there?"}],
    "Mappings": [
        {"Framework": "house-policy-1.0", "Requirement": "1.1", "Control": "HSE-01", "Relation": "intersects-with",
         "Why": "Half of it.", "Joint": "yes"},
        {"Framework": "house-policy-1.0", "Requirement": "1.1", "Control": "GOV-01", "Relation": "intersects-with",
         "Why": "The other half.", "Joint": "yes"},
        {"Framework": "house-policy-1.0", "Requirement": "1.2", "Relation": "gap", "Why": "Nobody can prove to have looked twice."},
        {"Framework": "law-1", "Requirement": "B", "Control": "HSE-02", "Relation": "equal", "Why": "The same."}],
    "Texts": [{"Framework": "law-1", "Requirement": "A.1", "Text": "Everybody shall take care."}],
}


def template(known: Catalogue) -> bytes:
    """The empty template."""
    target = io.BytesIO()
    write_template(known, target, 1_800_000_000_000)
    return target.getvalue()


def opened(known: Catalogue) -> Any:
    """The template as a workbook to fill in."""
    return load_workbook(io.BytesIO(template(known)))


def filled(known: Catalogue, rows: dict[str, list[dict[str, Any]]] = ROWS, *, name: str = "house",
           title: str = "Policy of the house") -> Any:
    """The template with rows in its sheets."""
    book = opened(known)
    for line in book["Read me"].iter_rows(max_row=30, max_col=2):
        if line[0].value in (FRONT_ID, FRONT_TITLE):
            line[1].value = name if line[0].value == FRONT_ID else title
    for sheet, lines in rows.items():
        headings = {cell.value: cell.column for cell in book[sheet][2]}
        for number, line in enumerate(lines, 3):
            for heading, value in line.items():
                book[sheet].cell(number, headings[heading]).value = value
    return book


def cell_of(sheet: str, heading: str, row: int) -> str:
    """The name of a cell by its heading; data begin in row 3."""
    from openpyxl.utils import get_column_letter

    from govern.catalogue.incoming.sheets import SHEETS

    form = next(one for one in SHEETS if one.title == sheet)
    index = [one.title for one in form.columns].index(heading) + 1
    return f"house.xlsx, sheet {sheet}, cell {get_column_letter(index)}{row}"


def saved(book: Any) -> bytes:
    """A workbook's bytes."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
