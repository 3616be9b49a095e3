"""Doing again what has no result: all that a batch's last pipeline has left, one of its phases, or one unit."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from app.errors import NothingToRetry, UnknownPipeline
from app.services import projecting, runs
from app.services.deps import Deps
from app.services.runs import Ground, Started
from app.unit_of_work import UnitOfWork, in_request_by_id
from models import Run
from pipelines import redoing
from pipelines.conductor import Plan
from pipelines.vocabulary import PhaseStatus, Scope


def retry(
    batch_id: UUID,
    *,
    phase: str | None = None,
    run_id: UUID | None = None,
    owner_id: UUID,
    deps: Deps,
) -> Started:
    """Run the batch's last pipeline again, which does only what has no result yet.

    Args:
        phase: one of that pipeline's phases; then only what this phase has left is done, and what depends on it.
        run_id: the new run's id; if it is started already, this does nothing.

    Raises:
        NothingToRetry: the batch never had a run, nothing is left to do, or its pipeline is no longer known.
        UnknownPipeline: the pipeline has no such phase.
        And as `runs.start_run`.
    """
    return _retry(batch_id, phase, run_id or uuid4(), owner_id, deps)


@in_request_by_id
def _retry(batch_id: UUID, phase: str | None, run_id: UUID, owner_id: UUID, deps: Deps) -> Started:
    with deps.uow("retry") as uow:
        uow.batches.owned(batch_id, owner_id)
        ground = runs.hold(uow, batch_id)
        if (started := runs.find_started(uow, ground, run_id)) is not None:
            return started
        if ground.latest is None:
            raise NothingToRetry("Start a pipeline first.")
        runs.check_may_start(ground)
        plan = _resolve_again(uow, ground, ground.latest, deps)
        if phase is None:
            plan = redoing.what_is_left(plan, _holds(uow, batch_id))
            if all(each.is_idle for each in plan.phases):
                raise NothingToRetry("Every essay has all its results.")
        else:
            plan = _again(uow, ground, plan, phase)
        judging = _judging(ground.latest)
        started = runs.launch(uow, ground, plan, deps, run_id=run_id, judging=judging)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
        return started


def redo_within(
    uow: UnitOfWork,
    ground: Ground,
    run: Run,
    phase: str,
    *,
    only: Collection[UUID] | None,
    deps: Deps,
) -> Started:
    """Start a run that does one phase of an ended run again, and what depends on it; the caller commits.

    Args:
        ground: the run's batch.
        only: the essays it is done for; None for all that have no result of it.

    Raises:
        As `retry`.
    """
    plan = _resolve_again(uow, ground, run, deps)
    again = _again(uow, ground, plan, phase, only)
    return runs.launch(uow, ground, again, deps, parent_id=run.id, judging=_judging(run))


def _judging(run: Run) -> Mapping[str, Any]:
    """What was chosen for a run that is done again is chosen again."""
    found: Mapping[str, Any] = run.context.get("judging", {})
    return found


def _resolve_again(uow: UnitOfWork, ground: Ground, run: Run, deps: Deps) -> Plan:
    try:
        return runs.resolve(uow, ground, run.pipeline, deps, judging=_judging(run))
    except UnknownPipeline as exc:
        raise NothingToRetry(f"The pipeline {run.pipeline!r} is no longer known.") from exc


def _again(
    uow: UnitOfWork,
    ground: Ground,
    plan: Plan,
    phase: str,
    only: Collection[UUID] | None = None,
) -> Plan:
    try:
        planned = plan.phase(phase)
    except KeyError as exc:
        known = [each.name for each in plan.phases]
        raise UnknownPipeline(
            f"The pipeline {plan.pipeline!r} has no phase {phase!r}; it has {', '.join(known)}.",
            field="/phase",
            known=known,
        ) from exc
    holds = _holds(uow, ground.batch.id)
    if planned.spec.scope is Scope.BATCH:
        if holds(phase):
            raise NothingToRetry(f"The phase {phase!r} has its result.")
        return redoing.again(plan, phase, only=None, holds=holds)
    left = _without_result(uow, ground, plan, phase)
    wanted = left if only is None else left.intersection(only)
    if not wanted:
        raise NothingToRetry(
            f"No essay that came as far as the phase {phase!r} is without its result."
            if only is None
            else f"It has its result of the phase {phase!r} by now, or does not come as far as that."
        )
    return redoing.again(plan, phase, only=wanted, holds=holds)


def _without_result(uow: UnitOfWork, ground: Ground, plan: Plan, phase: str) -> set[UUID]:
    """The essays that passed all that an essay phase needs, and have no result of it for their present text."""
    needs = [name for name in plan.phase(phase).needs if plan.phase(name).spec.scope is Scope.ESSAY]
    with_result = uow.results.essays_with_result(ground.batch.id, [phase, *needs])
    left = {essay.id for essay in ground.essays if essay.text_sha256 is not None}
    for need in needs:
        left &= with_result.get(need, set())
    return left - with_result.get(phase, set())


def _holds(uow: UnitOfWork, batch_id: UUID) -> redoing.Holds:
    def holds(phase: str) -> bool:
        return uow.runs.how_it_last_ended(batch_id, phase) == PhaseStatus.COMPLETED

    return holds
