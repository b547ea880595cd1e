"""How our controls relate to one framework, as an OSCAL mapping-collection: the relation of each pair with its reason.

A set that is complete only together is one more map, from all its controls to the requirement. What no control proves
stands in properties with the reason; in the gap summary only where OSCAL can name it (its ids know no blanks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from govern.catalogue.objects import Catalogue, Framework, Link, Relation
from govern.catalogue.reach import figures
from govern.catalogue.source import near
from govern.errors import NotFound
from govern.reports.oscal_catalog import catalog_resource
from govern.reports.oscal_parts import (
    NAMESPACE,
    Edition,
    Json,
    bare,
    identifier,
    line,
    markup,
    markup_line,
    metadata,
    prop,
    props,
    written,
)

RELATIONSHIPS = {Relation.EQUAL: "equivalent-to", Relation.SUBSET: "subset-of", Relation.SUPERSET: "superset-of",
                 Relation.INTERSECTS: "intersects-with"}
"""`equal-to` is OSCAL's for the same words; ours are other words of the same meaning."""
_TOGETHER = "Together these controls cover the requirement; none of them does alone."
_DESCRIPTION = (
    "Relations are read control → requirement, in the set theory terms of NIST IR 8477, by what the evidence of a control "
    "proves of the requirement. The reason of each stands in its remarks; a map from several controls is a set that is complete "
    "only together.")
_TOKEN = re.compile(r"[^\W\d][\w.\-]*")
_WEB = re.compile(r"https?://[^\s<>\"]+")


def mapping_text(catalogue: Catalogue, framework: str, edition: Edition) -> str:
    """The mapping-collection of a framework as JSON text; raises NotFound."""
    return written(mapping_document(catalogue, framework, edition))


def mapping_document(catalogue: Catalogue, framework: str, edition: Edition) -> Json:
    """The mapping-collection of a framework as plain data, valid against the schema of OSCAL 1.2.1; raises NotFound."""
    one = catalogue.frameworks.get(framework)
    if one is None:
        raise NotFound(f"There is no framework “{framework[:80]}”.", mend=near(framework, catalogue.frameworks))
    maps = [*_maps(catalogue, one), *_sets(catalogue, one)]
    if not maps:
        raise NotFound(f"No control is mapped to {one.id}.", mend="What it asks is met through other frameworks, or stays open.")
    source, target = catalog_resource(catalogue), _publication(one)
    return {"mapping-collection": {
        "uuid": identifier("mapping-collection", one.id, catalogue.digest),
        "metadata": metadata(f"Govern catalogue of controls to {one.title}", catalogue, edition, prop("framework", one.id)),
        "provenance": {"method": "hybrid", "matching-rationale": "functional", "status": "complete",
                       "mapping-description": _DESCRIPTION},
        "mappings": [bare(
            uuid=identifier("mapping", one.id),
            source_resource={"type": "catalog", "href": f"#{source['uuid']}"},
            target_resource={"type": "catalog", "href": f"#{target['uuid']}"},
            maps=maps, props=[prop("gap", name, remarks=why) for name, why in one.gaps.items()],
            target_gap_summary=_gap_summary(catalogue, one))],
        "back-matter": {"resources": [source, target]},
    }}


def _maps(catalogue: Catalogue, framework: Framework) -> Iterator[Json]:
    """A map for each control that is mapped to a requirement, in the framework's order."""
    mapped = catalogue.mapped.get(framework.id, {})
    for requirement in framework.requirements:
        for control, link in mapped.get(requirement.id, ()):
            yield bare(uuid=identifier("map", framework.id, requirement.id, control),
                       relationship=RELATIONSHIPS[link.relation], sources=[_item(control)], targets=[_item(requirement.id)],
                       remarks=markup(link.why) or None)


def _sets(catalogue: Catalogue, framework: Framework) -> Iterator[Json]:
    """A map for each set of controls that covers a requirement together."""
    mapped = catalogue.mapped.get(framework.id, {})
    for requirement, members in framework.joint.items():
        links = {control: link for control, link in mapped.get(requirement, ()) if control in members}
        yield bare(uuid=identifier("map of a set", framework.id, requirement), relationship=_together(links.values()),
                   sources=[_item(control) for control in catalogue.controls if control in members],
                   targets=[_item(requirement)], remarks=_TOGETHER)


def _together(links: Iterable[Link]) -> str:
    """What a complete set is: all parts of the requirement alone, or these and more."""
    return RELATIONSHIPS[Relation.EQUAL if all(link.relation is Relation.SUBSET for link in links) else Relation.SUPERSET]


def _item(name: str) -> Json:
    return {"type": "control", "id-ref": line(name)}


def _publication(framework: Framework) -> Json:
    """The framework as a resource; its id among the document ids is how our importer knows it again."""
    address = framework.source.get("url", "")
    told = {"publisher": framework.publisher, "version": framework.version, "date": framework.date, "status": framework.status,
            "reference": framework.source.get("reference", "")}
    return bare(uuid=identifier("publication", framework.id), title=markup_line(framework.title),
                props=[one for name, value in told.items() for one in props(name, [value])],
                document_ids=[{"scheme": NAMESPACE, "identifier": framework.id}],
                rlinks=[{"href": address}] if _WEB.fullmatch(address) else [])


def _gap_summary(catalogue: Catalogue, framework: Framework) -> Json | None:
    """The requirements on which no control bears; None where there is none, or OSCAL could name only some of them."""
    unreached = figures(catalogue, framework).unreached
    if not unreached or not all(map(_TOKEN.fullmatch, unreached)):
        return None
    return {"uuid": identifier("gaps", framework.id), "unmapped-controls": [{"with-ids": list(unreached)}]}
