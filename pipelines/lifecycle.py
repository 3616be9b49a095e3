"""The one table of allowed edges.

Postgres enforces the same table (`state_edges`, checked by a trigger and compared with this one by a test), so
that no path through the code, and no hand at a console, moves a state along an edge that is not drawn here.
`docs/explanation/life-cycle.md` draws and explains every edge.
"""

from collections.abc import Sequence
from enum import StrEnum

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
        # A file that is removed leaves a slot to wait for.
        (BatchStatus.READY, (BatchStatus.PROCESSING, BatchStatus.REGISTERED)),
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
            (EssayStatus.IN_PROCESSING, EssayStatus.AWAITING_CONTENT),
        ),
        (EssayStatus.IN_PROCESSING, (*_ESSAY_ENDS, EssayStatus.READY_FOR_PROCESSING)),
        # Another run, another file, or another language to read it in.
        *(
            (
                end,
                (
                    EssayStatus.IN_PROCESSING,
                    EssayStatus.AWAITING_CONTENT,
                    EssayStatus.READY_FOR_PROCESSING,
                ),
            )
            for end in _ESSAY_ENDS
        ),
    ),
    "file": _edges(
        (FileStatus.RECEIVED, (FileStatus.READING,)),
        (FileStatus.READING, (FileStatus.READ, FileStatus.FAILED, FileStatus.RECEIVED)),
        (FileStatus.FAILED, (FileStatus.RECEIVED,)),
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
        (UnitStatus.WAITING, (UnitStatus.QUEUED, UnitStatus.CANCELLED)),
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


def essay_outcome(has_result: Sequence[bool], *, has_failed: bool) -> EssayStatus:
    """How an essay stands after a run.

    Args:
        has_result: for each phase of the run, whether the essay's text has its result, from this run or another.
        has_failed: whether some phase of this run ended without one for it.
    """
    if all(has_result):
        return EssayStatus.PROCESSED
    if any(has_result):
        return EssayStatus.PARTLY_PROCESSED
    # Otherwise nothing went wrong with it: the run was cancelled before its turn came.
    return EssayStatus.FAILED if has_failed else EssayStatus.READY_FOR_PROCESSING


def batch_outcome(essays: list[EssayStatus]) -> BatchStatus:
    """How a batch stands after a run, counting the essays that never had a text."""
    if all(status is EssayStatus.PROCESSED for status in essays):
        return BatchStatus.COMPLETED_SUCCESSFULLY
    good = {EssayStatus.PROCESSED, EssayStatus.PARTLY_PROCESSED}
    if not good.intersection(essays):
        return BatchStatus.FAILED
    return BatchStatus.COMPLETED_WITH_FAILURES
