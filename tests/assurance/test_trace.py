"""Traces: every start, every early end, pages that join without a seam, and the same chains from either side."""

from __future__ import annotations

import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.assurance.applicability import applicability
from govern.assurance.trace import Anchor, Cell, Mark, Plan, Proof, Row
from govern.assurance.trace_heads import End, Head, Step
from govern.catalogue.objects import Catalogue, Control, Due, Relation, Target
from govern.facts.evidence import About, Verdict
from govern.facts.systems import Stage
from tests.assurance.builders import HIGH_RISK, NOW, ask, catalogue, control, framework, link, requirement, scoping
from tests.assurance.traces import Traced, chain, ends, proof, waiting

# C-01 has two asks (scans; papers), C-02 one of the organisation, C-03 is asked of high-risk systems, C-04 of none yet.
SCANS, PAPERS = ask("C-01.1", kinds=frozenset({"scan"})), ask("C-01.2", kinds=frozenset({"paper"}))
LAW = framework(requirement("1", assessable=False), requirement("1.1", "1"), requirement("1.2", "1"),
                requirement("1.3", "1"), id_="law")
GUIDE = framework(replace(requirement("G"), through=(Target("law", "1.1"),)), id_="guide")
KNOWN = catalogue(
    control("C-01", SCANS, PAPERS, links=[link("1.1", framework="law")]),
    control("C-02", ask("C-02.1", kinds=frozenset({"paper"}), about="organisation"), links=[link("1.2", framework="law")]),
    control("C-03", ask("C-03.1", kinds=frozenset({"scan"})), applies=HIGH_RISK, links=[link("1.2", framework="law")]),
    control("C-04", ask("C-04.1", due=Due(after="release", within_days=5))),
    frameworks=[LAW, GUIDE])


def world(**changed: Any) -> Traced:
    """Two systems; the first has a scan for C-01, the organisation a paper for C-02."""
    made = Traced(KNOWN, **changed)
    made.send(["C-01"], proof("e1"))
    return made.send(["C-02"], proof("e2", kind="paper", about=About.ORGANISATION, about_key=None))


def asked(row: Row) -> tuple[str, str, str, str]:
    """(requirement, control, system, evidence) of a row."""
    return row.head.requirement, row.head.control, row.system, row.proof.evidence if row.proof else ""


# -- every start ---------------------------------------------------------------------------------------------------

C01_S1 = [("1.1", "C-01", "s1", "e1"), ("1.1", "C-01", "s1", "")]
C01_S2 = [("1.1", "C-01", "s2", ""), ("1.1", "C-01", "s2", "")]
C02 = [("1.2", "C-02", "s1", "e2"), ("1.2", "C-02", "s2", "e2")]
C03 = [("1.2", "C-03", "s1", ""), ("1.2", "C-03", "s2", "")]
GAP = [("1.3", "", "", "")]
THROUGH = [("G", "C-01", "s1", "e1"), ("G", "C-01", "s1", ""), ("G", "C-01", "s2", ""), ("G", "C-01", "s2", "")]


@pytest.mark.parametrize(("start", "rows"), [
    ({"framework": "law"}, [*C01_S1, *C01_S2, *C02, *C03, *GAP]),
    ({"framework": "law", "requirement": "1"}, [*C01_S1, *C01_S2, *C02, *C03, *GAP]),
    ({"framework": "law", "requirement": "1.1"}, [*C01_S1, *C01_S2]),
    ({"framework": "law", "requirement": "1.3"}, GAP),
    ({"framework": "guide"}, THROUGH),
    ({"control": "C-01"}, [*C01_S1, *C01_S2, *THROUGH]),
    ({"control": "C-04"}, [("", "C-04", "s1", ""), ("", "C-04", "s2", "")]),
    ({"system": "s1"}, [*C01_S1, C02[0], C03[0], *THROUGH[:2], ("", "C-04", "s1", "")]),
    ({"system": "s2", "control": "C-02"}, [C02[1]]),
    ({"framework": "law", "control": "C-02"}, C02),
    ({"framework": "law", "system": "s1"}, [*C01_S1, C02[0], C03[0], *GAP]),
    ({"framework": "guide", "control": "C-02"}, []),
])
def test_a_start_gives_these_rows(start: dict[str, str], rows: list[tuple[str, str, str, str]]) -> None:
    assert [asked(row) for row in world().rows(**start)] == rows


