"""Tickets in Redis: kept hashed, taken out by the read itself, so that one opens one socket."""

import json
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError

from app.ports import TICKET_S, SocketPass, TicketsDown

_BYTES = 32


class RedisTickets:
    """The real `Tickets`."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    def issue(self, socket_pass: SocketPass) -> str:
        """See the port."""
        ticket = token_urlsafe(_BYTES)
        kept = json.dumps([str(socket_pass.user_id), socket_pass.until.isoformat()])
        try:
            self._client.set(_key(ticket), kept, ex=TICKET_S)
        except RedisError as exc:
            raise TicketsDown from exc
        return ticket

    def redeem(self, ticket: str) -> SocketPass | None:
        """See the port."""
        try:
            kept: Any = self._client.getdel(_key(ticket))
        except RedisError as exc:
            raise TicketsDown from exc
        if kept is None:
            return None
        user_id, until = json.loads(kept)
        return SocketPass(UUID(user_id), datetime.fromisoformat(until))


def _key(ticket: str) -> str:
    return f"ws-ticket:{sha256(ticket.encode()).hexdigest()}"
