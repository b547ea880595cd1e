"""What units decided about the catalogue and what a change would switch, as the API answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from govern.assurance.outcomes import Status
from govern.assurance.setting import Circumstances
from govern.assurance.switching import Consequence, Switch
from govern.facts.moments import Moment
from govern.facts.tailoring import Tailoring
from govern.schemas.fields import described
from govern.schemas.outputs_common import At, Counts, Ids, MomentOut, ReasonOut


@dataclass(frozen=True)
class TailoringAnswer:
    """A unit (`unit` None: the organisation) with its own decision, and what holds for it by the nearest that decided."""

    unit: str | None
    moment: Moment
    decision: Tailoring | None
    adopted: Tailoring | None
    given: Circumstances
    entry: int | None = None

    @property
    def holds(self) -> Mapping[str, Any]:
        """What systems of the unit are asked by."""
        return {"baseline": self.adopted.baseline if self.adopted else None, "tolerance": self.given.tolerance or None,
                "limits": dict(self.given.limits)}


@dataclass(frozen=True)
class ConsequenceAnswer:
    """What other answers would switch for a system."""

    system: str
    moment: Moment
    catalogue: str
    traits: frozenset[str]
    consequence: Consequence


class RemovedOut(Schema):
    """A control taken out of the baseline."""

    control = fields.String(required=True)
    reason = fields.String(required=True)


class DecisionOut(Schema):
    """A unit's decision about the catalogue."""

    key = fields.String(required=True)
    baseline = fields.String(required=True, allow_none=True)
    tolerance = fields.String(required=True, allow_none=True)
    added = Ids(required=True)
    removed = fields.Function(
        lambda one: [{"control": control, "reason": reason} for control, reason in one.removed], required=True,
        metadata={"type": "array", "items": {"type": "object"}, **described("Controls taken out, each with its reason")})
    limits = fields.Function(lambda one: dict(one.limits), required=True, metadata={
        "type": "object", "additionalProperties": {"type": "number"}, **described("Own figures by the limit's id")})
    reason = fields.String(required=True)
    decided_by = fields.String(required=True, metadata=described("Key of the person who decided"))
    decided = At(required=True)


class HoldsOut(Schema):
    """What holds for systems of the unit that are registered there."""

    baseline = fields.String(required=True, allow_none=True, metadata=described(
        "Baseline", "Null: every control that applies is asked."))
    tolerance = fields.String(required=True, allow_none=True)
    limits = fields.Dict(keys=fields.String(), values=fields.Float(), required=True, metadata=described(
        "Figures that checks are held to", "By their name in expressions."))


class TailoringOut(Schema):
    """A unit's decision about the catalogue, and what holds for it. The ETag is the decision's current row."""

    unit = fields.String(required=True, allow_none=True, metadata=described("Unit", "Its short name; null for the organisation."))
    moment = fields.Nested(MomentOut, required=True)
    decision = fields.Nested(DecisionOut, required=True, allow_none=True, metadata=described(
        "Its own decision", "Null where none was made."))
    holds = fields.Nested(HoldsOut, required=True, metadata=described("What holds, by the nearest unit that decided"))
    entry = fields.Integer(allow_none=True, metadata=described(
        "Position of the entry that recorded a change", "Only in the answer to one."))


class SwitchedOut(Schema):
    """One control that would differ."""

    control = fields.String(required=True)
    title = fields.String(required=True)
    switch = fields.Enum(Switch, by_value=True, required=True)
    before = fields.Enum(Status, by_value=True, required=True, allow_none=True)
    after = fields.Enum(Status, by_value=True, required=True, allow_none=True)
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    asks_on = fields.List(fields.String(), required=True, metadata=described("Asks that would be asked newly"))
    asks_off = fields.List(fields.String(), required=True, metadata=described("Asks that would no longer be asked"))


class ConsequenceOut(Schema):
    """What other answers would switch on and off for a system. Nothing was recorded."""

    system = fields.String(required=True, metadata=described("The system's slug"))
    moment = fields.Nested(MomentOut, required=True)
    catalogue = fields.String(required=True, metadata=described("Digest of the catalogue"))
    traits = Ids(required=True, metadata=described("The answers that were looked at"))
    switched = fields.List(fields.Nested(SwitchedOut), required=True, attribute="consequence.switched")
    before = Counts(required=True, attribute="consequence.before.summary", metadata=described("Controls by status as it is"))
    after = Counts(required=True, attribute="consequence.after.summary", metadata=described("Controls by status as it would be"))
