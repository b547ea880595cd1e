"""The words that the catalogue is written in: traits, stages, events, layers, bases, kinds of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from govern.catalogue.expressions import tolerance_declarations, trait_declarations
from govern.catalogue.fields import Fields, Seen, Word
from govern.catalogue.objects import FieldOfKind, Kind, Named, Trait, TraitGroup
from govern.catalogue.source import Block, Mistakes

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
SLUG_SHAPE = "small letters and digits with hyphens between"

_FIELD_NAME = r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*"
UNKNOWN_TYPE = ""  # stands for a type that was noted as a mistake
_TYPES = ("int", "double", "bool", "string")
_FORMS = ("structured", "document")
# Words of the expression language, which no part of a field's name may be.
_RESERVED = frozenset((
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let",
    "loop", "namespace", "null", "package", "return", "true", "var", "void", "while"))


@dataclass(frozen=True)
class Lifecycle:
    """What lifecycle.yaml says."""

    stages: tuple[Named, ...] = ()
    events: tuple[Named, ...] = ()
    layers: tuple[Named, ...] = ()
    bases: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Purposes:
    """What purposes.yaml says: who does controls, and what they are for."""

    functions: tuple[Named, ...] = ()
    threats: tuple[Named, ...] = ()
    goals: tuple[Named, ...] = ()
    defences: tuple[Named, ...] = ()

    def ids(self, part: str) -> tuple[str, ...]:
        """The ids of one of the four parts."""
        return tuple(one.id for one in getattr(self, part))


@dataclass(frozen=True)
class Vocabulary:
    """All the words, with what checking needs of them.

    `kind_names` also holds kinds whose file could not be read, so that one broken file is one mistake.
    """

    traits: tuple[Trait, ...]
    lifecycle: Lifecycle
    kinds: Mapping[str, Kind]
    kind_names: tuple[str, ...]
    groups: tuple[TraitGroup, ...] = ()
    purposes: Purposes = Purposes()
    limit_types: Mapping[str, str] = field(default_factory=dict)
    tolerance_names: tuple[str, ...] = ()
    stage_names: tuple[str, ...] = field(init=False)
    event_names: tuple[str, ...] = field(init=False)
    basis_names: tuple[str, ...] = field(init=False)
    trait_types: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        names = {
            "stage_names": tuple(stage.id for stage in self.lifecycle.stages),
            "event_names": tuple(event.id for event in self.lifecycle.events),
            "basis_names": tuple(basis.id for basis in self.lifecycle.bases),
            "trait_types": {**trait_declarations(trait.id for trait in self.traits),
                            **tolerance_declarations(self.tolerance_names)},
        }
        for name, value in names.items():
            object.__setattr__(self, name, value)


def read_traits(block: Block, mistakes: Mistakes) -> tuple[tuple[Trait, ...], tuple[TraitGroup, ...]]:
    """The traits of traits.yaml and the parts of the questionnaire that ask for them (none: one list)."""
    top = Fields(block, mistakes, "traits.yaml", ["traits"], ["groups"])
    groups = _groups(top)
    names = [group.id for group in groups]
    seen = Seen("trait")
    found: list[Trait] = []
    implying: list[tuple[Fields, Word]] = []
    for item in top.blocks("traits"):
        one = Fields(item, mistakes, "a trait", ["id", "title", "question", "meaning", *(["group"] if names else [])],
                     ["implies"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        question = one.question("question")
        if seen.first(one, "id", name):
            implied = one.words("implies", some=False)
            implying += [(one, word) for word in implied]
            found.append(Trait(name, one.text("title"), question, one.text("meaning"),
                               one.one_of("group", names, "group") if names else "",
                               tuple(word.text for word in implied)))
    for one, word in implying:
        one.must_know(word, [trait.id for trait in found], "trait")
    return tuple(found), groups


def _groups(top: Fields) -> tuple[TraitGroup, ...]:
    seen = Seen("group")
    found = []
    for item in top.blocks("groups", some=False):
        one = Fields(item, top.mistakes, "a group of traits", ["id", "title", "meaning", "choice"])
        name = one.matching("id", SLUG, SLUG_SHAPE)
        single = one.one_of("choice", ("any", "one"), "choice") == "one"
        if seen.first(one, "id", name):
            found.append(TraitGroup(name, one.text("title"), one.text("meaning"), single))
    return tuple(found)


def read_purposes(block: Block, mistakes: Mistakes) -> Purposes:
    """The functions, threat patterns, security goals and defence layers of purposes.yaml, each in its order."""
    top = Fields(block, mistakes, "purposes.yaml", ["functions", "threats", "goals", "defences"])
    return Purposes(_named(top, "functions", "function"), _named(top, "threats", "threat pattern"),
                    _named(top, "goals", "security goal"), _named(top, "defences", "defence layer"))


def read_lifecycle(block: Block, mistakes: Mistakes) -> Lifecycle:
    """The stages, events, layers and bases of lifecycle.yaml, each in its order."""
    top = Fields(block, mistakes, "lifecycle.yaml", ["stages", "events", "layers", "bases"])
    return Lifecycle(_named(top, "stages", "stage"), _named(top, "events", "event"),
                     _named(top, "layers", "layer"), _named(top, "bases", "basis"))


def _named(top: Fields, key: str, noun: str) -> tuple[Named, ...]:
    seen = Seen(noun)
    required, optional = ["id", "title", "meaning"], []
    if key == "layers":  # a layer explains itself
        required, optional = ["id", "title"], ["meaning"]
    found = []
    for item in top.blocks(key):
        one = Fields(item, top.mistakes, f"a {noun}", required, optional)
        name = one.matching("id", SLUG, SLUG_SHAPE)
        if seen.first(one, "id", name):
            found.append(Named(name, one.text("title"), one.maybe_text("meaning") or ""))
    return tuple(found)


def read_kind(block: Block, stem: str, mistakes: Mistakes) -> Kind:
    """The kind of evidence that one file of kinds/ declares; `stem` is the name of the file without .yaml."""
    top = Fields(block, mistakes, "a kind of evidence",
                 ["id", "title", "meaning", "form", "fresh_days", "reviewer", "fields"])
    name = top.text("id")
    if name and name != stem:
        top.refuse("id", f"The kind '{name}' stands in the file {stem}.yaml.", f"Name the file {name}.yaml.")
    return Kind(
        id=stem,
        title=top.text("title"),
        meaning=top.text("meaning"),
        form=top.one_of("form", _FORMS, "form"),
        fresh_days=top.maybe_days("fresh_days"),
        reviewer=top.text("reviewer"),
        fields=_fields(top),
    )


def _fields(top: Fields) -> tuple[FieldOfKind, ...]:
    seen = Seen("field")
    found = []
    for item in top.blocks("fields", some=False):
        one = Fields(item, top.mistakes, "a field", ["name", "type", "meaning"])
        name = one.matching("name", _FIELD_NAME, "small letters, digits and _, in parts with dots between")
        reserved = sorted(_RESERVED.intersection(name.split(".")))
        if reserved:
            one.refuse("name", f"'{reserved[0]}' is a word of the expression language.", "Take another name.")
        given = one.one_of("type", _TYPES, "type")
        if seen.first(one, "name", name):
            found.append(FieldOfKind(name, given if given in _TYPES else UNKNOWN_TYPE, one.text("meaning")))
    return tuple(found)
