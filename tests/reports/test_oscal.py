"""The catalogue as OSCAL: what stands where, valid by the schemas, loadable by another program, and read back by ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.incoming.documents import Incoming, read_document
from govern.catalogue.objects import Catalogue, Relation
from govern.catalogue.reach import figures
from govern.errors import NotFound
from govern.reports.oscal_catalog import catalog_document, catalog_text
from govern.reports.oscal_mapping import mapping_document, mapping_text
from govern.reports.oscal_parts import NAMESPACE, file_name, line, markup, markup_line
from govern.reports.oscal_profile import profile_document, profile_text
from tests.catalogue.tiny import BASELINES, FRAMEWORK, LIBRARY, MAPPINGS
from tests.reports.editions import EDITION, shipped, tiny

RMF = "nist-ai-rmf-1.0"


@pytest.fixture(scope="module")
def whole() -> Catalogue:
    """The shipped catalogue."""
    return shipped()


def texts(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """(model, text) of every document that a catalogue gives."""
    yield "catalog", catalog_text(catalogue, EDITION)
    for baseline in catalogue.baselines:
        yield "profile", profile_text(catalogue, baseline.id, EDITION)
    for name in catalogue.mapped:
        yield "mapping", mapping_text(catalogue, name, EDITION)


def values(tree: Any) -> Iterator[Any]:
    """Every value within."""
    yield tree
    for inner in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from values(inner)


def said(node: dict[str, Any], name: str) -> list[str]:
    """The values of a node's properties of one name."""
    return [one["value"] for one in node["props"] if one["name"] == name]


# -- what stands where -----------------------------------------------------------------------------------------------


def test_domains_are_groups_and_controls_say_what_they_are(tmp_path: Path) -> None:
    catalogue = tiny(tmp_path)
    catalog = catalog_document(catalogue, EDITION)["catalog"]
    [group] = catalog["groups"]
    assert (group["id"], group["class"], group["title"], group["parts"][0]["prose"]) == (
        "GOV", "domain", "Governance", "Who decides.")
    first, second = group["controls"]
    assert (first["id"], first["title"], second["id"]) == ("GOV-01", "Policy in force", "GOV-02")
    assert [(one["name"], one["prose"]) for one in second["parts"][:2]] == [
        ("statement", "Agents are scanned."), ("guidance", "Scan before each release.")]
    assert [one["name"] for one in first["parts"]] == ["statement", "assessment-objective"], "without guidance there is no part"
    assert {name: said(second, name) for name in ("label", "domain", "stage", "lead", "threat", "goal", "defence")} == {
        "label": ["GOV-02"], "domain": ["GOV"], "stage": ["operation"], "lead": ["engineering"], "threat": ["drift"],
        "goal": ["integrity"], "defence": ["model"]}
    [when] = [one for one in second["props"] if one["name"] == "applies-when"]
    assert (when["value"], when["remarks"], when["ns"]) == ("trait.agentic", "The system acts.", NAMESPACE)
    assert {one["name"] for one in second["props"] if "ns" not in one} == {"label"}, "all but OSCAL's own names are ours"


def test_asks_are_objectives_and_checks_stand_in_them(tmp_path: Path) -> None:
    [group] = catalog_document(tiny(tmp_path), EDITION)["catalog"]["groups"]
    ask = group["controls"][1]["parts"][-1]
    assert (ask["id"], ask["name"], ask["title"]) == ("GOV-02.1", "assessment-objective", "Clean scan")
    assert {name: said(ask, name) for name in ("kind", "about", "basis", "fresh-days", "due-after", "due-within-days")} == {
        "kind": ["policy", "scan-report"], "about": ["release"], "basis": ["tested"], "fresh-days": [], "due-after": ["release"],
        "due-within-days": ["30"]}
    assert ask["prose"] == ("Policy or Scan report, about the release, tested. It does not run out. Due within 30 days after: "
                            "Release. Only where !trait.high_risk: The law asks more otherwise.")
    [check] = ask["parts"]
    assert (check["id"], check["prose"]) == ("GOV-02.1_clean", "Are there no critical findings?")
    assert said(check, "expression") == ["findings.critical <= limit.open_findings && rate.pass > 0.5"]
    assert said(check, "decided-for") == ["scan-report"]
    plain = group["controls"][0]["parts"][-1]
    assert (said(plain, "fresh-days"), said(plain, "due-stage"), said(plain, "due-within-days")) == (["365"], ["design"], [])
    assert "props" not in plain["parts"][0], "a question has nothing to compute"


