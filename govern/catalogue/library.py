"""Controls as files, one for each domain: the control, how it is done and what for, what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govern.catalogue.asks import read_ask, read_condition
from govern.catalogue.fields import Fields, Seen
from govern.catalogue.objects import Ask, Control, Domain, Purpose
from govern.catalogue.source import Block, Mistakes
from govern.catalogue.vocabulary import Purposes, Vocabulary

_KEYS = ("id", "title", "objective", "stages", "applies", "asks")
_PURPOSE = ("lead", "with", "threats", "goals", "defence")


@dataclass(frozen=True)
class Shelf:
    """What reading a control needs to know, and the ids met so far."""

    words: Vocabulary
    controls: Seen
    asks: Seen


def read_domain(block: Block, stem: str, shelf: Shelf, mistakes: Mistakes,
                origin: str = "") -> tuple[Domain, list[Control]]:
    """The domain of one file of library/ and its controls; `stem` is the name of the file without .yaml.

    `origin` names the addition that brings them.
    """
    top = Fields(block, mistakes, "a file of the library", ["domain", "controls"])
    domain = _domain(top, stem)
    found = []
    for item in top.blocks("controls"):
        one = Fields(item, mistakes, "a control", _KEYS, ("guidance", *_PURPOSE))
        control = _control(one, domain.id, shelf, origin)
        if shelf.controls.first(one, "id", control.id):
            found.append(control)
    return domain, found


def _domain(top: Fields, stem: str) -> Domain:
    name = stem.upper()
    block = top.inner("domain")
    if block is None:
        if "domain" in top.block.values and top.block.values["domain"] is None:
            top.refuse("domain", "'domain' is empty.", "Write id, title and meaning below it.")
        return Domain(name, "", "")
    one = Fields(block, top.mistakes, "a domain", ["id", "title", "meaning"])
    given = one.matching("id", r"[A-Z]{2,5}", "two to five capitals")
    if given and given != name:
        one.refuse("id", f"The domain '{given}' stands in the file {stem}.yaml.",
                   f"Name the file {given.lower()}.yaml.")
    return Domain(name, one.text("title"), one.text("meaning"))


def _control(one: Fields, domain: str, shelf: Shelf, origin: str) -> Control:
    name = one.text("id")
    if name and not re.fullmatch(re.escape(domain) + r"-\d\d", name):
        one.refuse("id", f"'{name}' is no id of a control of {domain}.", f"Write {domain}- and two digits.")
    return Control(
        id=name,
        domain=domain,
        title=one.text("title"),
        objective=one.text("objective"),
        stages=one.known_words("stages", shelf.words.stage_names, "stage"),
        applies=read_condition(one, "applies", "when", shelf.words),
        asks=_asks(one, name, shelf),
        mappings=(),
        guidance=one.maybe_text("guidance") or "",
        purpose=_purpose(one, shelf.words.purposes),
        origin=origin,
    )


def _purpose(one: Fields, words: Purposes) -> Purpose | None:
    """Who does it and what for; all of it or nothing."""
    given = [key for key in _PURPOSE if key in one.block.values]
    if not given:
        return None
    for key in _PURPOSE:
        if key not in given:
            one.refuse("id", f"'{key}' is missing beside '{given[0]}'.", f"Add '{key}:'.")
    if len(given) < len(_PURPOSE):
        return None
    return Purpose(
        lead=one.one_of("lead", words.ids("functions"), "function"),
        others=one.known_words("with", words.ids("functions"), "function", some=False),
        threats=one.known_words("threats", words.ids("threats"), "threat pattern", some=False),
        goals=one.known_words("goals", words.ids("goals"), "security goal"),
        defence=one.one_of("defence", words.ids("defences"), "defence layer"),
    )


def _asks(control: Fields, name: str, shelf: Shelf) -> tuple[Ask, ...]:
    blocks = control.blocks("asks")
    read = [read_ask(block, name, shelf.words, control.mistakes, shelf.asks) for block in blocks]
    return tuple(ask for ask in read if ask is not None)
