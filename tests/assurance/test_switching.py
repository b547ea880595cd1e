"""What a change would switch on and off: the lines of each kind, and that they tell all that differs and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from govern.assurance.outcomes import Status
from govern.assurance.posture import derive
from govern.assurance.switching import Consequence, Switch, SwitchedOn, switched_on, with_catalogue, with_tailorings, with_traits
from govern.catalogue.loader import load
from govern.catalogue.objects import Baseline, Catalogue, Check, Condition, Due, Limit, Tolerance, Trait
from govern.facts.systems import Stage
from govern.facts.tailoring import Tailoring
from govern.folders import folder
from tests.assurance.builders import ask, catalogue, control, evidence, good, review, snapshot, version
from tests.assurance.test_applicability import answers, catalogues, decided, tailorings

AGENTIC = Condition("trait.agentic", "The system acts.")
HIGH = Condition("trait.high_risk", "The system is high-risk.")
CALM = Condition("!trait.agentic", "It only answers.")
FEW = Check("few", "Are few left open?", "critical <= limit.open", frozenset({"scan"}))


def held() -> Catalogue:
    """C-01 always; C-02 where it acts; C-03 where it only answers; C-04 with a second ask where it is high-risk; C-05 that
    is held to a figure.
    """
    made = catalogue(
        control("C-01"), control("C-02", applies=AGENTIC), control("C-03", applies=CALM),
        control("C-04", ask("C-04.1"), ask("C-04.2", when=HIGH)), control("C-05", ask("C-05.1", checks=(FEW,))))
    return replace(made, baselines=(Baseline("small", "Small", "", frozenset({"C-01", "C-05"})),),
                   limits=(Limit("open", "Open", "", "int"),),
                   tolerances=(Tolerance("none", "None", "", {"open": 0}), Tolerance("some", "Some", "", {"open": 3})))


def told(found: Consequence) -> list[tuple[str, Switch, Status | None, Status | None]]:
    return [(one.control, one.switch, one.before, one.after) for one in found.switched]


NA, MISSING = Status.NOT_APPLICABLE, Status.MISSING


@pytest.mark.parametrize(("before", "after", "lines"), [
    ([], [], []),
    ([], ["agentic"], [("C-02", Switch.ON, NA, MISSING), ("C-03", Switch.OFF, MISSING, NA)]),
    (["agentic"], [], [("C-02", Switch.OFF, MISSING, NA), ("C-03", Switch.ON, NA, MISSING)]),
    ([], ["high_risk"], [("C-04", Switch.ASKS, MISSING, MISSING)]),
    (["high_risk"], ["agentic"], [("C-02", Switch.ON, NA, MISSING), ("C-03", Switch.OFF, MISSING, NA),
                                  ("C-04", Switch.ASKS, MISSING, MISSING)]),
])
def test_other_answers(before: Iterable[str], after: Iterable[str],
                       lines: list[tuple[str, Switch, Status, Status]]) -> None:
    assert told(with_traits(snapshot(traits=before), frozenset(after), held())) == lines


def test_each_line_says_why_and_which_asks() -> None:
    found = with_traits(snapshot(), frozenset({"high_risk", "agentic"}), held())
    on, off, asks = (found.of(switch)[0] for switch in (Switch.ON, Switch.OFF, Switch.ASKS))
    assert (asks.control, asks.asks_on, asks.asks_off) == ("C-04", ("C-04.2",), ())
    assert [reason.text for reason in off.reasons] == ["Asked only where this holds: It only answers."]
    assert on.title == "Control C-02"
    back = with_traits(snapshot(traits=["high_risk"]), frozenset(), held()).switched[0]
    assert (back.asks_on, back.asks_off) == ((), ("C-04.2",))


def test_the_same_asks_with_another_status() -> None:
    """A figure of the unit makes the same evidence enough."""
    seen = snapshot(evidence(version(critical=2, review=review()), controls=["C-05"]))
    found = with_tailorings(seen, (decided(None, tolerance="some"),), held())
    assert told(found) == [("C-05", Switch.STATUS, Status.FAILING, Status.SATISFIED)]
    assert found.of(Switch.STATUS) == found.switched
    assert with_tailorings(seen, (decided(None, tolerance="none"),), held()).switched == ()


def test_a_decision_of_the_unit() -> None:
    seen = snapshot(good("e1", "C-01"), good("e3", "C-03"))
    found = with_tailorings(seen, (decided("small"),), held())
    assert told(found) == [("C-03", Switch.OFF, Status.SATISFIED, NA), ("C-04", Switch.OFF, MISSING, NA)]
    assert found.switched[0].reasons[0].text == "Not in the baseline “Small”, which Unit-A adopted."
    assert told(with_tailorings(replace(seen, tailorings=(decided("small"),)), (), held())) == [
        ("C-03", Switch.ON, NA, Status.SATISFIED), ("C-04", Switch.ON, NA, MISSING)]


def test_another_catalogue() -> None:
    old = held()
    controls = {id_: one for id_, one in old.controls.items() if id_ != "C-01"} | {"N-01": control("N-01")}
    new = replace(old, controls=controls, baselines=())
    assert told(with_catalogue(snapshot(), old, new)) == [
        ("N-01", Switch.ON, None, MISSING), ("C-01", Switch.OFF, MISSING, None)], "what is gone comes last"
    not_due = replace(new, controls={**old.controls, "C-01": control("C-01", ask("C-01.1", due=Due(stage="operation")))})
    assert told(with_catalogue(snapshot(stage=Stage.DESIGN), old, not_due)) == [
        ("C-01", Switch.STATUS, MISSING, Status.NOT_DUE)]


@settings(max_examples=120, deadline=None)
@given(catalogues(), answers, answers, tailorings(), tailorings())
def test_the_lines_are_all_that_differs(known: Catalogue, was: frozenset[str], will: frozenset[str],
                                        over: tuple[Tailoring, ...], later: tuple[Tailoring, ...]) -> None:
    seen = snapshot(traits=was, tailorings=over)
    for found, after in ((with_traits(seen, will, known), snapshot(traits=will, tailorings=over)),
                         (with_tailorings(seen, later, known), snapshot(traits=was, tailorings=later))):
        before, then = derive(seen, known), derive(after, known)
        assert (found.before, found.after) == (before, then)
        differ = {id_ for id_ in known.controls if before.controls[id_].status is not then.controls[id_].status}
        assert {one.control for one in found.switched} == differ
        for one in found.switched:
            assert (one.before, one.after) == (before.controls[one.control].status, then.controls[one.control].status)
            assert (one.switch is Switch.ON) == (one.before is NA)
            assert (one.switch is Switch.OFF) == (one.after is NA)
            assert one.reasons
    back = with_traits(replace(seen, system=replace(seen.system, traits=will)), was, known)
    turned = {Switch.ON: Switch.OFF, Switch.OFF: Switch.ON}
    there = with_traits(seen, will, known)
    assert [(one.control, turned.get(one.switch, one.switch)) for one in there.switched] == [
        (one.control, one.switch) for one in back.switched], "the way back switches the other way"


# -- what one answer decides -----------------------------------------------------------------------------------------


def test_what_an_answer_switches() -> None:
    traits = (Trait("high-risk", "High-risk", "", ""), Trait("high", "High", "", ""), Trait("agentic", "Agentic", "", ""),
              Trait("pays", "Pays", "", "", implies=("agentic",)))
    made = catalogue(
        control("C-01"), control("C-02", ask("C-02.1"), ask("C-02.2", when=HIGH), applies=AGENTIC),
        control("C-03", ask("C-03.1"), ask("C-03.2", when=AGENTIC), ask("C-03.3", when=HIGH)),
        control("C-04", applies=Condition("trait.high || trait.agentic", "Either.")))
    known = replace(made, traits=traits, baselines=(
        Baseline("b", "B", "", frozenset(), HIGH), Baseline("c", "C", "", frozenset(), Condition("true", "Always.")),
        Baseline("d", "D", "", frozenset())))
    assert switched_on(known) == {
        "high-risk": SwitchedOn((), ("C-02.2", "C-03.3"), ("b",)),
        "high": SwitchedOn(("C-04",), (), ()),
        "agentic": SwitchedOn(("C-02", "C-04"), ("C-03.2",), ()),
        "pays": SwitchedOn(("C-02", "C-04"), ("C-03.2",), ()),
    }, "trait.high is not trait.high_risk; what a trait implies counts; asks of a control that is switched are not told twice"


def test_every_trait_that_a_shipped_condition_names_is_told(shipped: Catalogue) -> None:
    found = switched_on(shipped)
    assert list(found) == [trait.id for trait in shipped.traits]
    told_controls = {id_ for one in found.values() for id_ in one.controls}
    assert told_controls == {id_ for id_, one in shipped.controls.items() if one.applies and "trait." in one.applies.expression}


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    """The catalogue that ships with the package."""
    return load(folder("controls"))
