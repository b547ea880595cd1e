"""What reasons point at: the ask, the evidence, the version, the check and the instant."""

from __future__ import annotations

import pytest

from govern.facts.evidence import Evidence
from tests.assurance.builders import (
    ACCEPTED,
    NOW,
    REJECTED,
    WITHDRAWN,
    ask,
    ask_of,
    day,
    evidence,
    snapshot,
    version,
)


@pytest.mark.parametrize(("sent", "code", "number", "check", "at"), [
    (evidence(), "nothing-sent", None, None, None),
    (evidence(version(3, review=REJECTED)), "rejected", 3, None, NOW),
    (evidence(version(3, withdrawal=WITHDRAWN)), "withdrawn", 3, None, NOW),
    (evidence(version(3)), "in-review", 3, None, None),
    (evidence(version(3, review=ACCEPTED)), "accepted", 3, None, day(130)),
    (evidence(version(3, review=ACCEPTED, worked=day(1))), "ran-out", 3, None, day(31)),
    (evidence(version(3, review=ACCEPTED, expires=day(99))), "expired", 3, None, day(99)),
    (evidence(version(3, critical=1)), "check-failed", 3, "clean", None),
    (evidence(version(3, critical=None, review=ACCEPTED)), "check-undecided", 3, "clean", None),
])
def test_reasons_point_at_what_they_are_about(sent: Evidence, code: str, number: int | None, check: str | None,
                                              at: int | None) -> None:
    reason = ask_of(snapshot(sent), ask()).reasons[0]
    assert (reason.code, reason.ask, reason.evidence) == (code, "C-01.1", "e1")
    assert (reason.version, reason.check, reason.at) == (number, check, at)
