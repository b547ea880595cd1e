"""Opening the ledger, putting a catalogue in force, units."""

from __future__ import annotations

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Actor
from govern.access.policy import Act
from govern.actions.office import INSTANCE, Office, authorise
from govern.catalogue.objects import Catalogue
from govern.catalogue.text import to_text
from govern.errors import Duplicate, NotFound
from govern.facts.audit import Action
from govern.facts.commands import AddUnit
from govern.facts.moments import Instant
from govern.records.catalogues import digest_in_force
from govern.records.people import units
from govern.records.tables.catalogue import CatalogueRow
from govern.records.tables.ledger import ORGANISATION
from govern.records.tables.people import UnitRow
from govern.records.work import Done, Work, perform


def put_in_force(office: Office, catalogue: Catalogue, now: Instant) -> Done[bool]:
    """Record the catalogue that was loaded, unless it is in force already; opens the ledger if it is empty."""

    def act(work: Work) -> bool:
        try:
            before = digest_in_force(work.connection, None)
        except NotFound:
            work.draft.things += [(ORGANISATION, "organisation", None), (INSTANCE, "instance", None)]
            before = None
        if before == catalogue.digest:
            return False
        key = "catalogue"
        if before is None:
            work.draft.things.append((key, "catalogue", None))
        work.put(CatalogueRow, key, {"catalogue": catalogue.digest, "body": to_text(catalogue)},
                 touches=[ORGANISATION], replaces=before is not None)
        return True

    office.catalogues.remember(catalogue)
    return perform(office.store, actor=INSTANCE, action=Action.CATALOGUE_RECORD, now=now, act=act)


def add_unit(office: Office, actor: Actor, command: AddUnit, now: Instant) -> Done[str]:
    """A new unit of the organisation; gives its key."""

    def act(work: Work) -> str:
        authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
        known = units(work.connection)
        if command.parent is not None and command.parent not in known:
            raise NotFound("There is no such unit to put it under.", field="parent")
        if any(unit.slug == command.slug for unit in known.values()):
            raise Duplicate(f"There is a unit {command.slug} already.", field="slug", mend="Choose another short name.")
        work.watch(command.parent)
        key = work.thing("unit", command.slug)
        work.put(UnitRow, key, {"slug": command.slug, "name": command.name, "parent": command.parent},
                 touches=[ORGANISATION])
        return key

    return perform(office.store, actor=actor.key, action=Action.UNIT_ADD, now=now, act=act)
