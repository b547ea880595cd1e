"""A workbook that was filled in from the template: what it becomes, and every mistake with its cell."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from govern.catalogue.additions import body_of
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.errors import CatalogueError
from tests.catalogue.incoming.brought import read, refused, refused_by_load, told
from tests.catalogue.incoming.house import ROWS, YAML, cell_of, filled, opened, saved

NAME = "house.xlsx"


def changed(sheet: str, row: int, **values: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows with some cells of one row changed; `_` in a name stands for a space."""
    rows = copy.deepcopy(ROWS)
    rows[sheet][row] |= {key.replace("_", " "): value for key, value in values.items()}
    return rows


# -- the round trip --------------------------------------------------------------------------------------------------


def test_template_filled_in_is_the_addition(controls: Path, tiny: Catalogue) -> None:
    """The workbook and our YAML of the same content are one addition, to the letter."""
    as_yaml, as_book = read(YAML, tiny, "house.yaml"), read(saved(filled(tiny)), tiny, NAME)
    assert body_of(as_book.addition) == body_of(as_yaml.addition)
    assert (as_book.addition.id, as_book.addition.title) == ("house", "Policy of the house")
    assert (as_book.format, as_book.warnings, as_yaml.format, as_yaml.warnings) == ("workbook", (), "yaml", ())
    loaded = load(controls, [as_book.addition])
    assert loaded.digest == load(controls, [as_yaml.addition]).digest
    assert loaded.controls["HSE-01"].asks[0].fresh_days == 30
    assert loaded.frameworks["house-policy-1.0"].joint == {"1.1": {"HSE-01", "GOV-01"}}
    assert loaded.frameworks["law-1"].by_id["A.1"].text == "Everybody shall take care."


def test_texts_alone_are_an_addition(controls: Path, tiny: Catalogue) -> None:
    incoming = read(saved(filled(tiny, {"Texts": ROWS["Texts"]})), tiny, NAME)
    assert load(controls, [incoming.addition]).frameworks["law-1"].by_id["A.1"].text == "Everybody shall take care."


def test_without_its_first_sheet_it_is_named_after_its_file(tiny: Catalogue) -> None:
    book = filled(tiny)
    del book["Read me"]
    incoming = read(saved(book), tiny, "My Plan 2.xlsx")
    assert (incoming.addition.id, incoming.addition.title) == ("my-plan-2", "My Plan 2")
    assert [one.text for one in incoming.warnings] == [
        "'Id of the addition' is not filled in; 'my-plan-2' is taken, from the name of the file.",
        "'Title of the addition' is not filled in; 'My Plan 2' is taken, from the name of the file."]


def test_columns_may_stand_in_another_order_and_headings_lower_down(tiny: Catalogue) -> None:
    book = opened(tiny)
    del book["Texts"]
    sheet = book.create_sheet("texts")
    for row in ([], ["What we bought"], [], ["TEXT", None, "requirement ", "Comment", "Framework"],
                ["Take care.", None, "A.1", "ours", "law-1"], [" ", None, "", None, None]):
        sheet.append(row)
    incoming = read(saved(book), tiny, NAME)
    (texts,) = incoming.addition.blocks("texts")
    assert [one.values for one in texts.values["texts"].values] == [{"requirement": "A.1", "text": "Take care."}]
    assert ("house.xlsx, sheet texts, cell D4: The column 'Comment' is not read. Known: Framework, Requirement, Text."
            in told(incoming.warnings))


def test_other_sheets_are_named_and_hidden_ones_too(tiny: Catalogue) -> None:
    book = filled(tiny)
    book.create_sheet("Mapings").append(["Framework", "Requirement"])
    book["Texts"].sheet_state = "hidden"
    assert told(read(saved(book), tiny, NAME).warnings) == [
        "house.xlsx, sheet Texts: The sheet is hidden; it is read all the same.",
        "house.xlsx, sheet Mapings: The sheet is not read. Did you mean 'Mappings'?"]


@pytest.mark.parametrize(("value", "kept"), [
    (date(2024, 7, 26), "2024-07-26"), (datetime(2024, 7, 26), "2024-07-26"), ("2024-07", "2024-07"), (2024, "2024"),  # noqa: DTZ001
])
def test_a_date_may_be_one_of_the_spreadsheet(tiny: Catalogue, value: Any, kept: str) -> None:
    (found,) = read(saved(filled(tiny, changed("Frameworks", 0, Date=value))), tiny, NAME).addition.blocks("frameworks")
    assert found.values["date"] == kept


