"""The figures of the one-page summary, counted from a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from govern.assurance.outcomes import ControlOutcome, Covered, Status
from govern.catalogue.families import by_family, short_name
from govern.facts.moments import Instant
from govern.reports.charts import PostureRow
from govern.reports.picture import Picture
from govern.reports.register import valid_until, version_state

# What falls short, worst first.
SHORT = (Status.FAILING, Status.MISSING, Status.STALE, Status.PARTIAL)


@dataclass(frozen=True)
class Point:
    """One control worth naming: its status, id and title, one sentence, and an instant where one matters."""

    status: Status
    control: str
    title: str
    said: str
    at: Instant | None = None


@dataclass(frozen=True)
class CoverageRow:
    """One framework: how many of the requirements that are counted are met, partly met and otherwise."""

    title: str
    counts: Mapping[Covered, int]

    @property
    def counted(self) -> int:
        """Assessable requirements that apply."""
        return sum(self.counts.values())


def domain_rows(picture: Picture) -> list[PostureRow]:
    """The statuses of the controls of each domain, in catalogue order, domains without controls left out."""
    counted: dict[str, Counter[Status]] = {domain.id: Counter() for domain in picture.catalogue.domains}
    for outcome in picture.posture.controls.values():
        control = picture.catalogue.controls.get(outcome.control)
        if control is not None:
            counted.setdefault(control.domain, Counter())[outcome.status] += 1
    titles = {domain.id: domain.title for domain in picture.catalogue.domains}
    return [PostureRow(titles.get(id_, id_), counts) for id_, counts in counted.items() if counts]


def framework_rows(picture: Picture) -> list[CoverageRow]:
    """Coverage of each framework, counted as its share is: assessable requirements that apply.

    Law first, then standards, guidance and lists of attacks; what is superseded stands in the workbook alone.
    """
    rows = []
    frameworks = [one for family in by_family(picture.catalogue.frameworks.values()).values() for one in family]
    for framework in (one for one in frameworks if one.status != "superseded"):
        if framework.id in picture.coverages:
            outcomes = picture.coverages[framework.id].requirements
            found = Counter(
                outcomes[one.id].covered for one in framework.requirements
                if one.assessable and one.id in outcomes
            )
            del found[Covered.NOT_APPLICABLE]
            rows.append(CoverageRow(short_name(framework), found))
    return rows


def falling_short(picture: Picture) -> list[Point]:
    """Controls that fall short, worst first, each with its first reason."""
    found = [one for one in picture.posture.controls.values() if one.status in SHORT]
    found.sort(key=lambda one: SHORT.index(one.status))  # stable: catalogue order within a status
    return [_point(picture, one, one.reasons[0].text if one.reasons else "") for one in found]


def running_out(picture: Picture) -> list[Point]:
    """Controls whose status time alone will change, soonest first, with the reason that names the date."""
    found = [(one.until, one) for one in picture.posture.controls.values() if one.until is not None]
    found.sort(key=lambda pair: pair[0])  # stable, as above
    points = []
    for until, one in found:
        reasons = [*one.reasons, *(reason for ask in one.asks for reason in ask.reasons)]
        otherwise = f"{one.status.capitalize()} until then."
        named = next((reason.text for reason in reasons if reason.at == until), otherwise)
        points.append(_point(picture, one, named, until))
    return points


def evidence_counts(picture: Picture) -> list[tuple[str, int]]:
    """How many pieces of evidence stand where, each judged by its newest version."""
    counted: Counter[str] = Counter()
    for item in picture.snapshot.evidence:
        newest = item.newest
        if newest is None:
            continue
        state = version_state(newest)
        if state == "accepted":
            end = valid_until(picture, item, newest)
            over = end is not None and end < picture.stamp.instant
            state = "accepted, run out" if over else "accepted, in date"
        counted[state] += 1
    order = ("accepted, in date", "accepted, run out", "in review", "rejected", "withdrawn")
    return [(state, counted[state]) for state in order]


def _point(picture: Picture, outcome: ControlOutcome, said: str, at: Instant | None = None) -> Point:
    control = picture.catalogue.controls.get(outcome.control)
    return Point(outcome.status, outcome.control, control.title if control else "", said, at)
