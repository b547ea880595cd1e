"""Changing the catalogue in the browser: looked at first, worked out again, and recorded only as it was looked at."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.systems import register_system
from govern.catalogue.loader import load
from govern.facts.audit import Action
from tests.web.additions import (
    DOMAIN,
    FRAMEWORK,
    MAPPING,
    additions,
    bring,
    choose,
    document,
    head,
    hidden,
    how,
    nothing_recorded,
    parsed_once,
    ship,
)
from tests.web.conftest import World, described
from tests.web.test_frameworks import statements

__all__ = ["parsed_once"]


# -- taking the shipped catalogue ------------------------------------------------------------------------------------


def test_an_upgrade_is_looked_at_and_put_in_force(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ship(world, monkeypatch, tmp_path, eva=("title: AI security testing", "title: Renewed testing"))
    officer = world.browser("compliance-officer")
    page = html.unescape(officer.text("/catalogue/upgrade"))
    assert '<a class="link" href="/controls/EVA-04">EVA-04</a> Renewed testing' in page
    assert "each is asked for the same as before" in page
    with nothing_recorded(world):
        fields = hidden(officer.text("/catalogue/upgrade"))
    assert fields["before"] == world.catalogue.digest
    answer = officer.post("/catalogue/upgrade", fields)
    assert (answer.status_code, answer.location) == (303, "/catalogue")
    assert how(world)[0] is Action.CATALOGUE_UPGRADE
    told = officer.text("/catalogue")
    assert f"in force since entry {head(world)}" in told
    assert "A newer catalogue waits" not in told
    assert f'data-copy="{fields["after"]}"' in told
    assert "Shipped catalogue taken" in told


def test_the_systems_that_it_touches_are_told_before_and_after(world: World, monkeypatch: pytest.MonkeyPatch,
                                                              tmp_path: Path) -> None:
    source = next(one for one in world.catalogue.controls.values() if one.domain == "EVA" and one.applies is None)
    ship(world, monkeypatch, tmp_path)
    path = tmp_path / "controls/library/eva.yaml"
    block = path.read_text(encoding="utf-8")
    start = block.index(f"id: {source.id}\n")
    path.write_text(block[:start] + block[start:].replace(
        "applies: null", "applies: {when: trait.agentic, because: The system acts.}", 1), encoding="utf-8")
    page = html.unescape(world.browser("compliance-officer").text("/catalogue/upgrade"))
    assert "of 2" in page
    for name in ("Claims assistant", "Support bot"):
        row = page[page.index(f"<strong>{name}</strong>"):]
        row = row[:row.index("</details>")]
        assert "1 control no longer asked for" in row
        assert source.title in row
        tally = row[row.index("Not applicable"):]
        before, after = re.findall(r">(\d+) <svg.*?<strong>(\d+)</strong>", tally, re.DOTALL)[0]
        assert int(after) == int(before) + 1


def test_nothing_waits_when_the_shipped_one_is_in_force(world: World) -> None:
    officer = world.browser("compliance-officer")
    page = officer.text("/catalogue/upgrade")
    assert "to the last character" in page
    assert "Put it in force" not in page
    digest = world.catalogue.digest
    with nothing_recorded(world):
        assert officer.post("/catalogue/upgrade", {"before": digest, "after": digest}).status_code == 303
    assert "in force already" in officer.text("/catalogue")


def test_what_was_not_looked_at_is_not_recorded(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    ship(world, monkeypatch, tmp_path / "one", eva=("title: AI security testing", "title: Renewed testing"))
    seen = hidden(officer.text("/catalogue/upgrade"))
    ship(world, monkeypatch, tmp_path / "two", eva=("title: AI security testing", "title: Other testing"))
    with nothing_recorded(world):
        for fields in (seen, {}, {**seen, "after": "0" * 64}):
            answer = officer.post("/catalogue/upgrade", fields)
            assert answer.status_code == 412
            assert "the catalogue was changed meanwhile" in answer.text
            assert "Other testing" in answer.text
            assert hidden(answer.text)["after"] not in ("", seen["after"])
    again = hidden(officer.post("/catalogue/upgrade", seen).text)
    assert officer.post("/catalogue/upgrade", again).status_code == 303


def test_another_catalogue_in_force_than_was_shown_stops_it(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The result would be the same, but what it changes is not what was looked at."""
    officer = world.browser("compliance-officer")
    ship(world, monkeypatch, tmp_path / "other", eva=("title: AI security testing", "title: Other testing"))
    other = load(tmp_path / "other/controls")
    ship(world, monkeypatch, tmp_path, eva=("title: AI security testing", "title: Renewed testing"))
    seen = hidden(officer.text("/catalogue/upgrade"))
    put_in_force(world.house.office, other, world.clock.now)
    with nothing_recorded(world):
        answer = officer.post("/catalogue/upgrade", seen)
    assert answer.status_code == 412
    assert hidden(answer.text) == {"before": other.digest, "after": seen["after"]}


