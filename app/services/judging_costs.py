"""What it may cost to have a model compare a batch's essays, said before it is begun."""

from typing import Any
from uuid import UUID

from app.errors import CannotJudgeSo
from app.services.deps import Deps
from app.unit_of_work import in_request
from pipelines.phases.cj_assessment import costs
from pipelines.phases.cj_assessment.costs import MICRO, Costs


@in_request
def of_batch(batch_id: UUID, *, most_rounds: int, owner_id: UUID, deps: Deps) -> dict[str, Any]:
    """What may be spent on a batch, and what has been.

    Raises:
        BatchNotFound: no such batch of this teacher.
        CannotJudgeSo: no model is set up.
    """
    with deps.uow("read_judging_costs") as uow:
        uow.batches.owned(batch_id, owner_id)
        llm = deps.settings.llm
        if llm is None:
            raise CannotJudgeSo("No language model is set up here.")
        lengths = uow.essays.lengths(batch_id)
        spent = uow.llm_calls.spent(batch_id)
    estimate = costs.estimate(llm.prices, lengths, most_rounds)
    return {
        "model": llm.model,
        "currency": llm.currency,
        "essay_count": len(lengths),
        "most_rounds": most_rounds,
        "least": _shown(estimate.least),
        "most": _shown(estimate.most),
        "budget": llm.budget_micros / MICRO,
        "spent": spent / MICRO,
        "is_within_budget": spent + estimate.most.money <= llm.budget_micros,
    }


def _shown(found: Costs) -> dict[str, Any]:
    return {"requests": found.requests, "money": found.money / MICRO}
