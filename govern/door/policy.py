"""Every route says who may use it; one that does not is refused at start-up.

A route names one of three: anybody, anybody signed in, or an act of the access rules that the visitor must hold
somewhere. The last is the coarse fence; the action or query then decides for the very place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from govern.access.policy import Act

F = TypeVar("F", bound=Callable[..., Any])
_ATTRIBUTE = "govern_policy"


@dataclass(frozen=True)
class Policy:
    """Who may use a route: `public`, or signed in, and then (where given) holding one of `acts` somewhere."""

    public: bool = False
    acts: frozenset[Act] = frozenset()


PUBLIC = Policy(public=True)
SIGNED_IN = Policy()


def allow(*who: Policy | Act) -> Callable[[F], F]:
    """Declare a route's policy: `@allow(PUBLIC)`, `@allow(SIGNED_IN)` or `@allow(Act.REVIEW, …)`."""
    acts = frozenset(one for one in who if isinstance(one, Act))
    named = [one for one in who if isinstance(one, Policy)]
    policy = named[0] if named else Policy(acts=acts)

    def mark(view: F) -> F:
        setattr(view, _ATTRIBUTE, policy)
        return view

    return mark


def policy_of(app: Flask, endpoint: str | None) -> Policy | None:
    """The declared policy of an endpoint; None when it has none."""
    view = app.view_functions.get(endpoint or "")
    found = getattr(view, _ATTRIBUTE, None)
    if found is None and view is not None and endpoint in PUBLIC_ENDPOINTS:
        return PUBLIC
    return found if isinstance(found, Policy) else None


PUBLIC_ENDPOINTS = frozenset({"static", "api-docs.openapi_json", "api-docs.openapi_swagger_ui"})
"""Endpoints that libraries register themselves."""


def undeclared(app: Flask) -> list[str]:
    """Endpoints without a policy."""
    endpoints: Iterable[str] = {rule.endpoint for rule in app.url_map.iter_rules()}
    return sorted(endpoint for endpoint in endpoints if policy_of(app, endpoint) is None)
