"""Verifying everything, signing a checkpoint, sweeping the vault."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from govern.actions.office import Office
from govern.facts.moments import DAY, Instant
from govern.ledger.note import SigningKey, VerifierKey
from govern.records.evidence import blob_named
from govern.records.ledger import sign_checkpoint
from govern.records.verify import Verification, verify

GRACE: Instant = 2 * DAY
"""How long a blob that no fact names is kept: longer than an upload and a backup together."""


def verify_everything(office: Office, keys: Iterable[VerifierKey], *, blobs: bool = True,
                      checkpoints: Iterable[str] = ()) -> Verification:
    """Re-derive facts and ledger, and with `blobs` hash every blob again."""

    def rehash(name: str) -> str | None:
        if not office.vault.has(name):
            return None
        with office.vault.open(name) as stream:
            hashed = hashlib.sha256()
            while chunk := stream.read(1 << 20):
                hashed.update(chunk)
            return hashed.hexdigest()

    with office.store.reading() as connection:
        return verify(connection, keys, rehash=rehash if blobs else None, checkpoints=checkpoints)


def checkpoint(office: Office, key: SigningKey, also_to: str = "") -> str:
    """The present head as a signed note; a new one is also appended to the operator's file, and synced."""
    with office.store.writing() as connection:
        note = sign_checkpoint(connection, key)
    if also_to:
        path = Path(also_to)
        if not path.exists() or note not in path.read_text():
            with path.open("a") as file:
                file.write(note + "\n")
                file.flush()
                os.fsync(file.fileno())
    return note


def sweep(office: Office, now: Instant) -> list[str]:
    """Remove blobs that no version ever named, once their grace is over; gives what was removed."""

    def keep(name: str) -> bool:
        with office.store.reading() as connection:
            return blob_named(connection, name)

    return office.vault.sweep(keep, GRACE, now)
