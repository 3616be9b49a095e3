"""For operators: alive, ready, and in numbers."""

from flask import Blueprint, Response, current_app, jsonify

from app import metrics
from app.services import health
from app.services.deps import Deps

bp = Blueprint("health", __name__)
# For the wiring test: these routes are open on purpose and bind to the loopback by default.
bp.access = "open"  # type: ignore[attr-defined]


def _deps() -> Deps:
    found: Deps = current_app.extensions["deps"]
    return found


@bp.get("/healthz")
def healthz() -> Response:
    """Whether this process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether work can be done: Postgres, its schema, Redis, and a worker on every queue."""
    checks = health.readiness(_deps())
    is_ready = all(problem is None for problem in checks.values())
    body = jsonify(
        status="ready" if is_ready else "not_ready",
        checks={name: problem or "ok" for name, problem in checks.items()},
    )
    return body, 200 if is_ready else 503


@bp.get("/metrics")
def get_metrics() -> Response:
    """Numbers for Prometheus: this process's requests, and the ledger as Postgres has it."""
    return Response(metrics.render(_deps()), content_type=metrics.CONTENT_TYPE)
