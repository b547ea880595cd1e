"""OSCAL profiles as frameworks that hold just what they pick, each met through where it was picked from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govern.catalogue.additions import Addition
from govern.catalogue.incoming.documents import Incoming
from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue, Framework, Target
from tests.catalogue.incoming.brought import META, catalog, control, profile, read, refused, told


class House:
    """The tiny catalogue with a catalog of controls brought beside it."""

    def __init__(self, controls: Path, known: Catalogue) -> None:
        made = catalog(
            control("x-1", "One.", controls=[control("x-1.1", "Deep."), control("x-1.2")]),
            control("x-2"), control("y-1"), control("z-9", props=[{"name": "status", "value": "withdrawn"}]))
        self.controls = controls
        self.base = read(made, known, "base_catalog.json").addition
        self.catalogue = load(controls, [self.base])

    def bring(self, document: Any, **ends: str | None) -> tuple[Incoming, Framework]:
        """A profile brought, and the framework that it becomes."""
        incoming = read(document, self.catalogue, "choice.json", **ends)
        loaded = self.load(incoming.addition)
        (found,) = [one for one in loaded.frameworks.values() if one.origin == incoming.addition.id]
        return incoming, found

    def load(self, addition: Addition) -> Catalogue:
        """The catalogue with the base and an addition."""
        return load(self.controls, [self.base, addition])


@pytest.fixture(scope="module")
def house(controls: Path, tiny: Catalogue) -> House:
    return House(controls, tiny)


def picked(found: Framework) -> list[str]:
    return [one.id for one in found.requirements if one.assessable]


HREF = {"href": "the-catalog"}


@pytest.mark.parametrize(("imported", "ids"), [
    ({"include-all": {}}, ["x-1", "x-1.1", "x-1.2", "x-2", "y-1"]),
    ({"include-controls": [{"with-ids": ["x-2", "x-1"]}]}, ["x-1", "x-2"]),
    ({"include-controls": [{"with-ids": ["X-2"]}]}, ["x-2"]),
    ({"include-controls": [{"with-child-controls": "yes", "with-ids": ["x-1"]}]}, ["x-1", "x-1.1", "x-1.2"]),
    ({"include-controls": [{"with-child-controls": "no", "with-ids": ["x-1"]}]}, ["x-1"]),
    ({"include-controls": [{"matching": [{"pattern": "x-1.*"}]}]}, ["x-1.1", "x-1.2"]),
    ({"include-controls": [{"matching": [{"pattern": "?-1"}]}]}, ["x-1", "y-1"]),
    ({"include-all": {}, "exclude-controls": [{"with-ids": ["y-1"]}, {"matching": [{"pattern": "x-1*"}]}]}, ["x-2"]),
    ({"include-all": {}, "exclude-controls": [{"with-child-controls": "yes", "with-ids": ["x-1"]}]}, ["x-2", "y-1"]),
])
def test_what_a_profile_picks(house: House, imported: dict[str, Any], ids: list[str]) -> None:
    incoming, found = house.bring(profile(**HREF, **imported))
    assert picked(found) == ids
    assert incoming.warnings == ()


def test_each_is_met_through_where_it_was_picked_from(house: House) -> None:
    _, found = house.bring(profile(**HREF, **{"include-controls": [{"with-ids": ["x-1", "x-1.1"]}]}))
    assert (found.id, found.title) == ("the-choice-profile", "The choice")
    assert [(one.id, one.parent, one.level, one.through) for one in found.requirements] == [
        ("a", None, "family", ()),
        ("x-1", "a", "control", (Target("the-catalog", "x-1"),)),
        # Not below x-1: two that were picked do not make each other's parts.
        ("x-1.1", "a", "enhancement", (Target("the-catalog", "x-1.1"),))]
    assert found.by_id["x-1"].text == "One."
    assert found.wording.startswith("A choice of 2 requirements of The catalog, made by the OSCAL profile “The choice”.")


def test_a_framework_of_the_catalogue_can_be_picked_from(controls: Path, tiny: Catalogue) -> None:
    incoming = read(profile(href="law-1", **{"include-all": {}}), tiny)
    found = load(controls, [incoming.addition]).frameworks["the-choice-profile"]
    assert [(one.id, one.official, one.gist) for one in found.requirements] == [
        (one.id, one.official, one.gist) for one in tiny.frameworks["law-1"].requirements if one.id != "A.2"]


@pytest.mark.parametrize("href", ["the-catalog", "The catalog", "11111111-2222-4333-8444-555555555555",
                                  "../somewhere/base_catalog.xml", "https://example.org/base_catalog.json"])
def test_a_catalog_is_known_by_id_title_uuid_or_file(house: House, href: str) -> None:
    assert picked(house.bring(profile(href=href, **{"include-all": {}}))[1])[0] == "x-1"


@pytest.mark.parametrize("resource", [
    {"title": "THE  Catalog"}, {"description": "The catalog"}, {"rlinks": [{"href": "x.pdf"}, {"href": "a/base_catalog.yaml"}]},
    {"document-ids": [{"identifier": "11111111-2222-4333-8444-555555555555"}]},
])
def test_a_resource_of_the_back_matter_leads_to_the_catalog(house: House, resource: dict[str, Any]) -> None:
    made = profile(href="#r", **{"include-all": {}})
    made["profile"]["back-matter"] = {"resources": [{"uuid": "r", **resource}]}
    assert picked(house.bring(made)[1])[0] == "x-1"


def test_the_importer_can_say_which_catalog_it_is(house: House) -> None:
    made = profile(href="catalog.json", **{"include-all": {}})
    assert "“catalog.json”; no framework of the catalogue is known by that." in told(refused(made, house.catalogue))[0]
    assert len(picked(house.bring(made, source="the-catalog")[1])) == 5


def test_a_profile_of_a_profile(house: House) -> None:
    first = read(profile(**HREF, **{"include-controls": [{"with-ids": ["x-1", "x-2"]}]}), house.catalogue).addition
    both = load(house.controls, [house.base, first])
    made = profile(href="the-choice-profile", **{"include-controls": [{"with-ids": ["x-2"]}]})
    made["profile"]["metadata"]["title"] = "Narrower profile"
    second = read(made, both)
    found = load(house.controls, [house.base, first, second.addition]).frameworks["narrower-profile"]
    assert [(one.id, one.through) for one in found.requirements if one.assessable] == [
        ("x-2", (Target("the-choice-profile", "x-2"),))]


def test_a_catalog_and_its_profile_in_one_document(controls: Path, tiny: Catalogue) -> None:
    both = {**catalog(control("x-1"), control("x-2")), **profile(**HREF, **{"include-controls": [{"with-ids": ["x-2"]}]})}
    incoming = read(both, tiny)
    loaded = load(controls, [incoming.addition])
    assert [one.id for one in loaded.frameworks.values() if one.origin] == ["the-catalog", "the-choice-profile"]
    assert incoming.format == "oscal-catalog"


def test_a_newer_profile_does_not_see_the_one_it_replaces(house: House) -> None:
    """A profile and the catalog it picks from often bear the same title."""
    made = profile(href="The catalog", **{"include-all": {}})
    made["profile"]["metadata"]["title"] = "The catalog"
    first = read(made, house.catalogue).addition
    again = read(made, house.load(first)).addition
    assert again.id == first.id == "the-catalog-profile"
    assert house.load(again).frameworks[again.id].by_id["x-1"].through == (Target("the-catalog", "x-1"),)


def test_a_title_that_two_frameworks_bear_names_neither(house: House) -> None:
    twin = profile(href="the-catalog", **{"include-all": {}})
    twin["profile"]["metadata"]["title"] = "The catalog"
    both = house.load(read(twin, house.catalogue).addition)
    made = profile(href="The catalog", **{"include-controls": [{"with-ids": ["x-1"]}]})
    could = "could be the-catalog or the-catalog-profile."
    assert told(refused(made, both)) == [
        f"it.json at profile.imports[0]: The catalog that it imports is “The catalog”; that {could} "
        "Say which one it is (source=…). 'the-catalog' holds 1 of its 1 ids."]
    assert told(refused(made, both, source="THE CATALOG")) == [f"it.json: 'THE CATALOG' {could} Name one of these ids."]
    assert read(made, both, source="the-catalog").warnings == ()


# -- left out and refused --------------------------------------------------------------------------------------------


def test_what_is_not_read_is_named(house: House) -> None:
    made = profile(**HREF, **{"include-controls": [
        {"with-ids": ["x-1", "nope", "z-9"]}, {"matching": [{"pattern": "q*"}, {"pattern": "*" * 9}]}], "kind": "x"})
    made["profile"] |= {"modify": {"set-parameters": [{"param-id": "p"}], "alters": [{"control-id": "x-1"}, {"control-id": "x-2"}]},
                        "merge": {"custom": {}}}
    incoming, found = house.bring(made)
    assert picked(found) == ["x-1"]
    at = "choice.json at profile"
    assert told(incoming.warnings) == [
        f"{at}.imports[0].kind: 'kind' is no field of an import in OSCAL; it is left out.",
        f"{at}.imports[0].include-controls[0].with-ids[1]: the-catalog has no requirement 'nope'; it is left out.",
        f"{at}.imports[0].include-controls[0].with-ids[2]: 'z-9' is not assessed in the-catalog; it is left out.",
        f"{at}.imports[0].include-controls[1].matching[0]: No requirement of the-catalog fits 'q*'.",
        f"{at}.imports[0].include-controls[1].matching[1]: The pattern is missing, too long or has more than four *; "
        "it is left out.",
        f"{at}.modify.set-parameters: Left out (1): values of parameters. Texts stay as the catalog has them.",
        f"{at}.modify.alters: Left out (2): alterations of controls. Texts stay as the catalog has them.",
        f"{at}.merge.custom: The custom order is left out; the headings of the catalog stay.",
    ]


@pytest.mark.parametrize(("document", "said"), [
    (profile(href="law-2", **{"include-all": {}}), "it.json at profile.imports[0]: The catalog that it imports is “law-2”"),
    (profile(href="law-1"), "it.json at profile: The profile picks nothing."),
    (profile(href="law-1", **{"include-controls": [{"with-ids": ["nope"]}]}), "it.json at profile: The profile picks nothing."),
    ({"profile": {"uuid": "u", "metadata": META}}, "it.json at profile: The profile imports no catalog."),
    ({"profile": {"metadata": META, "imports": [{"href": "law-1", "include-all": {}}, {"href": "law-1", "include-all": {}}]}},
     "it.json at profile: Two imports pick a requirement 'A.1'."),
])
def test_a_profile_of_nothing_is_refused(tiny: Catalogue, document: Any, said: str) -> None:
    assert told(refused(document, tiny))[0].startswith(said)


def test_a_source_that_is_not_there_is_refused_with_the_nearest(tiny: Catalogue) -> None:
    made = profile(href="law-1", **{"include-all": {}})
    assert told(refused(made, tiny, source="law-2")) == [
        "it.json: There is no framework 'law-2' to take as its source. Did you mean 'law-1'?"]
