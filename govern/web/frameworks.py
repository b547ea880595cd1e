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
from govern.assurance.selected import bearing_on
from govern.catalogue.families import family_of, short_name
from govern.catalogue.objects import Catalogue, Framework, Target
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.errors import NotFound
from govern.facts.evidence import Evidence, Version
from govern.facts.snapshot import Snapshot
from govern.records.snapshot import snapshot
from govern.records.snapshots import AT_ONCE
from govern.records.systems import SystemLine, systems
from govern.web import frame
from govern.web.evidence import kind_title, state_of
from govern.web.frameworks_index import families_of, heat_of
from govern.web.frameworks_view import (
    REACH,
    Node,
    View,
    Wanted,
    Ways,
    branches_of,
    choices_of,
    counted,
    good,
    left_open,
    nodes_of,
    offered,
)
from govern.web.requirement_view import (
    Met,
    above,
    crosswalks_of,
    dates_shown,
    met_by,
    related,
    relations_in,
    sets_of,
    through_of,
)
from govern.web.side_by_side import Part, judged, part_of, seen_of, standing
from govern.web.when import day

blueprint = Blueprint("frameworks", __name__)
_ROWS = 40
"""Systems on one page of the heat map, which needs only kept summaries."""


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

    def framework(self, id_: str) -> Framework:
        """A framework of the catalogue; raises NotFound."""
        found = self.catalogue.frameworks.get(id_)
        if found is None:
            raise NotFound("There is no such framework.", mend="Choose one from the list of frameworks.")
        return found


def _place() -> Place:
    """Raises NotFound for a system that the reader cannot see at the moment."""
    reader = visit().reader(at_of_request())
    slug = request.args.get("system", "")
    lines = systems(visit().connection, reader)
    chosen = next((line for line in lines if line.system.slug == slug), None) if slug else None
    if slug and chosen is None:
        raise NotFound("There is no such system at that moment.", mend="Choose another moment or system.")
    return Place(reader, visit().catalogue(reader), lines, chosen, Ways(slug, request.args.get("at", "")))


def _view(place: Place, framework: Framework) -> tuple[View, Snapshot | None]:
    """A framework judged for the chosen system, with the snapshot judged."""
    if place.chosen is None:
        return View(framework, place.catalogue, place.ways), None
    seen = snapshot(visit().connection, place.reader, place.chosen.system)
    posture = derive(seen, place.catalogue)
    return View(framework, place.catalogue, place.ways, posture, cover(posture, framework, place.catalogue)), seen


# -- all frameworks --------------------------------------------------------------------------------------------------


@blueprint.get("/frameworks")
@allow(Act.READ)
def listing() -> str:
    """Every framework by family, with its coverage by one system, or by all in scope."""
    place = _place()
    options = place.common
    lines = [place.chosen] if place.chosen else place.lines
    now = place.reader.position is None
    part = part_of(lines, _ROWS if now else AT_ONCE)
    asked = lines if now else part.lines  # for the past nothing is kept: the systems of this page alone are derived
    found = standing(place.reader, asked)
    return render_template(
        "pages/frameworks.html", **options, part=part, asked=len(asked), total=len(place.catalogue.frameworks),
        families=families_of(place.catalogue, place.ways, found.shares.values()),
        heat=heat_of(part.lines, place.catalogue, place.ways, found.shares),
        renewing=sum(line.system.key not in found.fresh for line in asked))


# -- one framework ---------------------------------------------------------------------------------------------------


def _statuses(view: View, counts: Mapping[str, int], chosen: str) -> list[tuple[str, str]]:
    """The statuses to filter by, each with how many assessable requirements have it."""
    words = ({one.value: one.value.capitalize() for one in Covered} if view.coverage
             else {key: text for key, (text, _) in REACH.items()})
    return [("", "Every status"), *((key, f"{text} ({counts[key]})") for key, text in words.items()
                                    if counts[key] or key == chosen)]


def _wanted(view: View) -> Wanted:
    given = request.args
    status = given.get("status", "")
    if status not in (REACH if view.coverage is None else list(Covered)):
        status = ""  # a status of the page without a system says nothing with one, and the other way round
    return Wanted(given.get("q", "").strip()[:100].casefold(), status, given.get("priority", ""), given.get("tag", ""))


