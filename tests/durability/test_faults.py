"""The database fails: at the INSERT into any table, read-only, full or locked. All of an action is recorded, or none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from govern.actions.catalogue import Origin, bring_addition, propose_addition
from govern.actions.control import assign_controls, propose_scoping
from govern.actions.drafts import keep_draft
from govern.actions.evidence import Submitted, link_evidence, submit_evidence
from govern.actions.organisation import add_unit, put_in_force
from govern.actions.people import add_person, create_token, grant_role, revoke_token, set_password
from govern.actions.standing import give_standing
from govern.actions.systems import adopt_system, edit_system, record_event, register_system
from govern.actions.tailoring import tailor_unit
from govern.actions.verification import checkpoint, verify_everything
from govern.catalogue.additions import addition_of
from govern.catalogue.source import Mistakes
from govern.door.sessions import open_session
from govern.errors import LedgerUnavailable
from govern.facts.commands import (
    AddPerson,
    AddUnit,
    AdoptSystem,
    AssignControls,
    CreateToken,
    GiveStanding,
    GrantRole,
    LinkEvidence,
    ProposeScoping,
    RecordEvent,
    TailorUnit,
)
from govern.facts.moments import DAY
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import Stage
from govern.jobs.summaries import refresh
from govern.ledger.note import generate_key
from govern.records.base import Base
from govern.records.tables.ledger import HeadRow
from govern.records.work import Done, Once
from tests.bank import Bank, contents, description, make_catalogue, refused

KEY = generate_key("govern.test")
Step = Callable[[Bank], Any]


def with_answer(bank: Bank) -> Done[Submitted]:
    once: Once[Submitted] = Once("k", "request", lambda done: {"entry": done.entry})
    return submit_evidence(bank.office, bank.actors["owner"], bank.command(bank.scan("once")), bank.tick(), once=once)


def a_new_version(bank: Bank) -> None:
    sent = bank.submit("owner", bank.scan(f"scan of {bank.at}"))
    bank.keys["evidence"], bank.keys["version"] = sent.value.evidence, sent.value.version


def an_addition(bank: Bank) -> None:
    mistakes = Mistakes()
    one = addition_of({"addition": "own", "title": "Own", "domains": []}, "own.yaml", mistakes)
    assert one is not None
    assert mistakes.sorted() == []
    with bank.reading() as (connection, _):
        proposal = propose_addition(connection, one)
    bring_addition(bank.office, bank.actors["officer"], one, Origin("yaml", "own.yaml"), proposal, bank.tick())


def a_token(bank: Bank) -> None:
    command = CreateToken("nightly", bank["scoring"], True, bank.at + DAY, "7" * 64)
    bank.keys["token"] = create_token(bank.office, bank.actors["owner"], command, bank.tick()).value


STEPS: dict[str, Step] = {
    "submit": a_new_version,
    "submit with an answer kept": with_answer,
    "review": lambda bank: bank.review("reviewer", bank["version"]),
    "link": lambda bank: link_evidence(bank.office, bank.actors["owner"],
                                       LinkEvidence(bank["evidence"], frozenset({"EVA-02"})), bank.tick()),
    "withdraw": lambda bank: bank.withdraw("owner", bank["version"]),
    "ask": lambda bank: bank.ask("owner", "EVA-01"),
    "assign": lambda bank: assign_controls(bank.office, bank.actors["owner"], AssignControls(
        bank["scoring"], ("EVA-01", "EVA-02"), None, None, "By us."), bank.tick()),
    "scope": lambda bank: propose_scoping(bank.office, bank.actors["owner"], ProposeScoping(
        bank["scoring"], ("EVA-02",), "No.", None), bank.tick()),
    "register": lambda bank: register_system(bank.office, bank.actors["officer"], description("New"), bank.tick()),
    "edit": lambda bank: edit_system(bank.office, bank.actors["owner"], bank["scoring"],
                                       description("Other", bank["lending"]), None, bank.tick()),
    "adopt": lambda bank: adopt_system(bank.office, bank.actors["officer"], AdoptSystem(
        bank["scoring"], Stage.OPERATION, "It runs.", "", None, bank.at), bank.tick()),
    "event": lambda bank: record_event(bank.office, bank.actors["owner"], RecordEvent(
        bank["scoring"], "release", bank.at, ""), bank.tick()),
    "person": lambda bank: add_person(bank.office, bank.actors["administrator"], AddPerson("N", "n@bank.example", "h"),
                                      bank.tick()),
    "role": lambda bank: grant_role(bank.office, bank.actors["administrator"], GrantRole(
        bank["nobody"], Role.AUDITOR, ScopeKind.EVERYTHING, None), bank.tick()),
    "unit": lambda bank: add_unit(bank.office, bank.actors["administrator"], AddUnit("new", "New", None), bank.tick()),
    "catalogue": lambda bank: put_in_force(bank.office, make_catalogue(layers=()), bank.tick()),
    "token": a_token,
    "standing": lambda bank: give_standing(bank.office, bank.actors["reviewer"], GiveStanding(
        bank["scoring"], "scan-report", "garak", bank["token"], bank.at + DAY), bank.tick()),
    "revoke": lambda bank: revoke_token(bank.office, bank.actors["owner"], bank["token"], bank.tick()),
    "checkpoint": lambda bank: checkpoint(bank.office, KEY),
    "session": lambda bank: open_session(bank.office.store, bank["owner"], bank.tick(), 1),
    "summaries": lambda bank: refresh(bank.office, bank.tick()),
    "draft": lambda bank: keep_draft(bank.office, bank.actors["officer"], "form", "{}", bank.tick()),
    "tailor": lambda bank: tailor_unit(bank.office, bank.actors["officer"], TailorUnit(
        bank["lending"], None, None, frozenset(), (), (), "As agreed."), None, bank.tick()),
    "addition": an_addition,
    "password": lambda bank: set_password(bank.office, bank.actors["owner"], bank["owner"], "new", bank.tick()),
}
"""What people do, in an order in which each step can be taken."""


def break_table(connection: Connection, table: str, how: str = "INSERT") -> None:
    """From now on each INSERT into a table fails; on PostgreSQL as a full disk does."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"CREATE TRIGGER fault BEFORE {how} ON \"{table}\" "
                                   "BEGIN SELECT RAISE(ABORT, 'the disk failed'); END")
        return
    connection.exec_driver_sql("CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $f$ "
                               "BEGIN RAISE EXCEPTION 'the disk failed' USING ERRCODE = '53100'; END $f$")
    connection.exec_driver_sql(f'CREATE TRIGGER fault BEFORE {how} ON "{table}" FOR EACH ROW EXECUTE FUNCTION fault()')


