"""A scene as SVG: classes for paints, attributes for the rest, so that it needs no inline style."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from govern.reports.scene import Area, Dot, Line, Mark, Paint, Point, Rect, Scene, Text


def svg_of(scene: Scene, ident: str) -> str:
    """The scene as an `<svg>` element. `ident` names its title and description: unique on the page."""
    name = escape(ident, quote=True)
    width, height = _n(scene.width), _n(scene.height)
    head = (
        f'<svg class="chart" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{escape(scene.title)}</title>'
        f'<desc id="{name}-desc">{escape(scene.desc)}</desc>'
    )
    return head + "".join(_mark(mark) for mark in scene.marks) + "</svg>"


def _mark(mark: Mark) -> str:
    match mark:
        case Rect():
            corner = f' rx="{_n(min(mark.radius, mark.width / 2, mark.height / 2))}"' if mark.radius else ""
            return (
                f'<rect {_fill(mark.fill)} x="{_n(mark.x)}" y="{_n(mark.y)}" '
                f'width="{_n(mark.width)}" height="{_n(mark.height)}"{corner}/>'
            )
        case Line():
            dash = f' stroke-dasharray="{" ".join(map(_n, mark.dash))}"' if mark.dash else ""
            return (
                f'<polyline class="chart-fill-none chart-stroke-{mark.stroke}" '
                f'points="{_points(mark.points)}" stroke-width="{_n(mark.width)}" '
                f'stroke-linejoin="round"{dash}/>'
            )
        case Area():
            return f'<polygon {_fill(mark.fill)} points="{_points(mark.points)}"/>'
        case Dot():
            ring = f' stroke-width="{_n(mark.ring)}"' if mark.ring else ""
            paint = f"chart-fill-{mark.fill}" + (f" chart-stroke-{Paint.SURFACE}" if mark.ring else "")
            place = f'cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}"'
            return f'<circle class="{paint}" {place}{ring}/>'
        case Text():
            weight = ' font-weight="600"' if mark.bold else ""
            anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
            return (
                f'<text {_fill(mark.fill)} x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}"'
                f"{weight}{anchor}>{escape(mark.text)}</text>"
            )


def _fill(paint: Paint) -> str:
    return f'class="chart-fill-{paint}"'


def _points(points: Iterable[Point]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(number: float) -> str:
    """A number with one decimal at most: a tenth of a pixel is finer than anybody sees."""
    return f"{number:.1f}".removesuffix(".0")
