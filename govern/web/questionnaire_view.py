"""What the questionnaire shows: its questions with what each switches on, its steps, and what answers come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from govern.access.actor import Reader
from govern.assurance.applicability import why_asked
from govern.assurance.outcomes import Posture, Status
from govern.assurance.posture import derive
from govern.assurance.setting import Setting, circumstances, holds, vocables
from govern.assurance.switching import Consequence, Switch, Switched, SwitchedOn, switched_on
from govern.catalogue.objects import Catalogue, Condition, Domain, Trait, TraitGroup
from govern.errors import InputRefused
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Stage, System
from govern.facts.tailoring import Tailoring
from govern.reports.charts import PostureRow, posture_bars
from govern.reports.scene_svg import svg_of

_A_STEP = 3
_REST = TraitGroup("other", "What is true of it", "Answers that belong to no group.")
DESCRIBE, SUMMARY = "describe", "summary"


# -- the questions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """A control, or a piece of evidence of another control, that an answer decides about. `how` is its condition."""

    id: str
    title: str
    control: str
    how: str


@dataclass(frozen=True)
class Question:
    """One trait as the questionnaire asks for it, with all that its answer decides about."""

    trait: Trait
    implies: tuple[str, ...]
    controls: tuple[Effect, ...]
    asks: tuple[Effect, ...]
    ends: tuple[Effect, ...]
    baselines: tuple[str, ...]

    @property
    def says(self) -> str:
        """What the answer yes switches on, counted."""
        found = [text for text in (counted(len(self.controls), "control"), counted(len(self.asks), "further piece", "of evidence"),
                                   f"the baseline {' and '.join(self.baselines)}" if self.baselines else "") if text]
        return f"Switches on {', '.join(found[:-1])}{' and ' if found[1:] else ''}{found[-1]}" if found else ""

    @property
    def takes(self) -> str:
        """What the answer yes takes back, counted."""
        return counted(len(self.ends), "ask") if self.ends else ""


@dataclass(frozen=True)
class Part:
    """A group of questions. `field` is the name that its answers are sent under."""

    group: TraitGroup
    questions: tuple[Question, ...]

    @property
    def field(self) -> str:
        """The name of its radio buttons or boxes."""
        return f"traits-{self.group.id}"

    @property
    def traits(self) -> frozenset[str]:
        """The traits that it asks for."""
        return frozenset(one.trait.id for one in self.questions)


def counted(number: int, word: str, rest: str = "") -> str:
    """“1 control”, “3 controls”; empty for none."""
    return f"{number} {word}{'' if number == 1 else 's'} {rest}".strip() if number else ""


def parts_of(catalogue: Catalogue) -> tuple[Part, ...]:
    """The questions by group, in the order of the catalogue; what belongs to no group comes last."""
    on = switched_on(catalogue)
    groups = {group.id for group in catalogue.groups}
    found = [Part(group, tuple(_question(trait, on[trait.id], catalogue) for trait in catalogue.traits if trait.group == group.id))
             for group in catalogue.groups]
    rest = tuple(_question(trait, on[trait.id], catalogue) for trait in catalogue.traits if trait.group not in groups)
    return tuple(part for part in (*found, Part(_REST, rest)) if part.questions)


def _question(trait: Trait, on: SwitchedOn, catalogue: Catalogue) -> Question:
    known, names = vocables(catalogue), {one.id: one.title for one in catalogue.traits}
    without, given = circumstances(catalogue, frozenset()), circumstances(catalogue, frozenset({trait.id}))

    def how(condition: Condition | None) -> str:
        if holds(condition, known, given):
            return ""
        return "ends" if holds(condition, known, without) else "with other answers"

    controls = [Effect(id_, catalogue.controls[id_].title, id_, how(catalogue.controls[id_].applies)) for id_ in on.controls]
    asks = [Effect(id_, catalogue.asks[id_].title, catalogue.asks[id_].control, how(catalogue.asks[id_].when)) for id_ in on.asks]
    return Question(
        trait, tuple(names[one] for one in sorted(catalogue.with_implied(frozenset({trait.id})) - {trait.id}) if one in names),
        tuple(one for one in controls if one.how != "ends"), tuple(one for one in asks if one.how != "ends"),
        tuple(one for one in (*controls, *asks) if one.how == "ends"),
        tuple(one.title for one in catalogue.baselines if one.id in on.baselines))


def chosen_in(form: Mapping[str, Any], parts: Iterable[Part]) -> frozenset[str]:
    """The traits that a form of these parts says are true. Raises InputRefused for an answer to another question."""
    found: set[str] = set()
    for part in parts:
        getlist = getattr(form, "getlist", None)
        sent = {one for one in (getlist(part.field) if getlist else form.get(part.field, ())) if one}
        if sent - part.traits:
            raise InputRefused(f"“{part.group.title}” has no answer {sorted(sent - part.traits)[0][:60]}.", field="traits",
                               mend="Choose from the answers of the page; the catalogue may have changed since it was opened.")
        found |= sent
    return frozenset(found)


# -- the steps -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A page of the questionnaire."""

    id: str
    title: str
    parts: tuple[Part, ...] = ()