@pytest.mark.parametrize(("value", "kept"), [(True, True), ("YES", True), ("false", False), (False, False)])
def test_yes_and_no_in_several_ways(tiny: Catalogue, value: Any, kept: bool) -> None:
    rows = changed("Frameworks", 0, Strength_passes_down=value)
    (found,) = read(saved(filled(tiny, rows)), tiny, NAME).addition.blocks("frameworks")
    assert found.values["strength_passes_down"] is kept


# -- planted mistakes ------------------------------------------------------------------------------------------------


class Planted(NamedTuple):
    """A mistake in one cell: `said` has to be told at that cell, or at `at` (a heading of the same row, or a place).

    `only` keeps these sheets alone: an id that others name is told there too, before its form is looked at.
    """

    sheet: str
    row: int
    heading: str
    value: Any
    said: str
    at: str = ""
    only: tuple[str, ...] = ()


CELLS = [
    Planted("Frameworks", 0, "Id", "House Policy", "'House Policy' is no id here. Write small letters and digits",
            only=("Frameworks",)),
    Planted("Frameworks", 0, "Id", "law-1", "There is a framework 'law-1' already.", only=("Frameworks",)),
    Planted("Frameworks", 0, "Id", None, "'id' is empty.", only=("Frameworks",)),
    Planted("Frameworks", 0, "Title", "  ", "'title' is empty."),
    Planted("Frameworks", 0, "Version", 1.5, "The cell holds the number 1.5, not text. Format the cell as text"),
    Planted("Frameworks", 0, "Title", True, "The cell holds true or false, not text."),
    Planted("Frameworks", 0, "Title", datetime(2024, 7, 26), "The cell holds a date or time, not text."),  # noqa: DTZ001
    Planted("Frameworks", 0, "Date", "July 2024", "'July 2024' is no date here."),
    Planted("Frameworks", 0, "Status", "in forse", "There is no status 'in forse'. Did you mean 'in force'?"),
    Planted("Frameworks", 0, "Address", "javascript:alert(1)", "'javascript:alert(1)' is no url here. Write an address"),
    Planted("Frameworks", 0, "Strength passes down", "maybe", "The cell holds 'maybe'. Write yes or no."),
    Planted("Frameworks", 0, "Strength passes down", None, "'Strength passes down' is empty. Write yes or no."),
    Planted("Requirements", 1, "Framework", "house-policy", "The sheet Frameworks has no 'house-policy'. Did you mean"),
    Planted("Requirements", 1, "Framework", None, "'framework' is empty. Name one of the sheet Frameworks."),
    Planted("Requirements", 2, "Id", "1.1", "The requirement '1.1' is there already, at house.xlsx, sheet Requirements, cell B4."),
    Planted("Requirements", 1, "Parent", "1.2", "No requirement '1.2' stands above '1.1'."),
    Planted("Requirements", 0, "Parent", "1.1", "No requirement '1.1' stands above '1'. Put the parent before its children."),
    Planted("Requirements", 1, "Level", "Clause!", "'Clause!' is no level here."),
    Planted("Requirements", 1, "Title is", "theirs", "There is no such origin of a title 'theirs'."),
    Planted("Requirements", 1, "Gist", None, "'gist' is empty."),
    Planted("Requirements", 1, "Assessable", "perhaps", "The cell holds 'perhaps'. Write yes or no."),
    Planted("Requirements", 1, "Tags", "new, new", "'new' stands twice in 'tags'."),
    Planted("Requirements", 1, "Through", "law-1 A.1", "The cell does not name requirements. Write framework | requirement"),
    Planted("Requirements", 1, "Through", "law-1 | A.9", "'1.1' goes through law-1 'A.9', which is not there",
            "house.xlsx, sheet Requirements, row 4"),
    Planted("Controls", 0, "Id", "HSE-1", "'HSE-1' is no id of a control of HSE. Write HSE- and two digits.", only=("Controls",)),
    Planted("Controls", 1, "Id", "HSE-01", "The control 'HSE-01' is there already, at house.xlsx, sheet Controls, cell D3.",
            only=("Controls",)),
    Planted("Controls", 0, "Domain title", None, "'title' is empty."),
    Planted("Controls", 1, "Domain title", "Other", "The domain HSE has another title at house.xlsx, sheet Controls, cell B3."),
    Planted("Controls", 0, "Stages", "desing", "There is no stage 'desing'. Did you mean 'design'?"),
    Planted("Controls", 0, "Stages", None, "'stages' is empty; a control needs at least one."),
    Planted("Controls", 0, "Applies when", "trait.agentc", "'trait.agentc' in"),
    Planted("Controls", 0, "Because", None, "'because' is empty."),
    Planted("Controls", 0, "Lead", None, "'lead' is empty."),
    Planted("Controls", 0, "Goals", "secrecy", "There is no security goal 'secrecy'."),
    Planted("Asks", 1, "Control", "HSE-07", "The sheet Controls has no 'HSE-07'. Did you mean 'HSE-0"),
    Planted("Asks", 1, "Id", "HSE-02.x", "'HSE-02.x' is no id of an ask of HSE-02.", only=("Controls", "Asks")),
    Planted("Asks", 0, "Kinds", "polcy", "There is no kind of evidence 'polcy'. Did you mean 'policy'?"),
    Planted("Asks", 0, "About", "everything", "There is no such subject 'everything'."),
    Planted("Asks", 0, "Fresh days", "a year", "The cell holds 'a year'. Write a whole number."),
    Planted("Asks", 0, "Fresh days", 0, "'fresh_days' is 0; it is 1 or more."),
    Planted("Asks", 0, "Within days", 2.5, "The cell holds '2.5'. Write a whole number."),
    Planted("Asks", 0, "Within days", None, "'within_days' is missing in 'due' after an event.", "Due after"),
    Planted("Asks", 0, "Due stage", "design", "The ask is due from a stage and after an event.", "Due after"),
    Planted("Asks", 1, "Due stage", None, "It does not say when the ask is due. Fill 'Due stage'"),
    Planted("Asks", 1, "Due stage", "desing", "There is no stage 'desing'."),
    Planted("Asks", 0, "When", "trait.agentic + 1", "found no matching overload"),
    Planted("Checks", 0, "Ask", "HSE-09.1", "The sheet Asks has no 'HSE-09.1'."),
    Planted("Checks", 0, "Question", "It is clean.", "'question' does not end with '?'."),
    Planted("Checks", 0, "Expression", "findings.critcal == 0", "For scan-report: 'findings.critcal' in"),
    Planted("Checks", 0, "Expression", "findings.critical + 1", "gives int; it must give true or false"),
    Planted("Checks", 0, "For", "policy", "For policy: 'findings.critical'", "Expression"),
    Planted("Checks", 1, "For", "policy", "'for' stands here without 'expression'."),
    Planted("Mappings", 3, "Framework", "law-2", "There is no framework 'law-2'. Did you mean 'law-1'?"),
    Planted("Mappings", 3, "Requirement", "B.7", "law-1 has no requirement 'B.7'."),
    Planted("Mappings", 3, "Requirement", "A.2", "'A.2' is not assessed, nor is anything below it."),
    Planted("Mappings", 3, "Control", "HSE-09", "There is no control 'HSE-09'."),
    Planted("Mappings", 3, "Control", None, "'control' is empty."),
    Planted("Mappings", 3, "Relation", "same", "There is no relation 'same'."),
    Planted("Mappings", 3, "Why", None, "'why' is empty."),
    Planted("Mappings", 1, "Joint", "no", "A joint set of one control is none.", "house.xlsx, sheet Mappings, cell F3"),
    Planted("Mappings", 2, "Control", "GOV-01", "A gap names no control."),
    Planted("Mappings", 1, "Control", "HSE-01", "The mapping of 'HSE-01 to house-policy-1.0 1.1' is there already"),
    Planted("Texts", 0, "Framework", "law-9", "There is no framework 'law-9'."),
    Planted("Texts", 0, "Requirement", "A.9", "law-1 has no requirement 'A.9'."),
    Planted("Texts", 0, "Text", None, "'text' is empty."),
    Planted("Texts", 0, "Text", "Take\u202ecare", "'text' holds a character that cannot be shown (U+202E)."),
]