@pytest.mark.parametrize(("evidence", "start", "rows"), [
    ("e1", {}, [C01_S1[0], THROUGH[0]]),
    ("e2", {}, C02),
    ("e2", {"system": "s2"}, C02[1:]),
    ("e1", {"framework": "guide"}, THROUGH[:1]),
    ("e1", {"system": "s2"}, []),
    ("e1", {"control": "C-02"}, []),
])
def test_from_evidence_only_its_own_chains(evidence: str, start: dict[str, str], rows: list[Any]) -> None:
    traced = world()
    found = traced.rows(anchor=traced.anchor(evidence), **start)
    assert [asked(row) for row in found] == rows


def test_from_a_decision_only_the_version_that_it_was_about() -> None:
    traced = world().send(["C-01"], proof("e1", 1, verdict=Verdict.REJECTED), proof("e1", 2), waiting("e1", 3))
    assert [row.proof.number for row in traced.rows(anchor=traced.anchor("e1")) if row.proof] == [3, 2, 1, 3, 2, 1]
    found = traced.rows(anchor=traced.anchor("e1", 1))
    assert [(asked(row)[0], row.proof.number if row.proof else 0, ends(row)) for row in found] == [
        ("1.1", 1, [("decision", "rejected")]), ("G", 1, [("decision", "rejected")])]


# -- every end -----------------------------------------------------------------------------------------------------


def only(traced: Traced, **start: Any) -> Row:
    """The one row of a trace."""
    found = traced.rows(**start)
    assert len(found) == 1
    return found[0]


RISKY = {"traits": frozenset({"high_risk"})}


def sent(*versions: Proof, **given: Any) -> list[Row]:
    """The rows of a high-risk system for C-03, which asks for a scan, and what was sent for it."""
    traced = Traced(KNOWN, systems=("s1",), given={**RISKY, **given})
    return (traced.send(["C-03"], *versions) if versions else traced).rows(control="C-03")


@pytest.mark.parametrize(("version", "found", "text"), [
    (proof(), [], ""),
    (waiting(), [("evidence", "awaits-review")], "Version 1 waits for a review since 1970-04-01."),
    (proof(verdict=Verdict.REJECTED), [("decision", "rejected")], "Version 1 was rejected: it proves nothing."),
    (waiting(withdrawn=NOW, reason="Wrong file."), [("evidence", "withdrawn")],
     "Version 1 was withdrawn on 1970-04-11: Wrong file."),
    (proof(withdrawn=NOW, reason="Wrong file."), [("decision", "withdrawn")],
     "Version 1 was withdrawn on 1970-04-11: Wrong file."),
])
def test_what_became_of_a_version(version: Proof, found: list[tuple[str, str]], text: str) -> None:
    [row] = sent(version)
    assert (row.asks, ends(row), " ".join(end.text for end in row.ends)) == (("C-03.1",), found, text)


@pytest.mark.parametrize(("version", "text"), [
    (proof(kind="paper"), "The control asks for evidence of another kind."),
    (proof(about=About.ORGANISATION, about_key=None), "“Evidence e1” is about the organisation; this asks about the system."),
])
def test_evidence_that_does_not_fit_leaves_the_ask_open(version: Proof, text: str) -> None:
    misfit, absent = sent(version)
    assert (misfit.asks, misfit.ends) == ((), (End(Step.EVIDENCE, "does-not-fit", text),))
    assert (absent.asks, absent.proof, ends(absent)) == (("C-03.1",), None, [("system", "absent")])


def test_nothing_sent() -> None:
    [row] = sent()
    assert row.ends == (End(Step.SYSTEM, "absent", "Nothing has been sent for “Ask C-03.1”."),)


@pytest.mark.parametrize("versions", [(), (proof(),)])
def test_a_control_that_does_not_apply_says_so_with_and_without_evidence(versions: tuple[Proof, ...]) -> None:
    [row] = sent(*versions, traits=frozenset())
    text = "The control does not apply. Asked only where this holds: The system is high-risk."
    assert (row.proof is not None, row.ends) == (bool(versions), (End(Step.SYSTEM, "not-applicable", text),))


