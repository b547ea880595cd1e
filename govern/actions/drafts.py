"""Keeping and discarding drafts of forms. A draft is no fact: nothing of this is recorded in the ledger.

Everybody keeps their own; nobody sees another's. They are bounded in number and size, so that they stay a convenience.
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from govern.access.actor import Actor
from govern.actions.office import Office
from govern.errors import InputRefused, NotAllowed, TooLarge
from govern.facts.moments import Instant
from govern.records.drafts import count_drafts, without_draft
from govern.records.tables.ledger import ThingRow
from govern.records.tables.plain import DraftRow

MOST = 20
"""Drafts of one person, of all forms together."""
LARGEST = 64 * 1024
"""Bytes of one draft."""


def _own(actor: Actor) -> str:
    if actor.token is not None:
        raise NotAllowed("A token keeps no drafts.", mend="Sign in, or send the form at once.")
    return actor.key


def keep_draft(office: Office, actor: Actor, name: str, body: str, now: Instant) -> None:
    """Keep a form as it is, in place of what was kept under this name.

    Raises TooLarge for a body above 64 KB, InputRefused when somebody keeps 20 drafts already.
    """
    person = _own(actor)
    if len(body.encode()) > LARGEST:
        raise TooLarge("This is more than a draft may hold (64 KB).", field="form",
                       mend="Shorten the longest texts; whole documents belong into evidence.")
    with office.store.writing() as connection:
        # Two tabs of one person wait for each other here, so that their count holds.
        connection.execute(select(ThingRow.key).where(ThingRow.key == person).with_for_update())
        found = connection.execute(update(DraftRow).where(DraftRow.person == person, DraftRow.name == name)
                                   .values(body=body, saved=now))
        if found.rowcount:
            return
        if count_drafts(connection, person) >= MOST:
            raise InputRefused(f"You keep {MOST} drafts already, and that is the most.", field="form",
                               mend="Go on with one of them, or discard one.")
        connection.execute(insert(DraftRow).values(person=person, name=name, body=body, saved=now))


def discard_draft(office: Office, actor: Actor, name: str) -> None:
    """Let a draft go; where it is gone already nothing happens."""
    person = _own(actor)
    with office.store.writing() as connection:
        connection.execute(without_draft(person, name))
