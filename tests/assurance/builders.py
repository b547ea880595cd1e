"""Tiny builders for snapshots and catalogues. Instants are days: `day(3)` is the third day, `NOW` is day
100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from govern.assurance.outcomes import AskOutcome, ControlOutcome, Posture
from govern.assurance.posture import derive
from govern.catalogue.objects import (
    Ask,
    Catalogue,
    Check,
    Condition,
    Control,
    Domain,
    Due,
    FieldOfKind,
    Framework,
    Kind,
    Link,
    Named,
    Relation,
    Requirement,
    Trait,
)
from govern.facts.evidence import (
    About,
    Answered,
    Basis,
    Evidence,
    Reply,
    Review,
    Verdict,
    Version,
    Withdrawal,
)
from govern.facts.findings import Findings, Value
from govern.facts.moments import DAY, Instant, Moment
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import (
    Event,
    OpenMatter,
    Scoping,
    ScopingState,
    Stage,
    System,
    Waiver,
)

SYSTEM = "system-a"
ASK = "C-01.1"
CONTROL = "C-01"


def day(number: int) -> Instant:
    """The instant at which a day starts."""
    return number * DAY


NOW = day(100)

# -- the catalogue ---------------------------------------------------------------------------------

CLEAN = Check("clean", "Is nothing critical open?", "critical == 0", frozenset({"scan"}))
QUESTION = Check("read", "Was it read?")
HIGH_RISK = Condition("trait.high_risk", "The system is high-risk.")


def ask(id_: str = ASK, **given: Any) -> Ask:
    """An ask for a scan or a paper about the system, fresh for 30 days, due from design on, with one
    computed check.
    """
    fields: dict[str, Any] = {
        "control": id_.rsplit(".", 1)[0], "title": f"Ask {id_}", "kinds": frozenset({"scan", "paper"}),
        "about": "system", "basis": None, "fresh_days": 30, "due": Due(stage="design"), "when": None,
        "checks": (CLEAN,)}
    return Ask(id_, **{**fields, **given})


def control(id_: str = CONTROL, *asks: Ask, applies: Condition | None = None,
            links: Iterable[Link] = ()) -> Control:
    """A control; without asks it gets one."""
    return Control(id_, "C", f"Control {id_}", "It is done.", ("design",), applies,
                   asks or (ask(f"{id_}.1"),), tuple(links))


def link(requirement: str, relation: Relation = Relation.EQUAL, framework: str = "f") -> Link:
    """A control's relation to a requirement."""
    return Link(framework, requirement, relation, "Because.")


def requirement(id_: str, parent: str | None = None, *, assessable: bool = True) -> Requirement:
    """A node of a framework."""
    return Requirement(id_, parent, "level", f"Requirement {id_}", False, "Gist.", assessable)


def framework(*requirements: Requirement, joint: Mapping[str, Iterable[str]] | None = None,
              down: bool = False,
              id_: str = "f") -> Framework:
    """A framework of these requirements."""
    return Framework(id_, "F", "P", "1", "2026", "final", {}, "ours", down, requirements,
                     {one: frozenset(set_) for one, set_ in (joint or {}).items()})


def catalogue(*controls: Control, frameworks: Iterable[Framework] = ()) -> Catalogue:
    """A catalogue of these controls; its digest follows from what is in it."""
    kinds = {
        "scan": Kind("scan", "Scan report", "", "structured", 30, "reviewer",
                     (FieldOfKind("critical", "int", ""), FieldOfKind("tool", "string", ""))),
        "paper": Kind("paper", "Paper", "", "document", None, "reviewer"),
        "photo": Kind("photo", "Photo", "", "document", None, "reviewer"),
    }
    held, published = controls or (control(),), tuple(frameworks)
    digest = sha256(repr((held, published)).encode()).hexdigest()
    return Catalogue(
        digest, (Trait("high_risk", "High-risk", "", ""), Trait("agentic", "Agentic", "", "")),
        tuple(Named(one.value, one.value.capitalize()) for one in Stage),
        (Named("release", "A release goes live"),),
        (), (), kinds, (Domain("C", "Controls", ""),), {one.id: one for one in held},
        {one.id: one for one in published})


# -- evidence --------------------------------------------------------------------------------------


def findings(kind: str = "scan", **stated: Value) -> Findings:
    """What a version states."""
    return Findings(kind, stated)


def answered(reply: Reply = Reply.YES, check: str = "read", ask: str = ASK, reason: str = "") -> Answered:
    """One answer of a review."""
    return Answered(ask, check, reply, reason)


