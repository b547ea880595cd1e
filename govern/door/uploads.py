"""Files on their way from a request into the vault and through the readers; the same for pages and API.

For a page with a form (one or many parts named `file`):

    @blueprint.post("/evidence/new")
    @takes_files
    @allow(Act.SUBMIT)
    def send():
        for part in sent_files():                       # raises FileRefused when no file was chosen
            command = command_for(part.stream, part.filename, request.form, system=system_key)
            done = submit_evidence(house().office, visit().known, command, visit().now)

`command_for(stream, filename, form, **given)` checks the form first, finishes the file, reads it within bounds and gives
the SubmitEvidence command. It raises FileRefused (empty, no usable name), TooLarge, InputRefused (the form, by field),
and VaultUnavailable. A file that a reader cannot make sense of (cut short, not JSON, too deep) is no error: it is kept,
and `command.file.problem` says in a sentence what was wrong; `Submitted.problem` repeats it after the action.

Parts of a multipart request stream straight into the vault's folder; nothing is held in memory or copied. Only routes
marked with `takes_files` accept bodies that large; all others stop at 4 MiB. What is not finished is discarded when the
request ends, and what was finished but not recorded is removed by the vault's sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, TypeVar, cast

from flask import Request, current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge

from govern.catalogue.objects import Catalogue
from govern.door.by_hand import READER, stated_by_hand
from govern.door.visit import house, visit
from govern.errors import FileRefused, InputRefused, TooLarge
from govern.evidence.filename import clean_name
from govern.evidence.incoming import CHUNK, Incoming
from govern.evidence.media import media_type
from govern.evidence.reading import read_bounded
from govern.facts.commands import ReadFile, SubmitEvidence
from govern.facts.evidence import Basis
from govern.facts.moments import Instant
from govern.schemas.evidence import SubmitEvidenceInput
from govern.schemas.forms import load_form

F = TypeVar("F", bound=Callable[..., Any])
_ATTRIBUTE = "govern_takes_files"
SMALL_BODY = 4 * 1024 * 1024
ROOM_FOR_FORM = 1024 * 1024
_PENDING = ReadFile("", 0, "pending", "", "", 0, "", "", None, None)


def takes_files(view: F) -> F:
    """Mark a view as one that is sent files, under (outside of) its route and above `@allow`."""
    setattr(view, _ATTRIBUTE, True)
    return view


class UploadRequest(Request):
    """Flask's request, whose multipart files go straight into the vault; the factory makes it the request class."""

    @property
    def takes_files(self) -> bool:
        """Whether the route that was matched is sent files."""
        view = current_app.view_functions.get(self.endpoint or "") if current_app else None
        return bool(getattr(view, _ATTRIBUTE, False))

    @property
    def max_content_length(self) -> int | None:
        """Largest body in bytes: a file with its form where files are taken, 4 MiB elsewhere."""
        return house().settings.upload_limit + ROOM_FOR_FORM if self.takes_files else SMALL_BODY

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise TypeError("the limit follows from the route and the settings")

    def _get_file_stream(self, total_content_length: int | None, content_type: str | None,
                         filename: str | None = None, content_length: int | None = None) -> IO[bytes]:
        if self.takes_files:
            home = house()
            return cast(IO[bytes], home.office.vault.incoming(home.settings.upload_limit))
        return super()._get_file_stream(total_content_length, content_type, filename, content_length)


@dataclass(frozen=True)
class Read:
    """A file that was kept and read: the command's part, what it was taken for, and when its work was done."""

    file: ReadFile
    kind: str
    basis: Basis
    worked: Instant | None


def sent_files(name: str = "file") -> list[FileStorage]:
    """The files that a form was sent with, in order; raises FileRefused when there is none."""
    found = [part for part in request.files.getlist(name) if part.filename or _size(part)]
    if not found:
        raise FileRefused("No file was sent.", field=name,
                          mend=f"Choose a file; programs send it as a multipart part named “{name}”.")
    return found


def _size(part: FileStorage) -> int:
    return part.stream.size if isinstance(part.stream, Incoming) else 0


def receive_body() -> Incoming:
    """The raw body of the request, streamed into the vault's folder in chunks. Raises TooLarge."""
    home = house()
    limit = home.settings.upload_limit
    target = home.office.vault.incoming(limit)
    try:
        while chunk := request.stream.read(CHUNK):
            target.write(chunk)
    except RequestEntityTooLarge as error:
        target.discard()
        raise too_large(limit) from error
    except BaseException:
        target.discard()
        raise
    return target


def too_large(limit: int) -> TooLarge:
    """What is said of a body beyond the limit."""
    return TooLarge(f"The file is larger than the {limit:,} bytes that are taken.", field="file",
                    mend="Send it in parts, or ask the administrator for a higher limit.")


def read_stored(stream: Any, filename: str | None, catalogue: Catalogue, kind_hint: str = "") -> Read:
    """Finish a received file and read it within bounds.

    `stream` is the Incoming of a part or a raw body. The kind is what the reader recognised, where the catalogue has
    it. The basis is «tested» where a tool's own output was read and some control asks for a test of that kind, else
    «attested»: the word of whoever sends it.
    """
    if not isinstance(stream, Incoming):
        raise FileRefused("No file was sent.", field="file", mend="Choose a file and send it again.")
    vault = house().office.vault
    name = clean_name(filename or "evidence")
    blob = stream.finish()
    with vault.local(blob.sha256) as path:
        reading = read_bounded(path, name, kind_hint or None)
    found, findings = reading.recognised, reading.findings
    file = ReadFile(
        sha256=blob.sha256, size=blob.size, filename=name, media_type=media_type(blob.head, name),
        format=found.format, sure=found.sure, why=found.why, reader=reading.reader, findings=findings,
        problem=reading.problem)
    kind = findings.kind if findings else found.kind
    tested = findings is not None and bool(findings.stated.get("tool")) and any(
        ask.basis == Basis.TESTED and kind in ask.kinds for ask in catalogue.asks.values())
    return Read(file, kind if kind in catalogue.kinds else "", Basis.TESTED if tested else Basis.ATTESTED,
                reading.worked)


def _with_values(file: ReadFile, text: str, kind: str) -> ReadFile:
    """The file with values that were typed for it; what a reader found in a file is never overwritten."""
    kinds = visit().catalogue().kinds
    if not text.strip() or kind not in kinds:
        return file
    if file.findings is not None:
        raise InputRefused("The file was read by itself; values cannot be typed over what it says.", field="stated",
                           mend="Leave the values out, or send another file.")
    findings = stated_by_hand(text, kinds[kind])
    return replace(file, findings=findings, reader=READER) if findings else file


def command_for(stream: Any, filename: str | None, form: Mapping[str, Any], **given: Any) -> SubmitEvidence:
    """The command to submit one received file with the description in `form`; see the module's docstring.

    `given` are `system` or `evidence` (keys) where the address names them.
    """
    load_form(SubmitEvidenceInput, form, file=_PENDING, **given)
    read = read_stored(stream, filename, visit().catalogue(), str(form.get("kind", "")).strip())
    file = _with_values(read.file, str(form.get("stated") or ""), str(form.get("kind") or read.kind).strip())
    return load_form(SubmitEvidenceInput, form, file=file, suggested_kind=read.kind, suggested_basis=read.basis,
                     read_worked=read.worked, **given)
