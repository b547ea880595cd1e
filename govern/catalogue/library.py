"""Our controls as files, one for each domain: the control, what it asks for, its mappings to frameworks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from govern.catalogue.asks import read_ask, read_condition
from govern.catalogue.fields import Fields, Seen, Word
from govern.catalogue.frameworks import ReadFramework
from govern.catalogue.objects import Ask, Control, Domain, Link, Relation
from govern.catalogue.source import Block, Items, Mistakes, near
from govern.catalogue.vocabulary import Vocabulary

_KEYS = ("id", "title", "objective", "stages", "applies", "asks", "mappings")
_RELATIONS = tuple(relation.value for relation in Relation)


@dataclass(frozen=True)
class Shelf:
    """What reading a control needs to know, and the ids met so far.

    `framework_names` also holds frameworks whose file could not be read.
    """

    words: Vocabulary
    frameworks: Mapping[str, ReadFramework]
    framework_names: tuple[str, ...]
    controls: Seen
    asks: Seen


def read_domain(block: Block, stem: str, shelf: Shelf, mistakes: Mistakes) -> tuple[Domain, list[Control]]:
    """The domain of one file of library/ and its controls; `stem` is the name of the file without .yaml."""
    top = Fields(block, mistakes, "a file of the library", ["domain", "controls"])
    domain = _domain(top, stem)
    found = []
    for item in top.blocks("controls"):
        one = Fields(item, mistakes, "a control", _KEYS)
        control = _control(one, domain.id, shelf)
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


def _control(one: Fields, domain: str, shelf: Shelf) -> Control:
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
        mappings=_mappings(one, shelf),
    )


def _asks(control: Fields, name: str, shelf: Shelf) -> tuple[Ask, ...]:
    blocks = control.blocks("asks")
    read = [read_ask(block, name, shelf.words, control.mistakes, shelf.asks) for block in blocks]
    return tuple(ask for ask in read if ask is not None)


def _mappings(control: Fields, shelf: Shelf) -> tuple[Link, ...]:
    """The mappings of a control, framework by framework; a framework may be left out."""
    block = control.inner("mappings")
    if block is None:
        return ()
    # Its keys are frameworks, so unknown ones get a message of their own.
    every = Fields(block, control.mistakes, "the mappings", (), tuple(block.values))
    found: list[Link] = []
    for framework, value in block.values.items():
        if every.must_know(Word(framework, every.line(framework)), shelf.framework_names, "framework") \
                and value is not None and not (isinstance(value, Items) and not value.values):
            found += _links(every, framework, shelf)
    return tuple(found)


def _links(every: Fields, framework: str, shelf: Shelf) -> list[Link]:
    seen = Seen("mapping to")
    found = []
    for item in every.blocks(framework):
        one = Fields(item, every.mistakes, "a mapping", ["to", "relation", "why"])
        target = one.text("to")
        relation = one.one_of("relation", _RELATIONS, "relation")
        why = one.text("why")
        if target and framework in shelf.frameworks:
            _check_target(one, target, shelf.frameworks[framework])
        if seen.first(one, "to", target) and relation in _RELATIONS:
            found.append(Link(framework, target, Relation(relation), why))
    return found


def _check_target(mapping: Fields, target: str, read: ReadFramework) -> None:
    """A mapping goes to a requirement that counts; to one that is never assessed it would be lost unseen."""
    if target in read.counting:
        return
    by_id = read.framework.by_id
    if target not in by_id:
        mapping.refuse("to", f"{read.framework.id} has no requirement '{target}'.", near(target, by_id))
        return
    parent = by_id[target].parent
    while parent is not None and not by_id[parent].assessable:
        parent = by_id[parent].parent
    mend = f"Map to '{parent}'." if parent is not None else "Take it out."
    mapping.refuse("to", f"'{target}' is not assessed, nor is anything below it.", mend)
