"""What reaches a requirement: its own mappings, what passes down to it, and what it goes through."""

from __future__ import annotations

from govern.assurance.mapped import hanging
from govern.catalogue.objects import Catalogue, Relation, Target
from govern.catalogue.ties import Tie, controls_of, shared_controls, ties
from tests.catalogue.crossed import SUB, SUP, E, X, catalogue, control, framework, requirement


def tied(made: Catalogue, where: str = "a") -> dict[tuple[str, str], tuple[Relation | None, str]]:
    """(requirement, control) → relation and the requirement that it was stated for."""
    return {(name, one): (tie.relation, tie.via.requirement if tie.via else "")
            for name, held in ties(made)[where].items() for one, tie in held.items()}


TREE = (requirement("A"), requirement("A.1", "A"), requirement("A.1.a", "A.1"), requirement("A.1.a.i", "A.1.a"))


def test_what_covers_passes_down_as_a_superset_and_nothing_else_does() -> None:
    links = [control("GOV-01", ("a", "A.1", E)), control("GOV-02", ("a", "A.1", SUP)), control("GOV-03", ("a", "A.1", SUB)),
             control("GOV-04", ("a", "A.1", X))]
    made = catalogue((framework("a", *TREE, passes_down=True),), tuple(links))
    assert tied(made) == {
        ("A.1", "GOV-01"): (E, ""), ("A.1", "GOV-02"): (SUP, ""), ("A.1", "GOV-03"): (SUB, ""), ("A.1", "GOV-04"): (X, ""),
        **{(below, one): (SUP, "A.1") for below in ("A.1.a", "A.1.a.i") for one in ("GOV-01", "GOV-02")}}


def test_nothing_passes_down_from_a_top_node_nor_where_the_framework_does_not_say_so() -> None:
    top = catalogue((framework("a", *TREE, passes_down=True),), (control("GOV-01", ("a", "A", E)),))
    assert set(tied(top)) == {("A", "GOV-01")}
    still = catalogue((framework("a", *TREE),), (control("GOV-01", ("a", "A.1", E)),))
    assert set(tied(still)) == {("A.1", "GOV-01")}


def test_the_strongest_tie_stands_and_its_own_before_an_equal_one() -> None:
    made = catalogue((framework("a", *TREE, passes_down=True),), (
        control("GOV-01", ("a", "A.1", E), ("a", "A.1.a", X)), control("GOV-02", ("a", "A.1", E), ("a", "A.1.a", SUP)),
        control("GOV-03", ("a", "A.1", X), ("a", "A.1.a", SUB))))
    found = tied(made)
    assert found["A.1.a", "GOV-01"] == (SUP, "A.1")
    assert found["A.1.a", "GOV-02"] == (SUP, "")
    assert found["A.1.a", "GOV-03"] == (SUB, "")
    assert found["A.1.a.i", "GOV-02"] == (SUP, "A.1.a")


def through(*names: str) -> tuple[Target, ...]:
    return tuple(Target("b", name) for name in names)


def test_through_one_requirement_covering_passes_and_the_rest_only_touches() -> None:
    made = catalogue((framework("a", requirement("A 1", through=through("B 1"))), framework("b", requirement("B 1"))), (
        control("GOV-01", ("b", "B 1", E)), control("GOV-02", ("b", "B 1", SUP)), control("GOV-03", ("b", "B 1", SUB)),
        control("GOV-04", ("b", "B 1", X)), control("GOV-05", ("b", "B 1", X), ("a", "A 1", SUB))))
    assert tied(made) == {
        ("A 1", "GOV-01"): (SUP, "B 1"), ("A 1", "GOV-02"): (SUP, "B 1"), ("A 1", "GOV-03"): (None, "B 1"),
        ("A 1", "GOV-04"): (None, "B 1"), ("A 1", "GOV-05"): (SUB, "")}
    assert ties(made)["a"]["A 1"]["GOV-02"] == Tie("GOV-02", SUP, "GOV-02 to B 1.", Target("b", "B 1"))


def test_through_several_only_what_covers_all_of_them_covers() -> None:
    made = catalogue((framework("a", requirement("A 1", through=through("B 1", "B 2"))),
                      framework("b", requirement("B 1"), requirement("B 2"))), (
        control("GOV-01", ("b", "B 1", SUP), ("b", "B 2", E)), control("GOV-02", ("b", "B 1", SUP)),
        control("GOV-03", ("b", "B 1", SUP), ("b", "B 2", X))))
    assert tied(made) == {("A 1", "GOV-01"): (SUP, "B 1"), ("A 1", "GOV-02"): (None, "B 1"), ("A 1", "GOV-03"): (None, "B 1")}


def test_where_parts_are_needed_beside_what_it_goes_through_nothing_is_covered() -> None:
    made = catalogue((framework("a", requirement("A 1", through=through("B 1")), requirement("A 1.a", "A 1")),
                      framework("b", requirement("B 1"))), (control("GOV-01", ("b", "B 1", E)),))
    assert tied(made) == {("A 1", "GOV-01"): (None, "B 1")}


def test_through_a_chain_the_first_cause_is_named() -> None:
    made = catalogue((framework("a", requirement("A 1", through=through("B 1"))),
                      framework("b", requirement("B 1", through=(Target("c", "C 1"),))),
                      framework("c", requirement("C"), requirement("C 1", "C"), passes_down=True)),
                     (control("GOV-01", ("c", "C 1", E)), control("GOV-02", ("c", "C 1", X))))
    expected = {"GOV-01": Tie("GOV-01", SUP, "GOV-01 to C 1.", Target("c", "C 1")),
                "GOV-02": Tie("GOV-02", None, "GOV-02 to C 1.", Target("c", "C 1"))}
    assert ties(made)["a"] == {"A 1": expected}
    assert ties(made)["b"] == {"B 1": expected}


def test_controls_in_common() -> None:
    made = catalogue((framework("a", requirement("A 1")), framework("b", requirement("B 1")), framework("c", requirement("C 1"))),
                     (control("GOV-01", ("a", "A 1", E), ("b", "B 1", X)), control("GOV-02", ("a", "A 1", X))))
    assert shared_controls(made) == {"a": {"b": 1, "c": 0}, "b": {"a": 1, "c": 0}, "c": {"a": 0, "b": 0}}
    assert controls_of(ties(made)["a"]) == {"GOV-01", "GOV-02"}


def test_ties_that_cover_are_those_of_coverage(shipped: Catalogue) -> None:
    """What coverage counts as covering, directly or from above, is what stands here for requirements of their own mappings."""
    for framework_ in shipped.frameworks.values():
        held = ties(shipped)[framework_.id]
        for id_, hangs in hanging(framework_, shipped).items():
            if not framework_.by_id[id_].through:
                covering = {one for one, tie in held.get(id_, {}).items() if tie.relation is not None and tie.relation.covers}
                assert covering == {claim.control for claim in hangs.covering}, (framework_.id, id_)