def review(verdict: Verdict = Verdict.ACCEPTED, *answers: Answered, at: Instant = NOW,
           standing: str | None = None,
           key: str = "review", comment: str = "") -> Review:
    """Somebody's verdict."""
    return Review(key, "", verdict, comment, answers, "reviewer", standing, at)


ACCEPTED = review()
REJECTED = review(Verdict.REJECTED, comment="It is the wrong file.")
WITHDRAWN = Withdrawal("withdrawal", "", "Sent by mistake.", "owner", NOW)


def version(number: int = 1, *, critical: int | None = 0, worked: Instant = NOW, review: Review | None = None,
            withdrawal: Withdrawal | None = None, expires: Instant | None = None, **given: Any) -> Version:
    """A version of a scan; `critical` is what it states, None states nothing. In review unless `review` says
    more.
    """
    stated: dict[str, Any] = {} if critical is None else {"critical": critical}
    fields: dict[str, Any] = {
        "key": f"v{number}", "evidence": "", "sha256": "", "size": 1, "media_type": "application/json",
        "filename": "scan.json", "format": "scan", "sure": 100, "why": "", "reader": "scan/1",
        "findings": findings(**stated), "findings_digest": f"critical={critical}", "period_from": None,
        "period_until": None, "submitted_by": "owner", "via_token": None, "submitted": worked}
    return Version(number=number, worked=worked, expires=expires, review=review, withdrawal=withdrawal,
                   **{**fields, **given})


def evidence(*versions: Version, key: str = "e1", kind: str = "scan", about: About = About.SYSTEM,
             about_key: str | None = SYSTEM, basis: Basis = Basis.TESTED,
             controls: Iterable[str] = (CONTROL,),
             title: str = "Scan, April") -> Evidence:
    """A scan about the system, linked to the first control."""
    return Evidence(key, f"row-{key}", title, kind, about, about_key, None, basis, "", frozenset(controls),
                    versions)


def good(key: str = "e1", control: str = CONTROL, **given: Any) -> Evidence:
    """Evidence that meets the plain ask of a control now."""
    return evidence(version(review=ACCEPTED, **given), key=key, controls=(control,))


# -- the system ------------------------------------------------------------------------------------


def snapshot(*held: Evidence, now: Instant = NOW, stage: Stage = Stage.OPERATION, traits: Iterable[str] = (),
             **given: Any) -> Snapshot:
    """The system in operation, at an instant."""
    system = System(SYSTEM, "row", "a", "System A", "", "unit-a", "", "", "", "", "", "", "", "",
                    frozenset(traits))
    units = (Unit("unit-a", "a", "Lending", "unit-top"), Unit("unit-top", "top", "Bank", None))
    return Snapshot(Moment(7, now), system, stage, units, "digest", held, **given)


def event(happened: Instant, id_: str = "release", key: str = "event") -> Event:
    """Something happened to the system."""
    return Event(key, SYSTEM, id_, happened, "")


def scoping(state: ScopingState = ScopingState.APPROVED, until: Instant | None = None, control: str = CONTROL,
            key: str = "scoping") -> Scoping:
    """A decision that a control does not apply."""
    return Scoping(key, SYSTEM, control, "It has no users.", "owner", state, "officer", "", until)


def waiver(expires: Instant, control: str = CONTROL, key: str = "waiver") -> Waiver:
    """An approved exception."""
    return Waiver(key, SYSTEM, control, "The tool comes in June.", expires, "officer")


def matter(control: str = CONTROL, since: Instant = NOW, key: str = "matter") -> OpenMatter:
    """Something open against a control."""
    return OpenMatter(key, "incident", control, "Leak", since)


def at(held: Snapshot, now: Instant) -> Snapshot:
    """The same facts judged at another instant."""
    return replace(held, moment=replace(held.moment, instant=now))


# -- answers ---------------------------------------------------------------------------------------


def control_of(held: Snapshot, judged_by: Catalogue, id_: str = CONTROL) -> ControlOutcome:
    """The outcome of one control."""
    return derive(held, judged_by).controls[id_]


def ask_of(held: Snapshot, asked: Ask) -> AskOutcome:
    """The outcome of one ask that stands alone in its control."""
    return control_of(held, catalogue(control(asked.control, asked)), asked.control).asks[0]


def codes(outcome: AskOutcome | ControlOutcome) -> set[str]:
    """The codes of all reasons."""
    return {reason.code for reason in outcome.reasons}


def statuses(posture: Posture) -> dict[str, str]:
    """Control → status."""
    return {id_: one.status.value for id_, one in posture.controls.items()}
