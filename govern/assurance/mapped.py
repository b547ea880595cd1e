"""What a framework's requirements hang on: the controls that cover each, touch it, or cover it together.

The same for every system, so it is worked out once for each framework of a catalogue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from govern.catalogue.objects import Catalogue, Framework, Requirement, Target

ENHANCEMENT = "enhancement"
"""The level of a requirement that adds to the one above it, as control enhancements of NIST SP 800-53 do."""


@dataclass(frozen=True)
class Claim:
    """A control related to a requirement, or (`via`) to the one above it whose relation passes down."""

    control: str
    relation: str
    via: str | None = None


@dataclass(frozen=True)
class Together:
    """A set of controls declared complete for a requirement, or for the one above it (`via`)."""

    controls: tuple[str, ...]
    via: str | None = None


@dataclass(frozen=True)
class Hangs:
    """What one requirement hangs on.

    `children` are those that count: assessable, or with such below; `through` are requirements that together meet it.
    """

    covering: tuple[Claim, ...]
    touching: tuple[Claim, ...]
    sets: tuple[Together, ...]
    children: tuple[str, ...]
    through: tuple[Target, ...] = ()

    @cached_property
    def controls(self) -> tuple[str, ...]:
        """All controls named, each once."""
        named = [one.control for one in (*self.covering, *self.touching)]
        return tuple(dict.fromkeys([*named, *(control for one in self.sets for control in one.controls)]))


@dataclass(frozen=True)
class _Source:
    """A framework in a catalogue, known by the digest and the id."""

    digest: str
    id: str
    framework: Framework = field(compare=False)
    catalogue: Catalogue = field(compare=False)


def hanging(framework: Framework, catalogue: Catalogue) -> Mapping[str, Hangs]:
    """requirement id → what it hangs on, children before their parents."""
    return _hanging(_Source(catalogue.digest, framework.id, framework, catalogue))


@lru_cache(maxsize=256)
def _hanging(source: _Source) -> Mapping[str, Hangs]:
    found: dict[str, Hangs] = {}
    for top in source.framework.children.get(None, ()):
        _walk(top, (), (), source, found)
    return found


def _walk(one: Requirement, covers: tuple[Claim, ...], sets: tuple[Together, ...], source: _Source,
          found: dict[str, Hangs]) -> bool:
    """Note a requirement and all below it; gives whether it counts for its parent.

    `covers` and `sets` come from above. A top node (an article, an annex) is a heading: nothing passes down
    from it. An enhancement stands below its control without being a part of it, so it never counts for it.
    """
    framework = source.framework
    links = source.catalogue.mapped.get(framework.id, {}).get(one.id, ())
    own = tuple(Claim(control, link.relation.value) for control, link in links if link.relation.covers)
    touching = tuple(Claim(control, link.relation.value) for control, link in links
                     if not link.relation.covers)
    joint = framework.joint.get(one.id)
    own_sets = (Together(tuple(sorted(joint))),) if joint else ()
    below_covers, below_sets = covers, sets
    if framework.strength_passes_down and one.parent is not None:
        below_covers += tuple(Claim(claim.control, claim.relation, one.id) for claim in own)
        below_sets += tuple(Together(together.controls, one.id) for together in own_sets)
    counting = [child for child in framework.children.get(one.id, ())
                if _walk(child, below_covers, below_sets, source, found)]
    children = tuple(child.id for child in counting if child.level != ENHANCEMENT)
    found[one.id] = Hangs((*own, *covers), touching, (*own_sets, *sets), children, one.through)
    return one.assessable or bool(children)
