"""Entries and proofs of the ledger, requests for evidence, and who asks, as the API answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from govern.facts.audit import Action
from govern.facts.people import Role, ScopeKind
from govern.facts.systems import RequestState
from govern.schemas.fields import described
from govern.schemas.outputs_common import At, Listed

_MENTION = {"type": "array", "items": {"type": "object"}, **described("What it touched, as far as you may see")}


class EntryOut(Schema):
    """One entry of the ledger. `content` is the exact text whose RFC 9162 leaf hash is `leaf`."""

    position = fields.Integer(required=True)
    instant = At(required=True)
    actor = fields.String(required=True, metadata=described("Key of who did it"))
    action = fields.Enum(Action, by_value=True, required=True)
    leaf = fields.String(required=True, metadata=described("Leaf hash", "SHA-256 of 0x00 and the content, hex."))
    content = fields.String(required=True, metadata=described("The entry in its canonical form"))
    mentions = fields.Function(
        lambda line: [{"key": key, "kind": kind, "name": name, "slug": slug or None}
                      for key, kind, name, slug in line.mentions], required=True, metadata=_MENTION)


class EntriesOut(Schema):
    """Entries, oldest first."""

    next = fields.Integer(required=True, allow_none=True, metadata=described(
        "Position of the last entry shown", "Send it as `after` for those that follow; null at the end."))
    entries = fields.List(fields.Nested(EntryOut), required=True)


class ConsistencyOut(Schema):
    """The proof that the tree of the first entries is the beginning of the tree of the second (RFC 9162, 2.1.4)."""

    first = fields.Integer(required=True, data_key="from")
    second = fields.Integer(required=True, data_key="to")
    root_from = fields.String(required=True, metadata=described("Root of the first tree, hex"))
    root_to = fields.String(required=True, metadata=described("Root of the second tree, hex"))
    hashes = fields.List(fields.String(), required=True, metadata=described("The proof, hex"))


class RequestOut(Schema):
    """A request for evidence."""

    key = fields.String(required=True, attribute="request.key")
    system = fields.String(required=True, attribute="system_slug", metadata=described("The system's slug"))
    control = fields.String(required=True, attribute="request.control")
    asked_of = fields.String(required=True, attribute="request.asked_of")
    asked_by = fields.String(required=True, attribute="request.asked_by")
    due = At(required=True, attribute="request.due")
    note = fields.String(required=True, attribute="request.note")
    state = fields.Enum(RequestState, by_value=True, required=True, attribute="request.state")
    answer = fields.String(required=True, allow_none=True, attribute="request.answer", metadata=described(
        "The evidence that answered it"))
    asked = At(required=True, attribute="request.asked")


class RequestsOut(Listed):
    """Requests for evidence, soonest due first."""

    requests = fields.List(fields.Nested(RequestOut), required=True)


class AskedForOut(Schema):
    """How many requests were recorded."""

    requests = fields.Integer(required=True)
    entry = fields.Integer(required=True, allow_none=True)


class GrantOut(Schema):
    """A role, and where it holds."""

    role = fields.Enum(Role, by_value=True, required=True)
    scope_kind = fields.Enum(ScopeKind, by_value=True, required=True)
    scope = fields.String(required=True, allow_none=True, metadata=described("Key of the unit or system"))


class TokenOut(Schema):
    """The token that was used."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    system = fields.String(required=True, allow_none=True, metadata=described("Key of the one system it is for"))
    submit_only = fields.Boolean(required=True)
    expires = At(required=True)


class MeOut(Schema):
    """Who asks, and what they may."""

    key = fields.String(required=True)
    name = fields.String(required=True)
    grants = fields.List(fields.Nested(GrantOut), required=True)
    token = fields.Nested(TokenOut, required=True, allow_none=True)
