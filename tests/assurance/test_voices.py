"""Which versions speak: a table of histories, in the order in which they were sent."""

from __future__ import annotations

from typing import Any

import pytest

from govern.assurance.voices import voices_of
from tests.assurance.builders import ACCEPTED, REJECTED, WITHDRAWN, evidence, version

WORDS: dict[str, dict[str, Any]] = {
    "review": {}, "accepted": {"review": ACCEPTED}, "rejected": {"review": REJECTED},
    "withdrawn": {"withdrawal": WITHDRAWN}, "taken back": {"review": ACCEPTED, "withdrawal": WITHDRAWN},
    "rejected, withdrawn": {"review": REJECTED, "withdrawal": WITHDRAWN},
}


@pytest.mark.parametrize(("history", "speak"), [
    ([], []),
    (["review"], ["1 in review"]),
    (["accepted"], ["1 accepted"]),
    (["rejected"], []),
    (["withdrawn"], []),
    (["taken back"], []),
    (["rejected, withdrawn"], []),
    (["accepted", "accepted"], ["2 accepted"]),
    (["accepted", "review"], ["2 in review", "1 accepted"]),
    (["review", "accepted"], ["2 accepted"]),
    (["accepted", "rejected"], ["1 accepted"]),
    (["accepted", "taken back"], ["1 accepted"]),
    (["accepted", "withdrawn", "review"], ["3 in review", "1 accepted"]),
    (["review", "review"], ["2 in review", "1 replaced"]),
    (["review", "rejected", "review"], ["3 in review", "1 replaced"]),
    (["review", "rejected"], ["1 in review"]),
    (["review", "withdrawn"], ["1 in review"]),
    (["accepted", "review", "review"], ["3 in review", "2 replaced", "1 accepted"]),
    (["review", "accepted", "review"], ["3 in review", "2 accepted"]),
    (["accepted", "review", "accepted", "rejected"], ["3 accepted"]),
])
@pytest.mark.parametrize("turned", [False, True])
def test_who_speaks(history: list[str], speak: list[str], turned: bool) -> None:
    versions = [version(number, **WORDS[word]) for number, word in enumerate(history, 1)]
    found = voices_of(evidence(*(reversed(versions) if turned else versions)))
    words = [f"{one.version.number} " + ("accepted" if one.accepted else "replaced" if one.replaced
                                         else "in review")
             for one in found]
    assert words == speak
