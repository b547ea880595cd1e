"""Entries as sentences: who did what, to what, and nothing that the reader may not know."""

from __future__ import annotations

import pytest

from govern.facts.audit import SENTENCES, Action
from govern.records.ledger import EntryLine
from govern.web.entries import Told, told
from tests.web.conftest import START, World

SYSTEM = ("s1", "system", "Claims assistant", "claims-assistant")
OTHER = ("s2", "system", "Claims", "claims")
PIECE = ("e1", "evidence", "Report {who} {0}", "")


def tell(world: World, action: Action, *mentions: tuple[str, str, str, str], within: str = "") -> Told:
    """One entry of the reviewer's as a sentence."""
    line = EntryLine(7, START, world.people["reviewer"], action, "", "", mentions)
    with world.store.reading() as connection:
        return told(connection, [line], within=within)[0]


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_whole_sentence(world: World, action: Action) -> None:
    for mentions in ((), (SYSTEM, PIECE, ("p1", "person", "Ann", ""), ("u1", "unit", "Lending", ""))):
        one = tell(world, action, *mentions)
        assert one.who == "Reviewer Person"
        assert "{what}" not in one.text
        assert "  " not in one.text
        assert one.text.split()[0] == SENTENCES[action].split()[1]


def test_what_an_entry_is_about(world: World) -> None:
    one = tell(world, Action.EVIDENCE_SUBMIT, SYSTEM, PIECE)
    assert (one.text, one.detail) == ("submitted “Report {who} {0}”", "for Claims assistant")
    assert tell(world, Action.EVIDENCE_SUBMIT, SYSTEM, PIECE, within="s1").detail == ""
    assert tell(world, Action.CONTROL_ASSIGN, SYSTEM).detail == "", "what the sentence names is not said twice"
    assert tell(world, Action.CONTROL_ASSIGN, SYSTEM, OTHER).text == "assigned controls of “Claims assistant” and 1 more"
    assert tell(world, Action.EVIDENCE_SUBMIT, OTHER, ("e2", "evidence", "Claims assistant test", "")).detail == "for Claims"
    assert one.about == (("Claims assistant", "/systems/claims-assistant", "system"), (PIECE[2], "/evidence/e1", "evidence"))


def test_a_token_is_not_named(world: World) -> None:
    one = tell(world, Action.TOKEN_CREATE, SYSTEM)
    assert (one.text, one.detail) == ("created the token", "for Claims assistant")


def test_somebody_who_is_not_known(world: World) -> None:
    with world.store.reading() as connection:
        line = EntryLine(1, START, "nobody-here", Action.UNIT_ADD, "", "", (("u1", "unit", "Lending", ""),))
        assert told(connection, [line])[0].who == "Somebody"
