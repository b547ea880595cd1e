"""What is sent for a system or the organisation: bundles of asks that one piece of evidence answers, and their fate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from govern.assurance.setting import circumstances, holds, vocables
from govern.catalogue.objects import Ask, Catalogue
from govern.facts.moments import DAY, Instant
from govern.facts.systems import Stage
from govern.jobs.demo.chance import between, share


class Fate(StrEnum):
    """What became of a bundle."""

    ACCEPTED = "accepted"
    RUN_OUT = "run out"
    WAITING = "waiting"
    REJECTED = "rejected"
    FAILING = "failing"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Bundle:
    """One piece of evidence to be: its kind, the asks it answers, its fate, and the instants of its versions."""

    kind: str
    title: str
    asks: tuple[Ask, ...]
    fate: Fate
    worked: tuple[Instant, ...]

    @property
    def controls(self) -> frozenset[str]:
        """The controls it is linked to."""
        return frozenset(ask.control for ask in self.asks)


_TOOLS = {"adversarial-test-report": "Nightly red team with garak", "aibom": "AI bill of materials of the release",
          "threat-model": "AI threat model"}
_LARGEST = 6


def asks_of(catalogue: Catalogue, about: frozenset[str], traits: frozenset[str] | None, stage: Stage,
            events: frozenset[str]) -> list[Ask]:
    """The asks about some subjects that hold for the traits (None: all) and are due by a stage or after its events."""
    known = vocables(catalogue)
    given = None if traits is None else circumstances(catalogue, traits)
    found = []
    for control in catalogue.controls.values():
        if given is not None and not holds(control.applies, known, given):
            continue
        for ask in control.asks:
            if ask.about not in about or (given is not None and not holds(ask.when, known, given)):
                continue
            due = (ask.due.stage is not None and Stage(ask.due.stage).order <= stage.order) or ask.due.after in events
            if due:
                found.append(ask)
    return found


def _wants_none_failed(ask: Ask, kind: str) -> bool:
    """Whether a check asks that not one attempt succeeds: no run of a red team tool shows that for long."""
    return any(check.computed_for(kind) and "failed == 0" in (check.expression or "") for check in ask.checks)


def _kind_of(ask: Ask, name: str) -> str:
    for kind in _TOOLS:
        if kind in ask.kinds and (len(ask.kinds) == 1 or not _wants_none_failed(ask, kind)):
            return kind
    return sorted(ask.kinds)[int(share(name, ask.id, "kind") * len(ask.kinds))]


def _fate(name: str, kind: str, place: int, care: float, slack: float) -> Fate | None:
    drawn = share(name, kind, place, "fate")
    if drawn < care:
        return Fate.ACCEPTED
    if drawn > care + slack:
        return None
    turn = between(0, 99, name, kind, place, "turn")
    for limit, fate in ((34, Fate.RUN_OUT), (62, Fate.WAITING), (74, Fate.REJECTED), (90, Fate.FAILING)):
        if turn < limit:
            return fate
    return Fate.UNDECIDED


def _worked(asks: tuple[Ask, ...], fate: Fate, now: Instant, begin: Instant, name: str, title: str) -> tuple[Instant, ...]:
    fresh = min((ask.fresh_days for ask in asks if ask.fresh_days is not None), default=300)
    if fate is Fate.RUN_OUT:
        return (max(begin, now - int((fresh + between(6, 40, name, title)) * DAY)),)
    longest = max(3, min(int(fresh * 0.8), int((now - begin) / DAY) - 2))
    newest = now - between(3, longest, name, title, "newest") * DAY - between(0, 80, name, title) * 600_000
    if fate in (Fate.WAITING, Fate.REJECTED):
        newest = now - between(2, 12, name, title, "newest") * DAY
    older = newest - between(60, 120, name, title, "older") * DAY
    again = share(name, title, "again") < 0.3
    return (older, newest) if again and older > begin and fate in (Fate.ACCEPTED, Fate.FAILING) else (newest,)


def _title(catalogue: Catalogue, kind: str, asks: tuple[Ask, ...]) -> str:
    """A title as people give them: what is asked, or the kind with the fields that it reaches into."""
    if kind in _TOOLS:
        return _TOOLS[kind]
    if len(asks) == 1:
        return asks[0].title
    titles = {domain.id: domain.title.split(" and ")[0].split(",")[0].lower() for domain in catalogue.domains}
    fields = list(dict.fromkeys(titles[ask.control[:3]] for ask in asks))
    if len(fields) > 3:
        fields = [*fields[:2], "more"]
    words = fields[0] if len(fields) == 1 else f"{', '.join(fields[:-1])} and {fields[-1]}"
    return f"{catalogue.kinds[kind].title}: {words}"


def bundles(catalogue: Catalogue, name: str, asks: list[Ask], care: float, slack: float, now: Instant,
            begin: Instant) -> list[Bundle]:
    """Group asks by kind and neighbourhood, a handful each, and draw what became of them."""
    grouped: dict[str, list[Ask]] = {}
    for ask in asks:
        grouped.setdefault(_kind_of(ask, name), []).append(ask)
    made: list[Bundle] = []
    for kind, members in grouped.items():
        size = _LARGEST if kind not in _TOOLS else len(members)
        for place, start in enumerate(range(0, len(members), size)):
            chosen = tuple(members[start:start + size])
            fate = _fate(name, kind, place, care, slack)
            if fate is None:
                continue
            title = _title(catalogue, kind, chosen)
            made.append(Bundle(kind, title, chosen, fate, _worked(chosen, fate, now, begin, name, title)))
    return made
