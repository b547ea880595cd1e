"""The overview: what falls short and why, coverage as a heat map, evidence running out, what waits for somebody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act, may_anywhere
from govern.catalogue.families import by_family, short_name
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.facts.moments import Instant
from govern.facts.systems import Stage
from govern.records.control import requests
from govern.records.evidence import waiting_count
from govern.records.people import units
from govern.records.spans import Summary
from govern.records.systems import SystemLine, systems
from govern.web import frame
from govern.web.standing_of import summaries_for
from govern.web.when import When, due_day

blueprint = Blueprint("overview", __name__)
SHORT = ("failing", "stale", "missing", "partial")
_LISTED = 10


def short_of(summary: Summary) -> int:
    """How many controls fall short."""
    return sum(summary.counts.get(status, 0) for status in SHORT)


def due_of(summary: Summary) -> int:
    """How many controls are asked for: those that apply and are due."""
    return sum(count for status, count in summary.counts.items() if status not in ("not applicable", "not due"))


def stage_title(stage: Stage, catalogue: Catalogue) -> str:
    """A stage's name for people."""
    return next((one.title for one in catalogue.stages if one.id == stage.value), stage.value)


def system_row(line: SystemLine, summary: Summary | None, catalogue: Catalogue) -> dict[str, Any]:
    """A system as overview and list show it."""
    counts = dict(summary.counts) if summary else {}
    return {
        "key": line.system.key, "name": line.system.name, "href": f"/systems/{line.system.slug}", "counts": counts,
        "stage": stage_title(line.stage, catalogue), "short": short_of(summary) if summary else 0,
        "satisfied": counts.get("satisfied", 0), "due": due_of(summary) if summary else 0,
        "fresh": summary.fresh if summary else False, "known": summary is not None,
        "failing": counts.get("failing", 0), "review": counts.get("in review", 0),
    }


def heat_of(lines: list[SystemLine], kept: Mapping[str, Summary], catalogue: Catalogue) -> dict[str, Any]:
    """Share of assessable requirements met, frameworks by system; what is superseded is left to its own page."""
    shown = [one for ones in by_family(catalogue.frameworks.values()).values() for one in ones if one.status != "superseded"]
    columns = [{"label": short_name(one), "href": f"/frameworks/{one.id}"} for one in shown]
    rows = []
    for line in lines:
        summary = kept.get(line.system.key)
        cells = []
        for id_ in (one.id for one in shown):
            met, counted = summary.coverage.get(id_, (0, 0)) if summary else (0, 0)
            cells.append({"value": round(100 * met / counted) if counted else None,
                          "href": f"/frameworks/{id_}?system={line.system.slug}",
                          "label": f"{line.system.name}: {met} of {counted} met"})
        rows.append({"label": line.system.name, "href": f"/systems/{line.system.slug}", "cells": cells})
    return {"columns": columns, "rows": rows}


def framework_label(id_: str, catalogue: Catalogue) -> str:
    """A framework's name where there is little room."""
    return short_name(catalogue.frameworks[id_])


@dataclass(frozen=True)
class Place:
    """A control of one system."""

    system: str
    href: str


@dataclass
class Concern:
    """A control that needs somebody in one system or several: the worst reason or the nearest day, and where."""

    control: str
    title: str
    status: str
    text: str
    when: When | None
    places: list[Place]


def _title(control: str, catalogue: Catalogue) -> str:
    return catalogue.controls[control].title if control in catalogue.controls else control


def _place(line: SystemLine, control: str) -> Place:
    return Place(line.system.name, f"/systems/{line.system.slug}/controls/{control}")


def attention_of(lines: list[SystemLine], kept: Mapping[str, Summary], catalogue: Catalogue) -> list[Concern]:
    """Controls that fall short, each once for a status, the worst status first and then those of most systems."""
    found: dict[tuple[str, str], Concern] = {}
    for line in lines:
        for control, status, text in kept[line.system.key].attention if line.system.key in kept else ():
            one = found.setdefault((control, status), Concern(control, _title(control, catalogue), status, text, None, []))
            one.places.append(_place(line, control))
    worst = {status: place for place, status in enumerate(SHORT)}
    return sorted(found.values(), key=lambda one: (worst.get(one.status, len(worst)), -len(one.places), one.control))


def running_out_of(lines: list[SystemLine], kept: Mapping[str, Summary], catalogue: Catalogue, now: Instant) -> list[Concern]:
    """Controls whose evidence runs out, each once, the first to run out first."""
    ends = sorted((until, control, line.system.name, line) for line in lines if line.system.key in kept
                  for control, until in kept[line.system.key].running_out)
    found: dict[str, Concern] = {}
    for until, control, _, line in ends:
        one = found.setdefault(control, Concern(control, _title(control, catalogue), "", "", due_day(until, now), []))
        one.places.append(_place(line, control))
    return list(found.values())


def _lines(reader: Reader, unit: str) -> list[SystemLine]:
    lines = systems(visit().connection, reader)
    return [line for line in lines if line.system.unit == unit] if unit else lines


@blueprint.get("/")
@allow(Act.READ)
def overview() -> str:
    """Where every system in scope stands, and why."""
    here = visit()
    reader = here.reader(at_of_request())
    all_units = units(here.connection, reader.position)
    wanted = request.args.get("unit", "")
    chosen = next((unit.key for unit in all_units.values() if unit.slug == wanted), "-" if wanted else "")
    lines = _lines(reader, chosen)
    reader, kept = summaries_for(reader, lines)
    catalogue = here.catalogue(reader)
    totals: Counter[str] = Counter()
    for summary in kept.values():
        totals.update(summary.counts)
    rows = sorted((system_row(line, kept.get(line.system.key), catalogue) for line in lines),
                  key=lambda row: (-row["failing"], -row["short"], row["name"]))
    heat = heat_of(lines, kept, catalogue)
    ending = running_out_of(lines, kept, catalogue, reader.moment.instant)
    waiting = waiting_count(here.connection, reader) if may_anywhere(here.known, Act.REVIEW) else None
    asked, open_requests = requests(here.connection, reader, size=6)
    due = sum(count for status, count in totals.items() if status not in ("not applicable", "not due"))
    return render_template(
        "pages/overview.html", rows=rows[:_LISTED], more=max(0, len(rows) - _LISTED), systems=len(lines), totals=totals,
        due=due, short=sum(totals[status] for status in SHORT), heat={**heat, "rows": heat["rows"][:40]},
        heat_more=max(0, len(heat["rows"]) - 40), attention=attention_of(lines, kept, catalogue)[:_LISTED], ending=ending[:_LISTED],
        ending_count=sum(len(one.places) for one in ending), waiting=waiting, open_requests=open_requests,
        asked=[{"control": one.request.control, "system": one.system_name, "due": due_day(one.request.due, here.now),
                "href": f"/systems/{one.system_slug}/controls/{one.request.control}"} for one in asked],
        stale_rows=sum(not row["fresh"] for row in rows), moment=frame.moment_shown(), unit=request.args.get("unit", ""),
        units=[("", "All units"), *((one.slug, one.name) for one in all_units.values())],
        may_register=may_anywhere(here.known, Act.REGISTER_SYSTEM), at=request.args.get("at", ""))
