"""Plays the story: every step in the order of its day, through the actions that people use."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from argon2 import PasswordHasher

from govern.access.actor import Actor
from govern.actions import control, people, review, standing, systems, tailoring
from govern.actions.evidence import submit_evidence
from govern.actions.office import OPERATOR, Office
from govern.actions.organisation import add_unit, put_in_force
from govern.catalogue.objects import Catalogue
from govern.facts.commands import (
    AddPerson,
    AddUnit,
    AdoptSystem,
    AskForEvidence,
    AssignControls,
    CreateToken,
    DecideScoping,
    DescribeSystem,
    GiveStanding,
    GrantRole,
    ProposeScoping,
    RecordEvent,
    ReviewVersions,
    SubmitEvidence,
    TailorUnit,
)
from govern.facts.evidence import About, Verdict
from govern.facts.moments import DAY, Instant
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import Stage
from govern.folders import folder
from govern.jobs.demo.chance import between, pick, share
from govern.jobs.demo.evidence import answers, basis_of, read_file
from govern.jobs.demo.plan import Bundle, Fate, asks_of, bundles
from govern.jobs.demo.story import Story, Told, read_story
from govern.ledger.canonical import text_digest
from govern.records.control import scopings_waiting
from govern.records.people import grants_of
from govern.records.readers import reader_for

ALL_PASSWORD = "harbour demo password"  # noqa: S105 - the demo's password is printed on purpose
_MONTH = 30 * DAY
Step = tuple[Instant, int, Callable[[Instant], None]]


def log_ins() -> list[tuple[str, str, str]]:
    """(role, address, note) of the demo's people."""
    return [(person.role, person.email, person.note) for person in read_story(folder("seed")).people]


@dataclass
class Play:
    """The stage: the office, who is who, and the steps that were planned."""

    office: Office
    catalogue: Catalogue
    now: Instant
    story: Story
    actors: dict[str, Actor] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    slugs: dict[str, str] = field(default_factory=dict)
    evidence: dict[str, str] = field(default_factory=dict)
    versions: int = 0
    steps: list[Step] = field(default_factory=list)
    reviews: dict[tuple[str, int, str], list[tuple[str, Bundle, int]]] = field(
        default_factory=lambda: defaultdict(list))

    def at(self, instant: Instant, step: Callable[[Instant], None]) -> None:
        """Plan a step."""
        self.steps.append((min(instant, self.now - DAY), len(self.steps), step))


def load_demo(office: Office, catalogue: Catalogue, now: Instant, say: Callable[[str], None]) -> tuple[int, int]:
    """Load the whole story; gives (systems, versions of evidence)."""
    play = Play(office, catalogue, now, read_story(folder("seed")))
    begin = now - 15 * _MONTH
    put_in_force(office, catalogue, begin)
    _people(play, begin)
    say(f"{len(play.story.people)} people, {len(play.story.units)} units")
    _plan_organisation(play, begin)
    _plan_decisions(play)
    for told in play.story.systems:
        _plan_system(play, told)
    _plan_requests(play)
    last = begin
    for instant, _, step in sorted(play.steps, key=lambda one: one[:2]):
        last = max(last + 1, instant)
        step(last)
    _plan_close(play, last)
    return len(play.story.systems), play.versions


def _people(play: Play, begin: Instant) -> None:
    for unit in play.story.units:
        command = AddUnit(unit["slug"], unit["name"], play.units.get(unit["parent"]))
        play.units[unit["slug"]] = add_unit(play.office, OPERATOR, command, begin).value
    hashed = PasswordHasher().hash(ALL_PASSWORD)
    for teller in play.story.people:
        key = people.add_person(play.office, OPERATOR, AddPerson(teller.name, teller.email, hashed), begin).value
        kind = ScopeKind.EVERYTHING if teller.scope == "everything" else ScopeKind.UNIT
        people.grant_role(play.office, OPERATOR, GrantRole(key, Role(teller.role), kind, play.units.get(teller.scope)), begin)
        with play.office.store.reading() as connection:
            play.actors[teller.id] = Actor(key, teller.name, grants_of(connection, key))


# -- what the organisation itself has ---------------------------------------------------------------------------


def _plan_organisation(play: Play, begin: Instant) -> None:
    start = begin + 20 * DAY
    happened = {"policy-approval": start, "first-inventory": start + 40 * DAY, "first-deployment": start + 60 * DAY}
    for event, instant in happened.items():
        play.at(instant, lambda now, event=event, instant=instant: _done(systems.record_event(  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
            play.office, play.actors["officer"], RecordEvent(None, event, instant, "Recorded by the compliance office."), now)))
    asks = asks_of(play.catalogue, frozenset({"organisation"}), None, Stage.RETIRED, frozenset(happened))
    for bundle in bundles(play.catalogue, "organisation", asks, 0.86, 0.10, play.now, start):
        _plan_bundle(play, bundle, "organisation", play.story.organisation, "harbour", "officer", About.ORGANISATION)


