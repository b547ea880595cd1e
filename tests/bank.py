"""A small bank to test with: five controls, three units, two systems and people of every role, all recorded by actions.

Also what a test says of an action: `recorded` (its ledger entry, exactly) and `refused` (nothing at all was changed).
"""

from __future__ import annotations

import io
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select, update

from govern.access.actor import Actor, Reader
from govern.actions.control import ask_for_evidence
from govern.actions.evidence import Submitted, submit_evidence
from govern.actions.office import OPERATOR, Office
from govern.actions.organisation import add_unit, put_in_force
from govern.actions.people import add_person, create_token, grant_role
from govern.actions.review import review_versions, withdraw_version
from govern.actions.systems import register_system
from govern.assurance.outcomes import Posture
from govern.assurance.posture import derive
from govern.catalogue.objects import (
    Ask,
    Catalogue,
    Check,
    Condition,
    Control,
    Domain,
    Due,
    FieldOfKind,
    Framework,
    Kind,
    Link,
    Named,
    Relation,
    Requirement,
    Trait,
)
from govern.catalogue.text import digest_of, to_text
from govern.errors import GovernError
from govern.evidence.vault import FileVault
from govern.facts.audit import Action
from govern.facts.commands import (
    AddPerson,
    AddUnit,
    AskForEvidence,
    CreateToken,
    DescribeSystem,
    GrantRole,
    ReadFile,
    ReviewVersions,
    SubmitEvidence,
    WithdrawVersion,
)
from govern.facts.evidence import About, Answered, Basis, Reply, Verdict
from govern.facts.findings import Findings, Value
from govern.facts.moments import DAY, Instant
from govern.facts.people import Role, ScopeKind
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Stage
from govern.records.base import Base
from govern.records.catalogues import Catalogues
from govern.records.moments import head_position
from govern.records.people import grants_of, token
from govern.records.readers import reader_for
from govern.records.snapshot import snapshot
from govern.records.store import Store, engine_at
from govern.records.tables.ledger import EntryRow, HeadRow, ThingRow
from govern.records.work import Done

START = 1_780_000_000_000
HASH = "$argon2id$v=19$m=65536,t=3,p=4$not$real"

# -- the catalogue -------------------------------------------------------------------------------------------------


def _ask(control: str, kinds: Iterable[str], check: Check, about: str = "system", **given: Any) -> Ask:
    fields: dict[str, Any] = {"basis": None, "fresh_days": 30, "due": Due(stage="design"), "when": None, **given}
    return Ask(f"{control}.1", control, f"What {control} asks", frozenset(kinds), about, checks=(check,), **fields)


def _control(ask: Ask, title: str, applies: Condition | None = None, links: Iterable[Link] = ()) -> Control:
    return Control(ask.control, ask.control[:3], title, "It is done.", ("design",), applies, (ask,), tuple(links))


def make_catalogue(**changed: Any) -> Catalogue:
    """EVA-01 a clean scan; EVA-02 a paper that is read; EVA-03 a watched scan, for agents; GOV-01 the organisation's
    policy; OPS-01 a paper after each release.
    """
    clean = Check("clean", "Is nothing critical open?", "findings.critical == 0", frozenset({"scan-report"}))
    controls = (
        _control(_ask("EVA-01", ("scan-report",), clean), "Scanned",
                 links=[Link("law-1", "A.1", Relation.EQUAL, "The same words.")]),
        _control(_ask("EVA-02", ("paper",), Check("read", "Was it read?"), fresh_days=None), "Read"),
        _control(_ask("EVA-03", ("scan-report",), Check("watched", "Did somebody watch?")), "Watched",
                 Condition("trait.agentic", "The system acts.")),
        _control(_ask("GOV-01", ("policy",), Check("approved", "Is it approved?"), "organisation", fresh_days=365), "Policy"),
        _control(_ask("OPS-01", ("paper",), Check("noted", "Is the release noted?"), fresh_days=None,
                      due=Due(after="release", within_days=10)), "Noted"),
    )
    requirement = Requirement("A.1", None, "article", "Care", False, "Be careful.", True)
    draft = Catalogue(
        "", (Trait("agentic", "Agentic", "Does it act?", "It acts."), Trait("high-risk", "High-risk", "Is it?", "It is.")),
        tuple(Named(stage.value, stage.value.capitalize()) for stage in Stage),
        (Named("operation-start", "Operation starts"), Named("release", "Release")), (Named("prompt", "Prompt"),),
        (Named("tested", "Tested"),),
        {"scan-report": Kind("scan-report", "Scan report", "A scan.", "structured", 30, "reviewer", (
            FieldOfKind("findings.critical", "int", "Open"), FieldOfKind("tool", "string", "The tool"))),
         "paper": Kind("paper", "Paper", "A paper.", "document", None, "reviewer"),
         "policy": Kind("policy", "Policy", "A rule.", "document", 365, "reviewer")},
        (Domain("EVA", "Evaluation", "Tests."), Domain("GOV", "Governance", "Rules."), Domain("OPS", "Operation", "Runs.")),
        {one.id: one for one in controls},
        {"law-1": Framework("law-1", "The law", "The state", "1", "2024", "in force", {}, "ours", False, (requirement,))})
    draft = replace(draft, **changed)
    return replace(draft, digest=digest_of(to_text(draft)))


