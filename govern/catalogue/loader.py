"""Reads controls/ into a Catalogue, or says everything that is wrong with it.

Order matters: words first (traits, life cycle, kinds), then frameworks, then the library that uses both, then
what only the whole can answer (joint sets). A file that cannot be read is one mistake: what refers to it is
not held against other files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from govern.catalogue.fields import Fields, Seen
from govern.catalogue.frameworks import ReadFramework, read_framework, with_joint_sets
from govern.catalogue.library import Shelf, read_domain
from govern.catalogue.objects import Catalogue, Control, Domain, Kind
from govern.catalogue.source import Block, Mistakes, read_file
from govern.catalogue.text import digest_of, to_text
from govern.catalogue.vocabulary import Vocabulary, read_kind, read_lifecycle, read_traits
from govern.errors import CatalogueError


def load(folder: Path) -> Catalogue:
    """The catalogue that a folder such as controls/ holds.

    Raises CatalogueError with all mistakes, each with file, line (from 1) and, where known, what mends it.
    """
    return _Reading(folder).catalogue()


class _Reading:
    """One reading of a folder: the parts in order, and the mistakes found in all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()  # a name for messages, also for "."
        self._mistakes = Mistakes()

    def catalogue(self) -> Catalogue:
        """All of it; raises CatalogueError."""
        words = self._vocabulary()
        frameworks, framework_names = self._frameworks()
        if words is None:  # without words every control would be full of unknown ones
            raise CatalogueError(self._mistakes.sorted())
        shelf = Shelf(words, frameworks, framework_names, Seen("control"), Seen("ask"))
        domains, controls, unread = self._library(shelf)
        joined = {name: with_joint_sets(read, controls, unread, self._mistakes)
                  for name, read in frameworks.items()}
        mistakes = self._mistakes.sorted()
        if mistakes:
            raise CatalogueError(mistakes)
        life = words.lifecycle
        draft = Catalogue(
            digest="", traits=words.traits, stages=life.stages, events=life.events, layers=life.layers,
            bases=life.bases, kinds=words.kinds, domains=domains, controls=controls, frameworks=joined)
        return replace(draft, digest=digest_of(to_text(draft)))

    # -- the parts -------------------------------------------------------------------------------------------

    def _vocabulary(self) -> Vocabulary | None:
        """The words, or None when traits, life cycle or all kinds are not there to be read."""
        traits, life = self._read("traits.yaml"), self._read("lifecycle.yaml")
        blocks = self._read_all("kinds")
        kinds: dict[str, Kind] = {}
        for stem, block in blocks.items():
            if block is not None:
                kinds[stem] = read_kind(block, stem, self._mistakes)
        known = None if traits is None else read_traits(traits, self._mistakes)
        course = None if life is None else read_lifecycle(life, self._mistakes)
        if known is None or course is None or not blocks:
            return None
        return Vocabulary(known, course, kinds, tuple(blocks))

    def _frameworks(self) -> tuple[dict[str, ReadFramework], tuple[str, ...]]:
        """The frameworks that could be read, and the names of all."""
        blocks = self._read_all("frameworks")
        read = {stem: read_framework(block, stem, self._mistakes)
                for stem, block in blocks.items() if block is not None}
        return read, tuple(blocks)

    def _library(self, shelf: Shelf) -> tuple[tuple[Domain, ...], dict[str, Control], frozenset[str]]:
        """Domains and controls in the order of domains.yaml, and the domains whose file could not be read."""
        domains: dict[str, Domain] = {}
        controls: dict[str, list[Control]] = {}
        blocks = self._read_all("library")
        for stem, block in blocks.items():
            if block is not None:
                domain, found = read_domain(block, stem, shelf, self._mistakes)
                domains[domain.id], controls[domain.id] = domain, found
        order = self._order(tuple(stem.upper() for stem in blocks))
        ordered = [name for name in order if name in domains]
        unread = frozenset(stem.upper() for stem, block in blocks.items() if block is None)
        return (tuple(domains[name] for name in ordered),
                {control.id: control for name in ordered for control in controls[name]}, unread)

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

    # -- files -----------------------------------------------------------------------------------------------

    def _read(self, *parts: str) -> Block | None:
        name = "/".join((self._folder.name, *parts))
        return read_file(self._folder.joinpath(*parts), name, self._mistakes)

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
