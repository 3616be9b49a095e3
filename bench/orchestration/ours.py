"""HuleEdu itself: the shipped stack and settings, over a catalogue of the shape."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg2
import structlog
from redis import Redis
from sqlalchemy import String, cast, func, insert, literal, select, text, update

from app import bootstrap, garbage
from app.cli.api_client import ApiClient
from app.local.stack import Stack
from app.services import accounts, batches, invariants, readiness
from app.services.deps import Deps
from app.services.runs import start_run
from bench.flow import EMAIL, PASSWORD, PROJECT
from bench.orchestration import shape
from bench.orchestration.contender import PATIENCE_S, TooSlow
from models import Content, Essay
from pipelines.vocabulary import EssayStatus

TEXT = "My name is Kim and I live in a small town by the sea. Every summer we swim there. Essay "
PROCESSES = ("web", "relay", "worker", "projector", "beat", "postgres", "redis")
POLL_S = 0.002
POLL_SHARE = 0.005
"""A poll may come this late, as a share of what is measured: asking more often would slow it down."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that is ready to run."""

    batch_id: UUID
    items: int
    body_ms: float


class Ours:
    """The shipped system, while it runs."""

    name = "ours"

    def __init__(self, stack: Stack, *, over_http: bool) -> None:
        self.stack = stack
        self._deps = bootstrap.current()
        self._owner = accounts.add(EMAIL, "Bench", PASSWORD, "teacher", deps=self._deps).id
        self._api = ApiClient(stack.url, EMAIL, PASSWORD)
        self._start = self._request if over_http else self._call
        self._redis = Redis.from_url(stack.env["REDIS_URL"])
        self.dsn = stack.env["DATABASE_URL"].replace("+psycopg2", "", 1)
        self._postgres = psycopg2.connect(self.dsn)
        self._postgres.autocommit = True

    def refuses(self, _items: int, _rounds_behind: int) -> str | None:
        """Nothing is too much."""
        return None

    def prepare(self, items: int, body_ms: float) -> Prepared:
        """A batch whose essays have their texts, and nothing left to do about it but the run."""
        batch_id = a_batch(items, self._owner, self._deps)
        self.rest()
        return Prepared(batch_id, items, body_ms)

    def run(self, prepared: Prepared) -> float:
        """From asking for it to the moment its row says that the run has ended."""
        began = perf_counter()
        run_id = self._start(prepared)
        with self._postgres.cursor() as cursor:
            while True:
                cursor.execute("select status from runs where id = %s", (run_id,))
                took_s = perf_counter() - began
                if cursor.fetchone()[0] not in {"active", "cancelling"}:
                    return took_s
                if took_s > PATIENCE_S:
                    raise TooSlow(f"HuleEdu: no end after {took_s:.0f} s")
                sleep(max(POLL_S, POLL_SHARE * took_s))

    def _call(self, prepared: Prepared) -> str:
        """Start by the use case, as the peers are started by a client of their own making."""
        pipeline = shape.pipeline(prepared.body_ms)
        started = start_run(prepared.batch_id, pipeline, owner_id=self._owner, deps=self._deps)
        return str(started.run_id)

    def _request(self, prepared: Prepared) -> str:
        """Start by a request."""
        pipeline = shape.pipeline(prepared.body_ms)
        return str(self._api.start(str(prepared.batch_id), pipeline)["run_id"])

    def check(self, prepared: Prepared) -> Mapping[str, float]:
        """Every item's result and event, once, in both fans; and that the read model follows."""
        began = perf_counter()
        self._wait("every event is projected", _BEHIND, batch=str(prepared.batch_id))
        shown_s = perf_counter() - began
        (status, latest) = self._ask(_OUTCOME, batch=str(prepared.batch_id))[0]
        assert (status, latest) == ("completed_successfully", "completed_successfully")
        wanted = {
            shape.name(phase, prepared.body_ms): 1 if scope == "batch" else prepared.items
            for phase, scope, _ in shape.PHASES
        }
        assert dict(self._ask(_RESULTS, batch=str(prepared.batch_id))) == wanted
        said = dict(self._ask(_EVENTS, batch=str(prepared.batch_id)))
        for phase in (shape.FIRST_FAN, shape.SECOND_FAN):
            name = shape.name(phase, prepared.body_ms)
            assert said.get(name) == prepared.items, (name, said)
        self.rest()
        return {"shown_after_s": shown_s}

    def check_invariants(self) -> None:
        """Raise AssertionError unless every invariant of the ledger holds over all that was run."""
        breaches = invariants.check(self._deps)
        assert not breaches, breaches[:5]

    def rest(self) -> None:
        """Wait until nothing is left to do, so that nobody is measured beside the rest of somebody's work."""
        self._wait("every message is sent", _UNSENT)
        self._wait("every event is projected", _BEHIND, batch=None)
        self._ask("checkpoint")
        self._wait("the database has tidied up", _VACUUM)

    def processes(self) -> Mapping[str, int]:
        """See the protocol."""
        found = {name: self.stack.supervisor.pid(name) for name in PROCESSES}
        return {name: pid for name, pid in found.items() if pid is not None}

    def broker(self) -> Redis:
        """See the protocol: the one Redis, which is doorbell, cache and chord counter as well."""
        return self._redis

    def close(self) -> None:
        """Let go of the connections."""
        self._api.close()
        self._redis.close()
        self._postgres.close()

    def _ask(self, query: str, **given: object) -> list[Any]:
        with self._postgres.cursor() as cursor:
            cursor.execute(query, given)
            return cursor.fetchall() if cursor.description else []

    def _wait(self, what: str, open_ones: str, **given: object) -> None:
        until = perf_counter() + PATIENCE_S
        while self._ask(open_ones, **given):
            if perf_counter() > until:
                raise TooSlow(f"HuleEdu: waited in vain until {what}")
            sleep(0.02)


