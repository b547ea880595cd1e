"""Whether a control applies: the table row by row with baselines, tolerances and limits, and what holds for every case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.assurance.applicability import Applicable, adopted, applicability, why_asked
from govern.assurance.outcomes import State, Status
from govern.assurance.posture import derive
from govern.assurance.setting import Setting, circumstances
from govern.catalogue.objects import Baseline, Catalogue, Check, Condition, Limit, Tolerance, Trait
from govern.facts.moments import DAY
from govern.facts.snapshot import Snapshot
from govern.facts.systems import ScopingState
from govern.facts.tailoring import Tailoring
from tests.assurance.builders import HIGH_RISK, NOW, ask, catalogue, control, evidence, review, scoping, snapshot, version

AGENTIC = Condition("trait.agentic", "The system acts.")
LEAST = Condition("trait.high_risk", "The law asks for it.")
SMALL = Baseline("small", "Small", "", frozenset({"C-01"}))
LARGE = Baseline("large", "Large", "", frozenset({"C-01", "C-02", "C-03"}), LEAST)
ALL = Baseline("all", "All", "", frozenset({"C-01", "C-02", "C-03", "C-04", "X-01"}))


def held(*baselines: Baseline, **more: Any) -> Catalogue:
    """C-01 and C-02 for every system, C-03 for systems that act, C-04 in no small baseline, X-01 brought by somebody."""
    made = catalogue(control("C-01"), control("C-02"), control("C-03", applies=AGENTIC), control("C-04"),
                     replace(control("X-01"), origin="house-rules"))
    return replace(made, baselines=baselines or (SMALL, LARGE, ALL), **more)


def decided(baseline: str | None = "small", unit: str | None = "unit-a", *, added: Iterable[str] = (),
            removed: Mapping[str, str] | None = None, tolerance: str | None = None,
            limits: Mapping[str, float] | None = None) -> Tailoring:
    """A decision of a unit, None for the organisation."""
    return Tailoring(f"t-{unit}", "row", unit, "" if unit is None else unit.title(), baseline, tolerance, frozenset(added),
                     tuple((removed or {}).items()), tuple((limits or {}).items()), "Because.", "officer", NOW - DAY)


def judged(id_: str, *tailorings: Tailoring, traits: Iterable[str] = (), by: Catalogue | None = None, **given: Any) -> Applicable:
    """Whether a control applies to the system under decisions, nearest first."""
    known = by or held()
    return applicability(known.controls[id_], Setting(snapshot(traits=traits, tailorings=tailorings, **given), known))


# -- the table -------------------------------------------------------------------------------------------------------

PROPOSED, REFUSED = scoping(ScopingState.PROPOSED), scoping(ScopingState.REFUSED)


@pytest.mark.parametrize(("id_", "given", "code"), [
    # 1: the condition goes before everything else
    ("C-03", {}, "condition"),
    ("C-03", {"tailorings": [decided("large", added=["C-03"])]}, "condition"),
    ("C-03", {"tailorings": [decided("small")], "traits": ["high_risk"]}, "condition"),
    ("C-03", {"traits": ["agentic"]}, ""),
    # 2: an approved scoping in force
    ("C-01", {"scopings": [scoping()]}, "scoping"),
    ("C-01", {"scopings": [scoping(until=NOW + 1)], "tailorings": [decided("large")], "traits": ["high_risk"]}, "scoping"),
    ("C-01", {"scopings": [PROPOSED]}, ""),
    ("C-01", {"scopings": [REFUSED]}, ""),
    ("C-01", {"scopings": [scoping(until=NOW)]}, ""),
    ("C-01", {"scopings": [scoping(control="C-02")]}, ""),
    # 3: what the system is asked for in any case
    ("C-02", {"tailorings": [decided("small")], "traits": ["high_risk"]}, ""),
    ("C-02", {"tailorings": [decided("large", removed={"C-02": "Dear."})], "traits": ["high_risk"]}, ""),
    ("C-04", {"tailorings": [decided("small")], "traits": ["high_risk"]}, "baseline"),
    # 4: taken out
    ("C-02", {"tailorings": [decided("large", removed={"C-02": "Dear."})]}, "tailored"),
    ("X-01", {"tailorings": [decided("small", removed={"X-01": "Old."})]}, "tailored"),
    # 5: not in the baseline, and not added
    ("C-02", {"tailorings": [decided("small")]}, "baseline"),
    ("C-02", {"tailorings": [decided("small", added=["C-02"])]}, ""),
    ("C-03", {"tailorings": [decided("small")], "traits": ["agentic"]}, "baseline"),
    ("X-01", {"tailorings": [decided("small")]}, ""),
    # 6: none of these
    ("C-01", {"tailorings": [decided("small")]}, ""),
    ("C-04", {}, ""),
    ("C-04", {"tailorings": [decided(None)]}, ""),
    ("C-04", {"tailorings": [decided("of another catalogue")]}, ""),
    # the nearest unit that adopted a baseline decides
    ("C-02", {"tailorings": [decided("small"), decided("large", "unit-top")]}, "baseline"),
    ("C-02", {"tailorings": [decided("large"), decided("small", None)]}, ""),
    ("C-02", {"tailorings": [decided(None), decided("small", None)]}, "baseline"),
    ("C-02", {"tailorings": [decided("large"), decided("all", None, removed={"C-02": "Dear."})]}, ""),
])
def test_the_table(id_: str, given: dict[str, Any], code: str) -> None:
    known = held()
    seen = snapshot(traits=given.get("traits", ()), tailorings=tuple(given.get("tailorings", ())),
                    scopings=tuple(given.get("scopings", ())))
    found = applicability(known.controls[id_], Setting(seen, known))
    assert (found.applies, [reason.code for reason in found.reasons]) == (not code, [code] if code else [])
    status = derive(seen, known).controls[id_].status
    assert (status is Status.NOT_APPLICABLE) == bool(code)


def test_reasons_say_who_and_why() -> None:
    assert judged("C-02", decided("large", removed={"C-02": "It is dear."})).reasons[0].text == (
        "Taken out of the baseline by Unit-A: It is dear.")
    assert judged("C-02", decided("small", None)).reasons[0].text == (
        "Not in the baseline “Small”, which the organisation adopted.")
    assert judged("C-03").reasons[0].text == "Asked only where this holds: The system acts."
    ended = judged("C-01", scopings=(scoping(until=NOW + 3 * DAY), scoping(until=NOW + 5 * DAY, key="later")))
    assert ended.until == NOW + 5 * DAY, "the last of several scopings ends it"
    assert judged("C-02", decided("small")).until is None, "time alone does not end a decision"


@pytest.mark.parametrize(("id_", "tailorings", "traits", "codes"), [
    ("C-01", (), (), ["always"]),
    ("C-03", (), ["agentic"], ["condition"]),
    ("C-01", (decided("small"),), (), ["baseline"]),
    ("C-02", (decided("small"),), ["high_risk"], ["least"]),
    ("C-02", (decided("large"),), ["high_risk"], ["least", "baseline"]),
    ("C-03", (decided("small", added=["C-03"]),), ["agentic"], ["condition", "baseline"]),
    ("X-01", (decided("small"),), (), ["always"]),
    ("C-02", (), ["high_risk"], ["always"]),
])
def test_why_a_control_is_asked(id_: str, tailorings: tuple[Tailoring, ...], traits: Iterable[str], codes: list[str]) -> None:
    known = held()
    reasons = why_asked(known.controls[id_], Setting(snapshot(traits=traits, tailorings=tailorings), known))
    assert [reason.code for reason in reasons] == codes
    assert all(reason.text.endswith(".") for reason in reasons)


# -- implied traits, tolerances and limits ---------------------------------------------------------------------------

IMPLYING = (Trait("pays", "Pays", "", "", implies=("agentic",)), Trait("buys", "Buys", "", "", implies=("pays",)),
            Trait("agentic", "Agentic", "", ""), Trait("high_risk", "High-risk", "", ""))
LIMITS = (Limit("open-findings", "Open findings", "", "int"), Limit("attack-rate", "Attack rate", "", "double"))
TOLERANCES = (Tolerance("balanced", "Balanced", "", {"open-findings": 0, "attack-rate": 0.05}),
              Tolerance("open", "Open", "", {"open-findings": 3, "attack-rate": 0.15}))


@pytest.mark.parametrize("traits", [["agentic"], ["pays"], ["buys"], ["buys", "agentic"]])
def test_an_implied_trait_holds_as_if_it_were_said(traits: list[str]) -> None:
    known = held(traits=IMPLYING)
    assert judged("C-03", traits=traits, by=known).applies
    seen, said = snapshot(traits=traits), snapshot(traits=known.with_implied(frozenset(traits)))
    assert derive(seen, known).controls == derive(said, known).controls
    assert not judged("C-03", traits=["high_risk"], by=known).applies


def test_an_implied_trait_makes_a_baseline_least() -> None:
    known = held(SMALL, replace(LARGE, least=AGENTIC), traits=IMPLYING)
    assert judged("C-02", decided("small"), traits=["buys"], by=known).applies
    assert not judged("C-02", decided("small"), by=known).applies


@pytest.mark.parametrize(("tailorings", "tolerance", "figures"), [
    ((), "balanced", (0, 0.05)),
    ((decided(tolerance="open"),), "open", (3, 0.15)),
    ((decided(), decided(unit=None, tolerance="open")), "open", (3, 0.15)),
    ((decided(tolerance="balanced"), decided(unit=None, tolerance="open")), "balanced", (0, 0.05)),
    ((decided(tolerance="no such"), decided(unit=None, tolerance="open")), "open", (3, 0.15)),
    ((decided(limits={"open-findings": 1.0}),), "balanced", (1, 0.05)),
    ((decided(limits={"open-findings": 1.0}), decided(unit=None, tolerance="open", limits={"open-findings": 9.0,
                                                                                              "attack-rate": 0.5})),
     "open", (1, 0.5)),
    ((decided(limits={"no-such-limit": 4.0}),), "balanced", (0, 0.05)),
])
def test_the_nearest_choice_decides_tolerance_and_figures(tailorings: tuple[Tailoring, ...], tolerance: str,
                                                          figures: tuple[int, float]) -> None:
    found = circumstances(held(tolerances=TOLERANCES, limits=LIMITS), frozenset(), tailorings)
    assert found.tolerance == tolerance
    assert found.limits == (("limit.open_findings", figures[0]), ("limit.attack_rate", figures[1]))
    assert type(found.limits[0][1]) is int, "a whole limit stays whole: an expression compares it with an int"


def test_a_catalogue_without_tolerances_has_no_figures() -> None:
    found = circumstances(held(), frozenset({"agentic"}), (decided(tolerance="open", limits={"open-findings": 2.0}),))
    assert (found.tolerance, found.limits, found.traits) == ("", (), frozenset({"agentic"}))


@pytest.mark.parametrize(("tailorings", "state"), [
    ((), State.FAILING), ((decided(None, tolerance="open"),), State.MET),
    ((decided(None, tolerance="open", limits={"open-findings": 1.0}),), State.FAILING),
    ((decided(None), decided(None, None, limits={"open-findings": 2.0})), State.MET),
])
def test_a_check_is_held_to_the_figures_of_the_unit(tailorings: tuple[Tailoring, ...], state: State) -> None:
    few = Check("few", "Are few left open?", "critical <= limit.open_findings", frozenset({"scan"}))
    known = replace(catalogue(control("C-01", ask(checks=(few,)))), tolerances=TOLERANCES, limits=LIMITS)
    seen = snapshot(evidence(version(critical=2, review=review())), tailorings=tailorings)
    assert derive(seen, known).controls["C-01"].asks[0].state is state


# -- what holds for every case ---------------------------------------------------------------------------------------

IDS = ["C-01", "C-02", "C-03", "C-04", "X-01"]
subsets = st.frozensets(st.sampled_from(IDS))
conditions = st.sampled_from([None, HIGH_RISK, AGENTIC, Condition("!trait.agentic", "It answers only."),
                              Condition("trait.agentic && trait.high_risk", "Both.")])
answers = st.frozensets(st.sampled_from(["agentic", "high_risk"]))


@st.composite
def tailorings(draw: st.DrawFn) -> tuple[Tailoring, ...]:
    """Decisions of the unit, the unit above and the organisation, some of them absent."""
    found = []
    for unit in ("unit-a", "unit-top", None):
        if draw(st.booleans()):
            continue
        added = draw(subsets)
        removed = dict.fromkeys(draw(subsets) - added, "Why not.")
        found.append(decided(draw(st.sampled_from([None, "one", "two"])), unit, added=added, removed=removed))
    return tuple(found)


@st.composite
def catalogues(draw: st.DrawFn) -> Catalogue:
    """Five controls and two baselines under any conditions."""
    made = catalogue(*(control(id_, applies=draw(conditions)) for id_ in IDS))
    return replace(made, baselines=(Baseline("one", "One", "", draw(subsets), draw(conditions)),
                                    Baseline("two", "Two", "", draw(subsets), draw(conditions))))


scoped = st.lists(st.builds(scoping, st.sampled_from(ScopingState), st.sampled_from([None, NOW - DAY, NOW, NOW + DAY]),
                            st.sampled_from(IDS)), max_size=2)


def seen_by(traits: frozenset[str], over: tuple[Tailoring, ...], left_out: Iterable[Any] = ()) -> Snapshot:
    return snapshot(traits=traits, tailorings=over, scopings=tuple(left_out))


def applying(seen: Snapshot, known: Catalogue) -> frozenset[str]:
    """The controls that apply."""
    return frozenset(id_ for id_, one in known.controls.items() if applicability(one, Setting(seen, known)).applies)


@settings(max_examples=150, deadline=None)
@given(catalogues(), answers, tailorings(), scoped)
def test_what_applies_says_why_and_what_does_not_says_why_not(known: Catalogue, traits: frozenset[str],
                                                              over: tuple[Tailoring, ...], left_out: list[Any]) -> None:
    setting = Setting(seen_by(traits, over, left_out), known)
    for one in known.controls.values():
        found = applicability(one, setting)
        assert found.applies == (not found.reasons)
        assert not found.applies or why_asked(one, setting)


@settings(max_examples=150, deadline=None)
@given(catalogues(), answers, tailorings())
def test_no_decision_takes_what_is_asked_in_any_case(known: Catalogue, traits: frozenset[str],
                                                     over: tuple[Tailoring, ...]) -> None:
    setting = Setting(seen_by(traits, over), known)
    free = applying(seen_by(traits, ()), known)
    least = frozenset(id_ for one in known.baselines if one.least is not None and setting.asked_for(one.least)
                      for id_ in one.controls)
    found = applying(seen_by(traits, over), known)
    assert found <= free, "a decision never asks for what its condition leaves out"
    assert free & least <= found
    chosen = adopted(setting)
    if chosen is None:
        assert found == free
    else:
        held_by = next(one.controls for one in known.baselines if one.id == chosen.baseline)
        removed = frozenset(dict(chosen.removed))
        assert found == free & (least | ((held_by | chosen.added) - removed))


@settings(max_examples=100, deadline=None)
@given(catalogues(), answers, tailorings())
def test_what_is_decided_above_the_nearest_choice_does_not_matter(known: Catalogue, traits: frozenset[str],
                                                                  over: tuple[Tailoring, ...]) -> None:
    nearest = next((place for place, one in enumerate(over) if one.baseline is not None), len(over))
    assert applying(seen_by(traits, over), known) == applying(seen_by(traits, over[:nearest + 1]), known)


@settings(max_examples=100, deadline=None)
@given(catalogues(), answers)
def test_a_baseline_of_all_controls_changes_nothing(known: Catalogue, traits: frozenset[str]) -> None:
    known = replace(known, baselines=(*known.baselines, Baseline("whole", "Whole", "", frozenset(known.controls))))
    assert applying(seen_by(traits, (decided("whole"),)), known) == applying(seen_by(traits, ()), known)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from("abcde"), st.frozensets(st.sampled_from("abcde"), max_size=2)),
       st.frozensets(st.sampled_from("abcde")), st.frozensets(st.sampled_from("abcde")))
def test_implying_is_a_closure(pairs: dict[str, frozenset[str]], some: frozenset[str], more: frozenset[str]) -> None:
    """Also where traits imply each other in a ring."""
    known = replace(held(), traits=tuple(Trait(id_, id_, "", "", implies=tuple(sorted(implied))) for id_, implied in pairs.items()))
    found = known.with_implied(some)
    assert some <= found
    assert known.with_implied(found) == found
    assert found <= known.with_implied(some | more)
