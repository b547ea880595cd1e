"""How far the controls reach into a framework by their mappings alone, whatever any system has proved.

A requirement that no control could ever meet stays open for a person to decide; this counts them beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass

from govern.catalogue.objects import Catalogue, Framework, Requirement


@dataclass(frozen=True)
class Reach:
    """What the mappings offer one assessable requirement.

    `direct`: a control is mapped to it. `above`: one is mapped to something above it. `by_one`: one control
    alone can meet it. `jointly`: a declared set can (and no control alone).
    """

    requirement: str
    direct: bool
    above: bool
    by_one: bool
    jointly: bool

    @property
    def reached(self) -> bool:
        """Whether any control bears on it."""
        return self.direct or self.above

    @property
    def open(self) -> bool:
        """Whether neither one control nor a declared set can meet it."""
        return not (self.by_one or self.jointly)


def reaches(catalogue: Catalogue, framework: Framework) -> tuple[Reach, ...]:
    """The reach of each assessable requirement of a framework, in document order."""
    mapped = catalogue.mapped.get(framework.id, {})
    covered = {name for name, links in mapped.items() if any(link.relation.covers for _, link in links)}
    found = []
    for item in framework.requirements:
        if not item.assessable:
            continue
        parents = _parents(framework, item)
        strong = (item.id, *parents) if framework.strength_passes_down else (item.id,)
        by_one = any(name in covered for name in strong)
        found.append(Reach(
            requirement=item.id,
            direct=item.id in mapped,
            above=any(name in mapped for name in parents),
            by_one=by_one,
            jointly=not by_one and any(name in framework.joint for name in strong),
        ))
    return tuple(found)


def _parents(framework: Framework, item: Requirement) -> tuple[str, ...]:
    """The ids above a requirement, nearest first."""
    found = []
    parent = item.parent
    while parent is not None:
        found.append(parent)
        parent = framework.by_id[parent].parent
    return tuple(found)
