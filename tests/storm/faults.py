"""What can be done to a system: each fault is struck as soon as the ledger shows that it would leave something."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from time import monotonic, sleep, time

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.storm import damage as ledger
from tests.storm.damage import Damage
from tests.storm.history import History
from tests.storm.installation import Installation

LOOKS_EVERY_S = 0.005
# How long a bad moment is waited for before what is there has to do.
PATIENCE_S = 10.0
# Longer than a lease, so that what stood still has lost it when it goes on.
LONG_S = 14.0


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that was struck.

    Attributes:
        what: the fault's name.
        on: which process, and how.
        at: when, in seconds of the history.
        landed_at: when the blow had fallen, by the clock that the database reads, too.
        over_s: how long the fault itself lasted: until what was down could be started again, what stood still went on.
        damage: what is to be made good.
        left: what the ledger showed at that moment: units that ran, messages that were not marked.
        also: what else must be true before it is made good.
    """

    what: str
    on: str
    at: float
    landed_at: float
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
        """A worker's main process, while a unit runs there; its supervisor then ends the children."""
        with self._at_a_bad_moment(*self.installation.workers, wants=_runs) as (name, left):
            return self._strike(
                "kill worker", name, left, self._killing(self.installation.pid(name))
            )

    def kill_child(self) -> Strike:
        """One of a worker's children, while a unit runs in one of them."""
        with self._at_a_bad_moment(*self.installation.workers, wants=_runs) as (name, left):
            children = self.installation.children(name)
            kill = self._killing(self.random.choice(children) if children else None)
            return self._strike("kill child", name, left, kill)

    def kill_relay(self) -> Strike:
        """The relay, with messages that it has not marked, whether or not it has sent them."""
        with self._at_a_bad_moment("relay", wants=_is_unmarked) as (name, left):
            kill = self._killing(self.installation.pid(name))
            return self._strike("kill relay", name, left, kill, Damage(unsent=left.unsent))

    def kill_beat(self) -> Strike:
        """Beat, while a unit runs."""
        with self._at_a_bad_moment("beat", wants=_runs) as (name, left):
            ticks = partial(self._has_ticked, name, time())
            kill = self._killing(self.installation.pid(name))
            return self._strike("kill beat", name, left, kill, Damage(unsent=left.unsent), ticks)

    def kill_web(self) -> Strike:
        """The web application's worker, or the process that looks after it, in the middle of requests."""
        with self._at_a_bad_moment(
            "web", wants=lambda left: _is_unmarked(left) and self._is_asked()
        ) as (name, left):
            answers = partial(self._has_answered, self.history.under_way())
            inner = self.installation.children(name)
            pid = self.random.choice([self.installation.pid(name), *inner])
            on = "web, its worker" if pid in inner else "web"
            kill = self._killing(pid)
            return self._strike("kill web", on, left, kill, Damage(unsent=left.unsent), answers)

    def kill_projector(self) -> Strike:
        """The worker that only projects."""
        kill = self._killing(self.installation.pid("projector"))
        return self._strike("kill projector", "projector", Damage(), kill)

    # -- servers

    def empty_redis(self) -> Strike:
        """Redis forgets everything at once, messages of slices among it where it is the broker."""
        installation = self.installation
        if installation.rabbitmq is not None:
            left = self._once(_runs)
            return self._strike("empty Redis", "redis", left, installation.empty_redis)
        # A unit counts as sent when its message is written, so Redis is asked whether it has come.
        left = self._once(lambda left: _is_sent(left) and installation.slices_in_redis() > 0)
        lost: list[int] = []
        strike = self._strike(
            "empty Redis", "redis", left, lambda: lost.append(installation.empty_redis())
        )
        self.history.note("emptied", messages=lost[0])
        return strike if lost[0] else replace(strike, left=Damage())

    def kill_redis(self) -> Strike:
        """Redis is killed, and back at once with what it had on disk."""
        kill = partial(self.installation.kill_redis, with_data=False)
        return self._strike("kill Redis", "redis", self._once(bool), kill)

    def lose_redis(self) -> Strike:
        """Redis is killed, and comes back with nothing."""
        kill = partial(self.installation.kill_redis, with_data=True)
        return self._strike("lose Redis", "redis, its data deleted", self._once(bool), kill)

    def redis_down(self) -> Strike:
        """Redis is away for a while."""
        seconds = self.random.uniform(3, 8)
        supervisor = self.installation.stack.supervisor

        def be_away() -> None:
            supervisor.hold("redis")
            supervisor.kill("redis")
            sleep(seconds)
            supervisor.release("redis")

        on = f"redis for {seconds:.0f} s"
        return self._strike("Redis down", on, self._once(bool), be_away, lasts=True)

    def crash_postgres(self) -> Strike:
        """PostgreSQL ends as in a crash while a unit runs, and is back at once."""
        crash, serves = self.installation.crash_postgres, self.installation.serves
        return self._strike("crash Postgres", "postgres", self._once(_runs), crash, also=serves)

    def cut_connections(self) -> Strike:
        """Every connection to the database is cut."""
        cut = partial(
            self._ask,
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()",
        )
        return self._strike("cut connections", "postgres", self._once(bool), cut)

    # -- standing still

    def pause(self) -> Strike:
        """A process stands still for longer than a lease, or a server for a moment, and goes on."""
        name = self.random.choice(["worker", "worker-2", "relay", "web", "redis", "postgres"])
        is_server = name in {"redis", "postgres"}
        seconds = self.random.uniform(2, 6) if is_server else self.random.uniform(2, LONG_S)
        left = self._once(bool)
        stand_still = self._standing_still(seconds, *self.installation.family(name))
        return self._strike("pause", f"{name} for {seconds:.0f} s", left, stand_still, lasts=True)

    # -- RabbitMQ

    def kill_rabbitmq(self) -> Strike:
        """The node is killed, and started again."""

        def die() -> None:
            self._rabbitmq.kill()
            self._rabbitmq.start()

        return self._strike("kill RabbitMQ", "rabbitmq", self._once(_is_sent), die, lasts=True)

    def lose_rabbitmq(self) -> Strike:
        """The node is killed, and comes back with no queue and no message."""

        def die() -> None:
            self._rabbitmq.kill()
            self._rabbitmq.delete_data()
            self._rabbitmq.start()

        on = "rabbitmq, its data deleted"
        return self._strike("lose RabbitMQ", on, self._once(_is_sent), die, lasts=True)

    def empty_rabbitmq(self) -> Strike:
        """Every queue is emptied."""
        left = self._once(_is_sent)
        return self._strike("empty RabbitMQ", "rabbitmq", left, self._rabbitmq.purge)

    def pause_rabbitmq(self) -> Strike:
        """The node stands still for a moment."""
        seconds = self.random.uniform(2, 6)
        assert self._rabbitmq.pid is not None
        stand_still = self._standing_still(seconds, self._rabbitmq.pid)
        on = f"rabbitmq for {seconds:.0f} s"
        return self._strike("pause RabbitMQ", on, self._once(bool), stand_still, lasts=True)

    # -- what is there

    def everything(self) -> Damage:
        """All that is under way now, whoever has it."""
        return self._with_patience(partial(ledger.look, self.installation.deps, under_way=True))

    # -- how

    @property
    def _rabbitmq(self):  # type: ignore[no-untyped-def]
        assert self.installation.rabbitmq is not None
        return self.installation.rabbitmq

    @contextmanager
    def _at_a_bad_moment(
        self, *names: str, wants: Callable[[Damage], bool]
    ) -> Iterator[tuple[str, Damage]]:
        """Hold a process still as soon as its death would leave what is wanted; which, and what that is.

        Looked for while everything goes on, since work that is held up every few milliseconds is soon no work at all.
        What was seen may be done with before the process stands still, so it is looked at again then.
        """
        until = monotonic() + PATIENCE_S
        while True:
            name = self.random.choice(names)
            is_late = monotonic() > until
            if is_late or wants(self._look(name)):
                family = self.installation.family(name)
                with self.installation.frozen(*family):
                    left = self._look(name)
                    if is_late or (family and wants(left)):
                        yield name, left
                        return
            sleep(LOOKS_EVERY_S)

    def _once(self, wants: Callable[[Damage], bool]) -> Damage:
        """Wait until what is wanted is under way; all that is."""
        until = monotonic() + PATIENCE_S
        while not wants(left := self.everything()) and monotonic() < until:
            sleep(LOOKS_EVERY_S)
        return left

    def _look(self, name: str) -> Damage:
        """What a process would leave: a worker its own units, any other whatever runs."""
        worker = name.replace("worker", "local") if name.startswith("worker") else None
        return self._with_patience(partial(ledger.look, self.installation.deps, worker=worker))

    def _with_patience(self, look: Callable[[], Damage]) -> Damage:
        until = monotonic() + 2 * PATIENCE_S
        while True:
            try:
                return look()
            except DBAPIError:
                if monotonic() > until:
                    raise
                sleep(LOOKS_EVERY_S)

    def _strike(
        self,
        what: str,
        on: str,
        left: Damage,
        blow: Callable[[], object],
        damage: Damage | None = None,
        also: Callable[[], bool] = lambda: True,
        *,
        lasts: bool = False,
    ) -> Strike:
        self.history.note("struck", what=what, on=on, left=str(left))
        at, landed_at, over_s = self.history.now(), time(), 0.0
        blow()
        if lasts:
            over_s = self.history.now() - at
            self.history.note("over", what=what, after_s=round(over_s, 3))
        else:
            landed_at = time()
        damage = left if damage is None else damage
        return Strike(what, on, at, landed_at, over_s, damage, left, also)

    def _killing(self, pid: int | None) -> Callable[[], None]:
        return partial(self.installation.kill, pid) if pid else lambda: None

    def _standing_still(self, seconds: float, *pids: int) -> Callable[[], None]:
        def stand_still() -> None:
            with self.installation.frozen(*pids):
                sleep(seconds)

        return stand_still

    def _is_asked(self) -> bool:
        return bool(self.history.under_way())

    def _has_answered(self, asked: set[int]) -> bool:
        return not asked & self.history.under_way() and self.installation.serves()

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


def _runs(left: Damage) -> bool:
    return bool(left.held)


def _is_unmarked(left: Damage) -> bool:
    return bool(left.unsent)


def _is_sent(left: Damage) -> bool:
    return bool(left.under_way)


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