CATALOGUE = make_catalogue()

# -- the bank ------------------------------------------------------------------------------------------------------

ROLES: Mapping[str, tuple[Role, str]] = {
    "administrator": (Role.ADMINISTRATOR, "everything"), "officer": (Role.COMPLIANCE_OFFICER, "everything"),
    "deputy": (Role.COMPLIANCE_OFFICER, "everything"), "owner": (Role.SYSTEM_OWNER, "lending"),
    "seller": (Role.SYSTEM_OWNER, "cards"), "contributor": (Role.CONTRIBUTOR, "scoring"),
    "reviewer": (Role.REVIEWER, "everything"), "narrow": (Role.REVIEWER, "scoring"),
    "auditor": (Role.AUDITOR, "everything"),
}
"""Who works here: their role and where it holds. «nobody» has an account and no role."""


@dataclass
class Bank:
    """The office, who is who, and the clock. `at` moves on by a second with each use of `tick`."""

    office: Office
    at: Instant = START
    keys: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    tokens: int = 0

    def tick(self, days: int = 0) -> Instant:
        """The next instant."""
        self.at += 1000 + days * DAY
        return self.at

    def __getitem__(self, name: str) -> str:
        return self.keys[name]

    @contextmanager
    def reading(self, who: Actor = OPERATOR, at: str | None = None) -> Iterator[tuple[Connection, Reader]]:
        """A connection and what somebody may see."""
        with self.office.store.reading() as connection:
            yield connection, reader_for(connection, who, at, self.at)

    def head(self) -> int:
        """The last position."""
        with self.office.store.reading() as connection:
            return head_position(connection)

    # -- short words for what tests do often ---------------------------------------------------------------------

    def file(self, content: bytes | str, stated: Mapping[str, Value] | None = None, kind: str = "scan-report") -> ReadFile:
        """Bytes in the vault, with what they state."""
        raw = content.encode() if isinstance(content, str) else content
        blob = self.office.vault.receive(io.BytesIO(raw), len(raw) + 1)
        findings = Findings(kind, dict(stated)) if stated is not None else None
        return ReadFile(blob.sha256, blob.size, "file.json", "application/json", "scan", 90, "It looks like one.",
                        "scan/1" if findings else "", findings, None)

    def scan(self, content: bytes | str = "scan", critical: int = 0, tool: str = "garak") -> ReadFile:
        """A scan report."""
        return self.file(content, {"findings.critical": critical, "tool": tool})

    def command(self, file: ReadFile, **given: Any) -> SubmitEvidence:
        """A submission; unless given otherwise, a new scan report about the system «scoring»."""
        fields: dict[str, Any] = {
            "evidence": None, "title": "Scan", "kind": "scan-report", "about": About.SYSTEM, "about_key": self["scoring"],
            "layer": None, "basis": Basis.TESTED, "note": "", "controls": None, "worked": self.at,
            "period_from": None, "period_until": None, "expires": None, "request": None}
        if given.get("about") is About.ORGANISATION:
            fields["about_key"] = None
        return SubmitEvidence(file, **{**fields, **given})

    def submit(self, who: str | Actor, file: ReadFile, **given: Any) -> Done[Submitted]:
        """Somebody submits evidence."""
        actor = self.actors[who] if isinstance(who, str) else who
        return submit_evidence(self.office, actor, self.command(file, **given), self.tick())

    def review(self, who: str, *versions: str, verdict: Verdict = Verdict.ACCEPTED, comment: str = "",
               answers: Iterable[Answered] = ()) -> Done[tuple[str, ...]]:
        """Somebody reviews versions."""
        command = ReviewVersions(versions, verdict, comment, tuple(answers))
        return review_versions(self.office, self.actors[who], command, self.tick())

    def withdraw(self, who: str, version: str, reason: str = "Sent by mistake.") -> Done[str]:
        """Somebody withdraws a version."""
        return withdraw_version(self.office, self.actors[who], WithdrawVersion(version, reason), self.tick())

    def ask(self, of: str, *controls: str, by: str = "officer", system: str = "scoring", due: int = 14) -> Done[int]:
        """Somebody is asked for evidence."""
        command = AskForEvidence(self[system], controls, self[of], self.at + due * DAY, "For the quarterly review.")
        return ask_for_evidence(self.office, self.actors[by], command, self.tick())

    def token(self, who: str, system: str | None = "scoring", submit_only: bool = True, days: int = 90) -> Actor:
        """The actor of a new token of somebody."""
        self.tokens += 1
        command = CreateToken(f"pipeline {self.tokens}", self.keys[system] if system else None, submit_only,
                              self.at + days * DAY, f"{self.tokens:064x}")
        key = create_token(self.office, self.actors[who], command, self.tick()).value
        with self.office.store.reading() as connection:
            return replace(self.actors[who], token=token(connection, key))

    # -- what follows --------------------------------------------------------------------------------------------

    def snapshot(self, system: str = "scoring", at: str | None = None, *, whole: bool = False) -> Snapshot:
        """A system's snapshot."""
        with self.reading(at=at) as (connection, reader):
            return snapshot(connection, reader, self[system], whole=whole)

    def posture(self, system: str = "scoring", at: str | None = None) -> Posture:
        """A system's derived posture, by the catalogue of the moment."""
        with self.reading(at=at) as (connection, reader):
            return derive(snapshot(connection, reader, self[system]),
                          self.office.catalogues.at(connection, reader.position))

    def status(self, control: str, system: str = "scoring", at: str | None = None) -> str:
        """The status word of one control."""
        return self.posture(system, at).controls[control].status.value


