"""Words that are no errors in one class."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AllowedWord(Base):
    """A word that a teacher has allowed in a batch: as it was written, and the form by which it is known again."""

    __tablename__ = "allowed_words"

    batch_id: Mapped[UUID] = mapped_column(
        ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str]
    allowed_at: Mapped[datetime]
