"""What use cases need from outside. Each port has one real adapter, a fake, and a suite both pass."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from pipelines.extraction import Extracted, Refused

Heard = Callable[[UUID, Mapping[str, Any]], None]
"""Told of a ring: whom it is for, and what it says."""


class Publisher(Protocol):
    """Sends workers messages. A message may be lost or doubled later; sending it again is always harmless."""

    def canvas(self, canvas: Mapping[str, Any]) -> None:
        """Send a window of a wave as a chord of slices; `app.services.dispatch` says what is in it.

        Raises:
            PublishFailed: the broker did not take it.
        """
        ...

    def ingest(self, file_id: UUID, batch_id: UUID) -> None:
        """Ask for a file to be read. Raises like `canvas`."""
        ...

    def project(self, batch_ids: Sequence[UUID]) -> None:
        """Ask for read models to be brought up to date, one message a batch. Raises like `canvas`."""
        ...

    def depth(self, queue: str) -> int | None:
        """How many messages wait in a queue; None if the broker does not answer."""
        ...


class PublishFailed(Exception):
    """The broker did not take a message."""


class Doorbell(Protocol):
    """Rings at whoever is connected now; nobody may depend on hearing it."""

    def ring(self, user_id: UUID, message: Mapping[str, Any]) -> None:
        """Tell one user's sockets that there is something new. Never raises."""
        ...

    def is_up(self) -> bool:
        """Whether ringing reaches anybody. Never raises."""
        ...

    def listen(self, heard: Heard, changed: Callable[[bool], None]) -> Callable[[], None]:
        """Hear every ring, whomever it is for, in a thread of its own; returns at once.

        Args:
            heard: told of each ring, in their order; must not block for long.
            changed: told True when from now on every ring is heard, also again after a break in which rings were
                missed; and False when they cannot be heard.

        Returns:
            What ends it.
        """
        ...


TICKET_S = 30


@dataclass(frozen=True, slots=True)
class SocketPass:
    """Who may open a socket, and until when it may stay open."""

    user_id: UUID
    until: datetime


class Tickets(Protocol):
    """Passes kept for `TICKET_S` seconds under words that open once."""

    def issue(self, socket_pass: SocketPass) -> str:
        """Keep a pass and give the ticket for it, a word of URL-safe characters.

        Raises:
            TicketsDown: nothing can be kept.
        """
        ...

    def redeem(self, ticket: str) -> SocketPass | None:
        """The pass of a ticket, which is used up by this; None if it was before, or is too old, or is none.

        Raises:
            TicketsDown: nobody can tell.
        """
        ...


class TicketsDown(Exception):
    """Where tickets are kept does not answer."""


class TextReader(Protocol):
    """Reads files by strangers."""

    def read(self, file_name: str, body: bytes) -> Extracted | Refused:
        """The text of a file, or why it has none. Whatever is in the file, it costs a bounded time and memory."""
        ...


class ApiCache(Protocol):
    """Bodies of answers that are asked for often. Losing it costs time only; it never raises."""

    def get(self, batch_id: UUID, view: str, version: int) -> Mapping[str, Any] | None:
        """The body kept for a view of a batch, if it shows this very version of the read model; or None."""
        ...

    def put(self, batch_id: UUID, view: str, body: Mapping[str, Any], version: int) -> None:
        """Keep a body with the version of the read model that was read before it."""
        ...

    def outdate(self, batch_id: UUID) -> None:
        """Forget every view of a batch; nobody would take them any more."""
        ...
