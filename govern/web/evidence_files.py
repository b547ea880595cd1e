"""The bytes of evidence: one version as a download, or several in one archive; never shown in the page itself."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing

from flask import Blueprint, Response, request, send_file, stream_with_context

from govern.access.policy import Act
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import InputRefused, NotFound
from govern.evidence.incoming import CHUNK
from govern.evidence.vault import Vault
from govern.facts.evidence import Version
from govern.facts.moments import datetime_of, iso_date
from govern.records import evidence as query

blueprint = Blueprint("files", __name__)

MOST_AT_ONCE = 500
_INERT = "sandbox; default-src 'none'"


def _inert(response: Response) -> Response:
    """A download that no browser runs anything of."""
    response.headers["Content-Security-Policy"] = _INERT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@blueprint.get("/<key>/versions/<int:number>/content")
@allow(Act.READ)
def content(key: str, number: int) -> Response:
    """The bytes of one version, as they were sent."""
    found = query.evidence(visit().connection, visit().reader(at_of_request()), key)
    version = next((one for one in found.versions if one.number == number), None) if found else None
    if version is None:
        raise NotFound("There is no such version of evidence.", mend="Check the address, or ask for access.")
    response = send_file(house().office.vault.open(version.sha256), mimetype=version.media_type, as_attachment=True,
                         download_name=version.filename, etag=version.sha256)
    response.content_length = version.size
    return _inert(response)


@blueprint.post("/download.zip")
@allow(Act.READ)
def archive() -> Response:
    """The newest versions of the evidence selected, in one archive with a list of digests."""
    keys = list(dict.fromkeys(request.form.getlist("selected")))
    if not keys or len(keys) > MOST_AT_ONCE:
        raise InputRefused("Nothing was selected." if not keys else f"At most {MOST_AT_ONCE} are packed at once.",
                           field="selected", mend="Tick the rows that you want and try again.")
    reader = visit().reader(at_of_request())
    lines = query.newest_of(visit().connection, reader, keys)
    if not lines:
        raise NotFound("None of these is there to be read.", mend="Reload the list and select again.")
    packed = _packed(house().office.vault, [(line.title, line.version) for line in lines])
    response = Response(stream_with_context(packed), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"evidence-{iso_date(reader.moment.instant)}.zip")
    return _inert(response)


class _Pipe:
    """Where the archive is written to; what was written is taken away piece by piece."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        self._kept.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        return None

    def close(self) -> None:
        return None

    def take(self) -> bytes:
        taken = b"".join(self._kept)
        self._kept.clear()
        return taken


def _packed(vault: Vault, wanted: Iterable[tuple[str, Version]]) -> Iterator[bytes]:
    """The archive's bytes, no more than a chunk of any file in memory at once."""
    pipe, sums, used = _Pipe(), [], set[str]()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as packed:
        for title, version in wanted:
            name = _name(title, version, used)
            sums.append(f"{version.sha256}  {name}\n")
            info = zipfile.ZipInfo(name, datetime_of(max(version.submitted, 315_532_800_000)).timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            with closing(vault.open(version.sha256)) as source, packed.open(info, "w", force_zip64=True) as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield pipe.take()
        packed.writestr("SHA256SUMS", "".join(sums))
    yield pipe.take()


def _name(title: str, version: Version, used: set[str]) -> str:
    """A path in the archive: a folder for the piece of evidence, then the file; never the same twice."""
    folder = "".join(char if char.isalnum() else "-" for char in title)[:60].strip("-") or "evidence"
    name = f"{folder}/v{version.number}-{version.filename}"
    if name in used:
        name = f"{folder}-{version.sha256[:12]}/v{version.number}-{version.filename}"
    used.add(name)
    return name
