"""Staying signed in: a refresh token is good for one use, and gives the next.

Whoever shows a token that was used before has it from somebody else's hands, or somebody else has; so everything
that came from the same sign-in ends. Within a few seconds of its first use it is one person with two windows, or one
whom the answer with the next token never reached, and both go on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID, uuid4

import structlog

from app.errors import SessionEnded
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import RefreshToken, User

log = structlog.get_logger(__name__)

BYTES = 32
# A page that is reloaded in the middle asks again at once, with the token it still has; a thief who is that quick is
# let in beside its owner, and is found out as soon as either shows a token later than this.
AGAIN_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in, and what shows it next time."""

    user: User
    refresh_token: str


@in_request
def begin(user: User, *, deps: Deps) -> Session:
    """Sign somebody in who has proved who they are."""
    with deps.uow("begin_session") as uow:
        token = _issue(uow, user.id, uuid4(), deps)
        uow.commit()
    return Session(user, token)


@in_request
def renew(refresh_token: str, *, arrived_at: datetime, deps: Deps) -> Session:
    """Take a refresh token and give the next.

    Args:
        arrived_at: when the request came in.

    Raises:
        SessionEnded: the token is none, has run out, was used longer ago than `AGAIN_WITHIN`, or its family has ended.
    """
    with deps.uow("renew_session") as uow:
        token = uow.sessions.lock(_hash(refresh_token))
        at = deps.clock()
        if token is None or token.ended_at is not None or token.expires_at <= at:
            raise SessionEnded("Sign in again.")
        if token.used_at is not None and token.used_at + AGAIN_WITHIN < arrived_at:
            uow.sessions.end_family(token.family_id, at)
            uow.commit()
            log.warning("refresh_token_reused", user_id=str(token.user_id))
            raise SessionEnded("Its token was used before, so it has been ended. Sign in again.")
        user = uow.users.get(token.user_id)
        assert user is not None  # the token goes with its account
        token.used_at = token.used_at or at
        issued = _issue(uow, user.id, token.family_id, deps)
        uow.commit()
    return Session(user, issued)


@in_request
def end(refresh_token: str, *, deps: Deps) -> None:
    """Sign out: nothing that came from the same sign-in is good any more."""
    with deps.uow("end_session") as uow:
        token = uow.sessions.lock(_hash(refresh_token))
        if token is not None:
            uow.sessions.end_family(token.family_id, deps.clock())
            uow.commit()


def _issue(uow: UnitOfWork, user_id: UUID, family_id: UUID, deps: Deps) -> str:
    secret, at = token_urlsafe(BYTES), deps.clock()
    uow.sessions.add(
        RefreshToken(
            token_sha256=_hash(secret),
            family_id=family_id,
            user_id=user_id,
            created_at=at,
            expires_at=at + timedelta(seconds=deps.settings.refresh_token_s),
        )
    )
    return secret


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
