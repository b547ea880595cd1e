"""Exports through the door: what they are, whose they are, and which moment they speak of."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from govern.facts.moments import iso_date
from tests.web.conftest import World, clean_garak
from tests.web.test_submit import send_one

PATHS = ("/systems/{slug}/export.xlsx", "/systems/{slug}/summary.pdf", "/systems/{slug}/controls.csv",
         "/systems/{slug}/evidence.csv")


def test_the_workbook(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="=HYPERLINK(1)")
    response = world.browser("auditor").get(f"/systems/{world.slug}/export.xlsx")
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert len(response.data) == response.content_length
    book = load_workbook(io.BytesIO(response.data))
    register = [[cell.value for cell in row] for row in book["Evidence register"].iter_rows()]
    assert any("HYPERLINK" in str(value) for row in register for value in row)
    assert all(cell.data_type != "f" for row in book["Evidence register"].iter_rows() for cell in row)
    assert book["Control matrix"].max_row > len(world.catalogue.controls)


def test_the_workbook_of_all_holds_what_one_may_export(world: World) -> None:
    auditor = load_workbook(io.BytesIO(world.browser("auditor").get("/export.xlsx").data))
    owner = load_workbook(io.BytesIO(world.browser("system-owner").get("/export.xlsx").data))
    names = [{row[0].value for row in book["Control matrix"].iter_rows(min_row=2)} for book in (auditor, owner)]
    assert {"Claims assistant", "Support bot"} <= names[0]
    assert "Claims assistant" in names[1]
    assert "Support bot" not in names[1]


def test_the_summary(world: World) -> None:
    response = world.browser("auditor").get(f"/systems/{world.slug}/summary.pdf")
    assert response.data.startswith(b"%PDF-")
    reader = PdfReader(io.BytesIO(response.data))
    assert len(reader.pages) == 1
    assert "Claims assistant" in reader.pages[0].extract_text()


def test_the_tables(world: World) -> None:
    send_one(world.browser("system-owner"), world, clean_garak(), title="Attack run")
    owner = world.browser("system-owner")
    matrix = list(csv.reader(io.StringIO(owner.get(f"/systems/{world.slug}/controls.csv").data.decode("utf-8-sig"))))
    assert len(matrix) == 1 + len(world.catalogue.controls)
    register = owner.get(f"/systems/{world.slug}/evidence.csv")
    assert "Attack run" in register.data.decode("utf-8-sig")
    assert register.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("path", PATHS)
def test_as_of_an_earlier_day(world: World, path: str) -> None:
    day = iso_date(world.clock.now)
    world.clock.pass_days(5)
    send_one(world.browser("system-owner"), world, clean_garak(), title="Later run")
    auditor = world.browser("auditor")
    address = path.format(slug=world.slug)
    past, now = auditor.get(f"{address}?at={day}"), auditor.get(address)
    assert past.status_code == now.status_code == 200
    assert f"-{day}-entry-" in past.headers["Content-Disposition"]
    assert past.data != now.data
    if path.endswith("evidence.csv"):
        assert b"Later run" in now.data
        assert b"Later run" not in past.data
    assert auditor.get(f"{address}?at=2020-01-01").status_code == 404
    assert auditor.get(f"{address}?at=once").status_code == 422


@pytest.mark.parametrize("path", [*PATHS, "/export.xlsx"])
def test_who_may_not_export(world: World, path: str) -> None:
    assert world.browser("contributor").get(path.format(slug=world.slug)).status_code == 403
    assert world.browser("administrator").get(path.format(slug=world.slug)).status_code == 403
    if "{slug}" in path:
        assert world.browser("outsider").get(path.format(slug=world.slug)).status_code == 404
        assert world.browser("auditor").get(path.format(slug="no-such")).status_code == 404
