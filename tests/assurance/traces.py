"""A small world to trace through, without a database: systems, pieces of evidence, and the one query by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from govern.assurance.setting import Setting
from govern.assurance.trace import Anchor, Mark, Page, Plan, Proof, Row, page_of, pairs_of, plan_of
from govern.catalogue.objects import Catalogue
from govern.facts.evidence import About, Verdict
from govern.facts.moments import Moment
from govern.facts.people import Unit
from govern.facts.snapshot import Snapshot
from govern.facts.systems import Stage, System
from tests.assurance.builders import NOW, day

TOP = Unit("unit-top", "top", "Bank", None)
LENDING = Unit("unit-lending", "lending", "Lending", "unit-top")


def proof(evidence: str = "e1", number: int = 1, **given: Any) -> Proof:
    """An accepted version of a scan about the first system; in review with `decision=None`, `verdict=None`."""
    fields: dict[str, Any] = {
        "title": f"Evidence {evidence}", "kind": "scan", "about": About.SYSTEM, "about_key": "s1", "sha256": f"{number:064x}",
        "submitted": day(90), "submitted_by": "owner", "via_token": None, "decision": f"review-{evidence}-{number}",
        "verdict": Verdict.ACCEPTED, "reviewer": "reviewer", "decided": day(91)}
    return Proof("", "", evidence, number=number, **{**fields, **given})


def waiting(evidence: str = "e1", number: int = 1, **given: Any) -> Proof:
    """A version that nobody has reviewed."""
    return proof(evidence, number, decision=None, verdict=None, reviewer="", decided=None, **given)


@dataclass
class Traced:
    """Systems by key, each under Lending and the bank unless `alone`; pieces of evidence with the controls they are linked to."""

    catalogue: Catalogue
    systems: tuple[str, ...] = ("s1", "s2")
    alone: tuple[str, ...] = ()
    pieces: dict[str, tuple[frozenset[str], tuple[Proof, ...]]] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)

    def send(self, controls: Iterable[str], *versions: Proof) -> Traced:
        """A piece of evidence, its versions oldest first."""
        self.pieces[versions[0].evidence] = (frozenset(controls), versions)
        return self

    def units(self, system: str) -> tuple[Unit, ...]:
        """The units over a system."""
        return () if system in self.alone else (LENDING, TOP)

    def setting(self, system: str) -> Setting:
        """A system as the rules see it."""
        made = System(system, "row", system, system.upper(), "", None, "", "", "", "", "", "", "", "",
                      self.given.get("traits", frozenset()))
        known = {name: value for name, value in self.given.items() if name != "traits"}
        return Setting(Snapshot(**{
            "moment": Moment(7, NOW), "system": made, "stage": Stage.OPERATION, "units": self.units(system),
            "catalogue": "digest", **known}), self.catalogue)

    # -- the one query, by hand --------------------------------------------------------------------------------------

    def proofs(self, pairs: Sequence[tuple[str, str]], mark: Mark, limit: int, anchor: Anchor | None) -> list[Proof]:
        """The versions that speak for each pair, of each piece the newest first, from the mark on."""
        found = []
        for place, (control, system) in enumerate(pairs):
            for key in sorted(self.pieces):
                controls, versions = self.pieces[key]
                if control not in controls or not self._speaks(versions[0], system):
                    continue
                for one in sorted(versions, key=lambda version: -version.number):
                    if anchor is not None and (one.evidence != anchor.proof.evidence
                                               or (anchor.decided and one.number != anchor.proof.number)):
                        continue
                    if place == 0 and mark.evidence and not mark.ended and (key, -one.number) <= (mark.evidence, -mark.number):
                        continue
                    found.append(replace(one, control=control, system=system))
        return found[:limit]

    def _speaks(self, one: Proof, system: str) -> bool:
        return Anchor(one, frozenset()).reaches(system, {unit.key for unit in self.units(system)})

    # -- a trace -----------------------------------------------------------------------------------------------------

    def anchor(self, evidence: str, number: int | None = None) -> Anchor:
        """A start at evidence, or at the decision on one of its versions."""
        controls, versions = self.pieces[evidence]
        chosen = next(one for one in reversed(versions) if number in (None, one.number))
        return Anchor(chosen, controls, number is not None)

    def plan(self, *, system: str = "", anchor: Anchor | None = None, **start: str) -> Plan:
        """The plan of a trace."""
        reached = [one for one in self.systems if system in ("", one)
                   and (anchor is None or anchor.reaches(one, {unit.key for unit in self.units(one)}))]
        return plan_of(self.catalogue, reached, system=system, anchor=anchor, **start)

    def page(self, plan: Plan, mark: Mark, size: int) -> Page:
        """One page of a trace."""
        window = plan.window(mark, size)
        found = self.proofs(pairs_of(window, mark), mark, size + 1, plan.anchor)
        return page_of(plan, mark, window, found, {one: self.setting(one) for one in plan.systems}, self.catalogue, size)

    def pages(self, plan: Plan, size: int) -> list[Page]:
        """All pages of a trace."""
        found, mark = [], Mark()
        while mark is not None:
            found.append(self.page(plan, mark, size))
            mark = found[-1].next
            assert len(found) < 5_000, "a trace comes to its end"
        return found

    def rows(self, size: int = 500, **start: Any) -> list[Row]:
        """All rows of a trace."""
        return [row for page in self.pages(self.plan(**start), size) for row in page.rows]


def ends(row: Row) -> list[tuple[str, str]]:
    """Where and by which code a chain ends."""
    return [(end.at.value, end.code) for end in row.ends]


def chain(row: Row) -> tuple[str, str, str, str, str, int]:
    """What tells one chain from another."""
    return (row.head.framework, row.head.requirement, row.head.control, row.system, row.proof.evidence if row.proof else "",
            row.proof.number if row.proof else 0)
