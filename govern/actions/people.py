"""Accounts, roles and tokens."""

from __future__ import annotations

from sqlalchemy import delete, insert, update

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Actor
from govern.access.policy import Act, may, may_anywhere
from govern.actions.office import INSTANCE, Office, authorise, require
from govern.errors import Duplicate, InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.commands import AddPerson, CreateToken, GrantRole
from govern.facts.moments import DAY, Instant
from govern.facts.people import ScopeKind
from govern.records import people as query
from govern.records.readers import reader_for
from govern.records.systems import system_by_key
from govern.records.tables.people import GrantRow, PersonRow, TokenRow
from govern.records.tables.plain import CredentialRow, DraftRow, SessionRow, TokenSecretRow
from govern.records.work import Done, Work, perform


def _in_person(actor: Actor, act: Act) -> None:
    """Raise NotAllowed for a token: what guards an account is never changed by something that acts for it."""
    if actor.token is not None:
        require(may(actor, act, EVERYWHERE))


def add_person(office: Office, actor: Actor, command: AddPerson, now: Instant) -> Done[str]:
    """A new account; gives its key."""

    def act(work: Work) -> str:
        authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
        email = command.email.strip().lower()
        if query.person_by_email(work.connection, email) is not None:
            raise Duplicate(f"{email} has an account already.", field="email",
                            mend="Use another address, or give the account another role.")
        key = work.thing("person")
        # The installation is touched so that of two who add the same address at once, one sees the other.
        work.put(PersonRow, key, {"name": command.name, "email": email, "active": 1}, touches=[INSTANCE])
        # The credential refers to the thing, which is written with the entry: hence after it, in the same transaction.
        work.afterwards(insert(CredentialRow).values(person=key, password=command.password_hash, failures=0,
                                                     blocked_until=None))
        return key

    return perform(office.store, actor=actor.key, action=Action.PERSON_ADD, now=now, act=act)


def deactivate_person(office: Office, actor: Actor, person: str, now: Instant) -> Done[None]:
    """Close an account: it can no longer sign in, its sessions end at once, and its drafts go."""

    def act(work: Work) -> None:
        authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
        found = query.person(work.connection, person)
        if found is None or not found.active:
            raise NotFound("There is no such active account.")
        if person == actor.key:
            raise NotAllowed("You cannot close your own account.", mend="Ask another administrator.")
        work.put(PersonRow, person, {"name": found.name, "email": found.email, "active": 0}, replaces=True)
        work.afterwards(delete(SessionRow).where(SessionRow.person == person))
        work.afterwards(delete(DraftRow).where(DraftRow.person == person))

    return perform(office.store, actor=actor.key, action=Action.PERSON_DEACTIVATE, now=now, act=act)


def set_password(office: Office, actor: Actor, person: str, password_hash: str, now: Instant) -> None:
    """A new password, one's own or (administrators) anybody's; ends all sessions of that person.

    A password is a secret and no fact, so there is no entry.
    """
    _in_person(actor, Act.MANAGE_PEOPLE)
    if person != actor.key:
        authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
    with office.store.writing() as connection:
        changed = connection.execute(
            update(CredentialRow).where(CredentialRow.person == person)
            .values(password=password_hash, failures=0, blocked_until=None))
        if changed.rowcount != 1:
            raise NotFound("There is no such account.")
        connection.execute(delete(SessionRow).where(SessionRow.person == person))


def grant_role(office: Office, actor: Actor, command: GrantRole, now: Instant) -> Done[str]:
    """Give somebody a role; gives the grant's key."""

    def act(work: Work) -> str:
        authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
        if query.person(work.connection, command.person) is None:
            raise NotFound("There is no such person.", field="person")
        if (command.scope is None) != (command.scope_kind is ScopeKind.EVERYTHING):
            raise InputRefused("A role on a unit or a system names it; one on everything does not.", field="scope")
        _check_scope(work, actor, command)
        for held in query.grants_of(work.connection, command.person):
            if (held.role, held.scope_kind, held.scope) == (command.role, command.scope_kind, command.scope):
                raise Duplicate("This person holds that role there already.", field="role")
        work.watch(command.person)
        key = work.thing("role_grant")
        work.put(GrantRow, key, {"person": command.person, "role": command.role.value,
                                 "scope_kind": command.scope_kind.value, "scope": command.scope},
                 touches=[command.person])
        return key

    return perform(office.store, actor=actor.key, action=Action.ROLE_GRANT, now=now, act=act)


def _check_scope(work: Work, actor: Actor, command: GrantRole) -> None:
    if command.scope_kind is ScopeKind.UNIT and command.scope not in query.units(work.connection):
        raise NotFound("There is no such unit.", field="scope")
    if command.scope_kind is ScopeKind.SYSTEM:
        reader = reader_for(work.connection, actor, None, work.now)
        if command.scope is None or system_by_key(work.connection, reader, command.scope) is None:
            raise NotFound("There is no such system.", field="scope")


def revoke_role(office: Office, actor: Actor, grant: str, now: Instant) -> Done[None]:
    """Take a role away; it stops at once."""

    def act(work: Work) -> None:
        authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
        held = query.grant(work.connection, grant)
        if held is None:
            raise NotFound("There is no such role to take.")
        if held.person == actor.key:
            raise NotAllowed("You cannot take a role from yourself.", mend="Ask another administrator.")
        work.close(GrantRow, grant, touches=[held.person])

    return perform(office.store, actor=actor.key, action=Action.ROLE_REVOKE, now=now, act=act)


def create_token(office: Office, actor: Actor, command: CreateToken, now: Instant) -> Done[str]:
    """A token of one's own; gives its key. The secret was made by the caller and is shown once."""

    def act(work: Work) -> str:
        if actor.token is not None or not may_anywhere(actor, Act.CREATE_TOKEN):
            raise NotAllowed("Your roles do not let you create tokens.", mend="Ask an administrator for a role.")
        if not now < command.expires <= now + 400 * DAY:
            raise InputRefused("A token ends within 400 days from now.", field="expires",
                               mend="Choose a day in the coming year.")
        if command.system is not None:
            reader = reader_for(work.connection, actor, None, work.now)
            if system_by_key(work.connection, reader, command.system) is None:
                raise NotFound("There is no such system.", field="system")
        work.watch(actor.key)
        key = work.thing("token")
        work.put(TokenRow, key, {"name": command.name, "owner": actor.key, "system": command.system,
                                 "submit_only": int(command.submit_only), "expires": command.expires},
                 touches=[command.system])
        work.afterwards(insert(TokenSecretRow).values(hash=command.secret_hash, token=key))
        return key

    return perform(office.store, actor=actor.key, action=Action.TOKEN_CREATE, now=now, act=act)


def revoke_token(office: Office, actor: Actor, token: str, now: Instant) -> Done[None]:
    """End a token: one's own, or (administrators) anybody's. It stops at once."""

    def act(work: Work) -> None:
        _in_person(actor, Act.CREATE_TOKEN)
        held = query.token(work.connection, token)
        if held is None:
            raise NotFound("There is no such token.")
        if held.owner != actor.key:
            authorise(actor, Act.MANAGE_PEOPLE, EVERYWHERE)
        work.close(TokenRow, token, touches=[held.system])
        work.afterwards(delete(TokenSecretRow).where(TokenSecretRow.token == token))

    return perform(office.store, actor=actor.key, action=Action.TOKEN_REVOKE, now=now, act=act)
