"""The catalogue as frozen objects: frameworks, controls, what they ask for, kinds of evidence, traits and events.

Pure: nothing here reads a file. `loader` builds these from controls/, `text` from the canonical text kept in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Relation(StrEnum):
    """How a control relates to a requirement, read control → requirement (set theory terms of NIST IR 8477)."""

    EQUAL = "equal"
    SUBSET = "subset-of"
    SUPERSET = "superset-of"
    INTERSECTS = "intersects-with"

    @property
    def covers(self) -> bool:
        """Whether satisfying the control alone meets the requirement."""
        return self in (Relation.EQUAL, Relation.SUPERSET)


@dataclass(frozen=True)
class Trait:
    """Something that is true of a system or not."""

    id: str
    title: str
    question: str
    meaning: str


@dataclass(frozen=True)
class Named:
    """A stage, an event, a layer or a basis: an id with words for people."""

    id: str
    title: str
    meaning: str = ""


@dataclass(frozen=True)
class FieldOfKind:
    """One value that evidence of a kind can state; `type` is int, double, bool or string."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Kind:
    """A kind of evidence: what it is, how long it stays fresh (days, None: does not age), who reviews it."""

    id: str
    title: str
    meaning: str
    form: str
    fresh_days: int | None
    reviewer: str
    fields: tuple[FieldOfKind, ...] = ()


@dataclass(frozen=True)
class Condition:
    """A CEL expression over traits (`trait.high_risk`) and the reason that is shown when it decides."""

    expression: str
    because: str


@dataclass(frozen=True)
class Due:
    """When an ask falls due: from a stage on (needed before the next begins), or some days after an event."""

    stage: str | None = None
    after: str | None = None
    within_days: int = 0


@dataclass(frozen=True)
class Check:
    """One thing that evidence must show.

    A question for the reviewer; for the kinds in `kinds_decided` the `expression` over the findings decides instead.
    """

    id: str
    question: str
    expression: str | None = None
    kinds_decided: frozenset[str] = frozenset()

    def computed_for(self, kind: str) -> bool:
        """Whether the expression, not a reviewer, decides for evidence of this kind."""
        return self.expression is not None and kind in self.kinds_decided


@dataclass(frozen=True)
class Ask:
    """One piece of evidence that a control asks for: any of `kinds`, about something, fresh, due, with checks."""

    id: str
    control: str
    title: str
    kinds: frozenset[str]
    about: str
    basis: str | None
    fresh_days: int | None
    due: Due
    when: Condition | None
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Link:
    """A control's relation to one requirement of a framework, with the reason in one line."""

    framework: str
    requirement: str
    relation: Relation
    why: str


@dataclass(frozen=True)
class Control:
    """One of our controls."""

    id: str
    domain: str
    title: str
    objective: str
    stages: tuple[str, ...]
    applies: Condition | None
    asks: tuple[Ask, ...]
    mappings: tuple[Link, ...]


@dataclass(frozen=True)
class Domain:
    """A group of controls."""

    id: str
    title: str
    meaning: str


@dataclass(frozen=True)
class Requirement:
    """One node of a framework's tree; only `assessable` ones are counted."""

    id: str
    parent: str | None
    level: str
    title: str
    official: bool
    gist: str
    assessable: bool
    priority: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Framework:
    """A published framework: its requirements in document order, and the sets of controls that cover one jointly."""

    id: str
    title: str
    publisher: str
    version: str
    date: str
    status: str
    source: Mapping[str, str]
    wording: str
    strength_passes_down: bool
    requirements: tuple[Requirement, ...]
    joint: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Requirement]:
        """Requirements by id."""
        return {item.id: item for item in self.requirements}

    @cached_property
    def children(self) -> Mapping[str | None, tuple[Requirement, ...]]:
        """Requirements by their parent's id, in document order; None gives the top."""
        grouped: dict[str | None, list[Requirement]] = {}
        for item in self.requirements:
            grouped.setdefault(item.parent, []).append(item)
        return {parent: tuple(items) for parent, items in grouped.items()}


@dataclass(frozen=True)
class Catalogue:
    """The whole catalogue, with its digest (SHA-256 of its canonical text, hex)."""

    digest: str
    traits: tuple[Trait, ...]
    stages: tuple[Named, ...]
    events: tuple[Named, ...]
    layers: tuple[Named, ...]
    bases: tuple[Named, ...]
    kinds: Mapping[str, Kind]
    domains: tuple[Domain, ...]
    controls: Mapping[str, Control]
    frameworks: Mapping[str, Framework]

    @cached_property
    def asks(self) -> Mapping[str, Ask]:
        """All asks by id."""
        return {ask.id: ask for control in self.controls.values() for ask in control.asks}

    @cached_property
    def mapped(self) -> Mapping[str, Mapping[str, tuple[tuple[str, Link], ...]]]:
        """framework id → requirement id → (control id, mapping) pairs in catalogue order."""
        found: dict[str, dict[str, list[tuple[str, Link]]]] = {}
        for control in self.controls.values():
            for link in control.mappings:
                found.setdefault(link.framework, {}).setdefault(link.requirement, []).append((control.id, link))
        return {fw: {req: tuple(links) for req, links in reqs.items()} for fw, reqs in found.items()}

    @cached_property
    def controls_by_kind(self) -> Mapping[str, tuple[str, ...]]:
        """kind id → ids of the controls that ask for it, in catalogue order."""
        found: dict[str, list[str]] = {}
        for control in self.controls.values():
            for kind in sorted({kind for ask in control.asks for kind in ask.kinds}):
                found.setdefault(kind, []).append(control.id)
        return {kind: tuple(ids) for kind, ids in found.items()}
