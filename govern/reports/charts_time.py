"""Charts over time, as scenes: a trend and a strip of events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from govern.facts.moments import Instant, datetime_of, instant_of, iso_date
from govern.reports.scene import Area, Dot, Line, Paint, Rect, Scene, Text, fitted, text_width


@dataclass(frozen=True)
class Event:
    """Something on the strip: when, what, and how it is painted."""

    at: Instant
    label: str
    paint: Paint = Paint.ACCENT


def trend_line(
    points: Sequence[tuple[str, float]],
    title: str,
    *,
    unit: str = "",
    width: float = 420,
    height: float = 180,
    floor: float | None = None,
) -> Scene:
    """A line through values in order, oldest first, each with the label of its place in time.

    `unit` follows every number ("%"). `floor` draws the value that is asked for. A single value is a dot.
    """
    scene = Scene(width, height, title, _trend_words(points, unit))
    if not points:
        scene.add(Text(width / 2, height / 2, "Nothing to show yet", Paint.MUTED, 12, "middle"))
        return scene
    values = [value for _, value in points] + ([floor] if floor is not None else [])
    ticks = _ticks(min(values), max(values))
    left = 14 + max(text_width(_number(tick) + unit, 10.5) for tick in ticks)
    right, top, bottom = width - 16, 20.0, height - 26

    def place(index: int, value: float) -> tuple[float, float]:
        across = (right - left) * index / (len(points) - 1) if len(points) > 1 else (right - left) / 2
        return left + across, bottom - (bottom - top) * (value - ticks[0]) / (ticks[-1] - ticks[0])

    for tick in ticks:
        y = place(0, tick)[1]
        scene.add(Line(((left, y), (right, y)), Paint.GRID))
        scene.add(Text(left - 8, y + 4, _number(tick) + unit, Paint.MUTED, 10.5, "end"))
    path = [place(index, value) for index, (_, value) in enumerate(points)]
    scene.add(Area(((path[0][0], bottom), *path, (path[-1][0], bottom)), Paint.SOFT))
    if floor is not None:
        y = place(0, floor)[1]
        scene.add(Line(((left, y), (right, y)), Paint.TEXT, 1.25, (4, 3)))
    scene.add(Line(tuple(path), Paint.ACCENT, 2))
    end_x, end_y = path[-1]
    scene.add(Dot(end_x, end_y, 4, Paint.ACCENT, 2))
    # The last value stands above the line's highest part near its end, so that it never lies on the line.
    near = min(y for x, y in path if x >= end_x - 44)
    last = _number(points[-1][1]) + unit
    base, wide = max(near - 9, 11.0), text_width(last, 12)
    scene.add(Rect(end_x - wide, base - 11, wide + 6, 14, Paint.SURFACE, 3))
    scene.add(Text(end_x + 4, base, last, Paint.TEXT, 12, "end", bold=True))
    _labels(scene, [label for label, _ in points], [x for x, _ in path], height - 8)
    return scene


def _trend_words(points: Sequence[tuple[str, float]], unit: str) -> str:
    if not points:
        return "Nothing to show yet."
    return "; ".join(f"{label}: {_number(value)}{unit}" for label, value in points) + "."


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers from at or below `low` to at or above `high`; never all the same."""
    span = high - low
    if span < 1e-6 * max(1.0, abs(low), abs(high)):  # all the same, as far as anybody can see
        span = max(1.0, abs(high))
    rough = span / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = math.floor(low / step)
    last = max(math.ceil(high / step), first + 1)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _labels(scene: Scene, labels: Sequence[str], places: Sequence[float], y: float) -> None:
    """Write as many labels as fit, always the last one, evenly spaced back from it."""
    room = max(text_width(label, 10.5) for label in labels) + 12
    apart = (places[-1] - places[0]) / (len(places) - 1) if len(places) > 1 else room
    every = max(1, math.ceil(room / apart)) if apart else 1
    for index in range(len(labels) - 1, -1, -every):
        half = text_width(labels[index], 10.5) / 2
        x = min(max(places[index], half), scene.width - half)
        scene.add(Text(x, y, labels[index], Paint.MUTED, 10.5, "middle"))


def timeline_strip(
    events: Sequence[Event],
    start: Instant,
    end: Instant,
    *,
    now: Instant | None = None,
    title: str = "Timeline",
    width: float = 520,
) -> Scene:
    """Events between two instants on one line, with months below it and up to three rows of labels above.

    Events outside the span are left out; a label that finds no room is left to the description. Raises
    ValueError unless `start` lies before `end`.
    """
    if start >= end:
        raise ValueError("the strip's start lies at or after its end")
    shown = sorted((event for event in events if start <= event.at <= end), key=lambda event: event.at)
    words = "; ".join(f"{iso_date(event.at)}: {event.label}" for event in shown) or "nothing in this time"
    scene = Scene(width, 112, title, f"From {iso_date(start)} to {iso_date(end)}. {words}.")
    line = 74.0

    def across(instant: Instant) -> float:
        return 8 + (width - 16) * (instant - start) / (end - start)

    scene.add(Rect(8, line - 2, width - 16, 4, Paint.TRACK, 2))
    _months(scene, start, end, line)
    if now is not None and start <= now <= end:
        scene.add(Rect(8, line - 2, across(now) - 8, 4, Paint.SOFT, 2))
        scene.add(Line(((across(now), line - 10), (across(now), line + 10)), Paint.TEXT, 1.5))
    taken: list[float] = [-1.0, -1.0, -1.0]
    for event in shown:
        x = across(event.at)
        label = fitted(event.label, 170, 11)
        wide = text_width(label, 11)
        from_x = min(max(x - 6, 0.0), width - wide)
        free = next((row for row, until in enumerate(taken) if until < from_x), None)
        if free is not None:
            taken[free] = from_x + wide + 8
            base = line - 16 - 18 * free
            scene.add(Line(((x, base + 4), (x, line)), Paint.GRID), Text(from_x, base, label, size=11))
        scene.add(Dot(x, line, 5, event.paint, 2))
    return scene


def _months(scene: Scene, start: Instant, end: Instant, line: float) -> None:
    """Ticks at the first of each month, thinned until their names fit."""
    left, right = 8.0, scene.width - 8
    firsts: list[tuple[float, datetime]] = []
    day = datetime_of(start).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while instant_of(day) <= end:
        at = instant_of(day)
        if at >= start:
            firsts.append((left + (right - left) * (at - start) / (end - start), day))
        day = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=UTC)
    every = max(1, math.ceil(len(firsts) * 58 / (right - left)))
    for x, first in firsts[::every]:
        scene.add(Line(((x, line + 4), (x, line + 9)), Paint.MUTED))
        middle = min(max(x, 26.0), scene.width - 26)
        scene.add(Text(middle, line + 24, f"{first:%b %Y}", Paint.MUTED, 10.5, "middle"))
