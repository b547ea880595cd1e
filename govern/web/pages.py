"""The map of all pages: one blueprint an area, and the frame around every page."""

from __future__ import annotations

from flask import Flask

from govern.web import (
    activity,
    assets_routes,
    baselines,
    catalogue,
    catalogue_changes,
    controls,
    crosswalk,
    evidence,
    exports,
    frame,
    frameworks,
    overview,
    questionnaire,
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
    system_traits,
    systems,
    threats,
    trace,
)

AREAS = (
    assets_routes, sign_in, overview, systems, system, system_forms, controls, evidence, submit, reviews, requests,
    scoping, queue, frameworks, crosswalk, activity, exports, search, settings, threats,
    questionnaire, system_traits, baselines,
    catalogue, catalogue_changes,
    trace,
)


def register(app: Flask) -> None:
    """Put all pages on the application."""
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    frame.register(app)