_OUTCOME = """
    select b.status, r.status from batches b join runs r on r.batch_id = b.id where b.id = %(batch)s
"""
_RESULTS = (
    "select phase, count(*) from results where batch_id = %(batch)s and status = 'done' group by 1"
)
_EVENTS = """
    select event_data -> 'data' ->> 'phase_name', count(distinct ended ->> 0)
    from event_outbox, jsonb_array_elements(event_data -> 'ended') as e(ended)
    where aggregate_type = 'batch' and aggregate_id = %(batch)s
    group by 1
"""
_UNSENT = "select 1 from event_outbox where published_at is null limit 1"
_BEHIND = """
    select 1 from batches b join projection_cursors c on c.batch_id = b.id
    where c.event_no < b.event_no and b.id = coalesce(%(batch)s, b.id) limit 1
"""
_VACUUM = "select 1 from pg_stat_activity where backend_type = 'autovacuum worker' limit 1"


def a_batch(items: int, owner_id: UUID, deps: Deps) -> UUID:
    """A batch of so many essays that all have a text, made without a file for each."""
    registration = {
        "expected_essay_count": items,
        "essay_ids": [f"essay-{number}" for number in range(items)],
        "course_code": "ENG5",
        "class_designation": f"{items} essays",
        "essay_instructions": "Write.",
        "teacher_name": "Bench",
    }
    batch = batches.register(registration, owner_id=owner_id, correlation_id=uuid4(), deps=deps)
    body = func.convert_to(literal(TEXT) + cast(Essay.position, String), "UTF8")
    texts = select(
        Essay.id, Essay.batch_id, func.encode(func.sha256(body), "hex"), body, func.now()
    ).where(Essay.batch_id == batch.id)
    with deps.uow("bench_texts") as uow:
        columns = [Content.id, Content.batch_id, Content.sha256, Content.body, Content.created_at]
        uow.session.execute(insert(Content).from_select(columns, texts))
        uow.session.execute(
            update(Essay)
            .where(Essay.batch_id == batch.id, Content.id == Essay.id)
            .values(
                status=EssayStatus.READY_FOR_PROCESSING,
                text_storage_id=Content.id,
                text_sha256=Content.sha256,
            )
            .execution_options(synchronize_session=False)
        )
        readiness.consider(uow, batch.id)
        uow.commit()
    return batch.id


@contextmanager
def running(home: Path, bodies: list[float], *, over_http: bool = False) -> Iterator[Ours]:
    """The shipped stack over the shape's catalogue, from nothing to nothing.

    Args:
        bodies: how long an item may take, in milliseconds.
        over_http: whether runs are started by a request rather than by the use case that a request calls.
    """
    # Use cases are called in this process too; what they log is for who looks for an error.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    catalogue = home / "catalogue.yaml"
    catalogue.write_text(shape.catalogue(bodies))
    os.environ["HULEEDU_CATALOGUE"] = str(catalogue)
    # One signing-in has to last for all of it; nothing that is measured depends on how long one may.
    overrides = {"HULEEDU_ACCESS_TOKEN_S": "86400"}
    stack = Stack(home / "ours", project_root=PROJECT, flower=False, overrides=overrides)
    try:
        with stack.in_background():
            until = perf_counter() + PATIENCE_S
            while not httpx.get(f"{stack.url}/readyz", trust_env=False).is_success:
                assert perf_counter() < until, "never became ready"
                sleep(0.05)
            os.environ.update(stack.env)
            garbage.look_seldom()  # as the web process does, from which runs are started otherwise
            ours = Ours(stack, over_http=over_http)
            with bootstrap.engine().connect() as connection:
                durable = connection.execute(text("show synchronous_commit")).scalar_one()
                assert durable == "on"
            try:
                yield ours
            finally:
                ours.close()
                bootstrap.engine().dispose()
    finally:
        stack.remove_data()
