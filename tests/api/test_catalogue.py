"""Controls and frameworks over the API."""

from __future__ import annotations

from govern.assurance.outcomes import Covered, How
from govern.catalogue.objects import Catalogue
from govern.catalogue.threats import against_threats, for_goals
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
    assert found["guidance"] == control.guidance
    assert control.purpose is not None
    assert found["purpose"] == {
        "lead": control.purpose.lead, "others": list(control.purpose.others), "threats": list(control.purpose.threats),
        "goals": list(control.purpose.goals), "defence": control.purpose.defence}
    assert found["origin"] == ""
    assert all(one["why"] for one in found["mappings"])
    for name in ("EVA-99", "%00", "x" * 400):
        assert world.owner.get(f"/controls/{name}").status_code == 404


def test_frameworks(world: World, catalogue: Catalogue) -> None:
    found = world.owner.get("/frameworks").get_json()["frameworks"]
    assert {one["id"]: one["requirements"] for one in found} == {
        one.id: len(one.requirements) for one in catalogue.frameworks.values()}
    assert {one["id"]: one["family"] for one in found}["eu-ai-act-high-risk"] == "law"


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


def test_a_framework_says_where_it_comes_from_what_it_goes_through_and_what_is_left_open(
        world: World, catalogue: Catalogue) -> None:
    for id_ in ("eu-ai-act-high-risk", "nist-ai-600-1", "owasp-llm-2026"):
        framework = catalogue.frameworks[id_]
        found = world.owner.get(f"/frameworks/{id_}").get_json()
        assert (found["status"], found["date"], found["wording"]) == (framework.status, framework.date, framework.wording)
        assert [(one["id"], one["applies_from"], one["before"]) for one in found["dates"]] == [
            (one.id, one.applies_from, one.before) for one in framework.dates]
        for shown, one in zip(found["requirements"], framework.requirements, strict=True):
            assert (shown["gist"], shown["level"], shown["note"], shown["text"]) == (one.gist, one.level, one.note, "")
            assert (shown["priority"], tuple(shown["tags"]), tuple(shown["dates"])) == (one.priority, one.tags, one.dates)
            assert shown["through"] == [{"framework": to.framework, "requirement": to.requirement} for to in one.through]
            assert shown["gap"] == framework.gaps.get(one.id, "")


def test_threats(world: World, catalogue: Catalogue) -> None:
    found = world.owner.get("/threats").get_json()
    assert (found["catalogue"], found["system"]) == (catalogue.digest, None)
    assert [one["id"] for one in found["defences"]] == [one.id for one in catalogue.defences]
    for name, wanted in (("threats", against_threats(catalogue)), ("goals", for_goals(catalogue))):
        assert [one["id"] for one in found[name]] == [one.named.id for one in wanted]
        for shown, one in zip(found[name], wanted, strict=True):
            assert shown["controls"] == list(one.controls)
            assert shown["by_defence"] == {layer: list(controls) for layer, controls in one.by_defence.items()}
            assert (shown["satisfied"], shown["alone"], shown["alone_in"]) == (None, one.alone, dict(one.alone_in))


def test_threats_of_a_system(world: World, catalogue: Catalogue) -> None:
    found = world.owner.get(f"/threats?system={world.slug}").get_json()
    assert (found["system"], found["moment"]["position"]) == (world.slug, world.count_of_entries())
    statuses = {one["control"]: one["status"] for one in world.owner.get(f"/systems/{world.slug}/posture").get_json()["controls"]}
    for shown, one in zip(found["threats"], against_threats(catalogue), strict=True):
        assert shown["controls"] == [id_ for id_ in one.controls if statuses[id_] != "not applicable"]
        assert shown["satisfied"] == [id_ for id_ in one.controls if statuses[id_] == "satisfied"]
    for query, status in (("system=none", 404), (f"system={world.slug}&at=1", 404), ("system=%00", 422)):
        assert world.owner.get(f"/threats?{query}").status_code == status


def test_what_is_not_there(world: World) -> None:
    assert world.owner.get("/frameworks/none").status_code == 404
    assert world.owner.get("/frameworks/nist-ai-rmf-1.0?system=none").status_code == 404
    assert world.owner.get(f"/frameworks/nist-ai-rmf-1.0?system={world.slug}&at=1").status_code == 404
    assert world.owner.get("/frameworks/nist-ai-rmf-1.0?system=%00").status_code == 422
    assert world.owner.get("/no-such-area").status_code == 404
