"""What is known of questions that were put to a model: their answers, who is asking, and what it has cost.

Money is reserved before a request is sent, and settled after. Whoever dies in between leaves a reservation that goes on
counting, because the model may have answered. One question is put by one asker at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from time import time
from typing import Protocol
from uuid import UUID, uuid4

from pipelines.phases.cj_assessment.judges import Verdict


@dataclass(frozen=True, slots=True)
class Reserved:
    """The money is there, and nobody else asks.

    Attributes:
        token: who may settle.
        tried_s: how long this question has been tried already.
    """

    token: UUID
    tried_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else asks, or has died while asking."""

    after_s: float


@dataclass(frozen=True, slots=True)
class NoMoney:
    """The budget does not allow it."""


@dataclass(frozen=True, slots=True)
class Settling:
    """How a request ended.

    Attributes:
        charged: what it has cost, in millionths.
        verdict: the answer, if it was one; it is kept.
        is_over: whether the question has been given up; whoever puts it again begins anew.
    """

    charged: int
    input_tokens: int = 0
    output_tokens: int = 0
    verdict: Verdict | None = None
    is_over: bool = False


Reservation = Reserved | Busy | NoMoney | Verdict


class Account(Protocol):
    """The port. Questions are known by a digest; nothing in it tells what was asked."""

    def known(self, batch_id: UUID, digests: Sequence[str]) -> Mapping[str, Verdict]:
        """Answers that are there already."""
        ...

    def reserve(self, batch_id: UUID, digest: str, cost: int, hold_s: float) -> Reservation:
        """Reserve money for one request, or say why not.

        Args:
            cost: what it may cost at most, in millionths.
            hold_s: how long nobody else may put the same question; longer than a request takes.
        """
        ...

    def settle(self, batch_id: UUID, digest: str, token: UUID, settling: Settling) -> None:
        """Replace a reservation by what the request has cost. Nothing if it is somebody else's by now."""
        ...

    def spent(self, batch_id: UUID) -> int:
        """What a batch has cost, reservations included, in millionths."""
        ...


@dataclass
class _Call:
    charged: int = 0
    reserved: int = 0
    token: UUID | None = None
    held_until: float = 0.0
    since: float | None = None
    verdict: Verdict | None = None


@dataclass
class MemoryAccount:
    """An account that lasts as long as its process."""

    budget: int
    clock: Callable[[], float] = time
    _calls: dict[tuple[UUID, str], _Call] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def known(self, batch_id: UUID, digests: Sequence[str]) -> Mapping[str, Verdict]:
        """See the port."""
        with self._lock:
            found = {digest: self._calls.get((batch_id, digest)) for digest in digests}
        return {
            digest: call.verdict
            for digest, call in found.items()
            if call is not None and call.verdict is not None
        }

    def reserve(self, batch_id: UUID, digest: str, cost: int, hold_s: float) -> Reservation:
        """See the port."""
        with self._lock:
            now = self.clock()
            call = self._calls.get((batch_id, digest), _Call())
            if call.verdict is not None:
                return call.verdict
            if call.token is not None and call.held_until > now:
                return Busy(call.held_until - now)
            if self._spent(batch_id) + cost > self.budget:
                return NoMoney()
            call.charged += call.reserved
            call.reserved, call.token, call.held_until = cost, uuid4(), now + hold_s
            call.since = now if call.since is None else call.since
            self._calls[batch_id, digest] = call
            return Reserved(call.token, now - call.since)

    def settle(self, batch_id: UUID, digest: str, token: UUID, settling: Settling) -> None:
        """See the port."""
        with self._lock:
            call = self._calls.get((batch_id, digest))
            if call is None or call.token != token:
                return
            call.charged += settling.charged
            call.reserved, call.token, call.verdict = 0, None, settling.verdict
            if settling.is_over or settling.verdict is not None:
                call.since = None

    def spent(self, batch_id: UUID) -> int:
        """See the port."""
        with self._lock:
            return self._spent(batch_id)

    def _spent(self, batch_id: UUID) -> int:
        return sum(
            call.charged + call.reserved
            for (batch, _), call in self._calls.items()
            if batch == batch_id
        )
