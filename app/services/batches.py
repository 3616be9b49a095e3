"""Registering batches: everything that was said is kept, the event about it stays light."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.errors import UnknownCourse, UnknownPipeline
from app.services import known_pipelines, projecting
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request_by_id
from models import Batch, Course, Essay
from models.read.batch_overview import ProjectionCursor
from pipelines import errors as core
from pipelines.vocabulary import BatchStatus, EssayStatus


def register(
    wanted: dict[str, Any],
    *,
    batch_id: UUID | None = None,
    owner_id: UUID,
    correlation_id: UUID,
    deps: Deps,
) -> Batch:
    """Register a batch with a slot for each expected essay.

    Args:
        wanted: a loaded `RegisterBatchSchema`.
        batch_id: its id; if it is registered already, this does nothing.
        owner_id: who asks, from the token.

    Raises:
        UnknownCourse: the course code is not in the table; there is no default.
        UnknownPipeline: a pipeline to start by itself is named that does not exist.
    """
    return _register(wanted, batch_id or uuid4(), owner_id, correlation_id, deps)


@in_request_by_id
def _register(
    wanted: dict[str, Any], batch_id: UUID, owner_id: UUID, correlation_id: UUID, deps: Deps
) -> Batch:
    with deps.uow("register") as uow:
        registered = uow.batches.find(batch_id)
        if registered is not None:
            return registered
        _check_pipeline(wanted.get("pipeline"), uow, deps)
        course = uow.batches.course(wanted["course_code"])
        if course is None:
            known = [known.code for known in uow.batches.courses()]
            raise UnknownCourse(
                f"There is no course {wanted['course_code']!r}; there are {', '.join(known)}.",
                field="/course_code",
                known=known,
            )
        batch = _batch(
            wanted, batch_id, course, owner_id, correlation_id, uow.runs.database_now(), deps
        )
        uow.batches.add(batch)
        essays = [
            Essay(
                id=uuid4(),
                batch_id=batch.id,
                position=position,
                essay_id=essay_id,
                status=EssayStatus.AWAITING_CONTENT,
            )
            for position, essay_id in enumerate(wanted["essay_ids"])
        ]
        uow.essays.add_all(essays)
        uow.session.add(ProjectionCursor(batch_id=batch.id, event_no=0, rung_at=None))
        uow.outbox.event(
            "BatchEssaysRegistered",
            batch_id=batch.id,
            correlation_id=correlation_id,
            status=batch.status,
            data={
                "batch_id": str(batch.id),
                "expected_essay_count": batch.expected_essay_count,
                "essay_ids": wanted["essay_ids"],
            },
        )
        # So that a batch can be looked at even before any worker has seen its first event.
        projecting.show_within(uow, batch.id, [essay.id for essay in essays])
        uow.commit()
    return batch


def _check_pipeline(pipeline: str | None, uow: UnitOfWork, deps: Deps) -> None:
    if pipeline is None:
        return
    try:
        known_pipelines.catalogue_for(pipeline, uow, deps).wanted(pipeline)
    except core.UnknownPipeline as exc:
        raise UnknownPipeline(str(exc), field="/pipeline", known=list(exc.known)) from exc


def _batch(
    wanted: dict[str, Any],
    batch_id: UUID,
    course: Course,
    owner_id: UUID,
    correlation_id: UUID,
    now: datetime,
    deps: Deps,
) -> Batch:
    return Batch(
        id=batch_id,
        owner_id=owner_id,
        correlation_id=correlation_id,
        course_code=course.code,
        language=course.language,
        class_designation=wanted["class_designation"],
        essay_instructions=wanted["essay_instructions"],
        teacher_name=wanted["teacher_name"],
        expected_essay_count=wanted["expected_essay_count"],
        pipeline=wanted.get("pipeline"),
        registration={key: _plain(value) for key, value in wanted.items()},
        status=BatchStatus.REGISTERED,
        readiness_deadline=now + timedelta(seconds=deps.settings.readiness_s),
        event_no=0,
        created_at=now,
        updated_at=now,
    )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def courses(deps: Deps) -> Sequence[Course]:
    """Every course there is."""
    with deps.uow("courses") as uow:
        return uow.batches.courses()
