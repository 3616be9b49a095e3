"""Requests for notifications, given a teacher's next numbers."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.repositories.arrays import literal
from pipelines.notifications import REQUESTED

TABLE = "notifications"

# What an event asks for, as the columns of a notification.
_ASKED = f"""
    select (o.event_data -> 'data' ->> 'teacher_id')::uuid as user_id, o.id as notification_id,
        o.aggregate_id as batch_id, (o.event_data ->> 'correlation_id')::uuid as correlation_id,
        o.event_data -> 'data' ->> 'notification_type' as type,
        o.event_data -> 'data' ->> 'category' as category,
        o.event_data -> 'data' ->> 'priority' as priority,
        (o.event_data -> 'data' ->> 'action_required')::boolean as action_required,
        o.event_data -> 'data' -> 'payload' as payload, o.created_at
    from event_outbox o
    where o.aggregate_type = 'batch' and o.event_type = '{REQUESTED}'
"""  # noqa: S608 - a constant of the core


def add(session: Session, asked: Sequence[str]) -> int | None:
    """Write what these events of one batch ask for, as far as it is not there; the teacher's newest number then.

    The batch's cursor must be held: nobody else then adds notifications of this batch, so what is not there now is
    not there at the end either, and no number is taken in vain.

    Returns:
        None if there was nothing new.
    """
    return max(_number(session, asked).values(), default=None) if asked else None


def add_missing(session: Session) -> None:
    """Write every notification that was asked for and is not there. The cursors must be held."""
    missing = session.scalars(
        text(f"""
            select a.notification_id from ({_ASKED}) a
            where not exists (select 1 from {TABLE} n where n.notification_id = a.notification_id)
        """)  # noqa: S608 - constants
    )
    _number(session, [str(event_id) for event_id in missing])


def differences(session: Session) -> list[UUID]:
    """Batches with a notification that was asked for and is not there, or is not what was asked for.

    Batches whose projector has not caught up are left out.
    """
    return list(
        session.scalars(
            text(f"""
                select distinct b.id from ({_ASKED}) a
                join batches b on b.id = a.batch_id
                join projection_cursors c on c.batch_id = b.id and c.event_no = b.event_no
                left join {TABLE} n on n.notification_id = a.notification_id
                left join notification_counters k on k.user_id = a.user_id
                where (n.user_id, n.batch_id, n.type, n.category, n.priority, n.action_required, n.payload)
                    is distinct from
                    (a.user_id, a.batch_id, a.type, a.category, a.priority, a.action_required, a.payload)
                  or n.seq > coalesce(k.last_seq, 0)
                order by 1
            """)  # noqa: S608 - constants
        )
    )


def _number(session: Session, event_ids: Sequence[str]) -> dict[UUID, int]:
    """Give events the next numbers of their teachers, in the order they happened; each teacher's newest."""
    # Two statements, because the counter's row must be held before anything is numbered by it: a second projector
    # then waits here, and numbers become visible in their order.
    users = session.execute(
        text(f"""
            select a.user_id, count(*) as n from ({_ASKED}) a
            where a.notification_id = any(cast(:ids as uuid[]))
              and not exists (select 1 from {TABLE} n where n.notification_id = a.notification_id)
            group by 1 order by 1
        """),  # noqa: S608 - constants
        {"ids": literal(event_ids)},
    ).all()
    newest = {}
    for user_id, count in users:
        last = session.execute(
            text("""
                insert into notification_counters as c (user_id, last_seq) values (:user_id, :n)
                on conflict (user_id) do update set last_seq = c.last_seq + excluded.last_seq
                returning last_seq
            """),
            {"user_id": user_id, "n": count},
        ).scalar_one()
        session.execute(
            text(f"""
                insert into {TABLE} (user_id, seq, notification_id, batch_id, correlation_id, type,
                    category, priority, action_required, payload, created_at)
                select a.user_id, :first + row_number() over (order by o.created_at, o.event_no),
                    a.notification_id, a.batch_id, a.correlation_id, a.type, a.category,
                    a.priority, a.action_required, a.payload, a.created_at
                from ({_ASKED}) a join event_outbox o on o.id = a.notification_id
                where a.user_id = :user_id and a.notification_id = any(cast(:ids as uuid[]))
                  and not exists
                    (select 1 from {TABLE} n where n.notification_id = a.notification_id)
            """),  # noqa: S608 - constants
            {"first": last - count, "user_id": user_id, "ids": literal(event_ids)},
        )
        newest[user_id] = last
    return newest
