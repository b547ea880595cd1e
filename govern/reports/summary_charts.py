"""Two dense charts for one sheet of paper: posture by domain and coverage by framework."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from govern.assurance.outcomes import Covered, Status
from govern.reports.charts import ORDER, PAINTS, PostureRow
from govern.reports.fitting import block, one_line
from govern.reports.scene import Paint, Rect, Scene, Text, listed
from govern.reports.summary_figures import CoverageRow
from govern.reports.typeface import Typeface

_ROW, _BAR, _SIZE, _GAP, _LABELS = 12.6, 8.0, 7.0, 0.8, 140.0
_COVERED = (
    (Covered.MET, Paint.SATISFIED),
    (Covered.PARTLY, Paint.PARTIAL),
    (Covered.NOT_MET, Paint.MISSING),
    (Covered.NOT_DUE, Paint.NOT_DUE),
    (Covered.UNMAPPED, Paint.TRACK),
)
_Segment = tuple[int, Paint]


def posture_chart(face: Typeface, rows: Sequence[PostureRow], width: float, most: int = 18) -> Scene:
    """One thin bar for each domain; beyond `most` the last bar holds all the others together."""
    shown = _together(rows, most)
    said = [f"{row.label}: {listed([(one, row.counts[one]) for one in Status if row.counts.get(one)])}"
            for row in shown]
    scene = Scene(width, _ROW * len(shown), "Status by domain", _sentence(said))
    for index, row in enumerate(shown):
        segments = [(row.counts.get(status, 0), PAINTS[status]) for status in ORDER]
        total = sum(count for count, _ in segments)
        share = f"{row.counts.get(Status.SATISFIED, 0)} of {total}" if total else "none apply"
        _bar(scene, face, _ROW * index, label=row.label, segments=segments, share=share)
    return scene


def coverage_chart(face: Typeface, rows: Sequence[CoverageRow], width: float, most: int = 8) -> Scene:
    """A title of one or two lines, then a bar, for each framework; those beyond `most` are counted."""
    shown = list(rows[:most])
    said = [f"{row.title}: {listed([(one, row.counts.get(one, 0)) for one, _ in _COVERED])}" for row in shown]
    scene = Scene(width, 0, "Coverage of frameworks", _sentence(said))
    top = 0.0
    for row in shown:
        for line in block(face, row.title, width, _SIZE, 2):
            top += 9
            scene.add(Text(0, top - 2, line, size=_SIZE))
        share = f"{row.counts.get(Covered.MET, 0)} of {row.counted} met" if row.counted else "none apply"
        scene.add(Text(width, top + 7.5, share, Paint.MUTED, _SIZE, "end"))
        segments = [(row.counts.get(state, 0), paint) for state, paint in _COVERED]
        _stack(scene, 0, width - 56, top + 1, segments)
        top += _BAR + 7
    if len(rows) > most:
        more = f"{len(rows) - most} more in the workbook"
        scene.desc += f" {more}."
        scene.add(Text(0, top + 7, f"and {more}", Paint.MUTED, _SIZE))
        top += 10
    scene.height = top
    return scene


def status_legend(face: Typeface, counts: Mapping[Status, int], width: float) -> Scene:
    """Every status that occurs with its colour and count, wrapped to the width."""
    occurring = [(one, counts[one]) for one in (*ORDER, Status.NOT_APPLICABLE) if counts.get(one)]
    scene = Scene(width, 0, "Controls by status", listed(occurring) + ".")
    _legend(scene, face, [(f"{one.capitalize()} {count:,}", PAINTS[one]) for one, count in occurring])
    return scene


def coverage_legend(face: Typeface, rows: Sequence[CoverageRow], width: float) -> Scene:
    """What the colours of the coverage chart mean, those that occur, wrapped to the width."""
    scene = Scene(width, 0, "Colours of coverage", "from left to right, requirements that are met first.")
    seen = {state for row in rows for state, count in row.counts.items() if count}
    _legend(scene, face, [(state.capitalize(), paint) for state, paint in _COVERED if state in seen])
    return scene


def _legend(scene: Scene, face: Typeface, entries: Sequence[tuple[str, Paint]]) -> None:
    x, line = 0.0, 0
    for label, paint in entries:
        room = 10 + face.width(label, _SIZE)
        if x and x + room > scene.width:
            x, line = 0.0, line + 1
        scene.add(Rect(x, 11.0 * line + 1, 6.5, 6.5, paint, 1.5),
                  Text(x + 10, 11.0 * line + 7, label, Paint.MUTED, _SIZE))
        x += room + 10
    scene.height = 11.0 * (line + 1)


def _together(rows: Sequence[PostureRow], most: int) -> list[PostureRow]:
    if len(rows) <= most:
        return list(rows)
    last = rows[most - 1:]
    counts = {status: sum(row.counts.get(status, 0) for row in last) for status in Status}
    return [*rows[:most - 1], replace(last[0], label=f"{len(last)} other domains", counts=counts)]


def _sentence(said: Sequence[str]) -> str:
    return "; ".join(said) + "." if said else "Nothing to show."


def _bar(scene: Scene, face: Typeface, top: float, *, label: str, segments: Sequence[_Segment],
         share: str) -> None:
    fitted = one_line(face, label, _LABELS - 8, _SIZE + 0.5, smallest=6)
    scene.add(Text(0, top + 7.5, fitted.text, size=fitted.size),
              Text(scene.width, top + 7.5, share, Paint.MUTED, _SIZE, "end"))
    _stack(scene, _LABELS, scene.width - 44, top + 1, segments)


def _stack(scene: Scene, left: float, right: float, top: float, segments: Sequence[_Segment]) -> None:
    total, whole = sum(count for count, _ in segments), right - left
    if not total:
        scene.add(Rect(left, top, whole, _BAR, Paint.TRACK, 1.5))
    for count, paint in segments:
        if count:
            span = whole * count / total
            scene.add(Rect(left, top, max(span - _GAP, 0.5), _BAR, paint, 1.5))
            left += span
