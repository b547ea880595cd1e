"""The catalogue as a workbook and as CSV: the columns of the form, inert cells, and brought back as it was."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from govern.catalogue.additions import Addition, addition_of, body_of
from govern.catalogue.incoming.documents import read_document
from govern.catalogue.incoming.sheets import SHEETS
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Framework
from govern.catalogue.reach import figures
from govern.catalogue.source import Mistakes
from govern.errors import NotFound
from govern.reports.catalogue_csv import mappings_csv
from govern.reports.catalogue_part import fits_sheets, part_of
from govern.reports.catalogue_workbook import write_catalogue
from tests.catalogue.tiny import CROSSWALK, LIBRARY, lay_out
from tests.reports.editions import EDITION, shipped, tiny

OWN: dict[str, Any] = {
    "addition": "house", "title": "House rules",
    "frameworks": [{
        "id": "house-rules", "title": "Rules of the house", "publisher": "The bank", "version": "1.10", "date": "2026",
        "status": "in force", "source": {"document": "Rules", "reference": "HR", "url": None}, "wording": "Ours.",
        "strength_passes_down": True, "requirements": [
            {"id": "H", "parent": None, "level": "part", "title": "Before", "title_is": "official", "gist": None,
             "assessable": False},
            {"id": "H.1", "parent": "H", "level": "rule", "title": "=Ask first", "title_is": "ours", "gist": "Ask.\nThen deploy.",
             "assessable": True, "priority": "High", "tags": ["new", "two words"], "note": "Once.",
             "through": [{"framework": "law-1", "requirement": "A.1"}]}]}],
    "domains": [{"domain": {"id": "HSE", "title": "House", "meaning": "Ours alone."}, "controls": [{
        "id": "HSE-01", "title": "Told", "objective": "Customers are told.", "stages": ["operation"],
        "applies": {"when": "trait.agentic", "because": "The system acts."}, "asks": [
            {"id": "HSE-01.1", "title": "Notice", "kinds": ["policy"], "about": "system", "basis": None, "fresh_days": None,
             "due": {"after": "release", "within_days": 0}, "when": None,
             "checks": [{"id": "told", "question": "Were they told?"}]}]}]}],
    "mappings": [
        {"framework": "house-rules", "mappings": [{"requirement": "H.1", "controls": [
            {"control": "HSE-01", "relation": "subset-of", "why": "The notice is one part of asking."},
            {"control": "GOV-01", "relation": "subset-of", "why": "The policy is the other part of it."}]}],
         "joint": [{"requirement": "H.1", "controls": ["HSE-01", "GOV-01"]}]},
        {"framework": "law-1", "mappings": [], "gaps": [{"requirement": "B", "why": "Nobody here proves it at all."}]}],
    "texts": [{"framework": "law-1", "texts": [{"requirement": "A.1", "text": "Whoever acts shall take care."}]}],
}


@pytest.fixture(scope="module")
def whole() -> Catalogue:
    """The shipped catalogue."""
    return shipped()


@pytest.fixture(scope="module")
def exported(whole: Catalogue) -> bytes:
    """Its workbook."""
    return written(whole)


def addition(**changed: Any) -> Addition:
    """The addition of the house."""
    mistakes = Mistakes()
    made = addition_of({**OWN, **changed}, "own.json", mistakes)
    assert made is not None
    assert mistakes.sorted() == []
    return made


def written(catalogue: Catalogue, **given: Any) -> bytes:
    target = io.BytesIO()
    write_catalogue(catalogue, EDITION, target, **given)
    return target.getvalue()


def rows(data: bytes, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading, cells as they are kept."""
    heads, *lines = load_workbook(io.BytesIO(data), read_only=True)[sheet].iter_rows(values_only=True)
    return [dict(zip_longest(map(str, heads), line)) for line in lines]


def plain(one: Framework) -> Framework:
    """A framework without what the form has no column for, and without its origin."""
    requirements = tuple(replace(item, dates=(), text="") for item in one.requirements)
    source = {key: value for key, value in one.source.items() if value}
    return replace(one, origin="", dates=(), requirements=requirements, source=source)


