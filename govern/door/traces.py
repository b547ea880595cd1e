"""A trace for any door: what the address names is looked up, a page or all pages are read, rows get their names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from govern.access.actor import ORGANISATION, Actor, Reader
from govern.access.policy import Act, may
from govern.actions.office import INSTANCE, require
from govern.assurance.trace import MOST, Anchor, Mark, Page, Plan, Row, page_of, pairs_of, plan_of
from govern.assurance.trace_lines import Line, Names, line_of, people_of
from govern.catalogue.objects import Catalogue
from govern.errors import NotFound
from govern.facts.evidence import About
from govern.facts.people import Unit
from govern.facts.systems import System
from govern.records.evidence import place_of_evidence
from govern.records.people import chain, names, units
from govern.records.systems import SystemLine, place_of, places, systems
from govern.records.trace import Wanted, anchor, proofs, settings
from govern.schemas.trace import TraceWanted


@dataclass(frozen=True)
class Trace:
    """A trace whose starts were found, for a reader.

    `seen` are all systems that the reader sees, `lines` those in reach of the starts, `chosen` the one named.
    """

    wanted: TraceWanted
    reader: Reader
    catalogue: Catalogue
    seen: tuple[SystemLine, ...]
    lines: tuple[SystemLine, ...]
    all_units: dict[str, Unit]
    chosen: System | None
    anchor: Anchor | None
    plan: Plan

    @property
    def systems(self) -> dict[str, System]:
        """The systems in reach by key."""
        return {line.system.key: line.system for line in self.lines}


def traced(connection: Connection, reader: Reader, catalogue: Catalogue, wanted: TraceWanted) -> Trace:
    """Find what a trace starts at. Raises NotFound for what is not there or out of the reader's scope."""
    framework = catalogue.frameworks.get(wanted.framework)
    if wanted.framework and framework is None:
        raise NotFound("There is no such framework at that moment.", mend="Choose one from the list of frameworks.")
    if framework is not None and wanted.requirement and wanted.requirement not in framework.by_id:
        raise NotFound("The framework has no such requirement.", mend="Choose one from its tree.")
    if wanted.control and wanted.control not in catalogue.controls:
        raise NotFound("There is no such control at that moment.", mend="Choose one from the list of controls.")
    held = anchor(connection, reader, evidence=wanted.evidence, decision=wanted.decision) \
        if wanted.evidence or wanted.decision else None
    if held is None and (wanted.evidence or wanted.decision):
        raise NotFound(f"There is no such {'decision' if wanted.decision else 'evidence'} at that moment.",
                       mend="Check the address, or ask for access.")
    all_units, seen = units(connection, reader.position), tuple(systems(connection, reader))
    chosen = next((line.system for line in seen if line.system.slug == wanted.system), None) if wanted.system else None
    if wanted.system and chosen is None:
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    lines = tuple(line for line in seen if chosen in (None, line.system) and _reached(held, line, all_units))
    plan = plan_of(catalogue, [line.system.key for line in lines], framework=wanted.framework,
                   requirement=wanted.requirement, control=wanted.control, system=wanted.system, anchor=held)
    return Trace(wanted, reader, catalogue, seen, lines, all_units, chosen, held, plan)


def _reached(held: Anchor | None, line: SystemLine, all_units: dict[str, Unit]) -> bool:
    return held is None or held.reaches(line.system.key, {unit.key for unit in chain(all_units, line.system.unit)})


def page(connection: Connection, trace: Trace, mark: Mark, size: int) -> Page:
    """The rows from a mark on; a fixed number of queries."""
    window = trace.plan.window(mark, size)
    there = {cell.system for _, cell in window if cell.system}
    lines = [line for line in trace.lines if line.system.key in there]
    over = {line.system.key: [unit.key for unit in chain(trace.all_units, line.system.unit)] for line in lines}
    known = settings(connection, trace.reader, trace.catalogue, lines, trace.all_units)
    found = proofs(connection, trace.reader, Wanted(
        pairs_of(window, mark), over, mark, size + 1, trace.anchor, trace.wanted.whole))
    return page_of(trace.plan, mark, window, found, known, trace.catalogue, size)


def named(connection: Connection, trace: Trace, rows: Iterable[Row]) -> tuple[Line, ...]:
    """Rows with names; one query."""
    listed = list(rows)
    known = Names(trace.systems, {INSTANCE: "Govern", **names(connection, people_of(listed))})
    return tuple(line_of(row, trace.catalogue, known) for row in listed)


def every_line(connection: Connection, trace: Trace) -> Iterator[Line]:
    """All rows of a trace, read a page at a time."""
    mark: Mark | None = Mark()
    while mark is not None:
        found = page(connection, trace, mark, MOST)
        yield from named(connection, trace, found.rows)
        mark = found.next


# -- what may leave the house ----------------------------------------------------------------------------------------


def for_export(connection: Connection, reader: Reader, actor: Actor, catalogue: Catalogue, wanted: TraceWanted) -> Trace:
    """A trace of what the actor may export, as `traced`. Raises NotAllowed where they may only read what is named."""
    allowed = _exporting(connection, reader, actor)
    if allowed is not reader:
        seen = traced(connection, reader, catalogue, wanted)
        if seen.chosen is not None:
            require(may(actor, Act.EXPORT, place_of(connection, seen.chosen.key)))
        proof = seen.anchor.proof if seen.anchor else None
        if proof is not None and proof.about is not About.ORGANISATION \
                and proof.about_key not in allowed.systems | allowed.units:
            require(may(actor, Act.EXPORT, place_of_evidence(connection, proof.about, proof.about_key)))
    return traced(connection, allowed, catalogue, wanted)


def _exporting(connection: Connection, reader: Reader, actor: Actor) -> Reader:
    """The reader, or where they may not export everything that they see: one who sees only what they may export."""
    if may(actor, Act.EXPORT, ORGANISATION).allowed:
        return reader
    where = {key: place for key, place in places(connection).items()
             if reader.sees(key) and may(actor, Act.EXPORT, place).allowed}
    return replace(reader, everything=False, systems=frozenset(where),
                   units=frozenset(unit for place in where.values() for unit in place.units))
