"""How far requirements are met: by one control, by a declared set, by their parts, or in part, and what
passes down.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from govern.assurance.coverage import cover, share
from govern.assurance.outcomes import (
    ControlOutcome,
    Coverage,
    Covered,
    How,
    Posture,
    Reason,
    RequirementOutcome,
    Status,
)
from govern.catalogue.objects import Control, Framework, Relation
from govern.facts.moments import Moment
from tests.assurance.builders import SYSTEM, catalogue, control, framework, link, requirement

EQUAL, SUPER, SUB, MEETS = Relation.EQUAL, Relation.SUPERSET, Relation.SUBSET, Relation.INTERSECTS
SHORT = {"sat": Status.SATISFIED, "na": Status.NOT_APPLICABLE, "due": Status.NOT_DUE, "waived": Status.WAIVED,
         "fail": Status.FAILING, "review": Status.IN_REVIEW, "stale": Status.STALE, "part": Status.PARTIAL,
         "miss": Status.MISSING}


def posture(**controls: str) -> Posture:
    """A posture in which controls have these statuses; "waived" covers something missing."""
    made = {}
    for id_, short in controls.items():
        status = SHORT[short]
        underneath = Status.MISSING if status is Status.WAIVED else status
        made[id_] = ControlOutcome(id_, status, underneath, (Reason("because", "It is so."),), None)
    return Posture(SYSTEM, Moment(7, 1), "digest", made)


def covered(published: Framework, *controls: Control, **statuses: str) -> Coverage:
    """Coverage of a framework by controls with these statuses."""
    return cover(posture(**statuses), published, catalogue(*controls, frameworks=[published]))


def one(published: Framework, *controls: Control, id_: str = "R", **statuses: str) -> RequirementOutcome:
    """The outcome of one requirement."""
    return covered(published, *controls, **statuses).requirements[id_]


def linked(id_: str, relation: Relation = EQUAL, *requirements: str) -> Control:
    """A control related in one way to some requirements, R if none are named."""
    return control(id_, links=[link(target, relation) for target in requirements or ("R",)])


R = framework(requirement("R"))
PAIR = framework(requirement("R"), joint={"R": ["A", "B"]})


@pytest.mark.parametrize(("relation", "status", "expected", "how"), [
    (EQUAL, "sat", Covered.MET, How.DIRECT),
    (SUPER, "sat", Covered.MET, How.DIRECT),
    (SUB, "sat", Covered.PARTLY, How.PARTIAL),
    (MEETS, "sat", Covered.PARTLY, How.PARTIAL),
    (EQUAL, "waived", Covered.NOT_MET, How.NONE),
    (EQUAL, "fail", Covered.NOT_MET, How.NONE),
    (EQUAL, "review", Covered.NOT_MET, How.NONE),
    (EQUAL, "stale", Covered.NOT_MET, How.NONE),
    (EQUAL, "part", Covered.NOT_MET, How.NONE),
    (EQUAL, "miss", Covered.NOT_MET, How.NONE),
    (EQUAL, "due", Covered.NOT_DUE, How.NONE),
    (EQUAL, "na", Covered.NOT_APPLICABLE, How.NONE),
    (SUB, "na", Covered.NOT_APPLICABLE, How.NONE),
    (MEETS, "due", Covered.NOT_DUE, How.NONE),
    (MEETS, "waived", Covered.NOT_MET, How.NONE),
])
def test_by_one_control(relation: Relation, status: str, expected: Covered, how: How) -> None:
    found = one(R, linked("A", relation), A=status)
    assert (found.covered, found.how, found.controls, len(found.reasons)) == (expected, how, ("A",), 1)


@pytest.mark.parametrize(("a", "b", "expected"), [
    ("sat", "miss", Covered.MET),
    ("miss", "sat", Covered.PARTLY),
    ("na", "sat", Covered.PARTLY),
    ("na", "miss", Covered.NOT_MET),
    ("na", "due", Covered.NOT_DUE),
    ("na", "na", Covered.NOT_APPLICABLE),
    ("due", "miss", Covered.NOT_MET),
    ("due", "waived", Covered.NOT_MET),
    ("due", "sat", Covered.PARTLY),
    ("sat", "sat", Covered.MET),
])
def test_by_an_equal_and_an_overlapping_control(a: str, b: str, expected: Covered) -> None:
    assert one(R, linked("A"), linked("B", MEETS), A=a, B=b).covered is expected


@pytest.mark.parametrize(("a", "b", "expected", "how"), [
    ("sat", "sat", Covered.MET, How.JOINT),
    ("sat", "na", Covered.MET, How.JOINT),
    ("na", "sat", Covered.MET, How.JOINT),
    ("na", "na", Covered.NOT_APPLICABLE, How.NONE),
    ("sat", "waived", Covered.PARTLY, How.PARTIAL),
    ("sat", "due", Covered.PARTLY, How.PARTIAL),
    ("sat", "miss", Covered.PARTLY, How.PARTIAL),
    ("due", "na", Covered.NOT_DUE, How.NONE),
    ("due", "due", Covered.NOT_DUE, How.NONE),
    ("miss", "na", Covered.NOT_MET, How.NONE),
])
@pytest.mark.parametrize("mapped", [True, False])
def test_by_a_declared_set(a: str, b: str, expected: Covered, how: How, mapped: bool) -> None:
    controls = [linked(id_, MEETS) if mapped else control(id_) for id_ in "AB"]
    found = one(PAIR, *controls, A=a, B=b)
    assert (found.covered, found.how, found.controls) == (expected, how, ("A", "B"))


def test_partial_relations_never_add_up_without_a_declared_set() -> None:
    assert one(R, linked("A", SUB), linked("B", SUB), A="sat", B="sat").covered is Covered.PARTLY


def test_a_member_that_does_not_apply_without_a_reason_does_not_count() -> None:
    bare = posture(A="sat", B="na")
    bare = Posture(SYSTEM, bare.moment, "digest", {
        **bare.controls, "B": ControlOutcome("B", Status.NOT_APPLICABLE, Status.NOT_APPLICABLE, (), None)})
    found = cover(bare, PAIR, catalogue(control("A"), control("B"), frameworks=[PAIR])).requirements["R"]
    assert found.covered is Covered.PARTLY


def test_a_member_that_nobody_knows_does_not_count() -> None:
    assert one(PAIR, linked("A", MEETS), A="sat").covered is Covered.PARTLY


def test_one_control_comes_before_a_set() -> None:
    assert one(PAIR, linked("A"), linked("B", MEETS), A="sat", B="sat").how is How.DIRECT


# -- trees -----------------------------------------------------------------------------------------

TREE = framework(requirement("R", assessable=False), requirement("R1", "R"), requirement("R2", "R"))


@pytest.mark.parametrize(("a", "b", "expected", "how"), [
    ("sat", "sat", Covered.MET, How.CHILDREN),
    ("sat", "na", Covered.MET, How.CHILDREN),
    ("na", "na", Covered.NOT_APPLICABLE, How.NONE),
    ("sat", "miss", Covered.PARTLY, How.PARTIAL),
    ("sat", "due", Covered.PARTLY, How.PARTIAL),
    ("due", "na", Covered.NOT_DUE, How.NONE),
    ("due", "due", Covered.NOT_DUE, How.NONE),
    ("due", "waived", Covered.NOT_MET, How.NONE),
    ("miss", "miss", Covered.NOT_MET, How.NONE),
])
@pytest.mark.parametrize("assessable", [True, False])
def test_by_its_parts(a: str, b: str, expected: Covered, how: How, assessable: bool) -> None:
    tree = framework(requirement("R", assessable=assessable), requirement("R1", "R"), requirement("R2", "R"))
    found = one(tree, linked("A", EQUAL, "R1"), linked("B", EQUAL, "R2"), A=a, B=b)
    assert (found.covered, found.how, found.controls) == (expected, how, ("A", "B"))


def test_a_part_that_is_partly_met_makes_the_whole_partly_met() -> None:
    assert one(TREE, linked("A", SUB, "R1"), linked("B", EQUAL, "R2"), A="sat",
               B="miss").covered is Covered.PARTLY
    assert one(TREE, linked("A", SUB, "R1"), linked("B", EQUAL, "R2"), A="sat",
               B="sat").covered is Covered.PARTLY


def test_own_relation_and_parts_are_alternatives() -> None:
    controls = linked("A", EQUAL, "R"), linked("B", EQUAL, "R1", "R2")
    assert one(TREE, *controls, A="sat", B="miss").how is How.DIRECT
    assert one(TREE, *controls, A="miss", B="sat").how is How.CHILDREN
    assert one(TREE, *controls, A="na", B="miss").covered is Covered.NOT_MET
    assert one(TREE, *controls, A="na", B="na").covered is Covered.NOT_APPLICABLE
    assert one(TREE, *controls, A="due", B="na").covered is Covered.NOT_DUE
    assert one(TREE, *controls, A="miss", B="na").covered is Covered.NOT_MET
    assert one(TREE, *controls, A="miss", B="due").covered is Covered.NOT_MET


def test_what_is_met_by_its_parts_names_only_them() -> None:
    found = one(TREE, linked("A", EQUAL, "R"), linked("B", EQUAL, "R1", "R2"), A="miss", B="sat")
    assert (found.controls, [reason.text for reason in found.reasons]) == (("B",), ["Met: R1, R2."])


def test_what_is_met_by_one_control_names_only_satisfied_ones() -> None:
    found = one(R, linked("A"), linked("B", SUPER), A="miss", B="sat")
    assert (found.controls, [reason.text for reason in found.reasons]) == (
        ("B",), ["B covers more than this requirement and is satisfied."])


def test_parts_that_are_not_assessable_do_not_count_but_those_below_them_do() -> None:
    tree = framework(requirement("R"), requirement("R1", "R"), requirement("note", "R", assessable=False),
                     requirement("group", "R", assessable=False), requirement("R2", "group"))
    controls = linked("A", EQUAL, "R1"), linked("B", EQUAL, "R2")
    assert one(tree, *controls, A="sat", B="sat").covered is Covered.MET
    assert one(tree, *controls, A="sat", B="miss").covered is Covered.PARTLY
    assert one(tree, *controls, A="sat", B="sat", id_="group").how is How.CHILDREN
    assert one(tree, *controls, A="sat", B="sat", id_="note").covered is Covered.UNMAPPED


def test_unmapped() -> None:
    found = one(R, control("A"), A="sat")
    assert (found.covered, found.how, found.controls) == (Covered.UNMAPPED, How.NONE, ())
    assert [reason.code for reason in found.reasons] == ["unmapped"]
    tree = one(TREE, control("A"), A="sat")
    assert (tree.covered, [reason.code for reason in tree.reasons]) == (Covered.UNMAPPED, ["parts-unmapped"])


def test_an_unmapped_part_keeps_the_whole_from_being_met() -> None:
    assert one(TREE, linked("A", EQUAL, "R1"), A="sat").covered is Covered.PARTLY
    assert one(TREE, linked("A", EQUAL, "R1"), A="na").covered is Covered.NOT_MET
    assert one(TREE, linked("A", EQUAL, "R1"), A="due").covered is Covered.NOT_MET


# -- what passes down ------------------------------------------------------------------------------


def law(down: bool = True, joint: Any = None) -> Framework:
    """An article with a paragraph, its point, and the point's detail."""
    return framework(requirement("article", assessable=False), requirement("par", "article"),
                     requirement("point", "par"), requirement("detail", "point"), joint=joint, down=down)


