"""The catalogue's controls: the list and its filters, what one asks for, and the systems that it is asked of."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.systems import register_system
from govern.catalogue.expressions import limit_name
from govern.catalogue.objects import Catalogue, Control
from govern.catalogue.text import digest_of, to_text
from govern.web.controls_view import limits_in
from tests.web.conftest import World, clean_garak, described
from tests.web.test_frameworks import RMF, links_of, moment_at, more_systems, path_of, statements
from tests.web.test_submit import send_one


def listed(page: str) -> list[str]:
    """The controls in the rows of the list, in their order."""
    return re.findall(r'data-label="Control"[^>]*><div class="cell"><a href="/controls/([A-Z]+-\d\d)', page)


def test_every_control_is_listed_once_by_domain(world: World) -> None:
    page = world.browser("auditor").text("/controls")
    order = [domain.id for domain in world.catalogue.domains]
    assert sorted(listed(page)) == sorted(world.catalogue.controls)
    assert [order.index(id_.partition("-")[0]) for id_ in listed(page)] == sorted(
        order.index(id_.partition("-")[0]) for id_ in listed(page))


@pytest.mark.parametrize("query", [
    "domain=EVA", f"framework={RMF}", "q=evaluation", f"domain=MON&framework={RMF}", "q=zzzz", "lead=legal", "threat=theft",
    "goal=safe-rollback", "defence=model", "threat=injection&defence=data", "lead=privacy&goal=confidentiality"])
def test_filters_narrow_the_list(world: World, query: str) -> None:
    given = dict(part.split("=") for part in query.split("&"))

    def suits(one: Control) -> bool:
        told = one.purpose
        assert told is not None
        return (given.get("lead", told.lead) == told.lead and given.get("defence", told.defence) == told.defence
                and ("threat" not in given or given["threat"] in told.threats)
                and ("goal" not in given or given["goal"] in told.goals))

    def wanted(one: Control) -> bool:
        return (suits(one) and one.domain == given.get("domain", one.domain)
                and ("framework" not in given or any(link.framework == given["framework"] for link in one.mappings))
                and given.get("q", "") in f"{one.id} {one.title} {one.objective}".casefold())

    page = world.browser("auditor").text(f"/controls?{query}")
    assert set(listed(page)) == {one.id for one in world.catalogue.controls.values() if wanted(one)}
    assert ("No control fits" in page) == ("zzzz" in query)


def test_a_control_says_all_that_it_asks_and_why(world: World) -> None:
    reader = world.browser("auditor")
    for control in list(world.catalogue.controls.values())[::6]:
        raw = reader.text(f"/controls/{control.id}")
        page, links = html.unescape(raw), links_of(raw)
        assert control.objective in page
        assert control.applies is None or control.applies.because in page
        assert control.guidance in page
        for ask in control.asks:
            assert f"{ask.id} {ask.title}" in page
            assert all(check.question in page for check in ask.checks)
            assert all(check.expression in page for check in ask.checks if check.expression)
            assert all(world.catalogue.kinds[kind].title in page for kind in ask.kinds)
            assert ask.when is None or ask.when.because in page
        for link in control.mappings:
            assert link.why in page
            assert path_of(link.framework, link.requirement) in links


def test_computed_checks_are_marked(world: World) -> None:
    reader = world.browser("auditor")
    marked = {id_: sum(check.expression is not None for ask in one.asks for check in ask.checks)
              for id_, one in world.catalogue.controls.items()}
    most, none = max(marked, key=lambda id_: marked[id_]), min(marked, key=lambda id_: marked[id_])
    assert reader.text(f"/controls/{most}").count("Computed</span>") == marked[most] > 0
    assert reader.text(f"/controls/{none}").count("Computed</span>") == marked[none] == 0


def test_a_computed_check_shows_its_limits_by_tolerance(world: World) -> None:
    page = html.unescape(world.browser("auditor").text("/controls/EVA-04"))
    limit = next(one for one in world.catalogue.limits if one.id == "attack-success")
    section = page.partition(f"{limit.title} (<code>limit.attack_success</code>):")[2].partition("</li>")[0]
    assert re.findall(r"<span>(\w+) <strong class=\"tnum\">([\d.]+)</strong>", section) == [
        (one.title, f"{one.limits['attack-success']:g}") for one in world.catalogue.tolerances]


def test_limits_are_found_by_their_whole_name(shipped: Catalogue) -> None:
    for one in shipped.limits:
        assert [found["title"] for found in limits_in(f"x <= {limit_name(one.id)}", shipped)] == [one.title]
        assert limits_in(f"x <= {limit_name(one.id)}_more", shipped) == []
    assert limits_in("", shipped) == []


def test_who_does_it_and_what_it_is_for(world: World) -> None:
    names = {one.id: one.title for one in (*world.catalogue.functions, *world.catalogue.threats, *world.catalogue.goals,
                                           *world.catalogue.defences)}
    for control in list(world.catalogue.controls.values())[::9]:
        told = control.purpose
        assert told is not None
        page = html.unescape(world.browser("auditor").text(f"/controls/{control.id}"))
        assert f'<a class="link" href="/controls?lead={told.lead}">{names[told.lead]}</a>' in page
        for name, ids in (("lead", told.others), ("threat", told.threats), ("goal", told.goals), ("defence", (told.defence,))):
            assert all(f'<a class="link" href="/controls?{name}={id_}">{names[id_]}</a>' in page for id_ in ids)
        assert "/threats" in links_of(page)
        assert f"/trace?control={control.id}" in page


def test_baselines_and_origin(world: World) -> None:
    for control in list(world.catalogue.controls.values())[::9]:
        page = html.unescape(world.browser("auditor").text(f"/controls/{control.id}"))
        section = page.partition('id="baselines"')[2].partition("</section>")[0]
        assert re.findall(r"<li><strong>([^<]+)</strong>", section) == [
            one.title for one in world.catalogue.baselines if control.id in one.controls]
        assert "Shipped with Govern" in page


def test_a_control_that_the_organisation_brought_says_so(world: World) -> None:
    brought = replace(world.catalogue.controls["GOV-01"], origin="our-rules", purpose=None, guidance="")
    draft = replace(world.catalogue, controls={**world.catalogue.controls, "GOV-01": brought},
                    baselines=tuple(replace(one, controls=one.controls - {"GOV-01"}) for one in world.catalogue.baselines))
    put_in_force(world.house.office, replace(draft, digest=digest_of(to_text(draft))), world.clock.now)
    reader = world.browser("auditor")
    page = reader.text("/controls/GOV-01")
    assert "Brought by the organisation: our-rules" in page
    assert "None; it is asked unless a unit takes it out." in page
    assert 'id="guidance"' not in page
    assert 'id="purpose"' not in page
    assert reader.text("/controls").count("Brought by the organisation") == 1
    assert "GOV-01" not in listed(reader.text("/controls?lead=compliance")), "it does not say who does it"


def test_systems_that_it_does_not_apply_to_stand_apart(world: World) -> None:
    id_ = next(one.id for one in world.catalogue.controls.values()
               if one.applies is not None and one.applies.expression == "trait.high_risk")
    page = world.browser("auditor").text(f"/controls/{id_}")
    section = page.partition('id="systems"')[2]
    assert "It applies to none of these." in section
    assert "It does not apply to 2" in section
    assert {f"/systems/{slug}/controls/{id_}" for slug in (world.slug, world.other_slug)} <= links_of(section)


def test_the_number_of_queries_does_not_grow_with_systems(world: World) -> None:
    reader = world.browser("auditor")
    more_systems(world, 3)
    paths = ["/controls", "/controls/EVA-04", f"/controls/EVA-04?at={moment_at(world)}"]
    few = [statements(world, reader, path) for path in paths]
    more_systems(world, 30)
    paths[2] = f"/controls/EVA-04?at={moment_at(world)}"
    assert [statements(world, reader, path) for path in paths] == few


def test_systems_in_scope_with_how_they_stand(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(failed=40, passed=0), controls="EVA-04")
    page = world.browser("auditor").text("/controls/EVA-04")
    assert {f"/systems/{slug}/controls/EVA-04" for slug in (world.slug, world.other_slug)} <= links_of(page)
    assert "Failing</span>" in page
    outside = world.browser("outsider").text("/controls/EVA-04")
    assert f"/systems/{world.slug}/" not in outside
    assert f"/systems/{world.other_slug}/controls/EVA-04" in outside
    assert "Failing</span>" not in outside


def test_many_systems_come_in_pages(world: World) -> None:
    for number in range(19):
        register_system(world.house.office, OPERATOR, described(f"Bot {number:02}"), world.clock.now)
    reader = world.browser("auditor")
    pages = [links_of(reader.text(f"/controls/GOV-01?page={number}")) for number in (1, 2, 3)]
    shown = [{link for link in page if link.endswith("/controls/GOV-01") and link.startswith("/systems/")} for page in pages]
    assert [len(one) for one in shown] == [20, 1, 0]
    assert not shown[0] & shown[1]


def test_a_past_moment(world: World) -> None:
    before = moment_at(world)
    world.clock.pass_days(1)
    slug = register_system(world.house.office, OPERATOR, described("Late bot"), world.clock.now).value[1]
    reader = world.browser("auditor")
    assert f"/systems/{slug}/controls/GOV-01" in reader.text("/controls/GOV-01")
    past = reader.text(f"/controls/GOV-01?at={before}")
    assert slug not in past
    assert "You are looking at the past" in past
    assert f"/controls/GOV-01?at={before}" in reader.text(f"/controls?at={before}")


def test_as_a_drawer_and_what_is_not_there(world: World) -> None:
    reader = world.browser("auditor")
    drawer = reader.get("/controls/GOV-01", headers={"X-Fragment": "drawer"})
    assert drawer.status_code == 200
    assert "<html" not in drawer.text
    assert reader.get("/controls/NOP-01").status_code == 404
    assert world.app.test_client().get("/controls").status_code in (302, 303, 401)