def test_a_scoping_decision_ends_the_chain() -> None:
    [row] = sent(scopings=(scoping(control="C-03"),))
    assert row.ends == (End(Step.SYSTEM, "not-applicable",
                            "The control does not apply. Left out by an approved decision: It has no users."),)


@pytest.mark.parametrize(("asked_for", "given", "code", "text"), [
    (ask("C-01.1", due=Due(stage="operation")), {"stage": Stage.DESIGN}, "not-due",
     "Asked from the stage Operation on; the system is in Design."),
    (ask("C-01.1", due=Due(after="release", within_days=5)), {}, "not-due",
     "Asked after an event that has not happened: A release goes live."),
    (ask("C-01.1", when=HIGH_RISK), {}, "not-applicable", "Asked only where this holds: The system is high-risk."),
])
def test_an_ask_without_evidence_says_why(asked_for: Any, given: dict[str, Any], code: str, text: str) -> None:
    known = catalogue(control("C-01", asked_for, links=[link("1.1", framework="law")]), frameworks=[LAW])
    row = only(Traced(known, systems=("s1",), given=given), control="C-01")
    assert (row.asks, row.ends) == (("C-01.1",), (End(Step.SYSTEM, code, text),))


def test_an_ask_is_answered_by_evidence_that_can_answer_it() -> None:
    traced = Traced(KNOWN, systems=("s1",)).send(["C-01"], proof("e1")).send(["C-01"], waiting("e2", kind="paper"))
    found = traced.rows(framework="law", requirement="1.1")
    assert [(row.asks, ends(row)) for row in found] == [(("C-01.1",), []), (("C-01.2",), [("evidence", "awaits-review")])]


def test_backward_ends() -> None:
    traced = world().send([], waiting("loose")).send(["C-99"], proof("old")).send(["C-04"], proof("free"))
    assert ends(only(traced, anchor=traced.anchor("loose"))) == [("evidence", "unlinked"), ("evidence", "awaits-review")]
    assert ends(only(traced, anchor=traced.anchor("old"))) == [("control", "unknown-control")]
    assert ends(only(traced, anchor=traced.anchor("free"))) == [("control", "no-requirement")]
    assert traced.rows(anchor=traced.anchor("loose"), framework="law") == []


def test_without_a_system_in_reach() -> None:
    empty = Traced(KNOWN, systems=())
    assert [ends(row) for row in empty.rows(framework="law", requirement="1.1")] == [[("control", "no-system")]]
    assert [asked(row) for row in empty.rows(framework="law")] == [
        ("1.1", "C-01", "", ""), ("1.2", "C-02", "", ""), ("1.2", "C-03", "", ""), *GAP]
    lending = proof("e2", kind="paper", about=About.UNIT, about_key="unit-lending")
    far = Traced(KNOWN, alone=("s1", "s2")).send(["C-02"], lending)
    row = only(far, anchor=far.anchor("e2"))
    assert (row.system, row.proof is not None, ends(row)) == ("", True, [("control", "no-system")])


# -- inherited -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("about", "key", "systems", "text"), [
    (About.ORGANISATION, None, ["s1", "s2"], "“Evidence e2” speaks for the whole organisation."),
    (About.UNIT, "unit-lending", ["s1"], "“Evidence e2” speaks for the unit Lending, which this system is under."),
    (About.UNIT, "unit-top", ["s1"], "“Evidence e2” speaks for the unit Bank, which this system is under."),
    (About.UNIT, "elsewhere", [], ""),
])
def test_evidence_from_above_says_so_on_each_system(about: About, key: str | None, systems: list[str], text: str) -> None:
    traced = Traced(KNOWN, alone=("s2",)).send(["C-02"], proof("e2", kind="paper", about=about, about_key=key))
    found = [row for row in traced.rows(control="C-02") if row.proof]
    assert [(row.system, row.inherited) for row in found] == [(system, text) for system in systems]
    assert [row.inherited for row in world().rows(framework="law", requirement="1.1") if row.proof] == [""]


