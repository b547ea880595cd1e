"""The catalogue's half of a trace: which controls speak for each requirement, and what it leaves open.

A control speaks for a requirement

1. by a relation of its own to it;
2. by a relation to one above it, where strength passes down, alone or as a member of a complete set;
3. by a relation to one that the requirement goes through, of whatever framework, or to one below that.

The first that fits counts, so that each control stands once beside a requirement. This is the same for every system
and is worked out once for each framework of a catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from govern.assurance.mapped import hanging
from govern.catalogue.objects import Catalogue, Framework, Link, Requirement, Target


class Step(StrEnum):
    """The steps of a chain, in order."""

    REQUIREMENT = "requirement"
    CONTROL = "control"
    SYSTEM = "system"
    EVIDENCE = "evidence"
    DECISION = "decision"


@dataclass(frozen=True)
class End:
    """Where a chain ends, or begins with nothing before it: the step that it reaches, a stable code, a sentence."""

    at: Step
    code: str
    text: str


@dataclass(frozen=True)
class Head:
    """The head of a chain: a requirement and one control that speaks for it.

    `relation` and `why` are those of the mapping; `via` is the requirement that was mapped where it is not this one.
    `requirement` is empty for a control that nothing is mapped to, `control` for a requirement that no control, or not
    the whole of it, is proved by: `end` then says so.
    """

    framework: str
    requirement: str
    control: str
    relation: str = ""
    via: Target | None = None
    why: str = ""
    end: End | None = None


def heads(catalogue: Catalogue, framework: str = "", requirement: str = "",
          controls: Collection[str] | None = None) -> tuple[Head, ...]:
    """The heads of all chains, requirements in document order.

    Narrowed to a framework, to a requirement of it with all below, to some controls. What the catalogue leaves open is
    told where a framework is asked for and no control; controls that nothing is mapped to, where no framework is.
    """
    found: list[Head] = []
    for one in catalogue.frameworks.values():
        if framework in ("", one.id):
            found += _of_framework(one, requirement, controls, catalogue, whole=bool(framework) and controls is None)
    if framework:
        return tuple(found)
    mapped = {head.control for head in found}
    every = catalogue.controls if controls is None else sorted(controls)
    return (*found, *(_unmapped(control, catalogue) for control in every if control not in mapped))


def _of_framework(framework: Framework, requirement: str, controls: Collection[str] | None, catalogue: Catalogue, *,
                  whole: bool) -> Iterator[Head]:
    spoken = spoken_for(framework, catalogue)
    among = _below(framework, requirement) if requirement else None
    told = False
    for one in framework.requirements:
        if among is not None and one.id not in among:
            continue
        for head in spoken[one.id]:
            if head.control in controls if controls is not None else head.control or whole:
                told = True
                yield head
    if requirement and whole and not told:
        text = "It is not assessed, and no control speaks for it or for what stands below it."
        yield Head(framework.id, requirement, "", end=End(Step.REQUIREMENT, "unmapped", text))


def _below(framework: Framework, requirement: str) -> frozenset[str]:
    """A requirement and all below it."""
    found, waiting = {requirement}, [requirement]
    while waiting:
        children = [one.id for one in framework.children.get(waiting.pop(), ())]
        found.update(children)
        waiting += children
    return frozenset(found)


def _unmapped(control: str, catalogue: Catalogue) -> Head:
    if control in catalogue.controls:
        end = End(Step.CONTROL, "no-requirement", f"{control} is mapped to no requirement of any framework.")
    else:
        end = End(Step.CONTROL, "unknown-control", f"{control} is not in the catalogue of this moment.")
    return Head("", "", control, end=end)


# -- one framework ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Source:
    """A framework in a catalogue, known by the digest and the id."""

    digest: str
    id: str
    framework: Framework = field(compare=False)
    catalogue: Catalogue = field(compare=False)


def spoken_for(framework: Framework, catalogue: Catalogue) -> Mapping[str, tuple[Head, ...]]:
    """requirement id → its heads; what the catalogue leaves open comes last, as a head without a control."""
    return _spoken_for(_Source(catalogue.digest, framework.id, framework, catalogue))


@lru_cache(maxsize=256)
def _spoken_for(source: _Source) -> Mapping[str, tuple[Head, ...]]:
    framework, catalogue = source.framework, source.catalogue
    known: dict[Target, Mapping[str, Head]] = {}
    hangs = hanging(framework, catalogue)
    return {one.id: (*_speaking(Target(framework.id, one.id), catalogue, known).values(),
                     *_left_open(framework, one, bool(hangs[one.id].children)
                                 or bool(_speaking(Target(framework.id, one.id), catalogue, known))))
            for one in framework.requirements}


def _left_open(framework: Framework, one: Requirement, reached: bool) -> Iterator[Head]:
    """What no control proves of a requirement. `reached`: something speaks for it, or what stands below it counts."""
    if one.id in framework.gaps:
        text = f"The catalogue leaves this open: {framework.gaps[one.id]}"
        yield Head(framework.id, one.id, "", end=End(Step.REQUIREMENT, "gap", text))
    elif one.assessable and not reached:
        text = "No control of the catalogue is mapped to it."
        yield Head(framework.id, one.id, "", end=End(Step.REQUIREMENT, "unmapped", text))


def _speaking(target: Target, catalogue: Catalogue, known: dict[Target, Mapping[str, Head]]) -> Mapping[str, Head]:
    """control id → its head, by rows 1 to 3."""
    if target not in known:
        hangs = hanging(catalogue.frameworks[target.framework], catalogue)[target.requirement]
        via: dict[str, str | None] = {one.control: one.via for one in reversed((*hangs.touching, *hangs.covering))}
        for together in reversed(hangs.sets):
            for control in together.controls:
                via.setdefault(control, together.via)
        mapped = catalogue.mapped.get(target.framework, {})
        own = {control for control, _ in mapped.get(target.requirement, ())}
        found = {control: _head(target, control, None if control in own else via[control], mapped)
                 for control in hangs.controls}
        for other in hangs.through:
            for control, head in _under(other, catalogue, known).items():
                found.setdefault(control, Head(target.framework, target.requirement, control, head.relation,
                                               head.via or Target(head.framework, head.requirement), head.why))
        known[target] = found
    return known[target]


def _under(target: Target, catalogue: Catalogue, known: dict[Target, Mapping[str, Head]]) -> Mapping[str, Head]:
    """control id → its head, of a requirement and then of all that counts below it."""
    found = dict(_speaking(target, catalogue, known))
    for child in hanging(catalogue.frameworks[target.framework], catalogue)[target.requirement].children:
        for control, head in _under(Target(target.framework, child), catalogue, known).items():
            found.setdefault(control, head)
    return found


def _head(target: Target, control: str, via: str | None, mapped: Mapping[str, tuple[tuple[str, Link], ...]]) -> Head:
    link = next(link for name, link in mapped[via or target.requirement] if name == control)
    return Head(target.framework, target.requirement, control, link.relation.value,
                Target(target.framework, via) if via else None, link.why)
