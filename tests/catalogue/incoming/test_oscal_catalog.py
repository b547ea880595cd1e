"""OSCAL catalogs as frameworks: what is read, what is left out, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from govern.catalogue.objects import Catalogue, Requirement
from tests.catalogue.incoming.brought import META, brought, catalog, control, framework_of, read, refused, refused_by_load, told


def only(document: Any, controls: Path, known: Catalogue, name: str = "x-1") -> Requirement:
    """One requirement of the framework that a catalog becomes."""
    return framework_of(*brought(document, controls, known)).by_id[name]


# -- parameters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("params", "statement", "said"), [
    ([{"id": "p", "label": "a time"}], "Within {{ insert: param, p }} .", "Within [Assignment: a time]."),
    ([{"id": "p"}], "{{insert: param, p}}", "[Assignment: p]"),
    ([{"id": "p", "label": "x"}], "As of {{ p }}", "As of [Assignment: x]"),
    ([{"id": "p", "label": "x", "values": ["6 months", "a year"]}], "{{ insert: param, p }}", "6 months, a year"),
    ([{"id": "p", "select": {"choice": ["one", "two"]}}], "{{ insert: param, p }}", "[Selection: one; two]"),
    ([{"id": "p", "select": {"how-many": "one", "choice": ["one"]}}], "{{ insert: param, p }}", "[Selection (one): one]"),
    ([{"id": "p", "select": {"how-many": "one-or-more", "choice": ["{{ insert: param, q }}"]}}, {"id": "q", "label": "deep"}],
     "{{ insert: param, p }}", "[Selection (one or more): [Assignment: deep]]"),
    ([{"id": "p", "select": {"choice": ["{{ insert: param, p }}"]}}], "{{ insert: param, p }}", "[Selection: [Assignment: p]]"),
])
def test_parameters_are_told_in_words(controls: Path, tiny: Catalogue, params: list[dict[str, Any]], statement: str,
                                      said: str) -> None:
    assert only(catalog(control("x-1", statement, params=params)), controls, tiny).text == said


def test_a_parameter_of_the_catalog_or_a_group_is_known_below(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1", "{{ insert: param, p }} {{ insert: param, g }}"), params=[{"id": "p", "label": "top"}])
    made["catalog"]["groups"][0]["params"] = [{"id": "g", "label": "group"}]
    assert only(made, controls, tiny).text == "[Assignment: top] [Assignment: group]"


def test_an_unknown_parameter_is_warned_of_and_named(tiny: Catalogue) -> None:
    incoming = read(catalog(control("x-1", "By {{ insert: param, nope }}")), tiny)
    assert told(incoming.warnings) == [
        "it.json at catalog.groups[0].controls[0].parts[0]: There is no parameter 'nope' to insert."]


def test_parameters_that_double_each_other_stay_short(controls: Path, tiny: Catalogue) -> None:
    params = [{"id": f"p{n}", "select": {"choice": [f"{{{{ insert: param, p{n + 1} }}}}"] * 8}} for n in range(30)]
    made = catalog(control("x-1", "{{ insert: param, p0 }}", params=[*params, {"id": "p30", "label": "x"}]))
    assert len(only(made, controls, tiny).text) < 2_100


# -- the tree --------------------------------------------------------------------------------------------------------


def test_groups_controls_and_enhancements_become_a_tree(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1", controls=[control("x-1.1", controls=[control("x-1.1.1")])]), controls=[control("y-1")])
    framework = framework_of(*brought(made, controls, tiny))
    assert [(one.id, one.parent, one.level, one.assessable) for one in framework.requirements] == [
        ("a", None, "family", False), ("x-1", "a", "control", True), ("x-1.1", "x-1", "enhancement", True),
        ("x-1.1.1", "x-1.1", "enhancement", True), ("y-1", None, "control", True)]
    assert (framework.title, framework.publisher, framework.date, framework.version) == (
        "The catalog", "The publisher", "2026-01-31", "1.0")
    assert framework.source == {"document": "The catalog", "url": "", "reference":
                                "OSCAL catalog 11111111-2222-4333-8444-555555555555, version 1.0, file it.json"}


@pytest.mark.parametrize(("more", "title", "note"), [
    ({"props": [{"name": "status", "value": "withdrawn"}]}, "T", "Withdrawn."),
    ({"props": [{"name": "status", "value": "Withdrawn"}], "links": [
        {"href": "#x-2", "rel": "incorporated-into"}, {"href": "#x-3", "rel": "moved-to"}, {"href": "#x-4", "rel": "related"}]},
     "T", "Withdrawn; incorporated into x-2; moved to x-3."),
    ({"parts": [{"name": "statement", "prose": "[Withdrawn: moved to X-2]."}]}, "T", "Withdrawn: moved to X-2."),
    ({}, "Old ways [withdrawn: see X-2]", "withdrawn: see X-2."),
])
def test_a_withdrawn_control_is_not_assessed_and_says_why(controls: Path, tiny: Catalogue, more: dict[str, Any], title: str,
                                                          note: str) -> None:
    found = only(catalog(control("x-0"), {"id": "x-1", "title": title, **more}), controls, tiny)
    assert (found.assessable, found.note, found.text) == (False, note, "")


def test_a_statement_that_only_speaks_of_withdrawal_is_no_withdrawn_control(controls: Path, tiny: Catalogue) -> None:
    assert only(catalog(control("x-1", "Access [withdrawn: by whom] is logged.")), controls, tiny).assessable


def test_labels_become_tags_unless_they_are_the_id(controls: Path, tiny: Catalogue) -> None:
    labelled = {"props": [{"name": "label", "value": "X-01", "class": "padded"}, {"name": "label", "value": "X(1)"}]}
    assert only(catalog(control("x-1", **labelled)), controls, tiny).tags == ("X(1)",)
    same = {"props": [{"name": "label", "value": "X-1"}]}
    assert only(catalog(control("x-1", **same)), controls, tiny).tags == ()


def test_a_group_without_id_or_title_gets_a_name_and_keeps_its_controls(controls: Path, tiny: Catalogue) -> None:
    made = catalog()
    made["catalog"]["groups"] = [{"title": "First things", "controls": [control("x-1")]}, {"id": "b", "controls": [control("x-2")]}]
    incoming, loaded = brought(made, controls, tiny)
    framework = framework_of(incoming, loaded)
    assert [(one.id, one.title, one.parent) for one in framework.requirements] == [
        ("first-things", "First things", None), ("x-1", "Title of x-1", "first-things"),
        ("b", "b", None), ("x-2", "Title of x-2", "b")]
    assert told(incoming.warnings)[0] == ("it.json at catalog.groups[1]: The group 'b' has no title; its id stands for it.")


def test_a_group_that_stands_twice_is_one(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1"))
    made["catalog"]["groups"].append({"id": "a", "title": "Again", "controls": [control("x-2")]})
    incoming, loaded = brought(made, controls, tiny)
    framework = framework_of(incoming, loaded)
    assert [(one.id, one.parent) for one in framework.requirements] == [("a", None), ("x-1", "a"), ("x-2", "a")]
    assert "The group 'a' stands twice" in incoming.warnings[0].text


# -- lenient ---------------------------------------------------------------------------------------------------------


def test_what_oscal_does_not_have_is_named_and_the_rest_is_read(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1", "Do it.", owner="me", parts=[{"name": "statement", "prose": "Do it.", "proze": "?"}]),
                   {"id": "x-2", "title": "", "props": "none"}, "nonsense", extra={})  # type: ignore[arg-type]
    incoming, loaded = brought(made, controls, tiny)
    assert [(one.id, one.title) for one in framework_of(incoming, loaded).requirements][1:] == [
        ("x-1", "Title of x-1"), ("x-2", "x-2")]
    at = "it.json at catalog"
    assert set(told(incoming.warnings)) == {
        f"{at}.extra: 'extra' is no field of a catalog in OSCAL; it is left out.",
        f"{at}.groups[0].controls[0].owner: 'owner' is no field of a control in OSCAL; it is left out.",
        f"{at}.groups[0].controls[0].parts[0].proze: 'proze' is no field of a part in OSCAL; it is left out. "
        "Did you mean 'prose'?",
        f"{at}.groups[0].controls[1]: The control 'x-2' has no title; its id stands for it.",
        f"{at}.groups[0].controls[1]: A control without a statement comes without official text (1). The first is here.",
        f"{at}.groups[0].controls[2]: This is no object, as OSCAL has it; it is left out.",
    }


@pytest.mark.parametrize(("field", "value", "said"), [
    ("title", {"a": 1}, "'title' is not text"), ("parts", {"a": 1}, "'parts' is no list"),
    ("controls", "x", "'controls' is no list"), ("params", [7], "This is no object"), ("class", ["x"], ""),
])
def test_a_field_of_the_wrong_shape_is_left_out(controls: Path, tiny: Catalogue, field: str, value: Any, said: str) -> None:
    incoming, loaded = brought(catalog(control("x-1") | {field: value}), controls, tiny)
    assert "x-1" in framework_of(incoming, loaded).by_id
    assert any(said in one for one in told(incoming.warnings))


def test_numbers_stand_for_text(controls: Path, tiny: Catalogue) -> None:
    incoming, loaded = brought(catalog(control("x-1"), meta={"version": 2.5, "title": 7}), controls, tiny)
    framework = framework_of(incoming, loaded)
    assert (framework.version, framework.title, framework.id) == ("2.5", "7", "7")


def test_a_draft_is_a_draft(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1"), meta={"version": "2.0-draft"})
    assert framework_of(*brought(made, controls, tiny)).status == "draft"


def test_a_title_in_other_letters_still_makes_an_id_of_its_own(tiny: Catalogue) -> None:
    titles = ("規格", "標準", "A" * 200, "A" * 201)
    ids = {read(catalog(control("x-1"), meta={"title": title}), tiny).addition.id for title in titles}
    assert len(ids) == 4
    assert all(len(one) <= 96 and one.replace("-", "").isalnum() and one.isascii() for one in ids)


@pytest.mark.parametrize(("links", "url"), [
    ([{"href": "https://example.org/b"}, {"href": "https://example.org/a", "rel": "canonical"}], "https://example.org/a"),
    ([{"href": "#r", "rel": "canonical"}], "https://example.org/r"),
    ([{"href": "javascript:alert(1)", "rel": "canonical"}], ""), ([{"href": "file.xml"}], ""),
])
def test_only_an_address_of_the_web_is_linked(controls: Path, tiny: Catalogue, links: list[dict[str, str]], url: str) -> None:
    back = {"resources": [{"uuid": "r", "title": "R", "rlinks": [{"href": "r.xml"}, {"href": "https://example.org/r"}]}]}
    made = catalog(control("x-1"), meta={"links": links}, **{"back-matter": back})
    assert framework_of(*brought(made, controls, tiny)).source["url"] == url


def test_a_date_that_is_none_is_left_out(controls: Path, tiny: Catalogue) -> None:
    props = [{"name": "application-date", "value": "soon"}, {"name": "application-date-annex", "value": "2027-01-01"}]
    incoming, loaded = brought(catalog(control("x-1", props=props)), controls, tiny)
    assert [one.applies_from for one in framework_of(incoming, loaded).dates_of("x-1")] == ["2027-01-01"]
    assert "holds no date but “soon”" in incoming.warnings[0].text


# -- refused ---------------------------------------------------------------------------------------------------------


def without(key: str) -> dict[str, Any]:
    made = catalog(control("x-1"))
    del made["catalog"]["metadata"][key]
    return made


@pytest.mark.parametrize(("document", "said"), [
    (catalog(control("x-1"), control("x-1")), "it.json at catalog.groups[0].controls[1].id: The id 'x-1' is there already, at "
     "it.json at catalog.groups[0].controls[0].id. Give one of them another id."),
    (catalog(control("x-1"), {"title": "No id"}), "it.json at catalog.groups[0].controls[1]: A control has no id."),
    (catalog(control("a")), "it.json at catalog.groups[0].controls[0].id: The id 'a' is there already"),
    (catalog(), "it.json at catalog: The catalog holds no control."),
    (without("title"), "it.json at catalog.metadata: The document has no title."),
    (without("last-modified"), "it.json at catalog.metadata: Neither 'published' nor 'last-modified' gives a date."),
    ({"catalog": []}, "it.json: The document holds no OSCAL model."),
    (catalog(control("x-1", "It \u0000 ends.")), "it.json at catalog.groups[0].controls[0].parts[0]: 'text' holds a character that "
     "cannot be shown (U+0000)."),
    (catalog(control("x" * 201)), "it.json at catalog.groups[0].controls[0].id: 'id' has 201 characters; 200 are kept at most."),
    (catalog(control("x-1", "x" * 100_001)), "'text' has 100,001 characters; 100,000 are kept at most."),
    (catalog(*(control(f"x-{number}") for number in range(20_001))), "'requirements' holds 20,002 entries; 20,000 are kept"),
])
def test_a_catalog_without_meaning_is_refused_with_the_path(tiny: Catalogue, document: Any, said: str) -> None:
    assert any(one.startswith(said) or said in one for one in told(refused(document, tiny)))


def test_all_mistakes_are_told_at_once(tiny: Catalogue) -> None:
    made = catalog(control("x-1"), control("x-1"), {"title": "No id"}, meta={"title": ""})
    assert len(refused(made, tiny)) == 3


def test_a_catalog_of_withdrawn_controls_only_is_refused_as_a_whole(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1", props=[{"name": "status", "value": "withdrawn"}]))
    assert told(refused_by_load(made, controls, tiny)) == [
        "it.json at catalog: No requirement is assessable. Say which ones count."]


def test_a_framework_that_is_there_already_is_not_replaced(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1"), meta={"title": "law 1"})
    assert told(refused_by_load(made, controls, tiny)) == [
        "it.json at catalog.metadata.title: There is a framework 'law-1' already. Give it an id of its own."]


# -- as YAML ---------------------------------------------------------------------------------------------------------


def test_the_yaml_form_of_oscal_gives_the_same(controls: Path, tiny: Catalogue) -> None:
    made = catalog(control("x-1", "Do: it.", controls=[control("x-1.1")]), meta={"version": "1.10", "remarks": "yes"})
    as_json, as_yaml = (brought(text, controls, tiny)[1] for text in (json.dumps(made), yaml.safe_dump(made)))
    assert as_json.digest == as_yaml.digest
    assert META["last-modified"] in yaml.safe_dump(made)


def test_a_name_that_stands_twice_in_yaml_is_refused_with_its_line(tiny: Catalogue) -> None:
    text = yaml.safe_dump(catalog(control("x-1"))) + "catalog: {}\n"
    (mistake,) = refused(text, tiny, "it.yaml")
    assert str(mistake) == f"it.yaml:{len(text.splitlines())}: 'catalog' stands here twice. Keep one of them."
