"""Registering, editing and adopting systems, and recording what happens to them."""

from __future__ import annotations

import pytest

from govern.actions.organisation import put_in_force
from govern.actions.systems import adopt_system, edit_system, record_event, register_system, slug_of
from govern.catalogue.objects import Trait, TraitGroup
from govern.errors import InputRefused, NotAllowed, NotFound, StaleForm
from govern.facts.audit import Action
from govern.facts.commands import AdoptSystem, RecordEvent
from govern.facts.moments import DAY, Instant
from govern.facts.systems import Stage, System
from govern.records.systems import events_for, stages, system_by_key, system_by_slug
from govern.records.work import Done
from tests.bank import Bank, description, make_catalogue, nothing_recorded, recorded, refused


def system_of(bank: Bank, key: str, at: str | None = None) -> System | None:
    with bank.reading(at=at) as (connection, reader):
        return system_by_key(connection, reader, key)


def adoption(bank: Bank, stage: Stage = Stage.OPERATION, started: Instant | None = None,
             system: str = "scoring") -> AdoptSystem:
    return AdoptSystem(bank[system], stage, "It runs since spring.", "Two gaps.", bank.at + 90 * DAY, started)


# -- registering ---------------------------------------------------------------------------------------------------


def test_a_system_is_registered(bank: Bank) -> None:
    officer = bank.actors["officer"]
    command = description("Fraud guard", bank["lending"], ["high-risk"], purpose="Finds fraud.")
    done = register_system(bank.office, officer, command, bank.tick())
    key, slug = done.value
    recorded(bank, done, Action.SYSTEM_REGISTER, by=officer, touched=[key, bank["lending"]], wrote={"system": 1})
    found = system_of(bank, key)
    assert found is not None
    assert (found.slug, found.name, found.purpose, found.unit, found.traits) == (
        "fraud-guard", "Fraud guard", "Finds fraud.", bank["lending"], {"high-risk"})
    assert slug == "fraud-guard"
    assert system_of(bank, key, at=str(bank.head() - 1)) is None, "before, it was not there"


def test_a_slug_is_never_used_twice(bank: Bank) -> None:
    officer = bank.actors["officer"]
    slugs = [register_system(bank.office, officer, description("Scoring"), bank.tick()).value[1] for _ in range(2)]
    assert slugs == ["scoring-2", "scoring-3"]


@pytest.mark.parametrize(("name", "slug"), [
    ("Credit scoring 2", "credit-scoring-2"), ("Überprüfung", "uberprufung"), ("  — ", "system"),
    ("日本", "system"), ("a" * 59 + " b", "a" * 59), ("../etc/passwd", "etc-passwd"),
])
def test_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_registering_is_for_those_who_may(bank: Bank) -> None:
    for who in ("owner", "auditor", "reviewer", "administrator", "nobody"):
        with refused(bank, NotAllowed, "register a system"):
            register_system(bank.office, bank.actors[who], description("New"), bank.tick())


def test_traits_and_units_must_be_known(bank: Bank) -> None:
    officer = bank.actors["officer"]
    with refused(bank, InputRefused, "no trait magic", "traits") as caught:
        register_system(bank.office, officer, description("New", None, ["magic", "agentic"]), bank.tick())
    assert caught.value.mend == "Known are: agentic, high-risk."
    with refused(bank, NotFound, "no such unit", "unit"):
        register_system(bank.office, officer, description("New", bank["scoring"]), bank.tick())


GROUPED = make_catalogue(
    groups=(TraitGroup("class", "Class", "One of these.", single=True), TraitGroup("powers", "Powers", "Any of these.")),
    traits=(Trait("agentic", "Agentic", "Does it act?", "", group="powers"),
            Trait("pays", "Pays", "Does it pay?", "", group="powers"),
            Trait("high-risk", "High-risk", "Is it?", "", group="class"),
            Trait("low-risk", "Low-risk", "Is it not?", "", group="class"),
            Trait("loose", "Loose", "Does it belong nowhere?", "")))


def test_a_group_of_one_choice_takes_one_trait(bank: Bank) -> None:
    put_in_force(bank.office, GROUPED, bank.tick())
    officer = bank.actors["officer"]
    with refused(bank, InputRefused, "“Class” takes one answer, and these are 2: High-risk, Low-risk", "traits"):
        register_system(bank.office, officer, description("New", None, ["low-risk", "high-risk", "agentic"]), bank.tick())
    shown = system_of(bank, bank["scoring"])
    assert shown is not None
    both = description("Scoring", None, ["low-risk", "high-risk"])
    with refused(bank, InputRefused, "takes one answer", "traits"):
        edit_system(bank.office, officer, bank["scoring"], both, shown.row, bank.tick())
    for traits in ([], ["high-risk", "agentic", "pays", "loose"], ["low-risk"]):
        register_system(bank.office, officer, description("New", None, traits), bank.tick())


