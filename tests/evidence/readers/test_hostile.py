"""Files that were made to hurt: each gives a problem or is unknown; none raises, hangs or takes the machine's
memory.
"""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from govern.errors import Unreadable
from govern.evidence.readers import garak, read_file
from govern.evidence.readers.base import UNKNOWN, Budget, Limits, LinesReader, Reading, Recognised, Said
from govern.facts.findings import Findings

BILL = {"bomFormat": "CycloneDX", "specVersion": "1.6"}
INIT = {"entry_type": "init", "garak_version": "0.15.1", "run": "r", "start_time": "2026-01-01T00:00:00"}


def read(data: bytes, name: str = "x.json", limits: Limits | None = None) -> Reading:
    return read_file(io.BytesIO(data), name, limits=limits)


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": NaN}', "NaN"),
        (
            b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [], "components": []}',
            "stands twice",
        ),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 99999999999999999999}', "64 bits"),
        (rb'{"bomFormat": "CycloneDX", "specVersion": "1.6", "x": "\ud800"}', "surrogate"),
        (b'{"bomFormat": "CycloneDX", "components": ' + b'[{"components": ' * 5000, "deeper"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"na', "ends in the middle"),
        (b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "x": "\xff"}', "UTF-8"),
    ],
)
def test_document_is_recognised_and_refused(data: bytes, word: str) -> None:
    reading = read(data)
    assert (reading.recognised.format, reading.reader) == ("cyclonedx", "cyclonedx/1")
    assert reading.findings is None
    assert word in (reading.problem or "")


@pytest.mark.parametrize(
    "bad",
    [
        b'{"entry_type": "eval", "passed": NaN}',
        b'{"entry_type": "eval", "passed": 1, "passed": 2}',
        b'{"entry_type": "eval", "passed": 99999999999999999999}',
        rb'{"entry_type": "\udc00"}',
        b'{"entry_type": ' + b"[" * 3000 + b"]" * 3000 + b"}",
        b"{'entry_type': 1}",
        b'{"a": "\xff"}',
        b'{"entry_type": "eval"',
    ],
)
def test_bad_line_is_named(bad: bytes) -> None:
    reading = read(lines(INIT) + bad + b"\n" + lines(INIT))
    assert reading.recognised.format == "garak"
    assert reading.findings is None
    assert "line 2" in (reading.problem or "").casefold()


def test_too_many_values_never_take_memory() -> None:
    data = (
        json.dumps(BILL).encode()[:-1]
        + b', "x": {'
        + b",".join(b'"%d":0' % n for n in range(2_100_000))
        + b"}}"
    )
    tracemalloc.start()
    try:
        reading = read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "more than 2,000,000 values" in (reading.problem or "")
    assert peak < 4 * len(data)


def test_too_large_document_is_not_even_read() -> None:
    reading = read(json.dumps(BILL).encode() + b" " * 2000, limits=Limits(document=1000))
    assert reading.recognised.format == "cyclonedx"
    assert "larger" in (reading.problem or "")


def test_too_long_line() -> None:
    reading = read(lines(INIT) + b'{"entry_type": "' + b"x" * 3000 + b'"}\n', limits=Limits(line=2000))
    assert "A line is longer" in (reading.problem or "")


def test_time_runs_out() -> None:
    ticks = iter([0.0, 5.0, 12.0, 12.5])
    budget = Budget(Limits(seconds=12), clock=lambda: next(ticks))
    budget.check()
    budget.check()
    with pytest.raises(Unreadable, match="longer than the 12 seconds"):
        budget.check()
    assert "longer than the 0 seconds" in (read(lines(INIT, INIT), limits=Limits(seconds=0)).problem or "")


def test_archives_are_never_opened() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.report.jsonl", b"0" * 50_000_000)
    for data in (inner.getvalue(), gzip.compress(lines(INIT))):
        assert read(data, "run.report.jsonl") == Reading(UNKNOWN, None, None, "")