def steps_of(parts: tuple[Part, ...]) -> tuple[Step, ...]:
    """The description, two or three groups at a time, and the summary."""
    many = -(-len(parts) // _A_STEP)
    size, longer = divmod(len(parts), many) if many else (0, 0)
    found, start = [], 0
    for number in range(many):
        end = start + size + (number < longer)
        chosen = parts[start:end]
        found.append(Step(f"answers-{number + 1}", ", ".join(part.group.title for part in chosen), chosen))
        start = end
    return (Step(DESCRIBE, "Description"), *found, Step(SUMMARY, "What will be asked"))


def track(steps: tuple[Step, ...], now: Step, done: frozenset[str]) -> list[dict[str, str]]:
    """The progress line: each step and whether it is done, the present one or to come."""
    return [{"id": one.id, "title": one.title,
             "state": "current" if one.id == now.id else "done" if one.id in done else "next"} for one in steps]


# -- what answers come to --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ahead:
    """A control that will be asked or is left out: how many pieces of evidence it asks for, whether it is due, and why."""

    id: str
    title: str
    asks: int
    due: bool
    why: str


@dataclass(frozen=True)
class DomainAhead:
    """The controls of a domain that will be asked."""

    domain: Domain
    rows: tuple[Ahead, ...]

    @property
    def asks(self) -> int:
        """How many pieces of evidence they ask for."""
        return sum(row.asks for row in self.rows)


@dataclass(frozen=True)
class Foreseen:
    """What a system will be asked, by domain, and what is left out and why."""

    domains: tuple[DomainAhead, ...]
    left: tuple[Ahead, ...]

    @property
    def rows(self) -> list[Ahead]:
        """All controls that will be asked."""
        return [row for one in self.domains for row in one.rows]


def not_registered(reader: Reader, catalogue: Catalogue, traits: frozenset[str], unit_chain: tuple[Unit, ...] = (),
                   tailorings: tuple[Tailoring, ...] = ()) -> Snapshot:
    """A system that nobody has registered yet, with nothing sent: for looking ahead."""
    system = System(key="", row="", slug="", name="", purpose="", unit=unit_chain[0].key if unit_chain else None,
                    business_owner="", who_can_change="", who_can_stop="", affected_users="", data_sensitivity="",
                    access_boundaries="", legal_constraints="", abuse_cases="", traits=traits)
    return Snapshot(reader.moment, system, Stage.DESIGN, unit_chain, catalogue.digest, tailorings=tailorings)


def foreseen(snapshot: Snapshot, catalogue: Catalogue) -> Foreseen:
    """Which controls will be asked of a system and why, by domain."""
    setting, posture = Setting(snapshot, catalogue), derive(snapshot, catalogue)
    found: dict[str, list[Ahead]] = {}
    left: list[Ahead] = []
    for id_, outcome in posture.controls.items():
        control, asked = catalogue.controls[id_], outcome.status is not Status.NOT_APPLICABLE
        why = why_asked(control, setting) if asked else outcome.reasons[:1]
        one = Ahead(id_, control.title, sum(ask.applicable for ask in outcome.asks), outcome.status is not Status.NOT_DUE,
                    " ".join(reason.text for reason in why))
        (found.setdefault(control.domain, []) if asked else left).append(one)
    domains = tuple(DomainAhead(domain, tuple(found[domain.id])) for domain in catalogue.domains if domain.id in found)
    return Foreseen(domains, tuple(left))


_SWITCHES = (
    (Switch.ON, "Asked for newly"), (Switch.OFF, "No longer asked for"), (Switch.ASKS, "Asked for other evidence"),
    (Switch.STATUS, "The same asks, another status"),
)


def with_answers(snapshot: Snapshot, traits: frozenset[str]) -> Snapshot:
    """The same system with other answers."""
    return replace(snapshot, system=replace(snapshot.system, traits=traits))


def consequence_shown(consequence: Consequence, after: Snapshot, catalogue: Catalogue) -> dict[str, Any]:
    """The lines of a consequence by what happens, each with its reasons, and how many controls have each status."""
    setting = Setting(after, catalogue)
    kinds = [{"id": switch.name.lower(), "title": title, "rows": [_line(one, consequence, setting, catalogue) for one in lines]}
             for switch, title in _SWITCHES if (lines := consequence.of(switch))]
    statuses = [(status.value, consequence.before.summary[status], consequence.after.summary[status]) for status in Status]
    return {
        "kinds": kinds, "changes": len(consequence.switched),
        "statuses": [row for row in statuses if row[1] or row[2]],
        "asked_before": _asked(consequence.before), "asked_after": _asked(consequence.after),
        "on": len(consequence.of(Switch.ON)), "off": len(consequence.of(Switch.OFF)),
        "asks": len(consequence.of(Switch.ASKS)), "status_changes": len(consequence.of(Switch.STATUS)),
    }


def _asked(posture: Posture) -> int:
    return len(posture.controls) - posture.summary[Status.NOT_APPLICABLE]


def _line(one: Switched, consequence: Consequence, setting: Setting, catalogue: Catalogue) -> dict[str, Any]:
    on, off = one.asks_on, one.asks_off
    if one.switch is Switch.ON:
        on = _pieces(consequence.after, one.control)
    elif one.switch is Switch.OFF:
        off = _pieces(consequence.before, one.control)
    reasons = [reason.text for reason in one.reasons]
    if one.switch is Switch.ON and one.control in catalogue.controls:
        reasons = [reason.text for reason in why_asked(catalogue.controls[one.control], setting)]
    titles = {id_: catalogue.asks[id_].title for id_ in (*on, *off) if id_ in catalogue.asks}
    return {
        "id": one.control, "title": one.title, "reasons": [{"text": text} for text in reasons],
        "before": one.before.value if one.before else "", "after": one.after.value if one.after else "",
        "asks_on": [titles.get(id_, id_) for id_ in on], "asks_off": [titles.get(id_, id_) for id_ in off],
    }


def _pieces(posture: Posture, control: str) -> tuple[str, ...]:
    """The asks of a control that hold for the system."""
    outcome = posture.controls.get(control)
    return tuple(ask.ask for ask in outcome.asks if ask.applicable) if outcome else ()


def before_and_after(consequence: Consequence) -> tuple[Markup, Markup]:
    """The counts of statuses now and then as two bars, wide and for a phone."""
    rows = [PostureRow("Now", consequence.before.summary), PostureRow("Then", consequence.after.summary)]
    title = "Controls by status, now and then"
    wide = Markup(svg_of(posture_bars(rows, title, width=540), "before-after"))  # noqa: S704 - our own drawing, texts escaped by it
    narrow = Markup(svg_of(posture_bars(rows, title, width=330), "before-after-narrow"))  # noqa: S704 - the same
    return wide, narrow
