"""The catalogues that were in force: in their order, as of a moment, and parsed once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.actions.office import INSTANCE
from govern.actions.organisation import put_in_force
from govern.catalogue.objects import Catalogue
from govern.errors import CatalogueError, Mistake, NotFound
from govern.facts.audit import Action
from govern.records.catalogues import (
    KEPT,
    Catalogues,
    CatalogueVersion,
    count_versions,
    digest_in_force,
    version_in_force,
    versions,
)
from govern.records.store import Store
from tests.bank import CATALOGUE, START, Bank, make_catalogue

OTHER = make_catalogue(bases=())


def renew(bank: Bank, catalogue: Catalogue) -> int:
    """Put a catalogue in force; gives the entry."""
    entry = put_in_force(bank.office, catalogue, bank.tick()).entry
    assert entry is not None
    return entry


def test_versions_are_told_newest_first_with_who_when_and_how(bank: Bank) -> None:
    at = bank.at + 1000
    second = renew(bank, OTHER)
    third = renew(bank, CATALOGUE)
    with bank.reading() as (connection, _):
        found = versions(connection, None)
        assert found == [
            CatalogueVersion(third, CATALOGUE.digest, at + 1000, INSTANCE, Action.CATALOGUE_RECORD),
            CatalogueVersion(second, OTHER.digest, at, INSTANCE, Action.CATALOGUE_RECORD),
            CatalogueVersion(1, CATALOGUE.digest, START + 1000, INSTANCE, Action.CATALOGUE_RECORD),
        ]
        assert version_in_force(connection, None) == found[0]
        assert count_versions(connection, None) == 3


def test_a_past_moment_knows_those_up_to_it(bank: Bank) -> None:
    before = bank.head()
    second = renew(bank, OTHER)
    renew(bank, CATALOGUE)
    with bank.reading() as (connection, _):
        assert [one.entry for one in versions(connection, second)] == [second, 1]
        assert [one.entry for one in versions(connection, before)] == [1]
        assert version_in_force(connection, second).digest == digest_in_force(connection, second) == OTHER.digest
        assert (count_versions(connection, second), count_versions(connection, before)) == (2, 1)
        assert versions(connection, 0) == []
        with pytest.raises(NotFound, match="No catalogue was in force then"):
            version_in_force(connection, 0)


def test_a_list_of_many_comes_in_parts(bank: Bank) -> None:
    entries = [1, *(renew(bank, OTHER if number % 2 else CATALOGUE) for number in range(1, 6))]
    with bank.reading() as (connection, _):
        first = versions(connection, None, most=4)
        assert [one.entry for one in first] == entries[:1:-1]
        assert [one.entry for one in versions(connection, None, before=first[-1].entry, most=4)] == [entries[1], 1]


def test_an_old_one_is_opened_by_its_digest(bank: Bank) -> None:
    renew(bank, OTHER)
    catalogues = Catalogues()
    with bank.reading() as (connection, _):
        assert catalogues.of(connection, CATALOGUE.digest) == CATALOGUE
        assert catalogues.at(connection, None) == OTHER
        with pytest.raises(NotFound, match="ever in force"):
            catalogues.of(connection, "0" * 64)


def test_those_used_last_are_kept_and_the_others_read_again(store: Store) -> None:
    catalogues = Catalogues()
    several = [replace(CATALOGUE, digest=f"{number}") for number in range(KEPT + 1)]
    for one in several[:KEPT]:
        catalogues.remember(one)
    with store.reading() as connection:
        assert catalogues.of(connection, "0") is several[0], "looking at one keeps it"
        catalogues.remember(several[KEPT])
        assert catalogues.of(connection, "0") is several[0]
        with pytest.raises(NotFound):
            catalogues.of(connection, "1")  # the one left longest went


def test_what_is_worked_out_is_worked_out_once() -> None:
    catalogues, calls = Catalogues(), []

    def work_out() -> Catalogue:
        calls.append(1)
        return CATALOGUE

    assert catalogues.worked_out(("shipped",), work_out) is catalogues.worked_out(("shipped",), work_out)
    assert len(calls) == 1
    catalogues.worked_out(("shipped", "an addition"), work_out)
    assert len(calls) == 2, "it rests on something else"

    def cannot() -> Catalogue:
        raise CatalogueError([Mistake("own.yaml", 3, "It clashes.")])

    for _ in range(2):
        with pytest.raises(CatalogueError, match="It clashes"):
            catalogues.worked_out(("clash",), cannot)
    for number in range(KEPT):
        catalogues.remember(replace(CATALOGUE, digest=f"{number}"))
    catalogues.worked_out(("shipped",), work_out)
    assert len(calls) == 3, "what is no longer kept is worked out again"
