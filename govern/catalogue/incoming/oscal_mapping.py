"""An OSCAL mapping-collection as crosswalks between frameworks, or as mappings where one side are our controls.

A map relates a set of sources to a set of targets. A crosswalk only shows what its publisher states, so it takes every
pair of the two. Our mappings decide what is met, so a map of sets is read for what it says of single controls: see
`RULES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from govern.catalogue.additions import listed, placed
from govern.catalogue.incoming.notes import Notes
from govern.catalogue.incoming.oscal_frameworks import Frameworks
from govern.catalogue.incoming.oscal_json import Head, Node, head_of, resources_of, slug_of
from govern.catalogue.objects import Control, Framework
from govern.catalogue.source import Block

COLLECTION = ("uuid", "metadata", "provenance", "mappings", "back-matter")
PROVENANCE = ("method", "matching-rationale", "status", "confidence-score", "coverage", "mapping-description",
              "responsible-parties", "props", "links", "remarks")
MAPPING = ("uuid", "method", "matching-rationale", "status", "source-resource", "target-resource", "maps", "props", "links",
           "remarks", "mapping-description", "source-gap-summary", "target-gap-summary", "confidence-score", "coverage")
MAP = ("uuid", "ns", "matching-rationale", "relationship", "sources", "targets", "qualifiers", "confidence-score", "coverage",
       "props", "links", "remarks")
_ALLOWED = {"method": ("human", "automation", "hybrid"), "matching-rationale": ("syntactic", "semantic", "functional"),
            "status": ("complete", "not-complete", "draft", "deprecated", "superseded")}
CONTROLS = "controls"
"""What the importer names instead of a framework where one side are our controls."""
_SAME = {"equal-to": "equal", "equivalent-to": "equal"}
_NONE = "no-relationship"
_TURNED = {"subset-of": "superset-of", "superset-of": "subset-of"}

# (relation, one control, one requirement) → what each pair is, and whether the controls together are complete.
RULES = {
    ("equal", True, True): ("equal", False), ("equal", True, False): ("superset-of", False),
    ("equal", False, True): ("subset-of", True), ("equal", False, False): ("intersects-with", True),
    ("superset-of", True, True): ("superset-of", False), ("superset-of", True, False): ("superset-of", False),
    ("superset-of", False, True): ("intersects-with", True), ("superset-of", False, False): ("intersects-with", True),
    ("subset-of", True, True): ("subset-of", False), ("subset-of", True, False): ("intersects-with", False),
    ("subset-of", False, True): ("subset-of", False), ("subset-of", False, False): ("intersects-with", False),
    **{("intersects-with", one, other): ("intersects-with", False) for one in (True, False) for other in (True, False)},
}
_RELATIONS = tuple(dict.fromkeys(relation for relation, _, _ in RULES))


@dataclass
class _Side:
    """One side of a mapping: a framework, or our controls; and the ids that it does not have."""

    name: str
    noun: str
    ids: Mapping[str, str]
    missing: dict[str, tuple[str, int]] = field(default_factory=dict)

    def found(self, node: Node, key: str) -> dict[str, str]:
        """The ids that a map names on this side, with their places; capitals make no difference."""
        found: dict[str, str] = {}
        for one in node.nodes(key):
            name, kind = one.text("id-ref"), one.text("type")
            known = name if name in self.ids.values() else self.ids.get(name.casefold())
            if kind not in ("control", ""):
                one.notes.warn(one.at("type"), f"'{name}' is a {kind}; only controls are read, so it is left out.")
            elif known is None:
                path, many = self.missing.get(name, (one.at("id-ref"), 0))
                self.missing[name] = path, many + 1
            else:
                found.setdefault(known, one.place("id-ref"))
        return found

    def tell_missing(self, notes: Notes) -> None:
        for name, (path, many) in self.missing.items():
            times = "once" if many == 1 else f"{many} times"
            notes.warn(path, f"{self.name} has no {self.noun} '{name}', which is named {times}; that is left out.")


@dataclass(frozen=True)
class _Ends:
    """What a map names on one side: the ids that are known here with their places, and how many it names in all."""

    found: Mapping[str, str]
    named: int

    @property
    def single(self) -> bool:
        """Whether the map speaks of one alone: what is left out still counts, or a part would pass for the whole."""
        return self.named == 1

    @property
    def whole(self) -> bool:
        """Whether all that the map names is known here."""
        return len(self.found) == self.named


@dataclass
class _Maps:
    """What the maps of one mapping say, collected for a crosswalk or for mappings."""

    pairs: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    links: dict[str, dict[str, Block]] = field(default_factory=dict)
    joint: dict[str, Block] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def read_mappings_of(collection: Node, frameworks: Frameworks, controls: Mapping[str, Control], source: str | None,
                     target: str | None) -> dict[str, list[Block]]:
    """The sections of an addition that a mapping-collection gives.

    `source` and `target` are what the importer names: a framework, or 'controls' for ours.
    """
    collection.knows("a mapping-collection", COLLECTION)
    head, resources = head_of(collection), resources_of(collection)
    provenance = collection.node("provenance")
    if provenance is not None:
        provenance.knows("a provenance", PROVENANCE)
        _odd_words(provenance)
    mappings = collection.nodes("mappings")
    if not mappings:
        collection.notes.refuse(collection.path, "The collection holds no mapping.", "Bring one that does.")
    sections: dict[str, list[Block]] = {"crosswalks": [], "mappings": []}
    for number, mapping in enumerate(mappings, 1):
        mapping.knows("a mapping", MAPPING)
        _odd_words(mapping)
        ends = [_end(mapping, key, items, argument, asked, frameworks, controls, resources)
                for key, items, argument, asked in (("source-resource", "sources", "source", source),
                                                    ("target-resource", "targets", "target", target))]
        if ends[0] is None or ends[1] is None:
            continue
        name = head.title if len(mappings) == 1 else f"{head.title} {number}"
        if isinstance(ends[0], Framework) and isinstance(ends[1], Framework):
            sections["crosswalks"] += _crosswalks(mapping, collection, head, name, ends[0], ends[1])
        elif isinstance(ends[0], Framework) or isinstance(ends[1], Framework):
            sections["mappings"] += _mappings(mapping, head, controls, ends[0], ends[1])
        else:
            mapping.notes.refuse(mapping.path, "Both sides are our controls.", "Name the framework with source=… or target=….")
    return {section: blocks for section, blocks in sections.items() if blocks}


def _odd_words(node: Node) -> None:
    """Warn of words that OSCAL does not have for how a mapping was made."""
    for key, allowed in _ALLOWED.items():
        value = node.text(key)
        if value and value not in allowed:
            node.notes.warn(node.at(key), f"'{value}' is no {key} in OSCAL, which has {', '.join(allowed)}.")


def _end(mapping: Node, key: str, items: str, argument: str, asked: str | None, frameworks: Frameworks,
         controls: Mapping[str, Control], resources: Mapping[str, Node]) -> Framework | str | None:
    """A framework, 'controls' for ours, or None (noted)."""
    if asked is not None:
        return CONTROLS if asked.casefold() == CONTROLS else frameworks.asked(asked, argument)
    resource = mapping.node(key) or Node({}, mapping.path, mapping.notes)
    found = frameworks.meant(resource.text("href"), resources)
    if found is not None:
        return found
    ids = {item.text("id-ref") for one in mapping.nodes("maps") for item in one.nodes(items)}
    ours = {name.casefold() for name in controls}
    if ids and all(name.casefold() in ours for name in ids):
        return CONTROLS
    frameworks.refuse(resource, f"The {argument} of this mapping", resource.text("href"), resources, ids, f"{argument}=…")
    return None


def _relation(one: Node) -> str:
    """The relationship of a map in our words; empty where it relates nothing."""
    word = one.text("relationship")
    word = _SAME.get(word, word)
    if word == _NONE:
        one.notes.warn(one.at("relationship"), "This map says that there is no relationship; it is left out.")
        return ""
    if not word:
        one.notes.warn(one.path, "This map states no relationship; it is left out.")
    return word


# -- crosswalks ------------------------------------------------------------------------------------------------------


def _crosswalks(mapping: Node, collection: Node, head: Head, name: str, source: Framework, target: Framework) -> list[Block]:
    """A crosswalk for each relationship of a mapping."""
    maps = _Maps()
    sides = [_Side(one.id, "requirement", {item.casefold(): item for item in one.by_id}) for one in (source, target)]
    for one in mapping.nodes("maps"):
        one.knows("a map", MAP)
        relation = _relation(one)
        if relation and relation not in _RELATIONS:
            one.notes.warn(one.at("relationship"), f"'{relation}' is no relationship of NIST IR 8477 "
                           f"({', '.join(_RELATIONS)}); it is kept in the publisher's word.")
        ends = [side.found(one, key) for side, key in zip(sides, ("sources", "targets"), strict=True)]
        for start, place in ends[0].items() if relation else ():
            if ends[1]:
                maps.places.setdefault(start, place)
                maps.pairs.setdefault(relation, {}).setdefault(start, {}).update(ends[1])
    for side in sides:
        side.tell_missing(mapping.notes)
    if not maps.pairs:
        mapping.notes.refuse(mapping.path, f"No pair of this mapping stands between {source.id} and {target.id}.",
                             "Name other frameworks with source=… and target=….")
    return [_crosswalk(collection, head, name if len(maps.pairs) == 1 else f"{name}, {relation}", source, target, relation,
                       pairs, maps.places) for relation, pairs in maps.pairs.items()]


def _crosswalk(collection: Node, head: Head, title: str, source: Framework, target: Framework, relation: str,
               pairs: Mapping[str, Mapping[str, str]], places: Mapping[str, str]) -> Block:
    notes = collection.notes
    place = notes.place(collection.path)
    blocks = [placed(places[start], {"from": start, "to": listed(ends, ends.values())}) for start, ends in pairs.items()]
    return placed(place, {
        "id": slug_of(title), "title": title, "publisher": head.publisher,
        "source": placed(place, {"document": head.title, "url": head.url or None,
                                 "reference": f"OSCAL mapping-collection {head.uuid or 'without uuid'}, version {head.version}"}),
        "wording": "The pairs are those of the OSCAL mapping-collection; nothing in it is ours.",
        "from": source.id, "to": target.id, "relation": relation, "pairs": listed(blocks),
    }, {"id": notes.place(f"{collection.at('metadata')}.title")})


# -- mappings to our controls ----------------------------------------------------------------------------------------


def _mappings(mapping: Node, head: Head, controls: Mapping[str, Control], source: Framework | str,
              target: Framework | str) -> list[Block]:
    """The mappings of our controls to one framework, read control → requirement."""
    turned = isinstance(source, Framework)
    framework = source if isinstance(source, Framework) else target
    assert isinstance(framework, Framework)  # noqa: S101 - the caller told the two cases apart
    ours = _Side("The catalogue", "control", {name.casefold(): name for name in controls})
    theirs = _Side(framework.id, "requirement", {name.casefold(): name for name in framework.by_id})
    maps = _Maps()
    for one in mapping.nodes("maps"):
        one.knows("a map", MAP)
        word = _relation(one)
        relation = _TURNED.get(word, word) if turned else word
        if relation and relation not in _RELATIONS:
            one.notes.warn(one.at("relationship"), f"'{relation}' is no relationship that a control can have; the map is left out.",
                           f"Known: {', '.join(_RELATIONS)}.")
            relation = ""
        keys = ("targets", "sources") if turned else ("sources", "targets")
        controls_of, requirements_of = (_Ends(side.found(one, key), len(one.nodes(key)))
                                        for side, key in zip((ours, theirs), keys, strict=True))
        if relation:
            _add(one, relation, controls_of, requirements_of, head, maps)
    for side in (ours, theirs):
        side.tell_missing(mapping.notes)
    if not maps.links:
        mapping.notes.refuse(mapping.path, f"No map of this mapping stands between our controls and {framework.id}.",
                             "Name another framework with source=… or target=….")
        return []
    blocks = [placed(maps.places[name], {"requirement": name, "controls": listed(links.values())})
              for name, links in maps.links.items()]
    values = {"framework": framework.id, "mappings": listed(blocks)}
    if maps.joint:
        values["joint"] = listed(maps.joint.values())
    return [placed(mapping.notes.place(mapping.path), values)]


def _add(one: Node, relation: str, controls: _Ends, requirements: _Ends, head: Head, maps: _Maps) -> None:
    """Add what one map says of each control and requirement."""
    each, together = RULES[relation, controls.single, requirements.single]
    why = one.text("remarks") or f"The mapping “{head.title}” states it ({relation})."
    for name, place in requirements.found.items():
        links = maps.links.setdefault(name, {}) if controls.found else {}
        maps.places.setdefault(name, place)
        for control, at in controls.found.items():
            if control in links:
                one.notes.warn(one.path, f"{control} is mapped to '{name}' before; this second relation is left out.")
                continue
            links[control] = placed(at, {"control": control, "relation": each, "why": why},
                                    {"relation": one.place("relationship")})
        if together and not controls.whole:
            one.notes.warn(one.path, f"The controls are not complete for '{name}' here: some of them are left out.")
        elif together and name in maps.joint:
            one.notes.warn(one.path, f"A second set of controls that is complete for '{name}' is left out; one is kept.")
        elif together:
            maps.joint[name] = placed(one.notes.place(one.path), {"requirement": name, "controls": listed(controls.found)})
