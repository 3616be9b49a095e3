"""Saying of a word that it is no error in this class, and taking that back.

Whoever is allowed here counts at once: the read model leaves out what was found of that form, whichever run it is from.
The next run over the batch does not find it any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from unicodedata import normalize
from uuid import UUID

from app.errors import TooManyAllowedWords
from app.services import projecting
from app.services.deps import Deps
from app.services.results import Seen, whatever
from app.unit_of_work import UnitOfWork, in_request
from models import AllowedWord, Batch
from pipelines.forms import form_of

MOST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Allowed:
    """A word as a teacher has allowed it, and since when."""

    word: str
    allowed_at: datetime


@in_request
def words_of(
    batch_id: UUID, *, owner_id: UUID, deps: Deps, seen: Seen = whatever
) -> Sequence[Allowed]:
    """Every word that is no error in a batch, in alphabetical order of forms.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    with deps.uow("read_allowed_words") as uow:
        seen(uow.batches.standing(batch_id, owner_id).version)
        return [_shown(row) for row in uow.allowed_words.of(batch_id)]


@in_request
def allow(batch_id: UUID, word: str, *, owner_id: UUID, deps: Deps) -> Allowed:
    """Say that a word is no error in a batch; saying it again, in whatever case, changes nothing.

    It may be said while a run is active: what that finds is left out as well.

    Raises:
        BatchNotFound: no such batch of this teacher.
        TooManyAllowedWords: the batch allows as many as it may.
    """
    form = form_of(word)
    with deps.uow("allow_word") as uow:
        uow.batches.owned(batch_id, owner_id)
        batch = uow.batches.lock(batch_id)
        known = uow.allowed_words.find(batch_id, form)
        if known is not None:
            return _shown(known)
        if uow.allowed_words.count(batch_id) >= MOST_WORDS:
            raise TooManyAllowedWords(
                f"A batch may allow {MOST_WORDS} words.", most_words=MOST_WORDS
            )
        allowed = AllowedWord(
            batch_id=batch_id,
            form=form,
            word=" ".join(normalize("NFC", word).split()),
            allowed_at=deps.clock(),
        )
        uow.allowed_words.add(allowed)
        answer = _shown(allowed)
        _tell(uow, batch, form)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)
    return answer


@in_request
def disallow(batch_id: UUID, word: str, *, owner_id: UUID, deps: Deps) -> None:
    """Take back that a word is no error in a batch; nothing happens if nobody has said so.

    Raises:
        BatchNotFound: no such batch of this teacher.
    """
    form = form_of(word)
    with deps.uow("disallow_word") as uow:
        uow.batches.owned(batch_id, owner_id)
        batch = uow.batches.lock(batch_id)
        if not uow.allowed_words.remove(batch_id, form):
            return
        _tell(uow, batch, form)
        uow.commit()
        projecting.outdate(uow, batch_id, deps)


def _tell(uow: UnitOfWork, batch: Batch, form: str) -> None:
    projecting.show_within(uow, batch.id, uow.allowed_words.essays_with(batch.id, form))
    uow.outbox.event(
        "BatchAllowedWordsChangedV1",
        batch_id=batch.id,
        correlation_id=batch.correlation_id,
        status=batch.status,
        data={"batch_id": str(batch.id), "allowed_count": uow.allowed_words.count(batch.id)},
    )


def _shown(row: AllowedWord) -> Allowed:
    return Allowed(row.word, row.allowed_at)
