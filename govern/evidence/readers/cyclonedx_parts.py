"""The parts of a CycloneDX document, each looked at with care: components, services, model cards,
vulnerabilities.

Names follow the CycloneDX JSON reference, 1.2 to 1.7. Hand-made documents break the schema often, so nothing
here expects a type: a part that is not what it should be counts as a part that states nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govern.evidence.readers.shape import list_at, object_at, row, stated_at, text_at
from govern.facts.findings import Value

MODEL, DATA = "machine-learning-model", "data"
SOFTWARE = frozenset({"application", "framework", "library", "container", "platform", "operating-system",
                      "device-driver", "firmware", "file"})
_SEVERITIES = ("critical", "high", "medium", "low", "info", "none", "unknown")
_ORIGIN_LINKS = frozenset({"vcs", "distribution", "distribution-intake", "source-distribution"})


@dataclass(frozen=True)
class Component:
    """One component, with the name of the one that holds it ('' at the top)."""

    raw: Any
    inside: str

    @property
    def kind(self) -> str:
        """The component's type, empty when it states none."""
        return text_at(self.raw, "type")

    @property
    def name(self) -> str:
        """Group and name, as group/name."""
        return "/".join(filter(None, (text_at(self.raw, "group"), text_at(self.raw, "name"))))

    @property
    def version(self) -> str:
        """The version, empty when none is stated."""
        return stated_at(self.raw, "version")

    @property
    def purl(self) -> str:
        """The package URL, empty when none is stated."""
        return stated_at(self.raw, "purl", 500)

    @property
    def digest(self) -> str:
        """One hash as algorithm:hex, SHA-256 where there is one."""
        hashes = {text_at(one, "alg"): text_at(one, "content") for one in list_at(self.raw, "hashes")}
        stated = {name: value for name, value in hashes.items() if name and value}
        name = "SHA-256" if "SHA-256" in stated else min(stated, default="")
        return f"{name}:{stated[name]}" if name else ""

    @property
    def identified(self) -> bool:
        """True with a digest or a package URL."""
        return bool(self.digest or self.purl)

    @property
    def licence(self) -> str:
        """Licence ids, names or expressions, joined."""
        found = []
        for one in list_at(self.raw, "licenses"):
            licence = object_at(one, "license")
            found.append(stated_at(licence, "id") or stated_at(licence, "name")
                         or stated_at(one, "expression"))
        return ", ".join(filter(None, found))[:300]

    @property
    def origin(self) -> str:
        """Who it comes from or where from, empty when nothing says: the origin is unknown then."""
        named = (stated_at(object_at(self.raw, "supplier"), "name")
                 or stated_at(object_at(self.raw, "manufacturer"), "name")
                 or stated_at(self.raw, "publisher") or stated_at(self.raw, "author")
                 or next(filter(None, (stated_at(one, "name") for one in list_at(self.raw, "authors"))), ""))
        if named:
            return named
        links = (stated_at(one, "url") for one in list_at(self.raw, "externalReferences")
                 if text_at(one, "type") in _ORIGIN_LINKS)
        fetched = next(filter(None, links), "")
        return fetched or ("" if self.purl.startswith("pkg:generic/") else self.purl)

    def as_row(self) -> Mapping[str, Value]:
        """For the detail table `components`."""
        return row(name=self.name, version=self.version, type=self.kind, purl=self.purl, digest=self.digest,
                   licence=self.licence, origin=self.origin, inside=self.inside)


def components_of(document: Any) -> Iterator[Component]:
    """Every component: the list, the parts of the subject, and what each of them holds, in the document's
    order.

    The subject itself (`metadata.component`) is what the bill is about, not an item on it.
    """
    subject = object_at(document, "metadata", "component")
    waiting = [Component(raw, "") for raw in
               (*list_at(document, "components"), *list_at(subject, "components"))][::-1]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend([Component(raw, one.name) for raw in list_at(one.raw, "components")][::-1])


def services_of(document: Any) -> int:
    """How many services are listed, those inside others included."""
    waiting, count = list(list_at(document, "services")), 0
    while waiting:
        count += 1
        waiting.extend(list_at(waiting.pop(), "services"))
    return count


def card_row(component: Component) -> Mapping[str, Value] | None:
    """For the detail table `model_cards`: what the card says, or None when the component has no card."""
    raw = component.raw
    card = raw.get("modelCard") if isinstance(raw, dict) else None
    if not isinstance(card, dict):
        return None
    parameters, considered = object_at(card, "modelParameters"), object_at(card, "considerations")
    measured = object_at(card, "quantitativeAnalysis")
    return row(name=component.name, version=component.version, sections=", ".join(sorted(card))[:300],
               task=stated_at(parameters, "task"),
               approach=stated_at(object_at(parameters, "approach"), "type"),
               architecture=stated_at(parameters, "architectureFamily"),
               datasets=len(list_at(parameters, "datasets")),
               performance_metrics=len(list_at(measured, "performanceMetrics")),
               users=len(list_at(considered, "users")), use_cases=len(list_at(considered, "useCases")),
               limitations=len(list_at(considered, "technicalLimitations")),
               ethical_considerations=len(list_at(considered, "ethicalConsiderations")),
               fairness_assessments=len(list_at(considered, "fairnessAssessments")),
               considerations=", ".join(sorted(considered))[:300])


def vulnerability_row(vulnerability: Any) -> Mapping[str, Value]:
    """For the detail table `vulnerabilities`: id, the gravest severity that is stated, and the analysis'
    state.
    """
    severities = {text_at(one, "severity").casefold() for one in list_at(vulnerability, "ratings")}
    gravest = next((name for name in _SEVERITIES if name in severities), None)
    return row(id=text_at(vulnerability, "id"), severity=gravest,
               state=text_at(object_at(vulnerability, "analysis"), "state"),
               affects=len(list_at(vulnerability, "affects")))


def tools_of(document: Any) -> list[str]:
    """Names and versions of the tools that made it: a list up to 1.4, components and services since 1.5."""
    metadata = object_at(document, "metadata")
    nested = object_at(metadata, "tools")
    raw = [*list_at(metadata, "tools"), *list_at(nested, "components"), *list_at(nested, "services")]
    names = (" ".join(filter(None, (stated_at(one, "name"), stated_at(one, "version")))) for one in raw)
    return [name for name in names if name]


def declarations_row(document: Any) -> Mapping[str, Value] | None:
    """For the detail table `declarations` (1.6 on): how much of each part there is, or None without any."""
    found = object_at(document, "declarations")
    if not found:
        return None
    attestations = list_at(found, "attestations")
    return row(assessors=len(list_at(found, "assessors")), attestations=len(attestations),
               requirements=sum(len(list_at(one, "map")) for one in attestations),
               claims=len(list_at(found, "claims")), evidence=len(list_at(found, "evidence")),
               targets=", ".join(sorted(object_at(found, "targets")))[:300],
               affirmed="affirmation" in found, signature_present="signature" in found)
