"""Threats: the matrix, the controls of each threat and goal, what rests on one alone, and how a system stands."""

from __future__ import annotations

import html
import re

import pytest

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.assurance.outcomes import ControlOutcome, Posture, Status
from govern.assurance.posture import derive
from govern.assurance.selected import standing_of
from govern.catalogue.objects import Catalogue
from govern.catalogue.threats import against_threats, for_goals
from govern.facts.moments import Moment
from govern.records.moments import moment_now
from govern.records.snapshot import snapshot
from govern.web.frameworks_view import Ways
from govern.web.threats_view import bin_of, lines_of
from tests.web.conftest import World, clean_garak
from tests.web.test_frameworks import links_of, moment_at, more_systems, statements
from tests.web.test_requirements import accept
from tests.web.test_submit import send_one


def posture_of(world: World) -> Posture:
    """The posture of the first system now."""
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        return derive(snapshot(connection, reader, world.system), world.catalogue)


def satisfying(catalogue: Catalogue, *controls: str) -> Posture:
    """A posture in which these controls are satisfied and all others missing."""
    outcomes = {}
    for id_ in catalogue.controls:
        status = Status.SATISFIED if id_ in controls else Status.MISSING
        outcomes[id_] = ControlOutcome(id_, status, status, (), None)
    return Posture("a", Moment(1, 0), catalogue.digest, outcomes)


def matrix(page: str, what: str) -> dict[str, list[str]]:
    """The rows of a matrix: name → the text of each cell, the last one the total."""
    table = html.unescape(page.partition(f'id="{what}-matrix"')[2].partition("</table>")[0])
    found = {}
    for row in table.split("<tr>")[2:]:
        name = re.search(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', row)
        assert name is not None
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
        found[name.group(1)] = [re.sub(r"<[^>]+>", "", cell).replace("–none", "") for cell in cells]
    return found


def test_the_matrix_counts_controls_by_layer(world: World) -> None:
    page = world.browser("auditor").text("/threats")
    for what, found in (("threat", against_threats(world.catalogue)), ("goal", for_goals(world.catalogue))):
        assert matrix(page, what) == {
            one.named.title: [*(str(len(controls)) if controls else "" for controls in one.by_defence.values()),
                              str(len(one.controls))] for one in found}


def test_every_threat_stands_with_its_controls(world: World) -> None:
    page = world.browser("auditor").text("/threats")
    for one in (*against_threats(world.catalogue), *for_goals(world.catalogue)):
        what = "threat" if one.named in world.catalogue.threats else "goal"
        section = page.partition(f'<li id="{what}-{one.named.id}">')[2].partition("</li>")[0]
        assert {link for link in links_of(section) if link != "/controls"} == {f"/controls/{id_}" for id_ in one.controls}
        assert f"/controls?{what}={one.named.id}" in section
        assert html.escape(one.named.meaning) in section


def test_each_link_of_the_matrix_leads_to_something_on_the_page(world: World) -> None:
    page = world.browser("auditor").text(f"/threats?system={world.slug}")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert {link[1:] for link in re.findall(r'href="(#[^"]+)"', page)} <= set(ids)


def test_of_a_system_what_applies_and_what_is_satisfied(world: World) -> None:
    accept(world, send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04"), "EVA-04")
    applying, satisfied = standing_of(posture_of(world))
    page = world.browser("auditor").text(f"/threats?system={world.slug}")
    rows = matrix(page, "threat")
    assert applying < set(world.catalogue.controls)
    for one in against_threats(world.catalogue, applying, satisfied):
        assert rows[one.named.title][-1] == f"{len(one.counted)} of {len(one.controls)}"
        assert rows[one.named.title][:-1] == [
            f"{len(one.counted_in(layer))} of {len(controls)}" if controls else "" for layer, controls in one.by_defence.items()]
    assert f"/systems/{world.slug}/controls/EVA-04" in links_of(page)
    assert "No satisfied control stands for it." in html.unescape(page)


def test_what_rests_on_one_satisfied_control_is_said(shipped: Catalogue) -> None:
    theft = next(one for one in shipped.threats if one.id == "theft")
    [one] = [control for control in against_threats(shipped) if control.named is theft]
    [alone, *_] = one.controls
    posture = satisfying(shipped, alone)
    lines = lines_of(against_threats(shipped, *standing_of(posture)), "threat", shipped, Ways("a"), posture)
    line = next(line for line in lines if line.named is theft)
    assert (line.warning, line.tone) == (f"It rests on one satisfied control, {alone}.", "warn")
    assert [(control.id, control.status, control.href) for _, control in line.thin] == [
        (alone, "satisfied", f"/systems/a/controls/{alone}")]
    assert [cell.alone for cell in line.cells] == [alone in one.by_defence[layer.id] for layer in shipped.defences]
    assert line.total.text == f"1 of {len(one.controls)}"


def test_without_a_system_what_rests_on_one_control_of_the_catalogue(world: World) -> None:
    page = html.unescape(world.browser("auditor").text("/threats"))
    thin = {one.named.title: one.alone_in for one in against_threats(world.catalogue) if one.alone_in or one.alone}
    section = page.partition('id="threat-thin"')[2].partition("</section>")[0]
    assert re.findall(r'<a href="#threat-[^"]+">([^<]+)</a>', section) == list(thin)
    for control in (control for alone in thin.values() for control in alone.values()):
        assert f"/controls/{control}" in links_of(section)


@pytest.mark.parametrize(("count", "most", "expected"), [(0, 0, 0), (0, 10, 0), (1, 10, 0), (5, 10, 2), (10, 10, 4), (19, 19, 4)])
def test_colours_go_up_to_the_most(count: int, most: int, expected: int) -> None:
    assert bin_of(count, most) == expected


def test_only_systems_in_scope_and_only_those_there_are(world: World) -> None:
    outsider = world.browser("outsider")
    assert world.slug not in outsider.text("/threats")
    assert outsider.get(f"/threats?system={world.slug}").status_code == 404
    assert outsider.get("/threats?system=no-such").status_code == 404
    assert world.app.test_client().get("/threats").status_code in (302, 303, 401)


def test_a_past_moment_knows_nothing_of_what_came_later(world: World) -> None:
    before = moment_at(world)
    world.clock.pass_days(1)
    accept(world, send_one(world.browser("system-owner"), world, clean_garak(), controls="EVA-04"), "EVA-04")
    reader = world.browser("auditor")
    past = reader.text(f"/threats?system={world.slug}&at={before}")
    assert "You are looking at the past" in past
    assert f"/controls/EVA-04?at={before}" in past


def test_linked_from_the_controls_and_the_navigation(world: World) -> None:
    page = world.browser("auditor").text("/controls")
    assert page.count('href="/threats"') == 2


def test_the_number_of_queries_does_not_grow_with_systems(world: World) -> None:
    reader = world.browser("auditor")
    more_systems(world, 3)
    few = [statements(world, reader, path) for path in ("/threats", f"/threats?system={world.slug}")]
    more_systems(world, 30)
    assert [statements(world, reader, path) for path in ("/threats", f"/threats?system={world.slug}")] == few
