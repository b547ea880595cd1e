"""The API as a whole: its areas, its OpenAPI document at /api/v1/openapi.json, and a page that shows it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, render_template
from flask_smorest import Api  # type: ignore[import-untyped]  # the package ships no types

from govern.api import catalogue, crosswalk, evidence, ledger, requests, submitting, systems, trace, units, versions
from govern.api.area import ROOT
from govern.door.policy import PUBLIC, allow
from govern.schemas.fields import Day
from govern.schemas.outputs_common import At, Counts, Ids
from govern.schemas.outputs_evidence import StatedField

AREAS = (systems.area, evidence.area, catalogue.controls_area, catalogue.frameworks_area, crosswalk.area,
         catalogue.threats_area, trace.area, requests.area, ledger.area, requests.me_area, units.area)
ROUTES_ELSEWHERE = (submitting, versions)
"""Modules that put routes on areas of others; importing them is enough."""

DESCRIPTION = """Everything that the pages show, for programs. Nothing here sets a status: status follows from evidence.

Send a token as `Authorization: Bearer govern_…`; create one under Settings. `?at=` takes a ledger position or a date
wherever something is read. Lists come in pages: send `next` as `cursor`. Errors are problem details (RFC 9457).
Changes to what others may change too take `If-Match`; requests that may be repeated take `Idempotency-Key`.
"""

pages = Blueprint("api-pages", __name__, url_prefix=ROOT)


class _QuietApi(Api):  # type: ignore[misc]  # its parent has no types
    """smorest's Api without its own error handlers, which would answer pages in JSON too, and without the shape of
    error that it would describe.
    """

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Errors are answered in govern.door.errors, for pages and API alike."""


def register(app: Flask) -> None:
    """Put the API on the application."""
    app.config.update(
        API_TITLE="Govern", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=ROOT,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION},
            "security": [{"token": []}, {"session": []}],
            "components": {"securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "govern"}}}})
    api = _QuietApi(app)
    api.register_field(Day, "string", "date")
    api.register_field(At, "string", "date-time")
    api.register_field(Ids, "array", None)
    api.register_field(Counts, "object", None)
    api.register_field(StatedField, "object", None)
    for area in AREAS:
        api.register_blueprint(area.blueprint)
    app.extensions["govern-api"] = api
    app.register_blueprint(pages)


@pages.get("/docs")
@allow(PUBLIC)
def show() -> str:
    """The API's documentation, drawn from its OpenAPI document."""
    spec: dict[str, Any] = current_app.extensions["govern-api"].spec.to_dict()
    return render_template("pages/api_docs.html", spec=spec, operations=_by_area(spec),
                           meanings={tag["name"]: tag["description"] for tag in spec["tags"]})


def _by_area(spec: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """tag → (METHOD, path, operation) in the order of the document."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                found.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    return found
