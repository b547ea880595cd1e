"""Queries about systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from govern.access.actor import Place, Reader
from govern.facts.systems import Adoption, Event, Stage, System
from govern.records.decode import traits_from
from govern.records.moments import holds
from govern.records.people import chain, units
from govern.records.tables.ledger import EntryRow, ThingRow
from govern.records.tables.system import AdoptionRow, EventRow, SystemRow


@dataclass(frozen=True)
class SystemLine:
    """A system as a list shows it: with its stage and the last entry that touched it."""

    system: System
    stage: Stage
    last: int


def _columns() -> Any:
    return select(
        SystemRow.key, SystemRow.id, ThingRow.name.label("slug"), SystemRow.name, SystemRow.purpose, SystemRow.unit,
        SystemRow.business_owner, SystemRow.who_can_change, SystemRow.who_can_stop, SystemRow.affected_users,
        SystemRow.data_sensitivity, SystemRow.access_boundaries, SystemRow.legal_constraints, SystemRow.abuse_cases,
        SystemRow.traits, ThingRow.last,
    ).join(ThingRow, ThingRow.key == SystemRow.key)


def _system(row: Any) -> System:
    return System(
        key=row.key, row=row.id, slug=row.slug or "", name=row.name, purpose=row.purpose, unit=row.unit,
        business_owner=row.business_owner, who_can_change=row.who_can_change, who_can_stop=row.who_can_stop,
        affected_users=row.affected_users, data_sensitivity=row.data_sensitivity,
        access_boundaries=row.access_boundaries, legal_constraints=row.legal_constraints, abuse_cases=row.abuse_cases,
        traits=traits_from(row.traits))


def in_scope(reader: Reader) -> ColumnElement[bool]:
    """The systems that a reader may see, as a predicate on SystemRow."""
    if reader.everything:
        return SystemRow.key.is_not(None)
    return SystemRow.key.in_(sorted(reader.systems))


def system_by_slug(connection: Connection, reader: Reader, slug: str) -> System | None:
    """A system that the reader may see, by slug."""
    row = connection.execute(_columns().where(
        ThingRow.kind == "system", ThingRow.name == slug, holds(SystemRow, reader.position), in_scope(reader))).one_or_none()
    return _system(row) if row else None


def system_by_key(connection: Connection, reader: Reader, key: str) -> System | None:
    """A system that the reader may see, by key."""
    row = connection.execute(_columns().where(
        SystemRow.key == key, holds(SystemRow, reader.position), in_scope(reader))).one_or_none()
    return _system(row) if row else None


def adoption_of(connection: Connection, system: str, position: int | None) -> Adoption | None:
    """The newest adoption decision of a system."""
    row = connection.execute(
        select(AdoptionRow.key, AdoptionRow.stage, AdoptionRow.reason, AdoptionRow.gaps, AdoptionRow.gaps_due,
               AdoptionRow.decided_by, EntryRow.instant)
        .join(EntryRow, EntryRow.position == AdoptionRow.since)
        .where(AdoptionRow.system == system, holds(AdoptionRow, position))
        .order_by(AdoptionRow.since.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Adoption(row.key, system, Stage(row.stage), row.reason, row.gaps, row.gaps_due, row.decided_by, row.instant)


def stages(connection: Connection, position: int | None) -> dict[str, Stage]:
    """The stage that each adopted system entered at; systems without an adoption are in design."""
    rows = connection.execute(select(AdoptionRow.system, AdoptionRow.stage)
                              .where(holds(AdoptionRow, position)).order_by(AdoptionRow.since))
    return {row.system: Stage(row.stage) for row in rows}


def systems(connection: Connection, reader: Reader) -> list[SystemLine]:
    """All systems that the reader may see, by name."""
    stage_of = stages(connection, reader.position)
    rows = connection.execute(_columns().where(holds(SystemRow, reader.position), in_scope(reader))
                              .order_by(SystemRow.name, SystemRow.key))
    return [SystemLine(_system(row), stage_of.get(row.key, Stage.DESIGN), row.last) for row in rows]


def systems_under(connection: Connection, reader: Reader, unit_keys: frozenset[str] | None, size: int) -> tuple[list[System], int]:
    """The first systems of some units (None: of all, also of none) by name, and how many there are."""
    chosen = [holds(SystemRow, reader.position), in_scope(reader)]
    if unit_keys is not None:
        chosen.append(SystemRow.unit.in_(sorted(unit_keys)))
    total = connection.execute(select(func.count()).select_from(SystemRow).where(*chosen)).scalar_one()
    rows = connection.execute(_columns().where(*chosen).order_by(SystemRow.name, SystemRow.key).limit(size))
    return [_system(row) for row in rows], total


def count_by_unit(connection: Connection, reader: Reader) -> dict[str | None, int]:
    """How many systems that the reader may see belong to each unit itself (None: to no unit)."""
    rows = connection.execute(select(SystemRow.unit, func.count().label("many")).where(
        holds(SystemRow, reader.position), in_scope(reader)).group_by(SystemRow.unit))
    return {row.unit: row.many for row in rows}


def places(connection: Connection) -> dict[str, Place]:
    """Where every system lies, by key; for building readers."""
    all_units = units(connection)
    rows = connection.execute(select(SystemRow.key, SystemRow.unit).where(holds(SystemRow, None)))
    return {row.key: Place(row.key, tuple(unit.key for unit in chain(all_units, row.unit))) for row in rows}


def place_of(connection: Connection, system: str) -> Place:
    """Where one system lies now."""
    unit = connection.execute(
        select(SystemRow.unit).where(SystemRow.key == system, holds(SystemRow, None))).scalar_one_or_none()
    return Place(system, tuple(one.key for one in chain(units(connection), unit)))


def events_for(connection: Connection, system: str, position: int | None) -> tuple[Event, ...]:
    """Events of a system and of the organisation, oldest first."""
    rows = connection.execute(
        select(EventRow.key, EventRow.system, EventRow.event, EventRow.happened, EventRow.note)
        .where((EventRow.system == system) | EventRow.system.is_(None), holds(EventRow, position))
        .order_by(EventRow.happened, EventRow.key))
    return tuple(Event(row.key, row.system, row.event, row.happened, row.note) for row in rows)


def slug_taken(connection: Connection, slug: str) -> bool:
    """Whether a system ever had this slug."""
    return connection.execute(select(func.count()).select_from(ThingRow).where(
        ThingRow.kind == "system", ThingRow.name == slug)).scalar_one() > 0
