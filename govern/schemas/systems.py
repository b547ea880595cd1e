"""What people send about a system: its description, its adoption, what happened to it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from govern.facts.commands import AdoptSystem, DescribeSystem, RecordEvent
from govern.facts.systems import Stage
from govern.schemas.fields import Day, Key, Line, LongText, Several, Slug, Title, described
from govern.schemas.forms import Input

ADOPTED_AT = (Stage.DESIGN, Stage.DEVELOPMENT, Stage.EVALUATION, Stage.DEPLOYMENT, Stage.OPERATION,
              Stage.DECOMMISSIONING, Stage.RETIRED)


class DescribeSystemInput(Input[DescribeSystem]):
    """A system's description, for registering and for changing it."""

    name = Title(required=True, metadata=described("Name", "As people call it."))
    purpose = LongText(required=True, metadata=described(
        "Purpose", "What it does, for whom, and what hangs on its answers."))
    unit = Key(load_default=None, allow_none=True, metadata=described(
        "Unit", "The part of the organisation that answers for it."))
    business_owner = Line(load_default="", metadata=described("Business owner", "The role that answers for it."))
    who_can_change = Line(load_default="", metadata=described(
        "Who can change it", "Who may change model, prompts, data or settings."))
    who_can_stop = Line(load_default="", metadata=described("Who can stop it", "Who may switch it off, and how."))
    affected_users = LongText(load_default="", metadata=described(
        "People affected", "Those who use it and those it decides or speaks about."))
    data_sensitivity = LongText(load_default="", metadata=described(
        "Sensitivity of its data", "What it sees, keeps and gives out."))
    access_boundaries = LongText(load_default="", metadata=described(
        "Access boundaries", "What it can reach, and what it must not."))
    legal_constraints = LongText(load_default="", metadata=described("Legal constraints"))
    abuse_cases = LongText(load_default="", metadata=described("Abuse cases", "How somebody could misuse it."))
    traits = Several(Slug, load_default=list, metadata=described(
        "Traits", "What is true of it; traits decide which controls apply."))

    def build(self, values: dict[str, Any]) -> DescribeSystem:
        return DescribeSystem(**{**values, "traits": frozenset(values["traits"])})


class AdoptSystemInput(Input[AdoptSystem]):
    """The decision that a running system enters at a stage. Given by the address: `system`."""

    stage = fields.Enum(Stage, by_value=True, required=True, metadata=described(
        "Stage", "Where the system stands today."))
    reason = LongText(required=True, metadata=described("Reason", "Why it may enter without passing the gates."))
    gaps = LongText(load_default="", metadata=described("Gaps", "What is known to be missing."))
    gaps_due = Day(load_default=None, allow_none=True, metadata=described("Gaps closed by"))
    started = Day(load_default=None, allow_none=True, metadata=described(
        "In operation since", "If it runs already: yearly reviews count from this day."))

    def build(self, values: dict[str, Any]) -> AdoptSystem:
        return AdoptSystem(**values)


class RecordEventInput(Input[RecordEvent]):
    """Something happened. Given by the address: `system` (None for the organisation)."""

    event = Slug(required=True, metadata=described("Event"))
    happened = Day(required=True, metadata=described("Day", "The day on which it happened."))
    note = Line(load_default="", longest=2_000, validate=validate.Length(max=2_000), metadata=described("Note"))

    def build(self, values: dict[str, Any]) -> RecordEvent:
        return RecordEvent(**values)
