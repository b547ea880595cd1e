"""The controls of the catalogue: a list by domain, and one control with what it asks, why, and who it is asked of."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue, Named
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.errors import NotFound
from govern.records.snapshots import AT_ONCE
from govern.records.systems import systems
from govern.web import frame
from govern.web.controls_view import (
    SystemRow,
    Wanted,
    ask_block,
    baselines_of,
    by_domain,
    mappings_of,
    purpose_of,
    system_row,
    title_of,
)
from govern.web.frameworks_view import Ways
from govern.web.side_by_side import Part, judged, part_of, seen_of

blueprint = Blueprint("controls", __name__)


def _choices(catalogue: Catalogue) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(name in the address, label, options) of each filter that the catalogue has something to choose from."""
    def named(every: str, ones: tuple[Named, ...]) -> list[tuple[str, str]]:
        return [("", every), *((one.id, one.title) for one in ones)]

    found = [
        ("domain", "Domain", [("", "All domains"), *((one.id, f"{one.id} {one.title}") for one in catalogue.domains)]),
        ("framework", "Framework", [("", "All frameworks"), *((one.id, short_name(one)) for one in catalogue.frameworks.values())]),
        ("lead", "Who does it", named("Whoever does it", catalogue.functions)),
        ("threat", "Threat", named("All threats", catalogue.threats)),
        ("goal", "Security goal", named("All security goals", catalogue.goals)),
        ("defence", "Layer of defence", named("All layers", catalogue.defences)),
    ]
    return [one for one in found if len(one[2]) > 1]


@blueprint.get("/controls")
@allow(Act.READ)
def listing() -> str:
    """Every control, by domain, narrowed by the address."""
    reader = visit().reader(at_of_request())
    catalogue, at = visit().catalogue(reader), request.args.get("at", "")
    wanted, ways = Wanted.of(request.args), Ways("", at)
    found = [one for one in catalogue.controls.values() if wanted.fits(one)]
    return render_template(
        "pages/controls.html", shelves=by_domain(found, wanted.framework, catalogue, ways), found=len(found), ways=ways,
        total=len(catalogue.controls), q=request.args.get("q", "").strip()[:100], wanted=wanted, at=at,
        choices=_choices(catalogue), narrowed=wanted != Wanted(), moment=frame.moment_shown())


def _rows(reader: Reader, catalogue: Catalogue, part: Part, control: str, at: str) -> list[SystemRow]:
    seen = seen_of(reader, part.lines)
    postures = judged(seen, catalogue, [control])
    return [system_row(line.system, postures[line.system.key].controls[control], at) for line in part.lines]


@blueprint.get("/controls/<id_>")
@allow(Act.READ)
def one(id_: str) -> str:
    """One control of the catalogue: what it is for, what it asks, what it serves, and how each system stands with it."""
    reader = visit().reader(at_of_request())
    catalogue, at = visit().catalogue(reader), request.args.get("at", "")
    control = catalogue.controls.get(id_)
    if control is None:
        raise NotFound("There is no such control.", mend="Choose one from the list of controls.")
    part, ways = part_of(systems(visit().connection, reader), AT_ONCE), Ways("", at)
    given: dict[str, Any] = {
        "domain": next(one for one in catalogue.domains if one.id == control.domain),
        "stages": [title_of(catalogue.stages, stage) for stage in control.stages],
        "asks": [ask_block(ask, catalogue) for ask in control.asks], "purpose": purpose_of(control, catalogue, ways),
        "mappings": mappings_of(control, catalogue, ways), "baselines": baselines_of(control, catalogue),
        "origin": control.origin,
    }
    return render_template("pages/control.html", control=control, at=at, moment=frame.moment_shown(), ways=ways, part=part,
                           rows=_rows(reader, catalogue, part, id_, at), **given)
