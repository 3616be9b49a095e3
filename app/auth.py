"""Who asks: a person by a bearer token, a service by its key."""

from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from uuid import UUID

from flask import current_app, g, request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.clock import Clock
from app.errors import NotAService, NotSignedIn
from app.services import accounts
from app.settings import Settings
from models import User

ISSUER = "huleedu"
ALGORITHM = "HS256"
SERVICE_KEY_HEADER = "X-Service-Key"


def issue(user: User, settings: Settings, clock: Clock) -> str:
    """An access token that says who somebody is, for `settings.access_token_s` seconds."""
    now = int(clock().timestamp())
    claims = {
        "iss": ISSUER,
        "sub": str(user.id),
        "role": user.role,
        "iat": now,
        "exp": now + settings.access_token_s,
    }
    return jwt.encode({"alg": ALGORITHM}, claims, _key(settings))


def read(token: str, settings: Settings, clock: Clock) -> tuple[UUID, datetime]:
    """Whom a token speaks of, and until when it is good.

    Raises:
        NotSignedIn: it is none of ours, or has run out.
    """
    try:
        claims = jwt.decode(token, _key(settings), algorithms=[ALGORITHM]).claims
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(clock().timestamp()),
            iss={"essential": True, "value": ISSUER},
            sub={"essential": True},
            exp={"essential": True},
        )
        rules.validate(claims)
        return UUID(claims["sub"]), datetime.fromtimestamp(claims["exp"], UTC)
    except (JoseError, ValueError, KeyError, TypeError) as exc:
        raise NotSignedIn("The access token is not valid, or no longer.") from exc


def user_of_request() -> UUID:
    """Whom this request's token speaks of; whether there still is such an account is not asked.

    Raises:
        NotSignedIn: there is none, or as `read`.
    """
    if "token_user_id" not in g:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotSignedIn(
                "Send the header 'Authorization: Bearer …'; /v1/auth/login gives a token."
            )
        deps: Any = current_app.extensions["deps"]
        g.token_user_id, g.access_until = read(token.strip(), deps.settings, deps.clock)
    found: UUID = g.token_user_id
    return found


def require_user() -> None:
    """Let a request in only with a valid access token; `g.user_id` is whose."""
    deps: Any = current_app.extensions["deps"]
    user_id = user_of_request()
    # A token outlives its account; whoever has been erased comes in nowhere.
    g.user_id = accounts.get(user_id, deps=deps).id


def require_service() -> None:
    """Let a request in only with the service key."""
    deps: Any = current_app.extensions["deps"]
    given = request.headers.get(SERVICE_KEY_HEADER, "")
    if not compare_digest(given.encode(), deps.settings.service_key.encode()):
        raise NotAService(f"Send the header '{SERVICE_KEY_HEADER}'.")


def _key(settings: Settings) -> OctKey:
    return OctKey.import_key(settings.secret_key)
