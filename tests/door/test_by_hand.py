"""Values typed by hand: the vocabulary of the kind, each line named when it does not fit."""

from __future__ import annotations

import pytest

from govern.catalogue.objects import FieldOfKind, Kind
from govern.door.by_hand import stated_by_hand
from govern.errors import InputRefused

SCAN = Kind("scan-report", "Scan report", "", "structured", 30, "somebody", (
    FieldOfKind("findings.critical", "int", ""), FieldOfKind("rate.pass", "double", ""), FieldOfKind("complete", "bool", ""),
    FieldOfKind("tool", "string", "")))


def test_values_of_every_type() -> None:
    found = stated_by_hand("findings.critical = 0\n\n rate.pass=0.97\ncomplete = yes\ntool = trivy = fast", SCAN)
    assert found is not None
    assert dict(found.stated) == {"findings.critical": 0, "rate.pass": 0.97, "complete": True, "tool": "trivy = fast"}
    assert found.kind == "scan-report"
    assert stated_by_hand(" \n", SCAN) is None


@pytest.mark.parametrize(("text", "says"), [
    ("findings.critical 0", "Line 1.*name = value"),
    ("complete = yes\nfindings.critcal = 0", "Line 2.*Did you mean findings.critical"),
    ("findings.critical = -1", "whole number"),
    ("findings.critical = 1.5", "whole number"),
    ("findings.critical = ٣", "whole number"),
    ("rate.pass = nan", "a number"),
    ("rate.pass = inf", "a number"),
    ("complete = maybe", "yes or no"),
    ("tool = ", "text"),
    ("unheard = 1", "It can state"),
    ("tool = x\n" * 101, "More than 100"),
])
def test_what_does_not_fit_is_named(text: str, says: str) -> None:
    with pytest.raises(InputRefused, match=says) as refused:
        stated_by_hand(text, SCAN)
    assert refused.value.field == "stated"
