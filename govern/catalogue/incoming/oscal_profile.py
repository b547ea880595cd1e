"""An OSCAL profile as a framework of its own: just the requirements that it picks from others.

Decided: a picked requirement keeps its id, title and text, stands below the headings of its framework (never below
another requirement: picking one says nothing of what is nested in it), and is met `through` the one it was picked from.
So every mapping to the framework counts for the profile, and none is made twice. Parameters and alterations of a
profile change words, not what is proved; they are left out with a warning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from govern.catalogue.additions import listed, placed
from govern.catalogue.incoming.oscal_catalog import framework_block, text_block, texts_block
from govern.catalogue.incoming.oscal_frameworks import Frameworks
from govern.catalogue.incoming.oscal_json import Node, head_of, resources_of, slug_of
from govern.catalogue.objects import AppliesFrom, Framework, Requirement
from govern.catalogue.source import Block

PROFILE = ("uuid", "metadata", "imports", "merge", "modify", "back-matter")
IMPORT = ("href", "include-all", "include-controls", "exclude-controls")
SELECT = ("with-child-controls", "with-ids", "matching")
_LONGEST_PATTERN = 100


@dataclass(frozen=True)
class _Picked:
    """What one import picks: the framework, and the ids in its order with the place that first named each."""

    framework: Framework
    places: dict[str, str]


def profile_id(title: str) -> str:
    """The id of the framework that a profile becomes: a resolved catalog often bears the same title as its profile."""
    return slug_of(title if "profile" in title.casefold() else f"{title} profile")


def read_profile(profile: Node, frameworks: Frameworks, source: str | None) -> dict[str, list[Block]]:
    """The sections of an addition that a profile gives; `source` is the framework that the importer names."""
    profile.knows("a profile", PROFILE)
    head, resources = head_of(profile), resources_of(profile)
    imports = profile.nodes("imports")
    if not imports:
        profile.notes.refuse(profile.path, "The profile imports no catalog.", "Add 'imports'.")
    found = [one for one in (_import(item, frameworks, resources, source) for item in imports) if one is not None]
    _tell_what_is_not_read(profile)
    profile.notes.stop_if_wrong()
    name = profile_id(head.title)
    requirements: dict[str, Block] = {}
    for one in found:
        for item in _kept(one):
            if item.id in requirements and not item.assessable:
                continue  # a heading that two imports share
            if item.id in requirements:
                profile.notes.refuse(profile.path, f"Two imports pick a requirement '{item.id}'.",
                                     "Bring them as two profiles.")
            requirements[item.id] = _requirement(item, one, profile)
    if not requirements:
        profile.notes.refuse(profile.path, "The profile picks nothing.", "Look at 'include-controls'.")
    picked = sum(len(one.places) for one in found)
    titles = " and ".join(dict.fromkeys(one.framework.title for one in found))
    wording = (f"A choice of {picked:,} requirements of {titles}, made by the OSCAL profile “{head.title}”. "
               "Each is met through the requirement that it was picked from.")
    dates = {date.id: date for one in found for item in one.places for date in one.framework.dates_of(item)}
    framework = framework_block(profile, head, name, "profile", list(requirements.values()),
                                [_date(date, profile) for date in dates.values()], wording)
    texts = [text_block(item, one.framework.by_id[item].text, place) for one in found for item, place in one.places.items()
             if one.framework.by_id[item].text]
    return {"frameworks": [framework], **({"texts": [texts_block(profile, name, texts)]} if texts else {})}


# -- what is picked --------------------------------------------------------------------------------------------------


def _import(item: Node, frameworks: Frameworks, resources: dict[str, Node], source: str | None) -> _Picked | None:
    """What one import picks, or None (noted) where its framework is not known."""
    item.knows("an import", IMPORT)
    named = [name for one in item.nodes("include-controls") for name in one.texts("with-ids")]
    framework = frameworks.asked(source, "source") if source else frameworks.meant(item.text("href"), resources)
    if framework is None:
        if not source:
            frameworks.refuse(item, "The catalog that it imports", item.text("href"), resources, named, "source=…")
        return None
    if "include-all" in item.value:
        picked = {one.id: item.notes.place(item.path) for one in framework.requirements if one.assessable}
    else:
        picked = _selected(item, "include-controls", framework)
    for name in _selected(item, "exclude-controls", framework):
        picked.pop(name, None)
    return _Picked(framework, {one.id: picked[one.id] for one in framework.requirements if one.id in picked})


def _selected(item: Node, key: str, framework: Framework) -> dict[str, str]:
    """The ids that one list of selections names, with their places."""
    folded = {name.casefold(): name for name in framework.by_id}
    found: dict[str, str] = {}
    for select in item.nodes(key):
        select.knows("a selection", SELECT)
        chosen: dict[str, str] = {}
        for number, name in enumerate(select.texts("with-ids")):
            path = f"{select.at('with-ids')}[{number}]"
            known = name if name in framework.by_id else folded.get(name.casefold())
            if known is None:
                item.notes.warn(path, f"{framework.id} has no requirement '{name}'; it is left out.")
            elif not framework.by_id[known].assessable:
                item.notes.warn(path, f"'{known}' is not assessed in {framework.id}; it is left out.")
            else:
                chosen[known] = item.notes.place(path)
        for match in select.nodes("matching"):
            chosen |= _matching(match, framework)
        if select.text("with-child-controls").casefold() == "yes" or select.value.get("with-child-controls") is True:
            chosen |= _below(framework, chosen)
        found |= {name: place for name, place in chosen.items() if name not in found}
    return found


def _matching(match: Node, framework: Framework) -> dict[str, str]:
    """The requirements whose id fits a pattern with * and ?."""
    pattern = match.text("pattern").casefold()
    if not pattern or len(pattern) > _LONGEST_PATTERN or pattern.count("*") > 4:
        match.notes.warn(match.path, "The pattern is missing, too long or has more than four *; it is left out.")
        return {}
    found = {one.id: match.place("pattern") for one in framework.requirements
             if one.assessable and fnmatchcase(one.id.casefold(), pattern)}
    if not found:
        match.notes.warn(match.path, f"No requirement of {framework.id} fits '{pattern}'.")
    return found


def _below(framework: Framework, chosen: dict[str, str]) -> dict[str, str]:
    """All that is nested in what was chosen."""
    found: dict[str, str] = {}
    for one in framework.requirements:  # parents stand before their children
        place = found.get(one.parent or "") or chosen.get(one.parent or "")
        if place and one.assessable:
            found[one.id] = place
    return {name: place for name, place in found.items() if name not in chosen}


def _tell_what_is_not_read(profile: Node) -> None:
    modify, merge = profile.node("modify"), profile.node("merge")
    for key, what in (("set-parameters", "values of parameters"), ("alters", "alterations of controls")):
        many = len(modify.nodes(key)) if modify is not None and key in modify.value else 0
        if modify is not None and many:
            modify.notes.warn(modify.at(key), f"Left out ({many:,}): {what}. Texts stay as the catalog has them.")
    if merge is not None and "custom" in merge.value:
        merge.notes.warn(merge.at("custom"), "The custom order is left out; the headings of the catalog stay.")


# -- as a framework --------------------------------------------------------------------------------------------------


def _kept(picked: _Picked) -> Iterable[Requirement]:
    """What is picked, and the headings above it, in the order of the framework."""
    framework = picked.framework
    headings = {one.id for name in picked.places for one in framework.above(name) if not one.assessable}
    return (one for one in framework.requirements if one.id in headings or one.id in picked.places)


def _requirement(item: Requirement, picked: _Picked, profile: Node) -> Block:
    framework = picked.framework
    above = next((one.id for one in framework.above(item.id) if not one.assessable), None)
    place = picked.places.get(item.id) or profile.notes.place(profile.path)
    chosen = item.id in picked.places
    values: dict[str, Any] = {
        "id": item.id, "parent": above, "level": item.level, "title": item.title,
        "title_is": "official" if item.official else "ours", "gist": item.gist or None, "assessable": chosen,
        "priority": item.priority, "tags": listed(item.tags), "note": item.note or None,
    }
    if chosen:
        values["through"] = listed([placed(place, {"framework": framework.id, "requirement": item.id})])
        values["dates"] = listed(one.id for one in framework.dates_of(item.id))
    return placed(place, values)


def _date(date: AppliesFrom, profile: Node) -> Block:
    values = {"id": date.id, "title": date.title, "applies_from": date.applies_from, "source": date.source,
              "before": date.before, "amended_by": date.amended_by}
    return placed(profile.notes.place(profile.path), {key: value for key, value in values.items() if value})
