"""What a crashed PostgreSQL leaves behind that would keep the next one from starting.

The server takes any live process with a recorded number for its predecessor, also one that got the
number later. And backends that were computing when their postmaster was killed still hold its
shared memory; their work is lost without it.
"""

import time
from contextlib import suppress
from pathlib import Path

import psutil

from app.local.errors import AlreadyRunning

PROGRAM = "postgres"
TIMEOUT_S = 20.0
POLL_S = 0.02


def clear_up(cluster: Path, cluster_name: str, socket: Path) -> None:
    """Make a cluster that nobody serves ready for a start.

    Args:
        cluster: the data directory of the server.
        cluster_name: the setting of that name, by which the server's processes are known.
        socket: the server's socket; its lock lies beside it.

    Raises:
        AlreadyRunning: a postmaster serves the cluster and does not end by itself, or its backends
            cannot be ended.
    """
    pid_file = cluster / "postmaster.pid"
    _await_end(_first_number(pid_file), cluster, cluster_name)
    deadline = time.monotonic() + TIMEOUT_S
    while kill(cluster_name) or _shared_memory_is_held(pid_file):
        if time.monotonic() > deadline:
            raise AlreadyRunning(
                f"What is left of an earlier PostgreSQL on {cluster} does not end."
            )
        time.sleep(POLL_S)
    pid_file.unlink(missing_ok=True)
    lock = socket.with_name(f"{socket.name}.lock")
    if not _is_postgres(_first_number(lock)):
        lock.unlink(missing_ok=True)
        socket.unlink(missing_ok=True)


def kill(cluster_name: str) -> bool:
    """SIGKILL every process of a cluster; whether there was one."""
    found = processes(cluster_name)
    for each in found:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    return bool(found)


def processes(cluster_name: str) -> list[psutil.Process]:
    """The postmaster and backends of a cluster, known by the name in their titles."""
    return [
        each
        for each in psutil.process_iter(["name", "cmdline"])
        if each.info["name"] == PROGRAM
        and any(cluster_name in word for word in each.info["cmdline"] or ())
    ]


def _await_end(postmaster: int | None, cluster: Path, cluster_name: str) -> None:
    """Wait for a postmaster that was told to end when its supervisor was killed."""
    running = [each for each in processes(cluster_name) if each.pid == postmaster]
    psutil.wait_procs(running, timeout=TIMEOUT_S)
    if any(each.pid == postmaster for each in processes(cluster_name)):
        raise AlreadyRunning(
            f"Another PostgreSQL (process {postmaster}) is running on {cluster}. End it first."
        )


def _shared_memory_is_held(pid_file: Path) -> bool:
    """Whether a process is still attached to the segment that `postmaster.pid` names."""
    try:
        segment = pid_file.read_text().splitlines()[6].split()[1]
        header, *rows = Path("/proc/sysvipc/shm").read_text().splitlines()
    except (OSError, IndexError):
        return False
    found = (dict(zip(header.split(), row.split(), strict=False)) for row in rows)
    return any(each["shmid"] == segment and each["nattch"] != "0" for each in found)


def _first_number(path: Path) -> int | None:
    try:
        return abs(int(path.read_text().splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return None


def _is_postgres(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        found = psutil.Process(pid)
        # A zombie, which nobody reaps in some containers, keeps its name.
        return found.name() == PROGRAM and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
