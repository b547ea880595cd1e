"""Readers: what an actor may see, at which moment."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import Connection

from govern.access.actor import Actor, Reader, holds_at
from govern.access.policy import MAY, Act
from govern.errors import InputRefused
from govern.facts.moments import Instant, Moment, day_end
from govern.facts.people import ScopeKind
from govern.records.moments import moment_now, moment_of_instant, moment_of_position
from govern.records.people import chain, units
from govern.records.systems import places

_DIGITS = re.compile(r"[0-9]{1,15}").fullmatch
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}").fullmatch


def moment_at(connection: Connection, at: str | None, now: Instant) -> tuple[Moment, int | None]:
    """The moment that `at` names: empty for now, a ledger position, or an ISO date (its last millisecond, UTC).

    Returns the moment and the position to ask the tables for (None for now). Raises InputRefused.
    """
    if not at:
        return moment_now(connection, now), None
    if _DIGITS(at):
        moment = moment_of_position(connection, int(at))
        return moment, moment.position
    if _DAY(at):
        try:
            instant = day_end(date.fromisoformat(at))
        except ValueError:
            pass
        else:
            if instant >= now:
                return moment_now(connection, now), None
            moment = moment_of_instant(connection, instant)
            return moment, moment.position
    raise InputRefused(f"“{at[:40]}” is neither a ledger position nor a date.", field="at",
                       mend="Write a date as 2026-01-31, or a position such as 120.")


def reader_for(connection: Connection, actor: Actor, at: str | None, now: Instant) -> Reader:
    """The reader of an actor at a moment. What they may see follows from the roles that they hold now."""
    moment, position = moment_at(connection, at, now)
    reading = [grant for grant in actor.grants if Act.READ in MAY[grant.role]]
    bound = actor.token.system if actor.token else None
    if bound is None and any(grant.scope_kind is ScopeKind.EVERYTHING for grant in reading):
        return Reader(actor, moment, position, everything=True)
    reachable = {key: place for key, place in places(connection).items()
                 if any(holds_at(grant, place) for grant in reading) and bound in (None, key)}
    all_units = units(connection)
    granted = [grant.scope for grant in reading if grant.scope_kind is ScopeKind.UNIT]
    seen_units = {unit for place in reachable.values() for unit in place.units}
    seen_units |= {unit.key for scope in granted for unit in chain(all_units, scope)}
    return Reader(actor, moment, position, everything=False, systems=frozenset(reachable),
                  units=frozenset(seen_units))
