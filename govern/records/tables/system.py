"""Facts about systems: what they are, how they were adopted, what happened to them."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from govern.records.base import Fact, fact


class SystemRow(Fact):
    """The description of a system. `traits` is a canonical JSON list."""

    __tablename__ = "system"
    SHAPE = "system/1"
    FIELDS = ("slug", "name", "purpose", "unit", "business_owner", "who_can_change", "who_can_stop", "affected_users",
              "data_sensitivity", "access_boundaries", "legal_constraints", "abuse_cases", "traits")
    LONG = frozenset({"purpose", "who_can_change", "who_can_stop", "affected_users", "access_boundaries",
                      "legal_constraints", "abuse_cases", "traits"})
    slug: Mapped[str]
    name: Mapped[str]
    purpose: Mapped[str]
    unit: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    business_owner: Mapped[str]
    who_can_change: Mapped[str]
    who_can_stop: Mapped[str]
    affected_users: Mapped[str]
    data_sensitivity: Mapped[str]
    access_boundaries: Mapped[str]
    legal_constraints: Mapped[str]
    abuse_cases: Mapped[str]
    traits: Mapped[str]
    SORTS = (("name",),)


class AdoptionRow(Fact):
    """The decision that a running system enters at a stage."""

    __tablename__ = "adoption"
    SHAPE = "adoption/1"
    FIELDS = ("system", "stage", "reason", "gaps", "gaps_due", "decided_by")
    LONG = frozenset({"reason", "gaps"})
    system: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    stage: Mapped[str]
    reason: Mapped[str]
    gaps: Mapped[str]
    gaps_due: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(ForeignKey("thing.key"))
    SORTS = (("system",),)


class EventRow(Fact):
    """Something that happened to a system, or (system null) to the organisation."""

    __tablename__ = "event"
    SHAPE = "event/1"
    FIELDS = ("system", "event", "happened", "note")
    LONG = frozenset({"note"})
    system: Mapped[str | None] = mapped_column(ForeignKey("thing.key"))
    event: Mapped[str]
    happened: Mapped[int]
    note: Mapped[str]
    SORTS = (("system",),)


for _row in (SystemRow, AdoptionRow, EventRow):
    fact(_row)
