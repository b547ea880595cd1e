"""The fence before every route: who it is, whether the route takes them, no forged forms, safe headers."""

from __future__ import annotations

import hmac
import secrets

from flask import Flask, Response, g, request

from govern.access.policy import fence
from govern.door.policy import policy_of
from govern.door.sessions import TOKEN_PREFIX, actor_of_session, actor_of_token
from govern.door.visit import Visit, close, house, visit
from govern.errors import GovernError, NotAllowed, NotSignedIn

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'")


def cookie_name() -> str:
    """The session cookie's name; __Host- ties it to this host where there is TLS."""
    return "__Host-govern" if house().settings.behind_tls else "govern"


def _bearer() -> str | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret else None


def _who() -> Visit:
    home = house()
    now = home.clock()
    secret = _bearer()
    if secret is not None:
        if not secret.startswith(TOKEN_PREFIX):
            raise NotSignedIn("This is no token of Govern.", mend=f"Tokens begin with {TOKEN_PREFIX}.")
        return Visit(actor_of_token(home.office.store, secret, now), now)
    cookie = request.cookies.get(cookie_name(), "")
    found = actor_of_session(home.office.store, cookie, now, home.settings.idle_minutes) if cookie else None
    if found is None:
        return Visit(None, now)
    actor, csrf, session = found
    return Visit(actor, now, csrf, session)


def _refuse_forged() -> None:
    """A browser's unsafe request must come from our own page: by its Sec-Fetch-Site and by the form's token."""
    if request.method in _SAFE or not visit().csrf:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("This request came from another site.", mend="Use the form on Govern's own page.")
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not hmac.compare_digest(sent.encode(), visit().csrf.encode()):
        raise NotAllowed("The form was too old or not ours.", mend="Reload the page and send it again.")


def _before() -> None:
    g.request_id = secrets.token_hex(8)
    endpoint = request.endpoint
    policy = policy_of(house_app(), endpoint)
    if endpoint is not None and policy is None:
        raise GovernError(f"The route {endpoint} does not say who may use it.")
    if endpoint == "static" or (policy is not None and policy.public and request.path.startswith("/assets/")):
        g.visit = Visit(None, 0)
        return
    g.visit = Visit(None, house().clock())
    g.visit = _who()
    if policy is None or policy.public:
        return
    actor = visit().known
    permission = fence(actor, policy.acts)
    if not permission.allowed:
        raise NotAllowed(permission.reason, mend="Ask an administrator for the role.")
    if not request.path.startswith("/api/") or visit().csrf:
        _refuse_forged()


def house_app() -> Flask:
    """The current application as what it is."""
    from flask import current_app

    return current_app._get_current_object()  # type: ignore[attr-defined,no-any-return] # Flask's own proxy


def _headers(response: Response) -> Response:
    put = response.headers.setdefault
    put("Content-Security-Policy", _CSP)
    put("X-Content-Type-Options", "nosniff")
    put("Referrer-Policy", "same-origin")
    put("Cross-Origin-Opener-Policy", "same-origin")
    put("Cross-Origin-Resource-Policy", "same-origin")
    put("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
    if house().settings.behind_tls:
        put("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static" and not request.path.startswith("/assets/"):
        put("Cache-Control", "no-store")
    return response


def register(app: Flask) -> None:
    """Put the fence on the application."""
    app.before_request(_before)
    app.after_request(_headers)
    app.teardown_request(close)