def test_what_no_ask_takes_is_inherited_all_the_same() -> None:
    traced = Traced(KNOWN, systems=("s1",)).send(["C-01"], proof("e2", kind="photo", about=About.UNIT, about_key="unit-top"))
    row = next(row for row in traced.rows(framework="law", requirement="1.1") if row.proof)
    assert (row.asks, row.inherited) == ((), "“Evidence e2” speaks for the unit Bank, which this system is under.")


# -- pages ---------------------------------------------------------------------------------------------------------


def long_history() -> Traced:
    """Many versions of several pieces, so that cells are torn apart by pages."""
    traced = Traced(KNOWN, systems=("s1", "s2", "s3"), given={"traits": frozenset({"high_risk"})})
    traced.send(["C-01", "C-03"], *(proof("e1", number) for number in range(1, 8)))
    traced.send(["C-01"], *(waiting("e2", number, kind="paper") for number in range(1, 4)))
    traced.send(["C-02", "C-01"], *(proof("e3", number, kind="paper", about=About.ORGANISATION, about_key=None)
                                    for number in range(1, 5)))
    return traced


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 40])
@pytest.mark.parametrize("start", [{"framework": "law"}, {"control": "C-01"}, {"system": "s1"}, {"evidence": "e3"},
                                   {"evidence": "e1"}])
def test_pages_join_without_a_seam(size: int, start: dict[str, str]) -> None:
    traced = long_history()
    plan = traced.plan(anchor=traced.anchor(start["evidence"])) if "evidence" in start else traced.plan(**start)
    whole = [row for page in traced.pages(plan, 10_000) for row in page.rows]
    pages = traced.pages(plan, size)
    assert [row for page in pages for row in page.rows] == whole
    assert all(len(page.rows) <= size for page in pages)
    assert all(page.rows for page in pages), "no page is empty where there are rows"


def test_a_page_asks_for_few_pairs() -> None:
    heads = tuple(Head("f", str(number), f"C-{number}") for number in range(500))
    many = Plan(heads, tuple(f"s{number}" for number in range(500)))
    window = many.window(Mark(cell=123_456), 50)
    assert window[0] == (123_456, Cell(many.heads[246], "s456"))
    assert [number for number, _ in window] == list(range(123_456, 123_506))
    assert many.after(window) == Mark(123_506)
    assert many.after(many.window(Mark(249_990), 50)) is None


def test_heads_without_a_control_stand_once() -> None:
    plan = Plan((Head("f", "1", ""), Head("f", "2", "C-01"), Head("f", "3", "")), ("s1", "s2", "s3"))
    assert [number for number, _ in plan.window(Mark(), 100)] == [0, 3, 4, 5, 6]
    assert plan.window(Mark(1), 1)[0][0] == 3


# -- the same chains from either side ------------------------------------------------------------------------------

IDS = [f"{letter}" for letter in string.ascii_lowercase[:5]]


@st.composite
def worlds(draw: st.DrawFn) -> Traced:
    """Any catalogue of up to four controls and two frameworks, systems, and evidence of every kind and reach."""
    known = draw(catalogues())
    systems = tuple(draw(st.lists(st.sampled_from(["s1", "s2", "s3"]), unique=True)))
    traced = Traced(known, systems=systems, alone=tuple(draw(st.lists(st.sampled_from(["s1", "s2", "s3"]), unique=True))),
                    given={"traits": draw(st.frozensets(st.just("high_risk")))})
    for key in draw(st.lists(st.sampled_from(["e1", "e2", "e3", "e4"]), unique=True)):
        about, about_key = draw(st.sampled_from([
            (About.SYSTEM, "s1"), (About.SYSTEM, "s2"), (About.ORGANISATION, None), (About.UNIT, "unit-lending"),
            (About.UNIT, "unit-top"), (About.UNIT, "elsewhere")]))
        kind = draw(st.sampled_from(["scan", "paper", "photo"]))
        versions = [draw(st.sampled_from([proof, waiting]))(key, number, about=about, about_key=about_key, kind=kind)
                    for number in range(1, draw(st.integers(1, 3)) + 1)]
        traced.send(draw(st.frozensets(st.sampled_from([*known.controls, "C-99"]))), *versions)
    return traced


