"""`/systems`: registering and describing them, their posture, what is asked of them."""

from __future__ import annotations

import json
from dataclasses import replace

from flask import Response

from govern.access.actor import Reader
from govern.access.policy import Act
from govern.actions.systems import check_traits, edit_system, register_system
from govern.api.area import IF_MATCH, IF_NONE_MATCH, ONCE, Area
from govern.api.reading import (
    answer,
    answered_again,
    body,
    catalogue,
    dump,
    json_body,
    named_system,
    next_cursor,
    once,
    page_reader,
    part,
    query,
    reader,
    seen_state,
    tagged,
)
from govern.assurance.asked import next_asked
from govern.assurance.posture import derive
from govern.assurance.switching import with_traits
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.facts.commands import DescribeSystem
from govern.facts.systems import Stage, System
from govern.records.people import chain, units
from govern.records.snapshot import snapshot
from govern.records.systems import adoption_of, systems
from govern.records.work import Done, Replayed
from govern.schemas.outputs_systems import (
    AskedAnswer,
    AskedOut,
    PostureAnswer,
    PostureOut,
    SystemAnswer,
    SystemOut,
    SystemsOut,
)
from govern.schemas.outputs_tailoring import ConsequenceAnswer, ConsequenceOut
from govern.schemas.queries import MomentQuery, SystemsQuery
from govern.schemas.systems import DescribeSystemInput
from govern.schemas.tailoring import ConsequenceQuery

area = Area("systems", "/systems", "Systems, their posture, and what is asked of them")


@area.route("GET", "", gives=SystemsOut, query=SystemsQuery)
@allow(Act.READ)
def list_systems() -> Response:
    """Systems that you may see, by name."""
    wanted = query(SystemsQuery)
    at, offset = page_reader(wanted)
    all_units = units(visit().connection, at.position)
    under = {key for key, unit in all_units.items()
             if wanted.unit in {above.slug for above in chain(all_units, unit.key)}}
    lines = [line for line in systems(visit().connection, at)
             if wanted.q.lower() in line.system.name.lower()
             and (not wanted.unit or line.system.unit in under)
             and (not wanted.stage or line.stage.value == wanted.stage)
             and (not wanted.trait or wanted.trait in line.system.traits)]
    shown, more = part(lines, offset, wanted.size)
    answers = [SystemAnswer(line.system, line.stage, _slug(all_units.get(line.system.unit or ""))) for line in shown]
    return answer(SystemsOut, {"systems": answers, "next": next_cursor(at, offset, len(shown), more)})


def _slug(unit: object) -> str | None:
    return getattr(unit, "slug", None)


def _answer_of(at: Reader, system: System, entry: int | None = None) -> SystemAnswer:
    adoption = adoption_of(visit().connection, system.key, at.position)
    unit = units(visit().connection, at.position).get(system.unit or "")
    return SystemAnswer(system, adoption.stage if adoption else Stage.DESIGN, _slug(unit), entry)


def _with_unit_key(command: DescribeSystem) -> DescribeSystem:
    """A unit may be named by its slug as well as by its key."""
    known = units(visit().connection)
    found = next((unit.key for unit in known.values() if unit.slug == command.unit), command.unit)
    return replace(command, unit=found)


@area.route("POST", "", gives=SystemOut, status=201, takes=DescribeSystemInput, headers=(ONCE,))
@allow(Act.REGISTER_SYSTEM)
def create_system() -> Response:
    """Register a system.

    `unit` is the key or short name of a unit; the slug is made from the name and never changes.
    """
    sent = json.dumps(json_body(), sort_keys=True)
    command = _with_unit_key(body(DescribeSystemInput))
    slug_of_unit = _slug(units(visit().connection).get(command.unit or ""))

    def shown(done: Done[tuple[str, str]]) -> dict[str, object]:
        key, slug = done.value
        made = System(key=key, row="", slug=slug, **vars(command))
        return dump(SystemOut, SystemAnswer(made, Stage.DESIGN, slug_of_unit, done.entry))

    try:
        done = register_system(house().office, visit().known, command, visit().now, once=once(sent, shown))
    except Replayed as replayed:
        return answered_again(replayed)
    visit().refresh()
    found = named_system(reader(), done.value[1])
    return tagged(answer(SystemOut, _answer_of(reader(), found, done.entry), 201,
                         Location=f"/api/v1/systems/{found.slug}"), found.row)


@area.route("GET", "/<slug>", gives=SystemOut, query=MomentQuery, headers=(IF_NONE_MATCH,), also=(304,))
@allow(Act.READ)
def get_system(slug: str) -> Response:
    """One system."""
    at = reader()
    system = named_system(at, slug)
    return tagged(answer(SystemOut, _answer_of(at, system)), system.row)


@area.route("PUT", "/<slug>", gives=SystemOut, takes=DescribeSystemInput, headers=(IF_MATCH,), also=(412, 428))
@allow(Act.EDIT_SYSTEM)
def put_system(slug: str) -> Response:
    """Change a system's description, all of it.

    If-Match names the state that you saw; what was changed since is not lost but answered with 412.
    """
    system = named_system(visit().reader(), slug)
    command = _with_unit_key(body(DescribeSystemInput))
    done = edit_system(house().office, visit().known, system.key, command, seen_state(system.row), visit().now)
    visit().refresh()
    at = visit().reader()
    changed = named_system(at, slug)
    return tagged(answer(SystemOut, _answer_of(at, changed, done.entry)), changed.row)


@area.route("GET", "/<slug>/posture", gives=PostureOut, query=MomentQuery)
@allow(Act.READ)
def get_posture(slug: str) -> Response:
    """The status of every control of a system, each with its reasons and when time alone would change it."""
    at = reader()
    system = named_system(at, slug)
    posture = derive(snapshot(visit().connection, at, system), catalogue(at))
    return answer(PostureOut, PostureAnswer(system.slug, posture))


@area.route("GET", "/<slug>/asked", gives=AskedOut, query=MomentQuery)
@allow(Act.READ)
def get_asked(slug: str) -> Response:
    """What is asked next for a system, most urgent first."""
    at = reader()
    system = named_system(at, slug)
    seen = snapshot(visit().connection, at, system)
    waiting = next_asked(derive(seen, catalogue(at)), catalogue(at), seen)
    return answer(AskedOut, AskedAnswer(system.slug, seen.moment, waiting))


@area.route("GET", "/<slug>/consequence", gives=ConsequenceOut, query=ConsequenceQuery)
@allow(Act.READ)
def get_consequence(slug: str) -> Response:
    """What other answers to the questionnaire would switch on and off for a system. Nothing is recorded.

    `traits` are all answers that would be true, with commas between.
    """
    at, wanted = reader(), query(ConsequenceQuery)
    system, known = named_system(at, slug), catalogue(at)
    check_traits(known, wanted.traits)
    consequence = with_traits(snapshot(visit().connection, at, system), wanted.traits, known)
    return answer(ConsequenceOut, ConsequenceAnswer(system.slug, at.moment, known.digest, wanted.traits, consequence))
