"""A request under a key is done once: whoever sends it again gets the answer of the first time.

The claim is a transaction of its own, so that the same request is not under way twice. Whoever dies with a claim holds
the key up for some seconds. Nobody can know then how far it came, so the next one with it is let through; what was made
under a key has ids that follow from it, and is found. The same saves a request that is only slow from its own double.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import text

from app.errors import IdempotencyInProgress, IdempotencyKeyReused
from app.services.deps import Deps
from app.unit_of_work import in_request

KEPT_S = 24 * 3600
LAPSES_S = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """The right, and the duty, to do a request."""

    owner_id: UUID
    key: str
    token: UUID


def claim(owner_id: UUID, key: str, request_sha256: str, *, deps: Deps) -> Claim | Answer:
    """Take a key for a request that nobody has done yet, or give the answer it got.

    Raises:
        IdempotencyKeyReused: the key was used for another request.
        IdempotencyInProgress: the same request is being done at this moment.
    """
    mine = Claim(owner_id, key, uuid4())
    row = _take(mine, request_sha256, deps)
    if row.request_sha256 != request_sha256:
        raise IdempotencyKeyReused("Use a new key for each request; this one was another.")
    if row.token == mine.token:
        return mine
    if row.status is None:
        raise IdempotencyInProgress("It will have an answer soon; ask again in a moment.")
    return Answer(row.status, row.content_type, bytes(row.body))


@dataclass(frozen=True, slots=True)
class _Row:
    request_sha256: str
    token: UUID
    status: int | None
    content_type: str
    body: bytes


@in_request
def _take(mine: Claim, request_sha256: str, deps: Deps) -> _Row:
    with deps.uow("claim_key") as uow:
        uow.session.execute(
            text("""
                insert into idempotent_requests as kept
                    (owner_id, key, request_sha256, token, claimed_at, expires_at)
                values (:owner_id, :key, :sha, :token, now(), now() + make_interval(secs => :kept_s))
                on conflict (owner_id, key) do update set
                    request_sha256 = excluded.request_sha256, token = excluded.token,
                    claimed_at = now(), expires_at = excluded.expires_at,
                    batch_id = null, status = null, content_type = null, body = null
                where kept.expires_at < now() or (kept.status is null
                    and kept.request_sha256 = excluded.request_sha256
                    and kept.claimed_at < now() - make_interval(secs => :lapses_s))
            """),
            {
                "owner_id": mine.owner_id,
                "key": mine.key,
                "sha": request_sha256,
                "token": mine.token,
                "kept_s": KEPT_S,
                "lapses_s": LAPSES_S,
            },
        )
        row = uow.session.execute(
            text("""
                select request_sha256, token, status, content_type, body from idempotent_requests
                where owner_id = :owner_id and key = :key
            """),
            {"owner_id": mine.owner_id, "key": mine.key},
        ).one()
        uow.commit()
    return _Row(*row)


@in_request
def keep(mine: Claim, answer: Answer, batch_id: UUID | None, *, deps: Deps) -> None:
    """Keep the answer of a request that has been done, for a day or as long as its batch exists."""
    with deps.uow("keep_answer") as uow:
        uow.session.execute(
            text("""
                update idempotent_requests set status = :status, content_type = :content_type,
                    body = :body, batch_id = (select id from batches where id = :batch_id)
                where owner_id = :owner_id and key = :key and token = :token
            """),
            {
                "status": answer.status,
                "content_type": answer.content_type,
                "body": answer.body,
                "batch_id": batch_id,
                "owner_id": mine.owner_id,
                "key": mine.key,
                "token": mine.token,
            },
        )
        uow.commit()


@in_request
def release(mine: Claim, *, deps: Deps) -> None:
    """Give a key back whose request changed nothing."""
    with deps.uow("release_key") as uow:
        uow.session.execute(
            text(
                "delete from idempotent_requests"
                " where owner_id = :owner_id and key = :key and token = :token"
            ),
            {"owner_id": mine.owner_id, "key": mine.key, "token": mine.token},
        )
        uow.commit()
