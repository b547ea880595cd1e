"""How far the controls reach into a framework by their mappings alone, whatever any system has proved.

A requirement that no control could ever meet stays open for a person to decide; this counts them beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from govern.catalogue.objects import Catalogue, Framework, Requirement


@dataclass(frozen=True)
class Reach:
    """What the mappings offer one assessable requirement.

    `direct`: a control is mapped to it. `above`: one is mapped to something above it. `by_one`: one control
    alone can meet it. `jointly`: a declared set can (and no control alone). `through`: it is met through other
    requirements, each of which can be met. `gap` is what the catalogue says it leaves open.
    """

    requirement: str
    direct: bool
    above: bool
    by_one: bool
    jointly: bool
    through: bool = False
    gap: str = ""

    @property
    def reached(self) -> bool:
        """Whether any control bears on it."""
        return self.direct or self.above or self.through

    @property
    def open(self) -> bool:
        """Whether neither one control, nor a declared set, nor other requirements can meet it."""
        return not (self.by_one or self.jointly or self.through)


def reaches(catalogue: Catalogue, framework: Framework) -> tuple[Reach, ...]:
    """The reach of each assessable requirement of a framework, in document order."""
    mapped = catalogue.mapped.get(framework.id, {})
    found = []
    for item in framework.requirements:
        if not item.assessable:
            continue
        by_one, jointly = _strength(catalogue, framework, item)
        found.append(Reach(
            requirement=item.id,
            direct=item.id in mapped,
            above=any(parent.id in mapped for parent in framework.above(item.id)),
            by_one=by_one,
            jointly=not by_one and jointly,
            through=bool(item.through) and not by_one and not jointly and _can(catalogue, framework, item),
            gap=framework.gaps.get(item.id, ""),
        ))
    return tuple(found)


@dataclass(frozen=True)
class Figures:
    """How far the controls reach into one framework, counted over its assessable requirements.

    `open` names those that cannot be met, `unreached` those on which no control bears; `gaps` says why.
    """

    framework: str
    assessable: int
    mapped: int
    by_one: int
    jointly: int
    through: int
    open: tuple[str, ...]
    unreached: tuple[str, ...]
    gaps: Mapping[str, str]


def figures(catalogue: Catalogue, framework: Framework) -> Figures:
    """The reach of a framework in counts."""
    found = reaches(catalogue, framework)
    return Figures(
        framework.id, len(found), sum(one.direct for one in found), sum(one.by_one for one in found),
        sum(one.jointly for one in found), sum(one.through for one in found),
        tuple(one.requirement for one in found if one.open),
        tuple(one.requirement for one in found if not one.reached), framework.gaps)


def _strength(catalogue: Catalogue, framework: Framework, item: Requirement) -> tuple[bool, bool]:
    """Whether one control, and whether a declared set, can meet a requirement.

    Strength never passes down from a top node (an article, an annex), as in assurance.mapped.
    """
    mapped = catalogue.mapped.get(framework.id, {})
    strong = [item.id, *(parent.id for parent in framework.above(item.id)
                         if framework.strength_passes_down and parent.parent is not None)]
    by_one = any(link.relation.covers for name in strong for _, link in mapped.get(name, ()))
    return by_one, any(name in framework.joint for name in strong)


def _can(catalogue: Catalogue, framework: Framework, item: Requirement) -> bool:
    """Whether a requirement can be met at all: by itself, through others, or by all of its parts that count."""
    if any(_strength(catalogue, framework, item)):
        return True
    through = [(catalogue.frameworks[one.framework], one.requirement) for one in item.through]
    parts = [(framework, child.id) for child in framework.children.get(item.id, ())
             if child.assessable or framework.children.get(child.id)]
    return bool(through or parts) and all(_can(catalogue, other, other.by_id[name]) for other, name in (*through, *parts))
