"""The gallery renders every component under StrictUndefined; pages need no inline script or style."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from govern.assurance.outcomes import Covered, State, Status
from govern.facts.moments import DAY
from govern.web.assets import ICON_NAMES
from govern.web.gallery import gallery_charts

HERE = Path(__file__).parents[2]
ITEM = {"href": "/", "label": "Overview", "icon": "inbox", "count": 3, "current": True}
MOMENT = {
    "text": "now", "position": 7, "date": "2026-01-01", "max": "2026-01-02", "action": "/", "now_href": "/",
}  # fmt: skip
POINTERS = {"aria-describedby", "aria-labelledby", "aria-controls", "for", "popovertarget", "form"}
VOID = {"meta", "link", "input", "img", "br", "hr", "use", "rect", "polyline", "polygon", "circle", "path"}


@pytest.fixture(scope="module")
def pages() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=True)


class Reading(HTMLParser):
    """Collects what the checks below ask about; refuses tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.refs: list[str] = []
        self.names: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            self.names.append((tag, name))
            if name == "id":
                self.ids.append(value or "")
            if name in POINTERS:
                self.refs.extend((value or "").split())

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def read(page: str) -> Reading:
    reading = Reading()
    reading.feed(page)
    assert reading.open == []
    return reading


def gallery(pages: Environment, **more: Any) -> str:
    given: dict[str, Any] = {
        "nav": [{"group": "Work", "items": [ITEM]}], "csrf_token": "secret-token",
        "me": {"name": "Ines Duarte", "role": "System owner", "href": "/me"},
        "charts": gallery_charts(200 * DAY), "fragment": False, **more,
    }  # fmt: skip
    return pages.get_template("pages/gallery.html").render(**given)


def test_the_gallery_is_sound_html_without_inline_script_or_style(pages: Environment) -> None:
    page = gallery(pages, moment={**MOMENT, "past": False})
    reading = read(page)
    assert len(reading.ids) == len(set(reading.ids)), [i for i in reading.ids if reading.ids.count(i) > 1]
    assert set(reading.refs) <= set(reading.ids), set(reading.refs) - set(reading.ids)
    assert not [name for _, name in reading.names if name == "style" or name.startswith("on")]
    assert not re.findall(r"<script(?![^>]*\bsrc=)", page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_every_component_file_is_shown_in_the_gallery_or_the_frame() -> None:
    files = {file.name for file in (HERE / "templates" / "components").glob("*.html")}
    shown = "".join(
        file.read_text(encoding="utf-8")
        for folder in ("layouts", "pages")
        for file in (HERE / "templates" / folder).glob("*.html")
        if folder == "layouts" or file.name.startswith("gallery")
    )
    assert {name for name in files if f"components/{name}" not in shown} == set()


@pytest.mark.parametrize("word", [*Status, *State, *Covered])
def test_every_status_word_has_a_tone_and_an_icon_of_the_sprite(pages: Environment, word: str) -> None:
    words = pages.get_template("components/status.html").module.WORDS  # type: ignore[attr-defined] # a macro file's own
    assert word in words
    assert words[word][1] in ICON_NAMES


def test_all_icons_of_status_words_exist(pages: Environment) -> None:
    words = pages.get_template("components/status.html").module.WORDS  # type: ignore[attr-defined] # a macro file's own
    assert {icon for _, icon in words.values()} <= set(ICON_NAMES)


def test_no_two_statuses_share_an_icon(pages: Environment) -> None:
    words = pages.get_template("components/status.html").module.WORDS  # type: ignore[attr-defined] # a macro file's own
    assert len({words[status][1] for status in Status}) == len(Status)


def test_the_past_is_said_and_now_is_one_step_away(pages: Environment) -> None:
    past = gallery(pages, moment={**MOMENT, "past": True, "now_href": "/systems?tab=a"})
    assert "Nothing can be changed here" in past
    assert 'href="/systems?tab=a"' in past


@pytest.mark.parametrize(
    ("theme", "written"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("auto", ""), ('"><script>', "")],
)
def test_the_theme_is_written_by_the_server(pages: Environment, theme: str, written: str) -> None:
    assert f'<html lang="en-GB"{written}>' in gallery(pages, theme=theme)


def test_a_page_can_be_a_fragment_for_the_drawer(pages: Environment) -> None:
    fragment = pages.get_template("pages/gallery_item.html").render(fragment=True)
    assert "<html" not in fragment
    assert 'class="drawer-body"' in fragment
    read(fragment)


def test_what_people_wrote_is_escaped(pages: Environment) -> None:
    hostile = '"><img src=x onerror=alert(1)>'
    source = """
        {% from 'components/form.html' import text, select, error_summary %}
        {% from 'components/digest.html' import digest %}{% from 'components/person.html' import person %}
        {% from 'components/timeline.html' import timeline %}{% from 'components/table.html' import cell %}
        {{ text('a', h, h, hint=h, error=h, placeholder=h) }}{{ select('b', h, [(h, h)], h) }}
        {{ digest(h, label=h) }}
        {{ person(h, detail=h) }}{{ error_summary([{'field': h, 'text': h}]) }}{{ cell(h, h) }}
        {{ timeline([{'who': h, 'text': h, 'iso': h, 'when': h, 'href': h, 'detail': h}]) }}"""
    made = pages.from_string(source).render(h=hostile)
    assert "<img" not in made
    assert made.count("&lt;img") >= 15


@pytest.mark.parametrize("file", sorted((HERE / "static").rglob("*.??*")), ids=lambda file: file.name)
def test_static_files_ask_no_other_host_and_stay_short(file: Path) -> None:
    content = file.read_text(encoding="utf-8")
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", content)
    assert "@import" not in content
    assert "data:" not in content
    assert len(content.splitlines()) < 400
