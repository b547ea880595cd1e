"""Changing the catalogue in the browser: looked at first, worked out again, and recorded only as it was looked at."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from govern.actions.catalogue_upload import KEPT_FOR, NAME
from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.systems import register_system
from govern.catalogue.incoming.documents import MOST_BYTES, read_document
from govern.catalogue.loader import load
from govern.facts.audit import Action
from govern.facts.moments import DAY
from govern.records.catalogues import versions
from govern.records.moments import head_position
from govern.records.tables.plain import DraftRow
from govern.records.tailoring import brought
from govern.reports.oscal_mapping import mapping_text
from govern.reports.oscal_parts import Edition
from govern.web import catalogue_changes
from tests.web.additions import DOMAIN, FRAMEWORK, MAPPING, bring, choose, document, hidden, parsed_once, ship
from tests.web.conftest import World, described
from tests.web.test_frameworks import statements

__all__ = ["parsed_once"]


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


# -- taking the shipped catalogue ------------------------------------------------------------------------------------


def test_an_upgrade_is_looked_at_and_put_in_force(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    ship(world, monkeypatch, tmp_path, eva=("title: AI security testing", "title: Renewed testing"))
    officer = world.browser("compliance-officer")
    page = html.unescape(officer.text("/catalogue/upgrade"))
    assert '<a class="link" href="/controls/EVA-04">EVA-04</a> Renewed testing' in page
    assert "each is asked for the same as before" in page
    with nothing_recorded(world):
        fields = hidden(officer.text("/catalogue/upgrade"))
    assert fields["before"] == world.catalogue.digest
    answer = officer.post("/catalogue/upgrade", fields)
    assert (answer.status_code, answer.location) == (303, "/catalogue")
    assert how(world)[0] is Action.CATALOGUE_UPGRADE
    told = officer.text("/catalogue")
    assert f"in force since entry {head(world)}" in told
    assert "A newer catalogue waits" not in told
    assert f'data-copy="{fields["after"]}"' in told
    assert "Shipped catalogue taken" in told


def test_the_systems_that_it_touches_are_told_before_and_after(world: World, monkeypatch: pytest.MonkeyPatch,
                                                              tmp_path: Path) -> None:
    source = next(one for one in world.catalogue.controls.values() if one.domain == "EVA" and one.applies is None)
    ship(world, monkeypatch, tmp_path)
    path = tmp_path / "controls/library/eva.yaml"
    block = path.read_text(encoding="utf-8")
    start = block.index(f"id: {source.id}\n")
    path.write_text(block[:start] + block[start:].replace(
        "applies: null", "applies: {when: trait.agentic, because: The system acts.}", 1), encoding="utf-8")
    page = html.unescape(world.browser("compliance-officer").text("/catalogue/upgrade"))
    assert "of 2" in page
    for name in ("Claims assistant", "Support bot"):
        row = page[page.index(f"<strong>{name}</strong>"):]
        row = row[:row.index("</details>")]
        assert "1 control no longer asked for" in row
        assert source.title in row
        tally = row[row.index("Not applicable"):]
        before, after = re.findall(r">(\d+) <svg.*?<strong>(\d+)</strong>", tally, re.DOTALL)[0]
        assert int(after) == int(before) + 1


def test_nothing_waits_when_the_shipped_one_is_in_force(world: World) -> None:
    officer = world.browser("compliance-officer")
    page = officer.text("/catalogue/upgrade")
    assert "to the last character" in page
    assert "Put it in force" not in page
    digest = world.catalogue.digest
    with nothing_recorded(world):
        assert officer.post("/catalogue/upgrade", {"before": digest, "after": digest}).status_code == 303
    assert "in force already" in officer.text("/catalogue")


def test_what_was_not_looked_at_is_not_recorded(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    ship(world, monkeypatch, tmp_path / "one", eva=("title: AI security testing", "title: Renewed testing"))
    seen = hidden(officer.text("/catalogue/upgrade"))
    ship(world, monkeypatch, tmp_path / "two", eva=("title: AI security testing", "title: Other testing"))
    with nothing_recorded(world):
        for fields in (seen, {}, {**seen, "after": "0" * 64}):
            answer = officer.post("/catalogue/upgrade", fields)
            assert answer.status_code == 412
            assert "the catalogue was changed meanwhile" in answer.text
            assert "Other testing" in answer.text
            assert hidden(answer.text)["after"] not in ("", seen["after"])
    again = hidden(officer.post("/catalogue/upgrade", seen).text)
    assert officer.post("/catalogue/upgrade", again).status_code == 303


def test_another_catalogue_in_force_than_was_shown_stops_it(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The result would be the same, but what it changes is not what was looked at."""
    officer = world.browser("compliance-officer")
    ship(world, monkeypatch, tmp_path / "other", eva=("title: AI security testing", "title: Other testing"))
    other = load(tmp_path / "other/controls")
    ship(world, monkeypatch, tmp_path, eva=("title: AI security testing", "title: Renewed testing"))
    seen = hidden(officer.text("/catalogue/upgrade"))
    put_in_force(world.house.office, other, world.clock.now)
    with nothing_recorded(world):
        answer = officer.post("/catalogue/upgrade", seen)
    assert answer.status_code == 412
    assert hidden(answer.text) == {"before": other.digest, "after": seen["after"]}


