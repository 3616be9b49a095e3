"""HuleEdu's own list of processes, and the environment they share."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from app.local import commands, environment, keys, places, ports, probe
from app.local.background import Background
from app.local.commands import Commands, Layout
from app.local.lock import HomeLock
from app.local.postgres import Postgres
from app.local.process import ProcessSpec
from app.local.redis import Redis
from app.local.supervisor import Supervisor

MIGRATE_TIMEOUT_S = 300.0
WORKER_STOP_TIMEOUT_S = 20.0


class Stack:
    """All of HuleEdu on one machine: servers, web, relay, workers, projector, beat and Flower.

    `DATABASE_URL` replaces the embedded PostgreSQL and `REDIS_URL` the embedded Redis; `BROKER_URL`
    and `HULEEDU_RESULT_URL` name others for these two uses alone. `HULEEDU_PORT` and
    `HULEEDU_FLOWER_PORT` choose ports, which are free ones otherwise.

    Args:
        home: where data, logs and secrets are kept; made if missing.
        project_root: the directory the processes run in.
        overrides: environment variables that win over those of the program itself.
        durable: whether the embedded PostgreSQL survives a crash of the machine.
        workers: worker processes.
        concurrency: tasks at a time in each.
        flower: whether to run Flower.
        beat: whether to run beat.
        worker_ready: whether the workers can be used; None says that being alive is enough.
        make_commands: the command lines, for tests that run something else.
        say: told what happens unasked, e.g. a restart; standard error by default.

    Attributes:
        home: the directory really used, a stand-in elsewhere if `home` cannot be ours.
        url: of the API.
        flower_url: of Flower; its user is `huleedu`.
        env: what the processes share, to be added to the environment.
        secrets: the installation's keys.
        postgres, redis: the embedded servers; None where others take their place.
        supervisor: looks after the processes.

    Raises:
        LocalError: something rules the embedded default out; says what.
    """

    def __init__(
        self,
        home: Path,
        *,
        project_root: Path,
        overrides: Mapping[str, str] | None = None,
        durable: bool = True,
        workers: int = 1,
        concurrency: int = 2,
        flower: bool = True,
        beat: bool = True,
        worker_ready: Callable[[], bool] | None = None,
        make_commands: Callable[[Layout], Commands] = commands.huleedu,
        say: Callable[[str], None] | None = None,
    ) -> None:
        given = environment.without_empty_switches({**os.environ, **(overrides or {})})
        self.home = places.home_directory(home)
        self.secrets = keys.load(self.home / "secrets.json")
        self._lock = HomeLock(self.home)
        self._project_root = project_root
        layout = Layout(
            port=ports.chosen(given.get("HULEEDU_PORT"), "HULEEDU_PORT"),
            flower_port=ports.chosen(given.get("HULEEDU_FLOWER_PORT"), "HULEEDU_FLOWER_PORT"),
            runtime=self.home,
            workers=workers,
            concurrency=concurrency,
        )
        self.url = f"http://{ports.HOST}:{layout.port}"
        self.flower_url = f"http://{ports.HOST}:{layout.flower_port}"
        self.postgres = self.redis = None
        if "DATABASE_URL" not in given:
            self.postgres = Postgres(
                self.home / "postgres",
                self.home / "run",
                durable=durable,
                log=self.home / "logs" / "postgres.log",
            )
        if "REDIS_URL" not in given:
            self.redis = Redis(
                self.home / "redis", self.home / "run", log=self.home / "logs" / "redis.log"
            )
        self.env = environment.shared(
            given,
            home=self.home,
            keys=self.secrets,
            layout=layout,
            postgres=self.postgres,
            redis=self.redis,
        )
        self._process_env = {**given, **self.env}
        self._argv = make_commands(layout)
        workers_of = commands.worker_names(workers)
        extras = {"beat": beat, "flower": flower}
        self.supervisor = Supervisor(
            [
                [each.spec for each in (self.postgres, self.redis) if each],
                self._migrate(),
                [
                    self._own("web", ready=probe.answers(layout.port, "/healthz")),
                    *(self._worker(name, worker_ready) for name in workers_of),
                ],
                # Nobody waits for these; started last, they leave the processors to the others.
                [
                    self._own("relay"),
                    self._worker(commands.PROJECTOR, None),
                    *(self._own(name) for name in extras if extras[name]),
                ],
            ],
            self.home / "logs",
            say=say,
        )

    @property
    def runtime_dirs(self) -> list[Path]:
        """Directories elsewhere that hold something of this stack, so that it can be said."""
        used = [self.home]
        for server in (self.postgres, self.redis):
            if server:
                used += [server.data, server.runtime, Path(server.spec.argv[0])]
        return sorted({found for each in used if (found := places.outside(each))})

    def start(self) -> None:
        """Start everything and wait until the API answers. On any error nothing is left running.

        Raises:
            AlreadyRunning: another start holds the same home.
            NotReady: a process ended, or took too long, before it was ready.
            Interrupted: a signal or `stop_soon` came first.
        """
        self._lock.take({"url": self.url, "flower_url": self.flower_url, "env": self.env})
        try:
            self.supervisor.start()
        except BaseException:
            self._lock.release()
            raise

    def run(self) -> None:
        """Start again what dies, until a signal or `stop_soon` asks to stop."""
        self.supervisor.run()

    def stop(self) -> None:
        """End everything, the servers last."""
        self.supervisor.stop()
        self._lock.release()

    def stop_soon(self, *, hard: bool = False) -> None:
        """Make `start` or `run` end, from any thread; `hard` also makes `stop` kill."""
        self.supervisor.stop_soon(hard=hard)

    def in_background(self) -> Background:
        """A context in which everything runs while the main thread does something else."""
        return Background(self)

    def remove_data(self) -> None:
        """Delete what the embedded servers keep. The stack must have been stopped."""
        for server in (self.postgres, self.redis):
            if server:
                server.remove()

    def _migrate(self) -> ProcessSpec:
        def ensure_database() -> None:
            if self.postgres:
                self.postgres.ensure_database(environment.DATABASE)

        return self._own(
            "migrate", once=True, before=ensure_database, ready_timeout_s=MIGRATE_TIMEOUT_S
        )

    def _worker(self, name: str, ready: Callable[[], bool] | None) -> ProcessSpec:
        # A worker finishes what it has begun; what is cut short is only done again.
        return self._own(name, ready=ready, stop_timeout_s=WORKER_STOP_TIMEOUT_S)

    def _own(self, name: str, **particulars: Any) -> ProcessSpec:
        return ProcessSpec(
            name=name,
            argv=self._argv[name],
            env={**self._process_env, **environment.of_process(name, self.secrets)},
            cwd=self._project_root,
            **particulars,
        )
