"""Frameworks as files: what was published, its requirements and the dates from which its parts apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from govern.catalogue.fields import Fields, Seen, Word
from govern.catalogue.objects import AppliesFrom, Framework, Requirement, Target
from govern.catalogue.source import Block, Mistakes, near
from govern.catalogue.vocabulary import SLUG, SLUG_SHAPE

_KEYS = ("id", "title", "publisher", "version", "date", "status", "source", "wording", "strength_passes_down",
         "requirements")
_REQUIREMENT = ("id", "parent", "level", "title", "title_is", "gist", "assessable")
_MORE = ("priority", "tags", "note", "dates", "through")
SOURCE = ("document", "reference", "url")
FRAMEWORK_ID = r"[a-z0-9]+([.-][a-z0-9]+)*"
FRAMEWORK_ID_SHAPE = "small letters and digits with hyphens or points between"
STATUSES = ("in force", "draft", "superseded")
_DATE = r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?"


@dataclass(frozen=True)
class ReadFramework:
    """A framework, the requirements that count, and where each requirement stands.

    A requirement counts when it is assessable or something below it is; a mapping to another never shows.
    """

    framework: Framework
    counting: frozenset[str]
    words: Mapping[str, Word]


def read_framework(block: Block, stem: str, mistakes: Mistakes, origin: str = "") -> ReadFramework:
    """The framework that one file of frameworks/ declares; `stem` is the name of the file without .yaml.

    `origin` names the addition that brings it.
    """
    top = Fields(block, mistakes, "a framework", _KEYS, ["dates"])
    name = top.text("id")
    if name and name != stem:
        top.refuse("id", f"'{name}' stands in the file {stem}.yaml.", f"Name the file {name}.yaml.")
    dates = _dates(top)
    requirements, words = _requirements(top, [one.id for one in dates])
    framework = Framework(
        id=stem,
        title=top.text("title"),
        publisher=top.text("publisher"),
        version=top.text("version"),
        date=top.matching("date", _DATE, "a year, year-month or year-month-day"),
        status=top.one_of("status", STATUSES, "status"),
        source=_source(top),
        wording=top.text("wording"),
        strength_passes_down=top.flag("strength_passes_down"),
        requirements=requirements,
        dates=dates,
        origin=origin,
    )
    return ReadFramework(framework, _counting(requirements), words)


def _dates(top: Fields) -> tuple[AppliesFrom, ...]:
    seen = Seen("date")
    found = []
    for item in top.blocks("dates", some=False):
        one = Fields(item, top.mistakes, "a date of application", ["id", "title", "applies_from", "source"],
                     ["before", "amended_by"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        before = one.day("before") if "before" in one.block.values else ""
        if seen.first(one, "id", name):
            found.append(AppliesFrom(name, one.text("title"), one.day("applies_from"),
                                     one.text("source"), before, one.maybe_text("amended_by") or ""))
    return tuple(found)


def _source(top: Fields) -> Mapping[str, str]:
    block = top.inner("source")
    if block is None:
        if "source" in top.block.values and top.block.values["source"] is None:
            top.refuse("source", "'source' is empty.", "Name document, reference and url.")
        return {}
    return read_source(Fields(block, top.mistakes, "a source", SOURCE))


def read_source(one: Fields) -> Mapping[str, str]:
    """Where something was published: document, reference and an address that a page may link to (null: none is known)."""
    known = one.block.values.get("url") is not None
    return {"document": one.text("document"), "reference": one.text("reference"),
            "url": one.matching("url", r"https?://[^\s<>\"']+", "an address that begins with https://") if known else ""}


def _requirements(top: Fields, dates: list[str]) -> tuple[tuple[Requirement, ...], dict[str, Word]]:
    """The requirements in order, and the id of each with its place."""
    seen = Seen("requirement")
    found: dict[str, Requirement] = {}
    words: dict[str, Word] = {}
    for item in top.blocks("requirements"):
        one = Fields(item, top.mistakes, "a requirement", _REQUIREMENT, _MORE)
        requirement = _requirement(one, found, dates)
        if seen.first(one, "id", requirement.id):
            found[requirement.id] = requirement
            words[requirement.id] = Word(requirement.id, item.file, item.line)
    if found and not any(one.assessable for one in found.values()):
        top.refuse("requirements", "No requirement is assessable.", "Say which ones count.")
    return tuple(found.values()), words


def _requirement(one: Fields, above: Mapping[str, Requirement], dates: list[str]) -> Requirement:
    """One requirement; a parent has to stand before its children, which also rules out circles."""
    name = one.text("id")
    parent = one.maybe_text("parent")
    if parent is not None and parent not in above:
        one.refuse("parent", f"No requirement '{parent}' stands above '{name}'.",
                   near(parent, above) or "Put the parent before its children.")
    official = one.one_of("title_is", ("official", "ours"), "such origin of a title") == "official"
    return Requirement(
        id=name,
        parent=parent,
        level=one.matching("level", r"[a-z]+(-[a-z]+)*", "one word in small letters"),
        title=one.text("title"),
        official=official,
        # Where only the heading of a standard is free to show, there is nothing to say in its place.
        gist=(one.maybe_text("gist") or "") if official else one.text("gist"),
        assessable=one.flag("assessable"),
        priority=one.maybe_text("priority"),
        tags=tuple(word.text for word in one.words("tags", some=False)),
        note=one.maybe_text("note") or "",
        dates=one.known_words("dates", dates, "date", some=False),
        through=tuple(_target(item, one) for item in one.blocks("through", some=False)),
    )


def _target(item: Block, requirement: Fields) -> Target:
    one = Fields(item, requirement.mistakes, "a requirement to go through", ["framework", "requirement"])
    return Target(one.text("framework"), one.text("requirement"))


def check_through(frameworks: Mapping[str, ReadFramework], names: tuple[str, ...], mistakes: Mistakes) -> None:
    """Every requirement that another is met through is there and counts, and no circle leads back.

    `names` are all frameworks, also those whose file could not be read.
    """
    ways: dict[Target, list[Target]] = {}
    for read in frameworks.values():
        for item in read.framework.requirements:
            here = Target(read.framework.id, item.id)
            ways[here] = [Target(read.framework.id, child.id) for child in read.framework.children.get(item.id, ())]
            for target in item.through:
                ways[here].append(target)
                other = frameworks.get(target.framework)
                if other is not None and target.requirement in other.counting:
                    continue
                if target.framework in names and other is None:
                    continue
                known = other.counting if other is not None else names
                wanted = target.requirement if other is not None else target.framework
                at = read.words[item.id]
                mistakes.add(at.file, at.line,
                             f"'{item.id}' goes through {target.framework} '{target.requirement}', "
                             "which is not there or not assessed.", near(wanted, sorted(known)))
    for place in _circle(ways):
        at = frameworks[place.framework].words[place.requirement]
        mistakes.add(at.file, at.line,
                     f"'{place.requirement}' is met through itself.", "Take one step of the circle out.")


def _circle(ways: Mapping[Target, list[Target]]) -> list[Target]:
    """One place for each circle met, by walking every way once."""
    done: set[Target] = set()
    found: list[Target] = []
    for start in ways:
        trail: dict[Target, None] = {}
        stack = [(start, False)]
        while stack:
            here, leaving = stack.pop()
            if leaving:
                trail.pop(here, None)
                done.add(here)
                continue
            if here in done:
                continue
            if here in trail:
                found.append(here)
                continue
            trail[here] = None
            stack.append((here, True))
            for following in ways.get(here, ()):
                if following in trail:
                    found.append(following)
                elif following not in done:
                    stack.append((following, False))
    return list(dict.fromkeys(found))


def _counting(requirements: tuple[Requirement, ...]) -> frozenset[str]:
    """Requirements that are assessable or have an assessable one below them."""
    counting: set[str] = set()
    for item in reversed(requirements):  # children stand after their parent
        if item.assessable or item.id in counting:
            counting.add(item.id)
            if item.parent is not None:
                counting.add(item.parent)
    return frozenset(counting)
