"""Files as handed in, and who is reading them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from models import Content, Essay, File


class Files:
    """The files of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, file: File) -> None:
        """Write a new file."""
        self._session.add(file)
        self._session.flush()

    def of(self, batch_id: UUID) -> Sequence[File]:
        """A batch's files in the order they came."""
        return self._session.scalars(
            select(File).where(File.batch_id == batch_id).order_by(File.created_at, File.id)
        ).all()

    def find(self, batch_id: UUID, file_ids: Collection[UUID]) -> dict[UUID, File]:
        """Those files of a batch that there are, by their ids."""
        found = self._session.scalars(
            select(File).where(File.batch_id == batch_id, File.id.in_(file_ids))
        )
        return {file.id: file for file in found}

    def get(self, batch_id: UUID, file_id: UUID) -> File | None:
        """One file of a batch."""
        file = self._session.get(File, file_id)
        return file if file is not None and file.batch_id == batch_id else None

    def current_of(self, batch_id: UUID) -> Sequence[File]:
        """The files that a batch's essays have their texts from."""
        return self._session.scalars(
            select(File).join(Essay, Essay.file_id == File.id).where(Essay.batch_id == batch_id)
        ).all()

    def lock(self, batch_id: UUID, file_id: UUID) -> File | None:
        """One file of a batch as it is now, held until the end of the transaction."""
        return self._session.scalars(
            select(File)
            .where(File.id == file_id, File.batch_id == batch_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def remove(self, file: File, contents: Collection[UUID]) -> None:
        """Take out a file that is held and that no essay has any more, and the bytes nothing needs without it."""
        self._session.execute(delete(File).where(File.id == file.id))
        self._session.execute(delete(Content).where(Content.id.in_(contents)))

    def lock_all(self, batch_id: UUID) -> None:
        """Hold a batch's files until the end of the transaction."""
        self._session.execute(
            text("select 1 from files where batch_id = :id order by id for update"),
            {"id": batch_id},
        )

    def claim(self, file_id: UUID, *, token: UUID, lease_s: float) -> File | None:
        """Take a file to read; None if it has been read or somebody is reading it."""
        claimed = self._session.scalars(
            select(File).from_statement(
                text("""
                    update files
                    set status = 'reading', lease_token = :token,
                        attempts = attempts + case when status = 'received' then 1 else 0 end,
                        lease_until = now() + make_interval(secs => :lease_s)
                    where id = :id and (status = 'received' or lease_token = :token)
                    returning *
                """)
            ),
            {"id": file_id, "token": token, "lease_s": lease_s},
        )
        return claimed.one_or_none()

    def lock_claimed(self, file_id: UUID, token: UUID) -> File | None:
        """A file we are still the reader of, held until the end of the transaction."""
        return self._session.scalars(
            select(File)
            .where(File.id == file_id, File.lease_token == token, File.status == "reading")
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def take_back(self) -> list[File]:
        """Files whose reader has gone silent, free to be read again."""
        return list(
            self._session.scalars(
                select(File)
                .from_statement(
                    text("""
                        with lost as materialized (
                            select id from files
                            where status = 'reading' and lease_until < now()
                            order by id for no key update
                        )
                        update files f
                        set status = 'received', lease_token = null, lease_until = null,
                            dispatched_at = '-infinity'
                        from lost where f.id = lost.id
                        returning f.*
                    """)
                )
                .execution_options(populate_existing=True)
            )
        )

    def take_due(self, after_s: float) -> list[tuple[UUID, UUID]]:
        """Mark as sent the files that were sent long ago and that nobody reads: (file, batch)."""
        rows = self._session.execute(
            text("""
                with due as materialized (
                    select id from files
                    where status = 'received' and dispatched_at
                        < now() - make_interval(secs => :after_s * power(2, least(dispatches, 6) - 1))
                    order by id limit 500 for no key update
                )
                update files f set dispatched_at = now(), dispatches = dispatches + 1
                from due where f.id = due.id
                returning f.id, f.batch_id
            """),
            {"after_s": after_s},
        )
        return [(row.id, row.batch_id) for row in rows]