def _side_by_side(view: View, part: Part, place: Place) -> tuple[View, list[dict[str, Any]]]:
    """The view with the coverages of one page of systems, and a row for each."""
    targets = [Target(view.framework.id, one.id) for one in view.framework.requirements]
    postures = judged(seen_of(place.reader, part.lines), place.catalogue, bearing_on(place.catalogue, targets))
    many = {key: cover(posture, view.framework, place.catalogue) for key, posture in postures.items()}
    assessable = frozenset(one.id for one in view.framework.requirements if one.assessable)
    rows = []
    for line in part.lines:
        met, all_ = many[line.system.key].share(assessable)
        rows.append({"name": line.system.name, "href": place.ways.framework(view.framework.id, line.system.slug),
                     "met": met, "counted": all_})
    return replace(view, many=tuple(many.values())), rows


def _figures(nodes: Mapping[str, Node]) -> dict[str, Any]:
    """The counts over assessable requirements."""
    assessed = [node for node in nodes.values() if node.assessable]
    return {"counts": Counter(node.status for node in assessed), "assessable": len(assessed),
            "good": sum(map(good, filter(counted, assessed))), "counted": sum(map(counted, assessed))}


@blueprint.get("/frameworks/<id_>")
@allow(Act.READ)
def tree(id_: str) -> str:
    """The requirements of a framework as a tree, with how the chosen system, or each of several, meets them."""
    place = _place()
    framework = place.framework(id_)
    view, _ = _view(place, framework)
    part = part_of(place.lines, AT_ONCE)
    rows: list[dict[str, Any]] = []
    if place.chosen is None:
        view, rows = _side_by_side(view, part, place)
    nodes, wanted = nodes_of(view), _wanted(view)
    figures = _figures(nodes)
    shown = [node.id for node in nodes.values() if wanted.fits(node)]
    few = len(framework.requirements) <= _ROWS
    return render_template(
        "pages/framework.html", **place.common, **figures, **choices_of(framework, place.catalogue), framework=framework,
        family=family_of(framework), reach=REACH, label=short_name(framework), branches=branches_of(view, nodes, shown),
        found=len(shown), wanted=wanted, q=request.args.get("q", "").strip()[:100], part=part, rows=rows,
        statuses=_statuses(view, figures["counts"], wanted.status), clear=place.ways.framework(id_),
        opened=wanted.narrowed or few or request.args.get("open") == "all", foldable=not (wanted.narrowed or few),
        gaps=left_open(nodes.values(), offered(framework, place.catalogue)),
        dates=dates_shown(framework.dates, place.reader.moment.instant))


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


def _where_met(view: View, requirement: str, part: Part, place: Place) -> list[Met]:
    """How each system of one page stands with a requirement; only what bears on it is judged."""
    seen = seen_of(place.reader, part.lines)
    postures = judged(seen, place.catalogue, bearing_on(place.catalogue, [Target(view.framework.id, requirement)]))
    rows = []
    for line in part.lines:
        posture = postures[line.system.key]
        outcome = cover(posture, view.framework, place.catalogue).requirements[requirement]
        rows.append(met_by(line.system, seen[line.system.key], posture, outcome, view))
    return rows


@blueprint.get("/frameworks/<id_>/<path:requirement>")
@allow(Act.READ)
def one(id_: str, requirement: str) -> str:
    """One requirement: what it says, what is mapped to it and why, and where it is met, by which evidence."""
    place = _place()
    framework = place.framework(id_)
    if requirement not in framework.by_id:
        raise NotFound("The framework has no such requirement.", mend="Choose one from its tree.")
    view, seen = _view(place, framework)
    nodes, part = nodes_of(view), part_of(place.lines, AT_ONCE)
    mappings = related(view, requirement)
    crumbs = [{"label": "Frameworks", "href": view.ways.frameworks()},
              {"label": short_name(framework), "href": view.ways.framework(id_)},
              *({"label": up.id, "href": view.ways.requirement(id_, up.id)} for up in above(framework, requirement)),
              {"label": requirement, "href": ""}]
    return render_template(
        "pages/requirement.html", **place.common, framework=framework, reach=REACH, crumbs=crumbs, part=part,
        node=nodes[requirement], requirement=framework.by_id[requirement],
        children=[nodes[child.id] for child in framework.children.get(requirement, ())],
        mappings=[{**row, "evidence": _linked(row["control"].id, seen, place)} for row in mappings],
        relations=relations_in(mappings),
        sets=sets_of(view, requirement), through=through_of(view, framework.by_id[requirement]),
        crosswalks=crosswalks_of(view, requirement), beside=_beside(view, list(nodes), requirement),
        dates=dates_shown(framework.dates_of(requirement), place.reader.moment.instant),
        rows=[] if place.chosen else _where_met(view, requirement, part, place))
