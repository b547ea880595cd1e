"""The typeface of PDF reports: Inter, so that Greek, Cyrillic and Ł print, or else Helvetica."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont as FontFile
from fontTools.ttLib import TTLibError
from fontTools.varLib import instancer
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_PACKAGE, _FILE = "fontpkg-inter", "Inter[opsz,wght].ttf"
_WEIGHTS = {"regular": 400, "bold": 600}
_SMALL_TEXT = 14  # optical size, points: the smallest that Inter has


@dataclass(frozen=True)
class Typeface:
    """Names under which a regular and a bold font are registered with ReportLab."""

    regular: str
    bold: str

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """How wide `text` is, in points."""
        return float(stringWidth(text, self.bold if bold else self.regular, size))


HELVETICA = Typeface("Helvetica", "Helvetica-Bold")


def fonts(cache: Path) -> Typeface:
    """Inter, registered with ReportLab; two weights are cut from its variable font once and kept in `cache`.

    Gives Helvetica where the package, the folder or a font file cannot be used: a report in Latin letters is
    better than none.
    """
    try:
        release = version(_PACKAGE)
        names = {}
        for style, weight in _WEIGHTS.items():
            kept = cache / f"inter-{release}-{weight}.ttf"
            if not kept.exists():
                _cut(weight, kept)
            names[style] = f"Inter-{release}-{weight}"
            if names[style] not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(names[style], str(kept)))
    except (PackageNotFoundError, ModuleNotFoundError, OSError, TTLibError, TTFError):
        return HELVETICA
    return Typeface(names["regular"], names["bold"])


def _cut(weight: int, kept: Path) -> None:
    """Write one weight of the variable font to `kept`; two that do so at once do not disturb each other."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with (files("fontpkg_inter") / "files" / _FILE).open("rb") as source:
        font = FontFile(source, recalcTimestamp=False)
        for table in ("GSUB", "GPOS", "GDEF"):  # ReportLab sets no ligatures and kerns nothing
            if table in font:
                del font[table]
        instancer.instantiateVariableFont(font, {"wght": weight, "opsz": _SMALL_TEXT}, inplace=True,
                                          updateFontNames=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, suffix=".part", delete=False) as part:
            font.save(part)
    Path(part.name).replace(kept)
