"""Who is measured, and how: one run of the shape, from asking for it to seeing that it has ended."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from redis import Redis

from bench.orchestration.meter import Meter

PATIENCE_S = 900.0
FANS = 2
"""How often every item's turn comes in one run of the shape."""


class TooSlow(Exception):
    """A run did not end in the time anybody would wait."""


class Contender(Protocol):
    """Something that orchestrates, set up and running."""

    name: str

    def refuses(self, items: int, rounds_behind: int) -> str | None:
        """Why it takes no part in another round of so many items, or None."""
        ...

    def prepare(self, items: int, body_ms: float) -> Any:
        """Make what a run needs; not measured."""
        ...

    def run(self, prepared: Any) -> float:
        """Run once; the seconds from asking for it to seeing that it has ended.

        Raises:
            TooSlow: it did not end.
        """
        ...

    def check(self, prepared: Any) -> Mapping[str, float]:
        """Raise AssertionError unless all was done exactly once; what else was measured."""
        ...

    def processes(self) -> Mapping[str, int]:
        """Its processes: name → process id, whose children count with it."""
        ...

    def broker(self) -> Redis:
        """The Redis it sends its messages through."""
        ...


@dataclass(frozen=True, slots=True)
class Measured:
    """One run.

    Attributes:
        wall_s: from asking for it to seeing that it had ended.
        cpu_s: processor seconds by process, children included.
        broker_bytes: what Redis was sent.
        pss_mb: the most memory all its processes together were seen to have, shared pages shared out.
        more: what the contender measured besides.
    """

    contender: str
    items: int
    body_ms: float
    wall_s: float
    cpu_s: Mapping[str, float]
    broker_bytes: int
    pss_mb: float
    more: Mapping[str, float] = field(default_factory=dict)


def measure(contender: Contender, items: int, body_ms: float) -> Measured:
    """Run the shape once. Raises like `Contender.run` and `Contender.check`."""
    prepared = contender.prepare(items, body_ms)
    gc.collect()  # so that whoever is asked from here is not measured beside it
    with Meter(contender.processes(), contender.broker()) as meter:
        wall_s = contender.run(prepared)
    more = contender.check(prepared)
    return Measured(
        contender.name,
        items,
        body_ms,
        wall_s,
        meter.cpu_s,
        meter.broker_bytes,
        meter.pss_mb,
        more,
    )
