"""Bringing a document in the browser: every fault with its place, a look at what changes, the same bytes when confirmed."""

from __future__ import annotations

import html
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from govern.actions.catalogue_upload import KEPT_FOR, NAME
from govern.actions.organisation import put_in_force
from govern.catalogue.incoming.documents import MOST_BYTES, read_document
from govern.facts.audit import Action
from govern.facts.moments import DAY
from govern.records.catalogues import versions
from govern.records.tables.plain import DraftRow
from govern.reports.oscal_mapping import mapping_text
from govern.reports.oscal_parts import Edition
from govern.web import catalogue_changes
from tests.web.additions import (
    FRAMEWORK,
    MAPPING,
    additions,
    bring,
    choose,
    document,
    head,
    hidden,
    how,
    kept,
    nothing_recorded,
    parsed_once,
)
from tests.web.conftest import World

__all__ = ["parsed_once"]


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


def test_the_template_is_one_that_the_importer_reads(world: World) -> None:
    answer = world.browser("compliance-officer").get("/catalogue/import/template.xlsx")
    assert answer.headers["Content-Disposition"] == "attachment; filename=govern-addition.xlsx"
    with pytest.raises(Exception, match="adds nothing"):
        read_document("empty.xlsx", answer.get_data(), world.catalogue)
    assert world.clock.now % DAY
