"""The map of all pages: one blueprint an area, and the frame around every page."""

from __future__ import annotations

from flask import Flask

from govern.web import (
    activity,
    assets_routes,
    controls,
    evidence,
    exports,
    frame,
    frameworks,
    overview,
    queue,
    requests,
    reviews,
    scoping,
    search,
    settings,
    sign_in,
    submit,
    system,
    system_forms,
    systems,
)

AREAS = (
    assets_routes, sign_in, overview, systems, system, system_forms, controls, evidence, submit, reviews, requests,
    scoping, queue, frameworks, activity, exports, search, settings,
)


def register(app: Flask) -> None:
    """Put all pages on the application."""
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    frame.register(app)
