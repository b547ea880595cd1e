"""The OpenAPI document, the page that shows it, and that the API leaves pages' errors alone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_smorest import Api

from govern.api import documents
from govern.door import errors
from govern.door.policy import policy_of, undeclared
from tests.api.conftest import World

SET_BY_LIBRARIES = {"HEAD", "OPTIONS"}


@pytest.fixture
def spec(world: World) -> dict[str, Any]:
    found = world.app.test_client().get("/api/v1/openapi.json", buffered=True)
    assert found.status_code == 200
    document: dict[str, Any] = found.get_json()
    return document


def test_every_route_is_described(world: World, spec: dict[str, Any]) -> None:
    for rule in world.app.url_map.iter_rules():
        if not rule.endpoint.startswith("api-") or rule.endpoint.startswith(("api-docs", "api-pages")):
            continue
        path = rule.rule.replace("<int:", "<").replace("<", "{").replace(">", "}")
        for method in (rule.methods or set()) - SET_BY_LIBRARIES:
            operation = spec["paths"][path][method.lower()]
            assert operation["summary"].endswith("."), path
            assert operation["operationId"], path
            assert {"401", "403"} <= set(operation["responses"]), path


def test_the_document_is_a_valid_openapi_document(spec: dict[str, Any]) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    loaded = schemathesis.openapi.from_dict(spec)
    loaded.config.update(base_url="http://localhost")
    loaded.validate()


def test_names_that_others_rely_on(spec: dict[str, Any]) -> None:
    shapes = spec["components"]["schemas"]
    assert {"system", "moment", "catalogue", "controls", "summary"} <= set(shapes["PostureOut"]["properties"])
    assert {"evidence", "version", "controls", "entry"} <= set(shapes["SubmittedOut"]["properties"])
    assert {"number", "sha256", "size", "media_type", "kind", "format", "recognised", "findings", "about"} <= set(
        shapes["SubmittedVersionOut"]["properties"])
    assert {"id", "title", "status", "how", "controls"} <= set(shapes["RequirementOut"]["properties"])
    assert {"control", "status", "reasons", "until"} <= set(shapes["ControlStatusOut"]["properties"])


def test_the_page_shows_every_operation_and_loads_nothing_from_elsewhere(world: World, spec: dict[str, Any]) -> None:
    got = world.app.test_client().get("/api/v1/docs", buffered=True)
    assert (got.status_code, got.mimetype) == (200, "text/html")
    for methods in spec["paths"].values():
        for operation in methods.values():
            if isinstance(operation, dict) and "operationId" in operation:
                assert f'id="{operation["operationId"]}"' in got.text
    assert "http://" not in got.text.replace("http://www.w3.org", "")
    assert "https://" not in got.text
    assert "<style" not in got.text
    assert "script-src 'self'" in got.headers["Content-Security-Policy"]


def test_every_route_has_a_policy(world: World) -> None:
    assert undeclared(world.app) == []
    for rule in world.app.url_map.iter_rules():
        policy = policy_of(world.app, rule.endpoint)
        public = rule.endpoint in ("static", "api-docs.openapi_json", "api-pages.show")
        assert policy is not None
        assert policy.public is public, rule.endpoint


def test_nobody_reads_without_signing_in(world: World) -> None:
    client = world.app.test_client()
    for path in ("/systems", "/evidence", "/me", "/ledger/checkpoint", "/controls", "/frameworks", "/requests"):
        refused = client.get(f"/api/v1{path}", buffered=True)
        assert (refused.status_code, refused.mimetype) == (401, "application/problem+json"), path


def _handlers(app: Flask) -> dict[Any, Any]:
    return {code: dict(by_class) for code, by_class in app.error_handler_spec[None].items()}


def test_smorest_puts_no_error_handlers_of_its_own() -> None:
    """The hook that is emptied is private: with the stock class the handlers would change."""
    app, stock = Flask("ours"), Flask("stock")
    for one in (app, stock):
        errors.register(one)
    before = _handlers(app)
    documents.register(app)
    assert _handlers(app) == before
    Api(stock, spec_kwargs={"title": "t", "version": "1", "openapi_version": "3.1.0"})
    assert _handlers(stock) != before
