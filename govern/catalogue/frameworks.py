"""Frameworks as files: their requirements, and the sets of controls that cover one jointly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from govern.catalogue.fields import Fields, Seen, Word
from govern.catalogue.objects import Control, Framework, Requirement
from govern.catalogue.source import Block, Mistakes, near

_KEYS = ("id", "title", "publisher", "version", "date", "status", "source", "wording", "strength_passes_down",
         "requirements", "joint")
_REQUIREMENT = ("id", "parent", "level", "title", "title_is", "gist", "assessable")
_SOURCE = ("document", "reference", "url")
_STATUSES = ("in force", "draft", "superseded")
_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"


@dataclass(frozen=True)
class DeclaredSet:
    """A joint set as it stands in the file; its controls are checked once the library is read."""

    requirement: Word
    controls: tuple[Word, ...]


@dataclass(frozen=True)
class ReadFramework:
    """A framework without its joint sets, those sets as declared, and the requirements that count.

    A requirement counts when it is assessable or something below it is; a mapping to another never shows.
    """

    file: str
    framework: Framework
    sets: tuple[DeclaredSet, ...]
    counting: frozenset[str]


def read_framework(block: Block, stem: str, mistakes: Mistakes) -> ReadFramework:
    """The framework that one file of frameworks/ declares; `stem` is the name of the file without .yaml."""
    top = Fields(block, mistakes, "a framework", _KEYS)
    name = top.text("id")
    if name and name != stem:
        top.refuse("id", f"'{name}' stands in the file {stem}.yaml.", f"Name the file {name}.yaml.")
    requirements = _requirements(top)
    framework = Framework(
        id=stem,
        title=top.text("title"),
        publisher=top.text("publisher"),
        version=top.text("version"),
        date=top.matching("date", _DATE, "a year, year-month or year-month-day"),
        status=top.one_of("status", _STATUSES, "status"),
        source=_source(top),
        wording=top.text("wording"),
        strength_passes_down=top.flag("strength_passes_down"),
        requirements=requirements,
    )
    return ReadFramework(block.file, framework, _sets(top), _counting(requirements))


def _source(top: Fields) -> Mapping[str, str]:
    block = top.inner("source")
    if block is None:
        if "source" in top.block.values and top.block.values["source"] is None:
            top.refuse("source", "'source' is empty.", "Name document, reference and url.")
        return {}
    one = Fields(block, top.mistakes, "a source", _SOURCE)
    return {key: one.text(key) for key in _SOURCE}


def _requirements(top: Fields) -> tuple[Requirement, ...]:
    seen = Seen("requirement")
    found: dict[str, Requirement] = {}
    for item in top.blocks("requirements"):
        one = Fields(item, top.mistakes, "a requirement", _REQUIREMENT, ["priority", "tags"])
        requirement = _requirement(one, found)
        if seen.first(one, "id", requirement.id):
            found[requirement.id] = requirement
    if found and not any(one.assessable for one in found.values()):
        top.refuse("requirements", "No requirement is assessable.", "Say which ones count.")
    return tuple(found.values())


def _requirement(one: Fields, above: Mapping[str, Requirement]) -> Requirement:
    """One requirement; a parent has to stand before its children, which also rules out circles."""
    name = one.text("id")
    parent = one.maybe_text("parent")
    if parent is not None and parent not in above:
        one.refuse("parent", f"No requirement '{parent}' stands above '{name}'.",
                   near(parent, above) or "Put the parent before its children.")
    return Requirement(
        id=name,
        parent=parent,
        level=one.matching("level", r"[a-z]+(-[a-z]+)*", "one word in small letters"),
        title=one.text("title"),
        official=one.one_of("title_is", ("official", "ours"), "such origin of a title") == "official",
        gist=one.text("gist"),
        assessable=one.flag("assessable"),
        priority=one.maybe_text("priority"),
        tags=tuple(word.text for word in one.words("tags")),
    )


def _counting(requirements: tuple[Requirement, ...]) -> frozenset[str]:
    """Requirements that are assessable or have an assessable one below them."""
    counting: set[str] = set()
    for item in reversed(requirements):  # children stand after their parent
        if item.assessable or item.id in counting:
            counting.add(item.id)
            if item.parent is not None:
                counting.add(item.parent)
    return frozenset(counting)


def _sets(top: Fields) -> tuple[DeclaredSet, ...]:
    seen = Seen("joint set of")
    found = []
    for item in top.blocks("joint", some=False):
        one = Fields(item, top.mistakes, "a joint set", ["requirement", "controls"])
        requirement, controls = one.text("requirement"), one.words("controls")
        if len(controls) == 1:
            one.refuse("controls", "A joint set of one control is none.", "Name all, or drop the set.")
        if seen.first(one, "requirement", requirement):
            found.append(DeclaredSet(Word(requirement, one.line("requirement")), controls))
    return tuple(found)


def with_joint_sets(
    read: ReadFramework, controls: Mapping[str, Control], unread: Collection[str], mistakes: Mistakes
) -> Framework:
    """The framework with its joint sets; each member has to exist and be mapped to the requirement.

    `unread` are the domains whose file could not be read: their controls are not held against the sets.
    """
    framework = read.framework
    mapped = {(link.requirement, control.id) for control in controls.values() for link in control.mappings
              if link.framework == framework.id}
    for declared in read.sets:
        name, line = declared.requirement.text, declared.requirement.line
        if name not in read.counting:
            text = f"There is no requirement '{name}' to cover."
            mistakes.add(read.file, line, text, near(name, sorted(read.counting)))
            continue
        for word in declared.controls:
            if word.text.split("-")[0] in unread or (name, word.text) in mapped:
                continue
            if word.text in controls:
                text = f"The control {word.text} is not mapped to '{name}'."
                mend = "Map it in its file in library/, or take it out of the set."
            else:
                text, mend = f"There is no control '{word.text}'.", near(word.text, controls)
            mistakes.add(read.file, word.line, text, mend)
    joint = {one.requirement.text: frozenset(word.text for word in one.controls) for one in read.sets}
    return replace(framework, joint=joint)
