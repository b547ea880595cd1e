"""Icons and the font, taken from packages; the gallery of components; a sign of life."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from flask import Blueprint, Response, render_template, request

from govern.door.policy import PUBLIC, SIGNED_IN, allow
from govern.door.visit import house, visit
from govern.web.assets import font_woff2, icon_sprite
from govern.web.gallery import gallery_charts

blueprint = Blueprint("assets", __name__)


def _kept(content: bytes, mimetype: str) -> Response:
    """A file that browsers keep and ask after by its digest."""
    response = Response(content, mimetype=mimetype, headers={"Cache-Control": "public, max-age=3600"})
    response.set_etag(sha256(content).hexdigest()[:32])
    return response.make_conditional(request)  # type: ignore[return-value] # gives the response itself


@lru_cache(maxsize=1)
def _sprite() -> bytes:
    return icon_sprite()


@lru_cache(maxsize=1)
def _font(folder: str) -> bytes:
    from pathlib import Path

    return font_woff2(Path(folder))


@blueprint.get("/assets/icons.svg")
@allow(PUBLIC)
def icons() -> Response:
    """All icons as one sprite."""
    return _kept(_sprite(), "image/svg+xml")


@blueprint.get("/assets/inter.woff2")
@allow(PUBLIC)
def font() -> Response:
    """The typeface, subset once."""
    return _kept(_font(str(house().settings.data / "cache")), "font/woff2")


@blueprint.get("/gallery")
@allow(SIGNED_IN)
def gallery() -> str:
    """Every component with sample data."""
    return render_template("pages/gallery.html", **gallery_charts(visit().now))


@blueprint.get("/gallery/item")
@allow(SIGNED_IN)
def gallery_item() -> str:
    """The sample that opens in the drawer."""
    return render_template("pages/gallery_item.html")


@blueprint.get("/healthz")
@allow(PUBLIC)
def health() -> Response:
    """200 while the server answers."""
    return Response("ok\n", mimetype="text/plain")