def test_the_metadata_say_whose_it_is_and_since_when(tmp_path: Path) -> None:
    catalogue = tiny(tmp_path)
    meta = catalog_document(catalogue, EDITION)["catalog"]["metadata"]
    assert (meta["version"], meta["oscal-version"], meta["last-modified"]) == (
        catalogue.digest[:12], "1.2.1", "2026-05-28T20:26:40.000Z")
    assert said(meta, "catalogue-digest") == [catalogue.digest]
    [party] = meta["parties"]
    assert party["name"] == "The <b>bank</b> of *all*", "a name is no markup"
    assert meta["responsible-parties"] == [{"role-id": "publisher", "party-uuids": [party["uuid"]]}]


def test_a_profile_picks_from_the_catalog_that_stands_beside_it(tmp_path: Path) -> None:
    catalogue = tiny(tmp_path)
    profile = profile_document(catalogue, "starter", EDITION)["profile"]
    catalog = catalog_document(catalogue, EDITION)["catalog"]
    [resource] = profile["back-matter"]["resources"]
    assert profile["imports"] == [{"href": f"#{catalog['uuid']}", "include-controls": [{"with-ids": ["GOV-01"]}]}]
    assert (resource["uuid"], resource["title"]) == (catalog["uuid"], catalog["metadata"]["title"])
    assert resource["rlinks"][0]["href"] == file_name(catalogue, "catalog") == f"govern-catalog-{catalogue.digest[:12]}.json"
    assert said(profile["metadata"], "least-when") == ["trait.high_risk"]
    assert profile_document(catalogue, "whole", EDITION)["profile"]["imports"][0]["include-controls"] == [
        {"with-ids": ["GOV-01", "GOV-02"]}]


def test_a_mapping_has_each_relation_with_its_reason_and_each_set(tmp_path: Path) -> None:
    collection = mapping_document(tiny(tmp_path), "law-1", EDITION)["mapping-collection"]
    assert collection["provenance"]["method"] in ("human", "automation", "hybrid")
    [mapping] = collection["mappings"]
    told = [(one["relationship"], [item["id-ref"] for item in one["sources"]], [item["id-ref"] for item in one["targets"]],
             one["remarks"]) for one in mapping["maps"]]
    assert told == [
        ("intersects-with", ["GOV-01"], ["A.1"], "The policy is one half of care."),
        ("intersects-with", ["GOV-02"], ["A.1"], "Scans are the other half of care."),
        ("superset-of", ["GOV-01", "GOV-02"], ["A.1"], "Together these controls cover the requirement; none of them does alone."),
    ]
    [gap] = mapping["props"]
    assert (gap["name"], gap["value"], gap["remarks"]) == ("gap", "A", "Nobody can prove to be good.")
    source, target = collection["back-matter"]["resources"]
    assert (mapping["source-resource"]["href"], mapping["target-resource"]["href"]) == (f"#{source['uuid']}", f"#{target['uuid']}")
    assert target["document-ids"] == [{"scheme": NAMESPACE, "identifier": "law-1"}]
    assert target["rlinks"] == [{"href": "https://example.org/law"}]


def test_every_relation_has_its_word(tmp_path: Path) -> None:
    words = {}
    for relation in ("equal", "subset-of", "superset-of"):
        catalogue = tiny(tmp_path / relation, mappings=MAPPINGS.replace("intersects-with", relation))
        [mapping] = mapping_document(catalogue, "law-1", EDITION)["mapping-collection"]["mappings"]
        words[relation] = [one["relationship"] for one in mapping["maps"]]
    # The last is that of both together: parts that are complete together are the whole, and no more.
    assert words == {"equal": ["equivalent-to", "equivalent-to", "superset-of"],
                     "subset-of": ["subset-of", "subset-of", "equivalent-to"],
                     "superset-of": ["superset-of", "superset-of", "superset-of"]}


def test_what_no_control_reaches_is_summed_up_only_where_oscal_can_name_it(tmp_path: Path) -> None:
    alone = FRAMEWORK.replace("    through: [{framework: law-1, requirement: A}]\n", "")
    [mapping] = mapping_document(tiny(tmp_path, framework=alone), "law-1", EDITION)["mapping-collection"]["mappings"]
    assert mapping["target-gap-summary"]["unmapped-controls"] == [{"with-ids": ["B"]}]
    blank = alone.replace("id: B\n", "id: B 1\n")
    [mapping] = mapping_document(tiny(tmp_path / "blank", framework=blank), "law-1", EDITION)["mapping-collection"]["mappings"]
    assert "target-gap-summary" not in mapping


