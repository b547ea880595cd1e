"""Search over everything: answers while somebody types, and a page that shows the same without script.

The catalogue is searched in memory (`catalogue.finding`), what is on record in the database (`records.search`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, json, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act, may_anywhere
from govern.catalogue import finding
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.records import search as records
from govern.records.evidence import COUNT_LIMIT
from govern.schemas.forms import load_form
from govern.schemas.queries import SearchQuery, SearchWanted
from govern.web import frame
from govern.web.evidence import kind_title, page_number
from govern.web.frameworks_view import Ways

blueprint = Blueprint("search", __name__)
_MOST, _SIZE = 8, 40
"""How many of a sort stand among others, and how many on a page of their own."""

Sort = records.Sort | finding.Sort
SORTS: dict[str, tuple[Sort, str, str, str]] = {
    one[0].value: one for one in (
        (records.Sort.SYSTEM, "Systems", "System", "boxes"), (records.Sort.EVIDENCE, "Evidence", "Evidence", "file-check"),
        (records.Sort.PERSON, "People", "Person", "user-round"), (finding.Sort.CONTROL, "Controls", "Control", "list-checks"),
        (finding.Sort.REQUIREMENT, "Requirements", "Requirement", "scroll-text"),
        (finding.Sort.FRAMEWORK, "Frameworks", "Framework", "library"),
        (finding.Sort.KIND, "Kinds of evidence", "Kind of evidence", "file-text"),
        (finding.Sort.THREAT, "Threats", "Threat", "shield-half"), (finding.Sort.TRAIT, "Traits", "Trait", "tag"))}
"""Sort, its title, one of it, and its icon, in the order in which equally good groups stand."""


@dataclass(frozen=True)
class Answer:
    """Something found: what it is called (`code` is its id where people use one), what it is, and where it stands."""

    label: str
    code: str
    kind: str
    detail: str
    href: str


@dataclass(frozen=True)
class Group:
    """What was found of one sort: the best of it, how many there are (None: more than are counted), and all of it."""

    sort: str
    title: str
    count: int
    counted: bool
    all: str
    answers: tuple[Answer, ...]

    @property
    def count_text(self) -> str:
        """How many, in words."""
        return f"{self.count:,}" if self.counted else f"more than {self.count:,}"


@dataclass(frozen=True)
class Here:
    """Who looks, at which moment, for what."""

    reader: Reader
    catalogue: Catalogue
    wanted: SearchWanted
    ways: Ways
    size: int = _MOST
    offset: int = 0

    @property
    def typed(self) -> bool:
        """Whether enough was written to look for."""
        return sum(char.isalnum() for char in self.wanted.text) >= 2

    def all_of(self, sort: str) -> str:
        """The address of everything found of a sort."""
        given = {"q": self.wanted.text, "in": sort, "at": self.ways.at}
        return f"/search?{urlencode({name: value for name, value in given.items() if value})}"


# -- where things stand ----------------------------------------------------------------------------------------------


def _recorded(hit: records.Hit, here: Here) -> Answer:
    _, _, word, _ = SORTS[hit.sort.value]
    if hit.sort is records.Sort.SYSTEM:
        return Answer(hit.name, "", word, "", here.ways.of_system(hit.key))
    if hit.sort is records.Sort.EVIDENCE:
        return Answer(hit.name, "", word, kind_title(here.catalogue, hit.kind), here.ways.evidence(hit.key))
    if may_anywhere(here.reader.actor, Act.MANAGE_PEOPLE):
        return Answer(hit.name, "", word, "Account and roles", f"/settings/people/{hit.key}")
    return Answer(hit.name, "", word, "What they did", f"/activity?{urlencode({'actor': hit.key})}")


def _entry(entry: finding.Entry, here: Here) -> Answer:
    _, _, word, _ = SORTS[entry.sort.value]
    at = f"&at={quote(here.ways.at)}" if here.ways.at else ""
    match entry.sort:
        case finding.Sort.CONTROL:
            return Answer(entry.title, entry.id, word, entry.detail, here.ways.control(entry.id))
        case finding.Sort.REQUIREMENT:
            framework = short_name(here.catalogue.frameworks[entry.framework])
            return Answer(entry.title, entry.id, framework, entry.detail, here.ways.requirement(entry.framework, entry.id))
        case finding.Sort.FRAMEWORK:
            return Answer(entry.title, short_name(here.catalogue.frameworks[entry.id]), word, entry.detail,
                          here.ways.framework(entry.id))
        case finding.Sort.KIND:
            return Answer(entry.title, "", word, entry.detail, f"/evidence?kind={quote(entry.id)}{at}")
        case finding.Sort.THREAT:
            return Answer(entry.title, "", word, entry.detail, here.ways.controls(threat=entry.id))
        case finding.Sort.TRAIT:
            return Answer(entry.title, "", word, entry.detail, f"/systems?trait={quote(entry.id)}{at}")


# -- looking ---------------------------------------------------------------------------------------------------------


def _groups(here: Here) -> list[Group]:
    """What is found, the sort with the best hit first; of one sort only where one is asked for."""
    if not here.typed:
        return []
    wanted = [SORTS[here.wanted.sort][0]] if here.wanted.sort else [one[0] for one in SORTS.values()]
    made = [*_of_records(here, wanted), *_of_catalogue(here, wanted)]
    order = list(SORTS)
    return [group for _, group in sorted(made, key=lambda one: (one[0], order.index(one[1].sort)))]


def _of_records(here: Here, wanted: Iterable[Sort]) -> Iterable[tuple[int, Group]]:
    sorts = [one for one in wanted if isinstance(one, records.Sort)]
    found = records.search(visit().connection, here.reader, here.wanted.text, here.size, offset=here.offset, sorts=sorts)
    for sort, one in found.items():
        counted = one.total <= COUNT_LIMIT
        answers = tuple(_recorded(hit, here) for hit in one.hits)
        exact = any(hit.name.casefold() == here.wanted.text.casefold() for hit in one.hits)
        yield finding.Fit.ID if exact else finding.Fit.TITLE, Group(
            sort.value, SORTS[sort.value][1], min(one.total, COUNT_LIMIT), counted, here.all_of(sort.value), answers)


def _of_catalogue(here: Here, wanted: Iterable[Sort]) -> Iterable[tuple[int, Group]]:
    sorts = [one for one in wanted if isinstance(one, finding.Sort)]
    found = finding.find(here.catalogue, here.wanted.text) if sorts else {}
    for sort in sorts:
        hits = found.get(sort, [])
        if hits:
            shown = hits[here.offset:here.offset + here.size]
            yield hits[0].fit, Group(sort.value, SORTS[sort.value][1], len(hits), True, here.all_of(sort.value),
                                     tuple(_entry(hit.entry, here) for hit in shown))


def _here(*, paged: bool) -> Here:
    """What the address asks for. Raises InputRefused for a moment that is none."""
    wanted = load_form(SearchQuery, request.args)
    wanted = SearchWanted(wanted.text, wanted.sort if paged and wanted.sort in SORTS else "")
    reader = visit().reader(at_of_request())
    full = bool(wanted.sort)
    return Here(reader, visit().catalogue(reader), wanted, Ways("", request.args.get("at", "")), _SIZE if full else _MOST,
                (page_number() - 1) * _SIZE if full else 0)


@blueprint.get("/search")
@allow(Act.READ)
def page() -> str:
    """Everything that fits: the best of each sort, or all of one sort by pages."""
    here = _here(paged=True)
    back = f"/search?{urlencode({name: value for name, value in (('q', here.wanted.text), ('at', here.ways.at)) if value})}"
    return render_template("pages/search.html", q=here.wanted.text, typed=here.typed, found=_groups(here), sort=here.wanted.sort,
                           sorts=SORTS, offset=here.offset, page=page_number(), back=back, at=here.ways.at,
                           moment=frame.moment_shown())


@blueprint.get("/search.json")
@allow(Act.READ)
def answers() -> Response:
    """The best of each sort, for the box in the top bar."""
    here = _here(paged=False)
    groups: list[dict[str, Any]] = [{**asdict(one), "count_text": one.count_text, "icon": SORTS[one.sort][3]}
                                    for one in _groups(here)]
    return Response(json.dumps({"q": here.wanted.text, "groups": groups}), mimetype="application/json")
