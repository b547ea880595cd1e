"""Rows with names: of systems, people, controls and requirements, and what a past catalogue no longer knows."""

from __future__ import annotations

from dataclasses import replace

from govern.assurance.trace import Row
from govern.assurance.trace_heads import End, Head, Step
from govern.assurance.trace_lines import PERSON, STANDING, Names, line_of, people_of, via_text
from govern.catalogue.objects import Target
from tests.assurance.builders import NOW, catalogue, control, framework, link, requirement
from tests.assurance.traces import Traced, proof, waiting

KNOWN = catalogue(control("C-01", links=[link("1")]), frameworks=[framework(requirement("1"))])
NAMES = Names({"s1": Traced(KNOWN).setting("s1").snapshot.system}, {"owner": "Ada Example", "reviewer": "Ben Example"})
HEAD = Head("f", "1", "C-01", "equal", None, "Because.")


def test_a_whole_chain() -> None:
    line = line_of(Row(HEAD, "s1", ("C-01.1",), proof(via_token="t")), KNOWN, NAMES)
    assert (line.framework, line.requirement, line.requirement_title, line.relation, line.via, line.why) == (
        "f", "1", "Requirement 1", "equal", "", "Because.")
    assert (line.control, line.control_title, line.asks, line.ask_titles) == (
        "C-01", "Control C-01", ("C-01.1",), ("Ask C-01.1",))
    assert (line.system, line.system_name, line.evidence, line.evidence_title, line.kind, line.version) == (
        "s1", "S1", "e1", "Evidence e1", "scan", 1)
    assert (line.submitted_by, line.submitted_by_name, line.via_token) == ("owner", "Ada Example", "t")
    assert (line.verdict, line.decided_by, line.standing, line.reviewer_name) == ("accepted", PERSON, "", "Ben Example")
    assert (line.withdrawn, line.withdrawn_because, line.ends) == (None, "", ())


def test_who_decided() -> None:
    assert line_of(Row(HEAD, "s1", (), proof(standing="st")), KNOWN, NAMES).decided_by == STANDING
    assert line_of(Row(HEAD, "s1", (), waiting()), KNOWN, NAMES).decided_by == ""
    taken = line_of(Row(HEAD, "s1", (), proof(withdrawn=NOW, reason="Wrong.")), KNOWN, NAMES)
    assert (taken.withdrawn, taken.withdrawn_because) == (NOW, "Wrong.")


def test_what_a_chain_does_not_reach_is_empty() -> None:
    line = line_of(Row(Head("f", "1", "", end=End(Step.REQUIREMENT, "gap", "Open."))), KNOWN, NAMES)
    assert {line.control, line.control_title, line.system, line.evidence, line.sha256, line.verdict, line.reviewer_name} == {""}
    assert (line.version, line.submitted, line.decided) == (None, None, None)


def test_what_is_not_known_stands_for_itself() -> None:
    line = line_of(Row(Head("gone", "9", "C-99"), "s9", ("C-99.1",), proof(submitted_by="p9")), KNOWN, NAMES)
    assert (line.requirement_title, line.control_title, line.ask_titles, line.system, line.submitted_by_name) == (
        "", "", ("C-99.1",), "", "p9")


def test_mapped_through_another() -> None:
    assert via_text("f", None) == ""
    assert via_text("f", Target("f", "1")) == "1"
    assert via_text("f", Target("g", "1")) == "g 1"
    assert line_of(Row(replace(HEAD, via=Target("g", "2"))), KNOWN, NAMES).via == "g 2"


def test_everybody_who_is_named() -> None:
    assert people_of([Row(HEAD), Row(HEAD, "s1", (), proof()), Row(HEAD, "s1", (), waiting(submitted_by="x"))]) == {
        "owner", "reviewer", "x"}
