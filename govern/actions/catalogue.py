"""Keeping the catalogue: what is brought beside the shipped one, and taking a newer shipped one.

What would be in force is worked out first, outside the transaction, and can be looked at; the action then records it
only if what it rests on is still the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Actor
from govern.access.policy import Act
from govern.actions.office import Office, authorise
from govern.catalogue.additions import Addition, body_of, from_body
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.catalogue.source import Mistakes
from govern.catalogue.text import to_text
from govern.errors import CatalogueError, NotFound, StaleForm
from govern.facts.audit import Action
from govern.facts.moments import Instant
from govern.facts.tailoring import Brought
from govern.folders import folder
from govern.records.catalogues import digest_in_force
from govern.records.tables.catalogue import CatalogueRow
from govern.records.tables.ledger import ORGANISATION
from govern.records.tables.tailoring import AdditionRow
from govern.records.tailoring import addition_key, brought
from govern.records.work import Done, Work, perform


@dataclass(frozen=True)
class Proposal:
    """A catalogue that could be put in force.

    `rests_on` is the digest in force and the rows of the additions when it was worked out.
    """

    catalogue: Catalogue
    rests_on: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """How an addition came: its format (yaml, workbook, oscal …) and the name of its file, which is inert text."""

    format: str
    filename: str


def propose_upgrade(connection: Connection) -> Proposal:
    """The shipped catalogue of this version with the additions in force; raises CatalogueError where they clash."""
    there = brought(connection)
    return _proposal(connection, there, _opened(there))


def propose_addition(connection: Connection, addition: Addition) -> Proposal:
    """The catalogue with an addition beside it, in place of one with the same id; raises CatalogueError."""
    there = brought(connection)
    kept = [one for one in _opened(there) if one.id != addition.id]
    return _proposal(connection, there, [*kept, addition])


def propose_removal(connection: Connection, name: str) -> Proposal:
    """The catalogue without an addition; raises NotFound, and CatalogueError where another one needs it."""
    there = brought(connection)
    if all(one.name != name for one in there):
        raise NotFound(f"There is no addition “{name[:80]}”.", mend="The catalogue's page lists those in force.")
    return _proposal(connection, there, [one for one in _opened(there) if one.id != name])


def bring_addition(office: Office, actor: Actor, addition: Addition, origin: Origin, proposal: Proposal,
                   now: Instant) -> Done[str]:
    """Put an addition beside the shipped catalogue; gives the digest of the catalogue then in force."""

    def act(work: Work) -> str:
        authorise(actor, Act.KEEP_CATALOGUE, EVERYWHERE)
        before = next((one for one in _resting(work, proposal) if one.name == addition.id), None)
        key = addition_key(work.connection, addition.id) or work.thing("addition", addition.id)
        work.put(AdditionRow, key, {
            "slug": addition.id, "title": addition.title, "format": origin.format, "filename": origin.filename,
            "body": body_of(addition), "brought_by": actor.key,
        }, touches=[ORGANISATION], replaces=before is not None)
        return _record(office, work, proposal)

    return perform(office.store, actor=actor.key, action=Action.ADDITION_BRING, now=now, act=act)


def remove_addition(office: Office, actor: Actor, name: str, proposal: Proposal, now: Instant) -> Done[str]:
    """Take an addition out of the catalogue; what was derived with it before stays so."""

    def act(work: Work) -> str:
        authorise(actor, Act.KEEP_CATALOGUE, EVERYWHERE)
        found = next((one for one in _resting(work, proposal) if one.name == name), None)
        if found is None:
            raise NotFound(f"There is no addition “{name[:80]}”.", mend="The catalogue's page lists those in force.")
        work.close(AdditionRow, found.key, touches=[ORGANISATION])
        return _record(office, work, proposal)

    return perform(office.store, actor=actor.key, action=Action.ADDITION_REMOVE, now=now, act=act)


def take_upgrade(office: Office, actor: Actor, proposal: Proposal, now: Instant) -> Done[str]:
    """Put the shipped catalogue of this version in force, with the additions beside it."""

    def act(work: Work) -> str:
        authorise(actor, Act.KEEP_CATALOGUE, EVERYWHERE)
        _resting(work, proposal)
        return _record(office, work, proposal)

    return perform(office.store, actor=actor.key, action=Action.CATALOGUE_UPGRADE, now=now, act=act)


def _opened(there: tuple[Brought, ...]) -> list[Addition]:
    """The additions in force, opened; raises CatalogueError."""
    mistakes = Mistakes()
    found = [from_body(one.body, mistakes) for one in there]
    if mistakes.sorted():
        raise CatalogueError(mistakes.sorted())
    return [one for one in found if one is not None]


def _proposal(connection: Connection, there: tuple[Brought, ...], additions: list[Addition]) -> Proposal:
    return Proposal(load(folder("controls"), additions), _ground(connection, there))


def _ground(connection: Connection, there: tuple[Brought, ...]) -> tuple[str, ...]:
    return (digest_in_force(connection, None), *(one.row for one in there))


def _resting(work: Work, proposal: Proposal) -> tuple[Brought, ...]:
    """The additions in force; raises StaleForm unless all is as it was when the proposal was worked out."""
    work.watch(ORGANISATION, "catalogue")
    there = brought(work.connection)
    if _ground(work.connection, there) != proposal.rests_on:
        raise StaleForm("The catalogue was changed by somebody else meanwhile.",
                        mend="Look at what would change now, and decide again.")
    return there


def _record(office: Office, work: Work, proposal: Proposal) -> str:
    """Put the proposed catalogue in force, unless it is."""
    catalogue = proposal.catalogue
    office.catalogues.remember(catalogue)
    if catalogue.digest != proposal.rests_on[0]:
        work.put(CatalogueRow, "catalogue", {"catalogue": catalogue.digest, "body": to_text(catalogue)},
                 touches=[ORGANISATION], replaces=True)
    return catalogue.digest
