"""The ledger as people read it: entries as sentences, one entry with its proof, checkpoints, verification."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from govern.access.actor import Reader
from govern.access.policy import Act, may_anywhere
from govern.actions.verification import checkpoint, verify_everything
from govern.door.policy import allow
from govern.door.visit import at_of_request, house, visit
from govern.errors import InputRefused, NotFound
from govern.facts.audit import SENTENCES, Action
from govern.ledger.checkpoint import read_checkpoint
from govern.ledger.entry import Entry
from govern.records.ledger import EntryLine, entries, newest_checkpoint, proof_of, root_at
from govern.records.people import people
from govern.records.systems import system_by_slug, systems
from govern.web import frame
from govern.web.entries import told
from govern.web.when import moment_text

blueprint = Blueprint("activity", __name__, url_prefix="/activity")

_PAGE = 50


def _cursor(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise InputRefused(f"“{text[:40]}” is no position of the ledger.", field=name, mend="Follow the links of the list.")
    return int(text)


def _thing(reader: Reader, slug: str) -> str | None:
    found = system_by_slug(visit().connection, reader, slug) if slug else None
    if slug and found is None:
        raise NotFound("There is no such system.", mend="Choose one from the list.")
    return found.key if found else None


@blueprint.get("")
@allow(Act.READ)
def listing() -> str:
    """Entries, newest first."""
    reader, connection = visit().reader(at_of_request()), visit().connection
    actor, action = request.args.get("actor") or None, request.args.get("action") or None
    if action is not None and action not in {one.value for one in Action}:
        raise InputRefused(f"There is no action “{action[:60]}”.", field="action", mend="Choose one from the list.")
    found = entries(connection, reader, before=_cursor("before"), actor=actor, action=action,
                    thing=_thing(reader, request.args.get("system", "")), size=_PAGE + 1)
    shown = found[:_PAGE]
    signed = newest_checkpoint(connection)
    return render_template(
        "pages/activity.html", entries=told(connection, shown), more=len(found) > _PAGE,
        last=shown[-1].position if shown else 0, first=shown[0].position if shown else 0,
        before=request.args.get("before", ""), given=request.args, moment=frame.moment_shown(),
        people=[("", "Everybody"), *((one.key, one.name or "redacted person") for one in people(connection))],
        actions=[("", "Every action"), *((one.value, _said(one)) for one in Action)],
        systems=[("", "Everything"), *((one.system.slug, one.system.name) for one in systems(connection, reader))],
        position=reader.moment.position, root=root_at(connection, reader.moment.position), signed=signed,
        signed_on=moment_text(signed[1]) if signed else None,
        may_sign=may_anywhere(visit().known, Act.SIGN_CHECKPOINT),
        may_verify=may_anywhere(visit().known, Act.VERIFY))


def _said(action: Action) -> str:
    """An action's sentence as the name of a choice."""
    text = SENTENCES[action].replace("{who} ", "").replace("{what}", "…")
    return text[0].upper() + text[1:]


def _seen(position: int) -> EntryLine:
    """An entry that the visitor may see; raises NotFound."""
    found = entries(visit().connection, visit().reader(), before=position + 1, size=1)
    if not found or found[0].position != position:
        raise NotFound(f"There is no entry {position} that you may see.", mend="Go back to the list.")
    return found[0]


@blueprint.get("/<int:position>")
@allow(Act.READ)
def entry(position: int) -> str:
    """One entry: its sentence, the rows it wrote and closed, its hash."""
    line = _seen(position)
    content = Entry.from_canonical(line.content.encode())
    return render_template("pages/activity_entry.html", told=told(visit().connection, [line])[0], entry=content,
                           leaf=line.leaf, content=line.content,
                           may_sign=may_anywhere(visit().known, Act.SIGN_CHECKPOINT))


@blueprint.get("/<int:position>/proof")
@allow(Act.SIGN_CHECKPOINT)
def proof(position: int) -> Response:
    """The proof that an entry is in a signed checkpoint, as a file that verifies offline."""
    _seen(position)
    note = _newest_note(position)
    size = read_checkpoint(note).size
    made = proof_of(visit().connection, position, note, size)
    return _text(made.to_text(), f"entry-{position}.tlog-proof")


def _newest_note(position: int) -> str:
    """A signed checkpoint that holds the entry: the newest there is, or a new one."""
    kept = newest_checkpoint(visit().connection)
    if kept is not None and kept[0] >= position:
        return kept[2]
    note = checkpoint(house().office, house().key, house().settings.checkpoint_file)
    visit().refresh()
    return note


@blueprint.get("/checkpoint")
@allow(Act.SIGN_CHECKPOINT)
def signed() -> Response:
    """The present head as a signed note; one is signed if the newest is older."""
    note = checkpoint(house().office, house().key, house().settings.checkpoint_file)
    return _text(note, "checkpoint.txt")


def _text(body: str, name: str) -> Response:
    response = Response(body, mimetype="text/plain")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.route("/verify", methods=["GET", "POST"])
@allow(Act.VERIFY)
def verify() -> str:
    """What verification does, and (POST) its result."""
    result = None
    if request.method == "POST":
        result = verify_everything(house().office, [house().key.verifier])
    key = house().key.verifier
    return render_template("pages/activity_verify.html", result=result, verifier_key=key.encode(), now=moment_text(visit().now))
