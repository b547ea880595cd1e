"""What the pages of frameworks show: the tree with how each requirement is met, or could be by the mappings alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from govern.assurance.mapped import Hangs, hanging
from govern.assurance.outcomes import Coverage, Covered, How, Posture, Reason
from govern.assurance.selected import bearing_on
from govern.catalogue.objects import Catalogue, Framework, Requirement, Target

HOW = {How.DIRECT: "direct", How.JOINT: "joint", How.CHILDREN: "through its children",
       How.THROUGH: "through other requirements", How.PARTIAL: "partial", How.NONE: ""}
REACH = {"one": ("One control can meet it", "ok"), "joint": ("A set can meet it", "part"),
         "parts": ("Through its parts or others", "info"), "open": ("In part at most", "warn"),
         "none": ("Nothing mapped", "bad")}
"""What the mappings offer a requirement: words and tone by the word used in the address."""
REACHED = ("one", "joint", "parts")
"""The words of REACH for what some evidence could prove in full."""


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

    def in_catalogue(self, control: str) -> str:
        """A control of the catalogue, whatever the system."""
        return self._query(f"/controls/{control}", at=self.at)

    def controls(self, **narrowed: str) -> str:
        """The list of controls, narrowed."""
        return self._query("/controls", **narrowed, at=self.at)

    def threats(self, system: str | None = None) -> str:
        """The threats, for another system if one is given."""
        return self._query("/threats", system=self.system if system is None else system, at=self.at)

    def crosswalk(self, framework: str) -> str:
        """Where requirements of a framework meet those of others."""
        return self._query("/crosswalk", **{"from": framework}, at=self.at)

    def trace(self, **what: str) -> str:
        """From a requirement or a control to what proves it."""
        return self._query("/trace", **what, system=self.system, at=self.at)

    def evidence(self, key: str) -> str:
        """A piece of evidence."""
        return self._query(f"/evidence/{key}", at=self.at)

    def of_system(self, slug: str) -> str:
        """The page of a system."""
        return self._query(f"/systems/{slug}", at=self.at)


@dataclass(frozen=True)
class View:
    """One framework of a catalogue, judged for a system (posture and coverage) or for none.

    `many` are the coverages of several systems, to count them where no system is chosen.
    """

    framework: Framework
    catalogue: Catalogue
    ways: Ways
    posture: Posture | None = None
    coverage: Coverage | None = None
    many: tuple[Coverage, ...] = ()


@dataclass(frozen=True)
class Mapped:
    """A control beside a requirement; `status` is empty without a system."""

    id: str
    title: str
    href: str
    status: str


@dataclass(frozen=True)
class Tally:
    """Of how many systems a requirement is met, and partly met. `counted` leaves out those that it does not apply to."""

    met: int
    partly: int
    counted: int


@dataclass(frozen=True)
class Node:
    """A requirement as a row. `status`: coverage with a system, else a key of REACH; empty where nothing is assessed.

    `depth` counts from the top, which is 0. `gap` is what the catalogue says it leaves open. `tally` counts several
    systems.
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
    tags: tuple[str, ...]
    gap: str = ""
    tally: Tally | None = None


@dataclass(frozen=True)
class Branch:
    """A requirement with what is shown below it. `good` of `counted` assessable ones in it are met, or can be.

    `fits` False: it stands here only because something below it is asked for.
    """

    node: Node
    below: tuple[Branch, ...]
    good: int
    counted: int
    fits: bool


# -- what the mappings alone offer -----------------------------------------------------------------------------------


def offered(framework: Framework, catalogue: Catalogue) -> Mapping[str, str]:
    """assessable requirement id → key of REACH, in document order: what coverage could say at best, by its own table."""
    known: dict[Target, bool] = {}
    return {one.id: _offer(framework, one, catalogue, known) for one in framework.requirements if one.assessable}


def _offer(framework: Framework, one: Requirement, catalogue: Catalogue, known: dict[Target, bool]) -> str:
    hangs = hanging(framework, catalogue)[one.id]
    if hangs.covering or hangs.sets:
        return "one" if hangs.covering else "joint"
    if _can(Target(framework.id, one.id), catalogue, known):
        return "parts"
    mapped_here = catalogue.mapped.get(framework.id, {})
    borne = any(up.id in mapped_here for up in (one, *framework.above(one.id)))
    return "open" if borne or bearing_on(catalogue, [Target(framework.id, one.id)]) else "none"


