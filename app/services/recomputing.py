"""An assessment follows what persons decide: it is worked out anew when somebody asks, and only if they have.

Postgres says whether that is so: decisions are only ever added and withdrawn, so how many there are of both says which
there are. One caller at a time works it out; whoever asks meanwhile waits, and finds it done.
"""

from typing import cast
from uuid import UUID

import structlog

from app.services import dispatch, run_facts
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import AssessmentResult, Batch
from models.judgement import PHASE
from pipelines.phases.cj_assessment.grades import Anchor, GradeScale
from pipelines.phases.cj_assessment.persons import OpenToPersons

log = structlog.get_logger(__name__)


def is_current(uow: UnitOfWork, found: AssessmentResult) -> bool:
    """Whether nothing was decided since an assessment was worked out."""
    return found.basis == _basis(uow, found)


def bring_up_to_date(found: AssessmentResult, deps: Deps) -> bool:
    """Work an assessment out anew, unless somebody has meanwhile; whether it is current now.

    What cannot be worked out leaves the assessment that there is.
    """
    try:
        _work_out(found, deps)
    except Exception:
        # Whatever is wrong with one decision, or with the engine, the ranking that there is can still be read.
        log.exception("assessment_not_worked_out", run_id=str(found.run_id))
        return False
    return True


def say_changed(uow: UnitOfWork, batch: Batch, run_id: UUID | None, what: str) -> None:
    """Say that an assessment will come out otherwise, so that whoever shows it reads it again."""
    uow.outbox.event(
        "BatchAssessmentChangedV1",
        batch_id=batch.id,
        correlation_id=batch.correlation_id,
        status=batch.status,
        data={
            "batch_id": str(batch.id),
            "run_id": str(run_id) if run_id else None,
            "assessment_job_id": str(dispatch.phase_run_id(run_id, PHASE)) if run_id else None,
            "changed": what,
        },
    )


@in_request
def _work_out(found: AssessmentResult, deps: Deps) -> None:
    with deps.uow("work_out_assessment") as uow:
        held = uow.assessments.hold(found.run_id)
        if held is None or held.basis == (basis := _basis(uow, held)):
            return
        facts = run_facts.of(uow, held.run_id)
        engine = cast(OpenToPersons, facts.plan.phase(PHASE).engine())
        known = uow.decisions.descriptions(held.run_id)
        known += uow.decisions.counting(held.batch_id, held.run_id)
        scale = uow.gradings.scale(held.batch_id)
        result = engine.conclude(
            facts.context,
            known,
            anchors=_anchors(uow, held),
            scale=GradeScale(scale.name, tuple(scale.grades)) if scale else None,
        )
        if uow.decisions.by_persons(held.batch_id).standing == 0:
            # Grades alone are no reason to say that comparing ended otherwise.
            result = {**result, "stop_reason": held.stop_reason}
        held.detail = dict(result)
        held.basis = basis
        held.revision += 1
        held.updated_at = deps.clock()
        for name, value in AssessmentResult.columns(result).items():
            setattr(held, name, value)
        uow.session.flush()
        uow.commit()


def _anchors(uow: UnitOfWork, found: AssessmentResult) -> dict[str, Anchor]:
    """The essays whose grade is known, as far as the run has described the texts that have it."""
    described = uow.decisions.described_texts(found.run_id)
    return {
        str(essay): Anchor(grade=anchor.grade)
        for essay, anchor in uow.gradings.anchors(found.batch_id).items()
        if described.get(str(essay)) == anchor.text_sha256
    }


def _basis(uow: UnitOfWork, found: AssessmentResult) -> str:
    """What an assessment would be made of now, beside the decisions of its run; empty if of nothing."""
    persons = uow.decisions.by_persons(found.batch_id)
    scale = uow.gradings.scale(found.batch_id)
    numbers = (persons.made, persons.withdrawn, scale.version if scale else 0)
    return ".".join(map(str, numbers)) if any(numbers) else ""
