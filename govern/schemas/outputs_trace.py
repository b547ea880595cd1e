"""A trace as the API and the JSON file answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from govern.assurance.trace_heads import Step
from govern.assurance.trace_lines import PERSON, STANDING, Line
from govern.facts.moments import Moment
from govern.schemas.fields import described
from govern.schemas.outputs_common import At, Listed, MomentOut
from govern.schemas.trace import TraceWanted


class _Maybe(fields.String):
    """Text that is null where a chain does not reach."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=True, allow_none=True, dump_only=True, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return super()._serialize(value or None, attr, obj, **options)


class TraceEndOut(Schema):
    """Where a chain ends, or begins with nothing before it."""

    at = fields.Enum(Step, by_value=True, required=True, metadata=described("The step that it still reaches"))
    code = fields.String(required=True, metadata=described("Stable code"))
    text = fields.String(required=True, metadata=described("A sentence for people"))


class TraceRowOut(Schema):
    """One chain: requirement, control, system, evidence, decision. What it does not reach is null."""

    framework = _Maybe()
    requirement = _Maybe()
    requirement_title = _Maybe()
    relation = _Maybe(metadata=described("Relation", "How the control relates to the requirement (NIST IR 8477)."))
    via = _Maybe(metadata=described("Via", "The requirement that was mapped, where it is another one."))
    why = _Maybe(metadata=described("Why the control was mapped"))
    control = _Maybe()
    control_title = _Maybe()
    asks = fields.List(fields.String(), required=True, metadata=described(
        "Asks", "Those that the evidence can answer, or the one that nothing answers."))
    system = _Maybe(metadata=described("Slug of the system"))
    system_name = _Maybe()
    inherited = _Maybe(metadata=described("Inherited", "From where evidence comes down to the system."))
    evidence = _Maybe(metadata=described("Key of the evidence"))
    evidence_title = _Maybe()
    kind = _Maybe()
    version = fields.Integer(required=True, allow_none=True, metadata=described("Number of the version"))
    sha256 = _Maybe()
    submitted = At(required=True, allow_none=True)
    submitted_by = _Maybe(metadata=described("Key of the person"))
    submitted_by_name = _Maybe()
    via_token = _Maybe(metadata=described("Key of the token that sent it"))
    decision = _Maybe(metadata=described("Key of the review"))
    verdict = _Maybe()
    decided_by = _Maybe(metadata=described("Decided by", f"`{PERSON}` or `{STANDING}`."))
    standing = _Maybe(metadata=described("Key of the standing acceptance"))
    reviewer = _Maybe(metadata=described("Key of the person"))
    reviewer_name = _Maybe()
    decided = At(required=True, allow_none=True)
    withdrawn = At(required=True, allow_none=True)
    withdrawn_because = _Maybe()
    ends = fields.List(fields.Nested(TraceEndOut), required=True, metadata=described(
        "Ends", "Where and why the chain is broken; empty where accepted evidence proves it."))


class TraceStartOut(Schema):
    """Where a trace starts; all that is named holds together."""

    framework = _Maybe()
    requirement = _Maybe()
    control = _Maybe()
    system = _Maybe()
    evidence = _Maybe()
    decision = _Maybe()
    history = fields.Function(lambda one: "all" if one.whole else "speaking", required=True, metadata={
        "type": "string", "enum": ["speaking", "all"],
        **described("History", "`speaking`: the newest accepted version of each evidence and those after it.")})


class TraceStampOut(Schema):
    """What a file says of itself: the ledger position and root that it was made from, and the moment it speaks of."""

    organisation = fields.String(required=True)
    position = fields.Integer(required=True)
    root = fields.String(required=True)
    instant = At(required=True)
    generated = At(required=True)
    generated_by = fields.String(required=True)
    catalogue = fields.String(required=True)
    rules = fields.String(required=True)
    past = fields.Boolean(required=True)


@dataclass(frozen=True)
class TraceAnswer:
    """Some rows of a trace, and the cursor of those that follow."""

    start: TraceWanted
    moment: Moment
    catalogue: str
    rows: tuple[Line, ...]
    next: str | None


class TraceOut(Listed):
    """A trace: chains from requirements to decisions, in the order of the requirements."""

    start = fields.Nested(TraceStartOut, required=True)
    moment = fields.Nested(MomentOut, required=True)
    catalogue = fields.String(required=True, metadata=described("Digest of the catalogue"))
    rows = fields.List(fields.Nested(TraceRowOut), required=True)
