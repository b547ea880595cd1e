"""The media type of a file, from its bytes and our own list; what the sender claims is not asked.

Only types that a browser does nothing with are on the list. Markup that could run (HTML, SVG) is plain text
here, and everything that is not known is bytes.
"""

from __future__ import annotations

import codecs

import puremagic

BYTES, TEXT = "application/octet-stream", "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_BY_MAGIC = {"application/pdf": "application/pdf", "application/x-gzip": "application/gzip",
             "application/gzip": "application/gzip", "image/png": "image/png", "image/jpeg": "image/jpeg",
             "image/gif": "image/gif", "image/webp": "image/webp", "image/tiff": "image/tiff"}
_IN_ZIP = ((b"xl/", _OFFICE + "spreadsheetml.sheet"), (b"word/", _OFFICE + "wordprocessingml.document"),
           (b"ppt/", _OFFICE + "presentationml.presentation"))
_TEXTS = {"csv": "text/csv", "md": "text/markdown", "markdown": "text/markdown", "yaml": "application/yaml",
          "yml": "application/yaml"}
_MARKUP = ("<!doctype html", "<html", "<head", "<body", "<script", "<svg", "<!--")


def media_type(head: bytes, filename: str) -> str:
    """The type of a file that begins with `head` (some kilobytes will do).

    The name only tells kinds of inert text apart (CSV, Markdown, YAML, JSON lines), which their bytes do not.
    """
    if head.startswith(b"PK\x03\x04"):
        return next((kind for folder, kind in _IN_ZIP
                     if b"[Content_Types].xml" in head and folder in head), "application/zip")
    found = _magic(head)
    if found:
        return found
    text = _text(head)
    return _text_type(text, filename) if text is not None else BYTES


def _magic(head: bytes) -> str | None:
    try:
        candidates = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return None
    for one in candidates:
        if one.mime_type == "image/webp" and head[8:12] != b"WEBP":
            continue  # the four bytes that it begins with open sound and video too
        # Three bytes and more, at the very beginning: shorter and later signs fit too much by chance.
        if one.mime_type in _BY_MAGIC and one.offset == 0 and len(one.byte_match) >= 3:
            return _BY_MAGIC[one.mime_type]
    return None


def _text(head: bytes) -> str | None:
    """The head as text, or None when it is none; a character cut at the end of the head is no fault."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
        return None if "\ufffd" in text[:-1] or "\x00" in text else text
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return None
    return text if all(char >= " " or char in "\t\n\r\f" for char in text) else None


def _text_type(text: str, filename: str) -> str:
    extension = filename.rpartition(".")[2].casefold()
    start = text.lstrip()
    lowered = start[:4096].casefold()
    if start.startswith(("{", "[")) and extension not in _TEXTS:
        return "application/jsonl" if extension in {"jsonl", "ndjson"} else "application/json"
    if any(mark in lowered for mark in _MARKUP):
        return TEXT
    if lowered.startswith("<?xml"):
        return "application/xml"
    return _TEXTS.get(extension, TEXT)
