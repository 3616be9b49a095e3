"""One transaction: what happened and the messages that speak of it are committed together or not at all.

**Lock order**, the same everywhere, or two transactions would wait for each other:

    units (by position) → phase runs (topological) → run → files → essays (by position) → assessment → comparison →
    decision → grade scale → batch → projection cursor
    → notification counter (by teacher) → dead letter

The batch is that late because every event takes its number from the batch's row. `commit` takes all numbers of the
transaction as one block, so nobody has to remember.
"""

from collections.abc import Callable
from functools import wraps
from random import uniform
from time import sleep
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from app import database_errors
from app.clock import Clock
from app.crash_points import crash_point
from app.known_ids import keep_known_ids
from app.repositories.allowed_words import AllowedWords
from app.repositories.assessments import Assessments
from app.repositories.batches import Batches
from app.repositories.dead_letters import DeadLetters
from app.repositories.decisions import Comparisons, Decisions
from app.repositories.definitions import Definitions
from app.repositories.essays import Essays
from app.repositories.files import Files
from app.repositories.gradings import Gradings
from app.repositories.llm_calls import LlmCalls
from app.repositories.notifications import Notifications
from app.repositories.outbox import Outbox
from app.repositories.queues import Queues
from app.repositories.rescues import Rescues
from app.repositories.results import Results
from app.repositories.runs import Runs
from app.repositories.sessions import Sessions
from app.repositories.units import Units
from app.repositories.users import Users
from app.repositories.workers import Workers
from app.resting import try_the_rested

P = ParamSpec("P")
R = TypeVar("R")

COMMIT_UNCERTAIN = "the database did not say whether it committed"

_RETRIED_SQLSTATES = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "55P03",  # lock timeout
    "57P01",  # the server is shutting down
    "57P02",  # the server crashed
    "57P03",  # the server is starting
}


def engine(database_url: str) -> Engine:
    """Connections that are tried before use if they have rested, and never wait for ever."""
    made = create_engine(
        database_url,
        # An error is logged with its statement; what pupils and teachers wrote is in the parameters, and in what
        # Postgres quotes of them.
        hide_parameters=True,
        pool_size=5,
        max_overflow=20,
        connect_args={
            "connect_timeout": 5,
            # Whoever waits for a server that fell off the network learns of it; on a socket of this machine they are
            # ignored.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20000,
            "application_name": "huleedu",
            # Compiling takes longer than what it would make faster, and so does starting processes that help: the
            # planner has no idea how few rows it finds.
            # What is kept prepared needs no plan of its own for the first values it meets: see `app.prepared`.
            "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s"
            " -c idle_in_transaction_session_timeout=60s -c jit=off"
            " -c max_parallel_workers_per_gather=0"
            " -c plan_cache_mode=force_generic_plan",
        },
    )
    database_errors.silence(made)
    keep_known_ids(made)
    try_the_rested(made)
    return made


class UnitOfWork:
    """One transaction over every repository. Leaving the block without `commit` rolls back.

    Args:
        name: what is being done; its crash points are `<name>.before_commit` and `<name>.after_commit`.
    """

    def __init__(self, sessions: sessionmaker[Session], name: str, clock: Clock) -> None:
        self._sessions = sessions
        self.name = name
        self.clock = clock

    def __enter__(self) -> Self:
        self.session = session = self._sessions()
        self.users = Users(session)
        self.sessions = Sessions(session)
        self.batches = Batches(session)
        self.allowed_words = AllowedWords(session)
        self.essays = Essays(session)
        self.files = Files(session)
        self.queues = Queues(session)
        self.runs = Runs(session)
        self.units = Units(session)
        self.results = Results(session)
        self.assessments = Assessments(session)
        self.decisions = Decisions(session)
        self.comparisons = Comparisons(session)
        self.gradings = Gradings(session)
        self.outbox = Outbox(session, self.clock)
        self.dead_letters = DeadLetters(session, self.clock)
        self.rescues = Rescues(session)
        self.definitions = Definitions(session)
        self.workers = Workers(session)
        self.notifications = Notifications(session)
        self.llm_calls = LlmCalls(session)
        self.committed = False
        return self

    def commit(self) -> None:
        """Number and write the events, then make everything permanent."""
        self.outbox.flush()
        crash_point(f"{self.name}.before_commit")
        try:
            self.session.commit()
        except DBAPIError as exc:
            exc.add_note(COMMIT_UNCERTAIN)
            raise
        self.committed = True
        crash_point(f"{self.name}.after_commit")

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # Rolls back what was not committed; a connection that is gone has rolled back by itself.
        self.session.close()


UnitsOfWork = Callable[[str], UnitOfWork]
"""Opens a unit of work by name."""


def is_passing(exc: DBAPIError) -> bool:
    """Whether the same transaction may succeed a moment later."""
    if exc.connection_invalidated:
        return True  # the server went away; psycopg2 does not always say so by the kind of error
    sqlstate = getattr(exc.orig, "pgcode", None)
    if sqlstate is not None:
        return sqlstate in _RETRIED_SQLSTATES
    return isinstance(exc, OperationalError | InterfaceError)


def retried(
    tries: int, max_wait_s: float = 2.0, *, after_commit: bool
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run a function that is one transaction again, as a whole, when the database says "not now".

    Args:
        after_commit: whether also when only the reply to COMMIT was lost. That is safe for a transition guarded by
            the state it starts from, which changes nothing the second time; and not for one that makes new rows.
        tries: how often in all.
        max_wait_s: the longest pause between two tries; pauses double from 50 ms and are jittered.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def again(*args: P.args, **kwargs: P.kwargs) -> R:
            for tried in range(tries):
                try:
                    return function(*args, **kwargs)
                except DBAPIError as exc:
                    may_be_done = COMMIT_UNCERTAIN in getattr(exc, "__notes__", ())
                    if (
                        tried == tries - 1
                        or not is_passing(exc)
                        or (may_be_done and not after_commit)
                    ):
                        raise
                    jitter = uniform(0.5, 1.0)  # noqa: S311 - it only keeps retries apart
                    sleep(jitter * min(max_wait_s, 0.05 * 2**tried))
            raise AssertionError("unreachable")

        return again

    return decorate


in_request = retried(tries=4, max_wait_s=0.5, after_commit=False)
"""For a use case somebody waits for."""

in_request_by_id = retried(tries=4, max_wait_s=0.5, after_commit=True)
"""The same for one that is told the ids of what it makes, and so finds what it has made already."""

in_background = retried(tries=40, after_commit=True)
"""For a worker's transition: longer than Postgres takes to restart."""
