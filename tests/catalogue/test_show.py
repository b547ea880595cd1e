"""The catalogue in plain lines: what a person looks for stands there."""

from __future__ import annotations

from pathlib import Path

import pytest

from govern.catalogue.loader import load
from govern.catalogue.objects import Catalogue
from govern.catalogue.show import check_figures, check_report, show, show_control, show_framework, show_kind
from govern.errors import NotFound
from tests.catalogue.tiny import MAPPINGS, lay_out


@pytest.fixture
def tiny(tmp_path: Path) -> Catalogue:
    return load(lay_out(tmp_path))


def test_a_control_shows_what_it_asks_for_when_and_why(tiny: Catalogue) -> None:
    assert show_control(tiny, "GOV-02") == [
        "GOV-02  Scans",
        "Agents are scanned.",
        "",
        "Stages:  Operation",
        "Applies: trait.agentic (The system acts.)",
        "Led by:  Engineering",
        "Answers: Drift",
        "Serves:  Integrity (layer: Model)",
        "",
        "How to do it",
        "  Scan before each release.",
        "",
        "Asks for",
        "  GOV-02.1  Clean scan",
        "    policy or scan report; about the release; does not age, tested",
        "    due within 30 days after: Release",
        "    only where !trait.high_risk (The law asks more otherwise.)",
        "      - Are there no critical findings?",
        "        computed for scan-report: findings.critical <= limit.open_findings && rate.pass > 0.5",
        "",
        "Mapped to law-1",
        "  A.1  First (intersects-with)",
        "    Scans are the other half of care.",
    ]


def test_a_framework_shows_its_tree_with_controls_and_joint_sets(tiny: Catalogue) -> None:
    assert show_framework(tiny, "law-1") == [
        "law-1  The law",
        "The state; 1; 2024-07; in force",
        "https://example.org/law",
        "All ours.",
        "All of it: applies from 2027-12-02 (was 2026-08-02 until The other law)",
        "",
        "A  Article A",
        "    open: Nobody can prove to be good.",
        "  A.1  First",
        "      GOV-01 GOV-02",
        "      joint: GOV-01 GOV-02",
        "  A.2  Second",
        "B  Article B",
        "    through: law-1 A",
    ]


def test_a_control_that_alone_meets_a_requirement_is_marked(tmp_path: Path) -> None:
    stronger = MAPPINGS.replace("relation: intersects-with, why: The", "relation: equal, why: The")
    tiny = load(lay_out(tmp_path, {"mappings/law-1.yaml": stronger}))
    assert "      =GOV-01 GOV-02" in show_framework(tiny, "law-1")


def test_a_kind_shows_what_it_can_state_and_who_asks(tiny: Catalogue) -> None:
    assert show_kind(tiny, "scan-report") == [
        "scan-report  Scan report",
        "What a scanner found.",
        "structured; does not age; reviewed by: security engineer",
        "",
        "States",
        "  findings.critical (int): Critical findings",
        "  rate.pass (double): Share passed",
        "",
        "Asked for by: GOV-02",
    ]


def test_the_overview_lists_everything_there_is(shipped: Catalogue) -> None:
    lines = show(shipped)
    for name in [*shipped.controls, *shipped.frameworks, *shipped.kinds]:
        assert any(line.strip().startswith(f"{name}  ") for line in lines), name


@pytest.mark.parametrize(
    ("name", "first"),
    [("gov-02", "GOV-02  Scans"), ("GOV-02.1", "GOV-02  Scans"), ("LAW-1", "law-1  The law"),
     ("policy", "policy  Policy")],
)
def test_any_id_is_found_whatever_its_capitals(tiny: Catalogue, name: str, first: str) -> None:
    assert show(tiny, name)[0] == first


@pytest.mark.parametrize(("name", "mend"), [("gvo-02", "“GOV-02”"), ("LWA-1", "“law-1”"), ("q", "the ids")])
def test_an_unknown_id_is_told_with_the_nearest(tiny: Catalogue, name: str, mend: str) -> None:
    with pytest.raises(NotFound) as missing:
        show(tiny, name)
    assert mend in missing.value.mend


@pytest.mark.parametrize("shown", [show_control, show_framework, show_kind])
def test_each_part_refuses_an_unknown_id(tiny: Catalogue, shown: object) -> None:
    assert callable(shown)
    with pytest.raises(NotFound, match="nothing-like-it"):
        shown(tiny, "nothing-like-it")


def test_the_check_counts_and_tells_what_is_not_reached(tiny: Catalogue, tmp_path: Path) -> None:
    assert check_report(tiny) == [
        f"The catalogue is sound. Digest {tiny.digest}",
        "2 controls in 1 domains, 2 asks, 2 checks (1 computed), 2 mappings",
        "2 kinds of evidence, 2 traits, 2 stages, 1 events",
        "law-1: 2 assessable, 1 mapped, 0 can be met by one control, 1 jointly, 1 through others, 0 stay open",
    ]


def test_the_check_gives_the_same_to_programs(tiny: Catalogue) -> None:
    found = check_figures(tiny)
    assert (found["digest"], found["controls"], found["mappings"], found["checks_computed"]) == (tiny.digest, 2, 2, 1)
    assert found["frameworks"] == [{
        "framework": "law-1", "title": "The law", "version": "1", "date": "2024-07", "status": "in force", "origin": "",
        "assessable": 2, "mapped": 1, "by_one": 0, "jointly": 1, "through": 1, "open": (), "unreached": (),
        "gaps": {"A": "Nobody can prove to be good."}}]


def test_nothing_shown_of_the_shipped_catalogue_is_wider_than_a_terminal(shipped: Catalogue) -> None:
    for name in [None, *shipped.controls, *shipped.frameworks, *shipped.kinds]:
        lines = [line for line in show(shipped, name) if not line.startswith("https://")]  # an address is not broken
        assert max(map(len, lines)) <= 110, name
