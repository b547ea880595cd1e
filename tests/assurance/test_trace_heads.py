"""Which controls speak for each requirement: by their own relation, from above, through others; and what is left open."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.assurance.mapped import hanging
from govern.assurance.trace_heads import End, Head, Step, heads, spoken_for
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Framework, Relation, Target
from govern.folders import folder
from tests.assurance.builders import catalogue, control, framework, link, requirement


def told(found: tuple[Head, ...]) -> list[tuple[str, str, str, str]]:
    """(requirement, control, relation, requirement that was mapped) of each head."""
    return [(one.requirement, one.control, one.relation, one.via.requirement if one.via else "") for one in found]


PARTS = (requirement("1", assessable=False), requirement("1.1", "1"), requirement("1.1.a", "1.1"), requirement("1.2", "1"))


def test_a_relation_of_its_own_comes_first() -> None:
    known = catalogue(control("C-01", links=[link("1.1"), link("1.1.a", Relation.SUBSET)]),
                      frameworks=[framework(*PARTS, down=True)])
    assert told(heads(known, "f")) == [("1.1", "C-01", "equal", ""), ("1.1.a", "C-01", "subset-of", ""), ("1.2", "", "", "")]


def test_strength_passes_down_only_where_the_framework_says_so() -> None:
    known = catalogue(control("C-01", links=[link("1.1", Relation.SUPERSET)]),
                      control("C-02", links=[link("1.1", Relation.INTERSECTS)]))
    down = replace(known, digest="down", frameworks={"f": framework(*PARTS, down=True)})
    assert told(heads(down, "f", "1.1")) == [
        ("1.1", "C-01", "superset-of", ""), ("1.1", "C-02", "intersects-with", ""), ("1.1.a", "C-01", "superset-of", "1.1")]
    flat = replace(known, digest="flat", frameworks={"f": framework(*PARTS)})
    assert told(heads(flat, "f", "1.1.a")) == [("1.1.a", "", "", "")]


def test_members_of_a_complete_set_speak_for_what_stands_below() -> None:
    links = [link("1.1", Relation.INTERSECTS)]
    known = catalogue(control("C-01", links=links), control("C-02", links=links),
                      frameworks=[framework(*PARTS, joint={"1.1": ["C-01", "C-02"]}, down=True)])
    assert told(heads(known, "f", "1.1.a")) == [
        ("1.1.a", "C-01", "intersects-with", "1.1"), ("1.1.a", "C-02", "intersects-with", "1.1")]


def through(*targets: tuple[str, str]) -> Framework:
    """A framework whose one requirement is met through others."""
    one = replace(requirement("X"), through=tuple(Target(*target) for target in targets))
    return framework(one, id_="g")


def test_a_requirement_is_met_through_others_and_what_stands_below_them() -> None:
    known = catalogue(control("C-01", links=[link("1.1.a", Relation.SUBSET)]), control("C-02", links=[link("1.2")]),
                      frameworks=[framework(*PARTS), through(("f", "1"))])
    found = heads(known, "g")
    assert told(found) == [("X", "C-01", "subset-of", "1.1.a"), ("X", "C-02", "equal", "1.2")]
    assert {one.via for one in found} == {Target("f", "1.1.a"), Target("f", "1.2")}


def test_each_control_stands_once_beside_a_requirement() -> None:
    known = catalogue(control("C-01", links=[link("1.1"), link("1.2")]),
                      frameworks=[framework(*PARTS), through(("f", "1.2"), ("f", "1.1"))])
    assert told(heads(known, "g")) == [("X", "C-01", "equal", "1.2")]


# -- what is left open ---------------------------------------------------------------------------------------------


def test_gaps_are_told_beside_what_is_proved() -> None:
    known = catalogue(control("C-01", links=[link("1.1")]),
                      frameworks=[replace(framework(*PARTS), gaps={"1.1": "Nobody asks for the seal."})])
    found = heads(known, "f")
    assert told(found) == [("1.1", "C-01", "equal", ""), ("1.1", "", "", ""), ("1.1.a", "", "", ""), ("1.2", "", "", "")]
    assert [one.end for one in found] == [
        None, End(Step.REQUIREMENT, "gap", "The catalogue leaves this open: Nobody asks for the seal."),
        *2 * [End(Step.REQUIREMENT, "unmapped", "No control of the catalogue is mapped to it.")]]


def test_a_heading_is_answered_by_what_stands_below_it() -> None:
    known = catalogue(control("C-01", links=[link("1.1.a")]), frameworks=[framework(*PARTS)])
    assert [one.requirement for one in heads(known, "f", "1")] == ["1.1.a", "1.2"], "1.1 hangs on its part"


def test_what_is_never_assessed_says_so_when_it_is_asked_for() -> None:
    known = catalogue(control("C-01", links=[link("1.1")]), frameworks=[framework(*PARTS, requirement("2", assessable=False))])
    assert "2" not in {one.requirement for one in heads(known, "f")}
    end = End(Step.REQUIREMENT, "unmapped", "It is not assessed, and no control speaks for it or for what stands below it.")
    assert heads(known, "f", "2") == (Head("f", "2", "", end=end),)
    assert heads(known, "f", "2", ["C-01"]) == (), "of a control it is not a start"


# -- narrowed to controls ------------------------------------------------------------------------------------------


def test_from_controls_backwards() -> None:
    known = catalogue(control("C-01", links=[link("1.1")]), control("C-02"), frameworks=[framework(*PARTS), through(("f", "1.1"))])
    found = heads(known, controls=["C-01", "C-02", "C-99"])
    assert told(found) == [("1.1", "C-01", "equal", ""), ("X", "C-01", "equal", "1.1"), ("", "C-02", "", ""), ("", "C-99", "", "")]
    assert [one.end.code if one.end else "" for one in found] == ["", "", "no-requirement", "unknown-control"]
    assert told(heads(known, "f", controls=["C-02"])) == [], "in a framework it has no place"
    assert told(heads(known)) == told(found)[:3], "without a start at controls, all of the catalogue"


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return load(folder("controls"))


def test_the_shipped_catalogue_has_every_claim_once(shipped: Catalogue) -> None:
    for one in shipped.frameworks.values():
        hangs, spoken = hanging(one, shipped), spoken_for(one, shipped)
        for id_, found in spoken.items():
            controls = [head.control for head in found if head.control]
            assert len(controls) == len(set(controls))
            assert controls[:len(hangs[id_].controls)] == list(hangs[id_].controls)
            assert bool(controls) or not one.by_id[id_].assessable or hangs[id_].children or found[-1].end
            for head in (head for head in found if head.control):
                via = head.via or Target(one.id, id_)
                mapped = dict(shipped.mapped[via.framework][via.requirement])
                assert (head.relation, head.why) == (mapped[head.control].relation.value, mapped[head.control].why)
