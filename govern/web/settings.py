"""One's own account: the password, and tokens for pipelines. The rest of the settings stand in settings_people."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act, may_anywhere
from govern.actions.people import create_token, revoke_token, set_password
from govern.door.passwords import hash_password, sign_in
from govern.door.policy import SIGNED_IN, allow
from govern.door.sessions import new_token
from govern.door.visit import house, visit
from govern.errors import GovernError, InputRefused, NotSignedIn
from govern.facts.moments import DAY, iso_date
from govern.records.people import person, tokens_of, units
from govern.records.systems import systems
from govern.schemas.forms import load_form
from govern.schemas.people import CreateTokenInput, NewPasswordInput
from govern.web import frame
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.settings_people import blueprint as people_pages
from govern.web.settings_standing import blueprint as standing_pages
from govern.web.when import When, day

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
blueprint.register_blueprint(people_pages)
blueprint.register_blueprint(standing_pages)


@dataclass(frozen=True)
class TokenLine:
    """One of the visitor's tokens."""

    key: str
    name: str
    system: str
    submit_only: bool
    ends: When
    state: str


@blueprint.get("")
@allow(SIGNED_IN)
def account() -> str:
    """Who one is, what one may do where, the password and the tokens."""
    return _render(Errors())


def _render(errors: Errors, *, secret: str = "", secret_name: str = "", part: str = "") -> str:
    connection, actor, now = visit().connection, visit().known, visit().now
    known = person(connection, actor.key)
    named = {line.system.key: line.system.name for line in systems(connection, visit().reader())}
    unit_names = {key: unit.name for key, unit in units(connection).items()}
    tokens = [TokenLine(one.key, one.name, named.get(one.system, "a system") if one.system else "Wherever I may",
                        one.submit_only, day(one.expires), "active" if one.expires > now else "expired")
              for one in tokens_of(connection, actor.key)]
    roles = [(grant.role.value.replace("-", " ").capitalize(),
              {**named, **unit_names}.get(grant.scope, "part of the organisation") if grant.scope else "everything")
             for grant in actor.grants]
    return render_template(
        "pages/settings.html", person=known, roles=roles, tokens=tokens, errors=errors, part=part, secret=secret,
        secret_name=secret_name, values=request.form, systems=list(named.items()), today=iso_date(now),
        default_end=iso_date(now + 90 * DAY), last_end=iso_date(now + 399 * DAY),
        may_tokens=may_anywhere(actor, Act.CREATE_TOKEN), may_manage=may_anywhere(actor, Act.MANAGE_PEOPLE),
        may_stand=may_anywhere(actor, Act.STAND))


@blueprint.post("/password")
@allow(SIGNED_IN)
def password() -> Response | tuple[str, int]:
    """A new password; ends all sessions, this one too."""
    actor = visit().known
    try:
        command = load_form(NewPasswordInput, request.form)
        _check_current(command.current)
        set_password(house().office, actor, actor.key, hash_password(command.password), visit().now)
    except InputRefused as error:
        return _render(errors_of(error), part="password"), 422
    frame.flash("Your password was changed. Sign in with the new one.")
    return redirect("/sign-in", 303)


def _check_current(current: str) -> None:
    """Whether it is really them; failures count as failed log-ins do."""
    known = person(visit().connection, visit().known.key)
    try:
        sign_in(house().office.store, known.email if known else "", current, visit().now)
    except NotSignedIn as error:
        raise InputRefused("This is not your password now.", field="current", mend=error.mend) from error


@blueprint.post("/tokens")
@allow(Act.CREATE_TOKEN)
def add_token() -> tuple[str, int]:
    """Create a token; its secret is in this one answer and nowhere else."""
    secret, hashed = new_token()
    try:
        command = load_form(CreateTokenInput, request.form, secret_hash=hashed)
        create_token(house().office, visit().known, command, visit().now)
    except GovernError as error:
        return _render(errors_of(for_the_form(error)), part="token"), 422
    visit().refresh()
    return _render(Errors(), secret=secret, secret_name=command.name), 201


@blueprint.post("/tokens/<key>/revoke")
@allow(SIGNED_IN)
def end_token(key: str) -> Response:
    """Revoke a token; it stops at once."""
    revoke_token(house().office, visit().known, key, visit().now)
    frame.flash("The token was revoked. What uses it is refused from now on.")
    return redirect("/settings", 303)
