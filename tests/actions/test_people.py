"""Accounts, roles, passwords and tokens."""

from __future__ import annotations

import threading

from sqlalchemy import insert, select

from govern.actions.office import OPERATOR
from govern.actions.people import (
    add_person,
    create_token,
    deactivate_person,
    grant_role,
    revoke_role,
    revoke_token,
    set_password,
)
from govern.errors import Duplicate, GovernError, InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.commands import AddPerson, CreateToken, GrantRole
from govern.facts.moments import DAY
from govern.facts.people import Role, ScopeKind
from govern.records.people import grants_of, people, person, person_by_email, token, tokens_of
from govern.records.tables.plain import CredentialRow, SessionRow, TokenSecretRow
from govern.records.work import Done
from tests.bank import HASH, Bank, actor_of, nothing_recorded, recorded, refused

# -- accounts ------------------------------------------------------------------------------------------------------


def token_with_secret(bank: Bank, secret_hash: str) -> str | None:
    """The key of the token that holds this secret's hash."""
    with bank.office.store.reading() as connection:
        return connection.execute(select(TokenSecretRow.token).where(TokenSecretRow.hash == secret_hash)).scalar_one_or_none()


def add(bank: Bank, email: str, by: str = "administrator") -> Done[str]:
    return add_person(bank.office, bank.actors[by], AddPerson("New", email, HASH), bank.tick())


def session_of(bank: Bank, who: str, name: str) -> None:
    with bank.office.store.writing() as connection:
        connection.execute(insert(SessionRow).values(hash=name, person=bank[who], csrf="c", started=bank.at, seen=bank.at,
                                                     ends=bank.at + DAY))


def sessions(bank: Bank) -> set[str]:
    with bank.office.store.reading() as connection:
        return set(connection.execute(select(SessionRow.hash)).scalars())


def test_an_account_is_added_and_the_ledger_does_not_name_its_secret(bank: Bank) -> None:
    done = add(bank, "  New@Bank.Example ")
    recorded(bank, done, Action.PERSON_ADD, by=bank.actors["administrator"], touched=[done.value, "govern"],
             wrote={"person": 1})
    with bank.office.store.reading() as connection:
        found = person(connection, done.value)
        assert person_by_email(connection, "NEW@bank.example") == found
        credential = connection.execute(select(CredentialRow).where(CredentialRow.person == done.value)).one()
    assert found is not None
    assert (found.name, found.email, found.active) == ("New", "new@bank.example", True)
    assert (credential.password, credential.failures) == (HASH, 0)


def test_one_address_one_account(bank: Bank) -> None:
    add(bank, "new@bank.example")
    for email in ("new@bank.example", "NEW@Bank.example "):
        with refused(bank, Duplicate, "has an account already", "email"):
            add(bank, email)
    for who in ("officer", "owner", "nobody"):
        with refused(bank, NotAllowed, "manage people"):
            add(bank, "other@bank.example", who)


def test_two_administrators_at_once_make_one_account(bank: Bank) -> None:
    gate, faults = threading.Barrier(4), []
    now = bank.tick()

    def run() -> None:
        gate.wait()
        try:
            add_person(bank.office, OPERATOR, AddPerson("Twin", "twin@bank.example", HASH), now)
        except GovernError as fault:
            faults.append(type(fault))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with bank.office.store.reading() as connection:
        assert [one.email for one in people(connection)].count("twin@bank.example") == 1
    assert faults == [Duplicate] * 3


def test_a_closed_account_loses_its_sessions_at_once(bank: Bank) -> None:
    session_of(bank, "owner", "one"), session_of(bank, "owner", "two"), session_of(bank, "seller", "three")
    done = deactivate_person(bank.office, bank.actors["administrator"], bank["owner"], bank.tick())
    recorded(bank, done, Action.PERSON_DEACTIVATE, by=bank.actors["administrator"], touched=[bank["owner"]],
             wrote={"person": 1}, closed={"person": 1})
    assert sessions(bank) == {"three"}
    with bank.office.store.reading() as connection:
        found = person(connection, bank["owner"])
    assert found is not None
    assert not found.active
    with refused(bank, NotFound, "no such active account"):
        deactivate_person(bank.office, bank.actors["administrator"], bank["owner"], bank.tick())


