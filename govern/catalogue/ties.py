"""What each requirement is tied to: the controls that are mapped to it, or reach it from above or through others. Pure.

Strength passes down as in `assurance.mapped`: where the framework says so, a control that covers a requirement
(equal, superset-of) is a superset of all below it, except below a top node, which is a heading. Nothing else passes
down, and nothing passes up: what is said of a part stands at the part.

A requirement that goes `through` others is met by them together, so a control that covers every one of them is a
superset of it. Any other control of theirs only touches it. What lies below a requirement that is gone through (the
paragraphs of an article) is not taken up: its partners stand there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from govern.catalogue.objects import Catalogue, Framework, Relation, Target


@dataclass(frozen=True)
class Tie:
    """A control's relation to a requirement (None: it only touches what the requirement goes through) and why.

    `via` is the requirement for which the mapping was made, where that is another one.
    """

    control: str
    relation: Relation | None
    why: str
    via: Target | None = None


_STRENGTH = {Relation.EQUAL: 4, Relation.SUPERSET: 3, Relation.SUBSET: 2, Relation.INTERSECTS: 1, None: 0}


@dataclass(frozen=True)
class _Known:
    """A catalogue, known by its digest."""

    digest: str
    catalogue: Catalogue = field(compare=False, repr=False)


Ties = Mapping[str, Mapping[str, Tie]]
"""requirement id → control id → tie; requirements without a control are left out."""


def ties(catalogue: Catalogue) -> Mapping[str, Ties]:
    """Every framework's ties by its id. A control has one tie to a requirement: the strongest, its own before others'."""
    return _ties(_Known(catalogue.digest, catalogue))


@lru_cache(maxsize=8)
def _ties(known: _Known) -> Mapping[str, Ties]:
    catalogue = known.catalogue
    found = {id_: _mapped(framework, catalogue) for id_, framework in catalogue.frameworks.items()}
    done: set[Target] = set()

    def settle(target: Target) -> Mapping[str, Tie]:
        """The ties of a requirement with those it has through others, which are settled first."""
        one = catalogue.frameworks[target.framework].by_id[target.requirement]
        own = found[target.framework].setdefault(target.requirement, {})
        if target not in done:
            done.add(target)
            parts = [(part, settle(part)) for part in one.through]
            for tie in _through(parts, sole=not catalogue.frameworks[target.framework].children.get(one.id)):
                _keep(own, tie)
        return own

    for framework in catalogue.frameworks.values():
        for one in framework.requirements:
            if one.through:
                settle(Target(framework.id, one.id))
    return {id_: {name: kept for name, kept in by_id.items() if kept} for id_, by_id in found.items()}


def _mapped(framework: Framework, catalogue: Catalogue) -> dict[str, dict[str, Tie]]:
    """The ties that stand in the mappings of a framework, with what passes down."""
    links = catalogue.mapped.get(framework.id, {})
    found: dict[str, dict[str, Tie]] = {}
    for one in framework.requirements:
        kept = {control: Tie(control, link.relation, link.why) for control, link in links.get(one.id, ())}
        for above in framework.above(one.id) if framework.strength_passes_down else ():
            for control, link in links.get(above.id, ()) if above.parent is not None else ():
                if link.relation.covers:
                    _keep(kept, Tie(control, Relation.SUPERSET, link.why, Target(framework.id, above.id)))
        if kept:
            found[one.id] = kept
    return found


def _through(parts: list[tuple[Target, Mapping[str, Tie]]], *, sole: bool) -> list[Tie]:
    """The ties that a requirement has through others. `sole` False: parts of its own are needed beside them."""
    made = []
    for target, held in parts:
        for tie in held.values():
            everywhere = [other.get(tie.control) for _, other in parts]
            covers = sole and all(one is not None and one.relation is not None and one.relation.covers for one in everywhere)
            made.append(Tie(tie.control, Relation.SUPERSET if covers else None, tie.why, tie.via or target))
    return made


def _keep(kept: dict[str, Tie], tie: Tie) -> None:
    held = kept.get(tie.control)
    if held is None or _STRENGTH[tie.relation] > _STRENGTH[held.relation]:
        kept[tie.control] = tie


def controls_of(held: Ties) -> frozenset[str]:
    """All controls that are tied to anything in a framework."""
    return frozenset(control for by_control in held.values() for control in by_control)


def shared_controls(catalogue: Catalogue) -> Mapping[str, Mapping[str, int]]:
    """framework id → other framework id → how many controls are mapped to both."""
    return _shared(_Known(catalogue.digest, catalogue))


@lru_cache(maxsize=8)
def _shared(known: _Known) -> Mapping[str, Mapping[str, int]]:
    held = {id_: controls_of(one) for id_, one in ties(known.catalogue).items()}
    return {id_: {other: len(own & theirs) for other, theirs in held.items() if other != id_} for id_, own in held.items()}
