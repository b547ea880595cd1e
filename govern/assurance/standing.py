"""Whether a standing acceptance accepts a version by itself.

It does when all of this holds; every reason that stands against it is given:

- the evidence is about the system that the acceptance is for, and of its kind;
- the findings name its tool (upper and lower case alike) and the version came with its token;
- it has not ended;
- its reviewer is not who submitted the version (what a token sends counts as sent by its owner);
- every computed check of the asks that the evidence touches passes;
- every question of these asks has an answer that passes in the newest accepting review that a person gave on
  the same evidence; these answers are carried forward.

Asks count whether or not their conditions hold for the system: one that is asked later is then already
answered. Not done here: whether the version waits for a review at all, and recording the review (the action
does both).
"""

from __future__ import annotations

from dataclasses import dataclass

from govern.assurance.checks import Ruling, compute, passes
from govern.assurance.outcomes import Reason
from govern.assurance.questions import touched
from govern.assurance.sentences import quoted
from govern.assurance.setting import Figures, declared_by
from govern.catalogue.objects import Ask, Catalogue, Check
from govern.facts.evidence import About, Answered, Evidence, Review, StandingAcceptance, Verdict, Version
from govern.facts.moments import Instant, iso_date


@dataclass(frozen=True)
class StandingDecision:
    """Whether the acceptance covers the version, why or why not, and the answers that its review carries."""

    accepted: bool
    reasons: tuple[Reason, ...]
    answers: tuple[Answered, ...] = ()


def would_stand(evidence: Evidence, version: Version, standing: StandingAcceptance, catalogue: Catalogue,
                instant: Instant, limits: Figures = ()) -> StandingDecision:
    """Decide for one version at an instant, held to the limits of its system.

    `reasons` is never empty; `answers` is empty unless accepted.
    """
    against = _unfit(evidence, version, standing, instant)
    declared = declared_by(catalogue).get(evidence.kind, ())
    before = _newest_by_person(evidence, version)
    carried: list[Answered] = []
    checks = [(ask, check) for _, ask in touched(evidence, catalogue) for check in ask.checks]
    for ask, check in checks:
        if check.computed_for(evidence.kind):
            checked = compute(check, declared, version, limits)
            if checked.ruling is not Ruling.PASSED:
                text = f"“{check.question}”: {checked.why}."
                against.append(_about(f"check-{checked.ruling.value}", text, ask, check))
            continue
        found = _carried(before, ask, check)
        if found is None:
            text = f"No review by a person has answered “{check.question}” for {quoted(evidence.title)}."
            against.append(_about("not-answered", text, ask, check))
        else:
            carried.append(found)
    if against:
        return StandingDecision(False, tuple(against))
    day = iso_date(standing.until)
    text = f"A standing acceptance for {standing.tool} holds until {day}."
    return StandingDecision(True, (Reason("standing", text, at=standing.until),), tuple(carried))


def _unfit(evidence: Evidence, version: Version, standing: StandingAcceptance,
           instant: Instant) -> list[Reason]:
    """What about the version does not fit the acceptance."""
    found: list[Reason] = []
    if evidence.about is not About.SYSTEM or evidence.about_key != standing.system:
        found.append(Reason("other-subject", "The acceptance is for evidence about another system."))
    if evidence.kind != standing.kind:
        found.append(Reason("other-kind", f"The acceptance is for {standing.kind}, this is {evidence.kind}."))
    tool = version.findings.stated.get("tool") if version.findings is not None else None
    if not isinstance(tool, str) or tool.casefold() != standing.tool.casefold():
        named = "names no tool" if tool is None else f"names {tool}"
        found.append(Reason("other-tool", f"The acceptance is for {standing.tool}; this {named}."))
    if version.via_token != standing.token:
        found.append(Reason("other-token", "It did not come with the token that the acceptance names."))
    if instant >= standing.until:
        text = f"The acceptance ended on {iso_date(standing.until)}."
        found.append(Reason("ended", text, at=standing.until))
    if version.submitted_by == standing.reviewer:
        found.append(Reason("own-evidence", "Nobody accepts what they submitted, nor what their token sent."))
    return found


def _newest_by_person(evidence: Evidence, version: Version) -> Review | None:
    """The newest accepting review that a person gave on another version which was not withdrawn since."""
    reviews = [one.review for one in evidence.versions
               if one.key != version.key and one.withdrawal is None and one.review is not None
               and one.review.verdict is Verdict.ACCEPTED and one.review.standing is None]
    return max(reviews, key=lambda one: (one.at, one.key), default=None)


def _carried(review: Review | None, ask: Ask, check: Check) -> Answered | None:
    """The answer of an earlier review to a question, if all that it says there passes."""
    given = review.answers if review is not None else ()
    answers = [one for one in given if one.ask == ask.id and one.check == check.id]
    return answers[0] if answers and all(passes(one) for one in answers) else None


def _about(code: str, text: str, ask: Ask, check: Check) -> Reason:
    return Reason(code, text, ask=ask.id, check=check.id)
