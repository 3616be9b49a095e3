"""Files that are made once and used by every later process of the same user."""

import fcntl
import mmap
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pipelines.phases.spellcheck.image import Buffer, DamagedImageError

_FORGOTTEN_AFTER_S = 60 * 86400
_PATIENCE_S = 120.0
_LOOKS_EVERY_S = 0.05

Opened = TypeVar("Opened")


def default_folder() -> Path | None:
    """Where the user's programs keep what they can make again; None for a user without a home.

    Source: XDG Base Directory Specification 0.8, `XDG_CACHE_HOME`.
    """
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return Path(named) / "huleedu"
    with suppress(RuntimeError):
        return Path.home() / ".cache" / "huleedu"
    return None


def open_or_make(
    folder: Path | None,
    name: str,
    *,
    make: Callable[[], bytes],
    use: Callable[[Buffer], Opened],
    warn: Callable[[str], None],
) -> Opened:
    """Use a file of the cache, making it first if it is missing or unusable.

    One process makes it and the others wait for that. A file appears under its name only when it is
    complete and on disk, so if two make the same one after all, the last one wins, and whoever
    mapped the other one keeps it. Where nothing can be kept, what was made is used from memory.

    Args:
        folder: the cache; made if it is not there. None keeps nothing.
        name: the file's; names the content, so that another content has another name. Up to its
            last hyphen it is what the content is of: of those, files not used for two months are
            removed when a new one is made.
        make: its content.
        use: what is made of the content, which is a memory map or bytes.
        warn: told in a sentence that a file was unusable, or that nothing can be kept.

    Raises:
        Exception: what `make` raises, and `use` for what was just made.
    """
    if folder is None:
        warn(f"There is no folder to keep {name} in, so it is made anew by every process.")
        return use(make())
    path = folder / name
    try:
        return _opened(path, use)
    except FileNotFoundError:
        pass
    except (OSError, DamagedImageError) as exc:
        warn(f"{path} is made anew: {exc}")
    with _alone(path):
        with suppress(OSError, DamagedImageError):
            return _opened(path, use)  # somebody else has made it meanwhile
        content = make()
        try:
            _write(path, content)
            _forget_others(path)
            return _opened(path, use)
        except (OSError, DamagedImageError) as exc:
            warn(f"{path} cannot be kept, so it is made anew by every process: {exc}")
            return use(content)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until nobody else makes this file: not forever, and not where there are no locks."""
    locked = path.with_name(f".{path.name}.lock")
    with ExitStack() as held:
        with suppress(OSError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = held.enter_context(locked.open("w"))
            if _has_locked(file.fileno()):
                # Who waited for it, or comes now, finds the file made, or makes it a second time.
                held.callback(locked.unlink, missing_ok=True)
        yield


def _has_locked(handle: int) -> bool:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_LOOKS_EVERY_S)
        else:
            return True
    return False


def _opened(path: Path, use: Callable[[Buffer], Opened]) -> Opened:
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        # Whoever owns a file may cut it short while it is mapped, and end this process.
        if about.st_uid not in (0, os.geteuid()):
            raise DamagedImageError("It belongs to another user.")
        if not about.st_size:
            raise DamagedImageError("It is empty.")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    opened = use(mapped)
    if time.time() - about.st_mtime > _FORGOTTEN_AFTER_S / 2:
        with suppress(OSError):
            os.utime(path)
    return opened


def _write(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_others(path: Path) -> None:
    """Remove files of the same kind that nobody has used for long, and what killed writers left."""
    kind = path.name.rpartition("-")[0]
    with suppress(OSError):
        for pattern in (f"{kind}-*", f".{kind}-*"):
            for other in path.parent.glob(pattern):
                if time.time() - other.stat().st_mtime > _FORGOTTEN_AFTER_S:
                    other.unlink()
