"""How controls relate to one framework, as a file of mappings/: relations with their reason, joint sets, gaps.

Checked here: that frameworks, requirements and controls exist, that a mapping goes to a requirement that counts,
and that each member of a joint set is mapped to what the set covers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from govern.catalogue.fields import Fields, Seen, Word
from govern.catalogue.frameworks import ReadFramework
from govern.catalogue.objects import Control, Link, Relation
from govern.catalogue.source import Block, Mistakes, near

_RELATIONS = tuple(relation.value for relation in Relation)


@dataclass(frozen=True)
class Known:
    """What mappings may name: frameworks (also those whose file could not be read), controls, domains not read."""

    frameworks: Mapping[str, ReadFramework]
    framework_names: Collection[str]
    controls: Mapping[str, Control]
    unread: Collection[str]

    def control(self, word: Word, at: Fields) -> bool:
        """Whether a control is there; noted where it is not, unless the file of its domain could not be read."""
        if word.text in self.controls:
            return True
        if word.text.split("-")[0] not in self.unread:
            at.refuse_at(word, f"There is no control '{word.text}'.", near(word.text, self.controls))
        return False


@dataclass
class Drawn:
    """The map as read so far: links by control, joint sets and gaps by framework, and what was met in whatever file."""

    links: dict[str, list[Link]] = field(default_factory=dict)
    joint: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    gaps: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: Seen = field(default_factory=lambda: Seen("mapping of"))
    sets: dict[str, Seen] = field(default_factory=dict)
    left: dict[str, Seen] = field(default_factory=dict)

    def frameworks(self, read: Mapping[str, ReadFramework]) -> dict[str, ReadFramework]:
        """The frameworks with their joint sets and gaps."""
        return {name: replace(one, framework=replace(one.framework, joint=self.joint.get(name, {}),
                                                     gaps=self.gaps.get(name, {})))
                for name, one in read.items()}

    def controls(self, controls: Mapping[str, Control], order: Collection[str]) -> dict[str, Control]:
        """The controls with their links, framework by framework in `order`, requirements in the order read."""
        rank = {name: place for place, name in enumerate(order)}
        return {name: replace(one, mappings=tuple(sorted(
            self.links.get(name, ()), key=lambda link: rank[link.framework]))) for name, one in controls.items()}


def read_mappings(block: Block, stem: str | None, known: Known, drawn: Drawn, mistakes: Mistakes) -> None:
    """Add what one file of mappings/ says to `drawn`; `stem` is its name without .yaml, None in an addition."""
    top = Fields(block, mistakes, "a file of mappings", ["framework", "mappings"], ["joint", "gaps"])
    word = top.word("framework")
    name = word.text
    if not name or not top.must_know(word, known.framework_names, "framework"):
        return
    if stem is not None and name != stem:
        top.refuse("framework", f"'{name}' stands in the file {stem}.yaml.", f"Name the file {name}.yaml.")
    read = known.frameworks.get(name)
    for item in top.blocks("mappings", some=False):
        one = Fields(item, mistakes, "a mapping", ["requirement", "controls"])
        target = one.text("requirement")
        if target and (read is None or _counts(one, target, read)):
            _links(one, name, target, known, drawn)
    _joint(top, name, read, known, drawn)
    _gaps(top, name, read, drawn)


def _counts(at: Fields, target: str, read: ReadFramework) -> bool:
    """A mapping goes to a requirement that counts; to one that is never assessed it would be lost unseen."""
    if target in read.counting:
        return True
    by_id = read.framework.by_id
    if target not in by_id:
        at.refuse("requirement", f"{read.framework.id} has no requirement '{target}'.", near(target, by_id))
        return False
    parent = by_id[target].parent
    while parent is not None and not by_id[parent].assessable:
        parent = by_id[parent].parent
    mend = f"Map to '{parent}'." if parent is not None else "Take it out."
    at.refuse("requirement", f"'{target}' is not assessed, nor is anything below it.", mend)
    return False


def _links(mapping: Fields, framework: str, target: str, known: Known, drawn: Drawn) -> None:
    for item in mapping.blocks("controls"):
        one = Fields(item, mapping.mistakes, "a control of a mapping", ["control", "relation", "why"])
        word = one.word("control")
        control = word.text
        relation = one.one_of("relation", _RELATIONS, "relation")
        why = one.text("why")
        if not control or not known.control(word, one):
            continue
        if drawn.seen.first(one, "control", f"{control} to {framework} {target}") and relation in _RELATIONS:
            drawn.links.setdefault(control, []).append(Link(framework, target, Relation(relation), why))


def _joint(top: Fields, name: str, read: ReadFramework | None, known: Known, drawn: Drawn) -> None:
    seen = drawn.sets.setdefault(name, Seen("joint set of"))
    for item in top.blocks("joint", some=False):
        one = Fields(item, top.mistakes, "a joint set", ["requirement", "controls"])
        requirement, controls = one.text("requirement"), one.words("controls")
        if len(controls) == 1:
            one.refuse("controls", "A joint set of one control is none.", "Name all, or drop the set.")
        if not seen.first(one, "requirement", requirement) or (read is not None and not _coverable(one, read)):
            continue
        for word in controls:
            mapped = any(link.framework == name and link.requirement == requirement
                         for link in drawn.links.get(word.text, ()))
            if known.control(word, one) and not mapped:
                one.refuse_at(word, f"The control {word.text} is not mapped to '{requirement}'.",
                              "Map it above, or take it out of the set.")
        drawn.joint.setdefault(name, {})[requirement] = frozenset(word.text for word in controls)


def _coverable(one: Fields, read: ReadFramework) -> bool:
    requirement = one.text("requirement")
    if requirement in read.counting:
        return True
    one.refuse("requirement", f"There is no requirement '{requirement}' to cover.",
               near(requirement, sorted(read.counting)))
    return False


def _gaps(top: Fields, name: str, read: ReadFramework | None, drawn: Drawn) -> None:
    seen = drawn.left.setdefault(name, Seen("gap of"))
    for item in top.blocks("gaps", some=False):
        one = Fields(item, top.mistakes, "a gap", ["requirement", "why"])
        requirement, why = one.text("requirement"), one.text("why")
        if seen.first(one, "requirement", requirement) and (read is None or _coverable(one, read)):
            drawn.gaps.setdefault(name, {})[requirement] = why
