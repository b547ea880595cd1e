"""Summaries of systems for overviews: kept spans, read with one query whatever the number of facts.

A kept span holds while nothing it rests on moved: its position is at least the last entry that touched the system and
the organisation, catalogue and rules are the same, and now lies inside it. Time never dirties it, entries do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from govern.access.actor import Reader
from govern.assurance.outcomes import RULES
from govern.assurance.spans import Span
from govern.facts.moments import DAY, Instant
from govern.records.catalogues import digest_in_force
from govern.records.systems import SystemLine
from govern.records.tables.ledger import ORGANISATION, ThingRow
from govern.records.tables.plain import SpanRow

SOON: Instant = 30 * DAY
"""What ends before this much from now is shown as running out."""


@dataclass(frozen=True)
class Summary:
    """How a system stands, as an overview shows it. `fresh` False: older than the last entry, being renewed.

    `counts` by status word; `coverage` framework id → (met, counted); `running_out` (control, instant);
    `attention` (control, status word, first reason).
    """

    counts: Mapping[str, int]
    coverage: Mapping[str, tuple[int, int]]
    running_out: tuple[tuple[str, Instant], ...]
    attention: tuple[tuple[str, str, str], ...]
    position: int
    fresh: bool


def summary_of(span: Span, position: int, *, fresh: bool = True) -> Summary:
    """A summary from a span that was just derived, as a look at its first instant shows it."""
    return Summary({status.value: count for status, count in span.counts.items()}, span.coverage,
                   span.running_out_by(span.since + SOON),
                   tuple((control, status.value, text) for control, status, text in span.attention), position, fresh)


def _body(spans: Iterable[Span]) -> str:
    return json.dumps([
        {"since": span.since, "until": span.until,
         "counts": {status.value: count for status, count in span.counts.items() if count},
         "coverage": span.coverage, "running_out": span.running_out,
         "attention": [[control, status.value, text] for control, status, text in span.attention]}
        for span in spans], separators=(",", ":"))


def _read(span: dict[str, Any], position: int, fresh: bool, now: Instant) -> Summary:
    return Summary(
        span["counts"], {id_: (met, counted) for id_, (met, counted) in span["coverage"].items()},
        tuple((control, until) for control, until in span["running_out"] if until < now + SOON),
        tuple((control, status, text) for control, status, text in span["attention"]), position, fresh)


def summaries(connection: Connection, reader: Reader, lines: Iterable[SystemLine]) -> dict[str, Summary]:
    """Kept summaries by system key, for now; a system without a kept one is left out."""
    now = reader.moment.instant
    last = {line.system.key: line.last for line in lines}
    ground = connection.execute(select(ThingRow.last).where(ThingRow.key == ORGANISATION)).scalar_one_or_none() or 0
    catalogue = digest_in_force(connection, None)
    statement = select(SpanRow.system, SpanRow.position, SpanRow.catalogue, SpanRow.rules, SpanRow.body)
    if len(last) < 50:
        statement = statement.where(SpanRow.system.in_(sorted(last)))
    found: dict[str, Summary] = {}
    for row in connection.execute(statement):
        if row.system not in last:
            continue
        holds = row.position >= max(last[row.system], ground) and (row.catalogue, row.rules) == (catalogue, RULES)
        spans = json.loads(row.body)
        inside = [span for span in spans if span["since"] <= now and (span["until"] is None or now < span["until"])]
        chosen = inside[0] if inside else spans[-1]
        found[row.system] = _read(chosen, row.position, holds and bool(inside), now)
    return found


def keep(connection: Connection, system: str, position: int, catalogue: str, spans: Iterable[Span]) -> None:
    """Keep a system's spans; they only move forward."""
    values = {"position": position, "catalogue": catalogue, "rules": RULES, "body": _body(spans)}
    kept = connection.execute(select(SpanRow.position).where(SpanRow.system == system)).scalar_one_or_none()
    if kept is None:
        connection.execute(insert(SpanRow).values(system=system, **values))
    elif kept <= position:
        connection.execute(update(SpanRow).where(SpanRow.system == system).values(**values))
