"""Evidence, versions and what was said of them, as the API answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields

from govern.facts.commands import ReadFile
from govern.facts.evidence import About, Basis, Evidence, Reply, Verdict, Version
from govern.facts.findings import Findings
from govern.schemas.fields import described
from govern.schemas.outputs_common import At, Ids, Listed


class StatedField(fields.Field[Any]):
    """The values that a file states, by the names that its kind declares."""

    def __init__(self, **options: Any) -> None:
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> dict[str, Any]:
        return dict(value or {})


class RecognisedOut(Schema):
    """What a file seems to be."""

    sure = fields.Integer(required=True, metadata=described("How sure, 0 to 100"))
    why = fields.String(required=True)


class TableOut(Schema):
    """Rows that explain the stated values."""

    name = fields.String(required=True)
    rows = fields.List(fields.Dict(keys=fields.String(), values=fields.Raw()), required=True)


class FindingsOut(Schema):
    """What a version says, typed by its kind."""

    kind = fields.String(required=True)
    stated = StatedField(required=True, metadata=described("Values that checks are written in"))
    notes = fields.List(fields.String(), required=True, metadata=described("What was not understood or left out"))


class WholeFindingsOut(FindingsOut):
    """What a version says, with the tables that explain it."""

    detail = fields.List(fields.Nested(TableOut), required=True, metadata=described("Tables that explain the values"))


class SubjectOut(Schema):
    """What evidence speaks of."""

    kind = fields.Enum(About, by_value=True, required=True)
    key = fields.String(required=True, allow_none=True)
    slug = fields.String(required=True, allow_none=True)


@dataclass(frozen=True)
class Subject:
    """What evidence speaks of: its kind, key and short name (both None for the organisation)."""

    kind: About
    key: str | None
    slug: str | None


@dataclass(frozen=True)
class SubmittedVersion:
    """The version that a submission made."""

    number: int
    kind: str
    about: Subject
    file: ReadFile

    @property
    def findings(self) -> Findings | None:
        """What was read from it."""
        return self.file.findings


@dataclass(frozen=True)
class SubmittedAnswer:
    """What became of a submission. `accepted` tells that a standing acceptance took it."""

    evidence: str
    version: SubmittedVersion
    controls: tuple[str, ...]
    entry: int | None
    accepted: bool = False
    requests: tuple[str, ...] = field(default=())


class SubmittedVersionOut(Schema):
    """The version that a submission made."""

    number = fields.Integer(required=True)
    sha256 = fields.String(required=True, attribute="file.sha256")
    size = fields.Integer(required=True, attribute="file.size")
    filename = fields.String(required=True, attribute="file.filename")
    media_type = fields.String(required=True, attribute="file.media_type")
    kind = fields.String(required=True)
    format = fields.String(required=True, attribute="file.format")
    recognised = fields.Nested(RecognisedOut, required=True, attribute="file")
    findings = fields.Nested(FindingsOut, required=True, allow_none=True)
    about = fields.Nested(SubjectOut, required=True)
    problem = fields.String(required=True, allow_none=True, attribute="file.problem", metadata=described(
        "Why it could not be read", "The bytes are kept all the same."))


class SubmittedOut(Schema):
    """What became of a submission."""

    evidence = fields.String(required=True, metadata=described("Key of the evidence"))
    version = fields.Nested(SubmittedVersionOut, required=True)
    controls = fields.List(fields.String(), required=True, metadata=described("Controls that it speaks for"))
    accepted = fields.Boolean(required=True, metadata=described("Whether a standing acceptance took it"))
    requests = fields.List(fields.String(), required=True, metadata=described("Requests that it answered"))
    entry = fields.Integer(required=True, allow_none=True, metadata=described("Position of the ledger entry"))


class AnsweredOut(Schema):
    """One question answered by a reviewer."""

    ask = fields.String(required=True)
    check = fields.String(required=True)
    reply = fields.Enum(Reply, by_value=True, required=True)
    reason = fields.String(required=True)


class ReviewOut(Schema):
    """A verdict on a version."""

    key = fields.String(required=True)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    comment = fields.String(required=True)
    answers = fields.List(fields.Nested(AnsweredOut), required=True)
    reviewer = fields.String(required=True, metadata=described("Key of the person"))
    standing = fields.String(required=True, allow_none=True, metadata=described(
        "The standing acceptance that gave it"))
    at = At(required=True)


class WithdrawalOut(Schema):
    """A version taken back."""

    key = fields.String(required=True)
    reason = fields.String(required=True)
    by = fields.String(required=True)
    at = At(required=True)


class VersionOut(Schema):
    """One set of immutable bytes and what they say."""

    key = fields.String(required=True)
    evidence = fields.String(required=True)
    number = fields.Integer(required=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    media_type = fields.String(required=True)
    filename = fields.String(required=True)
    format = fields.String(required=True)
    recognised = fields.Function(lambda version: {"sure": version.sure, "why": version.why}, required=True,
                                 metadata={"type": "object"})
    reader = fields.String(required=True)
    findings = fields.Nested(FindingsOut, required=True, allow_none=True)
    worked = At(required=True)
    period_from = At(required=True, allow_none=True)
    period_until = At(required=True, allow_none=True)
    expires = At(required=True, allow_none=True)
    submitted = At(required=True)
    submitted_by = fields.String(required=True)
    via_token = fields.String(required=True, allow_none=True)
    review = fields.Nested(ReviewOut, required=True, allow_none=True)
    withdrawal = fields.Nested(WithdrawalOut, required=True, allow_none=True)


class WholeVersionOut(VersionOut):
    """One version with everything that was read from it."""

    findings = fields.Nested(WholeFindingsOut, required=True, allow_none=True)


@dataclass(frozen=True)
class EvidenceAnswer:
    """A piece of evidence with what it speaks of."""

    evidence: Evidence
    about: Subject
    entry: int | None = None

    @property
    def versions(self) -> tuple[Version, ...]:
        """Its versions, oldest first."""
        return self.evidence.versions


class EvidenceOut(Schema):
    """A titled thing of one kind about one subject, with all its versions, oldest first."""

    key = fields.String(required=True, attribute="evidence.key")
    title = fields.String(required=True, attribute="evidence.title")
    kind = fields.String(required=True, attribute="evidence.kind")
    about = fields.Nested(SubjectOut, required=True)
    layer = fields.String(required=True, allow_none=True, attribute="evidence.layer")
    basis = fields.Enum(Basis, by_value=True, required=True, attribute="evidence.basis")
    note = fields.String(required=True, attribute="evidence.note")
    controls = Ids(required=True, attribute="evidence.controls")
    versions = fields.List(fields.Nested(VersionOut), required=True)
    entry = fields.Integer(allow_none=True, metadata=described(
        "Position of the entry that recorded a change", "Only in the answer to one."))


class VersionsOut(Schema):
    """All versions of a piece of evidence, oldest first."""

    evidence = fields.String(required=True, attribute="evidence.key")
    versions = fields.List(fields.Nested(VersionOut), required=True)


class EvidenceLineOut(Schema):
    """A piece of evidence in a list, with its newest version."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    about = fields.Function(lambda line: {"kind": line.about.value, "name": line.about_name,
                                          "slug": line.system_slug}, required=True, metadata={"type": "object"})
    version = fields.Nested(VersionOut, required=True)


class EvidenceListOut(Listed):
    """Evidence that fits the filters."""

    evidence = fields.List(fields.Nested(EvidenceLineOut), required=True)


class ReviewedOut(Schema):
    """A review that was recorded."""

    review = fields.String(required=True, metadata=described("Key of the review"))
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    evidence = fields.String(required=True)
    version = fields.Integer(required=True)
    entry = fields.Integer(required=True, allow_none=True)
