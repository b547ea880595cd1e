"""Controls and frameworks over the API."""

from __future__ import annotations

from govern.assurance.outcomes import Covered, How
from govern.catalogue.objects import Catalogue
from tests.api.conftest import World


def test_controls(world: World, catalogue: Catalogue) -> None:
    first = world.owner.get("/controls?size=100").get_json()
    assert first["catalogue"] == catalogue.digest
    rest = world.owner.get(f"/controls?size=100&cursor={first['next']}").get_json()
    ids = [one["id"] for one in first["controls"] + rest["controls"]]
    assert ids == list(catalogue.controls)
    assert {one["domain"] for one in world.owner.get("/controls?domain=EVA").get_json()["controls"]} == {"EVA"}
    assert world.owner.get("/controls?q=EVALUATION%20PLAN").get_json()["controls"][0]["id"] == "EVA-01"


def test_one_control(world: World, catalogue: Catalogue) -> None:
    found = world.owner.get("/controls/EVA-01").get_json()
    control = catalogue.controls["EVA-01"]
    assert [one["id"] for one in found["asks"]] == [ask.id for ask in control.asks]
    assert found["asks"][0]["checks"][0]["question"] == control.asks[0].checks[0].question
    assert {(one["framework"], one["requirement"], one["relation"]) for one in found["mappings"]} == {
        (link.framework, link.requirement, link.relation.value) for link in control.mappings}
    for name in ("EVA-99", "%00", "x" * 400):
        assert world.owner.get(f"/controls/{name}").status_code == 404


def test_frameworks(world: World, catalogue: Catalogue) -> None:
    found = world.owner.get("/frameworks").get_json()["frameworks"]
    assert {one["id"]: one["requirements"] for one in found} == {
        one.id: len(one.requirements) for one in catalogue.frameworks.values()}


def test_coverage(world: World, catalogue: Catalogue) -> None:
    for id_, framework in catalogue.frameworks.items():
        found = world.owner.get(f"/frameworks/{id_}?system={world.slug}").get_json()
        assert [one["id"] for one in found["requirements"]] == [one.id for one in framework.requirements]
        assert {one["status"] for one in found["requirements"]} <= {one.value for one in Covered}
        assert {one["how"] for one in found["requirements"]} <= {one.value for one in How}
        assert all(one["reasons"] for one in found["requirements"])
        assert found["share"]["met"] <= found["share"]["counted"]
        assert (found["system"], found["moment"]["position"]) == (world.slug, world.count_of_entries())


def test_a_framework_without_a_system(world: World) -> None:
    found = world.owner.get("/frameworks/nist-ai-rmf-1.0").get_json()
    assert {one["status"] for one in found["requirements"]} == {None}
    assert any(one["controls"] for one in found["requirements"])
    assert found["share"] is None


def test_what_is_not_there(world: World) -> None:
    assert world.owner.get("/frameworks/none").status_code == 404
    assert world.owner.get("/frameworks/nist-ai-rmf-1.0?system=none").status_code == 404
    assert world.owner.get(f"/frameworks/nist-ai-rmf-1.0?system={world.slug}&at=1").status_code == 404
    assert world.owner.get("/frameworks/nist-ai-rmf-1.0?system=%00").status_code == 422
    assert world.owner.get("/no-such-area").status_code == 404