@pytest.mark.parametrize("id_", ["point", "detail"])
def test_strength_passes_down_from_a_paragraph(id_: str) -> None:
    found = one(law(), linked("A", SUPER, "par"), A="sat", id_=id_)
    assert (found.covered, found.how, found.controls) == (Covered.MET, How.DIRECT, ("A",))
    assert [(reason.code, reason.text) for reason in found.reasons] == [
        ("covered", "A covers more than par, of which this requirement is a part, and is satisfied.")]


@pytest.mark.parametrize("id_", ["point", "detail"])
def test_a_set_passes_down_from_a_paragraph(id_: str) -> None:
    found = one(law(joint={"par": ["A", "B"]}), linked("A", MEETS, "par"), control("B"), A="sat", B="na",
                id_=id_)
    assert (found.covered, found.how) == (Covered.MET, How.JOINT)
    text = "A and B together are complete for par, of which this requirement is a part."
    assert found.reasons[0].text == text


@pytest.mark.parametrize("id_", ["point", "detail"])
@pytest.mark.parametrize("relation", [SUB, MEETS])
def test_weaker_relations_do_not_pass_down(id_: str, relation: Relation) -> None:
    assert one(law(), linked("A", relation, "par"), A="sat", id_=id_).covered is Covered.UNMAPPED


