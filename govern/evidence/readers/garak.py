"""garak's report (`*.report.jsonl`): how often attacks on a model got through, for each probe and detector.

Counts come from the `eval` records alone: each attempt is written more than once, reports are trimmed, and
what counts as judged is the tool's to say. A report is complete when the run says that it ended and every
probe that was tried was also judged by every detector that scored it; a report put together from several
keeps no such word, so that is left unsaid.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, Line, LinesReader, Marker, Recognised, Said
from govern.evidence.readers.garak_records import (
    Evaluation,
    attack_row,
    evaluation,
    output_at,
    scores_of,
    target_of,
)
from govern.evidence.readers.shape import has_zone, instant_at, number_at, row, text_at, whole_at
from govern.facts.findings import Findings, Table, Value
from govern.facts.moments import Instant

FORMAT, KIND = "garak", "adversarial-test-report"
_ROWS, _ATTACKS, _ATTEMPTS, _PAIRS = 2_000, 500, 2_000_000, 100_000
_USUAL_THRESHOLD = 0.5
_ONE_RUN = "Send one report for each run."


def recognise(first: Sequence[Any]) -> Recognised | None:
    """By `entry_type`: sure with garak's own header, nearly so with its attempts or evaluations."""
    for value in first:
        if not isinstance(value, dict):
            continue
        kind = value.get("entry_type")
        fields = set(value)
        if (kind == "init" and "garak_version" in fields) or (
                kind == "start_run setup" and "_config.version" in fields):
            return Recognised(FORMAT, KIND, 99, f"A garak header ({kind}) stands among the first lines.")
        if (kind == "attempt" and "probe_classname" in fields) or (
                kind == "eval" and {"probe", "detector"} <= fields):
            return Recognised(FORMAT, KIND, 90, f"Lines carry garak's entry type “{kind}” and its fields.")
    return None


def read(lines: Iterator[Line], budget: Budget) -> Said:
    """Findings of a whole report; see the module's text for what is counted."""
    report = _Report()
    for line in lines:
        report.take(line)
    if not report.types:
        raise Unreadable("No line carries an entry type.", mend="Send the file named *.report.jsonl.")
    return Said(report.findings(), report.worked)