def description(name: str, unit: str | None = None, traits: Iterable[str] = (), **given: str) -> DescribeSystem:
    """A system's description with most words left empty."""
    words = dict.fromkeys(("purpose", "business_owner", "who_can_change", "who_can_stop", "affected_users",
                           "data_sensitivity", "access_boundaries", "legal_constraints", "abuse_cases"), "")
    return DescribeSystem(name=name, unit=unit, traits=frozenset(traits), **{**words, **given})


def open_bank(store: Store, vault: Path, at: Instant = START) -> Bank:
    """Build the bank in an empty store."""
    bank = Bank(Office(store, FileVault(vault), Catalogues()), at)
    put_in_force(bank.office, CATALOGUE, bank.tick())
    for unit, parent in (("bank", None), ("lending", "bank"), ("cards", "bank")):
        command = AddUnit(unit, unit.title(), bank.keys.get(parent or ""))
        bank.keys[unit] = add_unit(bank.office, OPERATOR, command, bank.tick()).value
    for system, unit, trait in (("scoring", "lending", "high-risk"), ("chat", "cards", "agentic")):
        made = register_system(bank.office, OPERATOR, description(system.title(), bank[unit], [trait]), bank.tick())
        bank.keys[system] = made.value[0]
    for name in (*ROLES, "nobody"):
        person = AddPerson(name.title(), f"{name}@bank.example", HASH)
        bank.keys[name] = add_person(bank.office, OPERATOR, person, bank.tick()).value
        if name in ROLES:
            role, where = ROLES[name]
            kind = {"everything": ScopeKind.EVERYTHING, "scoring": ScopeKind.SYSTEM}.get(where, ScopeKind.UNIT)
            scope = bank.keys.get(where)
            bank.keys[f"role of {name}"] = grant_role(
                bank.office, OPERATOR, GrantRole(bank[name], role, kind, scope), bank.tick()).value
        bank.actors[name] = actor_of(bank, name)
    return bank


def actor_of(bank: Bank, name: str) -> Actor:
    """Somebody with the roles that they hold now."""
    with bank.office.store.reading() as connection:
        return Actor(bank[name], name.title(), grants_of(connection, bank[name]))


