"""Properties that hold for every snapshot: what never matters, what time may do, what news in review may do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from govern.assurance.coverage import cover, share
from govern.assurance.outcomes import Covered, State, Status
from govern.assurance.posture import derive
from govern.catalogue.objects import Due, Relation
from govern.facts.evidence import About, Basis, Evidence, Reply, Verdict, Version
from govern.facts.moments import DAY, Instant
from govern.facts.snapshot import Snapshot
from govern.facts.systems import ScopingState, Stage
from tests.assurance.builders import (
    CLEAN,
    HIGH_RISK,
    NOW,
    QUESTION,
    WITHDRAWN,
    answered,
    ask,
    at,
    catalogue,
    control,
    day,
    event,
    evidence,
    framework,
    link,
    matter,
    requirement,
    review,
    scoping,
    snapshot,
    version,
    waiver,
)

FRAME = framework(
    requirement("art", assessable=False), requirement("par", "art"), requirement("p1", "par"),
    requirement("p2", "par"),
    requirement("q", "art"), requirement("q1", "q"),
    joint={"par": ["C-01", "C-02"], "q1": ["C-02", "C-03", "C-04"]},
    down=True)
JUDGED = catalogue(
    control("C-01", ask("C-01.1", checks=(CLEAN, QUESTION)),
            ask("C-01.2", kinds=frozenset({"photo"}), basis="attested"),
            links=[link("p1"), link("par", Relation.INTERSECTS)]),
    control("C-02", ask("C-02.1", fresh_days=None, due=Due(after="release", within_days=12)),
            links=[link("par", Relation.SUBSET), link("q", Relation.SUPERSET)]),
    control("C-03", ask("C-03.1", about="release", basis="tested", fresh_days=10),
            ask("C-03.2", due=Due(stage="evaluation")), applies=HIGH_RISK,
            links=[link("q1", Relation.INTERSECTS)]),
    control("C-04", ask("C-04.1", about="organisation", due=Due(after="release", within_days=3)),
            links=[link("p2")]),
    frameworks=[FRAME])
Item = TypeVar("Item")
CONTROLS = ["C-01", "C-02", "C-03", "C-04"]

days = st.integers(50, 150).map(day)
replies = st.sampled_from(Reply)


@st.composite
def versions(draw: st.DrawFn, number: int) -> Version:
    """Any version: in review, accepted, rejected or withdrawn, good, bad or silent, young or old."""
    verdict = draw(st.sampled_from([None, Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.REJECTED]))
    answers = [answered(draw(replies), check, one, draw(st.sampled_from(["", "No users."])))
               for one in ("C-01.1", "C-01.2", "C-02.1", "C-04.1") for check in ("read", "clean")
               if draw(st.booleans())]
    return version(
        number, critical=draw(st.sampled_from([0, 0, 1, None])), worked=draw(days),
        expires=draw(st.one_of(st.none(), days)),
        review=None if verdict is None else review(verdict, *answers),
        withdrawal=draw(st.sampled_from([None, None, None, WITHDRAWN])))


@st.composite
def pieces(draw: st.DrawFn, key: str) -> Evidence:
    """Any evidence with up to three versions."""
    count = draw(st.integers(0, 3))
    about, about_key = draw(st.sampled_from([
        (About.SYSTEM, "system-a"), (About.SYSTEM, "system-a"), (About.SYSTEM, "system-b"),
        (About.ORGANISATION, None),
        (About.UNIT, "unit-top")]))
    return evidence(*[draw(versions(number)) for number in range(1, count + 1)], key=key,
                    kind=draw(st.sampled_from(["scan", "paper", "photo"])), about=about, about_key=about_key,
                    basis=draw(st.sampled_from(Basis)), controls=draw(st.sets(st.sampled_from(CONTROLS))))


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Any system with up to five pieces of evidence, events, scopings, waivers and open matters."""
    held = [draw(pieces(f"e{number}")) for number in range(draw(st.integers(0, 5)))]
    some = st.lists(st.sampled_from(CONTROLS), max_size=2)
    return snapshot(
        *held, stage=draw(st.sampled_from(Stage)),
        traits=draw(st.sets(st.sampled_from(["high_risk", "agentic"]))),
        events=tuple(event(draw(days), key=f"v{n}") for n in range(draw(st.integers(0, 3)))),
        scopings=tuple(scoping(draw(st.sampled_from(ScopingState)), draw(st.one_of(st.none(), days)), one,
                               f"s{n}")
                       for n, one in enumerate(draw(some))),
        waivers=tuple(waiver(draw(days), one, f"w{n}") for n, one in enumerate(draw(some))),
        open_matters=tuple(matter(one, draw(days), f"m{n}") for n, one in enumerate(draw(some))))


