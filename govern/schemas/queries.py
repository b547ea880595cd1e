"""What the addresses of lists and reads may say after their question mark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from marshmallow import fields, validate

from govern.catalogue.crosswalking import KNOWN, Claim, View
from govern.facts.systems import RequestState, Stage
from govern.schemas.fields import ControlId, Line, Pattern, Slug, YesNo, described
from govern.schemas.forms import Input

C = TypeVar("C")
LARGEST_PAGE = 200


class SystemRef(Pattern):
    """The short name of a system in an address."""

    longest = 60
    form = "the short name of a system"

    def _fits(self, text: str) -> bool:
        return bool(text) and text.replace("-", "").isalnum() and text.isascii()


@dataclass(frozen=True)
class PageWanted:
    """A part of a list: where it begins (an opaque cursor) and how long it may be."""

    cursor: str
    size: int
    at: str


@dataclass(frozen=True)
class SystemsWanted(PageWanted):
    """Systems whose name holds a text, of a unit, in a stage, with a trait; empty values do not narrow."""

    q: str
    unit: str
    stage: str
    trait: str


@dataclass(frozen=True)
class EvidenceWanted(PageWanted):
    """Evidence narrowed by text, kind, system, control and state, in an order."""

    q: str
    kind: str
    system: str
    control: str
    state: str
    sort: str


@dataclass(frozen=True)
class ControlsWanted(PageWanted):
    """Controls of a domain or whose words hold a text."""

    q: str
    domain: str


@dataclass(frozen=True)
class RequestsWanted(PageWanted):
    """Requests for evidence: one's own, in a state."""

    mine: bool
    state: str


@dataclass(frozen=True)
class EntriesWanted:
    """Entries after a position, narrowed by action and system."""

    after: int
    size: int
    action: str
    system: str


@dataclass(frozen=True)
class MomentWanted:
    """The moment that a read is about."""

    at: str
    system: str


@dataclass(frozen=True)
class Span:
    """Two positions of the ledger."""

    first: int
    second: int


AT = described("Moment", "A ledger position or a date such as 2026-01-31; blank: now.")


class MomentQuery(Input[MomentWanted]):
    """`?at=`."""

    at = Line(load_default="", longest=40, metadata=AT)

    def build(self, values: dict[str, Any]) -> MomentWanted:
        return MomentWanted(values["at"], values.get("system", ""))


class CoverageQuery(MomentQuery):
    """`?system=&at=`."""

    system = SystemRef(load_default="", metadata=described("System", "Its slug; blank: no coverage is derived."))


class PageQuery(Input[C], Generic[C]):
    """`?cursor=&size=&at=`."""

    cursor = Line(load_default="", metadata=described("Cursor", "`next` of the answer before."))
    size = fields.Integer(load_default=50, validate=validate.Range(1, LARGEST_PAGE), metadata=described(
        "Size", f"At most {LARGEST_PAGE}."))
    at = Line(load_default="", longest=40, metadata=AT)


class SystemsQuery(PageQuery[SystemsWanted]):
    """Which systems."""

    q = Line(load_default="", metadata=described("Text in the name"))
    unit = Slug(load_default="", metadata=described("Unit", "Its short name; units below it count."))
    stage = fields.Enum(Stage, by_value=True, load_default=None, metadata=described("Stage"))
    trait = Slug(load_default="", metadata=described("Trait"))

    def build(self, values: dict[str, Any]) -> SystemsWanted:
        stage = values["stage"]
        return SystemsWanted(**{**values, "stage": stage.value if stage else ""})


class EvidenceQuery(PageQuery[EvidenceWanted]):
    """Which evidence."""

    q = Line(load_default="", metadata=described("Text in the title"))
    kind = Slug(load_default="", metadata=described("Kind"))
    system = SystemRef(load_default="", metadata=described("System", "Its slug."))
    control = ControlId(load_default="", metadata=described("Control"))
    state = fields.String(load_default="", validate=validate.OneOf(
        ["", "in-review", "accepted", "rejected", "withdrawn"]), metadata=described("State of the newest version"))
    sort = fields.String(load_default="-submitted", validate=validate.OneOf(
        ["submitted", "-submitted", "title", "-title", "kind", "-kind", "worked", "-worked"]),
        metadata=described("Order", "A minus sign turns it round."))

    def build(self, values: dict[str, Any]) -> EvidenceWanted:
        return EvidenceWanted(**values)


class ControlsQuery(PageQuery[ControlsWanted]):
    """Which controls."""

    q = Line(load_default="", metadata=described("Text in id, title or objective"))
    domain = Line(load_default="", longest=20, metadata=described("Domain", "Such as EVA."))

    def build(self, values: dict[str, Any]) -> ControlsWanted:
        return ControlsWanted(**values)


