"""Registering and describing systems, adopting those that already run, recording what happens to them."""

from __future__ import annotations

import re
import unicodedata

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Actor
from govern.access.policy import Act
from govern.actions.office import Office, authorise, known_system
from govern.catalogue.objects import Catalogue
from govern.errors import InputRefused, NotFound, StaleForm
from govern.facts.audit import Action
from govern.facts.commands import AdoptSystem, DescribeSystem, RecordEvent
from govern.facts.moments import DAY, Instant
from govern.facts.systems import Stage
from govern.records.decode import traits_text
from govern.records.drafts import without_draft
from govern.records.people import units
from govern.records.systems import adoption_of, slug_taken
from govern.records.tables.ledger import ORGANISATION
from govern.records.tables.system import AdoptionRow, EventRow, SystemRow
from govern.records.work import Done, Once, Work, perform

_TAKEN = frozenset({"new"})
"""Slugs that addresses of pages need: /systems/new."""


def slug_of(name: str) -> str:
    """A short name for URLs: ASCII letters and digits with hyphens, at most 60 characters, never empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "system"


def _row(command: DescribeSystem, slug: str) -> dict[str, object]:
    return {
        "slug": slug, "name": command.name, "purpose": command.purpose, "unit": command.unit,
        "business_owner": command.business_owner, "who_can_change": command.who_can_change,
        "who_can_stop": command.who_can_stop, "affected_users": command.affected_users,
        "data_sensitivity": command.data_sensitivity, "access_boundaries": command.access_boundaries,
        "legal_constraints": command.legal_constraints, "abuse_cases": command.abuse_cases,
        "traits": traits_text(command.traits),
    }


def check_traits(catalogue: Catalogue, traits: frozenset[str]) -> None:
    """Raise InputRefused for a trait that the catalogue does not have, or two of a group that takes one."""
    known = {trait.id: trait for trait in catalogue.traits}
    unknown = sorted(traits - known.keys())
    if unknown:
        raise InputRefused(f"There is no trait {', '.join(unknown)[:200]}.", field="traits",
                           mend=f"Known are: {', '.join(sorted(known))}.")
    for group in catalogue.groups:
        chosen = [trait.title for trait in catalogue.traits if trait.group == group.id and trait.id in traits]
        if group.single and len(chosen) > 1:
            raise InputRefused(f"“{group.title}” takes one answer, and these are {len(chosen)}: {', '.join(chosen)}.",
                               field="traits", mend="Keep the one that fits best.")


def _check(office: Office, work: Work, command: DescribeSystem, had: frozenset[str] | None = None) -> None:
    """`had` are the traits so far: where they stay, a newer catalogue does not stand in the way of another change."""
    if command.traits != had:
        check_traits(office.catalogue(work.connection), command.traits)
    if command.unit is not None and command.unit not in units(work.connection):
        raise NotFound("There is no such unit.", field="unit")
    work.watch(command.unit)


def _free_slug(work: Work, name: str) -> str:
    wanted, number = slug_of(name), 1
    slug = wanted
    while slug in _TAKEN or slug_taken(work.connection, slug):
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def register_system(office: Office, actor: Actor, command: DescribeSystem, now: Instant, *,
                    once: Once[tuple[str, str]] | None = None, draft: str | None = None) -> Done[tuple[str, str]]:
    """A new system, in design; gives its key and slug. The `draft` that it was begun as goes with the same stroke."""

    def act(work: Work) -> tuple[str, str]:
        authorise(actor, Act.REGISTER_SYSTEM, EVERYWHERE)
        _check(office, work, command)
        slug = _free_slug(work, command.name)
        key = work.thing("system", slug)
        work.put(SystemRow, key, _row(command, slug), touches=[command.unit])
        if draft is not None:
            work.afterwards(without_draft(actor.key, draft))
        return key, slug

    return perform(office.store, actor=actor.key, action=Action.SYSTEM_REGISTER, now=now, act=act, once=once)


def edit_system(office: Office, actor: Actor, system: str, command: DescribeSystem, seen: str | None,
                now: Instant) -> Done[None]:
    """Change a system's description. `seen` is the row id that the form showed; raises StaleForm when it moved."""

    def act(work: Work) -> None:
        found, _ = known_system(work, actor, system, Act.EDIT_SYSTEM)
        if seen is not None and seen != found.row:
            raise StaleForm(f"{found.name} was changed by somebody else after you opened this form.",
                            mend="Reload, look at what changed, and make your change again.")
        _check(office, work, command, found.traits)
        work.put(SystemRow, system, _row(command, found.slug), replaces=True)

    return perform(office.store, actor=actor.key, action=Action.SYSTEM_EDIT, now=now, act=act)


def adopt_system(office: Office, actor: Actor, command: AdoptSystem, now: Instant) -> Done[str]:
    """Decide that a running system enters at a stage; where it runs already, its start is recorded as an event."""

    def act(work: Work) -> str:
        known_system(work, actor, command.system, Act.ADOPT)
        _in_the_past(command.started, work.now, "started")
        before = adoption_of(work.connection, command.system, None)
        key = before.key if before else work.thing("adoption")
        work.put(AdoptionRow, key, {
            "system": command.system, "stage": command.stage.value, "reason": command.reason, "gaps": command.gaps,
            "gaps_due": command.gaps_due, "decided_by": actor.key,
        }, touches=[command.system], replaces=before is not None)
        running = command.stage.order >= Stage.OPERATION.order
        if running and command.started is not None and before is None:
            event = work.thing("event")
            work.put(EventRow, event, {"system": command.system, "event": "operation-start",
                                       "happened": command.started, "note": "Stated with the adoption decision."})
        return key

    return perform(office.store, actor=actor.key, action=Action.SYSTEM_ADOPT, now=now, act=act)


def _in_the_past(instant: Instant | None, now: Instant, field: str) -> None:
    if instant is not None and instant > now + DAY:
        raise InputRefused("This day has not come yet.", field=field, mend="Write the day on which it happened.")


def record_event(office: Office, actor: Actor, command: RecordEvent, now: Instant) -> Done[str]:
    """Record that something happened to a system, or to the organisation."""

    def act(work: Work) -> str:
        if command.system is None:
            authorise(actor, Act.RECORD_EVENT, EVERYWHERE)
        else:
            known_system(work, actor, command.system, Act.RECORD_EVENT)
        known = {event.id for event in office.catalogue(work.connection).events}
        if command.event not in known:
            raise InputRefused(f"There is no event {command.event[:80]}.", field="event",
                               mend=f"Known are: {', '.join(sorted(known))}.")
        _in_the_past(command.happened, work.now, "happened")
        key = work.thing("event")
        work.put(EventRow, key, {"system": command.system, "event": command.event, "happened": command.happened,
                                 "note": command.note}, touches=[command.system or ORGANISATION])
        return key

    return perform(office.store, actor=actor.key, action=Action.EVENT_RECORD, now=now, act=act)
