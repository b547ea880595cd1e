"""Frameworks: what the mappings offer, how systems meet them, and the tree of each."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from urllib.parse import quote

import pytest
from sqlalchemy import event

from govern.access.actor import Reader
from govern.actions.office import OPERATOR
from govern.actions.organisation import put_in_force
from govern.actions.systems import register_system
from govern.assurance.coverage import cover
from govern.assurance.mapped import hanging
from govern.assurance.outcomes import ControlOutcome, Coverage, Covered, How, Posture, Status
from govern.assurance.posture import derive
from govern.catalogue.families import short_name
from govern.catalogue.objects import Catalogue
from govern.catalogue.text import digest_of, to_text
from govern.facts.moments import DAY, Moment
from govern.jobs.summaries import refresh
from govern.records.moments import moment_now
from govern.records.snapshot import snapshot
from govern.web.frameworks_index import bin_of
from govern.web.frameworks_view import REACHED, Branch, View, Wanted, Ways, branches_of, left_open, nodes_of, offered
from tests.web.conftest import Browser, World, described

RMF, SSDF, ACT, DUTIES, GENAI = ("nist-ai-rmf-1.0", "nist-sp-800-218a", "eu-ai-act-article-15", "eu-ai-act-high-risk",
                                 "nist-ai-600-1")


def covered(world: World, framework: str, system: str = "") -> Coverage:
    """The coverage of a framework by a system (the first one) now."""
    with world.store.reading() as connection:
        reader = Reader(OPERATOR, moment_now(connection, world.clock.now), None, everything=True)
        posture = derive(snapshot(connection, reader, system or world.system), world.catalogue)
    return cover(posture, world.catalogue.frameworks[framework], world.catalogue)


def share_of(world: World, framework: str, system: str = "") -> tuple[int, int]:
    """(met, counted) of a framework by a system now."""
    assessable = frozenset(one.id for one in world.catalogue.frameworks[framework].requirements if one.assessable)
    return covered(world, framework, system).share(assessable)


def path_of(framework: str, requirement: str) -> str:
    """The address of a requirement."""
    return f"/frameworks/{framework}/{quote(requirement, safe='()')}"


def mapped_to(catalogue: Catalogue, control: str, framework: str) -> str:
    """A requirement that a control is mapped to."""
    return next(link.requirement for link in catalogue.controls[control].mappings if link.framework == framework)


def links_of(text: str) -> set[str]:
    """The addresses that a page links to, without their query."""
    return {html.unescape(found).partition("?")[0] for found in re.findall(r'href="([^"]+)"', text)}


def moment_at(world: World) -> int:
    """The newest position of the ledger."""
    with world.store.reading() as connection:
        return moment_now(connection, world.clock.now + DAY).position


def more_systems(world: World, upto: int) -> None:
    """Register systems until there are so many; their summaries are kept, as the follower would."""
    for number in range(2, upto):
        register_system(world.house.office, OPERATOR, described(f"Bot {number:02}"), world.clock.now)
    refresh(world.house.office, world.clock.now)


def statements(world: World, browser: Browser, path: str) -> int:
    """How many statements a page sends to the database."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(world.store.engine, "before_cursor_execute", note)
    try:
        browser.text(path)
    finally:
        event.remove(world.store.engine, "before_cursor_execute", note)
    return len(sent)


def changed(world: World, framework: str, requirement: str, **given: object) -> Catalogue:
    """Put a catalogue in force in which one requirement differs; another framework's fields stay."""
    old = world.catalogue.frameworks[framework]
    ones = tuple(replace(one, **given) if one.id == requirement else one for one in old.requirements)  # type: ignore[arg-type]
    draft = replace(world.catalogue, frameworks={**world.catalogue.frameworks, framework: replace(old, requirements=ones)})
    made = replace(draft, digest=digest_of(to_text(draft)))
    put_in_force(world.house.office, made, world.clock.now)
    return made


