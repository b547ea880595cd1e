"""What the tests of the evidence room share: a vault in a fresh folder, golden files and the reference
samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from govern.evidence.reading import BoundedReader, Bounds
from govern.evidence.vault import FileVault

HERE = Path(__file__).parent


@pytest.fixture
def vault(tmp_path: Path) -> FileVault:
    return FileVault(tmp_path / "vault")


@pytest.fixture(scope="session")
def golden() -> Path:
    return HERE / "golden"


@pytest.fixture(scope="session")
def samples(shared: Path) -> Path:
    return shared / "samples"


@pytest.fixture(scope="session")
def reader() -> Iterator[BoundedReader]:
    one = BoundedReader(Bounds(wall=30.0, processor=20))
    yield one
    one.close()
