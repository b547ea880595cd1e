"""The main job as its people do it: upload, review, status, the auditor's past view, exports; also without scripts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from govern.jobs.demo.tools import garak_report

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OWNER, REVIEWER, AUDITOR = "owner@harbour.example", "security@harbour.example", "auditor@harbour.example"
CONTROL = "/systems/policy-search-for-staff/controls/EVA-04"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_evidence_proves_a_control(visit: Callable[..., Page], tmp_path: Path, scripts: bool) -> None:
    report = tmp_path / f"garak-{scripts}.report.jsonl"
    report.write_bytes(garak_report(f"policy-search-{scripts}", 1_790_000_000_000, 9, 0.02))
    title = f"Garak run, scripts {scripts}"

    page = visit(OWNER, "/evidence/new?system=policy-search-for-staff&control=EVA-04", scripts=scripts)
    page.get_by_label("Title").fill(title)
    page.locator("input[type=file]").first.set_input_files(report)
    page.get_by_role("button", name=re.compile("Upload|Submit|Send")).first.click()
    page.wait_for_load_state("networkidle")
    page.goto(page.url.split("/evidence")[0] + "/evidence?q=" + title.replace(" ", "+"))
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    address = page.url

    own = visit(OWNER, "/reviews", scripts=scripts)
    assert title not in own.content()

    judge = visit(REVIEWER, "/reviews", scripts=scripts)
    judge.goto(address)
    judge.get_by_role("link", name=re.compile("Review")).last.click()
    for yes in judge.locator("input[type=radio][value=yes]").all():
        yes.check()
    judge.get_by_role("button", name=re.compile("Accept")).first.click()
    judge.wait_for_load_state("networkidle")

    after = visit(OWNER, CONTROL, scripts=scripts)
    expect(after.locator("body")).to_contain_text(title)
    expect(after.locator("body")).to_contain_text("accepted")


def test_the_auditor_looks_back_and_exports(visit: Callable[..., Page]) -> None:
    page = visit(AUDITOR, "/systems/customer-support-agent?at=2026-06-30")
    expect(page.locator("body")).to_contain_text("30 June 2026")
    assert page.locator("main form[method=post]").count() == 0
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("XLSX|Workbook", re.I)).first.click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as book:
        assert "xl/workbook.xml" in book.namelist()


def test_a_control_opens_in_a_drawer_and_gives_the_focus_back(visit: Callable[..., Page]) -> None:
    page = visit(OWNER, "/systems/customer-support-agent")
    link = page.locator("a[data-drawer]").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert page.evaluate("document.activeElement?.hasAttribute('data-drawer')")
