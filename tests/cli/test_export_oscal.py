"""`govern export oscal`: the catalogue in force as files that refer to each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.loader import load
from govern.errors import NotFound
from govern.folders import folder
from tests.cli.conftest import Run
from tests.web.additions import document


def written(path: Path) -> dict[str, Any]:
    """The one model of a file."""
    [model] = json.loads(path.read_text(encoding="utf-8")).values()
    assert isinstance(model, dict)
    return model


def test_each_model_is_written_to_the_file_that_is_named(run: Run, tmp_path: Path) -> None:
    shipped = load(folder("controls"))
    out = tmp_path / "out.json"
    result = run("export", "oscal", "catalog", "--out", str(out))
    assert (result.exit_code, result.output) == (0, f"{out}: OSCAL catalog of the catalogue {shipped.digest[:12]}.\n")
    catalog = written(out)
    assert [control["id"] for group in catalog["groups"] for control in group["controls"]] == list(shipped.controls)
    assert catalog["metadata"]["parties"][0]["name"] == "The insurer"
    assert run("export", "oscal", "profile", "--baseline", "starter", "--out", str(out)).exit_code == 0
    picked = set(written(out)["imports"][0]["include-controls"][0]["with-ids"])
    assert picked == next(one.controls for one in shipped.baselines if one.id == "starter")
    assert run("export", "oscal", "mapping", "--framework", "nist-ai-rmf-1.0", "--out", str(out)).exit_code == 0
    assert len(written(out)["mappings"][0]["maps"]) >= sum(map(len, shipped.mapped["nist-ai-rmf-1.0"].values()))


def test_without_a_name_the_file_is_called_as_the_others_refer_to_it(run: Run, tmp_path: Path,
                                                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("export", "oscal", "catalog")
    run("export", "oscal", "profile", "--baseline", "agentic")
    [profile] = tmp_path.glob("govern-profile-agentic-*.json")
    [resource] = written(profile)["back-matter"]["resources"]
    assert written(tmp_path / resource["rlinks"][0]["href"])["uuid"] == resource["uuid"]


def test_a_past_moment_gives_what_was_in_force_then(run: Run, tmp_path: Path) -> None:
    own = tmp_path / "house.json"
    own.write_bytes(document())
    run("catalogue", "import", str(own), "--yes")
    out = tmp_path / "out.json"
    groups = {}
    for at in ("1", "2"):
        assert run("export", "oscal", "catalog", "--at", at, "--out", str(out)).exit_code == 0
        groups[at] = [group["id"] for group in written(out)["groups"]]
    assert groups["2"] == [*groups["1"], "HSE"]


def test_what_is_missing_or_unknown_is_said_and_nothing_written(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    for arguments, words in ((("profile",), "A profile needs --baseline"), (("mapping",), "A mapping needs --framework"),
                             (("plan",), "is not one of")):
        result = run("export", "oscal", *arguments, "--out", str(out))
        assert result.exit_code == 2
        assert words in result.output
    for arguments in (("profile", "--baseline", "none"), ("mapping", "--framework", "none")):
        assert isinstance(run("export", "oscal", *arguments, "--out", str(out)).exception, NotFound)
    assert not out.exists()