def leaves(page: str) -> list[str]:
    """The requirements that stand in the tree for themselves, by their addresses, in order."""
    tree = page.partition('id="gaps"')[0]
    chunks = re.split(r'<div class="leaf(?: context)?">', tree)[1:]
    own = [re.search(r'href="(/frameworks/[^"?]+/[^"?]+)', chunk) for chunk in chunks]
    fits = [not mark for mark in re.findall(r'<div class="leaf( context)?">', tree)]
    return [html.unescape(found.group(1)) for found, fitting in zip(own, fits, strict=True) if fitting and found]


# -- what the mappings offer -----------------------------------------------------------------------------------------


def all_satisfied(catalogue: Catalogue) -> Posture:
    """The best posture there is: every control satisfied."""
    outcomes = {id_: ControlOutcome(id_, Status.SATISFIED, Status.SATISFIED, (), None) for id_ in catalogue.controls}
    return Posture("a", Moment(1, 0), catalogue.digest, outcomes)


def test_a_requirement_is_offered_what_the_best_system_would_reach(shipped: Catalogue) -> None:
    posture = all_satisfied(shipped)
    for framework in shipped.frameworks.values():
        found, best = offered(framework, shipped), cover(posture, framework, shipped).requirements
        assert list(found) == [one.id for one in framework.requirements if one.assessable]
        for id_, word in found.items():
            assert (word in REACHED) == (best[id_].covered is Covered.MET), (framework.id, id_, word)
            assert word != "one" or best[id_].how is How.DIRECT
            assert word != "joint" or best[id_].how is How.JOINT
            assert word != "parts" or best[id_].how in (How.CHILDREN, How.THROUGH)
            assert word != "none" or best[id_].covered is Covered.UNMAPPED


def test_what_goes_through_others_can_be_met_when_they_can(shipped: Catalogue) -> None:
    genai, rmf = shipped.frameworks[GENAI], shipped.frameworks[RMF]
    assert set(offered(genai, shipped).values()) == {"parts"}
    none = {**shipped.controls, **{id_: replace(one, mappings=()) for id_, one in shipped.controls.items()}}
    bare = replace(shipped, digest="bare", controls=none,
                   frameworks={**shipped.frameworks, RMF: replace(rmf, joint={})})
    assert set(offered(genai, bare).values()) == {"none"}


def test_branches_hold_every_requirement_once_in_its_place(shipped: Catalogue) -> None:
    for framework in shipped.frameworks.values():
        view = View(framework, shipped, Ways())
        nodes = nodes_of(view)
        waiting: list[tuple[str | None, Branch]] = [(None, one) for one in branches_of(view, nodes, nodes)]
        assert sum(top.counted for _, top in waiting) == sum(one.assessable for one in framework.requirements)
        placed: dict[str, str | None] = {}
        while waiting:
            above, branch = waiting.pop()
            assert branch.node.id not in placed
            assert branch.fits
            placed[branch.node.id] = above
            waiting += [(branch.node.id, one) for one in branch.below]
        assert placed == {one.id: one.parent for one in framework.requirements}


def test_what_is_not_asked_for_stands_only_above_what_is(shipped: Catalogue) -> None:
    view = View(shipped.frameworks[ACT], shipped, Ways())
    [top] = branches_of(view, nodes_of(view), ["15(4).3"])
    assert (top.node.id, top.fits) == ("15", False)
    [paragraph] = top.below
    assert (paragraph.node.id, paragraph.fits, [one.node.id for one in paragraph.below]) == ("15(4)", False, ["15(4).3"])
    assert top.counted == 15, "shares count also what is not shown"


def test_what_is_left_open_is_told_with_the_stated_reason(shipped: Catalogue) -> None:
    for framework in shipped.frameworks.values():
        nodes, reach = nodes_of(View(framework, shipped, Ways())), offered(framework, shipped)
        found = {node.id: node.gap for node, _ in left_open(nodes.values(), reach)}
        assert {id_ for id_, word in reach.items() if word in ("open", "none")} <= set(found)
        assert set(framework.gaps) <= set(found)
        assert {id_: why for id_, why in found.items() if why} == dict(framework.gaps)


