"""Sessions of browsers: a random cookie whose hash is a row, and tokens of pipelines. Either names an actor.

A session ends by log-out, by a new password, by closing the account, after some idle time and at a fixed end. What an
actor may do is read anew with each request, so that a change of roles holds at once.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, delete, insert, select, update

from govern.access.actor import Actor
from govern.errors import NotSignedIn
from govern.facts.moments import Instant
from govern.ledger.canonical import text_digest
from govern.records.people import grants_of, person, token
from govern.records.store import Store
from govern.records.tables.plain import SessionRow, TokenSecretRow

TOKEN_PREFIX = "govern_"  # noqa: S105 - the public beginning of every token
_TOUCH_AFTER: Instant = 60_000


def new_token() -> tuple[str, str]:
    """A fresh token secret and its hash."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    return secret, text_digest(secret)


def open_session(store: Store, person_key: str, now: Instant, hours: int) -> str:
    """Begin a session; gives the cookie's value. Sessions that have ended are swept away."""
    cookie = secrets.token_urlsafe(32)
    with store.writing() as connection:
        connection.execute(delete(SessionRow).where(SessionRow.ends < now))
        connection.execute(insert(SessionRow).values(
            hash=text_digest(cookie), person=person_key, csrf=secrets.token_urlsafe(24), started=now, seen=now,
            ends=now + hours * 3_600_000))
    return cookie


def close_session(store: Store, session: str) -> None:
    """End a session by its hash."""
    with store.writing() as connection:
        connection.execute(delete(SessionRow).where(SessionRow.hash == session))


def actor_of(connection: Connection, person_key: str) -> Actor | None:
    """The actor for a person with an open account."""
    found = person(connection, person_key)
    if found is None or not found.active:
        return None
    return Actor(found.key, found.name, grants_of(connection, found.key))


def actor_of_session(store: Store, cookie: str, now: Instant, idle_minutes: int) -> tuple[Actor, str, str] | None:
    """(actor, CSRF token, session hash) for a cookie, or None when there is no such living session."""
    hashed = text_digest(cookie)
    with store.reading() as connection:
        row = connection.execute(select(SessionRow.person, SessionRow.csrf, SessionRow.seen, SessionRow.ends)
                                 .where(SessionRow.hash == hashed)).one_or_none()
        if row is None or row.ends <= now or row.seen + idle_minutes * 60_000 <= now:
            return None
        actor = actor_of(connection, row.person)
    if actor is None:
        return None
    if now - row.seen > _TOUCH_AFTER:
        with store.writing() as connection:
            connection.execute(update(SessionRow).where(SessionRow.hash == hashed).values(seen=now))
    return actor, row.csrf, hashed


def actor_of_token(store: Store, secret: str, now: Instant) -> Actor:
    """The actor for a bearer token; raises NotSignedIn when it is unknown, revoked or has ended."""
    with store.reading() as connection:
        key = connection.execute(select(TokenSecretRow.token).where(
            TokenSecretRow.hash == text_digest(secret))).scalar_one_or_none()
        found = token(connection, key) if key else None
        if found is None:
            raise NotSignedIn("This token is not known; it may have been revoked.",
                              mend="Create a new one under Settings and put it into the pipeline's secrets.")
        if found.expires <= now:
            raise NotSignedIn("This token has ended.", mend="Create a new one under Settings.")
        owner = actor_of(connection, found.owner)
    if owner is None:
        raise NotSignedIn("The account that owns this token is closed.", mend="Create a token of another account.")
    return Actor(owner.key, owner.name, owner.grants, found)
