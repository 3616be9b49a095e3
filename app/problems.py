"""Errors as RFC 9457 problems. Nothing else knows status codes, and nothing internal leaks."""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from flask import Response, json, request
from werkzeug.exceptions import HTTPException

from app import errors
from app.errors import AppError

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[AppError], HTTPStatus] = {
    errors.BatchNotFound: HTTPStatus.NOT_FOUND,
    errors.EssayNotFound: HTTPStatus.NOT_FOUND,
    errors.FileNotFound: HTTPStatus.NOT_FOUND,
    errors.AssessmentNotFound: HTTPStatus.NOT_FOUND,
    errors.ComparisonNotFound: HTTPStatus.NOT_FOUND,
    errors.ComparisonDecided: HTTPStatus.CONFLICT,
    errors.ComparisonTaken: HTTPStatus.CONFLICT,
    errors.DecisionNotFound: HTTPStatus.NOT_FOUND,
    errors.BadDecisionFile: HTTPStatus.BAD_REQUEST,
    errors.NoGradeScale: HTTPStatus.CONFLICT,
    errors.UnknownGrade: HTTPStatus.BAD_REQUEST,
    errors.GradesInUse: HTTPStatus.CONFLICT,
    errors.CannotJudgeSo: HTTPStatus.BAD_REQUEST,
    errors.UnknownCourse: HTTPStatus.BAD_REQUEST,
    errors.UnknownPipeline: HTTPStatus.BAD_REQUEST,
    errors.BadDefinition: HTTPStatus.BAD_REQUEST,
    errors.DefinitionNotFound: HTTPStatus.NOT_FOUND,
    errors.MissingPrerequisite: HTTPStatus.CONFLICT,
    errors.BatchNotReady: HTTPStatus.CONFLICT,
    errors.TooManyAllowedWords: HTTPStatus.CONFLICT,
    errors.RunActive: HTTPStatus.CONFLICT,
    errors.NoActiveRun: HTTPStatus.CONFLICT,
    errors.NothingToRetry: HTTPStatus.CONFLICT,
    errors.NothingToRead: HTTPStatus.CONFLICT,
    errors.DeadLetterNotFound: HTTPStatus.NOT_FOUND,
    errors.DeadLetterResolved: HTTPStatus.CONFLICT,
    errors.NoFiles: HTTPStatus.BAD_REQUEST,
    errors.WrongCredentials: HTTPStatus.UNAUTHORIZED,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.SessionEnded: HTTPStatus.UNAUTHORIZED,
    errors.NotAService: HTTPStatus.FORBIDDEN,
    errors.BadIdempotencyKey: HTTPStatus.BAD_REQUEST,
    errors.IdempotencyKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.IdempotencyInProgress: HTTPStatus.CONFLICT,
    errors.EmailTaken: HTTPStatus.CONFLICT,
    errors.NotificationNotFound: HTTPStatus.NOT_FOUND,
    errors.TicketNotValid: HTTPStatus.UNAUTHORIZED,
    errors.OriginNotAllowed: HTTPStatus.FORBIDDEN,
    errors.LiveUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

_HTTP_TITLES = {
    HTTPStatus.BAD_REQUEST: "The request is not valid.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The request is too large.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "This media type is not understood here.",
    HTTPStatus.TOO_MANY_REQUESTS: "There were too many requests.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service is not available right now.",
}

_HEADERS: Mapping[HTTPStatus, dict[str, str]] = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}
MOST_FAULTS = 50
MOST_DRAINED_BYTES = 256 * 1024 * 1024


def slug(error: type[AppError]) -> str:
    """The last part of a problem's `type`: `BatchNotReady` is `batch-not-ready`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", error.__name__).lower()


def from_app_error(error: AppError) -> Response:
    """The problem an error of ours leaves as."""
    status = STATUS[type(error)]
    return _answer(
        status,
        problem_type=f"/problems/{slug(type(error))}",
        title=error.title,
        detail=error.detail,
        faults=error.faults[:MOST_FAULTS],
        extra=error.extra,
        headers=_HEADERS.get(status, {}),
    )


def from_http(error: HTTPException) -> Response:
    """The problem an error of the framework leaves as, with a fault per field where it knows them."""
    status = HTTPStatus(error.code or 500)
    faults = list(islice(_faults(getattr(error, "data", None) or {}), MOST_FAULTS))
    title = "The request is not valid." if faults else _HTTP_TITLES.get(status, status.phrase)
    headers = {k: v for k, v in error.get_headers() if k in {"Allow", "Retry-After"}}
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _too_large(title)
    return _answer(
        status,
        problem_type="/problems/validation" if faults else f"/problems/{_phrase(status)}",
        title=title,
        detail="; ".join(f"{fault['field']}: {fault['reason']}" for fault in faults)
        or _detail(error, status),
        faults=faults,
        headers=headers,
    )


def from_surprise() -> Response:
    """The problem that a bug leaves as; what it was stands in the log, under the same correlation id."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(
        status,
        problem_type="/problems/internal-server-error",
        title=_HTTP_TITLES[status],
        detail="It has been logged. Try again, and name the correlation id if it happens again.",
    )


def unavailable(detail: str) -> Response:
    """The problem of a database that does not answer."""
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return _answer(
        status,
        problem_type="/problems/service-unavailable",
        title=_HTTP_TITLES[status],
        detail=detail,
        headers={"Retry-After": "5"},
    )


def _too_large(title: str) -> Response:
    # An answer sent before the request was read through would be lost with the connection.
    stream, left = (
        request.environ["wsgi.input"],
        min(request.content_length or 0, MOST_DRAINED_BYTES),
    )
    while left > 0 and (chunk := stream.read(min(left, 1 << 20))):
        left -= len(chunk)
    limit = (request.max_content_length or 0) // 1024**2
    has_files = (request.mimetype or "").startswith("multipart/")
    reason = f"A request may have at most {limit} MB here."
    if has_files:
        reason = f"A request may have at most {limit} MB and 5000 files; send them in several."
    return _answer(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        problem_type="/problems/request-entity-too-large",
        title=title,
        detail=reason,
        faults=[{"field": "/files" if has_files else "/", "reason": reason}],
        extra={"limit_bytes": request.max_content_length},
    )


def _answer(
    status: HTTPStatus,
    *,
    problem_type: str,
    title: str,
    detail: str,
    faults: list[dict[str, Any]] | None = None,
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: dict[str, Any] = {
        "type": problem_type,
        "title": title,
        "status": status.value,
        "detail": detail,
        "instance": request.path,
        "correlation_id": str(request.environ.get("huleedu.correlation_id", "")),
    }
    if faults:
        body["errors"] = faults
    response = Response(
        json.dumps(body | dict(extra or {})), status=status, content_type=MEDIA_TYPE
    )
    response.headers.update(dict(headers or {}))
    return response


def _faults(data: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Flatten webargs' messages, location → field → index → sentences, to pointers and reasons."""
    for location, fields in data.get("messages", {}).items():
        prefix = "" if location == "json" else f"{location}:"
        yield from _flatten(prefix, fields)


def _flatten(path: str, messages: Any) -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _flatten(path if key == "_schema" else f"{path}/{key}", inner)
    elif isinstance(messages, list | tuple):
        for reason in messages:
            yield {"field": path or "/", "reason": str(reason)}
    else:
        yield {"field": path or "/", "reason": str(messages)}


def _phrase(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "-")


def _detail(error: HTTPException, status: HTTPStatus) -> str:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "It has been logged."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The limit is {error.description}; Retry-After says how long to wait."
    return error.description or status.phrase
