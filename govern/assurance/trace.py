"""A trace: chains from a requirement to controls, systems, evidence and decisions, as rows; every start gives the same rows.

A cell is a head (a requirement with a control that speaks for it) at one system. Cells stand in the order of the
requirements, then of the systems. Each cell gives

1. one row for each version of evidence that speaks for the control at the system: the system's own, and what it inherits
   from its units and the organisation; the row names the asks that it can answer;
2. one row for each ask of the control that no evidence there can answer, with the reason;
3. one row alone where the control does not apply and nothing was sent for it.

A trace that starts at evidence or at a decision has rows of the first kind only. Rows are read in pages: a mark says
where one begins, so that no page looks at what stands before it.

Not done here: whether what was accepted still holds (see `asks`). A trace says what there is and who decided on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from govern.assurance.applicability import applicability
from govern.assurance.asks import assess
from govern.assurance.outcomes import AskOutcome, State
from govern.assurance.setting import Setting
from govern.assurance.trace_heads import End, Head, Step, heads
from govern.assurance.voices import subject_of
from govern.catalogue.objects import Catalogue, Control
from govern.facts.evidence import About, Basis, Evidence, Verdict
from govern.facts.moments import Instant, iso_date

MOST = 500
"""The most rows that one page has."""


@dataclass(frozen=True)
class Proof:
    """One version of a piece of evidence as it speaks for a control at a system, and what was said of it.

    `system` is where it counts; `about_key` what it speaks of, which may be a unit above that. `decision` is the key of the
    review, `standing` the standing acceptance that gave it.
    """

    control: str
    system: str
    evidence: str
    title: str
    kind: str
    about: About
    about_key: str | None
    number: int
    sha256: str
    submitted: Instant
    submitted_by: str
    via_token: str | None
    decision: str | None = None
    verdict: Verdict | None = None
    reviewer: str = ""
    standing: str | None = None
    decided: Instant | None = None
    withdrawn: Instant | None = None
    reason: str = ""


@dataclass(frozen=True)
class Anchor:
    """The piece of evidence that a trace starts at, by its newest version, or by the one that was decided on."""

    proof: Proof
    controls: frozenset[str]
    decided: bool = False

    def reaches(self, system: str, units: Collection[str]) -> bool:
        """Whether it speaks for a system that stands under some units."""
        if self.proof.about is About.ORGANISATION:
            return True
        if self.proof.about is About.UNIT:
            return self.proof.about_key in units
        return self.proof.about_key == system


@dataclass(frozen=True)
class Row:
    """One chain. `asks` are those that the evidence can answer, or the one that nothing answers.

    `inherited` says from where the evidence comes down to the system; `ends` where and why the chain is broken.
    """

    head: Head
    system: str = ""
    asks: tuple[str, ...] = ()
    proof: Proof | None = None
    inherited: str = ""
    ends: tuple[End, ...] = ()


@dataclass(frozen=True)
class Mark:
    """Where a page begins: a cell, what of it was shown (the last version, how many ends), which asks were answered.

    `answered` has a bit for each ask of the cell's control, the lowest for the first.
    """

    cell: int = 0
    evidence: str = ""
    number: int = 0
    answered: int = 0
    ended: int = 0

    @property
    def inside(self) -> bool:
        """Whether a part of the cell was shown before."""
        return bool(self.evidence or self.ended)


@dataclass(frozen=True)
class Cell:
    """A head at one system; no system where none is in reach, or where there is nothing to look for."""

    head: Head
    system: str

    @property
    def pair(self) -> tuple[str, str]:
        """(control, system)."""
        return self.head.control, self.system


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page begins (None at the end)."""

    rows: tuple[Row, ...]
    next: Mark | None


