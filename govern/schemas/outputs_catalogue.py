"""Controls, frameworks and coverage, as the API answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from marshmallow import Schema, fields

from govern.assurance.outcomes import Coverage, Covered, How, RequirementOutcome
from govern.catalogue.families import FAMILIES, family_of
from govern.catalogue.objects import Control, Framework, Relation, Requirement
from govern.facts.moments import Moment
from govern.schemas.fields import described
from govern.schemas.outputs_common import Ids, Listed, MomentOut, ReasonOut


class ConditionOut(Schema):
    """An expression over traits and the reason that is shown when it decides."""

    expression = fields.String(required=True)
    because = fields.String(required=True)


class DueOut(Schema):
    """When an ask falls due."""

    stage = fields.String(required=True, allow_none=True)
    after = fields.String(required=True, allow_none=True, metadata=described("An event"))
    within_days = fields.Integer(required=True)


class CheckOut(Schema):
    """One thing that evidence must show: a question, or for some kinds an expression over the findings."""

    id = fields.String(required=True)
    question = fields.String(required=True)
    expression = fields.String(required=True, allow_none=True)
    kinds_decided = Ids(required=True)


class AskOfControlOut(Schema):
    """One piece of evidence that a control asks for."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    kinds = Ids(required=True)
    about = fields.String(required=True)
    basis = fields.String(required=True, allow_none=True)
    fresh_days = fields.Integer(required=True, allow_none=True)
    due = fields.Nested(DueOut, required=True)
    when = fields.Nested(ConditionOut, required=True, allow_none=True)
    checks = fields.List(fields.Nested(CheckOut), required=True)


class LinkOut(Schema):
    """A control's relation to a requirement of a framework."""

    framework = fields.String(required=True)
    requirement = fields.String(required=True)
    relation = fields.Enum(Relation, by_value=True, required=True)
    why = fields.String(required=True)


class PurposeOut(Schema):
    """Who does a control, and what it is for: ids of functions, threats, goals and a layer of defence."""

    lead = fields.String(required=True)
    others = fields.List(fields.String(), required=True)
    threats = fields.List(fields.String(), required=True)
    goals = fields.List(fields.String(), required=True)
    defence = fields.String(required=True)


class ControlOut(Schema):
    """One of our controls."""

    id = fields.String(required=True)
    domain = fields.String(required=True)
    title = fields.String(required=True)
    objective = fields.String(required=True)
    stages = fields.List(fields.String(), required=True)
    applies = fields.Nested(ConditionOut, required=True, allow_none=True)
    asks = fields.List(fields.Nested(AskOfControlOut), required=True)
    mappings = fields.List(fields.Nested(LinkOut), required=True)
    guidance = fields.String(required=True, metadata=described("How to do it", "Empty where the catalogue does not say."))
    purpose = fields.Nested(PurposeOut, required=True, allow_none=True, metadata=described(
        "What it is for", "Null in catalogues that do not say."))
    origin = fields.String(required=True, metadata=described("The addition that it came with", "Empty: shipped with Govern."))


def kinds_of(control: Control) -> list[str]:
    """The kinds of evidence that a control asks for, sorted."""
    return sorted({kind for ask in control.asks for kind in ask.kinds})


class ControlLineOut(Schema):
    """A control in a list."""

    id = fields.String(required=True)
    domain = fields.String(required=True)
    title = fields.String(required=True)
    objective = fields.String(required=True)
    kinds = fields.Function(kinds_of, required=True, metadata={
        "type": "array", "items": {"type": "string"}, **described("Kinds of evidence that it asks for")})


class ControlsOut(Listed):
    """Controls in the order of the catalogue."""

    catalogue = fields.String(required=True, metadata=described("Digest of the catalogue"))
    controls = fields.List(fields.Nested(ControlLineOut), required=True)


class FrameworkOut(Schema):
    """A published framework."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    publisher = fields.String(required=True)
    version = fields.String(required=True)
    date = fields.String(required=True)
    status = fields.String(required=True)
    requirements = fields.Function(lambda one: len(one.requirements), required=True, metadata={
        "type": "integer", **described("How many requirements it has")})
    family = fields.Function(lambda one: family_of(one).id, required=True, metadata={
        "type": "string", "enum": [one.id for one in FAMILIES], **described("Which family it belongs to")})
    origin = fields.String(required=True, metadata=described("The addition that it came with", "Empty: shipped with Govern."))


class FrameworksOut(Schema):
    """The frameworks of the catalogue."""

    catalogue = fields.String(required=True)
    frameworks = fields.List(fields.Nested(FrameworkOut), required=True)


@dataclass(frozen=True)
class RequirementLine:
    """A requirement with how far a system meets it (None where no system was named)."""

    requirement: Requirement
    outcome: RequirementOutcome | None
    mapped: tuple[str, ...]
    gap: str = ""

    @property
    def controls(self) -> tuple[str, ...]:
        """The controls that the coverage rests on; without a system, those mapped to it."""
        return self.outcome.controls if self.outcome else self.mapped


@dataclass(frozen=True)
class CoverageAnswer:
    """A framework's requirements, with coverage where a system was named."""

    framework: Framework
    catalogue: str
    moment: Moment
    system: str | None
    coverage: Coverage | None
    mapped: dict[str, tuple[str, ...]]

    @property
    def requirements(self) -> Iterator[RequirementLine]:
        """The requirements in document order."""
        for one in self.framework.requirements:
            outcome = self.coverage.requirements[one.id] if self.coverage else None
            yield RequirementLine(one, outcome, self.mapped.get(one.id, ()), self.framework.gaps.get(one.id, ""))

    @property
    def share(self) -> dict[str, int] | None:
        """How many of the requirements that count are met."""
        if self.coverage is None:
            return None
        counted = frozenset(one.id for one in self.framework.requirements if one.assessable)
        met, all_ = self.coverage.share(counted)
        return {"met": met, "counted": all_}


