"""What screens ask for. Everything comes from the read model; the cache is only in front of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.errors import BatchNotFound, EssayNotFound
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import ESSAY_RESULTS, Batch, BatchOverview, Essay, EssayReport
from models.judgement import PHASE
from pipelines.phases.spellcheck.allowed import without
from pipelines.vocabulary import PhaseStatus, RunStatus

Seen = Callable[[object], None]
"""Told the version of what is going to be read, before it is; raises if the caller has that already."""


def whatever(_: object) -> None:
    """Go on reading in any case."""


@in_request
def status(batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever) -> dict[str, Any]:
    """Where a batch stands, with counts per phase, progress from 0 to 1 and an estimate of the seconds left.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    version = _version(batch_id, owner_id, deps, seen)
    kept = deps.cache.get(batch_id, "status", version)
    if kept is None:
        with deps.uow("read_status") as uow:
            kept = _status_body(uow, _overview(uow, batch_id))
        deps.cache.put(batch_id, "status", kept, version)
    return {**kept, **_progress(kept, deps.clock())}


@in_request
def details(batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever) -> dict[str, Any]:
    """A batch with all that was said when it was registered. Raises like `status`."""
    version = _version(batch_id, owner_id, deps, seen)
    kept = deps.cache.get(batch_id, "details", version)
    if kept is None:
        with deps.uow("read_details") as uow:
            kept = {
                **status_body(_overview(uow, batch_id)),
                **_registration_body(uow.batches.get(batch_id)),
            }
        deps.cache.put(batch_id, "details", kept, version)
    return dict(kept)


@in_request
def results(batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever) -> dict[str, Any]:
    """A batch's status with a row per essay. Raises like `status`."""
    version = _version(batch_id, owner_id, deps, seen)
    kept = deps.cache.get(batch_id, "results", version)
    if kept is None:
        with deps.uow("read_results") as uow:
            overview = _overview(uow, batch_id)
            reports = uow.session.scalars(
                select(EssayReport)
                .where(EssayReport.batch_id == batch_id)
                .order_by(EssayReport.position)
            ).all()
        kept = {
            **status_body(overview),
            "essays": [report_body(report) for report in reports],
        }
        deps.cache.put(batch_id, "results", kept, version)
    return dict(kept)


@in_request
def changes(batch_id: UUID, *, after: int, owner_id: UUID, deps: Deps) -> dict[str, Any]:
    """The rows of a batch's essays that have changed after an event, and the event they stand at now.

    Raises like `status`.
    """
    with deps.uow("read_changes") as uow:
        uow.batches.owned(batch_id, owner_id)
        # The number before the rows: what changes in between is sent twice rather than never.
        event_no = _overview(uow, batch_id).event_no
        return {
            "event_no": event_no,
            "items": [report_body(report) for report in changed(uow, batch_id, after)],
        }


def status_within(
    uow: UnitOfWork, batch_id: UUID, owner_id: UUID, deps: Deps
) -> dict[str, Any] | None:
    """Where a batch of a teacher stands; None if there is none."""
    overview = uow.session.get(BatchOverview, batch_id)
    if overview is None or overview.owner_id != owner_id:
        return None
    body = _status_body(uow, overview)
    return {**body, **_progress(body, deps.clock())}


def changed(uow: UnitOfWork, batch_id: UUID, after: int) -> Sequence[EssayReport]:
    """Rows of the read model that have changed after an event, in order."""
    return uow.session.scalars(
        select(EssayReport)
        .where(EssayReport.batch_id == batch_id, EssayReport.event_no > after)
        .order_by(EssayReport.position)
    ).all()


@in_request
def essay(
    batch_id: UUID, essay_id: str, *, owner_id: UUID, deps: Deps, seen: Seen = whatever
) -> dict[str, Any]:
    """One essay with its text and the whole result of every phase.

    Raises:
        BatchNotFound: no such batch of this teacher.
        EssayNotFound: no such essay in it.
    """
    with deps.uow("read_essay") as uow:
        seen(uow.batches.standing(batch_id, owner_id).version)
        report = uow.session.scalars(
            select(EssayReport).where(
                EssayReport.batch_id == batch_id, EssayReport.essay_id == essay_id
            )
        ).one_or_none()
        if report is None:
            raise EssayNotFound("The batch has no essay with this id.")
        source = uow.session.get_one(Essay, report.essay_pk)
        text = (
            uow.essays.read(source.text_storage_id).decode("utf-8")
            if source.text_storage_id
            else None
        )
        return {
            **report_body(report),
            "text": text,
            "results": {
                phase: without(detail, report.left_out or ()) if phase == "spellcheck" else detail
                for phase in ESSAY_RESULTS
                if (detail := uow.results.detail(phase, report.essay_pk)) is not None
            },
        }


@in_request
def events_of(
    batch_id: UUID, *, after: int, limit: int, owner_id: UUID, deps: Deps
) -> list[dict[str, Any]]:
    """A batch's events from the one after `after`, in order, for catching up. Raises like `status`."""
    with deps.uow("read_events") as uow:
        uow.batches.owned(batch_id, owner_id)
        found = uow.outbox.after(batch_id, after, limit)
    return [{"event_no": event_no, **envelope} for event_no, envelope in found]


