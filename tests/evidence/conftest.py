"""What the tests of the evidence room share: a vault in a fresh folder, golden files and the reference
samples.
"""

from __future__ import annotations

import os
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
def samples() -> Path:
    beside = os.environ.get("GOVERN_SHARED") or HERE.parents[1].parent / "shared"
    folder = Path(beside) / "samples"
    if not folder.is_dir():
        pytest.skip("the reference samples are not beside the checkout")
    return folder


@pytest.fixture(scope="session")
def reader() -> Iterator[BoundedReader]:
    one = BoundedReader(Bounds(wall=30.0, processor=20))
    yield one
    one.close()
