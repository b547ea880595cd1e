"""What the page of a trace shows: rows with addresses, where chains end, the picture, and what the trace starts at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from govern.assurance.trace import Proof, Row
from govern.assurance.trace_graph import Graph, Node, graph_of
from govern.assurance.trace_heads import Step
from govern.assurance.trace_lines import Line, title_of
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue, Target
from govern.facts.evidence import Verdict
from govern.reports.charts_trace import Box, Strand, TracePicture, trace_svg
from govern.web.frameworks_view import Ways
from govern.web.when import When, day, moment_text

HEADINGS = {Step.REQUIREMENT: "Requirement", Step.CONTROL: "Control", Step.SYSTEM: "System", Step.EVIDENCE: "Evidence",
            Step.DECISION: "Decision"}
ENDS = {
    "gap": ("Left open by the catalogue", "gap"), "unmapped": ("No control mapped", "gap"),
    "no-requirement": ("Mapped to no requirement", "info"), "unknown-control": ("Control no longer in the catalogue", "warn"),
    "no-system": ("No system in reach", "neutral"), "not-applicable": ("Does not apply", "neutral"),
    "not-due": ("Not due", "neutral"), "absent": ("Nothing sent", "gap"), "unlinked": ("Linked to no control", "warn"),
    "does-not-fit": ("Does not fit what is asked", "warn"), "awaits-review": ("Awaits review", "info"),
    "rejected": ("Rejected", "bad"), "withdrawn": ("Withdrawn", "neutral"),
}
"""Words and tone of each reason for an end."""


@dataclass(frozen=True)
class TraceWays:
    """Addresses of traces and of things, at the moment of the present page; `framework` is the one it is about, if one."""

    at: str = ""
    history: str = ""
    framework: str = ""

    def _query(self, path: str, **given: str) -> str:
        kept = {name: value for name, value in {**given, "at": self.at}.items() if value}
        return f"{path}?{urlencode(kept)}" if kept else path

    def trace(self, **start: str) -> str:
        """A trace from what is named."""
        return self._query("/trace", **start, history=self.history)

    @property
    def things(self) -> Ways:
        """Addresses of the things themselves."""
        return Ways("", self.at)


@dataclass(frozen=True)
class Shown:
    """One row of the table, with the addresses of traces that start at its parts."""

    line: Line
    framework: str
    ways: TraceWays
    kind: str
    submitted: When | None
    decided: When | None
    withdrawn: When | None
    ends: tuple[tuple[str, str, str], ...]

    @property
    def requirement_href(self) -> str:
        """A trace from the requirement."""
        return self.ways.trace(framework=self.line.framework, requirement=self.line.requirement)

    @property
    def control_href(self) -> str:
        """A trace from the control; none of one that the catalogue does not know."""
        return self.ways.trace(control=self.line.control) if self.line.control_title else ""

    @property
    def system_href(self) -> str:
        """A trace from the system."""
        return self.ways.trace(system=self.line.system)

    @property
    def evidence_href(self) -> str:
        """A trace from the evidence."""
        return self.ways.trace(evidence=self.line.evidence)

    @property
    def decision_href(self) -> str:
        """A trace from the decision."""
        return self.ways.trace(decision=self.line.decision)

    @property
    def word(self) -> str:
        """Where the version stands, as a status badge shows it."""
        if self.line.withdrawn is not None:
            return "withdrawn"
        return self.line.verdict or ("awaiting review" if self.line.evidence else "")


def shown(lines: Iterable[Line], catalogue: Catalogue, ways: TraceWays) -> list[Shown]:
    """The rows of the table."""
    found = []
    for line in lines:
        framework, kind = catalogue.frameworks.get(line.framework), catalogue.kinds.get(line.kind)
        ends = tuple((*ENDS.get(end.code, (end.code, "neutral")), end.text) for end in line.ends)
        found.append(Shown(
            line, short_name(framework) if framework else "", ways, kind.title if kind else line.kind,
            day(line.submitted) if line.submitted is not None else None,
            day(line.decided) if line.decided is not None else None,
            day(line.withdrawn) if line.withdrawn is not None else None, ends))
    return found


def endings(rows: Sequence[Row]) -> tuple[int, list[tuple[str, str, int]]]:
    """How many chains reach accepted evidence that stands, and (words, tone, count) of each reason to end."""
    counts = Counter(end.code for row in rows for end in row.ends)
    known = [(*ENDS[code], counts[code]) for code in ENDS if counts[code]]
    return sum(not row.ends and row.proof is not None for row in rows), known


@dataclass(frozen=True)
class Start:
    """One thing that the trace starts at: what it is, its name, its page, and the same trace without it."""

    label: str
    name: str
    href: str
    without: str


# -- the picture -----------------------------------------------------------------------------------------------------


def picture_of(rows: Sequence[Row], lines: Sequence[Line], catalogue: Catalogue, ways: TraceWays) -> Markup:
    """The picture of a page of rows; `lines` are the same rows with names."""
    graph, named = graph_of(rows), dict(zip(rows, lines, strict=True))
    columns = tuple(tuple(_box(node, named[node.row], catalogue, ways) for node in nodes) for nodes in graph.columns.values())
    picture = TracePicture(tuple(HEADINGS[step] for step in graph.columns), columns, tuple(graph.left_out.values()),
                           _strands(graph))
    return Markup(trace_svg(picture, "trace", "From requirements to decisions"))  # noqa: S704 - our own drawing, texts escaped by it


def _strands(graph: Graph) -> tuple[Strand, ...]:
    steps = list(graph.columns)
    return tuple(Strand(steps.index(one.step), one.left, one.right, one.rows) for one in graph.joints)


def _box(node: Node, line: Line, catalogue: Catalogue, ways: TraceWays) -> Box:
    label, detail, href, tone = _DRAWN[node.step](node, line, catalogue, ways)
    ends = Counter(ENDS.get(end.code, (end.code, ""))[0] for end in node.ends)
    told = "; ".join(f"{word}: {count}" if count > 1 else word for word, count in ends.items())
    many = len(node.rows)
    says = f"{HEADINGS[node.step]} {label}{', ' + detail if detail else ''}. {many} {'chain' if many == 1 else 'chains'}."
    return Box(label, detail, f"{says} {told}." if told else says, href, tone, node.rows, told, _ends_tone(node))


def _ends_tone(node: Node) -> str:
    """The tone of the worst end of a node."""
    tones = {ENDS[end.code][1] for end in node.ends if end.code in ENDS}
    return next((tone for tone in ("bad", "gap", "warn", "info") if tone in tones), "neutral")


Drawn = tuple[str, str, str, str]
"""(label, detail, address, tone)."""


def _requirement(node: Node, line: Line, catalogue: Catalogue, ways: TraceWays) -> Drawn:
    target = node.key if isinstance(node.key, Target) else Target("", "")
    framework = catalogue.frameworks.get(target.framework)
    title, short = title_of(target, catalogue), short_name(framework) if framework else ""
    detail = title if ways.framework and title else f"{short}: {title}" if title else short
    href = ways.trace(framework=target.framework, requirement=target.requirement)
    return target.requirement, detail, href, _worst(node, {"unmapped": "gap"}, "accent")


def _control(node: Node, line: Line, catalogue: Catalogue, ways: TraceWays) -> Drawn:
    href = ways.trace(control=line.control) if line.control_title else ways.things.controls()
    tones = {"unknown-control": "warn", "no-requirement": "info"}
    return line.control, line.control_title or "not in this catalogue", href, _worst(node, tones, "accent")


def _system(node: Node, line: Line, catalogue: Catalogue, ways: TraceWays) -> Drawn:
    absent = sum(end.code == "absent" for end in node.ends)
    detail = f"{absent} {'ask' if absent == 1 else 'asks'} without evidence" if absent else ""
    return line.system_name, detail, ways.trace(system=line.system), "gap" if absent else "neutral"


def _evidence(node: Node, line: Line, catalogue: Catalogue, ways: TraceWays) -> Drawn:
    kind = catalogue.kinds.get(line.kind)
    tones = {"awaits-review": "info", "does-not-fit": "warn", "unlinked": "warn"}
    return line.evidence_title, kind.title if kind else line.kind, ways.trace(evidence=line.evidence), \
        _worst(node, tones, "neutral")


def _decision(node: Node, line: Line, catalogue: Catalogue, ways: TraceWays) -> Drawn:
    proof = node.row.proof
    who = "standing acceptance" if line.standing else line.reviewer_name
    when = day(line.decided).text if line.decided is not None else ""
    label = f"{line.verdict.capitalize()}, version {line.version}{' (withdrawn)' if line.withdrawn is not None else ''}"
    return label, f"{who}, {when}", ways.trace(decision=line.decision), _tone(proof)


def _tone(proof: Proof | None) -> str:
    if proof is None or proof.withdrawn is not None:
        return "neutral"
    return "ok" if proof.verdict is Verdict.ACCEPTED else "bad"


def _worst(node: Node, tones: Mapping[str, str], otherwise: str) -> str:
    """The tone of the first end that has one."""
    return next((tones[end.code] for end in node.ends if end.code in tones), otherwise)


_DRAWN = {Step.REQUIREMENT: _requirement, Step.CONTROL: _control, Step.SYSTEM: _system, Step.EVIDENCE: _evidence,
          Step.DECISION: _decision}


def decided_facts(proof: Proof, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a decision says: verdict, by whom, when, on which version."""
    by = f"{names.get(proof.reviewer, proof.reviewer)} ({'a standing acceptance' if proof.standing else 'in person'})"
    found = [("Verdict", proof.verdict.value.capitalize() if proof.verdict else ""), ("Reviewer", by),
             ("Decided", moment_text(proof.decided).text if proof.decided is not None else ""),
             ("On", f"{proof.title}, version {proof.number}")]
    if proof.withdrawn is not None:
        found.append(("Withdrawn since", f"{moment_text(proof.withdrawn).text}: {proof.reason}"))
    return found
