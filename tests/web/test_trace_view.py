"""What the page of a trace makes of rows: words and tones, what a box says, where chains end."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from govern.assurance.trace import Row
from govern.assurance.trace_heads import End, Head, Step
from govern.assurance.trace_lines import Names, line_of
from govern.catalogue.objects import Target
from govern.facts.evidence import Verdict
from govern.web.trace_view import ENDS, TraceWays, decided_facts, endings, picture_of, shown
from tests.assurance.builders import NOW, catalogue, control, framework, link, requirement
from tests.assurance.traces import Traced, proof, waiting

KNOWN = catalogue(control("C-01", links=[link("1")]), frameworks=[framework(requirement("1"), id_="nist-ai-1")])
NAMES = Names({"s1": Traced(KNOWN).setting("s1").snapshot.system}, {"owner": "Ada Example", "reviewer": "Ben Example"})
HEAD = Head("nist-ai-1", "1", "C-01", "equal")
ABSENT = End(Step.SYSTEM, "absent", "Nothing has been sent for “Scan”.")


def boxes(*rows: Row, ways: TraceWays | None = None) -> dict[str, tuple[str, str]]:
    """What each box says, with its address and tone."""
    made = picture_of(rows, [line_of(row, KNOWN, NAMES) for row in rows], KNOWN, ways or TraceWays())
    return {html.unescape(says): (html.unescape(href), tone) for tone, href, says in re.findall(
        r'<a class="trace-box tone-(\w+)" href="([^"]+)" data-rows="[^"]*" aria-label="([^"]+)"', made)}


def test_each_box_says_what_it_is_and_leads_to_its_trace() -> None:
    assert boxes(Row(HEAD, "s1", (), proof()), Row(HEAD, "s1", ("C-01.1",), ends=(ABSENT,))) == {
        "Requirement 1, NIST AI 1: Requirement 1. 2 chains.": ("/trace?framework=nist-ai-1&requirement=1", "accent"),
        "Control C-01, Control C-01. 2 chains.": ("/trace?control=C-01", "accent"),
        "System S1, 1 ask without evidence. 2 chains. Nothing sent.": ("/trace?system=s1", "gap"),
        "Evidence Evidence e1, Scan report. 1 chain.": ("/trace?evidence=e1", "neutral"),
        "Decision Accepted, version 1, Ben Example, 2 Apr 1970. 1 chain.": ("/trace?decision=review-e1-1", "ok")}


def test_inside_one_framework_a_requirement_says_its_title_alone() -> None:
    made = boxes(Row(HEAD), ways=TraceWays("12", "all", "nist-ai-1"))
    assert made["Requirement 1, Requirement 1. 1 chain."] == (
        "/trace?framework=nist-ai-1&requirement=1&history=all&at=12", "accent")


@pytest.mark.parametrize(("version", "said", "tone"), [
    (proof(verdict=Verdict.REJECTED), "Rejected, version 1", "bad"),
    (proof(withdrawn=NOW), "Accepted, version 1 (withdrawn)", "neutral"),
    (proof(standing="st"), "Accepted, version 1, standing acceptance", "ok"),
])
def test_a_decision_has_the_tone_of_its_verdict(version: object, said: str, tone: str) -> None:
    made = boxes(Row(HEAD, "s1", (), version))  # type: ignore[arg-type]  # every case is a proof
    assert [found for says, (_, found) in made.items() if said in says] == [tone]


@pytest.mark.parametrize(("end", "tone"), [
    (End(Step.EVIDENCE, "awaits-review", "Waits."), "info"), (End(Step.EVIDENCE, "does-not-fit", "No."), "warn"),
    (End(Step.EVIDENCE, "withdrawn", "Back."), "neutral")])
def test_evidence_has_the_tone_of_its_end(end: End, tone: str) -> None:
    made = boxes(Row(HEAD, "s1", (), waiting(), ends=(end,)))
    assert [found for says, (_, found) in made.items() if says.startswith("Evidence ")] == [tone]


def test_a_control_that_is_gone_has_no_trace() -> None:
    made = boxes(Row(Head("", "", "C-99", end=None), "s1", (), proof(), ends=(End(Step.CONTROL, "unknown-control", "Gone."),)))
    assert made["Control C-99, not in this catalogue. 1 chain. Control no longer in the catalogue."] == ("/controls", "warn")
    [row] = shown([line_of(Row(Head("", "", "C-99"), "s1"), KNOWN, NAMES)], KNOWN, TraceWays())
    assert row.control_href == ""


def test_rows_say_where_a_version_stands() -> None:
    found = shown([line_of(Row(HEAD, "s1", (), one), KNOWN, NAMES) for one in (
        proof(), proof(verdict=Verdict.REJECTED), waiting(), proof(withdrawn=NOW), None)], KNOWN, TraceWays())
    assert [row.word for row in found] == ["accepted", "rejected", "awaiting review", "withdrawn", ""]
    assert found[0].framework == "NIST AI 1"
    assert (found[0].submitted and found[0].submitted.text, found[-1].submitted) == ("1 Apr 1970", None)


def test_ends_are_counted_by_what_they_are() -> None:
    rows = [Row(HEAD, "s1", (), proof()), Row(HEAD, "s1", ends=(ABSENT,)), Row(HEAD, "s1", ends=(replace(ABSENT, text="Other."),)),
            Row(HEAD, "s1", (), waiting(), ends=(End(Step.EVIDENCE, "awaits-review", "Waits."),))]
    assert endings(rows) == (1, [("Nothing sent", "gap", 2), ("Awaits review", "info", 1)])
    assert {tone for _, tone in ENDS.values()} <= {"gap", "info", "warn", "neutral", "bad"}


def test_a_decision_in_words() -> None:
    told = dict(decided_facts(proof(standing="st", withdrawn=NOW, reason="Wrong."), {"reviewer": "Ben Example"}))
    assert told == {"Verdict": "Accepted", "Reviewer": "Ben Example (a standing acceptance)", "Decided": "2 Apr 1970, 00:00 UTC",
                    "On": "Evidence e1, version 1", "Withdrawn since": "11 Apr 1970, 00:00 UTC: Wrong."}
    assert dict(decided_facts(proof(), {}))["Reviewer"] == "reviewer (in person)"


def test_a_requirement_that_is_mapped_through_another_keeps_its_own_address() -> None:
    made = boxes(Row(replace(HEAD, via=Target("other", "9"))))
    assert "Requirement 1, NIST AI 1: Requirement 1. 1 chain." in made
