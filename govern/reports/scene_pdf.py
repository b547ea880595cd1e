"""A scene as a ReportLab drawing, in colours for white paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reportlab.graphics import shapes
from reportlab.lib.colors import HexColor

from govern.reports.scene import Area, Dot, Line, Mark, Paint, Point, Rect, Scene, Text

# The light mode of static/css/charts.css and tokens.css, in sRGB.
PAPER: dict[Paint, str] = {
    Paint.TEXT: "#18202b",
    Paint.MUTED: "#515963",
    Paint.SURFACE: "#ffffff",
    Paint.ON_DARK: "#ffffff",
    Paint.ON_LIGHT: "#10161f",
    Paint.GRID: "#e0e3e8",
    Paint.TRACK: "#ebeff4",
    Paint.ACCENT: "#2b50c7",
    Paint.SOFT: "#d0defd",
    Paint.OK: "#006436",
    Paint.WARN: "#854f00",
    Paint.BAD: "#b3131d",
    Paint.INFO: "#005c96",
    Paint.HOLD: "#703ba1",
    Paint.SATISFIED: "#2c965d",
    Paint.WAIVED: "#9a6ec9",
    Paint.IN_REVIEW: "#418ad1",
    Paint.PARTIAL: "#319da3",
    Paint.STALE: "#c48817",
    Paint.MISSING: "#d77852",
    Paint.FAILING: "#c92f30",
    Paint.NOT_DUE: "#ccd1d9",
    Paint.NOT_APPLICABLE: "#e1e5ea",
}


# ReportLab takes None for "no colour" and "no dashes", which its type stubs do not say.
_UNPAINTED: Any = None


def drawing_of(scene: Scene, font: str = "Helvetica", bold: str = "Helvetica-Bold") -> shapes.Drawing:
    """The scene as a drawing of the same size in points. The fonts must be registered with ReportLab."""
    drawing = shapes.Drawing(scene.width, scene.height)
    for mark in scene.marks:
        for shape in _shapes(mark, scene.height, font, bold):
            drawing.add(shape)
    return drawing


def _shapes(mark: Mark, top: float, font: str, bold: str) -> list[shapes.Shape]:
    match mark:
        case Rect():
            corner = min(mark.radius, mark.width / 2, mark.height / 2)
            return [
                shapes.Rect(
                    mark.x, top - mark.y - mark.height, mark.width, mark.height,
                    rx=corner, ry=corner, fillColor=_colour(mark.fill), strokeColor=_UNPAINTED,
                )
            ]  # fmt: skip
        case Line():
            return [
                shapes.PolyLine(
                    _flat(mark.points, top), strokeColor=_colour(mark.stroke), strokeWidth=mark.width,
                    strokeDashArray=list(mark.dash) or _UNPAINTED, strokeLineJoin=1,
                )
            ]  # fmt: skip
        case Area():
            paint = _colour(mark.fill)
            return [shapes.Polygon(_flat(mark.points, top), fillColor=paint, strokeColor=_UNPAINTED)]
        case Dot():
            edge = _colour(Paint.SURFACE) if mark.ring else None
            return [
                shapes.Circle(
                    mark.x, top - mark.y, mark.radius,
                    fillColor=_colour(mark.fill), strokeColor=edge, strokeWidth=mark.ring,
                )
            ]  # fmt: skip
        case Text():
            return [
                shapes.String(
                    mark.x, top - mark.y, mark.text, fontName=bold if mark.bold else font, fontSize=mark.size,
                    fillColor=_colour(mark.fill), textAnchor=mark.anchor,
                )
            ]  # fmt: skip


def _colour(paint: Paint) -> Any:
    return None if paint is Paint.NONE else HexColor(PAPER[paint])


def _flat(points: Iterable[Point], top: float) -> list[float]:
    return [number for x, y in points for number in (x, top - y)]
