"""The one query of a trace: evidence that speaks for controls at systems, each version with its review and withdrawal.

Everything else of a trace follows from the catalogue (see assurance.trace). Here are also what it starts at, and what
the rules need of the systems of a page to say why something has no evidence; none of it grows with history.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Connection, Text, and_, bindparam, column, func, literal_column, or_, select, text

from govern.access.actor import Reader
from govern.assurance.setting import Setting
from govern.assurance.trace import Anchor, Mark, Proof
from govern.catalogue.objects import Catalogue
from govern.errors import NotFound
from govern.facts.evidence import About, Verdict
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Event, Scoping, ScopingState
from govern.records.base import WholeNumber
from govern.records.evidence import visible
from govern.records.moments import holds
from govern.records.people import chain
from govern.records.snapshot import still_speaking
from govern.records.systems import SystemLine
from govern.records.tables.control import ScopingRow
from govern.records.tables.evidence import EvidenceRow, LinkRow, ReviewRow, VersionRow, WithdrawalRow
from govern.records.tables.system import EventRow
from govern.records.tailoring import above, tailorings

Pair = tuple[str, str]
"""(control, system key)."""

_PIECE = (EvidenceRow.key.label("evidence"), EvidenceRow.title, EvidenceRow.kind, EvidenceRow.about, EvidenceRow.about_key)
_VERSION = (
    VersionRow.number, VersionRow.sha256, VersionRow.submitted, VersionRow.submitted_by, VersionRow.via_token,
    ReviewRow.key.label("decision"), ReviewRow.verdict, ReviewRow.reviewer, ReviewRow.standing, ReviewRow.given,
    WithdrawalRow.given.label("withdrawn"), WithdrawalRow.reason,
)


def _proof(row: Any, control: str, system: str) -> Proof:
    return Proof(
        control, system, row.evidence, row.title, row.kind, About(row.about), row.about_key, row.number, row.sha256,
        row.submitted, row.submitted_by, row.via_token, row.decision, Verdict(row.verdict) if row.verdict else None,
        row.reviewer or "", row.standing, row.given, row.withdrawn, row.reason or "")


def _with_versions(statement: Any, evidence: Any, position: int | None) -> Any:
    """A statement about evidence, joined with its versions, their reviews and withdrawals, as of a position."""
    return (
        statement.join(VersionRow, and_(VersionRow.evidence == evidence, holds(VersionRow, position)))
        .outerjoin(ReviewRow, and_(ReviewRow.version == VersionRow.key, holds(ReviewRow, position)))
        .outerjoin(WithdrawalRow, and_(WithdrawalRow.version == VersionRow.key, holds(WithdrawalRow, position))))


# -- where a trace starts --------------------------------------------------------------------------------------------


def anchor(connection: Connection, reader: Reader, *, evidence: str = "", decision: str = "") -> Anchor | None:
    """The evidence that a trace starts at, by its key or by the key of a review; None when the reader sees none such."""
    wanted = (_with_versions(select(*_PIECE, *_VERSION), EvidenceRow.key, reader.position)
              .where(holds(EvidenceRow, reader.position), visible(reader)).order_by(VersionRow.number.desc()).limit(1))
    if evidence:
        wanted = wanted.where(EvidenceRow.key == evidence)
    if decision:
        wanted = wanted.where(ReviewRow.key == decision)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    controls = connection.execute(select(LinkRow.control).where(
        LinkRow.evidence == row.evidence, holds(LinkRow, reader.position))).scalars()
    return Anchor(_proof(row, "", ""), frozenset(controls), bool(decision))


# -- the one query ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What of the evidence is asked for: pairs in order, from a mark inside the first one on, so many versions.

    `over` gives the keys of the units over each system. `whole`: every version, else from the newest accepted on.
    """

    pairs: Sequence[Pair]
    over: Mapping[str, Sequence[str]]
    mark: Mark
    limit: int
    anchor: Anchor | None = None
    whole: bool = False


def proofs(connection: Connection, reader: Reader, wanted: Wanted) -> list[Proof]:
    """The versions that speak for each pair, in the order of the pairs; of each piece of evidence the newest first.

    Evidence of a unit or of the organisation stands at every system below it. Raises NotFound for a system that is out
    of the reader's scope.
    """
    if not all(reader.sees(system) for _, system in wanted.pairs):
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    if not wanted.pairs:
        return []
    position, matched = reader.position, _matched(connection, reader, wanted)
    held = matched.c
    statement = (
        _with_versions(select(matched, *_VERSION).select_from(matched), held.evidence, position)
        .order_by(held.place, held.evidence, VersionRow.number.desc()).limit(wanted.limit))
    if wanted.anchor is not None and wanted.anchor.decided:
        statement = statement.where(VersionRow.number == wanted.anchor.proof.number)
    elif not wanted.whole:
        statement = statement.where(still_speaking(position))
    if wanted.mark.evidence and not wanted.mark.ended:
        statement = statement.where(or_(
            held.place > 0, held.evidence > wanted.mark.evidence,
            and_(held.evidence == wanted.mark.evidence, VersionRow.number < wanted.mark.number)))
    return [_proof(row, row.for_control, row.at_system) for row in connection.execute(statement)]