def test_text_that_could_be_markup_stays_text(tmp_path: Path) -> None:
    wild = LIBRARY.replace("Agents are scanned.",
                           "'*All* [agents](https://x) are <b>scanned</b>, {{ insert: param, x }}, `so` a_b _c_.'")
    control = catalog_document(tiny(tmp_path, library=wild), EDITION)["catalog"]["groups"][0]["controls"][1]
    assert control["parts"][0]["prose"] == (
        r"\*All\* \[agents\](https://x) are \<b>scanned\</b>, \{\{ insert: param, x }}, \`so\` a_b \_c\_.")
    assert markup("one\n\ntwo") == "one\n\ntwo"
    assert (markup_line("one\n two "), markup_line(" \n "), line("a\tb\n")) == ("one two", "Untitled", "a b")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    catalogue = tiny(tmp_path)
    with pytest.raises(NotFound, match="no baseline “startr”") as caught:
        profile_document(catalogue, "startr", EDITION)
    assert caught.value.mend == "Did you mean 'starter'?"
    with pytest.raises(NotFound, match="no framework “law-2”"):
        mapping_document(catalogue, "law-2", EDITION)
    unmapped = tiny(tmp_path / "unmapped", mappings="framework: law-1\nmappings: []\n")
    with pytest.raises(NotFound, match="No control is mapped to law-1"):
        mapping_document(unmapped, "law-1", EDITION)
    empty = tiny(tmp_path / "empty", baselines=BASELINES)
    bare = replace(empty, baselines=tuple(replace(one, controls=frozenset()) for one in empty.baselines))
    with pytest.raises(NotFound, match="holds no control"):
        profile_document(bare, "starter", EDITION)


# -- the same every time ---------------------------------------------------------------------------------------------


def test_the_same_catalogue_gives_the_same_bytes_and_another_one_other_uuids(tmp_path: Path) -> None:
    assert list(texts(tiny(tmp_path / "one"))) == list(texts(tiny(tmp_path / "two")))
    one = catalog_document(tiny(tmp_path / "one"), EDITION)["catalog"]
    other = catalog_document(tiny(tmp_path / "three", library=LIBRARY.replace("Scans", "Checks")), EDITION)["catalog"]
    assert one["uuid"] != other["uuid"]


def test_there_is_no_null_and_no_empty_list(whole: Catalogue) -> None:
    for _, text in texts(whole):
        assert all(value is not None and value not in ([], "") for value in values(json.loads(text)))


def test_ids_are_there_once(whole: Catalogue) -> None:
    catalog = catalog_document(whole, EDITION)
    ids = [value["id"] for value in values(catalog["catalog"]["groups"]) if isinstance(value, dict) and "id" in value]
    assert len(ids) == len(set(ids))
    for name in whole.mapped:
        [mapping] = mapping_document(whole, name, EDITION)["mapping-collection"]["mappings"]
        uuids = [value["uuid"] for value in values(mapping) if isinstance(value, dict) and "uuid" in value]
        assert len(uuids) == len(set(uuids))


# -- other judges ----------------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_every_document_is_valid_by_the_schemas(whole: Catalogue, shared: Path, tmp_path: Path) -> None:
    import jsonschema_rs

    judges = {model: jsonschema_rs.Draft7Validator(
        json.loads((shared / f"reference/oscal/schemas/oscal_{model}_schema.json").read_text()), validate_formats=True)
        for model in ("catalog", "profile", "mapping")}
    wild = LIBRARY.replace("Agents are scanned.", "'<b> _x_'").replace("title: Scans", "title: '\"=1+1\"'")
    for catalogue in (whole, tiny(tmp_path, library=wild)):
        for model, text in texts(catalogue):
            assert [(error.instance_path, error.message) for error in judges[model].iter_errors(json.loads(text))] == []


