"""HuleEdu as these tests see it: hand in, start, harm, and wait for the end it must come to."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from uuid import UUID

import psutil
from pytest_celery import CeleryTestNode, CeleryTestSetup
from sqlalchemy import text

from app.services import invariants, runs
from app.services.deps import Deps
from app.unit_of_work import in_background
from pipelines.catalogue import Catalogue
from pipelines.vocabulary import RunStatus
from tasks import queues
from tests.factories import a_batch, a_teacher, an_essay

WITHIN_S = 60.0
LOG_TAIL = 3000
SLICE_RECEIVED = re.compile(r"Task phases\.run_slice\[([\w-]+)\] received")
SLICE_PUT_BACK = re.compile(r"Task phases\.run_slice\[([\w-]+)\] retry")

TABLES_OF_TESTS = """
    select tablename from pg_tables where schemaname = 'public'
    and tablename not in ('alembic_version', 'state_edges', 'courses', 'audit_log')
"""

T = TypeVar("T")


@in_background
def _answer(deps: Deps, query: str, values: dict[str, object]) -> list[Any]:
    with deps.uow("look") as uow:
        return list(uow.session.execute(text(query), values))


class System:
    """Broker, relay and worker in their own processes, the ledger seen directly.

    Attributes:
        broker, relay, worker: pytest-celery's nodes, to kill and to restart.
        servers: the same for the broker, and for Redis if that is another server.
        others: the same for what a test has started beside these.
        teacher: owns every batch.
    """

    def __init__(
        self,
        setup: CeleryTestSetup,
        servers: Sequence[CeleryTestNode],
        relay: CeleryTestNode,
        deps: Deps,
        crash_order: Path,
        crash_record: Path,
    ) -> None:
        self.broker = setup.broker
        self.servers = servers
        self.worker = setup.worker
        self.relay = relay
        self.others: list[CeleryTestNode] = []
        self.deps = deps
        self.teacher = a_teacher(deps)
        self._crash_order = crash_order
        self._crash_record = crash_record

    # -- what a teacher does

    def hand_in(self, *words: str) -> UUID:
        """A batch, ready to run, of an essay for each of these words."""
        batch_id = a_batch(self.deps, self.teacher, [an_essay(each) for each in words])
        ready = "select 1 from batches where id = :id and status = 'ready'"
        # The worker may have been faster than the test, and still be at it. What it and the relay do
        # for the batch must be over, or the harm meant for the run would meet them there.
        self.eventually(
            lambda: self.rows(ready, id=batch_id) and self.is_at_rest(), "the batch is ready"
        )
        return batch_id

    def start(self, batch_id: UUID, *, catalogue: Catalogue | None = None) -> UUID:
        """Start the pipeline over a batch; the run."""
        deps = replace(self.deps, catalogue=catalogue) if catalogue else self.deps
        return runs.start_run(batch_id, "all", owner_id=self.teacher.id, deps=deps).run_id

    # -- what can be seen

    def status(self, run_id: UUID) -> RunStatus:
        """Where a run stands."""
        return RunStatus(self._one("select status from runs where id = :id", id=run_id))

    def units(self, run_id: UUID, status: str) -> int:
        """How many units of a run have a status."""
        return int(
            self._one(
                "select count(*) from units u join phase_runs p on p.id = u.phase_run_id"
                " where p.run_id = :id and u.status = :status",
                id=run_id,
                status=status,
            )
        )

    def slices_at_work(self, run_id: UUID) -> int:
        """How many slices of a run somebody holds."""
        return int(
            self._one(
                "select count(distinct u.lease_token) from units u"
                " join phase_runs p on p.id = u.phase_run_id"
                " where p.run_id = :id and u.status = 'running'",
                id=run_id,
            )
        )

    def attempts(self, run_id: UUID) -> Counter[str]:
        """How the attempts at a run's units ended, and how often."""
        return Counter(
            row.outcome
            for row in self.rows(
                "select a.outcome from every_attempt a join phase_runs p on p.id = a.phase_run_id"
                " where p.run_id = :id",
                id=run_id,
            )
        )

    def results(self, run_id: UUID) -> Counter[tuple[str, str]]:
        """How many results of each status a run has in each phase."""
        return Counter(
            (row.phase, row.status)
            for row in self.rows("select phase, status from results where run_id = :id", id=run_id)
        )

    def canvases(self, run_id: UUID, *, published: bool) -> int:
        """How many canvases of a run have been sent, or have not."""
        return int(
            self._one(
                "select count(*) from event_outbox where event_type = 'canvas'"
                " and event_key = :key and (published_at is not null) = :published",
                key=str(run_id),
                published=published,
            )
        )

    def has_slices_in_broker(self) -> bool:
        """Whether some slice lies where no worker has taken it yet."""
        return any(self.broker.container.waiting(name) for name in (queues.SPELLCHECK, queues.NLP))

    def messages(self) -> int:
        """How many messages lie in the broker or have not been acknowledged."""
        return int(self.broker.container.messages())

    def deliveries(self) -> Counter[str]:
        """How often each slice's message came to the worker since it was started, but for those it put back itself."""
        logs = self.worker.logs()
        return Counter(SLICE_RECEIVED.findall(logs)) - Counter(SLICE_PUT_BACK.findall(logs))

    def rows(self, query: str, **values: object) -> list[Any]:
        """The answer to a question to the database, which may just have crashed."""
        return _answer(self.deps, query, values)

    def change(self, *statements: str, **values: object) -> None:
        """Change the database behind everybody's back."""
        with self.deps.uow("change") as uow:
            for statement in statements:
                uow.session.execute(text(statement), values)
            uow.commit()

    def _one(self, query: str, **values: object) -> Any:
        [(value,)] = map(tuple, self.rows(query, **values))
        return value

    def children_of(self, node: CeleryTestNode) -> list[psutil.Process]:
        """The processes a node's process has forked."""
        return psutil.Process(node.container.pid).children()

    # -- harm

    def crash_at(self, name: str) -> None:
        """Let the next process that passes a crash point die there."""
        unfinished = self._crash_order.with_suffix(".new")
        unfinished.write_text(name)
        unfinished.rename(self._crash_order)

    def has_crashed(self) -> bool:
        """Whether some process has died as it was told to."""
        return not self.will_crash()

    def let_keys_go(self) -> None:
        """A key is held for some seconds by a request whose process has died. Here they are over."""
        self.look_after()
        self.change("update idempotent_requests set claimed_at = claimed_at - interval '1 minute'")

    def will_crash(self) -> bool:
        """Whether some process has been told to die and has not yet."""
        return self._crash_order.exists()

    def live(self) -> None:
        """Let nobody die any more."""
        self._crash_order.unlink(missing_ok=True)

    def forget_crash_points(self) -> None:
        """Record crash points from now on."""
        self._crash_record.unlink(missing_ok=True)

    def crash_points(self) -> list[str]:
        """The crash points that were passed, as `role:name`, each once and in the order of their first time."""
        if not self._crash_record.exists():
            return []
        return list(dict.fromkeys(self._crash_record.read_text().splitlines()))

    # -- the end

    def ends(self, run_id: UUID, status: RunStatus, results: dict[tuple[str, str], int]) -> None:
        """See a run come to an end, with these results and every invariant intact.

        Args:
            status: the run's last.
            results: (phase, status) → how many essays; together, one for each essay and phase.
        """
        self.eventually(lambda: self.status(run_id).is_terminal, "the run has ended")
        assert self.status(run_id) is status, self.describe()
        self.rests()
        assert self.results(run_id) == results
        assert self._end_events(run_id) == 1

    def completes(self, run_id: UUID, essays: int, phases: Iterable[str]) -> None:
        """See a run end well, with one result for each essay in each phase."""
        wanted = {(phase, "done"): essays for phase in phases}
        self.ends(run_id, RunStatus.COMPLETED_SUCCESSFULLY, wanted)

    def is_at_rest(self) -> bool:
        """Whether no run goes on, no message waits to be sent, and no invariant is broken."""
        open_ = "select 1 from runs where status in ('active', 'cancelling')"
        unsent = "select 1 from event_outbox where published_at is null"
        return not (self.rows(open_) or self.rows(unsent) or invariants.check(self.deps))

    def _end_events(self, run_id: UUID) -> int:
        return int(
            self._one(
                "select count(*) from event_outbox where event_type = 'BatchPipelineEndedV1'"
                " and event_data -> 'data' ->> 'run_id' = :run_id",
                run_id=str(run_id),
            )
        )

    # -- keeping it alive

    def rests(self) -> None:
        """See everything come to rest with every invariant intact."""
        self.eventually(self.is_at_rest, "all is sent and every invariant holds")

    def eventually(self, look: Callable[[], T], what: str, within_s: float = WITHIN_S) -> T:
        """Look until there is something to see, starting again what died of itself."""
        seen = self.comes_to(look, within_s=within_s)
        assert seen, f"waited {within_s:.0f} s until {what}\n{self.describe()}"
        return seen

    def comes_to(self, look: Callable[[], T], *, within_s: float) -> T:
        """Look until there is something to see or the time is over, starting again what died of itself."""
        until = monotonic() + within_s
        while not (seen := look()) and monotonic() < until:
            self.look_after()
            sleep(0.05)
        return seen

    def revive(self) -> None:
        """Have everything running."""
        self.live()
        for node in self._nodes():
            if node.container.status != "running":
                node.restart()

    def start_afresh(self) -> None:
        """Forget all that a test left unfinished, so that the next one does not suffer from it."""
        for node in (self.worker, self.relay, *self.others):
            node.kill()
        for node in self.servers:
            node.kill()
            node.container.delete_data()
            node.restart()
        tables = ", ".join(row.tablename for row in self.rows(TABLES_OF_TESTS))
        self.change(f"truncate {tables}")

    def describe(self) -> str:
        """What there is to know when a test fails."""
        parts = [f"{breach}" for breach in invariants.check(self.deps)]
        parts += map(str, self.rows("select id, status, failure_reason from runs"))
        parts += map(
            str,
            self.rows(
                "select left(p.run_id::text, 8), p.phase, p.status, p.wave_no, p.remaining,"
                " u.position, u.status, u.claims, u.attempts, u.dispatches from phase_runs p"
                " left join units u on u.phase_run_id = p.id order by p.run_id, ordinal, u.position"
            ),
        )
        for node in (self.relay, self.worker, *self.others):
            parts += [f"--- {node.name()}, {node.container.status}", node.logs()[-LOG_TAIL:]]
        return "\n".join(parts)

    def look_after(self) -> None:
        """Start again what died of itself, as a supervisor would."""
        for node in self._nodes():
            node.container.look_after()

    def _nodes(self) -> tuple[CeleryTestNode, ...]:
        return (*self.servers, self.relay, self.worker, *self.others)
