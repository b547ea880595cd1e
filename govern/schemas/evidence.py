"""What people and pipelines send about evidence: its description, its links, reviews, withdrawals, standing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields

from govern.facts.commands import (
    GiveStanding,
    LinkEvidence,
    ReadFile,
    ReviewVersions,
    SubmitEvidence,
    WithdrawVersion,
)
from govern.facts.evidence import About, Answered, Basis, Reply, Verdict
from govern.schemas.fields import ControlIds, Day, Key, Line, LongText, Several, Slug, Title, described
from govern.schemas.forms import Input

ABOUT = (About.ORGANISATION, About.UNIT, About.SYSTEM)


class SubmitEvidenceInput(Input[SubmitEvidence]):
    """The description of a file that is sent as evidence.

    Given by the door: `file` (a ReadFile), and by the address `system` (a key) or `evidence`. A blank title is the
    file's name, a blank kind the one that was recognised; `suggested_kind` and `suggested_basis` are given with it, and
    `read_worked` is the instant of the work that the file itself states.
    """

    title = Title(load_default="", metadata=described("Title", "Blank: the name of the file."))
    kind = Slug(load_default="", metadata=described("Kind", "Blank: what the file was recognised as."))
    about = fields.Enum(About, by_value=True, load_default=None, allow_none=True, metadata=described(
        "About", "organisation, unit or system: what it speaks of. Systems inherit from their units."))
    system = Key(load_default=None, allow_none=True, metadata=described("System"))
    unit = Key(load_default=None, allow_none=True, metadata=described("Unit"))
    layer = Slug(load_default=None, allow_none=True, metadata=described(
        "Layer", "The part of the system that it speaks of, such as base-model or prompt."))
    basis = fields.Enum(Basis, by_value=True, load_default=None, allow_none=True, metadata=described(
        "Basis", "tested, attested or claimed: what stands behind it."))
    note = LongText(load_default="", metadata=described("Note"))
    controls = ControlIds(load_default=None, allow_none=True, metadata=described(
        "Controls", "Blank: every control that asks for this kind and applies."))
    worked = Day(load_default=None, allow_none=True, metadata=described(
        "Day of the work", "When the work was done that it proves; freshness counts from there."))
    period_from = Day(load_default=None, allow_none=True, metadata=described("Period from"))
    period_until = Day(load_default=None, allow_none=True, ends=True, metadata=described("Period until"))
    expires = Day(load_default=None, allow_none=True, ends=True, metadata=described(
        "Valid until", "The last day that is printed on it, if there is one."))
    evidence = Key(load_default=None, allow_none=True, metadata=described(
        "New version of", "The evidence that this file renews; blank for something new."))
    request = Key(load_default=None, allow_none=True, metadata=described("Answers the request"))

    def build(self, values: dict[str, Any]) -> SubmitEvidence:
        file: ReadFile = values["file"]
        about, about_key = _subject(values)
        controls = values["controls"]
        return SubmitEvidence(
            file=file, evidence=values["evidence"], title=values["title"] or _title_of(file.filename),
            kind=values["kind"] or values.get("suggested_kind", ""), about=about, about_key=about_key,
            layer=values["layer"], basis=values["basis"] or values.get("suggested_basis", Basis.CLAIMED),
            note=values["note"], controls=None if controls is None else frozenset(controls),
            worked=values["worked"] if values["worked"] is not None else values.get("read_worked"),
            period_from=values["period_from"], period_until=values["period_until"], expires=values["expires"],
            request=values["request"])


def _subject(values: dict[str, Any]) -> tuple[About, str | None]:
    """What the evidence speaks of. Without a word about it: the system if one is named, else the unit, else all."""
    system, unit = values["system"], values["unit"]
    about = values["about"] or (About.SYSTEM if system else About.UNIT if unit else About.ORGANISATION)
    if values["evidence"]:
        return about, None  # a new version speaks of what the evidence speaks of
    if about is About.ORGANISATION:
        return about, None
    if about is About.UNIT:
        if not unit:
            raise ValidationError("Choose the unit that it speaks of.", "unit")
        return about, unit
    if about is About.SYSTEM:
        if not system:
            raise ValidationError("Choose the system that it speaks of.", "system")
        return about, system
    raise ValidationError("Releases and assets are not registered here yet; submit it about the system.", "about")


def _title_of(filename: str) -> str:
    stem, dot, _ = filename.rpartition(".")
    return (stem if dot and stem else filename)[:200]


class LinkEvidenceInput(Input[LinkEvidence]):
    """The controls that a piece of evidence speaks for, all of them. Given by the address: `evidence`."""

    controls = ControlIds(load_default=list, metadata=described("Controls", "All that it speaks for; none unlinks it."))

    def build(self, values: dict[str, Any]) -> LinkEvidence:
        return LinkEvidence(values["evidence"], frozenset(values["controls"]))


class AnswerInput(Schema):
    """One question of a requirement, answered."""

    ask = Line(required=True, metadata=described("Ask", "The id of the ask, such as EVA-01.1."))
    check = Line(required=True, metadata=described("Check", "The id of the question."))
    reply = fields.Enum(Reply, by_value=True, required=True, metadata=described(
        "Reply", "yes, no or not-applicable."))
    reason = LongText(load_default="", metadata=described("Reason", "Needed where it is not applicable."))


class ReviewInput(Input[ReviewVersions]):
    """A verdict on versions. Given by the address: `versions` (keys), where there is one version only.

    Forms send an answer as `answer.<ask>.<check>` and its reason as `why.<ask>.<check>`.
    """

    versions = Several(Key, load_default=list, metadata=described("Versions", also="selected"))
    verdict = fields.Enum(Verdict, by_value=True, required=True, metadata=described(
        "Verdict", "accepted or rejected.", also="do"))
    comment = LongText(load_default="", metadata=described(
        "Comment", "A rejection says what is wrong and what would mend it."))
    answers = fields.List(fields.Nested(AnswerInput), load_default=list, metadata=described("Answers"))

    def from_form(self, form: Mapping[str, Any]) -> dict[str, Any]:
        """The answers among the names of a form; those left open are not sent."""
        found = []
        for name in form:
            if name.startswith("answer.") and str(form[name]).strip():
                ask, _, check = name.removeprefix("answer.").rpartition(".")
                reason = str(form.get(f"why.{ask}.{check}", "")).strip()
                found.append({"ask": ask, "check": check, "reply": str(form[name]).strip(), "reason": reason})
        return {"answers": found}

    def build(self, values: dict[str, Any]) -> ReviewVersions:
        verdict: Verdict = values["verdict"]
        if not values["versions"]:
            raise ValidationError("Choose at least one version.", "versions")
        if verdict is Verdict.REJECTED and not values["comment"].strip():
            raise ValidationError("A rejection says why.", "comment")
        answers = tuple(Answered(**answer) for answer in values["answers"])
        for answer in answers:
            if answer.reply is Reply.NOT_APPLICABLE and not answer.reason.strip():
                raise ValidationError("“Not applicable” needs a reason.", f"why.{answer.ask}.{answer.check}")
        return ReviewVersions(tuple(values["versions"]), verdict, values["comment"], answers)


class WithdrawInput(Input[WithdrawVersion]):
    """A version is taken back. Given by the address: `version`."""

    reason = LongText(required=True, metadata=described("Reason", "Why it no longer speaks."))

    def build(self, values: dict[str, Any]) -> WithdrawVersion:
        return WithdrawVersion(values["version"], values["reason"])


class GiveStandingInput(Input[GiveStanding]):
    """Evidence of a kind, from a tool and a token, is accepted by itself. Given by the address: `system`."""

    system = Key(load_default="", metadata=described("System"))
    kind = Slug(required=True, metadata=described("Kind of evidence"))
    tool = Line(required=True, metadata=described("Tool", "As the file itself names it."))
    token = Key(required=True, metadata=described("Token", "The token that sends it; never one of your own."))
    until = Day(required=True, ends=True, metadata=described("Until", "The last day on which this holds."))

    def build(self, values: dict[str, Any]) -> GiveStanding:
        if not values["system"]:
            raise ValidationError("Choose the system.", "system")
        return GiveStanding(values["system"], values["kind"], values["tool"], values["token"], values["until"])