@pytest.mark.parametrize("case", CELLS, ids=lambda case: f"{case.sheet}-{case.heading}-{case.said[:40]}")
def test_a_planted_mistake_is_told_at_its_cell(controls: Path, tiny: Catalogue, case: Planted) -> None:
    rows = changed(case.sheet, case.row, **{case.heading: case.value})
    data = saved(filled(tiny, {sheet: rows[sheet] for sheet in case.only or rows}))
    try:
        found = load(controls, [read(data, tiny, NAME).addition])
        raise AssertionError(found.digest)
    except CatalogueError as error:
        mistakes = told(error.mistakes)
    at = case.at if case.at.startswith(NAME) else cell_of(case.sheet, case.at or case.heading, case.row + 3)
    assert any(one.startswith(f"{at}: ") and case.said in one for one in mistakes), mistakes


def test_all_mistakes_of_all_sheets_are_told_at_once(controls: Path, tiny: Catalogue) -> None:
    rows = changed("Frameworks", 0, Status="odd")
    rows["Controls"][0]["Stages"] = "odd"
    rows["Texts"][0]["Requirement"] = "odd"
    places = [one.file for one in refused_by_load(saved(filled(tiny, rows)), controls, tiny, NAME)]
    assert places == [cell_of("Controls", "Stages", 3), cell_of("Frameworks", "Status", 3), cell_of("Texts", "Requirement", 3)]


