"""The posture of a system: the status of every control of the catalogue at the snapshot's moment."""

from __future__ import annotations

from govern.assurance.controls import control_outcome
from govern.assurance.outcomes import Posture
from govern.assurance.setting import Setting
from govern.catalogue.objects import Catalogue
from govern.facts.evidence import Evidence
from govern.facts.snapshot import Snapshot


def derive(snapshot: Snapshot, catalogue: Catalogue) -> Posture:
    """Judge a snapshot by a catalogue; the same two always give the same posture.

    Controls come in the order of the catalogue. Within [moment, posture.until) no status changes by time
    alone.
    """
    linked: dict[str, list[Evidence]] = {}
    for evidence in sorted(snapshot.evidence, key=lambda one: one.key):
        for control in evidence.controls:
            linked.setdefault(control, []).append(evidence)
    setting = Setting(snapshot, catalogue)
    outcomes = {id_: control_outcome(control, linked.get(id_, ()), setting)
                for id_, control in catalogue.controls.items()}
    return Posture(snapshot.system.key, snapshot.moment, catalogue.digest, outcomes)
