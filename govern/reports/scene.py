"""A chart as a list of marks, drawn as SVG for pages (scene_svg) and as vectors for PDF (scene_pdf).

Lengths are points in a PDF and CSS pixels on a page; x grows to the right, y downwards from the top edge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


class Paint(StrEnum):
    """What a mark is painted with: on a page a colour for light and one for dark, in a PDF one for paper."""

    NONE = "none"
    TEXT = "text"
    MUTED = "muted"
    SURFACE = "surface"
    ON_DARK = "on-dark"
    ON_LIGHT = "on-light"
    GRID = "grid"
    TRACK = "track"
    ACCENT = "accent"
    SOFT = "soft"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    INFO = "info"
    HOLD = "hold"
    SATISFIED = "satisfied"
    WAIVED = "waived"
    IN_REVIEW = "in-review"
    PARTIAL = "partial"
    STALE = "stale"
    MISSING = "missing"
    FAILING = "failing"
    NOT_DUE = "not-due"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True)
class Rect:
    """A filled rectangle with rounded corners of `radius`."""

    x: float
    y: float
    width: float
    height: float
    fill: Paint
    radius: float = 0.0


@dataclass(frozen=True)
class Line:
    """An open line through points; `dash` are the lengths of strokes and gaps, empty for a solid line."""

    points: tuple[Point, ...]
    stroke: Paint
    width: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    fill: Paint


@dataclass(frozen=True)
class Dot:
    """A filled circle, with a ring of the surface's colour around it where `ring` is above 0."""

    x: float
    y: float
    radius: float
    fill: Paint
    ring: float = 0.0


@dataclass(frozen=True)
class Text:
    """One line of text; y is its baseline."""

    x: float
    y: float
    text: str
    fill: Paint = Paint.TEXT
    size: float = 12.0
    anchor: Anchor = "start"
    bold: bool = False


Mark = Rect | Line | Area | Dot | Text


@dataclass
class Scene:
    """A picture of `width` by `height`, with a title and a description that says in words what it shows."""

    width: float
    height: float
    title: str
    desc: str
    marks: list[Mark] = field(default_factory=list)

    def add(self, *marks: Mark) -> None:
        """Put marks on top of those already there."""
        self.marks.extend(marks)


def ring_segment(centre: Point, inner: float, outer: float, start: float, end: float) -> tuple[Point, ...]:
    """The polygon of a ring's segment between two angles, in radians clockwise from twelve o'clock."""
    steps = max(2, math.ceil(64 * abs(end - start) / math.tau))
    angles = [start + (end - start) * step / steps for step in range(steps + 1)]
    outside = [_on_circle(centre, outer, angle) for angle in angles]
    return (*outside, *(_on_circle(centre, inner, angle) for angle in reversed(angles)))


def _on_circle(centre: Point, radius: float, angle: float) -> Point:
    return centre[0] + radius * math.sin(angle), centre[1] - radius * math.cos(angle)


# Widths of Inter's glyphs in parts of the font size, by kind of letter: good enough to leave room by.
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")
_WIDE = frozenset("mwMWQO@%")


def text_width(text: str, size: float) -> float:
    """About how wide a text is, in the units of `size`; errs on the wide side."""
    share = sum(0.34 if letter in _NARROW else 0.88 if letter in _WIDE else 0.6 for letter in text)
    return share * size


def fitted(text: str, room: float, size: float) -> str:
    """The text, cut with an ellipsis where it would be wider than `room`."""
    if text_width(text, size) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def listed(pairs: Sequence[tuple[str, object]]) -> str:
    """Names and values as a phrase: `satisfied 3, missing 1`."""
    return ", ".join(f"{name} {value}" for name, value in pairs)
