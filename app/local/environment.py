"""The environment that HuleEdu's processes share, and what each gets beyond it."""

from collections.abc import Mapping
from pathlib import Path

from app.local.commands import Layout
from app.local.keys import Keys
from app.local.postgres import Postgres
from app.local.redis import Redis

DATABASE = "huleedu"
BROKER_DB, RESULT_DB, DOORBELL_DB = 0, 1, 2
FLOWER_USER = "huleedu"
# Set to nothing, these count as not set.
SWITCHES = ("DATABASE_URL", "BROKER_URL", "REDIS_URL", "HULEEDU_RESULT_URL")
PROCESS_ENV = {
    "PYTHONUNBUFFERED": "1",
    # Parallel work is the workers' business; their numeric libraries would fight over the cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Root is the only user there is in many containers, and tasks are never pickled.
    "C_FORCE_ROOT": "1",
}


def without_empty_switches(given: Mapping[str, str]) -> dict[str, str]:
    """An environment in which a switch that is set to nothing is not set."""
    return {name: value for name, value in given.items() if value or name not in SWITCHES}


def shared(
    given: Mapping[str, str],
    *,
    home: Path,
    keys: Keys,
    layout: Layout,
    postgres: Postgres | None,
    redis: Redis | None,
) -> dict[str, str]:
    """What makes a process a part of the stack, to be added to its environment.

    Args:
        given: what the caller has set, which wins over what the stack would choose.
        home: where data, logs and secrets are kept.
        keys: the installation's secrets.
        layout: gives the number of tasks that can run at a time.
        postgres: the embedded server, if there is one.
        redis: the same.
    """
    ours = {
        "HULEEDU_SECRET_KEY": keys.secret_key,
        "HULEEDU_SERVICE_KEY": keys.service_key,
        "HULEEDU_WORKER_SLOTS": str(layout.workers * layout.concurrency),
    }
    if postgres:
        ours["DATABASE_URL"] = postgres.url(DATABASE)
    if redis:
        ours["REDIS_URL"] = redis.url(DOORBELL_DB)
        ours["BROKER_URL"] = redis.celery_url(BROKER_DB)
        ours["HULEEDU_RESULT_URL"] = redis.celery_url(RESULT_DB)
    theirs = {name: given[name] for name in {*ours, *SWITCHES} if given.get(name)}
    return {**ours, **theirs, "HULEEDU_HOME": str(home)}


def of_process(name: str, keys: Keys) -> dict[str, str]:
    """What one process gets beyond the shared environment."""
    if name != "flower":
        return PROCESS_ENV
    # The arguments of a process are for everybody to see, its environment is not.
    return {**PROCESS_ENV, "FLOWER_BASIC_AUTH": f"{FLOWER_USER}:{keys.flower_password}"}
