"""Judging some controls only: what is judged is as in the whole posture, and what bears on a requirement is enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.assurance.coverage import cover
from govern.assurance.outcomes import Posture
from govern.assurance.posture import derive
from govern.assurance.selected import bearing_on, derive_some, standing_of
from govern.catalogue.objects import Target
from tests.assurance.builders import (
    HIGH_RISK,
    catalogue,
    control,
    day,
    framework,
    good,
    link,
    requirement,
    snapshot,
    statuses,
    waiver,
)

LAW = framework(requirement("A"), requirement("A.1", "A"), replace(requirement("B"), through=(Target("g", "C"),)), requirement("D"))
OTHER = framework(requirement("C"), requirement("C.1", "C"), id_="g")
KNOWN = catalogue(control("K-1", links=[link("A")]), control("K-2", links=[link("A.1")]),
                  control("K-3", links=[link("C.1", framework="g")], applies=HIGH_RISK), control("K-4", links=[link("D")]),
                  frameworks=[LAW, OTHER])
SEEN = snapshot(good("e1", "K-1"), good("e2", "K-4"), waivers=(waiver(day(300), "K-2"),))


@pytest.mark.parametrize(("id_", "controls"), [("A", {"K-1", "K-2"}), ("A.1", {"K-2"}), ("B", {"K-3"}), ("D", {"K-4"})])
def test_what_bears_on_a_requirement(id_: str, controls: set[str]) -> None:
    assert bearing_on(KNOWN, [Target("f", id_)]) == controls


def test_of_several_requirements_each_control_once() -> None:
    assert bearing_on(KNOWN, [Target("f", one.id) for one in LAW.requirements]) == {"K-1", "K-2", "K-3", "K-4"}
    assert bearing_on(KNOWN, []) == frozenset()


@pytest.mark.parametrize("some", [{"K-1"}, {"K-4", "K-2"}, set[str](), {"K-1", "K-2", "K-3", "K-4"}])
def test_some_controls_are_judged_as_all_are(some: set[str]) -> None:
    whole, part = derive(SEEN, KNOWN), derive_some(SEEN, KNOWN, some)
    assert part == Posture(whole.system, whole.moment, whole.catalogue,
                           {id_: one for id_, one in whole.controls.items() if id_ in some})


def test_what_bears_on_a_requirement_is_enough_to_judge_it() -> None:
    whole = cover(derive(SEEN, KNOWN), LAW, KNOWN)
    assert {one.covered.value for one in whole.requirements.values()} == {"met", "not met", "not applicable"}
    for one in LAW.requirements:
        part = derive_some(SEEN, KNOWN, bearing_on(KNOWN, [Target("f", one.id)]))
        assert cover(part, LAW, KNOWN).requirements[one.id] == whole.requirements[one.id]


def test_what_applies_and_what_is_satisfied() -> None:
    found = derive(SEEN, KNOWN)
    assert statuses(found) == {"K-1": "satisfied", "K-2": "waived", "K-3": "not applicable", "K-4": "satisfied"}
    assert standing_of(found) == ({"K-1", "K-2", "K-4"}, {"K-1", "K-4"})
