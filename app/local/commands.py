"""The command lines of HuleEdu's own processes."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.local.errors import NoCatalogue
from pipelines import catalogue
from pipelines.errors import CatalogueError
from tasks import queues

# A socket takes a thread for as long as it is open, so this is what HULEEDU_MAX_SOCKETS allows, and some for requests.
# Threads that were never needed are never started.
WEB_THREADS = 272
CELERY = (sys.executable, "-m", "celery", "-A", "tasks.celery_app")
HULEEDU = (sys.executable, "-m", "app.cli.main")
# A worker that has time while the others are busy with slices, so that screens follow meanwhile. It works in its one
# process and loads no engine. The others read its queue too: without it, screens are only slower to follow.
PROJECTOR = "projector"


@dataclass(frozen=True, slots=True)
class Layout:
    """What differs between two starts.

    Attributes:
        port: of the API, on the loopback address.
        flower_port: of Flower, the same.
        runtime: an existing directory for files that only matter while HuleEdu runs.
        workers: worker processes.
        concurrency: tasks at a time in each.
    """

    port: int
    flower_port: int
    runtime: Path
    workers: int
    concurrency: int


Commands = Mapping[str, Sequence[str]]


def huleedu(layout: Layout) -> Commands:
    """Program and arguments of each process, by its name. Workers beyond the first are numbered."""
    return {
        "migrate": (*HULEEDU, "migrate"),
        "web": _web(layout),
        "ws": _ws(layout),
        "relay": (*HULEEDU, "relay"),
        "beat": (*CELERY, "beat", "--pidfile="),
        "flower": (*CELERY, "flower", "--address=127.0.0.1", f"--port={layout.flower_port}"),
        **{name: _worker(name, layout.concurrency) for name in worker_names(layout.workers)},
        PROJECTOR: (*_celery_worker(PROJECTOR, [queues.PROJECTIONS]), "--pool", "solo"),
    }


def worker_names(workers: int) -> list[str]:
    """The names of that many workers."""
    return ["worker", *(f"worker-{number}" for number in range(2, workers + 1))][:workers]


def _web(layout: Layout) -> Sequence[str]:
    return (
        *_gunicorn("app.factory:create_app()", layout),
        *("--worker-class", "gthread", "--threads", _web_threads()),
    )


def _ws(layout: Layout) -> Sequence[str]:
    """Sockets alone, in one process for thousands; where `web` does not serve them too."""
    return (
        *_gunicorn("app.factory:create_ws_app()", layout),
        *("--worker-class", "gevent", "--worker-connections", "5000"),
    )


def _gunicorn(application: str, layout: Layout) -> Sequence[str]:
    # A gunicorn worker proves that it lives by touching a file, which stalls when a disk does.
    memory = Path("/dev/shm")  # noqa: S108 - gunicorn unlinks the file as soon as it has it open
    beats = memory if os.access(memory, os.W_OK | os.X_OK) else layout.runtime
    return (
        *(sys.executable, "-m", "gunicorn", application, "--config", "python:app.serving"),
        *("--workers", "1", "--bind", f"127.0.0.1:{layout.port}"),
        *("--worker-tmp-dir", str(beats)),
    )


def _web_threads() -> str:
    return os.environ.get("HULEEDU_WEB_THREADS") or str(WEB_THREADS)


def _every_queue() -> list[str]:
    path = os.environ.get("HULEEDU_CATALOGUE")
    try:
        phases = catalogue.load(Path(path) if path else catalogue.DEFAULT_PATH)
    except (CatalogueError, OSError) as exc:
        raise NoCatalogue(str(exc)) from exc
    return queues.with_phases(phases.queues())


def _worker(name: str, concurrency: int) -> Sequence[str]:
    return (
        *_celery_worker(name.replace("worker", "local"), _every_queue()),
        *("--concurrency", str(concurrency)),
    )


def _celery_worker(name: str, reads: Sequence[str]) -> Sequence[str]:
    return (
        *(*CELERY, "worker", "-n", f"{name}@%h", "-Q", ",".join(reads)),
        # Gossip and mingle are for workers that coordinate; these meet in the ledger only.
        *("--without-gossip", "--without-mingle", "-l", "INFO"),
    )
