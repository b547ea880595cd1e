"""Charts of status, severity and rates, as scenes. Charts over time stand in charts_time.

Every chart takes its width, so that a page has one for a wide column and one for a phone, and a report
one for its paper. Each says in its description what it shows, number by number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govern.assurance.outcomes import Status
from govern.reports.scene import (
    Area,
    Line,
    Paint,
    Rect,
    Scene,
    Text,
    fitted,
    listed,
    ring_segment,
    text_width,
)

# From best to worst, then what is not yet asked for. What does not apply is no part of a share.
ORDER: tuple[Status, ...] = (
    Status.SATISFIED, Status.WAIVED, Status.IN_REVIEW, Status.PARTIAL, Status.STALE, Status.MISSING,
    Status.FAILING, Status.NOT_DUE,
)  # fmt: skip
PAINTS: Mapping[Status, Paint] = {status: Paint(status.value.replace(" ", "-")) for status in Status}
# Figures on segments are dark, but on segments that are themselves dark in one of the two modes.
_INKS: Mapping[Status, Paint] = {Status.FAILING: Paint.ON_DARK, Status.NOT_DUE: Paint.TEXT}

_SEVERITIES: tuple[tuple[str, Paint], ...] = (
    ("critical", Paint.FAILING),
    ("high", Paint.MISSING),
    ("medium", Paint.STALE),
    ("low", Paint.IN_REVIEW),
    ("info", Paint.NOT_DUE),
)
_NARROW = 460.0
_ROW = 34.0


@dataclass(frozen=True)
class PostureRow:
    """One bar: a domain, framework or system, and how many of its controls have each status."""

    label: str
    counts: Mapping[Status, int]


@dataclass(frozen=True)
class RateRow:
    """One probe: how many of its `attempts` passed."""

    label: str
    passed: int
    attempts: int


def posture_bars(rows: Sequence[PostureRow], title: str = "Status by domain", width: float = 520) -> Scene:
    """Stacked bars, one for each row, each as wide as the whole: shares of the controls that apply.

    A narrow chart writes the label above its bar instead of beside it.
    """
    narrow = width < _NARROW
    row_height = 48.0 if narrow else _ROW
    left = 0.0 if narrow else min(190.0, max((text_width(row.label, 12) for row in rows), default=0) + 14)
    right = width if narrow else width - 64
    scene = Scene(width, 0, title, _posture_words(rows))
    for index, row in enumerate(rows):
        top = 4 + index * row_height
        total = sum(row.counts.get(status, 0) for status in ORDER)
        share = f"{row.counts.get(Status.SATISFIED, 0)} of {total}" if total else "none apply"
        if narrow:
            scene.add(Text(0, top + 13, fitted(row.label, width - 80, 12)))
            scene.add(Text(width, top + 13, share, Paint.MUTED, 12, "end"))
        else:
            scene.add(Text(left - 12, top + 16, fitted(row.label, left - 12, 12), anchor="end"))
            scene.add(Text(width, top + 16, share, Paint.MUTED, 12, "end"))
        _stack(scene, row.counts, left, end=right, y=top + (20 if narrow else 2))
    seen = [status for status in ORDER if any(row.counts.get(status, 0) for row in rows)]
    scene.height = _legend(scene, seen, left, width, 4 + len(rows) * row_height + 14)
    return scene


def _posture_words(rows: Sequence[PostureRow]) -> str:
    phrases = []
    for row in rows:
        counts = [(status.value, row.counts[status]) for status in ORDER if row.counts.get(status)]
        phrases.append(f"{row.label}: {listed(counts) or 'no control applies'}")
    return "; ".join(phrases) + "." if phrases else "Nothing to show."


def _stack(scene: Scene, counts: Mapping[Status, int], x: float, *, end: float, y: float) -> None:
    height = 20.0
    total = sum(counts.get(status, 0) for status in ORDER)
    if not total:
        scene.add(Rect(x, y, end - x, height, Paint.TRACK, 4))
        return
    unit = (end - x) / total
    for status in ORDER:
        count = counts.get(status, 0)
        if not count:
            continue
        # A gap of 1.5 between segments, so that neighbours are told apart without their colours.
        span = max(count * unit - 1.5, 1.0)
        scene.add(Rect(x, y, span, height, PAINTS[status], 3))
        if span > text_width(str(count), 11) + 8:
            ink = _INKS.get(status, Paint.ON_LIGHT)
            scene.add(Text(x + span / 2, y + 14, str(count), ink, 11, "middle", bold=True))
        x += count * unit


def _legend(scene: Scene, statuses: Sequence[Status], left: float, width: float, y: float) -> float:
    """Draw the legend from `y` down, wrapped to the width; the height of the scene so far."""
    x = left
    for status in statuses:
        label = status.value.capitalize()
        room = 16 + text_width(label, 11) + 14
        if x > left and x + room - 14 > width:
            x, y = left, y + 18
        scene.add(Rect(x, y - 9, 10, 10, PAINTS[status], 2), Text(x + 16, y, label, Paint.MUTED, 11))
        x += room
    return y + 8


def status_donut(
    counts: Mapping[Status, int], title: str = "Controls by status", width: float = 340
) -> Scene:
    """A ring of statuses, the satisfied share in its middle, and every count beside it."""
    shown = [(status, counts[status]) for status in ORDER if counts.get(status)]
    total = sum(count for _, count in shown)
    words = listed([(status.value, count) for status, count in shown]) or "no control applies"
    height = max(168.0, 24 + 22 * len(shown))
    scene = Scene(width, height, title, f"{words}.")
    centre, inner, outer = (80.0, height / 2), 50.0, 74.0
    if not total:
        scene.add(Area(ring_segment(centre, inner, outer, 0, math.tau), Paint.TRACK))
    angle = 0.0
    gap = 0.022 if len(shown) > 1 else 0.0
    for status, count in shown:
        turn = math.tau * count / total
        start, end = angle + gap / 2, angle + max(turn - gap / 2, gap)
        scene.add(Area(ring_segment(centre, inner, outer, start, end), PAINTS[status]))
        angle += turn
    share = _percent(counts.get(Status.SATISFIED, 0), total) if total else "–"
    scene.add(Text(centre[0], centre[1] + 5, share, size=24, anchor="middle", bold=True))
    scene.add(Text(centre[0], centre[1] + 22, "satisfied", Paint.MUTED, 11, "middle"))
    top = (height - 22 * len(shown)) / 2
    for index, (status, count) in enumerate(shown):
        base = top + 22 * index + 15
        scene.add(Rect(178, base - 9, 10, 10, PAINTS[status], 2))
        scene.add(Text(196, base, status.value.capitalize(), size=12))
        scene.add(Text(min(width, 330), base, str(count), size=12, anchor="end", bold=True))
    return scene


def _percent(part: int, whole: int) -> str:
    """A whole percentage, rounded down so that only all of it reads as 100 %."""
    return f"{100 * part // whole}%"


def severity_bars(counts: Mapping[str, int], title: str = "By severity", width: float = 420) -> Scene:
    """One bar for each severity in `counts` (critical, high, medium, low, info), scaled to the largest."""
    rows = [(name, counts.get(name, 0), paint) for name, paint in _SEVERITIES if name in counts]
    scene = Scene(width, 12 + 28 * len(rows), title, listed([(name, count) for name, count, _ in rows]) + ".")
    most = max((count for _, count, _ in rows), default=0) or 1
    left, right = 70.0, width - 48
    for index, (name, count, paint) in enumerate(rows):
        top = 6 + 28 * index
        scene.add(Text(0, top + 14, name.capitalize()))
        scene.add(Rect(left, top + 2, right - left, 16, Paint.TRACK, 4))
        span = (right - left) * count / most
        if count:
            scene.add(Rect(left, top + 2, max(span, 3.0), 16, paint, 4))
        scene.add(Text(width, top + 14, str(count), size=12, anchor="end", bold=True))
    return scene


def wilson_interval(passed: int, attempts: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a rate, as shares from 0 to 1; (0, 1) without attempts.

    z = 1.96 gives 95 per cent.  Source: E. B. Wilson, Probable Inference, JASA 22 (1927), pages 209 to 212.
    """
    if attempts <= 0:
        return 0.0, 1.0
    share = passed / attempts
    spread = 1 + z * z / attempts
    middle = (share + z * z / (2 * attempts)) / spread
    reach = z * math.sqrt(share * (1 - share) / attempts + z * z / (4 * attempts * attempts)) / spread
    return max(0.0, middle - reach), min(1.0, middle + reach)


