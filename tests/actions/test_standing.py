"""Standing acceptance: given by a reviewer for a token, what it accepts by itself and what it does not, and its end."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from govern.access.actor import Actor
from govern.actions.people import revoke_token
from govern.actions.standing import give_standing, revoke_standing
from govern.errors import InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.commands import GiveStanding
from govern.facts.evidence import About, Review, Verdict
from govern.facts.moments import DAY
from govern.records.evidence import evidence, standings_for
from govern.records.tables.plain import WaitingRow
from govern.records.work import Done
from tests.bank import Bank, recorded, refused, reviewed, yes


def give(bank: Bank, pipeline: Actor, by: str = "reviewer", **given: Any) -> Done[str]:
    assert pipeline.token is not None
    fields: dict[str, Any] = {"system": bank["scoring"], "kind": "scan-report", "tool": "Garak",
                              "token": pipeline.token.key, "until": bank.at + 60 * DAY, **given}
    return give_standing(bank.office, bank.actors[by], GiveStanding(**fields), bank.tick())


def review_of(bank: Bank, key: str, number: int = 1) -> Review | None:
    with bank.reading() as (connection, reader):
        found = evidence(connection, reader, key)
    assert found is not None
    return found.versions[number - 1].review


def test_what_fits_is_accepted_by_itself(bank: Bank) -> None:
    pipeline = bank.token("owner")
    given = give(bank, pipeline)
    recorded(bank, given, Action.STANDING_GIVE, by=bank.actors["reviewer"], touched=[bank["scoring"]], wrote={"standing": 1})
    sent = bank.submit(pipeline, bank.scan())
    recorded(bank, sent, Action.EVIDENCE_SUBMIT, by=bank.actors["owner"], blobs=[bank.scan().sha256],
             touched=[bank["scoring"], sent.value.evidence, sent.value.version],
             wrote={"evidence": 1, "link": 1, "version": 1, "review": 1})
    assert sent.value.accepted
    assert bank.status("EVA-01") == "satisfied"
    review = review_of(bank, sent.value.evidence)
    assert review is not None
    assert (review.verdict, review.reviewer, review.standing) == (Verdict.ACCEPTED, bank["reviewer"], given.value)
    with bank.office.store.reading() as connection:
        assert connection.execute(select(WaitingRow)).all() == []


NOT_TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("a check fails", {"critical": 1}),
    ("another tool", {"tool": "other"}),
]


@pytest.mark.parametrize(("why", "scan"), NOT_TAKEN)
def test_what_does_not_fit_waits_for_a_person(bank: Bank, why: str, scan: dict[str, Any]) -> None:
    pipeline = bank.token("owner")
    give(bank, pipeline)
    sent = bank.submit(pipeline, bank.scan(why, **scan))
    assert not sent.value.accepted
    assert review_of(bank, sent.value.evidence) is None
    with bank.office.store.reading() as connection:
        assert connection.execute(select(WaitingRow.version)).scalars().all() == [sent.value.version]


def test_only_its_token_its_kind_and_its_system(bank: Bank) -> None:
    pipeline, other = bank.token("officer", None), bank.token("officer", None)
    give(bank, pipeline)
    assert not bank.submit("officer", bank.scan("by hand")).value.accepted
    assert not bank.submit(other, bank.scan("other token")).value.accepted
    assert not bank.submit(pipeline, bank.scan("other system"), about_key=bank["chat"]).value.accepted
    assert not bank.submit(pipeline, bank.file("paper", {"tool": "garak"}, "paper"), kind="paper").value.accepted
    assert not bank.submit(pipeline, bank.scan("organisation"), about=About.ORGANISATION).value.accepted
    assert bank.submit(pipeline, bank.scan("the right one")).value.accepted


def test_it_ends_on_its_day(bank: Bank) -> None:
    pipeline = bank.token("owner")
    give(bank, pipeline, until=bank.at + 10 * DAY)
    bank.tick(days=9)
    assert bank.submit(pipeline, bank.scan("before")).value.accepted
    bank.tick(days=1)
    assert not bank.submit(pipeline, bank.scan("after")).value.accepted


def test_questions_take_the_answers_that_a_person_gave_before(bank: Bank) -> None:
    """On «chat» EVA-03 asks a question; the machine repeats an answer, it never gives a first one."""
    pipeline = bank.token("seller", "chat")
    give(bank, pipeline, system=bank["chat"])
    first = bank.submit(pipeline, bank.scan("one"), about_key=bank["chat"])
    assert not first.value.accepted
    reviewed(bank, first, "reviewer", yes("EVA-03.1", "watched"))
    second = bank.submit(pipeline, bank.scan("two"), evidence=first.value.evidence)
    assert second.value.accepted
    review = review_of(bank, first.value.evidence, 2)
    assert review is not None
    assert review.answers == (yes("EVA-03.1", "watched"),)


def test_it_is_ended_and_what_it_accepted_stays(bank: Bank) -> None:
    pipeline = bank.token("owner")
    key = give(bank, pipeline).value
    bank.submit(pipeline, bank.scan("one"))
    with refused(bank, NotAllowed, "give standing acceptance"):
        revoke_standing(bank.office, bank.actors["owner"], bank["scoring"], key, bank.tick())
    with refused(bank, NotFound, "no such standing"):
        revoke_standing(bank.office, bank.actors["officer"], bank["chat"], key, bank.tick())
    done = revoke_standing(bank.office, bank.actors["officer"], bank["scoring"], key, bank.tick())
    recorded(bank, done, Action.STANDING_REVOKE, by=bank.actors["officer"], touched=[bank["scoring"]], wrote={},
             closed={"standing": 1})
    assert bank.status("EVA-01") == "satisfied"
    assert not bank.submit(pipeline, bank.scan("two")).value.accepted
    with bank.office.store.reading() as connection:
        assert standings_for(connection, bank["scoring"]) == ()
    with refused(bank, NotFound, "no such standing"):
        revoke_standing(bank.office, bank.actors["officer"], bank["scoring"], key, bank.tick())


def test_giving_it_refused(bank: Bank) -> None:
    pipeline, elsewhere, own = bank.token("owner"), bank.token("seller", "chat"), bank.token("officer", None)
    revoked = bank.token("owner")
    assert revoked.token is not None
    revoke_token(bank.office, bank.actors["owner"], revoked.token.key, bank.tick())
    with refused(bank, NotAllowed, "your own token"):
        give(bank, own, "officer")
    for who in ("owner", "contributor", "auditor"):
        with refused(bank, NotAllowed, "give standing acceptance"):
            give(bank, pipeline, who)
    with refused(bank, NotFound, "no such system"):
        give(bank, pipeline, "seller")
    with refused(bank, InputRefused, "no kind of evidence", "kind"):
        give(bank, pipeline, kind="wish")
    for until in (bank.at - DAY, bank.at + 400 * DAY):
        with refused(bank, InputRefused, "at most 366 days", "until"):
            give(bank, pipeline, until=until)
    for other in (elsewhere, revoked):
        with refused(bank, NotFound, "no such token", "token"):
            give(bank, other)
    with refused(bank, NotFound, "no such token", "token"):
        give(bank, pipeline, token="somebody")
