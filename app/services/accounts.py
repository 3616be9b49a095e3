"""Accounts and signing in."""

from collections.abc import Mapping
from functools import cache
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import EmailTaken, NotSignedIn, WrongCredentials
from app.services.deps import Deps
from app.unit_of_work import UnitOfWork, in_request
from models import User

_hasher = PasswordHasher()


@cache
def _decoy() -> str:
    """A hash to check against when there is no account, so that both answers take as long."""
    return _hasher.hash("nobody's password")


@in_request
def sign_in(email: str, password: str, *, deps: Deps) -> User:
    """The account a person proved to own.

    Raises:
        WrongCredentials: there is no such account, or the password is another; which is not told.
    """
    with deps.uow("sign_in") as uow:
        user = uow.users.by_email(email)
    try:
        _hasher.verify(user.password_hash if user else _decoy(), password)
    except (VerificationError, InvalidHashError) as exc:
        raise WrongCredentials("Check both and try again.") from exc
    if user is None:
        raise WrongCredentials("Check both and try again.")
    return user


@in_request
def add(email: str, display_name: str, password: str, role: str, *, deps: Deps) -> User:
    """Make an account.

    Raises:
        EmailTaken: there is one with this address.
    """
    with deps.uow("add_user") as uow:
        if uow.users.by_email(email) is not None:
            raise EmailTaken("Choose another address, or sign in.", field="/email")
        user = User(
            id=uuid4(),
            email=email.strip(),
            display_name=display_name,
            password_hash=_hasher.hash(password),
            role=role,
            created_at=deps.clock(),
        )
        uow.users.add(user)
        uow.commit()
    return user


@in_request
def change(user_id: UUID, wanted: Mapping[str, str], *, deps: Deps) -> User:
    """Change somebody's language or name. Raises like `get`."""
    with deps.uow("change_user") as uow:
        user = _user(uow, user_id)
        for key in ("locale", "display_name"):
            if key in wanted:
                setattr(user, key, wanted[key])
        uow.commit()
    return user


@in_request
def get(user_id: UUID, *, deps: Deps) -> User:
    """The account a token speaks of.

    Raises:
        NotSignedIn: it is gone.
    """
    with deps.uow("get_user") as uow:
        return _user(uow, user_id)


def _user(uow: UnitOfWork, user_id: UUID) -> User:
    user = uow.users.get(user_id)
    if user is None:
        raise NotSignedIn("The account of this token does not exist any more.")
    return user
