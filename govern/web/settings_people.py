"""People, their roles, and units of the organisation: the administrator's settings."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act
from govern.actions.organisation import add_unit
from govern.actions.people import add_person, deactivate_person, grant_role, revoke_role, set_password
from govern.door.passwords import hash_password
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import GovernError, NotFound
from govern.facts.people import Grant, Person, Role, ScopeKind
from govern.records.people import all_grants, chain, grants_of, people, person, units
from govern.records.systems import systems
from govern.schemas.forms import load_form
from govern.schemas.people import AddPersonInput, AddUnitInput, GrantRoleInput
from govern.web import frame
from govern.web.mistakes import Errors, errors_of, for_the_form

blueprint = Blueprint("people", __name__)

_ROLES = [(role.value, role.value.replace("-", " ").capitalize()) for role in Role]
_KINDS = [(ScopeKind.EVERYTHING.value, "Everything"), (ScopeKind.UNIT.value, "One unit and all below it"),
          (ScopeKind.SYSTEM.value, "One system")]


@dataclass(frozen=True)
class Held:
    """A role that somebody holds, in words."""

    key: str
    role: str
    where: str


@dataclass(frozen=True)
class Line:
    """A row of the list of people."""

    key: str
    name: str
    email: str
    active: bool
    roles: tuple[Held, ...]


def _held(grant: Grant, named: dict[str, str]) -> Held:
    where = named.get(grant.scope, "something out of sight") if grant.scope else "everything"
    return Held(grant.key, dict(_ROLES)[grant.role.value], where)


def _named() -> dict[str, str]:
    """Names of units and systems by key."""
    found = {line.system.key: line.system.name for line in systems(visit().connection, visit().reader())}
    return found | {key: unit.name for key, unit in units(visit().connection).items()}


@blueprint.get("/people")
@allow(Act.MANAGE_PEOPLE)
def listing() -> str:
    """Everybody with an account, with their roles."""
    return _render_list(Errors())


def _render_list(errors: Errors) -> str:
    named = _named()
    held: dict[str, list[Held]] = {}
    for grant in all_grants(visit().connection):
        held.setdefault(grant.person, []).append(_held(grant, named))
    wanted = request.args.get("q", "").strip().casefold()
    lines = [Line(one.key, one.name, one.email, one.active, tuple(held.get(one.key, ())))
             for one in people(visit().connection)
             if wanted in one.name.casefold() or wanted in one.email.casefold()]
    return render_template("pages/settings_people.html", lines=lines, errors=errors, values=request.form,
                           q=request.args.get("q", ""))


@blueprint.post("/people")
@allow(Act.MANAGE_PEOPLE)
def add() -> Response | tuple[str, int]:
    """A new account; its page comes next, to give it a role."""
    try:
        command = load_form(AddPersonInput, request.form, hashed=hash_password)
        done = add_person(house().office, visit().known, command, visit().now)
    except GovernError as error:
        return _render_list(errors_of(for_the_form(error))), 422
    frame.flash(f"{command.name} has an account now. Give it a role, so that it may see something.")
    return redirect(f"/settings/people/{done.value}", 303)


def _person(key: str) -> Person:
    found = person(visit().connection, key)
    if found is None:
        raise NotFound("There is no such account.", mend="Choose one from the list.")
    return found


@blueprint.get("/people/<key>")
@allow(Act.MANAGE_PEOPLE)
def one(key: str) -> str:
    """One account: its roles, a new password, closing it."""
    return _render_one(_person(key), Errors())


def _render_one(found: Person, errors: Errors, part: str = "") -> str:
    connection, named = visit().connection, _named()
    return render_template(
        "pages/settings_person.html", person=found, errors=errors, part=part, values=request.form, roles=_ROLES,
        kinds=_KINDS, held=[_held(grant, named) for grant in grants_of(connection, found.key)],
        units=[(unit.key, unit.name) for unit in units(connection).values()],
        systems=[(line.system.key, line.system.name) for line in systems(connection, visit().reader())],
        oneself=found.key == visit().known.key)


@blueprint.post("/people/<key>/roles")
@allow(Act.MANAGE_PEOPLE)
def give(key: str) -> Response | tuple[str, int]:
    """Give a role."""
    found = _person(key)
    try:
        command = load_form(GrantRoleInput, request.form, person=key)
        grant_role(house().office, visit().known, command, visit().now)
    except GovernError as error:
        return _render_one(found, errors_of(for_the_form(error)), "role"), 422
    frame.flash(f"{found.name} is {command.role.value.replace('-', ' ')} now.")
    return redirect(f"/settings/people/{key}", 303)


@blueprint.post("/people/<key>/roles/<grant>/revoke")
@allow(Act.MANAGE_PEOPLE)
def take(key: str, grant: str) -> Response:
    """Take a role away."""
    revoke_role(house().office, visit().known, grant, visit().now)
    frame.flash("The role was taken away; it stopped at once.")
    return redirect(f"/settings/people/{key}", 303)


@blueprint.post("/people/<key>/password")
@allow(Act.MANAGE_PEOPLE)
def new_password(key: str) -> Response | tuple[str, int]:
    """A new password for somebody who forgot theirs; ends their sessions."""
    found = _person(key)
    try:
        set_password(house().office, visit().known, key, hash_password(request.form.get("password", "")), visit().now)
    except GovernError as error:
        return _render_one(found, errors_of(for_the_form(error)), "password"), 422
    frame.flash(f"{found.name} has a new password; their sessions ended.")
    return redirect(f"/settings/people/{key}", 303)


@blueprint.post("/people/<key>/deactivate")
@allow(Act.MANAGE_PEOPLE)
def close(key: str) -> Response:
    """Close an account."""
    found = _person(key)
    deactivate_person(house().office, visit().known, key, visit().now)
    frame.flash(f"The account of {found.name} is closed. What they did stays on record.")
    return redirect("/settings/people", 303)


# -- units -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class UnitLine:
    """A row of the list of units; `path` names the units above it, from the top."""

    key: str
    name: str
    slug: str
    path: str
    systems: int


@blueprint.get("/units")
@allow(Act.MANAGE_PEOPLE)
def unit_list() -> str:
    """The organisation's units."""
    return _render_units(Errors())


def _render_units(errors: Errors) -> str:
    every = units(visit().connection)
    own = [line.system.unit for line in systems(visit().connection, visit().reader())]
    lines = [UnitLine(unit.key, unit.name, unit.slug, " / ".join(one.name for one in reversed(chain(every, unit.parent))),
                      own.count(unit.key)) for unit in every.values()]
    lines.sort(key=lambda line: f"{line.path} / {line.name}".casefold())
    return render_template("pages/settings_units.html", lines=lines, errors=errors, values=request.form,
                           units=[(unit.key, unit.name) for unit in every.values()])


@blueprint.post("/units")
@allow(Act.MANAGE_PEOPLE)
def new_unit() -> Response | tuple[str, int]:
    """A new unit."""
    try:
        command = load_form(AddUnitInput, request.form)
        add_unit(house().office, visit().known, command, visit().now)
    except GovernError as error:
        return _render_units(errors_of(for_the_form(error))), 422
    frame.flash(f"The unit {command.name} was added.")
    return redirect("/settings/units", 303)
