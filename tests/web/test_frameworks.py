"""Frameworks: what the mappings offer, how a system meets them, and the way down to the evidence."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.assurance.coverage import cover
from govern.assurance.mapped import hanging
from govern.assurance.outcomes import Coverage, Covered
from govern.assurance.posture import derive
from govern.catalogue.objects import Catalogue
from govern.facts.moments import DAY
from govern.records.moments import moment_now
from govern.records.snapshot import snapshot
from govern.web.frameworks_view import View, Ways, nodes_of, offered, related, tops_of
from tests.web.conftest import World, clean_garak
from tests.web.test_submit import send_one

RMF, SSDF, ACT = "nist-ai-rmf-1.0", "nist-sp-800-218a", "eu-ai-act-article-15"


def covered(world: World, framework: str) -> Coverage:
    """The coverage of a framework by the first system now."""
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        posture = derive(snapshot(connection, reader, world.system), world.catalogue)
    return cover(posture, world.catalogue.frameworks[framework], world.catalogue)


def path_of(framework: str, requirement: str) -> str:
    """The address of a requirement."""
    return f"/frameworks/{framework}/{quote(requirement, safe='()')}"


def mapped_to(catalogue: Catalogue, control: str, framework: str) -> str:
    """A requirement that a control is mapped to."""
    return next(link.requirement for link in catalogue.controls[control].mappings if link.framework == framework)


def links_of(text: str) -> set[str]:
    """The addresses that a page links to, without their query."""
    return {html.unescape(found).partition("?")[0] for found in re.findall(r'href="([^"]+)"', text)}


# -- what the mappings offer -----------------------------------------------------------------------------------------


def test_a_requirement_is_offered_only_what_a_system_could_reach(shipped: Catalogue) -> None:
    for framework in shipped.frameworks.values():
        found, hangs = offered(framework, shipped), hanging(framework, shipped)
        assert list(found) == [one.id for one in framework.requirements if one.assessable]
        for id_, word in found.items():
            assert (word == "one") == bool(hangs[id_].covering)
            assert (word == "joint") == (bool(hangs[id_].sets) and not hangs[id_].covering)
            assert word != "none" or not hangs[id_].controls


def test_rows_of_the_tree_are_every_requirement_once(shipped: Catalogue) -> None:
    for framework in shipped.frameworks.values():
        view = View(framework, shipped, Ways())
        nodes = nodes_of(view)
        tops = tops_of(view, nodes, nodes)
        rows = [row.id for top in tops for group in top.groups for row in group.rows]
        assert rows == [one.id for one in framework.requirements if one.parent is not None]
        assert sum(top.counted for top in tops) == sum(one.assessable for one in framework.requirements)


def test_the_reason_of_a_mapping_comes_from_where_it_was_made(shipped: Catalogue) -> None:
    for framework in shipped.frameworks.values():
        view = View(framework, shipped, Ways())
        for one in framework.requirements:
            for row in related(view, one.id):
                link = next(link for link in shipped.controls[row["control"].id].mappings
                            if (link.framework, link.requirement) == (framework.id, row["via"] or one.id))
                assert row["why"] == link.why
                assert not row["via"] or framework.strength_passes_down


# -- the list --------------------------------------------------------------------------------------------------------


def test_all_frameworks_with_every_system_or_one(world: World) -> None:
    reader = world.browser("auditor")
    page = reader.text("/frameworks")
    for framework in world.catalogue.frameworks.values():
        assert html.escape(framework.title) in page
        assert f"/frameworks/{framework.id}?system={world.slug}" in page
        assert f"/frameworks/{framework.id}?system={world.other_slug}" in page
    chosen = reader.text(f"/frameworks?system={world.slug}")
    assert f"?system={world.other_slug}" not in chosen
    met, many = covered(world, RMF).share(frozenset(
        one.id for one in world.catalogue.frameworks[RMF].requirements if one.assessable))
    assert f"{met} of {many} (" in chosen


def test_only_systems_in_scope(world: World) -> None:
    outsider = world.browser("outsider")
    assert world.slug not in outsider.text("/frameworks")
    assert world.slug not in outsider.text(f"/frameworks/{RMF}")
    for path in ("/frameworks", f"/frameworks/{RMF}", path_of(RMF, "GOVERN 1.1")):
        assert outsider.get(f"{path}?system={world.slug}").status_code == 404
        assert outsider.get(f"{path}?system=no-such").status_code == 404
        assert world.app.test_client().get(path).status_code in (302, 303, 401)


# -- the tree --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", [False, True])
def test_every_framework_opens_with_all_its_requirements(world: World, system: bool) -> None:
    reader, query = world.browser("auditor"), f"?system={world.slug}" if system else ""
    for framework in world.catalogue.frameworks.values():
        links = links_of(reader.text(f"/frameworks/{framework.id}{query}"))
        assert {path_of(framework.id, one.id) for one in framework.requirements} <= links
        controls = {path.rpartition("/")[2] for path in links
                    if path.startswith(f"/systems/{world.slug}/controls/" if system else "/controls/")}
        assert controls == {control for one in hanging(framework, world.catalogue).values() for control in one.controls}


def test_the_gaps_of_the_catalogue_are_named(world: World) -> None:
    framework = world.catalogue.frameworks[SSDF]
    gaps = [id_ for id_, word in offered(framework, world.catalogue).items() if word in ("open", "none")]
    assert gaps
    reader = world.browser("auditor")
    page = reader.text(f"/frameworks/{SSDF}")
    listed = links_of(page.partition('id="gaps"')[2])
    assert {path_of(SSDF, id_) for id_ in gaps} == {path for path in listed if path.startswith(f"/frameworks/{SSDF}/")}
    assert 'id="gaps"' not in reader.text(f"/frameworks/{SSDF}?system={world.slug}")


@pytest.mark.parametrize("status", [word.value for word in Covered])
def test_a_status_narrows_to_the_assessable_with_it(world: World, status: str) -> None:
    found = covered(world, RMF).requirements
    wanted = {one.id for one in world.catalogue.frameworks[RMF].requirements
              if one.assessable and found[one.id].covered.value == status}
    page = world.browser("auditor").text(f"/frameworks/{RMF}?system={world.slug}&status={quote(status)}")
    rows = set(re.findall(r'<td role="cell" data-label="Requirement"[^>]*><div class="cell"><a href="([^"?]+)', page))
    assert rows == {path_of(RMF, id_) for id_ in wanted}


def test_text_narrows_and_nothing_found_says_so(world: World) -> None:
    reader = world.browser("auditor")
    page = reader.text(f"/frameworks/{RMF}?q=govern+1.1")
    assert path_of(RMF, "GOVERN 1.1") in links_of(page)
    assert path_of(RMF, "MAP 1.1") not in links_of(page)
    assert "No requirement fits" in reader.text(f"/frameworks/{RMF}?q=zzzz")
    assert "&lt;b&gt;" in reader.text(f"/frameworks/{RMF}?q=<b>")
    assert "No requirement fits" not in reader.text(f"/frameworks/{RMF}?status=met"), "a status needs a system"


# -- the way down ----------------------------------------------------------------------------------------------------


def test_from_a_framework_to_the_evidence(world: World) -> None:
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04")
    requirement = mapped_to(world.catalogue, "EVA-04", RMF)
    reader = world.browser("auditor")
    assert path_of(RMF, requirement) in links_of(reader.text(f"/frameworks/{RMF}?system={world.slug}"))
    page = reader.text(f"{path_of(RMF, requirement)}?system={world.slug}")
    assert f"/evidence/{key}" in links_of(page)
    assert f"/systems/{world.slug}/controls/EVA-04" in links_of(page)
    outcome = covered(world, RMF).requirements[requirement]
    assert outcome.covered.value.capitalize() in page
    assert all(html.escape(reason.text, quote=False) in html.unescape(page) for reason in outcome.reasons)
    assert reader.get(f"/systems/{world.slug}/controls/EVA-04").status_code == 200
    assert reader.get(f"/evidence/{key}").status_code == 200
    bare = links_of(reader.text(path_of(RMF, requirement)))
    assert f"/evidence/{key}" not in bare
    assert "/controls/EVA-04" in bare


def test_a_requirement_says_why_and_where_it_stands(world: World) -> None:
    requirement = mapped_to(world.catalogue, "EVA-04", RMF)
    link = next(one for one in world.catalogue.controls["EVA-04"].mappings if one.requirement == requirement)
    framework = world.catalogue.frameworks[RMF]
    page = html.unescape(world.browser("auditor").text(path_of(RMF, requirement)))
    assert link.why in page
    assert link.relation.value.replace("-", " ") in page
    assert framework.by_id[requirement].gist in page
    assert framework.source["reference"] in page


def test_every_requirement_has_a_page(world: World) -> None:
    reader = world.browser("auditor")
    for framework, step in ((ACT, 1), (SSDF, 9)):
        for one in world.catalogue.frameworks[framework].requirements[::step]:
            page = reader.text(f"{path_of(framework, one.id)}?system={world.slug}")
            assert html.escape(one.title) in page


def test_what_is_not_there(world: World) -> None:
    reader = world.browser("auditor")
    for path in ("/frameworks/none", "/frameworks/none/1", f"/frameworks/{RMF}/GOVERN%2099", f"/frameworks/{RMF}/a/b"):
        assert reader.get(path).status_code == 404
    assert reader.get(f"/frameworks/{RMF}?at=yesterday").status_code == 422


# -- the past --------------------------------------------------------------------------------------------------------


def test_a_past_moment_knows_nothing_of_what_came_later(world: World) -> None:
    before = moment_at(world)
    world.clock.pass_days(1)
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04")
    path = f"{path_of(RMF, mapped_to(world.catalogue, 'EVA-04', RMF))}?system={world.slug}"
    reader = world.browser("auditor")
    assert f"/evidence/{key}" in reader.text(path)
    past = reader.text(f"{path}&at={before}")
    assert f"/evidence/{key}" not in past
    assert "You are looking at the past" in past
    for page in ("/frameworks", f"/frameworks/{RMF}"):
        then = html.unescape(reader.text(f"{page}?system={world.slug}&at={before}"))
        assert "You are looking at the past" in then
        assert f"system={world.slug}&at={before}" in then, "links keep the moment"


def moment_at(world: World) -> int:
    """The newest position of the ledger."""
    with world.store.reading() as connection:
        return moment_now(connection, world.clock.now + DAY).position
