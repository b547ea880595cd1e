"""The icon sprite and the font, made from installed packages."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont

from govern.web.assets import ICON_NAMES, font_woff2, icon_sprite

HERE = Path(__file__).parents[2]


def test_every_named_icon_is_one_symbol() -> None:
    root = ElementTree.fromstring(icon_sprite())
    assert [symbol.get("id") for symbol in root] == list(ICON_NAMES)
    assert len(set(ICON_NAMES)) == len(ICON_NAMES)
    assert all(len(symbol) for symbol in root)


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(KeyError):
        icon_sprite(["no-such-icon"])


def test_templates_name_only_icons_of_the_sprite() -> None:
    pattern = re.compile(r"\bicon\('([a-z0-9-]+)'|icon_name='([a-z0-9-]+)'|'icon': '([a-z0-9-]+)'")
    used = {
        name
        for file in (HERE / "templates").rglob("*.html")
        for match in pattern.finditer(file.read_text(encoding="utf-8"))
        for name in match.groups()
        if name
    }
    assert used
    assert used <= set(ICON_NAMES), used - set(ICON_NAMES)


def test_the_font_is_made_once_and_covers_the_languages_of_europe(tmp_path: Path) -> None:
    made = font_woff2(tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    assert len(made) < 120_000
    letters = TTFont(BytesIO(made)).getBestCmap()
    assert all(ord(letter) in letters for letter in "Łódź Ελλάδα Москва Đặng İstanbul €–…→")
    # The second call reads what is kept, whatever it is.
    kept.write_bytes(b"kept")
    assert font_woff2(tmp_path / "cache") == b"kept"
