"""Reviewing versions, one or many at once, and withdrawing them."""

from __future__ import annotations

from sqlalchemy import delete

from govern.access.actor import Actor, Reader
from govern.access.policy import Act, may_review, may_withdraw
from govern.actions.office import Office, authorise, require
from govern.assurance.questions import asked_in_review
from govern.catalogue.objects import Catalogue
from govern.errors import Conflict, InputRefused, NotFound
from govern.facts.audit import Action
from govern.facts.commands import ReviewVersions, WithdrawVersion
from govern.facts.evidence import About, Answered, Evidence, Reply, Verdict, Version
from govern.facts.moments import Instant
from govern.records import evidence as query
from govern.records.decode import answers_text
from govern.records.readers import reader_for
from govern.records.systems import system_by_key
from govern.records.tables.evidence import ReviewRow, WithdrawalRow
from govern.records.tables.ledger import ORGANISATION
from govern.records.tables.plain import WaitingRow
from govern.records.tailoring import circumstances_of
from govern.records.work import Done, Once, Work, perform


def review_versions(office: Office, actor: Actor, command: ReviewVersions, now: Instant, *,
                    once: Once[tuple[str, ...]] | None = None) -> Done[tuple[str, ...]]:
    """Accept or reject versions that somebody else submitted; gives the keys of the reviews.

    A rejection needs a comment. A «not applicable» needs a reason. Questions that are not answered leave a check
    undecided, which shows; they do not stop the review.
    """

    def act(work: Work) -> tuple[str, ...]:
        reader = reader_for(work.connection, actor, None, work.now)
        catalogue = office.catalogue(work.connection)
        if command.verdict is Verdict.REJECTED and not command.comment.strip():
            raise InputRefused("A rejection says why.", field="comment",
                               mend="Write what is wrong and what would mend it; the submitter reads it.")
        made = tuple(_review(work, actor, reader, catalogue, command, version)
                     for version in dict.fromkeys(command.versions))
        if not made:
            raise InputRefused("No version was named.", field="versions", mend="Choose at least one.")
        return made

    return perform(office.store, actor=actor.key, action=Action.VERSION_REVIEW, now=now, act=act, once=once)


def _found(work: Work, reader: Reader, key: str) -> tuple[Evidence, Version]:
    evidence = query.evidence_of_version(work.connection, reader, key)
    if evidence is None:
        raise NotFound("There is no such version.", mend="Check the address, or ask for access.")
    work.watch(evidence.key, key)
    return evidence, next(version for version in evidence.versions if version.key == key)


def _review(work: Work, actor: Actor, reader: Reader, catalogue: Catalogue, command: ReviewVersions, key: str) -> str:
    evidence, version = _found(work, reader, key)
    place = query.place_of_evidence(work.connection, evidence.about, evidence.about_key)
    authorise(actor, Act.READ, place)
    require(may_review(actor, place, version.submitted_by))
    if version.withdrawal is not None:
        raise Conflict("This version was withdrawn.", mend="There is nothing to review any more.")
    if version.review is not None:
        raise Conflict(f"This version was {version.review.verdict.value} already.",
                       mend="Ask for a new version, or reload to see the review.")
    answers = _fitting(work, reader, catalogue, evidence, command.answers)
    review = work.thing("review")
    work.put(ReviewRow, review, {
        "version": key, "verdict": command.verdict.value, "comment": command.comment,
        "answers": answers_text(answers), "reviewer": actor.key, "standing": None, "given": work.now,
    }, touches=[key, *_ground(evidence)])
    work.afterwards(delete(WaitingRow).where(WaitingRow.version == key))
    return review


def _ground(evidence: Evidence) -> list[str]:
    """The things whose posture a change of this evidence can move."""
    ground = [evidence.key, evidence.about_key or ORGANISATION]
    return [*ground, ORGANISATION] if evidence.about is About.UNIT else ground


def _fitting(work: Work, reader: Reader, catalogue: Catalogue, evidence: Evidence,
             answers: tuple[Answered, ...]) -> tuple[Answered, ...]:
    """The answers to questions that this evidence is asked; those to questions it is not asked are left out."""
    for answer in answers:
        if answer.reply is Reply.NOT_APPLICABLE and not answer.reason.strip():
            raise InputRefused(f"“Not applicable” needs a reason ({answer.ask}, {answer.check}).", field="answers",
                               mend="Write in a few words why the question does not apply.")
    given = None
    if evidence.about is About.SYSTEM and evidence.about_key is not None:
        system = system_by_key(work.connection, reader, evidence.about_key)
        given = circumstances_of(work.connection, catalogue, system) if system else None
    asked = {(ask.id, check.id) for ask, check in asked_in_review(evidence, catalogue, given)}
    return tuple(answer for answer in answers if (answer.ask, answer.check) in asked)


def withdraw_version(office: Office, actor: Actor, command: WithdrawVersion, now: Instant) -> Done[str]:
    """Take a version back, with the reason; it no longer speaks, and stays in the record."""

    def act(work: Work) -> str:
        reader = reader_for(work.connection, actor, None, work.now)
        evidence, version = _found(work, reader, command.version)
        place = query.place_of_evidence(work.connection, evidence.about, evidence.about_key)
        require(may_withdraw(actor, place, version.submitted_by))
        if version.withdrawal is not None:
            raise Conflict("This version was withdrawn already.")
        if not command.reason.strip():
            raise InputRefused("A withdrawal says why.", field="reason", mend="Write the reason in a sentence.")
        key = work.thing("withdrawal")
        work.put(WithdrawalRow, key, {"version": version.key, "reason": command.reason, "withdrawn_by": actor.key,
                                      "given": work.now}, touches=[version.key, *_ground(evidence)])
        work.afterwards(delete(WaitingRow).where(WaitingRow.version == version.key))
        return key

    return perform(office.store, actor=actor.key, action=Action.VERSION_WITHDRAW, now=now, act=act)
