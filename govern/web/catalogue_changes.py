"""Changing the catalogue: taking the shipped one, bringing an addition, taking one out; each is looked at first.

A preview names in hidden fields which catalogue is in force and which one would be. When it is confirmed the proposal is
worked out again; where either differs nothing is recorded, and the preview is shown anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Answer

from govern.access.policy import Act
from govern.actions.catalogue import (
    Origin,
    Proposal,
    bring_addition,
    propose_addition,
    propose_removal,
    propose_upgrade,
    remove_addition,
    take_upgrade,
)
from govern.actions.catalogue_upload import Upload, discard_upload, keep_upload, too_large, upload_of
from govern.catalogue.additions import Addition, body_of
from govern.catalogue.difference import difference
from govern.catalogue.incoming.documents import MOST_BYTES, Incoming, read_document
from govern.catalogue.incoming.oscal_mapping import CONTROLS
from govern.catalogue.objects import Catalogue
from govern.door.policy import allow
from govern.door.uploads import sent_files, takes_files
from govern.door.visit import house, visit
from govern.errors import CatalogueError, GovernError, InputRefused, StaleForm
from govern.evidence.filename import clean_name
from govern.evidence.incoming import Incoming as Received
from govern.records.consequences import touched_by
from govern.records.tailoring import brought
from govern.records.work import Done
from govern.web import frame
from govern.web.catalogue import XLSX, attached, waiting
from govern.web.catalogue_view import (
    FORMATS,
    Faults,
    changes_shown,
    counts_of,
    faults_of,
    held_by,
    notes_row,
    touched_shown,
)
from govern.web.mistakes import Errors, errors_of, for_the_form

blueprint = Blueprint("catalogue_changes", __name__, url_prefix="/catalogue")
_TAKES = ".yaml,.yml,.json,.xlsx"
_LATE = "What changes is other than what you looked at: the catalogue was changed meanwhile. This is what would change now."


# -- previews --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """One look at a change: its words, where it is confirmed and left, and what belongs to it alone."""

    title: str
    lead: str
    action: str
    button: str
    back: str
    crumb: str
    more: dict[str, Any]


def _preview(look: Look, then: Catalogue, errors: Errors) -> str:
    """What another catalogue changes against the one in force and for systems, with the button that decides."""
    here = visit()
    now = here.catalogue()
    touched = touched_by(here.connection, here.reader(), now, then)
    along = look is not _UPGRADE and waiting(brought(here.connection), now.digest) == "waits"
    return render_template(
        "pages/catalogue_preview.html", look=look, errors=errors, faults=None, nothing=now.digest == then.digest, along=along,
        now=now, then=then, counts_now=counts_of(now), counts_then=counts_of(then), touched=touched_shown(touched, then),
        changes=changes_shown(difference(now, then), now))


def _refused(look: Look, refused: CatalogueError) -> str:
    """A preview of what cannot be: every mistake with its place."""
    return render_template("pages/catalogue_preview.html", look=look, errors=Errors(), faults=faults_of(refused))


def _look_at(look: Look, propose: Callable[[], Catalogue]) -> str:
    try:
        return _preview(look, propose(), Errors())
    except CatalogueError as refused:
        return _refused(look, refused)


def _worked_out(names: tuple[str, ...], propose: Callable[[], Proposal]) -> Catalogue:
    """What a proposal comes to, for a look: worked out once for the additions in force, anew when it is recorded."""
    rows = (one.row for one in brought(visit().connection))
    return house().office.catalogues.worked_out((*names, *rows), lambda: propose().catalogue)


def _seen(proposal: Proposal) -> None:
    """Raise StaleForm unless the proposal is what the form was shown for."""
    if (request.form.get("before"), request.form.get("after")) != (proposal.rests_on[0], proposal.catalogue.digest):
        raise StaleForm(_LATE)


def _confirm(look: Look, propose: Callable[[], Proposal],
             record: Callable[[Proposal], Done[str]]) -> tuple[str, int] | Done[str]:
    """Record what was looked at; else the preview as it is now, with what stands in the way."""
    try:
        proposal = propose()
        _seen(proposal)
        done = record(proposal)
        visit().refresh()
        _worked_out(("shipped",), lambda: proposal)  # it is that: the files of this version with the additions now in force
        return done
    except CatalogueError as refused:
        return _refused(look, refused), 422
    except StaleForm as late:
        visit().refresh()
        try:
            return _preview(look, propose().catalogue, Errors({"form": [late.text]})), 412
        except CatalogueError as refused:
            return _refused(look, refused), 422


def _recorded(done: Done[str], text: str) -> Answer:
    link = f"/catalogue/versions/{done.entry}" if done.entry else None
    frame.flash(text, href=link, link="See what changed")
    return redirect("/catalogue", 303)


# -- the shipped catalogue -------------------------------------------------------------------------------------------


_UPGRADE = Look("The catalogue of this version", "What Govern ships now, with your additions beside it.", "/catalogue/upgrade",
                "Put it in force", "/catalogue", "Upgrade", {})


@blueprint.get("/upgrade")
@allow(Act.KEEP_CATALOGUE)
def upgrade() -> str:
    """What the shipped catalogue of this version would change."""
    return _look_at(_UPGRADE, lambda: propose_upgrade(visit().connection).catalogue)


@blueprint.post("/upgrade")
@allow(Act.KEEP_CATALOGUE)
def take() -> str | tuple[str, int] | Answer:
    """Put it in force, if it is what was looked at."""
    here = visit()
    done = _confirm(_UPGRADE, lambda: propose_upgrade(visit().connection),
                    lambda proposal: take_upgrade(house().office, here.known, proposal, here.now))
    if not isinstance(done, Done):
        return done
    if done.entry is None:
        frame.flash("The catalogue of this version was in force already.", tone="info")
        return redirect("/catalogue", 303)
    return _recorded(done, f"The catalogue of this version is in force since entry {done.entry}.")


# -- an addition comes -----------------------------------------------------------------------------------------------


def _form(errors: Errors, faults: Faults | None = None, filename: str = "") -> str:
    here = visit()
    kept = upload_of(here.connection, here.known.key, here.now)
    sides = [("", "As the document says"), (CONTROLS, "Our controls"),
             ("Frameworks", [(one.id, one.title) for one in here.catalogue().frameworks.values()])]
    return render_template("pages/catalogue_import.html", errors=errors, faults=faults, filename=filename, kept=kept, sides=sides,
                           values=request.form, accept=_TAKES, limit=MOST_BYTES // 2**20)


@blueprint.get("/import")
@allow(Act.KEEP_CATALOGUE)
def import_form() -> str:
    """Choose a document, or go on with the one that was sent."""
    return _form(Errors())


@blueprint.get("/import/template.xlsx")
@allow(Act.KEEP_CATALOGUE)
def template() -> Response:
    """The workbook to fill in."""
    from govern.reports.catalogue_template import write_template

    target = BytesIO()
    write_template(visit().catalogue(), target, visit().now)
    return attached(target.getvalue(), XLSX, "govern-addition.xlsx")


@blueprint.post("/import")
@takes_files
@allow(Act.KEEP_CATALOGUE)
def send() -> tuple[str, int] | Answer:
    """Read a document; what is sound is kept for its preview, of what is not every mistake is told."""
    here, name = visit(), ""
    try:
        upload = _sent(sent_files()[0])
        name = upload.filename
        _with(upload, _read(upload))
        keep_upload(house().office, here.known, upload, here.now)
    except CatalogueError as refused:
        return _form(Errors(), faults_of(refused), name), 422
    except GovernError as refused:
        return _form(errors_of(for_the_form(refused)), filename=name), 422
    return redirect("/catalogue/import/preview", 303)


def _sent(part: FileStorage) -> Upload:
    """The document of a form. Its bytes go nowhere near the vault: nothing is evidence here."""
    stream = part.stream
    if not isinstance(stream, Received):
        raise InputRefused("No file was sent.", field="file", mend="Choose the document.")
    try:
        if stream.size > MOST_BYTES:
            raise too_large()
        stream.seek(0)
        data = stream.read()
    finally:
        stream.discard()
    return Upload(clean_name(part.filename or "document"), data, request.form.get("source") or None,
                  request.form.get("target") or None)


def _read(upload: Upload) -> Incoming:
    return read_document(upload.filename, upload.data, visit().catalogue(), source=upload.source, target=upload.target)


def _with(upload: Upload, incoming: Incoming) -> Catalogue:
    """The catalogue with what a document brings beside it; raises CatalogueError."""
    read_with = visit().catalogue().digest
    return _worked_out(("document", upload.sha256, read_with), lambda: propose_addition(visit().connection, incoming.addition))


def _look_of(upload: Upload, incoming: Incoming) -> Look:
    addition = incoming.addition
    return Look(addition.title, "What this document brings, and what it changes. Nothing is recorded yet.",
                "/catalogue/import/confirm", "Bring it", "/catalogue/import", "Import", {
                    "fields": [("sha256", upload.sha256)], "discard": "/catalogue/import/discard", "addition": addition.id,
                    "format": FORMATS.get(incoming.format, incoming.format), "filename": upload.filename,
                    "replaces": any(one.name == addition.id for one in brought(visit().connection)),
                    "held": [replace(one, href="") for one in held_by(_tree(addition))],
                    "warnings": [notes_row(one) for one in incoming.warnings]})


def _tree(addition: Addition) -> dict[str, Any]:
    tree = json.loads(body_of(addition))
    return dict(tree)


def _kept() -> Upload | None:
    here = visit()
    return upload_of(here.connection, here.known.key, here.now)


def _gone() -> Answer:
    frame.flash("No document waits: it was recorded, let go, or sent more than a day ago. Choose it again.", tone="warn")
    return redirect("/catalogue/import", 303)


@blueprint.get("/import/preview")
@allow(Act.KEEP_CATALOGUE)
def import_preview() -> str | tuple[str, int] | Answer:
    """What the document that was sent brings and changes."""
    upload = _kept()
    if upload is None:
        return _gone()
    try:
        incoming = _read(upload)
    except CatalogueError as refused:  # the catalogue it was read with has changed since
        return _form(Errors(), faults_of(refused), upload.filename), 422
    return _look_at(_look_of(upload, incoming), lambda: _with(upload, incoming))


@blueprint.post("/import/confirm")
@allow(Act.KEEP_CATALOGUE)
def bring() -> str | tuple[str, int] | Answer:
    """Bring the addition, if document and change are what was looked at."""
    here, upload = visit(), _kept()
    if upload is None:
        return _gone()
    try:
        incoming = _read(upload)
    except CatalogueError as refused:
        return _form(Errors(), faults_of(refused), upload.filename), 422
    addition = incoming.addition

    def record(proposal: Proposal) -> Done[str]:
        if request.form.get("sha256") != upload.sha256:
            raise StaleForm("Another document was sent after the one you looked at. This is what the newer one changes.")
        return bring_addition(house().office, here.known, addition, Origin(incoming.format, upload.filename), proposal, here.now)

    done = _confirm(_look_of(upload, incoming), lambda: propose_addition(visit().connection, addition), record)
    if not isinstance(done, Done):
        return done
    discard_upload(house().office, here.known)
    return _recorded(done, f"“{addition.title}” is in force since entry {done.entry}.")


@blueprint.post("/import/discard")
@allow(Act.KEEP_CATALOGUE)
def let_go() -> Answer:
    """Let the document go that was sent."""
    discard_upload(house().office, visit().known)
    frame.flash("The document was let go; nothing was recorded.")
    return redirect("/catalogue/import", 303)


# -- an addition goes ------------------------------------------------------------------------------------------------


def _removal(name: str) -> Look:
    return Look(f"Take {name[:80]} out", "What the catalogue would be without it. Past moments keep it.",
                f"/catalogue/additions/{quote(name)}/remove", "Take it out", f"/catalogue/additions/{quote(name)}", "Take out",
                {"kind": "danger"})


@blueprint.get("/additions/<name>/remove")
@allow(Act.KEEP_CATALOGUE)
def removal(name: str) -> str:
    """What taking an addition out would change."""
    return _look_at(_removal(name), lambda: propose_removal(visit().connection, name).catalogue)


@blueprint.post("/additions/<name>/remove")
@allow(Act.KEEP_CATALOGUE)
def remove(name: str) -> str | tuple[str, int] | Answer:
    """Take it out, if that changes what was looked at."""
    here = visit()
    done = _confirm(_removal(name), lambda: propose_removal(visit().connection, name),
                    lambda proposal: remove_addition(house().office, here.known, name, proposal, here.now))
    if not isinstance(done, Done):
        return done
    return _recorded(done, f"{name} was taken out by entry {done.entry}.")
