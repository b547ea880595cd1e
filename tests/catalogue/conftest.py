"""The shipped catalogue, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    """The catalogue of this checkout."""
    return load(Path(__file__).parents[2] / "controls")
