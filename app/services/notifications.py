"""A teacher's notifications: reading them, and saying that they were read."""

from typing import Any
from uuid import UUID

from app.errors import NotificationNotFound
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import Notification

MOST_SEQ = 2**63 - 1


@in_request
def of(
    user_id: UUID,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int,
    unread: bool = False,
    deps: Deps,
) -> dict[str, Any]:
    """A page of somebody's notifications.

    Args:
        after: those with higher numbers, in order, for catching up; else the newest first.
        before: those with lower numbers, the newest first.
        unread: leave out what was read.

    Returns:
        `items`; `last`, the number to go on after without losing any; `unread`, how many are unread in all.
    """
    with deps.uow("read_notifications") as uow:
        # The newest number first: what is added meanwhile has a higher one, and is found by going on after it.
        last = uow.notifications.last(user_id)
        if after is not None:
            found = uow.notifications.after(user_id, after, limit, unread_only=unread)
            last = found[-1].seq if found else max(after, 0)
        else:
            found = uow.notifications.before(user_id, before, limit, unread_only=unread)
        return {
            "items": [body(notification) for notification in found],
            "last": last,
            "unread": uow.notifications.unread(user_id),
        }


def body(notification: Notification) -> dict[str, Any]:
    """A notification as it is sent, JSON-ready."""
    return {
        "seq": notification.seq,
        "notification_id": str(notification.notification_id),
        "type": notification.type,
        "category": notification.category,
        "priority": notification.priority,
        "action_required": notification.action_required,
        "batch_id": str(notification.batch_id) if notification.batch_id else None,
        "correlation_id": str(notification.correlation_id),
        "payload": notification.payload,
        "created_at": notification.created_at.isoformat(),
        "read_at": notification.read_at.isoformat() if notification.read_at else None,
    }


def mark_read(user_id: UUID, seq: int, *, deps: Deps) -> int:
    """Say that one was read; how many are unread now.

    Raises:
        NotificationNotFound: there is none with this number.
    """
    return _mark(user_id, deps, seq=seq)


def mark_read_up_to(user_id: UUID, up_to: int, *, deps: Deps) -> int:
    """Say that all up to a number were read; how many are unread now."""
    return _mark(user_id, deps, up_to=up_to)


def _mark(user_id: UUID, deps: Deps, *, seq: int | None = None, up_to: int | None = None) -> int:
    marked, unread = _mark_within(user_id, seq, up_to, deps)
    if marked:
        deps.doorbell.ring(user_id, {"read": {"seq": seq, "up_to": up_to}})
    return unread


@in_request
def _mark_within(user_id: UUID, seq: int | None, up_to: int | None, deps: Deps) -> tuple[int, int]:
    with deps.uow("mark_read") as uow:
        if seq is not None:
            _check_there(uow, user_id, seq)
        marked = uow.notifications.mark_read(user_id, at=uow.clock(), seq=seq, up_to=up_to)
        unread = uow.notifications.unread(user_id)
        uow.commit()
    return marked, unread


def _check_there(uow: UnitOfWork, user_id: UUID, seq: int) -> None:
    if seq > MOST_SEQ or not uow.notifications.has(user_id, seq):
        raise NotificationNotFound("You have no notification with this number.")