@pytest.mark.parametrize(("share", "expected"), [(None, 0), (0, 0), (24, 0), (25, 1), (50, 2), (69, 2), (70, 3), (85, 4), (100, 4)])
def test_shares_are_coloured_as_the_legend_says(share: int | None, expected: int) -> None:
    assert bin_of(share) == expected


# -- the list --------------------------------------------------------------------------------------------------------


def test_all_frameworks_with_every_system_or_one(world: World) -> None:
    reader = world.browser("auditor")
    page = reader.text("/frameworks")
    for framework in world.catalogue.frameworks.values():
        assert html.escape(framework.title) in page
        assert f">{html.escape(short_name(framework))}</a>" in page
        assert f"/frameworks/{framework.id}?system={world.slug}" in page
        assert f"/frameworks/{framework.id}?system={world.other_slug}" in page
    chosen = reader.text(f"/frameworks?system={world.slug}")
    assert f"?system={world.other_slug}" not in chosen
    met, many = share_of(world, RMF)
    assert f"{met} of {many}</small>" in chosen
    met, many = (sum(pair) for pair in zip(share_of(world, RMF), share_of(world, RMF, world.other), strict=True))
    assert f"{met} of {many}</small>" in page


def test_each_framework_says_what_can_be_met_and_whether_it_is_in_force(world: World) -> None:
    page = world.browser("auditor").text("/frameworks")
    for framework in world.catalogue.frameworks.values():
        counts = Counter(offered(framework, world.catalogue).values())
        row = page.partition(f"<small>{html.escape(framework.title)}</small>")[2].partition("</tr>")[0]
        cells = dict(re.findall(r'data-label="(Assessed|By one control|By a set|By parts)"[^>]*><div class="cell">(\d+)', row))
        assert cells == {"Assessed": str(counts.total()), "By one control": str(counts["one"]), "By a set": str(counts["joint"]),
                         "By parts": str(counts["parts"])}
        assert f"{counts['open'] + counts['none']}" in row.partition('data-label="Open"')[2].partition("</td>")[0]
        assert framework.status.capitalize() in row
        assert framework.date in row


def test_only_systems_in_scope(world: World) -> None:
    outsider = world.browser("outsider")
    assert world.slug not in outsider.text("/frameworks")
    assert world.slug not in outsider.text(f"/frameworks/{RMF}")
    assert world.slug not in outsider.text(path_of(RMF, "GOVERN 1.1"))
    for path in ("/frameworks", f"/frameworks/{RMF}", path_of(RMF, "GOVERN 1.1")):
        assert outsider.get(f"{path}?system={world.slug}").status_code == 404
        assert outsider.get(f"{path}?system=no-such").status_code == 404
        assert world.app.test_client().get(path).status_code in (302, 303, 401)


def test_many_systems_come_in_pages(world: World) -> None:
    more_systems(world, 45)
    reader = world.browser("auditor")
    rows = [set(re.findall(r'<th scope="row"><a href="/systems/([^"?]+)', reader.text(f"/frameworks?page={number}")))
            for number in (1, 2, 3)]
    assert [len(one) for one in rows] == [40, 5, 0]
    assert not rows[0] & rows[1]
    shares = [set(re.findall(rf'/frameworks/{RMF}\?system=([^"&]+)', reader.text(f"/frameworks/{RMF}?page={number}")))
              for number in (1, 2, 3)]
    assert [len(one) for one in shares] == [20, 20, 5]
    assert "Systems 21–40 of 45, by name" in reader.text(f"/frameworks/{RMF}?page=2")
    assert "The tree counts these systems only." in reader.text(f"/frameworks/{RMF}")


def test_the_number_of_queries_does_not_grow_with_systems(world: World) -> None:
    reader = world.browser("auditor")
    more_systems(world, 3)
    before = moment_at(world)
    paths = ["/frameworks", f"/frameworks/{RMF}", path_of(RMF, "MEASURE 2.7"), "/frameworks?at=", f"/frameworks/{RMF}?at="]
    few = [statements(world, reader, f"{path}{before}" if path.endswith("=") else path) for path in paths]
    more_systems(world, 30)
    after = moment_at(world)
    assert [statements(world, reader, f"{path}{after}" if path.endswith("=") else path) for path in paths] == few


