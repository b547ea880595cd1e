"""The crosswalk of two frameworks through our controls: which of their requirements meet, and what follows. Pure.

A mapping is read as a statement about sets that are not empty, what a control shows (c) and what a requirement asks
(r): equal c = r, subset-of c ⊆ r, superset-of c ⊇ r, intersects-with c ∩ r ≠ ∅. Where a control is mapped to r1 in
one framework and to r2 in another, r1 → r2 follows from the two statements, and no more is claimed than follows:

    c → r1            c → r2: equal      subset-of         superset-of    intersects-with
    equal             equal              subset-of         superset-of    intersects-with
    subset-of         superset-of        intersects-with   superset-of    intersects-with
    superset-of       subset-of          subset-of         related        related
    intersects-with   intersects-with    intersects-with   related        related

`related` says that the control touches both, which proves nothing about how they relate. `intersects-with` says that
the two share something; one may still lie within the other.

Several controls: all are named, and all their claims hold at once. A part and a whole together are equal; otherwise
the strongest stands (equal, then subset-of or superset-of, then intersects-with, then related). No two claims
contradict each other, because none of them denies anything.

Which control is tied to which requirement, also by strength that passes down and through other requirements, stands in
`ties`. A requirement that goes through a single other one is a part of it: between these two frameworks that holds also
without a control.

Not drawn: what declared joint sets would add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue, Crosswalk, Framework, Relation, Requirement
from govern.catalogue.ties import Ties, controls_of, ties
from govern.errors import InputRefused


class Claim(StrEnum):
    """How a requirement of one framework relates to one of another, read r1 → r2, the strongest first."""

    EQUAL = "equal"
    SUBSET = "subset-of"
    SUPERSET = "superset-of"
    INTERSECTS = "intersects-with"
    RELATED = "related"


class View(StrEnum):
    """Who states a pair: a publisher and our controls, our controls only, or a publisher only."""

    AGREED = "agreed"
    OURS = "ours only"
    PUBLISHER = "publisher only"


_E, _SUB, _SUP, _X = Relation.EQUAL, Relation.SUBSET, Relation.SUPERSET, Relation.INTERSECTS
_FOLLOWS: Mapping[tuple[Relation | None, Relation | None], Claim] = {
    (_E, _E): Claim.EQUAL, (_E, _SUB): Claim.SUBSET, (_E, _SUP): Claim.SUPERSET, (_E, _X): Claim.INTERSECTS,
    (_SUB, _E): Claim.SUPERSET, (_SUB, _SUB): Claim.INTERSECTS, (_SUB, _SUP): Claim.SUPERSET, (_SUB, _X): Claim.INTERSECTS,
    (_SUP, _E): Claim.SUBSET, (_SUP, _SUB): Claim.SUBSET, (_SUP, _SUP): Claim.RELATED, (_SUP, _X): Claim.RELATED,
    (_X, _E): Claim.INTERSECTS, (_X, _SUB): Claim.INTERSECTS, (_X, _SUP): Claim.RELATED, (_X, _X): Claim.RELATED,
}


def follows(first: Relation | None, second: Relation | None) -> Claim:
    """r1 → r2 from control → r1 and control → r2, by the table; None is a control that only touches."""
    return _FOLLOWS.get((first, second), Claim.RELATED)


def together(claims: Iterable[Claim]) -> Claim:
    """What several claims about one pair amount to."""
    found = set(claims)
    if {Claim.SUBSET, Claim.SUPERSET} <= found:
        return Claim.EQUAL
    return next(one for one in Claim if one in found)


def turned(claim: Claim) -> Claim:
    """The same claim read r2 → r1."""
    return {Claim.SUBSET: Claim.SUPERSET, Claim.SUPERSET: Claim.SUBSET}.get(claim, claim)


# -- two frameworks --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stated:
    """A publisher's word for a pair; `turned` True: it is stated from the second framework to the first."""

    crosswalk: Crosswalk
    turned: bool


