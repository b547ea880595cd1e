"""Findings as pages draw them: attack tests as rates, bills of materials as parts and gaps, threat models as a grid.

Every other kind shows what it states as facts. What is drawn comes from the kept findings only; nothing is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from govern.catalogue.objects import Kind
from govern.facts.findings import Findings, Value
from govern.reports.charts import RateRow, rate_bars
from govern.reports.scene_svg import svg_of

Row = Mapping[str, Value]

_BARS, _LISTED = 24, 200
_SEVERITIES = ("critical", "high", "medium", "low")
_STATES = ("open", "mitigated", "not applicable", "not triaged")
_STATE_OF = {"open": "open", "mitigated": "mitigated", "na": "not applicable", "notapplicable": "not applicable"}
_GAPS = (
    (("version",), "No version"), (("digest", "purl"), "No digest or package URL"), (("licence",), "No licence"),
    (("origin",), "Origin unknown"),
)


@dataclass(frozen=True)
class Number:
    """One headline number."""

    label: str
    value: str
    foot: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Part:
    """Components of one type, with how many of them lack what. `gaps` is in the order of the columns."""

    type: str
    count: int
    gaps: tuple[int, ...]


@dataclass(frozen=True)
class Grid:
    """Threats by severity and state: `rows` are (severity, counts in the order of `states`, total)."""

    states: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...], int], ...]
    totals: tuple[int, ...]


@dataclass(frozen=True)
class View:
    """What the page of a version draws of its findings; what a kind does not have is empty.

    `facts` are (label, value) of everything stated. `hidden` tells how many rows of the longest list are left out.
    """

    numbers: tuple[Number, ...] = ()
    chart: str = ""
    chart_narrow: str = ""
    chart_hidden: int = 0
    probes: tuple[Row, ...] = ()
    attacks: tuple[Row, ...] = ()
    parts: tuple[Part, ...] = ()
    gaps: tuple[str, ...] = tuple(label for _, label in _GAPS)
    components: tuple[Row, ...] = ()
    cards: tuple[Row, ...] = ()
    vulnerabilities: tuple[Row, ...] = ()
    grid: Grid | None = None
    threats: tuple[tuple[str, str, Row], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    hidden: int = 0


def drawn(findings: Findings, kind: Kind | None) -> View:
    """The view that fits what the findings hold."""
    facts, notes = _facts(findings, kind), tuple(findings.notes)
    if findings.table("probes"):
        return _attack_tests(findings, facts, notes)
    if findings.table("components") or findings.table("types"):
        return _bill(findings, facts, notes)
    if findings.table("threats"):
        return _threats(findings, facts, notes)
    return View(facts=facts, notes=notes)


def value_text(name: str, value: Value) -> str:
    """A stated value for people; shares and rates as per cent."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if name.startswith(("rate.", "share.")) and 0 <= value <= 1:
            return f"{100 * value:.1f} %"
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else value


def _facts(findings: Findings, kind: Kind | None) -> tuple[tuple[str, str], ...]:
    meanings = {field.name: field.meaning for field in kind.fields} if kind else {}
    order = {name: place for place, name in enumerate(meanings)}
    names = sorted(findings.stated, key=lambda name: (order.get(name, len(order)), name))
    return tuple((meanings.get(name, name), value_text(name, findings.stated[name])) for name in names)


def _number(stated: Row, name: str, label: str, *, bad_above: float | None = None, foot: str = "",
            icon: str = "triangle-alert") -> list[Number]:
    if name not in stated:
        return []
    value = stated[name]
    bad = bad_above is not None and isinstance(value, int | float) and value > bad_above
    return [Number(label, value_text(name, value), foot, "bad" if bad else "", icon if bad else "")]


# -- attack tests ------------------------------------------------------------------------------------------------


def _count(row: Row, name: str) -> int:
    value = row.get(name, 0)
    return value if isinstance(value, int) else 0


def _attack_tests(findings: Findings, facts: tuple[tuple[str, str], ...], notes: tuple[str, ...]) -> View:
    stated, probes = findings.stated, findings.table("probes")
    judged = [row for row in probes if "passed" in row]
    seen = Counter(row.get("probe", "") for row in judged)
    bars = [RateRow(_bar_label(row, alone=seen[row.get("probe", "")] == 1), _count(row, "passed"),
                    _count(row, "passed") + _count(row, "failed")) for row in judged[:_BARS]]
    numbers = [
        *_number(stated, "rate.attack_success_worst", "Worst attack success", bad_above=0.05, foot="of any probe"),
        *_number(stated, "rate.attack_success", "Attack success", foot="over all that was judged"),
        *_number(stated, "failed", "Attacks that succeeded", foot=f"of {value_text('', stated['cases'])} attempts"
                 if "cases" in stated else ""),
        *_number(stated, "probes", "Probes", foot="" if stated.get("complete", True) else "the run did not reach its end"),
    ]
    title = "Attempts withstood, by probe and detector"
    return View(
        numbers=tuple(numbers), probes=tuple(probes[:_LISTED]), attacks=tuple(findings.table("attacks")[:20]),
        chart=_svg(bars, title, 720, "probes-wide"), chart_narrow=_svg(bars, title, 320, "probes-narrow"),
        chart_hidden=max(0, len(judged) - _BARS), facts=facts, notes=notes, hidden=max(0, len(probes) - _LISTED))