def added(held: Snapshot, key: str, extra: Version) -> Snapshot:
    """The snapshot with one more version of a piece of evidence."""
    return replace(held, evidence=tuple(
        replace(one, versions=(*one.versions, extra)) if one.key == key else one for one in held.evidence))


def with_evidence(held: Snapshot) -> st.SearchStrategy[str]:
    """The keys of the evidence held, or a key that nothing has."""
    return st.sampled_from([one.key for one in held.evidence] or ["none"])


def changed(first: Snapshot, second: Snapshot) -> bool:
    """Whether anything at all about the controls differs, reasons included."""
    return derive(first, JUDGED).controls != derive(second, JUDGED).controls


def shuffled(items: Sequence[Item], mixed: Random) -> tuple[Item, ...]:
    """The same items in another order."""
    return tuple(mixed.sample(items, len(items)))


MANY = settings(max_examples=50, deadline=None)


@MANY
@given(snapshots(), pieces("extra"), st.data())
def test_irrelevant_evidence_never_changes_a_status(held: Snapshot, extra: Evidence,
                                                    data: st.DataObject) -> None:
    aside = data.draw(st.sampled_from([
        replace(extra, controls=frozenset()), replace(extra, controls=frozenset({"X-99"})),
        replace(extra, kind="film")]))
    assert not changed(held, replace(held, evidence=(*held.evidence, aside)))


@MANY
@given(snapshots(), pieces("extra"))
def test_evidence_about_another_system_never_changes_a_status(held: Snapshot, extra: Evidence) -> None:
    elsewhere = replace(extra, about=About.SYSTEM, about_key="system-b")
    before = derive(held, JUDGED)
    after = derive(replace(held, evidence=(*held.evidence, elsewhere)), JUDGED)
    assert {id_: one.status for id_, one in before.controls.items()} == {
        id_: one.status for id_, one in after.controls.items()}


@MANY
@given(snapshots())
def test_what_came_before_the_newest_accepted_version_changes_nothing(held: Snapshot) -> None:
    def still_speaking(one: Evidence) -> Evidence:
        accepted = [each.number for each in one.versions if each.withdrawal is None
                    and each.review is not None and each.review.verdict is Verdict.ACCEPTED]
        return replace(one, versions=tuple(
            each for each in one.versions if each.number >= max(accepted, default=0)))

    assert not changed(held, replace(held, evidence=tuple(map(still_speaking, held.evidence))))