def test_answers_that_stay_do_not_stand_in_the_way_of_another_change(bank: Bank) -> None:
    """A newer catalogue may group or drop what was answered before; the description can still be mended."""
    both, officer, scoring = ["high-risk", "agentic"], bank.actors["officer"], bank["scoring"]
    edit_system(bank.office, officer, scoring, description("Scoring", None, both), None, bank.tick())
    newer = make_catalogue(groups=(TraitGroup("one", "One", "", single=True),),
                           traits=(Trait("high-risk", "High-risk", "", "", group="one"),))
    put_in_force(bank.office, newer, bank.tick())
    edit_system(bank.office, officer, scoring, description("Scoring, renamed", None, both), None, bank.tick())
    after = system_of(bank, bank["scoring"])
    assert after is not None
    assert (after.name, after.traits) == ("Scoring, renamed", frozenset(both))
    with refused(bank, InputRefused, "no trait agentic", "traits"):
        edit_system(bank.office, officer, scoring, description("Scoring", None, ["agentic"]), None, bank.tick())


def test_the_address_of_a_page_is_no_slug(bank: Bank) -> None:
    assert register_system(bank.office, bank.actors["officer"], description("New"), bank.tick()).value[1] == "new-2"


# -- editing -------------------------------------------------------------------------------------------------------


def test_a_description_is_changed_and_the_past_stays(bank: Bank) -> None:
    before = system_of(bank, bank["scoring"])
    assert before is not None
    command = description("Credit scoring", bank["lending"], ["agentic"], who_can_stop="The desk.")
    owner = bank.actors["owner"]
    assert bank.status("EVA-03") == "not applicable"
    done = edit_system(bank.office, owner, bank["scoring"], command, before.row, bank.tick())
    recorded(bank, done, Action.SYSTEM_EDIT, by=owner, touched=[bank["scoring"]], wrote={"system": 1}, closed={"system": 1})
    after = system_of(bank, bank["scoring"])
    assert after is not None
    assert (after.name, after.who_can_stop, after.slug) == ("Credit scoring", "The desk.", before.slug)
    assert after.row != before.row
    assert bank.status("EVA-03") == "missing", "the trait switches its control on"
    assert system_of(bank, bank["scoring"], at=str(bank.head() - 1)) == before
    assert bank.status("EVA-03", at=str(bank.head() - 1)) == "not applicable"


def test_a_stale_form_is_refused(bank: Bank) -> None:
    shown = system_of(bank, bank["scoring"])
    assert shown is not None
    edit_system(bank.office, bank.actors["officer"], bank["scoring"], description("Faster"), shown.row, bank.tick())
    with refused(bank, StaleForm, "Faster was changed by somebody else"):
        edit_system(bank.office, bank.actors["deputy"], bank["scoring"], description("Slower"), shown.row, bank.tick())
    edit_system(bank.office, bank.actors["deputy"], bank["scoring"], description("Slower"), None, bank.tick())
    after = system_of(bank, bank["scoring"])
    assert after is not None
    assert after.name == "Slower"


def test_editing_out_of_reach_is_not_found_and_without_the_role_not_allowed(bank: Bank) -> None:
    for who in ("seller", "nobody"):
        with refused(bank, NotFound, "no such system"):
            edit_system(bank.office, bank.actors[who], bank["scoring"], description("New"), None, bank.tick())
    for who in ("contributor", "reviewer", "auditor", "administrator"):
        with refused(bank, NotAllowed, "change a system's description"):
            edit_system(bank.office, bank.actors[who], bank["scoring"], description("New"), None, bank.tick())
    with refused(bank, InputRefused, "no trait", "traits"):
        edit_system(bank.office, bank.actors["owner"], bank["scoring"], description("New", None, ["magic"]), None, bank.tick())


# -- adoption ------------------------------------------------------------------------------------------------------


