"""Pictures of systems for exports: one snapshot, what follows from it, and the stamp that they all carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.actions.office import INSTANCE
from govern.assurance.coverage import cover
from govern.assurance.outcomes import RULES
from govern.assurance.posture import derive
from govern.door.visit import House
from govern.facts.evidence import Version
from govern.facts.moments import Instant
from govern.facts.snapshot import Snapshot
from govern.facts.systems import System
from govern.records.catalogues import digest_in_force
from govern.records.ledger import root_at
from govern.records.people import names
from govern.records.snapshot import snapshot
from govern.reports.picture import Picture, Stamp


def stamp_of(house: House, connection: Connection, reader: Reader, generated: Instant | None = None) -> Stamp:
    """What an export made for this reader says of itself. `generated` is the instant of making it (None: now)."""
    past = reader.position is not None
    return Stamp(
        organisation=house.settings.organisation, position=reader.moment.position,
        root=root_at(connection, reader.moment.position), instant=reader.moment.instant,
        generated=generated if generated is not None else house.clock() if past else reader.moment.instant,
        generated_by=reader.actor.key, catalogue=digest_in_force(connection, reader.position), rules=RULES, past=past)


def picture_of(house: House, connection: Connection, reader: Reader, system: System,
               stamp: Stamp | None = None) -> Picture:
    """One system as an export shows it. Pictures of one export share a stamp (see `pictures_of`)."""
    made = stamp or stamp_of(house, connection, reader)
    catalogue = house.office.catalogues.at(connection, reader.position)
    seen = snapshot(connection, reader, system, whole=True)
    posture = derive(seen, catalogue)
    coverages = {id_: cover(posture, framework, catalogue) for id_, framework in catalogue.frameworks.items()}
    known = names(connection, _people(seen) | {made.generated_by})
    return Picture(made, seen, posture, coverages, catalogue, {INSTANCE: "Govern", **known})


def pictures_of(house: House, connection: Connection, reader: Reader, systems: Iterable[System],
                generated: Instant | None = None) -> Iterator[Picture]:
    """Pictures of several systems, one at a time, all with one stamp."""
    stamp = stamp_of(house, connection, reader, generated)
    for system in systems:
        yield picture_of(house, connection, reader, system, stamp)


def _people(seen: Snapshot) -> set[str]:
    """The keys of everybody whom a snapshot names."""
    found = {seen.system.business_owner, *(by for one in seen.evidence for version in one.versions
                                           for by in _of_version(version))}
    if seen.adoption:
        found.add(seen.adoption.decided_by)
    found |= {one.owner or "" for one in seen.assignments}
    found |= {by for one in seen.scopings for by in (one.proposed_by, one.decided_by or "")}
    found |= {by for one in seen.requests for by in (one.asked_of, one.asked_by)}
    found |= {one.approved_by for one in seen.waivers}
    return found - {""}


def _of_version(version: Version) -> Iterator[str]:
    yield version.submitted_by
    if version.review:
        yield version.review.reviewer
    if version.withdrawal:
        yield version.withdrawal.by