def _bar_label(row: Row, *, alone: bool) -> str:
    """The probe, with the last part of its detector's name where several judged it."""
    probe = str(row.get("probe", ""))
    return probe if alone else f"{probe} · {str(row.get('detector', '')).rpartition('.')[2]}"


def _svg(bars: Sequence[RateRow], title: str, width: float, ident: str) -> str:
    # svg_of escapes every text that it writes.
    return Markup(svg_of(rate_bars(bars, title, width, floor=0.95), ident)) if bars else ""  # noqa: S704 - our own drawing


# -- bills of materials ------------------------------------------------------------------------------------------


def _lacks(row: Row, fields: tuple[str, ...]) -> bool:
    """Whether a component states none of some fields."""
    return not any(row.get(field) for field in fields)


def _bill(findings: Findings, facts: tuple[tuple[str, str], ...], notes: tuple[str, ...]) -> View:
    stated, components = findings.stated, findings.table("components")
    counts = {str(row.get("type", "")): _count(row, "components") for row in findings.table("types")}
    parts = []
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        of_type = [row for row in components if str(row.get("type", "not stated")) == name]
        parts.append(Part(name, count, tuple(sum(_lacks(row, fields) for row in of_type) for fields, _ in _GAPS)))
    numbers = [
        *_number(stated, "components.total", "Components"), *_number(stated, "components.models", "Models"),
        *_number(stated, "share.identified", "Identified", foot="version, and digest or package URL"),
        *_number(stated, "components.unknown_origin", "Origin unknown", bad_above=0),
    ]
    by_gap = sorted(components, key=lambda row: (-sum(_lacks(row, fields) for fields, _ in _GAPS),
                                                 str(row.get("name", "")).casefold()))
    return View(numbers=tuple(numbers), parts=tuple(parts), components=tuple(by_gap[:_LISTED]),
                cards=tuple(findings.table("model_cards")), vulnerabilities=tuple(findings.table("vulnerabilities")),
                facts=facts, notes=notes, hidden=max(0, len(components) - _LISTED))


# -- threat models -----------------------------------------------------------------------------------------------


def _state(row: Row) -> str:
    word = "".join(char for char in str(row.get("status", "")).casefold() if char.isalpha())
    return _STATE_OF.get(word, "not triaged")


def _severity(row: Row) -> str:
    word = str(row.get("severity", "")).casefold()
    return word if word in _SEVERITIES else "not rated"


def _threats(findings: Findings, facts: tuple[tuple[str, str], ...], notes: tuple[str, ...]) -> View:
    stated = findings.stated
    rows = [(_severity(row), _state(row), row) for row in findings.table("threats")]
    counted = Counter((severity, state) for severity, state, _ in rows)
    order = (*_SEVERITIES, "not rated")
    lines = [(severity, tuple(counted[severity, state] for state in _STATES),
              sum(counted[severity, state] for state in _STATES)) for severity in order]
    grid = Grid(_STATES, tuple(line for line in lines if line[2]),
                tuple(sum(counted[severity, state] for severity in order) for state in _STATES))
    # Open ones first, the gravest of them before the rest; what nobody triaged comes next, because it may be open.
    rank = {"open": 0, "not triaged": 1, "mitigated": 2, "not applicable": 3}
    rows.sort(key=lambda one: (rank[one[1]], order.index(one[0]), str(one[2].get("title", ""))))
    numbers = [
        *_number(stated, "threats.high_open", "High or critical, open", bad_above=0),
        *_number(stated, "threats.open", "Open", foot=f"of {value_text('', stated['threats.total'])} threats"
                 if "threats.total" in stated else ""),
        *_number(stated, "threats.without_treatment", "Without treatment", bad_above=0),
        *_number(stated, "threats.untriaged", "Not triaged", foot="no severity or no status"),
    ]
    return View(numbers=tuple(numbers), grid=grid, threats=tuple(rows[:_LISTED]), facts=facts, notes=notes,
                hidden=max(0, len(rows) - _LISTED))
