"""Days, due days and sizes as pages write them."""

from __future__ import annotations

from datetime import date

import pytest

from govern.facts.moments import DAY, day_end, day_start
from govern.web.when import day, due_day, moment_text, size_text

NOON = day_start(date(2026, 5, 28)) + DAY // 2


def test_days_and_moments() -> None:
    assert (day(NOON).iso, day(NOON).text) == ("2026-05-28", "28 May 2026")
    assert (moment_text(NOON).iso, moment_text(NOON).text) == ("2026-05-28T12:00:00.000Z", "28 May 2026, 12:00 UTC")


@pytest.mark.parametrize(("days", "tone", "note"), [
    (-30, "bad", "30 days late"), (-1, "bad", "1 day late"), (0, "warn", "today"), (1, "warn", "in 1 day"),
    (14, "warn", "in 14 days"), (15, "", ""),
])
def test_due_days(days: int, tone: str, note: str) -> None:
    for due in (day_start(date(2026, 5, 28)) + days * DAY, day_end(date(2026, 5, 28)) + days * DAY):
        shown = due_day(due, NOON)
        assert (shown.tone, shown.note) == (tone, note)
        assert due_day(due, NOON, waits=False).note == "", "nobody waits for it any more"


@pytest.mark.parametrize(("size", "text"), [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9_940, "9.9 kB"), (12_345, "12 kB"), (4 * 1024**3, "4.3 GB"),
    (10**16, "10000 TB"),
])
def test_sizes(size: int, text: str) -> None:
    assert size_text(size) == text
