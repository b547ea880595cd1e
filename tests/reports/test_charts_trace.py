"""The picture of a trace: well-formed, links all the way, words for who does not see it, nothing that breaks out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from govern.reports.charts_trace import Box, Strand, TracePicture, trace_svg

SVG = "{http://www.w3.org/2000/svg}"


def box(label: str, *rows: int, ends: str = "", tone: str = "ok") -> Box:
    return Box(label, "detail", f"Says {label}.", f"/trace?x={label}", tone, rows, ends, "bad")


def picture(**changed: object) -> TracePicture:
    fields: dict[str, object] = {
        "headings": ("Requirement", "Control", "System"), "left_out": (0, 3, 0),
        "columns": ((box("A", 0, 1),), (box("B", 0), box("C", 1, ends="Nothing sent: 2", tone="gap")), (box("D", 0),)),
        "strands": (Strand(0, 0, 0, (0,)), Strand(0, 0, 1, (1,)), Strand(1, 0, 0, (0,)))}
    return TracePicture(**{**fields, **changed})  # type: ignore[arg-type]  # a test names what it changes


def parsed(made: str) -> ElementTree.Element:
    return ElementTree.fromstring(made.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))


def test_it_is_named_and_described() -> None:
    root = parsed(trace_svg(picture(), "one", "A trace"))
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert (root.get("role"), named[root.get("aria-labelledby")]) == ("group", "A trace")
    assert named[root.get("aria-describedby")] == (
        "Chains from left to right. Requirement 1, Control 5, System 1. Chains end early at: control 1. The table has every chain.")


def test_each_box_is_a_link_with_its_name_tone_and_rows() -> None:
    root = parsed(trace_svg(picture(), "one", "A trace"))
    links = [(one.get("href"), one.get("aria-label"), one.get("class"), one.get("data-rows")) for one in root.iter(f"{SVG}a")]
    assert links == [
        ("/trace?x=A", "Says A.", "trace-box tone-ok", "0 1"), ("/trace?x=B", "Says B.", "trace-box tone-ok", "0"),
        ("/trace?x=C", "Says C.", "trace-box tone-gap", "1"), ("/trace?x=D", "Says D.", "trace-box tone-ok", "0")]


def test_each_strand_meets_its_boxes_and_strands_do_not_share_a_point() -> None:
    root = parsed(trace_svg(picture(), "one", "A trace"))
    curves = [one.get("d") or "" for one in root.iter(f"{SVG}path") if one.get("class") == "trace-strand"]
    starts = [tuple(map(float, re.findall(r"[\d.]+", curve)[:2])) for curve in curves]
    assert len(curves) == 3
    assert starts[0][0] == starts[1][0], "both leave the same box"
    assert starts[0][1] < starts[1][1], "in the order of where they go"


def test_a_ring_marks_where_chains_end_and_what_is_left_out_is_said() -> None:
    made = trace_svg(picture(), "one", "A trace")
    root = parsed(made)
    assert [(one.findtext(f"{SVG}title"), one.get("class"), one.get("data-rows")) for one in root.iter(f"{SVG}g")] == [
        ("Nothing sent: 2", "trace-stub tone-bad", "1")]
    assert "2 of 5</tspan>" in made
    assert "and 3 more in the table" in made
    assert "more in the table" not in trace_svg(picture(left_out=(0, 0, 0)), "one", "A trace")


def test_texts_cannot_break_out_and_nothing_is_inline() -> None:
    evil = Box('<script>"&', "<b>", '"><script>alert(1)</script>', '/trace?a=1&b="', 'x" onload="y', (0,), "<i>")
    made = trace_svg(picture(columns=((evil,), (), ()), strands=(), left_out=(0, 0, 0)), 'i"d', "<t>")
    assert "<script" not in made
    assert "style=" not in made
    assert ' onload="' not in made
    parsed(made)


def test_boxes_fill_their_column_and_stay_inside() -> None:
    many = tuple(box(str(number), number) for number in range(60))
    root = parsed(trace_svg(picture(columns=((box("A", 0),), many, ()), strands=(), left_out=(0, 0, 0)), "one", "A trace"))
    height = float(root.get("height") or 0)
    grounds = [(float(one.get("y") or 0), float(one.get("height") or 0)) for one in root.iter(f"{SVG}rect")
               if one.get("class") == "trace-ground"]
    assert len(grounds) == 61
    assert all(y + tall <= height for y, tall in grounds)
    assert grounds[0][1] > 59 * grounds[1][1], "one box alone is as high as its column"
