"""Work on controls of a system: assigning, scoping, asking for evidence; each for many controls at once."""

from __future__ import annotations

from govern.access.actor import Actor
from govern.access.policy import Act, may, may_decide_scoping
from govern.actions.office import Office, known_controls, known_system, require
from govern.errors import Conflict, InputRefused, NotFound
from govern.facts.audit import Action
from govern.facts.commands import AskForEvidence, AssignControls, DecideScoping, ProposeScoping
from govern.facts.moments import DAY, Instant
from govern.facts.systems import RequestState, ScopingState
from govern.records import control as query
from govern.records.people import grants_of, person
from govern.records.readers import reader_for
from govern.records.systems import place_of
from govern.records.tables.control import AssignmentRow, RequestRow, ScopingRow
from govern.records.work import Done, Work, perform


def _able_person(work: Work, key: str, field: str) -> None:
    found = person(work.connection, key)
    if found is None or not found.active:
        raise NotFound("There is no such person with an open account.", field=field)
    work.watch(key)


def assign_controls(office: Office, actor: Actor, command: AssignControls, now: Instant) -> Done[int]:
    """Set owner, due date or statement of controls; what the command leaves None stays. Gives how many changed."""

    def act(work: Work) -> int:
        known_system(work, actor, command.system, Act.ASSIGN)
        known_controls(office.catalogue(work.connection), command.controls)
        if command.owner:
            _able_person(work, command.owner, "owner")
        before = query.assignment_keys(work.connection, command.system)
        changed = 0
        for control in dict.fromkeys(command.controls):
            key, owner, due, statement = before.get(control, (None, None, None, ""))
            values = {
                "system": command.system, "control": control,
                "owner": owner if command.owner is None else command.owner or None,
                "due": due if command.due is None else command.due or None,
                "statement": statement if command.statement is None else command.statement,
            }
            if (values["owner"], values["due"], values["statement"]) == (owner, due, statement):
                continue
            work.put(AssignmentRow, key or work.thing("assignment"), values, touches=[command.system],
                     replaces=key is not None)
            changed += 1
        return changed

    return perform(office.store, actor=actor.key, action=Action.CONTROL_ASSIGN, now=now, act=act)


def propose_scoping(office: Office, actor: Actor, command: ProposeScoping, now: Instant) -> Done[int]:
    """Propose that controls do not apply to a system; somebody else decides."""

    def act(work: Work) -> int:
        known_system(work, actor, command.system, Act.PROPOSE_SCOPING)
        known_controls(office.catalogue(work.connection), command.controls)
        if command.until is not None and command.until <= work.now:
            raise InputRefused("The day on which this ends lies in the past.", field="until",
                               mend="Choose a later day, or none.")
        for control in dict.fromkeys(command.controls):
            work.put(ScopingRow, work.thing("scoping"), {
                "system": command.system, "control": control, "reason": command.reason, "proposed_by": actor.key,
                "state": ScopingState.PROPOSED.value, "decided_by": None, "comment": "", "ends": command.until,
            }, touches=[command.system])
        return len(work.draft.writes)

    return perform(office.store, actor=actor.key, action=Action.SCOPING_PROPOSE, now=now, act=act)


def decide_scoping(office: Office, actor: Actor, command: DecideScoping, now: Instant) -> Done[int]:
    """Approve or refuse scoping proposals that somebody else made."""

    def act(work: Work) -> int:
        reader = reader_for(work.connection, actor, None, work.now)
        state = ScopingState.APPROVED if command.approve else ScopingState.REFUSED
        for key in dict.fromkeys(command.scopings):
            found = query.scoping(work.connection, reader, key)
            if found is None:
                raise NotFound("There is no such proposal.")
            require(may_decide_scoping(actor, place_of(work.connection, found.system), found.proposed_by))
            if found.state is not ScopingState.PROPOSED:
                raise Conflict(f"This proposal was {found.state.value} already.", mend="Make a new proposal.")
            work.watch(key, found.system)
            work.put(ScopingRow, key, {
                "system": found.system, "control": found.control, "reason": found.reason,
                "proposed_by": found.proposed_by, "state": state.value, "decided_by": actor.key,
                "comment": command.comment, "ends": found.until,
            }, touches=[found.system], replaces=True)
        return len(work.draft.writes)

    return perform(office.store, actor=actor.key, action=Action.SCOPING_DECIDE, now=now, act=act)


def ask_for_evidence(office: Office, actor: Actor, command: AskForEvidence, now: Instant) -> Done[int]:
    """Ask somebody for evidence on controls by a day; it appears in their queue."""

    def act(work: Work) -> int:
        _, place = known_system(work, actor, command.system, Act.REQUEST)
        known_controls(office.catalogue(work.connection), command.controls)
        _able_person(work, command.asked_of, "asked_of")
        asked = Actor(command.asked_of, "", grants_of(work.connection, command.asked_of))
        if not may(asked, Act.SUBMIT, place).allowed:
            raise InputRefused("This person may not submit evidence for this system.", field="asked_of",
                               mend="Choose somebody with a role there, or have a role given first.")
        if command.due < work.now - DAY:
            raise InputRefused("The day lies in the past.", field="due", mend="Choose today or a later day.")
        waiting = {(one.control, one.asked_of) for one in query.open_requests_on(
            work.connection, command.system, frozenset(command.controls))}
        for control in dict.fromkeys(command.controls):
            if (control, command.asked_of) in waiting:
                raise Conflict(f"This person is asked for evidence on {control} already.", field="controls",
                               mend="Wait for the answer, or cancel that request first.")
            work.put(RequestRow, work.thing("request"), {
                "system": command.system, "control": control, "asked_of": command.asked_of, "asked_by": actor.key,
                "due": command.due, "note": command.note, "state": RequestState.OPEN.value, "answer": None,
                "asked": work.now,
            }, touches=[command.system])
        return len(work.draft.writes)

    return perform(office.store, actor=actor.key, action=Action.REQUEST_ASK, now=now, act=act)


def cancel_request(office: Office, actor: Actor, request: str, now: Instant) -> Done[None]:
    """Take a request back."""

    def act(work: Work) -> None:
        reader = reader_for(work.connection, actor, None, work.now)
        found = query.request(work.connection, reader, request)
        if found is None:
            raise NotFound("There is no such request.")
        require(may(actor, Act.REQUEST, place_of(work.connection, found.system)))
        if found.state is not RequestState.OPEN:
            raise Conflict(f"This request was {found.state.value} already.")
        work.watch(request, found.system)
        work.put(RequestRow, request, {
            "system": found.system, "control": found.control, "asked_of": found.asked_of, "asked_by": found.asked_by,
            "due": found.due, "note": found.note, "state": RequestState.CANCELLED.value, "answer": None,
            "asked": found.asked,
        }, touches=[found.system], replaces=True)

    return perform(office.store, actor=actor.key, action=Action.REQUEST_CANCEL, now=now, act=act)
