"""Some controls only: judged for pages that ask about one of many systems, and picked out by how they stand. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from govern.assurance.controls import control_outcome
from govern.assurance.mapped import hanging
from govern.assurance.outcomes import Posture, Status
from govern.assurance.setting import Setting
from govern.catalogue.objects import Catalogue, Target
from govern.facts.evidence import Evidence
from govern.facts.snapshot import Snapshot


def derive_some(snapshot: Snapshot, catalogue: Catalogue, controls: Collection[str]) -> Posture:
    """The posture of these controls alone, each as `derive` gives it: no status rests on another control's."""
    linked: dict[str, list[Evidence]] = {}
    for evidence in sorted(snapshot.evidence, key=lambda one: one.key):
        for control in evidence.controls:
            linked.setdefault(control, []).append(evidence)
    setting = Setting(snapshot, catalogue)
    outcomes = {id_: control_outcome(control, linked.get(id_, ()), setting)
                for id_, control in catalogue.controls.items() if id_ in controls}
    return Posture(snapshot.system.key, snapshot.moment, catalogue.digest, outcomes)


def bearing_on(catalogue: Catalogue, targets: Iterable[Target]) -> frozenset[str]:
    """The controls that decide how far requirements are met: theirs, those of all below, and of what these go through."""
    found: set[str] = set()
    seen: set[Target] = set()
    waiting = list(targets)
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        hangs = hanging(catalogue.frameworks[target.framework], catalogue)[target.requirement]
        found.update(hangs.controls)
        waiting += [Target(target.framework, child) for child in hangs.children]
        waiting += hangs.through
    return frozenset(found)


def standing_of(posture: Posture) -> tuple[frozenset[str], frozenset[str]]:
    """The controls that apply to a system, and those of them that are satisfied; a waived one is not."""
    applying = frozenset(id_ for id_, one in posture.controls.items() if one.status is not Status.NOT_APPLICABLE)
    return applying, frozenset(id_ for id_ in applying if posture.controls[id_].status is Status.SATISFIED)