def rate_bars(
    rows: Sequence[RateRow], title: str = "Pass rate by probe", width: float = 520, floor: float | None = None
) -> Scene:
    """Pass rates from 0 to 100 per cent with whiskers of 95 per cent confidence.

    `floor` (0 to 1) draws the rate that is asked for; a bar whose rate lies below it is painted as bad.
    """
    narrow = width < _NARROW
    step = 46.0 if narrow else 30.0
    left = 0.0 if narrow else min(200.0, max((text_width(row.label, 12) for row in rows), default=0) + 14)
    right = width - 96
    bottom = 8 + step * len(rows)
    scene = Scene(width, bottom + 22, title, "; ".join(_rate_words(row) for row in rows) + ".")
    for tick in (0, 25, 50, 75, 100):
        x = left + (right - left) * tick / 100
        scene.add(Line(((x, 4), (x, bottom)), Paint.GRID))
        scene.add(Text(x, bottom + 15, f"{tick}%", Paint.MUTED, 10.5, "start" if x == 0 else "middle"))
    for index, row in enumerate(rows):
        top = 8 + step * index
        if narrow:
            scene.add(Text(0, top + 11, fitted(row.label, width - 100, 12)))
        else:
            scene.add(Text(left - 12, top + 15, fitted(row.label, left - 14, 12), anchor="end"))
        _rate(scene, row, left, right=right, top=top + (16 if narrow else 2), floor=floor)
    if floor is not None:
        x = left + (right - left) * floor
        scene.add(Line(((x, 2), (x, bottom)), Paint.TEXT, 1.25, (4, 3)))
    return scene