SPOTS = [*(("f", id_) for id_ in IDS), ("g", "Y")]


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Trees of requirements, some mapped, some met through those of the other framework."""
    parents = [draw(st.sampled_from([None, *IDS[:place]])) for place in range(len(IDS))]
    nodes = [requirement(id_, parent, assessable=draw(st.booleans())) for id_, parent in zip(IDS, parents, strict=True)]
    targets = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=2))
    other = (replace(requirement("X"), through=tuple(Target("f", one) for one in targets)), requirement("Y"))
    return catalogue(*(draw(controls(f"C-0{number}")) for number in range(1, draw(st.integers(1, 4)) + 1)),
                     frameworks=[framework(*nodes, down=draw(st.booleans()), id_="f"), framework(*other, id_="g")])


@st.composite
def controls(draw: st.DrawFn, id_: str) -> Control:
    """A control with one ask and up to three relations."""
    asked_for = ask(f"{id_}.1", kinds=draw(st.sampled_from([frozenset({"scan"}), frozenset({"paper", "scan"})])),
                    about=draw(st.sampled_from(["system", "organisation"])))
    links = [link(requirement, draw(st.sampled_from([Relation.EQUAL, Relation.INTERSECTS])), at)
             for at, requirement in draw(st.lists(st.sampled_from(SPOTS), unique=True, max_size=3))]
    return control(id_, asked_for, applies=draw(st.sampled_from([None, HIGH_RISK])), links=links)


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(1, 9))
def test_every_chain_from_a_requirement_is_found_from_its_evidence_and_the_other_way_round(traced: Traced, size: int) -> None:
    forward = {chain(row) for id_ in traced.catalogue.frameworks for row in traced.rows(size, framework=id_) if row.proof}
    backward = {chain(row) for key in traced.pieces for row in traced.rows(size, anchor=traced.anchor(key))
                if row.head.requirement and row.system}
    assert forward == backward


@settings(max_examples=80, deadline=None)
@given(worlds())
def test_every_other_start_finds_the_same_chains(traced: Traced) -> None:
    every = {chain(row) for id_ in traced.catalogue.frameworks for row in traced.rows(framework=id_) if row.proof}
    by_control = {chain(row) for one in traced.catalogue.controls for row in traced.rows(control=one) if row.proof}
    by_system = {chain(row) for one in traced.systems for row in traced.rows(system=one) if row.proof}
    by_decision = {chain(row) for key, (_, versions) in traced.pieces.items() for one in versions
                   for row in traced.rows(anchor=traced.anchor(key, one.number))
                   if row.head.requirement and row.system}
    assert {one for one in by_control if one[1]} == every
    assert {one for one in by_system if one[1]} == every
    assert by_decision == every


@settings(max_examples=80, deadline=None)
@given(worlds(), st.integers(1, 6))
def test_any_page_size_gives_the_same_rows(traced: Traced, size: int) -> None:
    for id_ in traced.catalogue.frameworks:
        assert traced.rows(size, framework=id_) == traced.rows(10_000, framework=id_)


@settings(max_examples=80, deadline=None)
@given(worlds())
def test_every_ask_has_evidence_or_an_end(traced: Traced) -> None:
    for key, one in traced.catalogue.controls.items():
        for system in traced.systems:
            found = traced.rows(control=key, system=system)
            barred = not applicability(one, traced.setting(system)).applies
            assert all(row.proof is not None or row.ends for row in found), "a row without evidence says why"
            for at in {(row.head.framework, row.head.requirement) for row in found}:
                told = {asked for row in found if (row.head.framework, row.head.requirement) == at for asked in row.asks}
                assert told == {each.id for each in one.asks} or barred


def test_an_anchor_reaches_what_stands_under_what_it_speaks_of() -> None:
    made = Anchor(proof(about=About.UNIT, about_key="u"), frozenset())
    assert (made.reaches("s1", {"u", "v"}), made.reaches("s1", {"v"}), made.reaches("u", ())) == (True, False, False)
    assert Anchor(proof(), frozenset()).reaches("s1", ())
    assert not Anchor(proof(), frozenset()).reaches("s2", ())
