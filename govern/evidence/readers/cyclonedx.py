"""CycloneDX bills of materials in JSON, 1.2 to 1.7: what a release is made of, and how well each part is
named.

Components inside others count like those at the top. A list that the document does not have is not a list of
nothing: without components and services no counts are stated, without vulnerabilities none is stated as zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from govern.errors import Unreadable
from govern.evidence.readers.base import Budget, DocumentReader, Marker, Recognised, Said
from govern.evidence.readers.cyclonedx_parts import (
    DATA,
    MODEL,
    SOFTWARE,
    Component,
    card_row,
    components_of,
    declarations_row,
    services_of,
    tools_of,
    vulnerability_row,
)
from govern.evidence.readers.shape import instant_at, list_at, object_at, row, stated_at, text_at, whole_at
from govern.facts.findings import Findings, Table, Value

FORMAT, KIND = "cyclonedx", "aibom"
_VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_LISTS = ("components", "services", "dependencies", "vulnerabilities")
_ROWS, _CARDS, _VULNERABILITIES = 2_000, 200, 500


def recognise(document: Any) -> Recognised | None:
    """By `bomFormat`, which every CycloneDX document in JSON carries."""
    if isinstance(document, dict) and document.get("bomFormat") == "CycloneDX":
        version = text_at(document, "specVersion", 20)
        return Recognised(FORMAT, KIND, 99, "bomFormat says CycloneDX, specVersion says "
                          f"{version or 'nothing'}{'' if version in _VERSIONS else ', which is not read'}.")
    return None


def read(document: Any, budget: Budget) -> Said:
    """Findings of one bill. Raises Unreadable for another version or where a list is no list."""
    version = text_at(document, "specVersion", 20)
    if version not in _VERSIONS:
        raise Unreadable(f"This is CycloneDX {version or 'of no stated version'}; 1.2 to 1.7 are read.",
                         mend="Export it as version 1.6 or convert it.")
    for name in _LISTS:
        if not isinstance(document.get(name, []), list):
            raise Unreadable(f"“{name}” is not a list, as CycloneDX asks.",
                             mend="Export it again with the tool.")
    components = []
    for count, one in enumerate(components_of(document)):
        components.append(one)
        if count % 1000 == 0:
            budget.check()
    stated = {**_about(document, version), **_counts(document, components)}
    tables, notes = _tables(document, version, components), tuple(_notes(document, components))
    return Said(
        Findings(KIND, stated, tables, notes), instant_at(object_at(document, "metadata"), "timestamp")
    )


def _about(document: Any, version: str) -> dict[str, Value]:
    subject = Component(object_at(document, "metadata", "component"), "")
    stated: dict[str, Value] = {"format": f"CycloneDX {version}",
                                "has_subject": bool(subject.name and (subject.version or subject.digest))}
    tools = ", ".join(tools_of(document))[:300]
    if tools:
        stated["tool"] = tools
    return stated


def _counts(document: Any, components: list[Component]) -> dict[str, Value]:
    stated: dict[str, Value] = {}
    if "vulnerabilities" in document:
        stated["vulnerabilities.total"] = len(list_at(document, "vulnerabilities"))
    if not ("components" in document or "services" in document or components):
        return stated
    identified = [one for one in components if one.identified]
    stated |= {
        "components.total": len(components),
        "components.models": sum(one.kind == MODEL for one in components),
        "components.datasets": sum(one.kind == DATA for one in components),
        "components.software": sum(one.kind in SOFTWARE for one in components),
        "components.services": services_of(document),
        "components.with_version": sum(bool(one.version) for one in components),
        "components.with_identity": len(identified),
        "components.licensed": sum(bool(one.licence) for one in components),
        "components.unknown_origin": sum(not one.origin for one in components),
    }
    if components:
        stated["share.identified"] = sum(bool(one.version) for one in identified) / len(components)
    return stated


def _tables(document: Any, version: str, components: list[Component]) -> tuple[Table, ...]:
    metadata = object_at(document, "metadata")
    subject = Component(object_at(metadata, "component"), "")
    bill = row(spec_version=version, serial_number=text_at(document, "serialNumber"),
               version=whole_at(document, "version"), timestamp=text_at(metadata, "timestamp"),
               subject=subject.name, subject_version=subject.version, subject_type=subject.kind,
               subject_digest=subject.digest, subject_purl=subject.purl, components=len(components),
               with_digest=sum(bool(one.digest) for one in components),
               dependencies=len(list_at(document, "dependencies")),
               supplier=stated_at(object_at(metadata, "supplier"), "name"))
    types = Counter(one.kind or "not stated" for one in components)
    cards = [card for card in map(card_row, components) if card is not None]
    weaknesses = [vulnerability_row(one) for one in list_at(document, "vulnerabilities")[:_VULNERABILITIES]]
    declared: Mapping[str, Value] | None = declarations_row(document)
    tables = (Table("bill", (bill,)),
              Table("types", tuple(row(type=kind, components=many) for kind, many in sorted(types.items()))),
              Table("components", tuple(one.as_row() for one in components[:_ROWS])),
              Table("model_cards", tuple(cards[:_CARDS])), Table("vulnerabilities", tuple(weaknesses)),
              Table("declarations", (declared,) if declared else ()))
    return tuple(table for table in tables if table.rows)


def _notes(document: Any, components: list[Component]) -> Iterator[str]:
    if not ("components" in document or "services" in document or components):
        yield "The bill lists no components and no services, so none are counted."
    if "vulnerabilities" not in document:
        yield "The bill says nothing of vulnerabilities, which is not the same as having none."
    odd = sum(not isinstance(one.raw, dict) or not one.name or not one.kind for one in components)
    if odd:
        yield f"Components without a name or a type, against the CycloneDX schema: {odd}."
    if len(components) > _ROWS:
        yield f"The first {_ROWS:,} of {len(components):,} components are listed."
    weaknesses = len(list_at(document, "vulnerabilities"))
    if weaknesses > _VULNERABILITIES:
        yield f"The first {_VULNERABILITIES} of {weaknesses:,} vulnerabilities are listed."
    if any(one.kind == MODEL for one in components) and not any(
            isinstance(one.raw, dict) and isinstance(one.raw.get("modelCard"), dict) for one in components):
        yield "No model in the bill has a model card."
    if "declarations" in document or "signature" in document:
        yield "Signatures in the bill were not verified."


READER = DocumentReader("cyclonedx/1", recognise, read, (
    Marker((re.compile(rb'"bomFormat"\s*:\s*"CycloneDX"'),),
           Recognised(FORMAT, KIND, 80, "The beginning names CycloneDX.")),
    Marker((re.compile(rb"\A\s*<(\?xml|!--|bom\s)"), re.compile(rb"<bom\s[^>]*http://cyclonedx\.org/schema/bom/")),
           Recognised(FORMAT, KIND, 90, "The root element is a CycloneDX bill in XML."),
           refusal="This is CycloneDX in XML; the JSON form is read. Convert it "
                   "(`cyclonedx convert --output-format json`) and send it again."),
))
