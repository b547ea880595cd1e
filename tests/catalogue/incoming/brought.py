"""Documents to bring, made for tests, and what came of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.incoming.documents import Incoming, read_document
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Framework
from govern.errors import CatalogueError, Mistake

META = {"title": "The catalog", "last-modified": "2026-01-31T00:00:00Z", "version": "1.0", "oscal-version": "1.2.1",
        "parties": [{"uuid": "p", "type": "organization", "name": "The publisher"}]}


def catalog(*controls: dict[str, Any], meta: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An OSCAL catalog with one group of controls."""
    group = {"id": "a", "class": "family", "title": "Group A", "controls": list(controls)}
    return {"catalog": {"uuid": "11111111-2222-4333-8444-555555555555", "metadata": META | (meta or {}), "groups": [group], **more}}


def control(name: str, statement: str = "", **more: Any) -> dict[str, Any]:
    """A control of an OSCAL catalog."""
    parts = [{"name": "statement", "prose": statement}] if statement else []
    return {"id": name, "title": f"Title of {name}", **({"parts": parts} if parts else {}), **more}


def profile(**imported: Any) -> dict[str, Any]:
    """An OSCAL profile with one import."""
    return {"profile": {"uuid": "u", "metadata": META | {"title": "The choice"}, "imports": [imported]}}


def mapping(*maps: tuple[str, list[str], list[str]], **more: Any) -> dict[str, Any]:
    """An OSCAL mapping-collection from (relationship, sources, targets)."""
    made = [{"uuid": "m", "relationship": relation, "sources": [{"type": "control", "id-ref": one} for one in sources],
             "targets": [{"type": "control", "id-ref": one} for one in targets]} for relation, sources, targets in maps]
    return {"mapping-collection": {
        "uuid": "u", "metadata": META | {"title": "The mapping"},
        "provenance": {"method": "human", "matching-rationale": "semantic", "status": "complete", "mapping-description": "x"},
        "mappings": [{"uuid": "x", "source-resource": {"type": "catalog", "href": "a.json"},
                      "target-resource": {"type": "catalog", "href": "b.json"}, "maps": made, **more}]}}


def read(document: Any, known: Catalogue, name: str = "it.json", **ends: str | None) -> Incoming:
    """A document (JSON, text or bytes) brought to a catalogue."""
    if isinstance(document, dict | list):
        document = json.dumps(document)
    return read_document(name, document.encode() if isinstance(document, str) else document, known, **ends)


def brought(document: Any, controls: Path, known: Catalogue, name: str = "it.json",
            **ends: str | None) -> tuple[Incoming, Catalogue]:
    """A document, and the catalogue with it beside the shipped one."""
    incoming = read(document, known, name, **ends)
    return incoming, load(controls, [incoming.addition])


def framework_of(incoming: Incoming, loaded: Catalogue) -> Framework:
    """The one framework that a document brought."""
    (found,) = [one for one in loaded.frameworks.values() if one.origin == incoming.addition.id]
    return found


def refused(document: Any, known: Catalogue, name: str = "it.json", **ends: str | None) -> list[Mistake]:
    """The mistakes for which a document is refused."""
    with pytest.raises(CatalogueError) as error:
        read(document, known, name, **ends)
    return error.value.mistakes


def refused_by_load(document: Any, controls: Path, known: Catalogue, name: str = "it.json") -> list[Mistake]:
    """The mistakes for which a document that reads well is refused by the catalogue as a whole."""
    incoming = read(document, known, name)
    with pytest.raises(CatalogueError) as error:
        load(controls, [incoming.addition])
    return error.value.mistakes


def told(mistakes: list[Mistake] | tuple[Mistake, ...]) -> list[str]:
    """Mistakes or warnings as people read them."""
    return [str(one) for one in mistakes]
