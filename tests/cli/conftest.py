"""An installation to run commands in: initialised once, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from govern.cli.main import cli

Run = Callable[..., Result]


def run_in(data: Path, *arguments: str, answer: str = "") -> Result:
    """Run `govern` with its data in a folder; `answer` is typed where it asks."""
    return CliRunner().invoke(cli, arguments, input=answer, env={"GOVERN_DATA": str(data), "GOVERN_ORGANISATION": "The insurer"})


@pytest.fixture(scope="session")
def _initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("installation") / "data"
    result = run_in(data, "init")
    assert result.exit_code == 0, result.output
    return data


@pytest.fixture
def run(_initialised: Path, tmp_path: Path) -> Run:
    """Runs `govern` in an installation of the test's own."""
    data = tmp_path / "data"
    shutil.copytree(_initialised, data)

    def invoke(*arguments: str, answer: str = "") -> Result:
        return run_in(data, *arguments, answer=answer)

    return invoke