class _Report:
    """Gathers a report line by line; what it keeps grows with probes and attempts, not with the file."""

    def __init__(self) -> None:
        self.types: Counter[str] = Counter()
        self.run: dict[str, Value] = {}
        self.worked: Instant | None = None
        self.version = self.target = ""
        self.aggregated = False
        self.odd_lines = self.odd_evaluations = self.repeated = self.hits = 0
        self.threshold: float | None = None
        self.evaluations: list[Evaluation] = []
        self.attacks: list[Mapping[str, Value]] = []
        self.tried: set[str] = set()
        self.begun: set[bytes] = set()
        self.done: set[bytes] = set()
        self.scored: set[tuple[str, str]] = set()
        self.judged: set[tuple[str, str]] = set()

    def take(self, line: Line) -> None:
        record = line.value
        kind = text_at(record, "entry_type")
        if not kind:
            self.odd_lines += 1
            return
        if kind in self.types or len(self.types) < 100:
            self.types[kind] += 1
        take = {"start_run setup": self._setup, "init": self._init, "attempt": self._attempt,
                "eval": self._eval, "completion": self._completion}.get(kind)
        if take:
            take(record)

    def _setup(self, record: Mapping[str, Any]) -> None:
        self.target = self.target or target_of(record)
        self.version = self.version or text_at(record, "_config.version")
        self.aggregated = self.aggregated or "aggregation" in record
        if self.threshold is None:
            self.threshold = number_at(record, "run.eval_threshold")
        for name in ("seed", "generations"):
            number = whole_at(record, f"run.{name}")
            if number is not None:
                self.run.setdefault(name, number)
        self._note("asked_for", text_at(record, "plugins.probe_spec"))

    def _init(self, record: Mapping[str, Any]) -> None:
        self.version = text_at(record, "garak_version") or self.version
        self.aggregated = self.aggregated or "orig_uuid" in record
        self._note("run", text_at(record, "run"))
        # A merged report's own start is the moment of merging; the work began when the first run did.
        began = "orig_start_time" if "orig_start_time" in record else "start_time"
        self._note("started", text_at(record, began))
        started = instant_at(record, began)
        if started is not None:
            self.worked = started if self.worked is None else min(self.worked, started)

    def _completion(self, record: Mapping[str, Any]) -> None:
        self._note("ended", text_at(record, "end_time"))

    def _note(self, name: str, text: str) -> None:
        if text:
            self.run.setdefault(name, text)

    def _eval(self, record: Mapping[str, Any]) -> None:
        found = evaluation(record)
        if found is None:
            self.odd_evaluations += 1
            return
        if len(self.evaluations) >= _PAIRS:
            raise Unreadable(f"The report holds more than {_PAIRS:,} evaluations.", mend=_ONE_RUN)
        pair = (found.probe, found.detector)
        self.repeated += pair in self.judged
        self.judged.add(pair)
        self.evaluations.append(found)

    def _attempt(self, record: Mapping[str, Any]) -> None:
        status, probe = whole_at(record, "status"), text_at(record, "probe_classname")
        if status not in (1, 2) or not probe:
            return
        # The uuid alone will not do: the tool that merges reports once wrote the run's id over all of them.
        name = f"{record.get('uuid')}\0{probe}\0{record.get('seq')}"
        key = hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest()
        group = self.begun if status == 1 else self.done
        if key in group:
            return
        if len(group) >= _ATTEMPTS:
            raise Unreadable(f"The report holds more than {_ATTEMPTS:,} attempts.", mend=_ONE_RUN)
        group.add(key)
        self.tried.add(probe)
        if status == 2:
            self._scores(record, probe)

    def _scores(self, record: Mapping[str, Any], probe: str) -> None:
        threshold = _USUAL_THRESHOLD if self.threshold is None else self.threshold
        for detector, scores in scores_of(record).items():
            if any(score is not None for score in scores) and len(self.scored) < _PAIRS:
                self.scored.add((probe, detector))
            for index, score in enumerate(scores):
                if score is None or score < threshold:
                    continue
                self.hits += 1
                if len(self.attacks) < _ATTACKS:
                    output = output_at(record, index)
                    self.attacks.append(attack_row(record, probe, detector, score, output))

    # -- what it comes to ------------------------------------------------------------------------------------

    @property
    def unjudged(self) -> list[str]:
        """Probes, and pairs of probe and detector, that attempts speak of and no evaluation does."""
        judged_probes = {one.probe for one in self.evaluations if one.judged}
        pairs = {f"{probe} by {detector}" for probe, detector in self.scored - self.judged
                 if probe in judged_probes}
        return sorted((self.tried - judged_probes) | pairs)

    def complete(self) -> bool | None:
        """True, False, or None where the file does not say."""
        if self.unjudged or not self.evaluations or self.odd_evaluations:
            return False
        if self.types["completion"]:
            return True
        return None if self.aggregated else False

    def findings(self) -> Findings:
        stated: dict[str, Value] = {"tool": "garak"}
        for name, text in (("tool_version", self.version), ("target", self.target)):
            if text:
                stated[name] = text
        complete = self.complete()
        if complete is not None:
            stated["complete"] = complete
        stated.update(_counts(self.evaluations, whole=not self.odd_evaluations))
        return Findings(KIND, stated, self._tables(), tuple(self._notes()))

    def _tables(self) -> tuple[Table, ...]:
        worst_first = sorted(self.evaluations, key=lambda one: (-(one.rate or 0.0), one.probe, one.detector))
        facts = row(
            **self.run,
            attempts=len(self.done),
            attempts_begun=len(self.begun),
            attempted_probes=len(self.tried),
            completion=bool(self.types["completion"]),
            digest=bool(self.types["digest"]),
            threshold=self.threshold,
            merged=self.aggregated or None,
        )
        kinds = tuple(row(entry_type=kind, lines=count) for kind, count in sorted(self.types.items()))
        tables = (Table("probes", tuple(one.as_row() for one in worst_first[:_ROWS])),
                  Table("attacks", tuple(self.attacks)), Table("run", (facts,)), Table("entries", kinds))
        return tuple(table for table in tables if table.rows)

    def _notes(self) -> Iterator[str]:
        failed = sum(one.failed for one in self.evaluations)
        unjudged = self.unjudged
        if not self.evaluations:
            yield "The report holds no evaluations, so nothing is counted: the run may have been stopped."
        elif unjudged:
            more = " and others" if len(unjudged) > 20 else ""
            yield f"Tried but not judged: {', '.join(unjudged[:20])}{more}."
        if not self.types["completion"]:
            yield ("The report was put together from several runs and does not say whether all of them ended."
                   if self.aggregated else "The report does not say that the run ended.")
        if self.odd_evaluations:
            yield ("No counts and rates are stated, because evaluations lack counts or contradict "
                   f"themselves: {self.odd_evaluations}.")
        if self.odd_lines:
            yield f"Lines without an entry type, left out: {self.odd_lines}."
        if self.evaluations and any(one.nones is None for one in self.evaluations):
            yield "This version of garak does not count outputs that could not be judged."
        if self.repeated:
            yield ("Pairs of probe and detector that were judged again; each time counts, and the worst is "
                   f"the worst of all: {self.repeated}.")
        if self.hits > len(self.attacks):
            yield f"The first {len(self.attacks)} of {self.hits} attacks that got through are listed."
        if self.evaluations and self.done and self.hits != failed:
            yield (f"The attempts in the file show {self.hits} attacks that got through, "
                   f"the evaluations {failed}; the evaluations are counted.")
        if self.threshold is None and self.attacks:
            yield (f"Attacks are listed from a score of {_USUAL_THRESHOLD}, garak's usual threshold: "
                   "the file states none.")
        if len(self.evaluations) > _ROWS:
            yield f"The worst {_ROWS:,} of {len(self.evaluations):,} pairs of probe and detector are listed."
        if self.worked is not None and not has_zone(str(self.run.get("started", ""))):
            yield "The times in the file name no zone and are taken as UTC."


def _counts(evaluations: Sequence[Evaluation], *, whole: bool) -> Mapping[str, Value]:
    """Counts and rates, nothing when there is no evaluation or one could not be understood.

    A case is one output judged by one detector. Outputs that no detector could judge count as cases too.
    """
    if not evaluations or not whole:
        return {}
    passed, failed = sum(one.passed for one in evaluations), sum(one.failed for one in evaluations)
    nones = sum(one.nones or 0 for one in evaluations)
    stated: dict[str, Value] = {"cases": passed + failed + nones, "passed": passed, "failed": failed,
                                "probes": len({one.probe for one in evaluations if one.judged})}
    if all(one.nones is not None for one in evaluations):
        stated["not_judged"] = nones
    rates = [one.rate for one in evaluations if one.rate is not None]
    if rates:
        stated["rate.attack_success"] = failed / (passed + failed)
        stated["rate.attack_success_worst"] = max(rates)
    return stated


READER = LinesReader("garak/1", recognise, read, (
    Marker((re.compile(rb'"entry_type"\s*:\s*"(start_run setup|init|attempt|eval)"'),
            re.compile(rb"garak|probe")),
           Recognised(FORMAT, KIND, 70, "The beginning carries garak's entry types.")),))
