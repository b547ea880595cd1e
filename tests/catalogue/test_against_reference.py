"""The shipped catalogue held against the reference data beside the checkout, id by id."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from govern.catalogue.objects import Catalogue, Due, Relation

pytestmark = pytest.mark.shared

FILES = {
    "agentic-ai-adoption-2026": "agentic-ai-adoption-2026", "ai-data-security-2025": "ai-data-security-2025",
    "deploying-ai-securely-2024": "deploying-ai-securely-2024", "enisa-ml-algorithms-2021": "enisa-ml-algorithms-2021",
    "eu-ai-act-article-15": "eu-ai-act-article-15", "eu-ai-act-high-risk": "eu-ai-act-high-risk",
    "g7-sbom-for-ai-2026": "g7-sbom-for-ai-2026", "iso-42001-2023-annex-a": "iso-42001-2023-annex-a",
    "mitre-atlas-5.6.0": "mitre-atlas-5.6.0", "nist-ai-100-2e2025": "nist-ai-100-2e2025", "nist-ai-600-1": "nist-ai-600-1",
    "nist-ai-rmf-1.0": "nist-ai-rmf-1.0", "nist-sp-800-218a": "nist-sp-800-218a",
    "owasp-agentic-2026": "owasp-agentic-top10-2026", "owasp-llm-2025": "owasp-llm-top10-2025",
    "owasp-llm-2026": "owasp-llm-top10-2026", "owasp-mcp-2025": "owasp-mcp-top10-2025",
    "secure-ai-guidelines-2023": "secure-ai-guidelines-2023",
}
"""Every framework and the file of the reference data that it comes from."""
COLUMNS = {"nist-ai-rmf-1.0": 4, "nist-sp-800-218a": 5, "secure-ai-guidelines-2023": 6, "eu-ai-act-article-15": 7,
           "eu-ai-act-high-risk": 7}
NEW = {"GOV-10", "GOV-11", "INV-05", "RSK-09", "RSK-10", "DAT-10", "DAT-11", "DAT-12", "DAT-13", "DAT-14", "DAT-15", "MOD-08",
       "MOD-09", "MOD-10", "MOD-11", "SUP-07", "SUP-08", "DEV-10", "DEV-11", "DEV-12", "EVA-12", "EVA-13", "EVA-14", "DEP-07",
       "DEP-08", "DEP-09", "DEP-10", "DEP-11", "ACC-07", "ACC-08", "ACC-09", "ACC-10", "IOC-09", "IOC-10", "MON-08", "MON-09",
       "INC-09", "INC-10", "INC-11", "HUM-06", "TRN-04", "DOC-08", "DOC-09", "DOC-10", "CHG-05", "DEC-04"}
"""Controls that close what the reference left open."""
STAGES = {"Ds": "design", "Dv": "development", "Ev": "evaluation", "Dp": "deployment", "Op": "operation",
          "Dc": "decommissioning"}
RELATIONS = {"=": Relation.EQUAL, "<": Relation.SUBSET, ">": Relation.SUPERSET, "~": Relation.INTERSECTS}
FUNCTIONS = {"G": "GOVERN", "MP": "MAP", "MS": "MEASURE", "MG": "MANAGE"}


@pytest.fixture(scope="module")
def evidence(shared: Path) -> dict[str, Any]:
    """evidence-requirements.yaml."""
    loaded = yaml.safe_load((shared / "reference/evidence-requirements.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def rows(shared: Path) -> dict[str, list[str]]:
    """The rows of the control tables of mapping-notes.md, as cells, by control."""
    notes = (shared / "reference/mapping-notes.md").read_text(encoding="utf-8")
    tables = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in notes.splitlines()
              if re.match(r"\| [A-Z]{3}-\d\d \| \*\*", line)]
    assert len(tables) == 120
    return {cells[0]: cells for cells in tables}


def test_no_framework_is_missing(shipped: Catalogue, shared: Path) -> None:
    there = {path.stem for path in (shared / "reference/frameworks").glob("*.yaml")}
    assert set(FILES.values()) == there
    assert set(shipped.frameworks) == set(FILES)


def reference_of(shared: Path, name: str) -> dict[str, Any]:
    """The reference data of a framework."""
    loaded = yaml.safe_load((shared / f"reference/frameworks/{FILES[name]}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("name", FILES)
def test_each_framework_id_by_id(shipped: Catalogue, shared: Path, name: str) -> None:
    reference = reference_of(shared, name)
    framework = shipped.frameworks[name]
    assert (framework.title, framework.publisher) == (reference["title"], reference["publisher"])
    assert (framework.version, framework.date) == (str(reference["version"]), str(reference["date"]))
    assert (framework.source["document"], framework.source["url"]) == (
        reference["source"]["document"], reference["source"]["url"])
    ours = [(one.id, one.parent, one.title, one.official, one.gist, one.assessable, one.priority)
            for one in framework.requirements]
    theirs = [(one["id"], one["parent"], one["title"], one["title_is"] == "official", one["gist"] or "",
               one["assessable"] or one.get("level") == "mitigation", one.get("ai_specific", {}).get("priority"))
              for one in reference["requirements"]]
    assert ours == theirs


def test_each_action_of_the_generative_profile_goes_through_its_subcategory(shipped: Catalogue, shared: Path) -> None:
    theirs = {one["id"]: [("nist-ai-rmf-1.0", one["ai_rmf_subcategory"])]
              for one in reference_of(shared, "nist-ai-600-1")["requirements"] if one["assessable"]}
    ours = {one.id: [(target.framework, target.requirement) for target in one.through]
            for one in shipped.frameworks["nist-ai-600-1"].requirements if one.assessable}
    assert ours == theirs
    assert len(ours) == 212


def test_the_tags_of_actions_name_their_risks(shipped: Catalogue, shared: Path) -> None:
    for one in reference_of(shared, "nist-ai-600-1")["requirements"]:
        assert list(shipped.frameworks["nist-ai-600-1"].by_id[one["id"]].tags) == one.get("risks", [])


def test_the_dates_of_the_eu_act_before_and_after_its_amendment(shipped: Catalogue) -> None:
    for name in ("eu-ai-act-high-risk", "eu-ai-act-article-15"):
        dates = {one.id: (one.before, one.applies_from) for one in shipped.frameworks[name].dates}
        assert dates["annex-iii"] == ("2026-08-02", "2027-12-02")
        assert dates["annex-i"] == ("2027-08-02", "2028-08-02")
    framework = shipped.frameworks["eu-ai-act-high-risk"]
    assert [one.id for one in framework.dates_of("9(2)(a)")] == ["annex-iii", "annex-i"]
    assert [one.id for one in framework.dates_of("4(1)")] == ["literacy"]
    assert all(framework.dates_of(one.id) for one in framework.requirements), "every duty says from when"


def test_each_crosswalk_pair_is_that_of_the_publisher(shipped: Catalogue, shared: Path) -> None:
    crosswalks = {one.id: dict(one.pairs) for one in shipped.crosswalks}
    tasks = reference_of(shared, "nist-sp-800-218a")["requirements"]
    assert crosswalks["nist-218a-references"] == {
        one["id"]: tuple(one["ai_specific"]["informative_references"]["nist_ai_rmf_1_0"]) for one in tasks
        if one.get("ai_specific") and one["ai_specific"]["informative_references"]["nist_ai_rmf_1_0"]}
    assert crosswalks["mitre-atlas-mitigations"] == {
        one["id"]: tuple(dict.fromkeys(one["mitigates"]))
        for one in reference_of(shared, "mitre-atlas-5.6.0")["requirements"] if one.get("mitigates")}
    assert crosswalks["owasp-llm-editions"] == {
        one["id"]: (one["predecessor"],) for one in reference_of(shared, "owasp-llm-2026")["requirements"]}


def test_each_kind(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    ours = [(kind.id, kind.meaning, kind.form, kind.fresh_days, kind.reviewer) for kind in shipped.kinds.values()]
    theirs = [(kind["id"], kind["meaning"], kind["form"], kind["fresh_days"], kind["reviewer"])
              for kind in evidence["kinds"]]
    assert ours == sorted(theirs)


def test_each_event(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    assert {event.id for event in shipped.events} == set(evidence["events"])


def test_each_ask(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    assert set(shipped.controls) == set(evidence["controls"]) | NEW
    for name in evidence["controls"]:
        control = shipped.controls[name]
        ours = [(ask.kinds, ask.about, ask.fresh_days, ask.due) for ask in control.asks]
        theirs = [(frozenset(one["any_of"]), one["about"], one["fresh_days"], Due(**one["due"]))
                  for one in evidence["controls"][name]["requirements"]]
        assert ours == theirs, name


def test_each_condition(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    """An ask has a condition where the reference has one, but for two that were judged anew."""
    judged_anew = {
        "DAT-03.2",  # there is nothing to check before a run where nothing is trained
        "MOD-07.1",  # here the condition switches the whole control
    }
    ours = {ask.id for ask in shipped.asks.values() if ask.when is not None and ask.control not in NEW}
    theirs = {f"{name}.{number}" for name, control in evidence["controls"].items()
              for number, one in enumerate(control["requirements"], 1) if "when" in one}
    assert ours ^ theirs == judged_anew
    assert shipped.controls["MOD-07"].applies is not None


def test_each_joint_set(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    """In the frameworks that the reference judged; one more set closes what it left open."""
    ours = {(framework.id, requirement): members for framework in shipped.frameworks.values()
            for requirement, members in framework.joint.items() if framework.id in COLUMNS}
    quality_management = ours.pop(("eu-ai-act-high-risk", "17(1)"))
    assert quality_management > {"GOV-01", "GOV-10"}
    assert ours == {(one["framework"], one["requirement"]): frozenset(one["controls"])
                    for one in evidence["complete_sets"]}


def test_title_objective_and_stages_of_each_control(shipped: Catalogue, rows: dict[str, list[str]]) -> None:
    for name in rows:
        control = shipped.controls[name]
        cell = re.fullmatch(r"\*\*(.+?)\.\*\* (.+)", rows[name][1])
        assert cell is not None, name
        assert (control.title, control.objective) == cell.groups(), name
        assert list(control.stages) == [STAGES[stage] for stage in rows[name][2].split()], name


def full_ids(cell: str, framework: str) -> dict[str, Relation]:
    """The ids of a cell of the tables, in full, with their relation; of the EU column those of one file."""
    found = {}
    for name, sign in re.findall(r"(\S+?)`([=<>~])`", cell):
        full = name
        if framework == "nist-ai-rmf-1.0":
            full = re.sub(r"^(MP|MS|MG|G)", lambda match: FUNCTIONS[match[0]] + " ", name)
        if framework.startswith("eu-") and name.startswith("15(") != (framework == "eu-ai-act-article-15"):
            continue
        found[re.sub(r"^IV\b", "AnnexIV", full)] = RELATIONS[sign]
    return found


CLOSED_LATER = {"9(4)", "16(l)", "17(1)", "17(1)(j)", "73(9)", "73(10)"}
"""Duties that the reference left open; controls that it knew may be mapped to these besides."""


@pytest.mark.parametrize("framework", COLUMNS)
def test_each_relation(shipped: Catalogue, rows: dict[str, list[str]], framework: str) -> None:
    for name, cells in rows.items():
        ours = {link.requirement: link.relation for link in shipped.controls[name].mappings
                if link.framework == framework}
        theirs = full_ids(cells[COLUMNS[framework]], framework)
        assert {id_: relation for id_, relation in ours.items() if id_ in theirs} == theirs, name
        assert set(ours) - set(theirs) <= CLOSED_LATER, name