class ThroughOut(Schema):
    """A requirement, named from elsewhere."""

    framework = fields.String(required=True)
    requirement = fields.String(required=True)


class AppliesFromOut(Schema):
    """A date from which a part of a framework applies."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    applies_from = fields.String(required=True, metadata=described("The date"))
    before = fields.String(required=True, metadata=described("The date until it was changed", "Empty where nothing changed."))
    amended_by = fields.String(required=True)
    source = fields.String(required=True)


class RequirementOut(Schema):
    """One requirement and how far it is met."""

    id = fields.String(required=True, attribute="requirement.id")
    parent = fields.String(required=True, allow_none=True, attribute="requirement.parent")
    title = fields.String(required=True, attribute="requirement.title")
    assessable = fields.Boolean(required=True, attribute="requirement.assessable")
    status = fields.Function(lambda line: line.outcome.covered.value if line.outcome else None, required=True,
                             metadata={"type": ["string", "null"], "enum": [*(one.value for one in Covered), None],
                                       **described("How far it is met", "Null where no system was named.")})
    how = fields.Function(lambda line: line.outcome.how.value if line.outcome else None, required=True,
                          metadata={"type": ["string", "null"], "enum": [*(one.value for one in How), None],
                                    **described("By which road it is met")})
    controls = fields.List(fields.String(), required=True)
    reasons = fields.Function(
        lambda line: ReasonOut(many=True).dump(line.outcome.reasons) if line.outcome else [], required=True,
        metadata={"type": "array", "items": {"type": "object"}, **described("Why")})
    level = fields.String(required=True, attribute="requirement.level")
    gist = fields.String(required=True, attribute="requirement.gist", metadata=described("What it says, in our words"))
    note = fields.String(required=True, attribute="requirement.note")
    text = fields.String(required=True, attribute="requirement.text", metadata=described(
        "The official text", "Only where the organisation brought one."))
    priority = fields.String(required=True, allow_none=True, attribute="requirement.priority")
    tags = fields.List(fields.String(), required=True, attribute="requirement.tags")
    dates = fields.List(fields.String(), required=True, attribute="requirement.dates", metadata=described(
        "Ids of the framework's dates", "Empty: those of the nearest requirement above it that has some."))
    through = fields.List(fields.Nested(ThroughOut), required=True, attribute="requirement.through", metadata=described(
        "The requirements that together meet it"))
    gap = fields.String(required=True, metadata=described("What no control of the catalogue proves of it"))


class ShareOut(Schema):
    """How many of the requirements that count are met."""

    met = fields.Integer(required=True)
    counted = fields.Integer(required=True)


class CoverageOut(Schema):
    """A framework, with how far a system meets each requirement at a moment."""

    id = fields.String(required=True, attribute="framework.id")
    title = fields.String(required=True, attribute="framework.title")
    version = fields.String(required=True, attribute="framework.version")
    system = fields.String(required=True, allow_none=True)
    moment = fields.Nested(MomentOut, required=True)
    catalogue = fields.String(required=True)
    share = fields.Nested(ShareOut, required=True, allow_none=True)
    publisher = fields.String(required=True, attribute="framework.publisher")
    date = fields.String(required=True, attribute="framework.date")
    status = fields.String(required=True, attribute="framework.status")
    wording = fields.String(required=True, attribute="framework.wording", metadata=described("Where our wording ends"))
    dates = fields.List(fields.Nested(AppliesFromOut), required=True, attribute="framework.dates")
    requirements = fields.List(fields.Nested(RequirementOut), required=True)


# -- what the controls are for -------------------------------------------------------------------------------------


class NamedOut(Schema):
    """An id with words for people."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    meaning = fields.String(required=True)


class PurposesOut(Schema):
    """One threat or goal with the controls that are for it; of a system those that apply to it."""

    id = fields.String(required=True, attribute="named.id")
    title = fields.String(required=True, attribute="named.title")
    meaning = fields.String(required=True, attribute="named.meaning")
    controls = fields.List(fields.String(), required=True)
    by_defence = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True,
                             metadata=described("The controls by layer of defence"))
    satisfied = fields.List(fields.String(), required=True, allow_none=True, metadata=described(
        "Those that are satisfied", "Null where no system was named."))
    alone = fields.String(required=True, allow_none=True, metadata=described(
        "The one control on which it rests", "Of a system, the one satisfied control; null where there are more or none."))
    alone_in = fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata=described(
        "Layers of defence that rest on one control, with that control"))


class ThreatsOut(Schema):
    """Threat patterns and security goals, with what the controls do about each."""

    catalogue = fields.String(required=True)
    moment = fields.Nested(MomentOut, required=True)
    system = fields.String(required=True, allow_none=True)
    defences = fields.List(fields.Nested(NamedOut), required=True, metadata=described("Layers of defence"))
    threats = fields.List(fields.Nested(PurposesOut), required=True)
    goals = fields.List(fields.Nested(PurposesOut), required=True)
