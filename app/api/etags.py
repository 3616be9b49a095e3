"""Answers that are not sent again to whoever has them: decided by a version, before anything is read."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

from flask import Flask, Response, abort, g, request
from flask_smorest.response import ResponseMixin
from werkzeug.http import quote_etag

from app.api.blueprint import takes_header

FORMAT = "1"
"""To be changed when the same rows are written differently, so that nobody keeps the old writing."""

_GOOD = 200
_DOCUMENTING = ResponseMixin()


def unless_changed(version: object) -> None:
    """Give the answer this version, and end the request with 304 if the caller has it.

    Raises:
        werkzeug's HTTPException: the 304.
    """
    tag = f"{FORMAT}.{version}"
    g.etag = tag
    if request.if_none_match.contains_weak(tag):
        abort(_marked(Response(status=304), tag))


def tagged(view: Callable[..., Any]) -> Callable[..., Any]:
    """Say in the documentation that a view's answer has a tag; to stand right under its route."""
    parameter = {
        "in": "header",
        "name": "If-None-Match",
        "required": False,
        "description": "the `ETag` of the answer one has; 304 if it is still the same",
        "schema": {"type": "string"},
    }
    documented = takes_header(parameter)(view)
    found: Callable[..., Any] = _DOCUMENTING.alt_response(304, response="NOT_MODIFIED")(documented)
    return found


def digest(rows: Iterable[object]) -> str:
    """A version for a few small rows that have none."""
    return sha256(repr(list(rows)).encode()).hexdigest()[:32]


def mark_answers(app: Flask) -> None:
    """Let every answer that has a version say so."""

    @app.after_request
    def mark(response: Response) -> Response:
        if "etag" in g and response.status_code == _GOOD:
            _marked(response, g.etag)
        return response


def _marked(response: Response, tag: str) -> Response:
    # Weak: compressed or not, and whatever a clock adds to it, it says the same.
    response.headers["ETag"] = quote_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update({"Authorization", "Accept-Encoding"})
    return response
