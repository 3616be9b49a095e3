"""A plan cut down to what is to be done again: one phase and what depends on it, or what a retry has left to do."""

from collections.abc import Callable, Collection
from dataclasses import replace
from uuid import UUID

from pipelines.conductor import Plan, PlannedPhase
from pipelines.vocabulary import Scope

Holds = Callable[[str], bool]
"""Whether a phase over the whole batch ended well when it was last done."""


def again(plan: Plan, name: str, *, only: Collection[UUID] | None, holds: Holds) -> Plan:
    """Do one phase again, and whatever of the plan depends on it; nothing else.

    Args:
        only: the essays it is done again for; None for all of them.
        holds: asked about what is not done again and others need.

    Raises:
        KeyError: the plan has no such phase.
    """
    wanted = {plan.phase(name).name}
    # In topological order, so what a phase needs has been looked at before it.
    for phase in plan.phases:
        if name in phase.needs and all(
            need in wanted or _stands(plan.phase(need), holds) for need in phase.needs
        ):
            wanted.add(phase.name)
    # What is left out is not looked at, whether it is all there or not.
    phases = tuple(
        phase if phase.name in wanted else replace(phase, left_out=True, skipped=False)
        for phase in plan.phases
    )
    return replace(plan, phases=phases, only=None if only is None else frozenset(only))


def what_is_left(plan: Plan, holds: Holds) -> Plan:
    """Leave out the phases over the whole batch that ended well, and that nothing before them changes."""
    phases: list[PlannedPhase] = []
    for phase in plan.phases:
        idle = {done.name for done in phases if done.is_idle}
        is_over = (
            phase.spec.scope is Scope.BATCH
            and bool(phase.needs)
            and idle.issuperset(phase.needs)
            and holds(phase.name)
        )
        phases.append(replace(phase, left_out=is_over))
    return replace(plan, phases=tuple(phases))


def _stands(phase: PlannedPhase, holds: Holds) -> bool:
    # Of an essay phase each essay is asked for its result later, when the phase that needs it is planned.
    return phase.spec.scope is Scope.ESSAY or holds(phase.name)
