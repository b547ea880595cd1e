"""Finding things in the catalogue: spellings of ids, ranks, typos, and that everything can be found by its own words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govern.catalogue.finding import (
    Fit,
    Hit,
    Sort,
    find,
    folded,
    index_of,
    one_typo,
    spelling,
    spellings,
    wanted_words,
    words_of,
)
from govern.catalogue.objects import Catalogue, Relation, Requirement
from tests.catalogue.crossed import catalogue, control, framework, requirement


def best(catalogue_: Catalogue, text: str, sort: Sort = Sort.REQUIREMENT, size: int = 3) -> list[tuple[str, str, Fit]]:
    """(framework, id, fit) of the best hits of a sort."""
    return [(hit.entry.framework, hit.entry.id, hit.fit) for hit in find(catalogue_, text).get(sort, [])[:size]]


# -- ids -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("written", "spelled"), [
    ("GOVERN 1.1", "gv1.1"), ("Govern 1.1", "gv1.1"), ("GV-1.1", "gv1.1"), ("gv1.1", "gv1.1"), ("MS-2.7", "ms2.7"),
    ("measure 2.7", "ms2.7"), ("MP-1.1-004", "mp1.1.4"), ("manage 4.3", "mg4.3"), ("EVA-04", "eva4"), ("eva04", "eva4"),
    ("eva 4", "eva4"), ("15(4)", "15.4"), ("art 15(4)", "15.4"), ("Art. 15 (4)", "15.4"), ("Article 15(4)", "15.4"),
    ("9(2)(a)", "9.2a"), ("AML.T0051", "amlt51"), ("aml t51", "amlt51"), ("AML.T0051.000", "amlt51.0"), ("LLM01", "llm1"),
    ("LLM01:2025", "llm1.2025"), ("AnnexIV.6", "annexiv6"), ("Annex IV 6", "annexiv6"), ("A.6.2.4", "a6.2.4"), ("", ""), ("—", ""),
    ("art", "art"), ("article two", "articletwo"),
])
def test_one_spelling(written: str, spelled: str) -> None:
    assert spelling(written) == spelled


@pytest.mark.parametrize(("id_", "known"), [
    ("LLM01:2025", ("llm1.2025", "llm1")), ("AML.T0051", ("amlt51", "t51")), ("NISTAML.018", ("nistaml18",)),
    ("EVA-04", ("eva4",)), ("G7AI-MD-01", ("g7aimd1",)), ("iso-42001", ("iso42001",)), ("A.2.2", ("a2.2",)),
])
def test_spellings_of_an_id(id_: str, known: tuple[str, ...]) -> None:
    assert spellings(id_) == known


RMF, PROFILE, ACT, ATLAS = "nist-ai-rmf-1.0", "nist-ai-600-1", "eu-ai-act-article-15", "mitre-atlas-5.6.0"


@pytest.mark.parametrize(("written", "first"), [
    ("Govern 1.1", (RMF, "GOVERN 1.1")), ("GV-1.1", (RMF, "GOVERN 1.1")), ("MS-2.7", (RMF, "MEASURE 2.7")),
    ("gv 1.1-001", (PROFILE, "GV-1.1-001")), ("art 15(4)", (ACT, "15(4)")), ("15(4)", (ACT, "15(4)")),
    ("LLM01", ("owasp-llm-2026", "LLM01:2026")), ("llm01:2025", ("owasp-llm-2025", "LLM01:2025")),
    ("AML.T0051", (ATLAS, "AML.T0051")), ("t0051", (ATLAS, "AML.T0051")), ("aml.t0051.1", (ATLAS, "AML.T0051.001")),
    ("A.6.2.4", ("iso-42001-2023-annex-a", "A.6.2.4")), ("annex iv 6", ("eu-ai-act-high-risk", "AnnexIV.6")),
])
def test_an_id_as_people_write_it_comes_first(shipped: Catalogue, written: str, first: tuple[str, str]) -> None:
    (where, id_, fit), *_ = best(shipped, written)
    assert ((where, id_), fit) == (first, Fit.ID)


def test_ids_of_controls_and_of_what_they_ask(shipped: Catalogue) -> None:
    for written in ("EVA-04", "eva04", "eva 4", "EVA-04.1"):
        assert best(shipped, written, Sort.CONTROL)[0] == ("", "EVA-04", Fit.ID)
    assert {id_.partition("-")[0] for _, id_, fit in best(shipped, "eva", Sort.CONTROL, 12) if fit is Fit.ID_BEGINS} == {"EVA"}


def test_while_an_id_is_being_typed(shipped: Catalogue) -> None:
    for typed in ("LLM", "LLM0", "LLM01"):
        assert ("owasp-llm-2026", "LLM01:2026") in [one[:2] for one in best(shipped, typed, size=20)]
    assert best(shipped, "MEASURE 2.1", size=20)[0][:2] == (RMF, "MEASURE 2.1")
    found = [id_ for _, id_, _ in best(shipped, "MEASURE 2.1", size=60)]
    assert found.index("MEASURE 2.10") > found.index("MEASURE 2.1")


def test_every_id_is_found_as_it_stands(shipped: Catalogue) -> None:
    for one in shipped.controls:
        assert best(shipped, one, Sort.CONTROL)[0][1:] == (one, Fit.ID)
    for framework_ in shipped.frameworks.values():
        for one in framework_.requirements[::3]:
            exact = [hit for hit in find(shipped, one.id).get(Sort.REQUIREMENT, []) if hit.fit is Fit.ID]
            if sum(char.isalnum() for char in one.id) >= 2:
                assert (framework_.id, one.id) in [(hit.entry.framework, hit.entry.id) for hit in exact], one.id


# -- words -----------------------------------------------------------------------------------------------------------


def made() -> Catalogue:
    """A catalogue in which each sort and rank can be told apart."""
    return catalogue((
        framework("law", requirement("L.1"), requirement("L.2")),), (
        control("GOV-01", ("law", "L.1", Relation.EQUAL)), control("GOV-02")))


def with_titles(**titles: str) -> Catalogue:
    """A framework of requirements with these titles."""
    return catalogue((framework("law", *(_titled(id_, title) for id_, title in titles.items())),), ())


def _titled(id_: str, title: str) -> Requirement:
    return replace(requirement(id_), title=title, gist="Something else entirely, about penguins.")


def test_ranks() -> None:
    found = with_titles(R1="Prompt filters", R2="Filters", R3="Guarded prompt", R4="Promtp", P1="Zebra")
    assert best(found, "prompt", size=9) == [("law", "R1", Fit.TITLE), ("law", "R3", Fit.TITLE)]
    assert best(found, "penguin prompt") == [("law", "R1", Fit.ANYWHERE), ("law", "R3", Fit.ANYWHERE)]
    assert best(found, "r1") == [("law", "R1", Fit.ID)]
    assert [one[2] for one in best(found, "r", size=9)] == [], "one letter is too little"
    assert best(found, "pengiuns", size=1) == [("law", "R1", Fit.NEARLY)]
    assert best(found, "zebar") == [("law", "P1", Fit.NEARLY)]
    assert best(found, "zebar penguins") == [("law", "P1", Fit.NEARLY)]
    assert best(found, "zebar walrus") == []
    assert best(found, "pengiun", size=1) == [("law", "R1", Fit.NEARLY)], "the plural stands there"


def test_a_word_that_is_there_is_not_taken_for_another() -> None:
    found = with_titles(R1="Data", R2="Date")
    assert best(found, "data") == [("law", "R1", Fit.TITLE)]
    assert best(found, "datu") == [("law", "R1", Fit.NEARLY), ("law", "R2", Fit.NEARLY)]
    assert best(found, "dato data") == [("law", "R1", Fit.NEARLY)]


def test_words_fit_by_their_beginning_in_any_order_and_number() -> None:
    found = with_titles(R1="Sécurité of model weights", R2="Pre-trained models")
    for text in ("securite", "SECURITE", "weights model", "weight of the models", "mod weig"):
        assert best(found, text) == [("law", "R1", Fit.TITLE)], text
    assert best(found, "trained")[0][:2] == ("law", "R2"), "a part of a word that is put together"
    assert best(found, "ights") == []


def test_the_name_of_a_framework_fits_beside_a_word_of_the_requirement(shipped: Catalogue) -> None:
    assert best(shipped, "EU AI act 15(4)", size=1) == [(ACT, "15(4)", Fit.ANYWHERE)]
    assert not any(hit.entry.framework == "agentic-ai-adoption-2026" and "agentic" not in hit.entry.text
                   for hit in find(shipped, "agentic")[Sort.REQUIREMENT])


def test_every_sort_is_found(shipped: Catalogue) -> None:
    wanted = {Sort.CONTROL: shipped.controls["EVA-04"].title, Sort.FRAMEWORK: "NIST AI RMF", Sort.KIND: "model card",
              Sort.THREAT: shipped.threats[0].title, Sort.TRAIT: shipped.traits[1].title,
              Sort.REQUIREMENT: "LLM Prompt Injection"}
    for sort, text in wanted.items():
        hits = find(shipped, text).get(sort, [])
        assert hits, (sort, text)
        assert hits[0].fit <= Fit.TITLE


def test_guidance_asks_and_notes_are_searched(shipped: Catalogue) -> None:
    asked = next(one for one in shipped.controls.values() if one.guidance)
    long = max(words_of(asked.guidance), key=len)
    assert asked.id in [hit.entry.id for hit in find(shipped, long)[Sort.CONTROL]]
    check = asked.asks[0].checks[0]
    assert asked.id in [hit.entry.id for hit in find(shipped, " ".join(words_of(check.question)[:8]))[Sort.CONTROL]]


def test_where_a_title_only_says_the_id_the_gist_is_shown(shipped: Catalogue) -> None:
    one = next(hit for hit in find(shipped, "MS-2.7-001")[Sort.REQUIREMENT] if hit.fit is Fit.ID)
    assert (one.entry.title, one.entry.detail) == (shipped.frameworks[PROFILE].by_id["MS-2.7-001"].gist, "")


@pytest.mark.parametrize("text", ["", "a", "%", "__", "…", "  ", "no such name anywhere", "\x00", "((((", "zzzz zzzz"])
def test_odd_words_find_nothing(shipped: Catalogue, text: str) -> None:
    assert find(shipped, text) == {}


def test_wanted_words() -> None:
    assert wanted_words("The bias of the Models, in access (review)") == ["bias", "model", "access", "review"]
    assert wanted_words("of the") == ["of", "the"]
    assert folded("ÉCOLE ﬁle") == "ecole file"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_nothing_typed_breaks_it_and_better_fits_come_first(shipped: Catalogue, text: str) -> None:
    for sort, hits in find(shipped, text).items():
        assert all(isinstance(hit, Hit) and hit.entry.sort is sort for hit in hits)
        assert [hit.fit for hit in hits] == sorted(hit.fit for hit in hits)


# -- typos -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "second", "near"), [
    ("prompt", "promt", True), ("prompt", "prompts", True), ("prompt", "promqt", True), ("prompt", "pormpt", True),
    ("prompt", "rpompt", True), ("prompt", "prompt", False), ("prompt", "prmopt", True), ("prompt", "prmpot", False),
    ("prompt", "pro", False), ("abcd", "abdc", True), ("abcd", "dbca", False), ("abcd", "bcda", False), ("", "a", True),
])
def test_one_typo(first: str, second: str, near: bool) -> None:
    assert one_typo(first, second) is near
    assert one_typo(second, first) is near


LETTERS = "abcdefgh"


def mistyped(word: str) -> set[str]:
    """Every word with exactly one typo."""
    places = range(len(word))
    made_ = {word[:at] + word[at + 1:] for at in places}
    made_ |= {word[:at] + one + word[at:] for at in range(len(word) + 1) for one in LETTERS}
    made_ |= {word[:at] + one + word[at + 1:] for at in places for one in LETTERS}
    made_ |= {word[:at] + word[at + 1] + word[at] + word[at + 2:] for at in places[:-1]}
    return made_ - {word}


@settings(max_examples=80, deadline=None)
@given(st.text(LETTERS, min_size=4, max_size=7), st.text(LETTERS, min_size=4, max_size=7))
def test_one_typo_is_what_it_says(first: str, second: str) -> None:
    assert one_typo(first, second) == (second in mistyped(first))
    assert all(one_typo(first, other) for other in mistyped(first))


def test_every_typo_of_a_word_is_forgiven() -> None:
    found = with_titles(R1="Abcdefg")
    for typo in mistyped("abcdefg"):
        hits = best(found, typo)
        assert [one[:2] for one in hits] == [("law", "R1")], typo


# -- the index -------------------------------------------------------------------------------------------------------


def test_an_index_is_made_once_for_a_catalogue(shipped: Catalogue) -> None:
    assert index_of(shipped) is index_of(shipped)
    assert index_of(made()) is index_of(made())
    assert index_of(made()) is not index_of(shipped)
    many = len(shipped.controls) + sum(1 + len(one.requirements) for one in shipped.frameworks.values())
    assert len(index_of(shipped).entries) == many + len(shipped.kinds) + len(shipped.threats) + len(shipped.traits)


def test_a_catalogue_from_before_threats_is_searched_too() -> None:
    found = made()
    assert not found.threats
    assert Sort.TRAIT in find(found, "agentic")
