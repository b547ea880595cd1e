"""Verifying everything, signing checkpoints, sweeping the vault."""

from __future__ import annotations

import os
from pathlib import Path

from govern.actions.verification import GRACE, checkpoint, sweep, verify_everything
from govern.facts.moments import DAY
from govern.ledger.checkpoint import read_checkpoint
from govern.ledger.note import generate_key
from tests.bank import Bank, contents, nothing_recorded, reviewed

KEY = generate_key("govern.test")


def path_of(bank: Bank, sha256: str) -> Path:
    with bank.office.vault.local(sha256) as path:
        return path


def test_everything_that_the_actions_wrote_verifies(bank: Bank) -> None:
    reviewed(bank, bank.submit("owner", bank.scan()))
    note = checkpoint(bank.office, KEY)
    with nothing_recorded(bank):
        found = verify_everything(bank.office, [KEY.verifier], checkpoints=[note])
    assert found.faults == ()
    assert (found.intact, found.entries, found.facts, found.blobs) == (True, bank.head(), 29, 1)


def test_changed_and_missing_bytes_are_named(bank: Bank) -> None:
    changed, missing = bank.scan("changed"), bank.scan("missing")
    bank.submit("owner", changed)
    bank.submit("owner", missing)
    path = path_of(bank, changed.sha256)
    path.chmod(0o600)
    path.write_bytes(b"Changed")
    path_of(bank, missing.sha256).unlink()
    found = verify_everything(bank.office, [])
    assert len(found.faults) == 2
    assert {sha for sha in (changed.sha256, missing.sha256) for fault in found.faults if sha in str(fault)} == {
        changed.sha256, missing.sha256}
    assert verify_everything(bank.office, [], blobs=False).intact


def test_a_checkpoint_is_kept_and_appended_once_to_the_operators_file(bank: Bank, tmp_path: Path) -> None:
    kept = tmp_path / "checkpoints"
    first = checkpoint(bank.office, KEY, str(kept))
    assert checkpoint(bank.office, KEY, str(kept)) == first
    bank.submit("owner", bank.scan())
    second = checkpoint(bank.office, KEY, str(kept))
    assert kept.read_text() == f"{first}\n{second}\n"
    assert [read_checkpoint(note).size for note in (first, second)] == [bank.head() - 1, bank.head()]


def test_a_sweep_takes_only_old_bytes_that_nothing_names(bank: Bank) -> None:
    named, orphan, young = bank.scan("named"), bank.scan("orphan"), bank.scan("young")
    bank.submit("owner", named)
    old = (bank.at - GRACE - DAY) / 1000
    for file in (named, orphan):
        os.utime(path_of(bank, file.sha256), (old, old))
    os.utime(path_of(bank, young.sha256), (bank.at / 1000, bank.at / 1000))
    before = contents(bank.office.store)
    assert sweep(bank.office, bank.at) == [orphan.sha256]
    assert contents(bank.office.store) == before
    assert [bank.office.vault.has(file.sha256) for file in (named, orphan, young)] == [True, False, True]


def test_a_withdrawn_versions_bytes_stay(bank: Bank) -> None:
    file = bank.scan()
    sent = bank.submit("owner", file)
    bank.withdraw("owner", sent.value.version)
    os.utime(path_of(bank, file.sha256), (1, 1))
    assert sweep(bank.office, bank.at) == []
