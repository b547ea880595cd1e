"""Passwords: argon2id, with the same cost for unknown people, and waits that grow after failures."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update

from govern.errors import InputRefused, NotSignedIn
from govern.facts.moments import Instant
from govern.facts.people import Person
from govern.records.people import person_by_email
from govern.records.store import Store
from govern.records.tables.plain import CredentialRow

_hasher = PasswordHasher()
SHORTEST = 12
FREE_FAILURES = 5
LONGEST_WAIT: Instant = 15 * 60_000


def hash_password(password: str) -> str:
    """The argon2id hash of a new password; raises InputRefused when it is too short or absurdly long."""
    if not SHORTEST <= len(password) <= 1000:
        raise InputRefused(f"A password has at least {SHORTEST} characters.", field="password",
                           mend="A sentence that you can remember makes a good one.")
    return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("the password of somebody who is not there")


def _fits(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def sign_in(store: Store, email: str, password: str, now: Instant) -> Person:
    """The person with this address and password; raises NotSignedIn, which does not tell what was wrong."""
    refused = NotSignedIn("The address or the password is wrong.", mend="Check both, or ask an administrator.")
    with store.reading() as connection:
        found = person_by_email(connection, email)
        row = connection.execute(select(CredentialRow.password, CredentialRow.failures, CredentialRow.blocked_until)
                                 .where(CredentialRow.person == found.key)).one_or_none() if found else None
    if found is None or row is None:
        _fits(_nobody(), password)
        raise refused
    if row.blocked_until is not None and row.blocked_until > now:
        _fits(_nobody(), password)
        raise NotSignedIn("Too many wrong passwords for this account.", mend="Wait a few minutes, then try again.")
    good = _fits(row.password, password) and found.active
    failures = 0 if good else row.failures + 1
    wait = min(LONGEST_WAIT, 15_000 * 2 ** (failures - FREE_FAILURES)) if failures >= FREE_FAILURES else 0
    if failures != row.failures or wait:
        with store.writing() as connection:
            connection.execute(update(CredentialRow).where(CredentialRow.person == found.key)
                               .values(failures=failures, blocked_until=now + wait if wait else None))
    if not good:
        raise refused
    return found
