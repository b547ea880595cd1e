"""What a CycloneDX bill states, and what it must not be taken to state."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from govern.evidence.readers import read_file
from govern.evidence.readers.base import Reading
from govern.facts.findings import Findings


def reading(**bill: Any) -> Reading:
    document = {"bomFormat": "CycloneDX", "specVersion": "1.6", **bill}
    return read_file(io.BytesIO(json.dumps(document).encode()), "x")


def read(**bill: Any) -> Findings:
    found = reading(**bill)
    assert found.problem is None
    assert found.findings is not None
    return found.findings


def one(**component: Any) -> dict[str, Any]:
    stated = read(components=[{"type": "library", "name": "n", **component}]).stated
    return {name.removeprefix("components."): value for name, value in stated.items()}


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_versions_read(version: str) -> None:
    assert read(specVersion=version).stated["format"] == f"CycloneDX {version}"


@pytest.mark.parametrize("version", ["1.1", "1.8", "2.0", "", None, 1.6])
def test_versions_refused(version: object) -> None:
    found = reading(specVersion=version)
    assert found.recognised.format == "cyclonedx"
    assert found.findings is None
    assert "1.2 to 1.7" in (found.problem or "")


@pytest.mark.parametrize("name", ["components", "services", "dependencies", "vulnerabilities"])
@pytest.mark.parametrize("value", [{}, "x", None, 3])
def test_lists_that_are_none(name: str, value: object) -> None:
    found = reading(**{name: value})
    assert found.findings is None
    assert name in (found.problem or "")


@pytest.mark.parametrize(
    ("component", "expected"),
    [
        ({"version": "1"}, (1, 0, 0.0)),
        ({"purl": "pkg:a/b"}, (0, 1, 0.0)),
        ({"version": "1", "purl": "pkg:a/b"}, (1, 1, 1.0)),
        ({"version": "1", "hashes": [{"alg": "MD5", "content": "0"}]}, (1, 1, 1.0)),
        ({"version": "1", "hashes": []}, (1, 0, 0.0)),
        ({"version": "1", "hashes": [{"alg": "MD5"}]}, (1, 0, 0.0)),
        ({"version": " "}, (0, 0, 0.0)),
        ({"version": "NOASSERTION"}, (0, 0, 0.0)),
        ({"version": "Unknown"}, (0, 0, 0.0)),
        ({"version": 2}, (0, 0, 0.0)),
        ({"version": "1", "purl": "none"}, (1, 0, 0.0)),
    ],
)
def test_identity(component: dict[str, Any], expected: tuple[int, int, float]) -> None:
    stated = one(**component)
    assert (stated["with_version"], stated["with_identity"], stated["share.identified"]) == expected


@pytest.mark.parametrize(
    ("component", "unknown"),
    [
        ({}, 1),
        ({"supplier": {"name": "S"}}, 0),
        ({"publisher": "P"}, 0),
        ({"author": "A"}, 0),
        ({"manufacturer": {"name": "M"}}, 0),
        ({"authors": [{"name": "A"}]}, 0),
        ({"authors": [{}]}, 1),
        ({"supplier": {"name": "NOASSERTION"}}, 1),
        ({"purl": "pkg:pypi/a"}, 0),
        ({"purl": "pkg:generic/a"}, 1),
        ({"externalReferences": [{"type": "vcs", "url": "https://example.com"}]}, 0),
        ({"externalReferences": [{"type": "website", "url": "https://example.com"}]}, 1),
    ],
)
def test_origin(component: dict[str, Any], unknown: int) -> None:
    assert one(**component)["unknown_origin"] == unknown


@pytest.mark.parametrize(
    ("licences", "licensed"),
    [
        (None, 0),
        ([], 0),
        ([{}], 0),
        ([{"license": {"id": "MIT"}}], 1),
        ([{"license": {"name": "Own"}}], 1),
        ([{"expression": "MIT OR Apache-2.0"}], 1),
        ([{"license": {"name": "NOASSERTION"}}], 0),
        ([{"license": "MIT"}], 0),
    ],
)
def test_licence(licences: object, licensed: int) -> None:
    assert one(licenses=licences)["licensed"] == licensed


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"name": "n", "version": "1"}, True),
        ({"name": "n", "hashes": [{"alg": "MD5", "content": "0"}]}, True),
        ({"name": "n"}, False),
        ({"version": "1"}, False),
        ({"name": "n", "version": "unknown"}, False),
        (None, False),
    ],
)
def test_subject(subject: object, expected: bool) -> None:
    assert read(metadata={"component": subject}).stated["has_subject"] is expected


def test_absent_lists_are_not_empty_lists() -> None:
    assert "components.total" not in read().stated
    assert "vulnerabilities.total" not in read().stated
    empty = read(components=[], vulnerabilities=[]).stated
    assert (empty["components.total"], empty["vulnerabilities.total"]) == (0, 0)
    assert "share.identified" not in empty
    assert read(services=[{"services": [{}, {}]}]).stated["components.services"] == 3


def test_types_are_counted_apart() -> None:
    kinds = [
        "machine-learning-model",
        "data",
        "data",
        "library",
        "container",
        "firmware",
        "device",
        "cryptographic-asset",
        "platform",
        "new-type",
    ]
    stated = read(components=[{"type": kind, "name": "n"} for kind in kinds]).stated
    assert {name: stated[f"components.{name}"] for name in ("total", "models", "datasets", "software")} == {
        "total": 10,
        "models": 1,
        "datasets": 2,
        "software": 4,
    }


def test_what_is_no_component_still_counts_against_the_bill() -> None:
    findings = read(
        components=[{"type": "library", "name": "n", "version": "1", "purl": "pkg:a/b"}, "odd", None, 3]
    )
    assert (findings.stated["components.total"], findings.stated["share.identified"]) == (4, 0.25)
    assert any("schema" in note for note in findings.notes)


def test_nested_components_name_what_holds_them() -> None:
    deep: dict[str, Any] = {"type": "library", "name": "c0"}
    for number in range(1, 40):
        deep = {"type": "library", "name": f"c{number}", "components": [deep]}
    findings = read(components=[deep])
    assert findings.stated["components.total"] == 40
    assert findings.table("components")[1]["inside"] == "c39"


def test_long_lists_are_cut_and_still_counted() -> None:
    findings = read(
        components=[{"type": "library", "name": f"n{number}"} for number in range(2500)],
        vulnerabilities=[{"id": f"v{number}"} for number in range(700)],
    )
    assert (findings.stated["components.total"], findings.stated["vulnerabilities.total"]) == (2500, 700)
    assert (len(findings.table("components")), len(findings.table("vulnerabilities"))) == (2000, 500)


@pytest.mark.parametrize(
    ("metadata", "tool"),
    [
        ({"tools": [{"vendor": "v", "name": "a", "version": "1"}, {"name": "b"}]}, "a 1, b"),
        ({"tools": {"components": [{"name": "a", "version": "1"}], "services": [{"name": "s"}]}}, "a 1, s"),
        ({"tools": "x"}, None),
        ({}, None),
    ],
)
def test_tool(metadata: dict[str, Any], tool: str | None) -> None:
    assert read(metadata=metadata).stated.get("tool") == tool
