"""The catalogues that were in force."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from govern.records.base import Fact, fact


class CatalogueRow(Fact):
    """A loaded catalogue: `catalogue` is its digest, `body` its canonical text. One row is current."""

    __tablename__ = "catalogue"
    SHAPE = "catalogue/1"
    FIELDS = ("catalogue", "body")
    LONG = frozenset({"body"})
    catalogue: Mapped[str]
    body: Mapped[str]


fact(CatalogueRow)
