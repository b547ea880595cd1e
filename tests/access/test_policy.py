"""Who may do what where: the decision table written out, tokens, four eyes, and properties over all grants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.access.actor import ORGANISATION, Actor, Place, holds_at
from govern.access.policy import (
    MAY,
    Act,
    may,
    may_anywhere,
    may_decide_scoping,
    may_review,
    may_withdraw,
)
from govern.facts.people import Grant, Role, ScopeKind, Token

# -- the table -----------------------------------------------------------------------------------------------------
# One column a role, in this order: Administrator, compliance Officer, system Owner, Contributor, Reviewer, auditor (U).

TABLE = """
READ             A O S C R U
EXPORT           . O S . R U
SUBMIT           . O S C . .
WITHDRAW         . O S C . .
WITHDRAW_ANY     . O . . . .
REVIEW           . O . . R .
ASSIGN           . O S . . .
REQUEST          . O S . . .
PROPOSE_SCOPING  . O S . . .
DECIDE_SCOPING   . O . . . .
STAND            . O . . R .
REGISTER_SYSTEM  . O . . . .
EDIT_SYSTEM      . O S . . .
ADOPT            . O . . . .
RECORD_EVENT     . O S . . .
TAILOR           . O . . . .
KEEP_CATALOGUE   . O . . . .
MANAGE_PEOPLE    A . . . . .
CREATE_TOKEN     A O S C . .
SIGN_CHECKPOINT  A O S C R U
VERIFY           A O . . . U
"""
COLUMNS = (Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER, Role.SYSTEM_OWNER, Role.CONTRIBUTOR, Role.REVIEWER, Role.AUDITOR)
ALLOWED = {
    (Act[line.split()[0]], role): mark != "."
    for line in TABLE.strip().splitlines() for role, mark in zip(COLUMNS, line.split()[1:], strict=True)
}

# The organisation: bank over lending over mortgages; «scoring» lies in mortgages, «chat» in cards, «loose» in no unit.
SCORING = Place("scoring", ("mortgages", "lending", "bank"))
CHAT = Place("chat", ("cards", "bank"))
LOOSE = Place("loose")
PLACES = {
    "organisation": ORGANISATION, "bank": Place(None, ("bank",)), "lending": Place(None, ("lending", "bank")),
    "mortgages": Place(None, ("mortgages", "lending", "bank")), "cards": Place(None, ("cards", "bank")),
    "scoring": SCORING, "chat": CHAT, "loose": LOOSE,
}
REACH: dict[tuple[ScopeKind, str | None], set[str]] = {
    (ScopeKind.EVERYTHING, None): set(PLACES),
    (ScopeKind.UNIT, "bank"): {"bank", "lending", "mortgages", "cards", "scoring", "chat"},
    (ScopeKind.UNIT, "lending"): {"lending", "mortgages", "scoring"},
    (ScopeKind.UNIT, "mortgages"): {"mortgages", "scoring"},
    (ScopeKind.UNIT, "cards"): {"cards", "chat"},
    (ScopeKind.UNIT, "gone"): set(),
    (ScopeKind.SYSTEM, "scoring"): {"scoring"},
    (ScopeKind.SYSTEM, "loose"): {"loose"},
    (ScopeKind.SYSTEM, "gone"): set(),
}
TOKEN_NEVER = {Act.REVIEW, Act.STAND, Act.DECIDE_SCOPING, Act.ADOPT, Act.MANAGE_PEOPLE, Act.CREATE_TOKEN,
               Act.TAILOR, Act.KEEP_CATALOGUE}


def grant(role: Role, kind: ScopeKind = ScopeKind.EVERYTHING, scope: str | None = None) -> Grant:
    return Grant("g", "ada", role, kind, scope)


def actor(*grants: Grant, token: Token | None = None, key: str = "ada") -> Actor:
    return Actor(key, key.title(), grants, token)


def token(system: str | None = None, submit_only: bool = False) -> Token:
    return Token("t", "nightly", "ada", system, submit_only, 2_000_000_000_000)


def test_the_table_names_every_act_and_every_role() -> None:
    assert ALLOWED.keys() == {(act, role) for act in Act for role in Role}
    assert set(MAY) == set(Role)


@pytest.mark.parametrize(("act", "role"), ALLOWED, ids=lambda value: value.name)
def test_act_by_role_by_scope(act: Act, role: Role) -> None:
    """The role allows exactly what the table says, in exactly the places that its scope reaches."""
    for (kind, scope), reached in REACH.items():
        who = actor(grant(role, kind, scope))
        for name, place in PLACES.items():
            expected = ALLOWED[act, role] and name in reached
            given_ = may(who, act, place)
            assert given_.allowed is expected, f"{role} on {kind} {scope} at {name}: {given_}"
        assert may_anywhere(who, act) is ALLOWED[act, role]


@pytest.mark.parametrize("act", Act)
def test_without_a_role_nothing_is_allowed(act: Act) -> None:
    assert not any(may(actor(), act, place).allowed for place in PLACES.values())
    assert not may_anywhere(actor(), act)


def test_reasons_say_as_what_or_who_could() -> None:
    owner = actor(grant(Role.SYSTEM_OWNER, ScopeKind.UNIT, "lending"))
    assert may(owner, Act.EXPORT, SCORING).reason == "as system-owner"
    refusals = {place: may(owner, Act.REVIEW, place).reason for place in (SCORING, PLACES["cards"], ORGANISATION)}
    assert [reason.split(" takes ")[0] for reason in refusals.values()] == [
        "To review evidence for this system", "To review evidence for this unit",
        "To review evidence for the whole organisation"]
    assert all(reason.endswith("there: compliance-officer, reviewer.") for reason in refusals.values())


# -- tokens --------------------------------------------------------------------------------------------------------

EVERY_ROLE = tuple(grant(role) for role in Role)


@pytest.mark.parametrize("act", Act)
def test_what_a_token_of_somebody_with_every_role_may(act: Act) -> None:
    free = actor(*EVERY_ROLE, token=token())
    only = actor(*EVERY_ROLE, token=token(submit_only=True))
    bound = actor(*EVERY_ROLE, token=token("scoring"))
    for name, place in PLACES.items():
        assert may(free, act, place).allowed is (act not in TOKEN_NEVER)
        assert may(only, act, place).allowed is (act in {Act.READ, Act.SUBMIT})
        assert may(bound, act, place).allowed is (act not in TOKEN_NEVER and name == "scoring")


def test_a_token_says_what_binds_it() -> None:
    assert "a person must sign in" in may(actor(*EVERY_ROLE, token=token()), Act.REVIEW, SCORING).reason
    assert may(actor(*EVERY_ROLE, token=token(submit_only=True)), Act.EXPORT, SCORING).reason == (
        "The token “nightly” may only read and submit.")
    assert may(actor(*EVERY_ROLE, token=token("chat")), Act.SUBMIT, SCORING).reason == (
        "The token “nightly” is for another system.")


# -- four eyes -----------------------------------------------------------------------------------------------------


def test_nobody_reviews_what_they_or_their_token_submitted() -> None:
    reviewer = actor(grant(Role.REVIEWER))
    assert may_review(reviewer, SCORING, "grace").allowed
    own = may_review(reviewer, SCORING, "ada")
    assert (own.allowed, "You submitted this version" in own.reason) == (False, True)
    assert not may_review(actor(grant(Role.SYSTEM_OWNER)), SCORING, "grace").allowed
    assert not may_review(actor(grant(Role.REVIEWER, ScopeKind.SYSTEM, "chat")), SCORING, "grace").allowed
    assert not may_review(actor(grant(Role.REVIEWER), token=token()), SCORING, "grace").allowed


def test_nobody_decides_the_scoping_they_proposed() -> None:
    officer = actor(grant(Role.COMPLIANCE_OFFICER))
    assert may_decide_scoping(officer, SCORING, "grace").allowed
    own = may_decide_scoping(officer, SCORING, "ada")
    assert (own.allowed, "You proposed this yourself" in own.reason) == (False, True)
    assert not may_decide_scoping(actor(grant(Role.SYSTEM_OWNER)), SCORING, "grace").allowed
    assert not may_decide_scoping(actor(grant(Role.COMPLIANCE_OFFICER), token=token()), SCORING, "grace").allowed


WITHDRAWALS = [
    # role, own allowed, somebody else's allowed
    (Role.ADMINISTRATOR, False, False), (Role.COMPLIANCE_OFFICER, True, True), (Role.SYSTEM_OWNER, True, False),
    (Role.CONTRIBUTOR, True, False), (Role.REVIEWER, False, False), (Role.AUDITOR, False, False),
]


@pytest.mark.parametrize(("role", "own", "others"), WITHDRAWALS)
def test_withdrawing_ones_own_and_anybodys(role: Role, own: bool, others: bool) -> None:
    here, there = actor(grant(role, ScopeKind.SYSTEM, "scoring")), actor(grant(role, ScopeKind.SYSTEM, "chat"))
    assert (may_withdraw(here, SCORING, "ada").allowed, may_withdraw(here, SCORING, "grace").allowed) == (own, others)
    assert not may_withdraw(there, SCORING, "ada").allowed
    assert not may_withdraw(there, SCORING, "grace").allowed


# -- properties ----------------------------------------------------------------------------------------------------

_names = st.sampled_from(["bank", "lending", "mortgages", "cards", "scoring", "chat", "loose"])


@st.composite
def grants(draw: st.DrawFn) -> Grant:
    kind = draw(st.sampled_from(ScopeKind))
    return grant(draw(st.sampled_from(Role)), kind, None if kind is ScopeKind.EVERYTHING else draw(_names))


_held = st.lists(grants(), max_size=4).map(tuple)
_places = st.sampled_from(sorted(PLACES)).map(PLACES.__getitem__)
_acts = st.sampled_from(Act)
_tokens = st.builds(token, st.none() | _names, st.booleans())


@given(_held, _tokens, _acts, _places, st.sampled_from(["ada", "grace"]))
def test_a_token_never_may_more_than_its_owner(held: tuple[Grant, ...], bearer: Token, act: Act, place: Place,
                                               by: str) -> None:
    person, pipeline = actor(*held), actor(*held, token=bearer)
    assert may(pipeline, act, place).allowed <= may(person, act, place).allowed
    for ask in (may_review, may_decide_scoping, may_withdraw):
        assert ask(pipeline, place, by).allowed <= ask(person, place, by).allowed


@given(_held, _acts, _places)
def test_a_grant_never_reaches_outside_its_scope(held: tuple[Grant, ...], act: Act, place: Place) -> None:
    reaching = [one for one in held if holds_at(one, place)]
    assert may(actor(*held), act, place).allowed is any(act in MAY[one.role] for one in reaching)
    for one in held:
        if one.scope_kind is ScopeKind.SYSTEM and place.system != one.scope:
            assert not may(actor(one), act, place).allowed
        if one.scope_kind is ScopeKind.UNIT and one.scope not in place.units:
            assert not may(actor(one), act, place).allowed


@given(_held, grants(), _acts, _places)
def test_another_role_never_takes_something_away(held: tuple[Grant, ...], more: Grant, act: Act, place: Place) -> None:
    assert may(actor(*held), act, place).allowed <= may(actor(*held, more), act, place).allowed


def test_the_fence_before_a_route_tells_why() -> None:
    from govern.access.policy import fence

    officer = Actor("o", "Officer", (Grant("g", "o", Role.COMPLIANCE_OFFICER, ScopeKind.EVERYTHING, None),))
    pipeline = Actor("o", "Officer", officer.grants, Token("t", "nightly", "o", "s", True, 1))
    assert fence(officer, frozenset()).allowed
    assert fence(officer, frozenset({Act.MANAGE_PEOPLE, Act.REVIEW})).allowed
    assert "Your roles do not let you manage people" in fence(officer, frozenset({Act.MANAGE_PEOPLE})).reason
    assert fence(pipeline, frozenset({Act.SUBMIT})).allowed
    assert "a person must sign in" in fence(pipeline, frozenset({Act.REVIEW})).reason
    assert "may only read and submit" in fence(pipeline, frozenset({Act.VERIFY})).reason
