"""What the pages of one system show, built from its snapshot and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from govern.assurance.applicability import why_asked
from govern.assurance.outcomes import AskOutcome, ControlOutcome, Posture, Status
from govern.assurance.setting import Setting
from govern.catalogue.objects import Ask, Catalogue
from govern.facts.evidence import Evidence, Verdict, Version
from govern.facts.moments import Instant
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Assignment, EvidenceRequest, Scoping, Stage
from govern.reports.charts import PostureRow, posture_bars
from govern.reports.scene_svg import svg_of
from govern.web.frameworks_view import Ways
from govern.web.when import day, due_day


def posture_chart(posture: Posture, catalogue: Catalogue) -> tuple[Markup, Markup]:
    """The statuses by domain, wide and for a phone."""
    rows = []
    for domain in catalogue.domains:
        counts = Counter(outcome.status for id_, outcome in posture.controls.items() if catalogue.controls[id_].domain == domain.id)
        rows.append(PostureRow(domain.title, counts))
    wide = Markup(svg_of(posture_bars(rows, width=540), "posture"))  # noqa: S704 - our own drawing, texts escaped by it
    narrow = Markup(svg_of(posture_bars(rows, width=330), "posture-narrow"))  # noqa: S704 - the same
    return wide, narrow


def stage_track(stage: Stage, catalogue: Catalogue) -> list[dict[str, str]]:
    """The stages, in order, and which is now. Those before were not passed by gates here: the system was adopted later."""
    return [{"label": one.title, "state": "skipped" if Stage(one.id).order < stage.order
             else "current" if one.id == stage.value else "next"} for one in catalogue.stages]


def answered(traits: frozenset[str], catalogue: Catalogue) -> list[tuple[str, str]]:
    """What is true of a system, by the groups of the questionnaire; what implies something says so."""
    groups = {group.id: group.title for group in catalogue.groups}
    found: dict[str, list[str]] = {}
    for trait in catalogue.traits:
        if trait.id in traits:
            found.setdefault(groups.get(trait.group, "What is true of it"), []).append(trait.title)
    titles = {trait.id: trait.title for trait in catalogue.traits}
    implied = [titles.get(one, one) for one in sorted(catalogue.with_implied(traits) - traits)]
    gone = [one for one in sorted(traits) if one not in titles]
    return [*((title, ", ".join(names)) for title, names in found.items()),
            *([("Implied by these", ", ".join(implied))] if implied else []),
            *([("No longer asked by the catalogue", ", ".join(gone))] if gone else [])]


@dataclass(frozen=True)
class ControlRow:
    """A row of the controls table."""

    key: str
    id: str
    title: str
    domain: str
    status: str
    underneath: str
    reason: str
    until: Any
    owner: str
    due: Any
    requested: bool


def control_rows(snapshot: Snapshot, posture: Posture, catalogue: Catalogue, names: Mapping[str, str],
                 now: Instant) -> list[ControlRow]:
    """All controls of a system as rows, in the order of the catalogue."""
    work = {one.control: one for one in snapshot.assignments}
    asked = {one.control for one in snapshot.requests}
    rows = []
    for id_, outcome in posture.controls.items():
        control, assigned = catalogue.controls[id_], work.get(id_)
        short = outcome.status not in (Status.SATISFIED, Status.NOT_APPLICABLE, Status.NOT_DUE)
        rows.append(ControlRow(
            id_, id_, control.title, control.domain, outcome.status.value,
            outcome.underneath.value if outcome.underneath is not outcome.status else "",
            outcome.reasons[0].text if outcome.reasons else "", day(outcome.until) if outcome.until else None,
            names.get(assigned.owner, "") if assigned and assigned.owner else "",
            due_day(assigned.due, now, waits=short) if assigned and assigned.due else None, id_ in asked))
    return rows


def narrowed(rows: Iterable[ControlRow], given: Mapping[str, str]) -> list[ControlRow]:
    """The rows that the address asks for."""
    text = given.get("q", "").strip().casefold()
    status, domain, owner = given.get("status", ""), given.get("domain", ""), given.get("owner", "")
    short = {"failing", "stale", "missing", "partial"}
    return [row for row in rows
            if (not text or text in f"{row.id} {row.title}".casefold())
            and (not status or row.status == status or (status == "short" and row.status in short))
            and (not domain or row.domain == domain)
            and (not owner or (owner == "nobody" and not row.owner) or row.owner == owner)]


def things_of(control: str, snapshot: Snapshot) -> set[str]:
    """Keys of everything that a control's own history speaks of: evidence linked to it, and the work on it."""
    work: tuple[Assignment | Scoping | EvidenceRequest, ...] = (*snapshot.assignments, *snapshot.scopings, *snapshot.requests)
    return {one.key for one in snapshot.evidence if control in one.controls} | {one.key for one in work if one.control == control}


