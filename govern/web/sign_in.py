"""Signing in and out."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request

from govern.door.passwords import sign_in
from govern.door.policy import PUBLIC, SIGNED_IN, allow
from govern.door.protect import cookie_name
from govern.door.sessions import close_session, open_session
from govern.door.visit import house, visit
from govern.errors import InputRefused, NotAllowed, NotSignedIn
from govern.schemas.forms import load_form
from govern.schemas.people import SignInInput
from govern.web.mistakes import Errors

blueprint = Blueprint("sign_in", __name__)


def _local(path: str | None) -> str:
    """A path on this host, or the overview: never another site."""
    if not path or not path.isprintable() or not path.startswith("/") or path.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(path)
    return "/" if parts.netloc or parts.scheme else path


@blueprint.get("/sign-in")
@allow(PUBLIC)
def form() -> Any:
    """The form; who is signed in already goes on."""
    then = _local(request.args.get("then"))
    if visit().actor is not None:
        return redirect(then)
    return render_template("pages/sign_in.html", email="", then=then, errors=Errors())


@blueprint.post("/sign-in")
@allow(PUBLIC)
def send() -> Any:
    """Sign in: a new session, and the old one of this browser is closed."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("This request came from another site.", mend="Sign in on Govern's own page.")
    then = _local(request.form.get("then"))
    home = house()
    try:
        given = load_form(SignInInput, request.form)
        found = sign_in(home.office.store, given.email, given.password, visit().now)
    except (InputRefused, NotSignedIn) as refused:
        fields = refused.fields if isinstance(refused, InputRefused) else {"email": [f"{refused.text} {refused.mend}"]}
        email = request.form.get("email", "")[:300]
        return render_template("pages/sign_in.html", email=email, then=then, errors=Errors(fields)), 422
    if visit().session:
        close_session(home.office.store, visit().session)
    cookie = open_session(home.office.store, found.key, visit().now, home.settings.session_hours)
    response = redirect(then, 303)
    response.set_cookie(cookie_name(), cookie, httponly=True, samesite="Lax", secure=home.settings.behind_tls, path="/")
    return response


@blueprint.post("/sign-out")
@allow(SIGNED_IN)
def sign_out() -> Any:
    """End the session."""
    if visit().session:
        close_session(house().office.store, visit().session)
    response = redirect("/sign-in", 303)
    response.delete_cookie(cookie_name(), path="/")
    return response
