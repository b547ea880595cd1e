"""A document on its way into the catalogue: kept for its person between the preview and the confirmation.

It is no fact: nothing of this is recorded in the ledger. One stands for each person at most, the next takes its place,
and after a day it is gone. Its SHA-256 tells whether what is confirmed is what was looked at.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Actor
from govern.access.policy import Act
from govern.actions.office import Office, authorise
from govern.catalogue.incoming.documents import MOST_BYTES
from govern.errors import FileRefused, TooLarge
from govern.facts.moments import DAY, Instant
from govern.records.drafts import draft, without_draft
from govern.records.tables.plain import DraftRow

NAME = "catalogue:import"
"""The name of the draft that holds it."""
KEPT_FOR = DAY


@dataclass(frozen=True)
class Upload:
    """A document that was sent: its file's name, its bytes, and which frameworks an OSCAL mapping speaks of."""

    filename: str
    data: bytes
    source: str | None = None
    target: str | None = None

    @property
    def sha256(self) -> str:
        """The digest of all that reading it rests on."""
        said = json.dumps([self.filename, self.source, self.target]).encode()
        return hashlib.sha256(hashlib.sha256(said).digest() + self.data).hexdigest()


def keep_upload(office: Office, actor: Actor, upload: Upload, now: Instant) -> None:
    """Keep a document in place of the one before; what anybody left for more than a day goes.

    Raises NotAllowed, FileRefused for an empty one, TooLarge beyond 20 MB.
    """
    authorise(actor, Act.KEEP_CATALOGUE, EVERYWHERE)
    if not upload.data:
        raise FileRefused("The file is empty.", field="file", mend="Choose the document again.")
    if len(upload.data) > MOST_BYTES:
        raise too_large()
    body = json.dumps({"filename": upload.filename, "source": upload.source, "target": upload.target,
                       "data": base64.b64encode(upload.data).decode()})
    with office.store.writing() as connection:
        connection.execute(delete(DraftRow).where(DraftRow.name == NAME, DraftRow.saved <= now - KEPT_FOR))
        connection.execute(without_draft(actor.key, NAME))
        connection.execute(insert(DraftRow).values(person=actor.key, name=NAME, body=body, saved=now))


def too_large() -> TooLarge:
    """What is said of a document beyond the bound."""
    return TooLarge(f"The file is larger than the {MOST_BYTES // 2**20} MB that are read.", field="file", mend="Bring it in parts.")


def upload_of(connection: Connection, person: str, now: Instant) -> Upload | None:
    """The document that somebody sent less than a day ago, unless it was recorded or let go."""
    kept = draft(connection, person, NAME)
    if kept is None or kept.saved <= now - KEPT_FOR:
        return None
    tree = json.loads(kept.body)
    return Upload(tree["filename"], base64.b64decode(tree["data"]), tree["source"], tree["target"])


def discard_upload(office: Office, actor: Actor) -> None:
    """Let the document go; where there is none nothing happens."""
    with office.store.writing() as connection:
        connection.execute(without_draft(actor.key, NAME))
