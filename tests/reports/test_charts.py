"""Charts show what they were given: proportions, counts, words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.assurance.outcomes import Status
from govern.facts.moments import DAY
from govern.reports.charts import (
    ORDER,
    PAINTS,
    PostureRow,
    RateRow,
    posture_bars,
    rate_bars,
    severity_bars,
    status_donut,
    wilson_interval,
)
from govern.reports.charts_time import Event, _ticks, timeline_strip, trend_line
from govern.reports.scene import Area, Dot, Paint, Rect, Scene, Text, text_width

COUNTS = st.dictionaries(st.sampled_from(list(Status)), st.integers(0, 400))
WIDTHS = st.sampled_from([330.0, 420.0, 520.0, 700.0])


def texts(scene: Scene) -> list[str]:
    return [mark.text for mark in scene.marks if isinstance(mark, Text)]


def inside(scene: Scene) -> bool:
    """Whether every rectangle and every text begins and ends on the picture."""
    for mark in scene.marks:
        if isinstance(mark, Rect) and (mark.x < -0.01 or mark.x + mark.width > scene.width + 1.01):
            return False
        if isinstance(mark, Text) and not 0 <= mark.y <= scene.height:
            return False
        if isinstance(mark, Text) and mark.anchor == "end" and mark.x - text_width(mark.text, mark.size) < -1:
            return False
    return True


def test_the_order_holds_every_status_that_counts_once() -> None:
    assert set(ORDER) == set(Status) - {Status.NOT_APPLICABLE}
    assert len(set(PAINTS.values())) == len(Status)


@given(st.lists(st.tuples(st.text(max_size=60), COUNTS), max_size=6), WIDTHS)
def test_posture_bars_stay_on_the_picture(rows: list[tuple[str, dict[Status, int]]], width: float) -> None:
    assert inside(posture_bars([PostureRow(*row) for row in rows], width=width))


def test_segments_are_as_long_as_their_share() -> None:
    row = PostureRow("Data", {Status.SATISFIED: 30, Status.FAILING: 10, Status.NOT_APPLICABLE: 500})
    scene = posture_bars([row])
    segments = [mark for mark in scene.marks if isinstance(mark, Rect) and mark.height == 20]
    wide = {segment.fill: segment.width + 1.5 for segment in segments}
    assert math.isclose(wide[Paint.SATISFIED], 3 * wide[Paint.FAILING])
    assert Paint.NOT_APPLICABLE not in wide
    assert "30 of 40" in texts(scene)
    assert scene.desc == "Data: satisfied 30, failing 10."


def test_a_row_without_controls_says_so() -> None:
    scene = posture_bars([PostureRow("Data", {Status.NOT_APPLICABLE: 4})])
    assert "none apply" in texts(scene)
    assert "no control applies" in scene.desc


def test_waived_is_never_counted_as_satisfied() -> None:
    counts = {Status.SATISFIED: 1, Status.WAIVED: 9}
    assert "1 of 10" in texts(posture_bars([PostureRow("All", counts)]))
    assert "10%" in texts(status_donut(counts))


@pytest.mark.parametrize(
    ("satisfied", "other", "shown"), [(199, 1, "99%"), (200, 0, "100%"), (0, 5, "0%"), (0, 0, "–")]
)
def test_only_all_of_it_reads_as_a_hundred(satisfied: int, other: int, shown: str) -> None:
    assert shown in texts(status_donut({Status.SATISFIED: satisfied, Status.MISSING: other}))


def test_the_ring_has_one_segment_for_each_status_that_occurs() -> None:
    scene = status_donut({Status.SATISFIED: 3, Status.STALE: 1, Status.MISSING: 0})
    assert [mark.fill for mark in scene.marks if isinstance(mark, Area)] == [Paint.SATISFIED, Paint.STALE]
    assert scene.desc == "satisfied 3, stale 1."


def test_severities_stand_in_order_and_the_largest_fills_the_track() -> None:
    scene = severity_bars({"low": 4, "critical": 8})
    bars = [mark for mark in scene.marks if isinstance(mark, Rect) and mark.fill is not Paint.TRACK]
    track = next(mark for mark in scene.marks if isinstance(mark, Rect) and mark.fill is Paint.TRACK)
    assert [bar.fill for bar in bars] == [Paint.FAILING, Paint.IN_REVIEW]
    assert [bar.width for bar in bars] == [track.width, track.width / 2]
    assert scene.desc == "critical 8, low 4."


# Worked by hand from Wilson's formula with z = 1.96.
@pytest.mark.parametrize(
    ("passed", "attempts", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (50, 100, 0.4038, 0.5962), (0, 0, 0.0, 1.0)],
)
def test_wilson_interval(passed: int, attempts: int, low: float, high: float) -> None:
    assert wilson_interval(passed, attempts) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate(rate: tuple[int, int]) -> None:
    low, high = wilson_interval(*rate)
    assert 0 <= low <= rate[0] / rate[1] + 1e-12
    assert rate[0] / rate[1] - 1e-12 <= high <= 1


def test_a_rate_below_the_floor_is_painted_as_bad() -> None:
    rows = [RateRow("a", 95, 100), RateRow("b", 89, 100), RateRow("c", 90, 100)]
    scene = rate_bars(rows, floor=0.9)
    fills = [mark.fill for mark in scene.marks if isinstance(mark, Rect) and mark.fill is not Paint.TRACK]
    assert fills == [Paint.SATISFIED, Paint.FAILING, Paint.SATISFIED]


def test_a_probe_that_was_not_run_has_no_bar() -> None:
    scene = rate_bars([RateRow("Toxicity", 0, 0)])
    assert not [mark for mark in scene.marks if isinstance(mark, Rect)]
    assert "not run" in texts(scene)
    assert scene.desc == "Toxicity: not run."


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_hold_the_values_between_them(low: float, span: float) -> None:
    ticks = _ticks(low, low + span)
    slack = 1e-6 * (abs(low) + span + 1)
    assert ticks[0] <= low + slack
    assert low + span <= ticks[-1] + slack
    assert 2 <= len(ticks) <= 7
    assert ticks == sorted(set(ticks))


@given(st.lists(st.tuples(st.text("abc", max_size=8), st.floats(0, 1000)), max_size=30), WIDTHS)
def test_a_trend_of_any_length_stays_on_the_picture(points: list[tuple[str, float]], width: float) -> None:
    scene = trend_line(points, "Trend", width=width)
    assert inside(scene)
    assert len([mark for mark in scene.marks if isinstance(mark, Dot)]) == min(1, len(points))


def test_a_trend_names_its_last_value_and_says_all_of_them() -> None:
    scene = trend_line([("W1", 61), ("W2", 78.5)], "Satisfied", unit="%")
    assert "78.5%" in texts(scene)
    assert scene.desc == "W1: 61%; W2: 78.5%."


def test_the_strip_leaves_out_what_lies_outside_and_keeps_every_dot() -> None:
    within = [Event(5 * DAY, f"event number {n}") for n in range(5)]
    events = [Event(-DAY, "before"), *within, Event(99 * DAY, "after")]
    scene = timeline_strip(events, 0, 30 * DAY, now=10 * DAY)
    assert len([mark for mark in scene.marks if isinstance(mark, Dot)]) == 5
    labels = [text for text in texts(scene) if text.startswith("event")]
    assert len(labels) == 3  # three rows of labels; the other two stand in the description
    assert "event number 4" in scene.desc
    assert "before" not in scene.desc


def test_the_strip_needs_a_span() -> None:
    with pytest.raises(ValueError, match="start"):
        timeline_strip([], DAY, DAY)
