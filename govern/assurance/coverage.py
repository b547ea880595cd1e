"""How far a system meets each requirement of a framework. The first row that fits decides:

1. met, direct      a satisfied control is equal to it or a superset of it;
2. met, joint       the catalogue declares a set of controls complete for it, and each is satisfied, or does
                    not apply for a stated reason; at least one is satisfied;
3. met, children    all children that count are met or do not apply; at least one is met;
   met, through     the same of the requirements that it goes through, of whatever framework (with its children,
                    where it has both);
4. unmapped         no control, no child that counts and nothing it goes through has anything to do with it;
5. not applicable   every control, child and requirement that it hangs on does not apply;
6. partly met       some control is satisfied, or some child or requirement it goes through is met or partly met;
7. not due          what applies is not due yet: nothing due proves nothing yet;
8. not met          none of these.

Strength passes down from a requirement to those below it only where the framework says so, and never from
its top nodes (articles, annexes): the points of a paragraph are met by what covers the paragraph.

Not done here: a waived control counts as unsatisfied, several partial relations never add up to met, and no
one assesses a requirement by hand. Requirements that are not assessable get an outcome in the same way; who
counts requirements leaves them out (`Coverage.share`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from govern.assurance.mapped import Claim, Hangs, Together, hanging
from govern.assurance.outcomes import (
    ControlOutcome,
    Coverage,
    Covered,
    How,
    Posture,
    Reason,
    RequirementOutcome,
    Status,
)
from govern.assurance.sentences import listed
from govern.catalogue.objects import Catalogue, Framework, Target

_READ = {"equal": "is equal to", "superset-of": "covers more than", "subset-of": "is a part of",
         "intersects-with": "overlaps with"}
_IDLE = {Covered.NOT_APPLICABLE, Covered.NOT_DUE}


def cover(posture: Posture, framework: Framework, catalogue: Catalogue) -> Coverage:
    """Coverage of one framework by a posture; `framework` is one of the catalogue's."""
    found: dict[Target, RequirementOutcome] = {}

    def outcome(target: Target) -> RequirementOutcome:
        if target not in found:
            hangs = hanging(catalogue.frameworks[target.framework], catalogue)[target.requirement]
            below = [outcome(Target(target.framework, child)) for child in hangs.children]
            found[target] = _outcome(target.requirement, hangs, [*below, *map(outcome, hangs.through)],
                                     posture.controls)
        return found[target]

    ordered = {one.id: outcome(Target(framework.id, one.id)) for one in framework.requirements}
    return Coverage(framework.id, posture.system, posture.moment, ordered)


def share(posture: Posture, framework: Framework, catalogue: Catalogue) -> tuple[int, int]:
    """(met, counted) over the assessable requirements, as `cover(…).share` gives it, without the reasons."""
    return shares(posture, (framework,), catalogue)[framework.id]


def shares(posture: Posture, frameworks: Iterable[Framework], catalogue: Catalogue) -> dict[str, tuple[int, int]]:
    """`share` of several frameworks by id; what one goes through in another is judged once."""
    found: dict[Target, Covered] = {}

    def judged(target: Target) -> Covered:
        if target not in found:
            hangs = hanging(catalogue.frameworks[target.framework], catalogue)[target.requirement]
            below = {judged(Target(target.framework, child)) for child in hangs.children}
            found[target] = _judge(hangs, below.union(map(judged, hangs.through)), posture.controls)[0]
        return found[target]

    counts = {}
    for framework in frameworks:
        covered = [judged(Target(framework.id, one.id)) for one in framework.requirements if one.assessable]
        counted = [one for one in covered if one is not Covered.NOT_APPLICABLE]
        counts[framework.id] = counted.count(Covered.MET), len(counted)
    return counts


def _judge(hangs: Hangs, children: set[Covered],
           controls: Mapping[str, ControlOutcome]) -> tuple[Covered, How, Together | None]:
    """One requirement, by the table; with the set of controls that meets it where one does."""
    if any(_is(one.control, Status.SATISFIED, controls) for one in hangs.covering):
        return Covered.MET, How.DIRECT, None
    for together in hangs.sets:
        if _complete(together, controls):
            return Covered.MET, How.JOINT, together
    if Covered.MET in children and children <= {Covered.MET, Covered.NOT_APPLICABLE}:
        return Covered.MET, How.THROUGH if hangs.through else How.CHILDREN, None
    covered = _short_of_met({controls[one].status for one in hangs.controls if one in controls}, children)
    return covered, How.PARTIAL if covered is Covered.PARTLY else How.NONE, None


