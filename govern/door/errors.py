"""One answer to every error: problem details (RFC 9457) for programs, a page for people."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, json, redirect, render_template, request, url_for
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from govern.errors import Answer, Duplicate, GovernError, InputRefused, NotSignedIn, answer_of
from govern.records.work import Replayed

_log = structlog.get_logger("govern.door")


def wants_json() -> bool:
    """Whether the caller is a program: an API path, or JSON preferred over HTML."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def problem(status: int, code: str, title: str, detail: str, **more: Any) -> Response:
    """A problem details document. `type` is a tag of ours, stable by code."""
    body = {"type": f"urn:govern:problem:{code}", "title": title, "status": status, "detail": detail,
            "instance": request.path, **{key: value for key, value in more.items() if value}}
    return Response(json.dumps(body) + "\n", status, mimetype="application/problem+json")


def _as_page(answer: Answer, error: GovernError) -> tuple[str, int]:
    return render_template("pages/error.html", title=answer.title, text=error.text, mend=error.mend,
                           fields=getattr(error, "fields", {})), answer.status


def answer_error(error: GovernError) -> Any:
    """The response to an error of ours."""
    answer = answer_of(error)
    if answer.status >= 500:
        _log.error("refused", code=error.code, text=error.text, path=request.path)
    if wants_json():
        response = problem(
            answer.status, error.code, answer.title, error.text, mend=error.mend,
            errors=getattr(error, "fields", None) if isinstance(error, InputRefused) else None,
            existing=error.existing if isinstance(error, Duplicate) else None)
        if isinstance(error, NotSignedIn):
            response.headers["WWW-Authenticate"] = "Bearer"
        return response
    if isinstance(error, NotSignedIn) and request.method == "GET":
        return redirect(url_for("sign_in.form", then=request.full_path.rstrip("?")))
    return _as_page(answer, error)


_WORDS = {
    400: ("bad-request", "The request could not be understood"),
    404: ("not-found", "Not found"),
    405: ("method", "This cannot be done here"),
    412: ("stale-form", "This has changed since you opened it"),
    413: ("too-large", "Too large"),
    415: ("media-type", "This media type is not taken here"),
    422: ("input-refused", "This cannot be taken as it is"),
    428: ("precondition", "Say which state you saw"),
}


def _answer_http(error: HTTPException) -> Any:
    if isinstance(error.response, AnyResponse):
        return error.response
    status = error.code or 500
    code, title = _WORDS.get(status, ("http", error.name))
    data = getattr(error, "data", None) or {}
    fields = data.get("messages") or data.get("errors") if isinstance(data, dict) else None
    text = error.description or title
    if wants_json():
        return problem(status, code, title, text, errors=fields)
    return render_template("pages/error.html", title=title, text=text, mend="", fields={}), status


def _answer_unexpected(error: Exception) -> Any:
    _log.exception("unexpected", path=request.path)
    text = "Something went wrong that should not have. Nothing was half-written; the log has the details."
    if wants_json():
        return problem(500, "error", "Something went wrong here", text)
    return render_template("pages/error.html", title="Something went wrong here", text=text, mend="", fields={}), 500


def _answer_again(replayed: Replayed) -> Any:
    body = dict(replayed.body)
    location, status = body.pop("_location", None), body.pop("_status", 200)
    if location and not wants_json():
        return redirect(location, 303)
    return Response(json.dumps(body) + "\n", status, mimetype="application/json",
                    headers={"Idempotent-Replayed": "true"})


def _answer_data(_error: DataError) -> Any:
    """What the database cannot keep as text or number: a NUL character, a number beyond its range."""
    return answer_error(InputRefused("The address or the form holds something that cannot be looked up.",
                                     mend="Take odd characters out and try again."))


def register(app: Flask) -> None:
    """Put the one set of handlers on the application."""
    app.register_error_handler(GovernError, answer_error)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Replayed, _answer_again)
    app.register_error_handler(DataError, _answer_data)
    app.register_error_handler(Exception, _answer_unexpected)