def grouped(rows: Iterable[ControlRow], catalogue: Catalogue) -> list[dict[str, Any]]:
    """Rows by domain, with the domain's counts."""
    found: dict[str, list[ControlRow]] = {}
    for row in rows:
        found.setdefault(row.domain, []).append(row)
    return [{"domain": domain, "rows": found[domain.id], "counts": Counter(row.status for row in found[domain.id]),
             "ids": frozenset(row.id for row in found[domain.id])}
            for domain in catalogue.domains if domain.id in found]


# -- one control ---------------------------------------------------------------------------------------------


def version_state(version: Version) -> str:
    """Where a version stands, as a badge says it."""
    if version.withdrawal is not None:
        return "withdrawn"
    if version.review is None:
        return "awaiting review"
    return "accepted" if version.review.verdict is Verdict.ACCEPTED else "rejected"


def _linked(ask: Ask, evidence: Iterable[Evidence], ways: Ways) -> list[dict[str, Any]]:
    found = []
    for one in evidence:
        if ask.control not in one.controls or one.kind not in ask.kinds or one.newest is None:
            continue
        version = one.newest
        found.append({"title": one.title, "href": ways.evidence(one.key), "status": version_state(version),
                      "detail": f"version {version.number}, work of {day(version.worked).text}", "key": one.key})
    return found


def due_words(ask: Ask, catalogue: Catalogue) -> str:
    """When an ask falls due, in words."""
    if ask.due.stage is not None:
        title = next((one.title for one in catalogue.stages if one.id == ask.due.stage), ask.due.stage)
        return f"from {title.lower()} on"
    title = next((one.title for one in catalogue.events if one.id == ask.due.after), ask.due.after or "")
    return f"within {ask.due.within_days} days after: {title.lower()}"


def ask_block(ask: Ask, outcome: AskOutcome, snapshot: Snapshot, catalogue: Catalogue, ways: Ways) -> dict[str, Any]:
    """One ask as the control's page shows it."""
    fresh = "does not age" if ask.fresh_days is None else f"fresh for {ask.fresh_days} days"
    return {
        "id": ask.id, "title": ask.title, "state": outcome.state.value, "applicable": outcome.applicable,
        "reasons": [{"text": reason.text, "href": ways.evidence(reason.evidence) if reason.evidence else ""}
                    for reason in outcome.reasons],
        "until": day(outcome.until) if outcome.until else None,
        "kinds": [(kind, catalogue.kinds[kind].title) for kind in sorted(ask.kinds) if kind in catalogue.kinds],
        "about": ask.about, "basis": ask.basis or "", "fresh": fresh, "due": due_words(ask, catalogue),
        "checks": [{"text": check.question, "computed": sorted(check.kinds_decided), "expression": check.expression or ""}
                   for check in ask.checks],
        "evidence": _linked(ask, snapshot.evidence, ways),
    }


def control_page(outcome: ControlOutcome, snapshot: Snapshot, catalogue: Catalogue, at: str) -> dict[str, Any]:
    """One control of a system as its page and drawer show it."""
    control, ways = catalogue.controls[outcome.control], Ways(snapshot.system.slug, at)
    asks = {one.ask: one for one in outcome.asks}
    frameworks = []
    for framework in catalogue.frameworks.values():
        links = [{"requirement": link.requirement, "relation": link.relation.value.replace("-", " "), "why": link.why,
                  "title": framework.by_id[link.requirement].title if link.requirement in framework.by_id else "",
                  "href": ways.requirement(framework.id, link.requirement)}
                 for link in control.mappings if link.framework == framework.id]
        if links:
            frameworks.append({"title": framework.title, "links": links})
    kinds = sorted({kind for ask in control.asks for kind in ask.kinds})
    asked = outcome.status is not Status.NOT_APPLICABLE
    return {
        "because": [reason.text for reason in why_asked(control, Setting(snapshot, catalogue))] if asked else [],
        "control": control, "stands": outcome.status.value,
        "underneath": outcome.underneath.value if outcome.underneath is not outcome.status else "",
        "reasons": outcome.reasons, "until": day(outcome.until) if outcome.until else None,
        "asks": [ask_block(ask, asks[ask.id], snapshot, catalogue, ways) for ask in control.asks if ask.id in asks],
        "frameworks": frameworks, "kinds": [(kind, catalogue.kinds[kind].title) for kind in kinds],
        "scopings": [one for one in snapshot.scopings if one.control == control.id],
        "requests": [one for one in snapshot.requests if one.control == control.id],
        "assignment": next((one for one in snapshot.assignments if one.control == control.id), None),
    }
