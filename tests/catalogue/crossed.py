"""Small catalogues of two or three frameworks, for the tests of ties and crosswalks."""

from __future__ import annotations

from collections.abc import Mapping

from govern.catalogue.objects import Catalogue, Control, Crosswalk, Framework, Link, Relation, Requirement, Target
from tests.bank import make_catalogue

E, SUB, SUP, X = Relation.EQUAL, Relation.SUBSET, Relation.SUPERSET, Relation.INTERSECTS


def requirement(id_: str, parent: str | None = None, through: tuple[Target, ...] = (), *, assessable: bool = True) -> Requirement:
    """A requirement whose title is its id in words."""
    return Requirement(id_, parent, "point", f"Title of {id_}", False, f"Gist of {id_}.", assessable, through=through)


def framework(id_: str, *requirements: Requirement, passes_down: bool = False) -> Framework:
    """A framework."""
    return Framework(id_, f"The {id_}", "The state", "1", "2024", "in force", {}, "ours", passes_down, requirements)


def control(id_: str, *links: tuple[str, str, Relation]) -> Control:
    """A control with links of (framework, requirement, relation); the reason names both ends."""
    return Control(id_, id_[:3], f"Control {id_}", "It is done.", ("design",), None, (), tuple(
        Link(where, name, relation, f"{id_} to {name}.") for where, name, relation in links))


def catalogue(frameworks: tuple[Framework, ...], controls: tuple[Control, ...], *walks: Crosswalk) -> Catalogue:
    """A catalogue of these."""
    return make_catalogue(frameworks={one.id: one for one in frameworks}, controls={one.id: one for one in controls},
                          crosswalks=walks)


def publisher(source: str, target: str, pairs: Mapping[str, tuple[str, ...]], id_: str = "walk") -> Crosswalk:
    """A publisher's crosswalk."""
    return Crosswalk(id_, f"The {id_}", "An institute", {}, "As printed.", source, target, "refers-to", pairs)


def two(first: Relation | None, second: Relation | None) -> Catalogue:
    """One control between A 1 and B 1; None leaves a link out."""
    links = [("a", "A 1", first), ("b", "B 1", second)]
    kept = [(where, name, relation) for where, name, relation in links if relation is not None]
    return catalogue((framework("a", requirement("A 1"), requirement("A 2")), framework("b", requirement("B 1"))),
                     (control("GOV-01", *kept),))