def test_nothing_passes_down_where_the_framework_does_not_say_so() -> None:
    assert one(law(down=False), linked("A", EQUAL, "par"), A="sat", id_="point").covered is Covered.UNMAPPED
    sets = law(down=False, joint={"par": ["A", "B"]})
    assert one(sets, control("A"), control("B"), A="sat", B="sat", id_="point").covered is Covered.UNMAPPED


def test_nothing_passes_down_from_an_article() -> None:
    assert one(law(), linked("A", EQUAL, "article"), A="sat", id_="par").covered is Covered.UNMAPPED
    sets = law(joint={"article": ["A", "B"]})
    assert one(sets, control("A"), control("B"), A="sat", B="sat", id_="par").covered is Covered.UNMAPPED


def test_nothing_passes_up_or_sideways() -> None:
    tree = framework(requirement("article", assessable=False), requirement("p", "article"),
                     requirement("p1", "p"),
                     requirement("p2", "p"), requirement("q", "article"), down=True)
    found = covered(tree, linked("A", EQUAL, "p1"), A="sat").requirements
    assert {id_: outcome.covered for id_, outcome in found.items()} == {
        "article": Covered.PARTLY, "p": Covered.PARTLY, "p1": Covered.MET, "p2": Covered.UNMAPPED,
        "q": Covered.UNMAPPED}


