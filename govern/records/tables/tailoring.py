"""Facts about the catalogue as an organisation uses it: what units decided, and what was brought beside it."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import Fact, fact


class TailoringRow(Fact):
    """A unit's baseline and risk tolerance (`unit` null: the organisation's); lists are canonical JSON."""

    __tablename__ = "tailoring"
    SHAPE = "tailoring/1"
    FIELDS = ("unit", "baseline", "tolerance", "added", "removed", "limits", "reason", "decided_by")
    LONG = frozenset({"added", "removed", "limits", "reason"})
    unit: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    baseline: Mapped[str | None]
    tolerance: Mapped[str | None]
    added: Mapped[str]
    removed: Mapped[str]
    limits: Mapped[str]
    reason: Mapped[str]
    decided_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))


class AdditionRow(Fact):
    """What was brought beside the shipped catalogue; `body` is its text (see catalogue.additions)."""

    __tablename__ = "addition"
    SHAPE = "addition/1"
    FIELDS = ("slug", "title", "format", "filename", "body", "brought_by")
    LONG = frozenset({"title", "filename", "body"})
    slug: Mapped[str]
    title: Mapped[str]
    format: Mapped[str]
    filename: Mapped[str]
    body: Mapped[str]
    brought_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))


fact(TailoringRow)
fact(AdditionRow)
