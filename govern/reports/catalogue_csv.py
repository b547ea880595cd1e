"""How our controls relate to one framework, as CSV: a line for each pair, and one for what no control is mapped to."""

from __future__ import annotations

from collections.abc import Iterator

from govern.catalogue.objects import Catalogue
from govern.catalogue.source import near
from govern.errors import NotFound
from govern.reports.columns import Column, Row
from govern.reports.tables_csv import written_csv

MAPPING_COLUMNS = (
    Column("Framework", 22), Column("Requirement", 18), Column("Requirement title", 44), Column("Assessed", 9),
    Column("Control", 10), Column("Control title", 36), Column("Relation", 16), Column("Why", 70),
    Column("Complete with", 26), Column("Left open", 60),
)


def mappings_csv(catalogue: Catalogue, framework: str) -> Iterator[str]:
    """The mappings of a framework, a line at a time; encode with UTF-8. Raises NotFound at once."""
    if framework not in catalogue.frameworks:
        raise NotFound(f"There is no framework “{framework[:80]}”.", mend=near(framework, catalogue.frameworks))
    return written_csv(MAPPING_COLUMNS, _rows(catalogue, framework))


def _rows(catalogue: Catalogue, name: str) -> Iterator[Row]:
    framework, mapped = catalogue.frameworks[name], catalogue.mapped.get(name, {})
    for item in framework.requirements:
        links = mapped.get(item.id, ())
        start = (name, item.id, item.title, "yes" if item.assessable else "no")
        gap, members = framework.gaps.get(item.id, ""), framework.joint.get(item.id, frozenset())
        for control, link in links:
            others = ", ".join(one for one in catalogue.controls if one in members and one != control) if control in members else ""
            yield (*start, control, catalogue.controls[control].title, link.relation.value, link.why, others, gap)
        if not links and (item.assessable or gap):
            yield (*start, "", "", "", "", "", gap)
