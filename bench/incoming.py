"""How long a large OSCAL catalog takes to come in: read, and the whole catalogue loaded and checked with it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from govern.catalogue.incoming.documents import read_document
from govern.catalogue.loader import load
from govern.folders import folder

BOUND = 3.0
"""Seconds within which SP 800-53 (moderate, 287 controls, 1.8 MB) has to come in."""
_REAL = "reference/oscal/documents/NIST_SP-800-53_rev5_MODERATE-baseline-resolved-profile_catalog-min.json"


def incoming() -> None:
    """Print a line each, and the bound over what was needed."""
    name, data = _document()
    controls = folder("controls")
    began = time.perf_counter()
    known = load(controls)
    loaded = time.perf_counter()
    came = read_document(name, data, known)
    read = time.perf_counter()
    whole = load(controls, [came.addition])
    done = time.perf_counter()
    (framework,) = [one for one in whole.frameworks.values() if one.origin]
    counted = sum(one.assessable for one in framework.requirements)
    print(f"\ncatalogue of this version        {(loaded - began) * 1000:>8.0f} ms")
    print(f"OSCAL, {counted} controls, read    {(read - loaded) * 1000:>8.0f} ms   ({len(data) / 2**20:.1f} MB, {name})")
    print(f"loaded and checked with it       {(done - read) * 1000:>8.0f} ms")
    print(f"bound over what was needed       {BOUND / (done - loaded):>8.1f}     ({BOUND:g} s over {done - loaded:.2f} s)")


def _document() -> tuple[str, bytes]:
    """The real catalog where the reference data are, else one made to its size."""
    shared = Path(os.environ.get("GOVERN_SHARED") or Path(__file__).parents[2] / "shared")
    if (shared / _REAL).is_file():
        return "SP 800-53 moderate", (shared / _REAL).read_bytes()
    return "made up", json.dumps(_made()).encode()


def _made() -> dict[str, Any]:
    """18 groups, 287 controls of which 110 are nested, and as much beside them as the real one has."""
    def control(name: str, inner: list[dict[str, Any]]) -> dict[str, Any]:
        items = [{"name": "item", "props": [{"name": "label", "value": f"{n}."}],
                  "prose": f"{'Words of a statement. ' * 8}{{{{ insert: param, {name}_p }}}}"} for n in range(4)]
        beside = [{"name": "assessment-objective", "prose": "Words beside. " * 30} for _ in range(12)]
        return {"id": name, "title": f"Control {name}", "params": [{"id": f"{name}_p", "label": "a time"}], "controls": inner,
                "links": [{"href": f"#x-{n}", "rel": "related"} for n in range(9)],
                "parts": [{"name": "statement", "parts": items}, *beside]}

    names = [f"c-{number}" for number in range(177)]
    nested = {name: [control(f"{name}.1", [])] for name in names[:110]}
    groups = [{"id": f"g{number}", "class": "family", "title": f"Group {number}",
               "controls": [control(name, nested.get(name, [])) for name in names[number::18]]} for number in range(18)]
    metadata = {"title": "A catalog made to size", "last-modified": "2026-01-31T00:00:00Z", "version": "1",
                "oscal-version": "1.2.1"}
    return {"catalog": {"uuid": "made", "metadata": metadata, "groups": groups}}
