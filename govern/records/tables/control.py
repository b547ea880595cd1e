"""Facts about the work on a control of a system: assignment, scoping, requests."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import Fact, fact


class AssignmentRow(Fact):
    """Owner, due date and implementation statement of one control of one system."""

    __tablename__ = "assignment"
    SHAPE = "assignment/1"
    FIELDS = ("system", "control", "owner", "due", "statement")
    LONG = frozenset({"statement"})
    system: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    control: Mapped[str]
    owner: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    due: Mapped[int | None]
    statement: Mapped[str]
    SORTS = (("system",), ("owner",))


class ScopingRow(Fact):
    """A proposal, then somebody else's decision, that a control does not apply to a system."""

    __tablename__ = "scoping"
    SHAPE = "scoping/1"
    FIELDS = ("system", "control", "reason", "proposed_by", "state", "decided_by", "comment", "ends")
    LONG = frozenset({"reason", "comment"})
    system: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    control: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    state: Mapped[str]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    comment: Mapped[str]
    ends: Mapped[int | None]
    SORTS = (("system",), ("state",))


class RequestRow(Fact):
    """Somebody is asked for evidence on a control of a system by a date."""

    __tablename__ = "request"
    SHAPE = "request/1"
    FIELDS = ("system", "control", "asked_of", "asked_by", "due", "note", "state", "answer", "asked")
    LONG = frozenset({"note"})
    system: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    control: Mapped[str]
    asked_of: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    asked_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    due: Mapped[int]
    note: Mapped[str]
    state: Mapped[str]
    answer: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    asked: Mapped[int]
    SORTS = (("system",), ("asked_of", "due"), ("state", "due"))


for _row in (AssignmentRow, ScopingRow, RequestRow):
    fact(_row)
