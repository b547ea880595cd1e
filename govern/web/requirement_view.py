"""What the page of one requirement shows: what bears on it and why, what publishers say, its dates, where it is met."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from govern.assurance.mapped import Hangs, hanging
from govern.assurance.outcomes import Covered, Posture, RequirementOutcome, State
from govern.catalogue.families import short_name
from govern.catalogue.objects import AppliesFrom, Catalogue, Framework, Relation, Requirement, Target
from govern.facts.evidence import Evidence
from govern.facts.moments import Instant, datetime_of
from govern.facts.snapshot import Snapshot
from govern.facts.systems import System
from govern.web.frameworks_view import HOW, Mapped, View, Ways, mapped, offered

RELATIONS = {Relation.EQUAL: ("Equal", "Whoever satisfies the control meets the requirement, no more and no less."),
             Relation.SUPERSET: ("Covers it and more", "Whoever satisfies the control meets the requirement and more."),
             Relation.SUBSET: ("A part of it", "The control is one part of what the requirement asks."),
             Relation.INTERSECTS: ("Overlaps with it", "Control and requirement share something; each has more of its own.")}
"""How a control relates to a requirement, in words, and what that means."""


# -- what bears on it ------------------------------------------------------------------------------------------------


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
        relation, meaning = RELATIONS[link.relation]
        found.append({
            "control": mapped(view, control), "outcome": view.posture.controls.get(control) if view.posture else None,
            "via": via[control] or "", "relation": relation, "meaning": meaning, "why": link.why,
            "alone": link.relation.covers, "trace": view.ways.trace(control=control),
        })
    return found


def _sources(hangs: Hangs) -> Iterable[tuple[str, str | None]]:
    """(control, the requirement above that it comes from, None for a relation of its own)."""
    yield from ((claim.control, claim.via) for claim in (*hangs.covering, *hangs.touching))
    yield from ((control, one.via) for one in hangs.sets for control in one.controls)


def relations_in(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, bool]]:
    """The relations that occur among rows of `related`: their words, what they mean, whether one is enough."""
    used = {row["relation"] for row in rows}
    return [(words, meaning, relation.covers) for relation, (words, meaning) in RELATIONS.items() if words in used]


def sets_of(view: View, id_: str) -> list[dict[str, Any]]:
    """The sets of controls that meet a requirement together."""
    return [{"controls": [mapped(view, control) for control in one.controls], "via": one.via or ""}
            for one in hanging(view.framework, view.catalogue)[id_].sets]


@dataclass(frozen=True)
class Named:
    """A requirement named from elsewhere; `status` is how the mappings reach it (a key of REACH, or empty)."""

    framework: str
    id: str
    title: str
    href: str
    status: str = ""


def _named(target: Target, catalogue: Catalogue, ways: Ways, status: str = "") -> Named:
    framework = catalogue.frameworks[target.framework]
    return Named(short_name(framework), target.requirement, framework.by_id[target.requirement].title,
                 ways.requirement(target.framework, target.requirement), status)


def through_of(view: View, requirement: Requirement) -> list[Named]:
    """The requirements that together meet this one, each with what the mappings offer it."""
    frameworks = view.catalogue.frameworks
    reach = {id_: offered(frameworks[id_], view.catalogue) for id_ in {one.framework for one in requirement.through}}
    return [_named(one, view.catalogue, view.ways, reach[one.framework].get(one.requirement, "")) for one in requirement.through]


def crosswalks_of(view: View, id_: str) -> list[dict[str, Any]]:
    """What publishers state beside our mappings, in both directions: `to` is named from here, `by` names this one."""
    framework, found = view.framework.id, []
    for walk in view.catalogue.crosswalks:
        to = walk.pairs.get(id_, ()) if walk.source_framework == framework else ()
        by = [source for source, targets in walk.pairs.items() if id_ in targets] if walk.target_framework == framework else []
        if to or by:
            found.append({
                "walk": walk, "relation": walk.relation.replace("-", " "),
                "to": [_named(Target(walk.target_framework, one), view.catalogue, view.ways) for one in to],
                "by": [_named(Target(walk.source_framework, one), view.catalogue, view.ways) for one in by],
            })
    return found


def above(framework: Framework, id_: str) -> list[Requirement]:
    """What stands above a requirement, from the top."""
    return list(reversed(framework.above(id_)))


# -- from when -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Applies:
    """A date of a framework beside a moment. `days` are those to go, negative when it has passed, None for no date."""

    date: AppliesFrom
    text: str
    before: str
    days: int | None

    @property
    def tone(self) -> str:
        """In force, within half a year, or later."""
        return "neutral" if self.days is None else "ok" if self.days <= 0 else "warn" if self.days <= 183 else "info"

    @property
    def note(self) -> str:
        """How far away it is, in words."""
        if not self.days:
            return "" if self.days is None else "applies from today"
        many = f"{abs(self.days):,} {'day' if abs(self.days) == 1 else 'days'}"
        return f"in {many}" if self.days > 0 else f"has applied for {many}"


def dates_shown(dates: Iterable[AppliesFrom], now: Instant) -> list[Applies]:
    """Dates in order, each with the days to go from `now`."""
    today = datetime_of(now).date()
    found = []
    for one in dates:
        begins = _date(one.applies_from)
        found.append(Applies(one, _text(one.applies_from), _text(one.before), (begins - today).days if begins else None))
    return sorted(found, key=lambda one: (one.date.applies_from, one.date.id))


def _date(iso: str) -> date | None:
    """A date, None for none and for what no calendar has: an addition can say 2027-02-30."""
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _text(iso: str) -> str:
    found = _date(iso)
    return f"{found.day} {found:%B %Y}" if found else iso


# -- where it is met -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """A control that bears on a requirement, how it stands, and the accepted evidence (title, address) that counts for it."""

    control: Mapped
    evidence: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Met:
    """How one system stands with a requirement, and by which controls and evidence."""

    name: str
    href: str
    status: str
    how: str
    reason: str
    proofs: tuple[Proof, ...]

    @property
    def pieces(self) -> int:
        """How many pieces of evidence prove it, each counted once."""
        return len({href for proof in self.proofs for _, href in proof.evidence})


def met_by(system: System, snapshot: Snapshot, posture: Posture, outcome: RequirementOutcome, view: View) -> Met:
    """One system beside a requirement. Only controls that some accepted evidence speaks for are proofs."""
    ways, held = Ways(system.slug, view.ways.at), {one.key: one for one in snapshot.evidence}
    here = View(view.framework, view.catalogue, ways, posture)
    proofs = [Proof(mapped(here, control), _accepted(control, posture, held, ways)) for control in outcome.controls]
    shown = outcome.reasons[0].text if outcome.reasons and outcome.covered is not Covered.MET else ""
    return Met(system.name, ways.requirement(view.framework.id, outcome.requirement), outcome.covered.value, HOW[outcome.how],
               shown, tuple(one for one in proofs if one.evidence))


def _accepted(control: str, posture: Posture, held: Mapping[str, Evidence], ways: Ways) -> tuple[tuple[str, str], ...]:
    """The evidence by which asks of a control are met, each once."""
    outcome = posture.controls.get(control)
    keys = dict.fromkeys(reason.evidence for ask in (outcome.asks if outcome else ()) if ask.state is State.MET
                         for reason in ask.reasons if reason.code == "accepted" and reason.evidence)
    return tuple((held[key].title, ways.evidence(key)) for key in keys if key in held)
