"""The one table of allowed edges.

Postgres enforces the same table (`state_edges`, checked by a trigger and compared with this one by a test), so
that no path through the code, and no hand at a console, moves a state along an edge that is not drawn here.
`docs/explanation/life-cycle.md` draws and explains every edge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pipelines.vocabulary import (
    BatchStatus,
    EssayStatus,
    FileStatus,
    PhaseStatus,
    RunStatus,
    UnitStatus,
)

Edges = frozenset[tuple[StrEnum, StrEnum]]


def _edges(*paths: tuple[StrEnum, tuple[StrEnum, ...]]) -> Edges:
    return frozenset((here, there) for here, onward in paths for there in onward)


_BATCH_ENDS = (
    BatchStatus.COMPLETED_SUCCESSFULLY,
    BatchStatus.COMPLETED_WITH_FAILURES,
    BatchStatus.FAILED,
    BatchStatus.CANCELLED,
)
_ESSAY_ENDS = (EssayStatus.PROCESSED, EssayStatus.PARTLY_PROCESSED, EssayStatus.FAILED)
_PHASE_ENDS = (
    PhaseStatus.COMPLETED,
    PhaseStatus.COMPLETED_WITH_FAILURES,
    PhaseStatus.FAILED,
    PhaseStatus.SKIPPED,
    PhaseStatus.CANCELLED,
)

EDGES: dict[str, Edges] = {
    "batch": _edges(
        (BatchStatus.REGISTERED, (BatchStatus.READY, BatchStatus.FAILED)),
        (BatchStatus.READY, (BatchStatus.PROCESSING,)),
        (BatchStatus.PROCESSING, _BATCH_ENDS),
        # A new run over a batch that has ended; and a text at last for one in which every essay failed.
        *((end, (BatchStatus.PROCESSING,)) for end in _BATCH_ENDS),
        (BatchStatus.FAILED, (BatchStatus.READY,)),
    ),
    "essay": _edges(
        (
            EssayStatus.AWAITING_CONTENT,
            (EssayStatus.READY_FOR_PROCESSING, EssayStatus.CONTENT_FAILED),
        ),
        (
            EssayStatus.CONTENT_FAILED,
            (EssayStatus.AWAITING_CONTENT, EssayStatus.READY_FOR_PROCESSING),
        ),
        (
            EssayStatus.READY_FOR_PROCESSING,
            (EssayStatus.IN_PROCESSING, EssayStatus.AWAITING_CONTENT, EssayStatus.CONTENT_FAILED),
        ),
        (EssayStatus.IN_PROCESSING, (*_ESSAY_ENDS, EssayStatus.READY_FOR_PROCESSING)),
        *((end, (EssayStatus.IN_PROCESSING, EssayStatus.AWAITING_CONTENT)) for end in _ESSAY_ENDS),
    ),
    "file": _edges(
        (FileStatus.RECEIVED, (FileStatus.READING, FileStatus.FAILED)),
        (FileStatus.READING, (FileStatus.READ, FileStatus.FAILED, FileStatus.RECEIVED)),
    ),
    "run": _edges(
        (
            RunStatus.ACTIVE,
            (
                RunStatus.CANCELLING,
                RunStatus.COMPLETED_SUCCESSFULLY,
                RunStatus.COMPLETED_WITH_FAILURES,
                RunStatus.FAILED,
            ),
        ),
        (RunStatus.CANCELLING, (RunStatus.CANCELLED, RunStatus.FAILED)),
    ),
    "phase_run": _edges(
        (
            PhaseStatus.PENDING,
            (PhaseStatus.IN_PROGRESS, PhaseStatus.SKIPPED, PhaseStatus.CANCELLED),
        ),
        (PhaseStatus.IN_PROGRESS, _PHASE_ENDS),
    ),
    "unit": _edges(
        (UnitStatus.QUEUED, (UnitStatus.RUNNING, UnitStatus.FAILED, UnitStatus.CANCELLED)),
        (
            UnitStatus.RUNNING,
            (UnitStatus.DONE, UnitStatus.FAILED, UnitStatus.QUEUED, UnitStatus.CANCELLED),
        ),
    ),
}


def is_allowed(entity: str, here: StrEnum, there: StrEnum) -> bool:
    """Whether an entity's state may move from one value to another; staying is always allowed."""
    return here == there or (here, there) in EDGES[entity]


def phase_outcome(done: int, failed: int, *, reused: int = 0) -> PhaseStatus:
    """How a phase ends that has planned its last wave.

    Args:
        done, failed: units that ended in each way.
        reused: items that had their result from an earlier run.
    """
    if failed:
        return PhaseStatus.COMPLETED_WITH_FAILURES if done or reused else PhaseStatus.FAILED
    return PhaseStatus.COMPLETED if done else PhaseStatus.SKIPPED


def run_outcome(phases: list[PhaseStatus]) -> RunStatus:
    """How a run ends whose phases have all ended: partial failure is never called success."""
    worked = [status for status in phases if status is not PhaseStatus.SKIPPED]
    if all(status is PhaseStatus.COMPLETED for status in worked):
        return RunStatus.COMPLETED_SUCCESSFULLY
    if all(status is PhaseStatus.FAILED for status in worked):
        return RunStatus.FAILED
    return RunStatus.COMPLETED_WITH_FAILURES


@dataclass(frozen=True, slots=True)
class PhaseTally:
    """How the items of one phase of a run ended.

    Attributes:
        needs: the phases an item must have passed to be worked on here.
        failed, cancelled: items whose unit ended without a result.
        has_kept_results: whether items without a unit have their result from an earlier run.
    """

    phase: str
    needs: tuple[str, ...]
    done: frozenset[UUID]
    failed: frozenset[UUID]
    cancelled: frozenset[UUID]
    has_kept_results: bool


def essay_outcome(essay_id: UUID, tallies: Sequence[PhaseTally]) -> EssayStatus:
    """How an essay stands after a run, given every phase of the run."""
    lost_in = {t.phase for t in tallies if essay_id in t.failed or essay_id in t.cancelled}
    has_result = [_has_result(essay_id, tally, lost_in) for tally in tallies]
    if all(has_result):
        return EssayStatus.PROCESSED
    if any(has_result):
        return EssayStatus.PARTLY_PROCESSED
    if any(essay_id in tally.failed for tally in tallies):
        return EssayStatus.FAILED
    # Nothing went wrong with it: the run was cancelled before its turn came.
    return EssayStatus.READY_FOR_PROCESSING


def _has_result(essay_id: UUID, tally: PhaseTally, lost_in: set[str]) -> bool:
    if essay_id in tally.done:
        return True
    never_tried = tally.phase not in lost_in and not lost_in.intersection(tally.needs)
    return tally.has_kept_results and never_tried


def batch_outcome(essays: list[EssayStatus]) -> BatchStatus:
    """How a batch stands after a run, counting the essays that never had a text."""
    if all(status is EssayStatus.PROCESSED for status in essays):
        return BatchStatus.COMPLETED_SUCCESSFULLY
    good = {EssayStatus.PROCESSED, EssayStatus.PARTLY_PROCESSED}
    if not good.intersection(essays):
        return BatchStatus.FAILED
    return BatchStatus.COMPLETED_WITH_FAILURES
