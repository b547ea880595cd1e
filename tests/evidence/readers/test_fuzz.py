"""Any structure at all, shaped like each format: a reader answers with findings or a problem and never falls
over.

Whatever it states can be written down and read back, and uses only the vocabulary of its kind.
"""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.evidence.findings_text import from_text, to_text
from govern.evidence.readers import read_file
from govern.evidence.readers.base import Reading

VOCABULARY: dict[str, dict[str, type]] = {
    "adversarial-test-report": {
        "cases": int,
        "passed": int,
        "failed": int,
        "not_judged": int,
        "rate.attack_success": float,
        "rate.attack_success_worst": float,
        "probes": int,
        "complete": bool,
        "tool": str,
        "tool_version": str,
        "target": str,
    },
    "aibom": {
        "components.total": int,
        "components.models": int,
        "components.datasets": int,
        "components.software": int,
        "components.services": int,
        "components.with_version": int,
        "components.with_identity": int,
        "share.identified": float,
        "components.licensed": int,
        "components.unknown_origin": int,
        "vulnerabilities.total": int,
        "has_subject": bool,
        "format": str,
        "tool": str,
    },
    "threat-model": {
        "threats.total": int,
        "threats.open": int,
        "threats.mitigated": int,
        "threats.not_applicable": int,
        "threats.untriaged": int,
        "threats.high_open": int,
        "threats.without_treatment": int,
        "elements.total": int,
        "elements.out_of_scope": int,
        "flows.total": int,
        "diagrams": int,
        "tool": str,
    },
}
SHARES = ("rate.attack_success", "rate.attack_success_worst", "share.identified")

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 2**62)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def shaped(names: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """An object with some of the names, each as it should be or anything at all."""
    return st.fixed_dictionaries({}, optional={name: good | ODD for name, good in names.items()})


def words(*known: str) -> st.SearchStrategy[str]:
    return st.sampled_from(known)


COUNT = st.integers(0, 50)
SCORES = st.dictionaries(
    words("dan.DAN", "always.Pass"), st.lists(st.sampled_from([0.0, 1.0, None]), max_size=3)
)
RECORDS = st.one_of(
    shaped(
        {
            "entry_type": words("eval"),
            "probe": words("a.A", "b.B"),
            "detector": words("dan.DAN", "detector.x.Y"),
            "passed": COUNT,
            "fails": COUNT,
            "nones": COUNT,
            "total_evaluated": COUNT,
            "total": COUNT,
            "total_processed": COUNT,
            "confidence": words("0.95"),
            "confidence_lower": st.floats(0, 1),
            "confidence_upper": st.floats(0, 1),
        }
    ),
    st.builds(
        lambda p, f, n: {
            "entry_type": "eval",
            "probe": "a.A",
            "detector": "dan.DAN",
            "passed": p,
            "fails": f,
            "nones": n,
            "total_evaluated": p + f,
        },
        COUNT,
        COUNT,
        COUNT,
    ),
    shaped(
        {
            "entry_type": words("attempt"),
            "uuid": TEXT,
            "seq": COUNT,
            "status": st.integers(0, 2),
            "probe_classname": words("a.A", "b.B"),
            "prompt": TEXT,
            "outputs": st.lists(TEXT),
            "detector_results": SCORES,
        }
    ),
    shaped(
        {
            "entry_type": words("start_run setup", "init", "completion", "digest"),
            "garak_version": TEXT,
            "_config.version": TEXT,
            "run": TEXT,
            "start_time": words("2026-01-01T00:00:00", "0001-01-01T00:00:00Z"),
            "plugins.target_type": TEXT,
            "run.eval_threshold": st.floats(0, 1),
            "aggregation": ODD,
        }
    ),
    ODD,
)
HITS = shaped(
    dict.fromkeys(
        (
            "goal",
            "prompt",
            "output",
            "score",
            "run_id",
            "attempt_id",
            "generator",
            "probe",
            "detector",
            "triggers",
        ),
        TEXT,
    )
)
HASHES = st.lists(shaped({"alg": words("SHA-256", "MD5"), "content": TEXT}), max_size=2)
COMPONENT: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        shaped(
            {
                "type": words("library", "data", "machine-learning-model"),
                "name": TEXT,
                "group": TEXT,
                "version": TEXT,
                "purl": TEXT,
                "hashes": HASHES,
                "licenses": st.lists(
                    shaped({"license": shaped({"id": TEXT}), "expression": TEXT}), max_size=2
                ),
                "supplier": shaped({"name": TEXT}),
                "authors": st.lists(shaped({"name": TEXT}), max_size=2),
                "modelCard": shaped(
                    {"modelParameters": shaped({"task": TEXT}), "considerations": shaped({"users": ODD})}
                ),
                "components": st.lists(COMPONENT, max_size=2),
            }
        )
        | ODD
    )
)
BILLS = shaped(
    {
        "serialNumber": TEXT,
        "version": COUNT,
        "components": st.lists(COMPONENT, max_size=4),
        "services": st.lists(shaped({"name": TEXT, "services": ODD}), max_size=2),
        "dependencies": st.lists(ODD, max_size=2),
        "metadata": shaped(
            {
                "component": COMPONENT,
                "tools": ODD | shaped({"components": st.lists(ODD, max_size=2)}),
                "timestamp": TEXT,
            }
        ),
        "vulnerabilities": st.lists(shaped({"id": TEXT, "ratings": ODD, "analysis": ODD}), max_size=3),
        "declarations": shaped({"attestations": st.lists(ODD, max_size=2), "targets": ODD}),
    }
)
THREAT = shaped(
    {
        "title": TEXT,
        "status": words("Open", "Mitigated", "N/A", "Odd"),
        "severity": words("High", "TBD"),
        "mitigation": TEXT,
        "type": TEXT,
        "score": TEXT,
    }
)
CELL = shaped(
    {
        "shape": words("actor", "flow", "store"),
        "type": words("tm.Process", "tm.Flow"),
        "outOfScope": st.booleans(),
        "threats": st.lists(THREAT | ODD, max_size=3),
        "attrs": ODD,
        "data": shaped(
            {
                "type": words("tm.Actor"),
                "name": TEXT,
                "outOfScope": st.booleans(),
                "threats": st.lists(THREAT | ODD, max_size=3),
            }
        ),
    }
)
DIAGRAM = shaped(
    {
        "title": TEXT,
        "cells": st.lists(CELL | ODD, max_size=4),
        "diagramJson": shaped({"cells": st.lists(CELL | ODD, max_size=3)}),
    }
)

