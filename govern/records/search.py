"""Search over names that a reader may see, with an answer while one types."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from govern.access.actor import Reader
from govern.records.evidence import visible
from govern.records.moments import holds
from govern.records.systems import in_scope
from govern.records.tables.evidence import EvidenceRow
from govern.records.tables.ledger import ThingRow
from govern.records.tables.system import SystemRow


@dataclass(frozen=True)
class Hit:
    """Something found: what it is, its name, and the slug or key by which it is reached."""

    kind: str
    name: str
    key: str


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def search(connection: Connection, reader: Reader, text: str, size: int = 8) -> list[Hit]:
    """Systems and evidence whose name holds the text, systems first."""
    pattern = _like(text.strip())
    systems = connection.execute(
        select(SystemRow.name, ThingRow.name.label("slug")).join(ThingRow, ThingRow.key == SystemRow.key)
        .where(SystemRow.name.ilike(pattern, escape="\\"), holds(SystemRow, None), in_scope(reader))
        .order_by(SystemRow.name).limit(size))
    found = [Hit("system", row.name, row.slug) for row in systems]
    pieces = connection.execute(
        select(EvidenceRow.title, EvidenceRow.key)
        .where(EvidenceRow.title.ilike(pattern, escape="\\"), holds(EvidenceRow, None), visible(reader))
        .order_by(EvidenceRow.title).limit(size))
    return found + [Hit("evidence", row.title, row.key) for row in pieces]
