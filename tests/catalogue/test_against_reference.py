"""The shipped catalogue held against the reference data beside the checkout, id by id."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from govern.catalogue.objects import Catalogue, Due, Relation

pytestmark = pytest.mark.shared

FRAMEWORKS = ["nist-ai-rmf-1.0", "nist-sp-800-218a", "secure-ai-guidelines-2023", "eu-ai-act-article-15"]
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


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_each_framework_id_by_id(shipped: Catalogue, shared: Path, name: str) -> None:
    reference = yaml.safe_load((shared / f"reference/frameworks/{name}.yaml").read_text(encoding="utf-8"))
    framework = shipped.frameworks[name]
    assert (framework.title, framework.publisher) == (reference["title"], reference["publisher"])
    assert (framework.version, framework.date) == (str(reference["version"]), str(reference["date"]))
    assert framework.source == {key: reference["source"][key] for key in ("document", "reference", "url")}
    ours = [(one.id, one.parent, one.title, one.official, one.gist, one.assessable, one.priority)
            for one in framework.requirements]
    theirs = [(one["id"], one["parent"], one["title"], one["title_is"] == "official", one["gist"],
               one["assessable"], one.get("ai_specific", {}).get("priority"))
              for one in reference["requirements"]]
    assert ours == theirs


def test_each_kind(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    ours = [(kind.id, kind.meaning, kind.form, kind.fresh_days, kind.reviewer) for kind in shipped.kinds.values()]
    theirs = [(kind["id"], kind["meaning"], kind["form"], kind["fresh_days"], kind["reviewer"])
              for kind in evidence["kinds"]]
    assert ours == sorted(theirs)


def test_each_event(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    assert {event.id for event in shipped.events} == set(evidence["events"])


def test_each_ask(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    assert set(shipped.controls) == set(evidence["controls"])
    for name, control in shipped.controls.items():
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
    ours = {ask.id for ask in shipped.asks.values() if ask.when is not None}
    theirs = {f"{name}.{number}" for name, control in evidence["controls"].items()
              for number, one in enumerate(control["requirements"], 1) if "when" in one}
    assert ours ^ theirs == judged_anew
    assert shipped.controls["MOD-07"].applies is not None


def test_each_joint_set(shipped: Catalogue, evidence: dict[str, Any]) -> None:
    ours = {(framework.id, requirement): members for framework in shipped.frameworks.values()
            for requirement, members in framework.joint.items()}
    assert ours == {(one["framework"], one["requirement"]): frozenset(one["controls"])
                    for one in evidence["complete_sets"] if one["framework"] in FRAMEWORKS}


def test_title_objective_and_stages_of_each_control(shipped: Catalogue, rows: dict[str, list[str]]) -> None:
    for name, control in shipped.controls.items():
        cell = re.fullmatch(r"\*\*(.+?)\.\*\* (.+)", rows[name][1])
        assert cell is not None, name
        assert (control.title, control.objective) == cell.groups(), name
        assert list(control.stages) == [STAGES[stage] for stage in rows[name][2].split()], name


def full_ids(cell: str, framework: str) -> dict[str, Relation]:
    """The ids of a cell of the tables, in full, with their relation; of the EU column Article 15 alone."""
    found = {}
    for name, sign in re.findall(r"(\S+?)`([=<>~])`", cell):
        full = name
        if framework == "nist-ai-rmf-1.0":
            full = re.sub(r"^(MP|MS|MG|G)", lambda match: FUNCTIONS[match[0]] + " ", name)
        if framework != "eu-ai-act-article-15" or name.startswith("15("):
            found[full] = RELATIONS[sign]
    return found


@pytest.mark.parametrize(("column", "framework"), list(enumerate(FRAMEWORKS, 4)))
def test_each_relation(
    shipped: Catalogue, rows: dict[str, list[str]], column: int, framework: str
) -> None:
    for name, control in shipped.controls.items():
        ours = {link.requirement: link.relation for link in control.mappings if link.framework == framework}
        assert ours == full_ids(rows[name][column], framework), name
