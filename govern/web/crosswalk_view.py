"""What the page of a crosswalk shows: pairs narrowed and in rows with their grounds, and the map of their parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from govern.catalogue.crosswalking import Claim, Crossing, Pair, Stated, View, chosen
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue, Framework, Relation, Requirement
from govern.catalogue.ties import Tie, Ties
from govern.schemas.queries import CrosswalkWanted
from govern.web.frameworks_view import Ways

CLAIMS: dict[Claim, tuple[str, str, str, str]] = {
    Claim.EQUAL: ("Equal", "=", "ok", "Both ask the same: who meets one meets the other."),
    Claim.SUBSET: ("Part of it", "⊆", "part", "The second asks all that the first asks: who meets the second meets the first."),
    Claim.SUPERSET: ("Covers it", "⊇", "info", "The first asks all that the second asks: who meets the first meets the second."),
    Claim.INTERSECTS: ("Shares something", "∩", "hold", "Something is asked by both. Neither proves the other."),
    Claim.RELATED: ("Related only", "~", "neutral", "A control touches both, which proves nothing about how they relate."),
}
"""A claim in words, as a sign, its tone, and what it means."""
VIEWS = {View.AGREED: ("Publisher agrees", "ok", "circle-check"), View.OURS: ("Ours only", "neutral", ""),
         View.PUBLISHER: ("Publisher only", "warn", "library")}
_READ = {Relation.EQUAL: "is equal to", Relation.SUPERSET: "covers", Relation.SUBSET: "is a part of",
         Relation.INTERSECTS: "overlaps with", None: "bears on"}


# -- narrowing -------------------------------------------------------------------------------------------------------


def under(framework: Framework, part: str) -> frozenset[str]:
    """A requirement and all below it."""
    found, waiting = {part}, [part]
    while waiting:
        below = [one.id for one in framework.children.get(waiting.pop(), ())]
        found.update(below)
        waiting += below
    return frozenset(found)


def _holding(framework: Framework, text: str) -> frozenset[str]:
    return frozenset(one.id for one in framework.requirements if text in f"{one.id} {one.title}".casefold())


def narrowed(crossing: Crossing, wanted: CrosswalkWanted) -> list[Pair]:
    """The pairs that are asked for, in order."""
    tests: list[Callable[[Pair], bool]] = []
    if wanted.first:
        part = under(crossing.first, wanted.first)
        tests.append(lambda pair: pair.first in part)
    if wanted.second:
        other = under(crossing.second, wanted.second)
        tests.append(lambda pair: pair.second in other)
    if wanted.text:
        text = wanted.text.casefold()
        here, there = _holding(crossing.first, text), _holding(crossing.second, text)
        tests.append(lambda pair: pair.first in here or pair.second in there
                     or any(text in control.casefold() for control, _ in pair.controls))
    return [pair for pair in chosen(crossing, wanted.claim, wanted.view) if all(test(pair) for test in tests)]


# -- rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """A requirement or a control with its address."""

    id: str
    title: str
    href: str


@dataclass(frozen=True)
class Ground:
    """A control's relation to one end of a pair: in words, to what (`via` another requirement, or the end itself), why."""

    read: str
    to: str
    via: str
    why: str


@dataclass(frozen=True)
class Step:
    """A control of a pair, its relations to both ends, and what follows from it alone."""

    control: Named
    grounds: tuple[Ground, Ground]
    follows: str


@dataclass(frozen=True)
class Row:
    """A pair as a row; `stated` are a publisher's words with its name."""

    first: Named
    second: Named
    claim: Claim | None
    steps: tuple[Step, ...]
    direct: str
    view: View
    stated: tuple[tuple[str, str], ...]


def rows_of(pairs: Iterable[Pair], crossing: Crossing, catalogue: Catalogue, ways: Ways) -> list[Row]:
    """Pairs with their grounds; only those that are shown are worked out."""
    return [_row(pair, crossing, catalogue, ways) for pair in pairs]


def named(framework: Framework, id_: str, ways: Ways) -> Named:
    """A requirement with its address."""
    return Named(id_, title_of(framework, id_), ways.requirement(framework.id, id_))


def title_of(framework: Framework, id_: str) -> str:
    """The title of a requirement; where it only says the id once more, its gist."""
    one = framework.by_id[id_]
    return one.gist if one.gist and id_ in one.title else one.title


def _row(pair: Pair, crossing: Crossing, catalogue: Catalogue, ways: Ways) -> Row:
    steps = tuple(Step(
        Named(control, catalogue.controls[control].title, ways.in_catalogue(control)),
        (_ground(crossing.ties_first, pair.first, control, crossing.first, catalogue),
         _ground(crossing.ties_second, pair.second, control, crossing.second, catalogue)),
        CLAIMS[claim][0].lower()) for control, claim in pair.controls)
    return Row(named(crossing.first, pair.first, ways), named(crossing.second, pair.second, ways), pair.claim, steps,
               direct_text(pair, crossing), pair.view, tuple((stated_text(one), one.crosswalk.publisher) for one in pair.stated))


def _ground(ties: Ties, id_: str, control: str, framework: Framework, catalogue: Catalogue) -> Ground:
    tie = ties[id_][control]
    return Ground(_READ[tie.relation], id_, via_text(tie, framework, catalogue), tie.why)


def via_text(tie: Tie, framework: Framework, catalogue: Catalogue) -> str:
    """Where a relation was stated, if for another requirement; empty otherwise."""
    if tie.via is None:
        return ""
    if tie.via.framework == framework.id:
        return f"through {tie.via.requirement}, of which it is a part"
    return f"through {short_name(catalogue.frameworks[tie.via.framework])} {tie.via.requirement}"


