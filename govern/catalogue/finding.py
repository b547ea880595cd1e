"""Finding things in a catalogue while somebody types: an index in memory, and how well each entry fits the words. Pure.

An entry fits by the first of these that holds: its id as it is usually written; the beginning of its id; all words in its
title; all words anywhere in it; all words when one typo in a word is forgiven. A word fits where a word of the entry
begins with it, so that nothing has to be typed to its end; small words and a plural's s do not count. Typos are forgiven
only in words that the whole catalogue does not hold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from functools import lru_cache

from govern.catalogue.families import by_family, short_name
from govern.catalogue.objects import Catalogue, Control, Framework, Named, Requirement


class Sort(StrEnum):
    """What sort of thing an entry is."""

    CONTROL = "controls"
    REQUIREMENT = "requirements"
    FRAMEWORK = "frameworks"
    KIND = "kinds"
    THREAT = "threats"
    TRAIT = "traits"


class Fit(IntEnum):
    """How well something fits, the best first."""

    ID = 0
    ID_BEGINS = 1
    TITLE = 2
    ANYWHERE = 3
    NEARLY = 4


# -- how ids and words are written -----------------------------------------------------------------------------------

_RUNS = re.compile(r"[^\W\d_]+|\d+")
_SAME = {"govern": "gv", "map": "mp", "measure": "ms", "manage": "mg"}
"""The AI RMF names its functions in words, its profile in letters."""
_BEFORE_NUMBERS = {"art", "article", "articles", "clause", "para", "paragraph", "section"}
_YEAR = re.compile(r"(\d)\.(19|20)\d\d\Z")
_PREFIX = re.compile(r"[A-Z]{2,}\.(?=[A-Z])")


def folded(text: str) -> str:
    """Text without case and accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def spelling(text: str) -> str:
    """An id in the one spelling that all its usual ones share: `GV-1.1`, `Govern 1.1` → `gv1.1`; `EVA-04` → `eva4`;
    `Art. 15(4)` → `15.4`; `AML.T0051` → `amlt51`.
    """
    runs = _RUNS.findall(folded(text))
    if len(runs) > 1 and runs[0] in _BEFORE_NUMBERS and runs[1].isdigit():
        del runs[0]
    made = ""
    for run in runs:
        if run.isdigit():
            made += ("." if made[-1:].isdigit() else "") + (run.lstrip("0") or "0")
        else:
            made += _SAME.get(run, run)
    return made


def spellings(id_: str) -> tuple[str, ...]:
    """The spellings by which an id is known: as it is, without the year at its end, without the letters of its list."""
    found = [spelling(id_)]
    found.append(_YEAR.sub(r"\1", found[0]))
    found += [spelling(_PREFIX.sub("", id_, count=1))] if _PREFIX.match(id_) else []
    return tuple(dict.fromkeys(found))


_PUNCTUATION = "".join(char for char in map(chr, range(33, 127)) if not char.isalnum()) + "“”‘’«»–—…·"
_PARTS = re.compile(r"[^\W\d_]{2,}")


_SMALL = frozenset({"a", "an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with"})


def words_of(text: str) -> list[str]:
    """The words of a text, folded, without the punctuation around them."""
    return [word for word in (one.strip(_PUNCTUATION) for one in folded(text).split()) if word]


def wanted_words(text: str) -> list[str]:
    """The words by which somebody looks for something: without small ones beside others, in the singular."""
    words = words_of(text)
    return [_singular(word) for word in [word for word in words if word not in _SMALL] or words]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "suiao" else word


def _searched(*texts: str) -> str:
    """Texts as they are searched: each word between spaces, and each part of words that are put together."""
    found: list[str] = []
    for word in (word for text in texts for word in words_of(text)):
        parts = _PARTS.findall(word)
        found += [word] if parts == [word] else [word, *parts]
    return f" {' '.join(found)} "


