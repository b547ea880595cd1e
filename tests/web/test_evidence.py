"""The library, a piece of evidence's page, downloads, links and withdrawals."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from sqlalchemy import event

from govern.facts.moments import iso_date
from tests.web.conftest import GOLDEN, Browser, World, clean_garak
from tests.web.test_submit import send_one


def test_the_library_narrows_sorts_and_pages(world: World) -> None:
    owner = world.browser("system-owner")
    for number in range(1, 53):
        send_one(owner, world, f"policy {number}".encode(), name=f"p{number}.txt", kind="policy", title=f"Policy {number:02}")
    send_one(owner, world, clean_garak())
    auditor = world.browser("auditor")
    assert "53 in all" in auditor.text("/evidence")
    first = auditor.text("/evidence?sort=title")
    assert "1–50 of 53" in first
    assert first.index("Policy 01") < first.index("Policy 49")
    assert "51–53 of 53" in auditor.text("/evidence?sort=title&page=2")
    assert auditor.text("/evidence?sort=title&direction=desc").index("garak.report") > 0
    narrowed = auditor.text("/evidence?kind=adversarial-test-report")
    assert "1 that fit" in narrowed
    assert "Policy 01" not in narrowed
    assert "Nothing fits these filters" in auditor.text("/evidence?q=100%25")
    assert "Policy 07" in auditor.text("/evidence?q=policy+07&system=claims-assistant&state=in-review")
    assert "Nothing fits" in auditor.text("/evidence?system=no-such-system")
    assert auditor.get("/evidence?page=x&sort=y&direction=z").status_code == 200


@pytest.mark.parametrize("query", ["?at=0", "?at=99999", "?at=2020-01-01", "?at=yesterday", "?at=1&page=9"])
def test_any_moment_answers(world: World, query: str) -> None:
    assert world.browser("auditor").get(f"/evidence{query}").status_code in (200, 404, 422)


def test_as_of_an_earlier_day(world: World) -> None:
    owner, auditor = world.browser("system-owner"), world.browser("auditor")
    before = iso_date(world.clock.now)
    world.clock.pass_days(2)
    owner, auditor = world.browser("system-owner"), world.browser("auditor")
    key = send_one(owner, world, clean_garak())
    assert auditor.get(f"/evidence/{key}?at={before}").status_code == 404
    page = auditor.text(f"/evidence?at={before}")
    assert "Nothing can be changed here" in page
    assert "1 in all" in auditor.text("/evidence")
    now = iso_date(world.clock.now)
    world.clock.pass_days(3)
    owner = world.browser("system-owner")
    send_one(owner, world, clean_garak(50), evidence=key)
    past = owner.text(f"/evidence/{key}?at={now}")
    assert "version 1" in past
    assert "Withdraw" not in past
    assert "New version" not in past
    assert "Change the links" not in past


@pytest.mark.parametrize(("name", "kind", "said"), [
    ("garak-0.14.report.jsonl", "adversarial-test-report", ["33.3 %", "dan.Dan_11_0", "aria-labelledby=\"probes-wide-title\""]),
    ("bill-1.6.cdx.json", "aibom", ["Machine learning model", "No digest or package URL", "example/base-7b"]),
    ("model-v2.json", "threat-model", ["Threats by severity and state", "Threats, open ones first", "Critical"]),
])
def test_findings_are_drawn(world: World, name: str, kind: str, said: list[str]) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, (GOLDEN / name).read_bytes(), name=name)
    page = owner.text(f"/evidence/{key}")
    for text in said:
        assert text in page


def test_what_a_file_says_is_never_markup(world: World) -> None:
    bad = clean_garak(3, failed=1, probe="<script>alert(1)</script>")
    owner = world.browser("system-owner")
    key = send_one(owner, world, bad, title="<img src=x onerror=alert(1)>")
    for path in (f"/evidence/{key}", "/evidence", "/activity"):
        page = owner.text(path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_page_in_a_drawer_is_a_fragment(world: World) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, clean_garak())
    response = owner.get(f"/evidence/{key}", headers={"X-Fragment": "drawer"})
    assert "<html" not in response.text
    assert "drawer-body" in response.text
    assert "X-Fragment" in response.headers["Vary"]


@pytest.mark.parametrize(("content", "name"), [
    (b"<html><script>alert(1)</script></html>", "page.html"), (b"<svg onload='alert(1)'/>", "drawing.svg"),
    (b"%PDF-1.7 words", "policy.pdf"),
])
def test_downloads_are_inert(world: World, content: bytes, name: str) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, content, name=name, kind="policy")
    response = owner.get(f"/evidence/{key}/versions/1/content")
    assert response.data == content
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert name in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.mimetype not in ("text/html", "image/svg+xml")
    assert owner.get(f"/evidence/{key}/versions/2/content").status_code == 404


def test_names_in_headers_cannot_break_out(world: World) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, b"words", name='a";filename=evil.html\r\nX: y é.txt', kind="policy")
    response = owner.get(f"/evidence/{key}/versions/1/content")
    assert "X" not in response.headers
    assert response.headers["Content-Disposition"].startswith("attachment;")


def test_the_archive_holds_what_was_selected(world: World) -> None:
    owner = world.browser("system-owner")
    files = {send_one(owner, world, content, name="same.txt", kind="policy", title="Same title"): content
             for content in (b"one", b"two", b"three" * 50_000)}
    response = owner.post("/evidence/download.zip", {"selected": [*files, "no-such-key"]})
    assert response.headers["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.testzip() is None
        sums = dict(line.split("  ") for line in archive.read("SHA256SUMS").decode().splitlines())
        assert set(sums) == {hashlib.sha256(content).hexdigest() for content in files.values()}
        for digest, name in sums.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
            assert ".." not in name
            assert not name.startswith("/")
    assert owner.post("/evidence/download.zip").status_code == 422
    assert world.browser("outsider").post("/evidence/download.zip", {"selected": list(files)}).status_code == 404


def test_links_are_set_and_the_page_says_where_it_counts(world: World) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, clean_garak(), controls="EVA-04")
    assert "EVA-04 AI security testing" in owner.text(f"/evidence/{key}")
    assert owner.post(f"/evidence/{key}/links", {"controls": []}).status_code == 303
    assert "Linked to no control" in owner.text(f"/evidence/{key}")
    assert owner.post(f"/evidence/{key}/links", {"controls": ["EVA-04", "EVA-05"]}).status_code == 303
    refused = owner.post(f"/evidence/{key}/links", {"controls": ["ZZZ-01"]})
    assert (refused.status_code, "There is no control ZZZ-01" in refused.text) == (422, True)
    assert world.browser("auditor").post(f"/evidence/{key}/links", {"controls": []}).status_code == 403


def test_withdrawing_needs_a_reason_and_the_right_person(world: World) -> None:
    owner = world.browser("system-owner")
    key = send_one(owner, world, clean_garak())
    path = f"/evidence/{key}/versions/1/withdraw"
    silent = owner.post(path, {"reason": "   "})
    assert (silent.status_code, "This is needed" in silent.text) == (422, True)
    assert world.browser("contributor").post(path, {"reason": "mine"}).status_code == 403
    assert "Withdraw this version" not in world.browser("auditor").text(f"/evidence/{key}")
    assert owner.post(path, {"reason": "The wrong target was tested."}).status_code == 303
    page = owner.text(f"/evidence/{key}")
    assert "The wrong target was tested." in page
    assert "Withdrawn" in page
    assert owner.post(path, {"reason": "again"}).status_code == 409


def test_out_of_scope_is_not_found(world: World) -> None:
    key = send_one(world.browser("system-owner"), world, clean_garak())
    outsider = world.browser("outsider")
    for path in (f"/evidence/{key}", f"/evidence/{key}/versions/1/content", f"/evidence/{key}/versions/1/review"):
        assert outsider.get(path).status_code == 404
    assert "garak" not in outsider.text("/evidence")
    assert world.app.test_client().get(f"/evidence/{key}").status_code == 302, "a stranger is asked to sign in"


def statements(world: World, browser: Browser, path: str) -> int:
    """How many statements a page sends to the database."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(world.store.engine, "before_cursor_execute", counted)
    try:
        browser.text(path)
    finally:
        event.remove(world.store.engine, "before_cursor_execute", counted)
    return count


def test_pages_ask_the_same_number_of_questions_whatever_the_history(world: World) -> None:
    owner, reviewer = world.browser("system-owner"), world.browser("reviewer")
    key = send_one(owner, world, clean_garak())
    paths = {"owner": ["/evidence", f"/evidence/{key}", "/activity", "/requests", "/queue", "/scoping"],
             "reviewer": ["/reviews", "/queue", f"/evidence/{key}"]}
    browsers = {"owner": owner, "reviewer": reviewer}
    before = {(who, path): statements(world, browsers[who], path) for who, every in paths.items() for path in every}
    for number in range(2, 12):
        send_one(owner, world, clean_garak(40 + number), evidence=key)
        send_one(owner, world, f"policy {number}".encode(), name="p.txt", kind="policy")
    after = {(who, path): statements(world, browsers[who], path) for who, path in before}
    assert after == before
