"""Builds the large installation once: 200 systems, 166 controls each, 20,000 versions of evidence, through the ledger."""

from __future__ import annotations

import io
from pathlib import Path

from sqlalchemy import text

from govern.actions import systems
from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.people import add_person, grant_role
from govern.catalogue.loader import load
from govern.catalogue.objects import Ask, Catalogue
from govern.door.passwords import hash_password
from govern.door.visit import House
from govern.evidence.blob import Blob
from govern.factory import open_house
from govern.facts.audit import Action
from govern.facts.commands import AddPerson, AdoptSystem, DescribeSystem, GrantRole
from govern.facts.evidence import Answered, Reply
from govern.facts.moments import DAY
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import Stage
from govern.folders import folder
from govern.jobs.demo.chance import between, share
from govern.jobs.summaries import refresh
from govern.records.decode import answers_text
from govern.records.migrate import upgrade
from govern.records.people import count_people
from govern.records.tables.evidence import EvidenceRow, LinkRow, ReviewRow, VersionRow
from govern.records.work import Work, perform
from govern.settings import Settings

SYSTEMS, EVIDENCE, VERSIONS = 200, 50, 2
PASSWORD = "a benchmark password"


def built(data: Path) -> House:
    """The house of the benchmark's data folder; built at first use."""
    house = open_house(Settings(data=data, organisation="Benchmark"))
    upgrade(house.office.store)
    with house.office.store.reading() as connection:
        there = count_people(connection)
    if not there:
        _build(house)
    return house


def _build(house: House) -> None:
    now = house.clock() - 300 * DAY
    catalogue = load(folder("controls"))
    put_in_force(house.office, catalogue, now)
    blob = house.office.vault.receive(io.BytesIO(b"# A document\n\nThe same bytes serve all.\n"), 1000)
    asks = [ask for control in catalogue.controls.values() for ask in control.asks if ask.about == "system"]
    for number in range(SYSTEMS):
        now += DAY // 2
        key = _system(house, number, now)
        _evidence(house, catalogue, key, number, asks, blob, now)
        if number % 50 == 49:
            print(f"  {number + 1} systems")
    person = add_person(house.office, OPERATOR, AddPerson("Officer", "officer@bench.example", hash_password(PASSWORD)), now)
    grant_role(house.office, OPERATOR, GrantRole(person.value, Role.COMPLIANCE_OFFICER, ScopeKind.EVERYTHING, None), now)
    with house.office.store.writing() as connection:
        connection.execute(text("ANALYZE"))
    while refresh(house.office, house.clock(), limit=50):
        print("  summaries …")


def _system(house: House, number: int, now: int) -> str:
    traits = frozenset({"deployer", "generative", "agentic", "retrieval", "personal-data"})
    words = dict.fromkeys(("business_owner", "who_can_change", "who_can_stop", "affected_users", "data_sensitivity",
                           "access_boundaries", "legal_constraints", "abuse_cases"), "Stated for the benchmark")
    key, _ = systems.register_system(house.office, OPERATOR, DescribeSystem(
        f"System {number:03d}", "A system for the benchmark.", None, traits=traits, **words), now).value
    systems.adopt_system(house.office, OPERATOR, AdoptSystem(key, Stage.OPERATION, "Runs already", "", None, now), now)
    return key


def _evidence(house: House, catalogue: Catalogue, system: str, number: int, asks: list[Ask], blob: Blob, now: int) -> None:
    chosen = asks[:EVIDENCE]

    def act(work: Work) -> None:
        for place, ask in enumerate(chosen):
            key = work.thing("evidence")
            work.put(EvidenceRow, key, {
                "title": f"{ask.title}, system {number:03d}", "kind": sorted(ask.kinds)[0], "about": "system",
                "about_key": system, "layer": None, "basis": "tested", "note": ""}, touches=[system])
            work.put(LinkRow, work.thing("link"), {"evidence": key, "control": ask.control}, touches=[key, system])
            _versions(work, system, number, place, ask, key, blob, now)

    perform(house.office.store, actor="govern", action=Action.EVIDENCE_SUBMIT, now=now, act=act)


def _versions(work: Work, system: str, number: int, place: int, ask: Ask, key: str, blob: Blob, now: int) -> None:
    for turn in range(VERSIONS):
        version = work.thing("version")
        worked = now - between(0, 200, number, place, turn) * DAY
        work.put(VersionRow, version, {
            "evidence": key, "number": turn + 1, "sha256": blob.sha256, "size": blob.size, "media_type": "text/markdown",
            "filename": "document.md", "format": "", "sure": 0, "why": "", "reader": "", "stated": None,
            "findings": None, "worked": worked, "period_from": None, "period_until": None, "expires": None,
            "submitted_by": "catalogue", "via_token": None, "submitted": now + turn}, touches=[key, system])
        if share(number, place, turn) < 0.9:
            answers = tuple(Answered(ask.id, check.id, Reply.YES) for check in ask.checks)
            work.put(ReviewRow, work.thing("review"), {
                "version": version, "verdict": "accepted", "comment": "", "answers": answers_text(answers),
                "reviewer": "catalogue", "standing": None, "given": now + turn}, touches=[version, key, system])
    work.draft.blobs.add(blob.sha256)
