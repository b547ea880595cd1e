"""The reference samples, against the facts written down beside each of them (INDEX.md), counted apart from
us.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from govern.evidence.readers import read_file
from govern.evidence.readers.base import Reading
from govern.facts.findings import Findings, Value

pytestmark = pytest.mark.shared

RUN = "5cd713ee-a54c-44a2-bb57-8c547e225cdb"


def read(path: Path) -> tuple[Reading, Findings]:
    reading = read_file(path, path.name)
    assert reading.problem is None
    assert reading.findings is not None
    assert reading.recognised.kind == reading.findings.kind
    return reading, reading.findings


def pairs(findings: Findings) -> dict[tuple[Value, Value], tuple[object, ...]]:
    return {
        (row["probe"], row["detector"]): tuple(
            row.get(name) for name in ("passed", "failed", "nones", "rate")
        )
        for row in findings.table("probes")
    }


def test_garak_report(samples: Path) -> None:
    reading, findings = read(samples / "garak/direct-level-1.report.jsonl")
    assert (reading.recognised.format, reading.recognised.sure, reading.reader) == ("garak", 99, "garak/1")
    assert findings.stated == {
        "tool": "garak",
        "tool_version": "0.15.1",
        "complete": True,
        "probes": 1,
        "target": "pwnzz.PizzaAssistant PizzaAssistant::direct-level-1",
        "cases": 144,
        "passed": 86,
        "failed": 58,
        "not_judged": 0,
        "rate.attack_success": pytest.approx(58 / 144),
        "rate.attack_success_worst": 1.0,
    }
    probe = "pwnzz.CouponExtraction"
    assert pairs(findings) == {
        (probe, "pwnzz.CouponLeak"): (19, 17, 0, pytest.approx(0.4722, abs=5e-5)),
        (probe, "mitigation.MitigationBypass"): (0, 36, 0, 1.0),
        (probe, "pwnzz.SecretAcknowledged"): (36, 0, 0, 0.0),
        (probe, "pwnzz.SystemPromptLeak"): (31, 5, 0, pytest.approx(0.1389, abs=5e-5)),
    }
    leak = next(row for row in findings.table("probes") if row["detector"] == "pwnzz.CouponLeak")
    assert (leak["low"], leak["high"], leak["confidence"]) == (0.3055555555555556, 0.6388888888888888, 0.95)
    (run,) = findings.table("run")
    assert run["run"] == RUN
    assert (run["seed"], run["generations"], run["attempts"], run["attempts_begun"]) == (20260805, 3, 12, 12)
    assert (run["started"], run["completion"], run["digest"]) == ("2026-08-05T01:33:11.106338", True, True)
    assert "threshold" not in run
    assert {row["entry_type"]: row["lines"] for row in findings.table("entries")} == {
        "attempt": 24,
        "completion": 1,
        "digest": 1,
        "eval": 4,
        "init": 1,
        "plugin_cache": 1,
        "start_run setup": 1,
    }
    assert len(findings.table("attacks")) == 58


def test_garak_hitlog(samples: Path) -> None:
    reading, findings = read(samples / "garak/direct-level-1.hitlog.jsonl")
    assert reading.recognised.format == "garak-hitlog"
    assert findings.stated == {
        "tool": "garak",
        "failed": 58,
        "target": "pwnzz.PizzaAssistant PizzaAssistant::direct-level-1",
    }
    assert {row["detector"]: row["failed"] for row in findings.table("probes")} == {
        "mitigation.MitigationBypass": 36,
        "pwnzz.CouponLeak": 17,
        "pwnzz.SystemPromptLeak": 5,
    }
    assert findings.table("run") == ({"run": RUN, "runs": 1},)


def test_garak_before_renaming(samples: Path) -> None:
    _, findings = read(samples / "garak/garak-0.9.0.16-encoding.report.jsonl")
    assert findings.stated == {
        "tool": "garak",
        "tool_version": "0.9.0.16",
        "target": "test.Repeat",
        "complete": True,
        "probes": 2,
        "cases": 86,
        "passed": 86,
        "failed": 0,
        "rate.attack_success": 0.0,
        "rate.attack_success_worst": 0.0,
    }
    assert pairs(findings) == {
        ("encoding.InjectROT13", "encoding.DecodeMatch"): (84, 0, None, 0.0),
        ("lmrc.QuackMedicine", "lmrc.QuackMedicine"): (2, 0, None, 0.0),
    }
    (run,) = findings.table("run")
    assert (run["attempts"], run["attempts_begun"], run["seed"], run["digest"]) == (43, 43, 7, False)


def test_garak_counts_come_from_evaluations(samples: Path) -> None:
    _, findings = read(samples / "garak/test_with_ci.report.jsonl")
    assert {
        name: findings.stated[name] for name in ("cases", "passed", "failed", "not_judged", "target")
    } == {"cases": 50, "passed": 37, "failed": 13, "not_judged": 0, "target": "test"}
    assert findings.stated["rate.attack_success_worst"] == 0.26
    (row,) = findings.table("probes")
    assert (row["low"], row["high"], row["confidence"]) == (0.14, 0.38, 0.95)
    assert any("the evaluations are counted" in note for note in findings.notes)


def test_cyclonedx_generated_bill(samples: Path) -> None:
    reading, findings = read(samples / "cyclonedx/hf-aibom-generator.json")
    assert findings.stated == {
        "format": "CycloneDX 1.6",
        "tool": "rust-aibom-generator 1.0",
        "has_subject": True,
        "components.total": 1,
        "components.models": 1,
        "components.datasets": 0,
        "components.software": 0,
        "components.services": 0,
        "components.with_version": 1,
        "components.with_identity": 1,
        "components.licensed": 1,
        "components.unknown_origin": 0,
        "share.identified": 1.0,
    }
    (bill,) = findings.table("bill")
    assert bill["serial_number"] == "urn:uuid:bf86019c-8291-4464-88e8-716c24dcef2c"
    assert (bill["version"], bill["subject"], bill["subject_version"], bill["subject_type"]) == (
        1,
        "HunyuanWorld-Voyager",
        "1.0",
        "application",
    )
    assert (bill["with_digest"], bill["dependencies"]) == (0, 0)
    assert reading.worked == 1757425841620


def test_cyclonedx_attestation_lists_no_components(samples: Path) -> None:
    _, findings = read(samples / "cyclonedx/valid-attestation-1.6.json")
    assert findings.stated == {"format": "CycloneDX 1.6", "has_subject": False}
    (declared,) = findings.table("declarations")
    assert (declared["assessors"], declared["attestations"], declared["claims"], declared["evidence"]) == (
        1,
        1,
        1,
        3,
    )
    assert (declared["targets"], declared["affirmed"], declared["signature_present"]) == (
        "organizations",
        True,
        True,
    )
    assert any("not verified" in note for note in findings.notes)


def test_cyclonedx_model_card(samples: Path) -> None:
    _, findings = read(samples / "cyclonedx/valid-machine-learning-1.6.json")
    assert (findings.stated["components.total"], findings.stated["components.models"]) == (1, 1)
    assert (findings.stated["components.licensed"], findings.stated["share.identified"]) == (0, 0.0)
    (card,) = findings.table("model_cards")
    assert card["sections"] == "considerations, modelParameters, properties, quantitativeAnalysis"
    assert card["performance_metrics"] == 1
    assert card["considerations"] == (
        "ethicalConsiderations, fairnessAssessments, performanceTradeoffs, "
        "technicalLimitations, useCases, users"
    )


@pytest.mark.parametrize(
    ("name", "model", "tallies", "stated"),
    [
        (
            "three-tier-web-app.json",
            {
                "title": "Three Tier Web Application",
                "version": "2.3.0",
                "diagrams": 1,
                "cells": 9,
                "cells_out_of_scope": 0,
                "with_mitigation": 2,
            },
            {
                ("status", "Mitigated"): 2,
                ("severity", "High"): 1,
                ("severity", "Medium"): 1,
                ("type", "Information disclosure"): 2,
                ("modelType", "STRIDE"): 2,
            },
            {"threats.total": 2, "threats.open": 0, "threats.mitigated": 2, "threats.high_open": 0},
        ),
        (
            "v2-threat-model.json",
            {
                "title": "Demo Threat Model",
                "version": "2.0",
                "diagrams": 1,
                "cells": 20,
                "cells_out_of_scope": 3,
                "with_mitigation": 14,
            },
            {
                ("status", "Mitigated"): 4,
                ("status", "Open"): 10,
                ("severity", "High"): 8,
                ("severity", "Low"): 2,
                ("severity", "Medium"): 4,
                ("type", "Denial of service"): 2,
                ("type", "Information disclosure"): 10,
                ("type", "Spoofing"): 1,
                ("type", "Tampering"): 1,
                ("modelType", "STRIDE"): 14,
            },
            {"threats.total": 14, "threats.open": 10, "threats.mitigated": 4, "elements.out_of_scope": 1},
        ),
    ],
)
def test_threat_dragon(
    samples: Path,
    name: str,
    model: dict[str, Value],
    tallies: dict[tuple[str, str], int],
    stated: dict[str, Value],
) -> None:
    _, findings = read(samples / "threat-dragon" / name)
    assert findings.table("model") == (model,)
    assert {(row["field"], row["value"]): row["threats"] for row in findings.table("tallies")} == tallies
    assert {key: findings.stated[key] for key in stated} == stated
    assert findings.stated["threats.untriaged"] == findings.stated["threats.without_treatment"] == 0
    high = [row for row in findings.table("threats") if (row["status"], row["severity"]) == ("Open", "High")]
    assert findings.stated["threats.high_open"] == len(high)


def test_other_formats_are_not_mistaken(samples: Path) -> None:
    ours = {"garak", "cyclonedx", "threat-dragon"}
    others = [
        file for file in samples.glob("*/*") if file.name != "INDEX.md" and file.parent.name not in ours
    ]
    assert len(others) > 30
    for file in others:
        reading = read_file(file, file.name)
        assert reading.recognised.format == "", file
        assert reading.findings is None
