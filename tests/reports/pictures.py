"""Pictures made by hand: every status and verdict occurs, any text can be put anywhere, and no rule runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from govern.assurance.outcomes import (
    AskOutcome,
    ControlOutcome,
    Coverage,
    Covered,
    How,
    Posture,
    Reason,
    RequirementOutcome,
    State,
    Status,
)
from govern.catalogue.objects import (
    Ask,
    Catalogue,
    Check,
    Condition,
    Control,
    Domain,
    Due,
    Framework,
    Kind,
    Link,
    Named,
    Relation,
    Requirement,
)
from govern.facts.evidence import About, Basis, Evidence, Review, Verdict, Version, Withdrawal
from govern.facts.moments import DAY, Moment, instant_of
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import (
    Assignment,
    EvidenceRequest,
    OpenMatter,
    RequestState,
    Scoping,
    ScopingState,
    Stage,
    System,
    Waiver,
)
from govern.reports.picture import Picture, Stamp

NOW = instant_of(datetime(2026, 11, 20, 17, 30, tzinfo=UTC))
ROOT, CATALOGUE = "5c" * 32, "ab" * 32
STAMP = Stamp("Northwind Clinics", 1234, ROOT, NOW, NOW + 60_000, "p-officer", CATALOGUE, "7", past=False)
NAMES = {
    "p-officer": "Ada Example",
    "p-owner": "Łucja Παράδειγμα",
    "p-reviewer": "Пример Рецензент",
    "p-gone": "",
}

_STATES = {
    Status.NOT_APPLICABLE: None,
    Status.NOT_DUE: State.NOT_DUE,
    Status.SATISFIED: State.MET,
    Status.WAIVED: State.ABSENT,
    Status.FAILING: State.FAILING,
    Status.IN_REVIEW: State.SUBMITTED,
    Status.STALE: State.STALE,
    Status.PARTIAL: State.UNDECIDED,
    Status.MISSING: State.ABSENT,
}
_COVERED = list(Covered)


def catalogue(controls: int = 9, domains: int = 3, frameworks: int = 2) -> Catalogue:
    """Controls in turn over domains; each asks twice and is mapped to one requirement of every framework."""
    made = [_control(number, f"D{number % domains:02d}", frameworks) for number in range(controls)]
    kinds = [Kind("policy", "Policy", "", "document", 365, "reviewer"),
             Kind("scan-report", "Scan report", "", "file", 30, "reviewer"),
             Kind("note", "Note", "", "document", None, "reviewer")]
    return Catalogue(
        digest=CATALOGUE, traits=(), stages=tuple(Named(stage, stage.capitalize()) for stage in Stage),
        events=(Named("incident", "A serious incident"),), layers=(), bases=(),
        kinds={kind.id: kind for kind in kinds},
        domains=tuple(Domain(f"D{number:02d}", f"Domain number {number}", "") for number in range(domains)),
        controls={control.id: control for control in made},
        frameworks={f"fw{number}": _framework(number, controls) for number in range(frameworks)},
    )


def _control(number: int, domain: str, frameworks: int) -> Control:
    id_ = f"CTL-{number:02d}"
    check = Check("approved", "Has leadership approved it?")
    asks = (
        Ask(f"{id_}.1", id_, "Approved policy", frozenset({"policy", "note"}), "organisation", None, None,
            Due(stage="design"), None, (check,)),
        Ask(f"{id_}.2", id_, "Scan", frozenset({"scan-report"}), "release", "tested", 14,
            Due(after="incident", within_days=15), None, ()),
    )
    applies = Condition("trait.high_risk", "The system is high-risk.") if number % 2 else None
    links = tuple(Link(f"fw{one}", f"R{number}", Relation.SUPERSET, "So.") for one in range(frameworks))
    return Control(id_, domain, f"Control title {number}", "An objective in our own words.", ("design",),
                   applies, asks, links)


def _framework(number: int, requirements: int) -> Framework:
    nodes = [Requirement("R", None, "part", "The whole", False, "", assessable=False)]
    nodes += [Requirement(f"R{one}", "R", "clause", f"Clause {one}", False, "", assessable=True)
              for one in range(requirements)]
    return Framework(f"fw{number}", f"Framework {number}", "Publisher", "1", "2024", "in force", {}, "own",
                     False, tuple(nodes))


def outcome(control: Control, status: Status) -> ControlOutcome:
    """A control's outcome with two asks, a reason, and an end ten days from now where it is satisfied."""
    state = _STATES[status]
    until = NOW + 10 * DAY if status in (Status.SATISFIED, Status.WAIVED) else None
    asks = tuple(
        AskOutcome(ask.id, state or State.ABSENT, (Reason("why", f"{ask.title} is {state}."),), until,
                   ("e-policy",) if state is State.MET else (), applicable=state is not None)
        for ask in control.asks
    )
    reason = Reason("because", f"It is {status} because of this.", at=until)
    underneath = Status.MISSING if status is Status.WAIVED else status
    return ControlOutcome(control.id, status, underneath, (reason,), until, asks)


