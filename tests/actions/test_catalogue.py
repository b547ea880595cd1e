"""Bringing additions beside the shipped catalogue, taking them out, and taking a newer shipped one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govern.actions.catalogue import (
    Origin,
    bring_addition,
    propose_addition,
    propose_removal,
    propose_upgrade,
    remove_addition,
    take_upgrade,
)
from govern.actions.verification import verify_everything
from govern.catalogue.additions import Addition, addition_of
from govern.catalogue.loader import load
from govern.catalogue.source import Mistakes
from govern.errors import CatalogueError, NotAllowed, NotFound, StaleForm
from govern.facts.audit import Action
from govern.folders import folder
from govern.records.tailoring import brought
from govern.records.work import Done
from tests.bank import CATALOGUE, Bank, recorded, refused

OWN_FRAMEWORK = {
    "id": "house-rules", "title": "House rules", "publisher": "The bank", "version": "1", "date": "2026", "status": "in force",
    "source": {"document": "House rules", "reference": "HR 1", "url": "https://example.org/rules"}, "wording": "Ours.",
    "strength_passes_down": False,
    "requirements": [{"id": "H.1", "parent": None, "level": "rule", "title": "Ask first", "title_is": "official",
                      "gist": "Ask before you deploy.", "assessable": True}],
}
OWN_MAPPING = {"framework": "house-rules", "mappings": [{"requirement": "H.1", "controls": [
    {"control": "DEP-01", "relation": "equal", "why": "The decision gate is where one asks before a release goes live."}]}]}
ORIGIN = Origin("yaml", "own.yaml")


def addition(name: str = "own", **sections: Any) -> Addition:
    """An addition with the house rules, mapped, unless given otherwise."""
    mistakes = Mistakes()
    given = sections or {"frameworks": [OWN_FRAMEWORK], "mappings": [OWN_MAPPING]}
    made = addition_of({"addition": name, "title": f"Addition {name}", **given}, "own.yaml", mistakes)
    assert made is not None
    assert mistakes.sorted() == []
    return made


def bring(bank: Bank, one: Addition, who: str = "officer") -> Done[str]:
    with bank.reading() as (connection, _):
        proposal = propose_addition(connection, one)
    return bring_addition(bank.office, bank.actors[who], one, ORIGIN, proposal, bank.tick())


def names(bank: Bank, at: int | None = None) -> list[str]:
    with bank.reading() as (connection, _):
        return [one.name for one in brought(connection, at)]


def test_an_addition_stands_beside_the_shipped_catalogue(bank: Bank) -> None:
    before = bank.head()
    done = bring(bank, addition())
    recorded(bank, done, Action.ADDITION_BRING, by=bank.actors["officer"], touched=["organisation"],
             wrote={"addition": 1, "catalogue": 1}, closed={"catalogue": 1})
    with bank.reading() as (connection, _):
        now, then = bank.office.catalogues.at(connection, None), bank.office.catalogues.at(connection, before)
        [kept] = brought(connection)
    assert now.digest == done.value
    assert now.frameworks["house-rules"].origin == "own"
    assert [control for control, _ in now.mapped["house-rules"]["H.1"]] == ["DEP-01"]
    assert set(load(folder("controls")).controls) == set(now.controls)
    assert then == CATALOGUE, "the past keeps its catalogue"
    assert (kept.title, kept.format, kept.filename, kept.brought_by) == (
        "Addition own", "yaml", "own.yaml", bank["officer"])


def test_bringing_it_again_takes_the_place_of_the_first(bank: Bank) -> None:
    bring(bank, addition())
    renamed = {**OWN_FRAMEWORK, "title": "House rules, second edition"}
    done = bring(bank, addition(frameworks=[renamed]))
    recorded(bank, done, Action.ADDITION_BRING, by=bank.actors["officer"], touched=["organisation"],
             wrote={"addition": 1, "catalogue": 1}, closed={"addition": 1, "catalogue": 1})
    with bank.reading() as (connection, _):
        now = bank.office.catalogues.at(connection, None)
    assert now.frameworks["house-rules"].title == "House rules, second edition"
    assert "house-rules" not in now.mapped


def test_two_additions_use_each_other_and_the_first_cannot_go(bank: Bank) -> None:
    bring(bank, addition("rules", frameworks=[OWN_FRAMEWORK]))
    bring(bank, addition("map", mappings=[OWN_MAPPING]))
    assert names(bank) == ["rules", "map"]
    with bank.reading() as (connection, _), pytest.raises(CatalogueError, match="There is no framework 'house-rules'"):
        propose_removal(connection, "rules")


def test_what_is_wrong_with_an_addition_is_told_with_its_path_and_nothing_is_recorded(bank: Bank) -> None:
    wrong = {**OWN_MAPPING, "mappings": [{"requirement": "H.1", "controls": [
        {"control": "DEP-99", "relation": "equal", "why": "There is no such control in the catalogue at all."}]}]}
    head = bank.head()
    with bank.reading() as (connection, _), pytest.raises(CatalogueError) as caught:
        propose_addition(connection, addition(frameworks=[OWN_FRAMEWORK], mappings=[wrong]))
    [mistake] = caught.value.mistakes
    assert mistake.file == "own.yaml at mappings[0].mappings[0].controls[0].control"
    assert mistake.text == "There is no control 'DEP-99'."
    assert bank.head() == head


def test_taking_it_out_leaves_the_past_as_it_was(bank: Bank) -> None:
    bring(bank, addition())
    with_it = bank.head()
    with bank.reading() as (connection, _):
        proposal = propose_removal(connection, "own")
    done = remove_addition(bank.office, bank.actors["officer"], "own", proposal, bank.tick())
    recorded(bank, done, Action.ADDITION_REMOVE, by=bank.actors["officer"], touched=["organisation"],
             wrote={"catalogue": 1}, closed={"addition": 1, "catalogue": 1})
    assert (names(bank), names(bank, with_it)) == ([], ["own"])
    with bank.reading() as (connection, _):
        assert "house-rules" in bank.office.catalogues.at(connection, with_it).frameworks
        assert "house-rules" not in bank.office.catalogues.at(connection, None).frameworks


def test_what_was_taken_out_can_be_brought_again(bank: Bank) -> None:
    bring(bank, addition())
    with bank.reading() as (connection, _):
        [first] = brought(connection)
        proposal = propose_removal(connection, "own")
    remove_addition(bank.office, bank.actors["officer"], "own", proposal, bank.tick())
    done = bring(bank, addition())
    recorded(bank, done, Action.ADDITION_BRING, by=bank.actors["officer"], touched=["organisation"],
             wrote={"addition": 1, "catalogue": 1}, closed={"catalogue": 1})
    with bank.reading() as (connection, _):
        [again] = brought(connection)
    assert (again.key, again.row == first.row) == (first.key, False), "the same thing, another row"
    assert verify_everything(bank.office, []).faults == ()


def test_an_upgrade_keeps_the_additions(bank: Bank, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bring(bank, addition())
    newer = tmp_path / "controls"
    for path in folder("controls").rglob("*.yaml"):
        copy = newer / path.relative_to(folder("controls"))
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8").replace("title: Release decision gate and phased rollout",
                                                                "title: Release gate"), encoding="utf-8")
    monkeypatch.setattr("govern.actions.catalogue.folder", lambda name: tmp_path / name)
    with bank.reading() as (connection, _):
        proposal = propose_upgrade(connection)
    done = take_upgrade(bank.office, bank.actors["officer"], proposal, bank.tick())
    recorded(bank, done, Action.CATALOGUE_UPGRADE, by=bank.actors["officer"], touched=["organisation"],
             wrote={"catalogue": 1}, closed={"catalogue": 1})
    with bank.reading() as (connection, _):
        now = bank.office.catalogues.at(connection, None)
    assert now.controls["DEP-01"].title == "Release gate"
    assert "house-rules" in now.frameworks


def test_what_was_looked_at_is_what_is_recorded_or_nothing(bank: Bank) -> None:
    with bank.reading() as (connection, _):
        seen = propose_addition(connection, addition("other", frameworks=[OWN_FRAMEWORK]))
    bring(bank, addition("first", mappings=[], frameworks=[{**OWN_FRAMEWORK, "id": "first-rules"}]))
    with refused(bank, StaleForm, "changed by somebody else"):
        bring_addition(bank.office, bank.actors["officer"], addition("other", frameworks=[OWN_FRAMEWORK]), ORIGIN, seen,
                       bank.tick())


@pytest.mark.parametrize("who", ["administrator", "owner", "reviewer", "auditor", "contributor", "nobody"])
def test_only_a_compliance_officer_keeps_the_catalogue(bank: Bank, who: str) -> None:
    with bank.reading() as (connection, _):
        proposal = propose_addition(connection, addition())
    with refused(bank, NotAllowed):
        bring_addition(bank.office, bank.actors[who], addition(), ORIGIN, proposal, bank.tick())
    with refused(bank, NotAllowed):
        take_upgrade(bank.office, bank.actors[who], proposal, bank.tick())


def test_what_is_not_there_cannot_be_taken_out(bank: Bank) -> None:
    with bank.reading() as (connection, _), pytest.raises(NotFound, match="no addition “own”"):
        propose_removal(connection, "own")
