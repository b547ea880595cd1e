"""Traceability: one page from any start, requirement, control, system, evidence or decision, and its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context

from govern.access.policy import Act, may_anywhere
from govern.assurance.trace import Mark
from govern.assurance.trace_lines import Line
from govern.catalogue.families import by_family, short_name
from govern.catalogue.objects import Catalogue
from govern.door.pictures import stamp_of
from govern.door.policy import allow
from govern.door.traces import Trace, every_line, for_export, named, page, traced
from govern.door.visit import house, visit
from govern.errors import InputRefused
from govern.facts.moments import iso_date
from govern.records import evidence as evidence_query
from govern.records.people import names
from govern.records.systems import SystemLine, systems
from govern.reports.picture import Stamp
from govern.schemas.forms import load_form
from govern.schemas.outputs_trace import TraceOut, TraceRowOut, TraceStampOut, TraceStartOut
from govern.schemas.trace import TracePlace, TraceQuery, TraceWanted, cursor_of
from govern.web import frame
from govern.web.frameworks_view import Ways
from govern.web.trace_view import Start, TraceWays, decided_facts, endings, picture_of, shown
from govern.web.when import day

blueprint = Blueprint("trace", __name__)
_SIZE = 100
_NEWEST, _LISTED = 6, 12


def _wanted() -> TraceWanted:
    """What the address asks for; raises InputRefused for what does not fit."""
    return load_form(TraceQuery, request.args)


@blueprint.get("/trace")
@allow(Act.READ)
def show() -> str:
    """The trace from what the address names, as a picture and a table; without a start, what to start at."""
    wanted = _wanted()
    reader = visit().reader(wanted.at or None)
    catalogue = visit().catalogue(reader)
    wanted, dropped = _fitting(wanted, catalogue)
    ways = TraceWays(wanted.at, "all" if wanted.whole else "", wanted.framework)
    common: dict[str, Any] = {"moment": frame.moment_shown(), "wanted": wanted, "ways": ways, "at": wanted.at, "dropped": dropped,
                              "choices": _choices(wanted, catalogue)}
    if not wanted.started:
        lines = systems(visit().connection, reader)
        newest = evidence_query.library(visit().connection, reader, evidence_query.Filter(), size=_NEWEST).lines
        return render_template("pages/trace.html", **common, started=False, systems=_named_systems(lines), day=day,
                               families=_families(catalogue), some=[line.system for line in lines[:_LISTED]],
                               more=max(0, len(lines) - _LISTED), newest=newest)
    trace = traced(visit().connection, reader, catalogue, wanted)
    mark = wanted.place.mark if wanted.place else Mark()
    found = page(visit().connection, trace, mark, _SIZE)
    lines_shown = named(visit().connection, trace, found.rows)
    reached, ends = endings(found.rows)
    follows = cursor_of(TracePlace(found.next, reader.moment.position)) if found.next else ""
    return render_template(
        "pages/trace.html", **common, started=True, systems=_named_systems(trace.seen),
        starts=_starts(trace, ways.things), decided=_decided(trace), rows=shown(lines_shown, catalogue, ways),
        picture=picture_of(found.rows, lines_shown, catalogue, ways) if found.rows else "",
        reached=reached, ends=ends, first=wanted.place is None, follows=follows,
        may_export=may_anywhere(visit().known, Act.EXPORT))


def _fitting(wanted: TraceWanted, catalogue: Catalogue) -> tuple[TraceWanted, str]:
    """What is asked for, without a requirement that its framework does not have: the form keeps the one chosen before."""
    framework = catalogue.frameworks.get(wanted.framework)
    if framework is None or wanted.requirement in ("", *framework.by_id):
        return wanted, ""
    return replace(wanted, requirement="", place=None), wanted.requirement


def _named_systems(lines: Iterable[SystemLine]) -> list[tuple[str, str]]:
    return [("", "Every system"), *((line.system.slug, line.system.name) for line in lines)]


def _choices(wanted: TraceWanted, catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """What the form offers."""
    framework = catalogue.frameworks.get(wanted.framework)
    requirements = [(one.id, f"{one.id} {one.title}"[:90]) for one in framework.requirements] if framework else []
    return {
        "frameworks": [("", "Any framework"), *((id_, short_name(one)) for id_, one in catalogue.frameworks.items())],
        "requirements": [("", "Every requirement"), *requirements] if requirements else [],
        "controls": [("", "Any control"), *((one.id, f"{one.id} {one.title}"[:90]) for one in catalogue.controls.values())],
        "history": [("", "Versions that still speak"), ("all", "Every version")],
    }


def _families(catalogue: Catalogue) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(family.title, [(one.id, short_name(one)) for one in ones])
            for family, ones in by_family(catalogue.frameworks.values()).items()]


def _starts(trace: Trace, ways: Ways) -> list[Start]:
    """What the trace starts at, each with the way to be rid of it."""
    wanted, found = trace.wanted, []
    framework = trace.catalogue.frameworks.get(wanted.framework)
    if framework is not None:
        found.append(Start("Framework", short_name(framework), ways.framework(framework.id),
                           frame.link(framework=None, requirement=None, cursor=None)))
    if framework is not None and wanted.requirement:
        title = framework.by_id[wanted.requirement].title
        found.append(Start("Requirement", f"{wanted.requirement} {title}", ways.requirement(framework.id, wanted.requirement),
                           frame.link(requirement=None, cursor=None)))
    if wanted.control:
        title = trace.catalogue.controls[wanted.control].title
        found.append(Start("Control", f"{wanted.control} {title}", ways.in_catalogue(wanted.control),
                           frame.link(control=None, cursor=None)))
    if trace.chosen is not None:
        found.append(Start("System", trace.chosen.name, ways.of_system(trace.chosen.slug), frame.link(system=None, cursor=None)))
    if trace.anchor is not None:
        proof = trace.anchor.proof
        label = "Decision on" if trace.anchor.decided else "Evidence"
        found.append(Start(label, proof.title, ways.evidence(proof.evidence),
                           frame.link(evidence=None, decision=None, cursor=None)))
    return found


def _decided(trace: Trace) -> list[tuple[str, str]]:
    """What the decision says that the trace starts at."""
    if trace.anchor is None or not trace.anchor.decided:
        return []
    proof = trace.anchor.proof
    return decided_facts(proof, names(visit().connection, {proof.reviewer}))


# -- files -----------------------------------------------------------------------------------------------------------


def _export() -> tuple[Trace, Stamp]:
    """The trace of what the visitor may export, and its stamp; raises InputRefused without a start.

    It is read at its ledger position, because the rows are read one after another when the page's state is let go of.
    """
    wanted = _wanted()
    if not wanted.started:
        raise InputRefused("Say where the trace starts.", field="framework",
                           mend="Name a framework, a control, a system, evidence or a decision in the address.")
    reader = visit().reader(wanted.at or None)
    stamp = stamp_of(house(), visit().connection, reader, visit().now)
    held = replace(reader, position=reader.moment.position)
    return for_export(visit().connection, held, visit().known, visit().catalogue(reader), replace(wanted, place=None)), stamp


def _lines(trace: Trace) -> Iterator[Line]:
    """All rows, over a connection of the time when they are sent."""
    visit().refresh()
    yield from every_line(visit().connection, trace)


def _sent(parts: Iterator[str], mimetype: str, trace: Trace, ending: str) -> Response:
    response = Response(stream_with_context(part.encode() for part in parts), mimetype=mimetype)
    moment = trace.reader.moment
    name = f"trace-{iso_date(moment.instant)}-entry-{moment.position}.{ending}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/trace.csv")
@allow(Act.EXPORT)
def as_csv() -> Response:
    """The whole trace as CSV, row by row."""
    from govern.reports.trace_csv import trace_csv

    trace, stamp = _export()
    return _sent(trace_csv(_lines(trace), trace.catalogue, stamp), "text/csv", trace, "csv")


@blueprint.get("/trace.json")
@allow(Act.EXPORT)
def as_json() -> Response:
    """The whole trace as JSON, as the API answers it, with the stamp of a file."""
    trace, stamp = _export()
    return _sent(_json(trace, stamp), "application/json", trace, "json")


def _json(trace: Trace, stamp: Stamp) -> Iterator[str]:
    """One object, a row a line, so that nothing has to be held as a whole."""
    moment = TraceOut(only=("moment",)).dump({"moment": trace.reader.moment})["moment"]
    head = {"stamp": TraceStampOut().dump(stamp), "start": TraceStartOut().dump(trace.wanted), "moment": moment,
            "catalogue": trace.catalogue.digest}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": ['
    row_out, between = TraceRowOut(), "\n"
    for line in _lines(trace):
        yield between + json.dumps(row_out.dump(line), ensure_ascii=False)
        between = ",\n"
    yield '\n], "next": null}\n'