@pytest.mark.parametrize(
    "data",
    [
        b"\x00" * 100,
        b"hello",
        b"[link](https://example.com)",
        b"{{ template }}",
        b"# Title\n",
        b"\xff\xfe\x00\xd8",
        b"[1] a",
        b"<bom>",
        b'"text"',
        b"123",
        b"null",
        b"   ",
        b"\x7fELF",
        b"a: 1\n",
    ],
)
def test_what_is_no_json_is_unknown(data: bytes) -> None:
    assert read(data, "notes.txt") == Reading(UNKNOWN, None, None, "")


@pytest.mark.parametrize(
    "data",
    [
        b"[]",
        b"{}",
        b'{"results": []}',
        b'[{"a": 1}]',
        lines({"a": 1}, {"b": 2}),
        lines({"entry_type": "start"}, {"entry_type": "stop"}),
    ],
)
def test_other_json_is_unknown_and_no_problem(data: bytes) -> None:
    assert read(data) == Reading(UNKNOWN, None, None, "")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "empty"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12\n",
            "Git LFS pointer",
        ),
        (b'{"unknown": [1, 2', "ends in the middle"),
        (b'{"unknown": NaN}', "NaN"),
    ],
)
def test_faults_of_unknown_files(data: bytes, word: str) -> None:
    reading = read(data)
    assert reading.recognised == UNKNOWN
    assert word in (reading.problem or "")


def test_xml_bill_is_known_and_sent_back() -> None:
    reading = read(
        b'<?xml version="1.0"?>\n<bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1"/>', "b.xml"
    )
    assert reading.recognised.format == "cyclonedx"
    assert "XML" in (reading.problem or "")


def test_hidden_characters_do_not_reach_findings() -> None:
    component = {"type": "library", "name": "a\u202eb\u0000\nc", "version": "\u200b1" + "x" * 5000}
    findings = read(json.dumps({**BILL, "components": [component]}).encode()).findings
    assert findings is not None
    (row,) = findings.table("components")
    assert row["name"] == "ab c"
    assert len(str(row["version"])) == 300
    assert str(row["version"]).startswith("1xx")


def test_mistake_of_a_reader_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(lines: object, budget: Budget) -> Said:
        raise KeyError("oops")

    monkeypatch.setattr("govern.evidence.readers.LINES", (LinesReader("garak/1", garak.recognise, broken),))
    reading = read(lines(INIT))
    assert reading.recognised.format == "garak"
    assert "by its own mistake (KeyError)" in (reading.problem or "")


def test_surer_then_expected_then_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(name: str, kind: str, sure: int) -> LinesReader:
        return LinesReader(
            name,
            lambda first: Recognised(name, kind, sure, ""),
            lambda rows, budget: Said(Findings(kind, {})),
        )

    monkeypatch.setattr(
        "govern.evidence.readers.LINES", (one("a", "k1", 80), one("b", "k1", 90), one("c", "k2", 90))
    )
    data = io.BytesIO(lines({"a": 1}))
    assert read_file(data, "x").reader == "b"
    assert read_file(data, "x", "k2").reader == "c"
    assert read_file(data, "x", "k3").reader == "b"


def test_long_report_is_read_in_flat_memory(tmp_path: Path) -> None:
    attempt = {"entry_type": "attempt", "status": 1, "probe_classname": "dan.Dan", "prompt": "x" * 20_000}
    file = tmp_path / "long.jsonl"
    with file.open("wb") as out:
        out.write(lines(INIT))
        for number in range(1500):
            out.write(lines({**attempt, "uuid": f"u{number}", "seq": number}))
    tracemalloc.start()
    try:
        reading = read_file(file, "x")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reading.findings is not None
    assert reading.findings.stated["complete"] is False
    assert file.stat().st_size > 30_000_000
    assert peak < 3_000_000
