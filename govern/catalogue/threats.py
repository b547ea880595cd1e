"""What the controls are for: which of them answer each threat pattern and serve each security goal, and in which layer.

A pattern that one control alone answers rests on it: where that control fails, nothing stands behind it. Pure; which
controls apply to a system, and which of them are satisfied, comes from outside.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from govern.catalogue.objects import Catalogue, Control, Named


@dataclass(frozen=True)
class Purposes:
    """One threat or goal with the controls that are for it, in catalogue order.

    `by_defence` names every layer of defence, also those that hold none. `satisfied` are those of `controls` that are
    satisfied; None where no system is asked about.
    """

    named: Named
    controls: tuple[str, ...]
    by_defence: Mapping[str, tuple[str, ...]]
    satisfied: tuple[str, ...] | None = None

    @property
    def counted(self) -> tuple[str, ...]:
        """The controls that stand: of a system the satisfied ones, of the catalogue all."""
        return self.controls if self.satisfied is None else self.satisfied

    @property
    def alone(self) -> str | None:
        """The one control on which it rests, None where there are more or none."""
        return self.counted[0] if len(self.counted) == 1 else None

    @property
    def bare(self) -> bool:
        """Whether nothing stands against it at all."""
        return not self.counted

    def counted_in(self, defence: str) -> tuple[str, ...]:
        """The controls that stand in one layer of defence."""
        standing = set(self.counted)
        return tuple(one for one in self.by_defence[defence] if one in standing)

    @property
    def alone_in(self) -> Mapping[str, str]:
        """Layer of defence → the one control on which it rests there."""
        found = {layer: self.counted_in(layer) for layer in self.by_defence}
        return {layer: controls[0] for layer, controls in found.items() if len(controls) == 1}


def against_threats(catalogue: Catalogue, among: Collection[str] | None = None,
                    satisfied: Collection[str] | None = None) -> tuple[Purposes, ...]:
    """Every threat pattern of the catalogue, in its order. `among` narrows to these controls (None: all)."""
    return tuple(_purposes(catalogue, named, among, satisfied, "threats") for named in catalogue.threats)


def for_goals(catalogue: Catalogue, among: Collection[str] | None = None,
              satisfied: Collection[str] | None = None) -> tuple[Purposes, ...]:
    """Every security goal of the catalogue, in its order, as `against_threats` gives threats."""
    return tuple(_purposes(catalogue, named, among, satisfied, "goals") for named in catalogue.goals)


def _purposes(catalogue: Catalogue, named: Named, among: Collection[str] | None, satisfied: Collection[str] | None,
              what: str) -> Purposes:
    fitting = [one for one in catalogue.controls.values()
               if (among is None or one.id in among) and named.id in _named_by(one, what)]
    by_defence = {layer.id: tuple(one.id for one in fitting if one.purpose and one.purpose.defence == layer.id)
                  for layer in catalogue.defences}
    controls = tuple(one.id for one in fitting)
    proved = None if satisfied is None else tuple(one for one in controls if one in satisfied)
    return Purposes(named, controls, by_defence, proved)


def _named_by(control: Control, what: str) -> tuple[str, ...]:
    if control.purpose is None:
        return ()
    return control.purpose.threats if what == "threats" else control.purpose.goals