@pytest.mark.filterwarnings("ignore")  # of a library that only judges here
def test_another_program_loads_every_document(whole: Catalogue, tmp_path: Path) -> None:
    from trestle.oscal.catalog import Catalog
    from trestle.oscal.mapping import MappingCollection
    from trestle.oscal.profile import Profile

    def loaded(model: Any, text: str) -> Any:
        path = tmp_path / "document.json"
        path.write_text(text, encoding="utf-8")
        found = model.oscal_read(path)
        again, ours = (next(iter(json.loads(one).values())) for one in (found.oscal_serialize_json(), text))
        moments = [datetime.fromisoformat(one["metadata"].pop("last-modified")) for one in (again, ours)]
        assert (again, moments[0]) == (ours, moments[1]), "nothing is lost in it"
        return found

    catalog = loaded(Catalog, catalog_text(whole, EDITION))
    assert [control.id for group in catalog.groups for control in group.controls] == list(whole.controls)
    for baseline in whole.baselines:
        profile = loaded(Profile, profile_text(whole, baseline.id, EDITION))
        picked = profile.imports[0].include_controls[0].with_ids
        assert frozenset(getattr(one, "root", one) for one in picked) == baseline.controls
    for name in whole.mapped:
        maps = loaded(MappingCollection, mapping_text(whole, name, EDITION)).mappings[0].maps
        assert len(maps) == sum(map(len, whole.mapped[name].values())) + len(whole.frameworks[name].joint)


# -- read back -------------------------------------------------------------------------------------------------------


def read_back(text: str, catalogue: Catalogue, **given: str) -> Incoming:
    """What our own importer makes of a document."""
    return read_document("govern.json", text.encode(), catalogue, **given)


def test_the_catalog_is_read_back_with_the_same_ids(whole: Catalogue) -> None:
    incoming = read_back(catalog_text(whole, EDITION), whole)
    [framework] = incoming.addition.blocks("frameworks")
    requirements = [one.values for one in framework.values["requirements"].values]
    assert [one["id"] for one in requirements if one["assessable"]] == list(whole.controls)
    assert [one["id"] for one in requirements if not one["assessable"]] == [domain.id for domain in whole.domains]
    assert {one["id"]: one["parent"] for one in requirements if one["assessable"]} == {
        one.id: one.domain for one in whole.controls.values()}
    assert framework.values["publisher"] == EDITION.organisation
    [told] = incoming.addition.blocks("texts")
    objectives = {one.values["requirement"]: one.values["text"] for one in told.values["texts"].values}
    assert all(objectives[one.id] == one.objective for one in whole.controls.values())


def test_mappings_are_read_back_with_the_same_ids_relations_reasons_and_sets(whole: Catalogue) -> None:
    for name in whole.mapped:
        incoming = read_back(mapping_text(whole, name, EDITION), whole)
        [block] = incoming.addition.blocks("mappings")
        assert block.values["framework"] == name
        found = {(one.values["requirement"], link.values["control"], Relation(link.values["relation"]), link.values["why"])
                 for one in block.values["mappings"].values for link in one.values["controls"].values}
        assert found == {(link.requirement, control.id, link.relation, link.why) for control in whole.controls.values()
                         for link in control.mappings if link.framework == name}
        joint = block.values.get("joint")
        sets = {one.values["requirement"]: frozenset(one.values["controls"].values) for one in joint.values} if joint else {}
        assert sets == whole.frameworks[name].joint


def test_a_profile_is_read_back_over_the_catalog_that_it_picks_from(whole: Catalogue, tmp_path: Path) -> None:
    both = {**catalog_document(whole, EDITION), **profile_document(whole, "starter", EDITION)}
    incoming = read_back(json.dumps(both), whole)
    frameworks = {one.values["id"]: one for one in incoming.addition.blocks("frameworks")}
    assert len(frameworks) == 2
    profile = next(block for name, block in frameworks.items() if name.endswith("profile") or "baseline" in name)
    picked = {one.values["id"] for one in profile.values["requirements"].values if one.values["assessable"]}
    assert picked == next(one.controls for one in whole.baselines if one.id == "starter")


def test_the_gap_summary_is_what_the_mappings_do_not_reach(whole: Catalogue) -> None:
    for name in whole.mapped:
        [mapping] = mapping_document(whole, name, EDITION)["mapping-collection"]["mappings"]
        summed = mapping.get("target-gap-summary")
        if summed is not None:
            assert tuple(summed["unmapped-controls"][0]["with-ids"]) == figures(whole, whole.frameworks[name]).unreached
        assert {one["value"] for one in mapping.get("props", ())} == set(whole.frameworks[name].gaps)
