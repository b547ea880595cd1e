"""How far mappings reach: by one control, jointly, from above, or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Framework, Link, Relation, Requirement
from govern.catalogue.reach import Reach, reaches
from tests.catalogue.tiny import lay_out


def requirement(name: str, parent: str | None, assessable: bool = True) -> Requirement:
    return Requirement(name, parent, "point", name, False, "gist", assessable)


def framework_of(*, passes_down: bool, joint: dict[str, frozenset[str]]) -> Framework:
    return Framework("law", "Law", "State", "1", "2024", "in force", {}, "ours", passes_down,
                     (requirement("A", None, assessable=False), requirement("1", "A"), requirement("1.a", "1"),
                      requirement("2", None)), joint)


def mapped_to(catalogue: Catalogue, *links: tuple[str, Relation]) -> Catalogue:
    control = catalogue.controls["GOV-01"]
    mappings = tuple(Link("law", name, relation, "why") for name, relation in links)
    return replace(catalogue, controls={"GOV-01": replace(control, mappings=mappings)})


@pytest.fixture
def tiny(tmp_path: Path) -> Catalogue:
    return load(lay_out(tmp_path))


@pytest.mark.parametrize(
    ("relation", "passes_down", "expected"),
    [
        (Relation.EQUAL, False, [(True, False), (False, False)]),
        (Relation.EQUAL, True, [(True, False), (True, False)]),
        (Relation.SUPERSET, True, [(True, False), (True, False)]),
        (Relation.SUBSET, True, [(False, False), (False, False)]),
        (Relation.INTERSECTS, True, [(False, False), (False, False)]),
    ],
)
def test_one_control(
    tiny: Catalogue, relation: Relation, passes_down: bool, expected: list[tuple[bool, bool]]
) -> None:
    found = reaches(mapped_to(tiny, ("1", relation)), framework_of(passes_down=passes_down, joint={}))
    assert [(one.by_one, one.jointly) for one in found[:2]] == expected
    assert [(one.direct, one.above) for one in found[:2]] == [(True, False), (False, True)]
    assert found[2] == Reach("2", direct=False, above=False, by_one=False, jointly=False)
    assert [one.reached for one in found] == [True, True, False]
    assert found[2].open


@pytest.mark.parametrize(("passes_down", "below"), [(True, True), (False, False)])
def test_a_joint_set_counts_where_no_single_control_does(
    tiny: Catalogue, passes_down: bool, below: bool
) -> None:
    framework = framework_of(passes_down=passes_down, joint={"1": frozenset({"GOV-01"})})
    weak = reaches(mapped_to(tiny, ("1", Relation.SUBSET)), framework)
    assert [one.jointly for one in weak] == [True, below, False]
    strong = reaches(mapped_to(tiny, ("1", Relation.EQUAL)), framework)
    assert [one.jointly for one in strong] == [False, False, False]


def test_what_is_not_assessable_is_not_counted(tiny: Catalogue) -> None:
    assert [one.requirement for one in reaches(tiny, tiny.frameworks["law-1"])] == ["A.1", "B"]


def test_nothing_passes_down_from_a_top_node(tiny: Catalogue) -> None:
    found = reaches(mapped_to(tiny, ("A", Relation.SUPERSET)), framework_of(passes_down=True, joint={}))
    assert [(one.requirement, one.above, one.by_one) for one in found] == [
        ("1", True, False), ("1.a", True, False), ("2", False, False)]
