"""What follows between two frameworks: the table, its proof by sets, several controls, what goes through, publishers."""

from __future__ import annotations

from itertools import combinations, permutations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govern.catalogue.crosswalking import (
    KNOWN,
    Claim,
    Crossing,
    Pair,
    View,
    chosen,
    crossing,
    follows,
    neighbours,
    together,
    turned,
)
from govern.catalogue.objects import Catalogue, Relation, Target
from govern.catalogue.ties import ties
from govern.errors import InputRefused
from tests.catalogue.crossed import SUB, SUP, E, X, catalogue, control, framework, publisher, requirement, two

Set = frozenset[int]


def stated(relation: Relation, control_: Set, requirement_: Set) -> bool:
    """Whether a mapping is true of two sets."""
    return {E: control_ == requirement_, SUB: control_ <= requirement_, SUP: control_ >= requirement_,
            X: bool(control_ & requirement_)}[relation]


def true(claim: Claim, first: Set, second: Set) -> bool:
    """Whether a claim is true of two sets."""
    return {Claim.EQUAL: first == second, Claim.SUBSET: first <= second, Claim.SUPERSET: first >= second,
            Claim.INTERSECTS: bool(first & second), Claim.RELATED: True}[claim]


# -- one control -----------------------------------------------------------------------------------------------------

TABLE: list[tuple[Relation, Relation, Claim]] = [
    (E, E, Claim.EQUAL), (E, SUB, Claim.SUBSET), (E, SUP, Claim.SUPERSET), (E, X, Claim.INTERSECTS),
    (SUB, E, Claim.SUPERSET), (SUB, SUB, Claim.INTERSECTS), (SUB, SUP, Claim.SUPERSET), (SUB, X, Claim.INTERSECTS),
    (SUP, E, Claim.SUBSET), (SUP, SUB, Claim.SUBSET), (SUP, SUP, Claim.RELATED), (SUP, X, Claim.RELATED),
    (X, E, Claim.INTERSECTS), (X, SUB, Claim.INTERSECTS), (X, SUP, Claim.RELATED), (X, X, Claim.RELATED),
]


def test_the_table_is_whole() -> None:
    assert {(first, second) for first, second, _ in TABLE} == set(product(Relation, Relation))


@pytest.mark.parametrize(("first", "second", "claim"), TABLE)
def test_the_table(first: Relation, second: Relation, claim: Claim) -> None:
    assert follows(first, second) is claim
    (pair,) = crossing(two(first, second), "a", "b").pairs
    assert pair == Pair("A 1", "B 1", claim, (("GOV-01", claim),))
    assert follows(second, first) is turned(claim), "read the other way round it says the same"


SETS: list[Set] = [frozenset(some) for size in (1, 2, 3, 4) for some in combinations(range(4), size)]


@pytest.mark.parametrize(("first", "second", "claim"), TABLE)
def test_no_more_and_no_less_is_claimed_than_follows(first: Relation, second: Relation, claim: Claim) -> None:
    """Over all sets of four things: the claim always holds, and no other one that is not weaker always does."""
    models = [(one, other) for control_, one, other in product(SETS, SETS, SETS)
              if stated(first, control_, one) and stated(second, control_, other)]
    always = {kind for kind in Claim if all(true(kind, one, other) for one, other in models)}
    weaker = {kind for kind in Claim if all(true(kind, one, other) for one, other in product(SETS, SETS)
                                            if true(claim, one, other))}
    assert always == weaker


def test_what_only_touches_proves_nothing() -> None:
    assert {follows(None, one) for one in (*Relation, None)} | {follows(one, None) for one in Relation} == {Claim.RELATED}


# -- several controls ------------------------------------------------------------------------------------------------

TOGETHER: list[tuple[list[Claim], Claim]] = [
    ([Claim.SUBSET, Claim.SUPERSET], Claim.EQUAL), ([Claim.EQUAL, Claim.SUBSET], Claim.EQUAL),
    ([Claim.RELATED, Claim.INTERSECTS], Claim.INTERSECTS), ([Claim.INTERSECTS, Claim.SUBSET, Claim.RELATED], Claim.SUBSET),
    ([Claim.SUPERSET, Claim.INTERSECTS], Claim.SUPERSET), ([Claim.RELATED, Claim.RELATED], Claim.RELATED),
    ([Claim.RELATED, Claim.SUPERSET, Claim.SUBSET], Claim.EQUAL),
]


