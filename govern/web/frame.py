"""What surrounds every page: navigation with counts, who is signed in, messages after a form, the moment looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from govern.access.actor import Actor
from govern.access.policy import Act, may_anywhere
from govern.door.visit import house, visit
from govern.facts.moments import datetime_of, iso_date
from govern.records.control import open_requests_of
from govern.records.evidence import waiting_count

_COOKIE = "govern-flash"
_NAV: tuple[tuple[str, tuple[tuple[str, str, str, Act | None], ...]], ...] = (
    ("Work", (("/", "Overview", "layout-dashboard", Act.READ), ("/queue", "My queue", "inbox", Act.READ),
              ("/systems", "Systems", "boxes", Act.READ), ("/evidence", "Evidence", "file-check", Act.READ),
              ("/reviews", "Reviews", "shield-check", Act.REVIEW), ("/requests", "Requests", "clipboard-list", Act.READ),
              ("/scoping", "Scoping", "scale", Act.READ))),
    ("Assurance", (("/frameworks", "Frameworks", "library", Act.READ), ("/controls", "Controls", "list-checks", Act.READ),
                   ("/trace", "Traceability", "workflow", Act.READ),
                   ("/crosswalk", "Crosswalk", "network", Act.READ),
                   ("/baselines", "Baselines", "layers", Act.READ),
                   ("/threats", "Threats", "shield-half", Act.READ), ("/catalogue", "Catalogue", "scroll-text", Act.READ))),
    ("Assure others", (("/activity", "Activity", "history", Act.READ), ("/settings", "Settings", "settings", None))),
)


def _serializer() -> URLSafeTimedSerializer:
    secret = hashlib.sha256(b"messages after a form" + house().key.encode().encode()).digest()
    return URLSafeTimedSerializer(secret, salt="govern-flash")


def flash(text: str, tone: str = "ok", href: str | None = None, link: str | None = None) -> None:
    """Show a message on the next page; it travels in a signed cookie, so no server has to remember it."""
    message = {"text": text, "tone": tone, **({"href": href, "link": link or "Open"} if href else {})}
    g.setdefault("flash_out", []).append(message)


def _taken() -> list[dict[str, Any]]:
    """The messages that wait for this page."""
    cookie = request.cookies.get(_COOKIE)
    if not cookie:
        return []
    g.flash_taken = True
    try:
        return list(_serializer().loads(cookie, max_age=60))
    except BadSignature:
        return []


def _carry(response: Response) -> Response:
    waiting = g.get("flash_out")
    if waiting:
        response.set_cookie(_COOKIE, _serializer().dumps(waiting), max_age=60, httponly=True, samesite="Lax",
                            secure=house().settings.behind_tls)
    elif g.get("flash_taken"):
        response.delete_cookie(_COOKIE)
    if response.mimetype == "text/html":
        response.vary.update(["Cookie", "X-Fragment"])
    return response


def link(**changes: Any) -> str:
    """This page's address with some query parameters replaced; None takes one away."""
    return link_at(request.path)(**changes)


def link_at(path: str) -> Callable[..., str]:
    """The same for another path: a form that comes back stands on the page that it was sent from."""

    def link(**changes: Any) -> str:
        kept = {**request.args.to_dict(), **changes}
        query = urlencode({name: value for name, value in kept.items() if value not in (None, "")})
        return f"{path}?{query}" if query else path

    return link


def moment_shown(action: str | None = None) -> dict[str, Any] | None:
    """The moment bar's values for a reading page; call it from the views that take `at`."""
    reader = visit().reader(request.args.get("at") or None)
    instant = datetime_of(reader.moment.instant)
    kept = {name: value for name, value in request.args.items() if name != "at" and value}
    path = action or request.path
    return {
        "past": reader.position is not None, "text": f"{instant.day} {instant:%B %Y, %H:%M} UTC",
        "position": reader.moment.position, "date": instant.date().isoformat(), "max": iso_date(visit().now),
        "action": path, "now_href": f"{path}?{urlencode(kept)}" if kept else path, "fields": kept,
    }


def _current(href: str) -> bool:
    return request.path == "/" if href == "/" else request.path == href or request.path.startswith(f"{href}/")


def _nav(actor: Actor) -> list[dict[str, Any]]:
    reader = visit().reader()
    counts = {"/queue": open_requests_of(visit().connection, actor.key)}
    if may_anywhere(actor, Act.REVIEW):
        counts["/reviews"] = waiting_count(visit().connection, reader)
    groups = []
    for group, items in _NAV:
        shown = [{"href": href, "label": label, "icon": icon, "count": counts.get(href), "current": _current(href)}
                 for href, label, icon, act in items if act is None or may_anywhere(actor, act)]
        groups.append({"group": group, "items": shown})
    return groups


def _context() -> dict[str, Any]:
    here = visit()
    common: dict[str, Any] = {
        "csrf_token": here.csrf, "theme": request.cookies.get("govern-theme", "auto"), "link": link,
        "fragment": request.headers.get("X-Fragment") == "drawer", "flash_messages": _taken(),
        "organisation": house().settings.organisation,
    }
    if here.actor is None:
        return common
    roles = ", ".join(sorted(role.value.replace("-", " ") for role in here.actor.roles)) or "no role yet"
    if not common["fragment"]:
        common["nav"] = _nav(here.actor)
    return {**common, "me": {"name": here.actor.name, "role": roles, "href": "/settings"}}


def register(app: Flask) -> None:
    """Put the frame on the application."""
    app.context_processor(_context)
    app.after_request(_carry)