@dataclass(frozen=True)
class Pair:
    """A requirement of the first framework and one of the second.

    `claim` is None where only a publisher states the pair. `controls` are those mapped to both, each with what follows
    from it alone. `direct` is what follows without a control, where one goes through the other.
    """

    first: str
    second: str
    claim: Claim | None
    controls: tuple[tuple[str, Claim], ...] = ()
    direct: Claim | None = None
    stated: tuple[Stated, ...] = ()

    @property
    def view(self) -> View:
        """Who states it."""
        if not self.stated:
            return View.OURS
        return View.PUBLISHER if self.claim is None else View.AGREED


@dataclass(frozen=True)
class Crossing:
    """Two frameworks side by side. `pairs` stand in the order of the first, the strongest claims first in each.

    `alone_first` and `alone_second` are requirements that are assessed or mapped and have no partner at all.
    `publishers` are the crosswalks that state pairs of the two, in either direction.
    """

    first: Framework
    second: Framework
    ties_first: Ties
    ties_second: Ties
    pairs: tuple[Pair, ...]
    alone_first: tuple[str, ...]
    alone_second: tuple[str, ...]
    publishers: tuple[Crosswalk, ...]

    @cached_property
    def counts(self) -> Mapping[Claim, int]:
        """How many pairs have each claim."""
        found = dict.fromkeys(Claim, 0)
        for pair in self.pairs:
            if pair.claim is not None:
                found[pair.claim] += 1
        return found

    @cached_property
    def views(self) -> Mapping[View, int]:
        """How many pairs are stated by whom."""
        found = dict.fromkeys(View, 0)
        for pair in self.pairs:
            found[pair.view] += 1
        return found

    @cached_property
    def proved(self) -> tuple[frozenset[str], frozenset[str]]:
        """The requirements of the first and of the second with a partner of which more than `related` is known."""
        known = [pair for pair in self.pairs if pair.claim not in (None, Claim.RELATED)]
        return frozenset(pair.first for pair in known), frozenset(pair.second for pair in known)

    @cached_property
    def paired(self) -> tuple[frozenset[str], frozenset[str]]:
        """The requirements of the first and of the second with any partner."""
        return frozenset(pair.first for pair in self.pairs), frozenset(pair.second for pair in self.pairs)

    @cached_property
    def controls(self) -> tuple[str, ...]:
        """The controls through which the two meet."""
        return tuple(dict.fromkeys(control for pair in self.pairs for control, _ in pair.controls))


@dataclass(frozen=True)
class _Ends:
    """Two frameworks of a catalogue, known by its digest and their ids."""

    digest: str
    first: str
    second: str
    catalogue: Catalogue = field(compare=False, repr=False)


def crossing(catalogue: Catalogue, first: str, second: str) -> Crossing:
    """The crosswalk of two different frameworks of a catalogue, by their ids; worked out once for each digest.

    Raises InputRefused (of the fields `from` and `to`) for an id that is not there and for the same one twice.
    """
    for name, id_ in (("from", first), ("to", second)):
        known_framework(catalogue, id_, name)
    if first == second:
        name = short_name(catalogue.frameworks[first])
        raise InputRefused(f"{name} has no crosswalk with itself. Choose two different frameworks.", field="to",
                           mend="Choose another framework on one side.")
    return _crossing(_Ends(catalogue.digest, first, second, catalogue))


def known_framework(catalogue: Catalogue, id_: str, field: str) -> None:
    """Raises InputRefused, of that field, for an id that the catalogue does not have."""
    if id_ not in catalogue.frameworks:
        raise InputRefused(f"There is no framework “{id_[:60]}” in the catalogue of that moment.", field=field,
                           mend="Choose one from the list of frameworks.")


@lru_cache(maxsize=64)
def _crossing(ends: _Ends) -> Crossing:
    catalogue = ends.catalogue
    first, second = catalogue.frameworks[ends.first], catalogue.frameworks[ends.second]
    known = ties(catalogue)
    ties_first, ties_second = known[first.id], known[second.id]
    stated = _stated(catalogue, first.id, second.id)
    pairs = _pairs(_met(ties_first, ties_second), _direct(first, second), stated, first, second)
    here, there = {pair.first for pair in pairs}, {pair.second for pair in pairs}
    return Crossing(
        first, second, ties_first, ties_second, pairs,
        tuple(one.id for one in first.requirements if _counts(one, ties_first) and one.id not in here),
        tuple(one.id for one in second.requirements if _counts(one, ties_second) and one.id not in there),
        tuple({one.crosswalk.id: one.crosswalk for ones in stated.values() for one in ones}.values()))


