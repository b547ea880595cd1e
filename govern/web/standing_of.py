"""How systems stand: kept summaries for now, renewed where they no longer hold; derived anew for a past moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from govern.access.actor import Reader
from govern.assurance.spans import spans
from govern.door.visit import house, visit
from govern.jobs.summaries import refresh
from govern.records.snapshot import snapshot
from govern.records.spans import Summary, summaries, summary_of
from govern.records.systems import SystemLine

AT_ONCE = 12
"""How many summaries one request renews; the rest are shown as they were, and marked, until the follower comes by."""


def summaries_for(reader: Reader, lines: Iterable[SystemLine]) -> tuple[Reader, Mapping[str, Summary]]:
    """Summaries by system key. The reader is given anew, because renewing moves on to a later state."""
    listed = list(lines)
    if reader.position is not None:
        return reader, {line.system.key: _derived(reader, line) for line in listed}
    kept = summaries(visit().connection, reader, listed)
    if all(line.system.key in kept and kept[line.system.key].fresh for line in listed):
        return reader, kept
    visit().refresh()
    refresh(house().office, visit().now, limit=AT_ONCE)
    reader = visit().reader()
    return reader, summaries(visit().connection, reader, listed)


def _derived(reader: Reader, line: SystemLine) -> Summary:
    catalogue = visit().catalogue(reader)
    seen = snapshot(visit().connection, reader, line.system)
    return summary_of(spans(seen, catalogue, limit=1)[0], reader.moment.position)
