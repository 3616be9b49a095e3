"""Whether work can be done, and what is lying about."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import migrations
from app.services.deps import Deps
from app.services.dispatch import WORKER_SEEN_WITHIN_S
from pipelines.vocabulary import RescueKind

CONTROL_QUEUES = frozenset({"control", "ingest", "projections"})


def readiness(deps: Deps) -> dict[str, str | None]:
    """Every part that work needs: None if it is there, else what is wrong."""
    checks: dict[str, Callable[[Deps], str | None]] = {
        "postgres": _postgres,
        "schema": _schema,
        "redis": _redis,
        "workers": _workers,
    }
    return {name: _checked(check, deps) for name, check in checks.items()}


def _checked(check: Callable[[Deps], str | None], deps: Deps) -> str | None:
    try:
        return check(deps)
    except DBAPIError:
        return "the database does not answer"


def _postgres(deps: Deps) -> str | None:
    with deps.uow("check_postgres") as uow:
        uow.session.execute(text("select 1"))
    return None


def _schema(deps: Deps) -> str | None:
    with deps.uow("check_schema") as uow:
        version = uow.session.execute(
            text("select version_num from alembic_version")
        ).scalar_one_or_none()
    head = _newest_schema()
    # Revisions are numbered. A newer one is the next release's, beside which this one goes on working.
    is_there = version is not None and head is not None and version >= head
    return None if is_there else f"is at {version}, not at {head}; run huleedu migrate"


@cache
def _newest_schema() -> str | None:
    # Imported here because it is slow, and most processes never ask.
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head()


def _redis(deps: Deps) -> str | None:
    return None if deps.doorbell.is_up() else "does not answer"


def _workers(deps: Deps) -> str | None:
    with deps.uow("check_workers") as uow:
        slots = uow.workers.slots_by_queue(WORKER_SEEN_WITHIN_S)
    missing = sorted((CONTROL_QUEUES | deps.catalogue.queues()) - set(slots))
    return f"no worker reads {', '.join(missing)}" if missing else None


def ledger_numbers(deps: Deps) -> dict[str, dict[str, float]]:
    """What lies about, for operators: metric → label → value."""
    queries = {
        "units": "select status, count(*)::float8 from units where phase_run_id in"
        " (select p.id from phase_runs p join runs r on r.id = p.run_id"
        " where r.status in ('active', 'cancelling')) group by 1",
        "runs": "select status, count(*)::float8 from runs group by 1",
        "batches": "select status, count(*)::float8 from batches group by 1",
        "dead_letters": "select status, count(*)::float8 from dead_letters group by 1",
        "dead_letters_open": "select reason, count(*)::float8 from dead_letters"
        " where status = 'open' group by 1",
        "rescues": "select kind, total::float8 from rescues",
        "queue_age_s": "select p.queue, extract(epoch from now() - min(u.since))::float8"
        " from phase_runs p cross join lateral (select min(dispatched_at) as since from units"
        " where phase_run_id = p.id and status = 'queued') u"
        " where p.status = 'in_progress' and u.since is not null group by 1"
        " union all select 'ingest', extract(epoch from now() - min(dispatched_at))::float8"
        " from files where status = 'received' having count(*) > 0",
        "outbox_lag_s": "select 'unpublished', coalesce(extract(epoch from now() -"
        " min(created_at)), 0)::float8 from event_outbox where published_at is null",
        "outbox_unpublished": "select 'rows', count(*)::float8 from event_outbox"
        " where published_at is null",
        "projection_lag": "select 'events', coalesce(sum(b.event_no - c.event_no), 0)::float8"
        " from batches b join projection_cursors c on c.batch_id = b.id"
        " where b.event_no > c.event_no",
        "projection_lag_s": "select 'oldest', coalesce(extract(epoch from now() -"
        " min(o.created_at)), 0)::float8 from batches b"
        " join projection_cursors c on c.batch_id = b.id and c.event_no < b.event_no"
        " cross join lateral (select created_at from event_outbox where aggregate_type = 'batch'"
        " and aggregate_id = b.id and event_no > c.event_no order by event_no limit 1) o",
        "lost_attempts": "select outcome, count(*)::float8 from attempts"
        " where outcome in ('lost', 'raised') group by 1",
    }
    with deps.uow("ledger_numbers") as uow:
        numbers = {
            name: {str(label): value or 0.0 for label, value in uow.session.execute(text(query))}
            for name, query in queries.items()
        }
    # What is only ever added to must be seen at 0 first, or its first rise is none.
    numbers["rescues"] = dict.fromkeys(map(str, RescueKind), 0.0) | numbers["rescues"]
    return numbers
