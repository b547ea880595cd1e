"""Positions and moments, and the one predicate that says which rows hold at a position."""

from __future__ import annotations

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, or_, select

from govern.errors import InputRefused
from govern.facts.moments import Instant, Moment
from govern.records.base import Fact
from govern.records.tables.ledger import EntryRow, HeadRow


def holds(row: type[Fact], position: int | BindParameter[int] | None) -> ColumnElement[bool]:
    """The rows that hold at a ledger position; `None` means now, for which the partial indexes serve.

    A bound parameter may stand for the position, so that a statement can be built once.
    """
    if position is None:
        return row.until.is_(None)
    return and_(row.since <= position, or_(row.until.is_(None), row.until > position))


def head_position(connection: Connection) -> int:
    """How many entries there are."""
    return connection.execute(select(HeadRow.position)).scalar_one_or_none() or 0


def moment_now(connection: Connection, now: Instant) -> Moment:
    """The last position together with the instant now."""
    return Moment(head_position(connection), now)


def moment_of_position(connection: Connection, position: int) -> Moment:
    """A past position with its entry's instant; raises InputRefused when the ledger is not that long."""
    if position == 0:
        return Moment(0, 0)
    instant = connection.execute(select(EntryRow.instant).where(EntryRow.position == position)).scalar_one_or_none()
    if instant is None:
        raise InputRefused(f"The ledger has no position {position}.", field="at",
                           mend=f"The last position is {head_position(connection)}.")
    return Moment(position, instant)


def moment_of_instant(connection: Connection, instant: Instant) -> Moment:
    """The last position recorded by an instant, judged at that instant."""
    newest = (select(EntryRow.position).where(EntryRow.instant <= instant)
              .order_by(EntryRow.instant.desc(), EntryRow.position.desc()).limit(1))
    return Moment(connection.execute(newest).scalar_one_or_none() or 0, instant)
