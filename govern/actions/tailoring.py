"""What a unit decides on the catalogue: its baseline, what it adds or takes out, the risk that it accepts."""

from __future__ import annotations

from govern.access.actor import ORGANISATION as EVERYWHERE
from govern.access.actor import Actor, Place
from govern.access.policy import Act
from govern.actions.office import Office, authorise, known_controls
from govern.catalogue.objects import Catalogue
from govern.errors import InputRefused, NotFound, StaleForm
from govern.facts.audit import Action
from govern.facts.commands import TailorUnit
from govern.facts.moments import Instant
from govern.records.people import chain, units
from govern.records.tables.ledger import ORGANISATION
from govern.records.tables.tailoring import TailoringRow
from govern.records.tailoring import added_text, limits_text, removed_text, tailorings
from govern.records.work import Done, Work, perform


def tailor_unit(office: Office, actor: Actor, command: TailorUnit, seen: str | None, now: Instant) -> Done[str]:
    """Decide baseline and risk tolerance of a unit, or of the organisation; gives the key of the decision.

    `seen` is the row that the form showed (None: there was none); raises StaleForm when somebody decided meanwhile.
    Removing a control takes a reason; what a system is asked for in any case stays asked whatever is removed.
    """

    def act(work: Work) -> str:
        known = units(work.connection)
        if command.unit is not None and command.unit not in known:
            raise NotFound("There is no such unit.", field="unit")
        place = EVERYWHERE if command.unit is None else Place(
            None, tuple(unit.key for unit in chain(known, command.unit)))
        authorise(actor, Act.TAILOR, place)
        work.watch(ORGANISATION)  # decisions are few; whoever decides at the same time starts again
        check_tailoring(office.catalogue(work.connection), command)
        before = tailorings(work.connection, known).get(command.unit)
        if (before.row if before else None) != seen:
            raise StaleForm("Somebody decided on this unit after you opened this form.",
                            mend="Reload, look at what they decided, and make your decision again.")
        key = before.key if before else work.thing("tailoring")
        work.put(TailoringRow, key, {
            "unit": command.unit, "baseline": command.baseline, "tolerance": command.tolerance,
            "added": added_text(command.added), "removed": removed_text(command.removed),
            "limits": limits_text(command.limits), "reason": command.reason.strip(), "decided_by": actor.key,
        }, touches=[command.unit, ORGANISATION], replaces=before is not None)
        return key

    return perform(office.store, actor=actor.key, action=Action.UNIT_TAILOR, now=now, act=act)


def check_tailoring(catalogue: Catalogue, command: TailorUnit) -> None:
    """Raise InputRefused for a word that the catalogue does not have, or a decision without its reason."""
    baselines, tolerances = [one.id for one in catalogue.baselines], [one.id for one in catalogue.tolerances]
    if command.baseline is not None and command.baseline not in baselines:
        raise InputRefused(f"There is no baseline “{command.baseline[:80]}”.", field="baseline",
                           mend=f"Known are: {', '.join(baselines)}.")
    if command.tolerance is not None and command.tolerance not in tolerances:
        raise InputRefused(f"There is no risk tolerance “{command.tolerance[:80]}”.", field="tolerance",
                           mend=f"Known are: {', '.join(tolerances)}.")
    if not command.reason.strip():
        raise InputRefused("A decision says why.", field="reason", mend="Write the reason in a sentence.")
    if command.baseline is None and (command.added or command.removed):
        raise InputRefused("Controls are added to or taken out of a baseline, and none is chosen.", field="baseline",
                           mend="Choose a baseline, or leave both lists empty.")
    removed = [control for control, _ in command.removed]
    known_controls(catalogue, frozenset({*command.added, *removed}))
    for control, why in command.removed:
        if not why.strip():
            raise InputRefused(f"{control} is taken out without a reason.", field="removed",
                               mend="Write behind each control why it is not asked for.")
    both = sorted(command.added & set(removed))
    if both:
        raise InputRefused(f"{both[0]} is both added and taken out.", field="removed", mend="Keep it in one of the lists.")
    _check_limits(catalogue, command)


def _check_limits(catalogue: Catalogue, command: TailorUnit) -> None:
    limits = {one.id: one for one in catalogue.limits}
    for name, value in command.limits:
        if name not in limits:
            raise InputRefused(f"There is no limit “{name[:80]}”.", field="limits",
                               mend=f"Known are: {', '.join(limits)}.")
        whole = limits[name].type == "int"
        if not 0 <= value <= 1_000_000 or (whole and value != int(value)):
            wanted = "a whole number from 0 on" if whole else "a number from 0 on"
            raise InputRefused(f"“{limits[name].title}” takes {wanted}.", field="limits", mend="Correct the figure.")
