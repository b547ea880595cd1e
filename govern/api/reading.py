"""What the routes of the API share: reading bodies, queries and headers, naming things, answering."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, request
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, PreconditionRequired, UnsupportedMediaType

from govern.access.actor import Reader
from govern.catalogue.objects import Catalogue
from govern.door.visit import visit
from govern.errors import InputRefused, NotFound, StaleForm
from govern.facts.systems import System
from govern.records.moments import head_position
from govern.records.systems import system_by_slug
from govern.records.work import Done, Once, Replayed
from govern.schemas.forms import Input, load_form, load_json
from govern.schemas.queries import PageWanted

C = TypeVar("C")
T = TypeVar("T")
_LONGEST_KEY = 128


# -- what is sent ------------------------------------------------------------------------------------------------


def query(schema: type[Input[C]], **given: Any) -> C:
    """What the address says after its question mark; unknown names are ignored. Raises InputRefused."""
    return load_form(schema, request.args, **given)


def json_body() -> Any:
    """The JSON of the body; refuses other media types (415) and what is no JSON (400)."""
    if not request.is_json:
        raise UnsupportedMediaType("Send the body as application/json.")
    try:
        return json.loads(request.get_data(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is not JSON.") from error


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def body(schema: type[Input[C]], **given: Any) -> C:
    """The command that the JSON body asks for. Raises InputRefused with messages by field."""
    return load_json(schema, json_body(), **given)


# -- what is named -----------------------------------------------------------------------------------------------


def reader() -> Reader:
    """The visitor's reader at the moment that `?at=` names."""
    return visit().reader(request.args.get("at", "").strip() or None)


def catalogue(at: Reader) -> Catalogue:
    """The catalogue in force at a reader's moment."""
    return visit().catalogue(at)


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= _LONGEST_KEY


def named_system(at: Reader, slug: str) -> System:
    """A system by its slug; raises NotFound, also when it is out of the reader's scope."""
    found = system_by_slug(visit().connection, at, slug) if _plain(slug) else None
    if found is None:
        raise NotFound("There is no such system.", mend="Check the name, or ask for access.")
    return found


def plain_key(key: str, what: str) -> str:
    """A key from an address, before any table is asked; raises NotFound."""
    if not _plain(key):
        raise NotFound(f"There is no such {what}.", mend="Check the address, or ask for access.")
    return key


# -- what is answered --------------------------------------------------------------------------------------------


def answer(schema: type[Schema], what: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer by a schema. Header names are written with underscores."""
    return as_json(dump(schema, what), status, **headers)


def dump(schema: type[Schema], what: Any) -> dict[str, Any]:
    """The plain dict of an answer."""
    dumped: dict[str, Any] = schema().dump(what)
    return dumped


def as_json(found: Mapping[str, Any], status: int = 200, **headers: str) -> Response:
    """A dict as a JSON answer."""
    response = Response(json.dumps(found, ensure_ascii=False) + "\n", status, mimetype="application/json")
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def tagged(response: Response, tag: str | None) -> Response:
    """With an ETag, and 304 where the caller holds that state already."""
    if tag is None:
        return response
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def seen_state(present: str) -> str | None:
    """The state that If-Match names: the present tag, or None for `*`. Raises 428 without it, StaleForm when stale."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired("Send If-Match with the ETag that you saw, so that no change is lost.")
    if request.if_match.star_tag:
        return None
    if not request.if_match.contains(present):
        raise StaleForm("This was changed after you read it.", mend="Read it again, and make your change once more.")
    return present


def once(what: str, render: Callable[[Done[T]], dict[str, Any]]) -> Once[T] | None:
    """The Idempotency-Key of the request, if one was sent. `what` tells the request from others."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    if not _plain(key):
        raise InputRefused("An Idempotency-Key has at most 128 plain characters.", field="Idempotency-Key",
                           mend="A UUID makes a good one.")
    return Once(key, f"{request.method} {request.path}\n{what}", render)


def answered_again(replayed: Replayed) -> Response:
    """The answer that was given the first time."""
    return as_json(replayed.body, 201, Idempotent_Replayed="true")


# -- lists -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a page begins, and in which state of things: later pages show what the first one saw."""

    offset: int
    position: int


def page_reader(wanted: PageWanted) -> tuple[Reader, int]:
    """The reader and offset of a page. A cursor holds the position at which its list began, so that nothing is
    shown twice or left out while things are recorded; where nothing was, the present is read, which is faster.
    """
    if not wanted.cursor:
        return visit().reader(wanted.at or None), 0
    place = _place_from(wanted.cursor)
    if wanted.at or place.position == head_position(visit().connection):
        return visit().reader(wanted.at or None), place.offset
    return visit().reader(str(place.position)), place.offset


def next_cursor(at: Reader, offset: int, shown: int, more: bool) -> str | None:
    """The cursor of the page after this one, None at the end."""
    if not more:
        return None
    text = json.dumps([offset + shown, at.moment.position])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place_from(cursor: str) -> Place:
    try:
        offset, position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if type(offset) is int and type(position) is int and 0 <= offset <= 10**9 and 0 <= position <= 10**15:
            return Place(offset, position)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        pass
    raise InputRefused("This is no cursor of this list.", field="cursor",
                       mend="Send `next` of the answer before, or nothing for the first page.")


def part(items: Sequence[T], offset: int, size: int) -> tuple[Sequence[T], bool]:
    """One page of a list that is at hand as a whole, and whether more follows."""
    return items[offset:offset + size], offset + size < len(items)