@dataclass(frozen=True)
class Plan:
    """What a trace goes over: heads and systems (keys) in order, and the evidence that it starts at, if it does."""

    heads: tuple[Head, ...]
    systems: tuple[str, ...]
    anchor: Anchor | None = None

    def window(self, mark: Mark, size: int) -> list[tuple[int, Cell]]:
        """The cells that a page can need, with their numbers.

        A cell that was begun on the page before ends the window when its control and system come again: of these,
        only what is left is then at hand.
        """
        many = max(len(self.systems), 1)
        found: list[tuple[int, Cell]] = []
        number = mark.cell
        while len(found) < size and number < len(self.heads) * many:
            head, place = self.heads[number // many], number % many
            if head.control and self.systems:
                cell = Cell(head, self.systems[place])
            elif place:
                number += many - place  # a head without a control stands at no system: once is enough
                continue
            else:
                cell = Cell(head, "")
            if found and mark.inside and cell.pair == found[0][1].pair:
                break
            found.append((number, cell))
            number += 1
        return found

    def after(self, window: Sequence[tuple[int, Cell]]) -> Mark | None:
        """Where what follows a window begins; None at the end."""
        number = window[-1][0] + 1 if window else 0
        left = self.window(Mark(number), 1) if window else []
        return Mark(left[0][0]) if left else None


def plan_of(catalogue: Catalogue, systems: Iterable[str], *, framework: str = "", requirement: str = "", control: str = "",
            system: str = "", anchor: Anchor | None = None) -> Plan:
    """The plan of a trace from all that is named; `systems` are those in reach, in order: of a named one, it or none."""
    reached = tuple(systems)
    if system and not reached:
        return Plan((), (), anchor)
    controls = None if anchor is None else anchor.controls
    if control:
        controls = frozenset({control}) if controls is None else controls & {control}
    found = heads(catalogue, framework, requirement, controls)
    if anchor is not None and not anchor.controls and not framework and not control:
        found = (Head("", "", "", end=End(Step.EVIDENCE, "unlinked", "It is linked to no control.")),)
    return Plan(found, reached, anchor)


def pairs_of(window: Iterable[tuple[int, Cell]], mark: Mark) -> list[tuple[str, str]]:
    """The (control, system) pairs whose evidence a window needs, in its order, each once."""
    cells = list(window)[1:] if mark.ended else window
    return list(dict.fromkeys(cell.pair for _, cell in cells if cell.head.control and cell.system))


# -- a page ----------------------------------------------------------------------------------------------------------


def page_of(plan: Plan, mark: Mark, window: Sequence[tuple[int, Cell]], proofs: Iterable[Proof],
            settings: Mapping[str, Setting], catalogue: Catalogue, size: int) -> Page:
    """The rows from a mark on, `size` at most.

    `proofs` are those of the pairs of the window in their order (of the first, what follows the mark), at least
    size + 1 of them if there are as many; each gives one row, so that the page is full before they run out.
    """
    held: dict[tuple[str, str], list[Proof]] = {}
    for proof in proofs:
        held.setdefault((proof.control, proof.system), []).append(proof)
    rows: list[Row] = []
    for number, cell in window:
        begun = mark if number == mark.cell else Mark(number)
        shown = _Shown(plan, cell, catalogue, settings.get(cell.system))
        room = size - len(rows)
        heard = shown.heard(() if begun.ended else held.get(cell.pair, ())[:room])
        rows += heard
        answered = begun.answered | shown.mask(heard)
        if len(rows) == size and _more(held, cell, begun, room):
            last = heard[-1].proof if heard else None
            if last is None:
                return Page(tuple(rows), begun)
            return Page(tuple(rows), Mark(number, last.evidence, last.number, answered))
        ends = shown.ends(answered, heard_before=begun.inside or bool(heard))[begun.ended:]
        room = size - len(rows)
        rows += ends[:room]
        if len(ends) > room:
            return Page(tuple(rows), _unfinished(begun, number, heard, answered, room))
    return Page(tuple(rows), plan.after(window))


def _more(held: Mapping[tuple[str, str], Sequence[Proof]], cell: Cell, begun: Mark, room: int) -> bool:
    """Whether a cell has more proofs than there was room for."""
    return not begun.ended and len(held.get(cell.pair, ())) > room


def _unfinished(begun: Mark, number: int, heard: Sequence[Row], answered: int, told: int) -> Mark:
    """The mark of a cell whose proofs were all shown, and of its ends so many."""
    last = heard[-1].proof if heard else None
    if last is not None:
        return Mark(number, last.evidence, last.number, answered, told)
    return replace(begun, cell=number, answered=answered, ended=begun.ended + told)


@dataclass(frozen=True)
class _Shown:
    """One cell as it is shown."""

    plan: Plan
    cell: Cell
    catalogue: Catalogue
    setting: Setting | None

    @property
    def _control(self) -> Control | None:
        return self.catalogue.controls.get(self.cell.head.control)

    def heard(self, proofs: Iterable[Proof]) -> list[Row]:
        """One row for each version."""
        return [self._heard(proof) for proof in proofs]

    def mask(self, rows: Iterable[Row]) -> int:
        """The asks that rows can answer, a bit each."""
        answered = {ask for row in rows for ask in row.asks}
        asks = self._control.asks if self._control else ()
        return sum(1 << place for place, ask in enumerate(asks) if ask.id in answered)

    def ends(self, answered: int, *, heard_before: bool) -> list[Row]:
        """What the cell has besides evidence: why there is none, for the control or for single asks."""
        head, anchor = self.cell.head, self.plan.anchor
        if not head.control or self.setting is None:
            return [] if heard_before else [self._alone()]
        if anchor is not None:
            return []
        barred = self._barred()
        if barred is not None:
            return [] if heard_before else [self._row((), barred)]
        asks = self._control.asks if self._control else ()
        return [self._row((ask.id,), _unanswered(assess(ask, (), self.setting)))
                for place, ask in enumerate(asks) if not answered >> place & 1]

    def _alone(self) -> Row:
        """A head that stands at no system: nothing speaks for the requirement, or there is no system in reach."""
        head, anchor = self.cell.head, self.plan.anchor
        proof = anchor.proof if anchor else None
        ends = _said(head, proof)
        if head.control:
            text = "It speaks for no system that you may see." if anchor else "There is no system that you may see."
            ends = (*ends, End(Step.CONTROL, "no-system", text))
        return Row(head, proof=proof, ends=ends)

    def _row(self, asks: tuple[str, ...], end: End) -> Row:
        return Row(self.cell.head, self.cell.system, asks, ends=(*_said(self.cell.head), end))

    def _barred(self) -> End | None:
        """Why the control does not apply to the system, None where it does."""
        if self._control is None or self.setting is None:
            return None
        scope = applicability(self._control, self.setting)
        text = " ".join(reason.text for reason in scope.reasons)
        return None if scope.applies else End(Step.SYSTEM, "not-applicable", f"The control does not apply. {text}".strip())

    def _heard(self, proof: Proof) -> Row:
        assert self.setting is not None  # noqa: S101 - a proof stands at a system, and each of those has a setting
        barred, asks, inherited, misfit = self._barred(), [], "", None
        for ask in self._control.asks if self._control else ():
            if proof.kind not in ask.kinds:
                continue
            subject = subject_of(ask, _piece(proof), self.setting)
            told = next((reason.text for reason in subject.reasons if reason.code in ("inherited", "wrong-subject")), "")
            if subject.fits:
                asks.append(ask.id)
                inherited = inherited or told
            else:
                misfit = misfit or told
        ends = _said(self.cell.head, proof)
        if not asks and self._control is not None:
            text = misfit or "The control asks for evidence of another kind."
            ends = (End(Step.EVIDENCE, "does-not-fit", text), *ends)
        if barred is not None:
            ends = (barred, *ends)
        return Row(self.cell.head, self.cell.system, tuple(asks), proof, inherited or self._inherited(proof), ends)

    def _inherited(self, proof: Proof) -> str:
        """Where evidence comes from that no ask takes, but that the system inherits all the same."""
        if proof.about is About.ORGANISATION:
            return f"“{proof.title}” speaks for the whole organisation."
        units = self.setting.snapshot.units if self.setting else ()
        unit = next((one.name for one in units if one.key == proof.about_key), "")
        return f"“{proof.title}” speaks for the unit {unit}, which this system is under." if unit else ""


def _piece(proof: Proof) -> Evidence:
    return Evidence(proof.evidence, "", proof.title, proof.kind, proof.about, proof.about_key, None, Basis.CLAIMED, "",
                    frozenset(), ())


def _said(head: Head, proof: Proof | None = None) -> tuple[End, ...]:
    """How a head begins, and what became of a version: withdrawn, rejected or not yet decided on."""
    found = [] if head.end is None else [head.end]
    if proof is None:
        return tuple(found)
    if proof.withdrawn is not None:
        text = f"Version {proof.number} was withdrawn on {iso_date(proof.withdrawn)}: {proof.reason}"
        found.append(End(Step.EVIDENCE if proof.decision is None else Step.DECISION, "withdrawn", text))
    elif proof.decision is None:
        text = f"Version {proof.number} waits for a review since {iso_date(proof.submitted)}."
        found.append(End(Step.EVIDENCE, "awaits-review", text))
    elif proof.verdict is Verdict.REJECTED:
        found.append(End(Step.DECISION, "rejected", f"Version {proof.number} was rejected: it proves nothing."))
    return tuple(found)


def _unanswered(outcome: AskOutcome) -> End:
    """Why an ask has no evidence: nothing was sent, or it is not asked now."""
    code = "absent" if outcome.state is State.ABSENT else "not-due" if outcome.applicable else "not-applicable"
    return End(Step.SYSTEM, code, " ".join(dict.fromkeys(reason.text for reason in outcome.reasons)))