# -- what a sheet may not hold ---------------------------------------------------------------------------------------


def write(sheet: str, cell: str, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def merge(sheet: str, cells: str) -> Callable[[Any], None]:
    return lambda book: book[sheet].merge_cells(cells)


def error_cell(book: Any) -> None:
    book["Texts"]["C3"] = "#REF!"
    book["Texts"]["C3"].data_type = "e"


@pytest.mark.parametrize(("change", "said"), [
    (write("Texts", "C3", "=A1"), "house.xlsx, sheet Texts, cell C3: The cell holds a formula. Write the value in its place."),
    (write("Texts", "Z99", "=SUM(1,2)"), "house.xlsx, sheet Texts, cell Z99: The cell holds a formula."),
    (merge("Requirements", "E3:E5"), "house.xlsx, sheet Requirements, cells E3:E5: The cells are merged. Unmerge them"),
    (error_cell, "house.xlsx, sheet Texts, cell C3: The cell holds the error #REF!."),
    (write("Texts", "C2", "Texte"), "house.xlsx, sheet Texts, row 2: The column 'Text' is missing. Add it."),
    (write("Texts", "C2", "Framework"), "house.xlsx, sheet Texts, cell C2: The heading 'Framework' stands here twice."),
    (lambda book: book["Texts"].delete_rows(1, 2), "house.xlsx, sheet Texts: The row of headings is missing. Begin the sheet with: "
     "Framework, Requirement, Text."),
])
def test_what_a_sheet_may_not_hold(tiny: Catalogue, change: Callable[[Any], None], said: str) -> None:
    book = filled(tiny)
    change(book)
    assert any(one.startswith(said) for one in told(refused(saved(book), tiny, NAME)))


def test_an_empty_template_adds_nothing(tiny: Catalogue) -> None:
    (mistake,) = refused(saved(filled(tiny, {})), tiny, NAME)
    assert mistake.text == "It adds nothing."


def test_a_workbook_of_other_sheets_is_told_where_to_begin(tiny: Catalogue) -> None:
    book = opened(tiny)
    for name in ("Frameworks", "Requirements", "Controls", "Asks", "Checks", "Mappings", "Texts"):
        del book[name]
    assert told(refused(saved(book), tiny, NAME)) == [
        "house.xlsx: None of the sheets Frameworks, Requirements, Controls, Asks, Checks, Mappings, Texts is there. "
        "Begin with the template."]


def test_a_workbook_that_is_wrong_in_every_row_stops_being_told(tiny: Catalogue) -> None:
    rows = [{"Framework": "nowhere", "Id": f"R-{number}", "Level": "clause", "Title": "T", "Title is": "ours", "Gist": "G",
             "Assessable": "yes"} for number in range(2_000)]
    mistakes = refused(saved(filled(tiny, {"Requirements": rows})), tiny, NAME)
    assert len(mistakes) == 501
    assert mistakes[-1].text == "There are 500 mistakes up to here; reading stopped."
