"""Systems, their posture and what is asked of them, as the API answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marshmallow import Schema, fields

from govern.assurance.asked import Asked
from govern.assurance.outcomes import RULES, ControlOutcome, Posture, State, Status
from govern.facts.moments import Moment
from govern.facts.systems import Stage, System
from govern.schemas.fields import described
from govern.schemas.outputs_common import At, Counts, Ids, Listed, MomentOut, ReasonOut


@dataclass(frozen=True)
class SystemAnswer:
    """A system with its stage and the slug of its unit."""

    system: System
    stage: Stage
    unit: str | None
    entry: int | None = None


@dataclass(frozen=True)
class PostureAnswer:
    """A posture under the system's slug."""

    system: str
    posture: Posture

    @property
    def moment(self) -> Moment:
        """The moment that was judged."""
        return self.posture.moment

    @property
    def controls(self) -> tuple[ControlOutcome, ...]:
        """The controls in the order of the catalogue."""
        return tuple(self.posture.controls.values())

    @property
    def summary(self) -> Mapping[Status, int]:
        """How many controls have each status."""
        return self.posture.summary


class SystemOut(Schema):
    """A system. Its ETag is the id of its current row."""

    key = fields.String(required=True, attribute="system.key")
    slug = fields.String(required=True, attribute="system.slug")
    name = fields.String(required=True, attribute="system.name")
    purpose = fields.String(required=True, attribute="system.purpose")
    unit = fields.String(required=True, allow_none=True, metadata=described("Unit", "Its short name."))
    stage = fields.Enum(Stage, by_value=True, required=True)
    business_owner = fields.String(required=True, attribute="system.business_owner")
    who_can_change = fields.String(required=True, attribute="system.who_can_change")
    who_can_stop = fields.String(required=True, attribute="system.who_can_stop")
    affected_users = fields.String(required=True, attribute="system.affected_users")
    data_sensitivity = fields.String(required=True, attribute="system.data_sensitivity")
    access_boundaries = fields.String(required=True, attribute="system.access_boundaries")
    legal_constraints = fields.String(required=True, attribute="system.legal_constraints")
    abuse_cases = fields.String(required=True, attribute="system.abuse_cases")
    traits = Ids(required=True, attribute="system.traits")
    entry = fields.Integer(allow_none=True, metadata=described(
        "Position of the entry that recorded a change", "Only in the answer to one."))


class SystemsOut(Listed):
    """Systems by name."""

    systems = fields.List(fields.Nested(SystemOut), required=True)


class AskOut(Schema):
    """The state of one ask of a control."""

    ask = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    until = At(required=True, allow_none=True)
    evidence = fields.List(fields.String(), required=True)
    applicable = fields.Boolean(required=True)


class ControlStatusOut(Schema):
    """The status of one control of a system, proved by its reasons."""

    control = fields.String(required=True)
    status = fields.Enum(Status, by_value=True, required=True)
    underneath = fields.Enum(Status, by_value=True, required=True, metadata=described(
        "The status that a waiver covers", "Else the status itself."))
    reasons = fields.List(fields.Nested(ReasonOut), required=True)
    until = At(required=True, allow_none=True, metadata=described("When time alone would change it"))
    asks = fields.List(fields.Nested(AskOut), required=True)


class PostureOut(Schema):
    """The status of every control of a system at a moment."""

    system = fields.String(required=True, metadata=described("The system's slug"))
    moment = fields.Nested(MomentOut, required=True)
    catalogue = fields.String(required=True, attribute="posture.catalogue", metadata=described(
        "Digest of the catalogue in force at the moment"))
    rules = fields.Constant(RULES, metadata=described("Version of the rules"))
    controls = fields.List(fields.Nested(ControlStatusOut), required=True)
    summary = Counts(required=True, metadata=described("How many controls have each status"))
    until = At(required=True, allow_none=True, attribute="posture.until", metadata=described(
        "The first instant at which time alone changes a status"))


@dataclass(frozen=True)
class AskedAnswer:
    """What is asked next, under the system's slug."""

    system: str
    moment: Moment
    asked: tuple[Asked, ...]


class AskedItemOut(Schema):
    """One ask that waits for somebody."""

    control = fields.String(required=True)
    ask = fields.String(required=True)
    state = fields.Enum(State, by_value=True, required=True)
    title = fields.String(required=True)
    text = fields.String(required=True, metadata=described("What to do"))
    kinds = fields.List(fields.String(), required=True, metadata=described("Kinds of evidence that answer it"))
    due = At(required=True, allow_none=True)


class AskedOut(Schema):
    """What is asked next of the people who answer for a system, most urgent first."""

    system = fields.String(required=True)
    moment = fields.Nested(MomentOut, required=True)
    asked = fields.List(fields.Nested(AskedItemOut), required=True)
