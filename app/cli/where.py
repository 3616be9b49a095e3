"""Which system a command talks to: the one the environment names, the one that runs here, or its data at rest."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import migrate
from app.local import environment, keys, places
from app.local.lock import HomeLock
from app.local.postgres import Postgres
from app.local.redis import Redis

if TYPE_CHECKING:
    from app.services.deps import Deps


def home(project: Path) -> Path:
    """Where the embedded default keeps its data."""
    return Path(os.environ.get("HULEEDU_HOME") or project / ".huleedu")


@dataclass(frozen=True, slots=True)
class System:
    """A system that can be reached; `is_running` is False if only its data is here."""

    deps: "Deps"
    is_running: bool


@contextmanager
def system(project: Path) -> Iterator[System]:
    """The system, for as long as the block lasts.

    Without `DATABASE_URL`, whatever runs from this directory is used; if nothing does, its database is started
    for the time of the block, with the newest schema.
    """
    from app import bootstrap

    if "DATABASE_URL" in os.environ:
        yield System(bootstrap.current(), is_running=True)
        return
    where = places.home_directory(home(project))
    running = HomeLock(where).holder()
    if running is not None:
        os.environ.update(running["env"])
        yield System(bootstrap.current(), is_running=True)
        return
    with _at_rest(where) as env:
        os.environ.update(env)
        yield System(bootstrap.current(), is_running=False)
        bootstrap.engine().dispose()


@contextmanager
def _at_rest(where: Path) -> Iterator[dict[str, str]]:
    lock = HomeLock(where)
    postgres = Postgres(where / "postgres", where / "run", log=where / "logs" / "postgres.log")
    redis = Redis(where / "redis", where / "run", log=where / "logs" / "redis.log")
    kept = keys.load(where / "secrets.json")
    env = {
        "DATABASE_URL": postgres.url(environment.DATABASE),
        "REDIS_URL": redis.url(environment.DOORBELL_DB),
        "HULEEDU_SECRET_KEY": kept.secret_key,
        "HULEEDU_SERVICE_KEY": kept.service_key,
        "HULEEDU_HOME": str(where),
    }
    lock.take({"env": env})
    try:
        postgres.start()
        postgres.ensure_database(environment.DATABASE)
        migrate.run(postgres.url(environment.DATABASE))
        redis.start()
        yield env
    finally:
        redis.stop()
        postgres.stop()
        lock.release()
