"""What a garak report states, leaves out and says about itself."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from govern.evidence.readers import read_file
from govern.facts.findings import Findings

SETUP = {"entry_type": "start_run setup", "_config.version": "0.15.1", "plugins.target_type": "test"}
INIT = {"entry_type": "init", "garak_version": "0.15.1", "run": "r", "start_time": "2026-01-01T00:00:00"}
END = {"entry_type": "completion", "run": "r", "end_time": "2026-01-01T01:00:00"}
PROBE, DETECTOR = "dan.Dan", "dan.DAN"


def ev(
    passed: int, fails: int, nones: int = 0, probe: str = PROBE, detector: str = DETECTOR, **more: Any
) -> dict[str, Any]:
    return {
        "entry_type": "eval",
        "probe": probe,
        "detector": detector,
        "passed": passed,
        "fails": fails,
        "nones": nones,
        "total_evaluated": passed + fails,
        "total_processed": passed + fails + nones,
        **more,
    }


def attempt(
    status: int,
    scores: dict[str, list[float | None]],
    probe: str = PROBE,
    uuid: str = "u",
    seq: int = 0,
) -> dict[str, Any]:
    return {
        "entry_type": "attempt",
        "uuid": uuid,
        "seq": seq,
        "status": status,
        "probe_classname": probe,
        "prompt": "p",
        "outputs": ["o"],
        "detector_results": scores,
    }


def read(*records: dict[str, Any]) -> Findings:
    reading = read_file(io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in records)), "x")
    assert reading.problem is None
    assert reading.findings is not None
    return reading.findings


@pytest.mark.parametrize(
    ("records", "complete"),
    [
        ([ev(2, 0), END], True),
        ([attempt(1, {}), attempt(2, {DETECTOR: [0.0]}), ev(1, 0), END], True),
        ([ev(2, 0)], False),
        ([END], False),
        ([attempt(1, {}), END], False),
        ([attempt(1, {}, probe="other.Probe"), ev(2, 0), END], False),
        ([attempt(2, {DETECTOR: [0.0], "second.Detector": [1.0]}), ev(2, 0), END], False),
        ([attempt(2, {DETECTOR: [0.0], "second.Detector": [None]}), ev(2, 0), END], True),
        ([ev(0, 0, 5), attempt(1, {}), END], False),
        ([ev(2, 0), ev(3, 1, total_evaluated=9), END], False),
        ([{**SETUP, "aggregation": ["a", "b"]}, ev(2, 0)], None),
        ([{**INIT, "orig_uuid": "q"}, ev(2, 0)], None),
        ([{**SETUP, "aggregation": ["a"]}, attempt(2, {}, probe="other.Probe"), ev(2, 0)], False),
    ],
)
def test_complete(records: list[dict[str, Any]], complete: bool | None) -> None:
    assert read(SETUP, INIT, *records).stated.get("complete") is complete


@pytest.mark.parametrize(
    "record",
    [
        {"passed": "2"},
        {"passed": True},
        {"passed": -1, "total_evaluated": -1},
        {"fails": 1},
        {"nones": None},
        {"total_evaluated": None},
        {"total_processed": 7},
        {"probe": ""},
        {"detector": None},
        {"passed": 2.0},
        {"passed": 10**13, "total_evaluated": 10**13, "total_processed": 10**13},
    ],
)
def test_one_contradiction_takes_all_counts_away(record: dict[str, Any]) -> None:
    findings = read(SETUP, INIT, ev(1, 5), {**ev(2, 0), **record}, END)
    assert set(findings.stated) == {"tool", "tool_version", "target", "complete"}
    assert findings.stated["complete"] is False
    assert any("contradict" in note for note in findings.notes)


def test_nothing_evaluated_states_no_counts() -> None:
    stated = read(SETUP, INIT, END).stated
    assert not {"cases", "passed", "failed", "rate.attack_success", "rate.attack_success_worst"} & set(stated)


def test_nothing_judged_states_no_rate_and_no_probe() -> None:
    stated = read(SETUP, INIT, ev(0, 0, 7), END).stated
    assert (stated["cases"], stated["passed"], stated["failed"], stated["not_judged"], stated["probes"]) == (
        7,
        0,
        0,
        7,
        0,
    )
    assert "rate.attack_success" not in stated
    assert "rate.attack_success_worst" not in stated


def test_worst_is_of_one_pair_and_never_thinned_out_by_repetition() -> None:
    stated = read(SETUP, INIT, ev(1, 1), ev(98, 0), ev(100, 0, probe="other.Probe"), END).stated
    assert stated["rate.attack_success_worst"] == 0.5
    assert stated["rate.attack_success"] == 1 / 200
    assert stated["probes"] == 2


def test_old_evaluations_do_not_state_what_was_not_judged() -> None:
    old = {"entry_type": "eval", "probe": PROBE, "detector": "detector.dan.DAN", "passed": 3, "total": 4}
    findings = read(SETUP, INIT, old, ev(1, 0, 2, probe="other.Probe"), END)
    assert "not_judged" not in findings.stated
    assert (findings.stated["cases"], findings.stated["failed"]) == (7, 1)
    assert findings.table("probes")[0]["detector"] == "dan.DAN"


@pytest.mark.parametrize(
    ("setup", "target"),
    [
        ({"plugins.target_type": "openai", "plugins.target_name": "m"}, "openai m"),
        ({"plugins.model_type": "test.Repeat", "plugins.model_name": None}, "test.Repeat"),
        ({"plugins.target_type": "new", "plugins.model_type": "old"}, "new"),
        ({}, None),
    ],
)
def test_target(setup: dict[str, Any], target: str | None) -> None:
    stated = read({"entry_type": "start_run setup", "_config.version": "0.15.1", **setup}, INIT, END).stated
    assert stated.get("target") == target


def test_attempts_are_counted_once() -> None:
    merged = [attempt(2, {}, probe=probe, uuid="run", seq=seq) for probe in ("a.A", "b.B") for seq in (0, 1)]
    (run,) = read(SETUP, INIT, *merged, *merged, attempt(0, {}, uuid="never sent"), END).table("run")
    assert (run["attempts"], run["attempts_begun"], run["attempted_probes"]) == (4, 0, 2)


def test_shuffled_lines_say_the_same() -> None:
    records = [SETUP, INIT, attempt(1, {}), attempt(2, {DETECTOR: [1.0]}), ev(0, 1), END]
    assert read(*records[::-1]).stated == read(*records).stated


def test_threshold_of_the_run_decides_what_is_listed() -> None:
    scores: dict[str, list[float | None]] = {DETECTOR: [0.6, 0.8]}
    usual = read(SETUP, INIT, attempt(2, scores), ev(0, 2), END)
    strict = read({**SETUP, "run.eval_threshold": 0.7}, INIT, attempt(2, scores), ev(1, 1), END)
    assert [row["score"] for row in usual.table("attacks")] == [0.6, 0.8]
    assert [row["score"] for row in strict.table("attacks")] == [0.8]


def test_interval_that_makes_no_sense_is_left_out() -> None:
    for low, high in ((0.9, 0.1), (-1, 0.5), (0.1, 7), (None, 0.5), ("x", "y")):
        (row,) = read(SETUP, INIT, ev(1, 1, confidence_lower=low, confidence_upper=high), END).table("probes")
        assert not {"low", "high"} & set(row)


def test_long_lists_are_cut_and_said_to_be() -> None:
    many = [ev(1, 0, probe=f"p.P{number:04}") for number in range(2100)]
    findings = read(
        SETUP, INIT, attempt(2, {DETECTOR: [1.0] * 600}), ev(0, 600), ev(0, 9, probe="z.Z"), *many, END
    )
    assert len(findings.table("probes")) == 2000
    assert len(findings.table("attacks")) == 500
    assert {row["probe"] for row in findings.table("probes")[:2]} == {PROBE, "z.Z"}
    assert findings.stated["probes"] == 2102
    assert sum("listed" in note for note in findings.notes) >= 2


def test_start_of_the_work() -> None:
    def worked(*records: dict[str, Any]) -> int | None:
        return read_file(
            io.BytesIO(b"".join(json.dumps(one).encode() + b"\n" for one in records)), "x"
        ).worked

    assert worked(SETUP, INIT) == 1767225600000
    merged = {**INIT, "start_time": "2026-06-01T00:00:00", "orig_start_time": "2026-01-01T00:00:00"}
    assert worked(SETUP, merged) == 1767225600000
    assert worked(SETUP, {**INIT, "start_time": "2026-01-01T02:00:00+02:00"}) == 1767225600000
    assert worked(SETUP, {**INIT, "start_time": "yesterday"}) is None


def test_hit_log_with_another_line_is_refused() -> None:
    hit = dict.fromkeys(
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
        "x",
    )
    data = b"".join(json.dumps(one).encode() + b"\n" for one in [*[hit] * 30, {"probe": "p"}])
    reading = read_file(io.BytesIO(data), "x")
    assert reading.findings is None
    assert "Line 31 is not a hit" in (reading.problem or "")


def test_hit_log_on_two_targets_names_none() -> None:
    hit = dict.fromkeys(
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
        "x",
    )
    assert "target" not in read(hit, {**hit, "generator": "y"}).stated
    assert read(hit).stated["target"] == "x"
