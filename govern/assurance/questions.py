"""Which questions a piece of evidence puts to its reviewer."""

from __future__ import annotations

from collections.abc import Iterator

from govern.assurance.setting import Circumstances, holds, vocables
from govern.catalogue.objects import Ask, Catalogue, Check, Control
from govern.facts.evidence import Evidence


def touched(evidence: Evidence, catalogue: Catalogue) -> Iterator[tuple[Control, Ask]]:
    """The asks of the linked controls that take evidence of this kind, in catalogue order."""
    for id_, control in catalogue.controls.items():
        if id_ in evidence.controls:
            for ask in control.asks:
                if evidence.kind in ask.kinds:
                    yield control, ask


def questions_for(evidence: Evidence, catalogue: Catalogue,
                  given: Circumstances) -> tuple[tuple[Ask, Check], ...]:
    """The checks that a reviewer answers, in catalogue order: of the asks that the evidence touches and that
    are asked in the circumstances `given`, those that no expression decides for evidence of this kind.
    """
    known = vocables(catalogue)
    return tuple((ask, check) for control, ask in touched(evidence, catalogue)
                 if holds(control.applies, known, given) and holds(ask.when, known, given)
                 for check in ask.checks if not check.computed_for(evidence.kind))


def asked_in_review(evidence: Evidence, catalogue: Catalogue,
                    given: Circumstances | None) -> tuple[tuple[Ask, Check], ...]:
    """What a review of this evidence answers: the questions of its system (`given`), or (None) every
    question, because systems of all traits inherit what the organisation or a unit gives.
    """
    if given is not None:
        return questions_for(evidence, catalogue, given)
    return tuple((ask, check) for _, ask in touched(evidence, catalogue) for check in ask.checks
                 if not check.computed_for(evidence.kind))
