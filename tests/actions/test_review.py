"""Reviews by somebody else, one or many at once, and withdrawals."""

from __future__ import annotations

from sqlalchemy import select

from govern.errors import Conflict, InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.evidence import About, Answered, Evidence, Reply, Verdict
from govern.records.evidence import evidence as find
from govern.records.tables.plain import WaitingRow
from tests.bank import Bank, recorded, refused, reviewed, yes


def evidence(bank: Bank, key: str) -> Evidence:
    with bank.reading() as (connection, reader):
        found = find(connection, reader, key)
    assert found is not None
    return found


def waiting(bank: Bank) -> set[str]:
    with bank.office.store.reading() as connection:
        return set(connection.execute(select(WaitingRow.version)).scalars())


# -- reviews -------------------------------------------------------------------------------------------------------


def test_an_acceptance_makes_good_news_count(bank: Bank) -> None:
    sent = bank.submit("owner", bank.scan())
    done = reviewed(bank, sent, "narrow")
    recorded(bank, done, Action.VERSION_REVIEW, by=bank.actors["narrow"], wrote={"review": 1},
             touched=[bank["scoring"], sent.value.evidence, sent.value.version])
    assert bank.status("EVA-01") == "satisfied"
    assert bank.status("EVA-01", at=str(bank.head() - 1)) == "in review"
    review = evidence(bank, sent.value.evidence).versions[0].review
    assert review is not None
    assert (review.key, review.verdict, review.reviewer, review.standing, review.at) == (
        done.value[0], Verdict.ACCEPTED, bank["narrow"], None, bank.at)
    assert waiting(bank) == set()


def test_a_rejection_says_why_and_the_version_speaks_no_more(bank: Bank) -> None:
    sent = bank.submit("owner", bank.scan(critical=1))
    for blank in ("", "  \n"):
        with refused(bank, InputRefused, "A rejection says why", "comment"):
            bank.review("reviewer", sent.value.version, verdict=Verdict.REJECTED, comment=blank)
    assert bank.status("EVA-01") == "failing"
    done = bank.review("reviewer", sent.value.version, verdict=Verdict.REJECTED, comment="It is the wrong file.")
    recorded(bank, done, Action.VERSION_REVIEW, by=bank.actors["reviewer"], wrote={"review": 1},
             touched=[bank["scoring"], sent.value.evidence, sent.value.version])
    assert bank.status("EVA-01") == "missing"


def test_answers_decide_questions(bank: Bank) -> None:
    papers = {reply: bank.submit("owner", bank.file(reply), kind="paper", controls=frozenset({"EVA-02"}))
              for reply in ("yes", "no", "none")}
    reviewed(bank, papers["none"])
    assert bank.status("EVA-02") == "missing", "accepted, but the question was left open"
    reviewed(bank, papers["no"], "reviewer", Answered("EVA-02.1", "read", Reply.NO))
    assert bank.status("EVA-02") == "failing"
    bank.withdraw("owner", papers["no"].value.version)
    reviewed(bank, papers["yes"], "reviewer", yes("EVA-02.1", "read"))
    assert bank.status("EVA-02") == "satisfied"


def test_not_applicable_needs_a_reason(bank: Bank) -> None:
    sent = bank.submit("owner", bank.file("paper"), kind="paper")
    for reason in ("", "   "):
        with refused(bank, InputRefused, "needs a reason", "answers"):
            reviewed(bank, sent, "reviewer", Answered("EVA-02.1", "read", Reply.NOT_APPLICABLE, reason))
    reviewed(bank, sent, "reviewer", Answered("EVA-02.1", "read", Reply.NOT_APPLICABLE, "Nobody reads it."))
    assert bank.status("EVA-02") == "satisfied"


def test_answers_to_questions_that_are_not_asked_are_left_out(bank: Bank) -> None:
    sent = bank.submit("owner", bank.file("paper"), kind="paper", controls=frozenset({"EVA-02"}))
    reviewed(bank, sent, "reviewer", yes("EVA-02.1", "read"), yes("GOV-01.1", "approved"), yes("EVA-02.1", "other"))
    review = evidence(bank, sent.value.evidence).versions[0].review
    assert review is not None
    assert review.answers == (yes("EVA-02.1", "read"),)


