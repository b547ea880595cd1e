"""Threats and goals: which controls are for each, in which layer, and what rests on one alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from govern.catalogue.objects import Catalogue, Named, Purpose
from govern.catalogue.threats import Purposes, against_threats, for_goals
from tests.bank import make_catalogue


def told(**purposes: Purpose | None) -> Catalogue:
    """The bank's catalogue with two threats, a goal, two layers, and purposes for some controls."""
    plain = make_catalogue()
    controls = {id_: replace(one, purpose=purposes.get(id_.replace("-", "_"))) for id_, one in plain.controls.items()}
    return replace(plain, controls=controls, threats=(Named("theft", "Theft"), Named("drift", "Drift")),
                   goals=(Named("integrity", "Integrity"),), defences=(Named("data", "Data"), Named("model", "Model")))


def purpose(*threats: str, defence: str = "data", goals: tuple[str, ...] = ()) -> Purpose:
    return Purpose("legal", (), threats, goals, defence)


@pytest.fixture
def small() -> Catalogue:
    """Theft: EVA-01 and EVA-02 in data, EVA-03 in model. Drift: EVA-03 alone. GOV-01 and OPS-01 tell nothing."""
    return told(EVA_01=purpose("theft"), EVA_02=purpose("theft", goals=("integrity",)),
                EVA_03=purpose("drift", "theft", defence="model"))


def test_controls_stand_by_layer_in_the_order_of_the_catalogue(small: Catalogue) -> None:
    theft, drift = against_threats(small)
    assert (theft.named.id, theft.controls) == ("theft", ("EVA-01", "EVA-02", "EVA-03"))
    assert theft.by_defence == {"data": ("EVA-01", "EVA-02"), "model": ("EVA-03",)}
    assert drift.by_defence == {"data": (), "model": ("EVA-03",)}
    assert [one.controls for one in for_goals(small)] == [("EVA-02",)]


def test_what_rests_on_one_control_overall_and_by_layer(small: Catalogue) -> None:
    theft, drift = against_threats(small)
    assert (theft.alone, theft.alone_in) == (None, {"model": "EVA-03"})
    assert (drift.alone, drift.alone_in) == ("EVA-03", {"model": "EVA-03"})
    assert not theft.bare
    assert against_threats(told())[0].bare


def test_of_a_system_only_what_applies_and_only_what_is_satisfied(small: Catalogue) -> None:
    theft, drift = against_threats(small, among={"EVA-01", "EVA-03"}, satisfied={"EVA-01", "GOV-01"})
    assert (theft.controls, theft.satisfied, theft.alone) == (("EVA-01", "EVA-03"), ("EVA-01",), "EVA-01")
    assert theft.alone_in == {"data": "EVA-01"}
    assert theft.counted_in("model") == ()
    assert (drift.controls, drift.satisfied, drift.alone, drift.bare) == (("EVA-03",), (), None, True)


def test_no_system_and_a_system_with_nothing_differ(small: Catalogue) -> None:
    assert against_threats(small)[0].satisfied is None
    assert against_threats(small, among=(), satisfied=())[0] == Purposes(
        Named("theft", "Theft"), (), {"data": (), "model": ()}, ())


def test_every_shipped_control_stands_where_it_says(shipped: Catalogue) -> None:
    for one in (*against_threats(shipped), *for_goals(shipped)):
        listed = [control for controls in one.by_defence.values() for control in controls]
        assert sorted(listed) == sorted(one.controls)
        for control in one.controls:
            told_of = shipped.controls[control].purpose
            assert told_of is not None
            assert one.named.id in (*told_of.threats, *told_of.goals)
            assert control in one.by_defence[told_of.defence]
    assert not [one.named.id for one in against_threats(shipped) if one.bare]