def _matched(connection: Connection, reader: Reader, wanted: Wanted) -> CTE:
    """The evidence of each pair, in order, as far as the page can need it: each piece gives a version at least."""
    subjects = [(system, subject) for system in dict.fromkeys(system for _, system in wanted.pairs)
                for subject in (system, *wanted.over[system], "")]
    near = _near(reader, wanted, {subject for _, subject in subjects}).c
    over, pair = _table("over_it", subjects, connection), _table("pair", wanted.pairs, connection)
    reach = (select(over.c.one.label("system"), near.control, near.evidence, near.title, near.kind, near.about, near.about_key)
             .join(over, over.c.other == func.coalesce(near.about_key, "")).cte("reach").prefix_with("MATERIALIZED")).c
    found = (
        select(pair.c.place, pair.c.one.label("for_control"), pair.c.other.label("at_system"), reach.evidence, reach.title,
               reach.kind, reach.about, reach.about_key)
        .join(pair, and_(pair.c.one == reach.control, pair.c.other == reach.system))
        .order_by(pair.c.place, reach.evidence)
        # Written out, so that the database knows how few they are and does not read all versions to sift them.
        .limit(literal_column(str(wanted.limit + 1), WholeNumber)))
    if wanted.mark.evidence and not wanted.mark.ended:
        found = found.where(or_(pair.c.place > 0, reach.evidence >= wanted.mark.evidence))
    return found.cte("matched").prefix_with("MATERIALIZED")


def _near(reader: Reader, wanted: Wanted, subjects: set[str]) -> CTE:
    """The evidence that is linked to one of the controls or speaks of one of the subjects.

    It is looked for where there is less of it: one system's page would else look at the links of every system.
    """
    found = (select(*_PIECE, LinkRow.control)
             .join(LinkRow, and_(LinkRow.evidence == EvidenceRow.key, holds(LinkRow, reader.position)))
             .where(holds(EvidenceRow, reader.position)))
    controls = {control for control, _ in wanted.pairs}
    if wanted.anchor is not None:
        found = found.where(EvidenceRow.key == wanted.anchor.proof.evidence)
    elif len({system for _, system in wanted.pairs}) <= len(controls):
        found = found.where(or_(EvidenceRow.about_key.in_(sorted(subjects - {""})), and_(
            EvidenceRow.about_key.is_(None), EvidenceRow.about == About.ORGANISATION.value)))
    else:
        found = found.where(LinkRow.control.in_(sorted(controls)))
    return found.cte("near").prefix_with("MATERIALIZED")


_TABLES = {
    "sqlite": "SELECT json_extract(value, '$[0]') AS one, json_extract(value, '$[1]') AS other, key AS place "
              "FROM json_each(:{name})",
    "postgresql": "SELECT value ->> 0 AS one, value ->> 1 AS other, ordinality - 1 AS place "
                  "FROM jsonb_array_elements(CAST(:{name} AS jsonb)) WITH ORDINALITY",
}


def _table(name: str, rows: Sequence[Pair], connection: Connection) -> CTE:
    """Pairs of texts with their order as a table. One value carries them all: hundreds would be slow to prepare."""
    made = text(_TABLES[connection.dialect.name].format(name=name)).bindparams(bindparam(name, json.dumps(rows)))
    return made.columns(column("one", Text), column("other", Text), column("place", WholeNumber)).cte(name).prefix_with(
        "MATERIALIZED")


# -- the systems of a page -------------------------------------------------------------------------------------------


def settings(connection: Connection, reader: Reader, catalogue: Catalogue, lines: Iterable[SystemLine],
             all_units: dict[str, Unit]) -> dict[str, Setting]:
    """What the rules need to say whether something is asked of each system, by key; evidence is left out."""
    wanted = {line.system.key: line for line in lines}
    position = reader.position
    decided = tailorings(connection, all_units, position)
    scopings, events = _scopings(connection, list(wanted), position), _events(connection, list(wanted), position)
    found = {}
    for key, line in wanted.items():
        over = chain(all_units, line.system.unit)
        found[key] = Setting(Snapshot(
            moment=reader.moment, system=line.system, stage=line.stage, units=over, catalogue=catalogue.digest,
            events=_in_order(events[key], events[None]), scopings=tuple(scopings[key]), tailorings=above(decided, over)), catalogue)
    return found


def _in_order(own: Sequence[Event], shared: Sequence[Event]) -> tuple[Event, ...]:
    return tuple(sorted((*own, *shared), key=lambda one: (one.happened, one.key)))


def _scopings(connection: Connection, systems: Sequence[str], position: int | None) -> dict[str, list[Scoping]]:
    rows = connection.execute(
        select(ScopingRow.key, ScopingRow.system, ScopingRow.control, ScopingRow.reason, ScopingRow.proposed_by,
               ScopingRow.state, ScopingRow.decided_by, ScopingRow.comment, ScopingRow.ends)
        .where(ScopingRow.system.in_(systems), holds(ScopingRow, position)).order_by(ScopingRow.since, ScopingRow.key))
    found: dict[str, list[Scoping]] = defaultdict(list)
    for row in rows:
        found[row.system].append(Scoping(row.key, row.system, row.control, row.reason, row.proposed_by,
                                         ScopingState(row.state), row.decided_by, row.comment, row.ends))
    return found


def _events(connection: Connection, systems: Sequence[str], position: int | None) -> dict[str | None, list[Event]]:
    """Events by system; None has those of the organisation."""
    rows = connection.execute(
        select(EventRow.key, EventRow.system, EventRow.event, EventRow.happened, EventRow.note)
        .where(or_(EventRow.system.in_(systems), EventRow.system.is_(None)), holds(EventRow, position))
        .order_by(EventRow.happened, EventRow.key))
    found: dict[str | None, list[Event]] = defaultdict(list)
    for row in rows:
        found[row.system].append(Event(row.key, row.system, row.event, row.happened, row.note))
    return found
