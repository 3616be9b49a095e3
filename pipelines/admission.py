"""How much of a wave may be on its way at once, so that a large batch does not hold up a small one.

A queue is worked off in the order it is filled, so fairness is decided by what is put into it. Every run has a window
on each queue it uses: alone, two slices for each worker slot, which keeps the slots busy. In company the run that comes
first has that window and every other run one slice, so that nobody stands still.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pipelines.slices import PER_SLOT
from pipelines.vocabulary import Priority

_RANKS = {priority: rank for rank, priority in enumerate(Priority)}


@dataclass(frozen=True, slots=True)
class Contender:
    """One run with work on a queue.

    Attributes:
        owner_id: whose batch it is.
        units: how many of its units on this queue have not ended.
        since: when the run was started.
    """

    run_id: UUID
    owner_id: UUID
    priority: Priority
    units: int
    since: datetime

    @property
    def turn(self) -> tuple[int, int, datetime, UUID]:
        """What contenders are ordered by: priority, then who is done soonest, then who came first."""
        return _RANKS[self.priority], self.units, self.since, self.run_id


def window(run_id: UUID, contenders: Sequence[Contender], *, slots: int, per_user: int) -> int:
    """How many slices of a run may be on their way in a queue at once.

    Args:
        run_id: one of the contenders.
        contenders: every run with work on the queue.
        slots: how many slices can be worked on at the same time.
        per_user: how many runs of one user may have anything on their way; the others wait for their turn.

    Returns:
        0 while enough runs of the same user come before it; otherwise at least 1.
    """
    in_turn = sorted(contenders, key=lambda contender: contender.turn)
    mine = next(contender for contender in in_turn if contender.run_id == run_id)
    of_user = [contender for contender in in_turn if contender.owner_id == mine.owner_id]
    if of_user.index(mine) >= per_user:
        return 0
    return PER_SLOT * max(1, slots) if in_turn[0] is mine else 1
