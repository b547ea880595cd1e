"""The page of one system, and of one control of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act, may
from govern.assurance.asked import next_asked
from govern.assurance.posture import derive
from govern.door.policy import allow
from govern.door.visit import at_of_request, visit
from govern.errors import NotFound
from govern.facts.moments import iso_date
from govern.facts.snapshot import Snapshot
from govern.facts.systems import System
from govern.records.evidence import Filter, library
from govern.records.ledger import entries
from govern.records.people import names, people
from govern.records.snapshot import snapshot
from govern.records.systems import place_of, system_by_slug
from govern.web import frame
from govern.web.baselines_view import holding
from govern.web.entries import told
from govern.web.evidence import lines_of
from govern.web.mistakes import Errors
from govern.web.system_view import (
    answered,
    control_page,
    control_rows,
    grouped,
    narrowed,
    posture_chart,
    stage_track,
    things_of,
)
from govern.web.when import day, due_day

blueprint = Blueprint("system", __name__, url_prefix="/systems/<slug>")
_ASKED = 8
_TOLD = 8


def found_system(reader: Reader, slug: str) -> System:
    """The system of the address; raises NotFound, also for one out of scope."""
    system = system_by_slug(visit().connection, reader, slug)
    if system is None:
        raise NotFound("There is no such system.", mend="Check the address, look at another moment, or ask for access.")
    return system


def rights(system: System, reader: Reader) -> dict[str, bool]:
    """What the visitor may do with a system now; nothing in the past."""
    if reader.position is not None:
        return dict.fromkeys(("submit", "assign", "request", "scope", "edit", "adopt", "event", "export"), False) | {
            "export": may(visit().known, Act.EXPORT, place_of(visit().connection, system.key)).allowed}
    place = place_of(visit().connection, system.key)
    acts = {"submit": Act.SUBMIT, "assign": Act.ASSIGN, "request": Act.REQUEST, "scope": Act.PROPOSE_SCOPING,
            "edit": Act.EDIT_SYSTEM, "adopt": Act.ADOPT, "event": Act.RECORD_EVENT, "export": Act.EXPORT}
    return {word: may(visit().known, act, place).allowed for word, act in acts.items()}


def named_in(seen: Snapshot) -> dict[str, str]:
    """Names of the people a snapshot's work speaks of."""
    keys = {one.owner for one in seen.assignments} | {one.asked_of for one in seen.requests}
    keys |= {one.asked_by for one in seen.requests} | {one.proposed_by for one in seen.scopings}
    keys |= {one.decided_by for one in seen.tailorings}
    keys |= {one.decided_by for one in seen.scopings} | ({seen.adoption.decided_by} if seen.adoption else set())
    return names(visit().connection, {key for key in keys if key})


def able_people() -> list[tuple[str, str]]:
    """People with an open account, for choosing from."""
    return [(one.key, one.name) for one in people(visit().connection) if one.active]


def _facts(seen: Snapshot) -> list[tuple[str, str]]:
    system = seen.system
    return [(label, text) for label, text in (
        ("Unit", seen.units[0].name if seen.units else ""), ("Business owner", system.business_owner),
        ("Who can change it", system.who_can_change), ("Who can stop it", system.who_can_stop),
        ("People affected", system.affected_users), ("Sensitivity of its data", system.data_sensitivity),
        ("Access boundaries", system.access_boundaries), ("Legal constraints", system.legal_constraints),
        ("Abuse cases", system.abuse_cases)) if text]


@dataclass(frozen=True)
class Sent:
    """A form that comes back: what is wrong with it, what was typed, which of the page's forms it is."""

    errors: Errors = field(default_factory=Errors)
    form: Mapping[str, str] = field(default_factory=dict)
    doing: str = ""
    selected: frozenset[str] = frozenset()


@blueprint.get("")
@allow(Act.READ)
def page(slug: str) -> str:
    """One system: posture by domain, what is asked next, controls, evidence, history, facts."""
    return system_page(slug, Sent())


