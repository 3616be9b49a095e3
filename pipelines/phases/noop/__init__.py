"""A phase that finds nothing, for measuring the ledger and for graphs in tests."""

from collections.abc import Sequence
from time import sleep

from pipelines.phase import BatchContext, Done, EssayPhase, Outcome, Unit


class Noop(EssayPhase):
    """Answers at once, or after pretending to work.

    Args:
        body_ms: how long each unit pretends to work, in milliseconds.
    """

    name = "noop"
    engine_version = "noop-1"

    def __init__(self, body_ms: float = 0.0) -> None:
        self._body_s = body_ms / 1000

    def run_many(self, _: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        """One empty result per unit."""
        outcomes: list[Outcome] = []
        while len(outcomes) < len(units):
            if self._body_s:
                sleep(self._body_s)
            outcomes.append(Done({}))
        return outcomes
