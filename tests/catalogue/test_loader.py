"""Reading controls/: a sound catalogue becomes objects, and each sort of mistake is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from govern.catalogue.loader import load
from govern.catalogue.objects import Condition, Due, Link, Relation
from govern.errors import CatalogueError, Mistake
from tests.catalogue.planted import GOV, LAW, PLANTED, SCAN, Planted
from tests.catalogue.tiny import FILES, FRAMEWORK, LIBRARY, lay_out, line_of


def mistakes_in(folder: Path) -> list[Mistake]:
    with pytest.raises(CatalogueError) as refused:
        load(folder)
    return refused.value.mistakes


def test_a_sound_catalogue_becomes_objects(tmp_path: Path) -> None:
    catalogue = load(lay_out(tmp_path))
    assert list(catalogue.kinds) == ["policy", "scan-report"]
    assert [field.type for field in catalogue.kinds["scan-report"].fields] == ["int", "double"]
    assert catalogue.kinds["scan-report"].fresh_days is None
    assert [trait.id for trait in catalogue.traits] == ["high-risk", "agentic"]
    assert [stage.id for stage in catalogue.stages] == ["design", "operation"]
    control = catalogue.controls["GOV-02"]
    assert control.domain == "GOV"
    assert control.applies == Condition("trait.agentic", "The system acts.")
    assert control.mappings == (
        Link("law-1", "A.1", Relation.INTERSECTS, "Scans are the other half of care."),)
    ask = catalogue.asks["GOV-02.1"]
    assert ask.control == "GOV-02"
    assert ask.kinds == {"scan-report", "policy"}
    assert ask.due == Due(after="release", within_days=30)
    assert ask.when == Condition("!trait.high_risk", "The law asks more otherwise.")
    assert ask.checks[0].computed_for("scan-report")
    assert not ask.checks[0].computed_for("policy")
    assert catalogue.asks["GOV-01.1"].due == Due(stage="design")
    framework = catalogue.frameworks["law-1"]
    assert framework.date == "2024-07"
    assert framework.joint == {"A.1": {"GOV-01", "GOV-02"}}
    assert framework.by_id["A.1"].priority == "High"
    assert framework.by_id["A.1"].tags == ("new",)
    assert framework.by_id["A"].official
    assert len(catalogue.digest) == 64


def test_comments_and_layout_leave_the_digest_and_words_change_it(tmp_path: Path) -> None:
    before = load(lay_out(tmp_path / "a")).digest
    laid_out_anew = LIBRARY.replace("applies: null", "applies:   null   # always").replace(
        "due: {stage: design}", "due:\n          stage: design")
    assert load(lay_out(tmp_path / "b", {GOV: laid_out_anew})).digest == before
    reworded = LIBRARY.replace("There is a policy.", "There is some policy.")
    assert load(lay_out(tmp_path / "c", {GOV: reworded})).digest != before


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.said)
def test_a_planted_mistake_is_told(tmp_path: Path, case: Planted) -> None:
    sound = FILES[case.name]
    assert case.there in sound
    text = sound.replace(case.there, case.planted, 1)
    line = sound[:sound.index(case.there)].count("\n") + 1 if case.at is None else line_of(text, case.at)
    found = mistakes_in(lay_out(tmp_path, {case.name: text}))
    there = [one for one in found if one.file == f"controls/{case.name}" and one.line == line]
    assert any(case.said in one.text and case.mend in one.mend for one in there), list(map(str, found))


def test_all_mistakes_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    found = mistakes_in(lay_out(tmp_path, {
        GOV: LIBRARY.replace("kinds: [policy]", "kinds: [polcy]").replace("[operation]", "[use]"),
        LAW: FRAMEWORK.replace("status: in force", "status: odd"),
        SCAN: FILES[SCAN].replace("type: int", "type: integer"),
    }))
    places = [(one.file, one.line) for one in found]
    assert places == sorted(places)
    assert {one.file for one in found} == {f"controls/{name}" for name in (GOV, LAW, SCAN)}
    assert len([one for one in found if one.file == f"controls/{GOV}"]) >= 2


def test_the_message_names_every_place(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as refused:
        load(lay_out(tmp_path, {GOV: LIBRARY.replace("stages: [operation]", "stages: [operatoin]")}))
    line = line_of(LIBRARY, "stages: [operation]")
    assert refused.value.text == (f"controls/library/gov.yaml:{line}: There is no stage 'operatoin'. "
                                  "Did you mean 'operation'?")


# -- files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        (GOV, "domain:\n  id: GOV\n title: x\n", 3, "This is not YAML"),
        (GOV, "domain: *nowhere\n", 1, "undefined alias"),
        (GOV, "- just\n- a list\n", 1, "The file holds no keys."),
        (GOV, "", 1, "The file holds no keys."),
        (GOV, "a: 1\n---\nb: 2\n", 2, "This is not YAML"),
    ],
)
def test_a_file_that_is_no_mapping_is_one_mistake_with_its_line(
    tmp_path: Path, name: str, text: str, line: int, said: str
) -> None:
    found = mistakes_in(lay_out(tmp_path, {name: text}))
    told = [one for one in found if one.line == line and said in one.text]
    assert told
    assert {one.file for one in found} == {f"controls/{name}"}, "nothing else is blamed for it"


def test_an_anchor_inside_itself_is_told(tmp_path: Path) -> None:
    found = mistakes_in(lay_out(tmp_path, {GOV: "domain: &loop\n  id: *loop\n"}))
    assert "This is nested too deeply." in [one.text for one in found]


def test_bytes_that_are_no_utf_8_are_told(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    (folder / GOV).write_bytes(b"title: \xff\xfe")
    assert [(one.file, one.mend) for one in mistakes_in(folder)] == [
        ("controls/library/gov.yaml", "Save it as UTF-8 text.")]


@pytest.mark.parametrize("name", [SCAN, LAW])
def test_what_refers_to_a_broken_file_is_not_held_against_others(tmp_path: Path, name: str) -> None:
    found = mistakes_in(lay_out(tmp_path, {name: "id: [\n"}))
    assert [one.file for one in found] == [f"controls/{name}"]


@pytest.mark.parametrize("name", ["traits.yaml", "lifecycle.yaml"])
def test_a_missing_file_is_told_and_the_rest_is_still_read(tmp_path: Path, name: str) -> None:
    folder = lay_out(tmp_path, {LAW: FRAMEWORK.replace("status: in force", "status: odd")})
    (folder / name).unlink()
    found = mistakes_in(folder)
    assert [(one.file, one.text) for one in found] == [
        (f"controls/{LAW}", "There is no status 'odd'."), (f"controls/{name}", "The file is missing.")]


@pytest.mark.parametrize("part", ["kinds", "frameworks", "library"])
def test_an_empty_part_is_told(tmp_path: Path, part: str) -> None:
    folder = lay_out(tmp_path)
    for path in (folder / part).iterdir():
        path.unlink()
    assert (f"controls/{part}", "The folder holds no .yaml file.") in [
        (one.file, one.text) for one in mistakes_in(folder)]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "nowhere/traits.yaml" in [one.file for one in mistakes_in(tmp_path / "nowhere")]


def test_a_yml_file_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    found = mistakes_in(lay_out(tmp_path, {"kinds/other.yml": FILES["kinds/policy.yaml"]}))
    assert [(one.file, one.mend) for one in found] == [("controls/kinds/other.yml", "Name it other.yaml.")]


def test_notes_and_drafts_beside_the_files_do_not_matter(tmp_path: Path) -> None:
    load(lay_out(tmp_path, {"library/README.md": "# how to", "library/gov.yaml~": "id: ["}))


# -- the order of the domains ------------------------------------------------------------------------------

ACC = LIBRARY.replace("GOV", "ACC")


def test_domains_stand_in_the_order_of_their_list_or_of_the_alphabet(tmp_path: Path) -> None:
    files = {"library/acc.yaml": ACC}
    plain = load(lay_out(tmp_path / "a", files))
    assert [domain.id for domain in plain.domains] == ["ACC", "GOV"]
    listed = load(lay_out(tmp_path / "b", files | {"domains.yaml": "domains: [GOV, ACC]\n"}))
    assert [domain.id for domain in listed.domains] == ["GOV", "ACC"]
    assert list(listed.controls) == ["GOV-01", "GOV-02", "ACC-01", "ACC-02"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("domains: [GOV]\n", "The domain ACC is not listed."),
     ("domains: [GOV, ACC, XYZ]\n", "There is no file in library/ for the domain 'XYZ'.")],
)
def test_the_list_of_domains_is_complete_and_true(tmp_path: Path, text: str, said: str) -> None:
    found = mistakes_in(lay_out(tmp_path, {"library/acc.yaml": ACC, "domains.yaml": text}))
    assert [(one.file, one.line, one.text) for one in found] == [("controls/domains.yaml", 1, said)]
