"""A ReportLab canvas that writes tagged PDF: what a screen reader reads, in order, and what it passes over.

`element` opens a node of the structure tree (Table, TR, Sect), `content` a leaf that holds what is drawn in
it (P, H1, TD, Figure), `artifact` marks decoration. Source: ISO 32000-1, 14.7 (logical structure) and 14.8
(tagged PDF). Not all of PDF/UA: there is no XMP metadata, and links are not tagged.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from govern.facts.moments import Instant, datetime_of

_ROOT = "StructTreeRoot"
# Attributes of a page that ReportLab does not know of: it writes only those it was told.
_PAGE_ATTRIBUTES = ("StructParents", "Tabs")


@dataclass(eq=False)
class Node:
    """A node of the structure tree. A leaf's `marks` are (page number from 1, marked-content id)."""

    tag: str
    parent: Node | None
    name: str
    alt: str = ""
    scope: str = ""
    children: list[Node] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)


class TaggedCanvas(Canvas):
    """A canvas whose file depends on what is drawn alone: its date is `made`, its identifier a digest.

    Everything drawn stands inside `content` or `artifact`; neither goes inside the other.
    """

    _code: list[str]
    _doc: Any

    def __init__(self, target: BinaryIO, *, pagesize: tuple[float, float], title: str, author: str,
                 subject: str, made: Instant, language: str = "en-GB") -> None:
        super().__init__(target, pagesize=pagesize, invariant=1, pageCompression=1, lang=language,
                         pdfVersion=(1, 7))
        date = datetime_of(made).strftime("D:%Y%m%d%H%M%S+00'00'")
        self.setDateFormatter(lambda *_: date)
        self.setTitle(title)
        self.setAuthor(author)
        self.setSubject(subject)
        self.setCreator("Govern")
        self.setViewerPreference("DisplayDocTitle", "true")
        self._nodes: list[Node] = []
        self._document = self._node("Document", None)
        self._open = [self._document]
        self._leaves: list[list[Node]] = [[]]

    @contextmanager
    def element(self, tag: str) -> Iterator[None]:
        """A node that holds others, such as Table, TR or L; it becomes a child of the one that is open."""
        self._open.append(self._node(tag, self._open[-1]))
        try:
            yield
        finally:
            self._open.pop()

    @contextmanager
    def content(self, tag: str, *, alt: str = "", scope: str = "") -> Iterator[None]:
        """A leaf that holds what is drawn in it. `alt` describes a Figure, `scope` (Row, Column) a TH."""
        node = self._node(tag, self._open[-1], alt, scope)
        leaves = self._leaves[-1]
        node.marks.append((len(self._leaves), len(leaves)))
        self._mark(f"/{tag} <</MCID {len(leaves)}>> BDC")
        leaves.append(node)
        try:
            yield
        finally:
            self._mark("EMC")

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Decoration and repeated matter, which a screen reader passes over."""
        self._mark("/Artifact BMC")
        try:
            yield
        finally:
            self._mark("EMC")

    def showPage(self) -> None:
        """End the page."""
        super().showPage()
        self._leaves.append([])

    def save(self) -> None:
        """Write the structure tree and the file. The last page must have been ended by `showPage`."""
        document = self._doc
        for node in self._nodes:
            document.Reference(_written(node), node.name)
        numbers = [part for page, leaves in enumerate(self._leaves[:-1])
                   for part in (page, pdfdoc.PDFArray([_pointer(leaf) for leaf in leaves]))]
        document.Reference(pdfdoc.PDFDictionary({
            "Type": pdfdoc.PDFName(_ROOT),
            "K": pdfdoc.PDFArray([_pointer(self._document)]),
            "ParentTree": pdfdoc.PDFDictionary({"Nums": pdfdoc.PDFArray(numbers)}),
            "ParentTreeNextKey": len(self._leaves) - 1,
        }), _ROOT)
        document.Catalog.StructTreeRoot = pdfdoc.PDFObjectReference(_ROOT)
        document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        for index, page in enumerate(document.Pages.pages):
            known: Any = page if isinstance(page, pdfdoc.PDFPage) else document.idToObject[page.name]
            known.__NoDefault__ = [*known.__NoDefault__, *_PAGE_ATTRIBUTES]
            known.StructParents, known.Tabs = index, pdfdoc.PDFName("S")
        super().save()

    def _node(self, tag: str, parent: Node | None, alt: str = "", scope: str = "") -> Node:
        node = Node(tag, parent, f"StructElem{len(self._nodes)}", alt, scope)
        self._nodes.append(node)
        if parent is not None:
            parent.children.append(node)
        return node

    def _mark(self, operator: str) -> None:
        self._code.append(operator)


def _pointer(node: Node) -> Any:
    return pdfdoc.PDFObjectReference(node.name)


def _written(node: Node) -> Any:
    kids = [_pointer(child) for child in node.children] + [
        pdfdoc.PDFDictionary({
            "Type": pdfdoc.PDFName("MCR"), "Pg": pdfdoc.PDFObjectReference(f"Page{page}"), "MCID": mark,
        })
        for page, mark in node.marks
    ]
    said: dict[str, Any] = {
        "Type": pdfdoc.PDFName("StructElem"),
        "S": pdfdoc.PDFName(node.tag),
        "P": _pointer(node.parent) if node.parent else pdfdoc.PDFObjectReference(_ROOT),
    }
    if kids:
        said["K"] = pdfdoc.PDFArray(kids)
    if node.alt:
        said["Alt"] = pdfdoc.PDFString(node.alt)
    if node.scope:
        said["A"] = pdfdoc.PDFDictionary({"O": pdfdoc.PDFName("Table"), "Scope": pdfdoc.PDFName(node.scope)})
    return pdfdoc.PDFDictionary(said)
