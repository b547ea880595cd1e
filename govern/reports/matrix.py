"""The control matrix: one row for each system and control, why it applies, its status and what proves it."""

from __future__ import annotations

from collections.abc import Iterator

from govern.assurance.outcomes import AskOutcome, ControlOutcome, State, Status
from govern.catalogue.objects import Catalogue, Control
from govern.facts.evidence import Evidence, Review
from govern.facts.systems import ScopingState
from govern.reports.columns import Column, Form, Row, Value, lines
from govern.reports.naming import evidence_text, fresh_text, person, reasons_text
from govern.reports.picture import Picture

_BEFORE = (
    Column("System", 22),
    Column("System id", 16),
    Column("Control", 11),
    Column("Domain", 20),
    Column("Title", 30),
    Column("Statement", 42),
    Column("Applicable", 11),
    Column("Applicable because", 34),
    Column("Owner", 20),
    Column("Due (UTC)", 17, Form.INSTANT),
    Column("Status", 14, Form.WORD),
    Column("Status underneath", 14, Form.WORD),
    Column("Reasons", 46),
    Column("Holds until (UTC)", 17, Form.INSTANT),
    Column("Waiver", 34),
    Column("Waived until (UTC)", 17, Form.INSTANT),
    Column("Open against it", 30),
    Column("Implementation", 46),
    Column("Test procedure", 50),
    Column("Frequency", 24),
    Column("Evidence", 44),
    Column("Last review (UTC)", 17, Form.INSTANT),
    Column("Result", 12, Form.WORD),
    Column("Tester", 20),
    Column("Gaps", 40),
)


def control_columns(catalogue: Catalogue) -> tuple[Column, ...]:
    """The columns of the matrix; the last ones are the catalogue's frameworks, one each."""
    return _BEFORE + tuple(Column(framework.title, 26) for framework in catalogue.frameworks.values())


def control_rows(picture: Picture) -> Iterator[Row]:
    """One row for each control of the system, in catalogue order, to go with `control_columns`."""
    domains = {domain.id: domain.title for domain in picture.catalogue.domains}
    for control in picture.catalogue.controls.values():
        outcome = picture.posture.controls.get(control.id)
        if outcome is None:
            continue
        evidence, matters = evidence_of(picture, outcome), picture.snapshot.open_matters
        yield (
            picture.snapshot.system.name,
            picture.snapshot.system.slug,
            control.id,
            domains.get(control.domain, control.domain),
            control.title,
            control.objective,
            *_applicability(picture, control, outcome),
            *_assignment(picture, control),
            str(outcome.status),
            str(outcome.underneath),
            reasons_text(outcome.reasons),
            outcome.until,
            *_waiver(picture, control),
            lines(*(f"{one.kind}: {one.title}" for one in matters if one.control == control.id)),
            _statement(picture, control),
            lines(*(f"{ask.title}: {check.question}" for ask in control.asks for check in ask.checks)),
            lines(*(f"{ask.title}: {fresh_text(picture.catalogue, ask)}" for ask in control.asks)),
            evidence_text(evidence),
            *_last_review(picture, evidence),
            lines(*(_gap(picture.catalogue, ask) for ask in outcome.asks)),
            *_requirements(picture.catalogue, control),
        )


def evidence_of(picture: Picture, outcome: ControlOutcome) -> tuple[Evidence, ...]:
    """The evidence that the rules looked at for a control, then what else is linked to it; each once."""
    known = {item.key: item for item in picture.snapshot.evidence}
    looked_at = [key for ask in outcome.asks for key in ask.evidence]
    linked = [item.key for item in picture.snapshot.evidence if outcome.control in item.controls]
    return tuple(known[key] for key in dict.fromkeys(looked_at + linked) if key in known)


def _applicability(picture: Picture, control: Control, outcome: ControlOutcome) -> tuple[Value, Value]:
    if outcome.status is not Status.NOT_APPLICABLE:
        return "yes", control.applies.because if control.applies else "It applies to every system."
    scopings = (
        f"Scoped out by {person(picture.names, one.decided_by)}: {one.reason}"
        for one in picture.snapshot.scopings
        if one.control == control.id and one.state is ScopingState.APPROVED
    )
    return "no", lines(reasons_text(outcome.reasons), *scopings)


def _assignment(picture: Picture, control: Control) -> tuple[Value, Value]:
    for one in picture.snapshot.assignments:
        if one.control == control.id:
            return person(picture.names, one.owner), one.due
    return "", None


def _statement(picture: Picture, control: Control) -> str:
    return next((one.statement for one in picture.snapshot.assignments if one.control == control.id), "")


def _waiver(picture: Picture, control: Control) -> tuple[Value, Value]:
    waivers = [one for one in picture.snapshot.waivers if one.control == control.id]
    said = lines(*(f"{one.reason} (approved by {person(picture.names, one.approved_by)})" for one in waivers))
    return said, max((one.expires for one in waivers), default=None)


def _last_review(picture: Picture, evidence: tuple[Evidence, ...]) -> tuple[Value, Value, Value]:
    reviews: list[Review] = [one.review for item in evidence for one in item.versions if one.review]
    if not reviews:
        return None, "", ""
    last = max(reviews, key=lambda review: (review.at, review.key))
    return last.at, str(last.verdict), person(picture.names, last.reviewer)


def _gap(catalogue: Catalogue, outcome: AskOutcome) -> str:
    if not outcome.applicable or outcome.state in (State.MET, State.NOT_DUE):
        return ""
    ask = catalogue.asks.get(outcome.ask)
    return f"{outcome.ask} {ask.title if ask else ''}: {outcome.state}"


def _requirements(catalogue: Catalogue, control: Control) -> tuple[Value, ...]:
    found: dict[str, list[str]] = {framework: [] for framework in catalogue.frameworks}
    for link in control.mappings:
        found.get(link.framework, []).append(f"{link.requirement} ({link.relation})")
    return tuple(lines(*mapped) for mapped in found.values())