@in_request
def internal_status(batch_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """Like `status`, for a service: whoever owns the batch."""
    with deps.uow("read_internal_status") as uow:
        body = _status_body(uow, _overview(uow, batch_id))
    return {**body, **_progress(body, deps.clock())}


@in_request
def pipeline_state(batch_id: UUID, *, deps: Deps) -> dict[str, Any]:
    """The ledger's own view of a batch's latest run, for a service.

    Raises:
        BatchNotFound: no such batch.
    """
    with deps.uow("read_pipeline_state") as uow:
        batch = uow.batches.get(batch_id)
        run = uow.runs.latest_of(batch_id)
        phases = uow.runs.phases(run.id) if run else []
        return {
            "batch_id": batch.id,
            "batch_status": batch.status,
            "run_id": run.id if run else None,
            "run_status": run.status if run else None,
            "pipeline": run.pipeline if run else None,
            "catalogue_digest": run.catalogue_digest if run else None,
            "canvas_id": run.canvas_id if run else None,
            "phases": [
                {
                    "phase": p.phase,
                    "status": p.status,
                    "wave_no": p.wave_no,
                    "total": p.total,
                    "remaining": p.remaining,
                    "done": p.done,
                    "failed": p.failed,
                    "reused": p.reused,
                    "dispatched_at": p.dispatched_at,
                }
                for p in phases
            ],
        }


def _version(batch_id: UUID, owner_id: UUID, deps: Deps, seen: Seen) -> int:
    """Ask Postgres, in one small query and never the cache, whose a batch is and which version of it there is."""
    with deps.uow("read_version") as uow:
        version = uow.batches.standing(batch_id, owner_id).version
    seen(version)
    return version


def _overview(uow: UnitOfWork, batch_id: UUID) -> BatchOverview:
    overview = uow.session.get(BatchOverview, batch_id)
    if overview is None:
        raise BatchNotFound("You have no batch with this id.")
    return overview


def status_body(overview: BatchOverview) -> dict[str, Any]:
    """A batch as lists show it, ready for JSON."""
    return {
        "batch_id": str(overview.batch_id),
        "status": overview.status,
        "course_code": overview.course_code,
        "language": overview.language,
        "class_designation": overview.class_designation,
        "expected_essay_count": overview.expected_essay_count,
        "essay_counts": overview.essay_counts,
        "run_id": str(overview.run_id) if overview.run_id else None,
        "run_status": overview.run_status,
        "pipeline": overview.pipeline,
        "canvas_id": str(overview.canvas_id) if overview.canvas_id else None,
        "phases": overview.phases,
        "created_at": overview.created_at.isoformat(),
        "run_started_at": overview.run_started_at.isoformat() if overview.run_started_at else None,
        "completed_at": overview.completed_at.isoformat() if overview.completed_at else None,
        "action_required": overview.action_required,
        "event_no": overview.event_no,
    }


def _status_body(uow: UnitOfWork, overview: BatchOverview) -> dict[str, Any]:
    """The same with the round that comparing has come to."""
    body = status_body(overview)
    return {**body, "round": _round(uow, body)}


def _round(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any] | None:
    is_comparing = any(
        each["phase"] == PHASE and each["status"] == PhaseStatus.IN_PROGRESS
        for each in body["phases"]
    )
    if body["run_status"] != RunStatus.ACTIVE or not is_comparing:
        return None
    # Not in the read model: an event of the wave says it, and it is among the newest while that goes on.
    said = uow.outbox.newest(UUID(body["batch_id"]), "BatchPhaseWaveStartedV1")
    if said is None or (said["run_id"], said["phase_name"]) != (body["run_id"], PHASE):
        return None
    return {name: said[name] for name in _OF_ROUND} if "round_no" in said else None


_OF_ROUND = ("round_no", "most_rounds", "reliability", "target")


def _registration_body(batch: Batch) -> dict[str, Any]:
    return {
        "essay_instructions": batch.essay_instructions,
        "teacher_name": batch.teacher_name,
        "class_id": batch.registration.get("class_id"),
        "student_names": batch.student_names,
    }


def row_of(uow: UnitOfWork, essay_pk: UUID) -> dict[str, Any]:
    """An essay's row as it stands inside a transaction that has just written it."""
    report = uow.session.get_one(EssayReport, essay_pk, populate_existing=True)
    return report_body(report)


def report_body(report: EssayReport) -> dict[str, Any]:
    """An essay as lists show it, ready for JSON."""
    return {
        "essay_id": report.essay_id,
        "position": report.position,
        "status": report.status,
        "file_name": report.file_name,
        "student_name": report.student_name,
        "language": report.language,
        "failure_code": report.failure_code,
        "failure_reason": report.failure_reason,
        "phases": report.phases,
        "spelling": report.spelling,
        "metrics": report.metrics,
    }


def _progress(body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Progress from 0 to 1 and the estimated seconds left, both None while nothing runs."""
    phases = body["phases"]
    if not phases:
        return {"progress": None, "eta_s": None}
    texts = sum(
        body["essay_counts"].get(s, 0) for s in body["essay_counts"] if s != "content_failed"
    )
    shares = [_share(phase, texts) for phase in phases]
    progress = sum(shares) / len(shares)
    eta_s = None
    if body["run_status"] == "active" and progress > 0 and body["run_started_at"]:
        took_s = (at - datetime.fromisoformat(body["run_started_at"])).total_seconds()
        eta_s = round(max(0.0, took_s * (1 - progress) / progress), 1)
    return {"progress": round(progress, 4), "eta_s": eta_s}


def _share(phase: Mapping[str, Any], texts: int) -> float:
    if PhaseStatus(phase["status"]).is_terminal:
        return 1.0
    expected = max(phase["total"] + phase["reused"], texts, 1)
    return float(min(1.0, (phase["done"] + phase["failed"] + phase["reused"]) / expected))
