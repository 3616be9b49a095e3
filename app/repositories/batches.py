"""Batches and courses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarResult, delete, exists, select, text
from sqlalchemy.orm import Session

from app.errors import BatchNotFound
from app.prepared import prepared
from models import Batch, Course, Essay, ProjectionCursor, Run
from pipelines.vocabulary import BatchStatus, EssayStatus

_OWNER = prepared("select owner_id from batches where id = :id")

_BEGIN = prepared("update batches set status = 'processing', completed_at = null where id = :id")

_END = prepared("""
    update batches set status = :status, completed_at = :at where id = :id
    returning owner_id
""")


@dataclass(frozen=True, slots=True)
class Standing:
    """How often the read model of a batch has been written, and the last event the projector has seen."""

    version: int
    event_no: int


class Batches:
    """The batches of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, batch: Batch) -> None:
        """Write a new batch."""
        self._session.add(batch)
        self._session.flush()

    def courses(self) -> Sequence[Course]:
        """Every course there is."""
        return self._session.scalars(select(Course).order_by(Course.language, Course.code)).all()

    def course(self, code: str) -> Course | None:
        """One course."""
        return self._session.get(Course, code)

    def find(self, batch_id: UUID) -> Batch | None:
        """One batch, if there is one of that id."""
        return self._session.get(Batch, batch_id)

    def get(self, batch_id: UUID) -> Batch:
        """One batch, whoever owns it; for work that has been let in already.

        Raises:
            BatchNotFound: no such batch.
        """
        batch = self._session.get(Batch, batch_id)
        if batch is None:
            raise BatchNotFound("It may have been deleted.")
        return batch

    def owner_of(self, batch_id: UUID) -> UUID:
        """Whose a batch is that there is, without all that was registered with it."""
        return self._owner(batch_id).one()

    def check_owned(self, batch_id: UUID, owner_id: UUID) -> None:
        """Raise BatchNotFound as `owned`, without reading the batch."""
        if self._owner(batch_id).one_or_none() != owner_id:
            raise BatchNotFound("You have no batch with this id.")

    def _owner(self, batch_id: UUID) -> ScalarResult[UUID]:
        return _OWNER.on(self._session, {"id": batch_id}).scalars()

    def owned(self, batch_id: UUID, owner_id: UUID) -> Batch:
        """One batch of one teacher.

        Raises:
            BatchNotFound: no such batch, or somebody else's: which of the two is not told.
        """
        batch = self._session.get(Batch, batch_id)
        if batch is None or batch.owner_id != owner_id:
            raise BatchNotFound("You have no batch with this id.")
        return batch

    def standing(self, batch_id: UUID, owner_id: UUID) -> Standing:
        """How far the read model of one teacher's batch is.

        Raises:
            BatchNotFound: as `owned`.
        """
        row = self._session.execute(
            select(ProjectionCursor.version, ProjectionCursor.event_no)
            .join(Batch, Batch.id == ProjectionCursor.batch_id)
            .where(Batch.id == batch_id, Batch.owner_id == owner_id)
        ).one_or_none()
        if row is None:
            raise BatchNotFound("You have no batch with this id.")
        return Standing(*row)

    def version(self, batch_id: UUID) -> int:
        """How often the read model of a batch that there is has been written."""
        return self._session.scalars(
            select(ProjectionCursor.version).where(ProjectionCursor.batch_id == batch_id)
        ).one()

    def versions_of(self, owner_id: UUID) -> dict[UUID, int]:
        """Every batch of one teacher and the version its read model has."""
        rows = self._session.execute(
            select(ProjectionCursor.batch_id, ProjectionCursor.version)
            .join(Batch, Batch.id == ProjectionCursor.batch_id)
            .where(Batch.owner_id == owner_id)
        )
        return dict(rows.all())

    def erase(self, batch_id: UUID) -> None:
        """Delete a batch that is held; what belongs to it goes with it. Its events are not among that."""
        self._session.execute(
            text("delete from transitions where batch_id = :id"), {"id": batch_id}
        )
        for table in ("attempts", "units"):
            self._session.execute(
                text(
                    f"delete from {table} a using phase_runs p"  # noqa: S608 - one of two constants
                    " where p.batch_id = :id and a.phase_run_id = p.id"
                ),
                {"id": batch_id},
            )
        self._session.execute(text("delete from results where batch_id = :id"), {"id": batch_id})
        self._session.execute(delete(Batch).where(Batch.id == batch_id))

    def lock(self, batch_id: UUID) -> Batch:
        """One batch as it is now, held until the end of the transaction; the last lock to take.

        Raises:
            BatchNotFound: no such batch.
        """
        batch = self._session.scalars(
            select(Batch)
            .where(Batch.id == batch_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if batch is None:
            raise BatchNotFound("It may have been deleted.")
        return batch

    def begin(self, batch_id: UUID) -> None:
        """Say of a batch that is held that a run is working on it."""
        _BEGIN.on(self._session, {"id": batch_id})

    def end(self, batch_id: UUID, status: BatchStatus, at: datetime) -> UUID:
        """End what is done with a batch, which is held from then on; whose it is."""
        owner_id: UUID = _END.on(
            self._session, {"id": batch_id, "status": status, "at": at}
        ).scalar_one()
        return owner_id

    def past_readiness(self) -> list[UUID]:
        """Batches that have waited for their essays as long as they may."""
        return list(
            self._session.scalars(
                select(Batch.id)
                .where(
                    Batch.status == BatchStatus.REGISTERED,
                    Batch.readiness_deadline < text("now()"),
                )
                .order_by(Batch.id)
            )
        )

    def ready_and_unstarted(self) -> Sequence[Batch]:
        """Batches that should have started a pipeline by themselves and have no run yet."""
        return self._session.scalars(
            select(Batch)
            .where(
                Batch.status == BatchStatus.READY,
                Batch.pipeline.is_not(None),
                Batch.ready_at < text("now() - interval '5 seconds'"),
                ~exists().where(Run.batch_id == Batch.id),
                ~exists().where(
                    Essay.batch_id == Batch.id, Essay.status == EssayStatus.AWAITING_CONTENT
                ),
            )
            .order_by(Batch.id)
        ).all()

    def behind_in_projection(self, after_s: float) -> list[UUID]:
        """Batches whose read model lags behind their events, and whose projector was not rung lately."""
        return list(
            self._session.scalars(
                text("""
                    update projection_cursors c set rung_at = now()
                    from batches b
                    where b.id = c.batch_id and c.event_no < b.event_no
                      and b.updated_at < now() - make_interval(secs => :after_s)
                      and (c.rung_at is null or c.rung_at < now() - make_interval(secs => :after_s))
                    returning c.batch_id
                """),
                {"after_s": after_s},
            )
        )
