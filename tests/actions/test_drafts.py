"""Drafts: kept and replaced, bounded, seen by nobody else, gone with the system they became; never in the ledger."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from govern.actions.drafts import LARGEST, MOST, discard_draft, keep_draft
from govern.actions.people import deactivate_person
from govern.actions.systems import register_system
from govern.errors import InputRefused, NotAllowed, TooLarge
from govern.records.drafts import Draft, answer_given, count_drafts, draft, drafts
from govern.records.tables.plain import DraftRow
from govern.records.work import Once, Replayed
from tests.bank import Bank, description, refused

FORM = "system:new:"


def keep(bank: Bank, name: str = "a", body: str = "{}", who: str = "officer") -> None:
    keep_draft(bank.office, bank.actors[who], FORM + name, body, bank.tick())


def kept(bank: Bank, who: str = "officer", form: str = FORM) -> list[Draft]:
    with bank.reading() as (connection, _):
        return drafts(connection, bank[who], form)


def test_a_draft_is_kept_and_replaced_and_is_no_fact(bank: Bank) -> None:
    before = bank.head()
    keep(bank, body="first")
    keep(bank, "b")
    keep(bank, body="second, ü")
    assert [(one.name, one.body) for one in kept(bank)] == [(FORM + "a", "second, ü"), (FORM + "b", "{}")]
    assert kept(bank)[0].saved == bank.at
    assert bank.head() == before
    with bank.reading() as (connection, _):
        assert draft(connection, bank["officer"], FORM + "a") == kept(bank)[0]
        assert draft(connection, bank["officer"], FORM) is None, "only by its whole name"


def test_nobody_sees_or_discards_anothers(bank: Bank) -> None:
    keep(bank)
    keep(bank, who="owner", body="mine")
    discard_draft(bank.office, bank.actors["deputy"], FORM + "a")
    discard_draft(bank.office, bank.actors["officer"], FORM + "a")
    discard_draft(bank.office, bank.actors["officer"], FORM + "a")
    assert (kept(bank), kept(bank, "deputy")) == ([], [])
    assert [one.body for one in kept(bank, "owner")] == ["mine"]


def test_other_forms_stay_apart(bank: Bank) -> None:
    keep(bank, "50%_off")
    keep_draft(bank.office, bank.actors["officer"], "system_new:a", "{}", bank.tick())
    assert [one.name for one in kept(bank)] == [FORM + "50%_off"]
    assert [one.name for one in kept(bank, form="system_")] == ["system_new:a"], "an underscore is no wildcard"


def test_drafts_are_bounded_in_number_and_size(bank: Bank) -> None:
    for number in range(MOST):
        keep(bank, str(number))
    with refused(bank, InputRefused, "20 drafts already", "form"):
        keep(bank, "one more")
    keep(bank, "3", "changed")
    keep(bank, who="owner")
    discard_draft(bank.office, bank.actors["officer"], FORM + "0")
    keep(bank, "one more", "x" * LARGEST)
    with refused(bank, TooLarge, "64 KB", "form"):
        keep(bank, "3", "x" * (LARGEST + 1))
    with refused(bank, TooLarge):
        keep(bank, "3", "ü" * (LARGEST // 2 + 1))
    with bank.reading() as (connection, _):
        assert count_drafts(connection, bank["officer"]) == MOST


def test_a_token_keeps_none(bank: Bank) -> None:
    token = bank.token("owner", submit_only=False)
    for act in (lambda: keep_draft(bank.office, token, FORM + "a", "{}", bank.tick()),
                lambda: discard_draft(bank.office, token, FORM + "a")):
        call: Callable[[], None] = act
        with refused(bank, NotAllowed, "token keeps no drafts"):
            call()


def test_a_draft_goes_with_the_system_that_it_became(bank: Bank) -> None:
    keep(bank)
    keep(bank, "b")
    keep(bank, who="deputy")
    officer = bank.actors["officer"]
    once: Once[tuple[str, str]] = Once("draft-a", "register", lambda done: {"slug": done.value[1]})
    with refused(bank, InputRefused):
        register_system(bank.office, officer, description("New", None, ["magic"]), bank.tick(), once=once, draft=FORM + "a")
    assert len(kept(bank)) == 2, "what was refused keeps its draft"
    register_system(bank.office, officer, description("Fraud guard"), bank.tick(), once=once, draft=FORM + "a")
    assert [one.name for one in kept(bank)] == [FORM + "b"]
    assert len(kept(bank, "deputy")) == 1
    with pytest.raises(Replayed):
        register_system(bank.office, officer, description("Fraud guard"), bank.tick(), once=once, draft=FORM + "a")
    with bank.reading() as (connection, _):
        assert answer_given(connection, officer.key, "draft-a") == '{"slug": "fraud-guard"}'
        assert answer_given(connection, bank["deputy"], "draft-a") is None


def test_a_closed_account_leaves_no_drafts(bank: Bank) -> None:
    keep(bank, who="owner")
    keep(bank)
    deactivate_person(bank.office, bank.actors["administrator"], bank["owner"], bank.tick())
    with bank.reading() as (connection, _):
        assert connection.execute(select(func.count()).select_from(DraftRow)).scalar_one() == 1