# -- the form --------------------------------------------------------------------------------------------------------


def test_the_sheets_are_those_of_the_form_and_one_of_what_stays_open(whole: Catalogue, exported: bytes) -> None:
    data = exported
    book = load_workbook(io.BytesIO(data), read_only=True)
    assert book.sheetnames == ["Read me", *(one.title for one in SHEETS if one.title != "Texts"), "Gaps"]
    for form in SHEETS[:-1]:
        heads = [cell.value for cell in next(book[form.title].iter_rows(max_row=1))]
        titles = [one.title for one in form.columns]
        assert [head for head in heads if head in titles] == titles
        assert set(heads) - set(titles) == ({"Requirement title", "Control title"} if form.title == "Mappings" else set())
    links = [(row["Framework"], row["Requirement"], row["Control"], row["Relation"]) for row in rows(data, "Mappings")]
    assert len([one for one in links if one[3] != "gap"]) == sum(len(one.mappings) for one in whole.controls.values())
    assert {one[:2] for one in links if one[3] == "gap"} == {
        (one.id, name) for one in whole.frameworks.values() for name in one.gaps}
    assert [(row["Framework"], row["Requirement"]) for row in rows(data, "Gaps")] == [
        (one.id, name) for one in whole.frameworks.values() for name in figures(whole, one).open]


def test_titles_stand_beside_ids(whole: Catalogue, exported: bytes) -> None:
    for row in rows(exported, "Mappings")[::97]:
        assert row["Requirement title"] == whole.frameworks[row["Framework"]].by_id[row["Requirement"]].title
        assert row["Control title"] == (whole.controls[row["Control"]].title if row["Control"] else None)


def test_cells_are_inert(tmp_path: Path) -> None:
    wild = LIBRARY.replace("title: Scans", "title: '=HYPERLINK(\"https://x\")'").replace("Agents are scanned.", "'+1 @SUM'")
    book = load_workbook(io.BytesIO(written(tiny(tmp_path, library=wild))))
    [cell] = [cell for row in book["Controls"].iter_rows() for cell in row if cell.value == '=HYPERLINK("https://x")']
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_same_catalogue_gives_the_same_bytes(tmp_path: Path) -> None:
    assert written(tiny(tmp_path / "one")) == written(tiny(tmp_path / "two"))


# -- and back --------------------------------------------------------------------------------------------------------


