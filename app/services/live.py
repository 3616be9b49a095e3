"""What sockets are told, read from Postgres: a ring only says that there is something to read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text

from app.services import notifications, results
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork
from models import EssayReport

PAGE = 200

_CURSORS = """
    select b.owner_id, b.id, c.event_no
    from batches b join projection_cursors c on c.batch_id = b.id
    where b.owner_id = any(:users)
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody's news stand: the newest notification, how many are unread, and batch → event number."""

    last_seq: int = 0
    unread: int = 0
    batches: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchNews:
    """A batch's status, and the cells of its essays that have changed."""

    batch_id: UUID
    event_no: int
    status: Mapping[str, Any]
    cells: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class News:
    """What is new for one user. `unread` is None unless it was asked for."""

    notifications: Sequence[Mapping[str, Any]]
    batches: Sequence[BatchNews]
    unread: int | None


def standing(user_id: UUID, deps: Deps, *, with_batches: bool = True) -> Standing:
    """Where one user's news stand."""
    with deps.uow("read_standing") as uow:
        cursors = uow.session.execute(text(_CURSORS), {"users": [user_id]}) if with_batches else ()
        return Standing(
            uow.notifications.last(user_id),
            uow.notifications.unread(user_id),
            {batch_id: event_no for _, batch_id, event_no in cursors},
        )


def standings(users: Collection[UUID], deps: Deps) -> dict[UUID, Standing]:
    """Where the news of several users stand; of their batches those that moved within a day."""
    given = {"users": list(users)}
    with deps.uow("read_standings") as uow:
        last = _by_user(
            uow,
            "select user_id, last_seq from notification_counters where user_id = any(:users)",
            given,
        )
        unread = _by_user(
            uow,
            "select user_id, count(*) from notifications"
            " where user_id = any(:users) and read_at is null group by 1",
            given,
        )
        batches: dict[UUID, dict[UUID, int]] = {}
        recent = " and b.updated_at > now() - interval '1 day'"
        for owner_id, batch_id, event_no in uow.session.execute(text(_CURSORS + recent), given):
            batches.setdefault(owner_id, {})[batch_id] = event_no
    return {
        user: Standing(last.get(user, 0), unread.get(user, 0), batches.get(user, {}))
        for user in users
    }


def after(user_id: UUID, seq: int, deps: Deps) -> list[dict[str, Any]]:
    """The next notifications after a number, in order, `PAGE` at most."""
    with deps.uow("read_notifications_after") as uow:
        return _after(uow, user_id, seq)


def news(
    user_id: UUID,
    *,
    after_seq: int | None,
    since: Mapping[UUID, int],
    unread: bool,
    deps: Deps,
) -> News:
    """What is new for one user.

    Args:
        after_seq: the notification to go on from, `PAGE` at most; None leaves them out.
        since: the batches to read, each with the event its news start from.
        unread: whether to count what is unread.
    """
    with deps.uow("read_news") as uow:
        return News(
            _after(uow, user_id, after_seq) if after_seq is not None else [],
            list(_batches(uow, user_id, since, deps)),
            uow.notifications.unread(user_id) if unread else None,
        )


def _after(uow: UnitOfWork, user_id: UUID, seq: int) -> list[dict[str, Any]]:
    return [notifications.body(each) for each in uow.notifications.after(user_id, seq, PAGE)]


def _batches(
    uow: UnitOfWork, user_id: UUID, since: Mapping[UUID, int], deps: Deps
) -> Iterable[BatchNews]:
    for batch_id, event_no in since.items():
        status = results.status_within(uow, batch_id, user_id, deps)
        if status is not None:  # else it has been erased
            cells = [_cell(report) for report in results.changed(uow, batch_id, event_no)]
            yield BatchNews(batch_id, status["event_no"], status, cells)


def _cell(report: EssayReport) -> dict[str, Any]:
    return {
        "essay_id": report.essay_id,
        "status": report.status,
        "failure_code": report.failure_code,
        "phases": {phase: outcome["status"] for phase, outcome in report.phases.items()},
    }


def _by_user(uow: UnitOfWork, query: str, given: Mapping[str, Any]) -> dict[UUID, int]:
    rows = uow.session.execute(text(query), given)
    return {row[0]: row[1] for row in rows}
