"""Ready choices of controls (baselines.yaml) and degrees of risk tolerance with their limits (tolerances.yaml)."""

from __future__ import annotations

from collections.abc import Mapping

from govern.catalogue.asks import read_condition
from govern.catalogue.fields import Fields, Seen
from govern.catalogue.objects import Baseline, Control, Limit, Tolerance
from govern.catalogue.source import Block, Mistakes
from govern.catalogue.vocabulary import SLUG, SLUG_SHAPE, Vocabulary


def read_baselines(block: Block, words: Vocabulary, controls: Mapping[str, Control], unread: frozenset[str],
                   mistakes: Mistakes, seen: Seen) -> tuple[Baseline, ...]:
    """The baselines in order; one that includes another stands below it. `controls: all` takes every control.

    `seen` holds the ids met in other files.
    """
    top = Fields(block, mistakes, block.file.rpartition("/")[2], ["baselines"])
    found: dict[str, Baseline] = {}
    for item in top.blocks("baselines"):
        one = Fields(item, mistakes, "a baseline", ["id", "title", "meaning", "least", "controls"], ["includes"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        chosen = _chosen(one, controls, unread)
        for included in one.known_words("includes", list(found), "baseline above this one called", some=False):
            chosen |= found[included].controls
        baseline = Baseline(name, one.text("title"), one.text("meaning"), frozenset(chosen),
                            read_condition(one, "least", "when", words))
        if seen.first(one, "id", name):
            found[name] = baseline
    return tuple(found.values())


def _chosen(one: Fields, controls: Mapping[str, Control], unread: frozenset[str]) -> set[str]:
    if one.block.values.get("controls") == "all":
        return set(controls)
    chosen = set()
    for word in one.words("controls"):
        if word.text.split("-")[0] in unread or one.must_know(word, controls, "control"):
            chosen.add(word.text)
    return chosen


def read_limits(block: Block, mistakes: Mistakes) -> tuple[tuple[Limit, ...], tuple[Tolerance, ...]]:
    """The limits and tolerances of tolerances.yaml; each tolerance has a figure for each limit."""
    top = Fields(block, mistakes, "tolerances.yaml", ["limits", "tolerances"])
    limits: dict[str, Limit] = {}
    seen = Seen("limit")
    for item in top.blocks("limits"):
        one = Fields(item, mistakes, "a limit", ["id", "title", "meaning", "type"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        type_ = one.one_of("type", ("int", "double"), "type of a limit")
        if seen.first(one, "id", name):
            limits[name] = Limit(name, one.text("title"), one.text("meaning"), type_ or "double")
    tolerances: dict[str, Tolerance] = {}
    known = Seen("tolerance")
    for item in top.blocks("tolerances"):
        one = Fields(item, mistakes, "a tolerance", ["id", "title", "meaning", "limits"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        tolerance = Tolerance(name, one.text("title"), one.text("meaning"), _figures(one, limits))
        if known.first(one, "id", name):
            tolerances[name] = tolerance
    return tuple(limits.values()), tuple(tolerances.values())


def _figures(one: Fields, limits: Mapping[str, Limit]) -> dict[str, float]:
    block = one.inner("limits")
    if block is None:
        return {}
    figures = Fields(block, one.mistakes, "the limits of a tolerance", list(limits))
    return {name: figures.number(name) for name in limits}
