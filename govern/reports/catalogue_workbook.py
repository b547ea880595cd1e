"""The catalogue as a workbook in the form that the importer reads: what is exported can be edited and brought back.

The columns are those of the form (catalogue.incoming.sheets). Titles beside ids, and the sheet of what stays open, are
for reading; the importer leaves them out. The same catalogue gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Font
from openpyxl.writer.excel import ExcelWriter

from govern.catalogue.incoming import sheets
from govern.catalogue.incoming.sheets import FRONT, FRONT_ID, FRONT_TITLE, GAP, SheetForm
from govern.catalogue.objects import Ask, Catalogue, Check, Condition, Control, Framework, Requirement
from govern.catalogue.reach import reaches
from govern.facts.moments import datetime_of, iso_instant
from govern.reports.catalogue_part import Part, whole
from govern.reports.cells import cut, visible
from govern.reports.columns import Column, Form, Row, Value
from govern.reports.oscal_parts import Edition
from govern.reports.sheet import A3, A4, INK, MUTED, Sheet, TableSheet, prepare, text_cell
from govern.reports.stamped_zip import StampedZip

_Cells = Mapping[str, Value]
_TITLE = Font(name="Calibri", size=16, bold=True, color=INK)
_PLAIN, _LABEL = Font(name="Calibri", size=10, color=INK), Font(name="Calibri", size=10, bold=True, color=MUTED)
_EXTRA = {"Mappings": {"requirement": Column("Requirement title", 36), "control": Column("Control title", 30)}}
_GAPS = (Column("Framework", 22), Column("Requirement", 18), Column("Requirement title", 44), Column("Bearing on it", 24),
         Column("Why", 80))
_NOT_HERE = ("Dates of application, crosswalks, baselines, traits, kinds of evidence and official texts have no sheet here; they "
             "stay as they are in the catalogue.")
_BACK = ("Edit what is yours and bring the workbook on the catalogue's page. What the catalogue ships cannot be brought a second "
         "time: take out its rows, or give a framework and its requirements an id of your own.")
_BACK_OWN = "Edit it and bring it on the catalogue's page: the id below says that it replaces the addition it came from."


@dataclass(frozen=True)
class _Table:
    form: SheetForm
    rows: Callable[[Catalogue, Part], Iterator[_Cells]]
    frozen: int = 2


def write_catalogue(catalogue: Catalogue, edition: Edition, target: BinaryIO, part: Part | None = None) -> None:
    """Write the workbook to `target`; `part` None is all of the catalogue, with a sheet of what stays open."""
    chosen = part or whole(catalogue)
    book = Workbook(write_only=True)
    book.properties = _properties(catalogue, edition, chosen)
    footer = f"Catalogue {catalogue.digest[:16]}…"
    front = book.create_sheet(FRONT)
    tables = [one for one in _TABLES if one.form.title != "Texts" or chosen.texts]
    written = [(one.form.title, one.form.meaning, _written(book, one, catalogue, chosen, footer)) for one in tables]
    if part is None:
        gaps = TableSheet(book, "Gaps", _GAPS, frozen=2, footer=footer, paper=A3)
        _fill(gaps, _open(catalogue))
        written.append(("Gaps", "What no control or set proves in full. For reading; what is brought back as a gap is a row of "
                        f"Mappings with the relation {GAP}.", gaps.rows))
    _front(front, catalogue, edition, chosen, written, footer)
    # Not `book.save`, which would enter the time of day as the time of the last change.
    ExcelWriter(book, StampedZip(target, edition.since)).save()


def _written(book: Workbook, table: _Table, catalogue: Catalogue, part: Part, footer: str) -> int:
    """Write one sheet of the form; gives its number of rows."""
    extra = _EXTRA.get(table.form.title, {})
    columns, keys = [], []
    for column in table.form.columns:
        columns.append(Column(column.title, column.width, Form.NUMBER if column.form is sheets.Form.DAYS else Form.TEXT))
        keys.append(column.key)
        if column.key in extra:
            columns.append(extra[column.key])
            keys.append(f"{column.key} title")
    sheet = TableSheet(book, table.form.title, columns, frozen=table.frozen, footer=footer, paper=A3)
    return _fill(sheet, (tuple(row.get(key) for key in keys) for row in table.rows(catalogue, part)))


def _fill(sheet: TableSheet, rows: Iterable[Row]) -> int:
    try:
        for row in rows:
            sheet.add(row)
    except BaseException:
        sheet.discard()
        raise
    sheet.finish()
    return sheet.rows


def _front(sheet: Sheet, catalogue: Catalogue, edition: Edition, part: Part, written: list[tuple[str, str, int]],
           footer: str) -> None:
    """What the workbook is, what to do with it, and the two cells that name an addition."""
    prepare(sheet, (26, 100), footer=footer, paper=A4)
    lines = [
        (part.title or "The catalogue of controls", "", _TITLE), ("", "", _PLAIN),
        ("Organisation", edition.organisation, _LABEL), ("Catalogue", catalogue.digest, _LABEL),
        ("In force since", iso_instant(edition.since), _LABEL),
        ("To bring it back", _BACK_OWN if part.name else _BACK, _LABEL), ("Not here", "" if part.name else _NOT_HERE, _LABEL),
        ("", "", _PLAIN), (FRONT_ID, part.name, _LABEL), (FRONT_TITLE, part.title if part.name else "", _LABEL), ("", "", _PLAIN),
        *((title, f"{rows:,} rows. {meaning}", _LABEL) for title, meaning, rows in written),
    ]
    for label, value, look in lines:
        sheet.append([text_cell(sheet, label, look), text_cell(sheet, value, _PLAIN) if value else None])


def _properties(catalogue: Catalogue, edition: Edition, part: Part) -> DocumentProperties:
    at = datetime_of(edition.since).replace(tzinfo=None, microsecond=0)
    title, organisation = (cut(visible(text), 255) for text in (part.title or "The catalogue of controls", edition.organisation))
    return DocumentProperties(title=title, description=f"Catalogue {catalogue.digest}.", creator=organisation,
                              lastModifiedBy=organisation, language="en-GB", created=at, modified=at)


# -- rows ------------------------------------------------------------------------------------------------------------


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _words(words: Iterable[str]) -> str:
    return ", ".join(words)


def _condition(condition: Condition | None, key: str) -> dict[str, Value]:
    return {} if condition is None else {key: condition.expression, "because": condition.because}


def _frameworks(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    for one in catalogue.frameworks.values():
        if one.id in part.frameworks:
            yield {"id": one.id, "title": one.title, "publisher": one.publisher, "version": one.version, "date": one.date,
                   "status": one.status, "wording": one.wording, "strength_passes_down": _yes(one.strength_passes_down),
                   **{key: one.source.get(key) for key in ("document", "reference", "url")}}


def _requirements(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    for framework in catalogue.frameworks.values():
        if framework.id in part.frameworks:
            yield from (_requirement(framework, one) for one in framework.requirements)


def _requirement(framework: Framework, one: Requirement) -> _Cells:
    return {"framework": framework.id, "id": one.id, "parent": one.parent, "level": one.level, "title": one.title,
            "title_is": "official" if one.official else "ours", "gist": one.gist, "assessable": _yes(one.assessable),
            "priority": one.priority, "tags": _words(one.tags), "note": one.note,
            "through": "\n".join(f"{to.framework} | {to.requirement}" for to in one.through)}


def _controls(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    domains = {one.id: one for one in catalogue.domains}
    for one in _chosen(catalogue, part):
        domain, purpose = domains[one.domain], one.purpose
        told: dict[str, Value] = {} if purpose is None else {
            "lead": purpose.lead, "with": _words(purpose.others), "threats": _words(purpose.threats),
            "goals": _words(purpose.goals), "defence": purpose.defence}
        yield {"domain": domain.id, "domain_title": domain.title, "domain_meaning": domain.meaning, "id": one.id,
               "title": one.title, "objective": one.objective, "stages": _words(one.stages), "guidance": one.guidance,
               **_condition(one.applies, "when"), **told}


def _chosen(catalogue: Catalogue, part: Part) -> Iterator[Control]:
    return (one for one in catalogue.controls.values() if one.id in part.controls)


def _asks(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    return (_ask(ask) for control in _chosen(catalogue, part) for ask in control.asks)


def _ask(ask: Ask) -> _Cells:
    due: dict[str, Value] = {"stage": ask.due.stage} if ask.due.stage else {
        "after": ask.due.after, "within_days": ask.due.within_days}
    return {"control": ask.control, "id": ask.id, "title": ask.title, "kinds": _words(sorted(ask.kinds)), "about": ask.about,
            "basis": ask.basis, "fresh_days": ask.fresh_days, **due, **_condition(ask.when, "condition")}


def _checks(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    return (_check(ask, one) for control in _chosen(catalogue, part) for ask in control.asks for one in ask.checks)


def _check(ask: Ask, one: Check) -> _Cells:
    return {"ask": ask.id, "id": one.id, "question": one.question, "expression": one.expression,
            "for": _words(sorted(one.kinds_decided))}


def _mappings(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    """A row for each control of a requirement, then one for what stays open of it."""
    for framework in catalogue.frameworks.values():
        mapped = catalogue.mapped.get(framework.id, {})
        for one in framework.requirements:
            start: dict[str, Value] = {"framework": framework.id, "requirement": one.id, "requirement title": one.title}
            together = framework.joint.get(one.id, frozenset()) if (framework.id, one.id) in part.joint else frozenset()
            for control, link in mapped.get(one.id, ()):
                if (framework.id, one.id, control) in part.links:
                    yield {**start, "control": control, "control title": catalogue.controls[control].title,
                           "relation": link.relation.value, "why": link.why, "joint": "yes" if control in together else None}
            if (framework.id, one.id) in part.gaps and one.id in framework.gaps:
                yield {**start, "relation": GAP, "why": framework.gaps[one.id]}


def _texts(catalogue: Catalogue, part: Part) -> Iterator[_Cells]:
    for framework in catalogue.frameworks.values():
        for one in framework.requirements:
            if one.text and (framework.id, one.id) in part.texts:
                yield {"framework": framework.id, "requirement": one.id, "text": one.text}


def _open(catalogue: Catalogue) -> Iterator[Row]:
    """What stays open of every framework, and why."""
    for framework in catalogue.frameworks.values():
        for one in reaches(catalogue, framework):
            if one.open:
                yield (framework.id, one.requirement, framework.by_id[one.requirement].title,
                       "a control, in part" if one.reached else "no control", one.gap)


_TABLES = (
    _Table(sheets.FRAMEWORKS, _frameworks), _Table(sheets.REQUIREMENTS, _requirements), _Table(sheets.CONTROLS, _controls, 4),
    _Table(sheets.ASKS, _asks), _Table(sheets.CHECKS, _checks), _Table(sheets.MAPPINGS, _mappings), _Table(sheets.TEXTS, _texts),
)