@pytest.mark.parametrize(("claims", "claim"), TOGETHER)
def test_several_claims(claims: list[Claim], claim: Claim) -> None:
    assert {together(order) for order in permutations(claims)} == {claim}
    for one, other in product(SETS, SETS):
        if all(true(kind, one, other) for kind in claims):
            assert true(claim, one, other)


def test_all_controls_are_named_with_what_follows_from_each() -> None:
    made = catalogue((framework("a", requirement("A 1")), framework("b", requirement("B 1"))), (
        control("GOV-01", ("a", "A 1", SUP), ("b", "B 1", SUB)), control("GOV-02", ("a", "A 1", SUB), ("b", "B 1", SUP)),
        control("GOV-03", ("a", "A 1", X), ("b", "B 1", X))))
    (pair,) = crossing(made, "a", "b").pairs
    assert pair == Pair("A 1", "B 1", Claim.EQUAL, (
        ("GOV-01", Claim.SUBSET), ("GOV-02", Claim.SUPERSET), ("GOV-03", Claim.RELATED)))


# -- any catalogue, against a model with sets ------------------------------------------------------------------------

NAMES = ("a P", "a P.1", "a P.1.x", "a Q", "a R", "b S", "b S.1", "b S.1.x", "c T", "c U")
PARENTS = {"P.1": "P", "P.1.x": "P.1", "S.1": "S", "S.1.x": "S.1"}


@st.composite
def modelled(draw: st.DrawFn) -> tuple[Catalogue, dict[str, Set]]:
    """A catalogue whose every mapping, tree and way through is true of sets, and the sets of requirements and controls."""
    some = st.frozensets(st.integers(0, 4), min_size=1)
    sets = {name: draw(some) for name in NAMES}
    down = {where: draw(st.booleans()) for where in "ab"}
    for name in ("P.1.x", "S.1.x"):
        where = "a" if name[0] == "P" else "b"
        if down[where]:
            sets[f"{where} {name}"] = draw(st.frozensets(st.sampled_from(sorted(sets[f"{where} {PARENTS[name]}"])), min_size=1))
    ways: dict[str, tuple[str, ...]] = {"Q": draw(st.sampled_from([(), ("c T",), ("b S.1",)])),
                                        "R": draw(st.sampled_from([(), ("c T", "c U"), ("b S", "c T")]))}
    for name, parts in ways.items():
        if parts:
            union = frozenset().union(*(sets[part] for part in parts))
            sets[f"a {name}"] = draw(st.frozensets(st.sampled_from(sorted(union)), min_size=1))
    controls = []
    for number in range(1, 4):
        shown, links = draw(some), []
        for name in NAMES:
            fitting = [relation for relation in Relation if stated(relation, shown, sets[name])]
            if fitting and draw(st.booleans()):
                links.append((name[0], name[2:], draw(st.sampled_from(fitting))))
        controls.append(control(f"GOV-{number:02d}", *links))
        sets[f"GOV-{number:02d}"] = shown
    parts_of = {where: [name[2:] for name in NAMES if name[0] == where] for where in "abc"}
    frameworks = tuple(framework(where, *(
        requirement(name, PARENTS.get(name), tuple(Target(part[0], part[2:]) for part in ways.get(name, ())))
        for name in names), passes_down=down.get(where, False)) for where, names in parts_of.items())
    return catalogue(frameworks, tuple(controls)), sets


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(modelled())
def test_whatever_is_claimed_is_true_of_the_sets(made: tuple[Catalogue, dict[str, Set]]) -> None:
    catalogue_, sets = made
    for first, second in permutations("abc", 2):
        for pair in crossing(catalogue_, first, second).pairs:
            one, other = sets[f"{first} {pair.first}"], sets[f"{second} {pair.second}"]
            assert pair.claim is not None
            assert true(pair.claim, one, other), pair
            assert all(true(claim, one, other) for _, claim in pair.controls)
    for where, held in ties(catalogue_).items():
        for name, by_control in held.items():
            for tie in by_control.values():
                assert tie.relation is None or stated(tie.relation, sets[tie.control], sets[f"{where} {name}"]), (name, tie)
                assert tie.via != Target(where, name), "its own mapping goes through nothing"


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(modelled())
def test_read_the_other_way_round_it_says_the_same(made: tuple[Catalogue, dict[str, Set]]) -> None:
    for first, second in combinations("abc", 2):
        there, back = crossing(made[0], first, second), crossing(made[0], second, first)
        assert mirrored(there) == mirrored_back(back)
        assert (there.alone_first, there.alone_second) == (back.alone_second, back.alone_first)


