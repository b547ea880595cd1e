"""Baselines side by side, what holds where, and a unit's decision: looked at, recorded, refused, and by whom."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from govern.actions.office import OPERATOR
from govern.actions.organisation import add_unit, put_in_force
from govern.actions.people import grant_role
from govern.actions.systems import register_system
from govern.actions.tailoring import tailor_unit
from govern.catalogue.objects import Catalogue
from govern.catalogue.text import digest_of, to_text
from govern.facts.commands import AddUnit, GrantRole, TailorUnit
from govern.facts.people import Role, ScopeKind
from govern.facts.tailoring import Tailoring
from govern.records.moments import head_position
from govern.records.snapshots import AT_ONCE
from govern.records.tailoring import all_tailorings
from govern.web.baselines_view import baseline_cards, compared, differences, domain_heat, figure_text
from tests.records.test_snapshot import counted
from tests.web.conftest import World, described
from tests.web.test_system_forms import flashed, seen_in

STARTER: dict[str, Any] = {"baseline": "starter", "tolerance": "cautious", "reason": "Small things, and few of them."}


def decide(world: World, unit: str | None, baseline: str | None = "starter", **given: Any) -> None:
    """A decision recorded by the office."""
    fields = {"tolerance": None, "added": frozenset(), "removed": (), "limits": (), "reason": "It fits.", **given}
    tailor_unit(world.house.office, OPERATOR, TailorUnit(unit, baseline, **fields), None, world.clock.now)


def decisions(world: World) -> dict[str | None, Tailoring]:
    with world.store.reading() as connection:
        return all_tailorings(connection)


def head(world: World) -> int:
    with world.store.reading() as connection:
        return head_position(connection)


def row_of(page: str, name: str) -> str:
    """The row of a unit in the list, without its tags."""
    rows = re.findall(r'<tr role="row">(.*?)</tr>', page, re.DOTALL)
    found = next(row for row in rows if f">{name}</a>" in row)
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(found)).split())


# -- side by side ----------------------------------------------------------------------------------------------------


def test_the_ready_baselines_are_counted(shipped: Catalogue) -> None:
    cards = baseline_cards(shipped)
    assert [card["baseline"].id for card in cards] == [one.id for one in shipped.baselines]
    for card in cards:
        controls = [one for id_, one in shipped.controls.items() if id_ in card["baseline"].controls]
        assert (card["controls"], card["asks"]) == (len(controls), sum(len(one.asks) for one in controls))
    heat = domain_heat(shipped)
    assert [row["label"] for row in heat["rows"]] == [domain.title for domain in shipped.domains]
    for row, domain in zip(heat["rows"], shipped.domains, strict=True):
        for cell, baseline in zip(row["cells"], shipped.baselines, strict=True):
            ids = [id_ for id_, one in shipped.controls.items() if one.domain == domain.id]
            held = sum(id_ in baseline.controls for id_ in ids)
            assert cell["value"] == round(100 * held / len(ids))
            assert cell["label"].endswith(f": {held} of {len(ids)} controls")


def test_what_each_holds_beyond_another(shipped: Catalogue) -> None:
    known = {one.id: one for one in shipped.baselines}
    for row in differences(shipped):
        for cell in row["cells"]:
            more = known[row["baseline"].id].controls - known[cell["over"].id].controls
            assert (cell["many"], cell["same"]) == (len(more), row["baseline"] is cell["over"])
            found = compared(shipped, row["baseline"].id, cell["over"].id)
            if cell["same"]:
                assert found is None
            else:
                assert found is not None
                assert {one.id for part in found["domains"] for one in part["controls"]} == more
    assert compared(shipped, "no-such", "starter") is None
    assert compared(shipped, "starter", "") is None


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (3.0, "3"), (0.05, "0.05"), (0.125, "0.125"), (1e-05, "1e-05")])
def test_figures(value: float, text: str) -> None:
    assert figure_text(value) == text


def test_everybody_reads_the_list(world: World) -> None:
    page = unescape(world.browser("auditor").text("/baselines"))
    for one in world.catalogue.baselines:
        assert one.meaning in page
        assert one.least is None or one.least.because in page
    assert row_of(page, "The whole organisation") == (
        "The whole organisation all that applies Balanced as the catalogue has it – nobody yet 2")
    assert row_of(page, "Insurance").endswith("nobody yet 1")
    chosen = unescape(world.browser("auditor").text("/baselines?adds=agentic&over=starter"))
    assert "Agentic beyond Starter" in chosen
    assert '<a href="/baselines" aria-current="page">' in page, "a line of the navigation"
    assert world.app.test_client().get("/baselines").status_code in (302, 303, 401)


def test_a_catalogue_without_baselines(world: World) -> None:
    bare = replace(world.catalogue, baselines=(), tolerances=(), limits=())
    bare = replace(bare, controls={id_: replace(one, asks=tuple(
        replace(ask, checks=tuple(check for check in ask.checks if "limit." not in (check.expression or ""))) for ask in one.asks))
        for id_, one in bare.controls.items()})
    put_in_force(world.house.office, replace(bare, digest=digest_of(to_text(bare))), world.clock.now)
    officer = world.browser("compliance-officer")
    assert "has no baselines" in officer.text("/baselines")
    assert officer.get("/baselines/insurance").status_code == 200
    assert officer.get(f"/systems/{world.slug}").status_code == 200


# -- what holds where ------------------------------------------------------------------------------------------------


def test_what_is_decided_above_is_inherited(world: World) -> None:
    below = add_unit(world.house.office, OPERATOR, AddUnit("claims", "Claims", world.unit), world.clock.now).value
    decide(world, None, "consequential", tolerance="open", reason="For all of us.")
    decide(world, world.unit, "starter", added=frozenset({"DOC-07"}), removed=(("GOV-01", "The group has <one>."),),
           limits=(("attack-success", 0.02),))
    page = unescape(world.browser("auditor").text("/baselines"))
    assert row_of(page, "The whole organisation").startswith("The whole organisation For all of us. Consequential Open")
    assert row_of(page, "Insurance").startswith(
        "Insurance It fits. Starter Open from the organisation 1 added, 1 taken out, 1 figure")
    assert row_of(page, "Claims") == "Claims Starter from Insurance Open from the organisation – inherited 0"
    one = unescape(world.browser("auditor").text("/baselines/claims"))
    for text in ("adopted by Insurance", "own figure of Insurance", "0.02", "Nothing decided here yet"):
        assert text in one
    own = world.browser("auditor").text("/baselines/insurance")
    for text in ("The group has &lt;one&gt;.", "DOC-07", "Decided by Somebody", "It fits."):
        assert text in own
    assert "f-form" not in own, "who may not decide has no form"
    decide(world, below, None, tolerance="cautious")
    assert row_of(unescape(world.browser("auditor").text("/baselines")), "Claims").startswith(
        "Claims It fits. Starter from Insurance Cautious")


def test_the_past_shows_the_decisions_of_then(world: World) -> None:
    before = head(world)
    decide(world, world.unit)
    auditor = world.browser("auditor")
    assert "from" not in row_of(auditor.text(f"/baselines?at={before}"), "Insurance")
    assert "nobody yet" in row_of(auditor.text(f"/baselines?at={before}"), "Insurance")
    assert "Starter" in row_of(auditor.text(f"/baselines?at={before + 1}"), "Insurance")
    past = world.browser("compliance-officer").text(f"/baselines/insurance?at={before}")
    assert "Nothing decided here yet" in past
    assert "See what changes" not in past


def test_only_units_in_reach(world: World) -> None:
    add_unit(world.house.office, OPERATOR, AddUnit("secret", "Secret unit", None), world.clock.now)
    owner = world.browser("system-owner")
    page = owner.text("/baselines")
    assert "Secret unit" not in page
    assert "Insurance" in page
    assert row_of(page, "The whole organisation").endswith(" 1"), "systems out of reach are not counted"
    assert owner.get("/baselines/secret").status_code == 404
    assert owner.get("/baselines/insurance").status_code == 200
    assert owner.get("/baselines/no-such").status_code == 404
    assert world.browser("outsider").get("/baselines/insurance").status_code == 404
    assert owner.post("/baselines/insurance", STARTER).status_code == 403


def test_a_unit_that_is_called_as_the_organisation_is(world: World) -> None:
    odd = add_unit(world.house.office, OPERATOR, AddUnit("organisation", "Organisation office", None), world.clock.now).value
    officer = world.browser("compliance-officer")
    assert f'href="/baselines/{odd}"' in officer.text("/baselines")
    assert "Baseline of Organisation office" in officer.text(f"/baselines/{odd}")
    assert "the whole organisation" in officer.text("/baselines/organisation")
    assert officer.post(f"/baselines/{odd}", {**STARTER, "do": "record"}).location == f"/baselines/{odd}"
    assert set(decisions(world)) == {odd}


# -- deciding --------------------------------------------------------------------------------------------------------


def test_a_decision_is_looked_at_then_recorded(world: World) -> None:
    officer, before = world.browser("compliance-officer"), head(world)
    form = officer.text("/baselines/insurance")
    assert seen_in(form) == ""
    sent = {**STARTER, "seen": "", "added": ["DOC-07", "EVA-05"], "limit-attack-success": "0.02", "limit-critical-findings": "",
            "removed-control": ["GOV-06", "", "RSK-05"], "removed-reason": ["The group has one.", "", "Covered & done."]}
    look = officer.post("/baselines/insurance", {**sent, "do": "preview"})
    assert (look.status_code, head(world)) == (200, before)
    page = unescape(look.text)
    for text in ("What changes for Insurance", "Claims assistant", "No longer asked for", "Cautious", "0.02", "Covered & done.",
                 "Not in the baseline “Starter”, which Insurance adopted."):
        assert text in page
    assert "Support bot" not in page, "a system of no unit is not touched"
    inputs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', look.text)
    again: dict[str, Any] = {}
    for name, value in inputs:
        if name != "csrf_token":
            again.setdefault(name, []).append(unescape(value))
    back = officer.post("/baselines/insurance", {**again, "do": "back"})
    assert back.status_code == 200
    for text in ('value="DOC-07" checked', 'value="EVA-05" checked', 'value="0.02"', 'value="Covered &amp; done."',
                 '<option value="RSK-05" selected>', 'value="starter" checked', 'value="cautious" checked', STARTER["reason"]):
        assert text in back.text
    done = officer.post("/baselines/insurance", {**again, "do": "record"})
    assert (done.status_code, done.location, head(world)) == (303, "/baselines/insurance", before + 1)
    assert "is recorded" in flashed(officer, "/baselines/insurance")
    found = decisions(world)[world.unit]
    assert (found.baseline, found.tolerance, found.added, found.limits, found.reason) == (
        "starter", "cautious", frozenset({"DOC-07", "EVA-05"}), (("attack-success", 0.02),), STARTER["reason"])
    assert dict(found.removed) == {"GOV-06": "The group has one.", "RSK-05": "Covered & done."}
    assert found.decided_by == world.people["compliance-officer"]
    shown = officer.text("/baselines/insurance")
    assert seen_in(shown) == found.row
    assert "Compliance Officer Person" in shown
    assert 'value="starter" checked' in shown


def test_the_organisation_decides_for_all(world: World) -> None:
    officer = world.browser("compliance-officer")
    page = officer.post("/baselines/organisation", {**STARTER, "do": "preview"}).text
    assert "Claims assistant" in page
    assert "Support bot" in page
    assert officer.post("/baselines/organisation", {**STARTER, "do": "record"}).location == "/baselines/organisation"
    assert set(decisions(world)) == {None}


def test_a_nearer_decision_keeps_its_systems_as_they_are(world: World) -> None:
    decide(world, world.unit, "high-risk", tolerance="balanced")
    page = unescape(world.browser("compliance-officer").post("/baselines/organisation", {**STARTER, "do": "preview"}).text)
    claims = page[page.index(">Claims assistant</h2>"):page.index(">Support bot</h2>")]
    assert "Nothing changes for it." in claims
    assert "1 stay as they are" in page


def test_more_rows(world: World) -> None:
    officer = world.browser("compliance-officer")
    rows = officer.text("/baselines/insurance").count('name="removed-control"')
    more = officer.post("/baselines/insurance", {"do": "rows", "removed-control": ["GOV-06"], "removed-reason": ["Because"],
                                                 "reason": "Typed <so far>"})
    assert more.text.count('name="removed-control"') > rows
    assert "Typed &lt;so far&gt;" in more.text
    assert '<option value="GOV-06" selected>' in more.text


@pytest.mark.parametrize(("changed", "field", "text"), [
    ({"reason": " "}, "reason", "This is needed"),
    ({"baseline": "huge"}, "baseline", "no baseline “huge”"),
    ({"tolerance": "wild"}, "tolerance", "no risk tolerance"),
    ({"baseline": "", "added": "EVA-04"}, "baseline", "none is chosen"),
    ({"added": "XXX-01"}, "controls", "no control XXX-01"),
    ({"added": "not a control"}, "added", "id of a control"),
    ({"removed-control": "GOV-01", "removed-reason": ""}, "removed", "needed"),
    ({"removed-control": "", "removed-reason": "Why not"}, "removed", "needed"),
    ({"removed-control": ["GOV-01", "GOV-01"], "removed-reason": ["A", "B"]}, "removed", "taken out twice"),
    ({"removed-control": "GOV-01", "removed-reason": "A", "added": "GOV-01"}, "removed", "both added and taken out"),
    ({"limit-attack-success": "much"}, "limits", "valid number"),
    ({"limit-critical-findings": "1.5"}, "limits", "whole number"),
    ({"limit-speed": "3"}, "limits", "no limit “speed”"),
    ({"limit-attack-success": "nan"}, "limits", "Special numeric values"),
])
@pytest.mark.parametrize("do", ["preview", "record"])
def test_a_wrong_decision_comes_back_as_typed(world: World, do: str, changed: dict[str, Any], field: str, text: str) -> None:
    response = world.browser("compliance-officer").post("/baselines/insurance", {**STARTER, "do": do, **changed})
    page = unescape(response.text)
    assert response.status_code == 422
    assert text in page
    assert f'href="#f-{field}"' in page
    assert f'id="f-{field}"' in page
    assert 'value="cautious" checked' in page or "tolerance" in changed
    assert decisions(world) == {}


def test_somebody_decided_meanwhile(world: World) -> None:
    officer = world.browser("compliance-officer")
    seen = seen_in(officer.text("/baselines/insurance"))
    decide(world, world.unit, "agentic", reason="I was faster.")
    late = officer.post("/baselines/insurance", {**STARTER, "do": "record", "seen": seen})
    assert late.status_code == 412
    page = unescape(late.text)
    assert "I was faster." in page
    assert STARTER["reason"] in page, "what was typed is still there"
    assert seen_in(late.text) == decisions(world)[world.unit].row
    assert officer.post("/baselines/insurance", {**STARTER, "do": "record", "seen": seen_in(late.text)}).status_code == 303
    assert decisions(world)[world.unit].baseline == "starter"


def test_who_may_decide(world: World) -> None:
    for who in ("administrator", "system-owner", "contributor", "reviewer", "auditor"):
        assert world.browser(who).post("/baselines/organisation", {**STARTER, "do": "record"}).status_code == 403
    grant_role(world.house.office, OPERATOR, GrantRole(
        world.people["reviewer"], Role.COMPLIANCE_OFFICER, ScopeKind.UNIT, world.unit), world.clock.now)
    reviewer = world.browser("reviewer")
    assert "See what changes" in reviewer.text("/baselines/insurance")
    assert "See what changes" not in reviewer.text("/baselines/organisation")
    assert reviewer.post("/baselines/organisation", {**STARTER, "do": "preview"}).status_code == 403
    assert reviewer.post("/baselines/insurance", {**STARTER, "do": "record"}).status_code == 303
    assert set(decisions(world)) == {world.unit}


# -- how much work it is ---------------------------------------------------------------------------------------------


def fill(world: World, many: int, begin: int = 0) -> None:
    for number in range(begin, begin + many):
        register_system(world.house.office, OPERATOR, described(f"System {number:02}", world.unit), world.clock.now)


def test_a_preview_looks_at_a_bounded_number_of_systems(world: World) -> None:
    fill(world, AT_ONCE + 3)
    page = unescape(world.browser("compliance-officer").post("/baselines/insurance", {**STARTER, "do": "preview"}).text)
    assert AT_ONCE <= 25
    assert page.count('aria-labelledby="system-') == AT_ONCE
    assert f"These are the first {AT_ONCE} of {AT_ONCE + 4} systems by name; the decision holds for the other 4 as well." in page


def test_the_number_of_statements_does_not_grow(world: World) -> None:
    officer = world.browser("compliance-officer")

    def sent(act: str) -> int:
        with counted(world.store.engine) as statements:
            if act == "preview":
                assert officer.post("/baselines/insurance", {**STARTER, "do": "preview"}).status_code == 200
            else:
                officer.text(act)
        return len(statements)

    pages = ["/baselines", "/baselines/insurance", "preview"]
    decide(world, world.unit, None, tolerance="open")
    before = [sent(page) for page in pages]
    fill(world, 12)
    for number in range(6):
        command = AddUnit(f"part-{number}", f"Part {number}", world.unit)
        decide(world, add_unit(world.house.office, OPERATOR, command, world.clock.now).value)
    assert [sent(page) for page in pages] == before
    assert max(before) <= 26, before

