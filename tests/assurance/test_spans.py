"""Summary spans: equal to fresh derivations, without gaps, within horizon and limit."""

from __future__ import annotations

import pytest

from govern.assurance.coverage import cover
from govern.assurance.outcomes import Status
from govern.assurance.posture import derive
from govern.assurance.spans import spans
from govern.facts.moments import DAY
from tests.assurance.builders import (
    NOW,
    ask,
    at,
    catalogue,
    control,
    day,
    evidence,
    framework,
    good,
    link,
    requirement,
    snapshot,
    version,
    waiver,
)

FRAME = framework(requirement("top", assessable=False), requirement("R1", "top"), requirement("R2", "top"))
JUDGED = catalogue(control("C-01", links=[link("R1")]), control("C-02", links=[link("R2")]), control("C-03"),
                   frameworks=[FRAME])
HELD = snapshot(good("e1", "C-01", worked=day(75)), good("e2", "C-02", worked=day(85)),
                waivers=(waiver(day(125), "C-03"),))


def test_spans_follow_the_changes_that_time_brings() -> None:
    found = spans(HELD, JUDGED)
    assert [(one.since, one.until) for one in found] == [
        (NOW, day(105)), (day(105), day(115)), (day(115), day(125)), (day(125), None)]
    assert [(one.counts[Status.SATISFIED], one.counts[Status.STALE], one.counts[Status.WAIVED])
            for one in found] == [
        (2, 0, 1), (1, 1, 1), (0, 2, 1), (0, 2, 0)]
    assert [one.coverage for one in found] == [{"f": (2, 2)}, {"f": (1, 2)}, {"f": (0, 2)}, {"f": (0, 2)}]


def test_spans_equal_fresh_derivations_anywhere_inside() -> None:
    for one in spans(HELD, JUDGED):
        for instant in (one.since, (one.until or one.since + DAY) - 1):
            fresh = derive(at(HELD, instant), JUDGED)
            assert (one.counts, one.until) == (fresh.summary, fresh.until)
            assert one.coverage == {"f": cover(fresh, FRAME, JUDGED).share(frozenset({"R1", "R2"}))}


def test_what_runs_out_soon() -> None:
    found = spans(HELD, JUDGED)
    assert [one.running_out for one in found] == [
        (("C-01", day(105)), ("C-02", day(115)), ("C-03", day(125))),
        (("C-02", day(115)), ("C-03", day(125))), (("C-03", day(125)),), ()]
    first = spans(HELD, JUDGED, horizon_days=15)[0]
    assert first.running_out == (("C-01", day(105)), ("C-02", day(115))), "a look on day 104 reaches to day 119"
    assert first.running_out_by(day(115)) == (("C-01", day(105)),)
    assert first.running_out_by(day(115) + 1) == first.running_out


def test_only_what_counts_now_runs_out() -> None:
    found = spans(snapshot(evidence(version(worked=day(75)))), catalogue())
    assert [(one.since, one.until, one.running_out) for one in found] == [(NOW, day(105), ()),
                                                                          (day(105), None, ())]


@pytest.mark.parametrize(("horizon", "limit", "since"), [
    (30, 12, [NOW, day(105), day(115), day(125)]),
    (25, 12, [NOW, day(105), day(115)]),
    (15, 12, [NOW, day(105)]),
    (5, 12, [NOW]),
    (0, 12, [NOW]),
    (30, 2, [NOW, day(105)]),
    (30, 1, [NOW]),
])
def test_horizon_and_limit(horizon: int, limit: int, since: list[int]) -> None:
    found = spans(HELD, JUDGED, horizon, limit)
    assert [one.since for one in found] == since
    assert [one.until for one in found][:-1] == since[1:]


def test_nothing_that_changes_is_one_span() -> None:
    assert [(one.since, one.until) for one in spans(snapshot(), JUDGED)] == [(NOW, None)]


def test_the_defaults_are_thirty_days_and_twelve_spans() -> None:
    many = catalogue(*(control(f"C-{n:02}") for n in range(1, 40)))
    held = snapshot(*(good(f"e{n}", f"C-{n:02}", worked=day(70 + n)) for n in range(1, 40)))
    assert len(spans(held, many)) == 12
    assert len(spans(held, many, limit=99)) == 30


def test_what_needs_attention_is_named_worst_first() -> None:
    sent = [evidence(version(critical=1), key="f", controls=["failing"]), good("s", "stale", worked=1),
            evidence(version(), key="w", controls=["waiting"]), good("m", "met"), good("h", "half")]
    judged = catalogue(control("half", ask("half.1"), ask("half.2", kinds=frozenset({"photo"}))),
                       control("missing"),
                       control("stale"), control("waiting"), control("met"), control("failing"))
    found = spans(snapshot(*sent), judged)[0].attention
    assert [(id_, status) for id_, status, _ in found] == [
        ("failing", Status.FAILING), ("stale", Status.STALE), ("missing", Status.MISSING),
        ("half", Status.PARTIAL)]
    assert found[2][2] == "Nothing has been sent for “Ask missing.1”."


def test_attention_names_a_handful_in_the_order_of_the_catalogue() -> None:
    many = catalogue(*(control(f"C-{n:02}") for n in range(20, 0, -1)))
    assert [id_ for id_, _,
            _ in spans(snapshot(), many)[0].attention] == [f"C-{n:02}" for n in range(20, 12, -1)]


def test_what_never_ends_does_not_run_out() -> None:
    lasting = catalogue(control("C-01", ask(fresh_days=None)))
    assert [(one.until, one.running_out) for one in spans(snapshot(good()), lasting)] == [(None, ())]