def test_what_comes_from_above_counts_when_it_is_unmet_too() -> None:
    assert one(law(), linked("A", EQUAL, "par"), A="miss", id_="point").covered is Covered.NOT_MET
    assert one(law(), linked("A", EQUAL, "par"), A="na", id_="point").covered is Covered.NOT_APPLICABLE
    assert one(law(), linked("A", EQUAL, "par"), linked("B", SUB, "point"), A="miss", B="sat",
               id_="point").covered is Covered.PARTLY


def test_own_claims_come_before_those_from_above() -> None:
    found = one(law(), linked("A", EQUAL, "par", "point"), A="sat", id_="point")
    assert [reason.text for reason in found.reasons] == [
        "A is equal to this requirement and is satisfied.",
        "A is equal to par, of which this requirement is a part, and is satisfied."]
    assert found.controls == ("A",)


# -- reasons, order, shares ------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "code", "text"), [
    ("na", "not-applicable", "A does not apply: It is so."),
    ("sat", "covered-in-part", "A is a part of this requirement and is satisfied."),
    ("due", "nothing-due",
     "A is a part of this requirement; nothing of it is due, so it proves nothing yet."),
    ("waived", "waived", "A is a part of this requirement and is waived (missing underneath)."),
    ("part", "unsatisfied", "A is a part of this requirement and is partial."),
])
def test_reasons_by_control(status: str, code: str, text: str) -> None:
    found = one(R, linked("A", SUB), linked("B", MEETS), A=status, B="miss")
    assert [(reason.code, reason.text) for reason in found.reasons] == [
        (code, text), ("unsatisfied", "B overlaps with this requirement and is missing.")]


