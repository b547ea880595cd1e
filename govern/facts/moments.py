"""Instants and moments.

An instant is an integer: milliseconds since the epoch, UTC. A moment is a ledger position together with an instant:
what was recorded by then, judged at that time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

Instant = int
DAY: Instant = 86_400_000


@dataclass(frozen=True, order=True)
class Moment:
    """A ledger position (0 is the empty ledger) and the instant that the rules take for now."""

    position: int
    instant: Instant


def instant_of(moment: datetime) -> Instant:
    """Milliseconds since the epoch of an aware datetime; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone names no instant")
    return int((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))


def datetime_of(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)


def day_start(day: date) -> Instant:
    """The first millisecond of a day, UTC."""
    return instant_of(datetime(day.year, day.month, day.day, tzinfo=UTC))


def day_end(day: date) -> Instant:
    """The last millisecond of a day, UTC."""
    return day_start(day) + DAY - 1


def iso_date(instant: Instant) -> str:
    """The UTC day of an instant, as 2026-01-31."""
    return datetime_of(instant).date().isoformat()


def iso_instant(instant: Instant) -> str:
    """RFC 3339 with milliseconds, as 2026-01-31T12:00:00.000Z."""
    return datetime_of(instant).isoformat(timespec="milliseconds").replace("+00:00", "Z")
