"""What the pages of the catalogue show: its counts and reach, versions, what an addition holds, what a proposal changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from govern.assurance.outcomes import Status
from govern.assurance.switching import Switch, Switched
from govern.catalogue.difference import Change, Difference
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue
from govern.catalogue.reach import figures
from govern.errors import CatalogueError, Mistake
from govern.facts.audit import Action
from govern.records.catalogues import CatalogueVersion
from govern.records.consequences import Touched, TouchedSystem
from govern.web.when import When, moment_text

FORMATS = {"yaml": "YAML", "json": "JSON", "workbook": "Workbook", "oscal-catalog": "OSCAL catalog",
           "oscal-profile": "OSCAL profile", "oscal-mapping": "OSCAL mapping"}
_HOW = {Action.CATALOGUE_RECORD: "Put in force with the installation", Action.CATALOGUE_UPGRADE: "Shipped catalogue taken",
        Action.ADDITION_BRING: "Addition brought", Action.ADDITION_REMOVE: "Addition taken out"}
_SORTS = (("new", "ok"), ("changed", "info"), ("gone", "gap"))
_NAMED = 100  # changes of one sort that a page names; the rest is counted
_LINES = 12  # controls of one system that a preview names
_FIRST = 4  # open requirements that the table of reach names
_FAULTS = 200


def counted(number: int, word: str, many: str = "") -> str:
    """A number with its word."""
    return f"{number:,} {word if number == 1 else many or word + 's'}"


# -- the catalogue in force ------------------------------------------------------------------------------------------


def counts_of(catalogue: Catalogue) -> dict[str, int]:
    """How much the catalogue holds."""
    checks = [check for ask in catalogue.asks.values() for check in ask.checks]
    return {
        "controls": len(catalogue.controls), "domains": len(catalogue.domains), "asks": len(catalogue.asks),
        "checks": len(checks), "computed": sum(check.expression is not None for check in checks),
        "mappings": sum(len(control.mappings) for control in catalogue.controls.values()),
        "frameworks": len(catalogue.frameworks),
        "requirements": sum(len(one.requirements) for one in catalogue.frameworks.values()),
        "kinds": len(catalogue.kinds), "traits": len(catalogue.traits), "baselines": len(catalogue.baselines),
        "crosswalks": len(catalogue.crosswalks), "threats": len(catalogue.threats),
    }


def requirement_href(framework: str, requirement: str, at: str = "") -> str:
    """The address of a requirement."""
    return f"/frameworks/{quote(framework)}/{quote(requirement, safe='()')}" + (f"?at={quote(at)}" if at else "")


def reach_rows(catalogue: Catalogue, at: str) -> list[dict[str, Any]]:
    """How far the controls reach into each framework, and the first requirements that stay open."""
    rows = []
    for one in catalogue.frameworks.values():
        found = figures(catalogue, one)
        rows.append({
            "framework": one, "name": short_name(one), "reach": found,
            "href": f"/frameworks/{quote(one.id)}" + (f"?at={quote(at)}" if at else ""),
            "can": found.assessable - len(found.open), "mapped": one.id in catalogue.mapped,
            "first": [{"id": name, "why": one.gaps.get(name, ""), "href": requirement_href(one.id, name, at)}
                      for name in found.open[:_FIRST]],
            "more": max(0, len(found.open) - _FIRST)})
    return rows


@dataclass(frozen=True)
class VersionLine:
    """One catalogue that was put in force, as a list shows it."""

    entry: int
    digest: str
    when: When
    who: str
    how: str
    current: bool


def version_lines(found: Iterable[CatalogueVersion], names: Mapping[str, str], digest: str, newest: int) -> list[VersionLine]:
    """Versions for a list; `newest` is the entry of the one in force."""
    return [VersionLine(one.entry, one.digest, moment_text(one.instant), names.get(one.actor, "Somebody"),
                        _HOW.get(one.action, one.action.value), one.entry == newest and one.digest == digest) for one in found]


# -- what an addition holds ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """One thing that an addition brings: of which sort, what it is called, how much it is, where it is looked at."""

    sort: str
    title: str
    amount: str
    href: str = ""


def held_by(tree: Mapping[str, Any]) -> list[Held]:
    """What an addition brings, told by its document as plain data."""
    return [*_frameworks(tree), *_domains(tree), *_mappings(tree), *_others(tree)]


def held_in_short(tree: Mapping[str, Any]) -> str:
    """What an addition brings, in one line."""
    by_sort: dict[str, int] = {}
    for one in held_by(tree):
        by_sort[one.sort] = by_sort.get(one.sort, 0) + 1
    return ", ".join(counted(number, sort.lower()) for sort, number in by_sort.items())


def _frameworks(tree: Mapping[str, Any]) -> Iterator[Held]:
    for one in tree.get("frameworks") or ():
        yield Held("Framework", one["title"], counted(len(one["requirements"]), "requirement"), f"/frameworks/{quote(one['id'])}")


def _domains(tree: Mapping[str, Any]) -> Iterator[Held]:
    for one in tree.get("domains") or ():
        asks = sum(len(control["asks"]) for control in one["controls"])
        yield Held("Domain", one["domain"]["title"], f"{counted(len(one['controls']), 'control')}, {counted(asks, 'ask')}",
                   f"/controls?domain={quote(one['domain']['id'])}")


def _mappings(tree: Mapping[str, Any]) -> Iterator[Held]:
    for one in tree.get("mappings") or ():
        links = sum(len(item["controls"]) for item in one.get("mappings") or ())
        parts = [counted(links, "mapping")]
        parts += [counted(len(one[key]), word) for key, word in (("joint", "complete set"), ("gaps", "gap")) if one.get(key)]
        yield Held("Mapping", f"To {one['framework']}", ", ".join(parts), f"/frameworks/{quote(one['framework'])}")


def _others(tree: Mapping[str, Any]) -> Iterator[Held]:
    for one in tree.get("crosswalks") or ():
        yield Held("Crosswalk", one["title"], f"pairs of {counted(len(one['pairs']), 'requirement')}",
                   f"/frameworks/{quote(one['from'])}")
    for one in tree.get("baselines") or ():
        amount = "all controls" if one["controls"] == "all" else counted(len(one["controls"]), "control")
        yield Held("Baseline", one["title"], amount, "/baselines")
    for one in tree.get("texts") or ():
        yield Held("Text", f"Official texts of {one['framework']}", counted(len(one["texts"]), "text"),
                   f"/frameworks/{quote(one['framework'])}")


# -- what changes ----------------------------------------------------------------------------------------------------


def changes_shown(found: Difference, known: Catalogue) -> list[dict[str, Any]]:
    """Each part of the catalogue in which something differs; things that `known` has are links."""
    return [{
        "title": part.part[0].upper() + part.part[1:], "id": part.part.replace(" ", "-"), "count": part.count,
        "sorts": [{"word": word, "tone": tone, "count": len(changes), "more": max(0, len(changes) - _NAMED),
                   "changes": [_change(one, part.part, known) for one in changes[:_NAMED]]}
                  for (word, tone), changes in zip(_SORTS, (part.new, part.changed, part.gone), strict=True) if changes],
    } for part in found.parts]


def _change(one: Change, part: str, known: Catalogue) -> dict[str, Any]:
    href, name = "", one.id
    if part == "controls" and one.id in known.controls:
        href = f"/controls/{quote(one.id)}"
    elif part == "frameworks" and one.id in known.frameworks:
        href = f"/frameworks/{quote(one.id)}"
    elif part == "requirements":
        framework, _, name = one.id.partition(" ")
        if framework in known.frameworks and name in known.frameworks[framework].by_id:
            href = requirement_href(framework, name)
        name = f"{framework}, {name}"
    return {"id": name, "title": one.title, "parts": ", ".join(one.parts), "href": href}


_SWITCHES = {Switch.ON: "asked for newly", Switch.OFF: "no longer asked for", Switch.ASKS: "asked for other evidence",
             Switch.STATUS: "with another status"}


def touched_shown(touched: Touched, after: Catalogue) -> dict[str, Any]:
    """The systems that a proposal touches: how many controls differ and how, and the counts of statuses now and then."""
    rows = [_system(one, after) for one in touched.systems]
    return {"rows": rows, "looked_at": touched.looked_at, "total": touched.all_, "whole": touched.whole,
            "changes": sum(row["changes"] for row in rows)}


def _system(one: TouchedSystem, after: Catalogue) -> dict[str, Any]:
    switched, before, then = one.consequence.switched, one.consequence.before.summary, one.consequence.after.summary
    sorts = [counted(number, "control") + f" {word}" for switch, word in _SWITCHES.items()
             if (number := len(one.consequence.of(switch)))]
    return {
        "name": one.system.name, "slug": one.system.slug, "changes": len(switched), "sorts": sorts,
        "statuses": [{"status": status.value, "now": before[status], "then": then[status]} for status in Status
                     if before[status] or then[status]],
        "lines": [_line(line, after) for line in switched[:_LINES]], "more": max(0, len(switched) - _LINES)}


def _line(one: Switched, after: Catalogue) -> dict[str, Any]:
    asks = [after.asks[id_].title for id_ in one.asks_on if id_ in after.asks]
    return {"id": one.control, "title": one.title, "what": _SWITCHES[one.switch], "before": one.before.value if one.before else "",
            "after": one.after.value if one.after else "", "asks": asks, "fewer": len(one.asks_off),
            "reasons": [{"text": reason.text} for reason in one.reasons]}


# -- what is wrong ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Faults:
    """What is wrong with a document, each with its place; `more` counts those that are not shown."""

    rows: Sequence[Mapping[str, str]]
    more: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.rows) + self.more


def faults_of(error: CatalogueError) -> Faults:
    """The mistakes of a document as rows of a table."""
    return Faults([notes_row(one) for one in error.mistakes[:_FAULTS]], max(0, len(error.mistakes) - _FAULTS))


def notes_row(one: Mistake) -> dict[str, str]:
    """A mistake or a warning as a row: its place, what it is, what mends it."""
    return {"place": f"{one.file}, line {one.line}" if one.line else one.file, "text": one.text, "mend": one.mend}
