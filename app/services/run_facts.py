"""What never changes about a run: its frozen plan and context, and the essays it works on."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from app.unit_of_work import UnitOfWork
from models import Run
from pipelines.conductor import Plan
from pipelines.phase import BatchContext, ItemRef
from pipelines.vocabulary import Language


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The frozen part of a run, as every transition needs it.

    Attributes:
        is_first: whether the batch had no run before, and so nothing has a result yet.
    """

    run_id: UUID
    batch_id: UUID
    correlation_id: UUID
    canvas_id: UUID
    plan: Plan
    context: BatchContext
    is_first: bool


def of(uow: UnitOfWork, run_id: UUID) -> RunFacts:
    """The facts of a run; read once per process, because they are frozen."""
    return _KEPT.get(run_id) or keep(uow.runs.get(run_id))


def keep(run: Run) -> RunFacts:
    """Remember the facts of a run. It may just be made; whoever makes it again after a rollback remembers it anew."""
    if len(_KEPT) >= _MOST:
        _KEPT.clear()
    facts = _KEPT[run.id] = from_run(run)
    _ITEMS.pop(run.id, None)
    return facts


def items(uow: UnitOfWork, facts: RunFacts) -> tuple[ItemRef, ...]:
    """The essays a run works on, in order; read once per process, because no text may change while it does."""
    found = _ITEMS.get(facts.run_id)
    if found is None:
        if len(_ITEMS) >= _MOST_LISTS:
            _ITEMS.clear()
        found = _ITEMS[facts.run_id] = uow.essays.in_processing(facts.batch_id)
    return found


def from_run(run: Run) -> RunFacts:
    """The facts of a run that has been read."""
    return RunFacts(
        run.id,
        run.batch_id,
        run.correlation_id,
        run.canvas_id,
        Plan.from_json(run.plan),
        _thaw(run.context),
        run.parent_run_id is None,
    )


def freeze(context: BatchContext) -> dict[str, Any]:
    """A context as a run keeps it."""
    frozen = asdict(context)
    frozen["batch_id"] = str(context.batch_id)
    frozen["names"] = sorted(context.names)
    frozen["allowed"] = sorted(context.allowed)
    frozen["judging"] = dict(context.judging)
    frozen["languages"] = {str(essay): language for essay, language in context.languages.items()}
    return frozen


def _thaw(frozen: dict[str, Any]) -> BatchContext:
    return BatchContext(
        batch_id=UUID(frozen["batch_id"]),
        language=Language(frozen["language"]),
        course_code=frozen["course_code"],
        instructions=frozen["instructions"],
        names=frozenset(frozen["names"]),
        # Runs of earlier releases have none of these.
        allowed=frozenset(frozen.get("allowed", ())),
        judging=frozen.get("judging", {}),
        languages={
            UUID(essay): Language(language)
            for essay, language in frozen.get("languages", {}).items()
        },
    )


_MOST = 256
_KEPT: dict[UUID, RunFacts] = {}
_MOST_LISTS = 8  # of five thousand essays each, some ten megabytes
_ITEMS: dict[UUID, tuple[ItemRef, ...]] = {}
