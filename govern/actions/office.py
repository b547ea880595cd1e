"""What every action works with: the records, the vault, the catalogues; and how permission is required."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from govern.access.actor import Actor, Place
from govern.access.policy import Act, Permission, may
from govern.catalogue.objects import Catalogue
from govern.errors import InputRefused, NotAllowed, NotFound
from govern.evidence.vault import Vault
from govern.facts.people import Grant, Role, ScopeKind
from govern.facts.systems import System
from govern.records.catalogues import Catalogues
from govern.records.readers import reader_for
from govern.records.store import Store
from govern.records.systems import place_of, system_by_key
from govern.records.work import Work

INSTANCE = "govern"
"""The actor key of the installation itself: what is done at its own command line."""

OPERATOR = Actor(INSTANCE, "Govern", tuple(
    Grant(f"{INSTANCE}-{role.value}", INSTANCE, role, ScopeKind.EVERYTHING, None) for role in Role))
"""Whoever may run commands on the machine itself; that is as far as rights go."""


@dataclass(frozen=True)
class Office:
    """The rooms an action needs."""

    store: Store
    vault: Vault
    catalogues: Catalogues

    def catalogue(self, connection: Connection) -> Catalogue:
        """The catalogue in force."""
        return self.catalogues.at(connection, None)


def require(permission: Permission) -> None:
    """Raise NotAllowed with the reason unless permitted."""
    if not permission.allowed:
        raise NotAllowed(permission.reason, mend="Ask an administrator or the compliance officer for the role.")


def authorise(actor: Actor, act: Act, place: Place) -> None:
    """Raise NotFound where the actor may not even look, NotAllowed where they may look but not do this."""
    if act is not Act.READ and not may(actor, Act.READ, place).allowed and place.system is not None:
        raise NotFound("There is no such system.", mend="Check the name, or ask for access.")
    require(may(actor, act, place))


def known_system(work: Work, actor: Actor, key: str, act: Act) -> tuple[System, Place]:
    """A system that the actor may do something with; watched, so that the action starts again when it moves."""
    reader = reader_for(work.connection, actor, None, work.now)
    system = system_by_key(work.connection, reader, key)
    if system is None:
        raise NotFound("There is no such system.", mend="Check the name, or ask for access.")
    place = place_of(work.connection, key)
    authorise(actor, act, place)
    work.watch(key)
    return system, place


def known_controls(catalogue: Catalogue, controls: frozenset[str] | tuple[str, ...]) -> None:
    """Raise InputRefused unless every control is in the catalogue."""
    unknown = sorted(control for control in controls if control not in catalogue.controls)
    if unknown:
        raise InputRefused(f"There is no control {', '.join(unknown[:5])[:200]} in the catalogue in force.",
                           field="controls", mend="Control ids look like EVA-04; the controls page lists them.")
