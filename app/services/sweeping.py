"""What nobody needs any more is deleted, a bounded piece at a time."""

from time import monotonic

import structlog
from sqlalchemy import text

from app.ports import Publisher
from app.services.deps import Deps
from app.unit_of_work import in_background

log = structlog.get_logger(__name__)

EVERY_S = 60.0
MOST_ROWS = 5000
_OLD = {
    "idempotent_requests": "expires_at < now()",
    "refresh_tokens": "expires_at < now() - interval '1 day'",
    "worker_heartbeats": "seen_at < now() - interval '1 day'",
    # Hints that were sent; the ledger knows what became of them. Events are a batch's history and stay.
    "event_outbox": "aggregate_type in ('phase_run', 'file') and event_no is null"
    " and published_at < now() - interval '1 day'",
}
_next_at = 0.0


def sweep_old(deps: Deps, _: Publisher) -> int:
    """A step of the reconciler, which passes every second: once a minute, delete what is old. Rescues nothing."""
    global _next_at  # noqa: PLW0603 - how long ago it was is this process's business only
    if monotonic() >= _next_at:
        _next_at = monotonic() + EVERY_S
        sweep(deps)
    return 0


def sweep(deps: Deps) -> dict[str, int]:
    """Delete what is old, so many rows of each table; table → how many went."""
    found = {table: _sweep(table, condition, deps) for table, condition in _OLD.items()}
    if any(found.values()):
        log.info("swept", **found)
    return found


@in_background
def _sweep(table: str, condition: str, deps: Deps) -> int:
    with deps.uow("sweep_old") as uow:
        gone = uow.session.execute(
            text(f"""
                delete from {table} where ctid = any(array(
                    select ctid from {table} where {condition} limit {MOST_ROWS}
                    for update skip locked))
                returning 1
            """)  # noqa: S608 - every part is a constant of this module
        ).all()
        uow.commit()
    return len(gone)
