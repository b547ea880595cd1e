"""`govern catalogue`: counts, taking the shipped one, bringing additions and taking them out, each looked at first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.loader import load
from govern.catalogue.reach import figures
from govern.errors import CatalogueError, NotFound, answer_of
from govern.folders import folder
from tests.cli.conftest import Run
from tests.web.additions import FRAMEWORK, MAPPING, document


def own(place: Path, name: str = "house", **sections: Any) -> str:
    """A document to bring, as a file; gives its path."""
    path = place / f"{name}.json"
    path.write_bytes(document(name, **sections))
    return str(path)


def listed(run: Run) -> list[str]:
    """The additions in force."""
    return [one["id"] for one in json.loads(run("catalogue", "additions", "--json").output)]


# -- check -----------------------------------------------------------------------------------------------------------


def test_check_tells_counts_and_reach_to_programs(run: Run) -> None:
    result = run("catalogue", "check", "--json")
    assert result.exit_code == 0
    told, shipped = json.loads(result.output), load(folder("controls"))
    assert told["digest"] == shipped.digest
    assert (told["controls"], told["asks"]) == (len(shipped.controls), len(shipped.asks))
    assert [one["framework"] for one in told["frameworks"]] == list(shipped.frameworks)
    for one in told["frameworks"]:
        found = figures(shipped, shipped.frameworks[one["framework"]])
        assert (one["assessable"], one["by_one"], one["open"], one["gaps"]) == (
            found.assessable, found.by_one, list(found.open), dict(found.gaps))


def test_check_names_every_mistake_with_file_and_line(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "controls"
    for path in folder("controls").rglob("*.yaml"):
        target = copy / path.relative_to(folder("controls"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8").replace("status: in force", "status: perhaps"), encoding="utf-8")
    result = run("catalogue", "check", "--folder", str(copy))
    assert isinstance(result.exception, CatalogueError)
    assert answer_of(result.exception).exit_code == 78
    assert all("perhaps" in one.text for one in result.exception.mistakes)
    assert {one.file for one in result.exception.mistakes} <= {f"controls/frameworks/{path.name}"
                                                              for path in (copy / "frameworks").iterdir()}


# -- import, additions, remove ---------------------------------------------------------------------------------------


def test_an_addition_is_shown_brought_listed_and_taken_out(run: Run, tmp_path: Path) -> None:
    path = own(tmp_path)
    shown = run("catalogue", "import", path, answer="n\n")
    assert shown.exit_code == 0
    for line in ("frameworks: 1 new, 0 changed, 0 gone", "+ house-rules  House <rules>", "+ HSE-01  Customers are told",
                 "0 of 0 systems are touched.", "Bring “Rules of the house” beside the catalogue? [y/N]: n"):
        assert line in shown.output
    assert listed(run) == []
    assert "Nothing was brought" in run("catalogue", "additions").output
    brought = run("catalogue", "import", path, answer="y\n")
    assert "house is in force since entry 2." in brought.output
    assert listed(run) == ["house"]
    line = run("catalogue", "additions").output
    assert line.startswith("house  Rules of the house  (json, house.json, ")
    left = run("catalogue", "remove", "house", answer="n\n")
    assert "- house-rules  House <rules>" in left.output
    assert listed(run) == ["house"]
    gone = run("catalogue", "remove", "house", "--yes")
    assert "Taken out by entry 3." in gone.output
    assert listed(run) == []


def test_what_is_in_force_already_is_not_brought_again(run: Run, tmp_path: Path) -> None:
    path = own(tmp_path)
    run("catalogue", "import", path, "--yes")
    again = run("catalogue", "import", path, "--yes")
    assert again.output == "Nothing changes.\n"


def test_several_documents_may_build_on_each_other(run: Run, tmp_path: Path) -> None:
    rules, mapping = own(tmp_path, "rules", frameworks=[FRAMEWORK]), own(tmp_path, "mapping", mappings=[MAPPING])
    result = run("catalogue", "import", rules, mapping, "--yes")
    assert result.exit_code == 0
    assert sorted(listed(run)) == ["mapping", "rules"]
    refused = run("catalogue", "remove", "rules", "--yes")
    assert isinstance(refused.exception, CatalogueError)
    assert "There is no framework 'house-rules'." in str(refused.exception)
    assert sorted(listed(run)) == ["mapping", "rules"]


def test_a_document_with_mistakes_is_refused_whole(run: Run, tmp_path: Path) -> None:
    path = own(tmp_path, frameworks=[{**FRAMEWORK, "status": "perhaps"}])
    result = run("catalogue", "import", path, "--yes")
    assert isinstance(result.exception, CatalogueError)
    [mistake] = result.exception.mistakes
    assert mistake.file == "house.json at frameworks[0].status"
    assert listed(run) == []


def test_what_is_left_out_of_a_document_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "standard.json"
    path.write_text(json.dumps({"catalog": {"uuid": "0c3c0c9e-2b7e-4e8e-8f0e-0a1b2c3d4e5f", "metadata": {
        "title": "A standard", "last-modified": "2026-01-31T00:00:00Z", "version": "3", "oscal-version": "1.2.1"},
        "controls": [{"id": "c-1", "title": "One", "parts": [{"name": "odd", "prose": "?"}]}]}}))
    result = run("catalogue", "import", str(path), "--yes")
    assert result.exit_code == 0
    assert "Left out: standard.json at catalog.controls[0]" in result.stderr
    assert "+ a-standard  A standard" in result.stdout


def test_an_unknown_addition_cannot_be_taken_out(run: Run) -> None:
    result = run("catalogue", "remove", "none", "--yes")
    assert isinstance(result.exception, NotFound)


# -- upgrade ---------------------------------------------------------------------------------------------------------


def test_an_upgrade_is_shown_and_taken(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("catalogue", "upgrade").output == "Nothing changes.\n"
    for path in folder("controls").rglob("*.yaml"):
        target = tmp_path / "newer/controls" / path.relative_to(folder("controls"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8").replace("title: AI security testing", "title: Renewed testing"),
                          encoding="utf-8")
    monkeypatch.setattr("govern.actions.catalogue.folder", lambda name: tmp_path / "newer" / name)
    left = run("catalogue", "upgrade", answer="n\n")
    assert "~ EVA-04  Renewed testing (title)" in left.output
    assert "Put it in force? [y/N]: n" in left.output
    taken = run("catalogue", "upgrade", answer="y\n")
    assert "In force since entry 2." in taken.output
    assert run("catalogue", "upgrade", "--yes").output == "Nothing changes.\n"


@pytest.mark.parametrize("command", ["check", "show", "upgrade", "import", "additions", "remove"])
def test_each_command_has_help_with_an_example(run: Run, command: str) -> None:
    assert f"Example: govern catalogue {command}" in run("catalogue", command, "--help").output
