"""Loads the snapshots of several systems at once, with a fixed number of queries whatever their number.

For pages that judge many systems side by side. Left out is what no status depends on: assignments and requests.
Callers bound how many systems they ask for; `AT_ONCE` is the most that one page should.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Text, and_, bindparam, or_, select

from govern.access.actor import Reader
from govern.errors import NotFound
from govern.facts.evidence import About, Basis, Evidence, Version
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Adoption, Event, Scoping, ScopingState, Stage, System
from govern.records.base import WholeNumber
from govern.records.catalogues import digest_in_force
from govern.records.moments import holds
from govern.records.people import chain, units
from govern.records.snapshot import still_speaking, version_of, versions_select
from govern.records.tables.control import ScopingRow
from govern.records.tables.evidence import EvidenceRow, LinkRow, VersionRow
from govern.records.tables.ledger import EntryRow
from govern.records.tables.system import AdoptionRow, EventRow
from govern.records.tailoring import above, tailorings

AT_ONCE = 20


@dataclass(frozen=True)
class _Statements:
    """Built once for now and once for the past: building them costs more than running."""

    evidence: Any
    links: Any
    versions: Any
    adoptions: Any
    events: Any
    scopings: Any


@lru_cache(maxsize=2)
def _statements(past: bool) -> _Statements:
    position: BindParameter[int] | None = bindparam("position", type_=WholeNumber) if past else None
    systems = bindparam("systems", expanding=True, type_=Text())
    chosen = or_(EvidenceRow.about_key.in_(bindparam("subjects", expanding=True, type_=Text())),
                 and_(EvidenceRow.about_key.is_(None), EvidenceRow.about == About.ORGANISATION.value))
    which = select(EvidenceRow.key).where(chosen, holds(EvidenceRow, position))
    return _Statements(
        evidence=select(EvidenceRow.key, EvidenceRow.id, EvidenceRow.title, EvidenceRow.kind, EvidenceRow.about,
                        EvidenceRow.about_key, EvidenceRow.layer, EvidenceRow.basis, EvidenceRow.note)
        .where(chosen, holds(EvidenceRow, position)).order_by(EvidenceRow.key),
        links=select(LinkRow.evidence, LinkRow.control).where(LinkRow.evidence.in_(which), holds(LinkRow, position)),
        versions=versions_select(position).where(VersionRow.evidence.in_(which), still_speaking(position))
        .order_by(VersionRow.evidence, VersionRow.number),
        adoptions=select(AdoptionRow.key, AdoptionRow.system, AdoptionRow.stage, AdoptionRow.reason, AdoptionRow.gaps,
                         AdoptionRow.gaps_due, AdoptionRow.decided_by, EntryRow.instant)
        .join(EntryRow, EntryRow.position == AdoptionRow.since)
        .where(AdoptionRow.system.in_(systems), holds(AdoptionRow, position)).order_by(AdoptionRow.since),
        events=select(EventRow.key, EventRow.system, EventRow.event, EventRow.happened, EventRow.note)
        .where(or_(EventRow.system.in_(systems), EventRow.system.is_(None)), holds(EventRow, position))
        .order_by(EventRow.happened, EventRow.key),
        scopings=select(ScopingRow.key, ScopingRow.system, ScopingRow.control, ScopingRow.reason, ScopingRow.proposed_by,
                        ScopingRow.state, ScopingRow.decided_by, ScopingRow.comment, ScopingRow.ends)
        .where(ScopingRow.system.in_(systems), holds(ScopingRow, position)).order_by(ScopingRow.since, ScopingRow.key),
    )


def snapshots(connection: Connection, reader: Reader, systems: Iterable[System]) -> dict[str, Snapshot]:
    """What the rules need about each system at the reader's moment, by system key.

    Raises NotFound when one is out of the reader's scope.
    """
    wanted = list(systems)
    if not all(reader.sees(one.key) for one in wanted):
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    if not wanted:
        return {}
    position = reader.position
    all_units = units(connection, position)
    chains = {one.key: chain(all_units, one.unit) for one in wanted}
    shared = _Shared.loaded(connection, reader, chains)
    decided = tailorings(connection, all_units, position)
    catalogue = digest_in_force(connection, position)
    found = {}
    for one in wanted:
        adoption = shared.adoptions.get(one.key)
        found[one.key] = Snapshot(
            tailorings=above(decided, chains[one.key]), moment=reader.moment, system=one,
            stage=adoption.stage if adoption else Stage.DESIGN, units=chains[one.key], catalogue=catalogue,
            evidence=shared.evidence_over(one.key, chains[one.key]), events=shared.events_over(one.key),
            adoption=adoption, scopings=tuple(shared.scopings[one.key]))
    return found


@dataclass(frozen=True)
class _Shared:
    """What was read for all systems together."""

    evidence: Mapping[str | None, list[Evidence]]
    adoptions: Mapping[str, Adoption]
    events: list[Event]
    scopings: Mapping[str, list[Scoping]]

    @classmethod
    def loaded(cls, connection: Connection, reader: Reader, chains: Mapping[str, tuple[Unit, ...]]) -> _Shared:
        """Six queries."""
        run = _statements(reader.position is not None)
        over = {unit.key for units_over in chains.values() for unit in units_over}
        given: dict[str, Any] = {"subjects": sorted({*chains, *over}), "systems": sorted(chains)}
        if reader.position is not None:
            given["position"] = reader.position
        adoptions = {row.system: Adoption(row.key, row.system, Stage(row.stage), row.reason, row.gaps, row.gaps_due,
                                          row.decided_by, row.instant) for row in connection.execute(run.adoptions, given)}
        events = [Event(row.key, row.system, row.event, row.happened, row.note)
                  for row in connection.execute(run.events, given)]
        scopings: dict[str, list[Scoping]] = defaultdict(list)
        for row in connection.execute(run.scopings, given):
            scopings[row.system].append(Scoping(row.key, row.system, row.control, row.reason, row.proposed_by,
                                                ScopingState(row.state), row.decided_by, row.comment, row.ends))
        return cls(_evidence(connection, run, given), adoptions, events, scopings)

    def evidence_over(self, system: str, units_over: tuple[Unit, ...]) -> tuple[Evidence, ...]:
        """The evidence that speaks of a system, of the units over it or of the organisation, by key."""
        subjects: list[str | None] = [system, *(unit.key for unit in units_over), None]
        found = [one for subject in subjects for one in self.evidence.get(subject, ())]
        return tuple(sorted(found, key=lambda one: one.key))

    def events_over(self, system: str) -> tuple[Event, ...]:
        """The events of a system and of the organisation, oldest first."""
        return tuple(one for one in self.events if one.system in (system, None))


def _evidence(connection: Connection, run: _Statements, given: dict[str, Any]) -> dict[str | None, list[Evidence]]:
    controls: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(run.links, given):
        controls[row.evidence].add(row.control)
    versions: dict[str, list[Version]] = defaultdict(list)
    for row in connection.execute(run.versions, given):
        versions[row.evidence].append(version_of(row))
    found: dict[str | None, list[Evidence]] = defaultdict(list)
    for row in connection.execute(run.evidence, given):
        found[row.about_key].append(Evidence(
            row.key, row.id, row.title, row.kind, About(row.about), row.about_key, row.layer, Basis(row.basis), row.note,
            frozenset(controls[row.key]), tuple(versions[row.key])))
    return found