@MANY
@given(snapshots(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(held: Snapshot, mixed: Random) -> None:
    def mixed_up(one: Version) -> Version:
        if one.review is None:
            return one
        return replace(one, review=replace(one.review, answers=shuffled(one.review.answers, mixed)))

    turned = [replace(one, versions=shuffled([mixed_up(each) for each in one.versions], mixed))
              for one in held.evidence]
    other = replace(
        held, evidence=shuffled(turned, mixed), events=shuffled(held.events, mixed),
        scopings=shuffled(held.scopings, mixed), waivers=shuffled(held.waivers, mixed),
        open_matters=shuffled(held.open_matters, mixed))
    assert not changed(held, other)


def standing(held: Snapshot, instant: Instant) -> object:
    """All states and statuses at an instant."""
    return {id_: (one.status, one.underneath, [(each.ask, each.state, each.applicable) for each in one.asks])
            for id_, one in derive(at(held, instant), JUDGED).controls.items()}


@MANY
@given(snapshots(), st.lists(st.integers(0, 120 * DAY), min_size=5, max_size=5))
def test_time_alone_changes_a_status_only_at_until(held: Snapshot, later: list[int]) -> None:
    until = derive(held, JUDGED).until
    assert until is None or until > NOW
    inside = [NOW + one for one in later if until is None or NOW + one < until]
    if until is not None:
        inside.append(until - 1)
    assert all(standing(held, instant) == standing(held, NOW) for instant in inside)


@MANY
@given(snapshots(), st.lists(st.integers(0, 120 * DAY), min_size=3, max_size=3))
def test_each_control_and_ask_holds_until_its_own_until(held: Snapshot, later: list[int]) -> None:
    now = derive(held, JUDGED).controls
    for instant in (NOW + one for one in later):
        then = derive(at(held, instant), JUDGED).controls
        for id_, one in now.items():
            if one.until is None or instant < one.until:
                assert (then[id_].status, then[id_].underneath) == (one.status, one.underneath)
            for before, after in zip(one.asks, then[id_].asks, strict=False):
                if before.until is None or instant < before.until:
                    assert (before.ask, before.state) == (after.ask, after.state)


@MANY
@given(snapshots())
def test_a_waiver_is_never_counted_as_satisfied(held: Snapshot) -> None:
    waived = replace(held, waivers=tuple(waiver(day(400), one, f"w{one}") for one in CONTROLS))
    bare = replace(held, waivers=())
    with_, without = derive(waived, JUDGED), derive(bare, JUDGED)
    assert with_.summary[Status.SATISFIED] == without.summary[Status.SATISFIED]
    assert {id_: one.underneath for id_, one in with_.controls.items()} == {
        id_: one.status for id_, one in without.controls.items()}
    assert {id_: one.covered for id_, one in cover(with_, FRAME, JUDGED).requirements.items()} == {
        id_: one.covered for id_, one in cover(without, FRAME, JUDGED).requirements.items()}


# From bad to good, as far as the states of an ask can be put in a row.
QUALITY = [State.FAILING, State.ABSENT, State.UNDECIDED, State.NOT_DUE, State.STALE, State.SUBMITTED,
           State.MET]


@MANY
@given(snapshots(), st.data())
def test_bad_news_in_review_never_improves(held: Snapshot, data: st.DataObject) -> None:
    """A version whose computed checks fail; for kinds without computed checks it only waits."""
    scans = [one.key for one in held.evidence if one.kind == "scan"]
    bad = version(9, critical=1, worked=data.draw(days))
    after = derive(added(held, data.draw(st.sampled_from(scans or ["none"])), bad), JUDGED).controls
    for id_, before in derive(held, JUDGED).controls.items():
        for first, second in zip(before.asks, after[id_].asks, strict=False):
            assert QUALITY.index(second.state) <= QUALITY.index(first.state)
        assert after[id_].status is not Status.SATISFIED or before.status is Status.SATISFIED


@MANY
@given(snapshots(), st.data())
def test_good_news_in_review_never_changes_met_nor_ends_failing(held: Snapshot, data: st.DataObject) -> None:
    good = version(9, critical=0, worked=data.draw(days))
    after = derive(added(held, data.draw(with_evidence(held)), good), JUDGED).controls
    for id_, before in derive(held, JUDGED).controls.items():
        for first, second in zip(before.asks, after[id_].asks, strict=False):
            assert (first.state is State.MET) == (second.state is State.MET)
            assert (first.state is State.FAILING) == (second.state is State.FAILING)


@MANY
@given(snapshots())
def test_nothing_is_satisfied_without_accepted_evidence(held: Snapshot) -> None:
    unreviewed = replace(held, evidence=tuple(
        replace(one, versions=tuple(replace(each, review=None) for each in one.versions))
        for one in held.evidence))
    found = derive(unreviewed, JUDGED)
    assert found.summary[Status.SATISFIED] == 0
    assert all(one.covered is not Covered.MET for one in cover(found, FRAME, JUDGED).requirements.values())


@MANY
@given(snapshots())
def test_everything_says_why(held: Snapshot) -> None:
    found = derive(held, JUDGED)
    assert all(one.reasons for one in found.controls.values())
    assert all(each.reasons for one in found.controls.values() for each in one.asks)
    covered = cover(found, FRAME, JUDGED)
    assert all(one.reasons for one in covered.requirements.values())
    assessable = frozenset(one.id for one in FRAME.requirements if one.assessable)
    assert share(found, FRAME, JUDGED) == covered.share(assessable)