def _plan_decisions(play: Play) -> None:
    """What units decided about the catalogue, two months ago: later than most of the evidence, so that the past differs."""
    for place, one in enumerate(play.story.decisions):
        command = TailorUnit(play.units[one.unit], one.baseline, one.tolerance, frozenset(one.added), tuple(one.removed.items()),
                             tuple(one.limits.items()), one.reason)
        play.at(play.now - (60 - place) * DAY, lambda now, command=command: _done(tailoring.tailor_unit(  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
            play.office, play.actors["officer"], command, None, now)))


def _done(_result: object) -> None:
    """Let a step's result go."""


# -- a system ------------------------------------------------------------------------------------------------


def _plan_system(play: Play, told: Told) -> None:
    begin = play.now - told.months * _MONTH
    stage = Stage(told.stage)

    def register(now: Instant) -> None:
        command = DescribeSystem(told.name, unit=play.units[told.unit], traits=told.traits, **told.words)
        play.keys[told.name], play.slugs[told.name] = systems.register_system(
            play.office, play.actors["officer"], command, now).value

    def adopt(now: Instant) -> None:
        command = AdoptSystem(
            play.keys[told.name], stage, "Runs already; entered at its stage with the gaps that the first review named.",
            "Gaps of the first review are dated in the requests of this system.", now + 120 * DAY,
            now - 200 * DAY if stage.order >= Stage.OPERATION.order else None)
        systems.adopt_system(play.office, play.actors["officer"], command, now)

    play.at(begin, register)
    if stage is not Stage.DESIGN:
        play.at(begin + 4 * DAY, adopt)
    events = frozenset(told.events) | ({"operation-start"} if stage.order >= Stage.OPERATION.order else frozenset())
    for place, event in enumerate(told.events):
        instant = begin + (10 + 31 * place) * DAY if place < 3 else play.now - 40 * DAY
        instant = min(instant, play.now - 20 * DAY)
        play.at(instant + DAY, lambda now, event=event, instant=instant: _done(systems.record_event(  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
            play.office, play.actors[told.owner], RecordEvent(play.keys[told.name], event, instant, "See the change log."), now)))
    asks = asks_of(play.catalogue, frozenset({"system", "release", "asset"}), told.traits, stage, events)
    planned = bundles(play.catalogue, told.name, asks, told.care, told.slack, play.now, begin + 6 * DAY)
    for bundle in planned:
        _plan_bundle(play, bundle, told.name, told.name, "", told.owner, About.SYSTEM)
    _plan_work(play, told, begin)


def _plan_work(play: Play, told: Told, begin: Instant) -> None:
    """Assignments of most controls, and a scoping decision or two."""
    controls = sorted(play.catalogue.controls)
    groups: dict[str, list[str]] = defaultdict(list)
    helpers = [told.owner, "contributor"] if told.unit == "digital" else [told.owner]
    for one in controls:
        if share(told.name, one, "assigned") < 0.7:
            groups[pick(helpers, told.name, one, "who")].append(one)
    for who, chosen in groups.items():
        play.at(begin + 8 * DAY, lambda now, who=who, chosen=chosen: _done(control.assign_controls(  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
            play.office, play.actors[told.owner], AssignControls(
                play.keys[told.name], tuple(chosen), play.actors[who].key, play.now + between(-10, 60, told.name, who) * DAY,
                "Done by the team with the organisation's shared services; see the evidence."), now)))
    left_out = pick(("EVA-11", "TRN-03", "DAT-08"), told.name, "scoping")
    play.at(begin + 9 * DAY, lambda now: _done(control.propose_scoping(
        play.office, play.actors[told.owner], ProposeScoping(
            play.keys[told.name], (left_out,), "Covered once for the whole group by the shared programme.",
            None if share(told.name, "ends") < 0.5 else play.now + 25 * DAY), now)))
    play.at(begin + 12 * DAY, lambda now: _decide_scoping(play, now))


def _decide_scoping(play: Play, now: Instant) -> None:
    officer = play.actors["officer"]
    with play.office.store.reading() as connection:
        waiting = scopings_waiting(connection, reader_for(connection, officer, None, now))
    if waiting:
        control.decide_scoping(play.office, officer, DecideScoping(
            tuple(line.scoping.key for line in waiting), True, "Agreed; look again when the set-up changes."), now)


