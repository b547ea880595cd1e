"""What the pages of the catalogue's controls show: what each asks for, what it is mapped to, how systems stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from govern.assurance.outcomes import ControlOutcome
from govern.catalogue.objects import Ask, Catalogue, Check, Control, Named
from govern.facts.systems import System
from govern.reports.naming import due_text, fresh_text
from govern.web.frameworks_view import Ways


@dataclass(frozen=True)
class ControlLine:
    """A row of the list. `mapped` counts requirements, of one framework where the list is narrowed to it."""

    key: str
    title: str
    objective: str
    href: str
    asks: int
    mapped: int
    applies: str


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


def fits(control: Control, domain: str, framework: str, text: str) -> bool:
    """Whether a control is asked for; `text` is casefolded."""
    return ((not domain or control.domain == domain)
            and (not framework or any(link.framework == framework for link in control.mappings))
            and (not text or text in f"{control.id} {control.title} {control.objective}".casefold()))


def line_of(control: Control, framework: str, ways: Ways) -> ControlLine:
    """A control as a row."""
    mapped = sum(not framework or link.framework == framework for link in control.mappings)
    applies = control.applies.because if control.applies else "Always"
    return ControlLine(control.id, control.title, control.objective, ways.control(control.id), len(control.asks), mapped, applies)


def by_domain(controls: list[Control], framework: str, catalogue: Catalogue, ways: Ways) -> list[dict[str, Any]]:
    """Rows by domain, in the order of the catalogue; domains without a row are left out."""
    found = [{"domain": domain, "rows": [line_of(one, framework, ways) for one in controls if one.domain == domain.id]}
             for domain in catalogue.domains]
    return [one for one in found if one["rows"]]


# -- one control -----------------------------------------------------------------------------------------------------


def ask_block(ask: Ask, catalogue: Catalogue) -> dict[str, Any]:
    """One ask with everything that evidence for it must be."""
    return {
        "id": ask.id, "title": ask.title, "due": due_text(catalogue, ask), "fresh": fresh_text(catalogue, ask),
        "kinds": [(kind, catalogue.kinds[kind].title) for kind in sorted(ask.kinds)],
        "about": ask.about, "basis": title_of(catalogue.bases, ask.basis) if ask.basis else "any",
        "when": ask.when, "checks": [_check(check, catalogue) for check in ask.checks],
    }


def _check(check: Check, catalogue: Catalogue) -> dict[str, str]:
    kinds = ", ".join(catalogue.kinds[kind].title for kind in sorted(check.kinds_decided))
    return {"question": check.question, "expression": check.expression or "", "computed_for": kinds}


def mappings_of(control: Control, catalogue: Catalogue, ways: Ways) -> list[dict[str, Any]]:
    """What a control is mapped to, by framework."""
    found = []
    for framework in catalogue.frameworks.values():
        rows = [{"id": link.requirement, "title": framework.by_id[link.requirement].title, "why": link.why,
                 "relation": link.relation.value.replace("-", " "), "alone": link.relation.covers,
                 "together": control.id in framework.joint.get(link.requirement, ()),
                 "href": ways.requirement(framework.id, link.requirement)}
                for link in control.mappings if link.framework == framework.id]
        if rows:
            found.append({"framework": framework, "href": ways.framework(framework.id), "rows": rows})
    return found


def system_row(system: System, outcome: ControlOutcome, at: str) -> SystemRow:
    """How one system stands with a control."""
    under = outcome.underneath.value if outcome.underneath is not outcome.status else ""
    return SystemRow(system.key, system.name, Ways(system.slug, at).control(outcome.control), outcome.status.value, under,
                     outcome.reasons[0].text if outcome.reasons else "")
