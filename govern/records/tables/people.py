"""Facts about people, units, roles and tokens."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import Fact, fact


class UnitRow(Fact):
    """A part of the organisation."""

    __tablename__ = "unit"
    SHAPE = "unit/1"
    FIELDS = ("slug", "name", "parent")
    slug: Mapped[str]
    name: Mapped[str]
    parent: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))


class PersonRow(Fact):
    """Somebody with an account; the only place with a name and an address."""

    __tablename__ = "person"
    SHAPE = "person/1"
    FIELDS = ("name", "email", "active")
    PERSONAL = frozenset({"name", "email"})
    name: Mapped[str]
    email: Mapped[str]
    active: Mapped[int]
    SORTS = (("email",),)


class GrantRow(Fact):
    """One role of one person."""

    __tablename__ = "role_grant"
    SHAPE = "grant/1"
    FIELDS = ("person", "role", "scope_kind", "scope")
    person: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    role: Mapped[str]
    scope_kind: Mapped[str]
    scope: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    SORTS = (("person",),)


class TokenRow(Fact):
    """A pipeline's token; its secret's hash is no fact and lies elsewhere."""

    __tablename__ = "token"
    SHAPE = "token/1"
    FIELDS = ("name", "owner", "system", "submit_only", "expires")
    name: Mapped[str]
    owner: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    system: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    submit_only: Mapped[int]
    expires: Mapped[int]
    SORTS = (("owner",),)


for _row in (UnitRow, PersonRow, GrantRow, TokenRow):
    fact(_row)
