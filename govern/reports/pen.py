"""Drawing on a tagged page: text that fits its place, rules, boxes and charts, each with its tag."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from reportlab.graphics import renderPDF
from reportlab.lib.colors import HexColor

from govern.reports.fitting import block, one_line
from govern.reports.scene import Paint, Scene
from govern.reports.scene_pdf import PAPER, drawing_of
from govern.reports.tagged import TaggedCanvas
from govern.reports.typeface import Typeface


class Spot(NamedTuple):
    """Where a line of text begins, in points from the page's lower left corner, and how wide it may be."""

    x: float
    y: float
    room: float


@dataclass(frozen=True)
class Pen:
    """Draws on `canvas` in `face`; text stands on its baseline."""

    canvas: TaggedCanvas
    face: Typeface

    def line(self, tag: str, at: Spot, text: str, size: float, *, smallest: float | None = None,
             bold: bool = False, paint: Paint = Paint.TEXT, end: bool = False, scope: str = "") -> None:
        """One line, shrunk to `smallest`, then cut; with `end`, set against the right side of its room."""
        fitted = one_line(self.face, text, at.room, size, smallest=smallest, bold=bold)
        with self.canvas.content(tag, scope=scope):
            self._ink(fitted.size, bold, paint)
            if end:
                self.canvas.drawRightString(at.x + at.room, at.y, fitted.text)
            else:
                self.canvas.drawString(at.x, at.y, fitted.text)

    def paragraph(self, tag: str, at: Spot, text: str, size: float, most: int, *, paint: Paint = Paint.TEXT,
                  bold: bool = False) -> float:
        """At most `most` lines downwards; gives the baseline for what follows."""
        written, y = block(self.face, text, at.room, size, most, bold=bold), at.y
        with self.canvas.content(tag):
            self._ink(size, bold, paint)
            for line in written:
                self.canvas.drawString(at.x, y, line)
                y -= size * 1.35
        return y

    def chart(self, x: float, top: float, scene: Scene) -> float:
        """A chart hanging from `top`, its description as alternative text; gives its lower edge."""
        with self.canvas.content("Figure", alt=f"{scene.title}. {scene.desc}"):
            drawing: Any = drawing_of(scene, self.face.regular, self.face.bold)
            renderPDF.draw(drawing, self.canvas, x, top - scene.height)
        return top - scene.height

    def rule(self, x: float, y: float, room: float) -> None:
        """A thin line across, as decoration."""
        with self.canvas.artifact():
            self.canvas.setStrokeColor(HexColor(PAPER[Paint.GRID]))
            self.canvas.setLineWidth(0.6)
            self.canvas.line(x, y, x + room, y)

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled box with round corners, as decoration; `colour` in hex."""
        with self.canvas.artifact():
            self.canvas.setFillColor(HexColor(colour))
            self.canvas.roundRect(x, y, width, height, 4, stroke=0, fill=1)

    def _ink(self, size: float, bold: bool, paint: Paint) -> None:
        self.canvas.setFont(self.face.bold if bold else self.face.regular, size)
        self.canvas.setFillColor(HexColor(PAPER[paint]))
