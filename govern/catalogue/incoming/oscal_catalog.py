"""An OSCAL catalog as a framework: groups become headings, controls requirements, statements official texts.

What a framework of ours has no place for (guidance, assessment methods, links, most properties) is left out, and the
warnings count it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from govern.catalogue.additions import listed, placed
from govern.catalogue.incoming.oscal_dates import Dates
from govern.catalogue.incoming.oscal_json import Head, Node, head_of, plain_words, resources_of, slug_of
from govern.catalogue.incoming.oscal_params import Params
from govern.catalogue.source import Block

CATALOG = ("uuid", "metadata", "params", "controls", "groups", "back-matter")
GROUP = ("id", "class", "title", "params", "props", "links", "parts", "groups", "controls")
CONTROL = ("id", "class", "title", "params", "props", "links", "parts", "controls")
PART = ("id", "name", "ns", "class", "title", "props", "prose", "parts", "links")
_LEVEL = re.compile(r"[a-z]+(-[a-z]+)*")
_WITHDRAWN = re.compile(r"\[\s*(withdrawn[^\[\]]*)\]\s*\.?", re.IGNORECASE)
_NO_STATEMENT = "A control without a statement comes without official text"
_WENT = {"incorporated-into": "incorporated into", "moved-to": "moved to"}


@dataclass
class _Reading:
    """One reading of a catalog: the requirements so far in order, and what was left out."""

    params: Params
    dates: Dates
    requirements: dict[str, Block] = field(default_factory=dict)
    texts: list[Block] = field(default_factory=list)
    controls: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def leave_out(self, what: str, path: str, number: int = 1) -> None:
        self.left_out[what] += number
        self.first.setdefault(what, path)


def read_catalog(catalog: Node) -> dict[str, list[Block]]:
    """The sections of an addition that a catalog gives: a framework, and its official texts where it has some."""
    catalog.knows("a catalog", CATALOG)
    head = head_of(catalog)
    reading = _Reading(Params(_params(catalog)), Dates())
    for group in catalog.nodes("groups"):
        _group(group, None, reading)
    for control in catalog.nodes("controls"):
        _control(control, None, "control", reading)
    if not reading.controls:
        catalog.notes.refuse(catalog.path, "The catalog holds no control.", "Bring one that declares some.")
    resources = resources_of(catalog)
    if resources:
        reading.leave_out("resources of the back matter", catalog.at("back-matter"), len(resources))
    _tell_what_was_left_out(catalog, reading)
    name = slug_of(head.title)
    framework = framework_block(catalog, head, name, "catalog", list(reading.requirements.values()), reading.dates.blocks())
    sections = {"frameworks": [framework]}
    if reading.texts:
        sections["texts"] = [texts_block(catalog, name, reading.texts)]
    return sections


def framework_block(document: Node, head: Head, name: str, model: str, requirements: list[Block],
                    dates: list[Block], wording: str = "") -> Block:
    """A framework as our files have it, at the places of an OSCAL document."""
    notes, meta = document.notes, document.at("metadata")
    source = placed(notes.place(meta), {
        "document": head.title,
        "reference": f"OSCAL {model} {head.uuid or 'without uuid'}, version {head.version}, file {notes.file}",
        "url": head.url or None,
    })
    values: dict[str, Any] = {
        "id": name, "title": head.title, "publisher": head.publisher, "version": head.version, "date": head.date,
        "status": "draft" if "draft" in head.version.casefold() else "in force", "source": source,
        "wording": wording or f"Titles and texts are those of the OSCAL {model} “{head.title}”; nothing in it is ours.",
        "strength_passes_down": False, "requirements": listed(requirements),
    }
    if dates:
        values["dates"] = listed(dates)
    places = {key: notes.place(f"{meta}.{field}") for key, field in
              (("id", "title"), ("title", "title"), ("version", "version"), ("date", "last-modified"))}
    return placed(notes.place(document.path), values, places)


def texts_block(document: Node, framework: str, texts: list[Block]) -> Block:
    """Official texts of a framework as our files have them."""
    return placed(document.notes.place(document.path), {"framework": framework, "texts": listed(texts)})


def text_block(requirement: str, text: str, place: str) -> Block:
    """The official text of one requirement."""
    return placed(place, {"requirement": requirement, "text": text})


def _params(catalog: Node) -> Iterator[Node]:
    """The parameters of a catalog, its groups and controls, in the order of the document."""
    yield from catalog.nodes("params")
    for one in (*catalog.nodes("groups"), *catalog.nodes("controls")):
        yield from _params(one)


# -- the tree --------------------------------------------------------------------------------------------------------


def _group(group: Node, parent: str | None, reading: _Reading) -> None:
    """A group with all below it; one whose id was there before continues that one."""
    group.knows("a group", GROUP)
    title = plain_words(group.text("title"))
    name = group.text("id") or slug_of(f"{parent or ''} {title or group.path}")
    known = reading.requirements.get(name)
    if known is not None and known.values["assessable"] is False and known.values["parent"] == parent:
        group.notes.warn(group.path, f"The group '{name}' stands twice; this one is read as a part of the first, "
                         f"“{known.values['title']}”.")
    else:
        if not title:
            group.notes.warn(group.path, f"The group '{name}' has no title; its id stands for it.")
        klass = group.text("class").casefold()
        level = klass if _LEVEL.fullmatch(klass) else "group"
        _add(group, reading, name, parent, level, title or name, assessable=False, gone=_gone(group, title))
        _text(group, name, reading, ("statement", "overview"))
    for inner in group.nodes("groups"):
        _group(inner, name, reading)
    for control in group.nodes("controls"):
        _control(control, name, "control", reading)


def _control(control: Node, parent: str | None, level: str, reading: _Reading) -> None:
    """A control with the enhancements nested in it."""
    control.knows("a control", CONTROL)
    reading.controls += 1
    name, title = control.text("id"), plain_words(control.text("title"))
    if not name:
        control.notes.refuse(control.path, "A control has no id.", "Give it one of its own.")
    elif name in reading.requirements:
        control.notes.refuse(control.at("id"), f"The id '{name}' is there already, at "
                             f"{reading.requirements[name].place('id')}.", "Give one of them another id.")
    else:
        if not title:
            control.notes.warn(control.path, f"The control '{name}' has no title; its id stands for it.")
        gone = _gone(control, title)
        _add(control, reading, name, parent, level, title or name, assessable=not gone, gone=gone)
        if not gone and not _text(control, name, reading, ("statement",)):
            reading.leave_out(_NO_STATEMENT, control.path)
    for inner in control.nodes("controls"):
        _control(inner, name or parent, "enhancement", reading)


def _add(node: Node, reading: _Reading, name: str, parent: str | None, level: str, title: str, *, assessable: bool,
         gone: str) -> None:
    label = plain_words(node.prop("label"))
    values: dict[str, Any] = {"id": name, "parent": parent, "level": level, "title": title, "title_is": "official", "gist": None,
                              "assessable": assessable}
    if label and label.casefold() != name.casefold():
        values["tags"] = listed([label])
    if gone:
        values["note"] = gone
    dates = reading.dates.of(node)
    if dates:
        values["dates"] = listed(dates)
    if node.value.get("links"):
        reading.leave_out("links", node.at("links"), len(node.value["links"]))
    reading.requirements[name] = placed(node.notes.place(node.path), values, {
        "id": node.place("id"), "title": node.place("title"), "tags": node.place("props"), "dates": node.place("props")})


def _gone(node: Node, title: str) -> str:
    """Why a control or group is withdrawn, as a sentence; empty for one that is not.

    OSCAL says it with a property and links; documents made from spreadsheets say it in brackets in the words.
    """
    if node.prop("status").casefold() == "withdrawn":
        went = [(_WENT[one.text("rel")], one.text("href").removeprefix("#")) for one in node.nodes("links")
                if one.text("rel") in _WENT]
        return "Withdrawn" + "".join(f"; {how} {where}" for how, where in went) + "."
    statements = (plain_words(part.text("prose")) for part in _named(node, ("statement",)))
    found = _WITHDRAWN.search(title) or next(filter(None, map(_WITHDRAWN.match, statements)), None)
    return f"{found[1].strip().removesuffix('.')}." if found else ""


# -- texts -----------------------------------------------------------------------------------------------------------


def _named(node: Node, names: tuple[str, ...]) -> list[Node]:
    return [part for part in node.nodes("parts") if part.text("name").casefold() in names]


def _text(node: Node, name: str, reading: _Reading, names: tuple[str, ...]) -> bool:
    """Keep the official text of a node, from its parts of these names; whether there is one."""
    kept = _named(node, names)
    for part in node.nodes("parts"):
        part.knows("a part", PART)
        if part.text("name").casefold() not in names:
            reading.leave_out(f"parts called '{part.text('name')}'", part.path)
    text = "\n\n".join(filter(None, ("\n".join(_lines(part, reading.params, 0)) for part in kept)))
    if text:
        reading.texts.append(text_block(name, text, node.notes.place(kept[0].path)))
    return bool(text)


def _lines(part: Node, params: Params, depth: int) -> Iterator[str]:
    """A part and those below it, a line each, with labels and indented by depth."""
    part.knows("a part", PART)
    prose = plain_words(params.inserted(part.text("prose"), part))
    label = part.prop("label") if depth else ""
    line = " ".join(filter(None, (label, plain_words(part.text("title")), prose)))
    if line:
        yield "  " * max(0, depth - 1) + line
    for inner in part.nodes("parts"):
        yield from _lines(inner, params, depth + 1)


def _tell_what_was_left_out(catalog: Node, reading: _Reading) -> None:
    for what, number in reading.left_out.items():
        text = f"Left out ({number:,}): {what}. The first is here; only titles and statements are read."
        if what is _NO_STATEMENT:
            text = f"{what} ({number:,}). The first is here."
        catalog.notes.warn(reading.first[what], text)
