"""Power goes at any moment: a writer is killed again and again, and what it acknowledged is there, whole and provable."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from govern.actions.office import Office
from govern.actions.verification import sweep, verify_everything
from govern.clock import system_clock
from govern.evidence.vault import FileVault
from govern.facts.moments import DAY
from govern.records.catalogues import Catalogues
from govern.records.moments import head_position
from govern.records.store import Store, engine_at
from govern.records.tables.evidence import ReviewRow, VersionRow
from tests.bank import open_bank

ROUNDS, SECONDS, AT_LEAST = 12, 25.0, 5
ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path: Path, _empty_sqlite: Path) -> Path:
    """A data folder with an empty database."""
    shutil.copyfile(_empty_sqlite, tmp_path / "govern.db")
    return tmp_path


def opened(place: Path) -> Office:
    """As a server does when it starts."""
    return Office(Store(engine_at(f"sqlite:///{place / 'govern.db'}")), FileVault(place / "vault"), Catalogues())


class Writer:
    """A running writer and what it has acknowledged."""

    def __init__(self, place: Path, keys: dict[str, str], number: int) -> None:
        self.said: list[dict[str, Any]] = []
        self.ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.durability.writer", f"sqlite:///{place / 'govern.db'}", str(place / "vault"),
             str(number)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(keys).encode())
        self._process.stdin.close()
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith(b"\n"):  # a line cut off by the kill acknowledges nothing
                self.said.append(json.loads(line))
                self.ready.set()

    def kill(self) -> None:
        """kill -9, then hear out what was said before."""
        os.kill(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._reading.join()
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        complaint = self._process.stderr.read().decode()
        self._process.stdout.close()
        self._process.stderr.close()
        assert (code, complaint) == (-signal.SIGKILL, ""), "it ran until it was killed"


@pytest.fixture
def bank_keys(place: Path) -> dict[str, str]:
    """A bank in the data folder; what the writer must know of it."""
    office = opened(place)
    bank = open_bank(office.store, place / "vault", system_clock() - DAY)
    office.store.engine.dispose()
    return {name: bank[name] for name in ("owner", "reviewer", "scoring")}


def check(place: Path, said: list[dict[str, Any]]) -> int:
    """Start again: everything verifies, and every acknowledged write is there with its bytes. Gives the head."""
    office = opened(place)
    try:
        found = verify_everything(office, [])
        assert found.faults == ()
        with office.store.reading() as connection:
            head = head_position(connection)
            versions = {row.key: (row.sha256, row.since) for row in connection.execute(
                select(VersionRow.key, VersionRow.sha256, VersionRow.since))}
            reviews = {row.key: (row.version, row.since) for row in connection.execute(
                select(ReviewRow.key, ReviewRow.version, ReviewRow.since))}
        for one in said:
            if "sha256" in one:
                assert versions[one["version"]] == (one["sha256"], one["entry"])
            elif "review" in one:
                assert reviews[one["review"]] == (one["of"], one["entry"])
        assert found.blobs == len({sha256 for sha256, _ in versions.values()})
        assert all(office.vault.has(sha256) for sha256, _ in versions.values())
        return head
    finally:
        office.store.engine.dispose()


def test_killed_at_random_moments_nothing_acknowledged_is_lost(place: Path, bank_keys: dict[str, str]) -> None:
    chance, began = random.Random(), time.monotonic()
    said: list[dict[str, Any]] = []
    rounds = writes = 0
    head = check(place, said)
    while rounds < ROUNDS and (rounds < AT_LEAST or time.monotonic() - began < SECONDS):
        writer = Writer(place, bank_keys, rounds)
        assert writer.ready.wait(30), "the writer starts"
        time.sleep(chance.uniform(0, 0.35))
        writer.kill()
        entries = [one["entry"] for one in writer.said if "entry" in one]
        assert entries == list(range(head + 1, head + 1 + len(entries))), "no gap, no entry twice"
        said += writer.said
        before, head = head + len(entries), check(place, said)
        assert before <= head <= before + 1, "at most the one write that was under way goes beyond what was acknowledged"
        rounds, writes = rounds + 1, writes + len(entries)
    assert writes > rounds, "it was killed while it wrote, or this proves nothing"

    office = opened(place)
    sweep(office, system_clock() + 10 * DAY)
    office.store.engine.dispose()
    assert check(place, said) == head, "a sweep takes what the kills left behind and nothing else"
    assert list((place / "vault" / "incoming").iterdir()) == []