def test_many_versions_are_reviewed_by_one_entry_or_none(bank: Bank) -> None:
    one, two = bank.submit("owner", bank.scan("one")), bank.submit("contributor", bank.scan("two"))
    policy = bank.submit("officer", bank.file("p"), kind="policy", about=About.ORGANISATION)
    own = bank.submit("deputy", bank.scan("three"))
    with refused(bank, NotAllowed, "You submitted this version"):
        bank.review("deputy", one.value.version, two.value.version, own.value.version)
    done = bank.review("deputy", one.value.version, two.value.version, policy.value.version, one.value.version)
    assert len(done.value) == 3
    recorded(bank, done, Action.VERSION_REVIEW, by=bank.actors["deputy"], wrote={"review": 3}, touched=[
        bank["scoring"], "organisation", *(key for sent in (one, two, policy)
                                           for key in (sent.value.evidence, sent.value.version))])
    assert waiting(bank) == {own.value.version}


def test_nobody_reviews_their_own_nor_what_their_token_sent(bank: Bank) -> None:
    own = bank.submit("officer", bank.scan("one"))
    sent = bank.submit(bank.token("officer"), bank.scan("two"))
    for done in (own, sent):
        with refused(bank, NotAllowed, "You submitted this version"):
            reviewed(bank, done, "officer")
        assert reviewed(bank, done, "deputy").entry


def test_reviews_refused(bank: Bank) -> None:
    sent = bank.submit("owner", bank.scan())
    for who in ("contributor", "auditor", "administrator"):
        with refused(bank, NotAllowed, "review evidence"):
            reviewed(bank, sent, who)
    for who in ("seller", "nobody"):
        with refused(bank, NotFound, "no such version"):
            reviewed(bank, sent, who)
    with refused(bank, NotFound, "no such version"):
        bank.review("reviewer", sent.value.version, "another")
    with refused(bank, InputRefused, "No version was named", "versions"):
        bank.review("reviewer")
    reviewed(bank, sent)
    with refused(bank, Conflict, "accepted already"):
        bank.review("deputy", sent.value.version, verdict=Verdict.REJECTED, comment="No.")


def test_a_reviewer_of_one_system_does_not_review_the_organisations(bank: Bank) -> None:
    policy = bank.submit("officer", bank.file("p"), kind="policy", about=About.ORGANISATION)
    with refused(bank, NotAllowed, "whole organisation"):
        reviewed(bank, policy, "narrow")


# -- withdrawals ---------------------------------------------------------------------------------------------------


def test_a_withdrawn_version_stays_in_the_record_and_speaks_no_more(bank: Bank) -> None:
    first = bank.submit("owner", bank.scan("one"))
    reviewed(bank, first)
    second = bank.submit("owner", bank.scan("two", critical=1), evidence=first.value.evidence)
    assert bank.status("EVA-01") == "failing"
    done = bank.withdraw("owner", second.value.version, "The wrong model was scanned.")
    recorded(bank, done, Action.VERSION_WITHDRAW, by=bank.actors["owner"], wrote={"withdrawal": 1},
             touched=[bank["scoring"], first.value.evidence, second.value.version])
    assert bank.status("EVA-01") == "satisfied"
    assert bank.status("EVA-01", at=str(bank.head() - 1)) == "failing"
    taken = evidence(bank, first.value.evidence).versions[1].withdrawal
    assert taken is not None
    assert (taken.reason, taken.by, taken.at) == ("The wrong model was scanned.", bank["owner"], bank.at)
    assert waiting(bank) == set()


def test_what_was_withdrawn_is_neither_reviewed_nor_withdrawn_again(bank: Bank) -> None:
    sent = bank.submit("owner", bank.scan())
    bank.withdraw("owner", sent.value.version)
    with refused(bank, Conflict, "was withdrawn"):
        reviewed(bank, sent)
    with refused(bank, Conflict, "withdrawn already"):
        bank.withdraw("officer", sent.value.version)


def test_an_officer_withdraws_anybodys_others_only_their_own(bank: Bank) -> None:
    sent = bank.submit("contributor", bank.scan())
    for who in ("owner", "reviewer", "auditor", "administrator"):
        with refused(bank, NotAllowed, "withdraw anybody's evidence"):
            bank.withdraw(who, sent.value.version)
    with refused(bank, NotFound, "no such version"):
        bank.withdraw("seller", sent.value.version)
    for blank in ("", " \t"):
        with refused(bank, InputRefused, "says why", "reason"):
            bank.withdraw("contributor", sent.value.version, blank)
    assert bank.withdraw("officer", sent.value.version).entry


def test_withdrawing_the_units_evidence_touches_every_system(bank: Bank) -> None:
    sent = bank.submit("owner", bank.file("u", {}, "policy"), kind="policy", about=About.UNIT, about_key=bank["lending"])
    done = bank.withdraw("owner", sent.value.version)
    recorded(bank, done, Action.VERSION_WITHDRAW, by=bank.actors["owner"], wrote={"withdrawal": 1},
             touched=["organisation", bank["lending"], sent.value.evidence, sent.value.version])
