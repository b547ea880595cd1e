"""Opening the ledger, catalogues in force, units."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from govern.actions.office import INSTANCE, OPERATOR, Office
from govern.actions.organisation import add_unit, put_in_force
from govern.catalogue.objects import Catalogue, Control
from govern.errors import Duplicate, NotAllowed, NotFound
from govern.evidence.vault import FileVault
from govern.facts.audit import Action
from govern.facts.commands import AddUnit
from govern.records.catalogues import Catalogues
from govern.records.people import chain, units
from govern.records.store import Store
from govern.records.tables.ledger import ThingRow
from govern.records.work import Done
from tests.bank import CATALOGUE, START, Bank, make_catalogue, nothing_recorded, recorded, refused, reviewed


def without(*controls: str) -> Catalogue:
    kept: dict[str, Control] = {id_: one for id_, one in CATALOGUE.controls.items() if id_ not in controls}
    return make_catalogue(controls=kept)


def test_the_first_catalogue_opens_the_ledger(store: Store, tmp_path: Path) -> None:
    office = Office(store, FileVault(tmp_path / "vault"), Catalogues())
    done = put_in_force(office, CATALOGUE, START)
    assert (done.value, done.entry) == (True, 1)
    with store.reading() as connection:
        assert {(one.key, one.kind) for one in connection.execute(select(ThingRow.key, ThingRow.kind))} == {
            ("organisation", "organisation"), (INSTANCE, "instance"), ("catalogue", "catalogue")}
        assert office.catalogue(connection) == CATALOGUE
    recorded(Bank(office, START), done, Action.CATALOGUE_RECORD, by=OPERATOR, touched=["organisation", INSTANCE],
             wrote={"catalogue": 1})


def test_the_same_catalogue_is_not_recorded_again(bank: Bank) -> None:
    with nothing_recorded(bank):
        done = put_in_force(bank.office, CATALOGUE, bank.tick())
    assert (done.value, done.entry) == (False, None)


def test_another_catalogue_judges_from_then_on_and_the_past_keeps_its_own(bank: Bank) -> None:
    reviewed(bank, bank.submit("owner", bank.scan()))
    before = bank.head()
    done = put_in_force(bank.office, without("EVA-01"), bank.tick())
    recorded(bank, done, Action.CATALOGUE_RECORD, by=OPERATOR, touched=["organisation"], wrote={"catalogue": 1},
             closed={"catalogue": 1})
    assert "EVA-01" not in bank.posture().controls
    assert bank.posture(at=str(before)).controls["EVA-01"].status.value == "satisfied"
    assert (bank.snapshot().catalogue, bank.snapshot(at=str(before)).catalogue) == (without("EVA-01").digest, CATALOGUE.digest)


def test_a_catalogue_is_read_back_from_the_ledger(bank: Bank) -> None:
    afresh = Office(bank.office.store, bank.office.vault, Catalogues())
    with bank.office.store.reading() as connection:
        read = afresh.catalogue(connection)
    assert read == CATALOGUE
    assert read is not CATALOGUE


# -- units ---------------------------------------------------------------------------------------------------------


def add(bank: Bank, slug: str, parent: str | None, by: str = "administrator") -> Done[str]:
    return add_unit(bank.office, bank.actors[by], AddUnit(slug, slug.title(), parent), bank.tick())


def test_a_unit_is_added_below_another(bank: Bank) -> None:
    done = add(bank, "mortgages", bank["lending"])
    recorded(bank, done, Action.UNIT_ADD, by=bank.actors["administrator"], touched=["organisation", done.value],
             wrote={"unit": 1})
    with bank.office.store.reading() as connection:
        assert [one.slug for one in chain(units(connection), done.value)] == ["mortgages", "lending", "bank"]
        assert done.value not in units(connection, bank.head() - 1)


def test_units_refused(bank: Bank) -> None:
    with refused(bank, Duplicate, "a unit lending already", "slug"):
        add(bank, "lending", None)
    with refused(bank, NotFound, "no such unit to put it under", "parent"):
        add(bank, "mortgages", bank["scoring"])
    for who in ("officer", "owner", "nobody"):
        with refused(bank, NotAllowed, "manage people"):
            add(bank, "mortgages", None, who)