# -- the tree --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", [False, True])
def test_every_framework_opens_with_all_its_requirements(world: World, system: bool) -> None:
    reader, query = world.browser("auditor"), f"?system={world.slug}" if system else ""
    for framework in world.catalogue.frameworks.values():
        links = links_of(reader.text(f"/frameworks/{framework.id}{query}"))
        assert {path_of(framework.id, one.id) for one in framework.requirements} <= links
        controls = {path.rpartition("/")[2] for path in links
                    if path.startswith(f"/systems/{world.slug}/controls/" if system else "/controls/")}
        named = {control for one in framework.requirements
                 if one.parent is not None or one.assessable or not framework.children.get(one.id)
                 for control in hanging(framework, world.catalogue)[one.id].controls}
        assert controls == named


def test_a_requirement_is_counted_over_the_systems(world: World) -> None:
    both = [covered(world, DUTIES, system).requirements for system in (world.system, world.other)]
    page = html.unescape(world.browser("auditor").text(f"/frameworks/{DUTIES}?open=all"))
    for one in world.catalogue.frameworks[DUTIES].requirements:
        if not one.assessable:
            continue
        states = [found[one.id].covered for found in both]
        row = page.partition(f'href="{path_of(DUTIES, one.id)}"')[2].partition('class="leaf-head"')[0]
        counted = sum(state is not Covered.NOT_APPLICABLE for state in states)
        if not world.catalogue.frameworks[DUTIES].children.get(one.id):
            assert (f"met by {states.count(Covered.MET)} of {counted}" in row) == bool(counted), one.id
    for system, slug in ((world.system, world.slug), (world.other, world.other_slug)):
        met, many = share_of(world, DUTIES, system)
        line = page.partition(f"/frameworks/{DUTIES}?system={slug}")[2].partition("</li>")[0]
        assert f"{met} of {many}" in line


@pytest.mark.parametrize("system", [False, True])
def test_what_the_catalogue_leaves_open_is_never_hidden(world: World, system: bool) -> None:
    reader = world.browser("auditor")
    for id_ in (ACT, "owasp-llm-2026", "g7-sbom-for-ai-2026", "iso-42001-2023-annex-a"):
        framework = world.catalogue.frameworks[id_]
        open_ = {one for one, word in offered(framework, world.catalogue).items() if word in ("open", "none")} | set(framework.gaps)
        for query in ("", "q=zzzz"):
            page = reader.text(f"/frameworks/{id_}?{query}{f'&system={world.slug}' if system else ''}")
            section = page.partition('id="gaps"')[2].partition('id="source"')[0]
            assert {path_of(id_, one) for one in open_} == links_of(section)
            assert all(why in html.unescape(section) for why in framework.gaps.values())
            assert ("Nothing: each assessed requirement" in section) == (not open_)


@pytest.mark.parametrize("status", [word.value for word in Covered])
def test_a_status_narrows_to_the_assessable_with_it(world: World, status: str) -> None:
    found = covered(world, RMF).requirements
    wanted = [one.id for one in world.catalogue.frameworks[RMF].requirements
              if one.assessable and found[one.id].covered.value == status]
    page = world.browser("auditor").text(f"/frameworks/{RMF}?system={world.slug}&status={quote(status)}")
    assert leaves(page) == [path_of(RMF, id_) for id_ in wanted]
    assert f"{len(wanted)} requirement" in page


@pytest.mark.parametrize(("framework", "name", "value"), [
    (SSDF, "priority", "High"), (SSDF, "tag", "new"), (GENAI, "tag", "GAI-09"), (DUTIES, "tag", "deployer")])
def test_priority_and_tag_narrow(world: World, framework: str, name: str, value: str) -> None:
    held = world.catalogue.frameworks[framework]
    wanted = [one.id for one in held.requirements if value in ((one.priority,) if name == "priority" else one.tags)]
    page = world.browser("auditor").text(f"/frameworks/{framework}?{name}={value}")
    assert wanted
    assert leaves(page) == [path_of(framework, id_) for id_ in wanted]
    assert re.search(rf'<option value="{value}" selected>', page)


