"""A served demo organisation and Chromium. Without Chromium these tests are skipped; in CI that fails."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PASSWORD = "harbour demo password"
FLAGS = ["--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-sandbox"]


def _chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.skip("no Chromium on this machine")
    return found


def _await(address: str) -> None:
    """Wait until a page is served, at most two minutes: a machine that is busy starts slowly."""
    ends = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30):
                return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the demo organisation."""
    _chromium()
    data = tmp_path_factory.mktemp("demo")
    environment = {**os.environ, "GOVERN_DATA": str(data), "GOVERN_ORGANISATION": "Harbour Mutual", "GOVERN_WORKERS": "1"}
    subprocess.run([sys.executable, "-m", "govern.cli", "demo"], env=environment, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-m", "govern.cli", "serve", "--port", str(port)], env=environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    _await(f"{address}/sign-in")
    yield address
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(site: str, chromium: Browser) -> Callable[[str], object]:
    """Signs somebody in once and keeps the cookies; gives the file for the address of a person."""
    kept: dict[str, object] = {}

    def of(email: str) -> object:
        if email not in kept:
            context = chromium.new_context()
            page = context.new_page()
            page.goto(f"{site}/sign-in")
            page.get_by_label("Email").fill(email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{site}/")
            kept[email] = context.storage_state()
            context.close()
        return kept[email]

    return of


@pytest.fixture
def visit(site: str, chromium: Browser, cookies: Callable[[str], object]) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody: visit("officer@…", "/systems", width=390, scheme="dark", scripts=False)."""
    contexts: list[BrowserContext] = []

    def open_page(email: str, path: str, *, width: int = 1440, scheme: str = "light", scripts: bool = True) -> Page:
        context = chromium.new_context(
            storage_state=cookies(email), viewport={"width": width, "height": 900}, locale="en-GB",  # type: ignore[arg-type] # plain values to us
            timezone_id="UTC", reduced_motion="reduce", color_scheme=scheme, java_script_enabled=scripts)  # type: ignore[arg-type] # plain values to us
        contexts.append(context)
        page = context.new_page()
        page.goto(site + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
