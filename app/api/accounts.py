"""Signing in, and who one is."""

from typing import Any

from app import auth
from app.api.blueprint import Access, GuardedBlueprint, caller, deps
from app.schemas.account import LoginSchema, TokenSchema, UserSchema
from app.services import accounts

open_bp = GuardedBlueprint(
    "auth", __name__, url_prefix="/v1", access=Access.OPEN, description="Signing in"
)
bp = GuardedBlueprint(
    "account", __name__, url_prefix="/v1", access=Access.USER, description="One's own account"
)


@open_bp.route("/auth/login", methods=["POST"])
@open_bp.arguments(LoginSchema)
@open_bp.response(200, TokenSchema)
@open_bp.alt_response(401, description="The e-mail address or the password is wrong.")
def login(wanted: dict[str, str]) -> dict[str, Any]:
    """Sign in with an e-mail address and a password."""
    user = accounts.sign_in(wanted["email"], wanted["password"], deps=deps())
    settings = deps().settings
    return {
        "access_token": auth.issue(user, settings, deps().clock),
        "expires_in": settings.access_token_s,
    }


@bp.route("/me")
@bp.response(200, UserSchema)
def me() -> Any:
    """Say who is signed in."""
    return accounts.get(caller(), deps=deps())
