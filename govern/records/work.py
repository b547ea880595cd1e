"""One action's work: what it reads at one moment, what it drafts, and the loop that records it or starts again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Executable, insert, select
from sqlalchemy.exc import IntegrityError

from govern.errors import Conflict, MovedMeanwhile
from govern.facts.audit import Action
from govern.facts.moments import Instant, Moment
from govern.ledger.canonical import text_digest
from govern.records.append import Draft, Moved, append
from govern.records.base import Fact
from govern.records.ids import NewId, uuid7
from govern.records.moments import moment_now
from govern.records.store import Store
from govern.records.tables.plain import IdempotencyRow

T = TypeVar("T")
TRIES = 3


class Work:
    """The hands of one action: a connection, the moment it acts at, and the draft of what it will have recorded."""

    def __init__(self, connection: Connection, moment: Moment, actor: str) -> None:
        self.connection = connection
        self.moment = moment
        self.actor = actor
        self.draft = Draft()
        self.after: list[Executable] = []

    @property
    def now(self) -> Instant:
        """The instant at which the action happens."""
        return self.moment.instant

    def new_id(self) -> str:
        """A fresh key."""
        return uuid7(self.now)

    def watch(self, *keys: str | None) -> None:
        """Name things that the decision rests on: if one moves before the entry is written, the action starts again."""
        self.draft.watched.update(key for key in keys if key)

    def thing(self, kind: str, name: str | None = None) -> str:
        """Register a new thing and return its key. `name` is its slug, unique within the kind and never reused."""
        key = self.new_id()
        self.draft.things.append((key, kind, name))
        return key

    def put(self, row: type[Fact], key: str, values: dict[str, Any], *, touches: Iterable[str | None] = (),
            replaces: bool = False) -> None:
        """Write a row for a thing; with `replaces`, close its current row first. `touches` names what it changes."""
        if replaces:
            self.draft.closes.append((row, key))
        self.draft.writes.append((row, key, values))
        self.draft.touched.update([key, *(thing for thing in touches if thing)])

    def afterwards(self, statement: Executable) -> None:
        """Run a statement on a plain table once the entry is written, in the same transaction."""
        self.after.append(statement)

    def close(self, row: type[Fact], key: str, *, touches: Iterable[str | None] = ()) -> None:
        """Close a thing's current row."""
        self.draft.closes.append((row, key))
        self.draft.touched.update([key, *(thing for thing in touches if thing)])


@dataclass(frozen=True)
class Done(Generic[T]):
    """What an action gave back and the entry that recorded it (None when there was nothing to record)."""

    value: T
    entry: int | None


class Replayed(Exception):
    """The request was carried out before; `body` is the answer that was given then."""

    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__("carried out before")
        self.body = body


@dataclass(frozen=True)
class Once(Generic[T]):
    """An Idempotency-Key: the answer is kept with the entry, and the same request gets it again.

    `request` is what the request says; the same key with another request is refused. `render` makes the answer that
    is kept; it must be JSON.
    """

    key: str
    request: str
    render: Callable[[Done[T]], dict[str, Any]]


def _give_again(connection: Connection, actor: str, once: Once[T]) -> None:
    row = connection.execute(select(IdempotencyRow.request_digest, IdempotencyRow.body).where(
        IdempotencyRow.actor == actor, IdempotencyRow.idempotency_key == once.key)).one_or_none()
    if row is None:
        return
    if row.request_digest != text_digest(once.request):
        raise Conflict("This Idempotency-Key was used for another request.",
                       mend="Send a new key with each new request.")
    raise Replayed(json.loads(row.body))


def perform(store: Store, *, actor: str, action: Action, now: Instant, act: Callable[[Work], T],
            once: Once[T] | None = None, new_id: NewId | None = None) -> Done[T]:
    """Run an action and record its draft as one entry, in one transaction.

    If something that it read moved meanwhile it starts again, three times, then raises MovedMeanwhile. Errors of the
    action pass through and leave nothing behind. Raises Replayed when `once` was carried out before.
    """
    for _ in range(TRIES):
        try:
            with store.writing() as connection:
                if once is not None:
                    _give_again(connection, actor, once)
                work = Work(connection, moment_now(connection, now), actor)
                value = act(work)
                if not work.draft:
                    return Done(value, None)
                entry = append(connection, work.draft, actor=actor, action=action, now=now,
                               read_at=work.moment.position, new_id=new_id or work.new_id)
                for statement in work.after:
                    connection.execute(statement)
                done = Done(value, entry.position)
                if once is not None:
                    connection.execute(insert(IdempotencyRow).values(
                        actor=actor, idempotency_key=once.key, request_digest=text_digest(once.request),
                        body=json.dumps(once.render(done)), created=now))
                return done
        except Moved:
            continue
        except IntegrityError as fault:
            raise Conflict("Somebody recorded the same thing at the same time.",
                           mend="Reload and look at it again.") from fault
    raise MovedMeanwhile("What this rests on changed while it was being recorded, three times in a row.",
                         mend="Reload, look at the present state and try again.")
