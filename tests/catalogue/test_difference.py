"""What one catalogue changes against another."""

from __future__ import annotations

from pathlib import Path

import pytest

from govern.catalogue.difference import Change, difference
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.catalogue.show_changes import show_changes
from tests.catalogue.tiny import FILES, lay_out

GOV, LAW, MAP = "library/gov.yaml", "frameworks/law-1.yaml", "mappings/law-1.yaml"


@pytest.fixture
def tiny(tmp_path: Path) -> Catalogue:
    return load(lay_out(tmp_path / "before"))


def changed(tmp_path: Path, name: str, there: str, instead: str) -> Catalogue:
    assert there in FILES[name]
    return load(lay_out(tmp_path / "after", {name: FILES[name].replace(there, instead, 1)}))


def test_the_same_catalogue_changes_nothing(tiny: Catalogue, tmp_path: Path) -> None:
    found = difference(tiny, load(lay_out(tmp_path / "again")))
    assert (found.parts, found.controls) == ((), frozenset())
    assert show_changes(found) == ["Nothing changes."]


@pytest.mark.parametrize(("name", "there", "instead", "part", "id_", "parts"), [
    (GOV, "objective: There is a policy.", "objective: There are policies.", "controls", "GOV-01", ("objective",)),
    (GOV, "question: Has leadership approved it?", "question: Is it approved?", "controls", "GOV-01", ("what it asks for",)),
    (GOV, "guidance: Scan before each release.", "guidance: Scan daily.", "controls", "GOV-02", ("guidance",)),
    (GOV, "threats: [drift]", "threats: []", "controls", "GOV-02", ("who and what for",)),
    (MAP, "why: Scans are the other half of care.", "why: Scans help.", "controls", "GOV-02", ("mappings",)),
    (MAP, "why: Nobody can prove to be good.", "why: Hard.", "frameworks", "law-1", ("gaps",)),
    (LAW, "version: '1'", "version: '2'", "frameworks", "law-1", ("version",)),
    (LAW, "gist: Be careful.", "gist: Take care.", "requirements", "law-1 A.1", ("gist",)),
    ("traits.yaml", "question: Does it act?", "question: Acts it?", "traits", "agentic", ("question",)),
    ("baselines.yaml", "meaning: The least.", "meaning: Least.", "baselines", "starter", ("meaning",)),
    ("tolerances.yaml", "{open-findings: 3}", "{open-findings: 4}", "tolerances", "open", ("limits",)),
    ("kinds/policy.yaml", "fresh_days: 365", "fresh_days: 30", "kinds of evidence", "policy", ("fresh days",)),
])
def test_a_change_names_the_thing_and_its_part(tiny: Catalogue, tmp_path: Path, name: str, there: str, instead: str,
                                               part: str, id_: str, parts: tuple[str, ...]) -> None:
    found = difference(tiny, changed(tmp_path, name, there, instead))
    assert [one.part for one in found.parts] == [part]
    [one] = found.part(part).changed
    assert (one.id, one.parts) == (id_, parts)
    assert found.controls == ({id_} if part == "controls" else frozenset())


def test_new_and_gone(tiny: Catalogue, tmp_path: Path) -> None:
    other = changed(tmp_path, GOV, "    title: Policy in force", "    title: Policy in force")
    without = type(other)(**{**vars_of(other), "controls": {"GOV-02": other.controls["GOV-02"]}, "digest": "other"})
    gone = difference(tiny, without)
    assert gone.part("controls").gone == (Change("GOV-01", "Policy in force"),)
    assert difference(without, tiny).part("controls").new == (Change("GOV-01", "Policy in force"),)
    assert show_changes(gone) == [f"From {tiny.digest}", "to   other", "", "controls: 0 new, 0 changed, 1 gone",
                                  "  - GOV-01  Policy in force"]


def vars_of(catalogue: Catalogue) -> dict[str, object]:
    """The fields of a catalogue, without what it remembers of its own reckoning."""
    return {name: getattr(catalogue, name) for name in Catalogue.__dataclass_fields__}