def test_closing_refused(bank: Bank) -> None:
    with refused(bank, NotAllowed, "your own account"):
        deactivate_person(bank.office, bank.actors["administrator"], bank["administrator"], bank.tick())
    with refused(bank, NotFound):
        deactivate_person(bank.office, bank.actors["administrator"], "somebody", bank.tick())
    with refused(bank, NotAllowed, "manage people"):
        deactivate_person(bank.office, bank.actors["officer"], bank["owner"], bank.tick())


# -- passwords -----------------------------------------------------------------------------------------------------


def test_a_new_password_ends_all_sessions_and_is_no_entry(bank: Bank) -> None:
    for who in ("owner", "administrator"):
        session_of(bank, "owner", f"by {who}"), session_of(bank, "seller", f"other, {who}")
        head = bank.head()
        set_password(bank.office, bank.actors[who], bank["owner"], f"new by {who}", bank.tick())
        assert bank.head() == head
        with bank.office.store.reading() as connection:
            assert connection.execute(select(CredentialRow.password).where(
                CredentialRow.person == bank["owner"])).scalar_one() == f"new by {who}"
    assert sessions(bank) == {"other, owner", "other, administrator"}


def test_passwords_refused(bank: Bank) -> None:
    with refused(bank, NotAllowed, "manage people"):
        set_password(bank.office, bank.actors["officer"], bank["owner"], "x", bank.tick())
    with refused(bank, NotFound, "no such account"):
        set_password(bank.office, bank.actors["administrator"], "somebody", "x", bank.tick())
    for submit_only in (True, False):
        pipeline = bank.token("owner", submit_only=submit_only)
        with refused(bank, NotAllowed, "a person must sign in"):
            set_password(bank.office, pipeline, bank["owner"], "x", bank.tick())


# -- roles ---------------------------------------------------------------------------------------------------------


def give(bank: Bank, to: str, role: Role, kind: ScopeKind, scope: str | None, by: str = "administrator") -> Done[str]:
    command = GrantRole(bank.keys.get(to, to), role, kind, bank.keys.get(scope, scope) if scope else None)
    return grant_role(bank.office, bank.actors[by], command, bank.tick())


def test_a_role_is_given_and_taken(bank: Bank) -> None:
    administrator = bank.actors["administrator"]
    done = give(bank, "nobody", Role.AUDITOR, ScopeKind.UNIT, "lending")
    recorded(bank, done, Action.ROLE_GRANT, by=administrator, touched=[bank["nobody"]], wrote={"role_grant": 1})
    (held,) = actor_of(bank, "nobody").grants
    assert (held.key, held.role, held.scope_kind, held.scope) == (done.value, Role.AUDITOR, ScopeKind.UNIT, bank["lending"])
    with bank.reading(actor_of(bank, "nobody")) as (_, reader):
        assert (reader.everything, reader.systems) == (False, {bank["scoring"]})
    done_ = revoke_role(bank.office, administrator, held.key, bank.tick())
    recorded(bank, done_, Action.ROLE_REVOKE, by=administrator, touched=[bank["nobody"]], wrote={}, closed={"role_grant": 1})
    with bank.office.store.reading() as connection:
        assert grants_of(connection, bank["nobody"]) == ()
    with refused(bank, NotFound, "no such role"):
        revoke_role(bank.office, administrator, held.key, bank.tick())


def test_roles_refused(bank: Bank) -> None:
    with refused(bank, Duplicate, "holds that role there already", "role"):
        give(bank, "owner", Role.SYSTEM_OWNER, ScopeKind.UNIT, "lending")
    with refused(bank, NotFound, "no such person", "person"):
        give(bank, "somebody", Role.AUDITOR, ScopeKind.EVERYTHING, None)
    for kind, scope in ((ScopeKind.UNIT, None), (ScopeKind.SYSTEM, None), (ScopeKind.EVERYTHING, "lending")):
        with refused(bank, InputRefused, "names it", "scope"):
            give(bank, "nobody", Role.AUDITOR, kind, scope)
    with refused(bank, NotFound, "no such unit", "scope"):
        give(bank, "nobody", Role.AUDITOR, ScopeKind.UNIT, "scoring")
    with refused(bank, NotFound, "no such system", "scope"):
        give(bank, "nobody", Role.AUDITOR, ScopeKind.SYSTEM, "lending")
    for who in ("officer", "nobody"):
        with refused(bank, NotAllowed, "manage people"):
            give(bank, "nobody", Role.ADMINISTRATOR, ScopeKind.EVERYTHING, None, who)
    assert give(bank, "owner", Role.SYSTEM_OWNER, ScopeKind.UNIT, "cards").entry, "the same role elsewhere"


