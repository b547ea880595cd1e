"""What the pages of the catalogue's controls show: what each asks for and why, what it is for, how systems stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from govern.assurance.outcomes import ControlOutcome
from govern.catalogue.expressions import limit_name
from govern.catalogue.families import by_family, short_name
from govern.catalogue.objects import Ask, Catalogue, Check, Control, Named, Purpose
from govern.facts.systems import System
from govern.reports.naming import due_text, fresh_text
from govern.web.frameworks_view import Ways
from govern.web.requirement_view import RELATIONS


@dataclass(frozen=True)
class ControlLine:
    """A row of the list. `mapped` counts requirements, of one framework where the list is narrowed to it.

    `lead` is the function that does it, empty where the catalogue does not say.
    """

    key: str
    title: str
    objective: str
    href: str
    asks: int
    mapped: int
    applies: str
    lead: str
    brought: bool


@dataclass(frozen=True)
class SystemRow:
    """A system beside a control; `reason` is the first of its status."""

    key: str
    name: str
    href: str
    status: str
    underneath: str
    reason: str


def title_of(named: tuple[Named, ...], id_: str) -> str:
    """What people call a stage, an event, a layer or a basis."""
    return next((one.title for one in named if one.id == id_), id_)


@dataclass(frozen=True)
class Wanted:
    """What the address asks of the list; empty values do not narrow. `text` is casefolded."""

    text: str = ""
    domain: str = ""
    framework: str = ""
    lead: str = ""
    threat: str = ""
    goal: str = ""
    defence: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Wanted:
        """From the address."""
        return cls(given.get("q", "").strip()[:100].casefold(), *(given.get(name, "") for name in (
            "domain", "framework", "lead", "threat", "goal", "defence")))

    def fits(self, control: Control) -> bool:
        """Whether a control is asked for."""
        return ((not self.domain or control.domain == self.domain)
                and (not self.framework or any(link.framework == self.framework for link in control.mappings))
                and (not self.text or self.text in f"{control.id} {control.title} {control.objective}".casefold())
                and self._suits(control.purpose))

    def _suits(self, purpose: Purpose | None) -> bool:
        if purpose is None:
            return not (self.lead or self.threat or self.goal or self.defence)
        return ((not self.lead or self.lead == purpose.lead) and (not self.threat or self.threat in purpose.threats)
                and (not self.goal or self.goal in purpose.goals) and (not self.defence or self.defence == purpose.defence))


def line_of(control: Control, framework: str, catalogue: Catalogue, ways: Ways) -> ControlLine:
    """A control as a row."""
    mapped = sum(not framework or link.framework == framework for link in control.mappings)
    applies = control.applies.because if control.applies else "Always"
    lead = title_of(catalogue.functions, control.purpose.lead) if control.purpose else ""
    return ControlLine(control.id, control.title, control.objective, ways.control(control.id), len(control.asks), mapped, applies,
                       lead, bool(control.origin))


def by_domain(controls: list[Control], framework: str, catalogue: Catalogue, ways: Ways) -> list[dict[str, Any]]:
    """Rows by domain, in the order of the catalogue; domains without a row are left out."""
    found = [{"domain": domain, "rows": [line_of(one, framework, catalogue, ways) for one in controls if one.domain == domain.id]}
             for domain in catalogue.domains]
    return [one for one in found if one["rows"]]


# -- one control -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class For:
    """A function, threat, goal or layer of a control, with the address of all controls that share it."""

    title: str
    meaning: str
    href: str


def purpose_of(control: Control, catalogue: Catalogue, ways: Ways) -> dict[str, Any] | None:
    """Who does a control, and what it is for; None where the catalogue does not say."""
    purpose = control.purpose
    if purpose is None:
        return None

    def named(ones: tuple[Named, ...], wanted: tuple[str, ...], what: str) -> list[For]:
        return [For(one.title, one.meaning, ways.controls(**{what: one.id})) for one in ones if one.id in wanted]

    return {
        "lead": named(catalogue.functions, (purpose.lead,), "lead"), "others": named(catalogue.functions, purpose.others, "lead"),
        "threats": named(catalogue.threats, purpose.threats, "threat"), "goals": named(catalogue.goals, purpose.goals, "goal"),
        "defence": named(catalogue.defences, (purpose.defence,), "defence"),
    }


def baselines_of(control: Control, catalogue: Catalogue) -> list[dict[str, str]]:
    """The baselines that hold a control, with the systems that are asked for them in any case."""
    return [{"title": one.title, "meaning": one.meaning, "least": one.least.because if one.least else ""}
            for one in catalogue.baselines if control.id in one.controls]


def ask_block(ask: Ask, catalogue: Catalogue) -> dict[str, Any]:
    """One ask with everything that evidence for it must be."""
    return {
        "id": ask.id, "title": ask.title, "due": due_text(catalogue, ask), "fresh": fresh_text(catalogue, ask),
        "kinds": [(kind, catalogue.kinds[kind].title, catalogue.kinds[kind].meaning) for kind in sorted(ask.kinds)],
        "about": ask.about, "basis": title_of(catalogue.bases, ask.basis) if ask.basis else "any",
        "when": ask.when, "checks": [_check(check, catalogue) for check in ask.checks],
    }


def _check(check: Check, catalogue: Catalogue) -> dict[str, Any]:
    kinds = ", ".join(catalogue.kinds[kind].title for kind in sorted(check.kinds_decided))
    return {"question": check.question, "expression": check.expression or "", "computed_for": kinds,
            "limits": limits_in(check.expression or "", catalogue)}


def limits_in(expression: str, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The limits that an expression compares with, each with its figure by tolerance."""
    return [{"title": one.title, "meaning": one.meaning, "name": limit_name(one.id),
             "figures": [(tolerance.title, f"{tolerance.limits[one.id]:g}") for tolerance in catalogue.tolerances]}
            for one in catalogue.limits if re.search(rf"\b{re.escape(limit_name(one.id))}\b", expression)]


def mappings_of(control: Control, catalogue: Catalogue, ways: Ways) -> list[dict[str, Any]]:
    """What a control is mapped to, by framework, families of frameworks together."""
    found = []
    for framework in (one for ones in by_family(catalogue.frameworks.values()).values() for one in ones):
        rows = [{"id": link.requirement, "title": framework.by_id[link.requirement].title, "why": link.why,
                 "relation": RELATIONS[link.relation][0], "meaning": RELATIONS[link.relation][1], "alone": link.relation.covers,
                 "together": control.id in framework.joint.get(link.requirement, ()),
                 "href": ways.requirement(framework.id, link.requirement)}
                for link in control.mappings if link.framework == framework.id]
        if rows:
            found.append({"framework": framework, "name": short_name(framework), "href": ways.framework(framework.id),
                          "rows": rows})
    return found


def system_row(system: System, outcome: ControlOutcome, at: str) -> SystemRow:
    """How one system stands with a control."""
    under = outcome.underneath.value if outcome.underneath is not outcome.status else ""
    return SystemRow(system.key, system.name, Ways(system.slug, at).control(outcome.control), outcome.status.value, under,
                     outcome.reasons[0].text if outcome.reasons else "")
