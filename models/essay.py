"""One text in a batch, the file it came in, and the bytes of both."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Status, one_of
from pipelines.vocabulary import EssayStatus, FileStatus, Language


class Content(Base):
    """Bytes under an id: a file as handed in, or the text read from it in UTF-8. Never changed."""

    __tablename__ = "contents"
    __table_args__ = (Index("ix_contents_batch_id", "batch_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    sha256: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class Essay(Base):
    """One slot of a batch. `essay_id` is the caller's name for it, unique in the batch.

    `student_name` follows from the names of the batch's files, unless it is set by hand. `language` is null where the
    essay is in the language of its course.
    """

    __tablename__ = "essays"
    __table_args__ = (
        CheckConstraint(one_of("status", EssayStatus), name="status"),
        CheckConstraint(one_of("language", Language), name="language"),
        Index("ix_essays_file_id", "file_id"),
        Index("ix_essays_text_storage_id", "text_storage_id"),
        UniqueConstraint("batch_id", "essay_id"),
        UniqueConstraint("batch_id", "position"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    position: Mapped[int]
    essay_id: Mapped[str]
    status: Mapped[str] = mapped_column(Status)
    file_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("files.id", use_alter=True, ondelete="SET NULL")
    )
    text_storage_id: Mapped[UUID | None] = mapped_column(ForeignKey("contents.id"))
    text_sha256: Mapped[str | None]
    student_name: Mapped[str | None]
    is_named_by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str | None]
    failure_code: Mapped[str | None]
    failure_reason: Mapped[str | None]


class File(Base):
    """One file a teacher handed in, kept as it came; claimed by one reader at a time.

    One out of an archive has the archive's name, and its whole path in there: folders are often named for pupils.
    """

    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint(one_of("status", FileStatus), name="status"),
        Index("ix_files_batch_id", "batch_id"),
        Index("ix_files_content_storage_id", "content_storage_id"),
        Index("ix_files_essay_id", "essay_id"),
        Index(
            "ix_files_open",
            "created_at",
            postgresql_where=text("status in ('received', 'reading')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    essay_id: Mapped[UUID | None] = mapped_column(ForeignKey("essays.id", ondelete="CASCADE"))
    file_name: Mapped[str]
    archive_name: Mapped[str | None]
    archive_path: Mapped[str | None]
    size_bytes: Mapped[int]
    content_storage_id: Mapped[UUID] = mapped_column(ForeignKey("contents.id"))
    status: Mapped[str] = mapped_column(Status)
    failure_code: Mapped[str | None]
    failure_reason: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    dispatches: Mapped[int] = mapped_column(default=1)
    dispatched_at: Mapped[datetime]
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
