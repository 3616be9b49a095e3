"""The socket: who may open it is decided before the handshake, in an answer a client can read."""

from functools import partial
from threading import Thread
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, g, request
from flask_sock import Sock
from simple_websocket import Server
from werkzeug.exceptions import BadRequest

from app.api.blueprint import deps
from app.errors import LiveUnavailable, OriginNotAllowed, TicketNotValid
from app.live import socket
from app.live.hub import Hub
from app.ports import SocketPass, TicketsDown
from app.schemas.base import MOST_NUMBER

PROTOCOL = "huleedu.v1"
TICKET = "ticket."
PING_EVERY_S = 25
MOST_INCOMING_BYTES = 1024

SERVER_OPTIONS = {
    "subprotocols": [PROTOCOL],
    "ping_interval": PING_EVERY_S,
    "max_message_size": MOST_INCOMING_BYTES,
    # A thread that reads must not hold up the end of its process.
    "thread_class": partial(Thread, daemon=True),
}

bp = Blueprint("live", __name__)
# For the wiring test: no token is asked for here but a ticket, by `let_in`.
bp.access = "ticket"  # type: ignore[attr-defined]
sock = Sock()


def register(app: Flask) -> None:
    """Give an application the socket and the hub behind it."""
    app.extensions["hub"] = Hub(app.extensions["deps"])
    app.config["SOCK_SERVER_OPTIONS"] = SERVER_OPTIONS
    app.register_blueprint(bp)


def hub() -> Hub:
    """The sockets of this process."""
    found: Hub = current_app.extensions["hub"]
    return found


@bp.before_request
def let_in() -> None:
    """Refuse a socket before its handshake: its page, its request, its ticket, or for want of room.

    The ticket comes late, so that a request which is refused for another reason does not use it up.

    Raises:
        OriginNotAllowed: it is opened by a page of somebody else's.
        TicketNotValid: it brings no ticket, or one that is used up.
        LiveUnavailable: there is no room, or nobody can tell what the ticket is worth.
    """
    _check_origin()
    if "Sec-WebSocket-Key" not in request.headers:
        raise BadRequest("This address is for WebSockets.")
    g.after = _after()
    ticket = _ticket()
    if not hub().reserve():
        raise LiveUnavailable("There is no room for another socket. Try again in a moment.")
    g.has_room = True
    g.socket_pass = _redeem(ticket)
    # Frames are small, and a compressor for each socket takes more memory than the socket.
    request.environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)


@bp.teardown_request
def give_back(_: BaseException | None) -> None:
    """However a socket ends, its room is free again."""
    if g.pop("has_room", False):
        hub().release()


@sock.route("/ws", bp=bp)
def listen(ws: Server) -> None:
    """Send a user what is new, for as long as the socket is open."""
    given: SocketPass = g.socket_pass
    socket.serve(
        ws, hub(), user_id=given.user_id, until=given.until, after=g.after, clock=deps().clock
    )


def _check_origin() -> None:
    # Only browsers can be made to open a socket for somebody else, and they always say for which page.
    origin = request.headers.get("Origin")
    if origin is None or urlsplit(origin).netloc == request.host:
        return
    if origin.lower() not in deps().settings.origins:
        raise OriginNotAllowed("Name it in HULEEDU_ORIGINS if it is yours.")


def _after() -> int | None:
    given = request.args.get("after")
    if given is None:
        return None
    if not given.isdecimal() or not given.isascii() or int(given) > MOST_NUMBER:
        raise BadRequest("'after' must be the number of a notification.")
    return int(given)


def _ticket() -> str:
    offered = request.headers.get("Sec-WebSocket-Protocol", "").split(",")
    tickets = [each.strip().removeprefix(TICKET) for each in offered if TICKET in each]
    if PROTOCOL not in [each.strip() for each in offered] or len(tickets) != 1:
        raise TicketNotValid(
            f"Offer the subprotocols '{PROTOCOL}' and '{TICKET}…'; POST /v1/ws-tickets gives one."
        )
    return tickets[0]


def _redeem(ticket: str) -> SocketPass:
    try:
        given = deps().tickets.redeem(ticket)
    except TicketsDown as exc:
        raise LiveUnavailable("Try again in a moment; everything else works.") from exc
    if given is None or given.until <= deps().clock():
        raise TicketNotValid("It opens one socket, within half a minute. Ask for another one.")
    return given
