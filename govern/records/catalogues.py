"""The catalogue in force, now or at a past position, parsed once a digest."""

from __future__ import annotations

from sqlalchemy import Connection, select

from govern.catalogue.objects import Catalogue
from govern.catalogue.text import from_text
from govern.errors import NotFound
from govern.records.moments import holds
from govern.records.tables.catalogue import CatalogueRow


def digest_in_force(connection: Connection, position: int | None) -> str:
    """The digest of the catalogue in force; raises NotFound before the first one was recorded."""
    digest = connection.execute(
        select(CatalogueRow.catalogue).where(holds(CatalogueRow, position))).scalar_one_or_none()
    if digest is None:
        raise NotFound("No catalogue was in force then.", mend="Choose a later moment, or run “govern init”.")
    return digest


class Catalogues:
    """Parsed catalogues by digest. One for each application; a handful is kept."""

    def __init__(self) -> None:
        self._known: dict[str, Catalogue] = {}

    def remember(self, catalogue: Catalogue) -> None:
        """Keep a catalogue that was loaded from its files."""
        self._known[catalogue.digest] = catalogue

    def at(self, connection: Connection, position: int | None) -> Catalogue:
        """The catalogue in force at a position (None: now)."""
        digest = digest_in_force(connection, position)
        if digest not in self._known:
            body = connection.execute(
                select(CatalogueRow.body).where(CatalogueRow.catalogue == digest).limit(1)).scalar_one()
            self._known[digest] = from_text(body)
        return self._known[digest]
