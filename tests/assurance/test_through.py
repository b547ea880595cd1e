"""Requirements that are met through others, of the same framework or of another one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.assurance.coverage import cover, share, shares
from govern.assurance.outcomes import Covered, How, RequirementOutcome
from govern.catalogue.objects import Control, Framework, Relation, Target
from govern.catalogue.reach import reaches
from tests.assurance.builders import catalogue, control, framework, link, requirement
from tests.assurance.test_coverage import posture


def through(id_: str, *targets: tuple[str, str], parent: str | None = None) -> Framework:
    """A framework `g` of one requirement that goes through others."""
    going = replace(requirement(id_, parent), through=tuple(Target(*one) for one in targets))
    return framework(going, id_="g")


HOME = framework(requirement("R"), requirement("S"))
A = control("A", links=[link("R")])
B = control("B", links=[link("S")])
LOOSE = control("C", links=[link("S", Relation.INTERSECTS)])


def outcome(published: Framework, *, controls: tuple[Control, ...] = (A, B), **statuses: str) -> RequirementOutcome:
    """The outcome of the first requirement of `published`, whose way leads through HOME."""
    known = catalogue(*controls, frameworks=[HOME, published])
    return cover(posture(**statuses), published, known).requirements[published.requirements[0].id]


@pytest.mark.parametrize(("a", "b", "expected", "how"), [
    ("sat", "sat", Covered.MET, How.THROUGH),
    ("sat", "na", Covered.MET, How.THROUGH),
    ("sat", "fail", Covered.PARTLY, How.PARTIAL),
    ("sat", "due", Covered.PARTLY, How.PARTIAL),
    ("fail", "miss", Covered.NOT_MET, How.NONE),
    ("due", "due", Covered.NOT_DUE, How.NONE),
    ("na", "na", Covered.NOT_APPLICABLE, How.NONE),
])
def test_through_two_requirements_of_another_framework(a: str, b: str, expected: Covered, how: How) -> None:
    found = outcome(through("X", ("f", "R"), ("f", "S")), A=a, B=b)
    assert (found.covered, found.how) == (expected, how)


def test_the_reasons_name_what_it_goes_through_and_the_controls_there() -> None:
    found = outcome(through("X", ("f", "R"), ("f", "S")), A="sat", B="fail")
    assert found.controls == ("A", "B")
    assert [(one.code, one.text) for one in found.reasons] == [
        ("parts-met", "Met: R."), ("parts-not-met", "Not met: S.")]


def test_a_control_of_its_own_goes_first() -> None:
    own = control("D", links=[link("X", framework="g")])
    found = outcome(through("X", ("f", "R")), controls=(A, B, own), A="fail", B="fail", D="sat")
    assert (found.covered, found.how, found.controls) == (Covered.MET, How.DIRECT, ("D",))


def test_a_way_within_the_same_framework_to_one_that_stands_below() -> None:
    going = replace(requirement("X"), through=(Target("h", "Y"),))
    home = framework(going, requirement("Y"), id_="h")
    own = control("D", links=[link("Y", framework="h")])
    found = cover(posture(D="sat"), home, catalogue(own, frameworks=[home])).requirements
    assert [(id_, one.covered, one.how) for id_, one in found.items()] == [
        ("X", Covered.MET, How.THROUGH), ("Y", Covered.MET, How.DIRECT)]


def test_nothing_mapped_at_the_end_of_the_way_is_unmapped() -> None:
    assert outcome(through("X", ("f", "S")), controls=(A,), A="sat").covered is Covered.UNMAPPED


def test_shares_of_several_frameworks_are_those_of_each() -> None:
    going = through("X", ("f", "R"), ("f", "S"))
    known = catalogue(A, B, frameworks=[HOME, going])
    held = posture(A="sat", B="fail")
    assert shares(held, (HOME, going), known) == {"f": (1, 2), "g": (0, 1)}
    assert share(held, going, known) == (0, 1)


def test_reach_counts_the_way_only_where_each_end_can_be_met() -> None:
    going = through("X", ("f", "R"), ("f", "S"))
    [strong] = reaches(catalogue(A, B, frameworks=[HOME, going]), going)
    assert (strong.through, strong.open, strong.reached) == (True, False, True)
    [weak] = reaches(catalogue(A, LOOSE, frameworks=[HOME, going]), going)
    assert (weak.through, weak.open, weak.reached) == (False, True, False)
