"""A group of API routes: each declares what it takes and gives, and the OpenAPI document is made from that.

This is the one place that touches flask-smorest's untyped decorators.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask_smorest import Blueprint  # type: ignore[import-untyped]  # the package ships no types
from marshmallow import Schema

from govern.schemas.forms import Input
from govern.schemas.outputs_common import ProblemOut

F = TypeVar("F", bound=Callable[..., Any])
ROOT = "/api/v1"
ANY_TYPE = "*/*"

_PROBLEMS = {
    400: "The request could not be understood", 401: "Sign in or send a token", 403: "Not allowed",
    404: "Not found, or out of your reach", 409: "Something is in the way", 412: "It has changed since you saw it",
    413: "Too large", 416: "The file has no such part", 415: "This media type is not taken", 422: "This cannot be taken as it is",
    428: "Say with If-Match which state you saw", 503: "Nothing was changed; try again",
}
_ALWAYS = (401, 403, 404, 422)
_FOR_WRITES = (400, 409, 413, 415, 503)

ONCE = {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string", "maxLength": 128},
        "description": "Any text that is new with each request: sent again with it, a request is answered as before"}
IF_MATCH = {"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"},
            "description": "The ETag of the state that you saw"}
IF_NONE_MATCH = {"in": "header", "name": "If-None-Match", "schema": {"type": "string"},
                 "description": "An ETag that you hold: 304 when it is still so"}


class Area:
    """Routes under one path with one name in the document."""

    def __init__(self, name: str, prefix: str, description: str) -> None:
        self.blueprint = Blueprint(f"api-{name}", __name__, url_prefix=ROOT + prefix, description=description)

    def route(self, method: str, rule: str, *, gives: type[Schema] | Schema | str | None, status: int = 200,
              takes: type[Input[Any]] | Mapping[str, Any] | None = None, query: type[Input[Any]] | None = None,
              headers: tuple[Mapping[str, Any], ...] = (), also: tuple[int, ...] = ()) -> Callable[[F], F]:
        """Put a view at a path. `gives` is a schema of JSON or a media type; `also` are further statuses of problems.

        Everything is documented, nothing is parsed here: views read what they take with `govern.api.reading`.
        """
        def place(view: F) -> F:
            lines = inspect.getdoc(view) or view.__name__
            summary, _, rest = lines.partition("\n")
            doc: dict[str, Any] = {"summary": summary, "description": rest.strip() or summary,
                                   "operationId": view.__name__, "responses": _responses(method, gives, status, also)}
            parameters: list[Any] = [dict(one) for one in headers]
            if query is not None:
                parameters.append({"in": "query", "schema": query})
            if parameters:
                doc["parameters"] = parameters
            if takes is not None:
                content = takes if isinstance(takes, Mapping) else {"application/json": {"schema": takes}}
                doc["requestBody"] = {"required": True, "content": dict(content)}
            documented = Blueprint.doc(**doc)(view)
            self.blueprint.route(rule, methods=[method], endpoint=view.__name__)(documented)
            return view

        return place


def _responses(method: str, gives: type[Schema] | Schema | str | None, status: int,
               also: tuple[int, ...]) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done" if method != "GET" else "Here it is"}
    if isinstance(gives, str):
        kind = {"type": "string", "format": "binary"} if gives == ANY_TYPE else {"type": "string"}
        good["content"] = {gives: {"schema": kind}}
    elif gives is not None:
        good["content"] = {"application/json": {"schema": gives}}
    found: dict[str, Any] = {str(status): good}
    for code in sorted({*_ALWAYS, *(() if method == "GET" else _FOR_WRITES), *also}):
        if code == 304:
            found["304"] = {"description": "It is as you hold it"}
        elif code < 300:
            found[str(code)] = good
        else:
            found[str(code)] = {"description": _PROBLEMS[code],
                                "content": {"application/problem+json": {"schema": ProblemOut}}}
    return found
