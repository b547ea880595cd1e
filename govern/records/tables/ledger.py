"""The ledger's own tables: things, entries, the nodes of the tree, its head, checkpoints, and which entry touched what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import STRICT, Base


class ThingRow(Base):
    """Every key once: what kind of thing it names, its slug where it has one, and the last entry that touched it."""

    __tablename__ = "thing"
    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str | None]
    last: Mapped[int]
    __table_args__: Any = (
        Index("uq_thing_name", "kind", "name", unique=True, sqlite_where=text("name IS NOT NULL"),
              postgresql_where=text("name IS NOT NULL")),
        STRICT,
    )


ORGANISATION = "organisation"
"""The key of the one thing that stands for the whole organisation: touched by what every system inherits."""


class EntryRow(Base):
    """One action. `content` is the canonical form (the leaf); the other columns repeat it for queries."""

    __tablename__ = "entry"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    instant: Mapped[int]
    actor: Mapped[str]
    action: Mapped[str]
    content: Mapped[str]
    leaf: Mapped[str]
    __table_args__: Any = (
        Index("ix_entry_instant", "instant"),
        Index("ix_entry_actor", "actor", "position"),
        Index("ix_entry_action", "action", "position"),
        STRICT,
    )


class NodeRow(Base):
    """A complete subtree's hash (RFC 9162): level 0 are the leaves, `place` counts from 0 within a level."""

    __tablename__ = "node"
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
    __table_args__: Any = (STRICT,)


class HeadRow(Base):
    """The one row that writers lock last: how many entries there are and the root over them."""

    __tablename__ = "head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int]
    instant: Mapped[int]
    root: Mapped[str]
    __table_args__: Any = (CheckConstraint("id = 1", name="one_head"), STRICT)


class CheckpointRow(Base):
    """A signed checkpoint, as it was given out."""

    __tablename__ = "checkpoint"
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    note: Mapped[str]
    __table_args__: Any = (STRICT,)


class MentionRow(Base):
    """Which entries touched a thing; follows from the entries and can be rebuilt."""

    __tablename__ = "mention"
    thing: Mapped[str] = mapped_column(ForeignKey("thing.key"), primary_key=True)
    position: Mapped[int] = mapped_column(ForeignKey("entry.position"), primary_key=True)
    __table_args__: Any = (Index("ix_mention_position", "position"), STRICT)
