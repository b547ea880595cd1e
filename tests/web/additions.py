"""Documents to bring as additions, and a newer shipped catalogue, for the pages that keep the catalogue."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from govern.actions.catalogue_upload import NAME
from govern.catalogue.source import Block, Mistakes, read_file
from govern.facts.audit import Action
from govern.folders import folder
from govern.records.catalogues import Catalogues, versions
from govern.records.moments import head_position
from govern.records.tables.plain import DraftRow
from govern.records.tailoring import brought
from tests.web.conftest import Browser, World

FRAMEWORK: dict[str, Any] = {
    "id": "house-rules", "title": "House <rules>", "publisher": "The insurer", "version": "1", "date": "2026", "status": "in force",
    "source": {"document": "House rules", "reference": "HR 1", "url": None}, "wording": "Ours.", "strength_passes_down": False,
    "requirements": [{"id": "H.1", "parent": None, "level": "rule", "title": "Ask first", "title_is": "official",
                      "gist": "Ask before you deploy.", "assessable": True}],
}
DOMAIN: dict[str, Any] = {"domain": {"id": "HSE", "title": "House", "meaning": "Ours alone."}, "controls": [{
    "id": "HSE-01", "title": "Customers are told", "objective": "Customers learn of changes.", "stages": ["operation"],
    "applies": None, "asks": [{"id": "HSE-01.1", "title": "Notice to customers", "kinds": ["policy"], "about": "system",
              "basis": None, "fresh_days": 365, "due": {"stage": "design"}, "when": None,
              "checks": [{"id": "told", "question": "Were they told?"}]}]}]}
MAPPING: dict[str, Any] = {"framework": "house-rules", "mappings": [{"requirement": "H.1", "controls": [
    {"control": "DEP-01", "relation": "equal", "why": "The decision gate is where one asks before a release goes live."}]}]}


def document(name: str = "house", **sections: Any) -> bytes:
    """An addition as JSON: the house rules with a mapping and a control of its own, unless given otherwise."""
    given = sections or {"frameworks": [FRAMEWORK], "domains": [DOMAIN], "mappings": [MAPPING]}
    return json.dumps({"addition": name, "title": f"Rules of the {name}", **given}).encode()


def choose(browser: Browser, data: bytes, name: str = "own.json", **fields: str) -> TestResponse:
    """Send a document by the form."""
    return browser.send({name: data}, fields, path="/catalogue/import")


def hidden(page: str) -> dict[str, str]:
    """What the form that decides carries."""
    form = page[page.index("Decide</h2>"):]
    form = form[:form.index("</form>")]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    found.pop("csrf_token")
    return found


def bring(browser: Browser, data: bytes, name: str = "own.json") -> TestResponse:
    """Send a document, look at what it changes and bring it."""
    assert choose(browser, data, name).location == "/catalogue/import/preview"
    return browser.post("/catalogue/import/confirm", hidden(browser.text("/catalogue/import/preview")))


def ship(world: World, monkeypatch: pytest.MonkeyPatch, place: Path, **changes: tuple[str, str]) -> None:
    """Start anew as a version that ships another catalogue: in library/<name>.yaml one text becomes another."""
    newer = place / "controls"
    for path in folder("controls").rglob("*.yaml"):
        copy, text = newer / path.relative_to(folder("controls")), path.read_text(encoding="utf-8")
        before, after = changes.get(path.stem, ("", "")) if path.parent.name == "library" else ("", "")
        assert before in text
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(before, after) if before else text, encoding="utf-8")
    monkeypatch.setattr("govern.actions.catalogue.folder", lambda name: place / name)
    object.__setattr__(world.house.office, "catalogues", Catalogues())


@pytest.fixture(scope="module", autouse=True)
def parsed_once() -> Iterator[None]:
    """The same text of the catalogue is parsed once; what it means is worked out every time."""
    kept: dict[tuple[str, bytes], Block | None] = {}

    def read(path: Path, name: str, mistakes: Mistakes) -> Block | None:
        key = (name, path.read_bytes())
        if key not in kept:
            kept[key] = read_file(path, name, mistakes)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("govern.catalogue.loader.read_file", read)
        yield


# -- what is on record ------------------------------------------------------------------------------------------------


def head(world: World) -> int:
    """The last position."""
    with world.store.reading() as connection:
        return head_position(connection)


@contextmanager
def nothing_recorded(world: World) -> Iterator[None]:
    """What happens inside leaves the ledger as it was."""
    before = head(world)
    yield
    assert head(world) == before


def how(world: World) -> list[Action]:
    """By which actions the catalogues were put in force, the newest first."""
    with world.store.reading() as connection:
        return [one.action for one in versions(connection, None)]


def additions(world: World) -> list[str]:
    """The additions in force."""
    with world.store.reading() as connection:
        return [one.name for one in brought(connection)]


def kept(world: World) -> int:
    """How many documents wait."""
    with world.store.reading() as connection:
        return len(connection.execute(select(DraftRow.person).where(DraftRow.name == NAME)).all())