def test_tags_that_are_requirements_are_named_as_such(world: World) -> None:
    page = html.unescape(world.browser("auditor").text(f"/frameworks/{GENAI}"))
    title = world.catalogue.frameworks[GENAI].by_id["GAI-09"].title
    assert f'<option value="GAI-09">GAI-09 {title}</option>' in page


def test_text_narrows_and_nothing_found_says_so(world: World) -> None:
    reader = world.browser("auditor")
    assert leaves(reader.text(f"/frameworks/{RMF}?q=govern+1.1")) == [path_of(RMF, "GOVERN 1.1")]
    assert "No requirement fits" in reader.text(f"/frameworks/{RMF}?q=zzzz")
    assert "No requirement fits" in reader.text(f"/frameworks/{RMF}?tag=zzzz")
    assert "&lt;b&gt;" in reader.text(f"/frameworks/{RMF}?q=<b>")
    assert "No requirement fits" not in reader.text(f"/frameworks/{RMF}?status=met"), "a status needs a system"


def test_nothing_narrows_by_itself() -> None:
    assert not Wanted().narrowed
    assert Wanted(text="x").narrowed


def test_dates_stand_in_order_with_the_days_to_go(world: World) -> None:
    page = html.unescape(world.browser("auditor").text(f"/frameworks/{DUTIES}"))
    held = world.catalogue.frameworks[DUTIES].dates
    section = page.partition('id="dates"')[2].partition("</section>")[0]
    shown = re.findall(r'<time class="tnum" datetime="([^"]+)"', section)
    assert shown == sorted(one.applies_from for one in held)
    assert "in 553 days" in section, "2 December 2027, seen on 28 May 2026"
    assert "has applied for 480 days" in section, "2 February 2025"
    for one in held:
        assert one.title in section
        assert one.source in section
        assert not one.before or (f'datetime="{one.before}"' in section and f"until {one.amended_by}" in section)
    assert 'id="dates"' not in world.browser("auditor").text(f"/frameworks/{RMF}")


def test_where_our_wording_ends(world: World) -> None:
    for framework in world.catalogue.frameworks.values():
        page = html.unescape(world.browser("auditor").text(f"/frameworks/{framework.id}"))
        assert framework.wording in page
        assert f'rel="noreferrer" href="{framework.source["url"]}"' in page
        assert f"/crosswalk?from={framework.id}" in page


def test_only_web_addresses_become_links(world: World) -> None:
    old = world.catalogue.frameworks[RMF]
    draft = replace(world.catalogue, frameworks={**world.catalogue.frameworks, RMF: replace(
        old, source={**old.source, "url": "javascript:alert(1)"})})
    put_in_force(world.house.office, replace(draft, digest=digest_of(to_text(draft))), world.clock.now)
    for path in (f"/frameworks/{RMF}", path_of(RMF, "GOVERN 1.1")):
        page = world.browser("auditor").text(path)
        assert 'href="javascript' not in page
        assert "javascript:alert(1)" in page


# -- the past --------------------------------------------------------------------------------------------------------


def test_a_past_moment_keeps_itself_in_every_link(world: World) -> None:
    before = moment_at(world)
    world.clock.pass_days(1)
    slug = register_system(world.house.office, OPERATOR, described("Late bot"), world.clock.now).value[1]
    reader = world.browser("auditor")
    for page in ("/frameworks", f"/frameworks/{RMF}"):
        assert slug in reader.text(page)
        assert slug not in reader.text(f"{page}?at={before}")
        then = html.unescape(reader.text(f"{page}?system={world.slug}&at={before}"))
        assert "You are looking at the past" in then
        assert f"system={world.slug}&at={before}" in then, "links keep the moment"


def test_what_is_not_there(world: World) -> None:
    reader = world.browser("auditor")
    for path in ("/frameworks/none", "/frameworks/none/1", f"/frameworks/{RMF}/GOVERN%2099", f"/frameworks/{RMF}/a/b"):
        assert reader.get(path).status_code == 404
    assert reader.get(f"/frameworks/{RMF}?at=yesterday").status_code == 422
