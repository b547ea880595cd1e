"""Traceability: the page from every start, its picture and table, files, who may see and export what, what it costs."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from urllib.parse import quote

from govern.actions.office import OPERATOR
from govern.actions.people import grant_role
from govern.actions.systems import register_system
from govern.facts.commands import GrantRole
from govern.facts.people import Role, ScopeKind
from govern.records.evidence import evidence as evidence_of
from govern.records.readers import reader_for
from tests.records.test_snapshot import counted
from tests.web.conftest import Browser, World, clean_garak, described
from tests.web.test_submit import send_one

CONTROL, RMF, ATLAS = "EVA-04", "nist-ai-rmf-1.0", "mitre-atlas-5.6.0"


def links(text: str) -> set[str]:
    """The addresses that a page links to."""
    return {html.unescape(found) for found in re.findall(r'href="([^"]+)"', text)}


def rows(text: str) -> list[str]:
    """The rows of the table, as text."""
    body = text.partition("<tbody")[2].partition("</tbody>")[0]
    return [html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))).strip()
            for row in re.findall(r'<tr role="row">(.*?)</tr>', body, re.DOTALL)]


def reviewed(world: World, verdict: str = "accepted") -> tuple[str, str]:
    """A test that was sent for EVA-04 and decided on: the keys of the evidence and of the review."""
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls=CONTROL, title="Attack <run>")
    reviewer = world.browser("reviewer")
    form = reviewer.text(f"/evidence/{key}/versions/1/review")
    answers = dict.fromkeys(re.findall(r'name="(answer\.[^"]+)"', form), "yes")
    done = reviewer.post(f"/evidence/{key}/versions/1/review", {"verdict": verdict, "comment": "Read.", **answers})
    assert done.status_code == 303, done.text[:800]
    with world.store.reading() as connection:
        found = evidence_of(connection, reader_for(connection, OPERATOR, None, world.clock.now), key)
    assert found is not None
    assert found.versions[0].review is not None
    return key, found.versions[0].review.key


def mapped(world: World, framework: str = RMF) -> str:
    """A requirement that the control is mapped to."""
    return next(link.requirement for link in world.catalogue.controls[CONTROL].mappings if link.framework == framework)


# -- the page ------------------------------------------------------------------------------------------------------


def test_without_a_start_it_teaches_and_offers_choices(world: World) -> None:
    key, review = reviewed(world)
    page = world.browser("auditor").text("/trace")
    assert "Choose where to start" in page
    there = links(page)
    assert {f"/trace?framework={id_}" for id_ in world.catalogue.frameworks} <= there
    assert {f"/trace?system={slug}" for slug in (world.slug, world.other_slug)} <= there
    assert {f"/trace?evidence={key}", f"/trace?decision={review}"} <= there
    for control in world.catalogue.controls:
        assert f'<option value="{control}"' in page
    assert 'aria-current="page"' in page.partition('href="/trace"')[2][:40], "the navigation has it"


def test_without_a_start_and_a_system(world: World) -> None:
    outsider = world.browser("outsider").text("/trace")
    assert f"/trace?system={world.slug}" not in links(outsider)
    assert f"/trace?system={world.other_slug}" in links(outsider)


def starts(world: World, key: str, review: str) -> list[str]:
    """The five addresses that one chain is found from."""
    return [f"framework={RMF}&requirement={quote(mapped(world))}", f"control={CONTROL}&framework={RMF}",
            f"system={world.slug}&framework={RMF}&control={CONTROL}", f"evidence={key}", f"decision={review}"]


def test_one_chain_from_every_start(world: World) -> None:
    key, review = reviewed(world)
    auditor, requirement = world.browser("auditor"), mapped(world)
    for start in starts(world, key, review):
        page = auditor.text(f"/trace?{start}")
        while not any(row.startswith(requirement) and "Attack" in row for row in rows(page)):
            follows = re.search(r'rel="next" href="([^"]+)"', page)
            assert follows, f"the chain is not in {start}"
            page = auditor.text(html.unescape(follows[1]))
        row = next(row for row in rows(page) if row.startswith(requirement) and "Attack" in row)
        for told in (CONTROL, "Claims assistant", "Attack <run>", "version 1", "Accepted", "Reviewer Person"):
            assert told in row, f"{told} in {start}"


def test_every_box_of_the_picture_walks_on(world: World) -> None:
    key, review = reviewed(world)
    auditor = world.browser("auditor")
    page = auditor.text(f"/trace?evidence={key}")
    boxes = re.findall(r'<a class="trace-box[^"]*" href="([^"]+)"', page)
    kinds = {re.match(r"/trace\?(\w+)=", html.unescape(one))[1] for one in boxes}  # type: ignore[index]  # all match
    assert kinds == {"framework", "control", "system", "evidence", "decision"}
    assert f"/trace?decision={review}" in boxes
    for address in dict.fromkeys(boxes[:3] + boxes[-4:]):
        assert "trace-picture" in auditor.text(html.unescape(address))
    assert "Attack &lt;run&gt;" in page
    assert "<run>" not in page


def test_a_decision_shows_verdict_reviewer_and_time(world: World) -> None:
    key, review = reviewed(world, "rejected")
    page = world.browser("auditor").text(f"/trace?decision={review}")
    card = re.sub(r"<[^>]+>", " ", page.partition('id="decision"')[2].partition("</section>")[0])
    for told in ("Rejected", "Reviewer Person (in person)", "28 May 2026", "Attack &lt;run&gt;, version 1"):
        assert told in re.sub(r"\s+", " ", card)
    assert 'id="decision"' not in world.browser("auditor").text(f"/trace?evidence={key}")


def test_where_chains_end(world: World) -> None:
    auditor = world.browser("auditor")
    gaps = auditor.text(f"/trace?control={CONTROL}&system={world.slug}")
    assert "Nothing sent" in gaps
    assert "Nothing has been sent for" in gaps
    assert "trace-stub" in gaps
    send_one(world.browser("system-owner"), world, clean_garak(), controls=CONTROL, title="Attack run")
    assert "Awaits review" in auditor.text(f"/trace?control={CONTROL}&system={world.slug}")
    apart = auditor.text(f"/trace?framework={ATLAS}&control={CONTROL}&evidence=" + send_one(
        world.browser("system-owner"), world, clean_garak(39), controls="GOV-01", title="Elsewhere"))
    assert "Nothing connects these" in apart


def test_inherited_evidence_says_so(world: World) -> None:
    officer = world.browser("compliance-officer")
    sent = officer.send({"policy.md": b"# Policy\n\nEvery system has an owner.\n"},
                        {"about": "organisation", "kind": "policy", "controls": "GOV-01", "title": "House rules"})
    assert sent.status_code == 303, sent.text[:500]
    page = world.browser("auditor").text(f"/trace?evidence={sent.location.rpartition('/')[2]}")
    assert "Inherited: “House rules” speaks for the whole organisation." in html.unescape(page)
    assert {"Claims assistant", "Support bot"} <= {name for name in ("Claims assistant", "Support bot") if name in page}


def test_as_of_an_earlier_day(world: World) -> None:
    day = "2026-05-28"
    world.clock.pass_days(5)
    key, _ = reviewed(world)
    auditor = world.browser("auditor")
    past = auditor.text(f"/trace?control={CONTROL}&at={day}")
    assert "As of" in past
    assert "Attack &lt;run&gt;" not in past
    assert "Attack &lt;run&gt;" in auditor.text(f"/trace?control={CONTROL}")
    boxes = re.findall(r'<a class="trace-box[^"]*" href="([^"]+)"', past)
    assert boxes
    assert all("at=2026-05-28" in one for one in boxes)
    assert auditor.get(f"/trace?evidence={key}&at={day}").status_code == 404


def test_a_requirement_of_another_framework_is_dropped_with_a_word(world: World) -> None:
    page = world.browser("auditor").text(f"/trace?framework={ATLAS}&requirement={quote(mapped(world))}")
    assert f"no requirement “{mapped(world)}”" in html.unescape(page)
    assert "No control mapped" in page or "Left open" in page or CONTROL in page


def test_what_cannot_be_traced(world: World) -> None:
    auditor = world.browser("auditor")
    for query, status in (
            ("framework=none", 404), ("control=ZZZ-99", 404), ("system=none", 404), ("evidence=none", 404), ("decision=none", 404),
            ("requirement=1", 422), ("control=x", 422), ("cursor=x&control=EVA-04", 422), ("control=EVA-04&at=once", 422),
            ("control=EVA-04&history=some", 422)):
        for path in ("/trace", "/trace.csv", "/trace.json"):
            assert auditor.get(f"{path}?{query}").status_code == status, f"{path}?{query}"


# -- files ---------------------------------------------------------------------------------------------------------


def read_csv(browser: Browser, query: str) -> list[dict[str, str]]:
    answer = browser.get(f"/trace.csv?{query}")
    assert answer.status_code == 200, answer.text[:500]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_files_hold_every_row_and_the_same(world: World) -> None:
    key, review = reviewed(world)
    auditor = world.browser("auditor")
    found = read_csv(auditor, f"control={CONTROL}")
    answer = auditor.get(f"/trace.json?control={CONTROL}")
    body = json.loads(answer.data)
    assert len(found) == len(body["rows"]) > 100, "more than one page of the table"
    assert [(row["Requirement"], row["System"], row["Evidence"]) for row in found] == [
        (row["requirement"] or "", row["system"] or "", row["evidence"] or "") for row in body["rows"]]
    [chain] = [row for row in found if row["Decision"] == review and (row["Framework"], row["Requirement"]) == (RMF, mapped(world))]
    assert (chain["Title"], chain["Verdict"], chain["Reviewer"], chain["Evidence"]) == (
        "Attack <run>", "accepted", "Reviewer Person", key)
    for one in (answer, auditor.get(f"/trace.csv?control={CONTROL}")):
        assert re.search(r"filename=trace-2026-05-28-entry-\d+\.(csv|json)", one.headers["Content-Disposition"])


def test_the_json_file_is_what_the_api_answers_with_a_stamp(world: World) -> None:
    key, _ = reviewed(world)
    auditor = world.browser("auditor")
    body = json.loads(auditor.get(f"/trace.json?evidence={key}").data)
    stamp = body.pop("stamp")
    assert body == auditor.get(f"/api/v1/trace?evidence={key}&size=500").get_json()
    assert (stamp["position"], stamp["catalogue"], stamp["past"]) == (body["moment"]["position"], world.catalogue.digest, False)
    assert len(stamp["root"]) == 64
    [row, *_] = read_csv(auditor, f"evidence={key}")
    assert (row["Ledger entry"], row["Ledger root"], row["As of (UTC)"]) == (
        str(stamp["position"]), stamp["root"], body["moment"]["instant"])


def test_no_cell_is_a_formula(world: World) -> None:
    key = send_one(world.browser("system-owner"), world, clean_garak(), controls=CONTROL, title="=HYPERLINK(1)")
    assert {row["Title"] for row in read_csv(world.browser("auditor"), f"evidence={key}")} == {"'=HYPERLINK(1)"}


def test_files_need_a_start_and_the_right(world: World) -> None:
    key, review = reviewed(world)
    for who in ("contributor", "administrator"):
        assert "/trace.csv" not in world.browser(who).text(f"/trace?control={CONTROL}")
    assert "/trace.csv?control=EVA-04" in world.browser("auditor").text(f"/trace?control={CONTROL}")
    outsider = world.browser("outsider")
    for path in ("/trace.csv", "/trace.json"):
        assert world.browser("auditor").get(path).status_code == 422
        for who in ("contributor", "administrator"):
            assert world.browser(who).get(f"{path}?control={CONTROL}").status_code == 403
        for start in (f"system={world.slug}", f"evidence={key}", f"decision={review}"):
            assert outsider.get(f"{path}?{start}").status_code == 404
            assert outsider.get(f"/trace?{start}").status_code == 404


def test_a_file_holds_only_systems_that_one_may_export(world: World) -> None:
    """Somebody who reads one system as a contributor and owns another exports the second only."""
    key, _ = reviewed(world)
    grant_role(world.house.office, OPERATOR, GrantRole(
        world.people["contributor"], Role.SYSTEM_OWNER, ScopeKind.SYSTEM, world.other), world.clock.now)
    both = world.browser("contributor")
    assert {"Claims assistant", "Support bot"} <= {name for name in ("Claims assistant", "Support bot")
                                                   if name in both.text(f"/trace?control={CONTROL}")}
    assert {row["System"] for row in read_csv(both, f"control={CONTROL}")} == {world.other_slug}
    assert both.get(f"/trace.csv?system={world.slug}").status_code == 403
    assert both.get(f"/trace.csv?evidence={key}").status_code == 403
    assert read_csv(both, f"system={world.other_slug}&control={CONTROL}")


def test_a_reader_of_one_system_sees_its_chains_only(world: World) -> None:
    reviewed(world)
    outsider = world.browser("outsider")
    page = outsider.text(f"/trace?control={CONTROL}")
    assert "Support bot" in page
    assert "Claims assistant" not in page
    assert {row["System"] for row in read_csv(outsider, f"control={CONTROL}")} == {world.other_slug}


# -- what it costs -------------------------------------------------------------------------------------------------


def queries(world: World, path: str) -> int:
    auditor = world.browser("auditor")
    auditor.text(path)
    with counted(world.store.engine) as sent:
        auditor.text(path)
    return len(sent)


def test_the_number_of_queries_is_the_same_with_3_and_30_systems_and_any_history(world: World) -> None:
    office, officer = world.house.office, OPERATOR
    register_system(office, officer, described("Third", world.unit), world.clock.now)
    key, review = reviewed(world)
    paths = [f"/trace?framework={RMF}", f"/trace?control={CONTROL}", f"/trace?system={world.slug}", f"/trace?evidence={key}",
             f"/trace?decision={review}", f"/trace?control={CONTROL}&history=all", "/trace"]
    few = {path: queries(world, path) for path in paths}
    assert max(few.values()) <= 24, few
    owner = world.browser("system-owner")
    for number in range(27):
        register_system(office, officer, described(f"System {number}", world.unit), world.clock.now)
        if number < 5:
            send_one(owner, world, clean_garak(30 + number), evidence=key)
            send_one(owner, world, clean_garak(10 + number), controls=CONTROL, title=f"Run {number}")
    assert {path: queries(world, path) for path in paths} == few
