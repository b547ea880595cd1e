"""The records of garak's files, over all versions seen: their names changed, their meaning did not.

`eval` records carried only `passed` and `total` up to 0.9; since then `fails`, `nones` and `total_evaluated`,
and since 0.14 a confidence interval, which bounds the rate of successful attacks. Detector names once began
with `detector.`. Prompts and outputs were texts and became objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govern.evidence.readers.shape import list_at, number_at, object_at, row, text_at, tidy, whole_at
from govern.facts.findings import Value

EXCERPT = 400
_MOST = 10**12  # no run judges more; sums of larger numbers would leave 64 bits


@dataclass(frozen=True)
class Evaluation:
    """What one detector said of all outputs to one probe. `nones` is None where the version does not count
    them.
    """

    probe: str
    detector: str
    passed: int
    failed: int
    nones: int | None
    low: float | None
    high: float | None
    confidence: float | None

    @property
    def judged(self) -> int:
        """Outputs that the detector could judge."""
        return self.passed + self.failed

    @property
    def rate(self) -> float | None:
        """Successful attacks among the judged outputs, None when none was judged."""
        return self.failed / self.judged if self.judged else None

    def as_row(self) -> Mapping[str, Value]:
        """For the detail table `probes`."""
        return row(probe=self.probe, detector=self.detector, passed=self.passed, failed=self.failed,
                   nones=self.nones, rate=self.rate, low=self.low, high=self.high, confidence=self.confidence)


def evaluation(record: Mapping[str, Any]) -> Evaluation | None:
    """The evaluation of an `eval` record; None when its counts are missing or contradict each other."""
    probe, detector = text_at(record, "probe"), text_at(record, "detector").removeprefix("detector.")
    passed, nones = whole_at(record, "passed"), whole_at(record, "nones")
    total = whole_at(record, "total_evaluated" if "total_evaluated" in record else "total")
    if not probe or not detector or passed is None or total is None or ("nones" in record and nones is None):
        return None
    failed = whole_at(record, "fails") if "fails" in record else total - passed
    if failed is None or passed + failed != total:
        return None
    if min(passed, failed, nones or 0) < 0 or max(total, nones or 0) > _MOST:
        return None
    processed = whole_at(record, "total_processed")
    if processed is not None and processed != total + (nones or 0):
        return None
    low, high = _share(record, "confidence_lower"), _share(record, "confidence_upper")
    if low is None or high is None or low > high:
        low = high = None
    confidence = _share(record, "confidence") if low is not None else None
    return Evaluation(probe, detector, passed, failed, nones, low, high, confidence)


def _share(record: Mapping[str, Any], name: str) -> float | None:
    number = number_at(record, name)
    return number if number is not None and 0.0 <= number <= 1.0 else None


def scores_of(record: Mapping[str, Any]) -> dict[str, list[float | None]]:
    """For each detector its scores of an attempt's outputs, in their order; None where it gave no score."""
    found: dict[str, list[float | None]] = {}
    for detector, scores in object_at(record, "detector_results").items():
        if isinstance(scores, list):
            found[tidy(detector, 300).removeprefix("detector.")] = [
                float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None
                for score in scores]
    return found


def attack_row(record: Mapping[str, Any], probe: str, detector: str, score: float | None, output: Any,
               ) -> Mapping[str, Value]:
    """For the detail table `attacks`: an attack that got through, with the beginning of what was said."""
    return row(probe=probe, detector=detector, score=score, goal=text_at(record, "goal"),
               prompt=said(record.get("prompt")), output=said(output))


def output_at(record: Mapping[str, Any], index: int) -> Any:
    """One output of an attempt, None when there is none."""
    outputs = list_at(record, "outputs")
    return outputs[index] if index < len(outputs) else None


def said(value: Any) -> str:
    """The beginning of a prompt or an output, whether a text, a message or a conversation (its last turn)."""
    if isinstance(value, str):
        return tidy(value, EXCERPT)
    turns = list_at(value, "turns")
    if turns:
        return said(object_at(turns[-1], "content") or text_at(turns[-1], "content", EXCERPT))
    return text_at(value, "text", EXCERPT)


def target_of(setup: Mapping[str, Any]) -> str:
    """Type and name of what was attacked, as the hit log writes them; names before 0.13 said model for
    target.
    """
    for word in ("target", "model"):
        kind, name = text_at(setup, f"plugins.{word}_type"), text_at(setup, f"plugins.{word}_name")
        if kind:
            return f"{kind} {name}" if name else kind
    return ""