class RequestsQuery(PageQuery[RequestsWanted]):
    """Which requests. They are shown as they are now; `at` is not taken."""

    class Meta:
        exclude = ("at",)

    mine = YesNo(load_default=False, metadata=described("Only those asked of me"))
    state = fields.Enum(RequestState, by_value=True, load_default=RequestState.OPEN, metadata=described("State"))

    def build(self, values: dict[str, Any]) -> RequestsWanted:
        return RequestsWanted(values["cursor"], values["size"], "", values["mine"], values["state"].value)


class EntriesQuery(Input[EntriesWanted]):
    """Which entries."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**53), metadata=described(
        "After", "A position; entries that follow it are given, oldest first."))
    size = fields.Integer(load_default=50, validate=validate.Range(1, LARGEST_PAGE), metadata=described("Size"))
    action = fields.String(load_default="", validate=validate.Regexp(r"^[a-z:-]{0,80}\Z"), metadata=described(
        "Action", "Such as evidence:version:submit."))
    system = SystemRef(load_default="", metadata=described("System", "Its slug."))

    def build(self, values: dict[str, Any]) -> EntriesWanted:
        return EntriesWanted(**values)


class ConsistencyQuery(Input[Span]):
    """From which tree to which."""

    first = fields.Integer(required=True, data_key="from", validate=validate.Range(1, 2**53), metadata=described(
        "From", "Size of the smaller tree."))
    second = fields.Integer(required=True, data_key="to", validate=validate.Range(1, 2**53), metadata=described(
        "To", "Size of the larger tree."))

    def build(self, values: dict[str, Any]) -> Span:
        return Span(values["first"], values["second"])


# -- two frameworks, and looking for anything ------------------------------------------------------------------------


@dataclass(frozen=True)
class CrosswalkWanted:
    """Two frameworks by id (empty: not chosen yet), and what their pairs are narrowed to; empty values do not narrow.

    `claim` is a claim or `known` for all but `related`. `first` and `second` are requirements under which pairs lie.
    """

    source: str
    target: str
    claim: str
    view: str
    text: str
    first: str
    second: str


@dataclass(frozen=True)
class CrosswalkPageWanted(PageWanted):
    """A part of the pairs of two frameworks, narrowed to a claim or by who states them."""

    source: str
    target: str
    claim: str
    view: str


@dataclass(frozen=True)
class SearchWanted:
    """What somebody looks for, and the one sort of thing that is asked for in full (empty: the best of all)."""

    text: str
    sort: str


_CLAIMS = ["", KNOWN, *(one.value for one in Claim)]
_VIEWS = ["", *(one.value for one in View)]
_FRAMEWORK = described("Framework", "Its id, such as nist-ai-rmf-1.0.")


class CrosswalkQuery(Input[CrosswalkWanted]):
    """Which two frameworks on the page, and which of their pairs."""

    source = Line(load_default="", longest=100, data_key="from", metadata=_FRAMEWORK)
    target = Line(load_default="", longest=100, data_key="to", metadata=_FRAMEWORK)
    claim = fields.String(load_default="", data_key="relation", metadata=described("Relation"),
                          validate=validate.OneOf(_CLAIMS, error="There is no such relation."))
    view = fields.String(load_default="", validate=validate.OneOf(_VIEWS, error="There is no such choice."),
                         metadata=described("Stated by"))
    text = Line(load_default="", longest=100, data_key="q", metadata=described("Words", "In ids, titles and controls."))
    first = Line(load_default="", longest=200, data_key="a", metadata=described("Part of the first framework"))
    second = Line(load_default="", longest=200, data_key="b", metadata=described("Part of the second framework"))

    def build(self, values: dict[str, Any]) -> CrosswalkWanted:
        return CrosswalkWanted(**values)


class CrosswalkPageQuery(PageQuery[CrosswalkPageWanted]):
    """`?from=&to=` with a relation and a view."""

    source = Line(required=True, longest=100, data_key="from", metadata=_FRAMEWORK)
    target = Line(required=True, longest=100, data_key="to", metadata=_FRAMEWORK)
    claim = fields.String(load_default="", data_key="relation", validate=validate.OneOf(_CLAIMS), metadata=described(
        "Relation", f"One relation, or {KNOWN} for all of which more is known than that a control touches both."))
    view = fields.String(load_default="", validate=validate.OneOf(_VIEWS), metadata=described("Stated by"))

    def build(self, values: dict[str, Any]) -> CrosswalkPageWanted:
        return CrosswalkPageWanted(**values)


class Typed(fields.String):
    """What somebody is typing: never refused; what cannot be printed is left out, and what is too long is cut."""

    longest = 100

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        return "".join(char for char in text if char.isprintable()).strip()[:self.longest]


class SearchQuery(Input[SearchWanted]):
    """`?q=&in=`: an unknown sort counts as none."""

    text = Typed(load_default="", data_key="q", metadata=described("Words"))
    sort = Typed(load_default="", data_key="in", metadata=described("In"))

    def build(self, values: dict[str, Any]) -> SearchWanted:
        return SearchWanted(**values)
