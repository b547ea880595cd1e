"""A trace as CSV: one line for each chain, where it ends and why, and the ledger position that it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govern.assurance.trace_lines import Line
from govern.catalogue.objects import Catalogue
from govern.reports.columns import Column, Form, Row, lines
from govern.reports.picture import Stamp
from govern.reports.tables_csv import written_csv

TRACE_COLUMNS = (
    Column("Framework", 24),
    Column("Requirement", 16),
    Column("Requirement title", 34),
    Column("Relation", 16),
    Column("Mapped through", 24),
    Column("Control", 10),
    Column("Control title", 34),
    Column("Asks", 14),
    Column("Asked for", 34),
    Column("System", 20),
    Column("System name", 26),
    Column("Inherited", 34),
    Column("Evidence", 38),
    Column("Title", 34),
    Column("Kind", 24),
    Column("Version", 9, Form.NUMBER),
    Column("SHA-256", 66),
    Column("Submitted (UTC)", 17, Form.INSTANT),
    Column("Submitted by", 20),
    Column("Via token", 38),
    Column("Verdict", 12, Form.WORD),
    Column("Decided by", 20),
    Column("Reviewer", 20),
    Column("Decided (UTC)", 17, Form.INSTANT),
    Column("Decision", 38),
    Column("Standing acceptance", 38),
    Column("Withdrawn (UTC)", 17, Form.INSTANT),
    Column("Ends at", 12, Form.WORD),
    Column("Ends because", 50),
    Column("Ledger entry", 12, Form.NUMBER),
    Column("Ledger root", 66),
    Column("As of (UTC)", 17, Form.INSTANT),
)


def trace_csv(found: Iterable[Line], catalogue: Catalogue, stamp: Stamp) -> Iterator[str]:
    """The rows of a trace, a line at a time, each with the stamp that all share; encode with UTF-8."""
    return written_csv(TRACE_COLUMNS, (_row(line, catalogue, stamp) for line in found))


def _row(line: Line, catalogue: Catalogue, stamp: Stamp) -> Row:
    kind = catalogue.kinds.get(line.kind)
    return (
        line.framework,
        line.requirement,
        line.requirement_title,
        line.relation,
        line.via,
        line.control,
        line.control_title,
        lines(*line.asks),
        lines(*line.ask_titles),
        line.system,
        line.system_name,
        line.inherited,
        line.evidence,
        line.evidence_title,
        kind.title if kind else line.kind,
        line.version,
        line.sha256,
        line.submitted,
        line.submitted_by_name,
        line.via_token,
        line.verdict,
        line.decided_by,
        line.reviewer_name,
        line.decided,
        line.decision,
        line.standing,
        line.withdrawn,
        lines(*dict.fromkeys(end.at.value for end in line.ends)),
        lines(*(end.text for end in line.ends)),
        stamp.position,
        stamp.root,
        stamp.instant,
    )
