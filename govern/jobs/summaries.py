"""Keeps the summaries of systems up to date: after an entry touched one, or when time moved past its spans.

Each is derived from one consistent state; the position is that state's, so a summary never claims to know more than it
saw.
"""

from __future__ import annotations

import threading

import structlog

from govern.access.actor import Reader
from govern.actions.office import OPERATOR, Office
from govern.assurance.spans import Span, spans
from govern.clock import Clock
from govern.errors import GovernError
from govern.facts.moments import Instant
from govern.records.moments import head_position, moment_now
from govern.records.snapshot import snapshot
from govern.records.spans import keep, summaries
from govern.records.systems import systems

_log = structlog.get_logger("govern.jobs")


def stale_systems(office: Office, now: Instant) -> list[str]:
    """Keys of systems whose summary is missing or no longer holds."""
    with office.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, now), None, everything=True)
        lines = systems(connection, reader)
        kept = summaries(connection, reader, lines)
    return [line.system.key for line in lines if line.system.key not in kept or not kept[line.system.key].fresh]


def refresh(office: Office, now: Instant, limit: int | None = None) -> int:
    """Renew the summaries that no longer hold, at most `limit`; gives how many still wait."""
    waiting = stale_systems(office, now)
    chosen = waiting if limit is None else waiting[:limit]
    derived: list[tuple[str, int, str, tuple[Span, ...]]] = []
    with office.store.reading() as connection:
        if chosen:
            catalogue = office.catalogues.at(connection, None)
            reader = Reader(OPERATOR, moment_now(connection, now), None, everything=True)
            for system in chosen:
                seen = snapshot(connection, reader, system)
                derived.append((system, reader.moment.position, catalogue.digest, spans(seen, catalogue)))
    if derived:
        with office.store.writing() as connection:
            for system, position, digest, made in derived:
                keep(connection, system, position, digest, made)
    return len(waiting) - len(chosen)


class Follower(threading.Thread):
    """Follows the ledger in the background and renews summaries in small portions, so that pages find them ready."""

    def __init__(self, office: Office, clock: Clock, every_seconds: float = 2.0) -> None:
        super().__init__(name="govern-summaries", daemon=True)
        self._office, self._clock, self._every = office, clock, every_seconds
        self._ended = threading.Event()
        self._seen = (-1, -1)

    def run(self) -> None:
        """Look, renew, wait; an error is logged and tried again."""
        while not self._ended.wait(self._every):
            try:
                self.step()
            except (GovernError, OSError) as fault:
                _log.warning("summaries not renewed", fault=str(fault))

    def step(self) -> None:
        """Renew if the ledger moved, or a minute went by."""
        now = self._clock()
        with self._office.store.reading() as connection:
            mark = (head_position(connection), now // 60_000)
        if mark != self._seen and refresh(self._office, now, limit=20) == 0:
            self._seen = mark

    def end(self) -> None:
        """Stop at the next look."""
        self._ended.set()
