"""The catalogue's pages: what is in force, since when and by whom, what it reaches, what was before, and its exports."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from govern.actions.organisation import put_in_force
from govern.catalogue.incoming.documents import read_document
from govern.catalogue.loader import load
from govern.catalogue.reach import figures
from govern.facts.moments import DAY
from govern.folders import folder
from govern.records.catalogues import version_in_force
from tests.web.additions import FRAMEWORK, bring, document, parsed_once, ship
from tests.web.conftest import World
from tests.web.test_frameworks import moment_at, more_systems, statements

RMF = "nist-ai-rmf-1.0"
__all__ = ["parsed_once"]


def in_force(world: World) -> str:
    """The digest in force."""
    with world.store.reading() as connection:
        return version_in_force(connection, None).digest


def newer(world: World, place: Path) -> str:
    """Put a catalogue in force in which one title differs; gives its digest."""
    copy = place / "newer"
    for path in folder("controls").rglob("*.yaml"):
        target = copy / path.relative_to(folder("controls"))
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        target.write_text(text.replace("title: AI security testing", "title: Renewed testing"), encoding="utf-8")
    changed = load(copy)
    assert changed.digest != world.catalogue.digest
    put_in_force(world.house.office, changed, world.clock.now)
    return changed.digest


# -- the page --------------------------------------------------------------------------------------------------------


def test_what_is_in_force_since_when_and_by_whom(world: World) -> None:
    page = world.browser("auditor").text("/catalogue")
    catalogue = world.catalogue
    assert f'data-copy="{catalogue.digest}"' in page
    assert "28 May 2026, 20:26 UTC</time>, by <a class=\"underlined\" href=\"/activity/1\">entry 1</a>" in page
    assert "<dt>Put in force by</dt><dd>Govern</dd>" in page
    mappings = sum(len(one.mappings) for one in catalogue.controls.values())
    for label, value in (("Controls", len(catalogue.controls)), ("Frameworks", len(catalogue.frameworks)),
                         ("Mappings", mappings), ("Asks", len(catalogue.asks))):
        assert re.search(rf'stat-label">{label}</span>\s*<span class="stat-value">{value:,}<', page)
    assert "A newer catalogue waits" not in page


def test_reach_into_each_framework_with_what_stays_open(world: World) -> None:
    page = html.unescape(world.browser("auditor").text("/catalogue"))
    for framework in world.catalogue.frameworks.values():
        found = figures(world.catalogue, framework)
        start = page.index(f"<small>{framework.id}, {found.assessable} assessed</small>")
        row = page[start:page.index("</tr>", start)]
        assert f"{found.assessable - len(found.open)} of {found.assessable}" in row
        assert [int(one) for one in re.findall(r'align-end"><div class="cell">(\d+)<', row)] == [
            found.mapped, found.by_one, found.jointly, found.through]
        assert (f"{len(found.open)} open" in row) == bool(found.open)
        assert all(f">{name}</a>" in row for name in found.open[:4])
        assert (f"and {len(found.open) - 4} more" in row) == (len(found.open) > 4)


def test_every_version_is_listed_and_opens_its_difference(world: World, tmp_path: Path) -> None:
    world.clock.pass_days(2)
    digest = newer(world, tmp_path)
    reader = world.browser("auditor")
    page = reader.text("/catalogue")
    entries = re.findall(r'href="/catalogue/versions/(\d+)"', page)
    assert (len(entries), entries[1]) == (2, "1")
    assert page.count("In force</span>") == 1
    shown = html.unescape(reader.text(f"/catalogue/versions/{entries[0]}"))
    assert digest[:12] in shown
    assert "30 May 2026" in shown
    assert '<a class="link" href="/controls/EVA-04">EVA-04</a> Renewed testing<small class="muted">title</small>' in shown
    assert "1 changed" in shown
    first = reader.text("/catalogue/versions/1")
    assert "The first one" in first
    assert reader.get("/catalogue/versions/2").status_code == 404
    assert reader.get("/catalogue/versions/999999").status_code == 404


def test_many_versions_come_in_pages(world: World, tmp_path: Path) -> None:
    newer(world, tmp_path)
    with world.store.reading() as connection:
        other = world.house.office.catalogues.at(connection, None)
    for _ in range(9):
        put_in_force(world.house.office, world.catalogue, world.clock.now)
        put_in_force(world.house.office, other, world.clock.now)
    reader = world.browser("auditor")
    page = reader.text("/catalogue")
    first = [int(one) for one in re.findall(r'href="/catalogue/versions/(\d+)"', page)]
    assert len(first) == 15
    assert first == sorted(first, reverse=True)
    assert "15 of 20" in page
    [older] = re.findall(r'rel="next" href="(/catalogue\?before=\d+)#versions"', page)
    second = [int(one) for one in re.findall(r'href="/catalogue/versions/(\d+)"', reader.text(older))]
    assert (len(second), second[-1], max(second) < min(first)) == (5, 1, True)
    assert "In force</span>" not in reader.text(older)
    assert reader.get("/catalogue?before=x").status_code == 422


def test_the_past_shows_what_was_in_force_then(world: World, tmp_path: Path) -> None:
    before = moment_at(world)
    world.clock.pass_days(1)
    newer(world, tmp_path)
    bring(world.browser("compliance-officer"), document())
    reader = world.browser("compliance-officer")
    page = reader.text(f"/catalogue?at={before}")
    assert "You are looking at the past" in page
    assert f'data-copy="{world.catalogue.digest}"' in page
    assert "house" not in re.findall(r"/catalogue/additions/([^\"?]+)", page)
    assert "A newer catalogue waits" not in page, "the past waits for nothing"
    assert 'href="/catalogue/import"' not in page
    assert f"/catalogue/export.xlsx?at={before}" in page
    assert f"/frameworks/{RMF}?at={before}" in page
    assert reader.get(f"/catalogue/additions/house?at={before}").status_code == 404


# -- additions -------------------------------------------------------------------------------------------------------


def test_additions_are_told_with_what_they_hold(world: World) -> None:
    assert "Nothing yet" in world.browser("auditor").text("/catalogue")
    world.clock.pass_days(1)
    assert bring(world.browser("compliance-officer"), document(), "own & more.json").status_code == 303
    page = world.browser("auditor").text("/catalogue")
    row = page[page.index("/catalogue/additions/house"):]
    row = row[:row.index("</tr>")]
    assert "1 framework, 1 domain, 1 mapping" in row
    assert "own &amp; more.json" in row
    assert "29 May 2026" in row
    assert "Compliance Officer Person" in row
    shown = html.unescape(world.browser("auditor").text("/catalogue/additions/house"))
    assert '<a href="/frameworks/house-rules">House <rules></a>' in shown
    assert "1 control, 1 ask" in shown
    assert "/controls?domain=HSE" in shown
    assert "JSON" in shown
    assert world.browser("auditor").get("/catalogue/additions/none").status_code == 404


# -- who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "exports", "keeps"), [
    ("compliance-officer", True, True), ("auditor", True, False), ("contributor", False, False), ("outsider", True, False),
])
def test_only_what_one_may_do_is_offered(world: World, who: str, exports: bool, keeps: bool) -> None:
    bring(world.browser("compliance-officer"), document())
    browser = world.browser(who)
    page = browser.text("/catalogue")
    assert ("/catalogue/export.xlsx" in page) == exports
    assert ('href="/catalogue/import"' in page) == keeps
    one = browser.text("/catalogue/additions/house")
    assert ("/catalogue/additions/house/document.json" in one) == exports
    assert ("/catalogue/additions/house/remove" in one) == keeps
    for path in ("/catalogue/export.xlsx", "/catalogue/oscal/catalog.json", f"/catalogue/mappings/{RMF}.csv"):
        assert browser.get(path).status_code == (200 if exports else 403)
    for path in ("/catalogue/upgrade", "/catalogue/import", "/catalogue/additions/house/remove"):
        assert browser.get(path).status_code == (200 if keeps else 403)
    assert ('href="/catalogue"' in browser.text("/")), "it stands in the navigation"


def test_a_newer_catalogue_is_announced_to_all_and_taken_by_few(world: World, monkeypatch: pytest.MonkeyPatch,
                                                               tmp_path: Path) -> None:
    title = world.catalogue.controls["GOV-01"].title
    ship(world, monkeypatch, tmp_path, gov=(title, f"{title}, renewed"))
    officer, auditor = (world.browser(who).text("/catalogue") for who in ("compliance-officer", "auditor"))
    assert "A newer catalogue waits" in officer
    assert "A newer catalogue waits" in auditor
    assert ("/catalogue/upgrade" in officer, "/catalogue/upgrade" in auditor) == (True, False)


# -- exports ---------------------------------------------------------------------------------------------------------


def fetched(world: World, path: str, who: str = "auditor") -> tuple[bytes, str]:
    """(content, file name) of a download."""
    answer = world.browser(who).get(path)
    assert answer.status_code == 200, answer.text[:300]
    name = re.search(r"filename=\"?([^\";]+)", answer.headers["Content-Disposition"])
    assert name is not None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.get_data(), name[1]


def test_oscal_downloads(world: World) -> None:
    short = world.catalogue.digest[:12]
    for path, model, name in (("catalog", "catalog", f"govern-catalog-{short}.json"),
                              ("profiles/starter", "profile", f"govern-profile-starter-{short}.json"),
                              (f"mappings/{RMF}", "mapping-collection", f"govern-mapping-{RMF}-{short}.json")):
        content, given = fetched(world, f"/catalogue/oscal/{path}.json")
        tree: dict[str, Any] = json.loads(content)
        assert (list(tree), given) == ([model], name)
        meta = tree[model]["metadata"]
        assert meta["last-modified"] == "2026-05-28T20:26:40.000Z"
        assert meta["parties"][0]["name"] == world.house.settings.organisation
    reader = world.browser("auditor")
    for path in ("profiles/none", "mappings/none"):
        assert reader.get(f"/catalogue/oscal/{path}.json").status_code == 404


def test_the_workbook_and_the_csv(world: World) -> None:
    content, name = fetched(world, "/catalogue/export.xlsx")
    assert name == f"govern-catalogue-{world.catalogue.digest[:12]}.xlsx"
    assert "Mappings" in load_workbook(io.BytesIO(content), read_only=True).sheetnames
    content, name = fetched(world, f"/catalogue/mappings/{RMF}.csv")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len([row for row in rows if row["Control"]]) == sum(map(len, world.catalogue.mapped[RMF].values()))
    assert world.browser("auditor").get("/catalogue/mappings/none.csv").status_code == 404


def test_an_export_is_of_its_moment(world: World, tmp_path: Path) -> None:
    before = moment_at(world)
    world.clock.pass_days(3)
    digest = newer(world, tmp_path)
    now, then = (json.loads(fetched(world, f"/catalogue/oscal/catalog.json{query}")[0])["catalog"]["metadata"]
                 for query in ("", f"?at={before}"))
    assert (now["version"], now["last-modified"][:10]) == (digest[:12], "2026-05-31")
    assert (then["version"], then["last-modified"][:10]) == (world.catalogue.digest[:12], "2026-05-28")


def test_an_addition_is_exported_whole_and_as_a_workbook(world: World) -> None:
    bring(world.browser("compliance-officer"), document())
    content, name = fetched(world, "/catalogue/additions/house/document.json")
    assert (json.loads(content), name) == (json.loads(document()), "house.json")
    content, name = fetched(world, "/catalogue/additions/house/export.xlsx")
    incoming = read_document(name, content, world.catalogue)
    assert (name, incoming.addition.id) == ("house.xlsx", "house")
    assert incoming.addition.blocks("frameworks")[0].values["title"] == "House <rules>"
    dated = {**FRAMEWORK, "dates": [{"id": "all", "title": "All", "applies_from": "2027-01-01", "source": "HR"}]}
    bring(world.browser("compliance-officer"), document("dated", frameworks=[{**dated, "id": "dated-rules"}]))
    reader = world.browser("auditor")
    assert "export.xlsx" not in reader.text("/catalogue/additions/dated")
    assert reader.get("/catalogue/additions/dated/export.xlsx").status_code == 404


# -- bounds ----------------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_grow_with_history_or_systems(world: World, tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    newer(world, tmp_path)
    paths = ["/catalogue", f"/catalogue?at={moment_at(world)}", f"/catalogue/versions/{moment_at(world)}"]
    for path in paths:
        officer.text(path)  # what is parsed once is parsed
    few = [statements(world, officer, path) for path in paths]
    with world.store.reading() as connection:
        other = world.house.office.catalogues.at(connection, None)
    for _ in range(6):
        world.clock.now += DAY
        put_in_force(world.house.office, world.catalogue, world.clock.now)
        put_in_force(world.house.office, other, world.clock.now)
    more_systems(world, 12)
    officer = world.browser("compliance-officer")
    assert [statements(world, officer, path) for path in paths] == few
    assert in_force(world) == other.digest
