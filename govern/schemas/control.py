"""What people send about controls of a system: assignments, scoping, requests for evidence."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError

from govern.facts.commands import AskForEvidence, AssignControls, DecideScoping, ProposeScoping
from govern.schemas.fields import ControlIds, Day, Key, Line, LongText, Several, YesNo, described
from govern.schemas.forms import Input


class AssignControlsInput(Input[AssignControls]):
    """Owner, due date and statement of controls. Given by the address: `system`, and `controls` on a control's page.

    A value that is not sent stays as it is. With `whole` (the form of one control, which shows all three values) a
    blank value is cleared instead.
    """

    controls = ControlIds(load_default=list, metadata=described("Controls", also="selected"))
    owner = Key(load_default=None, allow_none=True, metadata=described("Owner", "Who works on it."))
    due = Day(load_default=None, allow_none=True, metadata=described("Due"))
    statement = LongText(load_default=None, allow_none=True, metadata=described(
        "How it is done", "How the control is implemented here, in your words."))
    whole = YesNo(load_default=False, metadata=described("Clear what is blank"))

    def build(self, values: dict[str, Any]) -> AssignControls:
        _one_at_least(values)
        owner, due, statement = values["owner"], values["due"], values["statement"]
        if values["whole"]:
            owner, due, statement = owner or "", due or 0, statement or ""
        elif owner is None and due is None and statement is None:
            raise ValidationError("Choose an owner, a day or write how it is done.", "owner")
        return AssignControls(values["system"], tuple(values["controls"]), owner, due, statement)


class ProposeScopingInput(Input[ProposeScoping]):
    """A proposal that controls do not apply. Given by the address: `system`, and `controls` on a control's page."""

    controls = ControlIds(load_default=list, metadata=described("Controls", also="selected"))
    reason = LongText(required=True, metadata=described(
        "Reason", "Why they do not apply to this system; somebody else decides on it."))
    until = Day(load_default=None, allow_none=True, ends=True, metadata=described(
        "Until", "The last day on which this holds; blank for no end."))

    def build(self, values: dict[str, Any]) -> ProposeScoping:
        _one_at_least(values)
        return ProposeScoping(values["system"], tuple(values["controls"]), values["reason"], values["until"])


class DecideScopingInput(Input[DecideScoping]):
    """A decision on scoping proposals: `decision` is approve or refuse."""

    scopings = Several(Key, least=1, required=True, metadata=described("Proposals", also="selected"))
    decision = Line(required=True, metadata=described("Decision", "Either approve or refuse.", also="do"))
    comment = LongText(load_default="", metadata=described("Comment", "A refusal says why."))

    def build(self, values: dict[str, Any]) -> DecideScoping:
        if values["decision"] not in ("approve", "refuse"):
            raise ValidationError("Choose approve or refuse.", "decision")
        approve = values["decision"] == "approve"
        if not approve and not values["comment"]:
            raise ValidationError("A refusal says why.", "comment")
        return DecideScoping(tuple(values["scopings"]), approve, values["comment"])


class AskForEvidenceInput(Input[AskForEvidence]):
    """Somebody is asked for evidence. Given by the address: `system`, and `controls` on a control's page."""

    controls = ControlIds(load_default=list, metadata=described("Controls", also="selected"))
    asked_of = Key(required=True, metadata=described("Asked of", "Who is to send it; the key of a person."))
    due = Day(required=True, ends=True, metadata=described("By", "The last day on which it is in time."))
    note = LongText(load_default="", metadata=described("Note", "What exactly is wanted."))

    def build(self, values: dict[str, Any]) -> AskForEvidence:
        _one_at_least(values)
        return AskForEvidence(values["system"], tuple(values["controls"]), values["asked_of"], values["due"],
                              values["note"])


def _one_at_least(values: dict[str, Any]) -> None:
    if not values["controls"]:
        raise ValidationError("Choose at least one control.", "controls")