def mirrored(found: Crossing) -> dict[tuple[str, str], tuple[Claim | None, frozenset[str]]]:
    return {(pair.first, pair.second): (pair.claim, frozenset(one for one, _ in pair.controls)) for pair in found.pairs}


def mirrored_back(found: Crossing) -> dict[tuple[str, str], tuple[Claim | None, frozenset[str]]]:
    return {(pair.second, pair.first): (turned(pair.claim) if pair.claim else None, frozenset(one for one, _ in pair.controls))
            for pair in found.pairs}


# -- through others --------------------------------------------------------------------------------------------------


def test_what_goes_through_one_requirement_is_a_part_of_it_even_without_a_control() -> None:
    made = catalogue((framework("a", requirement("A 1", through=(Target("b", "B 1"),))), framework("b", requirement("B 1"))), ())
    assert crossing(made, "a", "b").pairs == (Pair("A 1", "B 1", Claim.SUBSET, (), Claim.SUBSET),)
    assert crossing(made, "b", "a").pairs == (Pair("B 1", "A 1", Claim.SUPERSET, (), Claim.SUPERSET),)


def test_what_goes_through_several_is_only_related_to_each() -> None:
    made = catalogue((framework("a", requirement("A 1", through=(Target("b", "B 1"), Target("b", "B 2")))),
                      framework("b", requirement("B 1"), requirement("B 2"))), ())
    assert {(pair.second, pair.claim) for pair in crossing(made, "a", "b").pairs} == {
        ("B 1", Claim.RELATED), ("B 2", Claim.RELATED)}


def test_two_are_joined_through_a_third() -> None:
    """As the generative AI profile is, through the AI RMF."""
    made = catalogue((framework("a", requirement("A 1", through=(Target("c", "C 1"),))), framework("b", requirement("B 1")),
                      framework("c", requirement("C 1"))), (
        control("GOV-01", ("c", "C 1", E), ("b", "B 1", SUB)), control("GOV-02", ("c", "C 1", X), ("b", "B 1", E))))
    (pair,) = crossing(made, "a", "b").pairs
    assert pair == Pair("A 1", "B 1", Claim.SUBSET, (("GOV-01", Claim.SUBSET), ("GOV-02", Claim.RELATED)))


# -- publishers, and what has no partner -----------------------------------------------------------------------------


def test_publishers_stand_beside_in_either_direction() -> None:
    frameworks = (framework("a", requirement("A 1"), requirement("A 2")), framework("b", requirement("B 1"), requirement("B 2")))
    linked = (control("GOV-01", ("a", "A 1", E), ("b", "B 1", E)), control("GOV-02", ("a", "A 1", X), ("b", "B 2", X)))
    there = publisher("a", "b", {"A 1": ("B 1",), "A 2": ("B 2",)}, "there")
    back = publisher("b", "a", {"B 1": ("A 1",)}, "back")
    found = crossing(catalogue(frameworks, linked, there, back, publisher("a", "a", {"A 1": ("A 2",)}, "own")), "a", "b")
    assert [(pair.first, pair.second, pair.claim, pair.view) for pair in found.pairs] == [
        ("A 1", "B 1", Claim.EQUAL, View.AGREED), ("A 1", "B 2", Claim.RELATED, View.OURS),
        ("A 2", "B 2", None, View.PUBLISHER)]
    assert [(one.crosswalk.id, one.turned) for one in found.pairs[0].stated] == [("there", False), ("back", True)]
    assert [one.id for one in found.publishers] == ["there", "back"]
    assert found.views == {View.AGREED: 1, View.OURS: 1, View.PUBLISHER: 1}
    assert found.counts == {Claim.EQUAL: 1, Claim.SUBSET: 0, Claim.SUPERSET: 0, Claim.INTERSECTS: 0, Claim.RELATED: 1}
    assert found.proved == ({"A 1"}, {"B 1"})
    assert found.paired == ({"A 1", "A 2"}, {"B 1", "B 2"})
    assert found.controls == ("GOV-01", "GOV-02")


