"""A workbook as an addition: its rows put together as our YAML files have them, each value with its cell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from govern.catalogue.additions import listed, placed
from govern.catalogue.incoming.notes import Notes
from govern.catalogue.incoming.oscal_json import slug_of
from govern.catalogue.incoming.rows import Book, Row, read_book
from govern.catalogue.incoming.sheets import FRONT, FRONT_ID, FRONT_TITLE, GAP
from govern.catalogue.incoming.workbook_parts import Parts
from govern.catalogue.source import Block, near

_PURPOSE = ("lead", "with", "threats", "goals", "defence")


def read_workbook(data: bytes, notes: Notes) -> Block | None:
    """The addition that a workbook holds, or None (noted)."""
    if not Parts(data, notes).sound():
        return None
    book = read_book(data, notes)
    if book is None:
        return None
    return _Assembly(book, notes).addition()


class _Assembly:
    """One workbook put together."""

    def __init__(self, book: Book, notes: Notes) -> None:
        self._book = book
        self._notes = notes

    def addition(self) -> Block:
        """All of it."""
        values: dict[str, Any] = {}
        places: dict[str, str] = {}
        stem = self._notes.file.rpartition(".")[0] or self._notes.file
        for key, label, otherwise in (("addition", FRONT_ID, slug_of(stem)), ("title", FRONT_TITLE, stem)):
            values[key], places[key] = self._book.front.get(label, (otherwise, self._notes.file))
            if label not in self._book.front:
                self._notes.warn_at(f"{self._notes.file}, sheet {FRONT}", f"'{label}' is not filled in; '{otherwise}' is taken, "
                                    "from the name of the file.", "Fill it in, so that a newer workbook replaces this one.")
        sections = {"frameworks": self._frameworks(), "domains": self._domains(), "mappings": self._mappings(),
                    "texts": self._texts()}
        values |= {section: listed(blocks) for section, blocks in sections.items() if blocks}
        return placed(self._notes.file, values, places)

    # -- frameworks --------------------------------------------------------------------------------------------------

    def _frameworks(self) -> list[Block]:
        rows = self._rows("Frameworks")
        below = self._below("Requirements", "framework", rows, "Frameworks")
        return [self._framework(row, below.get(row.text("id"), [])) for row in rows]

    def _framework(self, row: Row, requirements: list[Row]) -> Block:
        source = _of(row, ("document", "reference"), url=row.values.get("url"))
        return _of(row, ("id", "title", "publisher", "version", "date", "status", "wording", "strength_passes_down"),
                   source=source, requirements=listed(map(self._requirement, requirements)))

    def _requirement(self, row: Row) -> Block:
        more: dict[str, Any] = {key: row.values.get(key) for key in ("parent", "gist", "priority", "note")}
        if row.values.get("tags") is not None:
            more["tags"] = row.values["tags"]
        if row.values.get("through") is not None:
            more["through"] = listed(placed(row.at("through"), {"framework": framework, "requirement": requirement})
                                     for framework, requirement in row.values["through"])
        more["gist"] = more["gist"] if row.text("title_is") == "official" else more["gist"] or ""
        return _of(row, ("id", "level", "title", "title_is", "assessable"), **more)

    # -- controls ----------------------------------------------------------------------------------------------------

    def _domains(self) -> list[Block]:
        """The domains in the order of their first control."""
        rows = self._rows("Controls")
        asks = self._below("Asks", "control", rows, "Controls")
        checks = self._below("Checks", "ask", self._rows("Asks"), "Asks")
        grouped: dict[str, list[Row]] = {}
        for row in rows:
            grouped.setdefault(row.text("domain"), []).append(row)
        return [self._domain(name, group, asks, checks) for name, group in grouped.items()]

    def _domain(self, name: str, rows: list[Row], asks: dict[str, list[Row]], checks: dict[str, list[Row]]) -> Block:
        first = rows[0]
        said: dict[str, tuple[str, str]] = {"id": (name, first.at("domain"))}
        for key in ("title", "meaning"):
            column = f"domain_{key}"
            given = [(row.text(column), row.at(column)) for row in rows if row.text(column)]
            said[key] = given[0] if given else ("", first.at(column))
            for words, place in given[1:]:
                if words != given[0][0]:
                    self._notes.mistakes.add(place, 0, f"The domain {name} has another {key} at {given[0][1]}.",
                                             "Write it once, or the same each time.")
        domain = placed(first.place, {key: words for key, (words, _) in said.items()},
                        {key: place for key, (_, place) in said.items()})
        controls = [self._control(row, asks.get(row.text("id"), []), checks) for row in rows]
        return placed(first.place, {"domain": domain, "controls": listed(controls)})

    def _control(self, row: Row, asks: list[Row], checks: dict[str, list[Row]]) -> Block:
        more: dict[str, Any] = {"applies": _condition(row, "when", "when"),
                                "asks": listed(self._ask(ask, checks.get(ask.text("id"), [])) for ask in asks)}
        if row.values.get("guidance") is not None:
            more["guidance"] = row.values["guidance"]
        if any(row.values.get(key) is not None for key in _PURPOSE):
            more |= {key: _words(row, key) for key in ("with", "threats", "goals")}
            more |= {key: row.text(key) for key in ("lead", "defence")}
        return _of(row, ("id", "title", "objective"), stages=_words(row, "stages"), **more)

    def _ask(self, row: Row, checks: list[Row]) -> Block:
        return _of(row, ("id", "title", "about"), kinds=_words(row, "kinds"), basis=row.values.get("basis"),
                   fresh_days=row.values.get("fresh_days"), due=self._due(row), when=_condition(row, "condition", "condition"),
                   checks=listed(map(_check, checks)))

    def _due(self, row: Row) -> Block:
        """From a stage on, or some days after an event: one of the two."""
        after = {key: row.values[key] for key in ("after", "within_days") if row.values.get(key) is not None}
        if after and row.text("stage"):
            self._notes.mistakes.add(row.at("after"), 0, "The ask is due from a stage and after an event.", "Keep one of them.")
        if not after and not row.text("stage"):
            self._notes.mistakes.add(row.at("stage"), 0, "It does not say when the ask is due.",
                                     "Fill 'Due stage', or 'Due after' and 'Within days'.")
        return placed(row.at("after") if after else row.at("stage"), after or {"stage": row.text("stage")}, row.cells)

    # -- what names both ---------------------------------------------------------------------------------------------

    def _mappings(self) -> list[Block]:
        """A block for each framework; rows of one requirement belong together wherever they stand."""
        grouped: dict[str, dict[str, list[Row]]] = {}
        for row in self._rows("Mappings"):
            grouped.setdefault(row.text("framework"), {}).setdefault(row.text("requirement"), []).append(row)
        return [self._mapping(rows) for rows in grouped.values()]

    def _mapping(self, by_requirement: dict[str, list[Row]]) -> Block:
        first = next(iter(by_requirement.values()))[0]
        mappings, joint, gaps = [], [], []
        for rows in by_requirement.values():
            links = [row for row in rows if row.text("relation") != GAP]
            gaps += [self._gap(row) for row in rows if row.text("relation") == GAP]
            together = [row for row in links if row.values.get("joint") is True]
            if links:
                controls = listed(_of(row, ("control", "relation", "why")) for row in links)
                mappings.append(_of(links[0], ("requirement",), controls=controls))
            if together:
                words = listed((row.text("control") for row in together), (row.at("control") for row in together))
                joint.append(placed(together[0].at("joint"), {"requirement": together[0].text("requirement"), "controls": words}))
        values: dict[str, Any] = {"mappings": listed(mappings)}
        values |= {key: listed(blocks) for key, blocks in (("joint", joint), ("gaps", gaps)) if blocks}
        return _of(first, ("framework",), **values)

    def _gap(self, row: Row) -> Block:
        for key in ("control", "joint"):
            if row.values.get(key) not in (None, False):
                self._notes.mistakes.add(row.at(key), 0, "A gap names no control.", "Empty the cell, or take another relation.")
        return _of(row, ("requirement", "why"))

    def _texts(self) -> list[Block]:
        grouped: dict[str, list[Row]] = {}
        for row in self._rows("Texts"):
            grouped.setdefault(row.text("framework"), []).append(row)
        return [_of(rows[0], ("framework",), texts=listed(_of(row, ("requirement", "text")) for row in rows))
                for rows in grouped.values()]

    # -- rows --------------------------------------------------------------------------------------------------------

    def _rows(self, title: str) -> list[Row]:
        return self._book.rows.get(title, [])

    def _below(self, title: str, key: str, above: Iterable[Row], of: str) -> dict[str, list[Row]]:
        """The rows of a sheet by the row of another that they belong to; those that belong nowhere are noted."""
        known = {row.text("id") for row in above}
        grouped: dict[str, list[Row]] = {}
        for row in self._rows(title):
            name = row.text(key)
            if name not in known:
                self._notes.mistakes.add(row.at(key), 0, f"The sheet {of} has no '{name}'." if name else f"'{key}' is empty.",
                                         near(name, known) if name else f"Name one of the sheet {of}.")
            grouped.setdefault(name, []).append(row)
        return grouped


def _of(row: Row, keys: Iterable[str], **more: Any) -> Block:
    """A block of cells that have to be filled (an empty one becomes an empty text, which is refused) and of other values."""
    values = {key: "" if row.values.get(key) is None else row.values[key] for key in keys}
    return placed(row.place, {**values, **more}, row.cells)


def _words(row: Row, key: str) -> Any:
    value = row.values.get(key)
    return listed(()) if value is None else value


def _condition(row: Row, key: str, name: str) -> Block | None:
    if row.values.get(key) is None and row.values.get("because") is None:
        return None
    return placed(row.at(key), {name: row.text(key), "because": row.text("because")}, row.cells)


def _check(row: Row) -> Block:
    more = {key: row.values[key] for key in ("expression", "for") if row.values.get(key) is not None}
    return _of(row, ("id", "question"), **more)