relaxed = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def sound(reading: Reading, expected: str) -> None:
    assert reading.recognised.format == expected
    if reading.findings is None:
        assert reading.problem
        assert "mistake" not in reading.problem, reading.problem
        return
    vocabulary = VOCABULARY[reading.findings.kind]
    for name, value in reading.findings.stated.items():
        assert type(value) is vocabulary[name], (name, value)
        assert not isinstance(value, int) or value >= 0
        assert value != ""
    for name in SHARES:
        assert 0.0 <= float(reading.findings.stated.get(name, 0.0)) <= 1.0
    assert from_text(to_text(reading.findings)) == reading.findings


def read_lines(records: list[Any]) -> Reading:
    return read_file(io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in records)), "x")


@relaxed
@given(st.lists(RECORDS, max_size=8))
def test_garak(records: list[Any]) -> None:
    reading = read_lines([{"entry_type": "init", "garak_version": "0.15.1"}, *records])
    sound(reading, "garak")
    if reading.findings and "cases" in reading.findings.stated:
        said = {
            name: int(reading.findings.stated.get(name, 0))
            for name in ("cases", "passed", "failed", "not_judged")
        }
        assert said["passed"] + said["failed"] + said["not_judged"] <= said["cases"]
        if said["failed"]:
            worst = float(reading.findings.stated["rate.attack_success_worst"])
            assert worst >= float(reading.findings.stated["rate.attack_success"]) > 0.0


@relaxed
@given(st.lists(HITS, max_size=5))
def test_hit_log(records: list[Any]) -> None:
    first = dict.fromkeys(
        (
            "goal",
            "prompt",
            "output",
            "score",
            "run_id",
            "attempt_id",
            "generator",
            "probe",
            "detector",
            "trigger",
        ),
        "x",
    )
    reading = read_lines([*[first] * 20, *records])
    sound(reading, "garak-hitlog")
    assert reading.findings is None or "rate.attack_success" not in reading.findings.stated


@relaxed
@given(BILLS, words("1.2", "1.6", "1.7"))
def test_cyclonedx(bill: dict[str, Any], version: str) -> None:
    document = {"bomFormat": "CycloneDX", "specVersion": version, **bill}
    reading = read_file(io.BytesIO(json.dumps(document).encode()), "x")
    sound(reading, "cyclonedx")
    if reading.findings and "components.total" in reading.findings.stated:
        total = int(reading.findings.stated["components.total"])
        parts = [
            value
            for name, value in reading.findings.stated.items()
            if name.startswith("components.") and name not in {"components.total", "components.services"}
        ]
        assert all(int(value) <= total for value in parts)


@relaxed
@given(st.lists(DIAGRAM | ODD, max_size=3), ODD)
def test_threat_dragon(diagrams: list[Any], version: Any) -> None:
    document = {"version": version, "summary": {"title": "T"}, "detail": {"diagrams": diagrams}}
    reading = read_file(io.BytesIO(json.dumps(document).encode()), "x")
    sound(reading, "threat-dragon")
    if reading.findings and "threats.open" in reading.findings.stated:
        said = reading.findings.stated
        known = sum(int(said[f"threats.{name}"]) for name in ("open", "mitigated", "not_applicable"))
        assert known <= int(said["threats.total"])
        assert int(said["threats.high_open"]) <= int(said["threats.open"])


@relaxed
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"{", b'{"a":', b"[", b"\xff\xfe{\x00", b"\xef\xbb\xbf{", b'{"a":1}\n']),
)
def test_any_bytes(data: bytes, start: bytes) -> None:
    reading = read_file(io.BytesIO(start + data), "x.json")
    assert reading.findings is None
    assert reading.recognised.format == ""


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n  \n"])
def test_line_ends_do_not_matter(end: bytes) -> None:
    line = b'{"entry_type": "init", "garak_version": "0.15.1"}'
    assert read_file(io.BytesIO(line + end), "x").findings is not None