def _counts(one: Requirement, held: Ties) -> bool:
    return one.assessable or one.id in held


_Met = dict[tuple[str, str], list[tuple[str, Claim]]]


def _met(ties_first: Ties, ties_second: Ties) -> _Met:
    """Which requirements share a control, and what follows from each such control."""
    by_control: dict[str, list[tuple[str, Relation | None]]] = {}
    for name, held in ties_second.items():
        for tie in held.values():
            by_control.setdefault(tie.control, []).append((name, tie.relation))
    found: _Met = {}
    for name, held in ties_first.items():
        for tie in held.values():
            for other, relation in by_control.get(tie.control, ()):
                found.setdefault((name, other), []).append((tie.control, follows(tie.relation, relation)))
    return found


def _direct(first: Framework, second: Framework) -> dict[tuple[str, str], Claim]:
    """The pairs in which one requirement goes through the other."""
    found = {}
    for framework, other, claim in ((first, second, Claim.SUBSET), (second, first, Claim.SUPERSET)):
        for one in framework.requirements:
            sole = len(one.through) == 1 and not framework.children.get(one.id)
            for target in one.through:
                if target.framework == other.id:
                    ends = (one.id, target.requirement) if framework is first else (target.requirement, one.id)
                    found[ends] = claim if sole else Claim.RELATED
    return found


def _stated(catalogue: Catalogue, first: str, second: str) -> dict[tuple[str, str], list[Stated]]:
    """The pairs that publishers state of two frameworks, in either direction."""
    found: dict[tuple[str, str], list[Stated]] = {}
    for walk in catalogue.crosswalks:
        ends = (walk.source_framework, walk.target_framework)
        if ends not in ((first, second), (second, first)):
            continue
        back = ends == (second, first)
        for source, targets in walk.pairs.items():
            for target in targets:
                found.setdefault((target, source) if back else (source, target), []).append(Stated(walk, back))
    return found


def _pairs(met: _Met, direct: Mapping[tuple[str, str], Claim], stated: Mapping[tuple[str, str], list[Stated]],
           first: Framework, second: Framework) -> tuple[Pair, ...]:
    made = []
    for ends in {**met, **direct, **stated}:
        controls, straight = met.get(ends, []), direct.get(ends)
        claims = [claim for _, claim in controls] + ([straight] if straight else [])
        made.append(Pair(*ends, together(claims) if claims else None, tuple(controls), straight, tuple(stated.get(ends, ()))))
    here, there = ({one.id: place for place, one in enumerate(framework.requirements)} for framework in (first, second))
    strength = {claim: place for place, claim in enumerate((*Claim, None))}
    return tuple(sorted(made, key=lambda pair: (here[pair.first], strength[pair.claim], there[pair.second])))


KNOWN = "known"
"""All claims but `related`, of which nothing more is known."""


def chosen(crossing: Crossing, claim: str = "", view: str = "") -> list[Pair]:
    """The pairs with a claim (KNOWN for any of which more than `related` is known) that are stated so; empty for all."""
    return [pair for pair in crossing.pairs
            if (not claim or pair.claim == claim or (claim == KNOWN and pair.claim not in (None, Claim.RELATED)))
            and (not view or pair.view == view)]


# -- one framework among the others ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Neighbour:
    """Another framework: how many controls are mapped to both, and how many requirements of each those touch."""

    framework: Framework
    controls: int
    here: int
    there: int


def neighbours(catalogue: Catalogue, id_: str) -> tuple[Neighbour, ...]:
    """The other frameworks beside one, in the order of the catalogue."""
    return tuple(_neighbour(catalogue, id_, other) for other in catalogue.frameworks if other != id_)


def _neighbour(catalogue: Catalogue, id_: str, other: str) -> Neighbour:
    own, theirs = ties(catalogue)[id_], ties(catalogue)[other]
    shared = controls_of(own) & controls_of(theirs)
    return Neighbour(catalogue.frameworks[other], len(shared), _touched(own, shared), _touched(theirs, shared))


def _touched(held: Ties, controls: frozenset[str]) -> int:
    return sum(not controls.isdisjoint(by_control) for by_control in held.values())
