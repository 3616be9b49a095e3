"""Things a test needs to exist, made the way users make them."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from app.services import accounts, batches, ingest, uploads
from app.services.deps import Deps
from app.services.uploads import Upload
from models import User

FILLER = " Once upon a time there was a pupil who wrote an essay that was just about long enough."


def an_essay(words: str = "") -> str:
    """A text long enough to be read, with some words of the test's own."""
    return words + FILLER


def a_teacher(deps: Deps, email: str | None = None) -> User:
    """Somebody with an account, whose password is `correct horse`."""
    email = email or f"{uuid4().hex}@school.example"
    return accounts.add(email, "T. Eacher", "correct horse", "teacher", deps=deps)


def a_registration(count: int, **more: object) -> dict[str, object]:
    """What a client sends to register a batch."""
    return {
        "expected_essay_count": count,
        "essay_ids": [f"essay-{n}" for n in range(1, count + 1)],
        "course_code": "ENG5",
        "class_designation": "Class 9A",
        "essay_instructions": "Write about a challenge.",
        "teacher_name": "T. Eacher",
        "class_id": None,
        "pipeline": None,
    } | more


def a_batch(deps: Deps, owner: User, texts: Sequence[str], **more: object) -> UUID:
    """A batch whose essays have been handed in and read."""
    registration = a_registration(len(texts), **more)
    batch = batches.register(registration, owner_id=owner.id, correlation_id=uuid4(), deps=deps)
    files = [Upload(f"pupil-{n}.txt", text.encode()) for n, text in enumerate(texts, start=1)]
    for row in uploads.hand_in(batch.id, files, owner_id=owner.id, deps=deps):
        assert row.file_id is not None, row
        ingest.read_file(row.file_id, deps)
    return batch.id
