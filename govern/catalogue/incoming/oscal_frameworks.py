"""Which framework an OSCAL document means: by id, title, uuid or file name, or as the importer says."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from govern.catalogue.incoming.notes import Notes
from govern.catalogue.incoming.oscal_json import Node, plain_words
from govern.catalogue.objects import Framework
from govern.catalogue.source import near

# What many documents are called: a name like this names none of them.
_COMMON = {"catalog", "catalogue", "profile", "mapping", "mapping-collection", "index", "resolved", "json", "xml", "yaml"}


class Frameworks:
    """The frameworks that a document can mean: those of the catalogue and those it brings itself."""

    def __init__(self, known: Mapping[str, Framework], notes: Notes) -> None:
        self.known = known
        self._notes = notes
        self._by_name: dict[str, list[str]] = {}
        for one in known.values():
            for name in _names_of(one):
                self._by_name.setdefault(name, []).append(one.id)

    def asked(self, name: str, argument: str) -> Framework | None:
        """The framework that the importer names in an argument, or None (noted)."""
        if name in self.known:
            return self.known[name]
        found = self._by_name.get(_bare(name), [])
        if len(found) > 1:
            self._notes.refuse("", f"'{name}' could be {' or '.join(found)}.", "Name one of these ids.")
        elif not found:
            self._notes.refuse("", f"There is no framework '{name}' to take as its {argument}.",
                               near(name, self.known) or "Name one of the catalogue's, or bring it first.")
        return self.known[found[0]] if len(found) == 1 else None

    def meant(self, href: str, resources: Mapping[str, Node]) -> Framework | None:
        """The one framework that a reference means: an address, or `#` and the uuid of a resource; None for none or several."""
        found = self._could_be(href, resources)
        return self.known[found[0]] if len(found) == 1 else None

    def _could_be(self, href: str, resources: Mapping[str, Node]) -> list[str]:
        """The ids of the frameworks that go by the first name of a reference which any goes by."""
        if href in self.known:
            return [href]
        names, files = [href], [href]
        resource = resources.get(href.removeprefix("#")) if href.startswith("#") else None
        if resource is not None:
            names += [resource.text("title"), plain_words(resource.text("description")), resource.text("uuid"),
                      *(one.text("identifier") for one in resource.nodes("document-ids"))]
            files += [one.text("href") for one in resource.nodes("rlinks")]
        return next((self._by_name[name] for name in _spelt(names, files) if name in self._by_name), [])

    def refuse(self, node: Node, what: str, href: str, resources: Mapping[str, Node], ids: Collection[str],
               argument: str) -> None:
        """Note that a reference means no framework, or several; `ids` are what the document takes from it."""
        could = self._could_be(href, resources)
        resource = resources.get(href.removeprefix("#"))
        if resource is not None:
            href = resource.text("title") or plain_words(resource.text("description")) or href
        best = max(self.known.values(), key=lambda one: _held(one, ids), default=None)
        held = _held(best, ids) if best is not None and ids else 0
        hint = f" '{best.id}' holds {held:,} of its {len(ids):,} ids." if best is not None and held else ""
        known = f"that could be {' or '.join(could)}" if could else "no framework of the catalogue is known by that"
        node.notes.refuse(node.path, f"{what} is “{href[:160]}”; {known}.",
                          f"{'S' if could else 'Bring that framework first, or s'}ay which one it is ({argument}).{hint}")


def _held(one: Framework, ids: Collection[str]) -> int:
    folded = {name.casefold() for name in one.by_id}
    return sum(name.casefold() in folded for name in ids)


def _names_of(one: Framework) -> set[str]:
    """What a framework is known by; one that came as OSCAL also by its document's uuid and file."""
    reference = one.source.get("reference", "")
    uuid = re.search(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", reference)
    file = re.search(r", file ([^,]+)$", reference)
    names = [one.id, one.title, one.source.get("document", ""), uuid[0] if uuid else ""]
    return {*_spelt(names, [file[1]] if file else [])}


def _spelt(names: Iterable[str], files: Iterable[str]) -> list[str]:
    """Names, and addresses by their file without the ending, as they are compared."""
    stems = (re.sub(r"\.(json|xml|ya?ml)$", "", one.partition("#")[0].rpartition("/")[2], flags=re.IGNORECASE) for one in files)
    found = [*map(_bare, names), *map(_bare, stems)]
    return [one for one in found if one and one not in _COMMON]


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")
