"""Which questions evidence puts to its reviewer."""

from __future__ import annotations

import pytest

from govern.assurance.questions import asked_in_review, questions_for
from govern.assurance.setting import circumstances
from tests.assurance.builders import CLEAN, HIGH_RISK, QUESTION, ask, catalogue, control, evidence

JUDGED = catalogue(
    control("C-01", ask("C-01.1", checks=(CLEAN, QUESTION)),
            ask("C-01.2", checks=(QUESTION,), when=HIGH_RISK)),
    control("C-02", ask("C-02.1", checks=(QUESTION,)), applies=HIGH_RISK),
    control("C-03", ask("C-03.1", checks=(QUESTION,), kinds=frozenset({"photo"}))),
)


@pytest.mark.parametrize(("kind", "controls", "traits", "expected"), [
    ("scan", ["C-01"], [], ["C-01.1 read"]),
    ("paper", ["C-01"], [], ["C-01.1 clean", "C-01.1 read"]),
    ("scan", ["C-01"], ["high_risk"], ["C-01.1 read", "C-01.2 read"]),
    ("scan", ["C-02"], [], []),
    ("scan", ["C-02"], ["high_risk"], ["C-02.1 read"]),
    ("scan", ["C-02", "C-01"], ["high_risk"], ["C-01.1 read", "C-01.2 read", "C-02.1 read"]),
    ("scan", ["C-03"], [], []),
    ("photo", ["C-03", "C-01"], [], ["C-03.1 read"]),
    ("scan", ["C-99"], [], []),
    ("scan", ["C-01", "C-02"], None, ["C-01.1 read", "C-01.2 read", "C-02.1 read"]),
    ("paper", ["C-01"], None, ["C-01.1 clean", "C-01.1 read", "C-01.2 read"]),
])
def test_questions(kind: str, controls: list[str], traits: list[str] | None, expected: list[str]) -> None:
    sent = evidence(kind=kind, controls=controls)
    held = None if traits is None else circumstances(JUDGED, frozenset(traits))
    assert [f"{one.id} {check.id}" for one, check in asked_in_review(sent, JUDGED, held)] == expected
    if held is not None:
        assert questions_for(sent, JUDGED, held) == asked_in_review(sent, JUDGED, held)
