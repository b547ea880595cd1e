"""Our own small files, in realistic shapes, against findings that were checked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govern.evidence.readers import read_file
from govern.evidence.reading_wire import to_wire

GOLDEN = Path(__file__).parents[1] / "golden"
FILES = sorted(file for file in GOLDEN.iterdir() if not file.name.endswith(".expected.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_reads_as_expected(file: Path) -> None:
    expected = json.loads(file.with_name(f"{file.name}.expected.json").read_text(encoding="utf-8"))
    found = to_wire(read_file(file, file.name))
    found["findings"] = json.loads(found["findings"])
    assert found == expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_name_does_not_decide(file: Path) -> None:
    assert read_file(file, "holiday.png") == read_file(file, file.name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encoding_does_not_matter(file: Path, encoding: str, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text(file.read_text(encoding="utf-8"), encoding=encoding, newline="\r\n")
    assert read_file(other, file.name) == read_file(file, file.name)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_cut_anywhere_never_states_less_than_the_truth_as_whole(file: Path, tmp_path: Path) -> None:
    data = file.read_bytes().rstrip()
    whole = read_file(file, file.name)
    cut = tmp_path / "cut"
    for end in range(1, len(data), max(1, len(data) // 150)):
        cut.write_bytes(data[:end])
        reading = read_file(cut, file.name)
        if reading.findings is None:
            assert reading.problem
            assert "ends in the middle" in reading.problem
            assert "byte" in reading.problem
            assert "export it again" in reading.problem
        else:
            # Only files of lines have places where a cut leaves whole JSON, and then the run shows no end.
            assert file.name.endswith(".jsonl")
            at_a_line_end = data[:end].endswith(b"}")
            assert at_a_line_end
            assert reading.findings.stated.get("complete") is not True or b'"completion"' in data[:end]
            assert reading.findings.stated["tool"] == whole.findings.stated["tool"]  # type: ignore[union-attr]
