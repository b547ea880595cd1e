"""Where a piece of evidence counts: the controls that it is linked to, what each asks, and how that stands."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from govern.access.actor import Reader
from govern.assurance.checks import Ruling, answer, compute
from govern.assurance.posture import derive
from govern.assurance.questions import touched
from govern.assurance.setting import Figures, Setting, circumstances, declared_by
from govern.catalogue.objects import Ask, Catalogue
from govern.facts.evidence import About, Evidence, Version
from govern.records.snapshot import snapshot

RULED = {Ruling.PASSED: "passed", Ruling.FAILED: "failing", Ruling.UNDECIDED: "undecided", Ruling.OPEN: "open"}


@dataclass(frozen=True)
class CheckLine:
    """One check with how the version at hand answers it. `computed`: an expression decided, not a reviewer."""

    ask: str
    check: str
    question: str
    computed: bool
    expression: str
    ruling: str
    why: str


@dataclass(frozen=True)
class Use:
    """One ask of a linked control. `state` and `status` are empty where the evidence speaks of no single system."""

    control: str
    control_title: str
    href: str
    status: str
    ask: str
    ask_title: str
    state: str
    checks: tuple[CheckLine, ...]


def check_lines(ask: Ask, catalogue: Catalogue, evidence: Evidence, version: Version,
                limits: Figures = ()) -> tuple[CheckLine, ...]:
    """The checks of an ask as this version answers them, held to the limits of its system."""
    declared = declared_by(catalogue).get(evidence.kind, ())
    found = []
    for check in ask.checks:
        computed = check.computed_for(evidence.kind)
        said = compute(check, declared, version, limits) if computed else answer(ask.id, check, version)
        found.append(CheckLine(ask.id, check.id, check.question, computed, (check.expression or "") if computed else "",
                               RULED[said.ruling], said.why))
    return tuple(found)


def use_of(connection: Connection, reader: Reader, catalogue: Catalogue, evidence: Evidence, slug: str,
           version: Version) -> list[Use]:
    """Every ask that the evidence can answer, in catalogue order; linked controls that ask for another kind last."""
    outcomes, limits = None, circumstances(catalogue, frozenset()).limits
    if evidence.about is About.SYSTEM and evidence.about_key:
        known = snapshot(connection, reader, evidence.about_key)
        outcomes, limits = derive(known, catalogue).controls, Setting(known, catalogue).given.limits
    found = []
    for control, ask in touched(evidence, catalogue):
        outcome = outcomes.get(control.id) if outcomes else None
        state = next((one.state.value for one in outcome.asks if one.ask == ask.id), "") if outcome else ""
        found.append(Use(control.id, control.title, _href(slug, control.id), outcome.status.value if outcome else "",
                         ask.id, ask.title, state, check_lines(ask, catalogue, evidence, version, limits)))
    there = {use.control for use in found}
    for id_ in sorted(evidence.controls - there):
        title = catalogue.controls[id_].title if id_ in catalogue.controls else "no longer in the catalogue"
        found.append(Use(id_, title, _href(slug, id_), "", "", "Asks for another kind of evidence", "", ()))
    return found


def _href(slug: str, control: str) -> str:
    return f"/systems/{slug}/controls/{control}" if slug else f"/controls/{control}"
