"""A tiny catalogue to bring things to."""

from __future__ import annotations

from pathlib import Path

import pytest

from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from tests.catalogue.tiny import lay_out


@pytest.fixture(scope="session")
def controls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny catalogue."""
    return lay_out(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def tiny(controls: Path) -> Catalogue:
    """The tiny catalogue: the framework law-1, the controls GOV-01 and GOV-02."""
    return load(controls)
