"""What can be done to a system: each fault is struck at a moment that the ledger shows to be a bad one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from time import monotonic, sleep

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.storm import damage as ledger
from tests.storm.damage import Damage
from tests.storm.history import History
from tests.storm.installation import CONCURRENCY, Installation

LOOKS_EVERY_S = 0.01
# How long a bad moment is waited for before what is there has to do.
PATIENCE_S = 20.0
# Longer than a lease, so that what stood still has lost it when it goes on.
LONG_S = 14.0


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that was struck.

    Attributes:
        what: the fault's name.
        on: which process, and how.
        at: when, in seconds of the history.
        over_s: how long the fault itself lasted: until what was down could be started again, what stood still went on.
        damage: what is to be made good.
        left: what the ledger showed at that moment: units that ran, messages that were not marked.
        also: what else must be true before it is made good.
    """

    what: str
    on: str
    at: float
    over_s: float
    damage: Damage
    left: Damage
    also: Callable[[], bool] = field(default=lambda: True)


@dataclass(frozen=True, slots=True)
class Nemesis:
    """Strikes faults at an installation."""

    installation: Installation
    history: History
    random: Random

    # -- processes killed in the middle of something

    def kill_worker(self) -> Strike:
        """A worker's main process; its supervisor then ends the children."""
        name = self.random.choice(self.installation.workers)
        with self._at_a_bad_moment(name, lambda left: bool(left.held)) as left:
            strike = self._struck("kill worker", name, left)
            self.installation.kill(self._pid(name))
        return strike

    def kill_child(self) -> Strike:
        """One of a worker's children, all of which are at work."""
        name = self.random.choice(self.installation.workers)
        with self._at_a_bad_moment(name, lambda left: left.slices >= CONCURRENCY) as left:
            strike = self._struck("kill child", name, left)
            self.installation.kill(self.random.choice(self.installation.children(name)))
        return strike

    def kill_relay(self) -> Strike:
        """The relay, with messages that it has not marked, whether or not it has sent them."""
        with self._at_a_bad_moment("relay", lambda left: bool(left.unsent)) as left:
            strike = self._struck("kill relay", "relay", left, Damage(unsent=left.unsent))
            self.installation.kill(self._pid("relay"))
        return strike

    def kill_beat(self) -> Strike:
        """Beat, while a unit runs or a message waits."""
        with self._at_a_bad_moment("beat", bool) as left:
            ticks = partial(self._has_ticked, "beat", self._database_time())
            damage = Damage(unsent=left.unsent)
            strike = self._struck("kill beat", "beat", left, damage, ticks)
            self.installation.kill(self._pid("beat"))
        return strike

    def kill_web(self) -> Strike:
        """The web application's worker, or the process that looks after it, in the middle of requests."""
        with self._at_a_bad_moment("web", lambda left: bool(left) and self._is_asked()) as left:
            asked = self.history.under_way()
            answers = partial(self._has_answered, asked)
            inner = self.installation.children("web")
            pid = self.random.choice([self._pid("web"), *inner])
            on = "web, its worker" if pid in inner else "web"
            damage = Damage(unsent=left.unsent)
            strike = self._struck("kill web", on, left, damage, answers)
            self.installation.kill(pid)
        return strike

    def kill_projector(self) -> Strike:
        """The worker that only projects."""
        strike = self._struck("kill projector", "projector", Damage())
        self.installation.kill(self._pid("projector"))
        return strike

    # -- servers

    def empty_redis(self) -> Strike:
        """Redis forgets everything at once."""
        strike = self._struck("empty Redis", "redis", self._everything())
        self.installation.empty_redis()
        return strike

    def kill_redis(self) -> Strike:
        """Redis is killed, and back at once with what it had on disk."""
        strike = self._struck("kill Redis", "redis", self._everything())
        self.installation.kill_redis(with_data=False)
        return strike

    def lose_redis(self) -> Strike:
        """Redis is killed, and comes back with nothing."""
        strike = self._struck("lose Redis", "redis, its data deleted", self._everything())
        self.installation.kill_redis(with_data=True)
        return strike

    def redis_down(self) -> Strike:
        """Redis is away for a while."""
        seconds = self.random.uniform(3, 8)
        strike = self._struck("Redis down", f"redis for {seconds:.0f} s", self._everything())
        supervisor = self.installation.stack.supervisor
        supervisor.hold("redis")
        supervisor.kill("redis")
        sleep(seconds)
        supervisor.release("redis")
        return self._over(strike)

    def crash_postgres(self) -> Strike:
        """PostgreSQL ends as in a crash, and is back at once."""
        with self._at_a_bad_moment(None, lambda left: bool(left.held)):
            serves = self.installation.serves
            everything = self._everything()
            strike = self._struck("crash Postgres", "postgres", everything, also=serves)
            self.installation.crash_postgres()
        return strike

    def cut_connections(self) -> Strike:
        """Every connection to the database is cut."""
        strike = self._struck("cut connections", "postgres", self._everything())
        self._ask(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        return strike

    # -- standing still

    def pause(self) -> Strike:
        """A process stands still for longer than a lease, or a server for a moment, and goes on."""
        name = self.random.choice(["worker", "worker-2", "relay", "web", "redis", "postgres"])
        is_server = name in {"redis", "postgres"}
        seconds = self.random.uniform(2, 6) if is_server else self.random.uniform(2, LONG_S)
        strike = self._struck("pause", f"{name} for {seconds:.0f} s", self._everything())
        with self.installation.frozen(*self.installation.family(name)):
            sleep(seconds)
        return self._over(strike)

    # -- RabbitMQ

    def kill_rabbitmq(self) -> Strike:
        """The node is killed, and started again."""
        strike = self._struck("kill RabbitMQ", "rabbitmq", self._everything())
        self._rabbitmq.kill()
        self._rabbitmq.start()
        return self._over(strike)

    def lose_rabbitmq(self) -> Strike:
        """The node is killed, and comes back with no queue and no message."""
        strike = self._struck("lose RabbitMQ", "rabbitmq, its data deleted", self._everything())
        self._rabbitmq.kill()
        self._rabbitmq.delete_data()
        self._rabbitmq.start()
        return self._over(strike)

    def empty_rabbitmq(self) -> Strike:
        """Every queue is emptied."""
        strike = self._struck("empty RabbitMQ", "rabbitmq", self._everything())
        self._rabbitmq.purge()
        return strike

    def pause_rabbitmq(self) -> Strike:
        """The node stands still for a moment."""
        seconds = self.random.uniform(2, 6)
        strike = self._struck("pause RabbitMQ", f"rabbitmq for {seconds:.0f} s", self._everything())
        assert self._rabbitmq.pid is not None
        with self.installation.frozen(self._rabbitmq.pid):
            sleep(seconds)
        return self._over(strike)

    # -- how

    @property
    def _rabbitmq(self):  # type: ignore[no-untyped-def]
        assert self.installation.rabbitmq is not None
        return self.installation.rabbitmq

    @contextmanager
    def _at_a_bad_moment(
        self, name: str | None, is_bad: Callable[[Damage], bool]
    ) -> Iterator[Damage]:
        """Hold a process still at a moment at which its death would leave something; what that is.

        Every process goes on for a random while between two looks, so that it is held at any point of what it does.
        """
        until = monotonic() + PATIENCE_S
        worker = name.replace("worker", "local") if name and name.startswith("worker") else None
        while True:
            family = self.installation.family(name) if name else []
            with self.installation.frozen(*family):
                left = self._look(worker)
                if monotonic() > until or (is_bad(left) and (family or not name)):
                    yield left
                    return
            sleep(self.random.uniform(0, 3 * LOOKS_EVERY_S))

    def _look(self, worker: str | None = None) -> Damage:
        return self._with_patience(partial(ledger.look, self.installation.deps, worker=worker))

    def _everything(self) -> Damage:
        return self._with_patience(partial(ledger.look, self.installation.deps, under_way=True))

    def _with_patience(self, look: Callable[[], Damage]) -> Damage:
        until = monotonic() + PATIENCE_S
        while True:
            try:
                return look()
            except DBAPIError:
                if monotonic() > until:
                    raise
                sleep(LOOKS_EVERY_S)

    def _struck(
        self,
        what: str,
        on: str,
        left: Damage,
        damage: Damage | None = None,
        also: Callable[[], bool] = lambda: True,
    ) -> Strike:
        self.history.note("struck", what=what, on=on, left=str(left))
        return Strike(
            what, on, self.history.now(), 0.0, left if damage is None else damage, left, also
        )

    def _over(self, strike: Strike) -> Strike:
        over_s = self.history.now() - strike.at
        self.history.note("over", what=strike.what, after_s=round(over_s, 3))
        return replace(strike, over_s=over_s)

    def _pid(self, name: str) -> int:
        return self.installation.stack.supervisor.wait_until_ready(name)

    def _is_asked(self) -> bool:
        return bool(self.history.under_way())

    def _has_answered(self, asked: set[int]) -> bool:
        return not asked & self.history.under_way() and self.installation.serves()

    def _database_time(self) -> float:
        return self._ask("select extract(epoch from clock_timestamp())::float8")

    def _has_ticked(self, process: str, since: float) -> bool:
        return bool(
            self._ask(
                "select count(*) from worker_heartbeats where worker like :name || '@%'"
                " and extract(epoch from seen_at) > :since",
                name=process,
                since=since,
            )
        )

    def _ask(self, query: str, **values: object):  # type: ignore[no-untyped-def]
        with self.installation.deps.uow("look") as uow:
            return uow.session.execute(text(query), values).scalar_one()


KILLS = ("kill_relay", "kill_worker", "kill_child", "kill_beat", "kill_web")
ANYTIME = (
    *KILLS,
    "kill_projector",
    "empty_redis",
    "kill_redis",
    "lose_redis",
    "redis_down",
    "crash_postgres",
    "cut_connections",
    "pause",
)
WITH_RABBITMQ = ("kill_rabbitmq", "lose_rabbitmq", "empty_rabbitmq", "pause_rabbitmq")