@pytest.fixture(scope="session")
def built_bank(tmp_path_factory: pytest.TempPathFactory, _empty_sqlite: Path) -> Bank:
    """One bank that nobody changes; every test gets a copy of it."""
    folder = tmp_path_factory.mktemp("bank")
    shutil.copyfile(_empty_sqlite, folder / "bank.db")
    return open_bank(Store(engine_at(f"sqlite:///{folder / 'bank.db'}")), folder / "vault")


@pytest.fixture
def bank(store: Store, tmp_path: Path, built_bank: Bank) -> Bank:
    """A new bank on each engine. It does not wait for the disk: what a crash leaves is tested elsewhere."""
    waits_not = {"sqlite": "PRAGMA synchronous=OFF", "postgresql": "SET synchronous_commit TO off"}
    store.engine.dispose()

    @event.listens_for(store.engine, "connect")
    def connect(driver: Any, _record: object) -> None:
        driver.execute(waits_not[store.engine.dialect.name])
        driver.commit()

    with built_bank.office.store.reading() as source, store.writing() as target:
        for table in Base.metadata.sorted_tables:
            rows = [dict(row) for row in source.execute(select(table)).mappings()]
            if table.name == HeadRow.__tablename__:
                target.execute(update(table).values(**rows[0]))
            elif rows:
                target.execute(insert(table), rows)
    catalogues = Catalogues()
    catalogues.remember(CATALOGUE)
    return Bank(Office(store, FileVault(tmp_path / "vault"), catalogues), built_bank.at, dict(built_bank.keys),
                dict(built_bank.actors))


# -- what tests say ------------------------------------------------------------------------------------------------

STANDING_THINGS = frozenset({"system", "organisation", "unit", "evidence", "version", "person", "token", "instance"})
"""Kinds of things whose being touched a test states; the others (links, reviews …) are told by the rows written."""


def recorded(bank: Bank, done: Done[Any], action: Action, *, by: Actor, touched: Iterable[str], wrote: Mapping[str, int],
             closed: Mapping[str, int] | None = None, blobs: Iterable[str] = ()) -> None:
    """The entry says exactly this: who, what, which standing things, how many rows of each table, which blobs."""
    assert done.entry == bank.head(), "the action's entry is the last one"
    with bank.office.store.reading() as connection:
        row = connection.execute(select(EntryRow).where(EntryRow.position == done.entry)).one()
        entry = json.loads(row.content)
        kinds = {one.key: one.kind for one in connection.execute(
            select(ThingRow.key, ThingRow.kind).where(ThingRow.key.in_(entry["touched"])))}
        lasts = set(connection.execute(select(ThingRow.last).where(ThingRow.key.in_(entry["touched"]))).scalars())
    assert (row.action, row.actor, row.instant) == (action.value, by.key, bank.at)
    assert {key for key, kind in kinds.items() if kind in STANDING_THINGS} == set(touched)
    assert lasts == {done.entry}, "every touched thing says so"
    assert Counter(table for table, _, _ in entry["wrote"]) == Counter(wrote)
    assert Counter(table for table, _ in entry["closed"]) == Counter(closed or {})
    assert sorted(entry["blobs"]) == sorted(blobs)


def contents(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with store.reading() as connection:
        return {table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables}


@contextmanager
def refused(bank: Bank, error: type[GovernError], match: str = "",
            field: str | None = None) -> Iterator[pytest.ExceptionInfo[GovernError]]:
    """The action raises exactly this error, and no row of any table is other than before."""
    before = contents(bank.office.store)
    with pytest.raises(error, match=match or None) as caught:
        yield caught
    assert caught.type is error
    if field is not None:
        assert caught.value.field == field
    assert contents(bank.office.store) == before


@contextmanager
def nothing_recorded(bank: Bank) -> Iterator[None]:
    """What happens inside leaves every table as it was."""
    before = contents(bank.office.store)
    yield
    assert contents(bank.office.store) == before


def yes(ask: str, check: str) -> Answered:
    """A reviewer's yes to one question."""
    return Answered(ask, check, Reply.YES)


def reviewed(bank: Bank, done: Done[Submitted], by: str = "reviewer", *answers: Answered) -> Done[tuple[str, ...]]:
    """Accept what was submitted."""
    return bank.review(by, done.value.version, answers=answers)