def direct_text(pair: Pair, crossing: Crossing) -> str:
    """That one end goes through the other, where it does."""
    if pair.direct is None:
        return ""
    one, other = (pair.first, pair.second) if _through(crossing.first.by_id[pair.first], crossing.second, pair.second) else (
        pair.second, pair.first)
    return f"The catalogue meets {one} through {other}."


def _through(one: Requirement, framework: Framework, id_: str) -> bool:
    return any((target.framework, target.requirement) == (framework.id, id_) for target in one.through)


def stated_text(stated: Stated) -> str:
    """What a publisher states of a pair, in its word."""
    walk = stated.crosswalk
    return f"{walk.relation.replace('-', ' ')}{', from the second to the first' if stated.turned else ''}"


# -- the map ---------------------------------------------------------------------------------------------------------

FEW, LEAST_GROUPS, DOWN, ACROSS = 20, 4, 30, 20
"""Up to FEW requirements stand by themselves; otherwise at least LEAST_GROUPS groups, so many of them on one page."""


@dataclass(frozen=True)
class Axis:
    """One side of the map: the groups on this page, how many there are in all, and the group of each requirement."""

    shown: tuple[str, ...]
    total: int
    page: int
    size: int
    group_of: dict[str, str]
    single: frozenset[str]

    @property
    def text(self) -> str:
        """Which groups stand here; empty where all do."""
        start = (self.page - 1) * self.size
        return f"{start + 1}–{start + len(self.shown)} of {self.total}" if len(self.shown) < self.total else ""

    @property
    def previous(self) -> int:
        """The page before, 0 for none."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after, 0 for none."""
        return self.page + 1 if self.page * self.size < self.total else 0


def axis(framework: Framework, used: set[str], part: str, size: int, page: int) -> Axis:
    """One side: the requirements in use themselves where they are few, else what stands below `part`, or the top nodes."""
    if len(used) <= FEW:
        groups = [one.id for one in framework.requirements if one.id in used]
        group_of = {id_: id_ for id_ in groups}
    else:
        groups = [part] if part else [one.id for one in framework.children.get(None, ())]
        members = {id_: under(framework, id_) & used for id_ in groups}
        while len(groups := [id_ for id_ in groups if members[id_]]) < LEAST_GROUPS and any(
                framework.children.get(id_) and members[id_] != {id_} for id_ in groups):
            opened = []
            for id_ in groups:
                below = [one.id for one in framework.children.get(id_, ())] if members[id_] != {id_} else []
                opened += ([id_] if id_ in used or not below else []) + below
                members |= {one: under(framework, one) & used for one in below}
                if below:
                    members[id_] = frozenset({id_}) & used
            groups = opened
        group_of = {id_: group for group in groups for id_ in members[group]}
    page = page if (page - 1) * size < len(groups) else 1
    single = frozenset(group for group, many in Counter(group_of.values()).items() if many == 1)
    return Axis(tuple(groups[(page - 1) * size:page * size]), len(groups), page, size, group_of, single)


@dataclass(frozen=True)
class Spot:
    """A cell of the map: how many pairs lie in it, its colour of five, and its sign where it is one pair."""

    count: int
    bin: int
    sign: str
    label: str
    first: str
    second: str


@dataclass(frozen=True)
class Map:
    """The parts of two frameworks against each other. `steps` are the least counts of the colours 1 to 4."""

    down: Axis
    across: Axis
    rows: tuple[tuple[str, tuple[Spot | None, ...]], ...]
    steps: tuple[int, ...]
    whole: bool


def map_of(crossing: Crossing, pairs: Sequence[Pair], wanted: CrosswalkWanted, pages: tuple[int, int]) -> Map:
    """The map of some pairs; `pages` are the pages of its rows and columns, from 1."""
    down = axis(crossing.first, {pair.first for pair in pairs}, wanted.first, DOWN, pages[0])
    across = axis(crossing.second, {pair.second for pair in pairs}, wanted.second, ACROSS, pages[1])
    found: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        found.setdefault((down.group_of[pair.first], across.group_of[pair.second]), []).append(pair)
    most = max((len(ones) for ones in found.values()), default=0)
    steps = tuple(dict.fromkeys(-(-most * quarter // 4) or 1 for quarter in range(4)))
    rows = []
    for row in down.shown:
        rows.append((row, tuple(_spot(row, column, found.get((row, column)), steps) for column in across.shown)))
    whole = set(down.group_of) == down.single and set(across.group_of) == across.single
    return Map(down, across, tuple(rows), steps, whole)


def _spot(row: str, column: str, pairs: list[Pair] | None, steps: tuple[int, ...]) -> Spot | None:
    if not pairs:
        return None
    only = pairs[0] if len(pairs) == 1 and (pairs[0].first, pairs[0].second) == (row, column) else None
    if only is None:
        many = len(pairs)
        return Spot(many, sum(many >= step for step in steps), "", f"{row}, {column}: {many} {'pair' if many == 1 else 'pairs'}",
                    row, column)
    word, sign, *_ = CLAIMS[only.claim] if only.claim else ("Stated by a publisher", "P")
    strength = {Claim.EQUAL: 4, Claim.SUBSET: 3, Claim.SUPERSET: 3, Claim.INTERSECTS: 2}.get(only.claim, 1) if only.claim else 0
    return Spot(1, strength, sign, f"{row}, {column}: {word.lower()}", row, column)
