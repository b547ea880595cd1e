"""The crosswalk of two frameworks, as the API answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from marshmallow import Schema, fields

from govern.catalogue.crosswalking import Claim, Crossing, Pair, View
from govern.catalogue.objects import Relation
from govern.catalogue.ties import Tie
from govern.facts.moments import Moment
from govern.schemas.fields import described
from govern.schemas.outputs_common import Counts, Listed, MomentOut


@dataclass(frozen=True)
class End:
    """One requirement of a pair."""

    id: str
    title: str


@dataclass(frozen=True)
class Step:
    """A control of a pair, its ties to both ends, and what follows from it alone."""

    control: str
    source: Tie
    target: Tie
    follows: Claim


@dataclass(frozen=True)
class PairAnswer:
    """A pair with its grounds."""

    crossing: Crossing
    pair: Pair

    @property
    def source(self) -> End:
        """The requirement of the first framework."""
        return End(self.pair.first, self.crossing.first.by_id[self.pair.first].title)

    @property
    def target(self) -> End:
        """The requirement of the second framework."""
        return End(self.pair.second, self.crossing.second.by_id[self.pair.second].title)

    @property
    def through(self) -> Iterator[Step]:
        """The controls that are mapped to both."""
        for control, claim in self.pair.controls:
            yield Step(control, self.crossing.ties_first[self.pair.first][control],
                       self.crossing.ties_second[self.pair.second][control], claim)


@dataclass(frozen=True)
class CrosswalkAnswer:
    """A page of a crosswalk, with the whole of it in counts. `total` counts the pairs that fit what was asked."""

    crossing: Crossing
    catalogue: str
    moment: Moment
    total: int
    shown: Sequence[Pair]
    next: str | None

    @property
    def pairs(self) -> Iterator[PairAnswer]:
        """The pairs of this page."""
        return (PairAnswer(self.crossing, pair) for pair in self.shown)

    @property
    def without_partner(self) -> dict[str, tuple[str, ...]]:
        """What has no partner on either side."""
        return {"from": self.crossing.alone_first, "to": self.crossing.alone_second}


class CrosswalkEndOut(Schema):
    """A requirement of a pair."""

    id = fields.String(required=True)
    title = fields.String(required=True)


class CrosswalkTargetOut(Schema):
    """A requirement of a framework."""

    framework = fields.String(required=True)
    requirement = fields.String(required=True)


class CrosswalkTieOut(Schema):
    """A control's relation to a requirement."""

    relation = fields.Enum(Relation, by_value=True, required=True, allow_none=True, metadata=described(
        "Control to requirement", "Null where the control only touches what the requirement goes through."))
    why = fields.String(required=True)
    via = fields.Nested(CrosswalkTargetOut, required=True, allow_none=True, metadata=described(
        "The requirement for which it was stated", "Null where it is this one."))


class CrosswalkStepOut(Schema):
    """A control that is mapped to both requirements of a pair."""

    control = fields.String(required=True)
    source = fields.Nested(CrosswalkTieOut, required=True, data_key="from")
    target = fields.Nested(CrosswalkTieOut, required=True, data_key="to")
    follows = fields.Enum(Claim, by_value=True, required=True, metadata=described("What follows from this control alone"))


class CrosswalkStatedOut(Schema):
    """A publisher's word for a pair."""

    crosswalk = fields.String(required=True, attribute="crosswalk.id")
    publisher = fields.String(required=True, attribute="crosswalk.publisher")
    relation = fields.String(required=True, attribute="crosswalk.relation", metadata=described("The publisher's word"))
    turned = fields.Boolean(required=True, metadata=described("Stated from the second framework to the first"))


class CrosswalkPairOut(Schema):
    """A requirement of each framework, how they relate, and through what."""

    source = fields.Nested(CrosswalkEndOut, required=True, data_key="from")
    target = fields.Nested(CrosswalkEndOut, required=True, data_key="to")
    relation = fields.Enum(Claim, by_value=True, required=True, allow_none=True, attribute="pair.claim", metadata=described(
        "From first to second", "Null where only a publisher states the pair."))
    direct = fields.Enum(Claim, by_value=True, required=True, allow_none=True, attribute="pair.direct", metadata=described(
        "What follows without a control", "Where one of the two is met through the other."))
    through = fields.List(fields.Nested(CrosswalkStepOut), required=True)
    view = fields.Enum(View, by_value=True, required=True, attribute="pair.view", metadata=described("Who states it"))
    stated = fields.List(fields.Nested(CrosswalkStatedOut), required=True, attribute="pair.stated")


class CrosswalkFrameworkEndOut(Schema):
    """One of the two frameworks."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    version = fields.String(required=True)


class CrosswalkWithoutPartnerOut(Schema):
    """Ids of requirements that are assessed or mapped and stand in no pair."""

    source = fields.List(fields.String(), required=True, data_key="from", attribute="from")
    target = fields.List(fields.String(), required=True, data_key="to", attribute="to")


class CrosswalkOut(Listed):
    """Two frameworks side by side."""

    source = fields.Nested(CrosswalkFrameworkEndOut, required=True, data_key="from", attribute="crossing.first")
    target = fields.Nested(CrosswalkFrameworkEndOut, required=True, data_key="to", attribute="crossing.second")
    catalogue = fields.String(required=True, metadata=described("Digest of the catalogue"))
    moment = fields.Nested(MomentOut, required=True)
    relations = Counts(required=True, attribute="crossing.counts", metadata=described("Pairs by relation"))
    views = Counts(required=True, attribute="crossing.views", metadata=described("Pairs by who states them"))
    total = fields.Integer(required=True, metadata=described("Pairs that fit what was asked"))
    pairs = fields.List(fields.Nested(CrosswalkPairOut), required=True)
    without_partner = fields.Nested(CrosswalkWithoutPartnerOut, required=True)


