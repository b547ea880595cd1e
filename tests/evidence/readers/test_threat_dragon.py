"""What a threat model states about its threats, in both versions of the format."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from govern.evidence.readers import read_file
from govern.evidence.readers.base import Reading
from govern.facts.findings import Findings


def reading(cells: Any, version: int = 2) -> Reading:
    diagram = (
        {"title": "D", "cells": cells} if version == 2 else {"title": "D", "diagramJson": {"cells": cells}}
    )
    document = {"summary": {"title": "T"}, "detail": {"diagrams": [diagram]}}
    return read_file(io.BytesIO(json.dumps(document).encode()), "x")


def read(*cells: Any, version: int = 2) -> Findings:
    found = reading(list(cells), version)
    assert found.problem is None
    assert found.findings is not None
    return found.findings


def with_threat(version: int = 2, **threat: Any) -> dict[str, Any]:
    threats = [{"title": "t", "status": "Open", "severity": "Low", "mitigation": "Do it.", **threat}]
    cell = (
        {"type": "tm.Process", "threats": threats}
        if version == 1
        else {"data": {"type": "tm.Process", "threats": threats}}
    )
    stated = read(cell, version=version).stated
    return {name.removeprefix("threats."): value for name, value in stated.items()}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("status", "counted"),
    [
        ("Open", "open"),
        ("open", "open"),
        ("Mitigated", "mitigated"),
        ("NotApplicable", "not_applicable"),
        ("Not Applicable", "not_applicable"),
        ("N/A", "not_applicable"),
        ("NA", "not_applicable"),
        ("", "untriaged"),
        (None, "untriaged"),
        ("Accepted", "untriaged"),
        (3, "untriaged"),
    ],
)
def test_status(version: int, status: object, counted: str) -> None:
    said = with_threat(version, status=status)
    assert {name: said[name] for name in ("open", "mitigated", "not_applicable", "untriaged")} == {
        name: int(name == counted) for name in ("open", "mitigated", "not_applicable", "untriaged")
    }


@pytest.mark.parametrize(
    ("severity", "high", "untriaged"),
    [
        ("Critical", 1, 0),
        ("High", 1, 0),
        ("high", 1, 0),
        ("Medium", 0, 0),
        ("Low", 0, 0),
        ("TBD", 0, 1),
        ("", 0, 1),
        (None, 0, 1),
        ("Severe", 0, 1),
    ],
)
def test_severity(severity: object, high: int, untriaged: int) -> None:
    said = with_threat(severity=severity)
    assert (said["high_open"], said["untriaged"]) == (high, untriaged)
    assert with_threat(severity=severity, status="Mitigated")["high_open"] == 0


@pytest.mark.parametrize(
    ("mitigation", "status", "untreated"),
    [
        ("Encrypt it.", "Open", 0),
        ("", "Open", 1),
        (None, "Open", 1),
        ("   ", "Mitigated", 1),
        ("…", "Open", 1),
        ("Provide remediation for this threat or a reason if status is N/A", "Open", 1),
        ("Provide remediation for this threat or a reason if status is N/A", "NotApplicable", 0),
        ("N/A", "Open", 1),
        ("TBD", "Open", 1),
        ("", "N/A", 0),
        ("", "Odd", 1),
    ],
)
def test_treatment(mitigation: object, status: str, untreated: int) -> None:
    assert with_threat(mitigation=mitigation, status=status)["without_treatment"] == untreated


def test_model_without_threats_states_no_outcome() -> None:
    stated = read({"data": {"type": "tm.Process"}}).stated
    assert stated["threats.total"] == 0
    assert not {"threats.open", "threats.high_open", "threats.untriaged", "threats.without_treatment"} & set(
        stated
    )


def test_leaving_a_part_out_does_not_take_its_threats_away() -> None:
    threats = [{"status": "Open", "severity": "Critical"}]
    stated = read({"data": {"type": "tm.Store", "outOfScope": True, "threats": threats}}).stated
    assert (stated["threats.high_open"], stated["elements.out_of_scope"], stated["elements.total"]) == (
        1,
        1,
        1,
    )


def test_what_counts_as_element_and_flow() -> None:
    cells = [
        {"shape": shape, "data": {"type": kind}}
        for shape, kind in (
            ("actor", "tm.Actor"),
            ("process", "tm.Process"),
            ("store", "tm.Store"),
            ("flow", "tm.Flow"),
            ("trust-boundary-box", "tm.BoundaryBox"),
            ("td-text-block", "tm.Text"),
            ("process", ""),
        )
    ]
    stated = read(*cells, {"shape": "flow"}, "odd", None).stated
    assert (stated["elements.total"], stated["flows.total"]) == (4, 2)


@pytest.mark.parametrize("cells", [{}, "x", 3])
def test_cells_that_are_no_list(cells: object) -> None:
    found = reading(cells)
    assert found.findings is None


@pytest.mark.parametrize(
    "document",
    [
        {"summary": {"title": "T"}},
        {"summary": {}, "detail": {"diagrams": []}},
        {"detail": {"diagrams": []}},
        {"summary": {"title": "T"}, "detail": {"diagrams": {}}},
        {"otmVersion": "0.1", "project": {}},
        {"schema": 1, "threats": [], "mitigationLinks": []},
    ],
)
def test_look_alikes(document: dict[str, Any]) -> None:
    assert read_file(io.BytesIO(json.dumps(document).encode()), "x").recognised.format == ""


def test_a_model_without_cells_is_less_sure() -> None:
    document = {"summary": {"title": "T"}, "detail": {"diagrams": []}}
    assert read_file(io.BytesIO(json.dumps(document).encode()), "x").recognised.sure == 80
    assert reading([]).recognised.sure == 95
