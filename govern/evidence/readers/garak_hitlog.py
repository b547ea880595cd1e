"""garak's hit log (`*.hitlog.jsonl`): one line for every attack that got through, and nothing else.

It proves that attacks succeeded, never how many were tried: a run without a hit writes no hit log at all. So
it states failures and leaves out everything that needs to know how much was tried.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, Line, LinesReader, Marker, Recognised, Said
from govern.evidence.readers.garak_records import attack_row
from govern.evidence.readers.shape import number_at, row, text_at
from govern.facts.findings import Findings, Table, Value

FORMAT, KIND = "garak-hitlog", "adversarial-test-report"
_FIELDS = frozenset({"goal", "prompt", "output", "score", "run_id", "attempt_id", "generator", "probe",
                     "detector"})
_ROWS, _ATTACKS = 2_000, 500


def recognise(first: Sequence[Any]) -> Recognised | None:
    """By the fields of a hit, on every line that was looked at; `trigger` became `triggers`."""
    if first and all(_is_hit(value) for value in first):
        return Recognised(FORMAT, KIND, 97, "Every line looked at has the fields of a garak hit.")
    return None


def _is_hit(value: Any) -> bool:
    return (isinstance(value, dict) and set(value) >= _FIELDS and "entry_type" not in value
            and bool({"trigger", "triggers"} & set(value)))


def read(lines: Iterator[Line], budget: Budget) -> Said:
    """Hits by probe and detector. Raises Unreadable at a line that is no hit."""
    pairs: Counter[tuple[str, str]] = Counter()
    attacks: list[Mapping[str, Value]] = []
    targets: set[str] = set()
    runs: set[str] = set()
    for line in lines:
        record = line.value
        if not _is_hit(record):
            raise Unreadable(f"Line {line.number} is not a hit as garak writes it.",
                             mend="Send the file named *.hitlog.jsonl as the tool wrote it.")
        probe, detector = text_at(record, "probe"), text_at(record, "detector").removeprefix("detector.")
        pairs[probe, detector] += 1
        if len(pairs) > 100_000:
            raise Unreadable("The hit log names more than 100,000 pairs of probe and detector.",
                             mend="Send one hit log for each run.")
        for group, name in ((targets, "generator"), (runs, "run_id")):
            if len(group) < 100:
                group.add(text_at(record, name))
        if len(attacks) < _ATTACKS:
            attacks.append(attack_row(record, probe, detector, number_at(record, "score"), record["output"]))
    return Said(_findings(pairs, attacks, targets - {""}, runs - {""}))


def _findings(pairs: Counter[tuple[str, str]], attacks: Sequence[Mapping[str, Value]], targets: set[str],
              runs: set[str]) -> Findings:
    stated: dict[str, Value] = {"tool": "garak", "failed": pairs.total()}
    if len(targets) == 1:
        stated["target"] = next(iter(targets))
    notes = ["A hit log lists only attacks that got through: how many were tried it does not say."]
    if len(targets) > 1:
        names = ", ".join(sorted(targets)[:10])
        notes.append(f"The hits are on {len(targets)} targets, so none is stated: {names}.")
    if pairs.total() > len(attacks):
        notes.append(f"The first {len(attacks)} of {pairs.total()} attacks that got through are listed.")
    most_first = sorted(pairs.items(), key=lambda one: (-one[1], one[0]))[:_ROWS]
    rows = tuple(row(probe=probe, detector=detector, failed=count) for (probe, detector), count in most_first)
    run = row(run=next(iter(runs)) if len(runs) == 1 else None, runs=len(runs))
    tables = (Table("probes", rows), Table("attacks", tuple(attacks)), Table("run", (run,)))
    return Findings(KIND, stated, tables, tuple(notes))


READER = LinesReader("garak-hitlog/1", recognise, read, (
    Marker(tuple(re.compile(rb'"%s"\s*:' % name) for name in (b"attempt_id", b"detector", b"generator")),
           Recognised(FORMAT, KIND, 60, "The beginning has the fields of a garak hit.")),))
