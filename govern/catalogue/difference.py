"""What one catalogue has that another has not: new, changed and gone, part by part. Pure.

Two things are the same when nothing about them differs; a changed one says which of its parts do. Not done here: what
a change means for a system (see assurance.switching).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from govern.catalogue.objects import Catalogue, Framework


@dataclass(frozen=True)
class Change:
    """One thing that changed: its id and title, and the names of the parts that differ."""

    id: str
    title: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What is new, changed and gone in one part of the catalogue, each in catalogue order."""

    part: str
    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    gone: tuple[Change, ...]

    @property
    def count(self) -> int:
        """How many things differ."""
        return len(self.new) + len(self.changed) + len(self.gone)


@dataclass(frozen=True)
class Difference:
    """All parts in which something differs."""

    before: str
    after: str
    parts: tuple[Changes, ...]

    def part(self, name: str) -> Changes:
        """One part, also when nothing differs there."""
        return next((one for one in self.parts if one.part == name), Changes(name, (), (), ()))

    @property
    def controls(self) -> frozenset[str]:
        """The controls that are new, changed or gone, or whose asks are."""
        named = self.part("controls")
        return frozenset(one.id for one in (*named.new, *named.changed, *named.gone))


_WORDS = {"asks": "what it asks for", "mappings": "mappings", "applies": "when it applies", "purpose": "who and what for",
          "guidance": "guidance", "objective": "objective", "title": "title", "stages": "stages", "joint": "joint sets",
          "requirements": "requirements", "gaps": "gaps", "dates": "dates", "status": "status", "version": "version"}


def difference(before: Catalogue, after: Catalogue) -> Difference:
    """What `after` changes against `before`."""
    parts = [
        _compared("frameworks", before.frameworks, after.frameworks, _bare_framework),
        _compared("requirements", _requirements(before), _requirements(after)),
        _compared("controls", before.controls, after.controls),
        _compared("kinds of evidence", before.kinds, after.kinds),
        _compared("traits", _by_id(before.traits), _by_id(after.traits)),
        _compared("baselines", _by_id(before.baselines), _by_id(after.baselines)),
        _compared("tolerances", _by_id(before.tolerances), _by_id(after.tolerances)),
        _compared("limits", _by_id(before.limits), _by_id(after.limits)),
        _compared("crosswalks", _by_id(before.crosswalks), _by_id(after.crosswalks)),
    ]
    return Difference(before.digest, after.digest, tuple(one for one in parts if one.count))


def _by_id(things: Iterable[Any]) -> dict[str, Any]:
    return {one.id: one for one in things}


def _requirements(catalogue: Catalogue) -> dict[str, Any]:
    return {f"{framework.id} {item.id}": item for framework in catalogue.frameworks.values()
            for item in framework.requirements}


def _bare_framework(framework: Framework) -> Framework:
    """A framework without its requirements, which are compared one by one."""
    return replace(framework, requirements=())


def _compared(part: str, before: Mapping[str, Any], after: Mapping[str, Any],
              bare: Callable[[Any], Any] = lambda one: one) -> Changes:
    new = tuple(Change(key, one.title) for key, one in after.items() if key not in before)
    gone = tuple(Change(key, one.title) for key, one in before.items() if key not in after)
    changed = []
    for key, one in after.items():
        if key in before and (old := bare(before[key])) != (now := bare(one)):
            changed.append(Change(key, one.title, _differing(old, now)))
    return Changes(part, new, tuple(changed), gone)


def _differing(old: Any, now: Any) -> tuple[str, ...]:
    names = [field.name for field in fields(now) if getattr(old, field.name) != getattr(now, field.name)]
    return tuple(_WORDS.get(name, name.replace("_", " ")) for name in names)
