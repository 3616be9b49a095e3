"""Phases that find nothing, for measuring the ledger and for graphs in tests."""

from collections.abc import Sequence
from hashlib import sha256
from time import sleep

from pipelines.phase import (
    BatchContext,
    Done,
    EssayPhase,
    Finished,
    Outcome,
    SoFar,
    Unit,
    UnitPlan,
    Wave,
)

NOTHING = sha256(b"").hexdigest()


class Noop(EssayPhase):
    """Answers at once, or after pretending to work.

    Args:
        body_ms: how long each unit pretends to work, in milliseconds.
    """

    name = "noop"
    engine_version = "noop-1"
    reads_texts = False

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


class Once:
    """Answers once for the whole batch."""

    name = "once"
    engine_version = "once-1"
    plans_once = True
    reads_found = False
    reads_texts = False

    def prepare(self) -> None:
        """There is nothing to load."""

    def plan(self, batch: BatchContext, so_far: SoFar) -> Wave | Finished:
        """Plan one unit about the batch, unless it has no essays."""
        if so_far.wave_no > 0 or not so_far.items:
            return Finished()
        return Wave((UnitPlan.of_batch(batch.batch_id, NOTHING),))

    def run_many(self, _: BatchContext, units: Sequence[Unit]) -> Sequence[Outcome]:
        """One empty result."""
        return [Done({}) for _ in units]
