"""Names that were sent become names that nothing acts on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govern.errors import FileRefused
from govern.evidence.filename import MOST, clean_name


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("report.jsonl", "report.jsonl"),
        ("Bericht März.pdf", "Bericht März.pdf"),
        ("日本.json", "日本.json"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\run.json", "run.json"),
        ("/a/b/", None),
        ("..", None),
        (".", None),
        ("", None),
        (" ", None),
        ("\x00", None),
        ("___", None),
        ("\u202e", None),
        (".bashrc", "bashrc"),
        ("a\x00b.json", "ab.json"),
        ("a\r\nSet-Cookie: x.json", "aSet-Cookie_ x.json"),
        ("inno\u202egnp.exe", "innognp.exe"),
        ("a\u200bb\ufeff.json", "ab.json"),
        ('a<b>"c"|d?*.json', "a_b__c__d__.json"),
        ("x.json...", "x.json"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("console.txt", "console.txt"),
        ("a\ud800b.json", "ab.json"),
        ("cafe\u0301.json", "café.json"),
        ("a  \t b.json", "a b.json"),
    ],
)
def test_examples(name: str, clean: str | None) -> None:
    if clean is None:
        with pytest.raises(FileRefused) as caught:
            clean_name(name)
        assert caught.value.field == "file"
    else:
        assert clean_name(name) == clean


def test_length_keeps_the_extension() -> None:
    assert clean_name("x" * 500 + ".report.jsonl") == "x" * 194 + ".jsonl"
    assert clean_name("x" * 500) == "x" * MOST
    assert clean_name("x." + "y" * 500) == ("x." + "y" * 500)[:MOST]
    assert clean_name("x" * 195 + ".json") == "x" * 195 + ".json"


@given(st.text(st.characters(), max_size=400) | st.text("ab./\\ \x00\u202e\u200f:con", max_size=30))
def test_whatever_comes(name: str) -> None:
    try:
        clean = clean_name(name)
    except FileRefused:
        return
    assert 1 <= len(clean) <= MOST
    assert not set('/\\<>:"|?*') & set(clean)
    assert not {unicodedata.category(char) for char in clean} & {"Cc", "Cf", "Cs"}
    assert not clean.startswith((".", " "))
    assert not clean.endswith((".", " "))
    assert clean_name(clean) == clean
    clean.encode("utf-8")