# -- evidence --------------------------------------------------------------------------------------------------


def _plan_bundle(play: Play, bundle: Bundle, owner: str, subject: str, slug: str, who: str, about: About) -> None:
    mark = f"{owner}/{bundle.kind}/{bundle.title}"
    sender = "contributor" if who == "owner-digital" and share(mark, "sender") < 0.4 else who
    for number, worked in enumerate(bundle.worked, 1):
        sent = worked + between(1, 2, mark, number, "sent") * DAY + between(1, 500, mark, number) * 60_000
        play.at(sent, lambda now, number=number, worked=worked: _submit(  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
            play, bundle, mark, owner, subject, slug, sender, about, number, worked, now))
        last = number == len(bundle.worked)
        if bundle.fate is Fate.WAITING and last:
            continue
        # Reviewers come round twice a week and take what lies there.
        day = ((sent + 2 * DAY) // DAY // 4 + 1) * 4
        rejected = bundle.fate is Fate.REJECTED and last
        batch = (owner, day, "rejected" if rejected else "accepted")
        if batch not in play.reviews:
            play.at(day * DAY + 10 * 3_600_000, lambda now, batch=batch: _review(play, batch, now))  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
        play.reviews[batch].append((mark, bundle, number))


def _submit(play: Play, bundle: Bundle, mark: str, owner: str, subject: str, slug: str, who: str, about: About,
            number: int, worked: Instant, now: Instant) -> None:
    actor = play.actors[who]
    short = slug or play.slugs[owner]
    file = read_file(play.office, play.catalogue, bundle, subject, short, actor.name, number, worked)
    done = submit_evidence(play.office, actor, SubmitEvidence(
        file, play.evidence.get(mark), bundle.title, bundle.kind, about,
        play.keys[owner] if about is About.SYSTEM else None, None, basis_of(bundle), "",
        bundle.controls, worked, None, None, None), now).value
    play.evidence[mark] = done.evidence
    play.keys[f"{mark}#{number}"] = done.version
    play.versions += 1


def _review(play: Play, batch: tuple[str, int, str], now: Instant) -> None:
    members = [one for one in play.reviews[batch] if f"{one[0]}#{one[2]}" in play.keys]
    if not members:
        return
    said = tuple({answer.ask + answer.check: answer for _, bundle, number in members
                  for answer in answers(bundle, number)}.values())
    rejected = batch[2] == "rejected"
    command = ReviewVersions(
        tuple(play.keys[f"{mark}#{number}"] for mark, _, number in members),
        Verdict.REJECTED if rejected else Verdict.ACCEPTED,
        "The scope does not name the release in use; send it again with version and date." if rejected
        else "Read against the questions of the catalogue.", () if rejected else said)
    review.review_versions(play.office, play.actors[pick(("reviewer", "reviewer2"), *batch)], command, now)


# -- the last weeks ----------------------------------------------------------------------------------------------


def _plan_requests(play: Play) -> None:
    """What the compliance officer asked for: some of it is overdue by now."""
    for place, one in enumerate(play.story.systems):
        chosen = pick((("GOV-05", "RSK-03"), ("EVA-06", "DOC-02"), ("SUP-02", "INV-02")), one.name)
        due = play.now + (place * 6 - 8) * DAY
        play.at(play.now - 20 * DAY + place, lambda now, one=one, chosen=chosen, due=due: _done(  # type: ignore[misc] # a lambda with defaults has no type that mypy infers
            control.ask_for_evidence(play.office, play.actors["officer"], AskForEvidence(
                play.keys[one.name], chosen, play.actors[one.owner].key, due, "Needed for the quarterly review."), now)))


def _plan_close(play: Play, last: Instant) -> None:
    """A proposal that waits, and a pipeline under standing acceptance: what the queues show today."""
    now = max(last + 1, play.now - DAY)
    told = play.story.systems[0]
    owner = play.actors[told.owner]
    control.propose_scoping(play.office, play.actors["owner-people"], ProposeScoping(
        play.keys["Writing helper for letters"], ("MON-05",), "The vendor watches prompts; the contract says so.", None), now + 20)
    hashed = text_digest(secrets.token_urlsafe(32))  # nobody knows the secret: the demo's pipeline never calls
    token = people.create_token(play.office, owner, CreateToken(
        "nightly red team", play.keys[told.name], True, play.now + 90 * DAY, hashed), now + 30).value
    standing.give_standing(play.office, play.actors["reviewer2"], GiveStanding(
        play.keys[told.name], "adversarial-test-report", "garak", token, play.now + 180 * DAY), now + 40)