def test_nobody_takes_a_role_from_themselves(bank: Bank) -> None:
    with refused(bank, NotAllowed, "from yourself"):
        revoke_role(bank.office, bank.actors["administrator"], bank["role of administrator"], bank.tick())
    with refused(bank, NotAllowed, "manage people"):
        revoke_role(bank.office, bank.actors["officer"], bank["role of owner"], bank.tick())


# -- tokens --------------------------------------------------------------------------------------------------------


def create(bank: Bank, who: str, system: str | None = "scoring", days: int = 30, secret: str = "5" * 64) -> Done[str]:
    command = CreateToken("nightly", bank.keys.get(system, system) if system else None, True, bank.at + days * DAY, secret)
    return create_token(bank.office, bank.actors[who], command, bank.tick())


def test_a_token_is_created_found_by_its_secret_and_revoked(bank: Bank) -> None:
    done = create(bank, "owner")
    recorded(bank, done, Action.TOKEN_CREATE, by=bank.actors["owner"], touched=[bank["scoring"], done.value],
             wrote={"token": 1})
    assert token_with_secret(bank, "5" * 64) == done.value
    with bank.office.store.reading() as connection:
        (held,) = tokens_of(connection, bank["owner"])
    assert (held.key, held.name, held.owner, held.system, held.submit_only) == (
        done.value, "nightly", bank["owner"], bank["scoring"], True)
    done_ = revoke_token(bank.office, bank.actors["owner"], done.value, bank.tick())
    recorded(bank, done_, Action.TOKEN_REVOKE, by=bank.actors["owner"], touched=[bank["scoring"], done.value], wrote={},
             closed={"token": 1})
    assert token_with_secret(bank, "5" * 64) is None
    with bank.office.store.reading() as connection:
        assert token(connection, done.value) is None
    with refused(bank, NotFound, "no such token"):
        revoke_token(bank.office, bank.actors["owner"], done.value, bank.tick())


def test_creating_refused(bank: Bank) -> None:
    for days in (-1, 401):
        with refused(bank, InputRefused, "within 400 days", "expires"):
            create(bank, "owner", days=days)
    for who in ("reviewer", "auditor", "nobody"):
        with refused(bank, NotAllowed, "do not let you create tokens"):
            create(bank, who)
    with refused(bank, NotFound, "no such system", "system"):
        create(bank, "owner", "chat")
    pipeline = bank.token("officer", None, submit_only=False)
    with refused(bank, NotAllowed, "create tokens"):
        create_token(bank.office, pipeline, CreateToken("more", None, False, bank.at + DAY, "6" * 64), bank.tick())


def test_administrators_revoke_anybodys_others_only_their_own(bank: Bank) -> None:
    key = create(bank, "owner").value
    for who in ("seller", "officer", "contributor"):
        with refused(bank, NotAllowed, "manage people"):
            revoke_token(bank.office, bank.actors[who], key, bank.tick())
    assert revoke_token(bank.office, bank.actors["administrator"], key, bank.tick()).entry


def test_a_token_revokes_none_not_even_its_owners(bank: Bank) -> None:
    key = create(bank, "owner").value
    for submit_only in (True, False):
        pipeline = bank.token("owner", submit_only=submit_only)
        with refused(bank, NotAllowed, "a person must sign in"):
            revoke_token(bank.office, pipeline, key, bank.tick())


def test_an_address_may_come_back_with_another_account(bank: Bank) -> None:
    """A closed account keeps its address: the past stays readable, and nobody takes it over."""
    deactivate_person(bank.office, bank.actors["administrator"], bank["nobody"], bank.tick())
    with refused(bank, Duplicate, "has an account already"):
        add(bank, "nobody@bank.example")
    with nothing_recorded(bank), bank.office.store.reading() as connection:
        assert person_by_email(connection, "nobody@bank.example") == person(connection, bank["nobody"])
