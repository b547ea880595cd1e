"""The catalogue in force, now or at a past position, every one that ever was, and their parsed forms by digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from sqlalchemy import Connection, func, select

from govern.catalogue.objects import Catalogue
from govern.catalogue.text import from_text
from govern.errors import NotFound
from govern.facts.audit import Action
from govern.facts.moments import Instant
from govern.records.moments import holds
from govern.records.tables.catalogue import CatalogueRow
from govern.records.tables.ledger import EntryRow

K = TypeVar("K")
V = TypeVar("V")

KEPT = 8
"""How many parsed catalogues an application keeps; each takes some ten megabytes."""


@dataclass(frozen=True)
class CatalogueVersion:
    """A catalogue that was put in force: by which entry, when, by whom (an actor's key) and by which action."""

    entry: int
    digest: str
    instant: Instant
    actor: str
    action: Action


def digest_in_force(connection: Connection, position: int | None) -> str:
    """The digest of the catalogue in force; raises NotFound before the first one was recorded."""
    digest = connection.execute(
        select(CatalogueRow.catalogue).where(holds(CatalogueRow, position))).scalar_one_or_none()
    if digest is None:
        raise NotFound("No catalogue was in force then.", mend="Choose a later moment, or run “govern init”.")
    return digest


def versions(connection: Connection, position: int | None, *, before: int | None = None,
             most: int = 25) -> list[CatalogueVersion]:
    """The catalogues put in force up to a position (None: now), the newest first, at most `most` of them.

    `before` leaves out those of this entry and of later ones.
    """
    chosen = (select(CatalogueRow.since, CatalogueRow.catalogue, EntryRow.instant, EntryRow.actor, EntryRow.action)
              .join(EntryRow, EntryRow.position == CatalogueRow.since).order_by(CatalogueRow.since.desc()).limit(most))
    if position is not None:
        chosen = chosen.where(CatalogueRow.since <= position)
    if before is not None:
        chosen = chosen.where(CatalogueRow.since < before)
    return [CatalogueVersion(row.since, row.catalogue, row.instant, row.actor, Action(row.action))
            for row in connection.execute(chosen)]


def version_in_force(connection: Connection, position: int | None) -> CatalogueVersion:
    """The one in force; raises NotFound before the first one was recorded."""
    found = versions(connection, position, most=1)
    if not found:
        raise NotFound("No catalogue was in force then.", mend="Choose a later moment, or run “govern init”.")
    return found[0]


def count_versions(connection: Connection, position: int | None) -> int:
    """How often a catalogue was put in force up to a position."""
    counted = select(func.count()).select_from(CatalogueRow)
    if position is not None:
        counted = counted.where(CatalogueRow.since <= position)
    return connection.execute(counted).scalar_one()


class Catalogues:
    """Parsed catalogues by digest, and by what they were worked out from. One for each application; a handful is kept."""

    def __init__(self) -> None:
        self._known: dict[str, Catalogue] = {}
        self._from: dict[tuple[str, ...], str] = {}
        self._lock = Lock()

    def remember(self, catalogue: Catalogue) -> None:
        """Keep a catalogue that was loaded from its files."""
        self._keep(catalogue)

    def at(self, connection: Connection, position: int | None) -> Catalogue:
        """The catalogue in force at a position (None: now)."""
        return self.of(connection, digest_in_force(connection, position))

    def of(self, connection: Connection, digest: str) -> Catalogue:
        """A catalogue that was in force once, by its digest; raises NotFound."""
        found = self._found(digest)
        if found is None:
            body = connection.execute(
                select(CatalogueRow.body).where(CatalogueRow.catalogue == digest).limit(1)).scalar_one_or_none()
            if body is None:
                raise NotFound("No such catalogue was ever in force.", mend="The catalogue's page lists those that were.")
            found = self._keep(from_text(body))
        return found

    def worked_out(self, rests_on: tuple[str, ...], work_out: Callable[[], Catalogue]) -> Catalogue:
        """The catalogue that follows from what `rests_on` names, worked out once; errors of `work_out` pass through."""
        digest = self._from.get(rests_on)
        found = self._found(digest) if digest else None
        if found is None:
            found = self._keep(work_out())
            with self._lock:
                _put_last(self._from, rests_on, found.digest)
        return found

    def _found(self, digest: str) -> Catalogue | None:
        found = self._known.get(digest)
        return None if found is None else self._keep(found)

    def _keep(self, catalogue: Catalogue) -> Catalogue:
        with self._lock:
            _put_last(self._known, catalogue.digest, catalogue)
        return catalogue


def _put_last(kept: dict[K, V], key: K, value: V) -> None:
    """Put a value last; beyond KEPT the one that was not used for the longest time goes."""
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > KEPT:
        kept.pop(next(iter(kept)))
