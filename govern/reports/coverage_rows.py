"""Coverage of every framework: one row for each requirement of a system, how it is met and through what."""

from __future__ import annotations

from collections.abc import Iterator

from govern.reports.columns import Column, Form, Row, lines
from govern.reports.naming import reasons_text
from govern.reports.picture import Picture

COVERAGE_COLUMNS = (
    Column("System", 22),
    Column("System id", 16),
    Column("Framework", 26),
    Column("Requirement", 18),
    Column("Under", 16),
    Column("Level", 14),
    Column("Title", 44),
    Column("Counted", 10),
    Column("Status", 15, Form.WORD),
    Column("How", 12),
    Column("Controls", 28),
    Column("Reasons", 54),
)


def coverage_rows(picture: Picture) -> Iterator[Row]:
    """One row for each requirement of each framework, in document order, to go with `COVERAGE_COLUMNS`.

    `Counted` says whether the requirement is an assessable one, which alone enter the framework's share.
    """
    for framework in picture.catalogue.frameworks.values():
        coverage = picture.coverages.get(framework.id)
        mapped = picture.catalogue.mapped.get(framework.id, {})
        for requirement in framework.requirements if coverage else ():
            outcome = coverage.requirements.get(requirement.id) if coverage else None
            if outcome is None:
                continue
            relations = {control: str(link.relation) for control, link in mapped.get(requirement.id, ())}
            yield (
                picture.snapshot.system.name,
                picture.snapshot.system.slug,
                framework.title,
                requirement.id,
                requirement.parent or "",
                requirement.level,
                requirement.title,
                "yes" if requirement.assessable else "no",
                str(outcome.covered),
                str(outcome.how),
                lines(*(_with_relation(control, relations.get(control)) for control in outcome.controls)),
                reasons_text(outcome.reasons),
            )


def shares(picture: Picture) -> dict[str, tuple[int, int]]:
    """(met, counted) by framework id, for the frameworks that have a coverage."""
    found = {}
    for framework in picture.catalogue.frameworks.values():
        if framework.id in picture.coverages:
            assessable = frozenset(one.id for one in framework.requirements if one.assessable)
            found[framework.id] = picture.coverages[framework.id].share(assessable)
    return found


def _with_relation(control: str, relation: str | None) -> str:
    return f"{control} ({relation})" if relation else f"{control} (through a related requirement)"
