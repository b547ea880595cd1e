"""One request's visit: who it is, when, and a connection that sees one state for the whole page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from flask import current_app, g, request
from sqlalchemy import Connection

from govern.access.actor import Actor, Reader
from govern.actions.office import Office
from govern.catalogue.objects import Catalogue
from govern.clock import Clock
from govern.errors import NotSignedIn
from govern.facts.moments import Instant
from govern.ledger.note import SigningKey
from govern.records.readers import reader_for
from govern.settings import Settings


@dataclass(frozen=True)
class House:
    """What the application is built from; the factory puts one on the app."""

    settings: Settings
    office: Office
    clock: Clock
    key: SigningKey


def house() -> House:
    """The house of the current application."""
    return cast(House, current_app.extensions["govern"])


@dataclass
class Visit:
    """Who visits, when, by which session. `csrf` is empty for tokens, which need none."""

    actor: Actor | None
    now: Instant
    csrf: str = ""
    session: str = ""
    _connection: Connection | None = field(default=None, repr=False)
    _readers: dict[str, Reader] = field(default_factory=dict, repr=False)

    @property
    def known(self) -> Actor:
        """The actor; raises NotSignedIn when there is none."""
        if self.actor is None:
            raise NotSignedIn("You are not signed in.", mend="Sign in and try again.")
        return self.actor

    @property
    def connection(self) -> Connection:
        """A reading connection, opened at first use and closed with the request."""
        if self._connection is None:
            opened = house().office.store.reading()
            self._connection = opened.__enter__()
            g.opened = opened
        return self._connection

    def reader(self, at: str | None = None) -> Reader:
        """The visitor's reader at a moment (empty: now)."""
        wanted = at or ""
        if wanted not in self._readers:
            self._readers[wanted] = reader_for(self.connection, self.known, at, self.now)
        return self._readers[wanted]

    def catalogue(self, reader: Reader | None = None) -> Catalogue:
        """The catalogue in force at a reader's moment (now without one)."""
        position = reader.position if reader else None
        return house().office.catalogues.at(self.connection, position)

    def refresh(self) -> None:
        """Let go of the connection, so that the next look sees what was just recorded."""
        close(None)
        self._connection = None
        self._readers.clear()


def visit() -> Visit:
    """The visit of the current request."""
    return cast(Visit, g.visit)


def at_of_request() -> str | None:
    """The moment that the URL names."""
    return request.args.get("at") or None


def close(_error: BaseException | None) -> None:
    """Close the reading connection at the end of a request."""
    opened = g.pop("opened", None)
    if opened is not None:
        opened.__exit__(None, None, None)
