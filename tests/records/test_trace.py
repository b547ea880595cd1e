"""The query of a trace: what it finds is what snapshots hold, in order, in parts, in scope; its cost is fixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.actions.evidence import link_evidence
from govern.actions.systems import register_system
from govern.assurance.trace import Mark, Proof
from govern.errors import NotFound
from govern.facts.commands import LinkEvidence
from govern.facts.evidence import About, Verdict
from govern.records.people import chain, units
from govern.records.snapshot import snapshot
from govern.records.systems import SystemLine, systems
from govern.records.trace import Pair, Wanted, anchor, proofs, settings
from tests.bank import CATALOGUE, Bank, description, reviewed, yes
from tests.records.test_snapshot import History, counted

CONTROLS = tuple(CATALOGUE.controls)


def lines_of(connection: Connection, reader: Reader) -> list[SystemLine]:
    """The systems that a reader sees."""
    return systems(connection, reader)


def wanted(connection: Connection, reader: Reader, pairs: Sequence[Pair] | None = None, **given: object) -> Wanted:
    """A question for pairs, for all of them unless told."""
    all_units, lines = units(connection, reader.position), lines_of(connection, reader)
    over = {line.system.key: [unit.key for unit in chain(all_units, line.system.unit)] for line in lines}
    every = [(control, key) for control in CONTROLS for key in over] if pairs is None else list(pairs)
    fields: dict[str, object] = {"mark": Mark(), "limit": 10_000, **given}
    return Wanted(every, over, **fields)  # type: ignore[arg-type]  # a test names what it changes


def told(found: Sequence[Proof]) -> list[tuple[str, str, str, int]]:
    """(control, system, evidence, version) of each."""
    return [(one.control, one.system, one.evidence, one.number) for one in found]


# -- what snapshots hold -------------------------------------------------------------------------------------------


def assert_as_snapshots(bank: Bank, at: str | None, *, whole: bool) -> int:
    with bank.reading(bank.actors["auditor"], at) as (connection, reader):
        held = [(control, line.system.key, one, version) for line in lines_of(connection, reader)
                for one in snapshot(connection, reader, line.system, whole=whole).evidence
                for control in one.controls for version in one.versions]
        found = proofs(connection, reader, wanted(connection, reader, whole=whole))
    expected = {}
    for control, system, one, version in held:
        review, taken = version.review, version.withdrawal
        expected[control, system, one.key, version.number] = (
            version.sha256, version.submitted, version.submitted_by, version.via_token, review.key if review else None,
            review.verdict if review else None, review.at if review else None, taken.at if taken else None)
    assert {key: (one.sha256, one.submitted, one.submitted_by, one.via_token, one.decision, one.verdict, one.decided, one.withdrawn)
            for key, one in zip(told(found), found, strict=True)} == expected
    assert len(found) == len(expected), "nothing twice"
    return len(found)


@pytest.mark.parametrize("seed", [3, 7])
def test_it_finds_what_snapshots_hold_now_and_in_the_past(bank: Bank, seed: int) -> None:
    history = History(bank, seed)
    for _ in range(40):
        history.step()
    sizes = [assert_as_snapshots(bank, None, whole=whole) for whole in (False, True)]
    assert 0 < sizes[0] < sizes[1], "some versions no longer speak"
    for position in range(bank.head() // 2, bank.head(), 9):
        assert_as_snapshots(bank, str(position), whole=True)
        assert_as_snapshots(bank, str(position), whole=False)


@pytest.mark.parametrize("seed", [3, 7])
def test_many_pairs_at_once_are_each_alone_in_their_order(bank: Bank, seed: int) -> None:
    """Also across the two ways of looking: by subject for one system, by control for one control."""
    history = History(bank, seed)
    for _ in range(30):
        history.step()
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        keys = [line.system.key for line in lines_of(connection, reader)]
        for pairs in ([(control, keys[0]) for control in reversed(CONTROLS)], [(CONTROLS[0], key) for key in reversed(keys)],
                      [(control, key) for key in keys for control in CONTROLS]):
            alone = [one for pair in pairs for one in proofs(connection, reader, wanted(connection, reader, [pair]))]
            assert proofs(connection, reader, wanted(connection, reader, pairs)) == alone


# -- in parts ------------------------------------------------------------------------------------------------------


def many_versions(bank: Bank) -> list[Pair]:
    """Three scans with some versions each, for one control of one system; the pairs around it."""
    for number in range(3):
        first = bank.submit("owner", bank.scan(f"scan {number}"), controls=frozenset({"EVA-01", "EVA-03"})).value
        for turn in range(3):
            bank.submit("owner", bank.scan(f"scan {number} {turn}"), evidence=first.evidence)
    return [("EVA-01", bank["scoring"]), ("EVA-03", bank["scoring"]), ("GOV-01", bank["scoring"])]


@pytest.mark.parametrize("limit", [1, 2, 5, 11])
def test_parts_join_without_a_seam(bank: Bank, limit: int) -> None:
    pairs = many_versions(bank)
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        whole = proofs(connection, reader, wanted(connection, reader, pairs))
        assert [number for _, _, _, number in told(whole)] == 6 * [4, 3, 2, 1]
        found: list[Proof] = []
        mark, left = Mark(), pairs
        while left:
            part = proofs(connection, reader, wanted(connection, reader, left, mark=mark, limit=limit))
            assert len(part) <= limit
            found += part
            if not part:
                break
            last = part[-1]
            left = left[left.index((last.control, last.system)):]
            mark = Mark(0, last.evidence, last.number)
        assert found == whole


# -- where a trace starts ------------------------------------------------------------------------------------------


def test_evidence_by_its_newest_version_a_decision_by_its_own(bank: Bank) -> None:
    first = bank.submit("owner", bank.scan("one")).value
    review = bank.review("reviewer", first.version, answers=[yes("EVA-03.1", "watched")]).value[0]
    second = bank.submit("owner", bank.scan("two"), evidence=first.evidence).value
    link_evidence(bank.office, bank.actors["owner"], LinkEvidence(first.evidence, frozenset({"EVA-01"})), bank.tick())
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        by_evidence = anchor(connection, reader, evidence=first.evidence)
        by_decision = anchor(connection, reader, decision=review)
        assert by_evidence is not None
        assert by_decision is not None
        assert (by_evidence.proof.number, by_evidence.decided, by_evidence.controls) == (2, False, {"EVA-01"})
        assert (by_decision.proof.number, by_decision.decided, by_decision.proof.verdict) == (1, True, Verdict.ACCEPTED)
        assert by_decision.proof.reviewer == bank["reviewer"]
        assert second.version != first.version
        pairs = [("EVA-01", bank["scoring"])]
        numbers = [told(proofs(connection, reader, wanted(connection, reader, pairs, anchor=start, whole=whole)))
                   for start in (by_evidence, by_decision) for whole in (False, True)]
        assert [[row[3] for row in found] for found in numbers] == [[2, 1], [2, 1], [1], [1]]
        assert anchor(connection, reader, evidence=first.evidence, decision="no-such") is None
        assert anchor(connection, reader, evidence="no-such") is None


def test_only_what_a_reader_sees(bank: Bank) -> None:
    own = bank.submit("owner", bank.scan("own")).value
    other = bank.submit("seller", bank.scan("other"), about_key=bank["chat"]).value
    policy = bank.submit("officer", bank.file("policy", None, "policy"), about=About.ORGANISATION, kind="policy",
                         controls=frozenset({"GOV-01"})).value
    with bank.reading(bank.actors["narrow"]) as (connection, reader):
        assert anchor(connection, reader, evidence=own.evidence) is not None
        assert anchor(connection, reader, evidence=policy.evidence) is not None
        assert anchor(connection, reader, evidence=other.evidence) is None
        found = proofs(connection, reader, wanted(connection, reader))
        assert {one.evidence for one in found} == {own.evidence, policy.evidence}
        with pytest.raises(NotFound):
            proofs(connection, reader, replace(wanted(connection, reader), pairs=[("EVA-01", bank["chat"])]))
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        assert {one.evidence for one in proofs(connection, reader, wanted(connection, reader))} == {
            own.evidence, other.evidence, policy.evidence}


# -- what the rules need -------------------------------------------------------------------------------------------


def test_settings_are_snapshots_without_evidence_and_work(bank: Bank) -> None:
    history = History(bank, 11)
    for _ in range(40):
        history.step()
    for at in (None, str(bank.head() - 10)):
        with bank.reading(bank.actors["auditor"], at) as (connection, reader):
            lines = lines_of(connection, reader)
            found = settings(connection, reader, CATALOGUE, lines, units(connection, reader.position))
            for line in lines:
                whole = snapshot(connection, reader, line.system)
                assert replace(found[line.system.key].snapshot, adoption=whole.adoption, catalogue=whole.catalogue) == replace(
                    whole, evidence=(), assignments=(), requests=())


# -- what it costs -------------------------------------------------------------------------------------------------


def queries(bank: Bank) -> int:
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        question, lines = wanted(connection, reader), lines_of(connection, reader)
        with counted(bank.office.store.engine) as sent:
            proofs(connection, reader, question)
            settings(connection, reader, CATALOGUE, lines, units(connection))
    return len(sent)


def test_the_number_of_statements_grows_neither_with_systems_nor_with_history(bank: Bank) -> None:
    register_system(bank.office, bank.actors["officer"], description("Third"), bank.tick())
    small = queries(bank)
    assert small == 5, "evidence; units, decisions of units, scopings, events"
    for number in range(27):
        register_system(bank.office, bank.actors["officer"], description(f"System {number}"), bank.tick())
        reviewed(bank, bank.submit("owner", bank.scan(f"v{number}")))
    with bank.reading(bank.actors["auditor"]) as (connection, reader):
        assert len(lines_of(connection, reader)) == 30
    assert queries(bank) == small
    with bank.reading(bank.actors["auditor"]) as (connection, reader), counted(bank.office.store.engine) as sent:
        assert proofs(connection, reader, Wanted([], {}, Mark(), 10)) == []
    assert sent == []
