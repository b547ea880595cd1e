"""The crosswalk between any two frameworks: which requirements meet, through which controls, and what publishers say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context

from govern.access.actor import Reader
from govern.access.policy import Act
from govern.catalogue.crosswalking import (
    KNOWN,
    Claim,
    Crossing,
    Neighbour,
    View,
    crossing,
    known_framework,
    neighbours,
)
from govern.catalogue.families import by_family, short_name
from govern.catalogue.objects import Catalogue
from govern.catalogue.ties import shared_controls
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import GovernError, InputRefused
from govern.facts.moments import iso_date
from govern.schemas.forms import load_form
from govern.schemas.queries import CrosswalkQuery, CrosswalkWanted
from govern.web import frame
from govern.web.crosswalk_view import CLAIMS, VIEWS, map_of, named, narrowed, rows_of, title_of
from govern.web.evidence import page_number
from govern.web.exports import XLSX, whole_file
from govern.web.frameworks_view import Ways
from govern.web.mistakes import Errors, errors_of

blueprint = Blueprint("crosswalk", __name__)
_SIZE = 25
"""Pairs on one page."""


@dataclass(frozen=True)
class Place:
    """What the page looks at: the moment, its catalogue, and the addresses that keep the moment."""

    reader: Reader
    catalogue: Catalogue
    ways: Ways

    @property
    def common(self) -> dict[str, Any]:
        """What the page knows in every state."""
        return {"ways": self.ways, "at": self.ways.at, "moment": frame.moment_shown(), "choices": _choices(self.catalogue),
                "short_name": short_name, "frameworks": self.catalogue.frameworks}


def _place() -> Place:
    reader = visit().reader(at_of_request())
    return Place(reader, visit().catalogue(reader), Ways("", request.args.get("at", "")))


def _choices(catalogue: Catalogue) -> list[tuple[str, list[tuple[str, str]]]]:
    """The frameworks by family, to choose from."""
    return [(family.title, [(one.id, short_name(one)) for one in ones])
            for family, ones in by_family(catalogue.frameworks.values()).items()]


def _wanted(catalogue: Catalogue) -> CrosswalkWanted:
    """What the address asks for. Raises InputRefused."""
    wanted = load_form(CrosswalkQuery, request.args)
    for name, id_ in (("from", wanted.source), ("to", wanted.target)):
        if id_:
            known_framework(catalogue, id_, name)
    if wanted.source and wanted.target:
        crossing(catalogue, wanted.source, wanted.target)
    for name, id_, part in (("a", wanted.source, wanted.first), ("b", wanted.target, wanted.second)):
        if part and id_ and part not in catalogue.frameworks[id_].by_id:
            raise InputRefused(f"{short_name(catalogue.frameworks[id_])} has no part “{part[:60]}”.", field=name,
                               mend="Open a part from the map.")
    return wanted


@blueprint.get("/crosswalk")
@allow(Act.READ)
def page() -> str | tuple[str, int]:
    """Two frameworks side by side; with one chosen, all others beside it; with none, all of them against each other."""
    place = _place()
    try:
        wanted = _wanted(place.catalogue)
    except GovernError as error:
        given = {name: request.args.get(name, "") for name in ("from", "to")}
        return _render(place, given, errors_of(error)), 422
    given = {"from": wanted.source, "to": wanted.target}
    if wanted.source and wanted.target:
        return _render_crossing(place, given, wanted)
    return _render(place, given, Errors())


def _render(place: Place, given: dict[str, str], errors: Errors) -> str:
    """The page before two are chosen, or with what is wrong with the choice."""
    catalogue, chosen = place.catalogue, given["from"] or given["to"]
    beside: tuple[Neighbour, ...] = ()
    if not errors and chosen:
        beside = tuple(sorted(neighbours(catalogue, chosen), key=lambda one: -one.controls))
    overview = None if chosen or errors else _overview(catalogue)
    return render_template("pages/crosswalk.html", **place.common, given=given, errors=errors, chosen=chosen if beside else "",
                           beside=beside, overview=overview, crossing=None)


def _overview(catalogue: Catalogue) -> dict[str, Any]:
    """Controls in common of every two frameworks."""
    ordered = [one for ones in by_family(catalogue.frameworks.values()).values() for one in ones]
    shared = shared_controls(catalogue)
    most = max((many for by_other in shared.values() for many in by_other.values()), default=0) or 1
    rows = [{"framework": one, "cells": [
        None if one.id == other.id else {
            "count": shared[one.id][other.id], "bin": -(-4 * shared[one.id][other.id] // most), "from": one.id, "to": other.id,
            "label": f"{short_name(one)} and {short_name(other)}: {shared[one.id][other.id]} controls in common"}
        for other in ordered]} for one in ordered]
    return {"columns": ordered, "rows": rows}


def _options(counts: Iterable[tuple[str, str, int]], every: str, chosen: str) -> list[tuple[str, str]]:
    """Choices that have something to show, each with how many."""
    return [("", every), *((key, f"{text} ({many:,})") for key, text, many in counts if many or key == chosen)]


def _filters(found: Crossing, wanted: CrosswalkWanted) -> dict[str, Any]:
    known = sum(many for claim, many in found.counts.items() if claim is not Claim.RELATED)
    claims = [(KNOWN, "Known how they relate", known), *((one.value, CLAIMS[one][0], found.counts[one]) for one in Claim)]
    views = [(one.value, VIEWS[one][0], found.views[one]) for one in View]
    return {"claims": _options(claims, "Every relation", wanted.claim),
            "views": _options(views, "Whoever states it", wanted.view) if found.publishers else []}


def _render_crossing(place: Place, given: dict[str, str], wanted: CrosswalkWanted) -> str:
    found = crossing(place.catalogue, wanted.source, wanted.target)
    pairs, number = narrowed(found, wanted), page_number()
    start = (number - 1) * _SIZE
    shown = pairs[start:start + _SIZE]
    alone = request.args.get("show") == "alone"
    pages = tuple(_number(name) for name in ("down", "across"))
    drawn = None if alone or not pairs else map_of(found, pairs, wanted, (pages[0], pages[1]))
    narrowing = any((wanted.claim, wanted.view, wanted.text, wanted.first, wanted.second))
    return render_template(
        "pages/crosswalk.html", **place.common, **_filters(found, wanted), given=given, errors=Errors(), chosen="", beside=(),
        overview=None, crossing=found, names=(short_name(found.first), short_name(found.second)), wanted=wanted,
        rows=[] if alone else rows_of(shown, found, place.catalogue, place.ways), total=len(pairs), start=start,
        page=number, size=_SIZE, map=drawn, title_of=title_of, CLAIMS=CLAIMS, VIEWS=VIEWS, alone=alone, narrowing=narrowing,
        kept={"from": wanted.source, "to": wanted.target, **({"at": place.ways.at} if place.ways.at else {})},
        sides=_sides(found, place) if alone else [])


def _number(name: str) -> int:
    text = request.args.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _sides(found: Crossing, place: Place) -> list[dict[str, Any]]:
    """The requirements without a partner, of both frameworks, each with the controls that bear on it."""
    made = []
    ends = ((found.first, found.alone_first, found.ties_first), (found.second, found.alone_second, found.ties_second))
    for framework, ids, ties in ends:
        made.append({"framework": framework, "name": short_name(framework), "rows": [{
            "node": named(framework, id_, place.ways), "above": next((up.id for up in framework.above(id_) if up.id in ties), ""),
            "controls": [(control, place.ways.in_catalogue(control)) for control in ties.get(id_, ())],
            "through": ", ".join(target.requirement for target in framework.by_id[id_].through)} for id_ in ids]})
    return made


# -- files -----------------------------------------------------------------------------------------------------------


def _whole(place: Place) -> Crossing:
    """The crosswalk of the address, whole. Raises InputRefused where it does not name two frameworks."""
    wanted = _wanted(place.catalogue)
    for name, id_ in (("from", wanted.source), ("to", wanted.target)):
        if not id_:
            raise InputRefused("A crosswalk needs two frameworks.", field=name, mend="Name them by from= and to=.")
    return crossing(place.catalogue, wanted.source, wanted.target)


def _named(found: Crossing, place: Place, ending: str) -> str:
    moment = place.reader.moment
    return f"crosswalk-{found.first.id}-{found.second.id}-{iso_date(moment.instant)}-entry-{moment.position}.{ending}"


@blueprint.get("/crosswalk.csv")
@allow(Act.READ)
def as_csv() -> Response:
    """Every pair and every requirement without a partner, as CSV."""
    from govern.reports.crosswalk_tables import crosswalk_csv

    place = _place()
    found = _whole(place)
    lines = crosswalk_csv(found, place.catalogue)
    response = Response(stream_with_context(line.encode() for line in lines), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=_named(found, place, "csv"))
    return response


@blueprint.get("/crosswalk.xlsx")
@allow(Act.READ)
def as_workbook() -> Response:
    """The same as a workbook, with a sheet that says how to read it."""
    from govern.reports.crosswalk_tables import write_crosswalk

    place = _place()
    found = _whole(place)
    organisation = house().settings.organisation
    return whole_file(lambda target: write_crosswalk(found, place.catalogue, place.reader.moment, organisation, target), XLSX,
                      _named(found, place, "xlsx"))
