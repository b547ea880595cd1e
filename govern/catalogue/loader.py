"""Reads controls/ and the organisation's additions into a Catalogue, or says everything that is wrong with them.

Order matters: words first (traits, life cycle, kinds, purposes, tolerances), then frameworks, then the library, then
what names both (mappings, crosswalks, baselines, texts). A file that cannot be read is one mistake: what refers to it
is not held against other files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from govern.catalogue.additions import Addition, read_texts
from govern.catalogue.baselines import read_baselines, read_limits
from govern.catalogue.crosswalks import read_crosswalk
from govern.catalogue.fields import Fields, Seen
from govern.catalogue.frameworks import FRAMEWORK_ID, FRAMEWORK_ID_SHAPE, ReadFramework, check_through, read_framework
from govern.catalogue.library import Shelf, read_domain
from govern.catalogue.mappings import Drawn, Known, read_mappings
from govern.catalogue.objects import Baseline, Catalogue, Control, Crosswalk, Domain, Framework, Kind, Limit, Tolerance
from govern.catalogue.source import Block, Mistakes, read_file
from govern.catalogue.text import digest_of, to_text
from govern.catalogue.vocabulary import Purposes, Vocabulary, read_kind, read_lifecycle, read_purposes, read_traits
from govern.errors import CatalogueError


def load(folder: Path, additions: Sequence[Addition] = ()) -> Catalogue:
    """The catalogue that a folder such as controls/ holds, with additions beside it.

    Raises CatalogueError with all mistakes, each with file, line (from 1) and, where known, what mends it.
    """
    return _Reading(folder, additions).catalogue()


class _Reading:
    """One reading of a folder and additions: the parts in order, and the mistakes found in all of them."""

    def __init__(self, folder: Path, additions: Sequence[Addition]) -> None:
        self._folder = folder.resolve()  # a name for messages, also for "."
        self._additions = additions
        self._mistakes = Mistakes()
        self._limits: tuple[Limit, ...] = ()
        self._tolerances: tuple[Tolerance, ...] = ()

    def catalogue(self) -> Catalogue:
        """All of it; raises CatalogueError."""
        words = self._vocabulary()
        frameworks, names = self._frameworks()
        check_through(frameworks, names, self._mistakes)
        if words is None:  # without words every control would be full of unknown ones
            raise CatalogueError(self._mistakes.sorted())
        domains, controls, unread = self._library(Shelf(words, Seen("control"), Seen("ask")))
        drawn = self._map(Known(frameworks, names, controls, unread))
        baselines = self._baselines(words, controls, unread)
        crosswalks = self._crosswalks(frameworks, names)
        texts = self._texts(frameworks, names)
        mistakes = self._mistakes.sorted()
        if mistakes:
            raise CatalogueError(mistakes)
        life, purposes = words.lifecycle, words.purposes
        draft = Catalogue(
            digest="", traits=words.traits, stages=life.stages, events=life.events, layers=life.layers,
            bases=life.bases, kinds=words.kinds, domains=domains,
            controls=drawn.controls(controls, names),
            frameworks={name: _worded(one.framework, texts.get(name, {}))
                        for name, one in drawn.frameworks(frameworks).items()},
            groups=words.groups, functions=purposes.functions, threats=purposes.threats, goals=purposes.goals,
            defences=purposes.defences, crosswalks=crosswalks, baselines=baselines, limits=self._limits,
            tolerances=self._tolerances)
        return replace(draft, digest=digest_of(to_text(draft)))

    # -- the parts -------------------------------------------------------------------------------------------

    def _vocabulary(self) -> Vocabulary | None:
        """The words, or None when traits, life cycle or all kinds are not there to be read."""
        traits, life = self._read("traits.yaml"), self._read("lifecycle.yaml")
        purposes, tolerances = self._maybe_read("purposes.yaml"), self._maybe_read("tolerances.yaml")
        blocks = self._read_all("kinds")
        kinds: dict[str, Kind] = {}
        for stem, block in blocks.items():
            if block is not None:
                kinds[stem] = read_kind(block, stem, self._mistakes)
        if tolerances is not None:
            self._limits, self._tolerances = read_limits(tolerances, self._mistakes)
        known, groups = (None, ()) if traits is None else read_traits(traits, self._mistakes)
        course = None if life is None else read_lifecycle(life, self._mistakes)
        if known is None or course is None or not blocks:
            return None
        return Vocabulary(known, course, kinds, tuple(blocks), groups,
                          Purposes() if purposes is None else read_purposes(purposes, self._mistakes),
                          {one.id: one.type for one in self._limits}, tuple(one.id for one in self._tolerances))

    def _frameworks(self) -> tuple[dict[str, ReadFramework], tuple[str, ...]]:
        """The frameworks that could be read, and the names of all."""
        blocks = self._read_all("frameworks")
        read = {stem: read_framework(block, stem, self._mistakes)
                for stem, block in blocks.items() if block is not None}
        for addition in self._additions:
            for block in addition.blocks("frameworks"):
                top = Fields(block, self._mistakes, "a framework", ["id"], tuple(block.values))
                name = top.matching("id", FRAMEWORK_ID, FRAMEWORK_ID_SHAPE)
                if name in blocks or name in read:
                    top.refuse("id", f"There is a framework '{name}' already.", "Give it an id of its own.")
                elif name:
                    read[name] = read_framework(block, name, self._mistakes, addition.id)
        return read, tuple(dict.fromkeys((*blocks, *read)))

    def _library(self, shelf: Shelf) -> tuple[tuple[Domain, ...], dict[str, Control], frozenset[str]]:
        """Domains and controls in the order of domains.yaml, and the domains whose file could not be read."""
        domains: dict[str, Domain] = {}
        controls: dict[str, list[Control]] = {}
        blocks = self._read_all("library")
        for stem, block in blocks.items():
            if block is not None:
                domain, found = read_domain(block, stem, shelf, self._mistakes)
                domains[domain.id], controls[domain.id] = domain, found
        order = [*self._order(tuple(stem.upper() for stem in blocks)), *self._own_domains(shelf, domains, controls)]
        ordered = [name for name in order if name in domains]
        unread = frozenset(stem.upper() for stem, block in blocks.items() if block is None)
        return (tuple(domains[name] for name in ordered),
                {control.id: control for name in ordered for control in controls[name]}, unread)

    def _own_domains(self, shelf: Shelf, domains: dict[str, Domain], controls: dict[str, list[Control]]) -> list[str]:
        """The domains that additions bring; adds them to `domains` and `controls`."""
        found = []
        for addition in self._additions:
            for block in addition.blocks("domains"):
                inner = block.values.get("domain")
                name = inner.values.get("id") if isinstance(inner, Block) else None
                stem = name.lower() if isinstance(name, str) else ""
                domain, own = read_domain(block, stem, shelf, self._mistakes, addition.id)
                if domain.id in domains:
                    self._mistakes.add(block.file, block.line, f"There is a domain '{domain.id}' already.",
                                       "Give it an id of its own.")
                    continue
                domains[domain.id], controls[domain.id] = domain, own
                found.append(domain.id)
        return found

    def _order(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The order of the domains: that of domains.yaml or, where there is none, of the alphabet."""
        if not (self._folder / "domains.yaml").exists():
            return names
        block = self._read("domains.yaml")
        if block is None:
            return names
        top = Fields(block, self._mistakes, "domains.yaml", ["domains"])
        listed = top.known_words("domains", names, "file in library/ for the domain")
        for name in names:
            if name not in listed:
                top.refuse("domains", f"The domain {name} is not listed.", "Put it in its place.")
        return listed

    def _map(self, known: Known) -> Drawn:
        """What all files of mappings/ and the additions say."""
        drawn = Drawn()
        for stem, block in self._maybe_all("mappings").items():
            if block is not None:
                read_mappings(block, stem, known, drawn, self._mistakes)
        for addition in self._additions:
            for block in addition.blocks("mappings"):
                read_mappings(block, None, known, drawn, self._mistakes)
        return drawn

    def _baselines(self, words: Vocabulary, controls: Mapping[str, Control],
                   unread: frozenset[str]) -> tuple[Baseline, ...]:
        block, seen = self._maybe_read("baselines.yaml"), Seen("baseline")
        found = () if block is None else read_baselines(block, words, controls, unread, self._mistakes, seen)
        for addition in self._additions:
            if addition.blocks("baselines"):
                brought = replace(addition.block, values={"baselines": addition.block.values["baselines"]},
                                  lines={"baselines": addition.block.lines["baselines"]})
                found += read_baselines(brought, words, controls, unread, self._mistakes, seen)
        return found

    def _crosswalks(self, frameworks: Mapping[str, ReadFramework], names: tuple[str, ...]) -> tuple[Crosswalk, ...]:
        seen = Seen("crosswalk")
        found = [read_crosswalk(block, stem, frameworks, names, self._mistakes, seen)
                 for stem, block in self._maybe_all("crosswalks").items() if block is not None]
        found += [read_crosswalk(block, None, frameworks, names, self._mistakes, seen, addition.id)
                  for addition in self._additions for block in addition.blocks("crosswalks")]
        return tuple(one for one in found if one is not None)

    def _texts(self, frameworks: Mapping[str, ReadFramework], names: tuple[str, ...]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for addition in self._additions:
            for block in addition.blocks("texts"):
                name, texts = read_texts(block, frameworks, names, self._mistakes)
                found.setdefault(name, {}).update(texts)
        return found

    # -- files -----------------------------------------------------------------------------------------------

    def _read(self, *parts: str) -> Block | None:
        name = "/".join((self._folder.name, *parts))
        return read_file(self._folder.joinpath(*parts), name, self._mistakes)

    def _maybe_read(self, name: str) -> Block | None:
        """A file that a catalogue can do without."""
        return self._read(name) if (self._folder / name).exists() else None

    def _maybe_all(self, part: str) -> Mapping[str, Block | None]:
        """The files of a sub-folder that a catalogue can do without."""
        return self._read_all(part) if (self._folder / part).is_dir() else {}

    def _read_all(self, part: str) -> Mapping[str, Block | None]:
        """The files of a sub-folder by name without .yaml, in the order of the alphabet."""
        place = self._folder / part
        paths = sorted(place.iterdir()) if place.is_dir() else []
        found: dict[str, Block | None] = {}
        for path in paths:
            if path.suffix == ".yaml":
                found[path.stem] = self._read(part, path.name)
            elif path.suffix == ".yml":
                self._mistakes.add(f"{self._folder.name}/{part}/{path.name}", 1, "The file is not read.",
                                   f"Name it {path.stem}.yaml.")
        if not found:
            self._mistakes.add(f"{self._folder.name}/{part}", 1, "The folder holds no .yaml file.",
                               "Put the files of the catalogue there.")
        return found


def _worded(framework: Framework, texts: Mapping[str, str]) -> Framework:
    """A framework with the official texts that the organisation brought."""
    if not texts:
        return framework
    return replace(framework, requirements=tuple(
        replace(one, text=texts.get(one.id, "")) for one in framework.requirements))
