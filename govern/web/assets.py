"""What pages need from packages: the icon sprite (lucide) and the font (Inter, cut down once to WOFF2).

Nothing of either is committed. Both are functions of the installed packages, so their digests serve as ETags.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

_NAMES = """
    activity archive arrow-down arrow-right arrow-up badge-check ban bell bot boxes building-2 calendar
    calendar-clock check chevron-down chevron-left chevron-right chevrons-up-down circle circle-alert
    circle-check circle-dashed circle-dot circle-question-mark circle-slash circle-x clipboard-list
    clock clock-alert contrast copy cpu database download external-link eye eye-off file file-check
    file-clock file-down file-plus file-search file-text flag flask-conical folder git-branch globe hash
    history hourglass inbox info key-round layers layout-dashboard library link list-checks lock
    lock-open log-out mail maximize-2 menu message-square milestone minus monitor moon network
    octagon-alert package pencil plug plus printer refresh-cw scale scroll-text search send server
    settings shield-check shield-half sun sun-moon tag trash-2 trending-down trending-up triangle-alert
    undo-2 unlink upload user-check user-round users workflow wrench x
"""
ICON_NAMES: tuple[str, ...] = tuple(_NAMES.split())

_SVG = "http://www.w3.org/2000/svg"

# Latin of Europe and Vietnam, Greek, Cyrillic, punctuation, currency, arrows and the signs that pages use.
_RANGES = (
    (0x20, 0x180), (0x18F, 0x193), (0x1A0, 0x1B2), (0x1CD, 0x1DE), (0x1FA, 0x220), (0x2BB, 0x2BD),
    (0x2C6, 0x2DD), (0x386, 0x3CF), (0x400, 0x460), (0x490, 0x4C0), (0x4D0, 0x500),
    (0x1E80, 0x1E86), (0x1EA0, 0x1EFA), (0x2010, 0x2040), (0x20A0, 0x20C0), (0x2190, 0x219A),
    (0x2260, 0x2266),
)  # fmt: skip
_SINGLE = (0x2116, 0x2122, 0x2212, 0x2248, 0x2318, 0x21E7)
# One optical size and the weights that the style sheets use: a third of the bytes of the whole variable font.
_AXES = {"opsz": 14, "wght": (400, 700)}
_FEATURES = ["kern", "liga", "calt", "tnum", "cv11", "ss03", "zero", "case", "mark", "mkmk", "ccmp", "locl"]


def icon_sprite(names: Iterable[str] = ICON_NAMES) -> bytes:
    """An SVG with one symbol for each icon, for `<use href="…#name">`; KeyError for an unknown name."""
    ElementTree.register_namespace("", _SVG)
    parts = [f'<svg xmlns="{_SVG}">']
    with files("lucide").joinpath("lucide.zip").open("rb") as packed, ZipFile(packed) as archive:
        for name in names:
            drawing = ElementTree.fromstring(archive.read(f"{name}.svg"))  # noqa: S314 our own package's files
            inner = "".join(ElementTree.tostring(child, encoding="unicode") for child in drawing)
            inner = inner.replace(f' xmlns="{_SVG}"', "")
            parts.append(
                f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
                f'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{inner}</symbol>'
            )
    parts.append("</svg>")
    return "".join(parts).encode()


def font_woff2(cache: Path) -> bytes:
    """Inter (upright, all weights) for the scripts that Govern writes, as WOFF2.

    Made once for each version of the font's package and each recipe, and kept in the folder `cache`, which is
    made if it is missing.
    """
    recipe = sha256(repr((version("fontpkg-inter"), _RANGES, _SINGLE, _AXES, _FEATURES)).encode()).hexdigest()
    kept = cache / f"inter-{recipe[:16]}.woff2"
    if kept.is_file():
        return kept.read_bytes()
    made = _subset()
    cache.mkdir(parents=True, exist_ok=True)
    # Another process may be doing the same: write aside and rename, so that nobody reads half a font.
    aside = kept.with_suffix(".part")
    aside.write_bytes(made)
    aside.replace(kept)
    return made


def _subset() -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    folder = files("fontpkg_inter").joinpath("files")
    source = next(file for file in folder.iterdir() if "Italic" not in file.name)
    options = subset.Options()
    options.hinting = False
    options.layout_features = _FEATURES
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[*(code for start, end in _RANGES for code in range(start, end)), *_SINGLE])
    with source.open("rb") as opened:
        font = TTFont(BytesIO(opened.read()), recalcTimestamp=False, lazy=True)
    cutter.subset(font)
    instancer.instantiateVariableFont(font, _AXES, inplace=True)
    font.flavor = "woff2"
    made = BytesIO()
    font.save(made)
    return made.getvalue()
