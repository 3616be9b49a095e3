"""The rest of the system, done by hand: what relay, workers and projector would do, in this process and in turn."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Thread
from typing import Any, TypeVar
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Connection, text

from app.services import ledger, projecting, reconciler, relaying
from app.services.deps import Deps
from app.services.runs import Started, start_run
from app.unit_of_work import UnitOfWork
from models import User
from pipelines.catalogue import Catalogue
from tests.factories import a_batch, an_essay
from tests.fakes import FakePublisher

T = TypeVar("T")
ENOUGH = 50

# Phases are told to raise here. To draw each traceback with its locals takes longer than all the rest.
structlog.configure(
    processors=[
        structlog.stdlib.add_log_level,
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        ),
    ]
)


def an_owner(deps: Deps) -> User:
    """A teacher who never signs in, and so needs no password that takes long to hash."""
    with deps.uow("an_owner") as uow:
        owner = User(
            id=uuid4(),
            email=f"{uuid4().hex}@school.example",
            display_name="T. Eacher",
            password_hash="none",
            role="teacher",
            created_at=deps.clock(),
        )
        uow.users.add(owner)
        uow.commit()
    return owner


@dataclass
class Klass:
    """A class whose essays have been handed in, with what a test asks about it."""

    deps: Deps
    owner: User
    batch: UUID
    runs: list[UUID] = field(default_factory=list)

    def start(self, pipeline: str = "all", *, deps: Deps | None = None, **more: Any) -> Started:
        """Start a pipeline over it."""
        deps = deps or self.deps
        started = start_run(self.batch, pipeline, owner_id=self.owner.id, deps=deps, **more)
        self.runs.append(started.run_id)
        return started

    def phase(self, name: str, run: UUID | None = None) -> Any:
        """A phase run's row, of the latest run unless another is given."""
        return one(
            self.deps,
            "select * from phase_runs where run_id = :run and phase = :phase",
            run=run or self.runs[-1],
            phase=name,
        )

    def units(self, name: str) -> list[Any]:
        """The units of a phase of the latest run, by position."""
        return rows(
            self.deps,
            "select * from units where phase_run_id = :id order by position",
            id=self.phase(name).id,
        )

    def run(self) -> Any:
        """The latest run's row."""
        return one(self.deps, "select * from runs where id = :id", id=self.runs[-1])

    def row(self) -> Any:
        """The batch's row."""
        return one(self.deps, "select * from batches where id = :id", id=self.batch)

    def essays(self) -> list[Any]:
        """The essays' rows, in order."""
        return rows(
            self.deps, "select * from essays where batch_id = :id order by position", id=self.batch
        )

    def results(self, name: str | None = None) -> list[Any]:
        """The results of the latest run, or of one phase of it, in the order of the essays."""
        return rows(
            self.deps,
            "select r.* from results r join essays e on e.id = r.item_id where r.run_id = :run"
            " and (cast(:phase as text) is null or r.phase = :phase) order by r.phase, e.position",
            run=self.runs[-1],
            phase=name,
        )

    def events(self) -> list[tuple[int, str]]:
        """Every event of the batch, with its number."""
        with self.deps.uow("events") as uow:
            found = uow.outbox.after(self.batch, 0, 100_000)
        return [(event_no, envelope["event_type"]) for event_no, envelope in found]

    def dead_letters(self) -> list[Any]:
        """What nobody could handle."""
        return rows(self.deps, "select * from dead_letters where batch_id = :id", id=self.batch)


def a_class(deps: Deps, *orders: str, **more: object) -> Klass:
    """A class in which each essay's text gives an order to the scripted phases."""
    owner = an_owner(deps)
    texts = [an_essay(f"Essay {n} {order}.") for n, order in enumerate(orders)]
    return Klass(deps, owner, a_batch(deps, owner, texts, **more))


def a_checked_class(deps: Deps, publisher: FakePublisher, *essays: str) -> Klass:
    """A class whose spelling has been checked."""
    klass = a_class(deps, *essays)
    klass.start("spellcheck")
    drain(deps, publisher)
    return klass


def over(deps: Deps, catalogue: Catalogue, **settings: object) -> Deps:
    """The same over another graph, perhaps with other settings."""
    return replace(deps, catalogue=catalogue, settings=replace(deps.settings, **settings))


def rows(deps: Deps, query: str, **given: object) -> list[Any]:
    """What the database answers."""
    with deps.uow("rows") as uow:
        return list(uow.session.execute(text(query), given))


def one(deps: Deps, query: str, **given: object) -> Any:
    """The only row the database answers."""
    (row,) = rows(deps, query, **given)
    return row