def system_page(slug: str, sent: Sent) -> str:
    """The page of a system, with a form that came back where one did."""
    here, path = visit(), f"/systems/{slug}"
    reader = here.reader(at_of_request())
    system = found_system(reader, slug)
    catalogue = here.catalogue(reader)
    seen = snapshot(here.connection, reader, system)
    posture = derive(seen, catalogue)
    known = named_in(seen)
    now = reader.moment.instant
    rows = control_rows(seen, posture, catalogue, known, now)
    given: Mapping[str, str] = request.args
    shown = narrowed(rows, given)
    may_do = rights(system, reader)
    asked = next_asked(posture, catalogue, seen)
    wide, narrow = posture_chart(posture, catalogue)
    due = sum(count for status, count in posture.summary.items() if status.value not in ("not applicable", "not due"))
    return render_template(
        "pages/system.html", system=system, stages=stage_track(seen.stage, catalogue), adoption=seen.adoption,
        adopted_by=known.get(seen.adoption.decided_by, "Somebody") if seen.adoption else "",
        adopted_on=day(seen.adoption.decided) if seen.adoption else None, counts=posture.summary, due=due,
        words={status.value: count for status, count in posture.summary.items()}, chart=wide, chart_narrow=narrow,
        by_domain=grouped(shown, catalogue), total=len(rows), shown=len(shown), given=given,
        asked=[{"control": one.control, "title": one.title, "state": one.state.value,
                "text": one.text.removesuffix(f" By {iso_date(one.due)}.") if one.due else one.text,
                "href": f"/systems/{slug}/controls/{one.control}", "due": due_day(one.due, now) if one.due else None}
               for one in asked[:_ASKED]], asked_more=max(0, len(asked) - _ASKED),
        evidence=lines_of(library(here.connection, reader, Filter(system=system.key), size=6), catalogue), day=day,
        history=told(here.connection, entries(here.connection, reader, thing=system.key, size=_TOLD), within=system.key),
        facts=_facts(seen), may=may_do, sent=sent, link=frame.link_at(path), names=known,
        holding=holding(seen, catalogue), answers=answered(system.traits, catalogue),
        people=able_people() if may_do["assign"] or may_do["request"] else [],
        statuses=[("", "Every status"), ("short", "What falls short"),
                  *((one.value, one.value.capitalize()) for one in posture.summary)],
        domains=[("", "Every domain"), *((one.id, one.title) for one in catalogue.domains)],
        owners=[("", "Every owner"), ("nobody", "Nobody yet"),
                *((name, name) for name in sorted({row.owner for row in rows if row.owner}))],
        narrowed=any(given.get(name) for name in ("q", "status", "domain", "owner")), at=given.get("at", ""),
        events=[(one.id, one.title) for one in catalogue.events], moment=frame.moment_shown(path), past=reader.position is not None)


@blueprint.get("/controls/<control>")
@allow(Act.READ)
def control(slug: str, control: str) -> str:
    """One control of a system, as a page or in the drawer."""
    return control_of_system(slug, control, Sent())


def control_of_system(slug: str, control: str, sent: Sent) -> str:
    """The page of one control of a system, with a form that came back where one did."""
    here, at = visit(), request.args.get("at", "")
    reader = here.reader(at_of_request())
    system = found_system(reader, slug)
    catalogue = here.catalogue(reader)
    if control not in catalogue.controls:
        raise NotFound(f"There is no control {control[:40]} in the catalogue of that moment.",
                       mend="Control ids look like EVA-04; the controls page lists them.")
    seen = snapshot(here.connection, reader, system)
    outcome = derive(seen, catalogue).controls[control]
    may_do = rights(system, reader)
    shown: dict[str, Any] = control_page(outcome, seen, catalogue, at)
    history = entries(here.connection, reader, things=things_of(control, seen), size=_TOLD)
    return render_template(
        "pages/system_control.html", system=system, **shown, may=may_do, names=named_in(seen), day=day,
        due_day=due_day, now=reader.moment.instant, sent=sent,
        history=told(here.connection, history, within=system.key),
        moment=frame.moment_shown(f"/systems/{slug}/controls/{control}"), past=reader.position is not None,
        people=able_people() if may_do["assign"] or may_do["request"] else [], at=at)
