"""What units decide about the catalogue: who may, what is recorded, what is refused, and what follows for their systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from govern.actions.organisation import put_in_force
from govern.actions.people import grant_role
from govern.actions.systems import register_system
from govern.actions.tailoring import tailor_unit
from govern.catalogue.objects import Baseline, Condition, Limit, Tolerance
from govern.errors import InputRefused, NotAllowed, NotFound, StaleForm
from govern.facts.audit import Action
from govern.facts.commands import GrantRole, TailorUnit
from govern.facts.people import Role, ScopeKind
from govern.facts.tailoring import Tailoring
from govern.records.tailoring import all_tailorings, circumstances_of
from govern.records.work import Done
from tests.bank import Bank, actor_of, description, make_catalogue, recorded, refused

SMALL = Baseline("small", "Small", "Little.", frozenset({"EVA-01", "GOV-01"}))
AGENTS = Baseline("agents", "Agents", "For agents.", frozenset({"EVA-01", "EVA-03"}), Condition("trait.agentic", "It acts."))
KNOWN = make_catalogue(
    baselines=(SMALL, AGENTS),
    limits=(Limit("open", "Open findings", "How many.", "int"), Limit("rate", "Rate", "A share.", "double")),
    tolerances=(Tolerance("balanced", "Balanced", "As written.", {"open": 0, "rate": 0.05}),
                Tolerance("bold", "Bold", "For trials.", {"open": 3, "rate": 0.2})))


@pytest.fixture
def house(bank: Bank) -> Bank:
    """The bank with a catalogue that has baselines and tolerances."""
    put_in_force(bank.office, KNOWN, bank.tick())
    return bank


def command(unit: str | None, baseline: str | None = "small", tolerance: str | None = None, *, added: Iterable[str] = (),
            removed: Mapping[str, str] | None = None, limits: Mapping[str, float] | None = None,
            reason: str = "It fits.") -> TailorUnit:
    return TailorUnit(unit, baseline, tolerance, frozenset(added), tuple((removed or {}).items()),
                      tuple((limits or {}).items()), reason)


def tailor(bank: Bank, wanted: TailorUnit, seen: str | None = None, who: str = "officer") -> Done[str]:
    return tailor_unit(bank.office, bank.actors[who], wanted, seen, bank.tick())


def decision(bank: Bank, unit: str | None, at: int | None = None) -> Tailoring | None:
    with bank.reading() as (connection, _):
        return all_tailorings(connection, at).get(unit)


def asked(bank: Bank, system: str = "scoring", at: int | None = None) -> set[str]:
    """The controls that a system is asked for."""
    posture = bank.posture(system, str(at) if at else None)
    return {id_ for id_, one in posture.controls.items() if one.status.value != "not applicable"}


def test_a_unit_decides(house: Bank) -> None:
    before = house.head()
    officer = house.actors["officer"]
    wanted = command(house["lending"], tolerance="bold", added=["OPS-01"], removed={"GOV-01": "The bank has one."},
                     limits={"rate": 0.1}, reason=" Small things only. ")
    done = tailor(house, wanted)
    recorded(house, done, Action.UNIT_TAILOR, by=officer, touched=[house["lending"], "organisation"], wrote={"tailoring": 1})
    found = decision(house, house["lending"])
    assert found is not None
    assert found == Tailoring(done.value, found.row, house["lending"], "Lending", "small", "bold", frozenset({"OPS-01"}),
                              (("GOV-01", "The bank has one."),), (("rate", 0.1),), "Small things only.", officer.key, house.at)
    assert asked(house) == {"EVA-01", "OPS-01"}
    assert asked(house, "chat") == {"EVA-01", "EVA-02", "EVA-03", "GOV-01", "OPS-01"}, "another unit stays as it was"
    assert asked(house, at=before) == {"EVA-01", "EVA-02", "GOV-01", "OPS-01"}, "and so does the past"
    assert decision(house, house["lending"], before) is None


def test_the_nearest_decision_holds(house: Bank) -> None:
    tailor(house, command(None, "agents"))
    assert asked(house) == {"EVA-01"}, "the condition of EVA-03 still counts"
    assert asked(house, "chat") == {"EVA-01", "EVA-03"}
    tailor(house, command(house["bank"], "small"))
    assert asked(house) == {"EVA-01", "GOV-01"}
    assert asked(house, "chat") == {"EVA-01", "EVA-03", "GOV-01"}, "what a system that acts is asked for in any case stays"
    tailor(house, command(house["lending"], None, "bold", limits={"open": 1}))
    assert asked(house) == {"EVA-01", "GOV-01"}, "a unit that adopts none leaves it to the one above"
    with house.reading() as (connection, _):
        found = circumstances_of(connection, KNOWN, house.snapshot().system)
        assert (found.tolerance, found.limits) == ("bold", (("limit.open", 1), ("limit.rate", 0.2)))
        other = circumstances_of(connection, KNOWN, house.snapshot("chat").system)
        assert (other.tolerance, other.limits) == ("balanced", (("limit.open", 0), ("limit.rate", 0.05)))


def test_a_system_without_a_unit_has_the_organisations(house: Bank) -> None:
    tailor(house, command(house["bank"], "agents"))
    house.keys["stray"] = register_system(house.office, house.actors["officer"], description("Stray"), house.tick()).value[0]
    assert asked(house, "stray") == {"EVA-01", "EVA-02", "GOV-01", "OPS-01"}
    tailor(house, command(None, "small"))
    assert asked(house, "stray") == {"EVA-01", "GOV-01"}


def test_deciding_again_takes_the_place_of_the_first(house: Bank) -> None:
    first = tailor(house, command(house["lending"]))
    shown = decision(house, house["lending"])
    assert shown is not None
    again = tailor(house, command(house["lending"], "agents"), shown.row)
    recorded(house, again, Action.UNIT_TAILOR, by=house.actors["officer"], touched=[house["lending"], "organisation"],
             wrote={"tailoring": 1}, closed={"tailoring": 1})
    assert again.value == first.value, "the same decision, changed"
    with refused(house, StaleForm, "Somebody decided on this unit"):
        tailor(house, command(house["lending"], None), shown.row)
    with refused(house, StaleForm):
        tailor(house, command(house["lending"], None), None)
    with refused(house, StaleForm):
        tailor(house, command(house["cards"]), shown.row)
    past = decision(house, house["lending"], first.entry)
    assert past is not None
    assert past.baseline == "small"


@pytest.mark.parametrize(("given", "match", "field"), [
    ({"baseline": "huge"}, "no baseline “huge”", "baseline"),
    ({"tolerance": "wild"}, "no risk tolerance “wild”", "tolerance"),
    ({"reason": "  "}, "says why", "reason"),
    ({"baseline": None, "added": ["EVA-02"]}, "none is chosen", "baseline"),
    ({"baseline": None, "removed": {"EVA-01": "No."}}, "none is chosen", "baseline"),
    ({"added": ["EVA-99"]}, "no control EVA-99", "controls"),
    ({"removed": {"EVA-99": "No."}}, "no control EVA-99", "controls"),
    ({"removed": {"EVA-01": " "}}, "EVA-01 is taken out without a reason", "removed"),
    ({"added": ["EVA-01"], "removed": {"EVA-01": "No."}}, "both added and taken out", "removed"),
    ({"limits": {"speed": 1.0}}, "no limit “speed”", "limits"),
    ({"limits": {"open": 1.5}}, "whole number", "limits"),
    ({"limits": {"open": -1.0}}, "whole number", "limits"),
    ({"limits": {"rate": -0.1}}, "a number from 0", "limits"),
    ({"limits": {"rate": 1e12}}, "a number from 0", "limits"),
    ({"limits": {"rate": float("nan")}}, "a number from 0", "limits"),
    ({"limits": {"open": float("inf")}}, "whole number", "limits"),
])
def test_what_makes_no_sense_is_refused(house: Bank, given: dict[str, object], match: str, field: str) -> None:
    with refused(house, InputRefused, match, field):
        tailor(house, command(house["lending"], **{"baseline": "small", **given}))  # type: ignore[arg-type] # a table of odd values


def test_who_may(house: Bank) -> None:
    for who in ("administrator", "owner", "seller", "contributor", "reviewer", "auditor", "nobody"):
        with refused(house, NotAllowed, "decide a unit's baseline"):
            tailor(house, command(house["lending"]), who=who)
    token = house.token("officer", None, submit_only=False)
    with refused(house, NotAllowed, "A token may not"):
        tailor_unit(house.office, token, command(None), None, house.tick())
    with refused(house, NotFound, "no such unit", "unit"):
        tailor(house, command("no-such-unit"))


def test_a_compliance_officer_of_a_unit_decides_there_and_below(house: Bank) -> None:
    grant_role(house.office, house.actors["administrator"], GrantRole(
        house["nobody"], Role.COMPLIANCE_OFFICER, ScopeKind.UNIT, house["lending"]), house.tick())
    house.actors["nobody"] = actor_of(house, "nobody")
    tailor(house, command(house["lending"]), who="nobody")
    for unit in (house["cards"], house["bank"], None):
        with refused(house, NotAllowed):
            tailor(house, command(unit), who="nobody")


def test_a_word_that_a_newer_catalogue_dropped_holds_no_more(house: Bank) -> None:
    tailor(house, command(house["lending"], "small", "bold"))
    newer = make_catalogue(baselines=(AGENTS,), limits=KNOWN.limits, tolerances=KNOWN.tolerances[:1])
    put_in_force(house.office, newer, house.tick())
    assert asked(house) == {"EVA-01", "EVA-02", "GOV-01", "OPS-01"}, "as if none were adopted"
    with house.reading() as (connection, _):
        assert circumstances_of(connection, house.office.catalogue(connection), house.snapshot().system).tolerance == "balanced"
