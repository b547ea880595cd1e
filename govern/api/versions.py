"""`/evidence/{key}/versions`: what was sent, its bytes, reviews and withdrawals."""

from __future__ import annotations

import json

from flask import Response

from govern.access.policy import Act
from govern.actions.review import review_versions, withdraw_version
from govern.api.area import ANY_TYPE, IF_NONE_MATCH, ONCE
from govern.api.evidence import area
from govern.api.named import named_evidence, named_version, with_detail
from govern.api.reading import answer, answered_again, as_json, body, dump, json_body, once, reader, tagged
from govern.door.downloads import download
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.facts.evidence import Version
from govern.records.work import Done, Replayed
from govern.schemas.evidence import ReviewInput, WithdrawInput
from govern.schemas.outputs_common import RecordedOut
from govern.schemas.outputs_evidence import ReviewedOut, VersionsOut, WholeVersionOut
from govern.schemas.queries import MomentQuery


@area.route("GET", "/<key>/versions", gives=VersionsOut, query=MomentQuery)
@allow(Act.READ)
def list_versions(key: str) -> Response:
    """All versions, oldest first."""
    return answer(VersionsOut, {"evidence": named_evidence(reader(), key),
                                "versions": named_evidence(reader(), key).versions})


@area.route("GET", "/<key>/versions/<int:number>", gives=WholeVersionOut, query=MomentQuery, headers=(IF_NONE_MATCH,),
            also=(304,))
@allow(Act.READ)
def get_version(key: str, number: int) -> Response:
    """One version with everything that was read from it."""
    version = named_version(named_evidence(reader(), key), number)
    return tagged(answer(WholeVersionOut, with_detail(version)), _tag(version))


def _tag(version: Version) -> str:
    """A version's bytes and findings never change; its review and withdrawal come once each."""
    review, withdrawal = version.review, version.withdrawal
    return ".".join([version.key, review.key if review else "", withdrawal.key if withdrawal else ""])


@area.route("GET", "/<key>/versions/<int:number>/content", gives=ANY_TYPE, query=MomentQuery,
            headers=(IF_NONE_MATCH,), also=(206, 304, 416))
@allow(Act.READ)
def get_content(key: str, number: int) -> Response:
    """The bytes as they were sent, as a download; parts on request (Range)."""
    return download(named_version(named_evidence(reader(), key), number))


@area.route("POST", "/<key>/versions/<int:number>/reviews", gives=ReviewedOut, status=201, takes=ReviewInput,
            headers=(ONCE,))
@allow(Act.REVIEW)
def create_review(key: str, number: int) -> Response:
    """Accept or reject a version that somebody else submitted.

    A rejection needs a comment. `answers` answer the questions of the controls that the evidence speaks for.
    """
    found = named_evidence(visit().reader(), key)
    version = named_version(found, number)
    sent = json.dumps(json_body(), sort_keys=True)
    command = body(ReviewInput, versions=(version.key,))

    def shown(done: Done[tuple[str, ...]]) -> dict[str, object]:
        return dump(ReviewedOut, {"review": done.value[0], "verdict": command.verdict, "evidence": found.key,
                                  "version": number, "entry": done.entry})

    try:
        done = review_versions(house().office, visit().known, command, visit().now, once=once(sent, shown))
    except Replayed as replayed:
        return answered_again(replayed)
    return as_json(shown(done), 201)


@area.route("POST", "/<key>/versions/<int:number>/withdrawals", gives=RecordedOut, status=201, takes=WithdrawInput)
@allow(Act.WITHDRAW, Act.WITHDRAW_ANY)
def create_withdrawal(key: str, number: int) -> Response:
    """Take a version back, with the reason; it stays in the record and no longer speaks."""
    version = named_version(named_evidence(visit().reader(), key), number)
    done = withdraw_version(house().office, visit().known, body(WithdrawInput, version=version.key), visit().now)
    return answer(RecordedOut, {"key": done.value, "entry": done.entry}, 201)


