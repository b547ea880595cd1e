"""What the pages of frameworks show: the tree with how each requirement is met, or could be by the mappings alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from govern.assurance.mapped import Hangs, hanging
from govern.assurance.outcomes import Coverage, Covered, How, Posture, Reason
from govern.catalogue.objects import Catalogue, Framework, Requirement
from govern.catalogue.reach import reaches

HOW = {How.DIRECT: "direct", How.JOINT: "joint", How.CHILDREN: "through its children", How.PARTIAL: "partial", How.NONE: ""}
REACH = {"one": ("One control can meet it", "ok"), "joint": ("A set can meet it", "part"),
         "parts": ("Its children can meet it", "info"), "open": ("In part at most", "warn"), "none": ("Nothing mapped", "bad")}
"""What the mappings offer a requirement: words and tone by the word used in the address."""


@dataclass(frozen=True)
class Ways:
    """Addresses that keep the chosen system (its slug) and the moment of the present page."""

    system: str = ""
    at: str = ""

    def _query(self, path: str, **more: str) -> str:
        given = {name: value for name, value in more.items() if value}
        return f"{path}?{urlencode(given)}" if given else path

    def frameworks(self) -> str:
        """The list of frameworks."""
        return self._query("/frameworks", system=self.system, at=self.at)

    def framework(self, id_: str, system: str | None = None) -> str:
        """The tree of a framework, for another system if one is given."""
        return self._query(f"/frameworks/{quote(id_)}", system=self.system if system is None else system, at=self.at)

    def requirement(self, framework: str, id_: str) -> str:
        """One requirement."""
        return self._query(f"/frameworks/{quote(framework)}/{quote(id_, safe='()')}", system=self.system, at=self.at)

    def control(self, id_: str) -> str:
        """A control of the chosen system, or of the catalogue without one."""
        return self._query(f"/systems/{self.system}/controls/{id_}" if self.system else f"/controls/{id_}", at=self.at)

    def evidence(self, key: str) -> str:
        """A piece of evidence."""
        return self._query(f"/evidence/{key}", at=self.at)

    def of_system(self, slug: str) -> str:
        """The page of a system."""
        return self._query(f"/systems/{slug}", at=self.at)


@dataclass(frozen=True)
class View:
    """One framework of a catalogue, judged for a system (posture and coverage) or for none."""

    framework: Framework
    catalogue: Catalogue
    ways: Ways
    posture: Posture | None = None
    coverage: Coverage | None = None


@dataclass(frozen=True)
class Mapped:
    """A control beside a requirement; `status` is empty without a system."""

    id: str
    title: str
    href: str
    status: str


@dataclass(frozen=True)
class Node:
    """A requirement as a row. `status`: coverage with a system, else a key of REACH; empty where nothing is assessed.

    `depth` counts from the top, which is 0.
    """

    id: str
    title: str
    gist: str
    level: str
    depth: int
    assessable: bool
    href: str
    status: str
    how: str
    reasons: tuple[Reason, ...]
    controls: tuple[Mapped, ...]
    priority: str


@dataclass(frozen=True)
class Group:
    """A requirement with all rows below it that are shown. `good` of `counted` assessable ones are met, or can be."""

    node: Node
    rows: tuple[Node, ...]
    good: int
    counted: int


@dataclass(frozen=True)
class Top:
    """A top node of a framework with its groups."""

    node: Node
    groups: tuple[Group, ...]
    good: int
    counted: int


# -- what the mappings alone offer -----------------------------------------------------------------------------------


def offered(framework: Framework, catalogue: Catalogue) -> Mapping[str, str]:
    """assessable requirement id → key of REACH, in document order."""
    hangs = hanging(framework, catalogue)
    found = {one.requirement: "one" if one.by_one else "joint" if one.jointly else "open" if one.reached else "none"
             for one in reaches(catalogue, framework)}
    can: set[str] = set()
    for id_, one in hangs.items():  # children stand before their parents
        if found.get(id_) in ("one", "joint"):
            can.add(id_)
        elif one.children and can.issuperset(one.children):
            can.add(id_)
            if id_ in found:
                found[id_] = "parts"
    return found


# -- the tree --------------------------------------------------------------------------------------------------------


def nodes_of(view: View) -> dict[str, Node]:
    """Every requirement as a row, in document order."""
    hangs = hanging(view.framework, view.catalogue)
    reach = {} if view.coverage else offered(view.framework, view.catalogue)
    made: dict[str, Node] = {}
    for one in view.framework.requirements:
        depth = made[one.parent].depth + 1 if one.parent is not None else 0
        made[one.id] = _node(view, one, depth, hangs[one.id], reach.get(one.id, ""))
    return made


def _node(view: View, one: Requirement, depth: int, hangs: Hangs, reach: str) -> Node:
    status, how = reach, ""
    reasons: tuple[Reason, ...] = ()
    if view.coverage is not None and (one.assessable or hangs.children):
        outcome = view.coverage.requirements[one.id]
        status, how, reasons = outcome.covered.value, HOW[outcome.how], outcome.reasons
    return Node(one.id, one.title, one.gist, one.level.replace("-", " "), depth, one.assessable,
                view.ways.requirement(view.framework.id, one.id), status, how, reasons,
                tuple(mapped(view, control) for control in hangs.controls), one.priority or "")


def mapped(view: View, control: str) -> Mapped:
    """One control beside a requirement."""
    outcome = view.posture.controls.get(control) if view.posture else None
    return Mapped(control, view.catalogue.controls[control].title, view.ways.control(control),
                  outcome.status.value if outcome else "")


def good(node: Node) -> bool:
    """Whether a requirement is met, or without a system: can be met by the mappings."""
    return node.status in (Covered.MET.value, "one", "joint", "parts")


def counted(node: Node) -> bool:
    """Whether a requirement counts for the shares."""
    return node.assessable and node.status != Covered.NOT_APPLICABLE.value


def tops_of(view: View, nodes: Mapping[str, Node], shown: Iterable[str]) -> list[Top]:
    """The tree in three storeys: top nodes, their children as groups, and the rows of each that are `shown`."""
    wanted = frozenset(shown)
    found = []
    for top in view.framework.children.get(None, ()):
        groups = []
        for one in view.framework.children.get(top.id, ()):
            members = [nodes[id_] for id_ in _from(view.framework, one.id)]
            rows = tuple(node for node in members if node.id in wanted)
            if rows:
                groups.append(Group(nodes[one.id], rows, *_share(members)))
        if groups or top.id in wanted:
            every = [nodes[id_] for id_ in _from(view.framework, top.id)]
            found.append(Top(nodes[top.id], tuple(groups), *_share(every)))
    return found


def _from(framework: Framework, id_: str) -> list[str]:
    """A requirement and all below it, in document order."""
    return [id_, *(below for child in framework.children.get(id_, ()) for below in _from(framework, child.id))]


def _share(nodes: Iterable[Node]) -> tuple[int, int]:
    counting = [node for node in nodes if counted(node)]
    return sum(map(good, counting)), len(counting)


def fits(node: Node, status: str, text: str) -> bool:
    """Whether a row is asked for. A status is asked of assessable requirements, which alone are counted."""
    if status and not (node.assessable and node.status == status):
        return False
    return not text or text in f"{node.id} {node.title} {node.gist}".casefold()


# -- one requirement -------------------------------------------------------------------------------------------------


def related(view: View, id_: str) -> list[dict[str, Any]]:
    """The controls that bear on a requirement: relation, why, and through which one above it (`via`)."""
    hangs = hanging(view.framework, view.catalogue)[id_]
    links = view.catalogue.mapped.get(view.framework.id, {})
    via: dict[str, str | None] = {}
    for control, source in _sources(hangs):
        if control not in via or source is None:  # a relation of its own says most
            via[control] = source
    found = []
    for control in hangs.controls:
        link = next(one for name, one in links[via[control] or id_] if name == control)
        found.append({
            "control": mapped(view, control), "outcome": view.posture.controls.get(control) if view.posture else None,
            "via": via[control] or "", "relation": link.relation.value.replace("-", " "), "why": link.why,
            "alone": link.relation.covers,
        })
    return found


def _sources(hangs: Hangs) -> Iterable[tuple[str, str | None]]:
    """(control, the requirement above that it comes from, None for a relation of its own)."""
    yield from ((claim.control, claim.via) for claim in (*hangs.covering, *hangs.touching))
    yield from ((control, one.via) for one in hangs.sets for control in one.controls)


def sets_of(view: View, id_: str) -> list[dict[str, Any]]:
    """The sets of controls that meet a requirement together."""
    return [{"controls": [mapped(view, control) for control in one.controls], "via": one.via or ""}
            for one in hanging(view.framework, view.catalogue)[id_].sets]


def above(framework: Framework, id_: str) -> list[Requirement]:
    """What stands above a requirement, from the top."""
    found: list[Requirement] = []
    parent = framework.by_id[id_].parent
    while parent is not None:
        found.insert(0, framework.by_id[parent])
        parent = framework.by_id[parent].parent
    return found