@pytest.mark.parametrize(("to", "text"), [
    (["par"], "A is equal to par, of which this requirement is a part, and is missing."),
    (["par", "point"], "A is equal to this requirement and is missing."),
    (["point"], "A is equal to this requirement and is missing."),
])
def test_reasons_of_what_would_cover(to: list[str], text: str) -> None:
    found = one(law(), linked("A", EQUAL, *to), A="miss", id_="point")
    assert [reason.text for reason in found.reasons][:1] == [text]


def test_reasons_of_a_set() -> None:
    found = one(PAIR, control("A"), control("B"), A="sat", B="na")
    assert [(reason.code, reason.text) for reason in found.reasons] == [
        ("covered-jointly", "A and B together are complete for this requirement."),
        ("not-applicable", "B does not apply: It is so.")]
    unmet = one(PAIR, control("A"), control("B"), A="sat", B="miss")
    assert [reason.text for reason in unmet.reasons] == [
        "A is one of those that together cover this requirement and is satisfied.",
        "B is one of those that together cover this requirement and is missing."]


def test_reasons_of_parts() -> None:
    found = one(TREE, linked("A", EQUAL, "R1"), linked("B", EQUAL, "R2"), A="sat", B="miss")
    assert [(reason.code, reason.text) for reason in found.reasons] == [
        ("parts-met", "Met: R1."), ("parts-not-met", "Not met: R2.")]
    both = one(TREE, linked("A", EQUAL, "R1", "R2"), A="sat")
    assert ([reason.text for reason in both.reasons], both.controls) == (["Met: R1, R2."], ("A",))


def test_order_and_shares() -> None:
    found = covered(TREE, linked("A", EQUAL, "R1"), linked("B", EQUAL, "R2"), A="sat", B="na")
    assert list(found.requirements) == ["R", "R1", "R2"]
    assert (found.framework, found.system, found.moment) == ("f", SYSTEM, Moment(7, 1))
    assert found.share(frozenset({"R1", "R2"})) == (1, 1)


@pytest.mark.parametrize(("a", "b", "expected"), [
    ("sat", "sat", (3, 3)), ("sat", "na", (2, 2)), ("sat", "miss", (1, 3)), ("na", "na", (0, 0)),
    ("due", "na", (0, 2)), ("miss", "na", (0, 2))])
def test_share(a: str, b: str, expected: tuple[int, int]) -> None:
    tree = framework(requirement("R"), requirement("R1", "R"), requirement("R2", "R"),
                     requirement("note", "R", assessable=False))
    controls = linked("A", EQUAL, "R1"), linked("B", EQUAL, "R2")
    given = posture(A=a, B=b)
    judged = catalogue(*controls, frameworks=[tree])
    assert share(given, tree, judged) == expected
    assert cover(given, tree, judged).share(frozenset({"R", "R1", "R2"})) == expected


def test_only_links_to_this_framework_count() -> None:
    other = control("A", links=[link("R", EQUAL, "other")])
    assert one(R, other, A="sat").covered is Covered.UNMAPPED


def test_enhancements_are_no_parts_of_their_control() -> None:
    """Who meets every enhancement of a control has not met the control itself."""
    added = [replace(requirement(name, "R"), level="enhancement") for name in ("R.1", "R.2")]
    whole = framework(requirement("T", assessable=False), requirement("R", "T"), *added)
    found = covered(whole, linked("A", EQUAL, "R.1", "R.2"), linked("B", EQUAL, "R"), A="sat", B="fail").requirements
    assert [(id_, one.covered) for id_, one in found.items()] == [
        ("T", Covered.NOT_MET), ("R", Covered.NOT_MET), ("R.1", Covered.MET), ("R.2", Covered.MET)]
