"""Frameworks: how far systems meet each, and the way down from a framework to requirement, control and evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act
from govern.assurance.coverage import cover
from govern.assurance.outcomes import Covered
from govern.assurance.posture import derive
from govern.catalogue.objects import Catalogue, Framework
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.errors import NotFound
from govern.facts.evidence import Evidence, Version
from govern.facts.snapshot import Snapshot
from govern.records.snapshot import snapshot
from govern.records.spans import Summary
from govern.records.systems import SystemLine, systems
from govern.web import frame
from govern.web.evidence import kind_title, state_of
from govern.web.frameworks_view import REACH, View, Ways, above, counted, fits, good, nodes_of, related, sets_of, tops_of
from govern.web.overview import framework_label
from govern.web.standing_of import summaries_for
from govern.web.when import day

blueprint = Blueprint("frameworks", __name__)
_ROWS = 40


@dataclass(frozen=True)
class Place:
    """What a framework page looks at: the moment, the systems to choose from, the one chosen (None: no system)."""

    reader: Reader
    catalogue: Catalogue
    lines: list[SystemLine]
    chosen: SystemLine | None
    ways: Ways

    @property
    def common(self) -> dict[str, Any]:
        """What every template of frameworks knows."""
        return {"ways": self.ways, "chosen": self.chosen.system if self.chosen else None, "at": self.ways.at,
                "systems": [(line.system.slug, line.system.name) for line in self.lines], "moment": frame.moment_shown()}


def _place() -> Place:
    """Raises NotFound for a system that the reader cannot see at the moment."""
    reader = visit().reader(at_of_request())
    slug = request.args.get("system", "")
    lines = systems(visit().connection, reader)
    chosen = next((line for line in lines if line.system.slug == slug), None) if slug else None
    if slug and chosen is None:
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    return Place(reader, visit().catalogue(reader), lines, chosen, Ways(slug, request.args.get("at", "")))


def _view(place: Place, id_: str) -> tuple[View, Snapshot | None]:
    """A framework judged for the chosen system, with the snapshot judged; raises NotFound."""
    framework = place.catalogue.frameworks.get(id_)
    if framework is None:
        raise NotFound("There is no such framework.", mend="Choose one from the list of frameworks.")
    if place.chosen is None:
        return View(framework, place.catalogue, place.ways), None
    seen = snapshot(visit().connection, place.reader, place.chosen.system)
    posture = derive(seen, place.catalogue)
    return View(framework, place.catalogue, place.ways, posture, cover(posture, framework, place.catalogue)), seen


# -- all frameworks --------------------------------------------------------------------------------------------------


def _percent(met: int, many: int) -> int | None:
    return round(100 * met / many) if many else None


def _card(framework: Framework, place: Place, kept: Mapping[str, Summary]) -> dict[str, Any]:
    shares = [kept[line.system.key].coverage.get(framework.id, (0, 0)) for line in place.lines if line.system.key in kept]
    met, many = sum(one for one, _ in shares), sum(one for _, one in shares)
    links = place.catalogue.mapped.get(framework.id, {}).values()
    return {
        "framework": framework, "met": met, "counted": many, "percent": _percent(met, many),
        "href": place.ways.framework(framework.id), "assessable": sum(one.assessable for one in framework.requirements),
        "controls": len({control for pairs in links for control, _ in pairs}),
    }


def _heat(place: Place, kept: Mapping[str, Summary]) -> dict[str, Any]:
    rows = []
    for line in place.lines[:_ROWS]:
        cells = []
        for id_ in place.catalogue.frameworks:
            met, many = kept[line.system.key].coverage.get(id_, (0, 0)) if line.system.key in kept else (0, 0)
            cells.append({"value": _percent(met, many), "href": place.ways.framework(id_, line.system.slug),
                          "label": f"{line.system.name}, {framework_label(id_, place.catalogue)}: {met} of {many} met"})
        rows.append({"label": line.system.name, "href": place.ways.of_system(line.system.slug), "cells": cells})
    columns = [{"label": framework_label(id_, place.catalogue), "href": place.ways.framework(id_)}
               for id_ in place.catalogue.frameworks]
    return {"columns": columns, "rows": rows, "more": max(0, len(place.lines) - _ROWS)}


@blueprint.get("/frameworks")
@allow(Act.READ)
def listing() -> str:
    """Every framework with its coverage by one system, or by all in scope."""
    place = _place()
    options = place.common
    shown = replace(place, lines=[place.chosen]) if place.chosen else place
    _, kept = summaries_for(place.reader, shown.lines)
    return render_template(
        "pages/frameworks.html", **options, heat=_heat(shown, kept), many=len(shown.lines),
        cards=[_card(framework, shown, kept) for framework in place.catalogue.frameworks.values()],
        renewing=sum(line.system.key not in kept or not kept[line.system.key].fresh for line in shown.lines))


# -- one framework ---------------------------------------------------------------------------------------------------


def _choices(view: View, counts: Mapping[str, int], chosen: str) -> list[tuple[str, str]]:
    """The statuses to filter by, each with how many assessable requirements have it."""
    words = ({one.value: one.value.capitalize() for one in Covered} if view.coverage
             else {key: text for key, (text, _) in REACH.items()})
    return [("", "Every status"), *((key, f"{text} ({counts[key]})") for key, text in words.items()
                                    if counts[key] or key == chosen)]


@blueprint.get("/frameworks/<id_>")
@allow(Act.READ)
def tree(id_: str) -> str:
    """The requirements of a framework as a tree, with how the chosen system meets each."""
    place = _place()
    view, _ = _view(place, id_)
    status, text = request.args.get("status", ""), request.args.get("q", "").strip()[:100]
    if status not in (REACH if view.coverage is None else list(Covered)):
        status = ""  # a status of the page without a system says nothing with one, and the other way round
    nodes = nodes_of(view)
    assessed = [node for node in nodes.values() if node.assessable]
    counts = Counter(node.status for node in assessed)
    shown = [node.id for node in nodes.values() if fits(node, status, text.casefold())]
    narrowed = bool(status or text)
    return render_template(
        "pages/framework.html", **place.common, framework=view.framework, reach=REACH, counts=counts,
        label=framework_label(id_, place.catalogue), tops=tops_of(view, nodes, shown), found=len(shown), narrowed=narrowed,
        statuses=_choices(view, counts, status), status_now=status, q=text,
        opened=narrowed or request.args.get("open") == "all", clear=place.ways.framework(id_),
        good=sum(map(good, filter(counted, assessed))), counted=sum(map(counted, assessed)), assessable=len(assessed),
        gaps=[] if view.coverage else [node for node in assessed if node.status in ("open", "none")])


# -- one requirement -------------------------------------------------------------------------------------------------


def _linked(control: str, seen: Snapshot | None, place: Place) -> list[dict[str, str]]:
    """The evidence that is linked to a control, as file_list shows it; none without a system."""
    every = seen.evidence if seen else ()
    return [_file(one, one.newest, place) for one in every if control in one.controls and one.newest is not None]


def _file(one: Evidence, newest: Version, place: Place) -> dict[str, str]:
    detail = f"{kind_title(place.catalogue, one.kind)}, version {newest.number}, work of {day(newest.worked).text}"
    return {"title": one.title, "href": place.ways.evidence(one.key), "detail": detail, "status": state_of(newest)}


def _beside(view: View, ids: list[str], id_: str) -> dict[str, str]:
    """The requirements before and after this one."""
    at = ids.index(id_)
    before = view.ways.requirement(view.framework.id, ids[at - 1]) if at else ""
    after = view.ways.requirement(view.framework.id, ids[at + 1]) if at + 1 < len(ids) else ""
    return {"text": f"{at + 1} of {len(ids)}", "previous": before, "next": after}


@blueprint.get("/frameworks/<id_>/<path:requirement>")
@allow(Act.READ)
def one(id_: str, requirement: str) -> str:
    """One requirement: what it says, what is mapped to it and why, and with a system how each control stands."""
    place = _place()
    view, seen = _view(place, id_)
    if requirement not in view.framework.by_id:
        raise NotFound("The framework has no such requirement.", mend="Choose one from its tree.")
    nodes = nodes_of(view)
    crumbs = [{"label": "Frameworks", "href": view.ways.frameworks()},
              {"label": framework_label(id_, place.catalogue), "href": view.ways.framework(id_)},
              *({"label": up.id, "href": view.ways.requirement(id_, up.id)} for up in above(view.framework, requirement)),
              {"label": requirement, "href": ""}]
    return render_template(
        "pages/requirement.html", **place.common, framework=view.framework, reach=REACH, crumbs=crumbs,
        node=nodes[requirement], requirement=view.framework.by_id[requirement],
        children=[nodes[child.id] for child in view.framework.children.get(requirement, ())],
        mappings=[{**row, "evidence": _linked(row["control"].id, seen, place)} for row in related(view, requirement)],
        sets=sets_of(view, requirement), beside=_beside(view, list(nodes), requirement))
