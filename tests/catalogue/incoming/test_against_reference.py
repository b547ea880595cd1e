"""Real OSCAL documents, held against the facts that the index beside them states.

The counts in the tests are those of the index: groups, controls, nested controls, statements, ids selected, pairs.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.additions import Addition, body_of, from_body
from govern.catalogue.incoming.documents import Incoming, read_document
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Framework
from govern.catalogue.source import Mistakes
from govern.errors import CatalogueError
from tests.catalogue.incoming.brought import catalog, control, framework_of, told

pytestmark = pytest.mark.shared

NIST = "NIST_SP-800-53_rev5_MODERATE-baseline-resolved-profile_catalog-min.json"
NIST_PROFILE = "NIST_SP-800-53_rev5_MODERATE-baseline_profile.json"
CSF = "degenaro_NIST_CSF_v2.0_catalog.json"
CSF_MAPPING = "degenaro_CSF_v2.0-to-SP-800-53_rev5_mapping-collection.json"
ACT = "olon_eu-ai-act_catalog.json"
ACT_PROFILE = "olon_eu-ai-act_high-risk-provider-annex-iii_profile.json"
BASIC = "nist_basic-catalog.json"
CONTROLS = Path(__file__).parents[3] / "controls"


@pytest.fixture(scope="module")
def documents(shared: Path) -> Path:
    """The folder of real documents."""
    return shared / "reference/oscal/documents"


class Bringing:
    """Documents brought one after another, each to the catalogue with those before."""

    def __init__(self, folder: Path, controls: Path, known: Catalogue) -> None:
        self._folder, self._controls, self.catalogue = folder, controls, known
        self.came: list[Incoming] = []

    def bring(self, name: str, **ends: str) -> Incoming:
        """Bring one more."""
        incoming = read_document(name, (self._folder / name).read_bytes(), self.catalogue, **ends)
        return self.take(incoming)

    def take(self, incoming: Incoming) -> Incoming:
        """Put what was read in force."""
        self.came.append(incoming)
        self.catalogue = self.loaded([one.addition for one in self.came])
        return incoming

    def loaded(self, additions: list[Addition]) -> Catalogue:
        """The catalogue with additions beside it."""
        return load(self._controls, additions)

    def framework(self, incoming: Incoming) -> Framework:
        """The framework that a document brought."""
        return framework_of(incoming, self.catalogue)


@pytest.fixture
def bringing(documents: Path, controls: Path, tiny: Catalogue) -> Bringing:
    return Bringing(documents, controls, tiny)


def raw(documents: Path, name: str) -> dict[str, Any]:
    found = json.loads((documents / name).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


# -- catalogs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "groups", "all_", "nested", "withdrawn", "statements", "first", "last"), [
    (NIST, 18, 287, 110, 0, 287, "ac-1", "sr-12"),
    (CSF, 40, 185, 0, 79, 106, "gv.oc-01", "rc.im-02"),  # 46 groups, of which six stand twice
    (ACT, 17, 50, 0, 0, 50, "aia-1", "aia-99"),
    (BASIC, 4, 4, 0, 0, 4, "s1.1.1", "s2.1.2"),
])
def test_each_catalog_as_the_index_counts_it(bringing: Bringing, name: str, groups: int, all_: int, nested: int,
                                             withdrawn: int, statements: int, first: str, last: str) -> None:
    incoming = bringing.bring(name)
    assert incoming.format == "oscal-catalog"
    framework = bringing.framework(incoming)
    heads = [one for one in framework.requirements if one.level not in ("control", "enhancement")]
    below = [one for one in framework.requirements if one.level in ("control", "enhancement")]
    assert (len(heads), len(below), len([one for one in below if one.level == "enhancement"])) == (groups, all_, nested)
    assert len([one for one in below if not one.assessable]) == withdrawn
    assert not any(one.assessable for one in heads)
    assert len([one for one in below if one.text]) == statements
    assert (below[0].id, below[-1].id) == (first, last)
    assert all(one.official and one.gist == "" for one in framework.requirements)


def test_sp_800_53_moderate_in_words(bringing: Bringing) -> None:
    framework = bringing.framework(bringing.bring(NIST))
    assert framework.id == "nist-special-publication-800-53-revision-5-1-1-moderate-impact-baseline"
    assert framework.title == "NIST Special Publication 800-53 Revision 5.1.1 MODERATE IMPACT BASELINE"
    assert framework.publisher == "Joint Task Force, Transformation Initiative"
    assert (framework.version, framework.date, framework.status) == ("5.1.1+u4", "2024-02-13", "in force")
    assert framework.source["reference"].startswith("OSCAL catalog 4b12cf47-447b-47bb-8653-0a9cf544b744, version 5.1.1+u4")
    assert not framework.strength_passes_down
    by_id = framework.by_id
    assert [one.id for one in framework.above("ac-2.1")] == ["ac-2", "ac"]
    assert (by_id["ac"].level, by_id["ac"].title) == ("family", "Access Control")
    assert (by_id["ac-2.1"].level, by_id["ac-2.1"].tags) == ("enhancement", ("AC-2(1)",))
    assert by_id["ac-1"].tags == (), "a label that only differs in capitals says nothing"
    assert by_id["ac-1"].text.splitlines()[:4] == [
        "a. Develop, document, and disseminate to [Assignment: organization-defined personnel or roles]:",
        "  1. [Selection (one or more): organization-level; mission/business process-level; system-level] access control "
        "policy that:",
        "    (a) Addresses purpose, scope, roles, responsibilities, management commitment, coordination among organizational "
        "entities, and compliance; and",
        "    (b) Is consistent with applicable laws, executive orders, directives, regulations, policies, standards, and "
        "guidelines; and"]
    assert "lock the account or node for [Assignment: time period]" in by_id["ac-7"].text, "a parameter within a parameter"
    assert not any("{{" in one.text for one in framework.requirements), "every parameter was inserted"


def test_a_valid_catalog_gives_no_warning_but_of_what_is_left_out(bringing: Bringing) -> None:
    warnings = [one.text for one in bringing.bring(NIST).warnings]
    assert [text.split(". ")[0] for text in warnings] == [
        "Left out (2,777): links", "Left out (287): parts called 'guidance'", "Left out (287): parts called 'assessment-objective'",
        "Left out (816): parts called 'assessment-method'", "Left out (147): resources of the back matter"]


def test_csf_breaks_the_schema_twelve_times_and_is_read(bringing: Bringing) -> None:
    incoming = bringing.bring(CSF)
    framework = bringing.framework(incoming)
    empty = [one.file.partition(" at ")[2] for one in incoming.warnings if "empty list" in one.text]
    twice = [one.file.partition(" at ")[2] for one in incoming.warnings if "stands twice" in one.text]
    assert empty == [f"catalog.groups[{number}].groups" for number in (1, 3, 5, 7, 9, 11)]
    assert twice == [f"catalog.groups[{number}]" for number in (1, 3, 5, 7, 9, 11)]
    assert [one.id for one in framework.children[None]] == ["gv", "id", "pr", "de", "rs", "rc"]
    gone = framework.by_id["id.am-06"]
    assert (gone.assessable, gone.note, gone.text) == (False, "Withdrawn: Incorporated into GV.RR-02, GV.SC-02.", "")
    assert framework.by_id["gv.oc-01"].text == (
        "The organizational mission is understood and informs cybersecurity risk management")


def test_the_act_keeps_its_dates_before_and_after_the_amendment(bringing: Bringing) -> None:
    framework = bringing.framework(bringing.bring(ACT))
    logs = framework.dates_of("aia-19")
    assert [(one.applies_from, one.before, one.amended_by) for one in logs] == [
        ("2027-12-02", "2026-08-02", "Regulation (EU) 2026/1744")]
    classes = framework.dates_of("aia-6")
    assert [(one.applies_from, one.before, one.title) for one in classes] == [
        ("2027-12-02", "2026-08-02", "Applies from 2027-12-02"),
        ("2028-08-02", "2027-08-02", "Applies from 2028-08-02 (annex-i)")]
    assert framework.by_id["aia-19"].tags == ("Article 19",)
    assert "of at least 6 months unless" in framework.by_id["aia-19"].text, "a set parameter shows its value"
    assert framework.source["url"] == "https://eur-lex.europa.eu/eli/reg/2024/1689/oj/eng"


def test_markup_of_the_basic_catalog_becomes_words(bringing: Bringing) -> None:
    framework = bringing.framework(bringing.bring(BASIC))
    assert framework.title == "Sample Security Catalog for Demonstration and Testing"
    assert framework.by_id["s1.1.1"].text.splitlines()[2:] == [
        "A value has been assigned to [Selection (one or more): initiating a device lock after [Assignment: a duration] of "
        "inactivity; requiring the user to initiate a device lock before leaving the system unattended].",
        "", "A cross link has been established with a choppy syntax: (choppy)."]
    assert framework.by_id["s2.1"].text == "To limit access to information and information processing facilities."


# -- profiles --------------------------------------------------------------------------------------------------------


def test_the_moderate_profile_picks_its_287_controls(bringing: Bringing) -> None:
    whole = bringing.framework(bringing.bring(NIST))
    with pytest.raises(CatalogueError) as refused:
        bringing.bring(NIST_PROFILE)
    (mistake,) = refused.value.mistakes
    assert "NIST Special Publication 800-53 Revision 5: Security and Privacy Controls" in mistake.text
    assert mistake.mend.endswith(f"(source=…). '{whole.id}' holds 287 of its 287 ids.")
    incoming = bringing.bring(NIST_PROFILE, source=whole.id)
    framework = bringing.framework(incoming)
    picked = [one for one in framework.requirements if one.assessable]
    assert (incoming.format, len(picked), len(framework.requirements)) == ("oscal-profile", 287, 305)
    assert {one.through[0].requirement for one in picked} == {one.id for one in whole.requirements if one.assessable}
    assert {one.through[0].framework for one in picked} == {whole.id}
    assert {one.parent for one in picked} == {one.id for one in whole.requirements if not one.assessable}
    assert framework.by_id["ac-2.1"].text == whole.by_id["ac-2.1"].text
    assert incoming.warnings == ()


def test_the_high_risk_profile_of_the_act_picks_40_of_50(bringing: Bringing) -> None:
    whole = bringing.framework(bringing.bring(ACT))
    incoming = bringing.bring(ACT_PROFILE, source=whole.title)
    framework = bringing.framework(incoming)
    picked = [one.id for one in framework.requirements if one.assessable]
    assert (len(picked), picked[0], picked[-1]) == (40, "aia-1", "aia-99")
    assert "aia-26" in whole.by_id
    assert "aia-26" not in framework.by_id
    assert [one.text for one in incoming.warnings] == ["Left out (5): values of parameters. Texts stay as the catalog has them."]
    assert framework.dates_of("aia-19") == whole.dates_of("aia-19")


# -- the mapping -----------------------------------------------------------------------------------------------------


def test_the_mapping_with_all_its_737_pairs(bringing: Bringing, documents: Path) -> None:
    maps = raw(documents, CSF_MAPPING)["mapping-collection"]["mappings"][0]["maps"]
    pairs = {(one["id-ref"], other["id-ref"]) for entry in maps for one in entry["sources"] for other in entry["targets"]}
    assert (len(maps), len(pairs)) == (106, 737)
    source = bringing.framework(bringing.bring(CSF))
    targets = catalog(*(control(name.upper(), "It is.") for name in sorted({other for _, other in pairs})))
    bringing.take(read_document("all.json", json.dumps(targets).encode(), bringing.catalogue))
    incoming = bringing.bring(CSF_MAPPING, source=source.id, target="The catalog")
    (found,) = [one for one in bringing.catalogue.crosswalks if one.origin == incoming.addition.id]
    assert (found.id, found.relation) == ("nist-csf-v2-0-to-nist-sp-800-53-rev5", "superset-of")
    assert (found.source_framework, found.target_framework) == (source.id, "the-catalog")
    assert {(start, end.lower()) for start, ends in found.pairs.items() for end in ends} == pairs
    assert incoming.format == "oscal-mapping"
    assert [one.text for one in incoming.warnings] == [
        "The document names no party; its publisher is shown as “not stated”.",
        "'manual' is no method in OSCAL, which has human, automation, hybrid."]


def test_the_mapping_to_a_baseline_names_what_the_baseline_lacks(bringing: Bringing) -> None:
    source, target = (bringing.framework(bringing.bring(name)) for name in (CSF, NIST))
    incoming = bringing.bring(CSF_MAPPING, source=source.id, target=target.id)
    (found,) = [one for one in bringing.catalogue.crosswalks if one.origin == incoming.addition.id]
    assert sum(map(len, found.pairs.values())) == 556
    missing = [one for one in incoming.warnings if "has no requirement" in one.text]
    assert (len(missing), missing[0].file) == (
        73, f"{CSF_MAPPING} at mapping-collection.mappings[0].maps[1].targets[2].id-ref")
    assert missing[0].text == f"{target.id} has no requirement 'pm-16', which is named 6 times; that is left out."


def test_a_mapping_whose_frameworks_nobody_knows_says_which_would_fit(bringing: Bringing) -> None:
    source = bringing.framework(bringing.bring(CSF))
    with pytest.raises(CatalogueError) as refused:
        bringing.bring(CSF_MAPPING)
    first, second = told(refused.value.mistakes)
    assert first.startswith(f"{CSF_MAPPING} at mapping-collection.mappings[0].source-resource: The source of this mapping is "
                            "“catalogs/NIST_CSF_v2.0/catalog.json”")
    assert first.endswith(f"'{source.id}' holds 106 of its 106 ids.")
    assert "target-resource: The target of this mapping is “catalogs/NIST_SP-800-53_rev5/catalog.json”" in second


# -- everything else -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "model"), [
    ("nist_example-component-definition.json", "component-definition"),
    ("nist_ifa_assessment-plan-example.json", "assessment-plan"),
    ("nist_ifa_assessment-results-example.json", "assessment-results"),
    ("nist_ifa_plan-of-action-and-milestones.json", "plan-of-action-and-milestones"),
    ("nist_ifa_ssp-example.json", "system-security-plan"),
    ("olon_eu-ai-act_high-risk-provider_assessment-plan.json", "assessment-plan"),
])
def test_other_models_are_refused_by_name(documents: Path, tiny: Catalogue, name: str, model: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        read_document(name, (documents / name).read_bytes(), tiny)
    assert told(refused.value.mistakes) == [
        f"{name} at {model}: This is an OSCAL {model}, which declares no requirements. "
        "Bring a catalog, a profile or a mapping-collection."]


def test_every_document_of_the_folder_is_tried_here(documents: Path) -> None:
    tried = {NIST, NIST_PROFILE, CSF, CSF_MAPPING, ACT, ACT_PROFILE, BASIC}
    others = {path.name for path in documents.glob("*.json")} - tried
    assert len(others) == 6, "those that the test above refuses"


def test_what_is_kept_of_an_addition_gives_the_same_catalogue(bringing: Bringing) -> None:
    bringing.bring(NIST)
    mistakes = Mistakes()
    kept = [from_body(body_of(one.addition), mistakes) for one in bringing.came]
    assert mistakes.sorted() == []
    assert bringing.loaded([one for one in kept if one]).digest == bringing.catalogue.digest


def test_287_controls_come_in_well_under_three_seconds(documents: Path, shipped: Catalogue) -> None:
    data = (documents / NIST).read_bytes()
    began = time.perf_counter()
    incoming = read_document(NIST, data, shipped)
    load(CONTROLS, [incoming.addition])
    assert time.perf_counter() - began < 3
