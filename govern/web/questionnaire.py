"""Registering a system: its description, the questions step by step, what will be asked, and the drafts kept on the way.

Every step keeps the form as a draft of the person who fills it in; nothing is a fact before the system is registered.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from govern.access.policy import Act
from govern.actions.drafts import discard_draft, keep_draft
from govern.actions.systems import check_traits, register_system
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import GovernError, InputRefused, NotFound, StaleForm
from govern.facts.commands import DescribeSystem
from govern.ledger.canonical import text_digest
from govern.records.drafts import answer_given, draft, drafts
from govern.records.people import chain, units
from govern.records.tailoring import tailorings_over
from govern.records.work import Once
from govern.schemas.drafts import Begun, begun_from
from govern.schemas.forms import load_form
from govern.schemas.systems import DescribeSystemInput
from govern.web import frame
from govern.web.baselines_view import holding
from govern.web.mistakes import Errors, errors_of, for_the_form
from govern.web.questionnaire_view import (
    DESCRIBE,
    SUMMARY,
    Step,
    chosen_in,
    foreseen,
    not_registered,
    parts_of,
    steps_of,
    track,
)
from govern.web.systems import description_form
from govern.web.when import moment_text

blueprint = Blueprint("questionnaire", __name__, url_prefix="/systems/new")
FORM = "system:new:"
"""What the names of drafts of a new system begin with; a key of each follows."""


@dataclass(frozen=True)
class Place:
    """One step of one draft."""

    key: str
    begun: Begun
    steps: tuple[Step, ...]
    step: Step
    catalogue: Catalogue

    @property
    def base(self) -> str:
        """The address of the draft."""
        return f"/systems/new/{self.key}"

    @property
    def title(self) -> str:
        """The name of the system to be."""
        return self.begun.words.get("name", "") or "A system without a name yet"

    def beside(self, by: int) -> Step | None:
        """The step before (-1) or after (1) this one."""
        at = self.steps.index(self.step) + by
        return self.steps[at] if 0 <= at < len(self.steps) else None


def _place(key: str, step: str | None = None) -> Place:
    """Raises NotFound for a draft that is gone, or a step that the questionnaire does not have."""
    here = visit()
    kept = draft(here.connection, here.known.key, FORM + key)
    if kept is None:
        raise NotFound("There is no such draft.", mend="It may be registered or discarded; look at the list of systems.")
    catalogue, begun = here.catalogue(), begun_from(kept.body)
    steps = steps_of(parts_of(catalogue))
    wanted = step or next((one.id for one in steps if one.id not in begun.done), SUMMARY)
    found = next((one for one in steps if one.id == wanted), None)
    if found is None:
        raise NotFound("The questionnaire has no such step.", mend="Go on from the list of drafts.")
    return Place(key, begun, steps, found, catalogue)


def _keep(key: str, begun: Begun) -> None:
    keep_draft(house().office, visit().known, FORM + key, begun.text(), visit().now)
    visit().refresh()


# -- beginning, and the drafts ---------------------------------------------------------------------------------------


def _begin(form: Mapping[str, Any], errors: Errors) -> str:
    here = visit()
    steps = steps_of(parts_of(here.catalogue()))
    kept = []
    for one in drafts(here.connection, here.known.key, FORM):
        begun, key = begun_from(one.body), one.name.removeprefix(FORM)
        kept.append({"key": key, "name": begun.words.get("name", "") or "Without a name yet", "saved": moment_text(one.saved),
                     "done": sum(step.id in begun.done for step in steps[:-1]), "steps": len(steps) - 1})
    return description_form("pages/system_new.html", form, errors, drafts=kept, base="/systems/new", place=None,
                            track=track(steps, steps[0], frozenset()), step_number=1, step_count=len(steps))


@blueprint.get("")
@allow(Act.REGISTER_SYSTEM)
def new() -> str:
    """Drafts to go on with, and the description of a new system: the first step."""
    return _begin(request.args, Errors())


@blueprint.post("")
@allow(Act.REGISTER_SYSTEM)
def begin() -> Response | tuple[str, int]:
    """Begin a draft with its description."""
    here = visit()
    key = uuid.uuid4().hex[:16]
    begun = Begun().described(request.form)
    try:
        if begun.empty:
            raise InputRefused("There is nothing to keep yet.", field="name", mend="Write at least a name.")
        _checked_description()
        _keep(key, begun.after(DESCRIBE))
    except GovernError as refused:
        return _begin(request.form, errors_of(for_the_form(refused))), 422
    return _go_on(key, steps_of(parts_of(here.catalogue())), DESCRIBE)


def _checked_description() -> None:
    """Raise for what is wrong with the words of the form; when it is only kept for later, anything goes."""
    if request.form.get("do") == "later":
        return
    command = load_form(DescribeSystemInput, request.form, traits=frozenset())
    if command.unit is not None and command.unit not in units(visit().connection):
        raise NotFound("There is no such unit.", field="unit")


def _go_on(key: str, steps: tuple[Step, ...], now: str) -> Response:
    """To where the button that was pressed leads: the next step, the one before, a named one, or away for later."""
    do = request.form.get("do", "next")
    if do == "later":
        frame.flash("Kept as a draft. Nobody else sees it; go on with it when you like.", href=f"/systems/new/{key}",
                    link="Go on now")
        return redirect("/systems/new", 303)
    ids = [one.id for one in steps]
    at = ids.index(now)
    wanted = {"next": ids[min(at + 1, len(ids) - 1)], "back": ids[max(at - 1, 0)]}.get(do, do.removeprefix("go:"))
    return redirect(f"/systems/new/{key}/{wanted if wanted in ids else now}", 303)


@blueprint.get("/<key>")
@allow(Act.REGISTER_SYSTEM)
def resume(key: str) -> Response:
    """Go on where the draft was left."""
    place = _place(key)
    return redirect(f"{place.base}/{place.step.id}", 303)


@blueprint.post("/<key>/discard")
@allow(Act.REGISTER_SYSTEM)
def discard(key: str) -> Response:
    """Let a draft go."""
    discard_draft(house().office, visit().known, FORM + key)
    frame.flash("The draft was discarded.")
    return redirect("/systems/new", 303)


# -- one step --------------------------------------------------------------------------------------------------------


@blueprint.get("/<key>/<step>")
@allow(Act.REGISTER_SYSTEM)
def show(key: str, step: str) -> str:
    """One step, with what was answered so far."""
    return _step(_place(key, step), Errors())


def _step(place: Place, errors: Errors, form: Any = None) -> str:
    line = track(place.steps, place.step, place.begun.done)
    number = place.steps.index(place.step) + 1
    common: dict[str, Any] = {"base": place.base, "place": place, "track": line, "step_number": number,
                              "step_count": len(place.steps)}
    if place.step.id == DESCRIBE:
        return description_form("pages/system_new.html", form or place.begun.words, errors, drafts=[], **common)
    if place.step.id == SUMMARY:
        return _summary(place, errors, common)
    return render_template("pages/questionnaire.html", parts=place.step.parts, chosen=place.begun.traits, errors=errors,
                           may_answer=True, **common)


@blueprint.post("/<key>/<step>")
@allow(Act.REGISTER_SYSTEM)
def answer(key: str, step: str) -> Response | tuple[str, int]:
    """Keep what the step asks for, and go on."""
    place = _place(key, step)
    begun = place.begun
    try:
        if step == DESCRIBE:
            _checked_description()
            begun = begun.described(request.form)
        elif place.step.parts:
            chosen = chosen_in(request.form, place.step.parts)
            check_traits(place.catalogue, chosen)
            begun = begun.answered((one for part in place.step.parts for one in part.traits), chosen)
        if step != SUMMARY:
            _keep(key, begun.after(step))
    except GovernError as refused:
        return _step(place, errors_of(for_the_form(refused)), request.form), 422
    return _go_on(key, place.steps, step)


# -- the summary, and registering ------------------------------------------------------------------------------------


def _command(begun: Begun, catalogue: Catalogue) -> DescribeSystem:
    """The description that the draft comes to. Raises InputRefused with what is missing."""
    known = {trait.id for trait in catalogue.traits}
    command = load_form(DescribeSystemInput, {**begun.values(), "traits": sorted(begun.traits & known)})
    check_traits(catalogue, command.traits)
    return command


def _missing(place: Place) -> Errors:
    """What stands in the way of registering the draft as it is."""
    try:
        _command(place.begun, place.catalogue)
    except InputRefused as refused:
        return errors_of(refused)
    return Errors()


def _summary(place: Place, errors: Errors, common: dict[str, Any]) -> str:
    here = visit()
    unit_chain = chain(units(here.connection), place.begun.words.get("unit"))
    known = {trait.id for trait in place.catalogue.traits}
    traits = place.begun.traits & known
    ahead = not_registered(here.reader(), place.catalogue, traits, unit_chain, tailorings_over(here.connection, unit_chain))
    answered = [(part.group.title, part.group.single, [one.trait.title for one in part.questions if one.trait.id in traits])
                for step in place.steps for part in step.parts]
    return render_template(
        "pages/questionnaire_summary.html", foreseen=foreseen(ahead, place.catalogue), holding=holding(ahead, place.catalogue),
        unit=unit_chain[0].name if unit_chain else "", answered=answered, gone=sorted(place.begun.traits - known),
        missing=_missing(place), errors=errors, seen=text_digest(place.begun.text()), **common)


@blueprint.post("/<key>/register")
@allow(Act.REGISTER_SYSTEM)
def register(key: str) -> Response | tuple[str, int]:
    """Register the system as the summary shows it; the draft goes with it."""
    here = visit()
    once: Once[tuple[str, str]] = Once(f"draft-{key}", f"register the draft {key}", lambda done: {
        "_location": f"/systems/{done.value[1]}", "_status": 201})
    if draft(here.connection, here.known.key, FORM + key) is None:
        before = answer_given(here.connection, here.known.key, once.key)
        if before is not None:  # the button was pressed twice
            return redirect(json.loads(before)["_location"], 303)
    place = _place(key, SUMMARY)
    try:
        if request.form.get("seen", "") != text_digest(place.begun.text()):
            raise StaleForm("The draft was changed after this summary was shown.", field="form",
                            mend="Look at it again, then register it.")
        command = _command(place.begun, place.catalogue)
        done = register_system(house().office, here.known, command, here.now, once=once, draft=FORM + key)
    except GovernError as refused:
        status = 412 if isinstance(refused, StaleForm) else 422
        return _step(place, errors_of(for_the_form(refused))), status
    frame.flash(f"{command.name} is registered. Its controls say what to prove; adopt it at its stage if it runs already.")
    return redirect(f"/systems/{done.value[1]}", 303)