def test_without_a_partner_stands_what_is_assessed_or_mapped() -> None:
    made = catalogue((framework("a", requirement("A", assessable=False), requirement("A 1", "A"), requirement("A 2", "A"),
                                requirement("A 3", "A", assessable=False)),
                      framework("b", requirement("B 1"), requirement("B 2"))),
                     (control("GOV-01", ("a", "A 1", E), ("b", "B 1", E)), control("GOV-02", ("a", "A 3", X))))
    found = crossing(made, "a", "b")
    assert (found.alone_first, found.alone_second) == (("A 2", "A 3"), ("B 2",))


def test_pairs_stand_in_order_the_strongest_first() -> None:
    made = catalogue((framework("a", requirement("A 2"), requirement("A 1")),
                      framework("b", *(requirement(f"B {number}") for number in range(1, 4)))),
                     (control("GOV-01", ("a", "A 2", E), ("a", "A 1", E), ("b", "B 1", X), ("b", "B 2", E), ("b", "B 3", X)),))
    found = crossing(made, "a", "b")
    assert [(pair.first, pair.second) for pair in found.pairs] == [
        (one, other) for one in ("A 2", "A 1") for other in ("B 2", "B 1", "B 3")]
    assert [pair.second for pair in chosen(found, Claim.EQUAL)] == ["B 2", "B 2"]
    assert len(chosen(found, KNOWN)) == 6
    assert chosen(found, "", View.AGREED) == []


@pytest.mark.parametrize(("first", "second", "field", "said"), [
    ("a", "a", "to", "A has no crosswalk with itself. Choose two different frameworks."),
    ("a", "x", "to", "There is no framework “x” in the catalogue of that moment."),
    ("x", "b", "from", "There is no framework “x” in the catalogue of that moment."),
])
def test_what_cannot_be_crossed_is_refused(first: str, second: str, field: str, said: str) -> None:
    with pytest.raises(InputRefused) as refused:
        crossing(two(E, E), first, second)
    assert (refused.value.field, refused.value.text) == (field, said)
    assert refused.value.mend


def test_a_crosswalk_is_worked_out_once_for_a_catalogue() -> None:
    made = two(E, SUB)
    assert crossing(made, "a", "b") is crossing(two(E, SUB), "a", "b")
    assert crossing(made, "a", "b") is not crossing(two(E, SUP), "a", "b")


def test_neighbours() -> None:
    found = {one.framework.id: (one.controls, one.here, one.there) for one in neighbours(two(E, E), "a")}
    assert found == {"b": (1, 1, 1)}
    assert [(one.controls, one.here, one.there) for one in neighbours(two(E, None), "a")] == [(0, 0, 0)]


# -- the shipped catalogue -------------------------------------------------------------------------------------------


def test_every_two_shipped_frameworks(shipped: Catalogue) -> None:
    for first, second in combinations(shipped.frameworks, 2):
        there, back = crossing(shipped, first, second), crossing(shipped, second, first)
        assert mirrored(there) == mirrored_back(back)
        assert there.views == back.views
        assert not set(there.alone_first) & there.paired[0]
        assert there.alone_second == back.alone_first


def test_the_profile_is_joined_through_the_framework(shipped: Catalogue) -> None:
    profile, whole = shipped.frameworks["nist-ai-600-1"], "nist-ai-rmf-1.0"
    found = crossing(shipped, profile.id, whole)
    pairs = {(pair.first, pair.second): pair for pair in found.pairs}
    actions = [one for one in profile.requirements if one.through]
    assert len(actions) > 200
    for one in actions:
        pair = pairs[one.id, one.through[0].requirement]
        assert (pair.claim, pair.direct) == (Claim.SUBSET, Claim.SUBSET)
    assert not set(found.alone_first) & {one.id for one in actions}


def test_what_nist_states_stands_beside_ours(shipped: Catalogue) -> None:
    walk = next(one for one in shipped.crosswalks if one.id == "nist-218a-references")
    found = crossing(shipped, walk.target_framework, walk.source_framework)
    named = {(target, source) for source, targets in walk.pairs.items() for target in targets}
    assert {(pair.first, pair.second) for pair in found.pairs if pair.stated} == named
    assert found.views[View.AGREED] + found.views[View.PUBLISHER] == len(named)
    assert all(one.turned for pair in found.pairs for one in pair.stated)
