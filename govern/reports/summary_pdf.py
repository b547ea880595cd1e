"""The assurance summary: one A4 page on one system, made from the same picture as everything else.

The same picture gives the same bytes, and no text, however long, leaves its place or the page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import BinaryIO

from reportlab.lib.pagesizes import A4

from govern.assurance.outcomes import Status
from govern.facts.moments import DAY, datetime_of, iso_date
from govern.reports.fitting import flat
from govern.reports.naming import PAST, person, unit_text
from govern.reports.pen import Pen, Spot
from govern.reports.picture import Picture
from govern.reports.scene import Paint
from govern.reports.summary_charts import coverage_chart, coverage_legend, posture_chart, status_legend
from govern.reports.summary_figures import (
    SHORT,
    Point,
    domain_rows,
    evidence_counts,
    falling_short,
    framework_rows,
    running_out,
)
from govern.reports.tagged import TaggedCanvas
from govern.reports.typeface import HELVETICA, Typeface

_LEFT, _TOP, _BOTTOM = 40.0, A4[1] - 42, 34.0
_ROOM = A4[0] - 2 * _LEFT
_GUTTER = 22.0
_HALF = (_ROOM - _GUTTER) / 2
_WIDE, _NARROW = 322.0, _ROOM - 322.0 - _GUTTER
_LISTED, _FOOT = 12, 84.0  # at most so many points, and none below this height
_PALE, _PAST = "#f4f5f8", "#fcebcb"
_INKS = {
    Status.FAILING: Paint.BAD,
    Status.MISSING: Paint.BAD,
    Status.STALE: Paint.WARN,
    Status.PARTIAL: Paint.WARN,
    Status.SATISFIED: Paint.OK,
    Status.WAIVED: Paint.HOLD,
    Status.IN_REVIEW: Paint.INFO,
}


def write_summary(picture: Picture, target: BinaryIO, typeface: Typeface = HELVETICA) -> None:
    """Write the summary of one system to `target`: tagged PDF, one page.

    Give the typeface that `fonts` makes; with Helvetica, letters beyond Western European ones print as boxes.
    """
    stamp, name = picture.stamp, flat(picture.snapshot.system.name)[:200]
    canvas = TaggedCanvas(
        target, pagesize=A4, title=f"Assurance summary: {name}", author=flat(stamp.organisation)[:200],
        subject=f"Ledger position {stamp.position}, root {stamp.root}", made=stamp.generated,
    )
    pen = Pen(canvas, typeface)
    top = _header(pen, picture)
    top = _headline(pen, picture, top)
    top = min(_posture(pen, picture, top), _coverage_and_evidence(pen, picture, top))
    _lists(pen, picture, top)
    _footer(pen, picture)
    canvas.showPage()
    canvas.save()


def _header(pen: Pen, picture: Picture) -> float:
    system, stamp = picture.snapshot.system, picture.stamp
    pen.line("P", Spot(_LEFT, _TOP, _HALF), "Assurance summary", 8, bold=True, paint=Paint.ACCENT)
    beside = Spot(_LEFT + _HALF, _TOP, _HALF + _GUTTER)
    pen.line("P", beside, stamp.organisation, 8, paint=Paint.MUTED, end=True)
    pen.line("H1", Spot(_LEFT, _TOP - 24, _ROOM), system.name, 20, bold=True, smallest=11)
    y = pen.paragraph("P", Spot(_LEFT, _TOP - 40, _ROOM), system.purpose or "No purpose is recorded.", 9, 2,
                      paint=Paint.MUTED)
    facts = (
        ("Owner", person(picture.names, system.business_owner) or "not recorded"),
        ("Stage", picture.snapshot.stage.capitalize()),
        ("Unit", unit_text(picture) or "none"),
        ("As of", datetime_of(stamp.instant).strftime("%Y-%m-%d %H:%M UTC")),
    )
    room = (_ROOM - 3 * 12) / 4
    for index, (label, said) in enumerate(facts):
        x = _LEFT + index * (room + 12)
        pen.line("P", Spot(x, y - 4, room), label, 7, paint=Paint.MUTED)
        pen.line("P", Spot(x, y - 15, room), said, 9, bold=True, smallest=7)
    y -= 26
    if stamp.past:
        pen.box(_LEFT, y - 13, _ROOM, 17, _PAST)
        said = f"{iso_date(stamp.instant)}. {PAST}"
        inside = Spot(_LEFT + 8, y - 7.5, _ROOM - 16)
        pen.line("P", inside, said, 7.5, smallest=6, bold=True, paint=Paint.WARN)
        y -= 22
    return y


def _headline(pen: Pen, picture: Picture, top: float) -> float:
    summary = picture.posture.summary
    not_due, outside = summary[Status.NOT_DUE], summary[Status.NOT_APPLICABLE]
    asked = sum(summary.values()) - not_due - outside
    short = sum(summary[status] for status in SHORT)
    tiles = (
        (f"{summary[Status.SATISFIED]:,}", f"of {asked:,} due are satisfied", Paint.OK),
        (f"{short:,}", "fall short", Paint.BAD if short else Paint.OK),
        (f"{summary[Status.IN_REVIEW]:,}", "wait for review", Paint.INFO),
        (f"{summary[Status.WAIVED]:,}", "waived, not satisfied", Paint.HOLD),
        (f"{not_due:,}", f"not due; {outside:,} do not apply", Paint.MUTED),
    )
    room = (_ROOM - 4 * 8) / 5
    for index, (number, label, paint) in enumerate(tiles):
        x = _LEFT + index * (room + 8)
        pen.box(x, top - 44, room, 44, _PALE)
        pen.line("P", Spot(x + 8, top - 21, room - 16), number, 18, bold=True, paint=paint)
        pen.line("P", Spot(x + 8, top - 35, room - 12), label, 7.5, paint=Paint.MUTED, smallest=5.5)
    return top - 62


def _posture(pen: Pen, picture: Picture, top: float) -> float:
    pen.line("H2", Spot(_LEFT, top, _WIDE), "Status by domain", 10, bold=True)
    bottom = pen.chart(_LEFT, top - 8, posture_chart(pen.face, domain_rows(picture), _WIDE))
    return pen.chart(_LEFT, bottom - 4, status_legend(pen.face, picture.posture.summary, _WIDE)) - 16


def _coverage_and_evidence(pen: Pen, picture: Picture, top: float) -> float:
    x = _LEFT + _WIDE + _GUTTER
    pen.line("H2", Spot(x, top, _NARROW), "Coverage of frameworks", 10, bold=True)
    rows = framework_rows(picture)
    y = pen.chart(x, top - 7, coverage_chart(pen.face, rows, _NARROW))
    y = pen.chart(x, y - 2, coverage_legend(pen.face, rows, _NARROW)) - 16
    pieces = len(picture.snapshot.evidence)
    title = f"Evidence: {pieces:,} {'piece' if pieces == 1 else 'pieces'}"
    pen.line("H2", Spot(x, y, _NARROW), title, 10, bold=True)
    with pen.canvas.element("Table"):
        for label, count in evidence_counts(picture):
            y -= 13
            with pen.canvas.element("TR"):
                pen.line("TH", Spot(x, y, _NARROW - 50), label.capitalize(), 8, scope="Row")
                pen.line("TD", Spot(x + _NARROW - 50, y, 50), f"{count:,}", 8, bold=True, end=True)
            pen.rule(x, y - 4, _NARROW)
    return y - 22


def _lists(pen: Pen, picture: Picture, top: float) -> None:
    short, soon = falling_short(picture), running_out(picture)
    _points(pen, Spot(_LEFT, top, _HALF), "What falls short", short, none="Nothing falls short.",
            lead=lambda point: point.status.capitalize())
    now = picture.stamp.instant
    _points(pen, Spot(_LEFT + _HALF + _GUTTER, top, _HALF), "What runs out next", soon,
            none="Nothing runs out by itself.", lead=lambda point: _when(point, now))


def _points(pen: Pen, at: Spot, title: str, points: Sequence[Point], *, none: str,
            lead: Callable[[Point], str]) -> None:
    x, top, _ = at
    most = min(_LISTED, int((top - 15 - _FOOT) / 22))
    more = f" ({most} of {len(points):,})" if len(points) > most else ""
    pen.line("H2", Spot(x, top, _HALF), title + more, 10, bold=True)
    if not points:
        pen.line("P", Spot(x, top - 15, _HALF), none, 8, paint=Paint.MUTED)
        return
    with pen.canvas.element("L"):
        for index, point in enumerate(points[:most]):
            _point(pen, Spot(x, top - 15 - 22 * index, _HALF), point, lead(point))


def _point(pen: Pen, at: Spot, point: Point, lead: str) -> None:
    """Two lines: a coloured lead and the control's name, then one sentence."""
    aside = pen.face.width(lead, 7.5, bold=True) + 6
    named, below = Spot(at.x + aside, at.y, at.room - aside), Spot(at.x, at.y - 9.5, at.room)
    ink = _INKS.get(point.status, Paint.MUTED)
    with pen.canvas.element("LI"):
        pen.line("Lbl", Spot(at.x, at.y, aside), lead, 7.5, bold=True, paint=ink)
        with pen.canvas.element("LBody"):
            pen.line("P", named, f"{point.control} {point.title}", 7.5, smallest=6.5, bold=True)
            pen.line("P", below, point.said or "No reason is recorded.", 7.5, smallest=6.5, paint=Paint.MUTED)


def _when(point: Point, now: int) -> str:
    if point.at is None:
        return ""
    days = (point.at - now) // DAY
    return f"{iso_date(point.at)}, {'today' if days < 1 else '1 day' if days == 1 else f'{days:,} days'}"


def _footer(pen: Pen, picture: Picture) -> None:
    stamp = picture.stamp
    made = datetime_of(stamp.generated).strftime("%Y-%m-%d %H:%M UTC")
    said = [
        f"Ledger position {stamp.position:,}, root {stamp.root}",
        f"Catalogue {stamp.catalogue}",
        f"Rules {flat(stamp.rules)}. Made {made} by {person(picture.names, stamp.generated_by)}. "
        "Status is proved by recorded facts, never typed.",
    ]
    if stamp.past:
        said.append(PAST)
    y = _BOTTOM + 9.5 * (len(said) - 1)
    pen.rule(_LEFT, y + 12, _ROOM)
    for line in said:
        pen.line("P", Spot(_LEFT, y, _ROOM), line, 6.8, paint=Paint.MUTED, smallest=5.5)
        y -= 9.5
