"""What people send about the catalogue as they use it: a unit's baseline, what it adds or takes out, the risk it accepts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from govern.facts.commands import TailorUnit
from govern.schemas.fields import MOST_IDS, ControlId, ControlIds, Line, LongText, Several, Slug, described
from govern.schemas.forms import Input
from govern.schemas.queries import AT


class RemovedInput(Schema):
    """A control that is taken out of the baseline, and why."""

    control = ControlId(required=True, metadata=described("Control"))
    reason = Line(required=True, metadata=described("Reason", "Why systems of the unit are not asked for it."))


class TailorUnitInput(Input[TailorUnit]):
    """A unit's decision, all of it: what is left out is not decided. Given by the address: `unit`."""

    baseline = Slug(load_default=None, allow_none=True, metadata=described(
        "Baseline", "Its id; none leaves it to the unit above, and at the top every control that applies is asked."))
    tolerance = Slug(load_default=None, allow_none=True, metadata=described(
        "Risk tolerance", "Its id; none leaves it to the unit above."))
    added = ControlIds(load_default=list, metadata=described("Added", "Controls asked beside the baseline."))
    removed = fields.List(fields.Nested(RemovedInput), load_default=list, validate=validate.Length(max=MOST_IDS),
                          metadata=described("Taken out", "Controls not asked, each with its reason."))
    limits = fields.Dict(keys=Slug(), values=fields.Float(), load_default=dict, validate=validate.Length(max=50),
                         metadata=described("Own figures", "Limits by id, in place of the tolerance's."))
    reason = LongText(required=True, metadata=described("Reason", "Why the unit decides so."))

    def from_form(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """Rows of (control, reason) and one field for each limit, named limit-<id>; empty ones say nothing."""
        limits = {name.removeprefix("limit-"): str(form[name]).strip() for name in form if name.startswith("limit-")}
        rows = [(control, reason) for control, reason in removed_rows(form) if control or reason]
        return {"removed": [{"control": control, "reason": reason} for control, reason in rows],
                "limits": {name: text for name, text in limits.items() if text}}

    def build(self, values: dict[str, Any]) -> TailorUnit:
        removed = [(one["control"], one["reason"]) for one in values["removed"]]
        if len({control for control, _ in removed}) < len(removed):
            raise ValidationError("A control is taken out twice.", "removed")
        return TailorUnit(values["unit"], values["baseline"], values["tolerance"], frozenset(values["added"]),
                          tuple(removed), tuple(sorted(values["limits"].items())), values["reason"])


def removed_rows(form: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rows of a form that takes controls out: (control, reason), as they were typed."""
    getlist = getattr(form, "getlist", None)
    if getlist is None:
        return []
    return [(str(control).strip(), str(reason).strip())
            for control, reason in zip(getlist("removed-control"), getlist("removed-reason"), strict=False)]


@dataclass(frozen=True)
class TraitsWanted:
    """Answers to look ahead with."""

    traits: frozenset[str]
    at: str


class ConsequenceQuery(Input[TraitsWanted]):
    """Answers to look ahead with, as the address says them."""

    traits = Several(Slug, load_default=list, metadata=described(
        "Traits", "What would be true of the system, all of it, with commas between; nothing for no trait at all."))
    at = Line(load_default="", longest=40, metadata=AT)

    def build(self, values: dict[str, Any]) -> TraitsWanted:
        return TraitsWanted(frozenset(values["traits"]), values["at"])
