"""Types come from the bytes; names only tell inert texts apart; nothing that a browser would run is typed."""

from __future__ import annotations

import gzip
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from govern.evidence.media import BYTES, TEXT, media_type

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HARMLESS = {
    BYTES,
    TEXT,
    "application/pdf",
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/tiff",
    "application/zip",
    "application/gzip",
    SHEET,
    "application/json",
    "application/jsonl",
    "application/xml",
    "application/yaml",
    "text/csv",
    "text/markdown",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def image(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, kind)
    return out.getvalue()


def workbook() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as found:
        for name in names:
            found.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (b'{"a": 1}', "x.json", "application/json"),
        (b"\xef\xbb\xbf [1]", "x", "application/json"),
        (b'{"a": 1}\n{"b": 2}\n', "x.jsonl", "application/jsonl"),
        ('{"a": "é"}'.encode()[:8], "x.json", "application/json"),
        (b"a,b\n1,2\n", "x.csv", "text/csv"),
        (b"# Title\n", "x.md", "text/markdown"),
        (b"a: 1\n", "x.yml", "application/yaml"),
        (b"plain", "x.txt", TEXT),
        (b"plain", "x.exe", TEXT),
        (b'<?xml version="1.0"?><a/>', "x.xml", "application/xml"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "x.txt", "application/pdf"),
        (image("PNG"), "x.html", "image/png"),
        (image("JPEG"), "x", "image/jpeg"),
        (image("GIF"), "x", "image/gif"),
        (workbook(), "x.zip", SHEET),
        (archive("a.txt"), "x.xlsx", "application/zip"),
        (archive("[Content_Types].xml", "evil/xl.txt"), "x.xlsx", "application/zip"),
        (gzip.compress(b"x", mtime=0), "x.json", "application/gzip"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 50, "x.json", BYTES),
        (b"MZ\x90\x00", "x.pdf", BYTES),
        (image("WEBP"), "x", "image/webp"),
        (b"RIFF\x24\x08\x00\x00WAVEfmt \x10\x00\x00\x00", "x.webp", BYTES),
        (b"\x00\x01\x02", "x.json", BYTES),
        ("text".encode("utf-16"), "x.txt", TEXT),
        (b"<!DOCTYPE html><script>1</script>", "x.html", TEXT),
        (b"<html>", "x.md", TEXT),
        (b"<svg onload=x>", "x.svg", TEXT),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "x.svg", TEXT),
        (b"hi <script>x</script>", "x.csv", TEXT),
    ],
)
def test_examples(head: bytes, name: str, kind: str) -> None:
    assert media_type(head, name) == kind


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode), st.text(max_size=20))
def test_only_harmless_types(head: bytes, name: str) -> None:
    assert media_type(head, name) in HARMLESS


@given(
    st.sampled_from([image("PNG"), workbook(), b"%PDF-1.4\n", b"\x7fELF", gzip.compress(b"x", mtime=0)]),
    st.text(max_size=20),
)
def test_the_name_never_decides_about_bytes(head: bytes, name: str) -> None:
    assert media_type(head, name) == media_type(head, "")
