"""Findings as they are drawn: counted rightly, gravest first, nothing lost unsaid."""

from __future__ import annotations

import io

import pytest

from govern.evidence.readers import read_file
from govern.facts.findings import Findings, Table
from govern.web.evidence_view import Row, drawn, value_text
from tests.web.conftest import GOLDEN


def findings(name: str) -> Findings:
    """What the reader makes of a golden file."""
    found = read_file(io.BytesIO((GOLDEN / name).read_bytes()), name).findings
    assert found is not None
    return found


def test_attack_tests() -> None:
    read = findings("garak-0.14.report.jsonl")
    view = drawn(read, None)
    numbers = {one.label: one for one in view.numbers}
    assert numbers["Worst attack success"].value == "33.3 %"
    assert numbers["Worst attack success"].tone == "bad"
    assert numbers["Attacks that succeeded"].foot == "of 10 attempts"
    assert len(view.probes) == 3
    assert "dan.Dan_11_0" in view.chart
    assert "between" in view.chart, "the confidence is in its description"


def test_a_hitlog_names_no_attempts_so_no_rate_is_drawn() -> None:
    view = drawn(findings("garak.hitlog.jsonl"), None)
    assert view.chart == ""
    assert view.probes


def test_more_probes_than_bars() -> None:
    rows: tuple[Row, ...] = tuple({"probe": f"p{number}", "detector": "d", "passed": 5, "failed": 1} for number in range(300))
    view = drawn(Findings("adversarial-test-report", {}, (Table("probes", rows),)), None)
    assert (view.chart_hidden, view.hidden, len(view.probes)) == (276, 100, 200)


def test_bill_of_materials() -> None:
    view = drawn(findings("bill-1.6.cdx.json"), None)
    parts = {part.type: part for part in view.parts}
    models = parts["machine-learning-model"]
    assert (models.count, dict(zip(view.gaps, models.gaps, strict=True))) == (2, {
        "No version": 0, "No digest or package URL": 0, "No licence": 1, "Origin unknown": 0})
    assert sum(part.count for part in view.parts) == 7
    assert dict(zip(view.gaps, parts["data"].gaps, strict=True))["No digest or package URL"] == 1
    assert view.components[0]["name"] == "gpu", "what says least comes first"


@pytest.mark.parametrize("name", ["model-v1.json", "model-v2.json"])
def test_threat_models_agree_with_what_is_stated(name: str) -> None:
    read = findings(name)
    view = drawn(read, None)
    assert view.grid is not None
    totals = dict(zip(view.grid.states, view.grid.totals, strict=True))
    assert totals["open"] == read.stated["threats.open"]
    assert totals["mitigated"] == read.stated["threats.mitigated"]
    assert totals["not applicable"] == read.stated["threats.not_applicable"]
    assert sum(totals.values()) == read.stated["threats.total"]
    high = sum(counts[0] for severity, counts, _ in view.grid.rows if severity in ("critical", "high"))
    assert high == read.stated["threats.high_open"]
    states = [state for _, state, _ in view.threats]
    assert states == sorted(states, key=["open", "not triaged", "mitigated", "not applicable"].index)


def test_any_other_kind_shows_what_it_states() -> None:
    view = drawn(Findings("policy", {"share.read": 0.5, "pages": 1200, "signed": True, "rate.odd": 3.5, "owner": "Ann"}), None)
    assert dict(view.facts) == {"share.read": "50.0 %", "pages": "1,200", "signed": "yes", "rate.odd": "3.5", "owner": "Ann"}
    assert not view.numbers


def test_values() -> None:
    assert [value_text("n", value) for value in (False, 0, 1234567, 0.25, "x")] == ["no", "0", "1,234,567", "0.25", "x"]
