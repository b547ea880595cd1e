"""What every table shares: column types, names of constraints, and the form of a fact row.

A fact row is never changed but for its closing (`until`) or its redaction. Its `digest` is the SHA-256 of the RFC 8785
form of its content: table, shape, id, key, salt and the fields that its shape names. Long text enters as its own
SHA-256, so that verification need not carry it through the canonical form twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from govern.ledger.canonical import canonical, digest_hex, text_digest

WholeNumber = Integer().with_variant(BigInteger(), "postgresql")
Content = Mapping[str, str | int | None]


class Base(DeclarativeBase):
    """Root of all tables. Text and integers only: SQLite's STRICT tables take nothing else."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    })
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text(), int: WholeNumber}
    __abstract__ = True


STRICT = {"sqlite_strict": True}


class Fact(Base):
    """A fact in time. `key` is the thing (stable across its rows), `id` this row, `since`/`until` ledger positions.

    Subclasses name `SHAPE` (`table/number`), `FIELDS` (wire name → attribute, frozen with the shape), `LONG` (fields
    that enter by digest) and `PERSONAL` (columns that redaction empties).
    """

    __abstract__ = True

    SHAPE: ClassVar[str]
    FIELDS: ClassVar[tuple[str, ...]]
    LONG: ClassVar[frozenset[str]] = frozenset()
    PERSONAL: ClassVar[frozenset[str]] = frozenset()
    SORTS: ClassVar[tuple[tuple[str, ...], ...]] = ()

    id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[int]
    until: Mapped[int | None]
    shape: Mapped[str]
    salt: Mapped[str]
    digest: Mapped[str]
    redacted: Mapped[int | None]

    @declared_attr
    def key(cls) -> Mapped[str]:
        """The thing that this row speaks of."""
        return mapped_column(ForeignKey("thing.key"))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        name = cls.__tablename__
        current = text("until IS NULL")
        made: list[Any] = [
            Index(f"uq_{name}_current", "key", unique=True, sqlite_where=current, postgresql_where=current),
            Index(f"ix_{name}_key", "key", "since"),
        ]
        for columns in cls.SORTS:
            made.append(Index(f"ix_{name}_by_{'_'.join(columns)}", *columns, sqlite_where=current,
                              postgresql_where=current))
            made.append(Index(f"ix_{name}_past_{'_'.join(columns)}", *columns, "since"))
        return (*made, STRICT)


SHAPES: dict[str, tuple[type[Fact], tuple[str, ...]]] = {}


def fact(row: type[Fact]) -> type[Fact]:
    """Register a table of facts under its shape. Use as a plain call after the class, so that types stay exact."""
    SHAPES[row.SHAPE] = (row, row.FIELDS)
    return row


def fact_tables() -> list[type[Fact]]:
    """All registered fact tables, by name."""
    return sorted({row for row, _ in SHAPES.values()}, key=lambda row: row.__tablename__)


def content_of(table: str, shape: str, values: Mapping[str, Any]) -> Content:
    """The flat map that a row's digest is made over."""
    row, fields = SHAPES[shape]
    content: dict[str, str | int | None] = {
        "table": table, "shape": shape, "id": values["id"], "key": values["key"], "salt": values["salt"],
    }
    for name in fields:
        value = values[name]
        content[name] = text_digest(value) if value is not None and name in row.LONG else value
    return content


def digest_of(table: str, shape: str, values: Mapping[str, Any]) -> str:
    """SHA-256, hex, of a row's content."""
    return digest_hex(canonical(content_of(table, shape, values)))


def table_of(row: type[Base]) -> Table:
    """The Core table of a mapped class."""
    made = row.__table__
    assert isinstance(made, Table)  # noqa: S101 - every mapped class here maps a table, never a join
    return made
