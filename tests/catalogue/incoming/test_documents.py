"""What a document is told by, its bounds, and our YAML with every mistake at its line."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from govern.catalogue.incoming import documents
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.errors import CatalogueError
from tests.catalogue.incoming.brought import catalog, control, read, refused, told
from tests.catalogue.incoming.house import YAML
from tests.catalogue.tiny import FRAMEWORK, LIBRARY, MAPPINGS, line_of

FORMATS = "Bring our YAML, a workbook (.xlsx) or OSCAL as JSON."


# -- told by content -------------------------------------------------------------------------------------------------


def test_our_yaml_and_json_are_the_same_addition(controls: Path, tiny: Catalogue) -> None:
    as_json = json.dumps(yaml.load(YAML, yaml.BaseLoader) | {"frameworks": [], "domains": [], "mappings": []})
    for name, text, form in (("x.yaml", YAML, "yaml"), ("x.json", as_json, "json"), ("wrong.xlsx", YAML, "yaml"),
                             ("no name", "\ufeff" + YAML, "yaml")):
        incoming = read(text, tiny, name)
        assert (incoming.format, incoming.addition.id, incoming.warnings) == (form, "house", ())
        assert load(controls, [incoming.addition]).frameworks["law-1"].by_id["A.1"].text == "Everybody shall take care."


@pytest.mark.parametrize(("data", "said"), [
    (b"", f"The file is empty. {FORMATS}"),
    (b" \n\t\n", f"The file is empty. {FORMATS}"),
    (b'<?xml version="1.0"?><catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0"/>', "This is OSCAL as XML, which is not read. "
     f"OSCAL comes as JSON too: bring that, or convert it with oscal-cli. {FORMATS}"),
    (b"<!DOCTYPE html><html/>", "This is XML or HTML, which is not read."),
    ("addition: x".encode("utf-16"), "This is UTF-16 text. Save it as UTF-8."),
    (b"%PDF-1.7 ...", f"This is no text. {FORMATS}"),
    (b"\x89PNG\r\n\x1a\n\0\0\0", f"This is no text. {FORMATS}"),
    (b"[1, 2]", f"The document is no JSON object. {FORMATS}"),
    (b'{"a": 1}', f"'addition' is missing: this is no addition to the catalogue. {FORMATS}"),
    (b'{"catalog": 7}', f"The document holds no OSCAL model. {FORMATS}"),
])
def test_what_is_none_of_them_is_told_what_would_be(tiny: Catalogue, data: bytes, said: str) -> None:
    assert told(refused(data, tiny, "file"))[-1].startswith(f"file: {said}")


@pytest.mark.parametrize(("text", "section"), [
    (FRAMEWORK, "frameworks"), (LIBRARY, "domains"), (MAPPINGS, "mappings"),
])
def test_a_file_of_the_catalogue_is_told_how_to_become_an_addition(tiny: Catalogue, text: str, section: str) -> None:
    assert told(refused(text, tiny, "x.yaml")) == [
        "x.yaml:1: 'addition' is missing: this is no addition to the catalogue. "
        f"Begin with 'addition:' and 'title:', and put all this below '{section}:'."]


@pytest.mark.parametrize(("name", "shown"), [
    ("/srv/in/plan.yaml", "plan.yaml"), ("C:\\in\\plan.yaml", "plan.yaml"), ("a\u202eb\nc\x00.yaml", "ab c.yaml"),
    ("", "document"), ("x" * 300, "x" * 120),
])
def test_a_name_is_shown_without_its_folders_and_odd_characters(tiny: Catalogue, name: str, shown: str) -> None:
    assert refused(b"", tiny, name)[0].file == shown


# -- bounds ----------------------------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_not_looked_at(tiny: Catalogue) -> None:
    data = b"x" * (documents.MOST_BYTES + 1)
    assert told(refused(data, tiny, "x")) == ["x: The file has 20,971,521 bytes; 20,971,520 are read at most. Bring it in parts."]


def nested(levels: int) -> dict[str, Any]:
    found: dict[str, Any] = {"catalog": {}}
    for _ in range(levels):
        found = {"catalog": found}
    return found


@pytest.mark.parametrize(("text", "said"), [
    (json.dumps(nested(70)), "x: Objects and lists are nested deeper than 64 levels."),
    ("[" * 100_000, "x: Objects and lists are nested deeper than 64 levels."),
    ('{"catalog": ' + "[" * 100 + "]" * 100 + "}", "x: Objects and lists are nested deeper than 64 levels."),
    ("a: " + "[" * 100_000, "x:1: This is nested deeper than 64 levels."),
    ("addition: a\nx: " + "[" * 30 + "]" * 30, "x:2: This is nested too deeply."),
    ("[" + "1," * 1_600_000 + "1]", "x: The document holds more than 1,500,000 values."),
    ("a:\n" + "- 1\n" * 600_000, "The file holds more than 500,000 values."),
    ("addition: &a x\ntitle: *a\n", "x:1: An anchor (& or *) stands here; anchors are not read. Write out what it stands for."),
    ('{"catalog": {"a": 1, "a": 2}}', "x at catalog: The name 'a' stands twice in one object."),
    ('{"catalog": {"a": NaN}}', "x: This cannot be read as JSON: NaN is no number in JSON."),
    ('{"catalog": {"a": ' + "9" * 5_000 + "}}", "x: This cannot be read as JSON: "),
    ('{"catalog": {"a": 1}', "x:1: This is not JSON: Expecting ',' delimiter (column 21)."),
    ('{\n"catalog": {,}}', "x:2: This is not JSON: "),
])
def test_what_would_exhaust_a_reader_is_refused(tiny: Catalogue, text: str, said: str) -> None:
    began = time.perf_counter()
    assert any(said in one for one in told(refused(text, tiny, "x")))
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("text", ['{"catalog": "\xff"}', "addition: \xff"])
def test_bytes_that_are_no_utf_8_are_told_with_their_line(tiny: Catalogue, text: str) -> None:
    (mistake,) = refused(b"\n" + text.encode("latin-1"), tiny, "x")
    assert (mistake.line, mistake.mend) == (2, "Save it as UTF-8 text.")


def test_half_a_character_is_refused_at_its_path(tiny: Catalogue) -> None:
    (mistake,) = refused(json.dumps(catalog(control("x-1", "Half \ud800 a character"))), tiny, "x")
    assert str(mistake) == ("x at catalog.groups[0].controls[0].parts[0]: 'text' holds a character that cannot be shown (U+D800). "
                            "Take it out.")


# -- our YAML --------------------------------------------------------------------------------------------------------


class Planted(NamedTuple):
    """In the sound addition `there` is replaced by `planted` once; `said` is told at the line of `at`, or of the change."""

    there: str
    planted: str
    said: str
    at: str = ""


PLANTED = [
    Planted("addition: house", "addition: The House", "'The House' is no addition here."),
    Planted("title: Policy of the house\nframeworks", "frameworks", "'title' is missing in an addition.", "addition:"),
    Planted("texts:\n", "textes:\n", "'textes' is no key of an addition. Did you mean 'texts'?"),
    Planted("frameworks:\n", "frameworks: nothing\nframework:\n", "'frameworks' is text; it has to be a list."),
    Planted("  - id: house-policy-1.0", "  - identity: house-policy-1.0", "'id' is missing in a framework."),
    Planted("  - id: house-policy-1.0", "  - id: law-1", "There is a framework 'law-1' already."),
    Planted("version: '1.0'", "version: 1.0", "'version' is a number with a point; it has to be text."),
    Planted("status: in force", "status: [in force", "This is not YAML", "source:"),
    Planted("wording: All ours.", "\twording: All ours.", "This is not YAML"),
    Planted("{id: '1.2', parent: '1'", "{id: '1.1', parent: '1'", "The requirement '1.1' is there already, at x.yaml:16."),
    Planted("{id: '1.1', parent: '1'", "{id: '1.1', parent: '1.2'", "No requirement '1.2' stands above '1.1'."),
    Planted("{id: '1', parent: null", "{id: '1', parent: '1.1'", "Put the parent before its children."),
    Planted("{framework: law-1, requirement: A.1}", "{framework: house-policy-1.0, requirement: '1.1'}", "is met through itself.",
            "{id: '1.1'"),
    Planted("{id: HSE, title", "{id: GOV, title", "There is a domain 'GOV' already."),
    Planted("findings.critical == 0", "findings.critical == 'none'", "For scan-report: "),
    Planted("'!trait.high_risk'", "trait.high_risc", "'trait.high_risc' in"),
    Planted("when: trait.agentic", "when: 1 + 1", "gives int; it must give true or false"),
    Planted("requirement: B\n", "requirement: C\n", "law-1 has no requirement 'C'."),
    Planted("  - framework: law-1\n    mappings", "  - framework: law-7\n    mappings", "There is no framework 'law-7'."),
    Planted("control: HSE-02, relation", "control: HSE-99, relation", "There is no control 'HSE-99'."),
    Planted("[HSE-01, GOV-01]", "[HSE-01, GOV-02]", "The control GOV-02 is not mapped to '1.1'."),
    Planted("{requirement: A.1, text", "{requirement: A.8, text", "law-1 has no requirement 'A.8'."),
    Planted("gist: Take care.", "gist: \"Take \\0 care.\"", "'gist' holds a character that cannot be shown (U+0000)."),
    Planted("id: HSE-02\n", "id: ' HSE-02'\n", "'id' begins or ends with white space."),
]


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.said)
def test_a_planted_mistake_is_told_at_its_line(controls: Path, tiny: Catalogue, case: Planted) -> None:
    assert YAML.count(case.there) >= 1
    text = YAML.replace(case.there, case.planted, 1)
    line = line_of(text, case.at) if case.at else YAML[:YAML.index(case.there)].count("\n") + 1
    try:
        found = load(controls, [read(text, tiny, "x.yaml").addition])
        raise AssertionError(found.digest)
    except CatalogueError as error:
        mistakes = told(error.mistakes)
    assert any(one.startswith(f"x.yaml:{line}: ") and case.said in one for one in mistakes), mistakes


def test_an_addition_never_overrides_what_the_catalogue_says(controls: Path, tiny: Catalogue) -> None:
    """A second joint set, gap, crosswalk or baseline of the same id is a mistake, not a replacement."""
    text = """\
addition: house
title: House
mappings:
  - framework: law-1
    mappings: []
    joint: [{requirement: A.1, controls: [GOV-02, GOV-01]}]
    gaps: [{requirement: A, why: No.}]
baselines:
  - {id: starter, title: S, meaning: M., least: null, controls: [GOV-01]}
crosswalks:
  - id: editions
    title: E
    publisher: P
    source: {document: D, reference: R, url: null}
    wording: W.
    from: law-1
    to: law-1
    relation: equal
    pairs: [{from: A.1, to: [B]}]
"""
    with pytest.raises(CatalogueError) as error:
        load(controls, [read(text, tiny, "x.yaml").addition])
    assert [(one.line, one.text.split(", at")[0]) for one in error.value.mistakes] == [
        (6, "The joint set of 'A.1' is there already"), (7, "The gap of 'A' is there already"),
        (9, "The baseline 'starter' is there already"), (11, "The crosswalk 'editions' is there already")]
