"""Kept summaries: equal to a fresh derivation as long as they say they are, dirtied by entries, moved on by time."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from govern.actions.control import assign_controls
from govern.actions.evidence import link_evidence
from govern.actions.organisation import put_in_force
from govern.actions.systems import edit_system, record_event
from govern.assurance.outcomes import Status
from govern.assurance.posture import derive
from govern.assurance.spans import Span, spans
from govern.facts.commands import AssignControls, LinkEvidence, RecordEvent
from govern.facts.evidence import About
from govern.facts.moments import DAY, Instant
from govern.jobs.summaries import refresh, stale_systems
from govern.records.spans import Summary, keep, summaries, summary_of
from govern.records.systems import systems
from tests.bank import CATALOGUE, Bank, description, make_catalogue, nothing_recorded, reviewed, yes


def kept(bank: Bank, who: str = "officer") -> dict[str, Summary]:
    """Summaries by the name of the system."""
    with bank.reading(bank.actors[who]) as (connection, reader):
        lines = systems(connection, reader)
        found = summaries(connection, reader, lines)
    return {name: found[bank[name]] for name in ("scoring", "chat") if bank[name] in found}


def fresh(bank: Bank) -> set[str]:
    return {name for name, summary in kept(bank).items() if summary.fresh}


def shown(counts: object) -> dict[str, int]:
    return {word: count for word, count in dict(counts).items() if count}  # type: ignore[call-overload] # counts of either key


def a_life(bank: Bank) -> None:
    """Evidence that runs out on several days within the month."""
    for number, (worked, expires) in enumerate(((25, None), (10, 4), (20, None))):
        sent = bank.submit("owner", bank.scan(f"{number}"), worked=bank.at - worked * DAY,
                           expires=None if expires is None else bank.at + expires * DAY, title=f"Scan {number}")
        reviewed(bank, sent)
    paper = bank.submit("owner", bank.file("n"), kind="paper", expires=bank.at + 3 * DAY)
    reviewed(bank, paper, "reviewer", yes("EVA-02.1", "read"), yes("OPS-01.1", "noted"))
    policy = bank.submit("officer", bank.file("p"), kind="policy", about=About.ORGANISATION, expires=bank.at + 7 * DAY)
    reviewed(bank, policy, "reviewer", yes("GOV-01.1", "approved"))
    record_event(bank.office, bank.actors["owner"], RecordEvent(bank["scoring"], "release", bank.at, ""), bank.tick())


# -- equal to a fresh derivation -----------------------------------------------------------------------------------


def test_kept_spans_equal_a_fresh_derivation_at_every_instant_inside(bank: Bank) -> None:
    a_life(bank)
    assert refresh(bank.office, bank.at) == 0
    made = {name: spans(bank.snapshot(name), CATALOGUE) for name in ("scoring", "chat")}
    edges = {edge for chain in made.values() for one in chain for edge in (one.since, one.until) if edge is not None}
    assert len(edges) >= 4, "several spans, or this proves little"
    for instant in sorted({edge + step for edge in edges for step in (-1, 0, 1, DAY // 2)}):
        bank.at = instant
        for name, summary in kept(bank).items():
            inside = any(one.since <= instant and (one.until is None or instant < one.until) for one in made[name])
            assert summary.fresh is inside
            if not inside:
                continue
            again = summary_of(spans(bank.snapshot(name), CATALOGUE)[0], bank.head())
            posture = derive(bank.snapshot(name), CATALOGUE)
            assert shown(summary.counts) == shown({status.value: n for status, n in posture.summary.items()})
            assert (dict(summary.coverage), summary.attention, summary.position) == (
                dict(again.coverage), again.attention, bank.head())
            assert summary.running_out == again.running_out


def test_time_passing_until_picks_the_next_span(bank: Bank) -> None:
    reviewed(bank, bank.submit("owner", bank.scan(), worked=bank.at - 20 * DAY))
    refresh(bank.office, bank.at)
    (until,) = {until for control, until in kept(bank)["scoring"].running_out if control == "EVA-01"}
    with nothing_recorded(bank):
        bank.at = until - 1
        before = kept(bank)["scoring"]
        bank.at = until
        after = kept(bank)["scoring"]
    assert (before.counts.get("satisfied"), after.counts.get("satisfied"), after.counts.get("stale")) == (1, None, 1)
    assert (before.fresh, after.fresh, after.position) == (True, True, bank.head())
    assert after.attention[0][0] == "EVA-01"


def test_beyond_its_last_span_a_summary_says_that_it_is_old(bank: Bank) -> None:
    a_life(bank)
    refresh(bank.office, bank.at)
    last = spans(bank.snapshot(), CATALOGUE)[-1]
    if last.until is None:
        last = spans(bank.snapshot(), CATALOGUE, limit=1)[-1]
        with bank.office.store.writing() as connection:
            keep(connection, bank["scoring"], bank.head(), CATALOGUE.digest, [last])
    assert last.until is not None
    bank.at = last.until - 1
    assert kept(bank)["scoring"].fresh
    bank.at = last.until
    found = kept(bank)["scoring"]
    assert not found.fresh
    assert shown(found.counts) == shown({status.value: n for status, n in last.counts.items()})


# -- what dirties --------------------------------------------------------------------------------------------------

Step = Callable[[Bank], object]
DIRTIES: list[tuple[str, Step, set[str]]] = [
    ("evidence of a system", lambda bank: bank.submit("owner", bank.scan()), {"chat"}),
    ("of the other one", lambda bank: bank.submit("seller", bank.scan(), about_key=bank["chat"]), {"scoring"}),
    ("evidence of the organisation",
     lambda bank: bank.submit("officer", bank.file("p"), kind="policy", about=About.ORGANISATION), set()),
    ("evidence of a unit",
     lambda bank: bank.submit("owner", bank.file("p"), kind="policy", about=About.UNIT, about_key=bank["lending"]), set()),
    ("an assignment", lambda bank: assign_controls(bank.office, bank.actors["owner"], AssignControls(
        bank["scoring"], ("EVA-01",), None, None, "By us."), bank.tick()), {"chat"}),
    ("an edit", lambda bank: edit_system(bank.office, bank.actors["seller"], bank["chat"], description("Chat"), None,
                                         bank.tick()), {"scoring"}),
    ("an event of all", lambda bank: record_event(bank.office, bank.actors["officer"], RecordEvent(
        None, "release", bank.at, ""), bank.tick()), set()),
    ("a catalogue", lambda bank: put_in_force(bank.office, make_catalogue(layers=()), bank.tick()), set()),
    ("a token", lambda bank: bank.token("officer", None), {"scoring", "chat"}),
]


@pytest.mark.parametrize(("step", "still"), [row[1:] for row in DIRTIES], ids=[row[0] for row in DIRTIES])
def test_an_entry_dirties_what_it_touches_and_no_more(bank: Bank, step: Step, still: set[str]) -> None:
    assert (kept(bank), set(stale_systems(bank.office, bank.at))) == ({}, {bank["scoring"], bank["chat"]})
    refresh(bank.office, bank.at)
    assert fresh(bank) == {"scoring", "chat"}
    step(bank)
    assert fresh(bank) == still
    assert set(kept(bank)) == {"scoring", "chat"}, "an old summary is shown as old, not left out"
    assert set(stale_systems(bank.office, bank.at)) == {bank[name] for name in {"scoring", "chat"} - still}
    refresh(bank.office, bank.at)
    assert fresh(bank) == {"scoring", "chat"}


def test_reviews_withdrawals_and_links_of_inherited_evidence_dirty_all(bank: Bank) -> None:
    """Each of these changes what systems inherit; a summary that stayed «fresh» would be wrong."""
    sent = bank.submit("owner", bank.file("u"), kind="policy", about=About.UNIT, about_key=bank["lending"])
    steps: list[Callable[[], object]] = [
        lambda: reviewed(bank, sent, "reviewer", yes("GOV-01.1", "approved")),
        lambda: link_evidence(bank.office, bank.actors["owner"], LinkEvidence(sent.value.evidence, frozenset()), bank.tick()),
        lambda: link_evidence(bank.office, bank.actors["owner"],
                              LinkEvidence(sent.value.evidence, frozenset({"GOV-01"})), bank.tick()),
        lambda: bank.withdraw("owner", sent.value.version),
    ]
    for step in steps:
        refresh(bank.office, bank.at)
        before = shown(kept(bank)["scoring"].counts)
        step()
        assert "scoring" not in fresh(bank)
        refresh(bank.office, bank.at)
        assert shown(kept(bank)["scoring"].counts) != before


def test_other_rules_make_a_summary_old(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    refresh(bank.office, bank.at)
    monkeypatch.setattr("govern.records.spans.RULES", "rules/next")
    assert fresh(bank) == set()


# -- keeping -------------------------------------------------------------------------------------------------------


def made(instant: Instant, missing: int) -> Span:
    return Span(instant, None, {Status.MISSING: missing}, {}, ())


def test_spans_only_move_forward(bank: Bank) -> None:
    def put(position: int, missing: int) -> None:
        with bank.office.store.writing() as connection:
            keep(connection, bank["scoring"], position, CATALOGUE.digest, [made(bank.at, missing)])

    put(20, 1)
    put(19, 2)
    assert shown(kept(bank)["scoring"].counts) == {"missing": 1}
    put(20, 3)
    assert shown(kept(bank)["scoring"].counts) == {"missing": 3}
    put(25, 4)
    assert (shown(kept(bank)["scoring"].counts), kept(bank)["scoring"].position) == ({"missing": 4}, 25)


def test_refreshing_a_few_at_a_time_says_how_many_wait(bank: Bank) -> None:
    assert refresh(bank.office, bank.at, limit=1) == 1
    assert len(kept(bank)) == 1
    assert refresh(bank.office, bank.at, limit=1) == 0
    assert fresh(bank) == {"scoring", "chat"}


def test_summaries_are_of_the_systems_asked_for(bank: Bank) -> None:
    refresh(bank.office, bank.at)
    assert set(kept(bank, "owner")) == {"scoring"}
    assert set(kept(bank, "nobody")) == set()