def _short_of_met(statuses: set[Status], children: set[Covered]) -> Covered:
    """Rows 4 to 8, from the statuses of all related controls and how far the children that count are met."""
    if not statuses and children <= {Covered.UNMAPPED}:
        return Covered.UNMAPPED
    if statuses <= {Status.NOT_APPLICABLE} and children <= {Covered.NOT_APPLICABLE}:
        return Covered.NOT_APPLICABLE
    if Status.SATISFIED in statuses or children & {Covered.MET, Covered.PARTLY}:
        return Covered.PARTLY
    if statuses <= {Status.NOT_APPLICABLE, Status.NOT_DUE} and children <= _IDLE:
        return Covered.NOT_DUE
    return Covered.NOT_MET


def _is(control: str, status: Status, controls: Mapping[str, ControlOutcome]) -> bool:
    return control in controls and controls[control].status is status


def _complete(together: Together, controls: Mapping[str, ControlOutcome]) -> bool:
    """Whether a declared set is whole: all satisfied or excused with a reason, one at least satisfied."""
    satisfied = [one for one in together.controls if _is(one, Status.SATISFIED, controls)]
    excused = [one for one in together.controls
               if _is(one, Status.NOT_APPLICABLE, controls) and controls[one].reasons]
    return bool(satisfied) and len(satisfied) + len(excused) == len(together.controls)


# -- reasons ---------------------------------------------------------------------------------------


def _outcome(id_: str, hangs: Hangs, children: list[RequirementOutcome],
             controls: Mapping[str, ControlOutcome]) -> RequirementOutcome:
    """One requirement with the controls that decided and why."""
    covered, how, together = _judge(hangs, {one.covered for one in children}, controls)
    if together is not None:
        return RequirementOutcome(id_, covered, how, together.controls, _jointly(together, controls))
    if how is How.DIRECT:
        claims = [one for one in hangs.covering if _is(one.control, Status.SATISFIED, controls)]
        return RequirementOutcome(id_, covered, how, tuple(dict.fromkeys(one.control for one in claims)),
                                  tuple(_directly(one) for one in claims))
    if how in (How.CHILDREN, How.THROUGH):
        return RequirementOutcome(id_, covered, how, _under(children), _by_children(children))
    related = {control: controls[control] for control in hangs.controls if control in controls}
    reasons = (*_by_controls(hangs, related), *_by_children(children))
    return RequirementOutcome(id_, covered, how, tuple(related) or _under(children),
                              reasons or (Reason("unmapped", "No control is mapped to this requirement."),))


def _what(via: str | None) -> str:
    return "this requirement" if via is None else f"{via}, of which this requirement is a part,"


def _directly(claim: Claim) -> Reason:
    text = f"{claim.control} {_READ[claim.relation]} {_what(claim.via)} and is satisfied."
    return Reason("covered", text)


def _jointly(together: Together, controls: Mapping[str, ControlOutcome]) -> tuple[Reason, ...]:
    what = _what(together.via).removesuffix(",")
    text = f"{listed(together.controls, 'and')} together are complete for {what}."
    excused = (_left_out(controls[one]) for one in together.controls
               if controls[one].status is Status.NOT_APPLICABLE)
    return (Reason("covered-jointly", text), *excused)


def _left_out(outcome: ControlOutcome) -> Reason:
    return Reason("not-applicable",
                  f"{outcome.control} does not apply: {' '.join(one.text for one in outcome.reasons)}")


def _by_controls(hangs: Hangs, related: Mapping[str, ControlOutcome]) -> tuple[Reason, ...]:
    """One reason for each related control of a requirement that no control meets."""
    claims = (*hangs.touching, *reversed(hangs.covering))  # what is said last holds: a relation of its own
    relations = {one.control: f"{_READ[one.relation]} {_what(one.via)}" for one in claims}
    member = "is one of those that together cover this requirement"
    return tuple(_by_control(one, relations.get(control, member)) for control, one in related.items())


def _by_control(outcome: ControlOutcome, relation: str) -> Reason:
    who = f"{outcome.control} {relation}"
    match outcome.status:
        case Status.NOT_APPLICABLE:
            return _left_out(outcome)
        case Status.SATISFIED:
            return Reason("covered-in-part", f"{who} and is satisfied.")
        case Status.NOT_DUE:
            return Reason("nothing-due", f"{who}; nothing of it is due, so it proves nothing yet.")
        case Status.WAIVED:
            return Reason("waived", f"{who} and is waived ({outcome.underneath.value} underneath).")
    return Reason("unsatisfied", f"{who} and is {outcome.status.value}.")


def _by_children(children: Iterable[RequirementOutcome]) -> tuple[Reason, ...]:
    """One reason for each answer that children have in common."""
    grouped: dict[Covered, list[str]] = {}
    for one in children:
        grouped.setdefault(one.covered, []).append(one.requirement)
    return tuple(Reason(f"parts-{covered.name.lower().replace('_', '-')}",
                        f"{covered.value.capitalize()}: {', '.join(ids)}.")
                 for covered, ids in grouped.items())


def _under(children: Iterable[RequirementOutcome]) -> tuple[str, ...]:
    """The controls of the children, each once."""
    return tuple(dict.fromkeys(control for one in children for control in one.controls))
