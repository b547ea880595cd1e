"""OWASP Threat Dragon models, version 1 (`diagramJson`) and version 2 (`cells`): what threatens which part,
and what was done about it.

Elements are actors, processes and stores; flows are counted apart, boundaries and texts are neither. Threats
on parts that were declared out of scope count like any other, because leaving a part out does not take its
threats away; how much was left out is stated. A model without a threat is an empty model, not a safe one: it
states no outcome.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, DocumentReader, Marker, Recognised, Said
from govern.evidence.readers.shape import list_at, number_at, object_at, row, stated_at, text_at
from govern.facts.findings import Findings, Table, Value

FORMAT, KIND = "threat-dragon", "threat-model"
_ROWS = 2_000
_ELEMENTS = {"actor": "actor", "process": "process", "store": "store",
             "tm.actor": "actor", "tm.process": "process", "tm.store": "store"}
_FLOWS = frozenset({"flow", "tm.flow"})
_STATUSES = {"open": "open", "mitigated": "mitigated",
             "notapplicable": "not applicable", "na": "not applicable"}
_SEVERITIES = {"critical": "critical", "high": "high", "medium": "medium", "low": "low"}
_PLACEHOLDERS = ("provide remediation for this threat", "mitigation or prevention for the threat",
                 "provide a mitigation", "tbd", "todo")


@dataclass(frozen=True)
class Cell:
    """One thing on a diagram. `kind` is actor, process, store, flow or other."""

    kind: str
    name: str
    diagram: str
    out_of_scope: bool
    why_out: str
    threats: tuple[Any, ...]


@dataclass(frozen=True)
class Threat:
    """One threat. `status` and `severity` are empty when they are missing or not a word that is known."""

    raw: Mapping[str, Any]
    cell: Cell
    status: str
    severity: str
    treated: bool

    def as_row(self) -> Mapping[str, Value]:
        """For the detail table `threats`, with the words as the file has them."""
        raw = self.raw
        return row(
            title=text_at(raw, "title"),
            element=self.cell.name,
            diagram=self.cell.diagram,
            status=text_at(raw, "status"),
            severity=text_at(raw, "severity"),
            type=text_at(raw, "type"),
            model_type=text_at(raw, "modelType"),
            mitigation=text_at(raw, "mitigation", 400),
            score=number_at(raw, "score"),
            treated=self.treated,
            out_of_scope=self.cell.out_of_scope,
        )


def recognise(document: Any) -> Recognised | None:
    """By `summary.title` and `detail.diagrams`, surer when a diagram holds cells."""
    if not isinstance(document, dict) or not isinstance(object_at(document, "summary").get("title"), str):
        return None
    diagrams = object_at(document, "detail").get("diagrams")
    if not isinstance(diagrams, list):
        return None
    cells = any(isinstance(_raw_cells(one), list) for one in diagrams)
    return Recognised(FORMAT, KIND, 95 if cells else 80, "A summary with a title and a detail with diagrams"
                      + (" that hold cells." if cells else "."))


def _raw_cells(diagram: Any) -> Any:
    if not isinstance(diagram, dict):
        return None
    return diagram["cells"] if "cells" in diagram else object_at(diagram, "diagramJson").get("cells")


def read(document: Any, budget: Budget) -> Said:
    """Findings of one model. The format states no date of the work. Raises Unreadable where cells are no
    list.
    """
    diagrams = list_at(object_at(document, "detail"), "diagrams")
    cells: list[Cell] = []
    for number, diagram in enumerate(diagrams, start=1):
        raw = _raw_cells(diagram)
        if raw is not None and not isinstance(raw, list):
            raise Unreadable(f"The cells of diagram {number} are not a list.",
                             mend="Save the model again in Threat Dragon.")
        name = text_at(diagram, "title") or f"Diagram {number}"
        cells.extend(_cell(one, name) for one in raw or ())
        budget.check()
    threats = [_threat(raw, cell) for cell in cells for raw in cell.threats]
    version = text_at(document, "version", 20)
    tables = _tables(document, version, diagrams, cells, threats)
    return Said(Findings(KIND, _stated(diagrams, cells, threats), tables, tuple(_notes(cells, threats))))


def _cell(raw: Any, diagram: str) -> Cell:
    # Version 2 keeps its own words under `data` and draws with `shape`; version 1 keeps all on the cell.
    own = object_at(raw, "data") or object_at(raw)
    words = [text.casefold() for text in (text_at(own, "type"), text_at(raw, "shape"), text_at(raw, "type"))]
    kind = next((_ELEMENTS[word] for word in words if word in _ELEMENTS), "")
    if not kind:
        kind = "flow" if any(word in _FLOWS for word in words) else "other"
    name = text_at(own, "name") or text_at(object_at(raw, "attrs", "text"), "text")
    return Cell(kind, name, diagram, own.get("outOfScope") is True, text_at(own, "reasonOutOfScope"),
                tuple(list_at(own, "threats")))


def _threat(raw: Any, cell: Cell) -> Threat:
    found = object_at(raw)
    word = re.sub(r"[^a-z]", "", text_at(found, "status").casefold())
    text = stated_at(found, "mitigation", 400).casefold()
    treated = bool(text.strip(" .-…")) and not any(text.startswith(one) for one in _PLACEHOLDERS)
    severity = _SEVERITIES.get(text_at(found, "severity").casefold(), "")
    return Threat(found, cell, _STATUSES.get(word, ""), severity, treated)


def _stated(diagrams: list[Any], cells: list[Cell], threats: list[Threat]) -> dict[str, Value]:
    elements = [one for one in cells if one.kind in {"actor", "process", "store"}]
    stated: dict[str, Value] = {
        "tool": "OWASP Threat Dragon", "diagrams": len(diagrams), "threats.total": len(threats),
        "elements.total": len(elements), "elements.out_of_scope": sum(one.out_of_scope for one in elements),
        "flows.total": sum(one.kind == "flow" for one in cells),
    }
    if not threats:
        return stated
    by_status = Counter(one.status for one in threats)
    grave = [one for one in threats if one.severity in {"high", "critical"}]
    untreated = [one for one in threats if not one.treated and one.status != "not applicable"]
    return stated | {
        "threats.open": by_status["open"], "threats.mitigated": by_status["mitigated"],
        "threats.not_applicable": by_status["not applicable"],
        "threats.untriaged": sum(not one.status or not one.severity for one in threats),
        "threats.high_open": sum(one.status == "open" for one in grave),
        "threats.without_treatment": len(untreated),
    }


def _tables(
    document: Any,
    version: str,
    diagrams: list[Any],
    cells: list[Cell],
    threats: list[Threat],
) -> tuple[Table, ...]:
    summary = object_at(document, "summary")
    model = row(title=text_at(summary, "title"), version=version or "1", diagrams=len(diagrams),
                cells=len(cells),
                cells_out_of_scope=sum(one.out_of_scope for one in cells),
                with_mitigation=sum(bool(text_at(one.raw, "mitigation")) for one in threats))
    words = Counter((field, text_at(one.raw, field) or "not stated")
                    for field in ("status", "severity", "type", "modelType") for one in threats)
    tallies = [row(field=field, value=value, threats=many) for (field, value), many in sorted(words.items())]
    of_cell = Counter(id(one.cell) for one in threats)
    parts = [row(name=one.name, kind=one.kind, diagram=one.diagram, threats=of_cell[id(one)],
                 out_of_scope=one.out_of_scope, reason=one.why_out) for one in cells if one.kind != "other"]
    tables = (Table("model", (model,)), Table("tallies", tuple(tallies[:200])),
              Table("threats", tuple(one.as_row() for one in threats[:_ROWS])),
              Table("elements", tuple(parts[:_ROWS])))
    return tuple(table for table in tables if table.rows)


def _notes(cells: list[Cell], threats: list[Threat]) -> Iterator[str]:
    if not threats:
        yield "The model names no threats: nobody has written any down yet, which does not make it safe."
    unknown = sorted({text_at(one.raw, "status") for one in threats if not one.status} - {""})
    if unknown:
        yield f"Statuses that are not known count as not triaged: {', '.join(unknown[:10])}."
    outside = sum(one.cell.out_of_scope for one in threats)
    if outside:
        yield f"Threats on parts declared out of scope, counted like the others: {outside}."
    unexplained = sum(one.out_of_scope and not one.why_out for one in cells)
    if unexplained:
        yield f"Parts out of scope without a reason: {unexplained}."
    placeholders = sum(bool(text_at(one.raw, "mitigation")) and not one.treated for one in threats)
    if placeholders:
        yield f"Mitigations that are only the tool's placeholder, and count as none: {placeholders}."
    if len(threats) > _ROWS:
        yield f"The first {_ROWS:,} of {len(threats):,} threats are listed."


READER = DocumentReader("threat-dragon/1", recognise, read, (
    Marker((re.compile(rb'"diagrams"\s*:'), re.compile(rb'"summary"\s*:'),
            re.compile(rb'"(tm\.\w+|diagramType|diagramJson)"')),
           Recognised(FORMAT, KIND, 60, "The beginning has the parts of a Threat Dragon model.")),))
