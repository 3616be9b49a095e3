"""What one was told, and the ticket for hearing more as it happens."""

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import g, request

from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.errors import LiveUnavailable
from app.ports import TICKET_S, SocketPass, TicketsDown
from app.schemas.notification import (
    MarkReadSchema,
    NotificationListSchema,
    NotificationQuerySchema,
    TicketSchema,
    UnreadSchema,
)
from app.services import notifications

bp = GuardedBlueprint(
    "notifications", __name__, url_prefix="/v1", access=Access.USER, description="Live news"
)


@bp.route("/notifications")
@bp.arguments(NotificationQuerySchema, location="query")
@bp.response(200, NotificationListSchema)
def list_notifications(query: dict[str, Any]) -> dict[str, Any]:
    """List one's notifications, the newest first, or those after a number in order."""
    return notifications.of(caller(), **query, deps=deps())


@bp.route("/notifications/<int:seq>/read", methods=["POST"])
@bp.response(200, UnreadSchema)
def mark_read(seq: int) -> dict[str, int]:
    """Say that one notification was read."""
    return {"unread": notifications.mark_read(caller(), seq, deps=deps())}


@bp.route("/notifications/read", methods=["POST"])
@bp.arguments(MarkReadSchema)
@bp.response(200, UnreadSchema)
def mark_read_up_to(wanted: dict[str, int]) -> dict[str, int]:
    """Say that all notifications up to a number were read."""
    return {"unread": notifications.mark_read_up_to(caller(), wanted["up_to"], deps=deps())}


@bp.route("/ws-tickets", methods=["POST"])
@bp.response(201, TicketSchema)
@bp.alt_response(503, description="Sockets cannot be opened right now.")
def issue_ticket() -> dict[str, Any]:
    """Give a ticket that opens one socket within half a minute."""
    try:
        ticket = deps().tickets.issue(SocketPass(caller(), g.access_until))
    except TicketsDown as exc:
        raise LiveUnavailable("Ask again in a moment; everything else works.") from exc
    return {"ticket": ticket, "expires_in": TICKET_S, "url": deps().settings.ws_url or _here()}


def _here() -> str:
    scheme = "wss" if urlsplit(request.host_url).scheme == "https" else "ws"
    return urlunsplit((scheme, request.host, "/ws", "", ""))
