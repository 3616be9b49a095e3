"""How often a batch's news is told while a run of it goes on.

Telling makes a projector write the rows of the essays the news is about, 30 to 50 µs each, once in each phase if it is
told soon and once in several if it is told late; and what a projector takes is taken from the workers beside it. So
the more essays a batch has, the longer its news is gathered. What happens when no run goes on, its end with it, is told
at once.
"""

from collections.abc import Callable, Collection, Mapping
from time import monotonic
from uuid import UUID

LEAST_S = 0.1
MOST_S = 2.0
PER_ESSAY_S = 0.0005


def rest_s(essays: int) -> float:
    """How long the news of a batch with so many essays is gathered after some was told, in seconds."""
    return min(MOST_S, max(LEAST_S, PER_ESSAY_S * essays))


class NewsPace:
    """Which batches were told of a moment ago."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._until: dict[UUID, float] = {}

    def resting(self) -> Collection[UUID]:
        """The batches whose news is still gathered."""
        now = self._now()
        self._until = {batch: until for batch, until in self._until.items() if until > now}
        return self._until.keys()

    def told(self, essays: Mapping[UUID, int]) -> None:
        """Note that batches were told of.

        Args:
            essays: batch → how many essays it has.
        """
        now = self._now()
        self._until |= {batch: now + rest_s(count) for batch, count in essays.items()}
