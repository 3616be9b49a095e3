"""Signing in and staying so, and who one is."""

from typing import Any

from flask import Response, after_this_request, g, request

from app import auth
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.schemas.account import (
    ChangeUserSchema,
    LoginSchema,
    OwnPagesSchema,
    TokenSchema,
    UserSchema,
)
from app.services import accounts, sessions
from app.services.sessions import Session

COOKIE = "huleedu_refresh"
COOKIE_PATH = "/v1/auth"

open_bp = GuardedBlueprint(
    "auth", __name__, url_prefix="/v1", access=Access.OPEN, description="Signing in"
)
bp = GuardedBlueprint(
    "account", __name__, url_prefix="/v1", access=Access.USER, description="One's own account"
)


@open_bp.route("/auth/login", methods=["POST"])
@open_bp.arguments(LoginSchema)
@open_bp.response(200, TokenSchema)
def login(wanted: dict[str, str]) -> dict[str, Any]:
    """Sign in with an e-mail address and a password."""
    user = accounts.sign_in(wanted["email"], wanted["password"], deps=deps())
    return _let_in(sessions.begin(user, deps=deps()))


@open_bp.route("/auth/refresh", methods=["POST"])
@open_bp.arguments(OwnPagesSchema, location="headers")
@open_bp.response(200, TokenSchema)
def refresh(_: dict[str, str]) -> dict[str, Any]:
    """Get another access token for the cookie of the last one; the cookie is exchanged too."""
    given = request.cookies.get(COOKIE, "")
    return _let_in(sessions.renew(given, arrived_at=g.arrived_at, deps=deps()))


@open_bp.route("/auth/logout", methods=["POST"])
@open_bp.response(204)
def logout() -> None:
    """Sign out here: the cookie, and every token it was exchanged for, is good for nothing any more."""
    given = request.cookies.get(COOKIE)
    if given:
        sessions.end(given, deps=deps())
    after_this_request(_take_cookie)


@bp.route("/me")
@bp.response(200, UserSchema)
def me() -> Any:
    """Say who is signed in."""
    return accounts.get(caller(), deps=deps())


@bp.route("/me", methods=["PATCH"])
@bp.arguments(ChangeUserSchema)
@bp.response(200, UserSchema)
def change_me(wanted: dict[str, str]) -> Any:
    """Change one's language or name."""
    return accounts.change(caller(), wanted, deps=deps())


def _let_in(session: Session) -> dict[str, Any]:
    settings = deps().settings
    g.user_id = session.user.id

    def give_cookie(response: Response) -> Response:
        response.set_cookie(
            COOKIE,
            session.refresh_token,
            max_age=settings.refresh_token_s,
            path=COOKIE_PATH,
            secure=request.is_secure,
            httponly=True,
            samesite="Strict",
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    after_this_request(give_cookie)
    return {
        "access_token": auth.issue(session.user, settings, deps().clock),
        "expires_in": settings.access_token_s,
    }


def _take_cookie(response: Response) -> Response:
    response.delete_cookie(
        COOKIE, path=COOKIE_PATH, secure=request.is_secure, httponly=True, samesite="Strict"
    )
    return response
