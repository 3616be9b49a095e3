"""Words that are no errors in one class."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import cast, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.prepared import prepared
from models import AllowedWord, Essay, SpellcheckResult

_FORMS = prepared("select form from allowed_words where batch_id = :batch_id")


class AllowedWords:
    """The allowed words of one transaction. Whoever changes them holds the batch."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, batch_id: UUID) -> Sequence[AllowedWord]:
        """Every allowed word of a batch, by form."""
        return self._session.scalars(
            select(AllowedWord).where(AllowedWord.batch_id == batch_id).order_by(AllowedWord.form)
        ).all()

    def forms(self, batch_id: UUID) -> frozenset[str]:
        """The forms that are allowed in a batch."""
        return frozenset(_FORMS.on(self._session, {"batch_id": batch_id}).scalars())

    def find(self, batch_id: UUID, form: str) -> AllowedWord | None:
        """One allowed word."""
        return self._session.get(AllowedWord, (batch_id, form))

    def count(self, batch_id: UUID) -> int:
        """How many words a batch allows."""
        query = select(func.count()).where(AllowedWord.batch_id == batch_id)
        return self._session.scalar(query) or 0

    def add(self, word: AllowedWord) -> None:
        """Allow a word that is not allowed yet."""
        self._session.add(word)
        self._session.flush()

    def remove(self, batch_id: UUID, form: str) -> bool:
        """Allow a form no longer; whether it was allowed."""
        removed = self._session.scalars(
            delete(AllowedWord)
            .where(AllowedWord.batch_id == batch_id, AllowedWord.form == form)
            .returning(AllowedWord.form)
        ).all()
        return bool(removed)

    def essays_with(self, batch_id: UUID, form: str) -> Sequence[UUID]:
        """The essays of a batch in which a form was ever found."""
        return self._session.scalars(
            select(Essay.id)
            .join(SpellcheckResult, SpellcheckResult.essay_id == Essay.id)
            .where(
                Essay.batch_id == batch_id,
                SpellcheckResult.findings.op("@>")(cast([{"form": form}], JSONB)),
            )
            .distinct()
        ).all()