def change(deps: Deps, *statements: str, **given: object) -> None:
    """Do by hand what no use case does: set times back, or corrupt a row."""
    with deps.uow("change") as uow:
        for statement in statements:
            uow.session.execute(text(statement), given)
        uow.session.commit()


def relay(deps: Deps, publisher: FakePublisher) -> None:
    """Send everything that waits in the outbox."""
    for _ in range(ENOUGH):
        if not relaying.relay(deps, publisher):
            return
    raise AssertionError("the outbox is never empty")


def deliver(deps: Deps, publisher: FakePublisher) -> int:
    """Work on every slice that was sent; how many there were."""
    slices = list(publisher.slices())
    for phase_run_id, lo, hi in slices:
        ledger.run_slice(phase_run_id, lo, hi, worker="worker", deps=deps)
    return len(slices)


def project(deps: Deps, publisher: FakePublisher) -> None:
    """Bring every read model that was rung for up to date."""
    while publisher.batches:
        projecting.project(publisher.batches.pop(), deps)


def drain(deps: Deps, publisher: FakePublisher) -> None:
    """Relay, work and project until nothing is left to do at once."""
    for _ in range(ENOUGH):
        relay(deps, publisher)
        worked = deliver(deps, publisher)
        project(deps, publisher)
        if not worked:
            return
    raise AssertionError("there is no end to it")


def let_time_pass(deps: Deps) -> None:
    """Set everything an hour back that waits for its time: retries, leases, messages on their way."""
    change(
        deps,
        "update units set not_before = not_before - interval '1 hour',"
        " lease_until = lease_until - interval '1 hour',"
        " dispatched_at = dispatched_at - interval '1 hour' where status in ('queued', 'running')",
        "update phase_runs set planning_until = planning_until - interval '1 hour'",
        "update projection_cursors set rung_at = rung_at - interval '1 hour'",
    )


def finish(deps: Deps, publisher: FakePublisher) -> None:
    """Drain, let time pass and reconcile until every run has ended."""
    for _ in range(ENOUGH):
        drain(deps, publisher)
        if not rows(deps, "select 1 from runs where status in ('active', 'cancelling')"):
            return
        let_time_pass(deps)
        reconciler.reconcile(deps, publisher)
    raise AssertionError("a run does not end")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Do several things at the same moment, each on a thread of its own; what they answer."""
    answers: dict[int, T] = {}
    errors: list[BaseException] = []

    def answer(number: int, call: Callable[[], T]) -> None:
        try:
            answers[number] = call()
        except BaseException as exc:  # noqa: BLE001 - raised again below
            errors.append(exc)

    threads = [Thread(target=answer, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [answers[number] for number in range(len(calls))]


class Meeting:
    """A place just before a commit where transactions wait until all have come, or are held up by a lock.

    So that they overlap every time, and not once in a thousand.
    """

    def __init__(self, deps: Deps, place: str, expected: int = 2) -> None:
        self._deps, self._place, self._expected = deps, place, expected
        self._arrived: set[int] = set()

    def deps(self) -> Deps:
        """The same dependencies, whose transactions of that name meet."""

        def opened(name: str) -> UnitOfWork:
            uow = self._deps.uow(name)
            if name == self._place:
                commit, uow.commit = uow.commit, lambda: self._meet(id(uow), commit)  # type: ignore[method-assign]
            return uow

        return replace(self._deps, uow=opened)

    def wait_for_arrivals(self, number: int) -> None:
        """Come without a transaction, once so many have."""
        while len(self._arrived) < number:
            held_up(self._deps)

    def _meet(self, who: int, commit: Callable[[], None]) -> None:
        self._arrived.add(who)
        while len(self._arrived) < self._expected and not held_up(self._deps):
            pass
        commit()


def held_up(deps: Deps) -> int:
    """How many transactions wait for a lock of another one."""
    return one(
        deps,
        "select count(*) as n from pg_stat_activity"
        " where datname = current_database() and wait_event_type = 'Lock'",
    ).n


@contextmanager
def without_triggers(deps: Deps) -> Iterator[Callable[..., None]]:
    """Change rows as no trigger and no foreign key would allow it."""
    with deps.uow("corrupt") as uow:
        connection: Connection = uow.session.connection()
        connection.execute(text("set local session_replication_role = 'replica'"))

        def corrupt(*statements: str, **given: object) -> None:
            for statement in statements:
                connection.execute(text(statement), given)

        yield corrupt
        uow.session.commit()


def slices_of(publisher: FakePublisher) -> Sequence[tuple[int, int]]:
    """The slices on their way, left where they are."""
    return [(lo, hi) for canvas in publisher.canvases for lo, hi in canvas["slices"]]
