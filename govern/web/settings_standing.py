"""Standing acceptances: what a reviewer decided may be accepted by itself, dated and revocable."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act, may, may_anywhere
from govern.actions.standing import LONGEST_DAYS, give_standing, revoke_standing
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import GovernError, NotFound
from govern.facts.moments import DAY, iso_date
from govern.facts.systems import System
from govern.records.evidence import standings_for
from govern.records.people import names, tokens_for
from govern.records.systems import place_of, system_by_slug, systems
from govern.schemas.evidence import GiveStandingInput
from govern.schemas.forms import load_form
from govern.web import frame
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.when import When, day

blueprint = Blueprint("standing", __name__)


@dataclass(frozen=True)
class Line:
    """One standing acceptance of a system."""

    key: str
    kind: str
    tool: str
    token: str
    reviewer: str
    until: When
    state: str


def _system() -> System | None:
    slug = request.args.get("system", "")
    found = system_by_slug(visit().connection, visit().reader(), slug) if slug else None
    if slug and found is None:
        raise NotFound("There is no such system.", mend="Choose one from the list.")
    return found


@blueprint.get("/standing")
@allow(Act.READ)
def listing() -> str:
    """Standing acceptances of a system, with the form to give one."""
    return _render(_system(), Errors())


def _render(system: System | None, errors: Errors) -> str:
    connection, now, catalogue = visit().connection, visit().now, visit().catalogue()
    standings = standings_for(connection, system.key) if system else ()
    tokens = tokens_for(connection, system.key) if system else []
    owners = names(connection, {one.owner for one in tokens} | {one.reviewer for one in standings})
    token_names = {one.key: f"{one.name} ({owners.get(one.owner, 'somebody')})" for one in tokens}
    lines = [Line(one.key, catalogue.kinds[one.kind].title if one.kind in catalogue.kinds else one.kind, one.tool,
                  token_names.get(one.token, "a token that was revoked"), owners.get(one.reviewer, ""), day(one.until),
                  "active" if one.until > now and one.token in token_names else "expired") for one in standings]
    return render_template(
        "pages/settings_standing.html", system=system, lines=lines, errors=errors, values=request.form,
        may_manage=may_anywhere(visit().known, Act.MANAGE_PEOPLE),
        may_stand=system is not None and may(visit().known, Act.STAND, place_of(connection, system.key)).allowed,
        systems=[("", "Choose a system"), *((one.system.slug, one.system.name)
                                            for one in systems(connection, visit().reader()))],
        kinds=sorted(((one.id, one.title) for one in catalogue.kinds.values()), key=lambda pair: pair[1]),
        tokens=[(one.key, token_names[one.key]) for one in tokens if one.owner != visit().known.key],
        default_end=iso_date(now + 180 * DAY), last_end=iso_date(now + (LONGEST_DAYS - 1) * DAY))


@blueprint.post("/standing")
@allow(Act.STAND)
def give() -> Response | tuple[str, int]:
    """Give a standing acceptance."""
    system = _system()
    if system is None:
        raise NotFound("There is no such system.", mend="Choose one from the list.")
    try:
        command = load_form(GiveStandingInput, request.form, system=system.key)
        give_standing(house().office, visit().known, command, visit().now)
    except GovernError as error:
        return _render(system, errors_of(for_the_form(error))), 422
    frame.flash("From now on this is accepted by itself when its checks pass.")
    return redirect(f"/settings/standing?system={system.slug}", 303)


@blueprint.post("/standing/<key>/revoke")
@allow(Act.STAND)
def end(key: str) -> Response:
    """End a standing acceptance."""
    system = _system()
    if system is None:
        raise NotFound("There is no such system.", mend="Choose one from the list.")
    revoke_standing(house().office, visit().known, system.key, key, visit().now)
    frame.flash("The standing acceptance ended. What it accepted stays accepted.")
    return redirect(f"/settings/standing?system={system.slug}", 303)
