"""Search over names: a page, and answers while one types."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, json, render_template, request

from govern.access.policy import Act
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import visit
from govern.records.search import search
from govern.web.frameworks_view import Ways

blueprint = Blueprint("search", __name__)
_MOST = 8


def _in_catalogue(catalogue: Catalogue, text: str) -> list[dict[str, str]]:
    wanted, ways = text.casefold(), Ways()
    found = [{"label": f"{control.id} {control.title}", "kind": "Control", "href": f"/controls/{control.id}",
              "detail": control.objective}
             for control in catalogue.controls.values()
             if wanted in f"{control.id} {control.title}".casefold()][:_MOST]
    for framework in catalogue.frameworks.values():
        found += [{"label": f"{one.id} {one.title}", "kind": framework.title,
                   "href": ways.requirement(framework.id, one.id), "detail": one.gist}
                  for one in framework.requirements if wanted in f"{one.id} {one.title}".casefold()][:4]
    return found


def _asked() -> str:
    """The words of the address; what cannot be printed is left out."""
    return "".join(char for char in request.args.get("q", "") if char.isprintable()).strip()[:100]


def _results(text: str) -> list[dict[str, str]]:
    if len(text) < 2:
        return []
    here = visit()
    reader = here.reader()
    found = []
    for hit in search(here.connection, reader, text, _MOST):
        href = f"/systems/{hit.key}" if hit.kind == "system" else f"/evidence/{hit.key}"
        found.append({"label": hit.name, "kind": hit.kind.title(), "href": href, "detail": ""})
    return found + _in_catalogue(here.catalogue(), text)


@blueprint.get("/search")
@allow(Act.READ)
def page() -> str:
    """Everything whose name holds the words."""
    text = _asked()
    return render_template("pages/search.html", q=text, results=_results(text))


@blueprint.get("/search.json")
@allow(Act.READ)
def answers() -> Any:
    """The same for the palette."""
    text = _asked()
    return Response(json.dumps({"results": _results(text)}), mimetype="application/json")
