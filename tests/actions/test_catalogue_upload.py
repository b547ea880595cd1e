"""A document between its preview and its confirmation: one for each person, for a day, and no fact."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from govern.actions.catalogue_upload import KEPT_FOR, NAME, Upload, discard_upload, keep_upload, upload_of
from govern.actions.drafts import keep_draft
from govern.catalogue.incoming.documents import MOST_BYTES
from govern.errors import FileRefused, NotAllowed, TooLarge
from govern.records.drafts import drafts
from govern.records.tables.plain import DraftRow
from tests.bank import Bank, refused

DOCUMENT = Upload("own.xlsx", b"PK\x03\x04\x00\xff", None, "law-1")


def kept(bank: Bank, who: str = "officer") -> Upload | None:
    """What is kept for somebody now."""
    with bank.reading() as (connection, _):
        return upload_of(connection, bank[who], bank.at)


def test_the_bytes_come_back_as_they_were_and_nothing_is_recorded(bank: Bank) -> None:
    head = bank.head()
    keep_upload(bank.office, bank.actors["officer"], DOCUMENT, bank.tick())
    assert kept(bank) == DOCUMENT
    assert kept(bank, "deputy") is None, "it is the person's own"
    assert bank.head() == head


def test_the_digest_is_that_of_bytes_name_and_choice_of_frameworks() -> None:
    others = [replace(DOCUMENT, data=b"x"), replace(DOCUMENT, filename="a"), replace(DOCUMENT, source="law-1"),
              replace(DOCUMENT, source="law-1", target=None)]
    assert len({one.sha256 for one in (DOCUMENT, *others)}) == 5
    assert replace(DOCUMENT).sha256 == DOCUMENT.sha256


def test_the_next_one_takes_its_place_and_drafts_of_forms_stay(bank: Bank) -> None:
    keep_draft(bank.office, bank.actors["officer"], "system:new:1", "{}", bank.tick())
    keep_upload(bank.office, bank.actors["officer"], DOCUMENT, bank.tick())
    newer = replace(DOCUMENT, data=b"newer")
    keep_upload(bank.office, bank.actors["officer"], newer, bank.tick())
    assert kept(bank) == newer
    with bank.reading() as (connection, _):
        assert len(drafts(connection, bank["officer"], "")) == 2
    discard_upload(bank.office, bank.actors["officer"])
    assert kept(bank) is None
    discard_upload(bank.office, bank.actors["officer"])
    with bank.reading() as (connection, _):
        assert [one.name for one in drafts(connection, bank["officer"], "")] == ["system:new:1"]


def test_after_a_day_it_is_gone_and_the_next_keeping_sweeps_it_out(bank: Bank) -> None:
    keep_upload(bank.office, bank.actors["deputy"], DOCUMENT, bank.tick())
    bank.at += KEPT_FOR - 1
    assert kept(bank, "deputy") == DOCUMENT
    bank.at += 1
    assert kept(bank, "deputy") is None
    keep_upload(bank.office, bank.actors["officer"], DOCUMENT, bank.at)
    with bank.reading() as (connection, _):
        assert connection.execute(select(func.count()).select_from(DraftRow).where(DraftRow.name == NAME)).scalar_one() == 1


def test_who_may_not_keep_the_catalogue_keeps_no_document(bank: Bank) -> None:
    for who in ("administrator", "owner", "reviewer", "auditor"):
        with refused(bank, NotAllowed):
            keep_upload(bank.office, bank.actors[who], DOCUMENT, bank.at)
    token = bank.token("officer", None, submit_only=False)
    with refused(bank, NotAllowed, "token"):
        keep_upload(bank.office, token, DOCUMENT, bank.at)


@pytest.mark.parametrize(("size", "error"), [(0, FileRefused), (MOST_BYTES + 1, TooLarge)])
def test_an_empty_one_and_one_that_is_too_large_are_refused(bank: Bank, size: int, error: type[FileRefused]) -> None:
    with refused(bank, error, field="file"):
        keep_upload(bank.office, bank.actors["officer"], replace(DOCUMENT, data=bytes(size)), bank.at)
