"""A blueprint says who may use its routes; there is no way to make one that does not."""

from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from flask import current_app, g
from flask_smorest import Api, Blueprint
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.routing import UnicodeConverter

from app import auth, problems
from app.schemas.problem import ProblemSchema
from app.services.deps import Deps


class Access(StrEnum):
    """Who may use a route."""

    OPEN = "open"
    USER = "user"
    SERVICE = "service"


_GATES = {Access.USER: auth.require_user, Access.SERVICE: auth.require_service}
_SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.OPEN: [],
    Access.USER: [{"bearer": []}],
    Access.SERVICE: [{"serviceKey": []}],
}


class RequestParser(FlaskParser):
    """Every request that does not fit its schema is a 400, as malformed JSON is; one in another format is a 415."""

    DEFAULT_VALIDATION_STATUS = 400

    def _raw_load_json(self, req: Any) -> Any:
        if not req.is_json and req.get_data(cache=True):
            raise UnsupportedMediaType("Send the body as application/json.")
        return super()._raw_load_json(req)


def _refusals(access: Access, rule: str, methods: set[str]) -> list[HTTPStatus]:
    """What any route of its kind may be refused with, for the documentation."""
    found = [HTTPStatus.SERVICE_UNAVAILABLE]
    found += [HTTPStatus.FORBIDDEN] if access is Access.SERVICE else [HTTPStatus.TOO_MANY_REQUESTS]
    found += [HTTPStatus.UNAUTHORIZED] if access is Access.USER else []
    found += [HTTPStatus.NOT_FOUND] if "<" in rule else []
    if methods & {"POST", "PUT", "PATCH"}:
        found += [HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE]
    if methods != {"GET"} and "<uuid:batch_id>" in rule:
        found += [HTTPStatus.CONFLICT]
    return found


def takes_header(parameter: dict[str, Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say in the documentation that a view reads a header, beside the parameters it is known to take.

    `doc(parameters=…)` would put the header in their place.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[str, Any] = getattr(view, "_apidoc", {})
        view._apidoc = {  # type: ignore[attr-defined]
            **known,
            "headers_taken": [*known.get("headers_taken", []), parameter],
        }
        return view

    return decorate


def _describe_headers(doc: dict[str, Any], info: dict[str, Any], **_: Any) -> dict[str, Any]:
    headers = info.get("headers_taken")
    return doc | {"parameters": [*doc.get("parameters", []), *headers]} if headers else doc


class GuardedBlueprint(Blueprint):
    """A blueprint whose routes all have the same kind of caller."""

    ARGUMENTS_PARSER = RequestParser()

    def __init__(self, name: str, import_name: str, *, access: Access, **kwargs: Any) -> None:
        super().__init__(name, import_name, **kwargs)
        self.access = access
        gate = _GATES.get(access)
        if gate is not None:
            self.before_request(gate)
        # After the parent's own, which makes the list of parameters anew.
        self._prepare_doc_cbks.append(_describe_headers)

    def route(self, rule: str, **options: Any) -> Any:
        """Like the parent's, with the caller's kind in the documentation."""
        add = super().route(rule, **options)
        document = self.doc(security=_SECURITY[self.access])
        refusals = _refusals(self.access, rule, set(options.get("methods", ("GET",))))

        def register(view: Any) -> Any:
            for status in refusals:
                view = self.alt_response(status, response=status.name)(view)
            return add(document(view))

        return register


class StoredText(UnicodeConverter):
    """A text in an address that Postgres is asked for; it can keep no NUL, so it is asked for another."""

    def to_python(self, value: str) -> str:
        """The text."""
        return value.replace("\0", "\N{REPLACEMENT CHARACTER}")


class EssayId(StoredText):
    """An essay's id in an address, where `changes` is something else."""

    def __init__(self, map: Any) -> None:
        super().__init__(map)
        self.regex = rf"(?!changes(?:/|$)){self.regex}"


class ProblemApi(Api):
    """smorest's API with problems for errors, in what it sends and in what it documents."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_RESPONSE_CONTENT_TYPE: str = "application/json"

    def _register_responses(self) -> None:
        # Only what is registered here is an error; smorest has one setting for both kinds.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = problems.MEDIA_TYPE
        try:
            super()._register_responses()
        finally:
            del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def handle_http_exception(self, error: Any) -> Any:
        """Every refusal of the framework leaves as a problem."""
        return problems.from_http(error)


def deps() -> Deps:
    """The use cases' dependencies of the application that serves this request."""
    found: Deps = current_app.extensions["deps"]
    return found


def caller() -> Any:
    """The id of the person who asks."""
    return g.user_id
