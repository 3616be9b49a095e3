"""The header `Idempotency-Key`: a request that was sent twice, because nobody knew whether it came, is done once."""

import json
import re
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4, uuid5

import structlog
from flask import Response, current_app, g, request
from flask_smorest.response import ResponseMixin
from sqlalchemy.exc import DBAPIError

from app.api.blueprint import caller, deps, takes_header
from app.errors import BadIdempotencyKey
from app.services import idempotency
from app.services.idempotency import Answer, Claim

log = structlog.get_logger(__name__)

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
IDS = UUID("0d0a8b1e-7c4c-4a57-9a53-6f0b8d3a2f61")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# These say "not now": the same request may be answered differently in a moment.
_NOT_KEPT = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}

PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "any text of one's own; the same request with the same key is done once",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Do what a view does once for each key; to stand right under its route."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not _KEY.fullmatch(key):
            raise BadIdempotencyKey(
                "It has 1 to 255 characters of ASCII, none of them a space.",
                field=f"headers:/{HEADER}",
            )
        fingerprint = _fingerprint()
        g.seed = uuid5(IDS, f"{caller()} {key} {fingerprint}")
        claim = idempotency.claim(caller(), key, fingerprint, deps=deps())
        if isinstance(claim, Answer):
            return _replay(claim)
        response = _answered(view, *args, **kwargs)
        status = response.status_code
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _NOT_KEPT:
            idempotency.release(claim, deps=deps())
        else:
            answer = Answer(status, response.content_type or "", response.get_data())
            _keep(claim, answer)
        return response

    documented = takes_header(PARAMETER)(guarded)
    for status in (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY):
        documented = ResponseMixin().alt_response(status, response=status.name)(documented)
    found: Callable[..., Any] = documented
    return found


def new_id() -> UUID:
    """An id for what a request makes.

    Under a key it is the same one each time the request is sent: if whoever did it died before the answer was kept,
    what was made is found and not made again.
    """
    seed: UUID | None = g.get("seed")
    return seed or uuid4()


def _keep(claim: Claim, answer: Answer) -> None:
    try:
        idempotency.keep(claim, answer, _batch(), deps=deps())
    except DBAPIError as exc:
        # It has been done and is answered so; the key is held up until the claim lapses.
        log.error("answer_not_kept", error=type(exc).__name__)


def _answered(view: Callable[..., Any], *args: Any, **kwargs: Any) -> Response:
    """A view's answer, also where it is a refusal."""
    try:
        return current_app.make_response(view(*args, **kwargs))
    except Exception as exc:  # noqa: BLE001 - what it becomes is decided where all errors are
        return current_app.make_response(current_app.handle_user_exception(exc))


def _batch() -> UUID | None:
    found: UUID | None = g.get("audited", request.view_args or {}).get("batch_id")
    return found


def _replay(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type=answer.content_type)
    response.headers[REPLAYED_HEADER] = "true"
    return response


def _fingerprint() -> str:
    """What makes two requests the same: address, query and body. How a body's parts are divided does not count."""
    if (request.mimetype or "").startswith("multipart/"):
        body: list[Any] = [
            *(["field", name, _sha(value.encode())] for name, value in _fields()),
            *(
                ["file", name, file.filename, _sha(_read(file))]
                for name, file in request.files.items(multi=True)
            ),
        ]
    else:
        body = [request.mimetype, _sha(request.get_data())]
    plain = [request.method, request.path, request.query_string.decode("latin-1"), body]
    return _sha(json.dumps(plain).encode())


def _fields() -> Any:
    return request.form.items(multi=True)


def _read(file: Any) -> bytes:
    body: bytes = file.stream.read()
    file.stream.seek(0)
    return body


def _sha(body: bytes) -> str:
    return sha256(body).hexdigest()
