"""What every control asks for, one row for each ask of a system, and the requests that people sent."""

from __future__ import annotations

from collections.abc import Iterator

from govern.reports.columns import Column, Form, Row, lines
from govern.reports.naming import due_text, evidence_text, fresh_text, kinds_text, person, reasons_text
from govern.reports.picture import Picture

ASK_COLUMNS = (
    Column("System", 22),
    Column("System id", 16),
    Column("Control", 11),
    Column("Control title", 30),
    Column("Control status", 14, Form.WORD),
    Column("Requirement", 13),
    Column("Asks for", 34),
    Column("State", 14, Form.WORD),
    Column("Reasons", 50),
    Column("Holds until (UTC)", 17, Form.INSTANT),
    Column("Due", 28),
    Column("Stays fresh", 26),
    Column("Kinds (any of)", 28),
    Column("About", 14),
    Column("Basis", 12),
    Column("Checks", 50),
    Column("Evidence", 44),
)

REQUEST_COLUMNS = (
    Column("Request", 38),
    Column("System", 22),
    Column("System id", 16),
    Column("Control", 11),
    Column("Control title", 30),
    Column("Wording", 50),
    Column("Asked by", 20),
    Column("Asked of", 20),
    Column("Asked (UTC)", 17, Form.INSTANT),
    Column("Due (UTC)", 17, Form.INSTANT),
    Column("State", 14, Form.WORD),
    Column("Evidence", 38),
)


def ask_rows(picture: Picture) -> Iterator[Row]:
    """One row for each ask of each control, in catalogue order, to go with `ASK_COLUMNS`."""
    catalogue, evidence = picture.catalogue, {item.key: item for item in picture.snapshot.evidence}
    for control in catalogue.controls.values():
        outcome = picture.posture.controls.get(control.id)
        for asked in outcome.asks if outcome else ():
            ask = catalogue.asks[asked.ask]
            yield (
                picture.snapshot.system.name,
                picture.snapshot.system.slug,
                control.id,
                control.title,
                str(outcome.status) if outcome else "",
                ask.id,
                ask.title,
                str(asked.state) if asked.applicable else "not applicable",
                reasons_text(asked.reasons),
                asked.until,
                due_text(catalogue, ask),
                fresh_text(catalogue, ask),
                kinds_text(catalogue, ask),
                ask.about,
                ask.basis or "any",
                lines(*(check.question for check in ask.checks)),
                evidence_text(evidence[key] for key in asked.evidence if key in evidence),
            )


def request_rows(picture: Picture) -> Iterator[Row]:
    """One row for each request for evidence on the system, to go with `REQUEST_COLUMNS`."""
    controls = picture.catalogue.controls
    for one in picture.snapshot.requests:
        yield (
            one.key,
            picture.snapshot.system.name,
            picture.snapshot.system.slug,
            one.control,
            controls[one.control].title if one.control in controls else "",
            one.note,
            person(picture.names, one.asked_by),
            person(picture.names, one.asked_of),
            one.asked,
            one.due,
            str(one.state),
            one.answer or "",
        )