def test_a_newer_catalogue_that_comes_along_with_an_addition_is_announced(world: World, monkeypatch: pytest.MonkeyPatch,
                                                                         tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    ship(world, monkeypatch, tmp_path, eva=("title: AI security testing", "title: Renewed testing"))
    choose(officer, document())
    page = officer.text("/catalogue/import/preview")
    assert "A newer catalogue comes along" in page
    assert "Renewed testing" in page
    assert "comes along" not in officer.text("/catalogue/upgrade")


def test_an_upgrade_that_clashes_with_an_addition_names_the_place(world: World, monkeypatch: pytest.MonkeyPatch,
                                                                 tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    gone = {**MAPPING, "mappings": [{"requirement": "H.1", "controls": [
        {"control": "DEC-01", "relation": "equal", "why": "The end of a system is asked about beforehand."}]}]}
    bring(officer, document(frameworks=[FRAMEWORK], mappings=[gone]))
    ship(world, monkeypatch, tmp_path)
    for path in (tmp_path / "controls").rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("DEC-01", "DEC-91"), encoding="utf-8")
    assert "and clashes" in officer.text("/catalogue")
    page = html.unescape(officer.text("/catalogue/upgrade"))
    assert "There is no control 'DEC-01'." in page
    assert "addition house at mappings[0]" in page
    assert "Put it in force" not in page
    with nothing_recorded(world):
        answer = officer.post("/catalogue/upgrade", {})
    assert answer.status_code == 422
    assert "There is no control" in html.unescape(answer.text)


# -- taking an addition out ------------------------------------------------------------------------------------------


def test_an_addition_is_taken_out_after_a_look(world: World) -> None:
    officer = world.browser("compliance-officer")
    bring(officer, document())
    page = html.unescape(officer.text("/catalogue/additions/house/remove"))
    assert "1 control no longer asked for" in page
    fields = hidden(page)
    assert fields["after"] == world.catalogue.digest
    with nothing_recorded(world):
        assert officer.post("/catalogue/additions/house/remove", {**fields, "after": "x"}).status_code == 412
    assert officer.post("/catalogue/additions/house/remove", fields).location == "/catalogue"
    assert (additions(world), how(world)[0]) == ([], Action.ADDITION_REMOVE)
    assert officer.get("/catalogue/additions/house").status_code == 404
    with nothing_recorded(world):
        for method in (officer.get, officer.post):
            assert method("/catalogue/additions/house/remove").status_code == 404


def test_an_addition_that_another_one_needs_stays(world: World) -> None:
    officer = world.browser("compliance-officer")
    bring(officer, document("rules", frameworks=[FRAMEWORK]))
    bring(officer, document("map", mappings=[MAPPING]))
    page = html.unescape(officer.text("/catalogue/additions/rules/remove"))
    assert "There is no framework 'house-rules'." in page
    with nothing_recorded(world):
        assert officer.post("/catalogue/additions/rules/remove", {}).status_code == 422
    assert sorted(additions(world)) == ["map", "rules"]


def test_queries_of_a_preview_do_not_grow_with_systems(world: World) -> None:
    officer = world.browser("compliance-officer")
    choose(officer, document(domains=[DOMAIN]))
    officer.text("/catalogue/import/preview")  # what is worked out once is worked out
    few = statements(world, officer, "/catalogue/import/preview")
    for number in range(15):
        register_system(world.house.office, OPERATOR, described(f"Bot {number:02}"), world.clock.now)
    assert statements(world, officer, "/catalogue/import/preview") == few
    assert officer.text("/catalogue/import/preview").count("1 control asked for newly") == 17


def test_many_systems_are_bounded_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govern.records.consequences.MOST", 1)
    officer = world.browser("compliance-officer")
    choose(officer, document(domains=[DOMAIN]))
    page = officer.text("/catalogue/import/preview")
    assert "The first 1 of 2 systems by name were looked at." in page
