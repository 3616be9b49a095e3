"""Who did what, and when: a row for each request that changes something, and for each sign-in. Ids, never texts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError

from app import metrics
from app.services.deps import Deps
from models import AuditEntry

log = structlog.get_logger(__name__)

_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def follow_changes(app: Flask, deps: Deps) -> None:
    """Write down every request that may have changed something, refused ones too."""

    @app.after_request
    def write(response: Response) -> Response:
        if request.method in _CHANGING and request.endpoint:
            try:
                _write(_entry(response, deps), deps)
            except DBAPIError as exc:
                # What was asked for has been done; only the log of requests can still tell.
                metrics.AUDIT_LOST.inc()
                log.error("audit_lost", error=type(exc).__name__)
        return response


def about(batch_id: UUID, **others: UUID) -> None:
    """Say which batch, and what else by its id, a request is about that does not name it in its address."""
    g.audited = {"batch_id": batch_id, **others}


def by_hand(
    action: str, ids: Mapping[str, UUID], *, batch_id: UUID | None, status: int, deps: Deps
) -> None:
    """Write down what was done from a terminal; who did it is no account here."""
    entry = AuditEntry(
        at=deps.clock(),
        actor_id=None,
        action=action,
        batch_id=batch_id,
        object_ids={name: str(value) for name, value in ids.items()},
        status=status,
        correlation_id=uuid4(),
    )
    _write(entry, deps)


def _entry(response: Response, deps: Deps) -> AuditEntry:
    named = {**(request.view_args or {}), **g.get("audited", {})}
    ids: dict[str, Any] = {
        name: str(value) for name, value in named.items() if isinstance(value, UUID)
    }
    batch_id = ids.pop("batch_id", None)
    return AuditEntry(
        at=deps.clock(),
        actor_id=g.get("user_id"),
        action=request.endpoint,
        batch_id=UUID(batch_id) if batch_id else None,
        object_ids=ids,
        status=response.status_code,
        correlation_id=request.environ["huleedu.correlation_id"],
    )


def _write(entry: AuditEntry, deps: Deps) -> None:
    with deps.uow("audit") as uow:
        uow.session.add(entry)
        uow.commit()
