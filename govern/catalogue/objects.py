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
    """Something that is true of a system or not.

    `group` is the part of the questionnaire that asks for it; `implies` are traits that hold with it.
    """

    id: str
    title: str
    question: str
    meaning: str
    group: str = ""
    implies: tuple[str, ...] = ()


@dataclass(frozen=True)
class TraitGroup:
    """A part of the questionnaire: where `single`, at most one of its traits is true of a system."""

    id: str
    title: str
    meaning: str
    single: bool = False


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
class Purpose:
    """Who does a control and what it is for.

    `lead` and `others` are functions of people; `threats`, `goals` and `defence` ids of controls/threats.yaml.
    """

    lead: str
    others: tuple[str, ...]
    threats: tuple[str, ...]
    goals: tuple[str, ...]
    defence: str


@dataclass(frozen=True)
class Control:
    """A control. `guidance` says how to do it; `origin` is empty for shipped ones, else the addition it came with.

    `purpose` is None in catalogues that were recorded before purposes were told.
    """

    id: str
    domain: str
    title: str
    objective: str
    stages: tuple[str, ...]
    applies: Condition | None
    asks: tuple[Ask, ...]
    mappings: tuple[Link, ...]
    guidance: str = ""
    purpose: Purpose | None = None
    origin: str = ""


@dataclass(frozen=True)
class Domain:
    """A group of controls."""

    id: str
    title: str
    meaning: str


@dataclass(frozen=True)
class Target:
    """A requirement of a framework, named from elsewhere."""

    framework: str
    requirement: str


@dataclass(frozen=True)
class AppliesFrom:
    """A date from which a part of a framework applies (ISO dates).

    `before` is the date as it stood until `amended_by` changed it; both empty where nothing changed.
    """

    id: str
    title: str
    applies_from: str
    source: str
    before: str = ""
    amended_by: str = ""


@dataclass(frozen=True)
class Requirement:
    """One node of a framework's tree; only `assessable` ones are counted.

    `gist` is ours and may be empty where only a heading is free to show. `through` names requirements, also of
    other frameworks, which together meet this one. `dates` are ids of the framework's dates; `text` is the
    official text where the organisation brought one.
    """

    id: str
    parent: str | None
    level: str
    title: str
    official: bool
    gist: str
    assessable: bool
    priority: str | None = None
    tags: tuple[str, ...] = ()
    note: str = ""
    dates: tuple[str, ...] = ()
    through: tuple[Target, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Crosswalk:
    """Pairs of requirements of two frameworks as a publisher states them: a second opinion beside our mappings.

    `relation` is the publisher's word for all pairs; `pairs` maps a requirement of `source_framework` to some of
    `target_framework` (which may be the same one).
    """

    id: str
    title: str
    publisher: str
    source: Mapping[str, str]
    wording: str
    source_framework: str
    target_framework: str
    relation: str
    pairs: Mapping[str, tuple[str, ...]]
    origin: str = ""


@dataclass(frozen=True)
class Baseline:
    """A ready choice of controls that a unit can adopt. `least` says for which systems it is asked in any case."""

    id: str
    title: str
    meaning: str
    controls: frozenset[str]
    least: Condition | None = None


@dataclass(frozen=True)
class Limit:
    """A figure that checks compare with, as `limit.<name>` (hyphens become underscores), set by risk tolerance."""

    id: str
    title: str
    meaning: str
    type: str


@dataclass(frozen=True)
class Tolerance:
    """How much risk a unit accepts: the value of each limit. The first one listed holds until a unit chooses."""

    id: str
    title: str
    meaning: str
    limits: Mapping[str, float]


@dataclass(frozen=True)
class Framework:
    """A published framework: its requirements in document order, and the sets of controls that cover one jointly.

    `gaps` says, by requirement, what no control of the catalogue proves. `origin` is empty for shipped ones.
    """

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
    gaps: Mapping[str, str] = field(default_factory=dict)
    dates: tuple[AppliesFrom, ...] = ()
    origin: str = ""

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

    def above(self, requirement: str) -> tuple[Requirement, ...]:
        """What stands above a requirement, nearest first."""
        found: list[Requirement] = []
        parent = self.by_id[requirement].parent
        while parent is not None:
            found.append(self.by_id[parent])
            parent = self.by_id[parent].parent
        return tuple(found)

    def dates_of(self, requirement: str) -> tuple[AppliesFrom, ...]:
        """The dates of a requirement, or of the nearest one above it that has some."""
        named = next((one.dates for one in (self.by_id[requirement], *self.above(requirement)) if one.dates), ())
        return tuple(one for one in self.dates if one.id in named)


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
    groups: tuple[TraitGroup, ...] = ()
    functions: tuple[Named, ...] = ()
    threats: tuple[Named, ...] = ()
    goals: tuple[Named, ...] = ()
    defences: tuple[Named, ...] = ()
    crosswalks: tuple[Crosswalk, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    limits: tuple[Limit, ...] = ()
    tolerances: tuple[Tolerance, ...] = ()

    def with_implied(self, traits: frozenset[str]) -> frozenset[str]:
        """Traits with all that they imply."""
        implied = {trait.id: trait.implies for trait in self.traits if trait.implies}
        found, waiting = set(traits), list(traits)
        while waiting:
            new = [one for one in implied.get(waiting.pop(), ()) if one not in found]
            found.update(new)
            waiting += new
        return frozenset(found)

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