def mend_table(connection: Connection, table: str) -> None:
    on = f' ON "{table}"' if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(f"DROP TRIGGER fault{on}")


def not_taken(step: Step, bank: Bank) -> str:
    """What the database said when it did not take a step; empty when it did."""
    try:
        step(bank)
    except LedgerUnavailable as fault:
        return fault.text.splitlines()[0]
    return ""


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_a_failing_insert_leaves_nothing_half_written(bank: Bank, table: str) -> None:
    """The first step that writes the table changes nothing at all; once mended, it and the rest go through."""
    store = bank.office.store
    how = "UPDATE" if table == HeadRow.__tablename__ else "INSERT"
    with store.writing() as connection:
        break_table(connection, table, how)
    failed = ""
    for name, step in STEPS.items():
        before = {} if failed else contents(store)
        fault = not_taken(step, bank)
        if not fault:
            continue
        assert not failed, "a mended table fails no more"
        assert (fault.endswith("the disk failed"), contents(store)) == (True, before)
        failed = name
        with store.writing() as connection:
            mend_table(connection, table)
        assert verify_everything(bank.office, [KEY.verifier]).faults == ()
        step(bank)
    assert failed, "some step writes every table, or this proves nothing"
    assert verify_everything(bank.office, [KEY.verifier]).faults == ()


# -- a database that takes nothing -----------------------------------------------------------------------------------


def on_connect(bank: Bank, *statements: str) -> Callable[[], None]:
    """Run statements on each new connection; gives what ends that."""
    engine = bank.office.store.engine
    engine.dispose()

    def connect(driver: Any, _record: object) -> None:
        for statement in statements:
            driver.execute(statement)

    event.listen(engine, "connect", connect)

    def end() -> None:
        event.remove(engine, "connect", connect)
        engine.dispose()

    return end


def test_a_read_only_database_changes_nothing_and_can_be_read(bank: Bank) -> None:
    a_new_version(bank)
    a_token(bank)
    engine = bank.office.store.engine
    if engine.dialect.name == "sqlite":
        end = on_connect(bank, "PRAGMA query_only = ON")
    else:
        with engine.connect() as connection, connection.begin():
            connection.execute(text(f"ALTER DATABASE {engine.url.database} SET default_transaction_read_only = on"))
        engine.dispose()

        def end() -> None:
            with engine.connect() as connection:
                connection.execute(text("SET default_transaction_read_only = off"))
                connection.commit()
                connection.execute(text(f"ALTER DATABASE {engine.url.database} RESET default_transaction_read_only"))
                connection.commit()
            engine.dispose()

    before = contents(bank.office.store)
    for name, step in STEPS.items():
        with pytest.raises(LedgerUnavailable, match="did not take the change"):
            step(bank)
        assert contents(bank.office.store) == before, name
    assert bank.status("EVA-01") == "in review"
    end()
    bank.review("reviewer", bank["version"])
    assert bank.status("EVA-01") == "satisfied"


def test_a_full_database_changes_nothing_and_goes_on_when_there_is_room(bank: Bank) -> None:
    if bank.office.store.engine.dialect.name != "sqlite":
        return  # a full disk is the failing INSERT above, with the code that PostgreSQL gives it
    with bank.office.store.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    end = on_connect(bank, f"PRAGMA max_page_count = {pages + 2}")
    taken: list[int] = []
    fault = ""
    while not fault and len(taken) < 500:
        before = contents(bank.office.store)
        fault = not_taken(lambda one: taken.append(one.submit("owner", one.scan(f"{len(taken)}")).entry or 0), bank)
    assert "full" in fault
    assert contents(bank.office.store) == before
    assert taken == list(range(26, 26 + len(taken))), "what was acknowledged is there"
    assert verify_everything(bank.office, []).faults == ()
    end()
    assert bank.submit("owner", bank.scan("room again")).entry == bank.head()


def test_a_locked_database_says_so_and_changes_nothing(bank: Bank) -> None:
    if bank.office.store.engine.dialect.name != "sqlite":
        return  # on PostgreSQL writers wait for each other's head row, which test_append tries
    end = on_connect(bank, "PRAGMA busy_timeout = 50")
    with bank.office.store.engine.connect().execution_options(govern_begin="IMMEDIATE") as other, other.begin():
        with refused(bank, LedgerUnavailable, "locked") as caught:
            bank.submit("owner", bank.scan())
        assert caught.value.mend == "Nothing was changed. Try again in a moment."
    assert bank.submit("owner", bank.scan()).entry == bank.head()
    end()
