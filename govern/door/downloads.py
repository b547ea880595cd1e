"""Evidence on its way out: always a download, never shown by the browser, with parts on request."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.wsgi import wrap_file

from govern.door.visit import house
from govern.facts.evidence import Version

_SANDBOX = "default-src 'none'; sandbox"


def download(version: Version) -> Response:
    """The bytes of a version as an attachment. Honours Range, If-Range and If-None-Match (the ETag is the digest).

    Raises BlobMissing when the vault does not hold them, and 416 for a part beyond the end.
    """
    vault = house().office.vault
    size = vault.size(version.sha256)
    file = vault.open(version.sha256)
    response = Response(wrap_file(request.environ, file, 256 * 1024), mimetype=version.media_type,
                        direct_passthrough=True)
    response.call_on_close(file.close)
    response.content_length = size
    response.set_etag(version.sha256)
    response.headers["Content-Disposition"] = attachment(version.filename)
    response.headers["Content-Security-Policy"] = _SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        file.close()
        raise
    return response


def attachment(filename: str) -> str:
    """A Content-Disposition that names a file whatever its letters (RFC 6266 with RFC 8187)."""
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\%' else "_" for char in filename)
    named = f'attachment; filename="{plain}"'
    if plain != filename:
        named += f"; filename*=UTF-8''{quote(filename, safe='')}"
    return named
