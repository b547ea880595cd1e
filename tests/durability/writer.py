"""A process that submits and reviews evidence until it is killed, and acknowledges each write on its standard output.

Started by test_kill.py: `python -m tests.durability.writer DATABASE VAULT ROUND`, with what the bank knows by heart on
its standard input (see `Bank`).
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from govern.access.actor import Actor
from govern.actions.evidence import submit_evidence
from govern.actions.office import Office
from govern.actions.review import review_versions
from govern.clock import system_clock
from govern.evidence.vault import FileVault
from govern.facts.commands import ReadFile, ReviewVersions, SubmitEvidence
from govern.facts.evidence import About, Basis, Verdict
from govern.records.catalogues import Catalogues
from govern.records.people import grants_of
from govern.records.store import Store, engine_at


def acknowledge(**said: Any) -> None:
    """One line, written at once."""
    os.write(1, json.dumps(said).encode() + b"\n")


def actor(store: Store, key: str) -> Actor:
    """A person with the roles that they hold."""
    with store.reading() as connection:
        return Actor(key, key, grants_of(connection, key))


def main(database: str, vault: str, round_: str) -> None:
    """Write until killed."""
    keys: dict[str, str] = json.load(sys.stdin)
    office = Office(Store(engine_at(database)), FileVault(Path(vault)), Catalogues())
    owner, reviewer = actor(office.store, keys["owner"]), actor(office.store, keys["reviewer"])
    evidence: str | None = None
    acknowledge(ready=True)
    for number in range(100_000):
        content = f"round {round_}, scan {number}\n".encode() * (20_000 if number % 5 == 0 else 1)
        blob = office.vault.receive(io.BytesIO(content), len(content) + 1)
        file = ReadFile(blob.sha256, blob.size, "scan.txt", "text/plain", "text", 10, "", "", None, None)
        done = submit_evidence(office, owner, SubmitEvidence(
            file, evidence, f"Scan {round_}", "paper", About.SYSTEM, keys["scoring"], None, Basis.TESTED, "", None, None, None,
            None, None), system_clock())
        evidence = done.value.evidence
        acknowledge(entry=done.entry, version=done.value.version, sha256=blob.sha256)
        if number % 3 == 0:
            reviewed = review_versions(office, reviewer, ReviewVersions(
                (done.value.version,), Verdict.ACCEPTED, "Read.", ()), system_clock())
            acknowledge(entry=reviewed.entry, review=reviewed.value[0], of=done.value.version)


if __name__ == "__main__":
    main(*sys.argv[1:])
