"""Instants and sizes as pages write them: `iso` for machines, `text` for people."""

from __future__ import annotations

from dataclasses import dataclass

from govern.facts.moments import DAY, Instant, datetime_of, iso_date, iso_instant

_UNITS = ("kB", "MB", "GB", "TB")
_SOON = 14


@dataclass(frozen=True)
class When:
    """A day or an instant. `tone` and `note` say of a due day how near or late it is."""

    iso: str
    text: str
    tone: str = ""
    note: str = ""


def day(instant: Instant) -> When:
    """The UTC day of an instant, as 31 Jan 2026."""
    found = datetime_of(instant)
    return When(iso_date(instant), f"{found.day} {found:%b %Y}")


def moment_text(instant: Instant) -> When:
    """Day and minute, as 31 Jan 2026, 12:00 UTC."""
    found = datetime_of(instant)
    return When(iso_instant(instant), f"{found.day} {found:%b %Y, %H:%M} UTC")


def due_day(instant: Instant, now: Instant, *, waits: bool = True) -> When:
    """A day by which something is due, with how late or near it is where somebody still waits for it."""
    shown = day(instant)
    left = instant // DAY - now // DAY
    if not waits or left > _SOON:
        return shown
    if left < 0:
        return When(shown.iso, shown.text, "bad", f"{-left} {'day' if left == -1 else 'days'} late")
    return When(shown.iso, shown.text, "warn", "today" if left == 0 else f"in {left} {'day' if left == 1 else 'days'}")


def size_text(size: int) -> str:
    """Bytes as people read them, in powers of 1,000."""
    if size < 1000:
        return f"{size} B"
    value, unit = size / 1000, 0
    while value >= 1000 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {_UNITS[unit]}" if value >= 10 else f"{value:.1f} {_UNITS[unit]}"
