"""What every OSCAL document of ours shares: version, namespace, identifiers, properties, metadata, words as markup.

The same catalogue gives the same bytes: identifiers are made of names and the catalogue's digest (uuid5), and the only
time in a document is the one at which the catalogue came into force.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from govern.catalogue.objects import Catalogue
from govern.facts.moments import Instant, iso_instant

OSCAL_VERSION = "1.2.1"
"""The newest version whose JSON schemas are at hand; 1.2.2 and 1.2.3 have the same structure."""
NAMESPACE = "https://govern.example/ns/oscal"
"""Qualifies every property that OSCAL itself does not name. It names, it need not resolve."""
MEDIA_TYPE = "application/oscal+json"

Json = dict[str, Any]

_ROOT = uuid5(NAMESPACE_URL, NAMESPACE)
_BLANKS = re.compile(r"\s+")
# What CommonMark, or OSCAL's insertion of parameters, would take for more than a character.
_MARKUP = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|\{(?=\{)|(?<=\{)\{")


@dataclass(frozen=True)
class Edition:
    """Which edition of the catalogue is exported: who keeps it, since when it is in force (now or at a past moment)."""

    organisation: str
    since: Instant


def identifier(*names: str) -> str:
    """A uuid that the same names always give."""
    return str(uuid5(_ROOT, "\n".join(names)))


def line(text: str) -> str:
    """Text as one line without outer blanks, as a property takes it."""
    return _BLANKS.sub(" ", text).strip()


def markup_line(text: str) -> str:
    """Plain text as one line of OSCAL's markup; never empty, which OSCAL does not allow for a title."""
    return _MARKUP.sub(r"\\\g<0>", line(text)) or "Untitled"


def markup(text: str) -> str:
    """Plain text as OSCAL's markup; paragraphs stay."""
    return _MARKUP.sub(r"\\\g<0>", text.strip())


def prop(name: str, value: object, *, remarks: str = "", ours: bool = True) -> Json:
    """A property; `ours` puts its name into our namespace."""
    return bare(name=name, ns=NAMESPACE if ours else None, value=line(str(value)), remarks=markup(remarks) or None)


def props(name: str, values: Iterable[str]) -> list[Json]:
    """A property for each value that says something."""
    return [prop(name, value) for value in values if line(value)]


def bare(**values: Any) -> Json:
    """The values by their OSCAL names (`_` stands for `-`), without null and without empty lists: OSCAL has neither."""
    return {name.replace("_", "-"): value for name, value in values.items() if value is not None and value != []}


def metadata(title: str, catalogue: Catalogue, edition: Edition, *more: Json) -> Json:
    """The metadata of a document: its version is the start of the catalogue's digest."""
    party = identifier("organisation", edition.organisation)
    return bare(
        title=markup_line(title), last_modified=iso_instant(edition.since), version=catalogue.digest[:12],
        oscal_version=OSCAL_VERSION, props=[prop("catalogue-digest", catalogue.digest), *more],
        roles=[{"id": "publisher", "title": "Publisher"}],
        parties=[{"uuid": party, "type": "organization", "name": line(edition.organisation) or "The organisation"}],
        responsible_parties=[{"role-id": "publisher", "party-uuids": [party]}])


def file_name(catalogue: Catalogue, *names: str) -> str:
    """What a document's file is called: other documents that stand beside it refer to it by this name."""
    return "-".join(("govern", *names, catalogue.digest[:12])) + ".json"


def written(document: Json) -> str:
    """A document as text; encode it with UTF-8."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
