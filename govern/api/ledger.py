"""`/ledger`: entries, the signed checkpoint, and proofs that anybody can verify offline."""

from __future__ import annotations

from flask import Response

from govern.access.policy import Act, may_anywhere
from govern.actions.verification import checkpoint
from govern.api.area import Area
from govern.api.reading import answer, named_system, query
from govern.door.policy import allow
from govern.door.visit import house, visit
from govern.errors import InputRefused, NotFound
from govern.facts.audit import Action
from govern.ledger.checkpoint import read_checkpoint
from govern.records.ledger import EntryLine, consistency, entries, newest_checkpoint, proof_of, root_at
from govern.schemas.outputs_ledger import ConsistencyOut, EntriesOut, EntryOut
from govern.schemas.queries import ConsistencyQuery, EntriesQuery

area = Area("ledger", "/ledger", "The record of everything anyone did, and its proofs")
LARGEST = 2**53


@area.route("GET", "/entries", gives=EntriesOut, query=EntriesQuery)
@allow(Act.READ)
def list_entries() -> Response:
    """Entries that follow a position, oldest first."""
    wanted = query(EntriesQuery)
    at = visit().reader()
    if wanted.action and wanted.action not in set(Action):
        raise InputRefused("There is no such action.", field="action", mend="Such as evidence:version:submit.")
    thing = named_system(at, wanted.system).key if wanted.system else None
    found = entries(visit().connection, at, after=wanted.after, thing=thing, action=wanted.action or None,
                    size=wanted.size)
    last = found[-1].position if len(found) == wanted.size else None
    return answer(EntriesOut, {"entries": found, "next": last})


@area.route("GET", "/entries/<int:position>", gives=EntryOut)
@allow(Act.READ)
def get_entry(position: int) -> Response:
    """One entry."""
    return answer(EntryOut, _seen(position))


def _seen(position: int) -> EntryLine:
    """An entry that the visitor may see; raises NotFound."""
    if 1 <= position <= LARGEST:
        found = entries(visit().connection, visit().reader(), after=position - 1, size=1)
        if found and found[0].position == position:
            return found[0]
    raise NotFound(f"There is no entry {position} that you may see.", mend="Look at the list of entries.")


@area.route("GET", "/checkpoint", gives="text/plain")
@allow(Act.READ)
def get_checkpoint() -> Response:
    """The present head as a signed note (C2SP signed-note, Ed25519).

    Whoever may sign gets the head as it is; others get the newest that was signed.
    """
    actor = visit().known
    may_sign = may_anywhere(actor, Act.SIGN_CHECKPOINT) and not (actor.token is not None and actor.token.submit_only)
    if may_sign:
        return _text(_sign())
    kept = newest_checkpoint(visit().connection)
    if kept is None:
        raise NotFound("No checkpoint was signed yet.", mend="Somebody who may sign one has to ask for it first.")
    return _text(kept[2])


def _sign() -> str:
    home = house()
    visit().refresh()
    return checkpoint(home.office, home.key, home.settings.checkpoint_file)


def _text(body: str) -> Response:
    return Response(body, mimetype="text/plain")


@area.route("GET", "/proofs/<int:position>", gives="text/plain")
@allow(Act.READ)
def get_proof(position: int) -> Response:
    """The proof that an entry is in a signed checkpoint (c2sp.org/tlog-proof@v1); it verifies with no server."""
    _seen(position)
    kept = newest_checkpoint(visit().connection)
    note = kept[2] if kept is not None and kept[0] >= position else _sign()
    return _text(proof_of(visit().connection, position, note, read_checkpoint(note).size).to_text())


@area.route("GET", "/consistency", gives=ConsistencyOut, query=ConsistencyQuery)
@allow(Act.READ)
def get_consistency() -> Response:
    """The proof that the ledger at one position is the beginning of the ledger at a later one."""
    span = query(ConsistencyQuery)
    connection = visit().connection
    hashes = consistency(connection, span.first, span.second)
    return answer(ConsistencyOut, {
        "first": span.first, "second": span.second, "root_from": root_at(connection, span.first),
        "root_to": root_at(connection, span.second), "hashes": [one.hex() for one in hashes]})