def _rate(scene: Scene, row: RateRow, left: float, *, right: float, top: float, floor: float | None) -> None:
    span = right - left
    if row.attempts <= 0:
        scene.add(Text(right + 96, top + 13, "not run", Paint.MUTED, 11, "end"))
        return
    share = row.passed / row.attempts
    low, high = wilson_interval(row.passed, row.attempts)
    below = floor is not None and share < floor
    scene.add(Rect(left, top, span, 18, Paint.TRACK, 4))
    if row.passed:
        scene.add(Rect(left, top, max(span * share, 2.0), 18, Paint.FAILING if below else Paint.SATISFIED, 4))
    middle, start, end = top + 9, left + span * low, left + span * high
    scene.add(Line(((start, middle), (end, middle)), Paint.TEXT, 1.25))
    for x in (start, end):
        scene.add(Line(((x, middle - 4), (x, middle + 4)), Paint.TEXT, 1.25))
    scene.add(Text(right + 96, top + 13, f"{100 * share:.0f}% of {row.attempts:,}", Paint.MUTED, 11, "end"))


def _rate_words(row: RateRow) -> str:
    if row.attempts <= 0:
        return f"{row.label}: not run"
    low, high = wilson_interval(row.passed, row.attempts)
    return (
        f"{row.label}: {100 * row.passed / row.attempts:.1f}% of {row.attempts} attempts passed, "
        f"between {100 * low:.1f}% and {100 * high:.1f}% at 95% confidence"
    )
