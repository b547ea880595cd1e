"""The reading process: the same readings as in this process, and whatever kills it costs one problem text."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from govern.errors import Unreadable
from govern.evidence.readers import read_file
from govern.evidence.reading import BoundedReader, Bounds, read_bounded, shared_reader
from govern.evidence.reading_wire import frame, from_wire, to_wire, unframe

MIB = 1024 * 1024


def pid_of(reader: BoundedReader) -> int:
    assert reader._child is not None
    return reader._child._process.pid


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.fixture
def report(golden: Path) -> Path:
    return golden / "garak-0.14.report.jsonl"


def slow_file(folder: Path, lines: int = 20_000) -> Path:
    """A report that keeps a reader busy: for about five seconds with 20,000 lines."""
    file = folder / "slow.jsonl"
    line = (
        json.dumps({"entry_type": "init", "garak_version": "0.15.1", "x": list(range(2000))}).encode() + b"\n"
    )
    with file.open("wb") as out:
        for _ in range(lines):
            out.write(line)
    return file


def test_reads_the_same_as_here(reader: BoundedReader, golden: Path) -> None:
    for file in sorted(golden.iterdir()):
        assert reader.read(file, file.name) == read_file(file, file.name)


def test_one_process_stays_warm(reader: BoundedReader, report: Path) -> None:
    reader.read(report, "x")
    pid = pid_of(reader)
    began = time.monotonic()
    for _ in range(10):
        assert reader.read(report, "x").findings is not None
    assert pid_of(reader) == pid
    assert time.monotonic() - began < 2.0


def test_killed_while_idle_is_not_noticed(report: Path) -> None:
    reader = BoundedReader()
    try:
        reader.read(report, "x")
        pid = pid_of(reader)
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        assert reader.read(report, "x").findings is not None
        assert pid_of(reader) != pid
    finally:
        reader.close()


def test_killed_while_reading_is_a_problem(tmp_path: Path, report: Path) -> None:
    reader = BoundedReader()
    try:
        reader.read(report, "x")
        pid = pid_of(reader)
        slow = slow_file(tmp_path)
        threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
        reading = reader.read(slow, "slow.jsonl")
        assert reading.findings is None
        assert reading.recognised.format == "garak"
        assert "Reading was stopped" in (reading.problem or "")
        assert "kept" in (reading.problem or "")
        assert reader.read(report, "x").findings is not None
    finally:
        reader.close()


def test_stopped_when_it_takes_too_long(tmp_path: Path) -> None:
    reader = BoundedReader(Bounds(wall=1.0))
    try:
        reader.warm()
        pid = pid_of(reader)
        os.kill(pid, signal.SIGSTOP)
        began = time.monotonic()
        reading = reader.read(slow_file(tmp_path), "slow.jsonl")
        assert time.monotonic() - began < 4.0
        assert "longer than is allowed" in (reading.problem or "")
        assert reading.recognised.format == "garak"
        assert gone(pid)
    finally:
        reader.close()


def test_reader_itself_notices_the_time(tmp_path: Path) -> None:
    reader = BoundedReader(Bounds(wall=0.6))
    try:
        reader.warm()
        time.sleep(0.4)
        reading = reader.read(slow_file(tmp_path), "slow.jsonl")
        assert reading.findings is None
        assert "longer than" in (reading.problem or "")
    finally:
        reader.close()


def test_processor_time_is_bounded(tmp_path: Path) -> None:
    reader = BoundedReader(Bounds(processor=0, wall=60))
    try:
        reading = reader.read(slow_file(tmp_path), "slow.jsonl")
        assert "processor time" in (reading.problem or "")
    finally:
        reader.close()


def test_processor_time_is_counted_for_each_file(tmp_path: Path, report: Path) -> None:
    reader = BoundedReader(Bounds(processor=2, wall=60))
    try:
        slow = slow_file(tmp_path, lines=3_000)
        for _ in range(5):
            assert reader.read(slow, "x").findings is not None
        assert reader.read(report, "x").problem is None
    finally:
        reader.close()


def test_memory_is_bounded(tmp_path: Path) -> None:
    file = tmp_path / "wide.json"
    file.write_bytes(b'{"bomFormat": "CycloneDX", "x": [' + b'{"a":[0]},' * 600_000 + b"0]}")
    reader = BoundedReader(Bounds(memory=150 * MIB))
    try:
        reading = reader.read(file, "wide.json")
        assert reading.findings is None
        assert reading.recognised.format == "cyclonedx"
        assert "memory" in (reading.problem or "")
    finally:
        reader.close()


def test_hostile_files_in_a_row(tmp_path: Path, reader: BoundedReader, report: Path) -> None:
    hostile = {
        "deep": b"[" * 5_000_000,
        "bytes": os.urandom(100_000),
        "empty": b"",
        "bom": b"\xff\xfe" + b"{\x00" * 9999,
        "wide": b"[" + b"[]," * 3_000_000,
        "nan": b'{"bomFormat": "CycloneDX", "a": NaN}',
    }
    for name, data in hostile.items():
        file = tmp_path / name
        file.write_bytes(data)
        assert reader.read(file, name).findings is None
        assert reader.read(report, "x").findings is not None


def test_file_that_is_not_there(tmp_path: Path, reader: BoundedReader) -> None:
    assert "could not be read" in (reader.read(tmp_path / "none", "x").problem or "")


def test_process_cannot_write_and_knows_no_secret(monkeypatch: pytest.MonkeyPatch, report: Path) -> None:
    monkeypatch.setenv("GOVERN_SECRET_KEY", "canary")
    reader = BoundedReader()
    try:
        reader.read(report, "x")
        folder = Path(f"/proc/{pid_of(reader)}")
        if not folder.is_dir():
            pytest.skip("this system shows no /proc")
        assert b"canary" not in (folder / "environ").read_bytes()
        limits = (folder / "limits").read_text()
        assert "Max file size             0" in limits
        assert f"Max address space         {1024 * MIB}" in limits
    finally:
        reader.close()


def test_replaced_after_a_number_of_files(report: Path) -> None:
    reader = BoundedReader(Bounds(files=2))
    try:
        reader.read(report, "x")
        first = pid_of(reader)
        reader.read(report, "x")
        assert pid_of(reader) != first
        assert gone(first)
        assert reader.read(report, "x").findings is not None
    finally:
        reader.close()


def test_shared_between_threads(reader: BoundedReader, golden: Path) -> None:
    files = sorted(golden.iterdir())
    wrong: list[str] = []

    def work(file: Path) -> None:
        if reader.read(file, file.name) != read_file(file, file.name):
            wrong.append(file.name)

    threads = [threading.Thread(target=work, args=(file,)) for file in files]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert wrong == []


def test_waiting_has_an_end(report: Path) -> None:
    reader = BoundedReader(Bounds(wall=0.2))
    with reader._lock:
        assert "waiting to be read" in (reader.read(report, "x").problem or "")


def test_after_a_fork_each_side_has_its_own(report: Path) -> None:
    reader = BoundedReader()
    try:
        reader.read(report, "x")
        pid = pid_of(reader)
        forked = os.fork()
        if forked == 0:
            ok = reader.read(report, "x").findings is not None and pid_of(reader) != pid
            reader.close()
            os._exit(0 if ok else 1)
        assert os.waitpid(forked, 0)[1] == 0
        assert reader.read(report, "x").findings is not None
        assert pid_of(reader) == pid
    finally:
        reader.close()


def test_close_ends_it_and_reading_begins_again(report: Path) -> None:
    reader = BoundedReader()
    reader.warm()
    pid = pid_of(reader)
    reader.close()
    assert gone(pid)
    assert reader.read(report, "x").findings is not None
    reader.close()


def test_read_bounded(reader: BoundedReader, report: Path) -> None:
    assert read_bounded(report, "x", reader=reader).findings is not None
    assert shared_reader() is shared_reader()
    assert read_bounded(report, "x").findings is not None
    shared_reader().close()


def test_wire_and_back(golden: Path) -> None:
    for file in golden.iterdir():
        reading = read_file(file, file.name)
        data = frame(to_wire(reading))
        rest = [data]

        def take(count: int, rest: list[bytes] = rest) -> bytes:
            piece, rest[0] = rest[0][:count], rest[0][count:]
            return piece

        assert from_wire(unframe(take)) == reading
        assert rest == [b""]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"findings": "x"},
        {"findings": None, "recognised": 3},
        {"findings": "{}", "recognised": {}, "problem": None},
    ],
)
def test_wire_refuses_nonsense(content: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        from_wire(content)


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02[]", b"\x00\x00\x00\x02{x"])
def test_frames_refuse_nonsense(data: bytes) -> None:
    rest = [data]

    def take(count: int) -> bytes:
        piece, rest[0] = rest[0][:count], rest[0][count:]
        return piece

    with pytest.raises(Unreadable):
        unframe(take)


def test_a_fork_while_somebody_reads_does_not_wait_for_ever(report: Path) -> None:
    reader = BoundedReader(Bounds(wall=5.0))
    with reader._lock:
        forked = os.fork()
        if forked == 0:
            ok = reader.read(report, "x").findings is not None
            reader.close()
            os._exit(0 if ok else 1)
        assert os.waitpid(forked, 0)[1] == 0
