"""Queries about people, units, roles and tokens; and secrets, which are no facts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from govern.facts.people import Grant, Person, Role, ScopeKind, Token, Unit
from govern.records.moments import holds
from govern.records.tables.people import GrantRow, PersonRow, TokenRow, UnitRow


def _persons() -> Any:
    return select(PersonRow.key, PersonRow.name, PersonRow.email, PersonRow.active).where(holds(PersonRow, None))


def _person(row: Any) -> Person:
    return Person(row.key, row.name, row.email, bool(row.active))


def person(connection: Connection, key: str) -> Person | None:
    """A person as they are now."""
    row = connection.execute(_persons().where(PersonRow.key == key)).one_or_none()
    return _person(row) if row else None


def person_by_email(connection: Connection, email: str) -> Person | None:
    """A person by address, whatever its case."""
    row = connection.execute(_persons().where(PersonRow.email == email.strip().lower())).one_or_none()
    return _person(row) if row else None


def people(connection: Connection) -> list[Person]:
    """Everybody with an account, by name."""
    return [_person(row) for row in connection.execute(_persons().order_by(PersonRow.name))]


def names(connection: Connection, keys: set[str]) -> dict[str, str]:
    """Names of people by key; a redacted person is «redacted person»."""
    if not keys:
        return {}
    rows = connection.execute(select(PersonRow.key, PersonRow.name)
                              .where(PersonRow.key.in_(sorted(keys)), holds(PersonRow, None)))
    return {row.key: row.name or "redacted person" for row in rows}


def grants_of(connection: Connection, person_key: str) -> tuple[Grant, ...]:
    """The roles that somebody holds now."""
    rows = connection.execute(
        select(GrantRow.key, GrantRow.person, GrantRow.role, GrantRow.scope_kind, GrantRow.scope)
        .where(GrantRow.person == person_key, holds(GrantRow, None)).order_by(GrantRow.key))
    return tuple(Grant(row.key, row.person, Role(row.role), ScopeKind(row.scope_kind), row.scope) for row in rows)


def all_grants(connection: Connection) -> list[Grant]:
    """Every role that anybody holds now."""
    rows = connection.execute(
        select(GrantRow.key, GrantRow.person, GrantRow.role, GrantRow.scope_kind, GrantRow.scope)
        .where(holds(GrantRow, None)).order_by(GrantRow.person, GrantRow.key))
    return [Grant(row.key, row.person, Role(row.role), ScopeKind(row.scope_kind), row.scope) for row in rows]


def grant(connection: Connection, key: str) -> Grant | None:
    """One grant by key, if it holds now."""
    row = connection.execute(
        select(GrantRow.key, GrantRow.person, GrantRow.role, GrantRow.scope_kind, GrantRow.scope)
        .where(GrantRow.key == key, holds(GrantRow, None))).one_or_none()
    return Grant(row.key, row.person, Role(row.role), ScopeKind(row.scope_kind), row.scope) if row else None


def units(connection: Connection, position: int | None = None) -> dict[str, Unit]:
    """All units by key."""
    rows = connection.execute(
        select(UnitRow.key, UnitRow.slug, UnitRow.name, UnitRow.parent).where(holds(UnitRow, position))
        .order_by(UnitRow.name))
    return {row.key: Unit(row.key, row.slug, row.name, row.parent) for row in rows}


def chain(all_units: dict[str, Unit], unit: str | None) -> tuple[Unit, ...]:
    """A unit and the units above it, nearest first."""
    found: list[Unit] = []
    while unit is not None and unit in all_units and len(found) < 50:
        found.append(all_units[unit])
        unit = all_units[unit].parent
    return tuple(found)


def _tokens() -> Any:
    return select(TokenRow.key, TokenRow.name, TokenRow.owner, TokenRow.system, TokenRow.submit_only,
                  TokenRow.expires).where(holds(TokenRow, None))


def token(connection: Connection, key: str) -> Token | None:
    """A token that was not revoked (it may have expired)."""
    row = connection.execute(_tokens().where(TokenRow.key == key)).one_or_none()
    return Token(row.key, row.name, row.owner, row.system, bool(row.submit_only), row.expires) if row else None


def tokens_of(connection: Connection, owner: str) -> list[Token]:
    """Somebody's tokens that were not revoked."""
    rows = connection.execute(_tokens().where(TokenRow.owner == owner).order_by(TokenRow.name))
    return [Token(row.key, row.name, row.owner, row.system, bool(row.submit_only), row.expires) for row in rows]


def tokens_for(connection: Connection, system: str) -> list[Token]:
    """Tokens that may act for a system, as far as their binding goes, by name."""
    rows = connection.execute(_tokens().where((TokenRow.system == system) | TokenRow.system.is_(None))
                              .order_by(TokenRow.name))
    return [Token(row.key, row.name, row.owner, row.system, bool(row.submit_only), row.expires) for row in rows]


def count_people(connection: Connection) -> int:
    """How many accounts there are."""
    return connection.execute(select(func.count()).select_from(PersonRow).where(holds(PersonRow, None))).scalar_one()
