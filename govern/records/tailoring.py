"""Queries about what units decided on the catalogue, and what was brought beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from govern.assurance.setting import Circumstances, Figures, circumstances
from govern.catalogue.objects import Catalogue
from govern.facts.people import Unit
from govern.facts.systems import System
from govern.facts.tailoring import Brought, Tailoring
from govern.ledger.canonical import canonical_text
from govern.records.moments import holds
from govern.records.people import chain, units
from govern.records.tables.ledger import EntryRow, ThingRow
from govern.records.tables.system import SystemRow
from govern.records.tables.tailoring import AdditionRow, TailoringRow


def added_text(added: Iterable[str]) -> str:
    """Ids of controls as canonical text."""
    return canonical_text(sorted(added))


def removed_text(removed: Iterable[tuple[str, str]]) -> str:
    """Removed controls, each with its reason, as canonical text."""
    return canonical_text([list(pair) for pair in sorted(removed)])


def limits_text(limits: Iterable[tuple[str, float]]) -> str:
    """Own figures as canonical text; as text, because the canonical form takes no fractions."""
    return canonical_text([[name, repr(float(value))] for name, value in sorted(limits)])


def tailorings(connection: Connection, all_units: Mapping[str, Unit], position: int | None = None) -> dict[str | None, Tailoring]:
    """The decisions in force by unit; None is the whole organisation's. Few: one for each unit at most."""
    rows = connection.execute(
        select(TailoringRow.key, TailoringRow.id, TailoringRow.unit, TailoringRow.baseline, TailoringRow.tolerance,
               TailoringRow.added, TailoringRow.removed, TailoringRow.limits, TailoringRow.reason,
               TailoringRow.decided_by, EntryRow.instant)
        .join(EntryRow, EntryRow.position == TailoringRow.since).where(holds(TailoringRow, position)))
    return {row.unit: Tailoring(
        key=row.key, row=row.id, unit=row.unit,
        unit_name=all_units[row.unit].name if row.unit in all_units else "",
        baseline=row.baseline, tolerance=row.tolerance, added=frozenset(json.loads(row.added)),
        removed=tuple((control, why) for control, why in json.loads(row.removed)),
        limits=tuple((name, float(value)) for name, value in json.loads(row.limits)),
        reason=row.reason, decided_by=row.decided_by, decided=row.instant) for row in rows}


def above(decided: Mapping[str | None, Tailoring], unit_chain: Iterable[Unit]) -> tuple[Tailoring, ...]:
    """The decisions over a system, nearest unit first, the organisation's last."""
    keys: list[str | None] = [*(unit.key for unit in unit_chain), None]
    return tuple(decided[key] for key in keys if key in decided)


def tailorings_over(connection: Connection, unit_chain: Iterable[Unit], position: int | None = None) -> tuple[Tailoring, ...]:
    """The decisions over a system whose units, nearest first, are known."""
    listed = tuple(unit_chain)
    return above(tailorings(connection, {unit.key: unit for unit in listed}, position), listed)


def all_tailorings(connection: Connection, position: int | None = None) -> dict[str | None, Tailoring]:
    """Every decision in force, by unit."""
    return tailorings(connection, units(connection, position), position)


def addition_key(connection: Connection, name: str) -> str | None:
    """The thing that an addition of this id is or was, also when it was taken out since; None when there never was one."""
    return connection.execute(select(ThingRow.key).where(
        ThingRow.kind == AdditionRow.__tablename__, ThingRow.name == name)).scalar_one_or_none()


def brought(connection: Connection, position: int | None = None) -> tuple[Brought, ...]:
    """The additions in force, in the order in which they were first brought."""
    rows = connection.execute(
        select(AdditionRow.key, AdditionRow.id, AdditionRow.slug, AdditionRow.title, AdditionRow.format,
               AdditionRow.filename, AdditionRow.body, AdditionRow.brought_by, EntryRow.instant)
        .join(EntryRow, EntryRow.position == AdditionRow.since).where(holds(AdditionRow, position))
        .order_by(AdditionRow.key))
    return tuple(Brought(row.key, row.id, row.slug, row.title, row.format, row.filename, row.body, row.brought_by,
                         row.instant) for row in rows)


def circumstances_of(connection: Connection, catalogue: Catalogue, system: System,
                     position: int | None = None) -> Circumstances:
    """What conditions and checks of a system rest on: its traits, and what its units decided."""
    over = tailorings_over(connection, chain(units(connection, position), system.unit), position)
    return circumstances(catalogue, system.traits, over)


def limits_over(connection: Connection, catalogue: Catalogue, system: str) -> Figures:
    """The figures that the checks of a system are held to now."""
    unit = connection.execute(
        select(SystemRow.unit).where(SystemRow.key == system, holds(SystemRow, None))).scalar_one_or_none()
    over = tailorings_over(connection, chain(units(connection), unit))
    return circumstances(catalogue, frozenset(), over).limits
