"""From a form or JSON to a command: blanks, unknown names, several values, and refusals that name their field."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from govern.errors import InputRefused
from govern.facts.commands import AddPerson, AskForEvidence, AssignControls, DecideScoping, DescribeSystem
from govern.facts.evidence import About, Answered, Basis, Reply, Verdict
from govern.facts.moments import DAY, day_start
from govern.facts.people import ScopeKind
from govern.schemas.control import AskForEvidenceInput, AssignControlsInput, DecideScopingInput
from govern.schemas.evidence import LinkEvidenceInput, ReviewInput, SubmitEvidenceInput
from govern.schemas.forms import Input, load_form, load_json
from govern.schemas.people import AddPersonInput, GrantRoleInput, NewPasswordInput, SignInInput
from govern.schemas.queries import ConsistencyQuery, EvidenceQuery
from govern.schemas.systems import AdoptSystemInput, DescribeSystemInput
from tests.schemas.inputs import FILE, GIVEN, all_inputs, given_by_the_door

SYSTEM = {"name": "Desk", "purpose": "Decides."}


def refused(schema: type[Input[Any]], form: Any, **given: Any) -> dict[str, list[str]]:
    with pytest.raises(InputRefused) as error:
        load_form(schema, form, **given)
    assert error.value.field == next(iter(error.value.fields))
    return error.value.fields


# -- forms -------------------------------------------------------------------------------------------------------


def test_texts_are_stripped_and_blanks_are_not_sent() -> None:
    form = {"name": "  Desk ", "purpose": " Decides.\r\nOften. ", "unit": "  ", "csrf_token": "x", "who_can_stop": ""}
    command = load_form(DescribeSystemInput, form)
    assert (command.name, command.purpose, command.unit) == ("Desk", "Decides.\nOften.", None)
    assert command.who_can_stop == ""
    assert command.traits == frozenset()


@pytest.mark.parametrize(
    "form",
    [MultiDict([("selected", "EVA-01"), ("selected", "EVA-02"), ("selected", "EVA-01")]),
     MultiDict([("controls", "EVA-01"), ("controls", "EVA-02")]), MultiDict([("controls[]", "EVA-01, EVA-02")]),
     {"controls": ["EVA-01", "EVA-02"]}, {"controls": "EVA-01;EVA-02"}])
def test_several_values_however_they_are_sent(form: Any) -> None:
    values = MultiDict(form) if isinstance(form, MultiDict) else dict(form)
    values["owner"] = "p1"
    command = load_form(AssignControlsInput, values, system="s")
    assert command == AssignControls("s", ("EVA-01", "EVA-02"), "p1", None, None)


def test_what_the_address_gives_wins() -> None:
    command = load_form(AskForEvidenceInput, {"controls": "EVA-01", "asked_of": "p", "due": "2026-05-01"}, system="s",
                        controls=["EVA-09"])
    assert command == AskForEvidence("s", ("EVA-09",), "p", day_start_of(2026, 5, 1) + DAY - 1, "")


def day_start_of(year: int, month: int, day: int) -> int:
    from datetime import date

    return day_start(date(year, month, day))


def test_all_faults_are_told_at_once_and_the_first_names_its_label() -> None:
    with pytest.raises(InputRefused) as error:
        load_form(DescribeSystemInput, {"name": "x" * 201, "unit": "a b", "traits": "Odd"})
    assert set(error.value.fields) == {"name", "purpose", "unit", "traits"}
    assert error.value.text.startswith("Name: ")
    assert error.value.fields["purpose"] == ["This is needed."]


def test_a_value_that_is_not_sent_stays_and_a_whole_form_clears() -> None:
    one = {"controls": "EVA-01"}
    assert refused(AssignControlsInput, one, system="s").keys() == {"owner"}
    assert load_form(AssignControlsInput, {**one, "due": "2026-05-01"}, system="s").owner is None
    whole = load_form(AssignControlsInput, {**one, "whole": "yes", "owner": "p"}, system="s")
    assert (whole.owner, whole.due, whole.statement) == ("p", 0, "")


@pytest.mark.parametrize("name", ["decision", "do"])
def test_a_decision_by_its_button(name: str) -> None:
    form = MultiDict([("selected", "a"), ("selected", "b"), (name, "approve")])
    assert load_form(DecideScopingInput, form) == DecideScoping(("a", "b"), True, "")
    assert refused(DecideScopingInput, {"selected": "a", name: "refuse"}).keys() == {"comment"}
    assert refused(DecideScopingInput, {"selected": "a", name: "later"}).keys() == {"decision"}
    assert refused(DecideScopingInput, {name: "approve"}).keys() == {"scopings"}


def test_no_links_is_an_answer() -> None:
    assert load_form(LinkEvidenceInput, {}, evidence="e").controls == frozenset()


def test_passwords_are_kept_as_typed() -> None:
    command = load_form(AddPersonInput, {"name": "N", "email": "A@Example.org", "password": "  blanks  "}, **GIVEN)
    assert command == AddPerson("N", "a@example.org", "hash of   blanks  ")
    assert load_form(SignInInput, {"email": "a", "password": " "}).password == " "
    assert refused(NewPasswordInput, {"current": "a", "password": "b", "again": "B"}).keys() == {"again"}


@pytest.mark.parametrize(("form", "kind", "scope"), [
    ({}, ScopeKind.EVERYTHING, None), ({"scope_kind": "unit", "unit": "u", "system": "s"}, ScopeKind.UNIT, "u"),
    ({"scope_kind": "system", "system": "s"}, ScopeKind.SYSTEM, "s"), ({"unit": "u"}, ScopeKind.EVERYTHING, None)])
def test_where_a_role_holds(form: dict[str, str], kind: ScopeKind, scope: str | None) -> None:
    command = load_form(GrantRoleInput, {"role": "auditor", **form}, person="p")
    assert (command.scope_kind, command.scope) == (kind, scope)


def test_a_role_on_a_unit_names_it() -> None:
    assert refused(GrantRoleInput, {"role": "auditor", "scope_kind": "unit"}, person="p").keys() == {"unit"}


# -- reviews -----------------------------------------------------------------------------------------------------


def test_answers_of_a_review_form() -> None:
    form = {"verdict": "accepted", "answer.EVA-01.1.metrics": "yes", "answer.EVA-01.2.other-person": "",
            "answer.EVA-01.1.data": "not-applicable", "why.EVA-01.1.data": " No data. ", "why.EVA-01.1.metrics": ""}
    command = load_form(ReviewInput, MultiDict(form), versions=("v",))
    assert (command.verdict, command.versions) == (Verdict.ACCEPTED, ("v",))
    assert set(command.answers) == {Answered("EVA-01.1", "metrics", Reply.YES),
                                    Answered("EVA-01.1", "data", Reply.NOT_APPLICABLE, "No data.")}


@pytest.mark.parametrize(
    ("form", "field"),
    [({"verdict": "rejected"}, "comment"), ({"verdict": "rejected", "comment": "  "}, "comment"),
     ({"verdict": "accepted", "answer.A.1.b": "not-applicable"}, "why.A.1.b"), ({"verdict": "fine"}, "verdict"),
     ({"verdict": "accepted", "answer.A.1.b": "perhaps"}, "answers"), ({"verdict": "accepted", "answer.": "yes"}, "answers")])
def test_reviews_that_do_not_hold_together(form: dict[str, str], field: str) -> None:
    assert refused(ReviewInput, form, versions=("v",)).keys() == {field}


def test_one_verdict_on_many_versions() -> None:
    command = load_form(ReviewInput, MultiDict([("selected", "a"), ("selected", "b"), ("do", "accepted")]))
    assert command.versions == ("a", "b")
    assert refused(ReviewInput, {"do": "accepted"}).keys() == {"versions"}


# -- evidence ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "given", "about", "key"),
    [({}, {}, About.ORGANISATION, None), ({"system": "s"}, {}, About.SYSTEM, "s"), ({"unit": "u"}, {}, About.UNIT, "u"),
     ({"unit": "u", "system": "s"}, {}, About.SYSTEM, "s"), ({}, {"system": "s"}, About.SYSTEM, "s"),
     ({"about": "organisation"}, {"system": "s"}, About.ORGANISATION, None),
     ({"about": "unit", "unit": "u"}, {"system": "s"}, About.UNIT, "u"),
     ({"about": "system"}, {"system": "s"}, About.SYSTEM, "s")])
def test_what_evidence_speaks_of(form: dict[str, str], given: dict[str, str], about: About, key: str | None) -> None:
    command = load_form(SubmitEvidenceInput, form, file=FILE, **given)
    assert (command.about, command.about_key) == (about, key)


@pytest.mark.parametrize(("form", "field"), [
    ({"about": "unit"}, "unit"), ({"about": "system"}, "system"), ({"about": "asset"}, "about"),
    ({"about": "release", "system": "s"}, "about"), ({"about": "planet"}, "about")])
def test_subjects_that_are_missing(form: dict[str, str], field: str) -> None:
    assert refused(SubmitEvidenceInput, form, file=FILE).keys() == {field}


def test_what_is_left_blank_is_suggested_and_what_is_said_wins() -> None:
    suggested = {"suggested_kind": "policy", "suggested_basis": Basis.TESTED, "read_worked": 7}
    blank = load_form(SubmitEvidenceInput, {"system": "s"}, file=FILE, **suggested)
    assert (blank.title, blank.kind, blank.basis, blank.worked, blank.controls) == (
        "report.v2", "policy", Basis.TESTED, 7, None)
    said = load_form(SubmitEvidenceInput, {"title": "T", "kind": "model-card", "basis": "claimed", "worked": "2026-01-02",
                                           "controls": "EVA-01"}, file=FILE, **suggested)
    assert (said.title, said.kind, said.basis, said.controls) == ("T", "model-card", Basis.CLAIMED, frozenset({"EVA-01"}))
    assert said.worked == day_start_of(2026, 1, 2)
    assert load_form(SubmitEvidenceInput, {}, file=FILE).basis is Basis.CLAIMED


# -- JSON --------------------------------------------------------------------------------------------------------


def test_json_refuses_unknown_fields_and_says_which() -> None:
    with pytest.raises(InputRefused) as error:
        load_json(DescribeSystemInput, {**SYSTEM, "status": "satisfied", "a\u0000b": 1})
    assert error.value.fields == {"status": ["There is no such field."], "a?b": ["There is no such field."]}


@pytest.mark.parametrize("body", [None, 3, "x", [], [SYSTEM], True])
def test_json_that_is_no_object(body: Any) -> None:
    with pytest.raises(InputRefused) as error:
        load_json(DescribeSystemInput, body)
    assert error.value.fields.keys() == {"form"}


@pytest.mark.parametrize("value", [None, 3, 3.5, True, [], {}, ["a"], "\ud800", "a\u0000", "x" * 100_001])
def test_json_of_other_types(value: Any) -> None:
    for name in ("name", "purpose"):
        with pytest.raises(InputRefused) as error:
            load_json(DescribeSystemInput, {**SYSTEM, name: value})
        assert error.value.fields.keys() == {name}
        json.dumps(error.value.fields).encode()


def test_names_of_queries_that_are_words_of_python() -> None:
    span = load_form(ConsistencyQuery, {"from": "1", "to": "2"})
    assert (span.first, span.second) == (1, 2)
    assert refused(ConsistencyQuery, {"from": "x", "to": "2"}) == {"from": ["This must be a whole number."]}
    assert load_form(EvidenceQuery, {"size": "7", "q": " plan "}).q == "plan"


# -- all of them -------------------------------------------------------------------------------------------------


def test_every_field_has_a_label_and_every_refusal_is_said_in_words() -> None:
    for schema in all_inputs():
        made = schema()
        for name, field in made.fields.items():
            assert field.metadata.get("label"), f"{schema.__name__}.{name}"
        assert schema.__doc__


def refusal_of(load: Callable[[], Any]) -> dict[str, list[str]] | None:
    """What was refused by field, None when a command came of it; any other error passes through."""
    try:
        load()
    except InputRefused as error:
        return error.fields
    return None


_TEXTS = st.text() | st.sampled_from(["", "\x00", "\ud800", "../..", "2026-02-30", "yes", "-1", "9" * 30])
_NAMES = sorted({name for schema in all_inputs() for name in schema().fields} | {"answer.A.b", "why.A.b", "selected"})


@given(st.sampled_from(all_inputs()), st.dictionaries(st.sampled_from(_NAMES), _TEXTS | st.lists(_TEXTS), max_size=8))
def test_whatever_is_sent_gives_a_command_or_names_what_is_wrong(schema: type[Input[Any]], form: dict[str, Any]) -> None:
    said = refusal_of(lambda: load_form(schema, MultiDict(form), **given_by_the_door(schema)))
    assert said is None or (said and all(texts and all(texts) for texts in said.values()))
    json.dumps(said).encode()


_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                     lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))


@given(st.sampled_from(all_inputs()), st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=8) | _JSON)
def test_whatever_json_is_sent_gives_a_command_or_names_what_is_wrong(schema: type[Input[Any]], body: Any) -> None:
    said = refusal_of(lambda: load_json(schema, body, **given_by_the_door(schema)))
    assert said is None or (said and all(texts and all(texts) for texts in said.values()))


def test_adoption_takes_days() -> None:
    command = load_form(AdoptSystemInput, {"stage": "operation", "reason": "r", "started": "2025-01-01"}, system="s")
    assert (command.started, command.gaps_due) == (day_start_of(2025, 1, 1), None)
    assert isinstance(load_form(DescribeSystemInput, SYSTEM), DescribeSystem)
