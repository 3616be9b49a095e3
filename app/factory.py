"""The Flask application."""

from http import HTTPStatus
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import structlog
from flask import Flask, Response, g, request
from flask_swagger_ui import get_swaggerui_blueprint
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from app import audit, bootstrap, compression, headers, limits, metrics, problems
from app import logging as app_logging
from app.api import (
    accounts,
    allowed_words,
    assessments,
    batches,
    comparisons,
    definitions,
    description,
    essays,
    etags,
    grading,
    health,
    internal,
    live,
    notifications,
    runs,
    web,
)
from app.api.blueprint import EssayId, ProblemApi, StoredText
from app.errors import AppError
from app.live import green
from app.schemas.base import ChangesSchema
from app.schemas.comparison import REASONS_GO_WITH_CHOICES
from app.schemas.definition import TWO_DOCUMENTS
from app.schemas.grading import GRADES_GO_WITH_CUSTOM
from app.services.deps import Deps
from app.unit_of_work import is_passing

log = structlog.get_logger(__name__)

CORRELATION_HEADER = "X-Correlation-ID"
FILES_ENDPOINT = "essays.hand_in"
MOST_BODY_BYTES = 1 << 20
MOST_FILES = 5000
_GUARDED = (
    accounts.open_bp,
    accounts.bp,
    notifications.bp,
    batches.bp,
    essays.bp,
    allowed_words.bp,
    assessments.bp,
    comparisons.bp,
    grading.bp,
    runs.bp,
    internal.bp,
    definitions.bp,
)


def create_app(deps: Deps | None = None) -> Flask:
    """The web application; without dependencies given, over the servers the environment names."""
    deps = deps or bootstrap.current()
    app = _new_app(deps)
    app.config.update(
        MAX_FORM_PARTS=MOST_FILES,
        MAX_CONTENT_LENGTH=deps.settings.max_upload_bytes,
        API_TITLE="HuleEdu",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.url_map.converters |= {"text": StoredText, "essay": EssayId}
    # Each of these adds to what comes after it: what is compressed is whole, what is counted has been answered.
    _follow_requests(app, deps)
    compression.compress_answers(app)
    headers.protect(app)
    headers.let_in_origins(app, deps.settings)
    audit.follow_changes(app, deps)
    etags.mark_answers(app)
    _answer_errors(app)
    api = ProblemApi(app)
    _describe(api)
    for blueprint in _GUARDED:
        api.register_blueprint(blueprint)
    _say_what_schemas_cannot(api)
    app.register_blueprint(health.bp)
    app.register_blueprint(description.bp)
    live.register(app)
    app.register_blueprint(web.bp)
    app.register_blueprint(
        get_swaggerui_blueprint("/docs", "/openapi.json", config={"app_name": "HuleEdu"})
    )
    limits.limit_requests(app, deps.settings)
    return app


def create_ws_app(deps: Deps | None = None) -> Flask:
    """An application that serves sockets and nothing else but its own health, under gevent if that is what runs it."""
    if green.is_green():
        green.let_postgres_wait()
    deps = deps or bootstrap.current()
    app = _new_app(deps)
    _follow_requests(app, deps)
    headers.protect(app)
    _answer_errors(app)
    app.register_blueprint(health.bp)
    live.register(app)
    return app


def _new_app(deps: Deps) -> Flask:
    app_logging.set_up(deps.settings)
    app = Flask("huleedu", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["deps"] = deps
    if deps.settings.trusted_proxies:
        hops = deps.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _describe(api: Any) -> None:
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    api.spec.components.security_scheme(
        "serviceKey", {"type": "apiKey", "in": "header", "name": "X-Service-Key"}
    )


def _say_what_schemas_cannot(api: Any) -> None:
    api.spec.components.schemas["Define"]["oneOf"] = TWO_DOCUMENTS
    api.spec.components.schemas["Decide"].update(REASONS_GO_WITH_CHOICES)
    api.spec.components.schemas["SetScale"].update(GRADES_GO_WITH_CUSTOM)
    for schema in ChangesSchema.__subclasses__():
        name = schema.__name__.removesuffix("Schema")
        api.spec.components.schemas[name]["minProperties"] = 1


def _follow_requests(app: Flask, deps: Deps) -> None:
    @app.before_request
    def begin() -> None:
        correlation_id = _correlation_id()
        request.environ["huleedu.correlation_id"] = correlation_id
        g.started = perf_counter()
        g.arrived_at = deps.clock()
        if request.endpoint != FILES_ENDPOINT:
            request.max_content_length = MOST_BODY_BYTES
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=str(correlation_id))

    @app.after_request
    def finish(response: Response) -> Response:
        took_s = perf_counter() - g.get("started", perf_counter())
        endpoint = request.endpoint or "none"
        metrics.REQUESTS.labels(endpoint, response.status_code).inc()
        metrics.DURATIONS.labels(endpoint).observe(took_s)
        response.headers[CORRELATION_HEADER] = str(
            request.environ.get("huleedu.correlation_id", "")
        )
        log.info(
            "request",
            method=request.method,
            endpoint=endpoint,
            status=response.status_code,
            duration_s=round(took_s, 4),
            user_id=str(g.get("user_id", "")),
        )
        return response


def _correlation_id() -> UUID:
    try:
        return UUID(request.headers.get(CORRELATION_HEADER, ""))
    except ValueError:
        return uuid4()


def _answer_errors(app: Flask) -> None:
    @app.errorhandler(AppError)
    def refuse(error: AppError) -> Response:
        return problems.from_app_error(error)

    @app.errorhandler(HTTPException)
    def refuse_http(error: HTTPException) -> Response:
        return problems.from_http(error)

    @app.errorhandler(HTTPStatus.NOT_FOUND)
    def nothing_here(error: HTTPException) -> Response:
        return web.nothing_here() if web.is_visited(request) else problems.from_http(error)

    @app.errorhandler(DBAPIError)
    def database_down(error: DBAPIError) -> Response:
        log.error("database_error", exc_info=error)
        if is_passing(error):
            return problems.unavailable(
                "The database does not answer. Look what was done, and try again."
            )
        return problems.from_surprise()

    @app.errorhandler(RecursionError)
    def too_deep(_: RecursionError) -> Response:
        return problems.from_http(BadRequest("The body is nested too deeply."))

    @app.errorhandler(Exception)
    def surprise(error: Exception) -> Response:
        log.error("surprise", exc_info=error)
        return problems.from_surprise()
