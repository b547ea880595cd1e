"""Snapshots: the past stays what it was, the number of queries is fixed, and what is left out changes no status."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from govern.actions.control import assign_controls, decide_scoping, propose_scoping
from govern.actions.evidence import link_evidence
from govern.actions.systems import edit_system, record_event, register_system
from govern.assurance.outcomes import Posture
from govern.assurance.posture import derive
from govern.errors import GovernError, NotFound
from govern.facts.commands import AssignControls, DecideScoping, LinkEvidence, ProposeScoping, RecordEvent
from govern.facts.evidence import About, Answered, Reply, Verdict
from govern.facts.moments import DAY
from govern.facts.snapshot import Snapshot
from govern.records.control import scopings_waiting
from govern.records.readers import reader_for
from govern.records.snapshot import snapshot
from tests.bank import CATALOGUE, Bank, description, reviewed, yes

# -- a history at random -------------------------------------------------------------------------------------------


class History:
    """Steps that people take, chosen at random; a step that is refused is as good as none."""

    def __init__(self, bank: Bank, seed: int) -> None:
        self.bank, self.chance, self.number = bank, random.Random(seed), 0
        self.evidence: list[str] = []
        self.versions: list[str] = []
        self.waiting: list[str] = []
        self.accepted: list[str] = []

    def step(self) -> None:
        """One step of any kind, evidence more often than the rest."""
        self.number += 1
        steps = [self.add, self.add, self.add, self.add, self.review, self.review, self.review, self.review, self.withdraw,
                 self.withdraw, self.link, self.assign, self.scope, self.happen, self.edit]
        if len(self.evidence) < 3:
            steps = [self.submit]
        self.bank.tick(days=self.chance.choice([0, 0, 1, 5]))
        with suppress(GovernError, IndexError):
            self.chance.choice(steps)()

    def submit(self) -> None:
        bank = self.bank
        about, who, key, kind = self.chance.choice([
            (About.SYSTEM, "owner", bank["scoring"], "scan-report"), (About.SYSTEM, "owner", bank["scoring"], "paper"),
            (About.SYSTEM, "seller", bank["chat"], "scan-report"), (About.ORGANISATION, "officer", None, "policy"),
            (About.UNIT, "owner", bank["lending"], "policy")])
        critical = self.chance.choice([0, 0, 1])
        file = bank.file(f"new {self.number}", {"findings.critical": critical} if kind == "scan-report" else None, kind)
        done = bank.submit(who, file, about=about, about_key=key, kind=kind,
                           expires=self.chance.choice([None, bank.at + 3 * DAY]))
        self.evidence.append(done.value.evidence)
        self.versions.append(done.value.version)
        self.waiting.append(done.value.version)

    def add(self) -> None:
        critical = self.chance.choice([0, 0, 0, 1, None])
        file = self.bank.file(f"more {self.number}", None if critical is None else {"findings.critical": critical})
        done = self.bank.submit("officer", file, evidence=self.chance.choice(self.evidence),
                                worked=self.bank.at - self.chance.choice([0, 20, 40]) * DAY)
        self.versions.append(done.value.version)
        self.waiting.append(done.value.version)

    def review(self) -> None:
        verdict = self.chance.choice([Verdict.ACCEPTED, Verdict.ACCEPTED, Verdict.REJECTED])
        answers = [yes("GOV-01.1", "approved"), yes("EVA-03.1", "watched"), yes("OPS-01.1", "noted"),
                   Answered("EVA-02.1", "read", self.chance.choice([Reply.YES, Reply.NO]))]
        version = self.waiting.pop(self.chance.choice([0, 0, -1]))
        self.bank.review("deputy", version, verdict=verdict, comment="Read.",
                         answers=self.chance.sample(answers, 3))
        if verdict is Verdict.ACCEPTED:
            self.accepted.append(version)

    def withdraw(self) -> None:
        taken = self.accepted.pop() if self.chance.random() < 0.7 else self.chance.choice(self.versions)
        self.bank.withdraw("officer", taken)

    def link(self) -> None:
        controls = self.chance.sample(sorted(CATALOGUE.controls), 4)
        link_evidence(self.bank.office, self.bank.actors["officer"],
                      LinkEvidence(self.chance.choice(self.evidence), frozenset(controls)), self.bank.tick())

    def assign(self) -> None:
        command = AssignControls(self.bank["scoring"], (self.chance.choice(sorted(CATALOGUE.controls)),), None, None,
                                 f"Statement {self.number}.")
        assign_controls(self.bank.office, self.bank.actors["owner"], command, self.bank.tick())

    def scope(self) -> None:
        bank, officer = self.bank, self.bank.actors["officer"]
        propose_scoping(bank.office, bank.actors["owner"], ProposeScoping(
            bank["scoring"], (self.chance.choice(["EVA-02", "OPS-01"]),), "No.", bank.at + 4 * DAY), bank.tick())
        with bank.reading(officer) as (connection, reader):
            keys = tuple(line.scoping.key for line in scopings_waiting(connection, reader))
        decide_scoping(bank.office, officer, DecideScoping(keys, self.chance.random() < 0.6, ""), bank.tick())

    def happen(self) -> None:
        system = self.chance.choice([None, self.bank["scoring"]])
        record_event(self.bank.office, self.bank.actors["officer"], RecordEvent(system, "release", self.bank.at, ""),
                     self.bank.tick())

    def edit(self) -> None:
        bank = self.bank
        edit_system(bank.office, bank.actors["officer"], bank["scoring"], description(
            f"Name {self.number}", self.chance.choice([bank["lending"], bank["cards"]]),
            self.chance.choice([[], ["agentic"]])), None, bank.tick())


def judged(posture: Posture) -> dict[str, object]:
    """Everything but the moment: statuses, reasons, asks and ends."""
    return dict(posture.controls)


def full(bank: Bank, system: str, position: int | None = None) -> tuple[Snapshot, Posture]:
    """The snapshot with every version, and what follows from it by the rules alone."""
    seen = bank.snapshot(system, None if position is None else str(position), whole=True)
    return seen, derive(seen, CATALOGUE)


@pytest.mark.parametrize("seed", range(3))
def test_left_out_versions_change_nothing_and_the_past_stays(bank: Bank, seed: int) -> None:
    """After each step: what is loaded judges as all versions do. At the end: each past position is what it was then."""
    history = History(bank, seed)
    then: list[tuple[int, int, dict[str, Snapshot], dict[str, Posture]]] = []
    left_out = 0
    for _ in range(60):
        history.step()
        seen = {system: bank.snapshot(system) for system in ("scoring", "chat")}
        postures = {system: derive(one, CATALOGUE) for system, one in seen.items()}
        for system, posture in postures.items():
            whole, by_all = full(bank, system)
            assert judged(posture) == judged(by_all)
            left_out += sum(len(one.versions) for one in whole.evidence) - sum(
                len(one.versions) for one in seen[system].evidence)
        then.append((bank.head(), bank.at, seen, postures))
    assert left_out > 0, "the history holds versions that are left out, or this proves nothing"
    assert len({repr(judged(postures["scoring"])) for *_, postures in then}) > 8, "and statuses that move"
    newest = {position: (instant, seen) for position, instant, seen, _ in then}
    for position, (instant, seen) in newest.items():
        for system, before in seen.items():
            past = bank.snapshot(system, str(position))
            assert past == replace(before, moment=past.moment)
            later = replace(past, moment=replace(past.moment, instant=instant))
            assert judged(derive(later, CATALOGUE)) == judged(derive(before, CATALOGUE))


# -- the number of queries -----------------------------------------------------------------------------------------


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def selects(bank: Bank, at: str | None) -> int:
    with bank.reading(at=at) as (connection, reader), counted(bank.office.store.engine) as sent:
        snapshot(connection, reader, bank["scoring"])
    assert all(statement.lstrip().startswith("SELECT") for statement in sent)
    return len(sent)


def test_the_number_of_statements_does_not_grow(bank: Bank) -> None:
    """Not with versions, evidence, work on controls, or other systems; and not for the past."""
    small = selects(bank, None)
    assert 0 < small <= 15
    first = bank.submit("owner", bank.scan("first"))
    for number in range(6):
        reviewed(bank, bank.submit("owner", bank.scan(f"v{number}"), evidence=first.value.evidence))
        bank.submit("owner", bank.file(f"p{number}"), kind="paper")
        _, slug = register_system(bank.office, bank.actors["officer"], description(f"System {number}"), bank.tick()).value
        assert slug
    bank.ask("owner", "EVA-01", "EVA-02", "OPS-01")
    assert selects(bank, None) == small
    assert selects(bank, str(bank.head())) == small
    assert selects(bank, str(bank.head() - 5)) == small
    assert len(bank.snapshot().evidence) == 7


# -- what it holds -------------------------------------------------------------------------------------------------


def test_only_what_can_still_speak_is_loaded(bank: Bank) -> None:
    sent = bank.submit("owner", bank.scan("1"))
    for number in range(2, 6):
        bank.submit("owner", bank.scan(str(number)), evidence=sent.value.evidence)

    def loaded(at: str | None = None) -> list[int]:
        (one,) = bank.snapshot(at=at).evidence
        return [version.number for version in one.versions]

    keys = {one.number: one.key for one in bank.snapshot().evidence[0].versions}
    assert loaded() == [1, 2, 3, 4, 5]
    bank.review("reviewer", keys[2])
    assert loaded() == [2, 3, 4, 5]
    bank.review("reviewer", keys[4])
    accepted = bank.head()
    assert loaded() == [4, 5]
    bank.review("reviewer", keys[5], verdict=Verdict.REJECTED, comment="No.")
    assert loaded() == [4, 5]
    bank.withdraw("owner", keys[4])
    assert loaded() == [2, 3, 4, 5], "the one accepted before speaks again"
    assert loaded(str(accepted)) == [4, 5]
    assert len(bank.snapshot(whole=True).evidence[0].versions) == 5


def test_a_snapshot_is_for_those_who_see_the_system(bank: Bank) -> None:
    for who, error in (("owner", False), ("narrow", False), ("seller", True), ("nobody", True)):
        with bank.office.store.reading() as connection:
            reader = reader_for(connection, bank.actors[who], None, bank.at)
            if error:
                with pytest.raises(NotFound, match="no such system at that moment"):
                    snapshot(connection, reader, bank["scoring"])
            else:
                assert snapshot(connection, reader, bank["scoring"]).system.key == bank["scoring"]


def test_before_it_was_registered_there_is_no_system(bank: Bank) -> None:
    key, _ = register_system(bank.office, bank.actors["officer"], description("Late"), bank.tick()).value
    bank.keys["late"] = key
    assert bank.snapshot("late").system.name == "Late"
    with pytest.raises(NotFound):
        bank.snapshot("late", str(bank.head() - 1))
