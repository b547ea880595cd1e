"""An API over a real store, vault and the shipped catalogue, with people of each role and a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from govern.actions.office import OPERATOR, Office
from govern.actions.organisation import add_unit, put_in_force
from govern.actions.people import add_person, create_token, grant_role
from govern.actions.systems import adopt_system, register_system
from govern.api.documents import register
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.door import errors, protect
from govern.door.sessions import new_token, open_session
from govern.door.uploads import UploadRequest
from govern.door.visit import House
from govern.evidence.reading import shared_reader
from govern.evidence.vault import FileVault
from govern.facts.commands import AddPerson, AddUnit, AdoptSystem, CreateToken, DescribeSystem, GrantRole
from govern.facts.moments import DAY
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import Stage
from govern.folders import folder
from govern.ledger.note import SigningKey, generate_key
from govern.records.catalogues import Catalogues
from govern.records.store import Store
from govern.settings import Settings

NOW = 1_780_000_000_000
LIMIT = 200_000
POLICY = b"# Policy\n\nEvery system has an owner who may stop it.\n"
BILL = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6",
                   "components": [{"type": "machine-learning-model", "name": "scorer", "version": "3"}]}).encode()


@dataclass
class Caller:
    """Somebody who calls the API with a token."""

    client: FlaskClient
    key: str
    secret: str

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.secret}", **options.pop("headers", {})}
        return self.client.open("/api/v1" + path, method=method, headers=headers, buffered=True, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any, **options: Any) -> TestResponse:
        return self.call("POST", path, json=body, **options)

    def send(self, path: str, content: bytes, filename: str = "policy.md", headers: dict[str, str] | None = None,
             **form: Any) -> TestResponse:
        """A multipart upload."""
        boundary, data = encode_multipart({**form, "file": FileStorage(BytesIO(content), filename)})
        return self.call("POST", path, data=data, content_type=f"multipart/form-data; boundary={boundary}",
                         headers=headers or {})


@dataclass
class World:
    """The application with its house, one system and people."""

    app: Flask
    house: House
    system: str
    slug: str
    unit: str
    people: dict[str, Caller] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Caller:
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def count_of_entries(self) -> int:
        from govern.records.moments import head_position

        with self.house.office.store.reading() as connection:
            return head_position(connection)

    def leftovers(self) -> list[Path]:
        """Files in the vault's entrance hall: nothing may stay there."""
        vault = self.house.office.vault
        assert isinstance(vault, FileVault)
        return list((vault.root / "incoming").iterdir())


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(folder("controls"))


@pytest.fixture(scope="session", autouse=True)
def _reading_process() -> Iterator[None]:
    """The process that reads files ends with the tests."""
    yield
    shared_reader().close()


@pytest.fixture(scope="session")
def signing_key() -> SigningKey:
    return generate_key("govern.test")


@pytest.fixture
def house(store: Store, tmp_path: Path, catalogue: Catalogue, signing_key: SigningKey) -> House:
    office = Office(store, FileVault(tmp_path / "vault"), Catalogues())
    put_in_force(office, catalogue, NOW - 10 * DAY)
    return House(Settings(data=tmp_path, upload_limit=LIMIT), office, lambda: NOW, signing_key)


def api_app(house: House) -> Flask:
    """The application's API with the fence and the errors of the door, without pages."""
    app = Flask("govern", template_folder=str(folder("templates")), static_folder=str(folder("static")))
    app.extensions["govern"] = house
    app.request_class = UploadRequest
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * 1024 * 1024
    protect.register(app)
    errors.register(app)
    register(app)
    return app


def described(name: str, unit: str | None = None, traits: frozenset[str] = frozenset()) -> DescribeSystem:
    return DescribeSystem(name, "Decides.", unit, "", "", "", "", "", "", "", "", traits)


@pytest.fixture
def world(house: House) -> World:
    office, then = house.office, NOW - 9 * DAY
    unit = add_unit(office, OPERATOR, AddUnit("lending", "Lending", None), then).value
    key, slug = register_system(office, OPERATOR, described("Credit Desk", unit, frozenset({"deployer"})), then).value
    adopt_system(office, OPERATOR, AdoptSystem(key, Stage.OPERATION, "It runs.", "", None, NOW - 60 * DAY), then)
    app = api_app(house)
    found = World(app, house, key, slug, unit)
    roles = {"officer": Role.COMPLIANCE_OFFICER, "owner": Role.SYSTEM_OWNER, "reviewer": Role.REVIEWER,
             "auditor": Role.AUDITOR, "contributor": Role.CONTRIBUTOR, "administrator": Role.ADMINISTRATOR}
    for name, role in roles.items():
        person = add_person(office, OPERATOR, AddPerson(name, f"{name}@example.org", "-"), then).value
        scoped = name in ("owner", "contributor")
        grant_role(office, OPERATOR, GrantRole(person, role, ScopeKind.SYSTEM if scoped else ScopeKind.EVERYTHING,
                                               key if scoped else None), then)
        found.people[name] = Caller(app.test_client(), person, "")
    for name in ("officer", "owner", "contributor", "administrator"):
        found.people[name].secret = token_for(found, name)
    return found


def token_for(world: World, name: str, *, system: str | None = None, submit_only: bool = False) -> str:
    """A token of somebody's own."""
    from govern.door.sessions import actor_of

    secret, hashed = new_token()
    with world.house.office.store.reading() as connection:
        actor = actor_of(connection, world.people[name].key)
    assert actor is not None
    create_token(world.house.office, actor, CreateToken(f"{name}'s", system, submit_only, NOW + 30 * DAY, hashed),
                 NOW - 8 * DAY)
    return secret


Signed = Callable[..., TestResponse]


@pytest.fixture
def signed_in(world: World) -> Callable[[str], Signed]:
    """A caller with a session's cookie and its CSRF token instead of a token."""
    from sqlalchemy import select

    from govern.records.tables.plain import SessionRow

    def sign(name: str) -> Signed:
        client, store = world.app.test_client(), world.house.office.store
        cookie = open_session(store, world.people[name].key, NOW, 12)
        client.set_cookie("govern", cookie)
        with store.reading() as connection:
            csrf = connection.execute(select(SessionRow.csrf).where(
                SessionRow.person == world.people[name].key)).scalars().first()

        def call(method: str, path: str, **options: Any) -> TestResponse:
            headers = {"X-CSRF-Token": csrf or "", **options.pop("headers", {})}
            return client.open("/api/v1" + path, method=method, headers=headers, buffered=True, **options)

        return call

    return sign