def vocabulary(place: Path) -> Path:
    """A folder with the shipped words, and of all else only a stub, so that the shipped content can be brought into it."""
    folder = place / "controls"
    source = Path(__file__).parents[2] / "controls"
    shutil.copytree(source / "kinds", folder / "kinds")
    for name in ("traits.yaml", "lifecycle.yaml", "purposes.yaml", "tolerances.yaml"):
        shutil.copyfile(source / name, folder / name)
    stub = lay_out(place / "stub")
    (folder / "frameworks").mkdir()
    (folder / "library").mkdir()
    shutil.copyfile(stub / "frameworks/law-1.yaml", folder / "frameworks/law-1.yaml")
    text = (source / "library/chg.yaml").read_text(encoding="utf-8").replace("CHG", "STUB")
    (folder / "library/stub.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_whole_catalogue_comes_back_as_it_went(whole: Catalogue, exported: bytes, tmp_path: Path) -> None:
    incoming = read_document("all.xlsx", exported, whole)
    assert incoming.format == "workbook"
    again = load(vocabulary(tmp_path), [incoming.addition])
    for name, one in whole.frameworks.items():
        assert plain(again.frameworks[name]) == plain(one)
    for name, control in whole.controls.items():
        back = again.controls[name]
        assert replace(back, origin="", mappings=frozenset(back.mappings)) == replace(control, mappings=frozenset(control.mappings))
    assert [one for one in again.domains if one.id != "STUB"] == list(whole.domains)


def test_what_the_importer_leaves_out_of_it_is_only_for_reading(whole: Catalogue, exported: bytes) -> None:
    warnings = read_document("all.xlsx", exported, whole).warnings
    assert [(one.file.partition(", sheet ")[2].partition(",")[0], one.text) for one in warnings] == [
        ("Mappings", "The column 'Requirement title' is not read."), ("Mappings", "The column 'Control title' is not read."),
        ("Gaps", "The sheet is not read."),
        ("Read me", "'Id of the addition' is not filled in; 'all' is taken, from the name of the file."),
        ("Read me", "'Title of the addition' is not filled in; 'all' is taken, from the name of the file."),
    ]


def test_an_addition_can_be_exported_edited_and_brought_in_its_place(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    before = load(folder, [addition()])
    tree = json.loads(body_of(addition()))
    assert fits_sheets(tree)
    data = written(before, part=part_of(tree, before))
    assert {row["Id"] for row in rows(data, "Controls")} == {"HSE-01"}
    assert "Gaps" not in load_workbook(io.BytesIO(data), read_only=True).sheetnames
    incoming = read_document("named otherwise.xlsx", data, before)
    assert (incoming.addition.id, incoming.addition.title) == ("house", "House rules")
    assert load(folder, [incoming.addition]) == before, "to the last character"
    edited = load_workbook(io.BytesIO(data))
    next(cell for row in edited["Controls"].iter_rows() for cell in row if cell.value == "Told").value = "Told in time"
    target = io.BytesIO()
    edited.save(target)
    after = load(folder, [read_document("again.xlsx", target.getvalue(), before).addition])
    assert after.controls["HSE-01"].title == "Told in time"
    assert replace(after.controls["HSE-01"], title="Told") == before.controls["HSE-01"]


def test_what_has_no_sheet_keeps_an_addition_from_being_a_workbook() -> None:
    crosswalk = {"id": "own-walk", "title": CROSSWALK}
    dated = [{**OWN["frameworks"][0], "dates": [{"id": "all"}]}]
    item = {**OWN["frameworks"][0]["requirements"][1], "dates": ["all"]}
    assert fits_sheets(OWN)
    assert not fits_sheets({**OWN, "crosswalks": [crosswalk]})
    assert not fits_sheets({**OWN, "frameworks": dated})
    assert not fits_sheets({**OWN, "frameworks": [{**OWN["frameworks"][0], "requirements": [item]}]})


# -- CSV -------------------------------------------------------------------------------------------------------------


def read(catalogue: Catalogue, framework: str) -> list[dict[str, str]]:
    text = "".join(mappings_csv(catalogue, framework)).encode().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_mappings_of_a_framework_as_csv(tmp_path: Path) -> None:
    found = read(tiny(tmp_path), "law-1")
    assert [(row["Requirement"], row["Control"], row["Relation"], row["Complete with"], row["Left open"]) for row in found] == [
        ("A", "", "", "", "Nobody can prove to be good."),
        ("A.1", "GOV-01", "intersects-with", "GOV-02", ""), ("A.1", "GOV-02", "intersects-with", "GOV-01", ""),
        ("B", "", "", "", ""),
    ]
    assert found[1]["Why"] == "The policy is one half of care."
    assert (found[1]["Requirement title"], found[1]["Control title"], found[1]["Assessed"]) == ("First", "Policy in force", "yes")


def test_each_link_is_a_line_and_nothing_assessed_is_missing(whole: Catalogue) -> None:
    for name, framework in whole.frameworks.items():
        found = read(whole, name)
        assert len([row for row in found if row["Control"]]) == sum(map(len, whole.mapped.get(name, {}).values()))
        assert {one.id for one in framework.requirements if one.assessable} <= {row["Requirement"] for row in found}
        assert {row["Requirement"] for row in found if row["Left open"]} == set(framework.gaps)


def test_csv_cells_are_inert_and_an_unknown_framework_is_refused_at_once(tmp_path: Path) -> None:
    catalogue = tiny(tmp_path, library=LIBRARY.replace("title: Scans", "title: '=cmd|calc'"))
    assert {row["Control title"] for row in read(catalogue, "law-1")} == {"", "Policy in force", "'=cmd|calc"}
    with pytest.raises(NotFound, match="no framework “law-9”"):
        mappings_csv(catalogue, "law-9")
