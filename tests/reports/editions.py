"""A tiny catalogue to export, the shipped one, and the edition that both are exported in."""

from __future__ import annotations

from pathlib import Path

from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.reports.oscal_parts import Edition
from tests.catalogue.tiny import lay_out

EDITION = Edition("The <b>bank</b> of *all*", 1_780_000_000_000)  # 28 May 2026, 20:26:40 UTC


def tiny(place: Path, **files: str) -> Catalogue:
    """The tiny catalogue, with other texts for some files (`library` for library/gov.yaml, …)."""
    names = {"library": "library/gov.yaml", "mappings": "mappings/law-1.yaml", "framework": "frameworks/law-1.yaml",
             "baselines": "baselines.yaml"}
    return load(lay_out(place, {names[key]: text for key, text in files.items()}))


def shipped() -> Catalogue:
    """The catalogue of this checkout."""
    return load(Path(__file__).parents[2] / "controls")