def _can(target: Target, catalogue: Catalogue, known: dict[Target, bool]) -> bool:
    """Whether a requirement can be met: by itself, or by all that counts below it and all that it goes through."""
    if target not in known:
        hangs = hanging(catalogue.frameworks[target.framework], catalogue)[target.requirement]
        parts = [*(Target(target.framework, child) for child in hangs.children), *hangs.through]
        known[target] = bool(hangs.covering or hangs.sets) or (
            bool(parts) and all(_can(part, catalogue, known) for part in parts))
    return known[target]


def left_open(nodes: Iterable[Node], reach: Mapping[str, str]) -> list[tuple[Node, str]]:
    """What the catalogue leaves open: what nothing can prove in full, or has a stated gap; each with its key of REACH."""
    return [(node, reach.get(node.id, "")) for node in nodes
            if node.gap or (node.assessable and reach[node.id] not in REACHED)]


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
    counts = one.assessable or bool(hangs.children)
    if view.coverage is not None and counts:
        outcome = view.coverage.requirements[one.id]
        status, how, reasons = outcome.covered.value, HOW[outcome.how], outcome.reasons
    return Node(one.id, one.title, one.gist, one.level.replace("-", " "), depth, one.assessable,
                view.ways.requirement(view.framework.id, one.id), status, how, reasons,
                tuple(mapped(view, control) for control in hangs.controls), one.priority or "", one.tags,
                view.framework.gaps.get(one.id, ""), tally_of(view.many, one.id) if view.many and counts else None)


def tally_of(coverages: Iterable[Coverage], requirement: str) -> Tally:
    """How several systems meet one requirement."""
    counts = Counter(one.requirements[requirement].covered for one in coverages)
    return Tally(counts[Covered.MET], counts[Covered.PARTLY], counts.total() - counts[Covered.NOT_APPLICABLE])


def mapped(view: View, control: str) -> Mapped:
    """One control beside a requirement."""
    outcome = view.posture.controls.get(control) if view.posture else None
    return Mapped(control, view.catalogue.controls[control].title, view.ways.control(control),
                  outcome.status.value if outcome else "")


def good(node: Node) -> bool:
    """Whether a requirement is met, or without a system: can be met by the mappings."""
    return node.status in (Covered.MET.value, *REACHED)


def counted(node: Node) -> bool:
    """Whether a requirement counts for the shares."""
    return node.assessable and node.status != Covered.NOT_APPLICABLE.value


def branches_of(view: View, nodes: Mapping[str, Node], shown: Iterable[str]) -> tuple[Branch, ...]:
    """The tree of what is `shown`, with all that stands above it; shares count also what is not shown."""
    wanted = frozenset(shown)
    made = (_branch(view.framework, one, nodes, wanted) for one in view.framework.children.get(None, ()))
    return tuple(branch for branch in made if branch.fits or branch.below)


def _branch(framework: Framework, one: Requirement, nodes: Mapping[str, Node], wanted: frozenset[str]) -> Branch:
    every = [_branch(framework, child, nodes, wanted) for child in framework.children.get(one.id, ())]
    node = nodes[one.id]
    return Branch(node, tuple(branch for branch in every if branch.fits or branch.below),
                  sum(branch.good for branch in every) + (counted(node) and good(node)),
                  sum(branch.counted for branch in every) + counted(node), one.id in wanted)


# -- narrowing it ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the tree; empty values do not narrow. `text` is casefolded."""

    text: str = ""
    status: str = ""
    priority: str = ""
    tag: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self != Wanted()

    def fits(self, node: Node) -> bool:
        """Whether a row is asked for. A status is asked of assessable requirements, which alone are counted."""
        if self.status and not (node.assessable and node.status == self.status):
            return False
        if (self.priority and node.priority != self.priority) or (self.tag and self.tag not in node.tags):
            return False
        return not self.text or self.text in f"{node.id} {node.title} {node.gist}".casefold()


def tag_label(tag: str, catalogue: Catalogue, framework: Framework) -> str:
    """A tag for people: many are ids of requirements, of this framework or of another."""
    for one in (framework, *catalogue.frameworks.values()):
        if tag in one.by_id:
            return f"{tag} {one.by_id[tag].title}"
    return tag.replace("-", " ").capitalize()


def choices_of(framework: Framework, catalogue: Catalogue) -> dict[str, list[tuple[str, str]]]:
    """What priorities and tags there are to choose from, in order of their first use."""
    priorities = dict.fromkeys(one.priority for one in framework.requirements if one.priority)
    tags = dict.fromkeys(tag for one in framework.requirements for tag in one.tags)
    return {"priorities": [("", "Every priority"), *((one, f"Priority {one.lower()}") for one in priorities)] if priorities else [],
            "tags": [("", "Every tag"), *((tag, tag_label(tag, catalogue, framework)) for tag in tags)] if tags else []}