# -- the index -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One thing that can be found. `framework` is the id of a requirement's; `detail` is a line that says what it is.

    `context` are words that fit only beside a word of the entry itself: the name of a requirement's framework.
    """

    sort: Sort
    id: str
    title: str
    detail: str
    framework: str = ""
    spellings: tuple[str, ...] = field(default=(), repr=False)
    assessed: bool = field(default=True, repr=False)
    coded: bool = field(default=False, repr=False)
    heading: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    context: str = field(default="", repr=False)


@dataclass(frozen=True)
class Index:
    """The entries of a catalogue, and the words that they hold with one letter left out (for typos)."""

    entries: tuple[Entry, ...]
    words: str
    nearly: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Known:
    """A catalogue, known by its digest."""

    digest: str
    catalogue: Catalogue = field(compare=False, repr=False)


def index_of(catalogue: Catalogue) -> Index:
    """The index of a catalogue, made once for each digest."""
    return _index(_Known(catalogue.digest, catalogue))


@lru_cache(maxsize=4)
def _index(known: _Known) -> Index:
    entries = tuple(_entries(known.catalogue))
    words = sorted({word for one in entries for word in one.text.split()})
    nearly: dict[str, list[str]] = {}
    for word in words:
        if word.isalpha() and len(word) >= _FORGIVING:
            for short in _shortened(_singular(word)):
                nearly.setdefault(short, []).append(_singular(word))
    return Index(entries, f" {' '.join(words)} ", {short: tuple(ones) for short, ones in nearly.items()})


def _entries(catalogue: Catalogue) -> Iterable[Entry]:
    for control in catalogue.controls.values():
        yield _control(control)
    for framework in (one for ones in by_family(catalogue.frameworks.values()).values() for one in ones):
        name = short_name(framework)
        yield _entry(Sort.FRAMEWORK, framework.id, framework.title, framework.publisher, (name,), (framework.version,))
        for one in framework.requirements:
            yield _requirement(one, framework, name)
    for kind in catalogue.kinds.values():
        yield _entry(Sort.KIND, kind.id, kind.title, kind.meaning, (), [one.meaning for one in kind.fields])
    for sort, ones in ((Sort.THREAT, catalogue.threats), (Sort.TRAIT, catalogue.traits)):
        for named in ones:
            more = () if isinstance(named, Named) else (named.question,)
            yield _entry(sort, named.id, named.title, named.meaning, (), more)


def _entry(sort: Sort, id_: str, title: str, detail: str, also: Iterable[str], more: Iterable[str]) -> Entry:
    heading = _searched(title, *also)
    return Entry(sort, id_, title, detail, heading=heading, text=heading + _searched(id_, detail, *more),
                 spellings=spellings(id_))


def _control(control: Control) -> Entry:
    asks = [text for ask in control.asks for text in (ask.id, ask.title, *(check.question for check in ask.checks))]
    heading = _searched(control.title)
    known = tuple(name for id_ in (control.id, *(ask.id for ask in control.asks)) for name in spellings(id_))
    return Entry(Sort.CONTROL, control.id, control.title, control.objective, spellings=known, coded=True, heading=heading,
                 text=heading + _searched(control.id, control.objective, control.guidance, *asks))


def _requirement(one: Requirement, framework: Framework, name: str) -> Entry:
    heading = _searched(one.title)
    # Where the title only says the id once more, the gist says what it is.
    title, detail = (one.gist, "") if one.gist and one.id in one.title else (one.title, one.gist)
    return Entry(Sort.REQUIREMENT, one.id, title, detail, framework.id, spellings(one.id), one.assessable, one.id[:1].isupper(),
                 heading, heading + _searched(one.id, one.gist, one.note, one.text), _searched(name))


# -- typos -----------------------------------------------------------------------------------------------------------

_FORGIVING = 4
"""Shorter words are taken as they are: with one letter changed, most of them are another word."""


def _shortened(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1:] for place in range(len(word)))}


def one_typo(first: str, second: str) -> bool:
    """Whether two words differ by one letter that is missing, added or another, or by two neighbours that changed places."""
    short, long = sorted((first, second), key=len)
    start = next((place for place, char in enumerate(short) if char != long[place]), len(short))
    if len(long) - len(short) == 1:
        return short[start:] == long[start + 1:]
    if len(long) != len(short) or start == len(short):
        return False
    turned = short[start + 1:start + 2] + short[start]
    return short[start + 1:] == long[start + 1:] or (turned == long[start:start + 2] and short[start + 2:] == long[start + 2:])


def _near(word: str, index: Index) -> tuple[str, ...]:
    """The words of the catalogue, in the singular, with one typo, for a word that it does not hold."""
    if len(word) < _FORGIVING or not word.isalpha() or f" {word}" in index.words:
        return ()
    close = {one for short in _shortened(word) for one in index.nearly.get(short, ()) if one_typo(word, one)}
    return tuple(sorted(close))


# -- finding ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """An entry, and how well it fits."""

    entry: Entry
    fit: Fit


@dataclass(frozen=True)
class _Asked:
    """What somebody typed: as an id, and as words, each with the words that it may have been meant for."""

    id: str
    stem: str
    numbered: bool
    words: tuple[tuple[str, tuple[str, ...]], ...]


_SHORTEST, _MOST_WORDS = 2, 8


def find(catalogue: Catalogue, text: str) -> dict[Sort, list[Hit]]:
    """What fits a text, by sort, the best first. A text of less than two letters or digits finds nothing.

    Of a text with more than eight words the first eight are taken.
    """
    index = index_of(catalogue)
    words = wanted_words(text)[:_MOST_WORDS]
    if sum(char.isalnum() for char in text) < _SHORTEST or not words:
        return {}
    id_ = spelling(text)
    asked = _Asked(id_, id_.removesuffix(".0") if id_.endswith(".0") else re.sub(r"(?<=\D)0\Z", "", id_),
                   any(char.isdigit() for char in id_), tuple((word, _near(word, index)) for word in words))
    found: dict[Sort, list[tuple[int, int, int, Hit]]] = {}
    for place, entry in enumerate(index.entries):
        fit = _fit(entry, asked)
        if fit is not None:
            found.setdefault(entry.sort, []).append((fit[0], fit[1], place, Hit(entry, Fit(fit[0]))))
    return {sort: [one[-1] for one in sorted(ones, key=lambda one: one[:3])] for sort, ones in found.items()}


def _fit(entry: Entry, asked: _Asked) -> tuple[Fit, int] | None:
    """How well an entry fits, and how well among those that fit so."""
    by_id = _fit_of_id(entry, asked)
    if by_id is not None:
        return by_id
    missing = [one for one in asked.words if f" {one[0]}" not in entry.text]
    if not missing:
        if all(f" {word}" in entry.heading for word, _ in asked.words):
            return Fit.TITLE, 0 if entry.heading.startswith(f" {asked.words[0][0]}") else 1
        return Fit.ANYWHERE, 0
    if len(missing) < len(asked.words) and all(f" {word}" in entry.context for word, _ in missing):
        return Fit.ANYWHERE, 1
    if all(any(f" {one}" in entry.text for one in near) for _, near in missing):
        return Fit.NEARLY, 0 if all(any(f" {one}" in entry.heading for one in near) for _, near in missing) else 1
    return None


def _fit_of_id(entry: Entry, asked: _Asked) -> tuple[Fit, int] | None:
    """Codes are found by how they begin; ids that are words, like those of kinds, only as a whole."""
    if not asked.id:
        return None
    if asked.id in entry.spellings:
        return Fit.ID, 2 * entry.spellings.index(asked.id) + (not entry.assessed)
    if not (entry.coded or (asked.numbered and entry.sort is Sort.REQUIREMENT)):
        return None
    best = None
    for known in entry.spellings:
        if known.startswith(asked.stem) and asked.stem:
            whole = not (asked.stem[-1].isdigit() and known[len(asked.stem)].isdigit()) if len(known) > len(asked.stem) else True
            best = 0 if whole else (1 if best is None else best)
            if whole:
                break
    return None if best is None else (Fit.ID_BEGINS, best)
