"""A house with the shipped catalogue, an organisation with people for every role, and a browser for each of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from govern.actions.office import OPERATOR, Office
from govern.actions.organisation import add_unit, put_in_force
from govern.actions.people import add_person, grant_role
from govern.actions.systems import adopt_system, register_system
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.door.passwords import hash_password
from govern.door.sessions import open_session
from govern.door.visit import House
from govern.evidence.reading import shared_reader
from govern.evidence.vault import vault_at
from govern.factory import create_app
from govern.facts.commands import AddPerson, AddUnit, AdoptSystem, DescribeSystem, GrantRole
from govern.facts.moments import DAY, Instant
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import Stage
from govern.folders import folder
from govern.ledger.canonical import text_digest
from govern.ledger.note import generate_key
from govern.records.catalogues import Catalogues
from govern.records.store import Store
from govern.records.tables.plain import SessionRow
from govern.settings import Settings

START: Instant = 1_780_000_000_000  # 28 May 2026
PASSWORD = "a sentence to sign in with"
GOLDEN = Path(__file__).parents[1] / "evidence" / "golden"


@dataclass
class HandClock:
    """A clock that stands still until it is moved."""

    now: Instant = START

    def __call__(self) -> Instant:
        """Now."""
        return self.now

    def pass_days(self, days: int) -> None:
        """Let days go by."""
        self.now += days * DAY


class Browser:
    """Somebody's browser: signed in, and every form that it sends carries the page's own token."""

    def __init__(self, client: FlaskClient, csrf: str) -> None:
        self.client = client
        self.csrf = csrf

    def get(self, path: str, **options: Any) -> TestResponse:
        """Open an address."""
        return self.client.get(path, buffered=True, **options)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form."""
        return self.client.post(path, data={"csrf_token": self.csrf, **(data or {})}, buffered=True, **options)

    def send(self, files: Mapping[str, bytes], data: Mapping[str, Any] | None = None, path: str = "/evidence/new",
             **options: Any) -> TestResponse:
        """Send files by the upload form."""
        parts = [(io.BytesIO(content), name) for name, content in files.items()]
        return self.post(path, {**(data or {}), "file": parts}, content_type="multipart/form-data", **options)

    @staticmethod
    def told(response: TestResponse) -> dict[str, Any]:
        """The JSON object of an answer."""
        body = response.get_json()
        assert isinstance(body, dict), response.text[:600]
        return body

    def text(self, path: str, **options: Any) -> str:
        """The text of a page that must open."""
        response = self.get(path, **options)
        assert response.status_code == 200, f"{path}: {response.status_code} {response.text[:600]}"
        return response.text


@dataclass
class World:
    """The house, its clock, and keys of what is in it. `slug` is the system `claims`, `other` the system `other`."""

    app: Flask
    house: House
    clock: HandClock
    catalogue: Catalogue
    people: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    system: str = ""
    slug: str = ""
    other: str = ""
    other_slug: str = ""

    @property
    def store(self) -> Store:
        """The store of the house."""
        return self.house.office.store

    def browser(self, who: str) -> Browser:
        """The browser of a person: a role's word, or `outsider` (a reviewer of the other system only)."""
        cookie = open_session(self.store, self.people[who], self.clock.now, 12)
        with self.store.reading() as connection:
            csrf = connection.execute(select(SessionRow.csrf).where(SessionRow.hash == text_digest(cookie))).scalar_one()
        client = self.app.test_client()
        client.set_cookie("govern", cookie)
        return Browser(client, csrf)


def described(name: str, unit: str | None = None, traits: frozenset[str] = frozenset()) -> DescribeSystem:
    """A system's description where only the name matters."""
    return DescribeSystem(name, f"{name} helps people decide.", unit, "Head of Claims", "The claims team", "The duty officer",
                          "Customers", "confidential", "Staff only", "None", "None known", traits)


@pytest.fixture(scope="session")
def shipped() -> Catalogue:
    """The catalogue that ships with the package."""
    return load(folder("controls"))


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of PASSWORD; making one is slow on purpose."""
    return hash_password(PASSWORD)


def furnish(world: World, password_hash: str) -> None:
    """People for every role, a unit, two systems; the first has run for a month."""
    office, now = world.house.office, world.clock.now
    world.unit = add_unit(office, OPERATOR, AddUnit("insurance", "Insurance", None), now).value
    traits = frozenset({"generative"}) & {trait.id for trait in world.catalogue.traits}
    world.system, world.slug = register_system(office, OPERATOR, described("Claims assistant", world.unit, traits), now).value
    world.other, world.other_slug = register_system(office, OPERATOR, described("Support bot"), now).value
    adopt_system(office, OPERATOR, AdoptSystem(world.system, Stage.OPERATION, "It runs.", "", None, now - 30 * DAY), now)
    scoped = {Role.SYSTEM_OWNER, Role.CONTRIBUTOR}
    for role in Role:
        person = _person(world, role.value, password_hash)
        scope = (ScopeKind.SYSTEM, world.system) if role in scoped else (ScopeKind.EVERYTHING, None)
        grant_role(office, OPERATOR, GrantRole(person, role, *scope), now)
    outsider = _person(world, "outsider", password_hash)
    grant_role(office, OPERATOR, GrantRole(outsider, Role.REVIEWER, ScopeKind.SYSTEM, world.other), now)


def _person(world: World, word: str, password_hash: str) -> str:
    name = f"{word.replace('-', ' ').title()} Person"
    key = add_person(world.house.office, OPERATOR, AddPerson(name, f"{word}@example.org", password_hash), world.clock.now).value
    world.people[word] = key
    return key


@pytest.fixture
def make_world(store: Store, tmp_path: Path, shipped: Catalogue, password_hash: str) -> Callable[..., World]:
    """Builds the house; settings can be given by name."""

    def build(**settings: Any) -> World:
        clock = HandClock()
        office = Office(store, vault_at(f"file:{tmp_path / 'vault'}"), Catalogues())
        house = House(Settings(data=tmp_path, **settings), office, clock, generate_key("govern.example"))
        put_in_force(office, shipped, clock.now)
        world = World(create_app(house=house), house, clock, shipped)
        furnish(world, password_hash)
        return world

    return build


@pytest.fixture(scope="session", autouse=True)
def _reading_process() -> Iterator[None]:
    """End the reading process with the tests."""
    yield
    shared_reader().close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A furnished house with the default settings."""
    return make_world()


@pytest.fixture
def garak() -> bytes:
    """A garak report in which no attack of any probe succeeded."""
    return clean_garak()


def clean_garak(passed: int = 40, failed: int = 0, probe: str = "promptinject.HijackHateHumans") -> bytes:
    """A small complete garak report with one probe."""
    lines = (
        {"entry_type": "start_run setup", "_config.version": "0.14.0", "plugins.target_type": "rest",
         "plugins.target_name": "claims-assistant", "run.eval_threshold": 0.5},
        {"entry_type": "init", "garak_version": "0.14.0", "start_time": "2026-05-20T09:15:00.250000", "run": "r-1"},
        {"entry_type": "eval", "probe": probe, "detector": "promptinject.AttackRogueString", "passed": passed,
         "fails": failed, "nones": 0, "total_evaluated": passed + failed, "total_processed": passed + failed},
        {"entry_type": "completion", "end_time": "2026-05-20T09:40:00.000000", "run": "r-1"},
    )
    return "".join(json.dumps(line) + "\n" for line in lines).encode()