def version(evidence: str, number: int, *, verdict: Verdict | None = None, withdrawn: bool = False,
            filename: str = "policy.pdf", worked: int = NOW - 20 * DAY) -> Version:
    """One version, submitted a day after the work was done and reviewed a day later."""
    key = f"{evidence}-v{number}"
    review = None
    if verdict is not None:
        review = Review(f"r-{key}", key, verdict, "Read it.", (), "p-reviewer", None, worked + 2 * DAY)
    withdrawal = Withdrawal(f"w-{key}", key, "Sent by mistake.", "p-owner", NOW) if withdrawn else None
    return Version(key, evidence, number, f"{number:064x}", 2048, "application/pdf", filename, "pdf", 90,
                   "its name", "pdf/1", None, "", worked, worked - 30 * DAY, worked, None, "p-owner", None,
                   worked + DAY, review, withdrawal)


def evidence(key: str, *versions: Version, title: str = "AI policy", about: About = About.ORGANISATION,
             about_key: str | None = None) -> Evidence:
    """A policy linked to the first control."""
    return Evidence(key, f"row-{key}", title, "policy", about, about_key, None, Basis.ATTESTED, "",
                    frozenset({"CTL-00"}), versions)


def four_pieces(title: str = "AI policy", filename: str = "policy.pdf") -> tuple[Evidence, ...]:
    """Accepted (after a rejected version), in review, withdrawn, accepted but run out; five versions."""
    old = NOW - 400 * DAY
    return (
        evidence("e-policy", version("e-policy", 1, verdict=Verdict.REJECTED),
                 version("e-policy", 2, verdict=Verdict.ACCEPTED, filename=filename), title=title),
        evidence("e-new", version("e-new", 1), about=About.SYSTEM, about_key="s-triage"),
        evidence("e-back", version("e-back", 1, withdrawn=True)),
        evidence("e-old", version("e-old", 1, verdict=Verdict.ACCEPTED, worked=old)),
    )


def picture(*, name: str = "Patient triage", slug: str = "triage",
            purpose: str = "Sorts patients by urgency.", statement: str = "We do it.",
            reason: str | None = None, stamp: Stamp = STAMP, frozen: Catalogue | None = None,
            pieces: tuple[Evidence, ...] | None = None) -> Picture:
    """One system; its controls take the nine statuses in turn."""
    frozen = frozen or catalogue()
    statuses = list(Status)
    outcomes = {
        control.id: outcome(control, statuses[number % len(statuses)])
        for number, control in enumerate(frozen.controls.values())
    }
    if reason is not None:
        said = Reason("because", reason)
        outcomes = {
            id_: replace(one, reasons=(replace(said, at=one.until),)) for id_, one in outcomes.items()
        }
    moment, key = Moment(stamp.position, stamp.instant), f"s-{slug}"
    first, second = "CTL-00", "CTL-03"
    return Picture(
        stamp=stamp,
        snapshot=Snapshot(
            moment=moment,
            system=System(key, f"row-{key}", slug, name, purpose, "u-care", "p-owner", "", "", "", "", "", "",
                          "", frozenset()),
            stage=Stage.OPERATION, units=(Unit("u-care", "care", "Care", None),), catalogue=frozen.digest,
            evidence=four_pieces() if pieces is None else pieces,
            assignments=(Assignment("a-1", "row-a", key, first, "p-owner", NOW + 5 * DAY, statement),),
            scopings=(Scoping("sc-1", key, first, "No generative part.", "p-owner", ScopingState.APPROVED,
                              "p-reviewer", "", None),),
            requests=(EvidenceRequest("q-1", key, second, "p-owner", "p-officer", NOW + 7 * DAY,
                                      "Please send it.", RequestState.OPEN, None, NOW - DAY),
                      EvidenceRequest("q-2", key, first, "p-gone", "p-officer", NOW, "The policy.",
                                      RequestState.ANSWERED, "e-policy", NOW - 9 * DAY)),
            waivers=(Waiver("w-1", key, second, "Vendor change.", NOW + 30 * DAY, "p-reviewer"),),
            open_matters=(OpenMatter("o-1", "incident", "CTL-04", "Wrong urgency", NOW - DAY),),
        ),
        posture=Posture(key, moment, frozen.digest, outcomes),
        coverages={id_: _coverage(framework, key, moment) for id_, framework in frozen.frameworks.items()},
        catalogue=frozen,
        names=NAMES,
    )


def _coverage(framework: Framework, system: str, moment: Moment) -> Coverage:
    found = {}
    for number, one in enumerate(framework.requirements):
        covered = _COVERED[number % len(_COVERED)]
        how = How.DIRECT if covered is Covered.MET else How.NONE
        controls = (f"CTL-{number - 1:02d}",) if one.assessable else ()
        found[one.id] = RequirementOutcome(one.id, covered, how, controls, (Reason("why", "So it is."),))
    return Coverage(framework.id, system, moment, found)
