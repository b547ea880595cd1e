"""SVG that a page with a strict policy can show, and whose texts cannot break out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from govern.reports.scene import Area, Dot, Line, Paint, Rect, Scene, Text
from govern.reports.scene_svg import svg_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def scene() -> Scene:
    made = Scene(120, 80.25, "A <title> & more", 'with "quotes"')
    made.add(
        Rect(1, 2, 30, 4, Paint.SATISFIED, 9),
        Line(((0, 0), (10.04, 5.06)), Paint.GRID, 1.5, (4, 3)),
        Area(((0, 0), (1, 1), (2, 0)), Paint.SOFT),
        Dot(5, 6, 2, Paint.BAD, 1),
        Text(3, 4, "<script>alert(1)</script>", Paint.MUTED, 11, "end", bold=True),
    )
    return made


def parsed(scene: Scene) -> ElementTree.Element:
    named = svg_of(scene, "one").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    return ElementTree.fromstring(named)


def test_it_is_well_formed_and_named_for_screen_readers(scene: Scene) -> None:
    root = parsed(scene)
    assert root.get("role") == "img"
    assert root.get("viewBox") == "0 0 120 80.2"
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert named[root.get("aria-labelledby")] == "A <title> & more"
    assert named[root.get("aria-describedby")] == 'with "quotes"'


def test_it_needs_no_inline_style_and_no_script(scene: Scene) -> None:
    made = svg_of(scene, "one")
    assert "style=" not in made
    assert not re.search(r"<script|\son\w+=", made)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made


def test_every_mark_becomes_one_element_with_its_paint_as_a_class(scene: Scene) -> None:
    marks = [element for element in parsed(scene) if element.tag not in {f"{SVG}title", f"{SVG}desc"}]
    assert [(mark.tag.removeprefix(SVG), mark.get("class")) for mark in marks] == [
        ("rect", "chart-fill-satisfied"),
        ("polyline", "chart-fill-none chart-stroke-grid"),
        ("polygon", "chart-fill-soft"),
        ("circle", "chart-fill-bad chart-stroke-surface"),
        ("text", "chart-fill-muted"),
    ]


def test_a_corner_is_never_rounder_than_its_rectangle(scene: Scene) -> None:
    assert parsed(scene).find(f"{SVG}rect").get("rx") == "2"  # type: ignore[union-attr]


def test_an_ident_cannot_break_out_of_its_attribute() -> None:
    assert 'id="a&quot; onload=&quot;x-title"' in svg_of(Scene(1, 1, "t", "d"), 'a" onload="x')
