"""The drawing for PDF: the same marks, upside down, in the colours that pages have in light mode."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from reportlab.graphics import renderPDF, shapes

from govern.reports.scene import Area, Dot, Line, Paint, Rect, Scene, Text
from govern.reports.scene_pdf import PAPER, drawing_of

CHARTS_CSS = Path(__file__).parents[2] / "static" / "css" / "charts.css"


def test_y_is_turned_around_and_sizes_stay() -> None:
    scene = Scene(100, 50, "t", "d")
    scene.add(Rect(10, 5, 20, 8, Paint.OK), Text(1, 12, "word", bold=True), Dot(4, 6, 2, Paint.BAD))
    scene.add(Line(((0, 0), (10, 10)), Paint.GRID, dash=(4, 3)), Area(((0, 0), (1, 2), (3, 0)), Paint.NONE))
    drawing = drawing_of(scene, "Times-Roman", "Times-Bold")
    rect, text, dot, line, area = drawing.contents
    assert (drawing.width, drawing.height) == (100, 50)
    assert (rect.x, rect.y, rect.width, rect.height) == (10, 50 - 5 - 8, 20, 8)
    assert (text.y, text.fontName) == (38, "Times-Bold")
    assert (dot.cy, line.points, line.strokeDashArray) == (44, [0, 50, 10, 40], [4, 3])
    assert isinstance(area, shapes.Polygon)
    assert area.fillColor is None


def test_the_drawing_can_be_written_as_pdf() -> None:
    scene = Scene(100, 50, "t", "d")
    scene.add(Rect(0, 0, 10, 10, Paint.STALE, 3), Line(((0, 0), (5, 5)), Paint.TEXT), Text(0, 20, "x"))
    assert renderPDF.drawToString(drawing_of(scene)).startswith(b"%PDF")


def test_every_paint_but_none_has_a_colour_on_paper() -> None:
    assert set(PAPER) == set(Paint) - {Paint.NONE}


def srgb(lightness: float, chroma: float, hue: float) -> tuple[int, ...]:
    """OKLCH to 8-bit sRGB, cut at the gamut. Source: CSS Color 4, section 10, and B. Ottosson's OKLab."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    cut = [min(1.0, max(0.0, part)) for part in linear]
    return tuple(round(255 * (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055)) for c in cut)


STATUS_PAINTS = [paint for paint in Paint if f"--chart-{paint}: light-dark(oklch(" in CHARTS_CSS.read_text()]


def test_all_nine_statuses_have_a_colour_of_their_own() -> None:
    assert len(STATUS_PAINTS) == 9
    assert len({PAPER[paint] for paint in STATUS_PAINTS}) == 9


@pytest.mark.parametrize("paint", STATUS_PAINTS)
def test_paper_has_the_light_colours_of_the_pages(paint: Paint) -> None:
    light = rf"--chart-{paint}: light-dark\(oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)"
    found = re.search(light, CHARTS_CSS.read_text())
    assert found
    wanted = srgb(float(found[1]) / 100, float(found[2]), float(found[3]))
    kept = tuple(bytes.fromhex(PAPER[paint][1:]))
    assert all(abs(one - other) <= 3 for one, other in zip(wanted, kept, strict=True)), (wanted, kept)