def test_a_newer_catalogue_that_comes_along_with_an_addition_is_announced(world: World, monkeypatch: pytest.MonkeyPatch,
                                                                         tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    ship(world, monkeypatch, tmp_path, eva=("title: AI security testing", "title: Renewed testing"))
    choose(officer, document())
    page = officer.text("/catalogue/import/preview")
    assert "A newer catalogue comes along" in page
    assert "Renewed testing" in page
    assert "comes along" not in officer.text("/catalogue/upgrade")


def test_an_upgrade_that_clashes_with_an_addition_names_the_place(world: World, monkeypatch: pytest.MonkeyPatch,
                                                                 tmp_path: Path) -> None:
    officer = world.browser("compliance-officer")
    gone = {**MAPPING, "mappings": [{"requirement": "H.1", "controls": [
        {"control": "DEC-01", "relation": "equal", "why": "The end of a system is asked about beforehand."}]}]}
    bring(officer, document(frameworks=[FRAMEWORK], mappings=[gone]))
    ship(world, monkeypatch, tmp_path)
    for path in (tmp_path / "controls").rglob("*.yaml"):
        path.write_text(path.read_text(encoding="utf-8").replace("DEC-01", "DEC-91"), encoding="utf-8")
    assert "and clashes" in officer.text("/catalogue")
    page = html.unescape(officer.text("/catalogue/upgrade"))
    assert "There is no control 'DEC-01'." in page
    assert "addition house at mappings[0]" in page
    assert "Put it in force" not in page
    with nothing_recorded(world):
        answer = officer.post("/catalogue/upgrade", {})
    assert answer.status_code == 422
    assert "There is no control" in html.unescape(answer.text)


# -- bringing an addition --------------------------------------------------------------------------------------------


def test_a_document_is_looked_at_and_brought(world: World) -> None:
    officer = world.browser("compliance-officer")
    with nothing_recorded(world):
        answer = choose(officer, document())
        assert (answer.status_code, answer.location) == (303, "/catalogue/import/preview")
        page = html.unescape(officer.text("/catalogue/import/preview"))
    for words in ("Rules of the house", "own.json", "1 control, 1 ask", "HSE-01", "house-rules, H.1", "DEP-01"):
        assert words in page
    assert "comes along" not in page
    assert "/frameworks/house-rules" not in page, "what is not in force has no page yet"
    row = page[page.index("<strong>Claims assistant</strong>"):]
    assert "1 control asked for newly" in row[:row.index("</details>")]
    assert "own.json waits for your decision" in officer.text("/catalogue/import")
    done = officer.post("/catalogue/import/confirm", hidden(page))
    assert (done.status_code, done.location) == (303, "/catalogue")
    assert how(world)[0] is Action.ADDITION_BRING
    assert (additions(world), kept(world)) == (["house"], 0)
    told = officer.text("/catalogue")
    assert f'href="/catalogue/versions/{head(world)}"' in told
    assert officer.get("/frameworks/house-rules").status_code == 200
    assert "HSE-01" in officer.text(f"/systems/{world.slug}")
    assert "waits for your decision" not in officer.text("/catalogue/import")


def test_a_newer_document_takes_the_place_of_the_one_with_its_id(world: World) -> None:
    officer = world.browser("compliance-officer")
    bring(officer, document())
    choose(officer, document(frameworks=[FRAMEWORK], mappings=[MAPPING]))
    page = officer.text("/catalogue/import/preview")
    assert "the addition with this id" in page
    assert officer.post("/catalogue/import/confirm", hidden(page)).status_code == 303
    assert additions(world) == ["house"]
    assert officer.get("/controls/HSE-01").status_code == 404


def test_what_changes_nothing_is_said_and_not_brought_again(world: World) -> None:
    officer = world.browser("compliance-officer")
    bring(officer, document())
    choose(officer, document())
    page = officer.text("/catalogue/import/preview")
    assert "to the last character" in page
    assert "Bring it</button>" not in page
    assert "Let the document go" in page


def test_every_fault_stands_in_a_table_with_its_place_and_nothing_is_kept(world: World) -> None:
    officer = world.browser("compliance-officer")
    wrong = document(frameworks=[{**FRAMEWORK, "status": "<b>maybe</b>"}], mappings=[{**MAPPING, "mappings": [
        {"requirement": "H.9", "controls": [{"control": "DEP-99", "relation": "equals", "why": "No reason."}]}]}])
    with nothing_recorded(world):
        answer = choose(officer, wrong)
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert "<b>maybe</b>" not in answer.text
    assert "own.json cannot be brought as it is" in page
    for place, text in (("own.json at frameworks[0].status", "maybe"),
                        ("own.json at mappings[0].mappings[0].requirement", "'H.9'")):
        row = page[page.index(place):]
        assert text in row[:row.index("</tr>")]
    assert kept(world) == 0
    assert officer.get("/catalogue/import/preview").location == "/catalogue/import"


def test_lines_of_yaml_and_cells_of_a_workbook_are_named(world: World) -> None:
    officer = world.browser("compliance-officer")
    yaml = b"addition: own\ntitle: Own\nframeworks: []\nmappings:\n  - framework: nowhere\n    mappings: []\n"
    answer = choose(officer, yaml, "own.yaml")
    assert answer.status_code == 422
    assert "own.yaml, line 5" in answer.text
    template = load_workbook(io.BytesIO(officer.get("/catalogue/import/template.xlsx").get_data()))
    sheet = template["Mappings"]
    for column, value in enumerate(("nist-ai-rmf-1.0", "GOVERN 1.1", "GOV-99", "equal", "There is no such control here."), 1):
        sheet.cell(3, column, value)
    target = io.BytesIO()
    template.save(target)
    answer = choose(officer, target.getvalue(), "mine.xlsx")
    assert answer.status_code == 422
    assert "mine.xlsx, sheet Mappings, cell C3" in answer.text
    assert "GOV-99" in answer.text


def test_a_workbook_that_was_filled_in_is_brought(world: World) -> None:
    officer = world.browser("compliance-officer")
    template = load_workbook(io.BytesIO(officer.get("/catalogue/import/template.xlsx").get_data()))
    row = ("nist-ai-rmf-1.0", "GOVERN 1.1", "DEC-01", "intersects-with", "What ends is on record too.")
    for column, value in enumerate(row, 1):
        template["Mappings"].cell(3, column, value)
    target = io.BytesIO()
    template.save(target)
    assert bring(officer, target.getvalue(), "our mapping.xlsx").status_code == 303
    assert additions(world) == ["our-mapping"]
    shown = officer.text("/catalogue/additions/our-mapping")
    assert "Workbook" in shown
    assert "our mapping.xlsx" in shown


def test_an_oscal_mapping_is_read_with_the_frameworks_that_the_form_names(world: World) -> None:
    officer = world.browser("compliance-officer")
    text = mapping_text(world.catalogue, "owasp-llm-2025", Edition("Another", world.clock.now))
    tree = json.loads(text)
    for one in tree["mapping-collection"]["back-matter"]["resources"]:
        one["title"], one["document-ids"] = "Something", [{"identifier": "unknown"}]
        one["rlinks"] = [{"href": "elsewhere.json"}]
    unknown = json.dumps(tree).encode()
    refused = choose(officer, unknown, "map.json")
    assert refused.status_code == 422
    assert "no framework of the catalogue is known by" in html.unescape(refused.text)
    wrong = choose(officer, unknown, "map.json", source="controls", target="owasp-llm-2025")
    assert wrong.status_code == 422, "these mappings are the shipped ones: they stand there already"
    assert "already" in wrong.text
    tree["mapping-collection"]["mappings"][0]["maps"] = [{
        "uuid": "0c3c0c9e-2b7e-4e8e-8f0e-0a1b2c3d4e5f", "relationship": "intersects-with", "remarks": "What ends is on record too.",
        "sources": [{"type": "control", "id-ref": "DEC-01"}], "targets": [{"type": "control", "id-ref": "LLM03:2025"}]}]
    sent = choose(officer, json.dumps(tree).encode(), "map.json", source="controls", target="owasp-llm-2025")
    assert sent.status_code == 303, html.unescape(sent.text)[:3000]
    page = officer.text("/catalogue/import/preview")
    assert "OSCAL mapping" in page
    assert officer.post("/catalogue/import/confirm", hidden(page)).status_code == 303
    with world.store.reading() as connection:
        now = world.house.office.catalogues.at(connection, None)
    assert "DEC-01" in {control for control, _ in now.mapped["owasp-llm-2025"]["LLM03:2025"]}


def test_warnings_are_told_in_the_preview(world: World) -> None:
    officer = world.browser("compliance-officer")
    catalog = {"catalog": {"uuid": "0c3c0c9e-2b7e-4e8e-8f0e-0a1b2c3d4e5f", "metadata": {
        "title": "A customer's standard", "last-modified": "2026-01-31T00:00:00Z", "version": "3", "oscal-version": "1.2.1"},
        "controls": [{"id": "c-1", "title": "One", "parts": [
            {"name": "statement", "prose": "Do it."}, {"name": "odd", "prose": "?"}]}]}}
    assert choose(officer, json.dumps(catalog).encode(), "standard.json").status_code == 303
    page = html.unescape(officer.text("/catalogue/import/preview"))
    assert "Left out, or not understood" in page
    row = page[page.index("standard.json at catalog.controls[0].parts[1]"):]
    assert "'odd'" in row[:row.index("</tr>")]


# -- between preview and confirmation --------------------------------------------------------------------------------


def test_another_document_than_was_looked_at_is_not_brought(world: World) -> None:
    officer, second = world.browser("compliance-officer"), world.browser("compliance-officer")
    choose(officer, document())
    seen = hidden(officer.text("/catalogue/import/preview"))
    choose(second, document("other", frameworks=[{**FRAMEWORK, "id": "other-rules"}]))
    with nothing_recorded(world):
        answer = officer.post("/catalogue/import/confirm", seen)
    assert answer.status_code == 412
    assert "Rules of the other" in answer.text
    # Even where both come to the same catalogue, the bytes have to be those that were looked at.
    choose(second, document() + b"\n")
    with nothing_recorded(world):
        answer = officer.post("/catalogue/import/confirm", seen)
    assert answer.status_code == 412
    assert "Another document was sent" in answer.text
    assert hidden(answer.text) == {**seen, "sha256": hidden(answer.text)["sha256"]}


def test_a_catalogue_that_changed_meanwhile_is_shown_anew(world: World) -> None:
    officer = world.browser("compliance-officer")
    choose(officer, document())
    seen = hidden(officer.text("/catalogue/import/preview"))
    put_in_force(world.house.office, world.catalogue, world.clock.now)  # the same again: nothing moves
    with world.store.reading() as connection:
        assert versions(connection, None)[0].entry == 1
    done = officer.post("/catalogue/import/confirm", {**seen, "before": "0" * 64})
    assert done.status_code == 412
    assert officer.post("/catalogue/import/confirm", hidden(done.text)).status_code == 303


def test_a_document_that_clashes_with_what_came_meanwhile_tells_so(world: World) -> None:
    officer = world.browser("compliance-officer")
    choose(officer, document("late"))
    seen = hidden(officer.text("/catalogue/import/preview"))
    with world.store.writing() as connection:  # somebody else brings the same framework under another id
        kept_late = connection.execute(select(DraftRow).where(DraftRow.name == NAME)).mappings().one()
    bring(officer, document("early"))
    with world.store.writing() as connection:
        connection.execute(DraftRow.__table__.insert().values(**dict(kept_late)))
    with nothing_recorded(world):
        answer = officer.post("/catalogue/import/confirm", seen)
    assert answer.status_code == 422
    assert "There is a framework 'house-rules' already." in html.unescape(answer.text)


def test_after_a_day_or_when_let_go_it_has_to_be_chosen_again(world: World) -> None:
    officer = world.browser("compliance-officer")
    choose(officer, document())
    fields = hidden(officer.text("/catalogue/import/preview"))
    world.clock.now += KEPT_FOR
    officer = world.browser("compliance-officer")
    with nothing_recorded(world):
        answer = officer.post("/catalogue/import/confirm", fields)
    assert (answer.status_code, answer.location) == (303, "/catalogue/import")
    assert "No document waits" in officer.text("/catalogue/import")
    choose(officer, document())
    assert kept(world) == 1
    assert officer.post("/catalogue/import/discard").location == "/catalogue/import"
    assert (kept(world), officer.get("/catalogue/import/preview").location) == (0, "/catalogue/import")


def test_the_document_of_another_person_is_not_brought(world: World) -> None:
    choose(world.browser("compliance-officer"), document())
    fields = hidden(world.browser("compliance-officer").text("/catalogue/import/preview"))
    with nothing_recorded(world):
        assert world.browser("administrator").post("/catalogue/import/confirm", fields).status_code == 403


def test_nothing_large_empty_or_missing_is_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = world.browser("compliance-officer")
    vault = Path(world.house.settings.data) / "vault"
    monkeypatch.setattr(catalogue_changes, "MOST_BYTES", 1000)
    with nothing_recorded(world):
        assert "larger than the" in choose(officer, b"{" + b" " * 1000 + b"}").text
        assert "The file is empty" in choose(officer, b"").text
        missing = officer.post("/catalogue/import", {}, content_type="multipart/form-data")
    assert missing.status_code == 422
    assert "No file was sent" in missing.text
    choose(officer, document()[:900])
    assert MOST_BYTES == 20 * 1024 * 1024
    assert [path.name for path in vault.rglob("*") if path.is_file()] in ([], ["lock"]), "the vault is for evidence"


# -- taking an addition out ------------------------------------------------------------------------------------------


def test_an_addition_is_taken_out_after_a_look(world: World) -> None:
    officer = world.browser("compliance-officer")
    bring(officer, document())
    page = html.unescape(officer.text("/catalogue/additions/house/remove"))
    assert "1 control no longer asked for" in page
    fields = hidden(page)
    assert fields["after"] == world.catalogue.digest
    with nothing_recorded(world):
        assert officer.post("/catalogue/additions/house/remove", {**fields, "after": "x"}).status_code == 412
    assert officer.post("/catalogue/additions/house/remove", fields).location == "/catalogue"
    assert (additions(world), how(world)[0]) == ([], Action.ADDITION_REMOVE)
    assert officer.get("/catalogue/additions/house").status_code == 404
    with nothing_recorded(world):
        for method in (officer.get, officer.post):
            assert method("/catalogue/additions/house/remove").status_code == 404


def test_an_addition_that_another_one_needs_stays(world: World) -> None:
    officer = world.browser("compliance-officer")
    bring(officer, document("rules", frameworks=[FRAMEWORK]))
    bring(officer, document("map", mappings=[MAPPING]))
    page = html.unescape(officer.text("/catalogue/additions/rules/remove"))
    assert "There is no framework 'house-rules'." in page
    with nothing_recorded(world):
        assert officer.post("/catalogue/additions/rules/remove", {}).status_code == 422
    assert sorted(additions(world)) == ["map", "rules"]


def test_queries_of_a_preview_do_not_grow_with_systems(world: World) -> None:
    officer = world.browser("compliance-officer")
    choose(officer, document(domains=[DOMAIN]))
    officer.text("/catalogue/import/preview")  # what is worked out once is worked out
    few = statements(world, officer, "/catalogue/import/preview")
    for number in range(15):
        register_system(world.house.office, OPERATOR, described(f"Bot {number:02}"), world.clock.now)
    assert statements(world, officer, "/catalogue/import/preview") == few
    assert officer.text("/catalogue/import/preview").count("1 control asked for newly") == 17


def test_many_systems_are_bounded_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govern.records.consequences.MOST", 1)
    officer = world.browser("compliance-officer")
    choose(officer, document(domains=[DOMAIN]))
    page = officer.text("/catalogue/import/preview")
    assert "The first 1 of 2 systems by name were looked at." in page


def test_the_template_is_one_that_the_importer_reads(world: World) -> None:
    answer = world.browser("compliance-officer").get("/catalogue/import/template.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=govern-addition.xlsx"
    with pytest.raises(Exception, match="adds nothing"):
        read_document("empty.xlsx", answer.get_data(), world.catalogue)
    assert world.clock.now % DAY
