"""How a run judges essays: as the catalogue says, but for what was chosen when it was started."""

from collections.abc import Mapping
from typing import Any

from app.errors import CannotJudgeSo
from app.services.run_facts import RunFacts
from models.judgement import PHASE
from pipelines.conductor import Plan, PlannedPhase
from pipelines.judging import BadJudging, Judging
from pipelines.specs import PhaseSpec
from pipelines.vocabulary import JudgeKind


def of(facts: RunFacts) -> Judging:
    """How a run judges."""
    return _chosen(facts.plan.phase(PHASE), facts.context.judging)


def usual(spec: PhaseSpec) -> Judging | None:
    """How a phase judges where nothing else is chosen; None for one that compares no essays."""
    return Judging().but(spec.options) if spec.name == PHASE else None


def check(plan: Plan, chosen: Mapping[str, Any], *, has_model: bool) -> None:
    """Make sure that a plan can judge as was chosen.

    Raises:
        CannotJudgeSo: it cannot; the field is named.
    """
    if not chosen:
        return
    planned = next((phase for phase in plan.phases if phase.name == PHASE), None)
    if planned is None:
        raise CannotJudgeSo(
            f"The pipeline {plan.pipeline!r} has no phase that compares essays.", field="/judging"
        )
    try:
        judging = _chosen(planned, chosen)
    except BadJudging as exc:
        raise CannotJudgeSo(exc.reason, field=f"/judging/{exc.field}") from exc
    if judging.judge is JudgeKind.LLM and not has_model:
        raise CannotJudgeSo("No language model is set up here.", field="/judging/judge")


def _chosen(planned: PlannedPhase, chosen: Mapping[str, Any]) -> Judging:
    return Judging().but({**planned.spec.options, **chosen})
