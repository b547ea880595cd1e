"""OSCAL mapping-collections: crosswalks between frameworks, mappings where one side are our controls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Relation
from tests.catalogue.incoming.brought import META, brought, catalog, control, mapping, read, refused, refused_by_load, told

LIBRARY = ["GOV-01", "GOV-02"]


@pytest.fixture(scope="module")
def wide(controls: Path, tiny: Catalogue) -> tuple[Path, Catalogue]:
    """The tiny catalogue, and with it a catalog of controls to map to."""
    base = read(catalog(*(control(f"x-{number}") for number in range(1, 6))), tiny).addition
    return controls, load(controls, [base])


def with_base(incoming: Any, controls: Path, tiny: Catalogue) -> Catalogue:
    base = read(catalog(*(control(f"x-{number}") for number in range(1, 6))), tiny).addition
    return load(controls, [base, incoming.addition])


# -- crosswalks ------------------------------------------------------------------------------------------------------


def test_maps_between_frameworks_become_a_crosswalk(controls: Path, tiny: Catalogue, wide: tuple[Path, Catalogue]) -> None:
    made = mapping(("equal-to", ["a.1"], ["X-1", "x-2"]), ("equal", ["A.1"], ["x-3"]), ("equivalent-to", ["A.2", "A"], ["x-4"]))
    incoming = read(made, wide[1], source="law-1", target="the-catalog")
    (found,) = [one for one in with_base(incoming, controls, tiny).crosswalks if one.origin]
    assert (found.id, found.title, found.relation, found.publisher) == ("the-mapping", "The mapping", "equal", "The publisher")
    assert (found.source_framework, found.target_framework) == ("law-1", "the-catalog")
    assert found.pairs == {"A.1": ("x-1", "x-2", "x-3"), "A.2": ("x-4",), "A": ("x-4",)}
    assert (incoming.format, incoming.warnings) == ("oscal-mapping", ())


def test_each_relationship_is_a_crosswalk_of_its_own(controls: Path, tiny: Catalogue, wide: tuple[Path, Catalogue]) -> None:
    made = mapping(("subset-of", ["A.1"], ["x-1"]), ("reminds-of", ["A.1"], ["x-2"]), ("no-relationship", ["A.1"], ["x-3"]),
                   ("", ["A.1"], ["x-4"]))
    incoming = read(made, wide[1], source="law-1", target="the-catalog")
    found = [one for one in with_base(incoming, controls, tiny).crosswalks if one.origin]
    assert [(one.id, one.relation, one.pairs) for one in found] == [
        ("the-mapping-subset-of", "subset-of", {"A.1": ("x-1",)}), ("the-mapping-reminds-of", "reminds-of", {"A.1": ("x-2",)})]
    at = "it.json at mapping-collection.mappings[0].maps"
    assert told(incoming.warnings) == [
        f"{at}[1].relationship: 'reminds-of' is no relationship of NIST IR 8477 "
        "(equal, superset-of, subset-of, intersects-with); it is kept in the publisher's word.",
        f"{at}[2].relationship: This map says that there is no relationship; it is left out.",
        f"{at}[3]: This map states no relationship; it is left out."]


def test_ids_that_are_nowhere_are_named_with_how_often(wide: tuple[Path, Catalogue]) -> None:
    made = mapping(("equal", ["A.1"], ["x-1", "x-9"]), ("equal", ["A.2"], ["x-9"]), ("equal", ["Z"], ["x-1"]))
    made["mapping-collection"]["mappings"][0]["maps"][0]["targets"].append({"type": "statement", "id-ref": "x-1_smt.a"})
    incoming = read(made, wide[1], source="law-1", target="the-catalog")
    at = "it.json at mapping-collection.mappings[0].maps"
    assert told(incoming.warnings) == [
        f"{at}[0].targets[2].type: 'x-1_smt.a' is a statement; only controls are read, so it is left out.",
        f"{at}[2].sources[0].id-ref: law-1 has no requirement 'Z', which is named once; that is left out.",
        f"{at}[0].targets[1].id-ref: the-catalog has no requirement 'x-9', which is named 2 times; that is left out."]


def test_a_mapping_of_which_nothing_fits_is_refused(tiny: Catalogue) -> None:
    assert told(refused(mapping(("equal", ["Q"], ["R"])), tiny, source="law-1", target="law-1")) == [
        "it.json at mapping-collection.mappings[0]: No pair of this mapping stands between law-1 and law-1. "
        "Name other frameworks with source=… and target=…."]


def test_words_that_oscal_does_not_have_are_named(wide: tuple[Path, Catalogue]) -> None:
    made = mapping(("equal", ["A.1"], ["x-1"]), method="guess", colour="red")
    made["mapping-collection"]["provenance"] |= {"method": "manual", "status": "done"}
    assert told(read(made, wide[1], source="law-1", target="the-catalog").warnings) == [
        "it.json at mapping-collection.provenance.method: 'manual' is no method in OSCAL, which has human, automation, hybrid.",
        "it.json at mapping-collection.provenance.status: 'done' is no status in OSCAL, which has complete, not-complete, draft, "
        "deprecated, superseded.",
        "it.json at mapping-collection.mappings[0].colour: 'colour' is no field of a mapping in OSCAL; it is left out.",
        "it.json at mapping-collection.mappings[0].method: 'guess' is no method in OSCAL, which has human, automation, hybrid."]


# -- mappings of our controls ----------------------------------------------------------------------------------------
# A map speaks of the set of its sources and the set of its targets; a mapping of ours of one control and one requirement.

EQ, SUB, SUP, INT = "equal", "subset-of", "superset-of", "intersects-with"
ONE, TWO = ["gov-01"], ["GOV-01", "GOV-02"]


@pytest.mark.parametrize(("relation", "ours", "theirs", "each", "together"), [
    (EQ, ONE, ["x-1"], EQ, False), (EQ, ONE, ["x-1", "x-2"], SUP, False),
    (EQ, TWO, ["x-1"], SUB, True), (EQ, TWO, ["x-1", "x-2"], INT, True),
    (SUP, ONE, ["x-1"], SUP, False), (SUP, ONE, ["x-1", "x-2"], SUP, False),
    (SUP, TWO, ["x-1"], INT, True), (SUP, TWO, ["x-1", "x-2"], INT, True),
    (SUB, ONE, ["x-1"], SUB, False), (SUB, ONE, ["x-1", "x-2"], INT, False),
    (SUB, TWO, ["x-1"], SUB, False), (SUB, TWO, ["x-1", "x-2"], INT, False),
    (INT, ONE, ["x-1"], INT, False), (INT, TWO, ["x-1", "x-2"], INT, False),
])
def test_a_map_of_sets_is_read_for_single_controls(controls: Path, tiny: Catalogue, wide: tuple[Path, Catalogue], relation: str,
                                                   ours: list[str], theirs: list[str], each: str, together: bool) -> None:
    """Both ways round: the sources ours, and (turned) the targets ours."""
    turned = {SUB: SUP, SUP: SUB}.get(relation, relation)
    for document in (mapping((relation, ours, theirs)), mapping((turned, theirs, ours))):
        ends = {"source": None, "target": "the-catalog"} if document == mapping((relation, ours, theirs)) else {
            "source": "the-catalog", "target": "controls"}
        loaded = with_base(read(document, wide[1], **ends), controls, tiny)
        found = {(name, link.requirement, link.relation) for name in LIBRARY for link in loaded.controls[name].mappings
                 if link.framework == "the-catalog"}
        assert found == {(name.upper(), requirement, Relation(each)) for name in ours for requirement in theirs}
        joint = {name: frozenset(one.upper() for one in ours) for name in theirs} if together else {}
        assert loaded.frameworks["the-catalog"].joint == joint


def test_what_is_left_out_of_a_set_never_makes_the_rest_the_whole(controls: Path, tiny: Catalogue,
                                                                  wide: tuple[Path, Catalogue]) -> None:
    """GOV-01 and an unknown control together cover x-1: GOV-01 alone does not."""
    incoming = read(mapping((SUP, ["GOV-01", "GOV-99"], ["x-1"])), wide[1], source="controls", target="the-catalog")
    loaded = with_base(incoming, controls, tiny)
    found = [link.relation for link in loaded.controls["GOV-01"].mappings if link.framework == "the-catalog"]
    assert found == [Relation.INTERSECTS]
    assert loaded.frameworks["the-catalog"].joint == {}
    assert [one.text for one in incoming.warnings] == [
        "The controls are not complete for 'x-1' here: some of them are left out.",
        "The catalogue has no control 'GOV-99', which is named once; that is left out."]


def test_our_controls_are_known_by_their_ids(wide: tuple[Path, Catalogue]) -> None:
    (block,) = read(mapping((EQ, ONE, ["x-1"])), wide[1], target="the-catalog").addition.blocks("mappings")
    assert block.values["framework"] == "the-catalog"


def test_the_reason_is_the_remark_or_says_where_it_comes_from(controls: Path, tiny: Catalogue,
                                                              wide: tuple[Path, Catalogue]) -> None:
    made = mapping((EQ, ONE, ["x-1"]), (EQ, ONE, ["x-2"]))
    made["mapping-collection"]["mappings"][0]["maps"][0]["remarks"] = "Both ask for a policy."
    loaded = with_base(read(made, wide[1], target="the-catalog"), controls, tiny)
    assert [link.why for link in loaded.controls["GOV-01"].mappings if link.framework == "the-catalog"] == [
        "Both ask for a policy.", "The mapping “The mapping” states it (equal)."]


def test_what_a_control_cannot_be_is_left_out(wide: tuple[Path, Catalogue]) -> None:
    made = mapping(("reminds-of", ONE, ["x-1"]), (EQ, ONE, ["x-2"]), (SUB, ONE, ["x-2"]), (SUP, TWO, ["x-3"]), (EQ, TWO, ["x-3"]))
    at = "it.json at mapping-collection.mappings[0].maps"
    assert told(read(made, wide[1], target="the-catalog").warnings) == [
        f"{at}[0].relationship: 'reminds-of' is no relationship that a control can have; the map is left out. "
        "Known: equal, superset-of, subset-of, intersects-with.",
        f"{at}[2]: GOV-01 is mapped to 'x-2' before; this second relation is left out.",
        f"{at}[4]: GOV-01 is mapped to 'x-3' before; this second relation is left out.",
        f"{at}[4]: GOV-02 is mapped to 'x-3' before; this second relation is left out.",
        f"{at}[4]: A second set of controls that is complete for 'x-3' is left out; one is kept."]


def test_a_mapping_that_the_catalogue_has_is_refused_at_its_place(controls: Path, tiny: Catalogue) -> None:
    (mistake,) = refused_by_load(mapping((EQ, ONE, ["A.1"])) | {"$schema": "x"}, controls, _known_by(tiny), "m.json")
    assert mistake.file == "m.json at mapping-collection.mappings[0].maps[0].sources[0].id-ref"
    assert mistake.text.startswith("The mapping of 'GOV-01 to law-1 A.1' is there already, at controls/mappings/law-1.yaml:")


def _known_by(tiny: Catalogue) -> Catalogue:
    """The tiny catalogue, with a law that is known by the name that made mappings use."""
    from dataclasses import replace

    law = replace(tiny.frameworks["law-1"], title="b")
    return replace(tiny, frameworks={"law-1": law})


@pytest.mark.parametrize(("document", "ends", "said"), [
    (mapping((EQ, ONE, ["GOV-02"])), {}, "it.json at mapping-collection.mappings[0]: Both sides are our controls."),
    (mapping((EQ, ["A.1"], ["x-1"])), {}, "it.json at mapping-collection.mappings[0].source-resource: The source of this "
     "mapping is “a.json”; no framework of the catalogue is known by that."),
    (mapping((EQ, ONE, ["Q"])), {"target": "law-1"}, "it.json at mapping-collection.mappings[0]: No map of this mapping stands "
     "between our controls and law-1."),
    ({"mapping-collection": {"metadata": META}}, {}, "it.json at mapping-collection: The collection holds no mapping."),
])
def test_a_mapping_to_nowhere_is_refused(tiny: Catalogue, document: Any, ends: dict[str, str], said: str) -> None:
    assert told(refused(document, tiny, **ends))[0].startswith(said)


def test_two_mappings_of_one_collection_are_two_crosswalks(controls: Path, tiny: Catalogue) -> None:
    made = mapping((EQ, ["A.1"], ["A.2"]))
    made["mapping-collection"]["mappings"] *= 2
    incoming, loaded = brought(made, controls, tiny, source="law-1", target="law-1")
    assert [one.id for one in loaded.crosswalks if one.origin] == ["the-mapping-1", "the-mapping-2"]
    assert incoming.addition.id == "the-mapping"
