"""What the list of frameworks shows: each with what the mappings offer, by family, and how far systems meet them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from govern.catalogue.families import Family, by_family, short_name
from govern.catalogue.objects import Catalogue, Framework
from govern.records.systems import SystemLine
from govern.web.frameworks_view import Ways, offered
from govern.web.side_by_side import Shares


def percent(met: int, many: int) -> int | None:
    """A share, None where nothing counts."""
    return round(100 * met / many) if many else None


def bin_of(share: int | None) -> int:
    """The colour of a share in a heat map: five bins, as its legend says."""
    return sum((share or 0) >= floor for floor in (25, 50, 70, 85))


@dataclass(frozen=True)
class FrameworkLine:
    """A framework as a row. `one`, `joint`, `parts` and `open` count its assessable requirements by what can meet them.

    `met` of `counted` are met by the systems looked at, together.
    """

    framework: Framework
    name: str
    href: str
    assessable: int
    one: int
    joint: int
    parts: int
    open: int
    met: int
    counted: int

    @property
    def percent(self) -> int | None:
        """The share met."""
        return percent(self.met, self.counted)


def line_of(framework: Framework, catalogue: Catalogue, ways: Ways, shares: Iterable[Shares]) -> FrameworkLine:
    """One framework, with the shares of the systems looked at."""
    counts = Counter(offered(framework, catalogue).values())
    pairs = [one.get(framework.id, (0, 0)) for one in shares]
    return FrameworkLine(
        framework, short_name(framework), ways.framework(framework.id), counts.total(), counts["one"], counts["joint"],
        counts["parts"], counts["open"] + counts["none"], sum(met for met, _ in pairs), sum(many for _, many in pairs))


def families_of(catalogue: Catalogue, ways: Ways, shares: Iterable[Shares]) -> list[tuple[Family, list[FrameworkLine]]]:
    """The frameworks as rows, by family."""
    listed = list(shares)
    return [(family, [line_of(one, catalogue, ways, listed) for one in ones])
            for family, ones in by_family(catalogue.frameworks.values()).items()]


def heat_of(lines: Iterable[SystemLine], catalogue: Catalogue, ways: Ways, shares: Mapping[str, Shares]) -> dict[str, Any]:
    """Share of assessable requirements met: systems as rows, frameworks as columns in their families."""
    families = by_family(catalogue.frameworks.values())
    frameworks = [one for ones in families.values() for one in ones]
    rows = []
    for line in lines:
        cells = []
        for one in frameworks:
            met, many = shares.get(line.system.key, {}).get(one.id, (0, 0))
            share = percent(met, many)
            cells.append({"value": share, "bin": bin_of(share), "href": ways.framework(one.id, line.system.slug),
                          "label": f"{line.system.name}, {short_name(one)}: {met} of {many} met"})
        rows.append({"label": line.system.name, "href": ways.of_system(line.system.slug), "cells": cells})
    return {"families": [(family.title, len(ones)) for family, ones in families.items()], "rows": rows,
            "columns": [{"label": short_name(one), "title": one.title, "href": ways.framework(one.id)} for one in frameworks]}
