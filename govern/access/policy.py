"""The rules of access.

- A role holds on everything, on a unit with all below it, or on one system; it may what the table below says.
- A token acts for its owner and never may more: bound to a system it acts only there, and one that may only submit
  reads and submits, nothing else. A token never reviews, approves or manages people.
- Nobody reviews what they submitted, nor decides the scoping they proposed: what a token sent counts as sent by its owner.
- What lies out of reach is answered as not found; what is visible but not allowed is answered with the reason.

This module does not look anything up: grants, places and facts are arguments. It knows no passwords and no sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from govern.access.actor import Actor, Place, holds_at
from govern.facts.people import Role


class Act(StrEnum):
    """What somebody may be allowed to do."""

    READ = "read"
    EXPORT = "export"
    SUBMIT = "submit evidence"
    WITHDRAW = "withdraw evidence"
    WITHDRAW_ANY = "withdraw anybody's evidence"
    REVIEW = "review evidence"
    ASSIGN = "assign controls"
    REQUEST = "ask for evidence"
    PROPOSE_SCOPING = "propose that a control does not apply"
    DECIDE_SCOPING = "decide on scoping"
    STAND = "give standing acceptance"
    REGISTER_SYSTEM = "register a system"
    EDIT_SYSTEM = "change a system's description"
    ADOPT = "decide the adoption of a system"
    RECORD_EVENT = "record an event"
    TAILOR = "decide a unit's baseline and risk tolerance"
    KEEP_CATALOGUE = "change the catalogue"
    MANAGE_PEOPLE = "manage people, roles and units"
    CREATE_TOKEN = "create tokens of one's own"  # noqa: S105 - words, not a secret
    SIGN_CHECKPOINT = "sign a checkpoint"
    VERIFY = "verify the ledger"


_OWNER = frozenset({
    Act.READ, Act.EXPORT, Act.SUBMIT, Act.WITHDRAW, Act.ASSIGN, Act.REQUEST, Act.PROPOSE_SCOPING, Act.EDIT_SYSTEM,
    Act.RECORD_EVENT, Act.CREATE_TOKEN, Act.SIGN_CHECKPOINT,
})

MAY: dict[Role, frozenset[Act]] = {
    Role.ADMINISTRATOR: frozenset({Act.READ, Act.MANAGE_PEOPLE, Act.CREATE_TOKEN, Act.SIGN_CHECKPOINT, Act.VERIFY}),
    Role.COMPLIANCE_OFFICER: _OWNER | {
        Act.WITHDRAW_ANY, Act.REVIEW, Act.DECIDE_SCOPING, Act.STAND, Act.REGISTER_SYSTEM, Act.ADOPT, Act.VERIFY,
        Act.TAILOR, Act.KEEP_CATALOGUE,
    },
    Role.SYSTEM_OWNER: _OWNER,
    Role.CONTRIBUTOR: frozenset({Act.READ, Act.SUBMIT, Act.WITHDRAW, Act.CREATE_TOKEN, Act.SIGN_CHECKPOINT}),
    Role.REVIEWER: frozenset({Act.READ, Act.EXPORT, Act.REVIEW, Act.STAND, Act.SIGN_CHECKPOINT}),
    Role.AUDITOR: frozenset({Act.READ, Act.EXPORT, Act.VERIFY, Act.SIGN_CHECKPOINT}),
}
"""What each role may do where it holds. Nothing that is not listed is allowed."""

_TOKEN_NEVER = frozenset({
    Act.REVIEW, Act.STAND, Act.DECIDE_SCOPING, Act.ADOPT, Act.MANAGE_PEOPLE, Act.CREATE_TOKEN, Act.TAILOR,
    Act.KEEP_CATALOGUE,
})
_TOKEN_SUBMIT_ONLY = frozenset({Act.READ, Act.SUBMIT})


@dataclass(frozen=True)
class Permission:
    """An answer with its reason; `allowed` False says in `reason` what stands in the way."""

    allowed: bool
    reason: str


def may(actor: Actor, act: Act, place: Place) -> Permission:
    """Whether an actor may do something at a place."""
    refused = _token_refuses(actor, act, place)
    if refused is not None:
        return refused
    for grant in actor.grants:
        if holds_at(grant, place) and act in MAY[grant.role]:
            return Permission(True, f"as {grant.role.value}")
    able = sorted(role.value for role in Role if act in MAY[role])
    where = "this system" if place.system else "this unit" if place.units else "the whole organisation"
    return Permission(False, f"To {act.value} for {where} takes one of these roles there: {', '.join(able)}.")


def _token_refuses(actor: Actor, act: Act, place: Place) -> Permission | None:
    token = actor.token
    if token is None:
        return None
    if act in _TOKEN_NEVER:
        return Permission(False, f"A token may not {act.value}; a person must sign in for that.")
    if token.submit_only and act not in _TOKEN_SUBMIT_ONLY:
        return Permission(False, f"The token “{token.name}” may only read and submit.")
    if token.system is not None and place.system != token.system:
        return Permission(False, f"The token “{token.name}” is for another system.")
    return None


def may_anywhere(actor: Actor, act: Act) -> bool:
    """Whether the actor may do something somewhere: the coarse fence before a route, and for leaving out buttons."""
    if actor.token is not None and (act in _TOKEN_NEVER or (actor.token.submit_only and act not in _TOKEN_SUBMIT_ONLY)):
        return False
    return any(act in MAY[grant.role] for grant in actor.grants)


def fence(actor: Actor, acts: frozenset[Act]) -> Permission:
    """Whether an actor may do one of the acts that a route asks for somewhere; no act asks for nothing."""
    if not acts or any(may_anywhere(actor, act) for act in acts):
        return Permission(True, "")
    if actor.token is not None:
        for act in sorted(acts):
            refused = _token_refuses(actor, act, Place(actor.token.system))
            if refused is not None:
                return refused
    return Permission(False, f"Your roles do not let you {' or '.join(sorted(act.value for act in acts))}.")


def may_review(actor: Actor, place: Place, submitted_by: str) -> Permission:
    """Whether an actor may review a version: the role, and four eyes."""
    permission = may(actor, Act.REVIEW, place)
    if permission.allowed and submitted_by == actor.key:
        return Permission(False, "You submitted this version (or your token did); somebody else must review it.")
    return permission


def may_decide_scoping(actor: Actor, place: Place, proposed_by: str) -> Permission:
    """Whether an actor may decide a scoping proposal: the role, and four eyes."""
    permission = may(actor, Act.DECIDE_SCOPING, place)
    if permission.allowed and proposed_by == actor.key:
        return Permission(False, "You proposed this yourself; somebody else must decide it.")
    return permission


def may_withdraw(actor: Actor, place: Place, submitted_by: str) -> Permission:
    """Whether an actor may withdraw a version: their own, or anybody's for those who may that."""
    if submitted_by == actor.key:
        return may(actor, Act.WITHDRAW, place)
    return may(actor, Act.WITHDRAW_ANY, place)
