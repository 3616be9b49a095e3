"""Where servers keep files: in the project where permissions allow it, else in a private stand-in.

A stand-in's name is derived from the directory it stands in for, so a later start finds the same
data. No permission of a directory that exists already is ever changed.
"""

import hashlib
import os
import re
import shutil
import stat
from pathlib import Path

from app.local.accounts import Account
from app.local.errors import Unusable

# A socket's path has 108 bytes on Linux and 104 elsewhere, terminator and file name included.
MAX_SOCKET_DIRECTORY_BYTES = 80
# Sockets are named in URLs, which libraries unquote differently or not at all.
PLAIN = re.compile(r"[A-Za-z0-9_./-]+")
LASTING = Path("/var/tmp")  # noqa: S108 - ownership is verified before anything in it is trusted
PASSING = Path("/tmp")  # noqa: S108 - as above
PREFIX = "huleedu"


def data_directory(wanted: Path, account: Account) -> Path:
    """A private directory of `account` that outlives a restart of the machine.

    Raises:
        Unusable: neither the directory nor its stand-in belongs to the account alone.
    """
    return _settled(wanted.resolve(), account, LASTING)


def socket_directory(wanted: Path, account: Account) -> Path:
    """The same for sockets: the path is also short, and plain enough to stand in a URL unquoted."""
    wanted = wanted.resolve()
    fits = len(os.fsencode(wanted)) <= MAX_SOCKET_DIRECTORY_BYTES and PLAIN.fullmatch(str(wanted))
    base = LASTING if account.switched else _session_directory()
    return _settled(wanted, account, base) if fits else _stand_in(wanted, account, base)


def reachable(path: Path, account: Account) -> bool:
    """Whether an account may pass through every existing directory of `path` and use the last one.

    Permission bits only: access lists that take rights away from everybody else are not consulted.
    """
    while not path.exists():
        path = path.parent
    return all(_may(each.stat(), account, stat.S_IXOTH) for each in (path, *path.parents))


def readable(path: Path, account: Account) -> bool:
    """Whether an account may reach a file or directory and read it."""
    wanted = stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH
    return reachable(path.parent, account) and _may(path.stat(), account, wanted)


def outside_name(path: Path) -> str:
    """A name for what stands in for `path`: the same each time, another one for each user."""
    digest = hashlib.blake2b(os.fsencode(path), digest_size=6).hexdigest()
    return f"{PREFIX}-{os.geteuid()}-{digest}"


def outside(path: Path) -> Path | None:
    """The directory made here that a path lies in or is, if there is one."""
    ours = f"{PREFIX}-{os.geteuid()}-"
    return next((each for each in (path, *path.parents) if each.name.startswith(ours)), None)


def remove(path: Path) -> None:
    """Delete a directory, and its stand-in once nothing else is in there."""
    shutil.rmtree(path, ignore_errors=True)
    made = outside(path)
    if made and made.is_dir() and not any(made.iterdir()):
        made.rmdir()


def home_directory(wanted: Path) -> Path:
    """A directory of ours that the servers' account can pass through if it has to.

    Raises:
        Unusable: neither the directory nor its stand-in is ours.
    """
    mode = 0o711 if os.geteuid() == 0 else 0o700
    wanted = wanted.resolve()
    try:
        return own(wanted, mode=mode, forbidden=0)
    except (OSError, Unusable):
        return own(LASTING / outside_name(wanted), mode=mode)


def own(path: Path, *, mode: int, forbidden: int = 0o022) -> Path:
    """A directory that is ours, made with `mode` if it is missing.

    Raises:
        Unusable: somebody else owns it or has one of the `forbidden` permissions, or it is a link.
    """
    _make(path, mode)
    _verify(path, Account.ours(), forbidden=forbidden)
    return path


def _settled(wanted: Path, account: Account, base: Path) -> Path:
    if reachable(wanted.parent, account):
        try:
            return _private(wanted, account)
        except (OSError, Unusable):
            pass  # somebody else's, on a read-only disk, or on one that keeps no permissions
    return _stand_in(wanted, account, base)


def _stand_in(wanted: Path, account: Account, base: Path) -> Path:
    made = own(base / outside_name(wanted.parent), mode=0o711 if account.switched else 0o700)
    return _private(made / wanted.name, account)


def _session_directory() -> Path:
    named = Path(os.environ.get("XDG_RUNTIME_DIR") or PASSING)
    usable = named.is_absolute() and named.is_dir() and os.access(named, os.W_OK | os.X_OK)
    return (
        named if usable and len(os.fsencode(named)) < MAX_SOCKET_DIRECTORY_BYTES // 2 else PASSING
    )


def _private(path: Path, account: Account) -> Path:
    if _make(path, 0o700) and account.switched:
        os.chown(path, account.uid, account.gid)
    _verify(path, account, forbidden=0o077)
    return path


def _make(path: Path, mode: int) -> bool:
    """Make a directory and its missing parents; whether the directory itself was missing.

    The mode is set after the fact as well, because nobody knows the umask we were started with.
    """
    if not path.parent.exists():
        _make(path.parent, 0o711 if os.geteuid() == 0 else 0o700)
    try:
        path.mkdir(mode)
    except FileExistsError:
        return False
    path.chmod(mode)
    return True


def _verify(path: Path, account: Account, *, forbidden: int) -> None:
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid or found.st_mode & forbidden:
        raise Unusable(
            f"{path} is not a directory of user {account.uid} alone "
            f"(owner {found.st_uid}, mode {stat.filemode(found.st_mode)}). Move it away, "
            "or set HULEEDU_HOME to a directory elsewhere."
        )


def _may(found: os.stat_result, account: Account, wanted: int) -> bool:
    """Whether permission bits, given as those of "others", are granted to an account."""
    if account.uid == 0:
        return True
    if found.st_uid == account.uid:
        wanted <<= 6
    elif found.st_gid == account.gid:
        wanted <<= 3
    return found.st_mode & wanted == wanted
