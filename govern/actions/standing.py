"""Standing acceptance: giving it, ending it, and what it says to a version that was just submitted."""

from __future__ import annotations

from typing import Any

from govern.access.actor import Actor
from govern.access.policy import Act
from govern.actions.office import Office, known_system
from govern.assurance.standing import would_stand
from govern.catalogue.objects import Catalogue
from govern.errors import InputRefused, NotAllowed, NotFound
from govern.facts.audit import Action
from govern.facts.commands import GiveStanding
from govern.facts.evidence import About, Evidence, Verdict, Version
from govern.facts.moments import DAY, Instant
from govern.records import evidence as query
from govern.records.decode import answers_text
from govern.records.people import token
from govern.records.tables.evidence import StandingRow
from govern.records.tailoring import limits_over
from govern.records.work import Done, Work, perform

LONGEST_DAYS = 366


def standing_review(work: Work, catalogue: Catalogue, evidence: Evidence, version: Version) -> dict[str, Any] | None:
    """The review row that a standing acceptance gives to a version, or None when none covers it."""
    if evidence.about is not About.SYSTEM or evidence.about_key is None or version.via_token is None:
        return None
    limits = limits_over(work.connection, catalogue, evidence.about_key)
    for standing in query.standings_for(work.connection, evidence.about_key):
        decision = would_stand(evidence, version, standing, catalogue, work.now, limits)
        if decision.accepted:
            work.watch(standing.key)
            return {"version": version.key, "verdict": Verdict.ACCEPTED.value, "comment": decision.reasons[0].text,
                    "answers": answers_text(decision.answers), "reviewer": standing.reviewer,
                    "standing": standing.key, "given": work.now}
    return None


def give_standing(office: Office, actor: Actor, command: GiveStanding, now: Instant) -> Done[str]:
    """Decide that evidence of a kind, from a tool and a token, for a system, is accepted when its checks pass."""

    def act(work: Work) -> str:
        known_system(work, actor, command.system, Act.STAND)
        if command.kind not in office.catalogue(work.connection).kinds:
            raise InputRefused(f"There is no kind of evidence “{command.kind[:80]}”.", field="kind")
        if not work.now < command.until <= work.now + LONGEST_DAYS * DAY:
            raise InputRefused(f"A standing acceptance lasts at most {LONGEST_DAYS} days.", field="until",
                               mend="Choose a day in the coming year.")
        held = token(work.connection, command.token)
        if held is None or held.system not in (None, command.system):
            raise NotFound("There is no such token for this system.", field="token")
        if held.owner == actor.key:
            raise NotAllowed("This is your own token: what it sends counts as sent by you, and somebody else must "
                             "accept it.", mend="Ask another reviewer to give the standing acceptance.")
        work.watch(held.key)
        key = work.thing("standing")
        work.put(StandingRow, key, {"system": command.system, "kind": command.kind, "tool": command.tool,
                                    "token": command.token, "reviewer": actor.key, "ends": command.until},
                 touches=[command.system])
        return key

    return perform(office.store, actor=actor.key, action=Action.STANDING_GIVE, now=now, act=act)


def revoke_standing(office: Office, actor: Actor, system: str, standing: str, now: Instant) -> Done[None]:
    """End a standing acceptance; what it accepted stays accepted."""

    def act(work: Work) -> None:
        known_system(work, actor, system, Act.STAND)
        if standing not in {one.key for one in query.standings_for(work.connection, system)}:
            raise NotFound("There is no such standing acceptance for this system.")
        work.close(StandingRow, standing, touches=[system])

    return perform(office.store, actor=actor.key, action=Action.STANDING_REVOKE, now=now, act=act)


