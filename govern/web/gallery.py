"""Sample charts for the gallery page, which shows every part of the look."""

from __future__ import annotations

from markupsafe import Markup

from govern.assurance.outcomes import Status
from govern.facts.moments import DAY, Instant
from govern.reports.charts import PostureRow, RateRow, posture_bars, rate_bars, severity_bars, status_donut
from govern.reports.charts_time import Event, timeline_strip, trend_line
from govern.reports.scene import Paint, Scene
from govern.reports.scene_svg import svg_of

_DOMAINS = (
    ("Governance", (14, 2, 1, 0, 1, 0, 0, 3)),
    ("Data and provenance", (9, 0, 4, 2, 1, 3, 1, 2)),
    ("Model security", (7, 1, 2, 3, 2, 4, 2, 0)),
    ("Agents and tools", (2, 0, 0, 1, 0, 5, 0, 6)),
)
_ORDER = (
    Status.SATISFIED, Status.WAIVED, Status.IN_REVIEW, Status.PARTIAL,
    Status.STALE, Status.MISSING, Status.FAILING, Status.NOT_DUE,
)  # fmt: skip


def gallery_charts(start: Instant) -> dict[str, Markup]:
    """One chart of each sort by name, ready for the page; `start` begins the sample of time."""
    domains = [PostureRow(label, dict(zip(_ORDER, counts, strict=True))) for label, counts in _DOMAINS]
    total = {status: sum(row.counts[status] for row in domains) for status in _ORDER}
    probes = [
        RateRow("Prompt injection", 941, 1000), RateRow("Jailbreak", 212, 260),
        RateRow("Data leakage", 118, 120), RateRow("Tool misuse", 17, 24), RateRow("Toxicity", 0, 0),
    ]  # fmt: skip
    shares = (61.0, 63.0, 62.0, 66.0, 70.0, 69.0, 78.0)
    weeks = [(f"W{36 + week}", share) for week, share in enumerate(shares)]
    events = [
        Event(start + 9 * DAY, "Release 2.3 frozen"), Event(start + 31 * DAY, "Gate passed", Paint.OK),
        Event(start + 36 * DAY, "Drift alert", Paint.WARN),
        Event(start + 58 * DAY, "Incident reported", Paint.BAD),
        Event(start + 63 * DAY, "Report due", Paint.BAD), Event(start + 110 * DAY, "Waiver ends", Paint.HOLD),
    ]  # fmt: skip
    end, now = start + 120 * DAY, start + 70 * DAY
    scenes: dict[str, Scene] = {
        "posture": posture_bars(domains),
        "posture_narrow": posture_bars(domains, width=330),
        "donut": status_donut(total),
        "trend": trend_line(weeks, "Satisfied over time", unit="%", floor=75),
        "severity": severity_bars({"critical": 3, "high": 6, "medium": 8, "low": 21, "info": 0}),
        "rates": rate_bars(probes, floor=0.9),
        "rates_narrow": rate_bars(probes, width=330, floor=0.9),
        "strip": timeline_strip(events, start, end, now=now),
        "strip_narrow": timeline_strip(events, start, end, now=now, width=330),
    }
    # svg_of escapes every text that it writes.
    return {name: Markup(svg_of(scene, f"gallery-{name}")) for name, scene in scenes.items()}  # noqa: S704 - our own drawing
