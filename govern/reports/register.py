"""The evidence register: one row for each version, with its digest and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from govern.facts.evidence import Evidence, Verdict, Version
from govern.facts.moments import DAY, Instant
from govern.reports.columns import Column, Form, Row, Value, lines
from govern.reports.naming import person, subject_text
from govern.reports.picture import Picture

EVIDENCE_COLUMNS = (
    Column("Evidence", 38),
    Column("Title", 34),
    Column("Kind", 24),
    Column("About", 13),
    Column("Subject", 26),
    Column("Layer", 18),
    Column("Basis", 11),
    Column("Version", 9, Form.NUMBER),
    Column("Newest", 9),
    Column("State", 14, Form.WORD),
    Column("SHA-256", 66),
    Column("Size (bytes)", 13, Form.NUMBER),
    Column("File name", 30),
    Column("Format", 18),
    Column("Media type", 24),
    Column("Work done (UTC)", 17, Form.INSTANT),
    Column("Period from (UTC)", 17, Form.INSTANT),
    Column("Period until (UTC)", 17, Form.INSTANT),
    Column("Submitted (UTC)", 17, Form.INSTANT),
    Column("Submitted by", 20),
    Column("Via token", 38),
    Column("Verdict", 12, Form.WORD),
    Column("Reviewer", 20),
    Column("Reviewed (UTC)", 17, Form.INSTANT),
    Column("Accepted (UTC)", 17, Form.INSTANT),
    Column("Review comment", 34),
    Column("Standing acceptance", 38),
    Column("Valid until (UTC)", 17, Form.INSTANT),
    Column("Withdrawn (UTC)", 17, Form.INSTANT),
    Column("Withdrawn because", 34),
    Column("Controls", 22),
    Column("Requests answered", 38),
)

# What a version is called when it is neither withdrawn nor reviewed.
WAITING = "in review"


def evidence_rows(picture: Picture, seen: set[str] | None = None) -> Iterator[Row]:
    """One row for each version, oldest first, to go with `EVIDENCE_COLUMNS`.

    Evidence of the organisation reaches many systems: versions whose keys are in `seen` are left out, and
    those written are added to it.
    """
    seen = set() if seen is None else seen
    for item in picture.snapshot.evidence:
        for version in item.versions:
            if version.key not in seen:
                seen.add(version.key)
                yield _row(picture, item, version)


def version_state(version: Version) -> str:
    """Withdrawn, accepted, rejected or in review: what became of a version, whatever its age."""
    if version.withdrawal is not None:
        return "withdrawn"
    return str(version.review.verdict) if version.review else WAITING


def valid_until(picture: Picture, item: Evidence, version: Version) -> Instant | None:
    """The earlier of the date printed on it and the end of its kind's freshness; an ask may set its own."""
    kind = picture.catalogue.kinds.get(item.kind)
    ages = version.worked + kind.fresh_days * DAY if kind and kind.fresh_days is not None else None
    return min((end for end in (ages, version.expires) if end is not None), default=None)


def _row(picture: Picture, item: Evidence, version: Version) -> Row:
    kind = picture.catalogue.kinds.get(item.kind)
    return (
        item.key,
        item.title,
        kind.title if kind else item.kind,
        str(item.about),
        subject_text(picture, item),
        item.layer or "",
        str(item.basis),
        version.number,
        "yes" if version is item.newest else "no",
        version_state(version),
        version.sha256,
        version.size,
        version.filename,
        version.format,
        version.media_type,
        version.worked,
        version.period_from,
        version.period_until,
        version.submitted,
        person(picture.names, version.submitted_by),
        version.via_token or "",
        *_review(picture, version),
        valid_until(picture, item, version),
        version.withdrawal.at if version.withdrawal else None,
        version.withdrawal.reason if version.withdrawal else "",
        lines(*sorted(item.controls)),
        lines(*(one.key for one in picture.snapshot.requests if one.answer == item.key)),
    )


def _review(picture: Picture, version: Version) -> tuple[Value, ...]:
    review = version.review
    if review is None:
        return "", "", None, None, "", ""
    accepted = review.at if review.verdict is Verdict.ACCEPTED else None
    reviewer = person(picture.names, review.reviewer)
    return str(review.verdict), reviewer, review.at, accepted, review.comment, review.standing or ""