def test_adoption_sets_the_stage_and_records_when_operation_began(bank: Bank) -> None:
    officer, started = bank.actors["officer"], bank.at - 100 * DAY
    done = adopt_system(bank.office, officer, adoption(bank, started=started), bank.tick())
    recorded(bank, done, Action.SYSTEM_ADOPT, by=officer, touched=[bank["scoring"]], wrote={"adoption": 1, "event": 1})
    seen = bank.snapshot()
    assert seen.adoption is not None
    assert (seen.stage, seen.adoption.decided_by, seen.adoption.decided) == (Stage.OPERATION, officer.key, bank.at)
    assert [(one.event, one.happened) for one in seen.events] == [("operation-start", started)]
    assert bank.snapshot(at=str(bank.head() - 1)).stage is Stage.DESIGN
    assert bank.snapshot("chat").stage is Stage.DESIGN


def test_a_second_adoption_replaces_the_first_and_starts_nothing_again(bank: Bank) -> None:
    officer = bank.actors["officer"]
    first = adopt_system(bank.office, officer, adoption(bank, started=bank.at - DAY), bank.tick())
    done = adopt_system(bank.office, officer, adoption(bank, Stage.RETIRED, bank.at - DAY), bank.tick())
    recorded(bank, done, Action.SYSTEM_ADOPT, by=officer, touched=[bank["scoring"]], wrote={"adoption": 1},
             closed={"adoption": 1})
    assert done.value == first.value
    assert len(bank.snapshot().events) == 1
    with bank.reading() as (connection, _):
        assert stages(connection, None) == {bank["scoring"]: Stage.RETIRED}
        assert stages(connection, first.entry) == {bank["scoring"]: Stage.OPERATION}


def test_a_system_that_does_not_run_yet_has_no_start(bank: Bank) -> None:
    done = adopt_system(bank.office, bank.actors["officer"], adoption(bank, Stage.EVALUATION, bank.at - DAY), bank.tick())
    recorded(bank, done, Action.SYSTEM_ADOPT, by=bank.actors["officer"], touched=[bank["scoring"]], wrote={"adoption": 1})
    assert bank.snapshot().events == ()


def test_adoption_refused(bank: Bank) -> None:
    with refused(bank, NotAllowed, "decide the adoption"):
        adopt_system(bank.office, bank.actors["owner"], adoption(bank), bank.tick())
    with refused(bank, NotFound):
        adopt_system(bank.office, bank.actors["seller"], adoption(bank), bank.tick())
    with refused(bank, InputRefused, "not come yet", "started"):
        adopt_system(bank.office, bank.actors["officer"], adoption(bank, started=bank.at + 2 * DAY), bank.tick())


# -- events --------------------------------------------------------------------------------------------------------


def record(bank: Bank, who: str, system: str | None, event: str = "release", days: int = -20) -> Done[str]:
    command = RecordEvent(bank.keys[system] if system else None, event, bank.at + days * DAY, "See the log.")
    return record_event(bank.office, bank.actors[who], command, bank.tick())


def test_an_event_makes_evidence_due(bank: Bank) -> None:
    assert bank.status("OPS-01") == "not due"
    done = record(bank, "owner", "scoring")
    recorded(bank, done, Action.EVENT_RECORD, by=bank.actors["owner"], touched=[bank["scoring"]], wrote={"event": 1})
    assert bank.status("OPS-01") == "missing"
    assert bank.status("OPS-01", "chat") == "not due"
    assert bank.status("OPS-01", at=str(bank.head() - 1)) == "not due"


def test_an_event_of_the_organisation_is_every_systems(bank: Bank) -> None:
    done = record(bank, "officer", None)
    recorded(bank, done, Action.EVENT_RECORD, by=bank.actors["officer"], touched=["organisation"], wrote={"event": 1})
    assert [bank.status("OPS-01", system) for system in ("scoring", "chat")] == ["missing", "missing"]
    with bank.reading() as (connection, _):
        assert [one.system for one in events_for(connection, bank["chat"], None)] == [None]


def test_events_refused(bank: Bank) -> None:
    with refused(bank, InputRefused, "no event earthquake", "event"):
        record(bank, "owner", "scoring", "earthquake")
    with refused(bank, InputRefused, "not come yet", "happened"):
        record(bank, "owner", "scoring", days=3)
    with refused(bank, NotAllowed, "whole organisation"):
        record(bank, "owner", None)
    with refused(bank, NotFound):
        record(bank, "seller", "scoring")
    with refused(bank, NotAllowed):
        record(bank, "contributor", "scoring")


def test_slugs_answer_only_to_those_who_see_the_system(bank: Bank) -> None:
    for who, found in (("officer", True), ("owner", True), ("contributor", True), ("seller", False), ("nobody", False)):
        with nothing_recorded(bank), bank.reading(bank.actors[who]) as (connection, reader):
            assert (system_by_slug(connection, reader, "scoring") is not None) is found
