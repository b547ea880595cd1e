"""Crosswalks as files: pairs of requirements that a publisher states, beside what our mappings say."""

from __future__ import annotations

from collections.abc import Mapping

from govern.catalogue.fields import Fields, Seen
from govern.catalogue.frameworks import FRAMEWORK_ID, FRAMEWORK_ID_SHAPE, SOURCE, ReadFramework, read_source
from govern.catalogue.objects import Crosswalk
from govern.catalogue.source import Block, Mistakes, near

_KEYS = ("id", "title", "publisher", "source", "wording", "from", "to", "relation", "pairs")


def read_crosswalk(block: Block, stem: str | None, frameworks: Mapping[str, ReadFramework],
                   names: tuple[str, ...], mistakes: Mistakes, seen: Seen, origin: str = "") -> Crosswalk | None:
    """One file of crosswalks/, or None (noted) where a framework is not there.

    `stem` is the name of the file without .yaml, None in an addition; `names` are all frameworks, also those whose
    file could not be read; `seen` holds the ids met so far.
    """
    top = Fields(block, mistakes, "a crosswalk", _KEYS)
    name = top.matching("id", FRAMEWORK_ID, FRAMEWORK_ID_SHAPE)
    seen.first(top, "id", name)
    if stem is not None and name and name != stem:
        top.refuse("id", f"'{name}' stands in the file {stem}.yaml.", f"Name the file {name}.yaml.")
    ends = [top.one_of("from", names, "framework"), top.one_of("to", names, "framework")]
    source, target = (frameworks.get(end) for end in ends)
    if source is None or target is None:
        return None
    published = top.inner("source")
    return Crosswalk(
        id=name, title=top.text("title"), publisher=top.text("publisher"),
        source={} if published is None else read_source(Fields(published, mistakes, "a source", SOURCE)),
        wording=top.text("wording"), source_framework=ends[0], target_framework=ends[1],
        relation=top.text("relation"), pairs=_pairs(top, source, target), origin=origin)


def _pairs(top: Fields, source: ReadFramework, target: ReadFramework) -> dict[str, tuple[str, ...]]:
    seen = Seen("pair from")
    found = {}
    for item in top.blocks("pairs"):
        one = Fields(item, top.mistakes, "a pair", ["from", "to"])
        start = one.text("from")
        if start and start not in source.framework.by_id:
            one.refuse("from", f"{source.framework.id} has no requirement '{start}'.",
                       near(start, source.framework.by_id))
        ends = []
        for word in one.words("to"):
            if word.text in target.framework.by_id:
                ends.append(word.text)
            else:
                one.refuse_at(word, f"{target.framework.id} has no requirement '{word.text}'.",
                              near(word.text, target.framework.by_id))
        if seen.first(one, "from", start):
            found[start] = tuple(ends)
    return found
