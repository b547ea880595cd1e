"""The closed list of actions: each has its sentence, each is recorded somewhere or says why it is kept."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from govern.facts.audit import SENTENCES, Action

HOUSE = Path(__file__).parents[2] / "govern"
KEPT = {
    Action.ORGANISATION_FOUND: "the first catalogue opens the ledger; the name is kept for an opening of its own",
    Action.PERSON_REDACT: "redaction comes with requests of data subjects",
    Action.PASSWORD_SET: "a password is a secret and no fact: nothing is recorded",
    Action.EVIDENCE_EDIT: "descriptions of evidence cannot be changed yet",
}
"""Names that no action records. A name in the list is never used for something else."""


def used() -> set[str]:
    """The members that actions hand to `perform`."""
    found: set[str] = set()
    for path in (HOUSE / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "action" and isinstance(node.value, ast.Attribute):
                assert isinstance(node.value.value, ast.Name), f"{path.name} names its action in a way not understood"
                assert node.value.value.id == "Action"
                found.add(node.value.attr)
    return found


def performed() -> int:
    """How often `perform` is called."""
    return sum(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "perform"
               for path in (HOUSE / "actions").glob("*.py") for node in ast.walk(ast.parse(path.read_text())))


def test_every_member_is_recorded_once_or_kept_with_a_reason() -> None:
    assert used() == {action.name for action in Action if action not in KEPT}
    assert performed() == len(used()), "one function a verb, one verb an action"


@pytest.mark.parametrize("action", Action)
def test_every_action_has_its_sentence(action: Action) -> None:
    sentence = SENTENCES[action]
    assert sentence.startswith("{who} ")
    assert set(re.findall(r"\{(.*?)\}", sentence)) <= {"who", "what"}
    assert not sentence.endswith(".")
    assert re.fullmatch(r"[a-z]+:[a-z]+:[a-z]+", action.value)


def test_no_sentence_is_left_over() -> None:
    assert SENTENCES.keys() == set(Action)
