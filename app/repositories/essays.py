"""Essays and the bytes of their files and texts."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.prepared import prepared
from app.repositories.arrays import literal
from models import Content, Essay
from pipelines.phase import Item, ItemRef
from pipelines.vocabulary import EssayStatus


@dataclass(frozen=True, slots=True)
class Stored:
    """Where bytes are kept."""

    storage_id: UUID
    sha256: str


class EssayState(NamedTuple):
    """One essay of a batch over which a run may start.

    Attributes:
        text_sha256: of its text; None if it has none.
        language: its own; None if it is the course's.
    """

    id: UUID
    status: str
    has_file: bool
    text_sha256: str | None
    language: str | None


class Essays:
    """The essays of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_all(self, essays: Sequence[Essay]) -> None:
        """Write new essays."""
        self._session.add_all(essays)
        self._session.flush()

    def lock_all(self, batch_id: UUID) -> Sequence[Essay]:
        """A batch's essays as they are now, in order, held until the end of the transaction."""
        return self._session.scalars(
            select(Essay)
            .where(Essay.batch_id == batch_id)
            .order_by(Essay.position)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).all()

    def of(self, batch_id: UUID) -> list[EssayState]:
        """What a run has to know of a batch's essays, in order."""
        return self._states(batch_id, "")

    def hold(self, batch_id: UUID) -> list[EssayState]:
        """The same as they are now, held until the end of the transaction."""
        return self._states(batch_id, "for no key update")

    def _states(self, batch_id: UUID, lock: str) -> list[EssayState]:
        rows = prepared(
            "select id, status, file_id is not null as has_file, text_sha256, language"  # noqa: S608 - a constant
            f" from essays where batch_id = :batch_id order by position {lock}"
        ).tuples(
            self._session,
            {"batch_id": batch_id},
        )
        return list(map(EssayState._make, rows))

    def hold_by_status(self, batch_id: UUID) -> Counter[EssayStatus]:
        """How many essays of a batch stand where; all of them are held until the end of the transaction."""
        rows = prepared("""
                with held as materialized (
                    select status from essays where batch_id = :batch_id
                    order by position for no key update
                )
                select status, count(*) from held group by 1
            """).on(
            self._session,
            {"batch_id": batch_id},
        )
        return Counter({EssayStatus(status): count for status, count in rows.all()})

    def lock(self, essay_id: UUID) -> Essay:
        """One essay as it is now, held until the end of the transaction."""
        return self._session.scalars(
            select(Essay)
            .where(Essay.id == essay_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one()

    def begin(self, batch_id: UUID, *, only: Collection[UUID] | None = None) -> None:
        """Take essays that are held and have a text into processing: all of a batch, or only some."""
        self._move(
            "status = 'in_processing' where batch_id = :batch_id and text_sha256 is not null",
            {"batch_id": batch_id},
            only,
        )

    def end(
        self, batch_id: UUID, status: EssayStatus, *, only: Collection[str] | None = None
    ) -> int:
        """Move essays that are held out of processing: all of a batch that are there, or only some; how many."""
        return self._move(
            "status = :status where batch_id = :batch_id and status = 'in_processing'",
            {"batch_id": batch_id, "status": status},
            only,
        )

    def _move(self, how: str, values: Mapping[str, Any], only: Collection[object] | None) -> int:
        of_these = "" if only is None else "and id = any(cast(:ids as uuid[]))"
        ids = {} if only is None else {"ids": literal(only)}
        moved = prepared(f"update essays set {how} {of_these}").on(  # noqa: S608 - constants of this class
            self._session, {**values, **ids}
        )
        return moved.rowcount

    def count_by_status(self, batch_id: UUID) -> dict[str, int]:
        """How many essays of a batch stand where."""
        rows = self._session.execute(
            select(Essay.status, func.count())
            .where(Essay.batch_id == batch_id)
            .group_by(Essay.status)
        )
        return dict(rows.all())

    def count_failed_for(self, batch_id: UUID, code: str) -> int:
        """How many essays of a batch have no text for one reason."""
        found = self._session.scalar(
            select(func.count())
            .select_from(Essay)
            .where(Essay.batch_id == batch_id, Essay.failure_code == code)
        )
        return found or 0

    def in_processing(self, batch_id: UUID) -> tuple[ItemRef, ...]:
        """The essays of a batch that a run works on, in order."""
        rows = prepared(
            "select id, text_sha256 from essays where batch_id = :batch_id and status = 'in_processing'"
            " order by position"
        ).tuples(self._session, {"batch_id": batch_id})
        return tuple(map(ItemRef._make, rows))

    def students_of(self, essay_ids: Collection[UUID]) -> frozenset[str]:
        """Who wrote some essays, as far as that is known."""
        rows = self._session.scalars(
            select(Essay.student_name).where(
                Essay.id.in_(essay_ids), Essay.student_name.is_not(None)
            )
        )
        return frozenset(name for name in rows if name)

    def with_text(self, essay_ids: Collection[UUID]) -> dict[UUID, Item]:
        """Essays with what was written."""
        if not essay_ids:
            return {}
        rows = prepared(
            "select e.id, c.body, c.sha256 from essays e join contents c on c.id = e.text_storage_id"
            " where e.id = any(cast(:ids as uuid[]))"
        ).on(
            self._session,
            {"ids": literal(essay_ids)},
        )
        return {row.id: Item(row.id, bytes(row.body).decode("utf-8"), row.sha256) for row in rows}

    def lengths(self, batch_id: UUID) -> Sequence[int]:
        """How long the texts of a batch are, in bytes, which are no fewer than their characters."""
        return self._session.scalars(
            select(func.octet_length(Content.body))
            .join(Essay, Essay.text_storage_id == Content.id)
            .where(Essay.batch_id == batch_id)
        ).all()

    def store(self, batch_id: UUID, body: bytes, at: datetime) -> Stored:
        """Keep bytes for as long as the batch exists."""
        stored = Stored(uuid4(), sha256(body).hexdigest())
        self._session.add(
            Content(
                id=stored.storage_id,
                batch_id=batch_id,
                sha256=stored.sha256,
                body=body,
                created_at=at,
            )
        )
        self._session.flush()
        return stored

    def read(self, storage_id: UUID) -> bytes:
        """Bytes that were kept."""
        return self._session.scalars(select(Content.body).where(Content.id == storage_id)).one()
